"""How a series is best learned, told by its training part alone."""

from collections.abc import Container
from typing import NamedTuple

import numpy as np

from rnn_pkg.tasks.numbers import Values, bridge
from rnn_pkg.tasks.series import Series

CYCLES = 3
"""A season is of use if it has come at least so many times."""

LEAVES = 0.1
"""A series leaves its range if so much of its last third lies beyond all that was before."""

GROWS = 1.5
"""Its changes grow with its level if in the higher half they are so many times as large."""


class Suited(NamedTuple):
    """Settings of a Config."""

    season: int
    reads: str
    leaves: str
    logarithm: str
    input_noise: float


def suited(series: Series, known: int, given: Container[str] = ()) -> Suited:
    """Return the settings that suit a series.

    A series that leaves the range in which it has been, as one that rises does, is read by its
    changes, for a network is lost where it has never been; then it learns what the last season
    leaves over, if there is one. Any other is read by its levels.

    Args:
        series: what is to be forecast.
        known: so many of its values may be looked at.
        given: settings that are chosen already; the others must do with them.
    """
    values = bridge(series.values[:known])
    season = season_of(series, known)
    logarithm = "yes" if season > 1 and changes_grow(values, season) else "no"
    if leaves_its_range(values):
        return Suited(season, "changes", "season" if season > 1 else "last", logarithm, 0.3)
    return Suited(season, "levels", "last", logarithm, 0.2)


def season_of(series: Series, known: int) -> int:
    """Return the season of a series: what it says itself, or its dates, or else 1, for none."""
    period = series.period or series.calendar_period or 1
    return period if CYCLES * period <= known else 1


def leaves_its_range(values: Values) -> bool:
    """Tell whether the last third goes beyond all that was before."""
    before, last = np.split(values, [len(values) - len(values) // 3])
    if not len(last) or not len(before):
        return False
    return bool(np.mean((last < before.min()) | (last > before.max())) > LEAVES)


def changes_grow(values: Values, season: int) -> bool:
    """Tell whether all values are positive, and change the more, the higher they are."""
    if not values.min() > 0:
        return False
    middle = values[season:] + values[:-season]
    changes = np.abs(values[season:] - values[:-season])
    high = middle > np.sort(middle)[len(middle) // 2]
    return bool(np.mean(changes[high]) > GROWS * np.mean(changes[~high]))
