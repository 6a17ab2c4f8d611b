"""From gradients to steps: SGD, RMSprop and Adam, and clipping by the global norm.

An optimizer changes the parameters in place. What it remembers between steps is in `memory`, a dict
of dicts with the parameters' keys, and `steps`, so that a checkpoint can hold it.
"""

import math

import numpy as np

from rnn_pkg.linalg import Array

Arrays = dict[str, Array]


def clip_by_global_norm(gradients: Arrays, limit: float) -> float:
    """Shorten the gradients, taken together as one vector, to at most `limit`, in place.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013):
    g <- g * limit / |g| where |g| > limit.

    Args:
        gradients: name -> array.
        limit: 0 leaves them as they are.

    Returns:
        Their norm |g| before clipping.
    """
    norm = math.sqrt(sum(float(np.sum(np.square(g), dtype=np.float64)) for g in gradients.values()))
    if 0 < limit < norm < math.inf:
        for gradient in gradients.values():
            gradient *= limit / norm
    return norm


class Optimizer:
    """What the three have in common; they differ in `move`."""

    memory_names: tuple[str, ...] = ()

    def __init__(self, parameters: Arrays) -> None:
        self.steps = 0
        self.memory = {
            name: {key: np.zeros_like(value) for key, value in parameters.items()}
            for name in self.memory_names
        }

    def step(self, parameters: Arrays, gradients: Arrays, rate: float) -> None:
        """Move the parameters, in place, by one step of the given learning rate."""
        self.steps += 1
        for name, parameter in parameters.items():
            parameter -= self.move(name, gradients[name], rate)

    def move(self, name: str, gradient: Array, rate: float) -> Array:
        """Return what to subtract from the parameter of that name."""
        raise NotImplementedError


class SGD(Optimizer):
    """Stochastic gradient descent: p <- p - rate * g."""

    def move(self, name: str, gradient: Array, rate: float) -> Array:
        return rate * gradient


class RMSprop(Optimizer):
    """Divide by a running size of the gradient: Tieleman and Hinton (2012).

    v <- 0.99 v + 0.01 g^2;  p <- p - rate * g / (sqrt(v) + 1e-8)
    """

    memory_names = ("square",)

    def move(self, name: str, gradient: Array, rate: float) -> Array:
        square = self.memory["square"][name]
        square *= 0.99
        square += 0.01 * np.square(gradient)
        return rate * gradient / (np.sqrt(square) + 1e-8)


class Adam(Optimizer):
    """Running mean over running size of the gradient: Kingma and Ba, "Adam" (2015).

    m <- 0.9 m + 0.1 g;  v <- 0.999 v + 0.001 g^2
    p <- p - rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8)
    """

    memory_names = ("mean", "square")

    def move(self, name: str, gradient: Array, rate: float) -> Array:
        mean, square = self.memory["mean"][name], self.memory["square"][name]
        mean += 0.1 * (gradient - mean)
        square += 0.001 * (np.square(gradient) - square)
        size = np.sqrt(square) / math.sqrt(1 - 0.999**self.steps) + 1e-8
        return (rate / (1 - 0.9**self.steps)) * mean / size


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}
