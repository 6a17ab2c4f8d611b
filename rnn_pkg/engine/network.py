"""From inputs to predictions: stacked cells, a decoder, a loss and its gradients.

    inputs (T, B) -> layer 0 -> dropout -> layer 1 -> dropout -> ... -> decoder -> outputs (T, B, O)

Inputs are characters by their ids (T, B), or numbers (T, B, I). A character is one-hot by meaning:
W_ih times a one-hot column is a column of W_ih, so it is looked up instead of multiplied. What
comes of a character are logits, the unnormalised log-probabilities of the next one.
"""

import copy
import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.engine.cells import cell_of
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import (
    NOTHING,
    Array,
    Ids,
    affine,
    column_sums,
    dot,
    look_up,
    look_up_gradients,
)
from rnn_pkg.engine.loss import LOSSES
from rnn_pkg.engine.parameters import (
    CHARACTER_AXES,
    FIRST,
    Architecture,
    parameter_name,
    parameter_shapes,
)
from rnn_pkg.engine.recurrence import Cache, State

Parameters = dict[str, Array]
NetworkState = list[State]
"""The state of each layer, from the bottom up."""

Unit = tuple[int, int]
"""A hidden unit: its layer and its place there, both counted from 0."""

DTYPES = ("float32", "float64")


class LayerCache(NamedTuple):
    """What the backward pass needs of a layer."""

    read: Array | None  # what the first layer saw: inputs, those that were hidden apart
    hidden: Array  # its output (T, B, H)
    mask: Array | None  # the dropout of its output, if any
    heard: Array  # what is left of its output, which the next layer reads, or the decoder
    cell: Cache


