"""Loading a run out of a file that may be damaged: nothing is believed before it is checked."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Literal

import numpy as np

from rnn_pkg.checks import shortened, shown
from rnn_pkg.config import Config
from rnn_pkg.engine.cells import OWN, source_hash
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import DTYPES
from rnn_pkg.engine.parameters import parameter_shapes
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.task import ends_for
from rnn_pkg.training import checkpoint, data
from rnn_pkg.training.curve import POINTS, Curve
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.origin import BEGINNING, Origin, Stay
from rnn_pkg.training.run import Snapshot
from rnn_pkg.training.trainer import Trainer

LARGEST = 1e25
"""No weight or state grows beyond this; from a larger one, a sum of products could overflow."""

LOSSES = ("train_loss", "smooth_loss", "validation_loss", "best_loss")

LONGEST_NAME = 100
"""Most characters of a name of a program or a device."""

NOT_MEASURED = ("validation_loss", "best_step", "best_loss")
"""What of the Metrics is None before the held-out loss is measured."""

SOURCE_NOT_RUN = (
    "the model file carries the source of a cell, which would be run: read it first, as "
    "rnn_pkg.cell_source(file) returns it, then say run_source=True (--run-source)"
)

Check = Callable[[Config, Ends, int, str], None]
"""Raises ValueError to refuse a run of this config, these ends, so many characters or values, and
this dtype."""


def load(file: checkpoint.File, check: Check | None = None, run_source: bool = False) -> Trainer:
    """Return the run that `Trainer.save` wrote: it continues as if it had never stopped.

    Args:
        file: a path, or an open file.
        check: called before anything is made of what was read.
        run_source: a file may carry the source of a cell that somebody wrote, which can do here
            what any program can: it is only run if this is True. `cell_source` returns it to be
            read.

    Raises:
        ValueError: the file is not such a run, or damaged; the message says what is wrong. Or
            it has a cell's source that shall not be run, or `check` has refused it.
        OSError: it can't be read at all.
    """
    header, arrays = checkpoint.read(file)
    with _lack_named():
        return _restored(checkpoint.upgraded(header), arrays, check, run_source)


def task_in(file: checkpoint.File) -> Literal["text", "numbers"]:
    """Tell what the run of a model file has learned, by the header alone.

    Raises: as `load` does.
    """
    return "text" if checkpoint.read_header(file).get("series") is None else "numbers"


def cell_source(file: checkpoint.File) -> str | None:
    """Return the source of the cell that a model file carries, unread and unrun; None if its cell
    is one of the package's.

    Raises: as `load` does.
    """
    config = checkpoint.read_header(file).get("config")
    source = config.get("cell_source") if isinstance(config, dict) else None
    return source if isinstance(source, str) else None


def learned_in(file: checkpoint.File) -> tuple[str | Series, Config]:
    """Return what the run of a model file has learned, and its settings; a cell's source that it
    carries is not run.

    Raises: as `load` does.
    """
    header, arrays = checkpoint.read(file)
    with _lack_named():
        return _learned(checkpoint.upgraded(header), arrays)


def _learned(header: dict[str, Any], arrays: dict[str, Array]) -> tuple[str | Series, Config]:
    learned = data.restored(header["series"], arrays)
    with _damage_named():
        return learned, Config.from_mapping(header["config"])


def _restored(
    header: dict[str, Any], arrays: dict[str, Array], check: Check | None, run_source: bool
) -> Trainer:
    learned, config = _learned(header, arrays)
    dtype = header["dtype"]
    if dtype not in DTYPES:
        raise ValueError(f"a damaged model file: its dtype is {shown(dtype)}")
    if config.cell == OWN:
        if header["cell_hash"] != source_hash(config.cell_source):
            raise ValueError("a damaged model file: its cell's source has another hash")
        if not run_source:
            raise ValueError(SOURCE_NOT_RUN)

    # The parameters' shapes are checked before anything is made from what the header asks for.
    ends = ends_for(learned, config)
    shapes = parameter_shapes(config, ends).items()
    _check_arrays(arrays, {f"parameters/{name}": shape for name, shape in shapes}, dtype)
    if check is not None:
        check(config, ends, len(learned), dtype)
    with _damage_named():
        trainer = Trainer(learned, config, dtype)
    header = _checked_header(header, trainer)
    best_step = header["metrics"] and header["metrics"]["best_step"]
    best = {f"best/{name}": shape for name, shape in shapes if best_step is not None}
    expected = {name: array.shape for name, array in trainer.arrays().items()} | best
    unknown = sorted(arrays.keys() - expected.keys())
    if unknown:
        raise ValueError(f"a damaged model file: unknown arrays {', '.join(unknown[:5])}")
    _check_arrays(arrays, expected, dtype)
    if best:
        trainer.keep_best(best_step, {name: arrays[f"best/{name}"] for name, _ in shapes})
    trainer.restore(Snapshot(header, arrays))
    if not trainer.optimizer.memory_is_possible():
        raise ValueError("a damaged model file: its optimizer can't have come to what it remembers")
    return trainer


@contextmanager
def _lack_named() -> Iterator[None]:
    """Let what goes wrong with a header be known as something that it lacks."""
    try:
        yield
    except (KeyError, TypeError, ArithmeticError) as error:
        reason = f"{type(error).__name__}: {shortened(str(error), 200)}"
        raise ValueError(f"a damaged model file: its header is incomplete ({reason})") from error


@contextmanager
def _damage_named() -> Iterator[None]:
    """Let what is wrong with a value be known as damage of the file it came from."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"a damaged model file: {error}") from error


