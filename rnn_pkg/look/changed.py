"""What would follow if one number of a hidden state, or one probability, were another."""

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids, affine
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.rnn import RNN, Column


def outputs_if(
    rnn: RNN, inputs: list[Column], h_prev: Column, t: int, unit: int, value: float
) -> tuple[Column, list[Column]]:
    """Let an RNN read a sequence, and change h_t on the way.

    Args:
        rnn, inputs, h_prev: as for `RNN.forward`.
        t: after which time step.
        unit: which number of h_t is changed.
        value: what it is changed to.

    Returns:
        h_t as it then is, (H, 1), and the outputs of all T time steps, (V, 1) each.
    """
    outputs, h = rnn.forward(inputs[: t + 1], h_prev)
    h[unit] = value
    outputs[t] = rnn.Why @ h + rnn.by
    later = inputs[t + 1 :]
    return h, outputs + (rnn.forward(later, h)[0] if later else [])


def network_outputs_if(
    network: Network, inputs: Ids, state: NetworkState | None, t: int, unit: int, value: float
) -> tuple[Array, Array]:
    """The same for any network that reads characters, and its top layer.

    Args:
        inputs: (T,), ids of characters.
        state: where the network stands before them; None is zeros.
        t, unit, value: as for `outputs_if`.

    Returns:
        h_t as it then is, (H,), and the outputs of all time steps, (T, V).
    """
    weight, bias = (network.parameters[f"decoder.{name}"] for name in ("weight", "bias"))
    outputs = []
    for step, read in enumerate(inputs[:, None, None]):
        y, state, _ = network.forward(read, state)
        if step == t:
            h = state[-1][0]  # (1, H)
            h[0, unit] = value
            y = affine(h, weight, bias)
        outputs.append(y.reshape(-1))
    return h[0], np.array(outputs)


def scores_if(y: Array, target: int, probability: float) -> Array:
    """Change one score so that softmax gives its character another probability.

    The other scores stay, so the other probabilities shrink or grow together:

        y_target = log(p / (1 - p)) + log sum exp(the others)

    Args:
        y: scores, (V,) or (V, 1).
        target: which score.
        probability: p, above 0; 1 is taken for a little less.
    """
    others = y[np.arange(len(y)) != target]
    highest = np.max(others)
    p = min(probability, 1 - np.finfo(np.float64).eps)
    changed: Array = y.copy()
    changed[target] = np.log(p / (1 - p)) + highest + np.log(np.sum(np.exp(others - highest)))
    return changed
