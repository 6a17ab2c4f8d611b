"""How wrong predictions are: of characters the cross-entropy, of numbers the Gaussian likelihood or
the squared error."""

import math
from collections.abc import Callable

import numpy as np

from rnn_pkg.engine.backend import replaceable
from rnn_pkg.engine.linalg import Array, Ids

LOG_VARIANCE = 12.0
"""A Gaussian's log-variance is taken to be within plus and minus this: exp can't overflow."""


@replaceable
def cross_entropy(logits: Array, targets: Ids) -> tuple[float, Array]:
    """Return the mean of -log softmax(logits)[target], and its gradient.

    With N predictions, dL/dlogits = (softmax(logits) - one_hot(target)) / N.

    Args:
        logits: (T, B, V).
        targets: (T, B).

    Returns:
        The loss in nats per character, and dlogits (T, B, V).
    """
    flat = logits.reshape(-1, logits.shape[-1])  # (N, V)
    rows = np.arange(len(flat))
    flat = flat - flat.max(axis=1, keepdims=True)  # exp can't overflow
    exponentials = np.exp(flat)
    total = exponentials.sum(axis=1, keepdims=True)  # (N, 1)
    log_likelihood = flat[rows, targets.reshape(-1)] - np.log(total[:, 0])  # (N,)
    dflat = exponentials / total
    dflat[rows, targets.reshape(-1)] -= 1
    dflat /= len(flat)
    return -float(log_likelihood.mean(dtype=np.float64)), dflat.reshape(logits.shape)


def gaussian(outputs: Array, targets: Array) -> tuple[float, Array]:
    """Return the mean of -log N(target; mean m, variance e^s), and its gradient.

    Salinas et al., "DeepAR" (2020), let the network say m and s:

        L = ((target - m)^2 e^-s + s + log 2 pi) / 2
        dL/dm = (m - target) e^-s,    dL/ds = (1 - (target - m)^2 e^-s) / 2

    A target that is NaN counts for nothing.

    Args:
        outputs: (T, B, 2), m and s.
        targets: (T, B).

    Returns:
        The loss in nats per number, and doutputs (T, B, 2).
    """
    known, count = _known(targets)
    m, s = outputs[..., 0], outputs[..., 1].clip(-LOG_VARIANCE, LOG_VARIANCE)
    error = np.where(known, targets - m, 0)
    precision = np.exp(-s)
    losses = (np.square(error) * precision + s + math.log(2 * math.pi)) / 2
    doutputs = np.stack([-error * precision, (1 - np.square(error) * precision) / 2], axis=-1)
    doutputs[..., 1] *= s == outputs[..., 1]  # a clipped one doesn't move
    doutputs *= known[..., None] / outputs.dtype.type(count)
    return float(np.sum(losses * known, dtype=np.float64)) / count, doutputs


def squared_error(outputs: Array, targets: Array) -> tuple[float, Array]:
    """Return the mean of 1/2 (output - target)^2, and its gradient, (output - target) / N.

    A target that is NaN counts for nothing.

    Args:
        outputs: (T, B, 1).
        targets: (T, B).

    Returns:
        The loss, and doutputs (T, B, 1).
    """
    known, count = _known(targets)
    error = np.where(known, outputs[..., 0] - targets, 0)
    loss = float(np.sum(np.square(error), dtype=np.float64)) / (2 * count)
    return loss, error[..., None] / outputs.dtype.type(count)


def _known(targets: Array) -> tuple[Array, int]:
    """Return where there is a target, and in how many places, at least 1."""
    known = ~np.isnan(targets)
    return known, max(1, int(np.count_nonzero(known)))


LOSSES: dict[str, Callable[[Array, Array], tuple[float, Array]]] = {
    "cross_entropy": cross_entropy,
    "gaussian": gaussian,
    "squared_error": squared_error,
}
