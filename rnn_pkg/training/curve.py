"""The loss curve of a run, however long, in a bounded number of points."""

import math
from dataclasses import dataclass, field

POINTS = 600
"""Most points kept: about one for each pixel column of a chart."""


@dataclass
class Curve:
    """The training loss averaged over equal spans of steps, with the held-out loss beside it.

    When POINTS is reached, neighbours are merged and the span doubles, so a run of any length
    keeps between POINTS / 2 and POINTS points.

    Attributes:
        step: the last step of each span.
        train: the mean training loss of each span, nats per character.
        validation: the last held-out loss measured in each span, or None.
        span: steps a point stands for.
    """

    step: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    validation: list[float | None] = field(default_factory=list)
    span: int = 1
    pending: list[float] = field(default_factory=list)
    pending_validation: float | None = None

    def add(self, step: int, train: float, validation: float | None) -> None:
        """Record a step's loss, and the held-out loss if it was measured at this step."""
        self.pending.append(train)
        if validation is not None:
            self.pending_validation = validation
        if len(self.pending) < self.span:
            return
        self.step.append(step)
        self.train.append(math.fsum(self.pending) / len(self.pending))
        self.validation.append(self.pending_validation)
        self.pending, self.pending_validation = [], None
        if len(self.step) == POINTS:
            self._merge()

    def _merge(self) -> None:
        self.step = self.step[1::2]
        self.train = [
            (first + second) / 2
            for first, second in zip(self.train[::2], self.train[1::2], strict=True)
        ]
        self.validation = [
            first if second is None else second
            for first, second in zip(self.validation[::2], self.validation[1::2], strict=True)
        ]
        self.span *= 2
