"""What `python build.py bench` measures: the speed of training, and what it learns in a minute."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import sync_playwright

from rnn_pkg.engine.cells import CELLS
from tests.bench import boot, limit, quality, series, short, speed, table, torch_run, ways
from tests.bench.ways import Way, Work
from tests.browser import launch
from web.tools.steps import BuildError

WORKS = ("tutorial", *CELLS)
USUAL = ("tutorial", *ways.PEERS_CELLS)
TUTORIAL_SHAPE = (1, 32)
SAME_LOSS = 1e-3
"""How far, of their mean, the first losses of ways that train the same may lie apart."""


T = TypeVar("T")


def list_of(read: Callable[[str], T]) -> Callable[[str], list[T]]:
    """Reads what is separated by commas."""

    def read_list(text: str) -> list[T]:
        try:
            return [read(part) for part in text.split(",")]
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read_list


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"{text!r} is none of {', '.join(names)}")
        return text

    return read


def shape(text: str) -> tuple[int, int]:
    batch, _, sequence = text.partition("x")
    if not (batch.isdecimal() and sequence.isdecimal()):
        raise ValueError(f"{text!r} is not a shape such as 16x32")
    return int(batch), int(sequence)


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py bench",
        description="Trains the same networks in Chromium and natively, by this project's engine, "
        "TensorFlow.js and PyTorch in turn, and prints their speeds. With --text, trains a text in "
        "the page and prints how well it is known after a twelfth, a quarter, half and all of the "
        "time. With --short, trains the first 4,000, 16,000, 64,000 and 256,000 characters of a "
        "text, and prints what the network and what counting n-grams reach. With --series, judges "
        "the network's forecasts of each example series. With --torch-run, takes the same steps on "
        "a text in the page's engine, in NumPy and in PyTorch. With --boot, starts "
        "the page and a bare one in turn and prints how long that takes.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--seconds",
        type=float,
        help="of each round of each way (default: 1); with --text or --short, of training "
        "(default: 60), with --series at most",
    )
    parser.add_argument(
        "--rounds", type=int, help="medians of so many (default: 3; with --boot, 5)"
    )
    parser.add_argument("--boot", action="store_true", help="measure the start instead")
    speeds = parser.add_argument_group("speed")
    for name, read, default, help in (
        ("--cells", one_of(WORKS), ",".join(USUAL), f"kinds of network, of {', '.join(WORKS)}"),
        ("--hidden", int, "64,128,256", "numbers of hidden units"),
        ("--shapes", shape, "16x32,32x64", "sequences read at once x characters of each"),
        ("--ways", one_of(ways.NAMES), ",".join(ways.NAMES), "who trains"),
    ):
        speeds.add_argument(
            name,
            type=list_of(read),
            default=default,
            metavar="LIST",
            help=f"{help} (default: %(default)s)",
        )
    texts = parser.add_argument_group("what is learned")
    texts.add_argument("--text", type=Path, metavar="FILE", help="the text to learn")
    texts.add_argument(
        "--workers",
        type=list_of(int),
        default=[],
        metavar="LIST",
        help="with --text, train it once with each of these numbers of workers (default: once with "
        "as many as the page chooses), and tell when each knew it as well as the first in the end",
    )
    texts.add_argument(
        "--against-tfjs",
        action="store_true",
        help="TensorFlow.js learns it afterwards for the same time, begun as usual and as the page",
    )
    texts.add_argument("--short", type=Path, metavar="FILE", help="the text to take pieces of")
    texts.add_argument(
        "--start", type=int, default=0, help="with --short, the character that they begin with"
    )
    texts.add_argument(
        "--native", action="store_true", help="with --short, train natively, not in the page"
    )
    texts.add_argument(
        "--torch-run",
        type=Path,
        metavar="FILE",
        help="the text to take the same steps on in the page's engine, NumPy and PyTorch, with "
        "each number of hidden units",
    )
    texts.add_argument(
        "--series", action="store_true", help="judge forecasts of the example series, natively"
    )
    return parser


def works(
    cells: Sequence[str], sizes: Sequence[int], shapes: Sequence[tuple[int, int]]
) -> list[Work]:
    """Everything to measure; the tutorial's class reads one sequence, so it has one shape."""
    return [
        Work(cell, size, *shape)
        for cell in cells
        for size, shape in itertools.product(
            sizes, [TUTORIAL_SHAPE] if cell == "tutorial" else shapes
        )
    ]


