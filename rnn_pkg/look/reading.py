"""What goes on inside a network while it reads: hidden states, gates, and what it expected."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import Network
from rnn_pkg.engine.recurrence import Range

WARM_UP = 64
"""So many characters are read before what is looked at or measured, as nobody starts cold."""

SLICE = 2**26
"""A large network reads so few steps at once that they need about so many multiplications."""


class Piece(NamedTuple):
    """What went on during some steps of reading."""

    start: int  # the first of these steps
    layers: list[dict[str, Array]]  # see Cell.shows: each (T, B, H), by name
    logits: Array  # (T, B, V), of what comes next


def read(network: Network, inputs: Array) -> Iterator[Piece]:
    """Read B texts, or series, from a state of zeros; yield what goes on inside, piece by piece.

    Args:
        network: the reader.
        inputs: (T, B) or, for numbers, (T, B, I).
    """
    weights = sum(parameter.size for parameter in network.parameters.values())
    piece = max(1, SLICE // (weights * inputs.shape[1]))
    state = None
    for start in range(0, len(inputs), piece):
        logits, state, caches = network.forward(inputs[start : start + piece], state)
        yield Piece(start, [network.cell.activations(cache.cell) for cache in caches], logits)


def log_probabilities(logits: Array, targets: Ids) -> NDArray[np.float64]:
    """Return log softmax(logits)[target], (N,), for logits (N, V) and targets (N,)."""
    scores = logits.astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)  # exp can't overflow
    chosen = scores[np.arange(len(scores)), targets]
    likelihood: NDArray[np.float64] = chosen - np.log(np.exp(scores).sum(axis=1))
    return likelihood


def limits(activations: Array, within: Range) -> tuple[float, float]:
    """Return what activations lie between: sensible ends of a scale.

    Args:
        activations: of any shape.
        within: what they must lie between, see `Cell.shows`. Where that is not known, few are
            far larger than all others, and would leave these without colour; so the scale ends, at
            a whole number, where only one in twenty lies beyond.
    """
    if within is not None:
        return within
    sizes = np.sort(np.abs(activations), axis=None)
    # Not np.quantile: it imports numpy.ma, which the page would have to load for that alone.
    most = max(1.0, float(np.ceil(sizes[int(0.95 * (sizes.size - 1))])))
    return -most, most
