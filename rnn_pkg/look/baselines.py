"""What needs no network: forecasts that any network must beat to be worth its training.

Each is a Forecaster, as a network can be: fitted once, to the training part of a series, and then
asked for the values that follow many origins at once. What it may choose, such as how many values
it reads, it chooses by the calibration part.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rnn_pkg.tasks.level import grows_with_level
from rnn_pkg.tasks.parts import LARGEST, Origins, Parts, Values, bridged, future, histories

ORDERS = (1, 2, 3, 4, 6, 9, 12, 16, 20, 25, 30)
"""How many values an autoregression may read; which is best, the calibration part tells."""

EQUATIONS = 6
"""An autoregression has at least so many values to be fitted to for each of its coefficients,"""

MOST_FITTED = 5000
"""and of a long series it is fitted to the last ones only, which know enough and cost less."""

FARTHEST = 10.0
"""No step of an autoregression leads farther from the last value than so many times the spread of
the series: one that explodes ends there, rather than at infinity."""


class Forecaster(Protocol):
    """What can be judged: a baseline, or a network.

    Attributes:
        name: of its row in the table.
    """

    name: str

    def fit(self, values: Values, parts: Parts) -> None:
        """Learn from values[:parts.training], choose by what follows.

        Args:
            values: (parts.known,), the training and the calibration part; NaN where one is missing.
            parts: where they are, and how many values will be asked for.
        """

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Forecast from many origins at once, each knowing what is before it and nothing else.

        Args:
            values: (N,), the series; NaN where a value is missing.
            origins: (K,), at each o only values[:o] may be looked at.
            horizon: H.

        Returns:
            (K, H), the values at o, o + 1, ..., o + H - 1.
        """


class Naive:
    """The last value goes on: y_{t+h} = y_t."""

    name = "naive"

    def fit(self, values: Values, parts: Parts) -> None:
        """There is nothing to learn."""

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return (K, H)."""
        return histories(values, origins, 1).repeat(horizon, axis=1)


class SeasonalNaive:
    """The last season comes again: y_{t+h} = y_{t+h-m}, or y_{t+h-2m} where that isn't known yet.

    Attributes:
        period: m, the number of values in a season.
    """

    name = "seasonal naive"

    def __init__(self, period: int) -> None:
        self.period = period

    def fit(self, values: Values, parts: Parts) -> None:
        """There is nothing to learn."""

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return (K, H)."""
        season = histories(values, origins, self.period)
        return season[:, np.arange(horizon) % self.period]


