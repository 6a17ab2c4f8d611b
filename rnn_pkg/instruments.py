"""What the page's panels show of a run: plain values in, plain values out.

Each panel's mathematics has a module of its own; here it meets the run at hand. Work that takes
long is a job: a generator that says now and then how far it is, so that the page can go on with it
in slices and show its progress.
"""

import time
from collections.abc import Generator
from typing import Any

from rnn_pkg import export
from rnn_pkg.ngrams import HIGHEST_ORDER, ngram_losses
from rnn_pkg.training import Trainer

Answer = dict[str, Any]
Job = Generator[tuple[float, Any], None, None]
"""Yields how much of it is done, 0 to 1, and what is known by then."""

METHODS = ("start", "advance", "script")
"""What the page may call."""

JOBS = ("ngrams",)
"""What `start` can begin."""


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
