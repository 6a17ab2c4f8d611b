"""What the page's panels show of a run: plain values in, plain values out.

Each panel's mathematics has a module of its own; here it meets the run at hand. Work that takes
long is a job: a generator that says now and then how far it is, so that the page can go on with it
in slices and show its progress.
"""

import inspect
import time
from collections.abc import Generator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import checked_number
from rnn_pkg.config import EVALUATION_CHARACTERS
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import Network, Unit
from rnn_pkg.look import flow, gradcheck, reading, units
from rnn_pkg.look.gradcheck import Checkable
from rnn_pkg.look.ngrams import HIGHEST_ORDER, ngram_losses
from rnn_pkg.look.verbatim import longest_stretch
from rnn_pkg.page import answers
from rnn_pkg.page.describing import FAR, TUTORIAL_MEANINGS, describe_check, describe_flow
from rnn_pkg.page.passages import passage_of
from rnn_pkg.rnn import RNN
from rnn_pkg.tasks.streams import Streams
from rnn_pkg.training import export
from rnn_pkg.training.trainer import Trainer

Known = TypeVar("Known")
Job = Generator[tuple[float, Known], None, None]
"""Yields how much of it is done, 0 to 1, and what is known by then."""

CHECKED_CHARACTERS, CHECKED_READERS = 8, 2
"""Gradients are checked on a piece of text of this size."""

TUTORIAL_UNITS = 16
"""Hidden units of the tutorial's RNN that is checked."""

RECURRENCE = (0.25, 4.0)
"""Least and most that W_hh is multiplied by when the gradient is followed."""

CONTINUATION = 120
"""Length of the texts that show what silenced units change, in characters."""


class Watched(NamedTuple):
    """What the units of a layer did while a network read n characters or values.

    Attributes:
        name: of what is shown, see `Cell.shows`.
        activations: float32, (H, n).
        outputs: (n, O), what the network said after each.
    """

    name: str
    activations: Array
    outputs: Array


