"""Memory or invention: how much of what was written stands word for word in the text."""

from collections.abc import Iterator
from typing import NamedTuple


class Stretch(NamedTuple):
    """A piece of a sample that also stands in a text; of length 0 if there is none.

    Attributes:
        start: its first character's place in the sample.
        length: its number of characters.
        text_position: where in the text it stands first.
    """

    start: int
    length: int
    text_position: int


def longest_stretch(sample: str, text: str) -> Iterator[tuple[float, Stretch]]:
    """Search the longest stretch of a sample that stands in a text; the first of equal ones.

    From each place of the sample on, only what would be longer than the longest so far is looked
    for: found, it is lengthened by a character, and looked for where it was found and behind.
    The text is searched from its beginning at most len(sample) times.

    Yields:
        Before each search, how much of the work is done, 0 to 1, and the longest stretch so far;
        at the end 1 and the longest of all.
    """
    best, start, place = Stretch(0, 0, 0), 0, 0
    while start + best.length < len(sample):
        yield start / len(sample), best
        length = best.length + 1
        place = text.find(sample[start : start + length], place)
        if place >= 0:
            best = Stretch(start, length, place)
        else:
            start, place = start + 1, 0
    yield 1.0, best
