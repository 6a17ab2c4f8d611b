"""What recurrences are made of; cell.py says how, and gives the shapes."""

from collections.abc import Callable
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

BY_SIGMOID: Range = (0.0, 1.0)
BY_TANH: Range = (-1.0, 1.0)
