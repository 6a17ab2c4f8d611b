"""The state of a run: all that it needs to go on bit for bit, kept in memory or in a file."""

import copy
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.config import Config
from rnn_pkg.engine.cells import source_hash
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import Network, NetworkState, Parameters
from rnn_pkg.engine.optimizers import Optimizer
from rnn_pkg.tasks.streams import Streams
from rnn_pkg.tasks.task import Task
from rnn_pkg.training import checkpoint, data
from rnn_pkg.training.curve import Curve
from rnn_pkg.training.learner import STATE, Handover, Order, arrays_of
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.origin import Origin, Stay


@dataclass(frozen=True)
class Snapshot:
    """Everything that a run will need to go on from where it is, but for its text.

    Attributes:
        header: plain values.
        arrays: by their names in a checkpoint.
    """

    header: dict[str, Any]
    arrays: dict[str, Array]


class Best(NamedTuple):
    """A network that knew the held-out part better than any before it, after so many steps."""

    step: int
    network: Network


class Run:
    """What a run consists of. A Trainer makes it, and lets it go on.

    Where several networks learn at once, they part at the beginning of each round, and their mean
    at its end is what the run has: model, averaged, optimizer, streams, state and rngs are those
    of the step `settled`. What they do within a round can be done again from there, with the same
    numbers, and is kept by none but themselves.

    Attributes:
        config: the hyperparameters.
        task: what is learned.
        model: the Network that learns.
        averaged: a Network with the running mean of its weights, which is tried on the held-out
            part; `model` itself if config.average is 0.
        best: what `averaged` was when it knew the held-out part best, which writes; `averaged`
            itself as long as that hasn't been tried, or if there is none.
        optimizer: what updates the weights, with what it remembers of their gradients.
        streams: where the text is being read, by the readers of the first learner first.
        state: the hidden states that the next step begins with, of all these readers.
        rngs: for each learner, what draws what dropout leaves out; the first has drawn the weights.
        metrics: the last step's Metrics, or None before the first.
        curve: the loss curve so far.
        rates: the learning rates set so far, as (after so many steps, rate).
        batch_sizes: likewise, each learner's.
        origins: the runs whose network this one began with, the last first; mostly none.
        stays: what was learned elsewhere, in its order; mostly none.
    """

    config: Config
    task: Task
    model: Network
    averaged: Network
    optimizer: Optimizer
    streams: Streams
    state: NetworkState
    rngs: list[np.random.Generator]
    metrics: Metrics | None
    curve: Curve
    rates: list[tuple[int, float]]
    batch_sizes: list[tuple[int, int]]
    origins: list[Origin]
    stays: list[Stay]
    _best: Best | None = None

    @property
    def best(self) -> Network:
        """The Network that knew the held-out part best so far."""
        return self._best.network if self._best else self.averaged

    def keep_best(self, step: int, parameters: Parameters) -> None:
        """Keep a copy of these weights, which `averaged` had after a step, as the best so far."""
        network = self._best.network if self._best else self.averaged.copy()
        for name, parameter in network.parameters.items():
            parameter[...] = parameters[name]
        self._best = Best(step, network)

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return self.metrics.step if self.metrics else 0

    @property
    def chars_seen(self) -> int:
        """Characters trained on so far."""
        return self.metrics.chars_seen if self.metrics else 0

    @property
    def settled(self) -> int:
        """Steps trained when the run's network was last the only one: with one, all of them."""
        return self.config.round_start(self.steps)

    @property
    def in_vain(self) -> int:
        """How many times in a row the held-out part was tried without a new best."""
        if self.metrics is None or self.metrics.best_step is None:
            return 0
        return self.tried_since(self.metrics.best_step)

    def tried_since(self, step: int) -> int:
        """Return how many times the held-out part was tried after so many steps."""
        every = self.config.measured_every
        return self.steps // every - step // every

    def check_whole(self) -> None:
        """Raise ValueError if a step was broken off halfway, say because there was no memory for
        it, so that the run can neither be saved nor go on."""
        if self.optimizer.steps != self.settled:
            raise ValueError(
                f"step {self.steps + 1} was broken off halfway, so the run can't go on, nor be "
                "saved. Load what was saved last"
            )

    def save(self, file: checkpoint.File) -> None:
        """Write the whole run to a .npz file; `load` continues it bit for bit.

        Raises:
            ValueError: see `check_whole`.
        """
        self.check_whole()
        series, learned = data.stored(self.task)
        best = self._best.network.parameters if self._best else {}
        arrays = self.arrays() | {f"best/{name}": value for name, value in best.items()}
        checkpoint.write(file, self._header() | {"series": series}, arrays | learned)

    def order(
        self, number: int, steps: int, stands_at: int | None = None, since: int | None = None
    ) -> Order:
        """Return what is asked of a learner, so that it takes the run's next steps.

        With a new round, it begins with the run's network. If it isn't where the run is, as when
        the run has been loaded or has gone back, it does the round again up to there.

        Args:
            number: which learner, counted from 0.
            steps: how many, at most up to the end of the round.
            stands_at: the step where the learner is; None if it is new.
            since: the step after which they come; None is where the run is.
        """
        since = self.steps if since is None else since
        settled = self.config.round_start(since)
        end = min(since + steps, settled + self.config.round_length)
        alone, within_round = self.config.workers == 1, since > settled
        goes_on = stands_at == since and (alone or within_round)
        first = since if goes_on else settled
        rates = self.rates_of(first, end)
        return Order(first, rates, None if goes_on else self._start_of(number))

    def settle(self, step: int, learned: Sequence[Handover]) -> None:
        """Make one network of those that have learned apart: their mean, and that of whatever else
        they go on from.

        So each learns from all that was read, though they seldom meet (local SGD: Stich, "Local SGD
        converges fast and communicates little", 2019; Lin et al., "Don't use large mini-batches,
        use local SGD", 2020). Their hidden states stay apart, as each is of its own text.
        """
        self.optimizer.steps = step  # first, so that `check_whole` knows if this is broken off
        for name, array in self.arrays().items():
            parts = [handover.arrays[name] for handover in learned]
            if name.startswith(STATE):
                np.concatenate(parts, out=array)
                continue
            array[...] = parts[0]
            for part in parts[1:]:
                array += part
            array /= len(parts)
        for rng, handover in zip(self.rngs, learned, strict=True):
            rng.bit_generator.state = handover.generator
        self.streams.go_to(step)

    def _start_of(self, number: int) -> Handover:
        """Return what a learner begins the present round with."""
        arrays, readers = self.arrays(), self.config.batch_size
        for name in arrays:
            if name.startswith(STATE):
                arrays[name] = arrays[name][number * readers : (number + 1) * readers]
        return Handover(arrays, dict(self.rngs[number].bit_generator.state))

    def rates_of(self, first: int, end: int) -> list[float]:
        """Return the learning rates of the steps from one to before the other: see `rate_at`."""
        return [self.rate_at(step) for step in range(first, end)]

    def rate_at(self, step: int) -> float:
        """Return the learning rate of the given step, the first being 0, as it was or will be."""
        rate = next(rate for since, rate in reversed(self.rates) if since <= step)
        return self.config.rate_at(step, rate)

    def snapshot(self) -> Snapshot:
        """Return the state of the run; `restore` brings it back bit for bit, but for `best`."""
        arrays = {name: array.copy() for name, array in self.arrays().items()}
        return Snapshot(self._header(), arrays)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state of this run.

        If the best is of steps that are thereby given up, it is too; what was best before then is
        not known any more, and the next that is measured will be.
        """
        header = snapshot.header
        self.config = self.config.replace(learning_rate=header["config"]["learning_rate"])
        for name, array in self.arrays().items():
            array[...] = snapshot.arrays[name]
        self.streams.position = header["position"]
        self.optimizer.steps = header["optimizer_steps"]
        for rng, state in zip(self.rngs, header["random_generators"], strict=True):
            rng.bit_generator.state = state
        self.metrics = Metrics(**header["metrics"]) if header["metrics"] else None
        if self._best and not (self.metrics and self.metrics.best_step == self._best.step):
            self._best = None
        if self.metrics and not self._best:
            self.metrics = replace(self.metrics, best_step=None, best_loss=None)
        self.curve = Curve(**copy.deepcopy(header["curve"]))  # the snapshot's must not grow
        self.rates = list(header["rates"])
        self.batch_sizes = list(header["batch_sizes"])
        self.origins = [Origin(**values) for values in header["origins"]]
        self.stays = [Stay(**values) for values in header["stays"]]

    def _header(self) -> dict[str, Any]:
        """Return every plain value of the run's state, as a checkpoint has it."""
        source = self.config.cell_source
        return {
            **({"cell_hash": source_hash(source)} if source else {}),
            "config": self.config.as_dict(),
            "dtype": self.model.dtype.name,
            "metrics": self.metrics and asdict(self.metrics),
            "position": self.streams.position,
            "optimizer_steps": self.optimizer.steps,
            "random_generators": [rng.bit_generator.state for rng in self.rngs],
            "curve": asdict(self.curve),
            "rates": self.rates,
            "batch_sizes": self.batch_sizes,
            "origins": [asdict(origin) for origin in self.origins],
            "stays": [asdict(stay) for stay in self.stays],
        }

    def arrays(self) -> dict[str, Array]:
        """Return every array that the run goes on from, itself and not a copy, by its name in a
        checkpoint."""
        return arrays_of(self.config, self.model, self.averaged, self.optimizer, self.state)
