"""From gradients to steps: SGD, RMSprop and Adam, clipping by the global norm, averaging.

An optimizer changes the parameters in place. What it remembers between steps is in `memory`, a dict
of dicts with the parameters' keys, and `steps`, so that a checkpoint can hold it.
"""

import math
from collections.abc import Mapping

import numpy as np

from rnn_pkg.engine.backend import replaceable
from rnn_pkg.engine.linalg import Array

Arrays = dict[str, Array]

BETAS = (0.9, 0.99)
"""How much Adam keeps, each step, of its running means of the gradient and of its square."""

TINY = 1e-15
"""The square of a much smaller gradient is rounded to 0."""


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
    norm = math.sqrt(sum(sum_of_squares(gradient) for gradient in gradients.values()))
    factor = clip_factor(norm, limit)
    if factor != 1:
        for gradient in gradients.values():
            gradient *= factor
    return norm


def clip_factor(norm: float, limit: float) -> float:
    """Return what clipping multiplies a gradient of this norm by: limit / |g| where |g| > limit.

    A limit of 0 is none, and a norm that is not finite is not spread over all gradients.
    """
    return limit / norm if 0 < limit < norm < math.inf else 1.0


@replaceable
def sum_of_squares(array: Array) -> float:
    """Return the sum of x^2, added up in float64."""
    return float(np.sum(np.square(array), dtype=np.float64))


class Optimizer:
    """What the three have in common; they differ in `update`."""

    memory_names: tuple[str, ...] = ()

    def __init__(self, parameters: Arrays) -> None:
        self.steps = 0
        self.memory = {
            name: {key: np.zeros_like(value) for key, value in parameters.items()}
            for name in self.memory_names
        }

    def step(
        self,
        parameters: Arrays,
        gradients: Arrays,
        rate: float,
        factors: Mapping[str, float] | None = None,
    ) -> None:
        """Move the parameters, in place, by one step.

        Args:
            parameters, gradients: name -> array, with the same names.
            rate: the learning rate.
            factors: what it is multiplied by for some of the parameters, by their names.
        """
        self.steps += 1
        for name, parameter in parameters.items():
            memory = {kind: arrays[name] for kind, arrays in self.memory.items()}
            factor = factors.get(name, 1.0) if factors else 1.0
            self.update(parameter, gradients[name], memory, rate * factor)

    def update(self, parameter: Array, gradient: Array, memory: Arrays, rate: float) -> None:
        """Move one parameter, in place, with what is remembered of it."""
        raise NotImplementedError

    def memory_is_possible(self) -> bool:
        """Tell whether gradients can have left this memory: one out of a file could break a run."""
        return all((size >= 0).all() for size in self.memory.get("square", {}).values())


class SGD(Optimizer):
    """Stochastic gradient descent: p <- p - rate * g."""

    def update(self, parameter: Array, gradient: Array, memory: Arrays, rate: float) -> None:
        parameter -= rate * gradient


class RMSprop(Optimizer):
    """Divide by a running size of the gradient: Tieleman and Hinton (2012).

    v <- 0.99 v + 0.01 g^2;  p <- p - rate * g / (sqrt(v) + 1e-8)
    """

    memory_names = ("square",)

    def update(self, parameter: Array, gradient: Array, memory: Arrays, rate: float) -> None:
        square = memory["square"]
        square *= 0.99
        square += 0.01 * np.square(gradient)
        parameter -= rate * gradient / (np.sqrt(square) + 1e-8)


class Adam(Optimizer):
    """Running mean over running size of the gradient: Kingma and Ba, "Adam" (2015).

    m <- 0.9 m + 0.1 g;  v <- 0.99 v + 0.01 g^2
    p <- p - rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.99^t)) + 1e-8)

    The paper's 0.999 remembers a thousand steps of v. A hundred follow the gradients of the first
    minute better, in which they shrink fast (README, Defaults).
    """

    memory_names = ("mean", "square")

    def update(self, parameter: Array, gradient: Array, memory: Arrays, rate: float) -> None:
        rate /= 1 - BETAS[0] ** self.steps
        scale = 1 / math.sqrt(1 - BETAS[1] ** self.steps)
        adam_update(parameter, gradient, memory["mean"], memory["square"], rate, scale)

    def memory_is_possible(self) -> bool:
        """As for every optimizer; and |m| <= 2.35 sqrt(v), which Cauchy and Schwarz have shown of
        any gradients: m^2 / v is at most the sum of (0.1 0.9^k)^2 / (0.01 0.99^k) over all k."""
        mean, square = self.memory["mean"], self.memory["square"]
        return super().memory_is_possible() and all(
            (np.abs(mean[name]) <= 2.4 * np.sqrt(square[name]) + TINY).all() for name in mean
        )


@replaceable
def adam_update(
    parameter: Array, gradient: Array, mean: Array, square: Array, rate: float, scale: float
) -> None:
    """One step of Adam, in place: see `Adam`. All arrays have one shape.

    Args:
        rate: the learning rate over 1 - 0.9^t.
        scale: 1 / sqrt(1 - 0.99^t).
    """
    mean += 0.1 * (gradient - mean)
    square += 0.01 * (np.square(gradient) - square)
    parameter -= rate * mean / (np.sqrt(square) * scale + 1e-8)


@replaceable
def move_towards(average: Array, value: Array, weight: float) -> None:
    """average <- average + weight (value - average), in place. Both have one shape."""
    average += average.dtype.type(weight) * (value - average)


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}