class Drift:
    """The line through the first and the last value goes on.

    y_{t+h} = y_t + h (y_t - y_1) / (t - 1)
    """

    name = "drift"

    def fit(self, values: Values, parts: Parts) -> None:
        """There is nothing to learn."""

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return (K, H)."""
        first = np.flatnonzero(~np.isnan(values))[0]
        last = histories(values, origins, 1)
        slope = (last - values[first]) / np.maximum(origins - 1 - first, 1)[:, None]
        line: Values = last + slope * np.arange(1, horizon + 1)
        return line


class Autoregression:
    """A weighted sum of the last p values, AR(p), or of their changes since the season before.

        x_t = c + phi_1 x_{t-1} + ... + phi_p x_{t-p}

    c and phi are those with the smallest sum of squared errors one step ahead on the training part.
    Further steps read the forecasts of those before. With a season of m values, x_t is
    y_t - y_{t-m}, which is added back, else y_t itself. Where the spread of the series grows with
    its level, y is the logarithm of the values. p is the one of ORDERS with the smallest mean
    absolute error over the whole horizon on the calibration part.

    Attributes:
        name: "ar" or "seasonal difference ar".
        season: m, or 0.
        order: p, once fitted.
        logarithm: whether the logarithm is read, once fitted; then the forecast is the middle one
            (the median), not the mean, of what is to be expected.
        coefficients: (1 + p,), c and phi of the series as it is read: centred on its mean, in
            units of its spread, which is the largest distance from there.
    """

    def __init__(self, season: int = 0, orders: Sequence[int] = ORDERS) -> None:
        self.season = season
        self.name = "seasonal difference ar" if season else "ar"
        self._orders = orders
        self.order = 0
        self.logarithm = False
        self.coefficients = np.zeros(1)
        self._mean, self._spread = 0.0, 1.0

    def fit(self, values: Values, parts: Parts) -> None:
        """Learn the coefficients, having chosen how many."""
        training = values[: parts.training]
        self.logarithm = grows_with_level(values, max(self.season, 1))
        x = self._read(training)
        known = x[~np.isnan(x)]
        if not len(known):
            raise ValueError(
                f"no two values of the training part are known that are a season of {self.season} "
                "apart; choose a stretch with fewer gaps"
            )
        self._mean = float(known.mean())
        self._spread = float(np.abs(known - self._mean).max()) or 1.0
        x = (x - self._mean) / self._spread
        origins = parts.calibration_origins
        truth = future(values, origins, parts.horizon)
        tried: list[tuple[float, int, Values]] = []
        for order in self._orders:
            if len(known) - order < EQUATIONS * (order + 1) and tried:
                break
            self.order, self.coefficients = order, least_squares(x, order)
            errors = np.abs(self.forecast(values, origins, parts.horizon) - truth)
            tried.append((float(np.nanmean(errors)), order, self.coefficients))
        _, self.order, self.coefficients = min(tried, key=lambda one: one[0])

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return (K, H)."""
        y = histories(values, origins, self.season + self.order)
        if self.logarithm:
            y = np.log(np.maximum(y, np.finfo(float).tiny))
        x = y[:, self.season :] - y[:, : -self.season] if self.season else y
        x = (x - self._mean) / self._spread
        last = x[:, -1]
        constant, weights = self.coefficients[0], self.coefficients[:0:-1]  # phi_p ... phi_1
        for _ in range(horizon):
            following = constant + (x[:, x.shape[1] - self.order :] * weights).sum(1)
            following = np.clip(following, last - FARTHEST, last + FARTHEST)
            x = np.concatenate([x, following[:, None]], axis=1)
        steps = x[:, self.order :] * self._spread + self._mean
        if self.season:
            for h in range(horizon):  # what is a season before may be a forecast itself
                y = np.concatenate([y, y[:, -self.season, None] + steps[:, h, None]], axis=1)
            steps = y[:, -horizon:]
        return np.exp(np.minimum(steps, np.log(LARGEST))) if self.logarithm else steps

    def _read(self, training: Values) -> Values:
        """Return what is read of the training part, NaN where it is missing: it isn't fitted to."""
        y = np.log(training) if self.logarithm else training
        return y[self.season :] - y[: -self.season] if self.season else y


def least_squares(x: Values, order: int) -> Values:
    """Fit an autoregression.

    What is missing is bridged where it is read, and left out where it would have to be predicted.
    Where several coefficients do as well, as on a constant series, they are the smallest.

    Args:
        x: (N,), N > p.
        order: p.

    Returns:
        (1 + p,): c, phi_1, ..., phi_p.
    """
    x = x[-MOST_FITTED - order :]
    filled, size = bridged(x), len(x) - order
    lags = [filled[order - k : order - k + size] for k in range(1, order + 1)]
    rows = np.stack([np.ones(size), *lags], axis=1)
    known = ~np.isnan(x[order:])
    solved = np.linalg.lstsq(rows[known], x[order:][known], rcond=None)
    return np.asarray(solved[0], np.float64)


def baselines(period: int = 1) -> list[Forecaster]:
    """Return all of them, for a season of so many values; without one, those that need none."""
    simple: list[Forecaster] = [Naive(), Drift(), Autoregression()]
    if period < 2:
        return simple
    return [*simple[:1], SeasonalNaive(period), *simple[1:], Autoregression(period)]
