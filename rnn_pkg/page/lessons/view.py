"""A network of any cell as the lessons show it: some of its units, and of the characters those that
it reads."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.checks import shown as quoted
from rnn_pkg.engine.linalg import Array, Ids, affine, look_up
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.engine.parameters import parameter_name
from rnn_pkg.look.changed import network_outputs_if, scores_if
from rnn_pkg.look.recording import (
    NetworkRead,
    NetworkStep,
    cell_gradient,
    inputs_and_targets,
    one_hot_column,
    read_network,
    record_network,
)
from rnn_pkg.page.lessons import limits
from rnn_pkg.page.lessons.cellcontents import LSTMS, content_of
from rnn_pkg.page.lessons.contents import Content
from rnn_pkg.page.lessons.scene import Changed, Shown
from rnn_pkg.rnn import log_softmax

UNITS = 3
"""So many units are shown if none are chosen."""


class Reader(NamedTuple):
    """A network, and a text for it.

    Attributes:
        network: float64, reads characters.
        cell: the name of its cell.
        ids: (T + 1,), what it reads, and the character that comes after.
        alphabet: all V characters that it knows.
        words: which network it is, for people.
    """

    network: Network
    cell: str
    ids: Ids
    alphabet: str
    words: str


def checked_units(units: Sequence[int], size: int) -> list[int]:
    """Return which units are shown: these, or if none are given the first ones.

    Raises:
        ValueError: there are no such units, or they are too many.
    """
    if not len(units):
        return list(range(min(UNITS, size)))
    numbers = [checked_number("a unit", 1 + unit, 1, size, int) for unit in units]
    _, most = limits.UNITS
    if len(numbers) > most or len(set(numbers)) < len(numbers):
        raise ValueError(f"units must be up to {most} different ones, not {quoted(numbers)}")
    return [number - 1 for number in numbers]


class View:
    """Some units of a network's top layer, while it reads a text; see Tiny for what it offers."""

    def __init__(
        self, reader: Reader, units: Sequence[int], state: NetworkState | None = None
    ) -> None:
        """Look at a network.

        Args:
            reader: the network, and what it reads.
            units: which are shown, see `checked_units`.
            state: where the network stands before that; None is zeros.

        Raises:
            ValueError: there are no such units.
        """
        self.network, self.cell, self.ids, alphabet, self.words = reader
        self._state = state
        self._units = checked_units(units, self.network.hidden_size)
        self._known = sorted(set(self.ids.tolist()))
        self.characters = [alphabet[known] for known in self._known]
        self.units = [f"unit {1 + unit}" for unit in self._units]
        text = [alphabet[each] for each in self.ids.tolist()]
        self.inputs, self.targets = text[:-1], text[1:]

    def content(self, lesson: str) -> Content:
        """Return what a lesson shows of it."""
        return content_of(lesson, self.cell)

    @cached_property
    def read(self) -> list[NetworkRead]:
        """What goes on in the top layer at each time step."""
        return read_network(self.network, self.ids, self._state)

    @cached_property
    def steps(self) -> list[NetworkStep]:
        """The same, and what comes back to it: of a large network that takes its time."""
        return record_network(self.network, self.ids, self._state, self._units)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """The parameters of the top layer, by the names that its cell has for them."""
        network, top = self.network, self.network.layers - 1
        return {n: network.parameters[parameter_name(top, n)] for n in network.cell.parameters}

    @cached_property
    def projected(self) -> Array:
        """What its input contributes to the gates of the top layer, (T, G*H)."""
        weight, bias = self.weights["weight_ih"], self.weights["bias_ih"]
        if self.network.layers == 1:
            return look_up(weight, bias, self.ids[:-1])
        _, _, caches = self.network.forward(self.ids[:-1, None], self._state)
        return affine(caches[-2].heard[:, 0], weight, bias)

    @property
    def probabilities(self) -> list[list[float]]:
        """What it expects after each character: how probable each of those shown is."""
        return [step.p[self._known].tolist() for step in self.read]

    @property
    def given(self) -> list[float]:
        """How probable it found what really came, at each time step."""
        return [float(step.p[step.target]) for step in self.read]

    def changed(self, t: int, unit: int, value: float) -> Changed:
        """Return what would be if a number of the hidden state after a time step were another.

        Args:
            t: the time step.
            unit: which one, counted from 0 among those shown.
            value: what it would be.
        """
        h, outputs = network_outputs_if(
            self.network, self.ids[:-1], self._state, t, self._units[unit], value
        )
        guesses = [np.exp(log_softmax(y)) for y in outputs]
        shown = {
            "h_t": self._of_units(h),
            "y_t": self._of_characters(outputs[t]),
            "softmax(y_t)": self._of_characters(guesses[t]),
        }
        return Changed(shown, [p[self._known].tolist() for p in guesses])

    def supposed(self, t: int, probability: float) -> dict[str, Shown]:
        """Return the numbers of the symbols that would be others if what really came after a time
        step had been found so probable."""
        step = self.read[t]
        y = scores_if(step.y, step.target, probability)
        log_p = log_softmax(y)
        total = sum(each.loss for each in self.read)
        return {
            "y_t": self._of_characters(y),
            "softmax(y_t)": self._of_characters(np.exp(log_p)),
            "softmax(y_t)[target_t]": Shown(float(np.exp(log_p[step.target]))),
            "log softmax(y_t)[target_t]": Shown(float(log_p[step.target])),
            "L": Shown(total - step.loss - float(log_p[step.target])),
        }

    def shown(self, t: int, names: Collection[str]) -> dict[str, Shown]:
        """Return the numbers of these symbols at a time step, and of all that come as easily."""
        found = {**self._said(t), **self._did(t)}
        if not found.keys() >= set(names):
            found |= self._sent_back(t)
        return found

    def columns(self, t: int) -> dict[str, Shown]:
        """Return what is read, and what really comes next, as one-hot columns."""
        size, (inputs, targets) = self.network.ends.inputs, inputs_and_targets(self.ids)
        read, target = (one_hot_column(ids[t], size)[:, 0] for ids in (inputs, targets))
        return {
            "x_t": self._of_characters(read),
            "x_{t+1}": self._of_characters(target),
            "target_t": self._of_characters(target),
        }

    def _said(self, t: int) -> dict[str, Shown]:
        """Return what is said at a time step, and how wrong it is."""
        step, weights = self.read[t], self.network.parameters
        decoder = weights["decoder.weight"]  # (V, H)
        return {
            **self.columns(t),
            "y_t": self._of_characters(step.y),
            "softmax(y_t)": self._of_characters(step.p),
            "softmax(y_t)[target_t]": Shown(self.given[t]),
            "log softmax(y_t)[target_t]": Shown(-step.loss),
            "L": Shown(sum(each.loss for each in self.read)),
            "W": Shown(
                decoder[self._known][:, self._units], self.characters, self.units, decoder.shape
            ),
            "b": self._of_characters(weights["decoder.bias"]),
        }

    def _did(self, t: int) -> dict[str, Shown]:
        """Return what the units did at a time step, and with which weights."""
        step, weights = self.read[t], self.weights
        before = step.before["hidden state"]
        product = affine(before[None], weights["weight_hh"], weights["bias_hh"])[0]
        found = {
            "x_t": self._of_gates(self.projected[t]),
            "W_hh": self._of_gates(weights["weight_hh"]),
            "b_hh": self._of_gates(weights["bias_hh"]),
            "u_t": self._of_gates(product),
            "u_n": self._of_units(product[-self.network.hidden_size :]),
        }
        if "weight_peephole" in weights:
            peephole = dict(zip("ifo", weights["weight_peephole"], strict=True))
            found["p"] = self._of_rows(list(peephole), weights["weight_peephole"])
            found |= {f"p_{gate}": self._of_units(row) for gate, row in peephole.items()}
        for name, state in step.before.items():
            found[self._letter(name).replace("_t", "_{t-1}")] = self._of_units(state)
        for name, activation in step.activations.items():
            found[self._letter(name)] = self._of_units(activation)
        if "cell state" in step.activations:
            found["tanh(c_t)"] = self._of_units(np.tanh(step.activations["cell state"]))
        return found

    def _sent_back(self, t: int) -> dict[str, Shown]:
        """Return what comes back to a time step, and what it sends back."""
        step, da = self.steps[t], self.steps[t].da
        found = {
            "dy_t": self._of_characters(step.dy),
            "from y_t": self._of_units(step.dh_from_output),
            "from t+1": self._of_units(step.dh_from_later),
            "dh_t": self._of_units(step.dh),
            "da": self._of_gates(np.concatenate([*da.values()])),
            "da_t h_{t-1}^T": self.share(t),
            "dWhh": self.total([True] * len(self.steps)),
        }
        found |= {f"da_{self._letter(gate)}": self._of_units(array) for gate, array in da.items()}
        for name, array in step.sent_back.items():
            found[f"d{self._letter(name)}".replace("_t", "_{t-1}")] = self._of_units(array)
        if self.cell in LSTMS:
            later = self.steps[t + 1] if t + 1 < len(self.steps) else None
            _, _, peephole = self.weights.get("weight_peephole", (None, None, None))
            found["dc_t"] = self._of_units(cell_gradient(step, later, peephole))
        found["da_t"] = found["da"]
        if self.cell == "gru":  # the product with W_hh passes through the reset gate
            du = {**da, "candidate": da["candidate"] * step.activations["reset gate"]}
            found["du"] = found["da_t"] = self._of_gates(np.concatenate([*du.values()]))
        return found

    def share(self, t: int) -> Shown:
        """Return what a time step adds to the gradient of W_hh."""
        return self._of_recurrent(self.steps[t].dweight_hh)

    def total(self, on: Sequence[bool]) -> Shown:
        """Return the sum of what these of the time steps add, from the last to the first."""
        total = np.zeros_like(self.steps[0].dweight_hh)
        for step, counts in reversed(list(zip(self.steps, on, strict=True))):
            if counts:
                total += step.dweight_hh
        return self._of_recurrent(total)

    def _letter(self, name: str) -> str:
        return self.network.cell.letter(name)

    def _of_characters(self, array: Array) -> Shown:
        """Of an array (V,), show the characters that occur."""
        return Shown(array[self._known], self.characters, shape=array.shape)

    def _of_units(self, array: Array) -> Shown:
        """Of an array (H,), show the chosen units."""
        return Shown(array[self._units], self.units, shape=array.shape)

    def _of_rows(self, names: Sequence[str], array: Array) -> Shown:
        """Of an array (n, H), whose rows have these names, show the chosen units."""
        return Shown(array[:, self._units], names, self.units, array.shape)

    def _of_gates(self, array: Array) -> Shown:
        """Of an array (G*H,) or (G*H, H), show the chosen units of each gate."""
        gates = array.reshape(len(self.network.cell.gates), self.network.hidden_size, -1)
        chosen = gates[:, self._units]  # (G, n, 1) or (G, n, H)
        if array.ndim == 1:
            return Shown(chosen.reshape(-1), self._gate_rows, shape=array.shape)
        return self._of_recurrent(chosen)

    def _of_recurrent(self, rows: Array) -> Shown:
        """Of the chosen units' rows of a matrix like W_hh (G, n, H), show their columns."""
        gates, _, size = rows.shape
        chosen = rows[:, :, self._units].reshape(-1, len(self._units))
        return Shown(chosen, self._gate_rows, self.units, (gates * size, size))

    @property
    def _gate_rows(self) -> list[str]:
        """What the chosen units' rows of W_hh are called."""
        gates = self.network.cell.gates
        if len(gates) == 1:
            return self.units
        return [f"{self._letter(gate)}, {unit}" for gate in gates for unit in self.units]
