"""The tutorial's recurrent network: one sequence of column vectors, every step written out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Column = Array
"""A column vector, shape (n, 1)."""

LOSSES = ("squared_error", "cross_entropy")


class RNN:
    """A vanilla (Elman) recurrent network with exact backpropagation through time.

    At each step t the network reads a column x_t, updates its memory h_t and answers y_t:

        h_t = tanh(Wxh x_t + Whh h_{t-1} + bh)          hidden state   (hidden_size, 1)
        y_t = Why h_t + by                              output         (output_size, 1)

    The loss of a sequence is a sum over its steps. With `loss="squared_error"`

        L = sum_t 1/2 |y_t - target_t|^2                so  dL/dy_t = y_t - target_t

    and with `loss="cross_entropy"`, where y_t are unnormalised log-probabilities (logits) and
    target_t is a one-hot column,

        softmax(y_t) = exp(y_t)/(sum exp(y_t))          the probability of each row
        L = sum_t -log softmax(y_t)[target_t]           so  dL/dy_t = softmax(y_t) - target_t

    Parameters (all float64; weights drawn from N(0, 0.01^2), biases zero):

        Wxh  (hidden_size, input_size)      input to hidden
        Whh  (hidden_size, hidden_size)     hidden to hidden, the recurrence
        Why  (output_size, hidden_size)     hidden to output
        bh   (hidden_size, 1)
        by   (output_size, 1)

    Sources: Elman, "Finding structure in time" (1990); Werbos, "Backpropagation through time:
    what it does and how to do it" (1990).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        loss: str = "squared_error",
        rng: np.random.Generator | None = None,
    ) -> None:
        """Draw the parameters.

        Args:
            input_size: length of each input column x_t.
            hidden_size: length of the hidden state h_t.
            output_size: length of each output column y_t.
            loss: "squared_error" or "cross_entropy".
            rng: where the random weights come from; None takes a fresh, unseeded generator.

        Raises:
            ValueError: a size is not a positive whole number, the loss is unknown, or rng is not
                a generator.
        """
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "output_size": output_size}
        for name, size in sizes.items():
            if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {size!r}")
        if loss not in LOSSES:
            raise ValueError(f"loss must be one of {', '.join(LOSSES)}, not {loss!r}")

        if rng is None:
            rng = np.random.default_rng()
        elif not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng must be a numpy.random.Generator, not {rng!r}")
        self.Wxh = rng.normal(0.0, 0.01, (hidden_size, input_size))
        self.Whh = rng.normal(0.0, 0.01, (hidden_size, hidden_size))
        self.Why = rng.normal(0.0, 0.01, (output_size, hidden_size))
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((output_size, 1))
        self.loss_name = loss

    def forward(self, inputs: Sequence[Column], h_prev: Column) -> tuple[list[Column], Column]:
        """Run the network over a sequence.

        Args:
            inputs: T columns x_t, each (input_size, 1).
            h_prev: the hidden state before the first step, (hidden_size, 1).

        Returns:
            outputs: T columns y_t, each (output_size, 1).
            h_next: the hidden state after the last step, (hidden_size, 1).

        Raises:
            ValueError: an argument has the wrong shape.
        """
        hidden = self._hidden_states(inputs, h_prev)
        outputs = [self.Why @ h + self.by for h in hidden[1:]]
        return outputs, hidden[-1]

    def loss(self, outputs: Sequence[Column], targets: Sequence[Column]) -> float:
        """Return the loss L of a sequence, summed over its steps (cross-entropy in nats).

        Args:
            outputs: T columns y_t as `forward` returns them, each (output_size, 1).
            targets: T columns of the same shape; one-hot for the cross-entropy.

        Raises:
            ValueError: the two differ in length, or a column has the wrong shape.
        """
        self._check_columns("outputs", outputs, len(self.by))
        self._check_columns("targets", targets, len(self.by))
        self._check_lengths("outputs", outputs, targets)
        if self.loss_name == "cross_entropy":
            return float(
                sum(-np.sum(t * log_softmax(y)) for y, t in zip(outputs, targets, strict=True))
            )
        return float(
            sum(0.5 * np.sum(np.square(y - t)) for y, t in zip(outputs, targets, strict=True))
        )

    def backward(
        self,
        inputs: Sequence[Column],
        targets: Sequence[Column],
        h_prev: Column,
        dh_next: Column,
    ) -> tuple[Array, Array, Array, Array, Array]:
        """Backpropagate through time, exactly: no step is truncated and nothing is clipped.

        The hidden state h_t acts on the loss twice: through the output y_t, and through the next
        hidden state h_{t+1}. Going backwards from the last step, with a_t the argument of tanh,

            dL/dh_t = Why^T dL/dy_t + Whh^T dL/da_{t+1}
            dL/da_t = (1 - h_t^2) * dL/dh_t

        and each step adds what it contributed to the shared parameters:

            dWhy += dy_t h_t^T      dWxh += da_t x_t^T      dWhh += da_t h_{t-1}^T
            dby  += dy_t            dbh  += da_t

        Args:
            inputs, targets: T columns each, as for `forward` and `loss`.
            h_prev: the hidden state before the first step, (hidden_size, 1).
            dh_next: what flows in at the end: the gradient, with respect to the last hidden
                state, of everything that comes after this sequence; zeros if nothing does.

        Returns:
            dWxh, dWhh, dWhy, dbh, dby: the gradients, each of its parameter's shape.

        Raises:
            ValueError: an argument has the wrong shape.
        """
        self._check_columns("targets", targets, len(self.by))
        self._check_lengths("inputs", inputs, targets)
        self._check_columns("dh_next", [dh_next], len(self.bh))
        hidden = self._hidden_states(inputs, h_prev)  # h_{-1}, h_0, ...: hidden[t + 1] is h_t

        dWxh, dWhh, dWhy = np.zeros_like(self.Wxh), np.zeros_like(self.Whh), np.zeros_like(self.Why)
        dbh, dby = np.zeros_like(self.bh), np.zeros_like(self.by)
        dh_later = dh_next  # the part of dL/dh_t that comes from after step t

        for t in reversed(range(len(inputs))):
            h_t, h_before = hidden[t + 1], hidden[t]
            dy = self._output_gradient(self.Why @ h_t + self.by, targets[t])
            dWhy += dy @ h_t.T
            dby += dy

            dh = self.Why.T @ dy + dh_later
            da = (1.0 - h_t * h_t) * dh
            dWxh += da @ inputs[t].T
            dWhh += da @ h_before.T
            dbh += da
            dh_later = self.Whh.T @ da

        return dWxh, dWhh, dWhy, dbh, dby

    def _hidden_states(self, inputs: Sequence[Column], h_prev: Column) -> list[Column]:
        """Return h_{-1} = h_prev, h_0, ..., h_{T-1}: one more than there are inputs."""
        self._check_columns("inputs", inputs, self.Wxh.shape[1])
        self._check_columns("h_prev", [h_prev], len(self.bh))
        hidden = [h_prev]
        for x in inputs:
            hidden.append(np.tanh(self.Wxh @ x + self.Whh @ hidden[-1] + self.bh))
        return hidden

    def _output_gradient(self, y: Column, target: Column) -> Column:
        """Return dL/dy_t, (output_size, 1)."""
        if self.loss_name == "cross_entropy":
            return np.exp(log_softmax(y)) - target
        return y - target

    @staticmethod
    def _check_columns(name: str, columns: Sequence[Column], size: int) -> None:
        if len(columns) == 0:
            raise ValueError(f"{name} is empty: it needs at least one column")
        for column in columns:
            if np.shape(column) != (size, 1):
                raise ValueError(
                    f"{name} must hold columns of shape ({size}, 1), not {np.shape(column)}"
                )

    @staticmethod
    def _check_lengths(name: str, columns: Sequence[Column], targets: Sequence[Column]) -> None:
        if len(columns) != len(targets):
            raise ValueError(
                f"{name} and targets must be equally long, not {len(columns)} and {len(targets)}"
            )


def log_softmax(y: Column) -> Column:
    """Return log softmax(y) = y - log sum exp(y), safe for large values, (n, 1)."""
    shifted = y - np.max(y)  # softmax doesn't change, and exp cannot overflow
    result: Column = shifted - np.log(np.sum(np.exp(shifted)))
    return result
