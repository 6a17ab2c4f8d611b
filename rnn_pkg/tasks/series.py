"""A series: numbers in the order of time, at equal steps."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_pkg.checks import check_str, checked_number, shown
from rnn_pkg.tasks.calendars import Calendar, calendar_of, date_text, dates_at, name_of, places
from rnn_pkg.tasks.parts import FEWEST, LARGEST, LONGEST_PERIOD, Dates

if TYPE_CHECKING:
    from rnn_pkg.tasks.table import Table


NO_NAME = re.compile("column [0-9]+")
"""What a column is called that has no name."""


@dataclass(frozen=True, eq=False)
class Series:
    """Numbers in the order of time, at equal steps.

    Attributes:
        values: float64, NaN where one is missing, (n,).
        period: how many steps a season has, such as 12 for months; None if that is not known.
        dates: in milliseconds (datetime64), (n,), each later than the one before; or None. What is
            given may be dates in ISO format, or of `datetime` or NumPy.
        name: what the numbers are.
        notes: what was found and done when they were read, each a sentence.
    """

    values: NDArray[np.float64]
    period: int | None = None
    dates: Dates | None = None
    name: str = ""
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        values: ArrayLike,
        period: int | None = None,
        dates: ArrayLike | Sequence[Any] | None = None,
        name: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        """Take the values, copied.

        Raises:
            ValueError: something is not as it should be; it says what, and what is allowed.
        """
        check_str("name", name)
        checked = _checked_values(values)
        if period is not None:
            period = checked_number("period", period, 1, LONGEST_PERIOD, int)
        for field, value in (
            ("values", checked),
            ("period", period),
            ("dates", None if dates is None else _checked_dates(dates, len(checked))),
            ("name", name),
            ("notes", tuple(notes)),
        ):
            object.__setattr__(self, field, value)

    @classmethod
    def from_csv(
        cls,
        text_or_path: str | Path,
        column: str | int | None = None,
        period: int | None = None,
        **choices: Any,
    ) -> "Series":
        """Read a series from a table.

        Args:
            text_or_path: the table itself; or a file, as a Path or as a str that names one.
            column: which column to take, by its name or by its place from 1, if there are several.
            period: how many steps a season has.
            choices: what else is to be settled, by the names of `Choices`: decimal=",",
                dates="dmy" and so on; and encoding, that of a file.

        Raises:
            ValueError: it can be read in two ways; the message says which, and what to choose. Or
                it can't be read.
            OSError: the file can't be read.
        """
        # To read tables takes as many modules as all else together, which a page that learns a text
        # can do without.
        from rnn_pkg.tasks.table import read
        from rnn_pkg.tasks.textfiles import decoded

        encoding = choices.pop("encoding", None)
        if column is not None:
            choices["column"] = column
        path = _path(text_or_path)
        text = text_or_path
        if path is not None:
            text = decoded(path.read_bytes(), path.name, encoding).text
        check_str("text_or_path", text)
        return cls.from_table(read(str(text), **choices), period)

    @classmethod
    def from_table(cls, read: "Table", period: int | None = None) -> "Series":
        """Return what was read as a series.

        Raises:
            ValueError: it can be read in two ways.
        """
        read.check_settled()
        return cls(read.values, period, read.dates, read.column, read.notes)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def calendar(self) -> Calendar | None:
        """In what steps the dates go on; None if there are none, or no regular ones."""
        return None if self.dates is None else calendar_of(self.dates)

    @property
    def calendar_period(self) -> int | None:
        """How many steps a season is likely to have, told by the dates alone: 12 for months."""
        calendar = self.calendar
        return calendar.period if calendar else None

    @property
    def fingerprint(self) -> str:
        """The same for the same series, however it is written: of its values, dates and name."""
        found = zlib.crc32(np.where(np.isnan(self.values), np.nan, self.values).tobytes())
        if self.dates is not None:
            found = zlib.crc32(self.dates.astype(np.int64).tobytes(), found)
        return f"{zlib.crc32(self.plain_name.encode(), found):08x}"

    @property
    def plain_name(self) -> str:
        """The name as a table can have it, in a line; "" if it only says which column it was."""
        name = " ".join(self.name.split())
        name = " ".join("".join(filter(str.isprintable, name)).split())
        return "" if NO_NAME.fullmatch(name) else name

    def dates_ahead(self, horizon: int) -> Dates | None:
        """Return the dates of the steps after the last one, (horizon,); None without a calendar."""
        calendar = self.calendar
        if self.dates is None or calendar is None:
            return None
        # Counted from the first date: 31 January and a month is 28 February, and the next is 31.
        start = places(self.dates, calendar)[-1] + 1 + np.arange(horizon)
        return dates_at(self.dates[0], start, calendar).astype("datetime64[ms]")

    def name_of(self, place: int) -> str:
        """Return the date of a value, or which value it is, from 1."""
        return name_of(place, self.dates, self.calendar)

    def date_text(self, date: np.datetime64) -> str:
        """Write a date as far as this series' calendar tells: 1990, 1990-Q1, 1990-01."""
        return date_text(date, self.calendar)


def _path(text_or_path: str | Path) -> Path | None:
    """Return the file that is meant, if one is."""
    if isinstance(text_or_path, Path):
        return text_or_path
    check_str("text_or_path", text_or_path)
    if "\n" in text_or_path or "\r" in text_or_path or "\0" in text_or_path:
        return None
    try:
        return Path(text_or_path) if Path(text_or_path).is_file() else None
    except OSError:  # longer than a name can be
        return None


def _checked_values(values: ArrayLike) -> NDArray[np.float64]:
    """Return the values as numbers that nobody can change, (n,)."""
    try:
        array = np.asarray(values)
        wrong = array.dtype.kind == "O" and any(isinstance(v, str | bool) for v in array.flat)
        if array.dtype.kind not in "iufO" or wrong:
            raise TypeError
        array = np.array(array, np.float64)  # None becomes NaN
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            f"values must be numbers, NaN where one is missing, not {shown(values)}"
        ) from None
    if array.ndim != 1:
        raise ValueError(f"values must have one dimension, not the shape {array.shape}")
    too_large = np.flatnonzero(np.abs(array) > LARGEST)
    if len(too_large):
        place = int(too_large[0])
        raise ValueError(
            f"values must be numbers from {-LARGEST:g} to {LARGEST:g}, not {array[place]} at place "
            f"{place}"
        )
    known = int(np.count_nonzero(~np.isnan(array)))
    if known < FEWEST:
        raise ValueError(f"values must have at least {FEWEST} that are not missing, not {known}")
    array.setflags(write=False)
    return array


def _checked_dates(dates: ArrayLike | Sequence[Any], count: int) -> Dates:
    """Return the dates of so many values, which nobody can change, (n,)."""
    array = np.asarray(dates)
    if array.ndim != 1 or len(array) != count:
        raise ValueError(
            f"dates must be as many as values, {count}, not of the shape {array.shape}"
        )
    try:
        if array.dtype.kind not in "MUO":
            raise TypeError
        array = np.array(array, "datetime64[ms]")
    except (TypeError, ValueError):
        raise ValueError(
            f'dates must be such as "2020-01-31", or of datetime or NumPy, not {shown(dates)}'
        ) from None
    later = np.diff(array).astype(np.int64) > 0
    if np.any(np.isnat(array)) or not np.all(later):
        place = int(np.flatnonzero(np.r_[np.isnat(array[:1]), ~later | np.isnat(array[1:])])[0])
        raise ValueError(f"dates must grow, but {array[place]} at place {place} does not")
    array.setflags(write=False)
    return array
