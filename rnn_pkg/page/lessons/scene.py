"""The three regions of a lesson, made of its content and of the numbers of a network."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np

from rnn_pkg.engine.linalg import Array
from rnn_pkg.page.lessons.answers import MathNode, Scene, Value
from rnn_pkg.page.lessons.contents import Content
from rnn_pkg.page.lessons.notation import at_step, math_of

ONE = ("",)
"""What the only row or column is called."""


class Shown(NamedTuple):
    """The numbers of a symbol: an array, or the part of it that is shown.

    Attributes:
        numbers: (r, c); a column, (r,); or a single number.
        rows, columns: what they are called.
        shape: of the whole array, if only a part is shown.
    """

    numbers: Array | float
    rows: Sequence[str] = ONE
    columns: Sequence[str] = ONE
    shape: tuple[int, ...] | None = None


class Changed(NamedTuple):
    """What would be if a number of the hidden state were another.

    Attributes:
        shown: the numbers of the symbols that would be others.
        probabilities: as those of a Subject.
    """

    shown: dict[str, Shown]
    probabilities: list[list[float]]


class Subject(Protocol):
    """A network that a lesson is about, and what it reads at T time steps.

    Attributes:
        words: which network it is, for people.
        inputs, targets: the characters that it reads, and those that really come next.
        characters: which are shown of all that it knows.
        units: what those of its hidden units are called that are shown.
    """

    words: str
    inputs: list[str]
    targets: list[str]
    characters: list[str]
    units: list[str]

    @property
    def probabilities(self) -> list[list[float]]:
        """What it expects after each character: how probable each of those shown is."""
        ...

    @property
    def given(self) -> list[float]:
        """How probable it found what really came, at each time step."""
        ...

    def content(self, lesson: str) -> Content:
        """Return what a lesson shows of it."""
        ...

    def shown(self, t: int, names: Collection[str]) -> dict[str, Shown]:
        """Return the numbers of these symbols at a time step, and maybe of others."""
        ...

    def columns(self, t: int) -> dict[str, Shown]:
        """Return what is read, and what really comes next, as one-hot columns."""
        ...

    def changed(self, t: int, unit: int, value: float) -> Changed:
        """Return what would be if a number of the hidden state after a time step were another.

        Args:
            t: the time step.
            unit: which one, counted from 0 among those shown.
            value: what it would be.
        """
        ...

    def supposed(self, t: int, probability: float) -> dict[str, Shown]:
        """Return the numbers of the symbols that would be others if what really came after a time
        step had been found so probable."""
        ...

    def share(self, t: int) -> Shown:
        """Return what a time step adds to the gradient of the recurrent weights."""
        ...

    def total(self, on: Sequence[bool]) -> Shown:
        """Return the sum of what these of the time steps add, from the last to the first."""
        ...


def scene(
    subject: Subject,
    lesson: str,
    t: int,
    others: Mapping[str, Shown] | None = None,
    first: int = 0,
) -> Scene:
    """Return the regions of a lesson at a time step.

    Args:
        subject: the network.
        lesson: by its name, see `Subject.content`.
        t: the time step, counted from 0.
        others: numbers that stand here in place of the network's.
        first: which time step of something longer the subject's first one is.
    """
    content, others = subject.content(lesson), dict(others or {})
    shown = subject.shown(t, content.meanings.keys() - others.keys()) | others
    return {
        "inputs": subject.inputs,
        "targets": subject.targets,
        "step": t,
        "network": subject.words,
        "symbols": content.symbols,
        "equations": content.drawn,
        "sources": content.written,
        "values": [
            value(symbol, meaning, first + t, shown[symbol])
            for symbol, meaning in content.meanings.items()
            if symbol in shown
        ],
    }


@lru_cache(maxsize=1024)
def drawn(name: str) -> MathNode:
    """Return a name as it is drawn."""
    return math_of(name)


def value(symbol: str, meaning: str, t: int, shown: Shown, name: str = "") -> Value:
    """Return what a symbol is at a time step, or what a part of it is that has another name."""
    numbers = np.asarray(shown.numbers, np.float64)
    name = name or at_step(symbol, t)
    return {
        "symbol": symbol,
        "name": name,
        "math": drawn(name),
        "meaning": meaning,
        "shape": list(numbers.shape if shown.shape is None else shown.shape),
        "rows": list(shown.rows),
        "columns": list(shown.columns),
        "numbers": numbers.reshape(len(shown.rows), len(shown.columns)).tolist(),
    }