def _check_arrays(
    arrays: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]], dtype: str
) -> None:
    """Raise ValueError unless these are there, of this dtype, and of a size that can be."""
    for name, shape in shapes.items():
        if name not in arrays:
            raise ValueError(f"a damaged model file: it lacks the array {name!r}")
        array = arrays[name]
        if array.shape != shape or array.dtype != dtype:
            raise ValueError(
                f"a damaged model file: {name!r} is {array.dtype} {array.shape}, "
                f"but its settings need {dtype} {shape}"
            )
        if not name.startswith("optimizer/") and np.abs(array).max() > LARGEST:
            raise ValueError(f"a damaged model file: {name!r} has values beyond {LARGEST:g}")


def _checked_header(header: dict[str, Any], trainer: Trainer) -> dict[str, Any]:
    """Return the header as this run would have written it.

    Raises:
        ValueError, KeyError, TypeError: it can't be a state of this run.
    """
    whole("position", header["position"], trainer.task.training.size)
    whole("optimizer_steps", header["optimizer_steps"])
    if len(header["random_generators"]) != trainer.config.workers:
        raise ValueError("a damaged model file: it must have a random generator for each worker")
    for state in header["random_generators"]:
        _check_generator(state)
    steps = characters = 0
    if header["metrics"] is not None:
        metrics = Metrics(**header["metrics"])
        # The density of a Gaussian has no bound.
        least = -math.inf if trainer.task.ends.loss == "gaussian" else 0
        check_metrics(metrics, least)
        steps, characters = metrics.step, metrics.chars_seen
    for name, setting in (("rates", "learning_rate"), ("batch_sizes", "batch_size")):
        header = header | {name: _checked_history(setting, header[name], trainer.config, steps)}
    _check_counts(header, trainer, steps, characters)
    check_curve(Curve(**header["curve"]), steps)
    for values in header["origins"]:
        check_origin(Origin(**values))
    if not isinstance(header["stays"], list):
        raise ValueError("a damaged model file: its stays elsewhere are not a list")
    check_stays([Stay(**values) for values in header["stays"]], steps)
    return header


def _check_generator(state: Any) -> None:
    try:
        np.random.default_rng().bit_generator.state = state
    except ValueError as error:
        raise ValueError(f"a damaged model file: its random generator ({error})") from error


def check_metrics(metrics: Metrics, least: float) -> None:
    """Raise ValueError if a value is not a number, or below 0, or the best is none of a run.

    Args:
        metrics: what is checked.
        least: no loss can be lower.
    """
    for name, value in asdict(metrics).items():
        if value is None and name in NOT_MEASURED:
            continue
        if name in ("step", "chars_seen", "best_step"):
            whole(name, value)
        elif not (is_finite(value) and value >= (least if name in LOSSES else 0)):
            raise ValueError(f"a damaged model file: its {name} is {shown(value)}")
    best, step, last = metrics.best_loss, metrics.best_step, metrics.validation_loss
    never = best is step is None
    if not never and (
        best is None or step is None or last is None or best > last or step > metrics.step
    ):
        raise ValueError("a damaged model file: its best step is none of a run")


