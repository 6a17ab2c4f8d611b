"""Advice on a run: has the held-out part long been known worse than before, why, and what helps."""

from typing import Literal, NamedTuple

from rnn_pkg.checks import either
from rnn_pkg.config import settings
from rnn_pkg.training.trainer import Trainer

MEASURED = 3
"""So many times in a row the held-out loss must have been above its lowest,"""

RISE = 0.01
"""in the end by this part of it, so that no wobble is taken for a turn."""

NEAR = 5
"""Points of the curve that tell the training loss at a step."""


class Advice(NamedTuple):
    """What is told of a run.

    Attributes:
        kind: "by heart": it knows its training text better and better, and other text worse.
            "too fast": it has not come to know its training text better either.
        message: all of it in words, with what helps.
    """

    kind: Literal["by heart", "too fast"]
    message: str


def advise(trainer: Trainer) -> Advice | None:
    """Return what is to be said of a run, or None while all is well or not enough is known."""
    metrics, every = trainer.metrics, trainer.config.evaluate_every
    if metrics is None or metrics.best_step is None or metrics.best_loss is None:
        return None
    measured = metrics.step // every - metrics.best_step // every
    if measured < MEASURED or (metrics.validation_loss or 0) <= (1 + RISE) * metrics.best_loss:
        return None
    # It says nothing that changes at every step: whoever hears it read out shall hear it once.
    step = metrics.best_step
    turn = (
        f"The validation loss was lowest at step {step:,} ({metrics.best_loss:.2f} nats per "
        "character) and has risen since"
    )
    if metrics.smooth_loss >= _training_loss_at(trainer, step):
        return Advice(
            "too fast",
            f"{turn}. The training loss has not fallen either, so the steps are probably too large"
            f"{_slower(trainer)}",
        )
    return Advice(
        "by heart",
        f"{turn}, while the training loss went on falling: the network is learning its text by "
        f"heart. {_remedies(trainer, step)}",
    )


def _slower(trainer: Trainer) -> str:
    """Return what to do about large steps, to the end of the sentence."""
    rate = trainer.config.learning_rate / 2
    if rate < settings()["learning_rate"][1].minimum:
        return "."
    return f": lower the learning rate, to {rate:g} to begin with."


def _training_loss_at(trainer: Trainer, step: int) -> float:
    """Return the training loss about a step, nats per character."""
    curve = trainer.curve
    near = sorted(zip(curve.step, curve.train, strict=True), key=lambda p: abs(p[0] - step))
    losses = [loss for _, loss in near[:NEAR]]
    return sum(losses) / len(losses) if losses else float("inf")


def _remedies(trainer: Trainer, best_step: int) -> str:
    """Return what helps a network that learns by heart, and only what has an effect on this one."""
    config = trainer.config
    remedies = ["fewer hidden units"] if config.hidden_size > 1 else []
    if config.layers > 1:
        remedies += ["fewer layers", "more dropout" if config.dropout else "dropout"]
    others = f"; {either(remedies)} help too" if remedies else ""
    return f"More text helps most{others}. Or start over, and stop at about step {best_step:,}."
