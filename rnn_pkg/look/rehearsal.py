"""Learning, step by step, recorded so that one can go back and forth in it.

Plain gradient descent on one short text, all of it at each step, from a state of zeros. The
gradient is that of the loss added up over the time steps, as `RNN` has it; told is the mean.
"""

import copy
import math
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.engine.optimizers import clip_by_global_norm
from rnn_pkg.look.recording import inputs_and_targets, one_hot_column
from rnn_pkg.rnn import RNN, Column

PARAMETERS = ("Wxh", "Whh", "Why", "bh", "by")

KEPT = 2**23
"""Copies are kept that have so many numbers in all: 64 MiB."""

Model = TypeVar("Model")
State = TypeVar("State")


def descend(
    weights: dict[str, Array], gradients: dict[str, Array], rate: float, clip: float
) -> float:
    """Take one step of gradient descent, in place: every weight goes down its slope.

        g <- g clip / |g|   where |g| > clip, g being all gradients taken as one vector
        w <- w - rate g

    Args:
        weights, gradients: of the same names; both are changed.
        rate: the learning rate.
        clip: the longest that the gradient may be; 0 leaves it as it is.

    Returns:
        |g|, before clipping.
    """
    length = clip_by_global_norm(gradients, clip)
    for name, gradient in gradients.items():
        weights[name] -= rate * gradient
    return length


def learn(
    rnn: RNN,
    inputs: Sequence[Column],
    targets: Sequence[Column],
    h_prev: Column,
    rate: float,
    clip: float,
) -> tuple[float, float]:
    """Have an RNN learn for one step, in place.

    Args:
        inputs, targets, h_prev: as for `RNN.backward`.
        rate, clip: as for `descend`.

    Returns:
        loss: before the step, the mean over the time steps.
        length: of the gradient, before clipping.
    """
    outputs, _ = rnn.forward(inputs, h_prev)
    loss = rnn.loss(outputs, targets) / len(targets)
    nothing = np.zeros_like(h_prev)  # flows in at the end: there is nothing after it
    gradients = rnn.backward(inputs, targets, h_prev, nothing)
    weights = {name: getattr(rnn, name) for name in PARAMETERS}
    by_name = dict(zip(PARAMETERS, gradients, strict=True))
    return loss, descend(weights, by_name, rate, clip)


def learn_network(network: Network, ids: Ids, rate: float, clip: float) -> tuple[float, float]:
    """The same as `learn`, for any network.

    Args:
        network: reads characters. Nothing is dropped.
        ids: (T + 1,), of the T characters that are read, and the one that comes after them.
        rate, clip: as for `descend`.
    """
    inputs, targets = inputs_and_targets(ids[:, None])
    loss, gradients, _ = network.loss_and_gradients(inputs, targets)
    for gradient in gradients.values():
        gradient *= len(targets)  # that of the mean becomes that of the sum
    return loss, descend(network.parameters, gradients, rate, clip)


class Rehearsal(Generic[Model]):
    """N steps of learning. Of something large not every copy is kept.

    By far too large a rate the numbers grow beyond all bounds; they are told as they are.

    Attributes:
        losses: (N + 1,), before each step, and after the last: the mean over the time steps.
        lengths: (N + 1,), of the gradient then, before clipping.
    """

    def __init__(
        self,
        model: Model,
        copied: Callable[[Model], Model],
        learn: Callable[[Model], tuple[float, float]],
        size: int,
        steps: int,
    ) -> None:
        """Have a copy learn.

        Args:
            model: what learns.
            copied: returns a copy of it.
            learn: has it learn for one step, and returns loss and length as `learn` does.
            size: how many numbers it has.
            steps: N.
        """
        self.losses: list[float] = []
        self.lengths: list[float] = []
        self._copied, self._learn = copied, learn
        self._every = math.ceil((steps + 1) * size / KEPT)
        self._kept = [copied(model)]
        model = copied(model)
        with np.errstate(all="ignore"):
            for step in range(1, steps + 2):  # a step more, to be told what is before it
                loss, length = learn(model)
                self.losses.append(loss)
                self.lengths.append(length)
                if step % self._every == 0:
                    self._kept.append(copied(model))

    def model(self, step: int) -> Model:
        """Return a copy of what has learned, as it was after so many steps, 0 to N.

        If that was not kept, one that was kept earlier learns the rest again.
        """
        model = self._copied(self._kept[step // self._every])
        with np.errstate(all="ignore"):
            for _ in range(step % self._every):
                self._learn(model)
        return model

    def first_below(self, loss: float) -> int:
        """Return the first step at which the loss is below this, or N if it never is."""
        below = (step for step, told in enumerate(self.losses) if told < loss)
        return next(below, len(self.losses) - 1)


def rehearse(
    rnn: RNN,
    inputs: Sequence[Column],
    targets: Sequence[Column],
    h_prev: Column,
    rate: float,
    clip: float,
    steps: int,
) -> Rehearsal[RNN]:
    """Record how a copy of an RNN learns.

    Args:
        inputs ... clip: as for `learn`.
        steps: N.
    """
    size = sum(getattr(rnn, name).size for name in PARAMETERS)

    def learn_word(rnn: RNN) -> tuple[float, float]:
        return learn(rnn, inputs, targets, h_prev, rate, clip)

    return Rehearsal(rnn, copy.deepcopy, learn_word, size, steps)


def rehearse_network(
    network: Network, ids: Ids, rate: float, clip: float, steps: int
) -> Rehearsal[Network]:
    """The same for any network.

    Args:
        network, ids, rate, clip: as for `learn_network`.
        steps: N.
    """
    size = sum(parameter.size for parameter in network.parameters.values())

    def learn_text(network: Network) -> tuple[float, float]:
        return learn_network(network, ids, rate, clip)

    # Not copy.deepcopy: on the page a network has kernels, which can't be copied so.
    return Rehearsal(network, Network.copy, learn_text, size, steps)


def write(rnn: RNN, characters: Sequence[str], first: str, length: int) -> str:
    """Let an RNN write on after a character, each time the one that it finds most probable.

    Args:
        rnn: its inputs and outputs are characters, one-hot.
        characters: which these are.
        first: one of them, which is read, not written.
        length: how many are written, fewer where the RNN's numbers are none any more.
    """

    def read(last: int, h: Column) -> tuple[Array, Column]:
        (y,), h = rnn.forward([one_hot_column(last, len(characters))], h)
        return y, h

    ids = most_probable(read, characters.index(first), np.zeros_like(rnn.bh), length)
    return "".join(characters[each] for each in ids)


def write_network(network: Network, first: int, length: int) -> list[int]:
    """The same for any network that reads characters, which are told by their ids."""

    def read(last: int, state: NetworkState) -> tuple[Array, NetworkState]:
        y, state, _ = network.forward(np.array([[last]]), state)
        return y, state

    return most_probable(read, first, network.initial_state(1), length)


def most_probable(
    read: Callable[[int, State], tuple[Array, State]], last: int, state: State, length: int
) -> list[int]:
    """Write, each time, what is most probable, and read that.

    Args:
        read: reads a character in a state; returns a score for each one, and the next state.
        last: the character that is read first.
        state: in which it is read.
        length: how many are written at most: where a score is no number, writing ends.
    """
    written: list[int] = []
    with np.errstate(all="ignore"):
        while len(written) < length:
            y, state = read(last, state)
            if np.isnan(y).any():
                break
            last = int(y.argmax())
            written.append(last)
    return written
