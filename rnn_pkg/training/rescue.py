"""What to do when learning goes wrong: back to where it was still right, and on more carefully."""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from rnn_pkg.config import settings
from rnn_pkg.training.learner import Lesson
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.run import Snapshot
from rnn_pkg.training.trainer import Trainer, TrainingError, check_limits

SNAPSHOT_EVERY = 50
"""Steps between two good states that are kept."""

BEYOND_REASON = 2.0
"""A loss so many times that of a blind guess, and of the steps before, is no bad luck."""

FAR_OUT, LASTING = 20.0, 100
"""Nor is the likelihood of numbers that is worse by so many nats, in so many steps in a row. In
fewer it often is, as a network that knows a series by heart is very sure of itself."""

FEW = 32
"""The mean of fewer predictions than these has more luck in it, good and bad."""

LARGE = 200_000_000
"""Of a run with so many bytes only one state is kept."""


def states_kept(size: int) -> int:
    """Return how many good states of so many bytes are kept."""
    return 1 if size > LARGE else 2


@dataclass(frozen=True)
class Rescue:
    """What was done about a step that went wrong.

    Attributes:
        message: all of it in words.
        step: the step that went wrong.
        back_to: the step the run went back to.
        learning_rate: from there on.
        gives_up: it went wrong twice in a row, so somebody should think before going on.
    """

    message: str
    step: int
    back_to: int
    learning_rate: float
    gives_up: bool


class Rescuer:
    """Trains a run, and keeps its last good states to go back to.

    A step has gone wrong when its loss or gradient is no longer a finite number, or when its loss
    is beyond reason, and not only for a moment. The run then goes back by 50 to 100 steps (what
    broke now may have cracked some steps before) and halves its learning rate.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        first = trainer.snapshot()
        size = sum(array.nbytes for array in first.arrays.values())
        self._good: deque[Snapshot] = deque([first], maxlen=states_kept(size))
        self._last: Rescue | None = None
        # Whether a state is good shows only in the step after it.
        self._hopeful: Snapshot | None = None
        self._sane = trainer.metrics  # of the last step within reason
        self._beyond = 0  # steps in a row

    def train(self, seconds: float) -> Rescue | None:
        """Train until the time is up, at least one step; return early with a rescue if one was
        needed."""
        check_limits(None, seconds)
        end = time.perf_counter() + seconds
        while True:
            rescue = self.step(self._trainer.steps_within(math.inf, end))
            if rescue or time.perf_counter() >= end:
                return rescue

    def step(self, steps: int = 1) -> Rescue | None:
        """Train one step, or several, but not beyond the end of a round; or rescue the run."""
        return self.record(self._trainer.teach(steps))

    def record(self, lessons: Sequence[Lesson]) -> Rescue | None:
        """Take into the run what its learners have learned, or rescue the run from that."""
        trainer = self._trainer
        lasting = LASTING if trainer.task.ends.loss == "gaussian" else 1
        try:
            for metrics in trainer.record(lessons):
                if metrics.train_loss > self._highest(self._sane):
                    self._beyond, self._hopeful = self._beyond + 1, None
                    if self._beyond < lasting:
                        continue
                    reason = f"the loss jumped to {metrics.train_loss:.2f}"
                    return self._rescue(metrics.step, reason)
                self._beyond, self._sane = 0, metrics
                if self._hopeful:
                    self._good.append(self._hopeful)
                at_stop = metrics.step % SNAPSHOT_EVERY == 0
                self._hopeful = trainer.snapshot() if at_stop else None
        except TrainingError:
            reason = "the loss or its gradient was no longer a number"
            return self._rescue(trainer.steps + 1, reason)
        return None

    def _highest(self, before: Metrics | None) -> float:
        """Return the highest loss within reason, given how the run stood before.

        A network that comes from another text may at first be as wrong as it likes about this one.
        """
        if self._trainer.origins and not before:
            return math.inf
        usual = self._trainer.task.blind_loss
        if before:
            usual = max(usual, before.smooth_loss)
        config = self._trainer.config
        if self._trainer.task.ends.loss == "gaussian":  # whose 0 means nothing
            return usual + FAR_OUT
        luck = math.sqrt(FEW / config.characters_a_step)
        return usual * (1 + (BEYOND_REASON - 1) * max(1, luck))

    def _rescue(self, step: int, reason: str) -> Rescue:
        trainer, last = self._trainer, self._last
        lowest = settings()["learning_rate"][1].minimum
        rate = max(trainer.config.learning_rate / 2, lowest)
        trainer.restore(self._good[0])
        trainer.set_learning_rate(rate)
        # From here on the other states are of a future that was given up.
        self._good = deque([trainer.snapshot()], maxlen=self._good.maxlen)
        self._hopeful, self._sane, self._beyond = None, trainer.metrics, 0
        back_to = trainer.metrics.step if trainer.metrics else 0
        again = last is not None and step < last.step + 2 * SNAPSHOT_EVERY
        message = f"At step {step:,} {reason}. The run went back to step {back_to:,}, "
        if again:
            message += (
                f"for the second time in a row, and waits. Its learning rate is now {rate:g}; if "
                "that is still too high, lower it further, or start over with a lower one."
            )
        else:
            message += f"and goes on with half the learning rate: {rate:g}."
        self._last = Rescue(message, step, back_to, rate, gives_up=again)
        return self._last
