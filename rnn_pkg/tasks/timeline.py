"""Rows put in order: sorted by date, each date once, missing ones filled in, and a stretch without
long gaps taken."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.tasks.calendars import Calendar, calendar_of, date_text, dates_at, places
from rnn_pkg.tasks.parts import FEWEST, Dates
from rnn_pkg.tasks.questions import Option, Question
from rnn_pkg.tasks.stretches import LONGEST_GAP, Stretch, gaps, stretches
from rnn_pkg.tasks.textfiles import plural

MOST_NAMED = 5
"""So many gaps are named, and the others counted."""

MOST_OFFERED = 9
"""So many stretches are offered, the longest."""


class Timeline(NamedTuple):
    """The values of a series in the order of time.

    Attributes:
        values: NaN where one is missing, (n,).
        dates: in milliseconds, (n,); None if there are none.
        calendar: in what steps they go on; None if there is none.
        notes: what was found and done, each a sentence.
        question: which stretch to take, if that is open.
    """

    values: NDArray[np.float64]
    dates: Dates | None
    calendar: Calendar | None
    notes: tuple[str, ...]
    question: Question | None


def timeline(
    values: NDArray[np.float64],
    dates: Dates | None,
    lines: NDArray[np.int64],
    chosen: int | None = None,
) -> Timeline:
    """Return the values in order.

    Args:
        values: NaN where one is missing, (n,).
        dates: in milliseconds, (n,); without them, the values stand in order.
        lines: the line that each stands in, (n,).
        chosen: which stretch to take, from 1; 0: all rows, one after the other.

    Raises:
        ValueError: a date comes twice with different values, there are too few values, or there is
            no such stretch.
    """
    notes: list[str] = []
    calendar, steps = None, np.arange(len(values))
    if dates is not None:
        values, dates, lines = _by_date(values, dates, lines, notes)
        calendar = calendar_of(dates)
        if calendar and chosen == 0:
            notes.append(f"Dates: {calendar}.")
        elif calendar:
            steps = places(dates, calendar)
            ends = [date_text(date, calendar) for date in (dates[0], dates[-1])]
            notes.append(f"Dates: {calendar}, from {ends[0]} to {ends[1]}.")
        else:
            steps = np.arange(len(values))
            notes.append(
                "The dates keep no regular steps: the values are taken one after the other, as if "
                "they did."
            )
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < FEWEST:
        raise ValueError(
            f"the column has {plural(len(known), 'number')}: a series needs at least {FEWEST}, and "
            "many more to learn from"
        )

    if chosen == 0:
        return Timeline(values, dates, calendar, tuple(notes), None)

    def name(step: int) -> str:
        if dates is None:
            return f"line {lines[step]}"
        if calendar is None:
            return date_text(dates[step], None)
        return date_text(dates_at(dates[0], np.array([step]), calendar)[0], calendar)

    _note_ends(len(values), known, notes)
    parts = stretches(steps[known])
    question = None
    if len(parts) > 1:
        offered = sorted(sorted(parts, key=lambda part: part.start - part.end)[:MOST_OFFERED])
        question = _which(offered, name)
        part = offered[_checked(chosen, len(offered)) - 1] if chosen else max(parts, key=_length)
        if chosen:
            question = None
            notes.append(f"Only {_from_to(part, name)} is taken: long gaps part it from the rest.")
    else:
        part = parts[_checked(chosen or 1, 1) - 1]
    inside = (steps >= part.start) & (steps < part.end)
    rows = steps[inside] - part.start
    whole = np.full(_length(part), np.nan)
    whole[rows] = values[inside]
    _note_gaps(steps[known], part, _length(part) - len(rows), name, notes)
    if dates is not None and calendar is not None:
        filled = dates_at(dates[0], np.arange(part.start, part.end), calendar)
        filled[rows] = dates[inside]
        return Timeline(whole, filled, calendar, tuple(notes), question)
    taken = None if dates is None else dates[inside]
    return Timeline(whole, taken, None, tuple(notes), question)


def _length(part: Stretch) -> int:
    return part.end - part.start


def _checked(chosen: int, most: int) -> int:
    """Return the number of a stretch; if there is none, raise ValueError."""
    if not 1 <= chosen <= most:
        only = "there is only one" if most == 1 else f"there are {most}"
        raise ValueError(f"stretch must be a whole number from 1 to {most}, not {chosen}: {only}")
    return chosen


def _by_date(
    values: NDArray[np.float64], dates: Dates, lines: NDArray[np.int64], notes: list[str]
) -> tuple[NDArray[np.float64], Dates, NDArray[np.int64]]:
    """Return the rows sorted by date, each date once; note what that took.

    Raises:
        ValueError: a date comes twice with different values.
    """
    steps = np.diff(dates).astype(np.int64)
    if np.any(steps < 0):
        order = np.argsort(dates, kind="stable")
        values, dates, lines = values[order], dates[order], lines[order]
        if np.all(steps <= 0):
            notes.append("The newest row came first: the rows were turned round.")
        else:
            first = int(np.flatnonzero(steps < 0)[0]) + 1
            notes.append(
                f"The rows were not in the order of their dates, as from line "
                f"{np.sort(lines)[first]}: they were sorted."
            )
    again = np.r_[False, np.diff(dates).astype(np.int64) == 0]
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    differ = again[1:] & ~same
    if np.any(differ):
        place = int(np.flatnonzero(differ)[0])
        one, two = sorted((int(lines[place]), int(lines[place + 1])))
        raise ValueError(
            f"lines {one} and {two} have the same date, {date_text(dates[place], None)}, and "
            "different values: give each date one row"
        )
    if np.any(again):
        notes.append(
            f"{plural(int(np.count_nonzero(again)), 'row')} came twice, with the same date and "
            f"value, such as line {lines[again][0]}: left out."
        )
    return values[~again], dates[~again], lines[~again]


def _note_ends(count: int, known: NDArray[np.int64], notes: list[str]) -> None:
    """Note what is left out at either end, as it has no value."""
    for missing, where in ((int(known[0]), "first"), (count - 1 - int(known[-1]), "last")):
        if missing:
            rows = f"{where} row has" if missing == 1 else f"{where} {missing:,} rows have"
            notes.append(f"The {rows} no value: left out.")


def _note_gaps(
    known: NDArray[np.int64],
    part: Stretch,
    without_row: int,
    name: Callable[[int], str],
    notes: list[str],
) -> None:
    """Note the gaps within a stretch."""
    within = known[(known >= part.start) & (known < part.end)]
    found = gaps(within)
    if not found:
        return
    count = sum(map(_length, found))
    named = "; ".join(_from_to(gap, name) for gap in found[:MOST_NAMED])
    more = len(found) - MOST_NAMED
    named += f"; and {plural(more, 'more gap')}" if more > 0 else ""
    verb = "is" if count == 1 else "are"
    notes.append(
        f"{count:,} of {_length(part):,} values {verb} missing: {named}. No number is put there: "
        "such short gaps are bridged for the network, and not learned."
    )
    if without_row:
        notes.append(f"{plural(without_row, 'date')} had no row: each was put in, without a value.")


def _from_to(part: Stretch, name: Callable[[int], str]) -> str:
    """Write a gap or a stretch with its place and length."""
    if _length(part) == 1:
        return name(part.start)
    return f"{name(part.start)} to {name(part.end - 1)} ({_length(part):,})"


def _which(offered: list[Stretch], name: Callable[[int], str]) -> Question:
    """Ask which stretch to take; the longest is the first option."""
    longest = max(offered, key=_length)
    numbered = [(number, part) for number, part in enumerate(offered, start=1)]
    numbered.sort(key=lambda each: each[1] != longest)
    options = (
        Option(number, f"stretch {number}", _from_to(part, name)) for number, part in numbered
    )
    return Question(
        "stretch",
        f"There are gaps of more than {LONGEST_GAP} values, too long to be bridged: which stretch "
        "between them is to be taken?",
        tuple(options),
    )
