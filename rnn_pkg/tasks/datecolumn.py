"""The dates of a table: their form, and their order and century where these are open."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import shortened
from rnn_pkg.tasks import columns, dates, numerals
from rnn_pkg.tasks.columns import Column
from rnn_pkg.tasks.dates import Form
from rnn_pkg.tasks.parts import Dates
from rnn_pkg.tasks.questions import Choices, Findings, Option

CENTURIES = (1950, 1900, 2000)
"""The years at which two digits may begin."""


def dates_of(
    column: Column, lines: NDArray[np.int64], choices: Choices, findings: Findings
) -> Dates:
    """Return the dates in a column whose cells stand in these lines (n,), (n,).

    Raises:
        ValueError: a cell is no date, or has another form than most.
    """
    cells = [numerals.same_signs(cell) for cell in column.cells]
    for line, cell in zip(lines, cells, strict=True):
        if numerals.is_missing(cell):
            raise ValueError(f"line {line} has no date in the column {column.name}")
    forms = _forms(cells, choices)
    century = choices.century or CENTURIES[0]
    found = {form: dates.moments(cells, form, century, most=1) for form in forms}
    fit = {form: each for form, each in found.items() if not each.refused}
    if not fit:
        form = min(forms, key=lambda form: len(dates.moments(cells, form).refused))
        place = found[form].refused[0]
        raise ValueError(f"line {lines[place]}: {_no_date(cells[place], form)}")
    form = _order(cells, findings, {form: each.dates for form, each in fit.items()})
    if fit[form].short and choices.century is None:
        century = _century(cells, form, findings)
    zones = fit[form].zones
    if len(zones) > 1:
        findings.notes.append(f"The time zone changes ({', '.join(zones[:3])}): times are UTC.")
    if century != (choices.century or CENTURIES[0]):
        return dates.moments(cells, form, century).dates
    return fit[form].dates


def _forms(cells: list[str], choices: Choices) -> list[Form]:
    """Return the forms that the dates may have."""
    sample = cells[:: max(1, len(cells) // columns.SAMPLE)]
    forms = list(dates.forms_of(sample, columns.LEAST_ALIKE))
    order = choices.dates
    fit = [form for form in forms if not order or form.order in ("", order)]
    if order and not fit:
        raise ValueError(f'dates={order!r} does not fit "{cells[0]}"')
    plain_forms = [form for form in fit if not form.digits]
    return plain_forms or fit


def _order(cells: list[str], findings: Findings, read: dict[Form, Dates]) -> Form:
    """Return the form of the dates; in which order day, month and year stand may be asked."""
    forms = list(read)
    others = [form for form in forms[1:] if np.any(read[form] != read[forms[0]])]
    if not others:
        return forms[0]
    place = int(np.flatnonzero(read[others[0]] != read[forms[0]])[0])
    options = [
        Option(form.order, dates.ORDERS[form.order], _as_date(cells[place], read[form][place]))
        for form in [forms[0], *others]
    ]
    sentence = "In which order day, month and year stand can be read in several ways."
    taken = findings.ask("dates", sentence, options)
    return next(form for form in forms if form.order == taken)


def _century(cells: list[str], form: Form, findings: Findings) -> int:
    """Ask for the century of two digits; return the first option."""
    options: list[Option] = []
    seen: list[Dates] = []
    for century in CENTURIES:
        read = dates.moments(cells, form, century).dates
        if not any(np.all(read == other) for other in seen):
            seen.append(read)
            example = f"{_as_date(cells[0], read[0])}, {_as_date(cells[-1], read[-1])}"
            words = f"years from {century} to {century + 99}"
            options.append(Option(century, words, example))
    sentence = "The years have two digits: of which hundred years are they?"
    return int(findings.ask("century", sentence, options))


def _as_date(cell: str, date: np.datetime64) -> str:
    return f'"{cell}" is {dates.in_words(date)}'


def _no_date(cell: str, form: Form) -> str:
    """Say why a cell is refused as a date."""
    if form.pattern.fullmatch(cell):
        return f'"{shortened(cell)}": there is no such date'
    return f'"{shortened(cell)}" is not a date like {form.example}, as others of this column are'
