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

TEXT, VALUES, DATES = "text", "series/values", "series/dates"


def stored(task: Task) -> tuple[dict[str, Any] | None, dict[str, Array]]:
    """Return what is learned: of a series its plain values, and the arrays by their names."""
    if isinstance(task, Characters):
        return None, {TEXT: np.frombuffer(task.text.encode("utf-8", "surrogatepass"), np.uint8)}
    if not isinstance(task, Numbers):
        raise TypeError(f"no way to store {type(task).__name__}")
    series = task.series
    arrays: dict[str, Array] = {VALUES: series.values}
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
    values, dates = arrays.pop(VALUES), arrays.pop(DATES, None)
    if dates is not None:
        if dates.dtype != np.float64 or not (np.abs(dates) < 2**53).all():
            raise ValueError("a damaged model file: its dates are none")
        dates = dates.astype(np.int64).astype("datetime64[ms]")
    if values.dtype != np.float64 or not isinstance(plain["notes"], list):
        raise ValueError("a damaged model file: its series is none")
    for note in plain["notes"]:
        if not isinstance(note, str):
            raise ValueError("a damaged model file: its series has a note that is no text")
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
