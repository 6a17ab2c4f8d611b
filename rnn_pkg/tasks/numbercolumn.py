"""The numbers of a table: which decimal sign they have, and what stands beside them."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.tasks import numerals
from rnn_pkg.tasks.columns import Column
from rnn_pkg.tasks.numerals import Numbers, as_text
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
    read = {
        decimal: numerals.numbers(column.cells, decimal, unit, missing, most=1)
        for decimal in ([choices.decimal] if choices.decimal else numerals.DECIMALS)
    }
    decimal = _decimal(column, unit, read, choices) or _decimal_of_all(
        column, read, others, delimiter, findings
    )
    found = read[decimal]
    if found.refused:
        place = found.refused[0]
        reason = numerals.why_not(column.cells[place], decimal, unit)
        raise ValueError(f"line {lines[place]}: {reason}")
    _note_code(found.values, findings)
    return found.values


def _decimal(column: Column, unit: str, read: dict[str, Numbers], choices: Choices) -> str:
    """Return the only decimal sign that can read the column, or "" if either can.

    If none can, it is the one that can read most of it.
    """
    fit = [decimal for decimal, found in read.items() if not found.refused]
    if fit:
        return fit[0] if len(fit) == 1 or _same(*(read[d].values for d in fit)) else ""
    cells, missing = column.cells, choices.missing
    return min(read, key=lambda d: len(numerals.numbers(cells, d, unit, missing).refused))


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool(np.all((one == other) | np.isnan(one)))


def _decimal_of_all(
    column: Column,
    read: dict[str, Numbers],
    others: list[Column],
    delimiter: str,
    findings: Findings,
) -> str:
    """Return the decimal sign that the rest of the table tells; or ask."""
    # Where commas part the cells, numbers would hardly have commas without quotation marks.
    if delimiter == "," and not any("," in cell for cell in column.cells):
        findings.notes.append("Numbers have a decimal point, as commas part the cells.")
        return "."
    if decimal := _decimal_of_others(others, findings):
        return decimal
    point, comma = (found.values for found in read.values())
    place = int(np.flatnonzero((point != comma) & ~np.isnan(point))[0])
    cell = column.cells[place]
    options = [
        Option(d, numerals.DECIMALS[d], f'"{cell}" is {as_text(found.values[place])}')
        for d, found in read.items()
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
                if not numerals.numbers(other.cells, decimal, unit, most=1).refused
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
