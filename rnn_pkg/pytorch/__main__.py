"""The command line: `torchrun --nproc-per-node N -m rnn_pkg.pytorch model.npz --out more.npz`."""

import argparse
import io
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from rnn_pkg.config import Config
from rnn_pkg.engine.cells import OWN
from rnn_pkg.page.limits import check_page
from rnn_pkg.pytorch import TORCH_MISSING
from rnn_pkg.tasks.textfiles import read_files
from rnn_pkg.terminal import DEFAULT_SECONDS, add_run_source, report
from rnn_pkg.training.origin import in_processes
from rnn_pkg.training.restoring import SOURCE_NOT_RUN, learned_in
from rnn_pkg.training.trainer import Trainer, check_limits

try:
    from rnn_pkg.pytorch.processes import DEVICES, CommonError, Processes, started
    from rnn_pkg.pytorch.stay import SAVE_EVERY, SAVED, go_on, shared
except ModuleNotFoundError as missing:
    if missing.name != "torch":
        raise
    sys.exit(f"error: {TORCH_MISSING}")

MODEL = ".npz"
"""How the name of a model file ends."""

KIND = ("cell", "hidden_size", "layers")
"""What makes a new run of one that is there."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="torchrun --nproc-per-node N -m rnn_pkg.pytorch",
        description="Goes on with a run in PyTorch, or begins one, in so many processes.",
    )
    top.add_argument(
        "file",
        type=Path,
        help="a model file (.npz), from the page or from rnn_pkg; or a text to begin with",
    )
    top.add_argument("--out", type=Path, required=True, help="the model file to write (.npz)")
    top.add_argument("--steps", type=int, help="stop after so many steps")
    top.add_argument("--seconds", type=float, help="stop after so many seconds (default: 60)")
    batch = top.add_mutually_exclusive_group()
    batch.add_argument("--batch-size", type=int, help="places read at once, by all together")
    batch.add_argument("--batch-per-process", type=int, help="places read at once by each process")
    top.add_argument("--device", choices=DEVICES, default="auto", help="what to compute on")
    top.add_argument("--hidden-size", type=int, help="begin a new run with so many hidden units")
    top.add_argument("--layers", type=int, help="begin a new run with so many layers")
    top.add_argument("--cell", help="begin a new run with this cell: rnn, lstm, gru, ...")
    top.add_argument(
        "--save-every",
        type=float,
        default=SAVE_EVERY,
        help=f"seconds between two times it is saved ({SAVE_EVERY:.0f})",
    )
    add_run_source(top)
    return top


def run(options: argparse.Namespace, processes: Processes) -> None:
    """Train as the options say, and save."""
    if options.steps is None and options.seconds is None:
        options.seconds = DEFAULT_SECONDS
    check_limits(options.steps, options.seconds)
    start = begun(options, processes)
    went_on = processes.from_first(lambda: processes.remembers(SAVED) and options.out.exists())
    trainer = shared(options.out, processes, run_source=True) if went_on else start
    steps, seconds = options.steps, options.seconds
    batch_size, batch_per_process = options.batch_size, options.batch_per_process
    if went_on:  # after a restart, with what is left to do
        steps, seconds = left(start, trainer, steps, seconds)
        batch_size = batch_per_process = None
    if processes.is_first:
        where = in_processes(processes.count, processes.device_name)
        report(f"{described(trainer)}; {where}.")
        if went_on:
            report(f"Restarted: going on from {options.out}.")
        if too_large := page_refuses(trainer):
            report(f"Too large for the page: {too_large}.")
    if steps != 0 and seconds != 0:
        go_on(
            trainer, processes, steps, seconds, options.out,
            batch_size=batch_size, batch_per_process=batch_per_process,
            save_every=options.save_every,
        )  # fmt: skip
    if processes.is_first:
        report(f"Saved {options.out}, after step {trainer.steps:,}.")
        best = trainer.metrics and trainer.metrics.best_loss
        if best is not None:
            report(f"The lowest held-out loss so far is {best:.4f} {trainer.task.words.unit}.")


def begun(options: argparse.Namespace, processes: Processes) -> Trainer:
    """Return the run to go on with, or a new one on the same data or on a text."""
    given = {name: getattr(options, name) for name in KIND if getattr(options, name) is not None}
    if not processes.from_first(lambda: is_model(options.file)):
        text = processes.from_first(lambda: read_files([options.file], None).text)
        return Trainer(text, Config.for_text(text, **given))
    check_restarts(options)
    if not given:
        return shared(options.file, processes, options.run_source)
    model = processes.from_first(options.file.read_bytes)
    return processes.together(lambda: another(model, given, options.run_source))


def another(model: bytes, given: dict[str, Any], run_source: bool) -> Trainer:
    """Return a new run on the data of a model file, with its settings but for those given."""
    data, config = learned_in(io.BytesIO(model))
    if "cell" in given:
        given = given | {"cell_source": ""}
    elif config.cell == OWN and not run_source:
        raise ValueError(SOURCE_NOT_RUN)
    return Trainer(data, config.replace(**given))


def is_model(path: Path) -> bool:
    """Tell whether a file is a model file; another is a text."""
    with path.open("rb"):  # so that a missing one is named
        return zipfile.is_zipfile(path) or path.suffix == MODEL


def check_restarts(options: argparse.Namespace) -> None:
    """Raise ValueError if a restart couldn't tell how far to go."""
    may_restart = int(os.environ.get("TORCHELASTIC_MAX_RESTARTS", 0)) > 0
    if may_restart and options.out.resolve() == options.file.resolve():
        raise ValueError(
            "with --max-restarts, --out must be another file than the model: a restart goes on "
            "from --out, and sees by the model how far to go"
        )


def left(
    start: Trainer, trainer: Trainer, steps: int | None, seconds: float | None
) -> tuple[int | None, float | None]:
    """Return how many steps and seconds are left to a run that began with `start`."""
    (taken, took), (before, earlier) = (
        (sum(s.last - s.first for s in run.stays), sum(s.seconds for s in run.stays))
        for run in (trainer, start)
    )
    return (
        None if steps is None else max(0, steps - (taken - before)),
        None if seconds is None else max(0.0, seconds - (took - earlier)),
    )


def described(trainer: Trainer) -> str:
    """Return what is learned by what, in a line."""
    config, task = trainer.config, trainer.task
    return (
        f"{task.whole.size:,} {task.words.parts}; {trainer.model.cell.label}, "
        f"{config.hidden_size} hidden units, layers: {config.layers}; after step {trainer.steps:,}"
    )


def page_refuses(trainer: Trainer) -> str | None:
    """Return why the page couldn't take this run; None if it can."""
    try:
        size, dtype = trainer.task.whole.size, trainer.model.dtype.name
        check_page(trainer.config, trainer.task.ends, size, dtype)
    except ValueError as error:
        return str(error)
    return None


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 with one line on stderr that says what was wrong."""
    options: Any = parser().parse_args(arguments)
    number = int(os.environ.get("RANK", "0"))
    try:
        with started(options.device) as processes:
            run(options, processes)
    except CommonError as error:
        if number == 0:
            report(f"error: {error}")
        return 1
    except (ValueError, OSError) as error:
        report(f"error: {error}" if number == 0 else f"process {number}: error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
