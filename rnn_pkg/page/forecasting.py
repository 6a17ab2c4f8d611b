"""Forecasts in plain values that a page can draw."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.page import answers
from rnn_pkg.page.tables import seconds
from rnn_pkg.tasks.parts import LARGEST, Dates, Values
from rnn_pkg.tasks.series import Series
from rnn_pkg.training.report import as_csv


def describe_forecast(
    series: Series, found: Mapping[str, Values | Sequence[float]], step: int | None
) -> answers.Forecast:
    """Return a forecast.

    Args:
        series: what it follows.
        found: "mean", "0.1", "0.5" and "0.9", (H,) each.
        step: of the run after which its network forecasts; None if it is no run's.
    """
    values = {name: finite_values(np.asarray(each)) for name, each in found.items()}
    horizon = len(values["mean"])
    dates = series.dates_ahead(horizon)
    if dates is None:
        names = [f"+{step}" for step in range(1, horizon + 1)]
    else:
        names = [series.date_text(date) for date in dates]
    return {
        "step": step,
        "x": x_ahead(series, dates, horizon).tolist(),
        "dates": names,
        "mean": values["mean"],
        "lower": values["0.1"],
        "upper": values["0.9"],
        "csv": as_csv(series, values),
    }


def finite_values(values: Values) -> list[float]:
    """Return values that can be drawn, those too large as the largest that a series can have."""
    return [float(value) for value in np.clip(values, -LARGEST, LARGEST)]


def x_ahead(series: Series, dates: Dates | None, horizon: int) -> NDArray[np.float64]:
    """Return where the steps that follow a series are drawn, (H,), given their dates if they are
    known; dates without a calendar go on as they have, in the mean."""
    ahead = np.arange(1, horizon + 1)
    if series.dates is None:
        return len(series) + ahead.astype(np.float64)
    if dates is not None:
        return seconds(dates)
    known = seconds(series.dates)
    mean = (known[-1] - known[0]) / (len(known) - 1)
    return np.asarray(known[-1] + mean * ahead, np.float64)
