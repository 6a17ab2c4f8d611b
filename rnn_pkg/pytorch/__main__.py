"""The command line: `torchrun --nproc-per-node N -m rnn_pkg.pytorch model.npz --out more.npz`."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from rnn_pkg.config import Config
from rnn_pkg.page.limits import check_page
from rnn_pkg.pytorch import TORCH_MISSING
from rnn_pkg.tasks.textfiles import read_files
from rnn_pkg.terminal import report
from rnn_pkg.training.trainer import Trainer, check_limits

try:
    from rnn_pkg.pytorch.processes import DEVICES, Processes, restarts, started
    from rnn_pkg.pytorch.stay import SAVE_EVERY, go_on, shared
except ModuleNotFoundError as missing:
    if missing.name != "torch":
        raise
    sys.exit(f"error: {TORCH_MISSING}")

MODEL = ".npz"
"""How the name of a model file ends; another file is a text."""

KIND = ("cell", "hidden_size", "layers")
"""What makes a new run of one that is there."""

DEFAULT_SECONDS = 60.0


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
    top.add_argument(
        "--run-source",
        action="store_true",
        help="run the source of the cell that a model file carries: read it first",
    )
    return top


def run(options: argparse.Namespace, processes: Processes) -> None:
    """Train as the options say, and save."""
    if options.steps is None and options.seconds is None:
        options.seconds = DEFAULT_SECONDS
    check_limits(options.steps, options.seconds)
    trainer = begun(options, processes)
    if restarts() and processes.from_first(options.out.exists):
        trainer = restart(trainer, options, processes)
    if processes.is_first:
        report(f"{described(trainer)}; {len_of(processes)}.")
        too_large = page_refuses(trainer)
        if too_large:
            report(f"Too large for the page: {too_large}.")
    if options.steps != 0 and options.seconds != 0:
        go_on(
            trainer, processes, options.steps, options.seconds, options.out,
            batch_size=options.batch_size, batch_per_process=options.batch_per_process,
            save_every=options.save_every,
        )  # fmt: skip
    if processes.is_first:
        report(f"Saved {options.out}, after step {trainer.steps:,}.")
        held_out = trainer.evaluate(network=trainer.best)
        if held_out is not None:
            report(f"Held-out loss {held_out:.4f} {trainer.task.words.unit}.")


def begun(options: argparse.Namespace, processes: Processes) -> Trainer:
    """Return the run to go on with, or a new one on the same data or on a text."""
    given = {name: getattr(options, name) for name in KIND if getattr(options, name) is not None}
    if options.file.suffix != MODEL:
        text = processes.from_first(lambda: read_files([options.file], None).text)
        return Trainer(text, Config.for_text(text, **given))
    check_restarts(options)
    trainer = shared(options.file, processes, options.run_source)
    if not given:
        return trainer
    data = trainer.text if trainer.task.kind == "text" else trainer.series
    if "cell" in given:
        given["cell_source"] = ""
    return Trainer(data, trainer.config.replace(**given), trainer.model.dtype)


def check_restarts(options: argparse.Namespace) -> None:
    """Raise ValueError if a restart couldn't tell how far to go."""
    may_restart = int(os.environ.get("TORCHELASTIC_MAX_RESTARTS", 0)) > 0
    if may_restart and options.out.resolve() == options.file.resolve():
        raise ValueError(
            "with --max-restarts, --out must be another file than the model: a restart goes on "
            "from --out, and sees by the model how far to go"
        )


def restart(start: Trainer, options: argparse.Namespace, processes: Processes) -> Trainer:
    """Return the run as it was last saved, and shorten the options by what it has done."""
    trainer = shared(options.out, processes, run_source=True)  # it is the source that was run
    if options.steps is not None:
        options.steps = max(0, options.steps - (trainer.steps - start.steps))
    if options.seconds is not None:
        took, before = (sum(stay.seconds for stay in run.stays) for run in (trainer, start))
        options.seconds = max(0.0, options.seconds - (took - before))
    options.batch_size, options.batch_per_process = None, None  # it has them
    if processes.is_first:
        report(f"Restarted: going on after step {trainer.steps:,}, as {options.out} has it.")
    return trainer


def described(trainer: Trainer) -> str:
    """Return what is learned by what, in a line."""
    config, task = trainer.config, trainer.task
    return (
        f"{task.whole.size:,} {task.words.parts}; {trainer.model.cell.label}, "
        f"{config.hidden_size} hidden units, layers: {config.layers}; after step {trainer.steps:,}"
    )


def len_of(processes: Processes) -> str:
    """Return how many processes compute on what."""
    one = processes.count == 1
    return f"{'1 process' if one else f'{processes.count} processes'} ({processes.device_name})"


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
    is_first = os.environ.get("RANK", "0") == "0"
    try:
        with started(options.device) as processes:
            run(options, processes)
    except (ValueError, OSError) as error:
        if is_first:
            report(f"error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