def _check_counts(header: dict[str, Any], trainer: Trainer, steps: int, characters: int) -> None:
    """Raise ValueError unless all that grows with the steps has grown by as many."""
    config = trainer.config
    settled, length = config.round_start(steps), config.sequence_length
    stretches = itertools.pairwise([*header["batch_sizes"], (steps, 0)])
    read = sum((end - start) * size for (start, size), (end, _) in stretches)
    for name, value, expected in (
        ("optimizer_steps", header["optimizer_steps"], settled),
        ("position", header["position"], settled * length % trainer.task.training.size),
        ("chars_seen", characters, read * config.workers * length),
    ):
        if value != expected:
            raise ValueError(
                f"a damaged model file: its {name} is {value}, but {expected} after {steps} steps"
            )


def check_curve(curve: Curve, steps: int) -> None:
    """Raise ValueError if it can't be the curve of a run of so many steps."""
    points = (curve.step, curve.train, curve.validation)
    good = (
        all(isinstance(column, list) for column in (*points, curve.pending))
        and len(curve.step) == len(curve.train) == len(curve.validation) < POINTS
        and type(curve.span) is int
        and curve.step == [curve.span * (place + 1) for place in range(len(curve.step))]
        and len(curve.pending) == steps - curve.span * len(curve.step) < curve.span
        and all(type(step) is int for step in curve.step)
        and all(is_finite(loss) for loss in (*curve.train, *curve.pending))
        and all(
            loss is None or is_finite(loss)
            for loss in (*curve.validation, curve.pending_validation)
        )
    )
    if not good:
        raise ValueError("a damaged model file: its loss curve is not one")


def check_origin(origin: Origin) -> None:
    """Raise ValueError if a value is none of an origin."""
    for name, value in asdict(origin).items():
        if name != "beginning":
            whole(name, value)
    if not isinstance(origin.beginning, str) or len(origin.beginning) > BEGINNING:
        raise ValueError(f"a damaged model file: its beginning is {shown(origin.beginning)}")


def check_stays(stays: Sequence[Stay], steps: int) -> None:
    """Raise ValueError unless these can have been taken, one after the other, in so many steps."""
    for stay in stays:
        if whole("processes", stay.processes) == 0:
            raise ValueError("a damaged model file: its processes are none")
        for name in ("by", "device"):
            text = getattr(stay, name)
            if not isinstance(text, str) or len(text) > LONGEST_NAME or not text.isprintable():
                raise ValueError(f"a damaged model file: its {name} is {shown(text)}")
        if not (is_finite(stay.seconds) and stay.seconds >= 0):
            raise ValueError(f"a damaged model file: its seconds are {shown(stay.seconds)}")
    places = [whole("stays", place) for stay in stays for place in (stay.first, stay.last)]
    empty = any(stay.first == stay.last for stay in stays)
    if empty or places != sorted(places) or places[-1:] > [steps]:
        raise ValueError("a damaged model file: its stays elsewhere are not those of a run")


def _checked_history(setting: str, pairs: Any, config: Config, steps: int) -> list[tuple[int, Any]]:
    """Return what a setting was in so many steps, as (after so many, value): the last is that of
    the config."""
    damage = f"a damaged model file: its {setting.replace('_', ' ')}s are not those of a run"
    if not isinstance(pairs, list) or any(len(pair) != 2 for pair in pairs):
        raise ValueError(damage)
    places = [whole(setting, step) for step, _ in pairs]
    # In this order, there are at most as many as steps.
    if places != sorted(set(places)) or places[:1] != [0] or places[-1] > steps:
        raise ValueError(damage)
    with _damage_named():
        checked = [(step, getattr(config.replace(**{setting: x}), setting)) for step, x in pairs]
    if checked[-1][1] != getattr(config, setting):
        raise ValueError(damage)
    return checked


def is_finite(value: Any) -> bool:
    """Tell whether this, out of a file, is a float and neither infinite nor NaN."""
    return type(value) is float and math.isfinite(value)


def whole(name: str, value: Any, limit: int = 2**53) -> int:
    """Return the value; raise ValueError unless it is a whole number from 0 to below the limit."""
    if type(value) is not int or not 0 <= value < limit:
        raise ValueError(f"a damaged model file: its {name} is {shown(value)}")
    return value
