"""Numbers as people write them in tables: with a decimal point or comma, in thousands, with a sign
for money or percent."""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import shortened
from rnn_pkg.tasks.parts import LARGEST

DECIMALS = {".": "a decimal point", ",": "a decimal comma"}

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "nil", "missing", "-", "--"}
    | {".", "..", "...", "?", "*", "\u2013", "\u2014", "\u2026"}
)
"""What stands in place of a value that is missing, in small letters."""

UNITS = "$€£¥₹₽%‰"
"""Signs that may stand before or after each number of a column."""

INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)

SAME_SIGNS = str.maketrans(
    {"\u2212": "-", "\ufe63": "-", "\uff0d": "-", "\uff0b": "+", "\uff0e": ".", "\uff0c": ","}
    | {"\u2019": "'", "\u02bc": "'", "\u066b": ".", "\u066c": ","}
    | dict.fromkeys("\u00a0\u202f\u2007\u2009\u2008\u2002\u2003\u3000", " ")
    | dict.fromkeys("\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c\ufeff")
)
"""Signs that look different and mean the same, and marks of direction, which mean nothing here."""


def _numeral(decimal: str) -> re.Pattern[str]:
    """Return what a number looks like: its sign, its whole part, its fraction, its exponent.

    Thousands are set apart by a blank, an apostrophe, or the sign that is not the decimal one.
    """
    group = r"(?P<group>[ ',])" if decimal == "." else r"(?P<group>[ '.])"
    thousands = rf"[1-9][0-9]{{0,2}}{group}[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*"
    point, least = re.escape(decimal), "*" if decimal == "." else "+"  # 5. is a number, 5, is not
    return re.compile(
        rf"(?P<sign>[+-]?)(?={point}?[0-9])(?P<whole>{thousands}|[0-9]*)"
        rf"(?:{point}(?P<fraction>[0-9]{least}))?(?P<exponent>[eE][+-]?[0-9]+)?"
    )


NUMERALS = {decimal: _numeral(decimal) for decimal in DECIMALS}


PLAIN = {
    ".": re.compile(r"(?:[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?;)+"),
    ",": re.compile(r"(?:[+-]?[0-9]{1,40};)+"),
}
"""Many numbers without any sign that may mean something else, with a semicolon after each."""


class Numbers(NamedTuple):
    """A column of cells as numbers.

    Attributes:
        values: NaN where one is missing, (n,).
        refused: the places of the cells that are neither a number nor missing.
    """

    values: NDArray[np.float64]
    refused: list[int]


def same_signs(cell: str) -> str:
    """Return a cell with the plainest of signs that mean the same, and with Latin digits."""
    if cell.isascii():
        return cell
    cell = cell.translate(SAME_SIGNS).strip()
    return re.sub(r"\d", lambda digit: str(int(digit[0])), cell)


def number(cell: str, decimal: str) -> float | None:
    """Return the number that a cell is with this decimal sign, or None; it may be infinite."""
    found = NUMERALS[decimal].fullmatch(cell)
    if found is None:
        return None
    group = found["group"]
    digits = cell.replace(group, "") if group else cell
    value = float(digits.replace(",", "."))
    if not value and re.search("[1-9]", found["whole"] + (found["fraction"] or "")):
        return None  # so small that it would be 0
    return value


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number with either decimal sign, with a unit or without."""
    cell = same_signs(cell)
    bare = without_unit(cell, unit_of(cell))
    return bare is not None and any(number(bare, decimal) is not None for decimal in DECIMALS)


def is_missing(cell: str, also: str | None = None) -> bool:
    """Tell whether a cell stands for a missing value; `also` is one more that does."""
    return cell.lower() in MISSING or cell == also


def unit_of(cell: str) -> str:
    """Return the sign for money or percent that a cell begins or ends with, or ""."""
    return next((unit for unit in UNITS if unit in cell), "")


def without_unit(cell: str, unit: str) -> str | None:
    """Return a cell without its unit; None if it doesn't have this one, once, at an end.

    A minus may stand before the unit: -$5.
    """
    if not unit:
        return cell
    sign, rest = (cell[0], cell[1:]) if cell[:1] in ("-", "+") else ("", cell)
    if rest.startswith(unit):
        return sign + rest.removeprefix(unit).strip()
    if rest.endswith(unit):
        return sign + rest.removesuffix(unit).strip()
    return None


def _plain(cells: Sequence[str], decimal: str) -> NDArray[np.float64] | None:
    """Return numbers (n,) that are all plain, at a fraction of the time that others take; or
    None."""
    if not PLAIN[decimal].fullmatch(";".join([*cells, ""])):
        return None
    with suppress(ValueError):  # a cell may have a semicolon, too
        return np.array([float(cell) for cell in cells])
    return None


def numbers(
    cells: Sequence[str],
    decimal: str,
    unit: str,
    missing: str | None = None,
    most: int | None = None,
) -> Numbers:
    """Read a column (n,) with this decimal sign and unit, until so many are refused: all of it, or
    `most`."""
    if not unit and missing is None and (plain := _plain(cells, decimal)) is not None:
        return Numbers(plain, [])
    values, refused = [math.nan] * len(cells), []
    for place, cell in enumerate(cells):
        bare = without_unit(same_signs(cell), unit) if unit or not cell.isascii() else cell
        value = None if bare is None or cell == missing else number(bare, decimal)
        if value is not None and abs(value) <= LARGEST:
            values[place] = value
        elif not is_missing(cell, missing):
            refused.append(place)
            if len(refused) == most:
                break
    return Numbers(np.array(values), refused)


def why_not(cell: str, decimal: str, unit: str) -> str:
    """Say why a cell is refused as a number."""
    quote = f'"{shortened(cell)}"'
    plain = same_signs(cell)
    bare = without_unit(plain, unit)
    if INFINITE.fullmatch(plain):
        return f"{quote} is infinite: a series can have only finite numbers"
    if bare is None:
        return f"{quote} is without the {unit} that others of this column have"
    value = number(bare, decimal)
    if value is not None and not abs(value) <= LARGEST:
        return f"{quote} is too large: numbers up to {LARGEST:g} can be read"
    found = NUMERALS[decimal].fullmatch(bare)
    if found and value is None:
        return f"{quote} is too small: with the digits that a number can have, it would be 0"
    if unit_of(bare):
        return f"{quote} has a unit that the first number of this column doesn't have"
    if re.fullmatch(r"\(.*\)", bare) and number(bare[1:-1], decimal) is not None:
        return f"{quote} is not a number: if it is negative, write -{bare[1:-1]}"
    for other, words in DECIMALS.items():
        if other != decimal and number(bare, other) is not None:
            return f"{quote} has {words}, but others of this table have {DECIMALS[decimal]}"
    return f"{quote} is not a number"


def as_text(value: float) -> str:
    """Write a number so that it can be read in one way: 1234 or 1.234."""
    return (
        f"{value:.0f}" if value == math.floor(value) and abs(value) < 1e15 else repr(float(value))
    )
