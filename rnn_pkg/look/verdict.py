"""What a backtest says, in words: who forecasts better, and whether that can be said at all."""

import math
from typing import Literal, NamedTuple

import numpy as np

from rnn_pkg.look.judging import Backtest, Row
from rnn_pkg.tasks.parts import NOTHING, Values

NETWORK = "network"
"""The name of the row that all others are compared with."""

WORDS = {
    "naive": "repeating the last value",
    "seasonal naive": "repeating last {season}",
    "drift": "going on along a straight line",
    "ar": "a linear model of the last values (AR)",
    "seasonal difference ar": "a linear model of the changes from {season} to {season} (AR)",
}
"""How each baseline is called in a sentence; a season has a name of its own, such as "year"."""

SMALL = 0.02
"""Errors that differ by less than this part of them are alike."""

STUDENT = (6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.90, 1.86, 1.83, 1.81)
"""So many standard errors are passed one time in ten by chance alone, with 2, 3, ... 11 stretches
(Student's t); with more, the last is a little strict."""

FEWEST_STRETCHES = 4
"""With fewer, it is for want of origins that a difference may be chance."""

NEAR = 0.5
"""A forecast is the last value if it is nearer to it than to the truth, by this factor,"""

GAIN = 0.9
"""and if its errors are no smaller than this part of those of repeating the last value."""


class Verdict(NamedTuple):
    """Who forecasts better.

    Attributes:
        kind: "network" or "simple" is better; they are "alike"; which is better can't be told
            ("unsure"); or there is no network ("baselines").
        best: the name of the best row, by its mean absolute error.
        percent: by how much the better one's mean absolute error is smaller.
        message: all of it in a sentence or two.
    """

    kind: Literal["network", "simple", "alike", "unsure", "baselines"]
    best: str
    percent: float
    message: str


def verdict(test: Backtest, season: str = "season") -> Verdict:
    """Compare the network with the best of the others, by their mean absolute errors.

    A difference counts if it is at least SMALL, and more than chance makes of as many stretches
    (see `stretch_differences` and `is_sure`); how many origins there are says little, as they
    overlap. The best of the others is the one that the test part itself shows to be best, which is
    a little in their favour.

    Args:
        test: with the row NETWORK, or without.
        season: what a season is called: "year", "week".

    Raises:
        ValueError: there is no row but the network's.
    """
    others = sorted((row for row in test.rows if row.name != NETWORK), key=lambda row: row.mae)
    if not others:
        raise ValueError("the network can't be judged alone: the backtest needs another row")
    network = next((row for row in test.rows if row.name == NETWORK), None)
    if network is None:
        return _without_network(others, season)
    simple = others[0]
    words = _words(simple, season)
    better, worse = sorted((network, simple), key=lambda row: row.mae)
    percent = _percent(better, worse)
    if worse.mae <= NOTHING * float(np.nanmax(np.abs(test.truth))):
        message = f"The network and {words} both forecast this series exactly."
        return Verdict("alike", better.name, 0.0, message)
    if percent < 100 * SMALL:
        message = (
            f"The network is as good as {words}: their errors differ by less than "
            f"{100 * SMALL:.0f} %."
        )
        return Verdict("alike", better.name, percent, message)
    stretches = stretch_differences(test, worse, better)
    if not is_sure(stretches):
        so_far = f"{'the network' if better is network else 'the other'}'s errors are smaller by"
        if len(stretches) < FEWEST_STRETCHES:
            message = (
                f"Too few origins to say whether the network or {words} is better: "
                f"{_origins(test)}. So far {so_far} {percent:.0f} %, which may be chance."
            )
        else:
            message = (
                f"Hard to say whether the network or {words} is better: {so_far} {percent:.0f} %, "
                "but not steadily, so it may be chance."
            )
        return Verdict("unsure", better.name, percent, message)
    if better is network:
        message = f"The network is better than {words} by {percent:.0f} %."
        return Verdict("network", better.name, percent, message)
    message = f"{_sentence(words)} is better than the network by {percent:.0f} %."
    return Verdict("simple", better.name, percent, message)


