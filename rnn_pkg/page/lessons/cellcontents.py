"""What stands in the lessons' regions for a network of any cell; contents.py has the tiny one's."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache

from rnn_pkg.engine import cells
from rnn_pkg.engine.linalg import affine
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.engine.network import Network
from rnn_pkg.engine.recurrence import recurrent_gradients
from rnn_pkg.page.lessons.contents import (
    GUESS,
    HIDDEN,
    LOSS,
    ONLY_ITS_LOGARITHM,
    SEQUENCE,
    SHARED,
    TRAINING,
    Content,
    Stated,
    meanings_of,
)
from rnn_pkg.page.lessons.notation import NAME, math_of, symbols_in
from rnn_pkg.page.lessons.source import Fragments, Function, docstring_of

CELL_MEANINGS = {
    "x_t": "what is read, as each gate gets it: times W_ih, plus b_ih",
    "h_{t-1}": "hidden state before",
    "c_{t-1}": "cell state before",
    "u_t": "what the state before contributes to each gate",
    "u_n": "what it contributes to the candidate",
    "i": "input gate: how much is taken in",
    "f": "forget gate: how much is kept",
    "g": "candidate: what could be taken in",
    "o": "output gate: how much is shown",
    "r": "reset gate: how much of the state before the candidate sees",
    "z": "update gate: how much is kept",
    "n": "candidate for the new state",
    "c_t": "cell state",
    "tanh(c_t)": "the cell state, squeezed between -1 and 1",
    "h_t": "hidden state",
    "p": "peepholes: from the cell state to the gates",
    "p_i": "peephole of the input gate",
    "p_f": "peephole of the forget gate",
    "p_o": "peephole of the output gate",
    "W_hh": "hidden to hidden",
    "b_hh": "bias of hidden to hidden",
    "y_t": "output: a score for each character",
    "softmax(y_t)": "probability of each character",
    "W": "hidden to output",
    "b": "bias of the output",
    "from y_t": "what comes from the output",
    "from t+1": "what comes from the next time step",
    "dh_t": "how L changes with each number of h_t: the sum of both",
    "dc_t": "how L changes with each number of c_t",
    "da_t": "how L changes with x_t + W_hh h_{t-1} + b_hh",
    "da": "how L changes with the argument of each gate",
    "da_i": "how L changes with the argument of the input gate",
    "da_f": "how L changes with the argument of the forget gate",
    "da_o": "how L changes with the argument of the output gate",
    "da_r": "how L changes with the argument of the reset gate",
    "da_z": "how L changes with the argument of the update gate",
    "da_n": "how L changes with the argument of the candidate",
    "du": "how L changes with u_t",
    "dh_{t-1}": "what is sent to the hidden state before",
    "dc_{t-1}": "what is sent to the cell state before",
}
"""What the symbols of the cells' docstrings are, in the order of the values."""

EQUATION = re.compile(
    rf"^(?P<left>{NAME}(?:, {NAME})*) *= (?P<right>\S.*?)(?:    +(?P<label>\S.*))?$", re.MULTILINE
)
"""A line of a docstring: an equation, and what stands four spaces behind it says what it is."""


@cache
def equations_in(function: Function) -> tuple[Stated, ...]:
    """Return the equations that stand in the docstring of a function, each in a line of its own.

    One that `math_of` can't read is left out.
    """
    found = []
    for line in EQUATION.finditer(docstring_of(function)):
        left, right, label = line["left"], line["right"], line["label"]
        text = re.sub(r"(?<=[(,]) +", "", f"{left} = {right}").replace(",", ", ")  # columns
        with suppress(ValueError):
            math_of(text)
            found.append(Stated(label or CELL_MEANINGS.get(left, left), text, function))
    return tuple(found)


FORWARD_FRAGMENTS = {
    "projected[t]": "x_t",
    "h[t]": "h_{t-1}",
    "h[t + 1]": "h_t",
    "c[t]": "c_{t-1}",
    "c[t + 1]": "c_t",
    "tanh_c[t]": "tanh(c_t)",
    "tanh(c[t + 1])": "tanh(c_t)",
    **{name: name for name in "ifgorzn"},
    "u": "u_t",
    "peephole": "p",
    "weight_hh": "W_hh",
    'weights["weight_hh"]': "W_hh",
    "bias_hh": "b_hh",
    'weights["bias_hh"]': "b_hh",
}
"""Pieces of the cells' `forward`; a cell has some of them."""

BACKWARD_FRAGMENTS = {
    "dhidden[t]": "from y_t",
    "+ dh": "from t+1",
    "dh": "dh_t",
    "dc = dc + dh": "dc_t",
    "dc": "dc_t",
    "dc = dc *": "dc_{t-1}",
    "dh = dot(": "dh_{t-1}",
    "dh = dh * z[t] + dot(": "dh_{t-1}",
    **{name: name for name in "ifgorzn"},
    "gates[t, :, 1]": "f",
    "f[t]": "f",
    "h[1:]": "h_t",
    "c[:-1]": "c_{t-1}",
    "tanh_c": "tanh(c_t)",
    "peephole[0]": "p_i",
    "peephole[1]": "p_f",
    "peephole[2]": "p_o",
    "candidate_product": "u_n",
    "weight_hh": "W_hh",
    'weights["weight_hh"]': "W_hh",
    "weight_columns": "W_hh",
}
"""Pieces of the cells' `backward`; a cell has some of them."""

