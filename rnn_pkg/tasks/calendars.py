"""Calendars: the regular steps in which dates go on, what is missing, and what comes next."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.tasks.parts import Dates

SECOND = 1000
MINUTE, HOUR, DAY, WEEK = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND, 7 * 86_400 * SECOND
"""In milliseconds."""

MOST_DAYS = {1: (28, 31), 3: (89, 92), 6: (181, 184), 12: (365, 366)}
"""How many days there are in so many months."""

FEWEST_BUSINESS_DAYS = 10
"""With fewer days, none of them on a weekend, that may be chance."""


class Calendar(NamedTuple):
    """Steps from one date to the next.

    Attributes:
        unit: "months", "business days" or "milliseconds".
        step: so many of them.
        ends: whether dates are the last days of months.
    """

    unit: str
    step: int
    ends: bool = False

    def __str__(self) -> str:
        """In words: "monthly"."""
        if self.unit == "business days":
            return "on business days"
        if self.unit == "months":
            names = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
            if self.step % 12 == 0 and self.step > 12:
                return f"every {self.step // 12} years"
            return names.get(self.step, f"every {self.step} months")
        names = {HOUR: "hourly", DAY: "daily", WEEK: "weekly"}
        if self.step in names:
            return names[self.step]
        sizes = {"days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
        for name, size in sizes.items():
            if self.step % size == 0:
                count = self.step // size
                return f"every {count} {name}" if count > 1 else f"every {name[:-1]}"
        return f"every {self.step} milliseconds"

    @property
    def period(self) -> int | None:
        """How many steps a season is likely to have: a year, a week or a day of them."""
        if self.unit == "business days":
            return 5
        if self.unit == "months":
            return 12 // self.step if self.step < 12 and 12 % self.step == 0 else None
        if self.step in (DAY, WEEK):
            return 7 if self.step == DAY else 52
        return DAY // self.step if self.step < DAY and DAY % self.step == 0 else None


def calendar_of(dates: Dates) -> Calendar | None:
    """Return the calendar of dates (n,) that grow, or None if they keep no regular steps."""
    if len(dates) < 2:
        return None
    months = dates.astype("datetime64[M]").astype(np.int64)
    days = np.diff(dates).astype(np.int64) / DAY  # (n - 1,)
    middle = np.sort(days)[(len(days) - 1) // 2]
    step = _most_frequent(np.diff(months))
    fewest, most = MOST_DAYS.get(step, (28 * step, 31 * step))
    same_day = bool(np.all(_days_of_month(dates) == _days_of_month(dates[:1])))
    ends = bool(np.all(_are_ends(dates)))
    apart = same_day or ends or (fewest <= middle <= most and not np.all(days == days[0]))
    if step > 0 and apart and np.all(np.diff(months) > 0) and not np.any(np.diff(months) % step):
        return Calendar("months", step, ends and not same_day)
    return _business_days(dates) or _fixed(dates)


def _most_frequent(steps: NDArray[np.int64]) -> int:
    """Return the step that is there most often, of equally frequent ones the shortest."""
    ordered = np.sort(steps)
    edges = np.flatnonzero(np.r_[True, np.diff(ordered) > 0, True])
    return int(ordered[edges[np.diff(edges).argmax()]])


def _days_of_month(dates: Dates) -> NDArray[np.int64]:
    """Return the day of the month, from 0, of dates (n,)."""
    days = dates.astype("datetime64[D]") - dates.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(days, np.int64)


def _are_ends(dates: Dates) -> NDArray[np.bool_]:
    """Tell of dates (n,) which are the last of their month."""
    return np.equal(_days_of_month(dates + np.timedelta64(1, "D")), 0)


def _business_days(dates: Dates) -> Calendar | None:
    """Return the calendar of days without weekends, if it is that."""
    days = dates.astype("datetime64[D]")
    steps = np.diff(dates).astype(np.int64)
    enough = len(days) >= FEWEST_BUSINESS_DAYS and _most_frequent(steps) == DAY
    if enough and not np.any(steps % DAY) and np.all(np.is_busday(days)):
        return Calendar("business days", 1)
    return None


def _fixed(dates: Dates) -> Calendar | None:
    """Return the calendar of steps of equal length, if at least half are and the rest
    are multiples."""
    steps = np.diff(dates).astype(np.int64)
    step = _most_frequent(steps)
    if np.any(steps % step) or 2 * np.count_nonzero(steps == step) < len(steps):
        return None
    return Calendar("milliseconds", step)


def places(dates: Dates, calendar: Calendar) -> NDArray[np.int64]:
    """Return how many steps of the calendar each of the dates (n,) is after the first, (n,)."""
    if calendar.unit == "months":
        months = dates.astype("datetime64[M]").astype(np.int64)
        return np.asarray(months - months[0], np.int64) // calendar.step
    if calendar.unit == "business days":
        days = dates.astype("datetime64[D]")
        return np.asarray(np.busday_count(days[0], days), np.int64)
    return np.asarray(dates - dates[0], np.int64) // calendar.step


def dates_at(first: np.datetime64, steps: NDArray[np.integer], calendar: Calendar) -> Dates:
    """Return the dates that are so many steps (n,) after the first one, (n,)."""
    steps = np.asarray(steps, np.int64)  # NumPy's own whole numbers have 32 bits on the page
    if calendar.unit == "months":
        day = first.astype("datetime64[D]")
        months = first.astype("datetime64[M]") + steps * calendar.step
        starts = months.astype("datetime64[D]")
        last = (months + 1).astype("datetime64[D]") - starts - 1
        within = day - first.astype("datetime64[M]").astype("datetime64[D]")
        days = starts + (last if calendar.ends else np.minimum(within, last))
        return np.asarray(days + (first - day))
    if calendar.unit == "business days":
        day = first.astype("datetime64[D]")
        days = np.busday_offset(day, steps, roll="forward")
        return np.asarray(days + (first - day))
    return np.asarray(first + (steps * calendar.step).astype("timedelta64[ms]"))


def date_text(date: np.datetime64, calendar: Calendar | None) -> str:
    """Write a date as far as the calendar tells: 1990, 1990-Q1, 1990-01, 1990-01-31 or with the
    time."""
    months = int(date.astype("datetime64[M]").astype(np.int64)) + 1970 * 12
    if calendar and calendar.unit == "months":
        if calendar.step % 12 == 0:
            return f"{months // 12}"
        if calendar.step == 3 and months % 3 == 0:
            return f"{months // 12}-Q{months % 12 // 3 + 1}"
        return f"{months // 12}-{months % 12 + 1:02}"
    if date == date.astype("datetime64[D]"):
        return str(date.astype("datetime64[D]"))
    return str(date).replace("T", " ").removesuffix(".000").removesuffix(":00")


def name_of(place: int, dates: Dates | None, calendar: Calendar | None) -> str:
    """Return the date of a value, or which value it is, from 1."""
    return str(place + 1) if dates is None else date_text(dates[place], calendar)