class Instruments:
    """Looks at one run, and never disturbs it."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._jobs: dict[str, Job[Any]] = {}
        self._told: dict[str, Any] = {}  # what was known of a job when it was last asked
        self._silenced: list[Unit] = []
        self._features: dict[str, NDArray[np.float64]] | None = None
        self._best = True

    def write_with(self, best: bool) -> None:
        """Have the best network so far read and write for the person, or else the latest."""
        self._best = best

    @property
    def _chosen(self) -> Network:
        """The network that was chosen to read and write, with all its units."""
        return self._trainer.best if self._best else self._trainer.averaged

    @property
    def choice(self) -> tuple[bool, tuple[Unit, ...]]:
        """Which network was chosen, the best or else the latest, and without which units."""
        return self._best, tuple(self._silenced)

    @property
    def step(self) -> int:
        """After which step of the run the chosen network is as it is."""
        best = self._trainer.metrics and self._trainer.metrics.best_step
        return best if self._best and best else self._trainer.settled

    @property
    def network(self) -> Network:
        """The network that reads and writes for the person: the one that was chosen, or a copy of
        it as it is now, in which some units are silenced."""
        return self._heard(self._chosen)

    @property
    def latest(self) -> Network:
        """The latest network, without the units that are silenced."""
        return self._heard(self._trainer.averaged)

    def _heard(self, network: Network) -> Network:
        """Return a network itself, or a copy of it in which some units are silenced."""
        return network.silenced(self._silenced) if self._silenced else network

    def _still(self) -> Network:
        """Return a copy of `network`: a job that takes several slices looks at one moment."""
        return self._chosen.silenced(self._silenced)

    def start(self, job: str, *arguments: Any) -> None:
        """Begin a job, in place of an earlier one of this name; `advance` goes on with it."""
        jobs = jobs_of(type(self))
        if job not in jobs:
            raise TypeError(f"no job {job!r}; there are {', '.join(jobs)}")
        self._jobs[job] = getattr(self, job)(*arguments)
        self._told.pop(job, None)

    def advance(self, job: str, budget_ms: float) -> answers.Worked:
        """Go on with a job until the budget is spent."""
        work = self._jobs.get(job)
        if work is None:
            return {"fraction": 1.0, "done": True, "value": None}
        end = time.perf_counter() + budget_ms / 1000
        while True:
            try:
                fraction, value = next(work)
            except BaseException:
                del self._jobs[job]  # it will never go on
                raise
            done = fraction == 1
            if done:
                del self._jobs[job]
            if done or time.perf_counter() >= end:
                is_news = done or value is not self._told.get(job)
                self._told[job] = value
                return {"fraction": fraction, "done": done, "value": value if is_news else None}

    def script(self, model: str) -> str:
        """Return a program that repeats the run, for somebody who has this model file beside it."""
        return export.script(self._trainer, model)

    def ngrams(self) -> Job[list[answers.Baseline]]:
        """Job: the losses of n-gram models from 2-grams up, lines to compare a network with, on
        the same characters as its validation loss; none without a held-out part."""
        trainer, lines = self._trainer, list[answers.Baseline]()
        if not len(trainer.held_out_ids):
            yield 1.0, lines
        size = len(trainer.vocabulary)
        tried = trainer.places(len(trainer.training_ids), EVALUATION_CHARACTERS).reshape(-1)
        losses = ngram_losses(
            trainer.training_ids,
            trainer.held_out_ids,
            size,
            counted=tried - len(trainer.training_ids),
        )
        for order, loss in enumerate(losses, 1):
            if order > 1:
                lines.append({"name": f"{order}-gram", "label": f"{order}-gram", "loss": loss})
            yield order / HIGHEST_ORDER, list(lines)

    def memory(self, sample: str) -> Job[answers.Stretch]:
        """Job: the longest stretch of a sample that stands verbatim in what was trained on."""
        text = self._trainer.ordered[: len(self._trainer.training_ids)]
        for done, stretch in longest_stretch(sample, text):
            start, length, text_position = stretch
            yield done, {"start": start, "length": length, "text_position": text_position}

    def flow(self, recurrence: float) -> Job[answers.Flow]:
        """Job: how the gradient fares on its way back in time, in the network that learns and, for
        comparison, in untrained ones of every cell with the run's settings and seed.

        Args:
            recurrence: every W_hh is multiplied by it.
        """
        trainer = self._trainer
        recurrence = checked_number("recurrence", recurrence, *RECURRENCE, float)
        steps = reading.WARM_UP + flow.reach(trainer.config)
        inputs, targets = Streams(trainer.task.whole, flow.WINDOWS, steps).next()
        value: answers.Flow = {
            "step": trainer.settled,
            "distance": flow.reach(trainer.config),
            "far": FAR,
            "clip": trainer.config.clip,
            "lines": [],
        }
        own = trainer.model.recurrence_times(recurrence)
        batch, state = trainer.next_batch()
        yield 0.0, value  # what is the run's own is taken by now, whatever it learns meanwhile
        names = ("own", *CELLS)
        for place, name in enumerate(names):
            network = own if name == "own" else self._untrained(name).recurrence_times(recurrence)
            for done, norms in flow.gradient_flow(network, inputs, targets):
                if norms is not None:
                    length = flow.gradient_length(network, *batch, state if name == "own" else None)
                    found, label = flow.Flow(norms, length), network.cell.label
                    line = describe_flow(name, label, found, trainer.config.clip)
                    value = {**value, "lines": [*value["lines"], line]}
                yield (place + done) / len(names), value

    def check(self) -> Job[answers.CheckReport]:
        """Job: check the gradients of the network that learns, on the next few characters."""
        trainer = self._trainer
        network = trainer.model.copy(np.float64)
        batch, state = trainer.next_batch()
        inputs, targets = (ids[:CHECKED_CHARACTERS, :CHECKED_READERS] for ids in batch)
        state = [
            tuple(array[:CHECKED_READERS].astype(np.float64) for array in layer) for layer in state
        ]
        characters, readers = targets.shape
        place: answers.CheckPlace = {
            "step": trainer.settled,
            "characters": characters,
            "readers": readers,
        }
        meanings = network.meanings()
        yield 0.0, describe_check(place, meanings, [])
        checkable = gradcheck.network_gradients(network, inputs, targets, state)
        yield from self._check(checkable, meanings, place)

    def check_tutorial(self, loss: str) -> Job[answers.CheckReport]:
        """Job: check the gradients of the tutorial's RNN, untrained, on the text's beginning.

        Args:
            loss: "squared_error" or "cross_entropy".
        """
        trainer = self._trainer
        size, rng = len(trainer.vocabulary), self._generator()
        rnn = RNN(size, TUTORIAL_UNITS, size, loss, rng)
        ids = trainer.ids[: CHECKED_CHARACTERS + 1, None, None]
        columns = (ids == np.arange(size)[:, None]).astype(np.float64)  # (T + 1, V, 1)
        h_prev, dh_next = rng.normal(size=(2, TUTORIAL_UNITS, 1))
        inputs, targets = list(columns[:-1]), list(columns[1:])
        checkable = gradcheck.rnn_gradients(rnn, inputs, targets, h_prev, dh_next)
        place: answers.CheckPlace = {"step": 0, "characters": len(inputs), "readers": 1}
        yield from self._check(checkable, TUTORIAL_MEANINGS, place)

    def _check(
        self, checkable: Checkable, meanings: Mapping[str, str], place: answers.CheckPlace
    ) -> Job[answers.CheckReport]:
        for done, checked in gradcheck.compare_sample(*checkable, self._generator()):
            yield done, describe_check(place, meanings, checked)

    def _generator(self) -> np.random.Generator:
        """Return random numbers that are not the run's, but the same each time."""
        return np.random.default_rng(self._trainer.config.seed)

    def _untrained(self, cell: str) -> Network:
        """Return a network freshly drawn with the run's settings and seed, but for its cell."""
        trainer = self._trainer
        config = trainer.config.replace(cell=cell, cell_source="")
        return Network(config, trainer.task.ends, self._generator(), trainer.model.dtype)

    def read(
        self, layer: int, name: str, passage: str = "", before: str = ""
    ) -> Job[answers.Reading | None]:
        """Job: what the units of a layer do while the network reads a passage.

        Args:
            layer: counted from 0.
            name: of what to show, see `Cell.shows`; "" for the hidden state.
            passage: only its first PASSAGE characters are read; an empty one stands for the
                beginning of the held-out part, or of the training part if nothing is held out.
            before: the text before the passage, if any.

        The value is None until it is done.
        """
        self._check_layer(layer)
        trainer, network = self._trainer, self._still()
        ids, context, skipped = passage_of(trainer, passage, before, self._generator())
        sequence = np.concatenate([context, ids])  # (c + n,)
        watched = yield from self._watch(network, sequence[:, None], layer, name)
        found = watched.activations[:, len(context) :]
        low, high = reading.limits(found, network.cell.shows[watched.name])
        expected = watched.outputs[len(context) - 1 : -1]  # (n, V)
        value: answers.Reading = {
            "characters": list(trainer.vocabulary.decode(ids)),
            "skipped": skipped,
            "activations": found.tobytes(),
            "low": low,
            "high": high,
            "probabilities": np.exp(reading.log_probabilities(expected, ids)).tolist(),
            "name": watched.name,
            "names": list(network.cell.shows),
        }
        yield 1.0, value

    def _watch(
        self, network: Network, inputs: Array, layer: int, name: str
    ) -> Generator[tuple[float, None], None, Watched]:
        """Have a network read what is (n, 1) or (n, 1, I); yield how far it is, and return what
        the units of a layer did.

        Args: as for `read`.
        """
        names = list(network.cell.shows)
        shown = name or names[0]
        if shown not in names:
            raise ValueError(f"this cell has no {shown!r}; it has {', '.join(names)}")
        activations, outputs = [], []
        for piece in reading.read(network, inputs):
            activations.append(piece.layers[layer][shown][:, 0])
            outputs.append(piece.logits[:, 0])
            yield 0.99 * piece.start / len(inputs), None
        found = np.concatenate(activations).T.astype(np.float32)
        if shown == "hidden state":
            found[[unit for of, unit in self._silenced if of == layer]] = 0
        return Watched(shown, found, np.concatenate(outputs))

    def _check_layer(self, layer: int) -> None:
        layers = self._trainer.config.layers
        if not 0 <= layer < layers:
            raise ValueError(f"layer must be from 0 to {layers - 1}, not {layer}")

    def selectivity(self, layer: int) -> Job[list[answers.Pairing] | None]:
        """Job: every unit of a layer with the feature of the text that it follows best, the most
        selective first; None until it is done.

        It is the unit as it has learned to be, whatever is silenced.
        """
        self._check_layer(layer)
        trainer, network = self._trainer, self._chosen.copy()
        starts, length, warm_up = units.spread(len(trainer.ids))
        places = np.arange(-warm_up, length)[:, None] + starts  # (warm_up + length, places)
        hidden = []
        for piece in reading.read(network, trainer.ids[places]):
            hidden.append(piece.layers[layer]["hidden state"])
            yield 0.99 * piece.start / len(places), None
        watched = np.concatenate(hidden)[warm_up:]  # (length, places, H)
        activations = watched.transpose(1, 0, 2).reshape(-1, network.hidden_size)
        if self._features is None:
            self._features = units.features_at(trainer.ordered, starts, length)
        pairings = units.by_selectivity(activations, self._features)
        yield (
            1.0,
            [
                {"unit": unit, "feature": feature, "correlation": correlation}
                for unit, feature, correlation in pairings
            ],
        )

    def silence(self, silenced: list[list[int]]) -> None:
        """Silence these [layer, unit], and no others, for all that reads and writes for the person.

        Training goes on with every unit.

        Raises:
            ValueError: there is no such unit.
        """
        chosen = sorted({(int(layer), int(unit)) for layer, unit in silenced})
        self._chosen.silenced(chosen)
        self._silenced = chosen

    def compare_silenced(self, prompt: str, temperature: float) -> Job[answers.Effect | None]:
        """Job: what the silenced units change.

        Args:
            prompt, temperature: of the texts.

        The value is None until it is done.
        """
        trainer = self._trainer
        start = len(trainer.training_ids)
        held_out = start < len(trainer.ids)
        if not held_out:
            start = min(reading.WARM_UP, start // 2)
        losses, texts = [0.0, 0.0], ["", ""]
        whole = self._chosen.copy()
        for turn, network in enumerate((whole, whole.silenced(self._silenced))):
            for read, loss in trainer.measure(start, EVALUATION_CHARACTERS, network):
                losses[turn] = loss
                yield (turn + read / 2) / 2, None
            writer = trainer.writer(prompt, np.random.default_rng(0), network)
            for _ in range(CONTINUATION):
                yield (turn + (1 + len(texts[turn]) / CONTINUATION) / 2) / 2, None
                texts[turn] += writer.next(temperature)
        yield (
            1.0,
            {
                "losses": (losses[0], losses[1]),
                "held_out": held_out,
                "texts": (texts[0], texts[1]),
            },
        )


def offered(owner: type) -> list[str]:
    """Return the names of the functions that a class offers, those it inherits first."""
    every = {name: value for each in reversed(owner.__mro__) for name, value in vars(each).items()}
    functions = [name for name, value in every.items() if inspect.isfunction(value)]
    return [name for name in functions if not name.startswith("_")]


def jobs_of(owner: type[Instruments]) -> tuple[str, ...]:
    """Return what `start` can begin."""
    return tuple(n for n in offered(owner) if inspect.isgeneratorfunction(getattr(owner, n)))


def methods_of(owner: type[Instruments]) -> tuple[str, ...]:
    """Return what the page may call."""
    jobs = jobs_of(owner)
    return tuple(name for name in offered(owner) if name not in jobs)


JOBS, METHODS = jobs_of(Instruments), methods_of(Instruments)
"""Of any run; those that are of no use for a series raise ValueError."""
