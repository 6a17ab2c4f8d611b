"""Are the gradients right? Central differences against backpropagation.

For every single weight w, the slope of the loss is measured by moving the weight a little to both
sides and compared with what backpropagation says it is:

    dL/dw  ~  (L(w + step) - L(w - step)) / (2 step)

The difference is wrong by about step^2 and by rounding over step, so float64 is needed.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from rnn_pkg.linalg import Array
from rnn_pkg.network import Network, NetworkState
from rnn_pkg.rnn import RNN, Column
from rnn_pkg.text import Ids

STEP = 1e-5

TINY = 1e-12
"""Gradients smaller than this count as zero: rounding alone makes as much."""


def numerical_gradient(loss: Callable[[], float], parameter: Array, step: float = STEP) -> Array:
    """Return the gradient of `loss()` with respect to an array, measured weight by weight.

    Args:
        loss: computes the loss from the array as it is now.
        parameter: float64, of any shape; it is changed meanwhile, and restored.
        step: how far each weight is moved to both sides.

    Returns:
        An array of the parameter's shape.
    """
    gradient = np.zeros_like(parameter)
    for index in np.ndindex(*parameter.shape):
        original = parameter[index]
        parameter[index] = original + step
        above = loss()
        parameter[index] = original - step
        below = loss()
        parameter[index] = original
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(analytic: Array, numerical: Array) -> float:
    """Return the largest difference of two gradients, relative to the larger one's largest entry.

    It is taken relative to the whole array, for single entries near zero drown in rounding. A
    gradient that is not finite is infinitely wrong.
    """
    if not (np.isfinite(analytic).all() and np.isfinite(numerical).all()):
        return math.inf
    scale = max(np.abs(analytic).max(), np.abs(numerical).max())
    if scale < TINY:
        return 0.0
    return float(np.abs(analytic - numerical).max() / scale)


def compare(
    loss: Callable[[], float], parameters: Mapping[str, Array], gradients: Mapping[str, Array]
) -> dict[str, float]:
    """Return, for each parameter, the relative error of its gradient.

    Raises:
        ValueError: a parameter is not float64.
    """
    for name, parameter in parameters.items():
        if parameter.dtype != np.float64:
            raise ValueError(f"{name} must be float64 to be checked, not {parameter.dtype}")
    return {
        name: relative_error(gradients[name], numerical_gradient(loss, parameter))
        for name, parameter in parameters.items()
    }


def check_rnn(
    rnn: RNN, inputs: list[Column], targets: list[Column], h_prev: Column, dh_next: Column
) -> dict[str, float]:
    """Return the relative error of each gradient of the tutorial's RNN.

    `dh_next` is the gradient of what comes after the sequence, so what is differentiated here is
    loss + dh_next . h_next.

    Args: as for `RNN.backward`.

    Returns:
        Wxh, Whh, Why, bh, by -> error; below 1e-6 means that the gradient is right.
    """

    def loss() -> float:
        outputs, h_next = rnn.forward(inputs, h_prev)
        return rnn.loss(outputs, targets) + float(np.sum(dh_next * h_next))

    names = ("Wxh", "Whh", "Why", "bh", "by")
    gradients = rnn.backward(inputs, targets, h_prev, dh_next)
    parameters = {name: getattr(rnn, name) for name in names}
    return compare(loss, parameters, dict(zip(names, gradients, strict=True)))


def check_network(
    network: Network, inputs: Ids, targets: Ids, state: NetworkState | None = None
) -> dict[str, float]:
    """Return the relative error of the gradient of each parameter of a float64 Network.

    Args: as for `Network.loss_and_gradients`.

    Returns:
        Parameter name -> error; below 1e-6 means that the gradient is right.
    """
    _, gradients, _ = network.loss_and_gradients(inputs, targets, state)

    def loss() -> float:
        return network.loss_and_gradients(inputs, targets, state)[0]

    return compare(loss, network.parameters, gradients)
