"""A run's stay in PyTorch: how it goes there, is saved on the way, and comes back."""

import io
import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import torch

from rnn_pkg.checks import checked_number, shown
from rnn_pkg.config import settings
from rnn_pkg.pytorch.learner import TorchTeam
from rnn_pkg.pytorch.processes import Processes, started
from rnn_pkg.terminal import check_writable, interruption, train
from rnn_pkg.training.in_turn import InTurn
from rnn_pkg.training.origin import Stay
from rnn_pkg.training.restoring import load
from rnn_pkg.training.trainer import Trainer, check_limits

SAVE_EVERY = 60.0
"""Seconds between two times that a run is saved while it is trained."""

SAVED = "rnn_pkg/saved"
"""By this, processes that are started after others have died know that there is something to go on
from."""

OLDEST_TORCH = (2, 5)
"""Older ones have no fused Adam for CPUs."""


def continue_training(
    run: str | os.PathLike[str] | BinaryIO | Trainer,
    steps: int | None = None,
    seconds: float | None = None,
    out: str | os.PathLike[str] | None = None,
    *,
    batch_size: int | None = None,
    batch_per_process: int | None = None,
    device: str = "auto",
    run_source: bool = False,
    save_every: float = SAVE_EVERY,
) -> Trainer:
    """Go on with a run in PyTorch, until a limit is reached; Ctrl-C ends it earlier.

    Args:
        run: a model file, from here or from the page; or a Trainer, which is changed.
        steps, seconds: how long, whichever ends first.
        out: the model file to write, every `save_every` seconds and at the end; None writes none.
        batch_size: how many places each step reads from here on, all processes together; None
            leaves it as it was. A round of a run with several workers is ended before.
        batch_per_process: the same, for each process.
        device: "cpu", "cuda", or "auto": a GPU if there is one.
        run_source: see `rnn_pkg.load`.

    Returns:
        The run, which goes on in NumPy as any other. Its `stays` tell what was trained where.

    Raises:
        ValueError: an argument is wrong, or the file; the message says what would be right.
        OSError: a file can't be read or written.
    """
    check_limits(steps, seconds)
    with started(device) as processes:
        trainer = run if isinstance(run, Trainer) else shared(run, processes, run_source)
        go_on(
            trainer, processes, steps, seconds, None if out is None else Path(out),
            batch_size=batch_size, batch_per_process=batch_per_process, save_every=save_every,
        )  # fmt: skip
        return trainer


def shared(
    file: str | os.PathLike[str] | BinaryIO, processes: Processes, run_source: bool = False
) -> Trainer:
    """Return the run of a model file, which the first process reads for all."""

    if not (isinstance(file, (str, os.PathLike)) or hasattr(file, "read")):
        raise ValueError(
            "what to go on with must be a path, an open file or a rnn_pkg.Trainer, not "
            f"{shown(file)}"
        )

    def contents() -> bytes:
        return Path(file).read_bytes() if isinstance(file, (str, os.PathLike)) else file.read()

    model = processes.from_first(contents)
    return processes.together(lambda: load(io.BytesIO(model), run_source=run_source))


def go_on(
    trainer: Trainer,
    processes: Processes,
    steps: int | None,
    seconds: float | None,
    out: Path | None = None,
    *,
    batch_size: int | None = None,
    batch_per_process: int | None = None,
    save_every: float = SAVE_EVERY,
) -> None:
    """Go on with a run in these processes: see `continue_training`."""
    check_version()
    checked_number("save_every", save_every, 0, 1e9, float)
    processes.from_first(lambda: None if out is None else check_writable(out))
    processes.together(lambda: set_batch(trainer, processes, batch_size, batch_per_process))
    team = processes.together(lambda: TorchTeam(trainer, processes))
    trainer.in_turn, trainer.tried = team, team.reader
    first, earlier, start = trainer.steps, trainer.stays, time.monotonic()
    saved, saved_step = start, first

    def save() -> None:
        nonlocal saved, saved_step
        team.fetch()
        if trainer.steps > first:
            name, device = f"PyTorch {torch.__version__}", processes.device_name
            took = time.monotonic() - start
            stay = Stay(first, trainer.steps, name, device, processes.count, took)
            trainer.stays = joined(earlier, stay)
        if processes.is_first and out is not None:
            trainer.save(out)
            processes.remember(SAVED)
        saved, saved_step = time.monotonic(), trainer.steps

    def stops(time_is_up: bool) -> bool:
        is_due = time.monotonic() - saved >= save_every
        # Clocks differ: the first process's counts.
        is_due, is_up = (processes.is_first and flag for flag in (is_due, time_is_up))
        is_due, is_over = processes.any(is_due, is_up or interrupted())
        if is_due and not is_over:
            save()
        return is_over

    quietly = not processes.is_first
    with interruption(quietly) as interrupted:  # which spares the last save, too
        try:
            train(trainer, steps, seconds, None, stops, quietly)
            save()
        except Exception as error:
            if processes.count == 1:
                with suppress(Exception):  # of two errors, the first one tells more
                    save()
            if isinstance(error, torch.OutOfMemoryError):
                raise ValueError(
                    f"{processes.device_name} has too little memory: choose a smaller batch, or "
                    "start more processes"
                ) from error
            if processes.count == 1 or not isinstance(error, RuntimeError):
                raise
            # The states of what the others read are theirs, and they may be gone.
            kept = "" if out is None else f" {out} holds the run as it was saved last."
            kept = kept if saved_step > first else ""
            raise ConnectionError(f"the processes can't go on together ({error}).{kept}") from error
        finally:
            trainer.in_turn, trainer.tried = InTurn(trainer), None


def set_batch(
    trainer: Trainer, processes: Processes, batch_size: int | None, batch_per_process: int | None
) -> None:
    """Have the run read so many places at once, if that is asked for: see `continue_training`."""
    if batch_per_process is not None:
        if batch_size is not None:
            raise ValueError(
                "batch_size is that of all processes together, batch_per_process that of each: "
                "give one of them"
            )
        batch_size = batch_per_process * processes.count
        most = settings()["batch_size"][1].maximum
        if batch_size > most:
            raise ValueError(
                f"{processes.count} processes with {batch_per_process} places each would read "
                f"{batch_size} at once, and the most is {most:.0f}"
            )
    if batch_size is not None and batch_size != trainer.config.batch_size:
        while trainer.settled != trainer.steps:  # a round that has begun is ended as it began
            trainer.step()
        trainer.set_batch_size(batch_size)


def joined(earlier: list[Stay], stay: Stay) -> list[Stay]:
    """Return the stays of a run with one more, which may go on with the last."""
    if earlier:
        *others, last = earlier
        whole = replace(stay, first=last.first, seconds=last.seconds + stay.seconds)
        if last == replace(whole, last=stay.first, seconds=last.seconds):
            return [*others, whole]
    return [*earlier, stay]


def check_version() -> None:
    """Raise ValueError if this PyTorch is too old."""
    release = tuple(int(part) for part in torch.__version__.split(".")[:2])
    if release < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        raise ValueError(
            f"rnn_pkg.pytorch needs PyTorch {oldest} or newer, and this is {torch.__version__}: "
            "pip install --upgrade torch"
        )