def late(test: Backtest, row: Row) -> str | None:
    """Return an alarm if forecasts are merely the last value, which comes late; else None.

    Drawn over the truth, such forecasts look right, one step to the side. They are told by their
    distances (root mean square, over all origins and steps): they are near to the last value known
    at their origin, far from what came, and their errors hardly smaller than its.

    Args:
        test: of which the row is one.
        row: a model's, mostly the network's.
    """
    known = ~np.isnan(test.truth)
    last = np.broadcast_to(test.last[:, None], known.shape)[known]
    truth, forecasts = test.truth[known], row.forecasts[known]
    from_last, error = _distance(forecasts, last), _distance(forecasts, truth)
    repeated = _distance(last, truth)
    if from_last > NEAR * error or error < GAIN * repeated or not repeated:
        return None
    who = "The network" if row.name == NETWORK else f"The model “{row.name}”"
    message = (
        f"{who} merely repeats the last value: its forecasts are nearer to that than to what came, "
        "so every rise and fall comes too late."
    )
    if min(other.rmse for other in test.rows) >= GAIN * repeated:
        message += " Nothing else does better here: perhaps no more can be known of this series."
    return message


def stretch_differences(test: Backtest, worse: Row, better: Row) -> Values:
    """Return by how much the absolute errors of two models differ, stretch by stretch.

    Origins overlap: forecasts from neighbouring ones are of mostly the same values, so that fifty
    of them may tell no more than two. Here each value that came counts once, with the mean of all
    forecasts of it, and a stretch is a horizon of such values: no two have a value in common.

    Returns:
        (S,), the mean of each stretch; the last has what is left over, too.
    """
    horizon = test.truth.shape[1]
    places = (test.origins - test.origins[0])[:, None] + np.arange(horizon)
    difference = np.abs(worse.forecasts - test.truth) - np.abs(better.forecasts - test.truth)
    known = ~np.isnan(difference)
    length = int(places.max()) + 1
    stretch = np.minimum(np.arange(length) // horizon, length // horizon - 1)
    count = np.bincount(places[known], minlength=length)
    total = np.bincount(places[known], difference[known], length)
    forecast = count > 0
    mean = total[forecast] / count[forecast]
    size = np.bincount(stretch[forecast])
    return np.bincount(stretch[forecast], mean)[size > 0] / size[size > 0]


def is_sure(differences: Values) -> bool:
    """Tell whether the mean of these is above 0 by more than chance: Student's t, at 90 %.

    Args:
        differences: (S,); one alone tells nothing.
    """
    count = len(differences)
    if count < 2:
        return False
    limit = STUDENT[min(count - 2, len(STUDENT) - 1)]
    error = float(differences.std(ddof=1)) / math.sqrt(count)
    return bool(differences.mean() > limit * error)


def _without_network(rows: list[Row], season: str) -> Verdict:
    """Return the verdict on the baselines alone, the best first."""
    words = _words(rows[0], season)
    if len(rows) < 2:
        message = f"{_sentence(words)} is all that was tried."
        return Verdict("baselines", rows[0].name, 0.0, message)
    percent = _percent(*rows[:2])
    message = (
        f"Of what needs no network, {words} is best, {percent:.0f} % better than "
        f"{_words(rows[1], season)}."
    )
    return Verdict("baselines", rows[0].name, percent, message)


def _origins(test: Backtest) -> str:
    """Say how many origins there are, and what they come to."""
    count, horizon = test.truth.shape
    stretches = (int(test.origins[-1] - test.origins[0]) + horizon) // horizon
    if horizon == 1:
        return f"only {count} values were forecast"
    each = "stretch" if stretches == 1 else "stretches"
    return f"the {count} there are overlap, and come to {stretches} {each} of {horizon} values"


def _words(row: Row, season: str) -> str:
    """Return what a model is called in a sentence."""
    return WORDS.get(row.name, f"“{row.name}”").format(season=season)


def _sentence(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[0].upper() + words[1:]


def _percent(better: Row, worse: Row) -> float:
    """Return by how much the one's mean absolute error is smaller, in percent of the other's."""
    return 100 * (1 - better.mae / worse.mae) if worse.mae else 0.0


def _distance(a: Values, b: Values) -> float:
    """Return the root of the mean squared difference."""
    return math.sqrt(float(np.square(a - b).mean()))
