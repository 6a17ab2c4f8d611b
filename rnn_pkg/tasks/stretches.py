"""Stretches of a series: short gaps are bridged within them, long ones part them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST_GAP = 3
"""So many values in a row may be missing within a stretch: they stay missing, and whoever learns
from the series bridges them."""


class Stretch(NamedTuple):
    """A part of a series without a long gap.

    Attributes:
        start: the place of its first value.
        end: the place behind its last one.
    """

    start: int
    end: int


def stretches(known: NDArray[np.int64]) -> list[Stretch]:
    """Return the stretches that values at these places, which grow, (n,), are in."""
    if not len(known):
        return []
    cuts = np.flatnonzero(np.diff(known) > LONGEST_GAP + 1)
    starts = known[np.r_[0, cuts + 1]]
    ends = known[np.r_[cuts, len(known) - 1]] + 1
    return [Stretch(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def gaps(known: NDArray[np.int64]) -> list[Stretch]:
    """Return what lies between values at these places, which grow, (n,)."""
    before = np.flatnonzero(np.diff(known) > 1)
    return [Stretch(int(known[k]) + 1, int(known[k + 1])) for k in before]
