"""How fast a run is trained."""

import math
import time

from rnn_pkg.training.trainer import Trainer


class Stopwatch:
    """The speed of training over the last seconds, pauses left out."""

    MEMORY = 2.0
    """Seconds after which an earlier speed counts for a third."""

    def __init__(self) -> None:
        self._characters = self._seconds = 0.0
        self._seen, self._started = 0, 0.0

    @property
    def characters_per_second(self) -> float | None:
        """None before any training."""
        return self._characters / self._seconds if self._seconds else None

    def start(self, trainer: Trainer) -> None:
        """Begin to time what is trained."""
        self._seen, self._started = trainer.chars_seen, time.perf_counter()

    def stop(self, trainer: Trainer) -> None:
        """Take in what was trained since `start`; what was before fades by its length.

        A run that went back meanwhile, to be rescued, says nothing about the speed.
        """
        if trainer.chars_seen <= self._seen:
            return
        seconds = time.perf_counter() - self._started
        fade = math.exp(-seconds / self.MEMORY)
        self._characters = self._characters * fade + trainer.chars_seen - self._seen
        self._seconds = self._seconds * fade + seconds
