"""How wrong predictions are: the cross-entropy."""

import numpy as np

from rnn_pkg.engine.backend import replaceable
from rnn_pkg.engine.linalg import Array, Ids


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
