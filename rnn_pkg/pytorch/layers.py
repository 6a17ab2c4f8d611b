"""The cells in PyTorch: torch.nn's own where it has them, others by its operations, any by NumPy.

A layer is called with the hidden states below it (T, B, I), or the ids of characters (T, B), and
its own state, a tuple of (B, H); it returns its hidden states (T, B, H) and the state after the
last step, as cells do. On a CPU, its parameters lie where the Network's arrays lie: what changes
one changes the other.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, linear

from rnn_pkg.engine.cell import Cell
from rnn_pkg.engine.linalg import NOTHING, Array

State = tuple[Tensor, ...]

TORCH_HAS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
"""By the names of CELLS: what a GPU computes with cuDNN."""

LAST = "_l0"
"""What torch.nn adds to the names of parameters in its first layer."""


class Known(nn.Module):
    """A layer of a cell that torch.nn has."""

    def __init__(self, kind: type, weights: dict[str, Array]) -> None:
        super().__init__()
        hidden_size, below = weights["weight_hh"].shape[1], weights["weight_ih"].shape[1]
        self.rnn = kind(below, hidden_size, dtype=torch.from_numpy(weights["bias_hh"]).dtype)
        for name, array in weights.items():
            self.rnn.get_parameter(name + LAST).data = torch.from_numpy(array)

    def weights(self) -> dict[str, Tensor]:
        """Return the parameters by the names that the cell has for them."""
        return {name.removesuffix(LAST): tensor for name, tensor in self.rnn.named_parameters()}

    def forward(self, below: Tensor, state: State) -> tuple[Tensor, State]:
        """Torch has an axis more in its states, and no tuple around a single one."""
        if below.dtype == torch.int64:
            below = one_hot(below, self.rnn.weight_ih_l0)
        before = tuple(part[None].contiguous() for part in state)
        hidden, after = self.rnn(below, before if len(before) > 1 else before[0])
        return hidden, tuple(part[0] for part in (after if len(before) > 1 else [after]))


def one_hot(ids: Tensor, weight_ih: Tensor) -> Tensor:
    """Return the columns (T, B, V) that W_ih is multiplied by; NOTHING is zeros."""
    known = (ids != NOTHING)[..., None].to(weight_ih.dtype)
    columns = weight_ih.new_zeros((*ids.shape, weight_ih.shape[1]))
    return columns.scatter_(2, ids.clamp(min=0)[..., None], known)


class ByOperations(nn.Module):
    """A layer of a cell that torch.nn doesn't have."""

    def __init__(self, weights: dict[str, Array]) -> None:
        super().__init__()
        self._names = list(weights)
        self._tensors = nn.ParameterList(torch.from_numpy(array) for array in weights.values())

    def weights(self) -> dict[str, Tensor]:
        """As for Known."""
        return dict(zip(self._names, self._tensors, strict=True))

    def projected(self, below: Tensor) -> Tensor:
        """Return W_ih x_t + b_ih for the x_t (T, B, I) below: (T, B, G*H). Of characters, whose
        x_t are one-hot, that is a look-up."""
        weight, bias = self.weights()["weight_ih"], self.weights()["bias_ih"]
        if below.dtype != torch.int64:
            return linear(below, weight, bias)
        known = (below != NOTHING)[..., None]
        return embedding(below.clamp(min=0), weight.T) * known + bias


class LstmVariant(ByOperations):
    """One with the states h and c, which differ in `step`."""

    def forward(self, below: Tensor, state: State) -> tuple[Tensor, State]:
        weights, (h, c) = self.weights(), state
        hidden = []
        for x in self.projected(below):
            h, c = self.step(x + linear(h, weights["weight_hh"], weights["bias_hh"]), c)
            hidden.append(h)
        return torch.stack(hidden), (h, c)

    def step(self, a: Tensor, c: Tensor) -> State:
        """Return h_t and c_t, given x_t + W_hh h_{t-1} + b_hh, (B, G*H), and c_{t-1}."""
        raise NotImplementedError


