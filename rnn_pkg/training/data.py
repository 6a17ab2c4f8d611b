"""What a run learns, as its file has it: plain values in the header, and arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_pkg.engine.linalg import Array
from rnn_pkg.tasks.characters import Characters
from rnn_pkg.tasks.numbers import Numbers
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.task import Task
from rnn_pkg.tasks.text import check_trainable

TEXT, VALUES, MISSING, DATES = "text", "series/values", "series/missing", "series/dates"


def stored(task: Task) -> tuple[dict[str, Any] | None, dict[str, Array]]:
    """Return what is learned: of a series its plain values, and the arrays by their names."""
    if isinstance(task, Characters):
        return None, {TEXT: np.frombuffer(task.text.encode("utf-8", "surrogatepass"), np.uint8)}
    if not isinstance(task, Numbers):
        raise TypeError(f"no way to store {type(task).__name__}")
    series = task.series
    missing = np.isnan(series.values)
    arrays: dict[str, Array] = {
        VALUES: np.where(missing, 0.0, series.values),
        MISSING: missing.astype(np.uint8),
    }
    if series.dates is not None:  # in milliseconds, which a float64 holds exactly
        arrays[DATES] = series.dates.astype(np.int64).astype(np.float64)
    return {"period": series.period, "name": series.name, "notes": list(series.notes)}, arrays


def restored(plain: Mapping[str, Any] | None, arrays: dict[str, Array]) -> str | Series:
    """Return what `stored` was given, and take its arrays out of those of the file.

    Raises:
        ValueError: it is damaged.
        KeyError: it is incomplete.
    """
    if plain is None:
        return _text(arrays.pop(TEXT))
    values, missing, dates = arrays.pop(VALUES), arrays.pop(MISSING), arrays.pop(DATES, None)
    if values.dtype != np.float64 or missing.dtype != np.uint8 or values.shape != missing.shape:
        raise ValueError("a damaged model file: its values are not those of a series")
    values = np.where(missing, np.nan, values)
    if dates is not None:
        if dates.dtype != np.float64 or not (np.abs(dates) < 2**53).all():
            raise ValueError("a damaged model file: its dates are not dates")
        dates = dates.astype(np.int64).astype("datetime64[ms]")
    notes = plain["notes"]
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise ValueError("a damaged model file: the notes of its series are not texts")
    try:
        return Series(values, plain["period"], dates, plain["name"], plain["notes"])
    except ValueError as error:
        raise ValueError(f"a damaged model file: {error}") from error


def _text(array: Array) -> str:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise ValueError("a damaged model file: its text is not bytes")
    try:
        text = array.tobytes().decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ValueError(f"a damaged model file: its text is not UTF-8 ({error})") from error
    try:
        check_trainable(text)
    except ValueError as error:
        raise ValueError(f"a damaged model file: {error}") from error
    return text
