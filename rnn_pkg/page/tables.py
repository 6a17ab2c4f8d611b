"""A table and the series in it, in plain values and words that a page can show."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.config import Config
from rnn_pkg.page import answers
from rnn_pkg.tasks.calendars import DAY, Calendar
from rnn_pkg.tasks.parts import Dates, Values
from rnn_pkg.tasks.questions import Question
from rnn_pkg.tasks.season import CYCLES
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.table import Table
from rnn_pkg.training.report import season_name

MOST_POINTS = 2000
"""A line to be drawn has so many points at most."""

STEPS = {"monthly": "months", "quarterly": "quarters", "half-yearly": "half-years"}
STEPS |= {"weekly": "weeks", "daily": "days", "on business days": "business days"}
STEPS |= {"hourly": "hours"}
"""What the steps of a calendar are called."""

PROSE = 0.1
"""A text is no table at all if no more than this part of its signs are digits."""


def describe_table(
    read: Table, series: Series | None, config: Config | None, season: int | None
) -> answers.Table:
    """Return a table that was read.

    Args:
        read: the table.
        series: what is in it; None while there is a question.
        config: of the run that would learn the series; None if none can.
        season: that somebody has given.
    """
    count, preview = len(read.values), read.preview
    return {
        "question": describe_question(read.questions[0]) if read.questions else None,
        "columns": [{"name": c.name, "kind": c.kind} for c in read.columns],  # type: ignore[typeddict-item]
        "column": read.column,
        "notes": list(read.notes),
        "preview": [{"date": row.date, "value": row.value} for row in preview],
        "left_out": count - len(preview),
        "values": count,
        "missing": int(np.count_nonzero(np.isnan(read.values))),
        "dated": read.dates is not None,
        "season": config.season if config else 1,
        "season_words": season_words(series, config, season) if series and config else "",
        "plan": plan(series, config) if series and config else "",
        "line": points(read.values, read.dates),
        "fingerprint": series.fingerprint if series else "",
    }


def describe_question(question: Question) -> answers.TableQuestion:
    """Return a question with its options."""
    return {
        "name": question.name,
        "sentence": question.sentence,
        "options": [
            {"value": value, "words": words, "example": example}
            for value, words, example in question.options
        ],
    }


def season_words(series: Series, config: Config, given: int | None) -> str:
    """Return in a sentence what is a season, and how that is known."""
    season, usual = config.season, series.calendar_period
    if given is not None:
        return f"A season has {season:,} values." if season > 1 else "There is no season."
    if season > 1 and season == usual:
        return f"{season} {_steps(series.calendar)} are a {_turn(series)}, as the dates tell."
    if season > 1:
        return f"It repeats itself after {season:,} values, more or less."
    if usual:
        return (
            f"The dates tell of {usual} {_steps(series.calendar)} in a {_turn(series)}, but what "
            f"has not come {CYCLES} times to learn from is of no use: no season is taken."
        )
    return "No season was found."


def _steps(calendar: Calendar | None) -> str:
    """Return what the steps of a calendar are called, several of them."""
    words = str(calendar)
    return STEPS.get(words, f"steps of {words.removeprefix('every ')}")


def _turn(series: Series) -> str:
    """Return what the season that the dates propose is called."""
    calendar = series.calendar
    if calendar is not None and calendar.unit == "milliseconds" and calendar.step < DAY:
        return "day"
    if calendar is not None and calendar.unit == "business days":
        return "week"
    name = season_name(series, series.calendar_period or 1)
    return name if name != "season" else "year"


def plan(series: Series, config: Config) -> str:
    """Return in a sentence or two how a network reads a series, and why so."""
    over = (
        "the last value" if config.leaves == "last" else f"last {_turn_or_season(series, config)}"
    )
    learns = f"learns what repeating {over} leaves over"
    place, read = {
        "changes": ("leaves", "its changes"),
        "seasonal_changes": ("leaves", "how it changes from season to season"),
        "changes_and_season": (
            "leaves",
            f"its changes, and how it went on a {_turn_or_season(series, config)} ago",
        ),
        "levels": ("stays in", "its values as they are"),
        "levels_and_change": ("stays in", "its values as they are and their last change"),
    }[config.reads]
    words = (
        f"The series {place} the range it has been in, so the network reads {read}, and {learns}."
    )
    if config.logarithm == "yes":
        words += (
            " Its ups and downs grow with its level, so it learns the logarithms of the values."
        )
    return words


def _turn_or_season(series: Series, config: Config) -> str:
    return _turn(series) if config.season == series.calendar_period else "season"


def points(values: Values, dates: Dates | None) -> answers.Points:
    """Return a line to be drawn, of a long series the lowest and the highest value of each piece,
    so that peaks stay."""
    places = thinned(values)
    x = places_x(len(values), dates)[places]
    return {"x": x.tolist(), "y": or_none(values[places])}


def or_none(values: Values) -> list[float | None]:
    """Return values, None for those that are missing."""
    return [None if np.isnan(value) else float(value) for value in values]


def places_x(count: int, dates: Dates | None) -> NDArray[np.float64]:
    """Return where values are drawn, (n,): seconds since 1970, or which value it is, from 1."""
    if dates is None:
        return np.arange(1.0, count + 1)
    return seconds(dates)


def seconds(dates: Dates) -> NDArray[np.float64]:
    """Return dates in seconds since 1970."""
    return dates.astype(np.int64) / 1000


def thinned(values: Values, most: int = MOST_POINTS) -> NDArray[np.int64]:
    """Return the places of values that are drawn, in order: all, or at most so many."""
    if len(values) <= most:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), most // 2 + 1).astype(np.int64)
    places = list[int]()
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        known = start + np.flatnonzero(~np.isnan(values[start:end]))
        if not len(known):
            places.append(start)  # a gap
            continue
        piece = values[known]
        places += sorted({int(known[piece.argmin()]), int(known[piece.argmax()])})
    return np.array(places)


def is_prose(text: str, beginning: int = 20_000) -> bool:
    """Tell whether a text is rather one to be read than a table."""
    signs = [sign for sign in text[:beginning] if not sign.isspace()]
    letters = sum(map(str.isalpha, signs))
    digits = sum(map(str.isdigit, signs))
    return letters > 0 and digits <= PROSE * len(signs)
