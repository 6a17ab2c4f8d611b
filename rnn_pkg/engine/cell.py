"""What a cell is: a recurrence, forward over a whole sequence and backward through time.

A cell works on a sequence of T steps for B texts at once. What its input contributes to its G gates
(the projection W_ih x_t + b_ih) is computed for all T outside, so that only the product with the
hidden state is left inside the loop over time. Shapes, throughout:

    projected   (T, B, G*H)     the input's share of every gate
    weight_hh   (G*H, H)        hidden to hidden
    bias_hh     (G*H,)
    hidden      (T, B, H)       h_1 ... h_T
    state       a tuple of (B, H): (h,), or (h, c) where there is a cell state

Each cell is three functions. `forward(projected, weights, state)` returns the hidden states, the
state after the last step, and a cache: whatever `backward` needs. `backward(cache, dhidden,
dstate)` takes the gradients with respect to what forward returned and gives them with respect to
what it took. `activations(cache)` names what went on inside. The cells there are stand in cells.py.

The lessons show a cell's equations, which they find in the docstrings of `forward` and `backward`:
each is a line there, `h_t = o tanh(c_t)`, and what stands four spaces behind it says what it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.engine.linalg import Array, column_sums, dot

State = tuple[Array, ...]
Weights = dict[str, Array]
Cache = Any
"""A named tuple of the cell's own, which only its three functions open."""


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x). For a very negative x the exponential overflows to infinity, and 1/inf = 0
    is then right: callers silence that warning once for a whole sequence."""
    return 1 / (1 + np.exp(-x))


def tanh(x: Array) -> Array:
    """The hyperbolic tangent as 2 sigmoid(2x) - 1: in WebAssembly twice as fast as np.tanh."""
    return 2 * sigmoid(2 * x) - 1


def with_initial(initial: Array, steps: int) -> Array:
    """Return an array (steps + 1, B, H) whose first entry is the state before the first step."""
    states = np.empty((steps + 1, *initial.shape), initial.dtype)
    states[0] = initial
    return states


def recurrent_gradients(dgates: Array, previous: Array) -> Weights:
    """Return the gradients of weight_hh and bias_hh.

    Args:
        dgates: (T, B, G*H), the gradient with respect to W_hh h_{t-1} + b_hh.
        previous: (T, B, H), h_0 ... h_{T-1}.
    """
    flat = dgates.reshape(-1, dgates.shape[-1])  # (T*B, G*H)
    before = previous.reshape(-1, previous.shape[-1])  # (T*B, H)
    return {"weight_hh": dot(flat.T, before.T), "bias_hh": column_sums(flat)}


class Parameter(NamedTuple):
    """What a parameter is, and its shape, given the sizes of the input and the hidden state."""

    meaning: str
    shape: Callable[[int, int], tuple[int, ...]]


Range = tuple[float, float] | None
"""What a unit's activations lie between; None where there is no limit."""

LETTERS = {
    "hidden state": "h_t",
    "cell state": "c_t",
    "input gate": "i",
    "forget gate": "f",
    "candidate": "g",
    "output gate": "o",
    "reset gate": "r",
    "update gate": "z",
}
"""How equations write what units do, where a cell doesn't say otherwise."""

BY_SIGMOID: Range = (0.0, 1.0)
BY_TANH: Range = (-1.0, 1.0)


@dataclass(frozen=True)
class Cell:
    """A recurrence.

    Attributes:
        label: what people call it.
        gates: what each of the G blocks of H rows of its weights is for.
        states: the arrays of its state, the hidden state first.
        shows: the names of its activations, "hidden state" first, and what they lie between.
        forward, backward, activations: see the module.
        own: its parameters besides those that every cell has.
        letters: how its equations write what its units do, where not as LETTERS has it.
    """

    label: str
    gates: tuple[str, ...]
    states: tuple[str, ...]
    shows: Mapping[str, Range]
    forward: Callable[[Array, Weights, State], tuple[Array, State, Cache]]
    backward: Callable[[Cache, Array, State], tuple[Array, Weights, State]]
    activations: Callable[[Cache], dict[str, Array]]
    own: Mapping[str, Parameter] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)

    def letter(self, name: str) -> str:
        """Return how equations write an activation or a gate of this name; itself if there is no
        letter for it."""
        return self.letters.get(name, LETTERS.get(name, name))

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """All its parameters. Those of the input (ih) are used outside, for all steps at once."""
        gates = len(self.gates)
        return {
            "weight_ih": Parameter("input to hidden", lambda size, hidden: (gates * hidden, size)),
            "weight_hh": Parameter("hidden to hidden", lambda _, hidden: (gates * hidden, hidden)),
            "bias_ih": Parameter("bias of input to hidden", lambda _, hidden: (gates * hidden,)),
            "bias_hh": Parameter("bias of hidden to hidden", lambda _, hidden: (gates * hidden,)),
            **self.own,
        }
