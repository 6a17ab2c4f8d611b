"""Training speed in the page and natively: `python build.py bench`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import speed
from tests.browser import launch
from tests.pyodide import run_in_pyodide, serve

LABELS = {
    "tutorial": "tutorial's RNN class, 1 x 32",
    "rnn": "engine, RNN, 16 x 32",
    "gru": "engine, GRU, 16 x 32",
    "lstm": "engine, LSTM, 16 x 32",
}


def measure_in_page(rounds: int, seconds: float) -> dict[str, float]:
    source = Path(speed.__file__).read_text("utf-8")
    code = f"{source}\nimport json\njson.dumps(measure({rounds}, {seconds}))"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        speeds: dict[str, float] = run_in_pyodide(page, serve(), code, kernels=True)
        browser.close()
    return speeds


def table(page: dict[str, float], native: dict[str, float]) -> str:
    """One row for each way; in the page with NumPy alone and with the SIMD kernels, and natively.

    The ratios in the page are to the tutorial's way there.
    """
    heads = ("in the page, NumPy", "in the page, SIMD", "natively")
    rows = [f"{'characters per second':30}" + "".join(f"{head:>20}" for head in heads)]
    for name, label in LABELS.items():
        cells = (
            (page.get(name), page["tutorial"]),
            (page.get(f"{name} simd"), page["tutorial"]),
            (native.get(name), native["tutorial"]),
        )
        rows.append(f"{label:30}" + "".join(cell(*speeds) for speeds in cells))
    return "\n".join(rows)


def cell(speed: float | None, tutorial: float) -> str:
    return " " * 20 if speed is None else f"{speed:13,.0f}{speed / tutorial:6.1f}x"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="build.py bench",
        description="Trains with 128 hidden units in Chromium and natively, and prints the speeds.",
    )
    parser.add_argument("--rounds", type=int, default=5, help="medians of so many (default: 5)")
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="of each round of each way (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    page = measure_in_page(options.rounds, options.seconds)
    native = speed.measure(options.rounds, options.seconds)
    if options.json:
        print(json.dumps({"page": page, "native": native}, indent=1))
    else:
        print(table(page, native))


if __name__ == "__main__":
    main()
