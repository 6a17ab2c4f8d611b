"""What the network makes of each example series, beside what needs no network."""

from __future__ import annotations

import re
import sys
import time
from typing import Any

import rnn_pkg
from rnn_pkg.look.verdict import NETWORK, verdict
from rnn_pkg.tasks.generated import MADE
from rnn_pkg.training.report import season_name
from web.tools.steps import WEB

EXAMPLES = WEB / "examples"

Example = tuple[rnn_pkg.Series, int, int]
"""Values, season and horizon."""

LISTED = re.compile(
    r'key: "(.+?)",\s+label: .+?(?:\s+file: "(.+?)",)?\s+season: (\d+),\s+horizon: (\d+)'
)
"""An example in the page's list; one without a file is made by equations."""


def measure(seconds: float) -> dict[str, Any]:
    """Judge the network on each series, and train at most so long on each; return a row for each.

    "simple" is the best of the others, as the test part itself shows.
    """
    return {"rows": [row(name, *example, seconds) for name, example in examples().items()]}


def examples() -> dict[str, Example]:
    """Return those of the page's list by their keys."""
    return {
        key: (
            rnn_pkg.Series.from_csv(EXAMPLES / file) if file else rnn_pkg.Series(MADE[key]()),
            int(season),
            int(horizon),
        )
        for key, file, season, horizon in LISTED.findall((EXAMPLES / "series/index.js").read_text())
    }


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
