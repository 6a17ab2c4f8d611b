"""What stands in the lessons' regions: equations, sources, symbols with their meanings.

An equation is told with the function or class in whose docstring it stands, a source with the
pieces of it that are symbols; tests hold that all of them are there. So nothing here can drift from
what runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from rnn_pkg.engine.optimizers import clip_by_global_norm, clip_factor
from rnn_pkg.look import recording, rehearsal
from rnn_pkg.page.describing import TUTORIAL_MEANINGS
from rnn_pkg.page.lessons.answers import Equation, Source, Symbol
from rnn_pkg.page.lessons.notation import math_of
from rnn_pkg.page.lessons.source import Fragments, Function, source_of
from rnn_pkg.rnn import RNN, log_softmax


class Stated(NamedTuple):
    """An equation, and whose docstring it stands in."""

    label: str
    text: str
    owner: Any


@dataclass(frozen=True, eq=False)
class Content:
    """What a lesson shows of a network, but for the numbers.

    Attributes:
        equations: in the order in which they are read.
        sources: functions, each with its fragments.
        meanings: of each symbol, in the order of the values.
        reasons: why a symbol stands in no equation, in no source, or has no value.
    """

    equations: tuple[Stated, ...]
    sources: tuple[tuple[Function, Fragments], ...]
    meanings: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def symbols(self) -> list[Symbol]:
        """The symbols, as the page lists them."""
        return [
            {"name": name, "math": math_of(name), "meaning": meaning}
            for name, meaning in self.meanings.items()
        ]

    @cached_property
    def drawn(self) -> list[Equation]:
        """The equations as the page draws them."""
        return [
            {"label": label, "text": text, "math": math_of(text, self.meanings)}
            for label, text, _ in self.equations
        ]

    @cached_property
    def written(self) -> list[Source]:
        """The sources as the page writes them."""
        return [source_of(function, fragments) for function, fragments in self.sources]


MEANINGS = {
    "x_t": "what is read, one-hot",
    "x_{t+1}": "what is read at the next time step, one-hot",
    "target_t": "what really comes next, one-hot",
    "h_{t-1}": "hidden state before",
    "h_t": "hidden state",
    "y_t": "output: a score for each character",
    "softmax(y_t)": "probability of each character",
    "softmax(y_t)[target_t]": "probability of the right character",
    "log softmax(y)": "logarithm of each probability",
    "log softmax(y_t)[target_t]": "its logarithm: minus that is the loss of this time step",
    "L": "loss of the whole sequence, in nats",
    "dy_t": "how L changes with each score",
    "Why^T dL/dy_t": "what comes from the output",
    "Whh^T dL/da_{t+1}": "what comes from the next time step",
    "dh_t": "how L changes with each number of h_t: the sum of both",
    "(1 - h_t^2)": "slope of tanh",
    "da_t": "how L changes with the argument of tanh",
    "da_{t+1}": "how L changes with the argument of tanh at the next time step",
    "Whh^T dL/da_t": "what is sent to the time step before",
    "dh_next": "what comes from after the word: zeros, for nothing does",
    "da_t h_{t-1}^T": "what this time step adds to dWhh",
    **TUTORIAL_MEANINGS,
    "dWhh": "gradient of Whh: a sum over time",
    "dWxh": "gradient of Wxh",
    "dbh": "gradient of bh",
    "dWhy": "gradient of Why",
    "dby": "gradient of by",
}
"""What the symbols of the tiny network are."""


def meanings_of(names: str) -> dict[str, str]:
    """Return symbols, told with commas between them, with their meanings."""
    return {name: MEANINGS[name] for name in names.split(", ")}


ONLY_ITS_LOGARITHM = "the source needs only its logarithm, which is safe for large scores"

SEQUENCE = Content(
    equations=(Stated("target", "target_t = x_{t+1}", recording.inputs_and_targets),),
    sources=(
        (recording.one_hot, {}),
        (recording.one_hot_column, {"column": "x_t"}),
        (
            recording.inputs_and_targets,
            {"inputs": "x_t", "targets": "target_t", "sequence[1:]": "x_{t+1}"},
        ),
    ),
    meanings=meanings_of("x_t, target_t, x_{t+1}"),
    reasons={"x_t": "the equation has the next one"},
)

GUESS = Stated("guess", "softmax(y_t) = exp(y_t)/(sum exp(y_t))", RNN)

HIDDEN = Content(
    equations=(
        Stated("hidden state", "h_t = tanh(Wxh x_t + Whh h_{t-1} + bh)", RNN),
        Stated("output", "y_t = Why h_t + by", RNN),
        GUESS,
    ),
    sources=(
        (
            RNN._hidden_states,
            {
                "self.Wxh": "Wxh",
                "self.Whh": "Whh",
                "self.bh": "bh",
                "x": "x_t",
                "hidden[-1]": "h_{t-1}",
                "hidden.append": "h_t",
            },
        ),
        (
            RNN.forward,
            {"self.Why": "Why", "self.by": "by", "h": "h_t", "hidden[1:]": "h_t", "outputs": "y_t"},
        ),
    ),
    meanings=meanings_of("x_t, h_{t-1}, h_t, y_t, softmax(y_t), Wxh, Whh, bh, Why, by"),
    reasons={"softmax(y_t)": "forward returns the scores; the loss makes probabilities of them"},
)

LOSS = Content(
    equations=(
        Stated("loss", "L = sum_t -log softmax(y_t)[target_t]", RNN),
        Stated("log softmax", "log softmax(y) = y - log sum exp(y)", log_softmax),
    ),
    sources=(
        (
            RNN.loss,
            {
                "sum(-": "L",
                "np.sum(t *": "log softmax(y_t)[target_t]",
                "log_softmax(y)": "log softmax(y)",
                "outputs": "y_t",
                "y": "y_t",
                "targets": "target_t",
                "t": "target_t",
            },
        ),
        (log_softmax, {"y": "y_t", "result": "log softmax(y)"}),
    ),
    meanings=meanings_of(
        "y_t, softmax(y_t), target_t, softmax(y_t)[target_t], log softmax(y), "
        "log softmax(y_t)[target_t], L"
    ),
    reasons={
        "softmax(y_t)": ONLY_ITS_LOGARITHM,
        "softmax(y_t)[target_t]": ONLY_ITS_LOGARITHM,
    },
)

BACKWARD = Content(
    equations=(
        Stated("from the loss", "dL/dy_t = softmax(y_t) - target_t", RNN),
        Stated("two flows", "dL/dh_t = Why^T dL/dy_t + Whh^T dL/da_{t+1}", RNN.backward),
        Stated("through tanh", "dL/da_t = (1 - h_t^2) * dL/dh_t", RNN.backward),
    ),
    sources=(
        (
            RNN.backward,
            {
                "self.Why": "Why",
                "self.Whh": "Whh",
                "h_t": "h_t",
                "hidden[t + 1]": "h_t",
                "dy": "dy_t",
                "dh": "dh_t",
                "da": "da_t",
                "self.Why @ h_t + self.by": "y_t",
                "targets[t]": "target_t",
                "self.Why.T @ dy": "Why^T dL/dy_t",
                "dh_later": "Whh^T dL/da_{t+1}",
                "dh_next": "dh_next",
                "(1.0 - h_t * h_t)": "(1 - h_t^2)",
                "dh_later = self.Whh.T @ da": "Whh^T dL/da_t",
            },
        ),
        (
            RNN._output_gradient,
            {"y": "y_t", "target": "target_t", "np.exp(log_softmax(y))": "softmax(y_t)"},
        ),
    ),
    meanings=meanings_of(
        "Why^T dL/dy_t, Whh^T dL/da_{t+1}, dh_t, (1 - h_t^2), da_t, Whh^T dL/da_t, dy_t, "
        "softmax(y_t), target_t, y_t, h_t, da_{t+1}, Why, Whh, dh_next"
    ),
    reasons={
        "Whh^T dL/da_t": "it is the second term of the equation for the time step before",
        "da_{t+1}": "the loop has it no more: what is left of it is in dh_later",
        "dh_next": "the equations are of what lies within the word",
    },
)

SHARED = Content(
    equations=(
        Stated("hidden to hidden", "dWhh += da_t h_{t-1}^T", RNN.backward),
        Stated("input to hidden", "dWxh += da_t x_t^T", RNN.backward),
        Stated("bias of the hidden state", "dbh += da_t", RNN.backward),
        Stated("hidden to output", "dWhy += dy_t h_t^T", RNN.backward),
        Stated("bias of the output", "dby += dy_t", RNN.backward),
    ),
    sources=(
        (
            RNN.backward,
            {
                **{name: name for name in ("dWxh", "dWhh", "dWhy", "dbh", "dby")},
                "h_t": "h_t",
                "hidden[t + 1]": "h_t",
                "h_before": "h_{t-1}",
                "hidden[t]": "h_{t-1}",
                "dy": "dy_t",
                "da": "da_t",
                "inputs[t]": "x_t",
                "da @ h_before.T": "da_t h_{t-1}^T",
            },
        ),
    ),
    meanings=meanings_of(
        "da_t, h_{t-1}, da_t h_{t-1}^T, dWhh, x_t, dWxh, dbh, dy_t, h_t, dWhy, dby"
    ),
)

PRINTED_FRAGMENTS = {
    **{name: name for name in ("dWxh", "dWhh", "dWhy", "dbh", "dby")},
    "outputs[t]": "y_t",
    "targets[t]": "target_t",
    "inputs[t]": "x_t",
    "hidden[t]": "h_{t-1}",
    "hidden[t + 1]": "h_t",
    "dy": "dy_t",
    "dh": "dh_t",
    "da": "da_t",
    "self.Why.T @ dy": "Why^T dL/dy_t",
    "dh_next": "Whh^T dL/da_{t+1}",
    "(1.0 - hidden[t + 1] * hidden[t + 1])": "(1 - h_t^2)",
    "dh_next = self.Whh.T @ da": "Whh^T dL/da_t",
}
"""Pieces of the printed `backward`, which is written anew for whatever is chosen."""

PRINTED = Content(
    equations=(
        Stated("from the loss", "dL/dy_t = y_t - target_t", RNN),
        *BACKWARD.equations[1:],
        *SHARED.equations,
    ),
    sources=(),
    meanings=meanings_of(
        "dWxh, dWhh, dWhy, dbh, dby, dy_t, y_t, target_t, Why^T dL/dy_t, Whh^T dL/da_{t+1}, dh_t, "
        "h_t, (1 - h_t^2), da_t, Whh^T dL/da_t, x_t, h_{t-1}"
    ),
)

TRAINING = Content(
    equations=(
        Stated("clipping, where |g| > clip", "g <- g clip / |g|", rehearsal.descend),
        Stated("a step down the slope", "w <- w - rate g", rehearsal.descend),
    ),
    sources=(
        (
            rehearsal.descend,
            {
                "weights": "w",
                "gradients": "g",
                "gradient": "g",
                "rate": "rate",
                "clip": "clip",
                "length": "|g|",
            },
        ),
        (
            clip_by_global_norm,
            {"gradients": "g", "gradient": "g", "limit": "clip", "norm": "|g|"},
        ),
        (clip_factor, {"limit": "clip", "norm": "|g|"}),
    ),
    meanings={
        "rate": "learning rate",
        "clip": "the longest that the gradient may be; 0: as long as it is",
        "|g|": "length of the gradient: of all its numbers, taken as one vector",
        "softmax(y_t)": "probability of each character, with these weights",
        **meanings_of("target_t, h_t, (1 - h_t^2)"),
        "w": "every weight",
        "g": "the gradient of every weight",
    },
    reasons=dict.fromkeys(
        ("softmax(y_t)", "target_t", "h_t", "(1 - h_t^2)"),
        "this is to be seen of learning, not a part of it",
    ),
)

CONTENTS = {
    "sequence": SEQUENCE,
    "hidden": HIDDEN,
    "loss": LOSS,
    "backward": BACKWARD,
    "shared": SHARED,
    "printed": PRINTED,
    "training": TRAINING,
}
"""What each lesson shows of the tiny network."""
