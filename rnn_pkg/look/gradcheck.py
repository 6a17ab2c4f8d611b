"""Are the gradients right? Central differences against backpropagation.

For a single weight w, the slope of the loss is measured by moving the weight a little to both
sides and compared with what backpropagation says it is:

    dL/dw  ~  (L(w + step) - L(w - step)) / (2 step)

The difference is wrong by about step^2 and by rounding over step, so float64 is needed.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.rnn import RNN, Column

STEP = 1e-5

TINY = 1e-12
"""Gradients smaller than this count as zero: rounding alone makes as much."""

TOLERANCE = 1e-6
"""A gradient is right if its relative error is smaller."""

OTHERS = 12
"""Of a parameter the weight with the largest gradient is tried, and so many others."""


class Checkable(NamedTuple):
    """A loss, what it depends on, and the gradients that are to be checked."""

    loss: Callable[[], float]  # of the parameters as they are now
    parameters: Mapping[str, Array]  # float64
    gradients: Mapping[str, Array]  # with the same keys


class Checked(NamedTuple):
    """What came of checking one parameter."""

    name: str
    tried: int  # weights moved
    weights: int  # weights it has
    error: float  # the largest, relative

    @property
    def right(self) -> bool:
        """Whether backpropagation and measurement agree."""
        return self.error < TOLERANCE


def slope(loss: Callable[[], float], parameter: Array, place: int, step: float = STEP) -> float:
    """Return the slope of `loss()` along one weight, which is moved meanwhile, and restored.

    Args:
        loss: computes the loss from the parameter as it is now.
        parameter: float64, of any shape.
        place: which of its weights, counted row by row.
        step: how far it is moved to both sides.
    """
    weights = parameter.flat
    original = weights[place]
    weights[place] = original + step
    above = loss()
    weights[place] = original - step
    below = loss()
    weights[place] = original
    return (above - below) / (2 * step)


def numerical_gradient(loss: Callable[[], float], parameter: Array) -> Array:
    """Return the gradient of `loss()` with respect to an array (float64, of any shape), measured
    weight by weight."""
    slopes = [slope(loss, parameter, place) for place in range(parameter.size)]
    return np.reshape(slopes, parameter.shape)


def relative_error(analytic: Array, numerical: Array, smallest: float = 0.0) -> float:
    """Return the largest difference of two gradients, relative to the larger one's largest entry.

    It is taken relative to the whole array, for single entries near zero drown in rounding. A
    gradient that is not finite is infinitely wrong.

    Args:
        analytic, numerical: of one shape.
        smallest: the difference is taken relative to at least this.
    """
    if not (np.isfinite(analytic).all() and np.isfinite(numerical).all()):
        return math.inf
    scale = max(np.abs(analytic).max(), np.abs(numerical).max(), smallest)
    if scale < TINY:
        return 0.0
    return float(np.abs(analytic - numerical).max() / scale)


def smallest_told(loss: Callable[[], float]) -> float:
    """Return the smallest slope of which six digits can be told.

    A loss L is rounded to about eps L, with eps = 2.2e-16, and so a slope to eps L / STEP: six
    digits need a million times that. An error is never taken relative to less: a gradient of nearly
    nothing is not called wrong for the rounding.
    """
    return float(np.finfo(np.float64).eps * max(1.0, abs(loss())) / STEP / TOLERANCE)


def compare(
    loss: Callable[[], float], parameters: Mapping[str, Array], gradients: Mapping[str, Array]
) -> dict[str, float]:
    """Return, for each parameter, the relative error of its gradient, every weight tried.

    Raises:
        ValueError: a parameter is not float64.
    """
    _check_precision(parameters)
    smallest = smallest_told(loss)
    return {
        name: relative_error(gradients[name], numerical_gradient(loss, parameter), smallest)
        for name, parameter in parameters.items()
    }


def compare_sample(
    loss: Callable[[], float],
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    rng: np.random.Generator,
) -> Iterator[tuple[float, list[Checked]]]:
    """Compare, weight by weight, a sample of each parameter: the weight with the largest gradient
    and some others, drawn at random.

    Yields:
        After each weight how much is done, 0 to 1, and the parameters that are.

    Raises:
        ValueError: a parameter is not float64.
    """
    _check_precision(parameters)
    smallest = smallest_told(loss)
    samples = {name: sample_of(gradients[name], rng) for name in parameters}
    of_all = sum(len(sample) for sample in samples.values())
    tried, checked = 0, list[Checked]()
    for name, sample in samples.items():
        parameter, gradient = parameters[name], gradients[name]
        slopes: list[float] = []
        for place in sample:
            slopes.append(slope(loss, parameter, place))
            tried += 1
            if len(slopes) == len(sample):
                analytic = np.array([gradient.flat[place] for place in sample])
                error = relative_error(analytic, np.array(slopes), smallest)
                checked.append(Checked(name, len(sample), parameter.size, error))
            yield tried / of_all, list(checked)


def sample_of(gradient: Array, rng: np.random.Generator) -> list[int]:
    """Return where the largest entry is, counted row by row, and up to OTHERS different places."""
    largest = int(np.abs(gradient).argmax())
    others = rng.choice(gradient.size - 1, min(OTHERS, gradient.size - 1), replace=False)
    others += others >= largest  # of all places but the largest's
    return [largest, *(int(place) for place in others)]


def rnn_gradients(
    rnn: RNN, inputs: list[Column], targets: list[Column], h_prev: Column, dh_next: Column
) -> Checkable:
    """Return what there is to check of the tutorial's RNN.

    `dh_next` is the gradient of what comes after the sequence, so what is differentiated here is
    loss + dh_next . h_next.

    Args: as for `RNN.backward`.
    """

    def loss() -> float:
        outputs, h_next = rnn.forward(inputs, h_prev)
        return rnn.loss(outputs, targets) + float(np.sum(dh_next * h_next))

    names = ("Wxh", "Whh", "Why", "bh", "by")
    gradients = rnn.backward(inputs, targets, h_prev, dh_next)
    parameters = {name: getattr(rnn, name) for name in names}
    return Checkable(loss, parameters, dict(zip(names, gradients, strict=True)))


def network_gradients(
    network: Network, inputs: Ids, targets: Ids, state: NetworkState | None = None
) -> Checkable:
    """Return what there is to check of a float64 Network, on which nothing is dropped.

    Args: as for `Network.loss_and_gradients`.
    """
    _, gradients, _ = network.loss_and_gradients(inputs, targets, state)

    def loss() -> float:
        outputs, _, _ = network.forward(inputs, state)
        return network.loss(outputs, targets)[0]

    return Checkable(loss, network.parameters, gradients)


def check_rnn(
    rnn: RNN, inputs: list[Column], targets: list[Column], h_prev: Column, dh_next: Column
) -> dict[str, float]:
    """Return the relative error of each gradient of the tutorial's RNN.

    Args: as for `rnn_gradients`.

    Returns:
        Wxh, Whh, Why, bh, by -> error; below 1e-6 means that the gradient is right.
    """
    return compare(*rnn_gradients(rnn, inputs, targets, h_prev, dh_next))


def check_network(
    network: Network, inputs: Ids, targets: Ids, state: NetworkState | None = None
) -> dict[str, float]:
    """Return the relative error of the gradient of each parameter of a float64 Network.

    Args: as for `Network.loss_and_gradients`.

    Returns:
        Parameter name -> error; below 1e-6 means that the gradient is right.
    """
    return compare(*network_gradients(network, inputs, targets, state))


def _check_precision(parameters: Mapping[str, Array]) -> None:
    for name, parameter in parameters.items():
        if parameter.dtype != np.float64:
            raise ValueError(f"{name} must be float64 to be checked, not {parameter.dtype}")