def measure(
    work: Work,
    ways: dict[str, Way],
    rounds: int,
    seconds: float,
    product: Callable[[float], float] | None = None,
) -> dict[str, Any]:
    """One row: the median characters per second of each way, and how near to its limit "simd" is.

    The ways take turns, so that what else the machine does hits all alike; so does the kernels'
    product, if it is given, which sets the limit (see limit.py).
    """
    losses = {name: way.begin(work) for name, way in ways.items()}
    check_equal(losses, work)
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    products: list[float] = []
    for _ in range(rounds):
        for name, way in ways.items():
            speeds[name].append(way.run(seconds) * work.batch_size * work.sequence_length)
        if product:
            products.append(product(seconds))
    medians = {name: statistics.median(measured) for name, measured in speeds.items()}
    simd = medians.get("simd")
    ratios = {name: simd / median for name, median in medians.items() if simd and name != "simd"}
    return vars(work) | {
        "characters_per_second": medians,
        "characters_per_second_by_round": speeds,
        "simd_ratio_to": ratios,
        "simd_limit": limit.of(speeds["simd"], products, operations(work)) if products else None,
        "first_losses": losses,
    }


def operations(work: Work) -> int:
    """Floating-point operations of the products for each character that is read."""
    trainer = speed.trainer(*astuple(work))
    return limit.operations_per_character(trainer.config, len(trainer.vocabulary))


def check_equal(losses: dict[str, list[float]], work: Work) -> None:
    """Ways whose losses differ do not train the same network on the same text."""
    for step in zip(*losses.values(), strict=True):
        if max(step) - min(step) > SAME_LOSS * statistics.mean(step):
            raise BuildError(f"{work}: the ways differ, their first losses are {losses}")


def measure_speeds(options: argparse.Namespace) -> dict[str, Any]:
    rows, rounds = [], options.rounds or 3
    with sync_playwright() as playwright:
        browser = launch(playwright)
        with ways.started(browser, options.ways) as (started, versions):
            todo = works(options.cells, options.hidden, options.shapes)
            for number, work in enumerate(todo, 1):
                label = " ".join(table.label(vars(work)).split())
                print(f"{number} of {len(todo)}: {label}", file=sys.stderr)
                names = ways.names_for(work.cell)
                able = {name: way for name, way in started.items() if name in names}
                simd = able.get("simd")
                product = simd.product_speed if isinstance(simd, ways.InPage) else None
                rows.append(measure(work, able, rounds, options.seconds or 1.0, product))
        browser.close()
    return {"versions": versions, "rounds": rounds, "rows": rows}


def main(arguments: list[str] | None = None) -> None:
    parser = command_line()
    options = parser.parse_args(arguments)
    for file in filter(None, (options.text, options.short, options.torch_run)):
        if not file.is_file():
            parser.error(f"there is no file {file}")
    with contextlib.redirect_stdout(sys.stderr):  # what the preparations say
        if options.boot:
            result = boot.measure(options.rounds or 5)
            lines = table.of_boot(result)
        elif options.text:
            result = quality.measure(
                options.text, options.seconds or 60.0, options.against_tfjs, options.workers
            )
            lines = table.of_quality(result)
        elif options.short:
            seconds = options.seconds or 60.0
            result = short.measure(options.short, seconds, options.start, options.native)
            lines = table.of_short(result)
        elif options.torch_run:
            result = torch_run.measure(options.torch_run, options.hidden)
            lines = table.of_torch_run(result)
        elif options.series:
            result = series.measure(options.seconds or 60.0)
            lines = table.of_series(result)
        else:
            result = measure_speeds(options)
            lines = table.of_speeds(result)
    print(json.dumps(result, indent=1) if options.json else lines)


if __name__ == "__main__":
    try:
        main()
    except (BuildError, OSError) as error:
        sys.exit(str(error))