MORE_FRAGMENTS = {
    "rnn": {"da[t]": "da_t"},
    "lstm": {"da[t, :, :3]": "da", "da[t, :, 3]": "da", "da[t]": "da"},
    "gru": {
        "da[t, :, 0]": "da_r",
        "da[t, :, 1]": "da_z",
        "da[t, :, 2]": "da_n",
        "du[t, :, :2]": "du",
        "du[t, :, 2]": "du",
        "du[t]": "du",
        "h[:-1]": "h_{t-1}",
    },
    "peephole": {
        "da[t, :, 0]": "da_i",
        "da[t, :, 1]": "da_f",
        "da[t, :, 3]": "da_o",
        "da[t, :, :3]": "da",
        "da[t]": "da",
    },
    "coupled": {"da[t, :, :2]": "da", "da[t, :, 2]": "da", "da[t]": "da"},
}
"""What only the `backward` of one cell has, or what is another symbol there."""

LSTMS = ("lstm", "peephole", "coupled")
"""The cells of which dc_t is told, see `cell_gradient`."""

REASONS = {
    "softmax(y_t)": HIDDEN.reasons["softmax(y_t)"],
    "from y_t": "dh_t of the equations is its sum with what comes from t + 1",
    "from t+1": "dh_t of the equations is its sum with what comes from y_t",
    "i": "of a cell with coupled gates it is 1 - f, which the source doesn't name",
    "c_t": "the source keeps its tanh",
}
"""Why a symbol stands in no equation or source of some cell."""

OWN_SEQUENCE = Content(
    equations=SEQUENCE.equations,
    sources=SEQUENCE.sources[1:],
    meanings=SEQUENCE.meanings,
    reasons=SEQUENCE.reasons,
)

OWN_LOSS = Content(
    equations=(LOSS.equations[0],),
    sources=(
        (
            cross_entropy,
            {
                "logits": "y_t",
                "flat": "y_t",
                "targets": "target_t",
                "log_likelihood": "log softmax(y_t)[target_t]",
                "exponentials / total": "softmax(y_t)",
                "float(log_likelihood.mean(dtype=np.float64))": "L",
            },
        ),
    ),
    meanings={
        **meanings_of("y_t, softmax(y_t), target_t, softmax(y_t)[target_t]"),
        **meanings_of("log softmax(y_t)[target_t]"),
        "L": "loss of all that is read, in nats: the source divides it by the number of time steps",
    },
    reasons={"softmax(y_t)[target_t]": ONLY_ITS_LOGARITHM},
)

OWN_SHARED = Content(
    equations=(SHARED.equations[0],),
    sources=(
        (
            recurrent_gradients,
            {
                "dgates": "da_t",
                "flat": "da_t",
                "previous": "h_{t-1}",
                "before": "h_{t-1}",
                "dot(flat.T, before.T)": "dWhh",
            },
        ),
    ),
    meanings={
        "da_t": "how L changes with W_hh h_{t-1} + b_hh",
        **meanings_of("h_{t-1}, da_t h_{t-1}^T"),
        "dWhh": "gradient of W_hh: a sum over time",
    },
    reasons={"da_t h_{t-1}^T": "one product of all time steps at once adds them up, too"},
)

OWN_TRAINING = replace(
    TRAINING,
    meanings={name: text for name, text in TRAINING.meanings.items() if name != "(1 - h_t^2)"},
)
"""Not every cell's h_t comes straight from tanh."""

OUTPUT = Stated("output", "y_t = W h_t + b", Network)

OWN_CONTENTS = {
    "sequence": OWN_SEQUENCE,
    "loss": OWN_LOSS,
    "shared": OWN_SHARED,
    "training": OWN_TRAINING,
}
"""What a lesson shows of any network, whatever its cell."""


@cache
def content_of(lesson: str, cell: str) -> Content:
    """Return what a lesson shows of a network of this cell."""
    if lesson in OWN_CONTENTS:
        return OWN_CONTENTS[lesson]
    forward, backward = cells.CELLS[cell].forward, cells.CELLS[cell].backward
    sources: dict[Function, Fragments]
    if lesson == "hidden":
        decoder = {"a": "h_t", "weight": "W", "bias": "b", "product": "y_t"}
        sources = {forward: FORWARD_FRAGMENTS, affine: decoder}
        return cell_content((*equations_in(forward), OUTPUT, GUESS), sources)
    fragments = BACKWARD_FRAGMENTS | MORE_FRAGMENTS.get(cell, {})
    sources = {backward: fragments}
    if cell in ("lstm", "peephole"):
        sources[cells.lstm_slopes] = fragments
    equations = equations_in(backward)
    if lesson == "forgetting":  # here one meets cells that no other lesson has shown
        sources = {forward: FORWARD_FRAGMENTS, **sources}
        equations = (*equations_in(forward), *equations)
    return cell_content(equations, sources)


def cell_content(equations: tuple[Stated, ...], sources: Mapping[Function, Fragments]) -> Content:
    """Return what is shown of a cell: of all symbols those that its equations or sources have."""
    content = Content(equations, tuple(sources.items()), CELL_MEANINGS)
    found: set[str | None] = {
        name for equation in content.drawn for name in symbols_in(equation["math"])
    }
    for source in content.written:
        found |= {piece["symbol"] for line in source["lines"] for piece in line["pieces"]}
    meanings = {name: text for name, text in CELL_MEANINGS.items() if name in found}
    return Content(equations, tuple(sources.items()), meanings, REASONS)
