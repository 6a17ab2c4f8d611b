"""Work in slices: generators that say how far they are, 0 to 1, and return what comes of it."""

from collections.abc import Callable, Generator
from typing import TypeVar

Result = TypeVar("Result")
Told = TypeVar("Told")
Work = Generator[float, None, Result]


def told(work: Work[Result], tell: Callable[[float], Told]) -> Generator[Told, None, Result]:
    """Do work, and yield after each slice what is told of how much is done; return what comes of
    it."""
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield tell(done)


def finished(work: Work[Result], tell: Callable[[float], None] = lambda done: None) -> Result:
    """Do all of it at once, telling how much is done, and return what comes of it."""
    while True:
        try:
            tell(next(work))
        except StopIteration as end:
            result: Result = end.value
            return result
