"""Lesson 6: the printed `backward`, mended line by line, and what is measured beside it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

import numpy as np

from rnn_pkg.look import printed
from rnn_pkg.look.gradcheck import TOLERANCE
from rnn_pkg.page.describing import TUTORIAL_MEANINGS
from rnn_pkg.page.lessons.answers import CheckedGradient, Fault, PrintedLesson, Source, Value
from rnn_pkg.page.lessons.contents import PRINTED_FRAGMENTS
from rnn_pkg.page.lessons.own import Frozen
from rnn_pkg.page.lessons.scene import Subject, scene
from rnn_pkg.page.lessons.source import pieces_of
from rnn_pkg.page.lessons.tiny import GRADIENTS, squared, zeros

FILE = "the tutorial"


class Farthest(TypedDict):
    """The part of a CheckedGradient that is about one weight."""

    weight: str
    returned: float | None
    measured: float | None


NOT_TOLD: Farthest = {"weight": "", "returned": None, "measured": None}

RIGHT = "Right: it agrees with what was measured."
WRONG = "Wrong: it differs from what was measured."


def mended(word: str, seed: int, t: int, choices: Mapping[str, str]) -> PrintedLesson:
    """Return the lesson with the tiny network."""
    network = squared(word, seed)
    chosen = {name: option.name for name, option in printed.chosen(choices).items()}
    outcome = tried_out(word, seed, tuple(chosen.items()))
    told = scene(network, "printed", t)
    values = [each for each in told["values"] if each["symbol"] not in GRADIENTS]
    returned: list[Value] = [
        {**each, "numbers": outcome.gradients[each["name"][1:]].tolist()}
        for each in told["values"]
        if each["symbol"] in GRADIENTS and each["name"][1:] in outcome.gradients
    ]
    told["sources"], told["values"] = [source_of_printed(chosen)], [*returned, *values]
    told["network"] += "; gradients as these lines return them, all else as it should be"
    why = printed.explain(chosen, outcome)
    checked: list[CheckedGradient] = [
        {
            "parameter": parameter,
            "meaning": meaning,
            "error": outcome.errors.get(parameter),
            **farthest(outcome, parameter),
            "right": outcome.right(parameter),
            "why": why[parameter],
        }
        for parameter, meaning in TUTORIAL_MEANINGS.items()
    ]
    return {
        "scene": told,
        "faults": [fault_of(fault, chosen[fault.name]) for fault in printed.FAULTS],
        "stopped": outcome.stopped,
        "checked": checked,
        "same": outcome.same,
    }


def farthest(outcome: printed.Outcome, parameter: str) -> Farthest:
    """Return a gradient and its measurement at the weight where they differ most; where they agree
    but for rounding, at the weight with the largest."""
    if parameter not in outcome.gradients:
        return NOT_TOLD
    returned, measured = outcome.gradients[parameter], outcome.measured[parameter]
    telling = measured if outcome.right(parameter) else returned - measured
    row, column = divmod(int(np.argmax(np.abs(telling))), returned.shape[1])
    return {
        "weight": f"row {row + 1}, column {column + 1}",
        "returned": float(returned[row, column]),
        "measured": float(measured[row, column]),
    }


@lru_cache(maxsize=64)
def tried_out(word: str, seed: int, choices: tuple[tuple[str, str], ...]) -> printed.Outcome:
    """Return what came of running the printed function with these lines."""
    network = squared(word, seed)
    columns = network.x, network.target
    return printed.try_out(network.rnn, *columns, zeros(), zeros(), dict(choices))


def source_of_printed(choices: Mapping[str, str]) -> Source:
    """Return the printed function with these lines."""
    lines = printed.source(choices).splitlines()
    return {
        "file": FILE,
        "function": "backward",
        "lines": [
            {"number": number, "pieces": pieces_of(line, PRINTED_FRAGMENTS)}
            for number, line in enumerate(lines, 1)
        ],
    }


def fault_of(fault: printed.Fault, chosen: str) -> Fault:
    """Return a fault with what can be chosen."""
    return {
        "name": fault.name,
        "question": fault.question,
        "options": [{"name": each.name, "source": each.source} for each in fault.options],
        "chosen": chosen,
        "number": fault.number,
    }


def own_checked(frozen: Frozen, view: Subject, t: int) -> PrintedLesson:
    """Return the lesson with the person's own network, in whose `backward` nothing is to mend."""
    meanings = frozen.reader.network.meanings()
    checked: list[CheckedGradient] = [
        {
            "parameter": name,
            "meaning": meanings[name],
            "error": error,
            **NOT_TOLD,
            "right": error < TOLERANCE,
            "why": RIGHT if error < TOLERANCE else WRONG,
        }
        for name, error in frozen.errors.items()
    ]
    return {
        "scene": scene(view, "printed", t),
        "faults": [],
        "stopped": None,
        "checked": checked,
        "same": False,
    }
