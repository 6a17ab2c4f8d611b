"""A judged forecast as text: a table to read, and JSON and CSV for programs."""

import json
import math
from typing import Any

from rnn_pkg.look.judging import Backtest
from rnn_pkg.look.verdict import NETWORK, late, verdict
from rnn_pkg.tasks.series import Series

SEASONS = {"monthly": "year", "quarterly": "year", "weekly": "year", "daily": "week"}
"""What the season of a calendar is called, if it is the one that its dates propose."""

COLUMNS = ("MASE", "RMSE", "MAE", "Coverage", "Width")


def season_name(series: Series, period: int) -> str:
    """Return what a season of so many values is called: "year", or just "season"."""
    usual = period == series.calendar_period
    return SEASONS.get(str(series.calendar), "season") if usual else "season"


def describe_test(series: Series, test: Backtest) -> str:
    """Return in a sentence what was forecast, from where."""
    name = f"“{series.name}”, " if series.name else ""
    season = f"season {test.period}" if test.period > 1 else "no season"
    parts, origins = test.parts, len(test.origins)
    return (
        f"{name}{parts.length:,} values, {season}: forecast {parts.horizon} steps ahead, "
        f"{'once' if origins == 1 else f'{origins} times'}, in the last "
        f"{parts.length - parts.known:,} values, of which the models know nothing."
    )


def as_table(test: Backtest) -> str:
    """Return a row a model: its errors, how much of the truth its 80 % intervals held, and how wide
    these are."""
    width = max(len(row.name) for row in test.rows)
    lines = ["  ".join([" " * width, *(f"{name:>10}" for name in COLUMNS)])]
    for row in test.rows:
        numbers = (row.mase, row.rmse, row.mae, row.coverage80, row.width80)
        texts = [f"{numbers[0]:10.3f}", *(f"{n:10.4g}" for n in numbers[1:3])]
        texts += [f"{100 * numbers[3]:8.0f} %", f"{numbers[4]:10.4g}"]
        lines.append("  ".join([f"{row.name:{width}}", *texts]))
    return "\n".join(lines)


def in_words(series: Series, test: Backtest) -> str:
    """Return the verdict, and an alarm if the network merely says the last value, late."""
    words = [verdict(test, season_name(series, test.period)).message]
    alarms = [late(test, row) for row in test.rows if row.name == NETWORK]
    return " ".join([*words, *filter(None, alarms)])


def as_json(series: Series, test: Backtest, forecast: dict[str, list[float]]) -> str:
    """Return all of it as one object; a number that there is none of is null."""

    def plain(number: float) -> float | None:
        return number if math.isfinite(number) else None

    models = {
        row.name: {
            name: plain(getattr(row, name))
            for name in ("mase", "rmse", "mae", "coverage80", "width80")
        }
        for row in test.rows
    }
    whole: dict[str, Any] = {
        "series": {"n": len(series), "season": test.period, "column": series.name},
        "backtest": {
            "origins": len(test.origins),
            "horizon": test.parts.horizon,
            "models": models,
        },
        "verdict": in_words(series, test),
        "forecast": {name: [plain(x) for x in values] for name, values in forecast.items()},
    }
    return json.dumps(whole, indent=1, allow_nan=False)


def as_csv(series: Series, forecast: dict[str, list[float]]) -> str:
    """Return the forecast, a row a step: its date or how many steps ahead, the mean, and the
    quantiles."""
    horizon = len(forecast["mean"])
    dates = series.dates_ahead(horizon)
    if dates is None:
        first, steps = "step", [str(step) for step in range(1, horizon + 1)]
    else:
        first, steps = "date", [series.date_text(date) for date in dates]
    rows = [[first, *forecast]]
    for step, *values in zip(steps, *forecast.values(), strict=True):
        rows.append([step, *(repr(value) for value in values)])
    return "".join(",".join(row) + "\n" for row in rows)


def backtest_csv(series: Series, test: Backtest) -> str:
    """Return every forecast of the test part, a row each: the last value that was known, how many
    steps ahead, which value it is, what came, and what each model had forecast. Values are named by
    their dates, or counted from 1."""
    columns = [row.forecasts.tolist() for row in test.rows]  # (K, H) each
    named = "value" if series.dates is None else "date"
    rows = [["origin", "step", named, "truth", *(row.name for row in test.rows)]]
    for k, origin in enumerate(test.origins.tolist()):
        known = series.name_of(origin - 1)
        for h, truth in enumerate(test.truth[k].tolist()):
            came = "" if math.isnan(truth) else repr(truth)
            said = [repr(column[k][h]) for column in columns]
            rows.append([known, str(h + 1), series.name_of(origin + h), came, *said])
    return "".join(",".join(row) + "\n" for row in rows)
