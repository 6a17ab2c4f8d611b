"""What a training in a terminal shows, and how it is stopped."""

import math
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rnn_pkg.training import checkpoint
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.rescue import Rescuer
from rnn_pkg.training.trainer import Trainer

SHOWN_EVERY = 0.5
"""Seconds between two looks at how it goes and whether to stop, unless a step takes longer."""

DEFAULT_SECONDS = 60.0
"""So long is trained if nobody says how long."""

LINE_EVERY = 5.0
"""Seconds between two lines of progress where there is no progress bar."""


def add_run_source(command: ArgumentParser) -> None:
    """Add the option without which no source is run that a model file carries."""
    command.add_argument(
        "--run-source",
        action="store_true",
        help="run the source of the cell that a model file carries: read it first",
    )


def check_writable(path: Path) -> None:
    """Raise ValueError or OSError now rather than after an hour of training."""
    if path.is_dir():
        raise ValueError(f"--out: {str(path)!r} is a folder; it must be the name of a file")
    if not path.parent.is_dir():
        raise ValueError(f"--out: there is no folder {str(path.parent)!r}")
    partial = checkpoint.partial_path(path)
    partial.open("wb").close()
    partial.unlink()


def train(
    trainer: Trainer,
    steps: int | None,
    seconds: float | None,
    patience: int | None = None,
    stops: Callable[[bool], bool] = bool,
    quietly: bool = False,
) -> None:
    """Train until a limit is reached or somebody stops it, showing how it goes.

    Args:
        trainer, steps, seconds: what to train, and how long: see `Trainer.train`.
        patience: stop when the held-out part was tried so often in a row without a new best.
        stops: is told after each step whether the time is up, and says whether to stop. Without
            it, training stops when the time is up.
        quietly: show nothing, for another process does.
    """
    start = time.perf_counter()
    end = math.inf if seconds is None else start + seconds
    show, close = (nothing, nothing) if quietly else progress(steps, seconds)
    rescuer, first, last = Rescuer(trainer), trainer.steps, trainer.steps + (steps or math.inf)
    try:
        while True:
            soon = min(end, time.perf_counter() + SHOWN_EVERY)
            rescue = rescuer.step(trainer.steps_within(last - trainer.steps, soon))
            done = trainer.steps - first
            if rescue and not quietly:
                report(f"\n{rescue.message}")
            elapsed = time.perf_counter() - start
            if trainer.metrics:
                show(done, elapsed, trainer.metrics)
            time_is_up = seconds is not None and elapsed >= seconds
            given_up = rescue is not None and rescue.gives_up
            all_done = steps is not None and done >= steps
            if stops(time_is_up) or all_done or given_up:
                return
            if patience is not None and trainer.in_vain >= patience:
                report(f"\nStopped after {patience} measurements in a row without a new best.")
                return
    finally:
        close()


@contextmanager
def interruption(quietly: bool = False) -> Iterator[Callable[[], bool]]:
    """Give what tells whether Ctrl-C was pressed, or the system wants the program to end: no step
    and no saving is left half done. `quietly` says nothing about it."""
    pressed = False

    def press(*_: object) -> None:
        nonlocal pressed
        again, pressed = pressed, True  # first of all: the next one may come while this is told
        if not (again or quietly):
            report("\nStopping after this step ...")

    on_main = threading.current_thread() is threading.main_thread()  # others can't be told
    kinds = (signal.SIGINT, signal.SIGTERM) if on_main else ()
    before = {kind: signal.signal(kind, press) for kind in kinds}
    try:
        yield lambda: pressed
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def nothing(*_: object) -> None:
    """Show nothing."""


def progress(
    steps: int | None, seconds: float | None
) -> tuple[Callable[[int, float, Metrics], None], Callable[[], None]]:
    """Return what shows progress and what ends the showing: a tqdm bar, or lines without tqdm."""
    try:
        from tqdm import tqdm
    except ImportError:
        return progress_lines(), nothing
    if steps is not None:
        total, unit = float(steps), "steps"
    else:
        total, unit = seconds or 0.0, "s"
    bar = tqdm(total=total, bar_format="{l_bar}{bar}| {n:.0f}/{total:.0f} " + unit + "{postfix}")

    def show(done: int, elapsed: float, metrics: Metrics) -> None:
        bar.set_postfix_str(summary(metrics), refresh=False)
        bar.update(min(done if steps is not None else elapsed, total) - bar.n)

    return show, bar.close


def progress_lines() -> Callable[[int, float, Metrics], None]:
    """Return what prints a line every few seconds."""
    last = -LINE_EVERY

    def show(done: int, elapsed: float, metrics: Metrics) -> None:
        nonlocal last
        if elapsed - last >= LINE_EVERY:
            last = elapsed
            report(f"{elapsed:6.0f} s  {summary(metrics)}")

    return show


def summary(metrics: Metrics) -> str:
    """Return the numbers of a step in one line."""
    held_out = metrics.validation_loss
    return f"step {metrics.step}  loss {metrics.smooth_loss:.3f}" + (
        "" if held_out is None else f"  held out {held_out:.3f}"
    )


def report(line: str) -> None:
    """Tell the person, on stderr: stdout is for what was asked for."""
    print(line, file=sys.stderr, flush=True)
