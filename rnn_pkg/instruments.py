"""What the page's panels show of a run: plain values in, plain values out.

Each panel's mathematics has a module of its own; here it meets the run at hand. Work that takes
long is a job: a generator that says now and then how far it is, so that the page can go on with it
in slices and show its progress.
"""

import math
import time
from collections.abc import Generator
from typing import Any

import numpy as np

from rnn_pkg import export, flow, gradcheck
from rnn_pkg.cells import CELLS
from rnn_pkg.config import checked_number
from rnn_pkg.gradcheck import Checkable
from rnn_pkg.linalg import Array
from rnn_pkg.network import Network
from rnn_pkg.ngrams import HIGHEST_ORDER, ngram_losses
from rnn_pkg.rnn import RNN
from rnn_pkg.text import Streams
from rnn_pkg.training import Trainer

Answer = dict[str, Any]
Job = Generator[tuple[float, Any], None, None]
"""Yields how much of it is done, 0 to 1, and what is known by then."""

METHODS = ("start", "advance", "script")
"""What the page may call."""

JOBS = ("ngrams", "flow", "check", "check_tutorial")
"""What `start` can begin."""

FAR = 20
"""So many characters back the page tells what is left of a gradient."""

CHECKED_CHARACTERS, CHECKED_READERS = 8, 2
"""Gradients are checked on a piece of text of this size."""

TUTORIAL_UNITS = 16
"""Hidden units of the tutorial's RNN that is checked."""

MEANINGS = {
    "weight_ih": "input to hidden",
    "weight_hh": "hidden to hidden",
    "bias_ih": "bias of input to hidden",
    "bias_hh": "bias of hidden to hidden",
    "decoder.weight": "hidden to output",
    "decoder.bias": "bias of the output",
    "Wxh": "input to hidden",
    "Whh": "hidden to hidden",
    "Why": "hidden to output",
    "bh": "bias of the hidden state",
    "by": "bias of the output",
}


class Instruments:
    """Looks at one run, and never disturbs it."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._jobs: dict[str, Job] = {}

    def start(self, job: str, *arguments: Any) -> None:
        """Begin a job, in place of an earlier one of this name; `advance` goes on with it."""
        if job not in JOBS:
            raise TypeError(f"no job {job!r}; there are {', '.join(JOBS)}")
        self._jobs[job] = getattr(self, job)(*arguments)

    def advance(self, job: str, budget_ms: float) -> Answer:
        """Go on with a job until the budget is spent.

        Returns:
            fraction: how much of it is done, 0 to 1; done: whether all is; value: what is known.
        """
        work = self._jobs.get(job)
        if work is None:
            return {"fraction": 1.0, "done": True, "value": None}
        end = time.perf_counter() + budget_ms / 1000
        while True:
            fraction, value = next(work)
            if fraction == 1:
                del self._jobs[job]
            if fraction == 1 or time.perf_counter() >= end:
                return {"fraction": fraction, "done": fraction == 1, "value": value}

    def script(self, model: str) -> str:
        """Return a program that repeats the run, for somebody who has this model file beside it."""
        return export.script(self._trainer, model)

    def ngrams(self) -> Job:
        """Job: the losses of n-gram models from 2-grams up, lines to compare a network with; none
        without a held-out part."""
        trainer, lines = self._trainer, list[Answer]()
        if not len(trainer.held_out_ids):
            yield 1.0, lines
        size = len(trainer.vocabulary)
        losses = ngram_losses(trainer.training_ids, trainer.held_out_ids, size)
        for order, loss in enumerate(losses, 1):
            if order > 1:
                lines.append({"name": f"{order}-gram", "label": f"{order}-gram", "loss": loss})
            yield order / HIGHEST_ORDER, list(lines)

    def flow(self, recurrence: float) -> Job:
        """Job: how the gradient fares on its way back in time, in the network that learns and, for
        comparison, in untrained ones of every cell with the run's settings and seed.

        Args:
            recurrence: every W_hh is multiplied by it, 0.25 to 4.
        """
        trainer = self._trainer
        recurrence = checked_number("recurrence", recurrence, 0.25, 4, float)
        steps = flow.WARM_UP + flow.reach(trainer.config)
        inputs, targets = Streams(trainer.ids, flow.WINDOWS, steps).next()
        value: Answer = {
            "step": self._step(),
            "distance": flow.reach(trainer.config),
            "far": FAR,
            "clip": trainer.config.clip,
            "lines": [],
        }
        own = flow.with_recurrence_times(trainer.model, recurrence)
        yield 0.0, value  # the run's own weights are copied by now, whatever it learns meanwhile
        names = ("own", *CELLS)
        for place, name in enumerate(names):
            if name == "own":
                network = own
            else:
                network = flow.with_recurrence_times(self._untrained(name), recurrence)
            for done, found in flow.gradient_flow(network, inputs, targets):
                if found:
                    line = describe_flow(name, found, trainer.config.clip)
                    value = {**value, "lines": [*value["lines"], line]}
                yield (place + done) / len(names), value

    def check(self) -> Job:
        """Job: check the gradients of the network that learns, on the next few characters."""
        trainer = self._trainer
        network = trainer.model.copy(np.float64)
        inputs, targets = trainer.streams.peek()
        inputs, targets = (ids[:CHECKED_CHARACTERS, :CHECKED_READERS] for ids in (inputs, targets))
        state = [
            tuple(array[:CHECKED_READERS].astype(np.float64) for array in layer)
            for layer in trainer.state
        ]
        about = {"step": self._step(), "characters": len(inputs), "readers": inputs.shape[1]}
        yield 0.0, about | describe_check([])
        yield from self._check(gradcheck.network_gradients(network, inputs, targets, state), about)

    def check_tutorial(self, loss: str) -> Job:
        """Job: check the gradients of the tutorial's RNN, untrained, on the text's beginning.

        Args:
            loss: "squared_error" or "cross_entropy".
        """
        trainer = self._trainer
        size, rng = len(trainer.vocabulary), self._generator()
        rnn = RNN(size, TUTORIAL_UNITS, size, loss, rng)
        columns = np.eye(size)[trainer.ids[: CHECKED_CHARACTERS + 1], :, None]  # (T + 1, V, 1)
        h_prev, dh_next = rng.normal(size=(2, TUTORIAL_UNITS, 1))
        about = {"step": 0, "characters": len(columns) - 1, "readers": 1}
        yield from self._check(
            gradcheck.rnn_gradients(rnn, list(columns[:-1]), list(columns[1:]), h_prev, dh_next),
            about,
        )

    def _check(self, checkable: Checkable, about: Answer) -> Job:
        for done, checked in gradcheck.compare_sample(*checkable, self._generator()):
            yield done, about | describe_check(checked)

    def _step(self) -> int:
        metrics = self._trainer.metrics
        return metrics.step if metrics else 0

    def _generator(self) -> np.random.Generator:
        """Return random numbers that are not the run's, but the same each time."""
        return np.random.default_rng(self._trainer.config.seed)

    def _untrained(self, cell: str) -> Network:
        """Return a network freshly drawn with the run's settings and seed, but for its cell."""
        config, dtype = self._trainer.config.replace(cell=cell), self._trainer.model.dtype
        return Network(config, len(self._trainer.vocabulary), self._generator(), dtype)


