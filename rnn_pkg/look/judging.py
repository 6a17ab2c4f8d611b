"""How good forecasts are: rolling origins, errors, and intervals that hold what they promise.

Every model is fitted once, to the training part. Then it stands at one place after the other,
knowing what came before, and forecasts a whole horizon from each. What it says in the calibration
part tells how wide its intervals must be; what it says in the test part is what it is judged by.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.look.baselines import Forecaster, baselines
from rnn_pkg.tasks.parts import (
    NOTHING,
    Origins,
    Parts,
    Values,
    bridged,
    future,
    histories,
    parts_of,
)

COVERAGE = 0.8
"""The part of the truth that the intervals are meant to hold."""


class Row(NamedTuple):
    """What one model reached. All but `mase` and `coverage80` is in the units of the series.

    Attributes:
        name: of the model.
        mase: the mean absolute scaled error: `mae` in units of `Backtest.scale`; NaN if that is 0.
        rmse: the root of the mean squared error.
        mae: the mean absolute error.
        coverage80: how much of the truth its intervals held, 0 to 1, meant to be COVERAGE.
        width80: the mean width of the intervals.
        errors: (H,), the mean absolute error by step ahead; NaN where no truth is known.
        forecasts: (K, H).
        lower, upper: (K, H), the intervals, from the 0.1 to the 0.9 quantile.
        offsets: (2, H), what is to be added to a forecast from the end of the series for its 0.1
            and 0.9 quantiles.
    """

    name: str
    mase: float
    rmse: float
    mae: float
    coverage80: float
    width80: float
    errors: Values
    forecasts: Values
    lower: Values
    upper: Values
    offsets: Values


class Backtest(NamedTuple):
    """What all models reached.

    Attributes:
        parts: of the series, with the horizon H.
        period: the number of values in a season; 1 if there is none.
        origins: (K,), the places in the test part that were forecast from.
        last: (K,), the last value that is known there.
        truth: (K, H), what came; NaN where it is missing, and then no error counts.
        scale: the mean absolute error, one season ahead, of repeating the season before (or the
            last value, without a season), on all that comes before the test part; 0 if that is
            exact.
        rows: one a model.
    """

    parts: Parts
    period: int
    origins: Origins
    last: Values
    truth: Values
    scale: float
    rows: list[Row]

    def row(self, name: str) -> Row:
        """Return the row of a model, which there must be."""
        return next(row for row in self.rows if row.name == name)


def backtest(
    values: Values,
    horizon: int,
    period: int = 1,
    forecasters: Sequence[Forecaster] | None = None,
    test: int | None = None,
) -> Backtest:
    """Judge forecasters on a series.

    Args:
        values: (N,), in the order of time, NaN where one is missing.
        horizon: H, the number of values to be forecast at once.
        period: the number of values in a season; 1 if there is none.
        forecasters: what to judge; None is all baselines. They are fitted here.
        test: the number of values in the test part; None is what `parts_of` takes.

    Raises:
        ValueError: the series can't be divided (see `parts_of`), or a forecaster's answer isn't
            (K, H) finite numbers.
    """
    empty = prepared(values, horizon, period, test)
    chosen = baselines(period) if forecasters is None else forecasters
    return empty._replace(rows=[judged(values, one, empty) for one in chosen])


def prepared(values: Values, horizon: int, period: int = 1, test: int | None = None) -> Backtest:
    """Return what forecasters are to be judged on, without any row.

    Args and Raises: as for `backtest`.
    """
    values = np.asarray(values, np.float64)
    parts = parts_of(values, horizon, period, test)
    origins = parts.test_origins
    return Backtest(
        parts,
        period,
        origins,
        last=histories(values, origins, 1)[:, 0],
        truth=future(values, origins, parts.horizon),
        scale=seasonal_error(values[: parts.known], period),
        rows=[],
    )


def judged(values: Values, forecaster: Forecaster, test: Backtest) -> Row:
    """Fit a forecaster and return its row.

    Args:
        values: (N,).
        forecaster: is fitted to the training part.
        test: all but its rows.
    """
    forecaster.fit(values[: test.parts.known], test.parts)
    forecasts = forecaster.forecast(values, test.parts.origins, test.parts.horizon)
    return row_of(values, forecaster.name, forecasts, test)


def row_of(values: Values, name: str, forecasts: Values, test: Backtest) -> Row:
    """Return the row of a forecaster, given what it forecast from all origins, (M, H): see
    `judged`."""
    parts, origins = test.parts, test.parts.origins
    shape = (len(origins), parts.horizon)
    if forecasts.shape != shape or not np.isfinite(forecasts).all():
        raise ValueError(
            f"the forecasts of {name} must be {shape} finite numbers, not "
            f"{forecasts.shape}, {int(np.isfinite(forecasts).sum()):,} of them finite"
        )
    residuals = future(values, origins, parts.horizon) - forecasts
    window = len(parts.calibration_origins)
    lower, upper = intervals(residuals, origins, test.origins, window)
    tested = origins >= parts.known
    forecasts, errors = forecasts[tested], np.abs(residuals[tested])
    known = ~np.isnan(errors)
    slack = NOTHING * float(np.nanmax(np.abs(values)))
    above = test.truth >= forecasts + lower - slack
    below = test.truth <= forecasts + upper + slack
    mae = float(errors[known].mean())
    counts = known.sum(0)
    by_step = np.where(known, errors, 0).sum(0) / np.where(counts, counts, np.nan)
    return Row(
        name,
        mase=mae / test.scale if test.scale else math.nan,
        rmse=math.sqrt(float(np.square(errors[known]).mean())),
        mae=mae,
        coverage80=float((above & below)[known].mean()),
        width80=float((upper - lower).mean()),
        errors=by_step,
        forecasts=forecasts,
        lower=forecasts + lower,
        upper=forecasts + upper,
        offsets=np.concatenate(intervals(residuals, origins, np.array([len(values)]), window)),
    )


def seasonal_error(values: Values, period: int) -> float:
    """Return the mean absolute error of repeating the season before, one season ahead.

    The scale of the MASE (Hyndman and Koehler, Another look at measures of forecast accuracy,
    International Journal of Forecasting 22, 2006): mean |y_t - y_{t-m}|.

    Args:
        values: (N,), more than a season.
        period: m.

    Returns:
        In the units of the series; 0 if there is nothing but rounding in it.
    """
    errors = np.abs(values[period:] - bridged(values)[:-period])
    error = float(np.nanmean(errors))
    return error if error > NOTHING * float(np.nanmax(np.abs(values))) else 0.0


def intervals(
    residuals: Values, origins: Origins, places: Origins, window: int
) -> tuple[Values, Values]:
    """Return what is to be added to a forecast so that COVERAGE of the truth lies between.

    Split conformal prediction (Vovk and others, Algorithmic Learning in a Random World, 2005), for
    each step ahead by itself, in a window that moves along: of the last n residuals whose truth is
    known at a place, those of rank ceil(0.9 (n + 1)) from below and from above. If any order
    of them were as likely as any other, at least 80 % of what comes next would lie between. That
    isn't quite so: neighbours are akin, and a series changes. So the promise is tested, by
    `Row.coverage80`. Nor need a forecast itself lie between, if it was too low again and again.
    With fewer than nine residuals there is no such rank: the largest and the smallest are taken.

    Args:
        residuals: (M, H), truth minus forecast, of every origin; NaN where the truth is missing.
        origins: (M,), ascending.
        places: (K,), where forecasts are made.
        window: the n to be taken, where there are so many.

    Returns:
        (K, H) and (K, H): lower and upper.
    """
    horizon = residuals.shape[1]
    lower, upper = np.empty((2, len(places), horizon))
    for h in range(horizon):
        known = ~np.isnan(residuals[:, h])
        column = residuals[known, h]
        seen = np.searchsorted(origins[known] + h, places)  # at each place, so many truths
        size = min(window, int(seen.min()))
        if not size:
            raise ValueError(
                f"no value is known {h + 1:,} steps ahead of an origin, so no interval can be made"
            )
        near: NDArray[np.float64] = np.sort(column[seen[:, None] + np.arange(-size, 0)], axis=1)
        rank = min(math.ceil((1 + COVERAGE) / 2 * (size + 1)), size)
        lower[:, h], upper[:, h] = near[:, size - rank], near[:, rank - 1]
    return lower, upper
