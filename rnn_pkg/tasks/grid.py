"""Lines of text as rows of cells: what stands between the cells, and which rows count."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from rnn_pkg.checks import shortened
from rnn_pkg.tasks.dates import is_date
from rnn_pkg.tasks.numerals import is_missing, is_number, same_signs
from rnn_pkg.tasks.questions import Option

DELIMITERS = {
    "\t": "tabs between cells",
    ";": "semicolons between cells",
    ",": "commas between cells",
    " ": "blanks between cells",
    "none": "one cell in each line",
}

LOOKED_AT = 200
"""So many rows tell what stands between their cells."""

LEAST_ALIKE = 0.6
"""At least this part of them has the same number of cells."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
NOWHERE = "\x1f"
"""A delimiter that is in no text."""

MANY = 4
"""So many numbers in a single line are read as a column."""


class Row(NamedTuple):
    """A row of cells.

    Attributes:
        line: where it stands, or ends if it has line breaks in quotes; from 1.
        cells: without blanks around them.
    """

    line: int
    cells: list[str]


def check_characters(text: str) -> None:
    """Raise ValueError if there are characters that no table has."""
    if found := CONTROLS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise ValueError(
            f"line {line} has the control character {name}: the file is damaged, or not plain text"
        )


def is_comment(line: str) -> bool:
    """Tell whether a line is a comment: it begins with #, and not with #N/A."""
    return line.startswith("#") and line[:4].upper() != "#N/A"


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a text, but for comments and those with nothing in them.

    Raises:
        ValueError: a quotation mark has no counterpart.
    """
    if delimiter == " ":
        text = text.replace("\t", " ")
    lines = (
        "" if is_comment(line) else line.strip() if delimiter == " " else line
        for line in text.split("\n")
    )
    reader = csv.reader(
        lines,
        delimiter=NOWHERE if delimiter == "none" else delimiter,
        skipinitialspace=True,
        strict=True,
    )
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield Row(reader.line_num, cells)
    except csv.Error:
        raise ValueError(
            f'line {reader.line_num}: a quotation mark (") has no counterpart, or one that is in '
            "the middle of a cell"
        ) from None


def delimiters(text: str) -> list[str]:
    """Return what may stand between the cells: one delimiter, or several if they are as likely.

    Those are likely with which most lines have the same number of cells, and most of these are
    numbers or dates; and of these, those with which the names of the columns are as many.
    """
    marks, fit, cells = {}, [], {}
    for delimiter in DELIMITERS:
        with suppress(ValueError):
            sample = list(islice(rows(text, delimiter), LOOKED_AT))
            marks[delimiter] = _understood(sample, delimiter)
            cells[delimiter] = [row.cells for row in sample]
            if sample and _names_fit(sample, delimiter):
                fit.append(delimiter)
    best = max(marks.values(), default=0.0)
    if not best:
        return ["none"]
    found = [delimiter for delimiter, mark in marks.items() if mark == best]
    found = [delimiter for delimiter in found if delimiter in fit] or found
    # Tabs are blanks, too: where both give the same cells, there is nothing to ask.
    return [d for k, d in enumerate(found) if cells[d] not in [cells[c] for c in found[:k]]]


def _understood(sample: list[Row], delimiter: str) -> float:
    """Return which part of the cells are numbers or dates, from 0 to 1; or 0 where lines differ.

    The first row may name the columns, and doesn't count then.
    """
    if not sample:
        return 0.0
    width = width_of(sample)
    alike = sum(_has_width(row, width) for row in sample)
    parted = any(len(row.cells) > 1 for row in sample)
    least = 1 if width == 1 else LEAST_ALIKE  # all lines of one cell may end with a delimiter
    if parted == (delimiter == "none") or alike < least * len(sample):
        return 0.0
    below = [
        cell
        for row in sample[_are_names(sample) :]
        for cell in row.cells
        if not is_missing(same_signs(cell))
    ]
    return sum(map(_is_value, below)) / len(below) if below else 0.0


def _names_fit(sample: list[Row], delimiter: str) -> bool:
    """Tell whether there are as many names of columns as columns, if there are names."""
    if not _are_names(sample):
        return True
    if delimiter == "none":
        return not any(mark in sample[0].cells[0] for mark in "\t;,")
    return len(trimmed(sample[0].cells)) == width_of(sample)


def _are_names(sample: list[Row]) -> bool:
    """Tell whether the first row has nothing that is a number or a date."""
    return len(sample) > 1 and not any(map(_is_value, sample[0].cells))


@lru_cache(maxsize=4096)
def _is_value(cell: str) -> bool:
    return is_number(cell) or is_date(same_signs(cell))


def trimmed(cells: list[str]) -> list[str]:
    """Return cells without the empty ones at the end."""
    end = len(cells)
    while end > 1 and not cells[end - 1]:
        end -= 1
    return cells[:end]


def options(text: str, found: list[str]) -> tuple[Option, ...]:
    """Return the ways to read the cells of a text, with its last row as the example."""
    made = []
    for delimiter in found:
        *_, row = islice(rows(text, delimiter), LOOKED_AT)
        cells = " and ".join(f'"{shortened(cell, 20)}"' for cell in trimmed(row.cells))
        made.append(Option(delimiter, DELIMITERS[delimiter], f"{cells} in line {row.line}"))
    return tuple(made)


def width_of(found: list[Row]) -> int:
    """Return how many cells most rows have, but for those at the end that are empty in all."""
    most = Counter(len(row.cells) for row in found).most_common(1)[0][0]
    return min(most, max(len(trimmed(row.cells)) for row in found))


def _has_width(row: Row, width: int) -> bool:
    """Tell whether a row has so many cells; more may follow that are empty."""
    return width <= len(row.cells) and not any(row.cells[width:])


def even(found: list[Row], delimiter: str) -> list[Row]:
    """Return rows that all have the same number of cells, without empty ones at the end of all.

    Raises:
        ValueError: a row has more cells than most, or fewer.
    """
    width = width_of(found)
    for row in found:
        if not _has_width(row, width):
            count = max(len(trimmed(row.cells)), min(len(row.cells), width))
            raise ValueError(_uneven(row.line, count, width, delimiter))
    return [row if len(row.cells) == width else Row(row.line, row.cells[:width]) for row in found]


def _uneven(line: int, count: int, width: int, delimiter: str) -> str:
    """Say what is wrong with a row that has so many cells."""
    cells = f"{count} cell" + ("" if count == 1 else "s")
    advice = "delete the lines that are not part of the table, or give each as many cells"
    if delimiter == ",":
        advice += "; a number with a comma in it needs quotation marks"
    return f"line {line} has {cells}, most lines have {width}: {advice}"
