"""What the network makes of each example series, beside what needs no network."""

from __future__ import annotations

import re
import sys
import time
from typing import Any

import rnn_pkg
from rnn_pkg.look.verdict import NETWORK, verdict
from rnn_pkg.tasks import generated
from rnn_pkg.training.report import season_name
from web.tools.steps import WEB

FACTS = WEB / "examples/series"

Example = tuple[rnn_pkg.Series, int, int]
"""Values, season and horizon."""

MADE = {
    "sine": (rnn_pkg.Series(generated.sine()), 25, 25),
    "noisy sine": (rnn_pkg.Series(generated.sine(noise=0.3)), 25, 25),
    "trend and season": (rnn_pkg.Series(generated.trend_and_season()), 12, 12),
    "Mackey-Glass": (rnn_pkg.Series(generated.mackey_glass()), 1, 30),
    "Lorenz": (rnn_pkg.Series(generated.lorenz()), 1, 30),
}
"""Series that are made by equations."""


def measure(seconds: float) -> dict[str, Any]:
    """Judge the network on each series, and train at most so long on each; return a row for each.

    "simple" is the best of the others, as the test part itself shows.
    """
    return {"rows": [row(name, *example, seconds) for name, example in examples().items()]}


def examples() -> dict[str, Example]:
    """Return each by its name: those of the page's list, and those that are made."""
    listed = re.findall(
        r'file: "(.+?)",\s+season: (\d+|null),\s+horizon: (\d+)', (FACTS / "index.js").read_text()
    )
    facts = {
        file.removesuffix(".csv"): (
            rnn_pkg.Series.from_csv(FACTS / file),
            1 if season == "null" else int(season),
            int(horizon),
        )
        for file, season, horizon in listed
    }
    return facts | MADE


def row(
    name: str, series: rnn_pkg.Series, season: int, horizon: int, seconds: float
) -> dict[str, Any]:
    """Judge the network on a series."""
    print(f"{name} ...", file=sys.stderr)
    start = time.perf_counter()
    test = rnn_pkg.backtest(series, horizon, season, seconds=seconds)
    took = time.perf_counter() - start
    network = test.row(NETWORK)
    simple = min((row for row in test.rows if row is not network), key=lambda row: row.mae)
    return {
        "name": name,
        "values": len(series),
        "season": season,
        "horizon": horizon,
        "origins": len(test.origins),
        "simple": simple.name,
        "simple_mase": simple.mase,
        "network_mase": network.mase,
        "coverage80": network.coverage80,
        "seconds": took,
        "verdict": verdict(test, season_name(series, season)).message,
    }