class Peephole(LstmVariant):
    """See `rnn_pkg.engine.cells.peephole_forward`."""

    def step(self, a: Tensor, c: Tensor) -> State:
        """Let the gates see the cell, the output gate the new one."""
        a_i, a_f, a_g, a_o = a.chunk(4, dim=1)
        p_i, p_f, p_o = self.weights()["weight_peephole"]
        i, f = torch.sigmoid(a_i + p_i * c), torch.sigmoid(a_f + p_f * c)
        c = f * c + i * torch.tanh(a_g)
        return torch.sigmoid(a_o + p_o * c) * torch.tanh(c), c


class Coupled(LstmVariant):
    """See `rnn_pkg.engine.cells.coupled_forward`."""

    def step(self, a: Tensor, c: Tensor) -> State:
        """Take in as much as is forgotten."""
        a_f, a_g, a_o = a.chunk(3, dim=1)
        f = torch.sigmoid(a_f)
        c = f * c + (1 - f) * torch.tanh(a_g)
        return torch.sigmoid(a_o) * torch.tanh(c), c


BY_OPERATIONS = {"peephole": Peephole, "coupled": Coupled}


class ByNumPy(ByOperations):
    """A layer of any cell, be it one that somebody wrote: its own functions compute it, between
    PyTorch's operations. A GPU can't do that."""

    def __init__(self, cell: Cell, weights: dict[str, Array]) -> None:
        super().__init__(weights)
        self.cell = cell

    def forward(self, below: Tensor, state: State) -> tuple[Tensor, State]:
        weights = self.weights()
        hidden, *after = Recurrence.apply(
            self.cell, list(weights), self.projected(below), *weights.values(), *state
        )
        return hidden, tuple(after)


class Recurrence(torch.autograd.Function):
    """The recurrence of a Cell, whose gradient is the Cell's own."""

    @staticmethod
    def forward(
        ctx: Any, cell: Cell, names: list[str], projected: Tensor, *others: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the hidden states, and the parts of the state after the last step.

        Args:
            ctx: keeps what `backward` needs.
            cell: whose recurrence it is.
            names: of its weights.
            projected: (T, B, G*H).
            others: the weights, in the order of their names, and the parts of the state before.
        """
        arrays = [tensor.numpy() for tensor in others]
        weights, state = dict(zip(names, arrays, strict=False)), tuple(arrays[len(names) :])
        hidden, after, cache = cell.forward(projected.numpy(), weights, state)
        ctx.cell, ctx.names, ctx.cache = cell, names, cache
        return tuple(torch.from_numpy(np.array(array)) for array in (hidden, *after))

    @staticmethod
    def backward(ctx: Any, dhidden: Tensor, *dafter: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients with respect to what `forward` took; None for what has none."""
        dstate = tuple(part.numpy() for part in dafter)
        da, recurrent, dbefore = ctx.cell.backward(ctx.cache, dhidden.contiguous().numpy(), dstate)
        dweights = (recurrent.get(name) for name in ctx.names)
        arrays = (None, None, da, *dweights, *dbefore)
        return tuple(a if a is None else torch.from_numpy(np.array(a)) for a in arrays)


def layer_of(name: str, cell: Cell, weights: dict[str, Array], device: torch.device) -> nn.Module:
    """Return a layer of a network.

    Args:
        name: of its cell, as in Config.
        cell: itself.
        weights: the layer's parameters, by the cell's names for them.
        device: what it is to be computed on.

    Raises:
        ValueError: this device can't compute it.
    """
    if name in TORCH_HAS:
        return Known(TORCH_HAS[name], weights).to(device)
    if name in BY_OPERATIONS:
        return BY_OPERATIONS[name](weights).to(device)
    if device.type == "cpu":
        return ByNumPy(cell, weights)
    raise ValueError(
        f"NumPy computes the cell “{cell.label}”, and not on a GPU: say device cpu, or write its "
        "step for PyTorch in rnn_pkg/pytorch/layers.py"
    )