def describe_flow(name: str, found: flow.Flow, clip: float) -> Answer:
    """Return a network's Flow for the chart; what a logarithm can't show is None.

    Returns:
        name; norms: |dL/dh| by distance; clipped: the same after clipping; left: what is left FAR
        characters back, as a part of what it begins with; end: the same as far back as the line
        goes; fate: what becomes of it; length: of the whole gradient; factor: what clipping
        multiplies it by; clipped_length: its length then.
    """
    factor = found.clip_factor(clip)
    return {
        "name": name,
        "norms": drawable(found.norms),
        "clipped": drawable(found.norms * factor),
        "left": finite(found.left(FAR)),
        "end": finite(found.left(-1)),
        "fate": found.fate(),
        "length": finite(found.length),
        "factor": finite(factor),
        "clipped_length": finite(found.length * factor),
    }


def drawable(values: Array) -> list[float | None]:
    """Return the values, None for those that have no logarithm."""
    return [float(value) if 0 < value < math.inf else None for value in values]


def finite(value: float) -> float | None:
    """Return the value, or None if it is not finite."""
    return value if math.isfinite(value) else None


def describe_check(checked: list[gradcheck.Checked]) -> Answer:
    """Return what came of a check so far.

    Returns:
        parameters: a row for each; tried: weights that were moved, in all; wrong: how many
        parameters have a wrong gradient; digits: to how many all of them agree.
    """
    rows = [describe_checked(each) for each in checked]
    return {
        "parameters": rows,
        "tried": sum(row["tried"] for row in rows),
        "wrong": sum(not row["right"] for row in rows),
        "digits": min((row["digits"] for row in rows), default=0),
    }


def describe_checked(checked: gradcheck.Checked) -> Answer:
    """Return what came of checking a parameter, in plain words.

    Returns:
        name; meaning: in words; tried: weights that were moved; weights: of how many; error: the
        largest relative error, None if it is infinite; digits: to how many both agree; right.
    """
    return {
        "name": checked.name,
        "meaning": meaning_of(checked.name),
        "tried": checked.tried,
        "weights": checked.weights,
        "error": finite(checked.error),
        "digits": digits_of(checked.error),
        "right": checked.right,
    }


def digits_of(error: float) -> int:
    """Return to how many digits two numbers agree that differ by a relative error."""
    return max(0, math.floor(-math.log10(max(error, 1e-15)))) if error < 1 else 0


def meaning_of(name: str) -> str:
    """Return what a parameter is, such as "input to hidden, layer 1" for rnn.weight_ih_l0."""
    stem, _, layer = name.removeprefix("rnn.").partition("_l")
    return f"{MEANINGS[stem]}, layer {int(layer) + 1}" if layer else MEANINGS[stem]
