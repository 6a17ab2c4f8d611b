"""Text as numbers: the vocabulary, and each character with the one that follows it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import check_str
from rnn_pkg.engine.linalg import Ids

SHORTEST = 20
"""Fewest characters that can be trained on."""


class Vocabulary:
    """The distinct characters (Unicode code points) of a text, numbered in code point order."""

    def __init__(self, characters: str) -> None:
        """Number the distinct characters of `characters`.

        Raises:
            ValueError: there are none.
        """
        # Not np.unique: it imports numpy.ma, which the page would have to load for that alone.
        times = np.bincount(code_points(characters).astype(np.intp))
        self._points = np.flatnonzero(times).astype(np.uint32)  # (size,)
        if not len(self._points):
            raise ValueError("a vocabulary needs at least one character, but the text is empty")
        self.characters = from_code_points(self._points)

    def __len__(self) -> int:
        return len(self._points)

    def encode(self, text: str) -> Ids:
        """Return the id of each character, (len(text),).

        Raises:
            ValueError: a character is not in the vocabulary.
        """
        _, places, known = self._find(text)
        if not known.all():
            raise ValueError(f"not in the vocabulary: {name_characters(self.unseen(text))}")
        return places.astype(np.int64)

    def decode(self, ids: Ids) -> str:
        """Return the text of the ids (n,)."""
        return from_code_points(self._points[ids])

    def unseen(self, text: str) -> str:
        """Return the characters of `text` that are not in the vocabulary, each once, in order."""
        points, _, known = self._find(text)
        return "".join(dict.fromkeys(from_code_points(points[~known])))

    def shared(self, other: "Vocabulary") -> tuple[Ids, Ids]:
        """Return the ids of the characters that both have, in this and in the other, (n,) each."""
        _, here, there = np.intersect1d(
            self._points, other._points, assume_unique=True, return_indices=True
        )
        return here.astype(np.int64), there.astype(np.int64)

    def without_unseen(self, text: str) -> str:
        """Return `text` without the characters that are not in the vocabulary."""
        points, _, known = self._find(text)
        return from_code_points(points[known])

    def _find(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.bool_]]:
        """Return each character's code point, place in the vocabulary, and whether it has one."""
        points = code_points(text)
        places = np.searchsorted(self._points, points).clip(max=len(self) - 1)
        return points, places, self._points[places] == points


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code point of each character, (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def from_code_points(points: NDArray[np.uint32]) -> str:
    """Return the text of the code points (n,)."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def name_character(character: str) -> str:
    """Write a character so that a person can tell it from others, be it invisible."""
    return repr(character) if character.isprintable() else f"U+{ord(character):04X}"


def name_characters(characters: str, most: int = 10) -> str:
    """Name several characters, but not all of many."""
    names = [name_character(character) for character in characters[:most]]
    more = len(characters) - most
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def check_trainable(text: str) -> None:
    """Raise ValueError, saying what is needed, if a network can't be trained on this text."""
    check_str("the text", text)
    if not text:
        raise ValueError(f"the text is empty: at least {SHORTEST} characters are needed")
    if len(text) < SHORTEST:
        raise ValueError(f"the text has {len(text)} characters: at least {SHORTEST} are needed")
    if text == text[0] * len(text):
        raise ValueError(
            f"the text is one character ({name_characters(text[0])}) over and over: "
            "at least 2 different characters are needed"
        )


class Following(NamedTuple):
    """Material of a text: each character, and the one that follows it; after the last, the first.

    Attributes:
        ids: (N,), the text.
    """

    ids: Ids

    @property
    def size(self) -> int:
        """N."""
        return len(self.ids)

    def at(self, places: Ids) -> tuple[Ids, Ids]:
        """Return the characters at these places, and the following ones."""
        return self.ids[places % self.size], self.ids[(places + 1) % self.size]
