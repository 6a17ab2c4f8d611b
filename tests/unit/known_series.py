"""Series that are known, for tests: facts as the page has them."""

import csv
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "web/examples/series"


def facts(name):
    """Return a series of the page's, NaN where a value is missing; in Pyodide there are none."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([float(value) if value else np.nan for _, value in rows])
