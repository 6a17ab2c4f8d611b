"""The order in which a text is learned, and what of it is held out.

A text is learned as it stands, and its end is held out. Of a list (names, words, sums) that would
be unfair: where it is sorted, its end has other letters than what was learned. So the lines of a
list are learned in an order drawn by the seed, and those held out come from all over it.
"""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

import numpy as np

ORDERS = {"text": "as it stands", "lines": "line by line"}
"""In what order a text may be learned; the lines in a drawn one."""

FEWEST_LINES = 20
"""A list has at least so many lines,"""

LONGEST_LINE = 40
"""nine in ten of them have at most so many characters,"""

MOST_WORDS = 4
"""with at most so many words, on average: running text that is broken into lines has more,"""

MOST_EXCEPTIONS = 0.1
"""of all its lines at most this part is blank or begins with a blank, as in code and verse,"""

MOST_STOPS, FEWEST_WORDS = 0.3, 3
"""at most this part has so many words and a punctuation mark at its end, as in prose and speech,"""

MOST_NUMBERS = 0.5
"""at most this part has nothing but numbers and dates, which mostly stand in the order of time,"""

LEAST_DISTINCT = 0.5
"""and at least this part is distinct: where lines come again and again, their order means much."""

MOST_COPIES = 0.1
"""A line is held out with its copies only if these are at most this part of all that is to be."""

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\d_]{1,8}")
"""A word; what has no blanks, as in Chinese, Japanese and Thai, is cut into about as many."""

NUMBERS = re.compile(r"[\d\s.,;:/|'’+−-]+")  # noqa: RUF001 - a minus sign is what is meant


class Ordered(NamedTuple):
    """A text in the order in which it is learned.

    Attributes:
        text: all of its characters, the held-out ones last.
        held_out: how many those are.
    """

    text: str
    held_out: int


def is_list(text: str) -> bool:
    """Tell whether a text is a list: many short lines whose order tells nothing."""
    count = text.count("\n") + 1
    if count < FEWEST_LINES or len(text) > (LONGEST_LINE + 1) * count:
        return False
    lines = text.removesuffix("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    if len(filled) < FEWEST_LINES:
        return False
    short = sum(len(line) <= LONGEST_LINE for line in filled)
    exceptions = len(lines) - len(filled) + sum(line[0].isspace() for line in filled)
    stops = sum(_is_sentence(line.rstrip()) for line in filled)
    numbers = sum(NUMBERS.fullmatch(line) is not None for line in filled)
    return (
        short >= (1 - MOST_EXCEPTIONS) * len(filled)
        and exceptions <= MOST_EXCEPTIONS * len(lines)
        and stops <= MOST_STOPS * len(filled)
        and numbers <= MOST_NUMBERS * len(filled)
        and len(WORD.findall(text)) <= MOST_WORDS * len(filled)
        and len(set(filled)) >= LEAST_DISTINCT * len(filled)
    )


def _is_sentence(line: str) -> bool:
    """Tell whether a line has several words and ends with a punctuation mark: . ! 。"""
    return unicodedata.category(line[-1]) == "Po" and len(WORD.findall(line)) >= FEWEST_WORDS


def held_out_size(whole: int, validation: float) -> int:
    """Return how many of so many characters or lines are held out: the fraction `validation` of
    them but at least one, or none when it is 0."""
    return max(1, round(validation * whole)) if validation > 0 else 0


def ordered(text: str, order: str, validation: float, seed: int) -> Ordered:
    """Return the text in the order in which it is learned, with what is held out at its end.

    Args:
        text: what is to be learned.
        order: "text": as it stands. "lines": all lines in an order drawn by the seed; from every
            stretch of the distinct ones, one is drawn to be held out, with all its copies, but
            none that has very many.
        validation: the fraction to hold out, of the characters or of the distinct lines.
        seed: draws the lines.

    Raises:
        ValueError: lines are to be held out of a text that has fewer than two.
    """
    if order == "text":
        return Ordered(text, held_out_size(len(text), validation))
    # Other numbers than those that draw the weights, and raw: they are the same with every NumPy,
    # so that a saved run holds out what it held out before.
    numbers = np.random.PCG64((seed, 1))
    end = "\n" if text.endswith("\n") else ""
    lines = text.removesuffix("\n").split("\n")
    held_out = _drawn(lines, validation, numbers)
    drawn = [lines[place] for place in numbers.random_raw(len(lines)).argsort(kind="stable")]
    learned = [line for line in drawn if line not in held_out]
    tried = [line for line in drawn if line in held_out]
    whole = "\n".join(learned + tried) + end
    cut = sum(len(line) + 1 for line in learned)
    return Ordered(whole, len(whole) - cut if tried else 0)


def _drawn(lines: list[str], validation: float, numbers: np.random.PCG64) -> set[str]:
    """Return the lines to be held out: one from each of equal stretches of the distinct lines."""
    copies = Counter(filter(None, lines))
    size = held_out_size(len(copies), validation)
    if not size:
        return set()
    if len(copies) < 2:
        raise ValueError(
            "order can't be lines: to hold one out, the text needs two different ones at least"
        )
    most = max(1, MOST_COPIES * validation * len(lines))
    distinct = [line for line, count in copies.items() if count <= most] or list(copies)
    size = min(size, len(distinct))
    edges = np.arange(size + 1, dtype=np.int64) * len(distinct) // size  # int32 would overflow
    widths = np.diff(edges).astype(np.uint64)
    places = edges[:-1] + (numbers.random_raw(size) % widths).astype(np.int64)
    return {distinct[place] for place in places}
