"""The parts of a series, by time: what is learned, what is chosen by, and what is judged by."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import checked_number, shown

Values = NDArray[np.float64]
"""A series, one value a step of time, in its own units; NaN where one is missing."""

Dates = NDArray[np.datetime64]
"""Dates of a series, in milliseconds, (N,)."""

Origins = NDArray[np.int64]
"""Places in a series from which it is forecast: at 7, the first 7 values are known."""

TEST = 6
"""A sixth of a series is the test part, and another the calibration part,"""

FEWEST_ORIGINS = 10
"""each with at least so many origins: with fewer than nine, not even the largest and the smallest
error would span 80 % of what is to come,"""

HORIZONS = 2
"""and at least so many times the horizon, so that it isn't judged by one and the same stretch."""

MOST_ORIGINS = 200
"""Of a long test part, only so many origins are tried, evenly spread."""

LARGEST = 1e100
"""Of larger values, the squares couldn't be summed."""

NOTHING = 1e-11
"""A part so small of the largest value is nothing: that is rounding."""

FEWEST = 2
"""A series has at least so many values that are not missing."""

LONGEST_PERIOD = 100_000
"""Most values in a season."""


class Parts(NamedTuple):
    """Where the parts of a series begin and end: the training part is first, the test part last.

    Attributes:
        training: the training part is values[:training]; models are fitted to it.
        known: the calibration part is values[training:known]; models are chosen by it, and
            intervals made.
        length: the test part is values[known:length]; nothing but judging looks at it.
        horizon: the number of values that are forecast from each origin.
    """

    training: int
    known: int
    length: int
    horizon: int

    @property
    def origins(self) -> Origins:
        """All places behind the training part that are forecast from, the same distance apart.

        Each has a whole horizon to come. One is at the beginning of the test part; some before it
        have a horizon that ends in there.
        """
        count = self.length - self.horizon - self.known + 1  # in the test part
        step = -(-count // MOST_ORIGINS)
        first = self.training + (self.known - self.training) % step
        return np.arange(first, self.length - self.horizon + 1, step, dtype=np.int64)

    @property
    def calibration_origins(self) -> Origins:
        """Those whose whole horizon is in the calibration part, (C,)."""
        return self.origins[self.origins + self.horizon <= self.known]

    @property
    def test_origins(self) -> Origins:
        """Those in the test part, (K,)."""
        return self.origins[self.origins >= self.known]


def parts_of(values: Values, horizon: int, period: int = 1, test: int | None = None) -> Parts:
    """Divide a series by time.

    Args:
        values: (N,), in the order of time.
        horizon: the number of values to be forecast at once.
        period: the number of values in a season; 1 if there is none.
        test: the number of values in the test part, and in the calibration part, too. By default a
            sixth of all, but at least two horizons, and enough for FEWEST_ORIGINS origins.

    Raises:
        ValueError: the series is too short, or too little is known in one of its parts; a value is
            infinite or larger than LARGEST; or an argument isn't a number in its range.
    """
    check_values(values)
    length = len(values)
    horizon = checked_number("horizon", horizon, 1, 100_000, int)
    period = checked_number("period", period, 1, LONGEST_PERIOD, int)
    fewest = max(HORIZONS * horizon, horizon + FEWEST_ORIGINS - 1)
    learned = 2 * period + 4
    needed = 2 * fewest + learned
    if length < needed:
        season = f" with a season of {period:,}" if period > 1 else ""
        raise ValueError(
            f"the series has {length:,} values; to judge forecasts of {horizon:,} values{season}, "
            f"it needs {needed:,} at least: {learned:,} to learn from, and twice {fewest:,} to try "
            "them on. A shorter horizon needs fewer"
        )
    if test is None:
        test = max(fewest, length // TEST)
    else:
        test = checked_number("test", test, fewest, (length - learned) // 2, int)
    parts = Parts(length - 2 * test, length - test, length, horizon)
    known = np.isfinite(values)
    for name, part in (
        ("training", known[: parts.training]),
        ("calibration", known[parts.training : parts.known]),
        ("test", known[parts.known :]),
    ):
        if 2 * part.sum() < len(part):
            raise ValueError(
                f"of the {len(part):,} values in the {name} part of the series, only "
                f"{part.sum():,} are known; at least half must be. Choose a stretch with fewer gaps"
            )
    return parts


def future(values: Values, origins: Origins, horizon: int) -> Values:
    """Return what came: the `horizon` values that follow each origin, (K,) -> (K, H)."""
    following: Values = values[origins[:, None] + np.arange(horizon)]
    return following


def check_values(values: Values) -> None:
    """Raise ValueError unless this is a series: (N,), every value missing or of a usable size."""
    if values.ndim != 1:
        raise ValueError(f"values must be (N,), not {values.shape}")
    wrong = np.flatnonzero(np.abs(values) > LARGEST)  # infinity, too; a missing value isn't
    if len(wrong):
        place = int(wrong[0])
        raise ValueError(
            f"values must be between {-LARGEST:g} and {LARGEST:g}; "
            f"value {place + 1:,} is {shown(float(values[place]))}"
        )


def bridged(values: Values) -> Values:
    """Return a series whose gaps are bridged by a straight line; at an end, by the nearest value.

    Raises:
        ValueError: no value is known.
    """
    missing = np.isnan(values)
    if not missing.any():
        return values
    if missing.all():
        raise ValueError("no value of the series is known")
    known = np.flatnonzero(~missing)
    return np.interp(np.arange(len(values)), known, values[known])


def histories(values: Values, origins: Origins, width: int) -> Values:
    """Return the last values before each origin, gaps bridged by what is known there.

    A line over a gap that an origin lies in would end at a value that comes only later: there, the
    last one known goes on instead.

    Args:
        values: (N,).
        origins: (K,), each at least `width`, with a value known before it.
        width: W.

    Returns:
        (K, W), the latest value last.
    """
    rows: Values = bridged(values)[origins[:, None] + np.arange(-width, 0)]
    for k in np.flatnonzero(np.isnan(values[origins - 1])):
        rows[k] = bridged(values[: origins[k]])[-width:]
    return rows
