"""The season of a series, proposed by how alike it is to itself some time before."""

from typing import NamedTuple

import numpy as np

from rnn_pkg.tasks.parts import NOTHING, Values, bridged, check_values

MOST_VALUES = 10_000
"""Only so many values are looked at, the last ones,"""

LONGEST = 1_500
"""and no season is longer than so many; a day by the minute has 1,440."""

CYCLES = 3
"""A season must have come at least so many times."""

WIDTHS = (1, 2, 4, 8, 16, 32)
"""Changes are taken between means of so many values: the more, the less noise is left in them."""

ALIKE = 0.2
"""Correlated less than this with the season before, a series has none worth repeating,"""

SURE = 3.5
"""nor with less than so many times what chance makes of noise, sqrt(width / N)."""

FIRST = 0.85
"""The first peak is the season, not its multiple, if it is at least this part of the highest."""

TIMES = 0.1
"""A season is taken for a multiple of another if it is so near to one."""


class Season(NamedTuple):
    """A season that is proposed.

    Attributes:
        period: the number of values in it, 2 or more.
        correlation: how alike the series is to itself a season before, up to 1.
    """

    period: int
    correlation: float


def propose_season(values: Values) -> Season | None:
    """Return the season that a series seems to have, or None.

    It is the first high peak of the autocorrelation of the changes. A series that rises, or wanders
    about, is like itself a little before, season or not; its changes aren't. But where there is
    much noise, the changes from one value to the next are mostly that. So the changes from the mean
    of some values to the mean of as many that follow are tried, too, and the highest correlation
    counts.
    Of all changes their straight line is taken off, so that none is left of a series that rises
    faster and faster.

    Args:
        values: (N,), NaN where one is missing.

    Raises:
        ValueError: a value is infinite or too large.
    """
    check_values(values)
    if np.isnan(values).all():
        return None
    values = bridged(values)[-MOST_VALUES:]
    largest = float(np.abs(values).max())
    values = values - values.mean()
    sums = np.concatenate([[0.0], values.cumsum()])
    longest = min(LONGEST, len(values) // CYCLES)
    seasons = []
    for width in WIDTHS:
        if 2 * width > longest:
            break
        means = (sums[width:] - sums[:-width]) / width
        changes = without_line(means[width:] - means[:-width])
        if np.abs(changes).max() <= NOTHING * largest:
            break
        r = autocorrelation(changes, longest + 1)
        lowest = max(ALIKE, SURE * (width / len(values)) ** 0.5)
        season = _first_peak(r, 2 * width, lowest)
        if season:
            seasons.append(season)
    if not seasons:
        return None
    best = max(seasons, key=lambda season: season.correlation)
    # Means over a week know nothing of its days, but that two weeks are alike.
    return next((one for one in seasons if _is_multiple(best.period, one.period)), best)


def _is_multiple(period: int, of: int) -> bool:
    """Tell whether a period is twice another, about, or three times, and so on."""
    times = round(period / of)
    return times > 1 and abs(period / of - times) < TIMES


def _first_peak(r: Values, shortest: int, lowest: float) -> Season | None:
    """Return the season that an autocorrelation shows.

    Args:
        r: (2 + L,), r_0 ... r_{L+1}.
        shortest: the season; before, r tells of means that share values.
        lowest: the correlation.
    """
    inner = r[1:-1]
    peaks = 1 + np.flatnonzero((inner > r[:-2]) & (inner >= r[2:]))
    peaks = peaks[(peaks >= shortest) & (r[peaks] >= lowest)]
    if not len(peaks):
        return None
    period = int(peaks[r[peaks] >= FIRST * r[peaks].max()][0])
    return Season(period, float(r[period]))


def autocorrelation(x: Values, longest: int) -> Values:
    """Return how a series is correlated with itself, some values before:

        r_k = sum_t (x_t - mean)(x_{t-k} - mean) / sum_t (x_t - mean)^2

    It takes N products for each k; for the few k that are needed that is soon done, and the page
    needn't have a Fourier transform.

    Args:
        x: (N,), no value missing.
        longest: L, less than N.

    Returns:
        (1 + L,), r_0 ... r_L; all 0 if x is constant.
    """
    x = x - x.mean()
    size = float(np.abs(x).max())
    if not size:
        return np.zeros(longest + 1)
    x = x / size
    products = [float(x[k:] @ x[: len(x) - k]) for k in range(longest + 1)]
    return np.array(products) / products[0]


def without_line(x: Values) -> Values:
    """Return a series less its straight line of least squares, (N,) -> (N,), N at least 2."""
    t = np.arange(len(x)) - (len(x) - 1) / 2
    centred = x - x.mean()
    line: Values = centred - t * (t @ centred / (t @ t))
    return line
