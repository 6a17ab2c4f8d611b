"""Advice on a run: has the held-out part long been known worse than before, why, and what helps."""

from typing import Literal, NamedTuple

from rnn_pkg.checks import either
from rnn_pkg.config import Config, settings
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.trainer import Trainer

MEASURED = 3
"""So many times in a row the held-out loss must have been above its lowest,"""

LONG, LONGER = 100, 1.2
"""for so many steps, and until this many times as many, so that a loss that is measured often isn't
judged too soon,"""

RISE = 0.01
"""in the end by this part of it, so that no wobble is taken for a turn."""

NEAR = 5
"""Points of the curve that tell the training loss at a step."""

DROPOUTS = (0.3, 0.5, 0.7)
"""What is advised, one after another, to a network that learns by heart."""


class Change(NamedTuple):
    """What would help.

    Attributes:
        words: as in "fewer hidden units help".
        label: with its value.
        settings: by name.
    """

    words: str
    label: str
    settings: dict[str, float]


class Advice(NamedTuple):
    """What is told of a run.

    Attributes:
        kind: "by heart": it knows its training text better and better, and other text worse.
            "too fast": it has not come to know its training text better either.
        message: all of it in words, with what helps.
        changes: what helps, as settings, and only what has an effect on this run.
    """

    kind: Literal["by heart", "too fast"]
    message: str
    changes: list[Change]


def advise(trainer: Trainer) -> Advice | None:
    """Return what is to be said of a run, or None while all is well or not enough is known."""
    metrics, words = trainer.metrics, trainer.task.words
    if metrics is None or metrics.best_step is None or metrics.best_loss is None:
        return None
    since = max(
        metrics.best_step, trainer.rates[-1][0]
    )  # a rate that was advised has to show first
    long = max(LONG, (LONGER - 1) * metrics.best_step)
    if trainer.tried_since(since) < MEASURED or metrics.step - since < long:
        return None
    if (metrics.validation_loss or 0) <= metrics.best_loss + RISE * _scale(trainer, metrics):
        return None
    # It says nothing that changes at every step: whoever hears it read out shall hear it once.
    step = metrics.best_step
    turn = (
        f"The validation loss was lowest at step {step:,} ({metrics.best_loss:.2f} "
        f"{words.unit}) and has risen since"
    )
    kept = f"The network of that step is kept, and {words.does}."
    if metrics.smooth_loss >= _training_loss_at(trainer, step):
        changes = _slower(trainer.config)
        slower = f": {changes[0].words}, to begin with" if changes else ""
        return Advice(
            "too fast",
            f"{turn}. The training loss has not fallen either, so the steps are probably too "
            f"large{slower}. {kept}",
            changes,
        )
    changes = _regularizing(trainer.config)
    helps = HELPS[trainer.task.kind](either([change.words for change in changes]))
    return Advice(
        "by heart",
        f"{turn}, while the training loss went on falling: the network is learning its "
        f"{words.data} by heart. {kept}{helps}",
        changes,
    )


def _text_helps(others: str) -> str:
    return f" More text helps most{f'; {others} can help too' if others else ''}."


def _series_helps(others: str) -> str:
    """Of a series there is mostly no more."""
    return f" {others[0].upper()}{others[1:]} can help." if others else ""


HELPS = {"text": _text_helps, "numbers": _series_helps}
"""What helps against learning by heart, given what settings do."""


def _scale(trainer: Trainer, metrics: Metrics) -> float:
    """Return what a rise of the loss is a part of: the lowest itself; or, where 0 means nothing, as
    with the likelihood of numbers, the loss of a blind guess."""
    task = trainer.task
    return task.blind_loss if task.ends.loss == "gaussian" else metrics.best_loss or 0.0


def _training_loss_at(trainer: Trainer, step: int) -> float:
    """Return the training loss about a step, nats per character."""
    curve = trainer.curve
    near = sorted(zip(curve.step, curve.train, strict=True), key=lambda p: abs(p[0] - step))
    losses = [loss for _, loss in near[:NEAR]]
    return sum(losses) / len(losses) if losses else float("inf")


def _slower(config: Config) -> list[Change]:
    """Return what to do about large steps."""
    rate = config.learning_rate / 2
    if rate < settings()["learning_rate"][1].minimum:
        return []
    label = f"Learning rate {rate:g}"
    return [Change(f"lower the learning rate to {rate:g}", label, {"learning_rate": rate})]


def _regularizing(config: Config) -> list[Change]:
    """Return what helps a network that learns by heart."""
    changes = []
    higher = [dropout for dropout in DROPOUTS if dropout > config.dropout]
    if higher:
        words = "more dropout" if config.dropout else "dropout"
        changes.append(Change(words, f"Dropout {higher[0]:g}", {"dropout": higher[0]}))
    half = config.hidden_size // 2
    if half:
        label = f"{half} hidden units" if half > 1 else "1 hidden unit"
        changes.append(Change("fewer hidden units", label, {"hidden_size": half}))
    return changes
