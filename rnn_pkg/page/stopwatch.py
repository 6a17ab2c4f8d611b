"""How fast a run is trained."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rnn_pkg.training.trainer import Trainer


class Stopwatch:
    """The speed of training over the last seconds, pauses left out."""

    MEMORY = 2.0
    """Seconds after which an earlier speed counts for a third."""

    def __init__(self) -> None:
        self._characters = self._seconds = 0.0

    @property
    def characters_per_second(self) -> float | None:
        """None before any training."""
        return self._characters / self._seconds if self._seconds else None

    @contextmanager
    def running(self, trainer: Trainer) -> Iterator[None]:
        """Time what is trained inside this context; what was before fades by its length.

        A run that went back in it, to be rescued, says nothing about the speed.
        """
        seen, start = trainer.chars_seen, time.perf_counter()
        yield
        if trainer.chars_seen <= seen:
            return
        seconds = time.perf_counter() - start
        fade = math.exp(-seconds / self.MEMORY)
        self._characters = self._characters * fade + trainer.chars_seen - seen
        self._seconds = self._seconds * fade + seconds
