"""How a series is best learned, told by its training part alone."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.tasks.level import grows_with_level, is_smooth, leaves_its_range
from rnn_pkg.tasks.season import propose_season
from rnn_pkg.tasks.series import Series

CYCLES = 3
"""A season is of use if it has come at least so many times,"""

MANY_CYCLES = 12
"""and what it did before is read at each step only if it has come so many times: one more season
must stand before the first step that is learned, and fewer would be learned by heart."""


class Suited(NamedTuple):
    """Settings of a Config."""

    season: int
    reads: str
    leaves: str
    logarithm: str
    input_noise: float


def suited(series: Series, known: int, given: Mapping[str, Any]) -> Suited:
    """Return the settings that suit a series.

    A series that leaves the range in which it has been, as one that rises does, is read by its
    changes, for a network is lost where it has never been; then it learns what the last season
    leaves over, if there is one, and if that has come often, it reads what it did a season ago at
    the step that is to come, too. Any other is read by its levels, and a smooth one by its last
    change, too, which tells where it is going.

    Args:
        series: what is to be forecast.
        known: so many of its values may be looked at.
        given: settings that are chosen already; the others must do with them.
    """
    values = series.values[:known]
    season = given["season"] if "season" in given else season_of(series, known)
    positive = bool(np.nanmin(series.values) > 0)  # of all: it would be no use otherwise
    logarithm = "yes" if positive and grows_with_level(values, season) else "no"
    if leaves_its_range(values):
        often = 1 < season <= known // MANY_CYCLES
        reads = "changes_and_season" if often else "changes"
        return Suited(season, reads, "season" if season > 1 else "last", logarithm, 0.3)
    reads = "levels_and_change" if is_smooth(values) else "levels"
    return Suited(season, reads, "last", logarithm, 0.2)


def season_of(series: Series, known: int) -> int:
    """Return the season of a series: what it says itself, or its dates, or else what it seems to
    have; 1 for none, also if it hasn't come CYCLES times yet.

    Args: as for `suited`.
    """
    period = series.period or series.calendar_period
    if period is None:
        proposed = propose_season(series.values[:known])
        period = proposed.period if proposed else 1
    return period if CYCLES * period <= known else 1
