"""Work in slices: generators that say how far they are, 0 to 1, and return what comes of it."""

from collections.abc import Callable, Generator
from typing import TypeVar

Result = TypeVar("Result")
Known = TypeVar("Known")
Work = Generator[float, None, Result]


def beside(work: Work[Result], known: Known) -> Generator[Known, None, Result]:
    """Do work, and yield after each slice what is known beside it; return what comes of it."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield known


def finished(work: Work[Result], tell: Callable[[float], None] = lambda done: None) -> Result:
    """Do all of it at once, telling how much is done, and return what comes of it."""
    while True:
        try:
            tell(next(work))
        except StopIteration as end:
            result: Result = end.value
            return result
