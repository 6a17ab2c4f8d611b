"""What was measured, in plain values and words that a page can show."""

import math
from typing import Any

from rnn_pkg.engine.linalg import Array
from rnn_pkg.look import flow, gradcheck

Answer = dict[str, Any]

FAR = 20
"""So many characters back the page tells what is left of a gradient."""

MEANINGS = {
    "weight_ih": "input to hidden",
    "weight_hh": "hidden to hidden",
    "bias_ih": "bias of input to hidden",
    "bias_hh": "bias of hidden to hidden",
    "decoder.weight": "hidden to output",
    "decoder.bias": "bias of the output",
    "Wxh": "input to hidden",
    "Whh": "hidden to hidden",
    "Why": "hidden to output",
    "bh": "bias of the hidden state",
    "by": "bias of the output",
}


def describe_flow(name: str, found: flow.Flow, clip: float) -> Answer:
    """Return a network's Flow for the chart; what a logarithm can't show is None.

    Returns:
        name; norms: |dL/dh| by distance; clipped: the same after clipping; left: what is left FAR
        characters back, as a part of what it begins with; end: the same as far back as the line
        goes; fate: what becomes of it; length: of a training step's gradient; factor: what clipping
        multiplies it by; clipped_length: its length then.
    """
    factor = found.clip_factor(clip)
    return {
        "name": name,
        "norms": drawable(found.norms),
        "clipped": drawable(found.norms * factor),
        "left": finite(found.left(FAR)),
        "end": finite(found.left(-1)),
        "fate": found.fate(),
        "length": finite(found.length),
        "factor": finite(factor),
        "clipped_length": finite(found.length * factor),
    }


def drawable(values: Array) -> list[float | None]:
    """Return the values, None for those that have no logarithm."""
    return [float(value) if 0 < value < math.inf else None for value in values]


def finite(value: float) -> float | None:
    """Return the value, or None if it is not finite."""
    return value if math.isfinite(value) else None


def describe_check(checked: list[gradcheck.Checked]) -> Answer:
    """Return what came of a check so far.

    Returns:
        parameters: a row for each; tried: weights that were moved, in all; wrong: how many
        parameters have a wrong gradient; digits: to how many all of them agree.
    """
    rows = [describe_checked(each) for each in checked]
    return {
        "parameters": rows,
        "tried": sum(row["tried"] for row in rows),
        "wrong": sum(not row["right"] for row in rows),
        "digits": min((row["digits"] for row in rows), default=0),
    }


def describe_checked(checked: gradcheck.Checked) -> Answer:
    """Return what came of checking a parameter, in plain words.

    Returns:
        name; meaning: in words; tried: weights that were moved; weights: of how many; error: the
        largest relative error, None if it is infinite; digits: to how many both agree; right.
    """
    return {
        "name": checked.name,
        "meaning": meaning_of(checked.name),
        "tried": checked.tried,
        "weights": checked.weights,
        "error": finite(checked.error),
        "digits": digits_of(checked.error),
        "right": checked.right,
    }


def digits_of(error: float) -> int:
    """Return to how many digits two numbers agree that differ by a relative error."""
    return max(0, math.floor(-math.log10(max(error, 1e-15)))) if error < 1 else 0


def meaning_of(name: str) -> str:
    """Return what a parameter is, such as "input to hidden, layer 1" for rnn.weight_ih_l0."""
    stem, _, layer = name.removeprefix("rnn.").partition("_l")
    return f"{MEANINGS[stem]}, layer {int(layer) + 1}" if layer else MEANINGS[stem]
