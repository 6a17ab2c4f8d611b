"""How far back a mistake reaches: the gradient of one loss at every earlier hidden state."""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from rnn_pkg.config import Config
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import LayerCache, Network, NetworkState
from rnn_pkg.engine.optimizers import clip_factor, sum_of_squares
from rnn_pkg.look.reading import WARM_UP

WINDOWS = 8
"""The text is looked at in so many places."""

SHORTEST, LONGEST = 64, 200
"""The gradient is followed at least, and at most, so many characters back."""

VANISHED, EXPLODED = 0.01, 10.0
"""What has become of a gradient of 1 when one says that it has vanished or exploded."""


Fate = Literal["vanishes", "holds", "explodes", "breaks"]
"""What becomes of a gradient on its way; it breaks where its numbers become
too large to be told."""


class Flow(NamedTuple):
    """The gradient of the loss at one character, on its way back.

    Attributes:
        norms: (T,), |dL/dh| by distance: norms[k] is at h_{T-k}. In nats, per unit of h.
        length: of the gradient that training would take a step with, which is what is clipped.
    """

    norms: Array
    length: float

    def clip_factor(self, limit: float) -> float:
        """Return what clipping multiplies it by."""
        return clip_factor(self.length, limit)

    def left(self, distance: int) -> float:
        """Return |dL/dh_{T-distance}| over |dL/dh_T|: how much is left so far back."""
        start = float(self.norms[0])
        return float(self.norms[distance]) / start if start else 0.0

    def fate(self) -> Fate:
        """Return what becomes of it."""
        end = self.left(-1)
        if not math.isfinite(end) or not math.isfinite(self.length):
            return "breaks"
        if end < VANISHED:
            return "vanishes"
        return "explodes" if end > EXPLODED else "holds"


def reach(config: Config) -> int:
    """Return T, how many characters back to go: twice as far as training does, if that is much."""
    return min(max(2 * config.sequence_length, SHORTEST), LONGEST)


def gradient_length(
    network: Network, inputs: Ids, targets: Ids, state: NetworkState | None = None
) -> float:
    """Return |dL/dparameters| of a training step, without dropout.

    Args: as for `Network.loss_and_gradients`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        _, gradients, _ = network.loss_and_gradients(inputs, targets, state)
    return math.sqrt(sum(sum_of_squares(gradient) for gradient in gradients.values()))


def gradient_flow(
    network: Network, inputs: Ids, targets: Ids
) -> Iterator[tuple[float, Array | None]]:
    """Follow the gradient back in time through B windows of text.

    The loss L_b of window b is -log p of its last target alone. What h_t, long before, has to do
    with it, only passes through the hidden states in between:

        dL/dh_{t-1} = (dh_t/dh_{t-1})^T dL/dh_t

    and a product of many such matrices shrinks or grows exponentially: Bengio, Simard and Frasconi,
    "Learning long-term dependencies with gradient descent is difficult" (1994); Pascanu, Mikolov
    and Bengio, "On the difficulty of training recurrent neural networks" (2013).

    With stacked layers h_t is the hidden states of all of them at time t. The gradient with respect
    to the one of layer l counts both ways on: up, to the layer above at the same time, and on, to
    the same layer's next step,

        dL/dh_t^l = (da_t^{l+1}/dh_t^l)^T dL/da_t^{l+1} + (dh_{t+1}^l/dh_t^l)^T dL/dh_{t+1}^l

    where a_t^{l+1} is what layer l + 1 is given, and the decoder stands above the last layer. The
    LSTM's c_t is not part of h_t, but the way back through it is.

    Args:
        network: of any dtype; nothing is dropped.
        inputs: (WARM_UP + T, B) characters. Into the first WARM_UP the gradient is not followed.
        targets: (WARM_UP + T, B), each input's following character. Only the last row counts.

    Yields:
        How much is done, 0 to 1, and at the end (T,), the mean over the windows of |dL_b/dh_{T-k}|
        for k = 0 ... T-1.
    """
    steps, batch = len(inputs) - WARM_UP, inputs.shape[1]
    with np.errstate(over="ignore", invalid="ignore"):
        _, state, _ = network.forward(inputs[:WARM_UP])
    inputs = inputs[WARM_UP:]
    caches: list[list[LayerCache]] = []
    for t in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):
            outputs, state, cache = network.forward(inputs[t : t + 1], state)
        caches.append(cache)
        yield (t + 1) / (3 * steps), None  # backward takes twice as long

    _, doutputs = network.loss(outputs, targets[-1:])
    dlater = network.initial_state(batch)
    norms = np.zeros(steps)
    for k in range(steps):
        t = steps - 1 - k
        with np.errstate(over="ignore", invalid="ignore"):
            _, dbefore, dabove = network.backpropagate(caches.pop(), doutputs, dlater)
            dh = [above[0] + later[0] for above, later in zip(dabove, dlater, strict=True)]
            # L is the mean of the L_b, so that each of them has sent back only 1 / B of itself.
            norms[k] = batch * row_lengths(np.hstack(dh)).mean()
        dlater = dbefore
        doutputs = np.zeros_like(doutputs)  # of the earlier characters nothing is asked
        if k < steps - 1:
            yield (steps + 2 * (k + 1)) / (3 * steps), None
    yield 1.0, norms


def row_lengths(rows: Array) -> Array:
    """Return the length of each row (B, n) -> (B,), squared in float64, for the squares of small
    numbers are very small."""
    lengths: Array = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1))
    return lengths
