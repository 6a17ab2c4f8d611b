"""How well a series can be forecast, in plain values that a page can draw."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.look.judging import Backtest, Row
from rnn_pkg.page import answers
from rnn_pkg.page.tables import or_none, places_x, thinned
from rnn_pkg.tasks.series import Series
from rnn_pkg.training.report import describe_test, in_words

MOST_PATHS = 40
"""Forecasts from so many places are drawn, at most,"""

MOST_STEPS = 250
"""each at so many steps ahead."""

BEFORE = 2
"""What came in so many horizons before the test part is drawn, too, if it is no longer than that
part."""


def describe_judged(series: Series, test: Backtest) -> answers.Judged:
    """Return what a backtest has shown by now."""
    x = places_x(len(series), series.dates)
    paths, steps = spread(len(test.origins), MOST_PATHS), spread(test.parts.horizon, MOST_STEPS)
    places = test.origins[paths][:, None] + steps  # (K', H')
    return {
        "test": describe_test(series, test),
        "horizon": test.parts.horizon,
        "season": test.period,
        "origins": len(test.origins),
        "models": [_model(row, test, paths, steps) for row in test.rows],
        "verdict": in_words(series, test),
        "truth": _truth(series, test),
        "paths": x[places].tolist(),
        "origin_x": x[test.origins].tolist(),
        "ahead": None,
    }


def _model(
    row: Row, test: Backtest, paths: NDArray[np.int64], steps: NDArray[np.int64]
) -> answers.JudgedModel:
    return {
        "name": row.name,
        "mase": None if np.isnan(row.mase) else row.mase,
        "rmse": row.rmse,
        "mae": row.mae,
        "coverage": row.coverage80,
        "width": row.width80,
        "errors": or_none(row.errors),
        "paths": row.forecasts[paths][:, steps].tolist(),
        "residuals": or_none(test.truth[:, 0] - row.forecasts[:, 0]),
    }


def _truth(series: Series, test: Backtest) -> answers.Points:
    """Return what came in the test part, and some before it."""
    known, length = test.parts.known, test.parts.length
    start = max(0, known - min(BEFORE * test.parts.horizon, length - known))
    values = series.values[start:]
    places = thinned(values)
    x = places_x(length, series.dates)[start:]
    return {"x": x[places].tolist(), "y": or_none(values[places])}


def spread(count: int, most: int) -> NDArray[np.int64]:
    """Return which of so many are shown, evenly spread: all, or at most so many."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.int64)
