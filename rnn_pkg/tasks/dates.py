"""Dates as people write them in tables, each form with an example."""

import datetime
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from rnn_pkg.tasks.parts import Dates

ORDERS = {
    "dmy": "the day first",
    "mdy": "the month first",
    "ymd": "the year first",
}
"""In which order the parts of a date stand where that must be asked."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)

YEAR = r"(?P<year>[0-9]{4})"
SHORT_YEAR = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
MONTH = r"(?P<month>[0-9]{1,2})"
DAY = r"(?P<day>[0-9]{1,2})"
NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
CLOCK = (
    r"(?:(?:T|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,3})0*)?)?"
    r"(?: ?(?P<half>[AP])\.?M\.?)? ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)

NO_TIME = int(np.iinfo(np.int64).min)
"""NaT as a whole number."""

EPOCH = datetime.date(1970, 1, 1).toordinal()

PLAIN = re.compile("(?:(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2},)+")
"""Many dates such as 2020-01-31, with a comma after each."""

EARLIEST, LATEST = 1000, 2999
"""Four digits that are no year in this range are a number rather than a date."""


class Form(NamedTuple):
    """A way to write dates.

    Attributes:
        example: a date so written.
        pattern: what they look like.
        order: that of day, month and year where dates of this form may be of another, or "".
        digits: whether they look like whole numbers.
    """

    example: str
    pattern: re.Pattern[str]
    order: str = ""
    digits: bool = False


def _form(example: str, pattern: str, order: str = "", digits: bool = False) -> Form:
    return Form(example, re.compile(pattern, re.IGNORECASE), order, digits)


FORMS = (
    _form("2020-01-31", rf"{YEAR}([-/.]){MONTH}\2{DAY}{CLOCK}"),
    _form("31/01/2020", rf"{DAY}([-/.]){MONTH}\2{SHORT_YEAR}{CLOCK}", "dmy"),
    _form("01/31/2020", rf"{MONTH}([-/]){DAY}\2{SHORT_YEAR}{CLOCK}", "mdy"),
    _form("20/01/31", rf"(?P<year>[0-9]{{2}})([-/]){MONTH}\2{DAY}{CLOCK}", "ymd"),
    _form("31 Jan 2020", rf"{DAY}[-/. ]*{NAME}[-/, ]*{SHORT_YEAR}{CLOCK}"),
    _form("Jan 31, 2020", rf"{NAME} *{DAY}(?:, *| +){YEAR}{CLOCK}"),
    _form("2020-Jan-31", rf"{YEAR}[-/ ]{NAME}[-/ ]{DAY}{CLOCK}"),
    _form("Jan 2020", rf"{NAME}[-/, ]*{SHORT_YEAR}"),
    _form("2020 Jan", rf"{YEAR}[-/ ]*{NAME}"),
    _form("2020-01", rf"{YEAR}[-/M]{MONTH}"),
    _form("01/2020", rf"{MONTH}[-/]{YEAR}"),
    _form("2020Q1", rf"{YEAR}[-/ ]*Q(?P<quarter>[1-4])"),
    _form("Q1 2020", rf"Q(?P<quarter>[1-4])[-/ ]*{YEAR}"),
    _form("2020-W05", rf"{YEAR}-?W(?P<week>[0-9]{{2}})"),
    _form("20200131", rf"{YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})", digits=True),
    _form("202001", rf"{YEAR}(?P<month>[0-9]{{2}})", digits=True),
    _form("2020", YEAR, digits=True),
)


class Moments(NamedTuple):
    """A column of cells as dates.

    Attributes:
        dates: in milliseconds, (n,); NaT where a cell is refused.
        refused: the places of the cells that are no date of this form.
        zones: the time zones named, each once.
        short: whether a year has two digits.
    """

    dates: Dates
    refused: list[int]
    zones: tuple[str, ...]
    short: bool


def moments(
    cells: Sequence[str], form: Form, century: int = 1950, most: int | None = None
) -> Moments:
    """Read a column (n,) of dates of this form, until so many are refused: all of it, or `most`.

    Where the time zone changes, as with summer time, times are put into that of Greenwich; else
    they stay as they are written.

    Args:
        cells: as they are written.
        form: of them all.
        century: the first of the hundred years that years of two digits are in.
        most: so many are refused before the rest is left.
    """
    if form is FORMS[0] and (days := _plain_days(cells)) is not None:
        return Moments(days, [], (), False)
    stamps, refused, zones, short = [], [], [], False
    for place, cell in enumerate(cells):
        found, stamp = form.pattern.fullmatch(cell), None
        if found is not None:
            parts = found.groupdict()
            stamp = _milliseconds(parts, century, form.digits)
            short = short or len(parts["year"].lstrip("'")) == 2
            zones.append(parts.get("zone") or "")
        else:
            zones.append("")
        if stamp is None:
            refused.append(place)
        stamps.append(NO_TIME if stamp is None else stamp)
        if len(refused) == most:
            break
    dates = np.array(stamps, np.int64).astype("datetime64[ms]")
    named = tuple(dict.fromkeys(zones))
    if len(named) > 1:
        dates -= np.array([_offset(zone) for zone in zones], np.int64).astype("timedelta64[ms]")
    return Moments(dates, refused, tuple(filter(None, named)), short)


def _plain_days(cells: Sequence[str]) -> Dates | None:
    """Return dates (n,) that are all such as 2020-01-31, at a fraction of the time that others
    take; or None."""
    if not PLAIN.fullmatch(",".join([*cells, ""])):
        return None
    with suppress(ValueError):  # there is no 30 February
        return np.array(cells, "datetime64[D]").astype("datetime64[ms]")
    return None


def _milliseconds(parts: dict[str, str | None], century: int, digits: bool) -> int | None:
    """Return when this is, in milliseconds since 1970, or None if there is no such date."""
    year_text = (parts["year"] or "").lstrip("'")
    year = int(year_text)
    if len(year_text) == 2:
        year = century + (year - century) % 100
    if digits and not EARLIEST <= year <= LATEST:
        return None
    with suppress(ValueError):  # there is no 30 February, and no 13th month
        if week := parts.get("week"):
            day = datetime.date.fromisocalendar(year, int(week), 1)
        else:
            day = datetime.date(year, _month(parts), int(parts.get("day") or 1))
        days = day.toordinal() - EPOCH
        clock = _clock(parts) if parts.get("hour") else 0
        return None if clock is None else days * 86_400_000 + clock
    return None


def _clock(parts: dict[str, str | None]) -> int | None:
    """Return the time of day in milliseconds, or None if there is no such time."""
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = int(parts["second"] or 0)
    if half := parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half in "Pp")
    if hour > 23 or minute > 59 or second > 59:
        return None
    thousandths = int((parts["fraction"] or "").ljust(3, "0"))
    return ((hour * 60 + minute) * 60 + second) * 1000 + thousandths


def _month(parts: dict[str, str | None]) -> int:
    """Return the month; a name that is none raises ValueError."""
    if quarter := parts.get("quarter"):
        return 3 * int(quarter) - 2
    if name := parts.get("name"):
        name = name.lower()
        if name == "sept" or name in FULL_MONTHS or name in MONTHS:
            return MONTHS.index(name[:3]) + 1
        raise ValueError(f"no month is called {name}")
    return int(parts.get("month") or 1)


def _offset(zone: str) -> int:
    """Return how many milliseconds a time zone is before that of Greenwich."""
    if zone[:1] not in ("+", "-") or not zone:
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (1 if zone[0] == "+" else -1) * minutes * 60_000


def forms_of(cells: Sequence[str], least: float = 1.0) -> Iterator[Form]:
    """Yield each form that at least this part of the cells (n,) have."""
    for form in FORMS:
        # The first cell tells soon of most forms that the others needn't be looked at.
        soon = least < 1 or not moments(cells[:1], form).refused
        if cells and soon and len(moments(cells, form).refused) <= (1 - least) * len(cells):
            yield form


def is_date(cell: str) -> bool:
    """Tell whether a cell is a date that doesn't look like a number."""
    found = (form.pattern.fullmatch(cell) for form in FORMS if not form.digits)
    return any(
        match and _milliseconds(match.groupdict(), 1950, False) is not None for match in found
    )


def in_words(date: np.datetime64) -> str:
    """Write the day of a date so that it can be read in one way: 3 April 2020."""
    day = datetime.date.fromordinal(int(date.astype("datetime64[D]").astype(int)) + EPOCH)
    return f"{day.day} {FULL_MONTHS[day.month - 1].capitalize()} {day.year}"
