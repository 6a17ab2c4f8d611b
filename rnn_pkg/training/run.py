"""The state of a run: all that it needs to go on bit for bit, kept in memory or in a file."""

import copy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnn_pkg.config import Config
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.engine.optimizers import Optimizer
from rnn_pkg.tasks.characters import Characters
from rnn_pkg.tasks.text import Streams
from rnn_pkg.training import checkpoint
from rnn_pkg.training.curve import Curve
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.origin import Origin


@dataclass(frozen=True)
class Snapshot:
    """Everything that a run will need to go on from where it is, but for its text.

    Attributes:
        header: plain values.
        arrays: by their names in a checkpoint.
    """

    header: dict[str, Any]
    arrays: dict[str, Array]


class Run:
    """What a run consists of. A Trainer makes it, and lets it go on.

    Attributes:
        config: the hyperparameters.
        task: what is learned.
        model: the Network that learns.
        averaged: a Network with the running mean of its weights, which tries the held-out part and
            writes; `model` itself if config.average is 0.
        optimizer: what updates the weights, with what it remembers of their gradients.
        streams: where the text is being read.
        state: the hidden states that the next step begins with.
        rng: draws the first weights, and what dropout leaves out.
        metrics: the last step's Metrics, or None before the first.
        curve: the loss curve so far.
        rates: the learning rates set so far, as (after so many steps, rate).
        origins: the runs whose network this one began with, the last first; mostly none.
    """

    config: Config
    task: Characters
    model: Network
    averaged: Network
    optimizer: Optimizer
    streams: Streams
    state: NetworkState
    rng: np.random.Generator
    metrics: Metrics | None
    curve: Curve
    rates: list[tuple[int, float]]
    origins: list[Origin]

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return self.metrics.step if self.metrics else 0

    @property
    def chars_seen(self) -> int:
        """Characters trained on so far."""
        return self.metrics.chars_seen if self.metrics else 0

    def save(self, file: checkpoint.File) -> None:
        """Write the whole run to a .npz file; `load` continues it bit for bit."""
        text = np.frombuffer(self.task.text.encode("utf-8", "surrogatepass"), np.uint8)
        checkpoint.write(file, self._header(), self.arrays() | {"text": text})

    def snapshot(self) -> Snapshot:
        """Return the state of the run; `restore` brings it back bit for bit."""
        arrays = {name: array.copy() for name, array in self.arrays().items()}
        return Snapshot(self._header(), arrays)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state of this run."""
        header = snapshot.header
        self.config = self.config.replace(learning_rate=header["config"]["learning_rate"])
        for name, array in self.arrays().items():
            array[...] = snapshot.arrays[name]
        self.streams.position = header["position"]
        self.optimizer.steps = header["optimizer_steps"]
        self.rng.bit_generator.state = header["random_generator"]
        self.metrics = Metrics(**header["metrics"]) if header["metrics"] else None
        self.curve = Curve(**copy.deepcopy(header["curve"]))  # the snapshot's must not grow
        self.rates = list(header["rates"])
        self.origins = [Origin(**values) for values in header["origins"]]

    def _header(self) -> dict[str, Any]:
        """Return every plain value of the run's state, as a checkpoint has it."""
        return {
            "config": self.config.as_dict(),
            "dtype": self.model.dtype.name,
            "metrics": self.metrics and asdict(self.metrics),
            "position": self.streams.position,
            "optimizer_steps": self.optimizer.steps,
            "random_generator": self.rng.bit_generator.state,
            "curve": asdict(self.curve),
            "rates": self.rates,
            "origins": [asdict(origin) for origin in self.origins],
        }

    def arrays(self) -> dict[str, Array]:
        """Return every array of the state, itself and not a copy, by its name in a checkpoint."""
        arrays = {f"parameters/{name}": value for name, value in self.model.parameters.items()}
        if self.config.average:
            arrays |= {f"average/{name}": a for name, a in self.averaged.parameters.items()}
        for kind, memory in self.optimizer.memory.items():
            arrays |= {f"optimizer/{kind}/{name}": value for name, value in memory.items()}
        for layer, state in enumerate(self.state):
            arrays |= {f"state/{layer}/{k}": value for k, value in enumerate(state)}
        return arrays
