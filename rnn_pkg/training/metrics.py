"""How a run stands after a step, in numbers."""

from dataclasses import dataclass

SMOOTHING = 0.9
"""How much of the smoothed training loss each step keeps."""


@dataclass(frozen=True)
class Metrics:
    """How a run stands after a step. Losses are in nats per character.

    Attributes:
        step: number of steps so far.
        epoch: how often the training text has been read.
        chars_seen: characters trained on so far.
        train_loss: of this step's batch, before its update.
        smooth_loss: running mean of train_loss.
        validation_loss: the last measured on the held-out part, with the running mean of the
            weights; None before that, or without one.
        grad_norm: length of the gradient before clipping.
        learning_rate: of this step.
        best_step, best_loss: when validation_loss was lowest, and that; None before it is measured.
    """

    step: int
    epoch: float
    chars_seen: int
    train_loss: float
    smooth_loss: float
    validation_loss: float | None
    grad_norm: float
    learning_rate: float
    best_step: int | None = None
    best_loss: float | None = None

    @classmethod
    def after(
        cls,
        previous: "Metrics | None",
        *,
        characters: int,
        training_characters: int,
        train_loss: float,
        validation_loss: float | None,
        grad_norm: float,
        learning_rate: float,
    ) -> "Metrics":
        """Return the Metrics of a step.

        Args:
            previous: those of the step before; None before the first.
            characters: that the step has read,
            training_characters: of so many in all.
            train_loss, grad_norm, learning_rate: of the step.
            validation_loss: None unless it was measured after this step.
        """
        step, chars_seen, smooth_loss = 1, characters, train_loss
        best_step, best_loss, measured = None, None, validation_loss
        if previous is not None:
            step += previous.step
            chars_seen += previous.chars_seen
            smooth_loss = SMOOTHING * previous.smooth_loss + (1 - SMOOTHING) * train_loss
            best_step, best_loss = previous.best_step, previous.best_loss
            if validation_loss is None:
                measured = previous.validation_loss
        if validation_loss is not None and (best_loss is None or validation_loss < best_loss):
            best_step, best_loss = step, validation_loss
        return cls(
            step=step,
            epoch=chars_seen / training_characters,
            chars_seen=chars_seen,
            train_loss=train_loss,
            smooth_loss=smooth_loss,
            validation_loss=measured,
            grad_norm=grad_norm,
            learning_rate=learning_rate,
            best_step=best_step,
            best_loss=best_loss,
        )
