"""A text read as a table of numbers: which column is the series, and what its dates are.

What can be read in two ways becomes a question, and what was found is noted: nothing is guessed,
and nothing is repaired in silence.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import check_str
from rnn_pkg.tasks import columns, grid, numerals
from rnn_pkg.tasks.calendars import Calendar, name_of
from rnn_pkg.tasks.columns import Column
from rnn_pkg.tasks.datecolumn import dates_of
from rnn_pkg.tasks.layout import NEEDED, layout
from rnn_pkg.tasks.numbercolumn import numbers_of
from rnn_pkg.tasks.parts import Dates
from rnn_pkg.tasks.questions import Choices, Findings, Option, Question
from rnn_pkg.tasks.textfiles import plain
from rnn_pkg.tasks.timeline import timeline

PREVIEWED = 5
"""So many rows are shown from either end."""

FEWEST_ROWS = 8
"""A text that is known for a table of numbers without being asked has so many rows."""

LOOKED_AT = 20_000
"""So many characters tell whether a text is such a table."""

MOST_TEXT = 2
"""Of its columns, so many may hold text."""

LONGEST_NUMBER = 18
"""A number in such a text has at most so many characters: digits of pi are no column."""


class PreviewRow(NamedTuple):
    """A row as it was understood.

    Attributes:
        date: in words, or which row it is.
        value: None if it is missing.
    """

    date: str
    value: float | None


@dataclass(frozen=True, eq=False)
class Table:
    """What a text was understood to be.

    While there are questions, all the rest is how it would be with the first option of each.

    Attributes:
        columns: all of them.
        column: the name of the one with the values.
        values: NaN where one is missing, (n,).
        dates: in milliseconds, (n,); None if there are none.
        calendar: in what steps the dates go on; None if there is none.
        questions: what can be read in several ways.
        notes: what was found and done, each a sentence.
    """

    columns: tuple[Column, ...]
    column: str
    values: NDArray[np.float64]
    dates: Dates | None
    calendar: Calendar | None
    questions: tuple[Question, ...]
    notes: tuple[str, ...]

    @property
    def calendar_period(self) -> int | None:
        """How many steps a season is likely to have, told by the dates alone."""
        return self.calendar.period if self.calendar else None

    @property
    def preview(self) -> tuple[PreviewRow, ...]:
        """The first rows and the last ones as they were understood; all of a few."""
        count = len(self.values)
        places = list(range(count))
        if count > 2 * PREVIEWED:
            places = [*range(PREVIEWED), *range(count - PREVIEWED, count)]
        return tuple(PreviewRow(self.date_text(k), _or_none(self.values[k])) for k in places)

    def date_text(self, place: int) -> str:
        """Return the date of a value, or which value it is, from 1."""
        return name_of(place, self.dates, self.calendar)

    def check_settled(self) -> None:
        """Raise ValueError if something can be read in several ways, saying which."""
        if self.questions:
            raise ValueError(str(self.questions[0]))


def _or_none(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def read(text: str, /, **choices: Any) -> Table:
    """Read a text as a table.

    Args:
        text: with any line ends.
        choices: what is settled already, by the names of `Choices`.

    Raises:
        ValueError: it is no table of numbers, or a cell is wrong: it says which line, which cell,
            and what is needed. Or there is no such choice.
    """
    check_str("the text", text)
    settled, findings = Choices.of(choices), Findings()
    try:
        return _read(plain(text), settled, findings)
    except ValueError:
        if not findings.questions:
            raise
        # With another answer, it may be read.
        nothing = np.zeros(0)
        questions, notes = tuple(findings.questions), tuple(findings.notes)
        return Table((), "", nothing, None, None, questions, notes)


def _read(text: str, choices: Choices, findings: Findings) -> Table:
    if not text.strip():
        raise ValueError(f"there is nothing to read: {NEEDED}")
    grid.check_characters(text)
    rows, names, delimiter = layout(text, choices, findings)
    made = columns.columns(names, rows, choices.missing)
    column = _values_column(made, choices, findings)
    others = [other for other in made if other is not column]
    days = _dates_column(others, findings)
    lines = np.array([row.line for row in rows])
    dates = dates_of(days, lines, choices, findings) if days else None
    values = numbers_of(column, lines, others, delimiter, choices, findings)
    ordered = timeline(values, dates, lines, choices.stretch)
    findings.notes.extend(ordered.notes)
    if ordered.question:
        findings.questions.append(ordered.question)
    return Table(
        tuple(made),
        column.name,
        ordered.values,
        ordered.dates,
        ordered.calendar,
        tuple(findings.questions),
        tuple(findings.notes),
    )


def is_table(text: str) -> bool:
    """Tell whether a text is a table of numbers without any doubt, by its beginning."""
    begin = plain(text[:LOOKED_AT])
    if len(text) > LOOKED_AT:
        begin = begin.rpartition("\n")[0]
    try:
        grid.check_characters(begin)
        rows, names, delimiter = layout(begin, Choices(), Findings())
    except ValueError:
        return False
    if len(rows) < FEWEST_ROWS:
        return False
    made = columns.columns(names, rows)
    kinds = [column.kind for column in made]
    named = names is not None and delimiter in (",", ";", "\t")
    if "numbers" not in kinds or ("text" in kinds and not named) or kinds.count("text") > MOST_TEXT:
        return False
    return all(
        len(cell) <= LONGEST_NUMBER and (numerals.is_missing(cell) or numerals.is_number(cell))
        for column in made
        if column.kind == "numbers"
        for cell in column.cells
    )


def _values_column(made: list[Column], choices: Choices, findings: Findings) -> Column:
    """Return the column of the values."""
    name = choices.column
    if name is not None:
        return _chosen(made, name)
    numeric = [each for each in made if each.kind == "numbers"]
    if not numeric:
        raise ValueError(f"there is no column of numbers, only {columns.listed(made)}: {NEEDED}")
    if len(numeric) == 1:
        return numeric[0]
    options = [Option(c.name, c.name, ", ".join(c.cells[:3]) + " ...") for c in numeric]
    sentence = f"There are {len(numeric)} columns of numbers: which is the series?"
    taken = findings.ask("column", sentence, options)
    return next(c for c in made if c.name == taken)


def _dates_column(others: list[Column], findings: Findings) -> Column | None:
    """Return the column of the dates, if there is one."""
    found = [other for other in others if other.kind == "dates"]
    if len(found) > 1:
        findings.notes.append(f"Of {len(found)} columns of dates, {found[0].name} is taken.")
    return found[0] if found else None


def _chosen(made: list[Column], name: str | int) -> Column:
    """Return the column of this name, or at this place from 1."""
    for column in made:
        if column.name == name:
            return column
    place = int(name) if isinstance(name, int) or name.isdecimal() else 0
    if 1 <= place <= len(made):
        return made[place - 1]
    raise ValueError(
        f"column must be one of {columns.listed(made)}, or its place from 1 to {len(made)}, "
        f"not {name!r}"
    )
