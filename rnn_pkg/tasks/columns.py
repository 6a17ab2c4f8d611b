"""The columns of a table: their names, and what each holds."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rnn_pkg.checks import shortened
from rnn_pkg.tasks import dates, numerals
from rnn_pkg.tasks.grid import Row

SAMPLE = 500
"""So many cells, from all over a column, tell what it holds."""

LEAST_ALIKE = 0.5
"""At least this part of them is a number, or a date: then the others are mistakes."""

TIME_NAMES = frozenset(
    {"year", "years", "yr", "date", "dates", "time", "month", "period", "day", "quarter", "week"}
    | {"jahr", "datum", "monat", "tag", "zeit", "année", "annee", "fecha", "año", "anno", "data"}
)
"""Names, in small letters, by which whole numbers such as 1990 or 199001 are known as dates."""

COUNTER_NAMES = frozenset({"", "index", "id", "no", "no.", "nr", "nr.", "row", "rownames", "#"})
"""Names, in small letters, of columns that only count the rows."""


YEAR = re.compile("[12][0-9]{3}")


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: no other column's.
        kind: "numbers", "dates", "counter" (1, 2, 3 ...), "text" or "empty".
        cells: as they are written, (n,).
    """

    name: str
    kind: str
    cells: tuple[str, ...]


def has_header(found: Sequence[Row]) -> bool:
    """Tell whether the first row names the columns: there is a word over numbers or dates, or there
    are only words.

    What begins like a number is no such word: it would be lost if it were a mistake.
    """
    first, below = found[0].cells, found[1:]
    words = [bool(cell) and not like_value(cell) for cell in first]
    if not below or not (any(words) or _are_years(first, words)):
        return False
    if all(is_word or not cell for is_word, cell in zip(words, first, strict=True)):
        return True
    if any(cell.lower() in TIME_NAMES for cell in first) or _are_years(first, words):
        return True
    return any(
        kind([row.cells[place] for row in below]) in ("numbers", "dates")
        for place, is_word in enumerate(words)
        if is_word
    )


def _are_years(first: Sequence[str], words: Sequence[bool]) -> bool:
    """Tell whether what is no word in the first row are years, one after another, as in a table
    with a column for each: 1958, 1959, 1960."""
    others = [cell for cell, is_word in zip(first, words, strict=True) if cell and not is_word]
    if not 2 <= len(others) < len(first) or not all(map(YEAR.fullmatch, others)):
        return False
    return all(int(b) - int(a) == 1 for a, b in pairwise(others))


def like_value(cell: str) -> bool:
    """Tell whether a cell may be meant as a value."""
    plain = numerals.same_signs(cell)
    start = plain.lstrip("+-(" + numerals.UNITS + " .,'")
    return (
        numerals.is_missing(plain)
        or start[:1].isdigit()
        or numerals.INFINITE.fullmatch(plain) is not None
        or dates.is_date(plain)
    )


def names_of(header: Sequence[str]) -> list[str]:
    """Return names that differ, one for each column: "price", "price (2)"."""
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = base = " ".join(cell.split()) or f"column {place}"
        copy = 1
        while name in names or (copy > 1 and name in header):
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return names


def kind(cells: Sequence[str], missing: str | None = None) -> str:
    """Return what a column holds: "numbers", "dates", "text", or "empty"."""
    step = max(1, len(cells) // SAMPLE)
    sample = [cell for cell in cells[::step] if not numerals.is_missing(cell, missing)]
    if not sample and step > 1:  # there may be some elsewhere
        sample = [cell for cell in cells if not numerals.is_missing(cell, missing)][:SAMPLE]
    if not sample:
        return "empty"
    if sum(map(numerals.is_number, sample)) >= LEAST_ALIKE * len(sample):
        return "numbers"
    plain = [numerals.same_signs(cell) for cell in sample]
    return "dates" if any(dates.forms_of(plain, LEAST_ALIKE)) else "text"


def is_counter(name: str, cells: Sequence[str], place: int) -> bool:
    """Tell whether a column only counts the rows from 0 or 1: the first one, with no other name."""
    if place or name.lower() not in COUNTER_NAMES or cells[0] not in ("0", "1"):
        return False
    start = int(cells[0])
    return all(cell == str(start + k) for k, cell in enumerate(cells))


def are_dates_in_digits(name: str, cells: Sequence[str], place: int) -> bool:
    """Tell whether a column of whole numbers has dates: 1990, 199001 or 19900131.

    They do if the column is called so; else if it is the first and they grow from row to
    row, or fall.
    """
    if not any(form.digits for form in dates.forms_of(cells)):
        return False
    if name.lower() in TIME_NAMES:
        return True
    steps = {(a < b) - (a > b) for a, b in pairwise(cells)}
    return place == 0 and steps in ({1}, {-1})


def columns(
    header: Sequence[str] | None, below: Sequence[Row], missing: str | None = None
) -> list[Column]:
    """Return the columns of a table's rows, and what each holds."""
    written = header or [""] * len(below[0].cells)
    made = []
    for place, (name, cells) in enumerate(
        zip(names_of(written), zip(*(row.cells for row in below), strict=True), strict=True)
    ):
        held = kind(cells, missing)
        if held == "numbers" and len(below[0].cells) > 1:
            if is_counter(written[place].strip(), cells, place):
                held = "counter"
            elif are_dates_in_digits(written[place].strip(), cells, place):
                held = "dates"
        made.append(Column(name, held, cells))
    return _without_too_many_dates(made)


def _without_too_many_dates(made: list[Column]) -> list[Column]:
    """Take years for numbers if the table would have no numbers without them."""
    if any(column.kind == "numbers" for column in made):
        return made
    return [
        column._replace(kind="numbers")
        if column.kind == "dates" and kind(column.cells) == "numbers"
        else column
        for column in made
    ]


def joined(below: list[Row], delimiter: str) -> int:
    """Return how many cells at the beginning of each row are a date only together, or 1: "Jan" and
    "1990", set apart by a blank, or "2020-01-31" and "12:00"."""
    sample = [row.cells for row in below][:: max(1, len(below) // SAMPLE)]
    for count in (3, 2):
        if count >= len(sample[0]):
            continue
        together = [numerals.same_signs(" ".join(cells[:count])) for cells in sample]
        forms = [form for form in dates.forms_of(together) if not form.digits]
        clock = all(":" in cells[count - 1] or ":" in cells[1] for cells in sample)
        short = any(dates.moments(together, form).short for form in forms)
        if forms and (clock or (delimiter == " " and not short)):
            return count
    return 1


def listed(made: Sequence[Column]) -> str:
    """Name the columns and what they hold."""
    shown = [f"{shortened(column.name, 30)} ({column.kind})" for column in made[:9]]
    return ", ".join(shown) + (f" and {len(made) - 9} more" if len(made) > 9 else "")
