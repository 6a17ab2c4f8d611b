"""A Network in PyTorch, and what reads with it."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.loss import LOG_VARIANCE
from rnn_pkg.engine.network import Network
from rnn_pkg.engine.parameters import parameter_name
from rnn_pkg.pytorch.layers import State, layer_of


class Model(nn.Module):
    """A Network, computed by PyTorch; on a CPU it has the Network's very arrays."""

    def __init__(self, network: Network, cell: str, device: torch.device) -> None:
        """Make it.

        Args:
            network: whose parameters it has.
            cell: its name, as in Config.
            device: what it is to be computed on.

        Raises:
            ValueError: this device can't compute the cell.
        """
        super().__init__()
        dtype = getattr(torch, network.dtype.name)
        self.layers = nn.ModuleList(
            layer_of(cell, network.cell, network.weights(layer), device)
            for layer in range(network.layers)
        )
        self.decoder = nn.Linear(network.hidden_size, network.ends.outputs, dtype=dtype)
        for name, parameter in self.decoder.named_parameters():
            parameter.data = torch.from_numpy(network.parameters[f"decoder.{name}"]).to(device)

    def by_name(self) -> dict[str, Tensor]:
        """Return the parameters by their names in a Network."""
        named = {
            parameter_name(layer, name): tensor
            for layer, module in enumerate(self.layers)
            for name, tensor in module.weights().items()
        }
        return named | {f"decoder.{name}": p for name, p in self.decoder.named_parameters()}

    def forward(
        self, inputs: Tensor, state: Sequence[State], masks: Sequence[Tensor | None]
    ) -> tuple[Tensor, list[State]]:
        """Predict, after each input, the next one: see `Network.forward`.

        Args:
            inputs: (T, B) ids, or (T, B, I) numbers.
            state: of each layer.
            masks: for each layer, what its output is multiplied by, if anything.

        Returns:
            outputs (T, B, O), and the state after the last input.
        """
        below, new_state = inputs, []
        for layer, before, mask in zip(self.layers, state, masks, strict=True):
            below, after = layer(below, before)
            below = below if mask is None else below * mask
            new_state.append(after)
        return self.decoder(below), new_state


class Reader:
    """Reads with a Model as with a Network, whose double it is."""

    def __init__(self, model: Model, network: Network, device: torch.device) -> None:
        self._model, self._network, self._device = model, network, device

    def forward(self, inputs: Array, state: Any = None) -> tuple[Array, Any, None]:
        """Predict, after each input, the next one: see `Network.forward`."""
        seen = self._network.seen(inputs, None)
        if state is None:
            state = on(self._device, self._network.initial_state(inputs.shape[1]))
        with torch.no_grad():
            read = torch.from_numpy(seen).to(self._device)
            outputs, state = self._model(read, state, [None] * self._network.layers)
        return outputs.cpu().numpy(), state, None

    def loss(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the mean loss, and its gradient."""
        return self._network.loss(outputs, targets)


def on(device: torch.device, state: Sequence[Sequence[Array]]) -> list[State]:
    """Return a copy of a Network's state on a device."""
    return [tuple(torch.from_numpy(part).clone().to(device) for part in layer) for layer in state]


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the sum of -log softmax(logits)[target]; logits (T, B, V), targets (T, B)."""
    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")


def gaussian(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the sum of -log N(target; mean m, variance e^s); outputs (T, B, 2) are m and s,
    targets (T, B), of which NaN count for nothing."""
    known = ~targets.isnan()
    m, s = outputs[..., 0], outputs[..., 1].clamp(-LOG_VARIANCE, LOG_VARIANCE)
    error = torch.where(known, targets - m, 0)
    return ((error.square() * torch.exp(-s) + s + math.log(2 * math.pi)) / 2 * known).sum()


def squared_error(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the sum of 1/2 (output - target)^2; outputs (T, B, 1), targets (T, B), of which NaN
    count for nothing."""
    return torch.where(targets.isnan(), 0, outputs[..., 0] - targets).square().sum() / 2


SUMS = {"cross_entropy": cross_entropy, "gaussian": gaussian, "squared_error": squared_error}
"""The losses of rnn_pkg.engine.loss, before they are divided by how many there are."""
