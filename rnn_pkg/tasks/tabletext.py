"""A series written as a table that reads back to the same series."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.tasks.numerals import as_text
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.table import Table, read

MISSING = "NA"
"""What is written for a value that is missing."""


WHOLE: dict[str, Any] = {"stretch": 0}
"""Has every row read as it stands."""


class TableText(NamedTuple):
    """A table, and how it is to be read.

    Attributes:
        text: a row a value, its date first if there are dates; above them, the names if the series
            has one.
        choices: by the names of `Choices`, so that nothing is left open.
        table: what is read.
    """

    text: str
    choices: dict[str, Any]
    table: Table


Way = tuple[str, dict[str, Any]]
"""A table, and how it may be read."""


def written(series: Series) -> TableText:
    """Return a series as a table: as a person would write it, if that can be read in one way only.

    Raises:
        ValueError: it has dates that no table can have.
    """
    for text, choices in _ways(series):
        table = _read_back(text, choices, series)
        if table is not None:
            return TableText(text, choices, table)
    raise ValueError("this series can't be written as a table: it has dates before 1 or after 9999")


def _read_back(text: str, choices: dict[str, Any], series: Series) -> Table | None:
    """Return what is read of a table, if it is this very series, and nothing is asked."""
    try:
        table = read(text, **choices)
        found = Series.from_table(table)
    except ValueError:
        return None
    return table if found.fingerprint == series.fingerprint else None


def _ways(series: Series) -> Iterator[Way]:
    """Yield a series as tables, the plainest first."""
    name, values = series.plain_name, [_value(value) for value in series.values.tolist()]
    delimiter = "none" if series.dates is None else ","
    choices = {"delimiter": delimiter, "header": bool(name), "decimal": "."}
    if series.dates is None:
        for further in ({}, WHOLE):
            yield _rows([name], zip(values, strict=True)), choices | further
        return
    first = "time" if name.lower() == "date" else "date"
    column = {"column": name or "column 2"}
    ways: list[tuple[Callable[[np.datetime64], str], dict[str, Any]]] = [
        (series.date_text, {}),
        (_iso, {}),
        (_iso, WHOLE | column),
    ]
    for as_date, further in ways:
        rows = zip(map(as_date, series.dates), values, strict=True)
        yield _rows([first, name], rows), choices | further


def _value(value: float) -> str:
    return MISSING if math.isnan(value) else as_text(value)


def _iso(date: np.datetime64) -> str:
    return str(date).replace("T", " ")


def _rows(names: list[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; without a name for the values, there are none at all."""
    file = io.StringIO()
    if names[-1]:
        if names[0].startswith("#"):  # without quotation marks, that is a comment
            csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(names)
        else:
            csv.writer(file, lineterminator="\n").writerow(names)
    file.writelines(",".join(row) + "\n" for row in rows)
    return file.getvalue()