class Network:
    """What comes next, given all that came before.

    Layers of one cell, each of which reads the hidden states of the one below; of those of the top
    layer the decoder makes what is said:

        y_t = W h_t + b                 decoder.weight (O, H), decoder.bias (O,)

    Attributes:
        ends: what it reads and says.
        parameters: dict of name -> array, as `parameter_shapes` lists them.
    """

    def __init__(
        self,
        architecture: Architecture,
        ends: Ends,
        rng: np.random.Generator,
        dtype: Any = np.float32,
        *,
        as_drawn: bool = False,
    ) -> None:
        """Draw every parameter from U(-1/sqrt(n), 1/sqrt(n)), n numbers being added up in a sum.

        That is the hidden size H, as in PyTorch, but for the first layer's W_ih it is I, or 1 where
        a one-hot column picks a single weight. (PyTorch takes H there too, and learns more slowly.)
        A cell may then change them, as an LSTM does (see `slow_units`), unless they are to stay
        `as_drawn`.

        Raises:
            ValueError: dtype is neither float32 nor float64, or a cell's source is none.
        """
        self.cell = cell_of(architecture.cell, architecture.cell_source)
        self.layers = architecture.layers
        self.hidden_size = architecture.hidden_size
        self.ends = ends
        self.dropout = architecture.dropout
        self.input_dropout = architecture.input_dropout
        self.input_noise = architecture.input_noise
        self.dtype = np.dtype(dtype)
        if self.dtype.name not in DTYPES:
            raise ValueError(f"dtype must be one of {', '.join(DTYPES)}, not {self.dtype.name}")
        self.parameters: Parameters = {}
        first = 1 if ends.one_hot else ends.inputs
        for name, shape in parameter_shapes(architecture, ends).items():
            bound = 1 / math.sqrt(first if name == FIRST else architecture.hidden_size)
            self.parameters[name] = rng.uniform(-bound, bound, shape).astype(self.dtype)
        if self.cell.start is not None and not as_drawn:
            for layer in range(self.layers):
                self.cell.start(self.weights(layer))

    def copy(self, dtype: Any = None) -> "Network":
        """Return a network with copies of the parameters, in another dtype if one is given."""
        network = copy.copy(self)
        network.dtype = self.dtype if dtype is None else np.dtype(dtype)
        network.parameters = {
            name: value.astype(network.dtype) for name, value in self.parameters.items()
        }
        return network

    def silenced(self, units: Iterable[Unit]) -> "Network":
        """Return a copy in which nobody hears these units: as if their h_t were 0 at every step.

        All that a unit says goes through its columns of W_hh, and of W_ih of the layer above or,
        at the top, of the decoder's weight; they are 0 in the copy. What these units would have
        said stands in its hidden states none the less.

        Args:
            units: (layer, unit) pairs, both counted from 0.

        Raises:
            ValueError: there is no such unit.
        """
        network = self.copy()
        for layer, unit in units:
            if not (0 <= layer < self.layers and 0 <= unit < self.hidden_size):
                raise ValueError(
                    f"there is no unit {unit} in layer {layer}: layers go from 0 to "
                    f"{self.layers - 1}, units from 0 to {self.hidden_size - 1}"
                )
            above = layer + 1
            top = above == self.layers
            listener = "decoder.weight" if top else parameter_name(above, "weight_ih")
            network.parameters[parameter_name(layer, "weight_hh")][:, unit] = 0
            network.parameters[listener][:, unit] = 0
        return network

    def take_over(self, other: "Network", here: Ids, there: Ids) -> None:
        """Take over the weights of a network of the same cell and size that learned another text.

        Each character has a column of its own in the first layer's W_ih, and a row in the decoder;
        all other weights are the same for every character.

        Args:
            other: what the weights are taken from.
            here: (n,), ids of the characters that both know; those of the others keep what they
                have.
            there: (n,), the same characters' ids in the other network.
        """
        for name, parameter in self.parameters.items():
            learned, axis = other.parameters[name], CHARACTER_AXES.get(name)
            if axis is None:
                parameter[...] = learned
            else:
                parameter.swapaxes(0, axis)[here] = learned.swapaxes(0, axis)[there]

    def meanings(self) -> dict[str, str]:
        """Return what each parameter is, in words, by its name."""
        meanings = {
            parameter_name(layer, name): f"{parameter.meaning}, layer {layer + 1}"
            for layer in range(self.layers)
            for name, parameter in self.cell.parameters.items()
        }
        return meanings | {
            "decoder.weight": "hidden to output",
            "decoder.bias": "bias of the output",
        }

    @property
    def between_hidden(self) -> list[str]:
        """The names of the weights between hidden units: each layer's W_hh, and W_ih but for that
        of the first."""
        upper = [parameter_name(layer, "weight_ih") for layer in range(1, self.layers)]
        return [parameter_name(layer, "weight_hh") for layer in range(self.layers)] + upper

    def recurrence_times(self, factor: float) -> "Network":
        """Return a copy whose every W_hh is multiplied by a factor."""
        network = self.copy()
        for layer in range(self.layers):
            network.parameters[parameter_name(layer, "weight_hh")] *= factor
        return network

    def initial_state(self, batch_size: int) -> NetworkState:
        """Return the state before any character: zeros (B, H) in every layer."""
        shape = (batch_size, self.hidden_size)
        return [
            tuple(np.zeros(shape, self.dtype) for _ in self.cell.states) for _ in range(self.layers)
        ]

    def forward(
        self,
        inputs: Array,
        state: NetworkState | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Array, NetworkState, list[LayerCache]]:
        """Predict, after each input, the next one.

        Args:
            inputs: (T, B) ids of characters, or (T, B, I) numbers.
            state: where the network stands before them; None is `initial_state`.
            rng: draws what dropout hides, and the noise of inputs that are numbers; None draws
                neither.

        Returns:
            outputs: (T, B, O); of characters, logits.
            state: after the last input.
            caches: a list, one entry a layer, for `backward`.
        """
        steps, batch = inputs.shape[:2]
        state = self.initial_state(batch) if state is None else state
        new_state: NetworkState = []
        caches: list[LayerCache] = []
        for layer in range(self.layers):
            weights, read = self.weights(layer), None
            if layer == 0:
                read = self.seen(inputs, rng)
            if read is not None and self.ends.one_hot:
                projected = look_up(weights["weight_ih"], weights["bias_ih"], read)  # (T, B, G*H)
            else:
                projected = self._project(weights, caches[-1].heard if read is None else read)
            hidden, layer_state, cell_cache = self.cell.forward(projected, weights, state[layer])
            mask = self.mask(hidden.shape, rng)
            heard = hidden if mask is None else hidden * mask
            new_state.append(layer_state)
            caches.append(LayerCache(read, hidden, mask, heard, cell_cache))
        flat = caches[-1].heard.reshape(-1, self.hidden_size)  # (T*B, H)
        outputs = affine(flat, self.parameters["decoder.weight"], self.parameters["decoder.bias"])
        return outputs.reshape(steps, batch, self.ends.outputs), new_state, caches

    def backward(self, caches: list[LayerCache], doutputs: Array) -> Parameters:
        """Return the gradient of every parameter, given that of the outputs (T, B, O)."""
        # The state carried to the next piece is not trained through: truncated BPTT.
        dstates = self.initial_state(doutputs.shape[1])
        return self.backpropagate(caches, doutputs, dstates)[0]

    def backpropagate(
        self, caches: list[LayerCache], doutputs: Array, dstates: NetworkState
    ) -> tuple[Parameters, NetworkState, list[Array]]:
        """Go backward through what `forward` did.

        Args:
            caches: what it returned.
            doutputs: (T, B, O), the gradient with respect to the outputs.
            dstates: the gradient with respect to the state after the last input: what comes from
                later on.

        Returns:
            gradients: of the parameters.
            dstates: the gradient with respect to the state before the first input.
            dhidden: for each layer, from the bottom up, what comes to its hidden states from above:
                the layer that hears them, or the decoder; (T, B, H).
        """
        gradients: Parameters = {}
        flat_doutputs = doutputs.reshape(-1, self.ends.outputs)  # (T*B, O)
        top = caches[-1].heard.reshape(-1, self.hidden_size)  # (T*B, H)
        gradients["decoder.weight"] = dot(flat_doutputs.T, top.T)
        gradients["decoder.bias"] = column_sums(flat_doutputs)
        dheard = dot(flat_doutputs, self.parameters["decoder.weight"].T)  # (T*B, H)
        dbefore, dhidden = list[State](), list[Array]()
        for layer in reversed(range(self.layers)):
            cache = caches[layer]
            dheard = dheard.reshape(cache.hidden.shape)
            dhidden.append(dheard if cache.mask is None else dheard * cache.mask)
            dprojected, recurrent, dstate = self.cell.backward(
                cache.cell, dhidden[-1], dstates[layer]
            )
            dbefore.append(dstate)
            da = dprojected.reshape(len(flat_doutputs), -1)  # (T*B, G*H)
            gradients |= {parameter_name(layer, name): g for name, g in recurrent.items()}
            weight_ih = parameter_name(layer, "weight_ih")
            if cache.read is not None and self.ends.one_hot:
                read = cache.read.reshape(-1)
                dweight, dbias = look_up_gradients(da, read, self.ends.inputs)
            else:
                below = caches[layer - 1].heard if cache.read is None else cache.read
                below = below.reshape(len(da), -1)  # (T*B, H or I)
                dweight, dbias = dot(da.T, below.T), column_sums(da)
            if layer > 0:
                dheard = dot(da, self.parameters[weight_ih].T)
            gradients |= {weight_ih: dweight, parameter_name(layer, "bias_ih"): dbias}
        ordered = {name: gradients[name] for name in self.parameters}
        return ordered, dbefore[::-1], dhidden[::-1]

    def loss_and_gradients(
        self,
        inputs: Array,
        targets: Array,
        state: NetworkState | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[float, Parameters, NetworkState]:
        """Return the mean loss of predicting `targets` from `inputs`, and what would lower it.

        Args:
            inputs: (T, B) ids of characters, or (T, B, I) numbers.
            targets: (T, B) ids of the characters that followed them, or numbers, NaN where there is
                none.
            state: where the network stands before the inputs; None is zeros.
            rng: draws the dropout; None drops nothing.

        Returns:
            loss: the mean, nats per character or number; of squared errors, half their mean.
            gradients: of that mean, a dict with the keys of `parameters`.
            state: after the last input.

        Raises:
            ValueError: inputs and targets are not two (T, B) arrays of known ids or, with an axis
                more for the inputs, of finite numbers; or the state is not one for B texts.
        """
        inputs, targets = self._checked(inputs, targets)
        if state is not None:
            self._check_state(state, inputs.shape[1])
        outputs, state, caches = self.forward(inputs, state, rng)
        loss, doutputs = self.loss(outputs, targets)
        return loss, self.backward(caches, doutputs), state

    def loss(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the mean loss of outputs (T, B, O), and its gradient with respect to them.

        Args:
            targets: as for `loss_and_gradients`.
        """
        return LOSSES[self.ends.loss](outputs, targets)

    def torch_state_dict(self) -> Parameters:
        """Return copies of the parameters, for `load_state_dict` of a PyTorch module with
        `self.rnn = torch.nn.GRU(V, H, layers)` (or LSTM, RNN; it has no other cells) and
        `self.decoder = torch.nn.Linear(H, V)`.
        """
        return {name: value.copy() for name, value in self.parameters.items()}

    def _project(self, weights: dict[str, Array], below: Array) -> Array:
        """Return W_ih x_t + b_ih of a layer for the x_t (T, B, H or I) below it: (T, B, G*H)."""
        flat = below.reshape(-1, below.shape[-1])
        flat = affine(flat, weights["weight_ih"], weights["bias_ih"])
        return flat.reshape(*below.shape[:2], -1)

    def weights(self, layer: int) -> dict[str, Array]:
        """Return the parameters of a layer by the names that its cell has for them."""
        return {n: self.parameters[parameter_name(layer, n)] for n in self.cell.parameters}

    def seen(self, inputs: Array, rng: np.random.Generator | None) -> Array:
        """Return what is seen of the inputs, numbers with noise: each with probability
        1 - input_dropout, otherwise NOTHING, or of numbers 0. Without a generator all of them are,
        as they are."""
        if not self.ends.one_hot:
            inputs = self._blur(np.asarray(inputs, self.dtype), rng)
        if rng is None or self.input_dropout == 0:
            return inputs
        known = rng.random(inputs.shape[:2], dtype=np.float32) >= self.input_dropout
        if self.ends.one_hot:
            return np.where(known, inputs, NOTHING)
        return inputs * known[..., None]

    def _blur(self, inputs: Array, rng: np.random.Generator | None) -> Array:
        """Return numbers with noise: N(0, input_noise^2). Without a generator there is none."""
        if rng is None or self.input_noise == 0:
            return inputs
        noise = rng.standard_normal(inputs.shape, np.float32)
        blurred: Array = inputs + self.dtype.type(self.input_noise) * noise.astype(self.dtype)
        return blurred

    def mask(self, shape: tuple[int, ...], rng: np.random.Generator | None) -> Array | None:
        """Return what a layer's output is multiplied by: 0 with probability p = dropout, otherwise
        1 / (1 - p), so that the mean stays. Without a generator nothing is dropped."""
        if rng is None or self.dropout == 0:
            return None
        kept = rng.random(shape, dtype=np.float32) >= self.dropout
        mask: Array = kept.astype(self.dtype) / self.dtype.type(1 - self.dropout)
        return mask

    def _check_state(self, state: NetworkState, batch: int) -> None:
        shapes = [[array.shape for array in layer] for layer in state]
        expected = [[array.shape for array in layer] for layer in self.initial_state(batch)]
        if shapes != expected:
            raise ValueError(f"state must have the shapes {expected}, not {shapes}")

    def _checked(self, inputs: Array, targets: Array) -> tuple[Array, Array]:
        """Return inputs and targets, as the engine computes with them; see `loss_and_gradients`."""
        if self.ends.one_hot:
            inputs, targets = self._ids("inputs", inputs), self._ids("targets", targets)
        else:
            inputs, targets = np.asarray(inputs, self.dtype), np.asarray(targets, self.dtype)
            shape = f"(T, B, {self.ends.inputs})"
            if inputs.ndim != 3 or inputs.size == 0 or inputs.shape[2] != self.ends.inputs:
                raise ValueError(f"inputs must be of shape {shape}, not {inputs.shape}")
            if not np.isfinite(inputs).all():
                raise ValueError("inputs must be finite numbers")
        if inputs.shape[:2] != targets.shape:
            raise ValueError(
                f"inputs and targets must have one shape, not {inputs.shape[:2]} and "
                f"{targets.shape}"
            )
        return inputs, targets

    def _ids(self, name: str, ids: Ids) -> Ids:
        array = np.asarray(ids)
        if array.ndim != 2 or array.size == 0 or not np.issubdtype(array.dtype, np.integer):
            raise ValueError(
                f"{name} must be whole numbers of shape (T, B), "
                f"not {array.dtype} of shape {array.shape}"
            )
        if array.min() < 0 or array.max() >= self.ends.inputs:
            raise ValueError(
                f"{name} must be ids from 0 to {self.ends.inputs - 1}, "
                f"not {array.min()} to {array.max()}"
            )
        return array.astype(np.int64, copy=False)
