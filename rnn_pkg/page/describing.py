"""What was measured, in plain values and words that a page can show."""

import math
from collections.abc import Mapping

from rnn_pkg.engine.linalg import Array
from rnn_pkg.look import flow, gradcheck
from rnn_pkg.page import answers
from rnn_pkg.training.advice import advise
from rnn_pkg.training.trainer import Trainer

FAR = 20
"""So many characters back the page tells what is left of a gradient."""

TUTORIAL_MEANINGS = {
    "Wxh": "input to hidden",
    "Whh": "hidden to hidden",
    "Why": "hidden to output",
    "bh": "bias of the hidden state",
    "by": "bias of the output",
}
"""What the parameters of the tutorial's RNN are."""


def describe_flow(name: str, label: str, found: flow.Flow, clip: float) -> answers.FlowLine:
    """Return a network's Flow for the chart."""
    factor = found.clip_factor(clip)
    return {
        "name": name,
        "label": label,
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


def describe_check(
    place: answers.CheckPlace, meanings: Mapping[str, str], checked: list[gradcheck.Checked]
) -> answers.CheckReport:
    """Return what came of a check so far, where each parameter has a meaning."""
    rows = [describe_checked(each, meanings[each.name]) for each in checked]
    return {
        **place,
        "parameters": rows,
        "tried": sum(row["tried"] for row in rows),
        "wrong": sum(not row["right"] for row in rows),
        "digits": min((row["digits"] for row in rows), default=0),
    }


def describe_checked(checked: gradcheck.Checked, meaning: str) -> answers.CheckedParameter:
    """Return what came of checking a parameter, in plain words."""
    return {
        "name": checked.name,
        "meaning": meaning,
        "tried": checked.tried,
        "weights": checked.weights,
        "error": finite(checked.error),
        "digits": digits_of(checked.error),
        "right": checked.right,
    }


def digits_of(error: float) -> int:
    """Return to how many digits two numbers agree that differ by a relative error."""
    return max(0, math.floor(-math.log10(max(error, 1e-15)))) if error < 1 else 0


def describe_advice(trainer: Trainer) -> answers.Advice | None:
    """Return what is to be said of a run as plain values."""
    advice = advise(trainer)
    if advice is None:
        return None
    changes: list[answers.Change] = [
        {"label": change.label, "settings": change.settings} for change in advice.changes
    ]
    return {"kind": advice.kind, "message": advice.message, "changes": changes}


def describe_lost(ended: int, late: int) -> str | None:
    """Return what is told of so many further web workers that did not do their part."""
    if not ended and not late:
        return None
    kinds = ((ended, "ended"), (late, "fallen behind"))
    what = " and ".join(
        f"{f'{count} workers have' if count > 1 else 'a worker has'} {fate}"
        for count, fate in kinds
        if count
    )
    place = "its place" if ended + late == 1 else "their place"
    return (
        f"{what[0].upper()}{what[1:]}. Nothing is lost: the first worker learns the same in "
        f"{place}, only more slowly."
    )


def describe_progress(
    trainer: Trainer, characters_per_second: float | None, workers: int
) -> answers.Progress:
    """Return how far a run is, trained at such a speed by so many workers."""
    metrics = trainer.metrics
    return {
        "step": metrics.step if metrics else 0,
        "settled": trainer.settled,
        "epoch": metrics.epoch if metrics else 0.0,
        "characters_seen": metrics.chars_seen if metrics else 0,
        "train_loss": metrics.smooth_loss if metrics else None,
        "validation_loss": metrics.validation_loss if metrics else None,
        "best_step": metrics.best_step if metrics else None,
        "best_loss": metrics.best_loss if metrics else None,
        "advice": describe_advice(trainer),
        "grad_norm": metrics.grad_norm if metrics else None,
        "learning_rate": trainer.config.learning_rate,
        "characters_per_second": characters_per_second,
        "workers": workers,
    }
