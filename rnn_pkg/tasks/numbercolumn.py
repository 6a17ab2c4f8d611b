"""The numbers of a table: which decimal sign they have, and what stands beside them."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.tasks import numerals
from rnn_pkg.tasks.columns import Column
from rnn_pkg.tasks.numerals import as_text
from rnn_pkg.tasks.questions import Choices, Findings, Option
from rnn_pkg.tasks.textfiles import plural


def numbers_of(
    column: Column,
    lines: NDArray[np.int64],
    others: list[Column],
    delimiter: str,
    choices: Choices,
    findings: Findings,
) -> NDArray[np.float64]:
    """Return the values in a column, NaN where one is missing, (n,).

    Args:
        column: whose cells they are.
        lines: that these stand in, (n,).
        others: the other columns, which may tell the decimal sign.
        delimiter: what stands between cells.
        choices: what is settled.
        findings: get what is found.

    Raises:
        ValueError: a cell is not a number.
    """
    missing = choices.missing
    first = next((c for c in column.cells if not numerals.is_missing(c, missing)), "")
    unit = numerals.unit_of(numerals.same_signs(first))
    if unit:
        findings.notes.append(f"{unit} was left out: {first} is read as the number alone.")
    decimal = choices.decimal or _decimal(column, unit, others, delimiter, choices, findings)
    found = numerals.numbers(column.cells, decimal, unit, missing)
    if found.refused:
        place = found.refused[0]
        reason = numerals.why_not(column.cells[place], decimal, unit)
        raise ValueError(f"line {lines[place]}: {reason}")
    _note_code(found.values, findings)
    return found.values


def _decimal(
    column: Column,
    unit: str,
    others: list[Column],
    delimiter: str,
    choices: Choices,
    findings: Findings,
) -> str:
    """Return the decimal sign that can read the column, or the others; or ask."""
    if not any("," in cell or "." in cell for cell in column.cells):
        return "."
    missing = choices.missing
    read = {d: numerals.numbers(column.cells, d, unit, missing) for d in numerals.DECIMALS}
    fit = [decimal for decimal, found in read.items() if not found.refused]
    if len(fit) < 2:
        return min(read, key=lambda decimal: len(read[decimal].refused))
    point, comma = (read[decimal].values for decimal in fit)
    differ = np.flatnonzero((point != comma) & ~np.isnan(point))
    if not len(differ):
        return "."
    # Where commas part the cells, numbers would hardly have commas without quotation marks.
    if delimiter == "," and not any("," in cell for cell in column.cells):
        return "."
    if decimal := _decimal_of_others(others, findings):
        return decimal
    place = differ[0]
    cell = column.cells[place]
    options = [
        Option(d, numerals.DECIMALS[d], f'"{cell}" is {as_text(read[d].values[place])}')
        for d in fit
    ]
    sentence = "The decimal sign can be a point or a comma: nothing in the column tells."
    return str(findings.ask("decimal", sentence, options))


def _decimal_of_others(others: list[Column], findings: Findings) -> str:
    """Return the only decimal sign that another column can have, or "" if none tells."""
    told = {}
    for other in others:
        if other.kind == "numbers":
            first = next((c for c in other.cells if not numerals.is_missing(c)), "")
            unit = numerals.unit_of(numerals.same_signs(first))
            fit = [
                decimal
                for decimal in numerals.DECIMALS
                if not numerals.numbers(other.cells, decimal, unit).refused
            ]
            if len(fit) == 1:
                told[fit[0]] = other.name
    if len(told) != 1:
        return ""
    ((decimal, name),) = told.items()
    findings.notes.append(f"Numbers have {numerals.DECIMALS[decimal]}, as in the column {name}.")
    return decimal


def _note_code(values: NDArray[np.float64], findings: Findings) -> None:
    """Note a lowest value such as -999 that comes several times below positive ones: it may
    stand for a missing value."""
    known = values[~np.isnan(values)]
    lowest = known.min(initial=0.0)
    others = known[known != lowest]
    text = as_text(lowest).replace(".", "").strip("-0")
    if lowest < 0 and text and not text.strip("9") and len(others) and others.min() >= 0:
        count = int(np.count_nonzero(known == lowest))
        findings.notes.append(
            f"{as_text(lowest)} comes {plural(count, 'time')}, read as a number: if it stands "
            f"for a missing value, choose missing={as_text(lowest)!r}."
        )
