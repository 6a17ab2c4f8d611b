"""Forgetting: what comes back, from a mistake at the end of a text, along each state of a cell."""

import math
from collections.abc import Iterable

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.config import Config
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import LayerCache, Network, Parameters
from rnn_pkg.engine.optimizers import sum_of_squares
from rnn_pkg.engine.parameters import parameter_name
from rnn_pkg.look.flow import Flow

UNITS = 16
"""Of an untrained network. In an RNN with fewer of them, tanh mostly holds back a gradient before
it explodes."""

STEPS = 40
"""How far it is followed."""

GATE, KEPT = "forget gate", "cell state"
"""The gate, and the state that it keeps."""

PEEPHOLE = 1
"""Which row of weight_peephole, in the order i, f, o, is the forget gate's."""

FARTHEST = 40.0
"""In float64 the sigmoid of 40 is 1, and that of -40 as good as 0."""


def untrained(cell: str, characters: int, rng: np.random.Generator) -> tuple[Network, Ids, Ids]:
    """Draw a network of one layer that has learned nothing, and a text for it. None of its units
    begins as a slow one: what gates are for shows best where none remembers.

    Args:
        cell: one of CELLS.
        characters: V, how many different ones there are.
        rng: draws the weights, then the text.

    Returns:
        The network, in float64, and what `sent_back` takes: inputs (T,) and targets (T,),
        T being STEPS.
    """
    config = Config(cell=cell, layers=1, hidden_size=UNITS)
    network = Network(config, character_ends(characters), rng, np.float64, as_drawn=True)
    ids = rng.integers(0, characters, STEPS + 1)
    return network, ids[:-1], ids[1:]


def has_gate(network: Network) -> bool:
    """Tell whether its cell has a forget gate."""
    return GATE in network.cell.gates


def hold_gate(network: Network, value: float) -> Network:
    """Return a copy in which every forget gate is the same at all times, whatever is read.

        f = sigmoid(0 x_t + 0 h_{t-1} + b)    with    b = log(value / (1 - value))

    Args:
        network: with a cell that has a forget gate, see `has_gate`.
        value: 0 to 1.

    Raises:
        ValueError: the cell has no forget gate, or the value is not from 0 to 1.
    """
    if not has_gate(network):
        raise ValueError(f"the cell must have a forget gate, not {network.cell.label}")
    value = checked_number("value", value, 0, 1, float)
    held, size = network.copy(), network.hidden_size
    start = size * network.cell.gates.index(GATE)
    rows = slice(start, start + size)
    for layer in range(network.layers):
        weights = {n: held.parameters[parameter_name(layer, n)] for n in network.cell.parameters}
        for name in ("weight_ih", "weight_hh", "bias_hh"):
            weights[name][rows] = 0
        weights["bias_ih"][rows] = logit(value)  # the two biases are added up
        if "weight_peephole" in weights:
            weights["weight_peephole"][PEEPHOLE] = 0
    return held


def logit(p: float) -> float:
    """Return log(p / (1 - p)), the inverse of the sigmoid, within plus and minus FARTHEST."""
    if p in (0, 1):
        return FARTHEST if p == 1 else -FARTHEST
    return min(FARTHEST, max(-FARTHEST, math.log(p / (1 - p))))


def sent_back(network: Network, inputs: Ids, targets: Ids) -> dict[str, Flow]:
    """Follow the gradient of a single loss back along each state.

    The loss L is -log p of the last target alone. Whatever an earlier step has to do with it passes
    through the states in between: step t + 1 sends back dL/dh_t, and the LSTM's dL/dc_t as well.

        RNN     dh_{t-1} = W_hh^T (1 - h_t^2) dh_t         a product of matrices
        LSTM    dc_{t-1} = f dc_t + ...                    a product of gates

    Each is how L depends on that state while the others stay as they are.

    Args:
        network: reads characters; of any dtype, float64 reaches farthest. Nothing is dropped.
        inputs: (T,), ids of a text's characters.
        targets: (T,), each one's following character. Only the last one counts.

    Returns:
        By the name of the state a Flow. Its norms (T,) are the lengths of what is sent back, all
        layers taken together: norms[k] by step T - 1 - k, so that norms[0] is what the last step
        sends back and norms[-1] what reaches the state before the first. Its length is that of the
        gradient of L with respect to all parameters, which is what is clipped.
    """
    steps, names = len(inputs), network.cell.states
    norms = np.zeros((len(names), steps))
    with np.errstate(over="ignore", invalid="ignore"):
        state, caches = network.initial_state(1), list[list[LayerCache]]()
        for x in inputs[:, None, None]:
            outputs, state, cache = network.forward(x, state)
            caches.append(cache)

        _, doutputs = network.loss(outputs, targets[-1:, None])
        total = length(last_gradients(network, inputs, doutputs).values())
        dstates = network.initial_state(1)  # zeros: nothing comes after the end
        for k in range(steps):
            _, dstates, _ = network.backpropagate(caches.pop(), doutputs, dstates)
            norms[:, k] = [length(layers) for layers in zip(*dstates, strict=True)]
            doutputs = np.zeros_like(doutputs)  # of the earlier characters nothing is asked
    return {name: Flow(of_state, total) for name, of_state in zip(names, norms, strict=True)}


def through_gate(network: Network, inputs: Ids, targets: Ids) -> Array | None:
    """Follow the gradient back along the cell state through the forget gate alone, unit by unit:

        what would come back to c_{t-1} = f what would come back to c_t

    as if nothing came through h_t and the other gates. So it isn't |dL/dc|, which `sent_back` has.

    Args: as for `sent_back`.

    Returns:
        (T,), beginning with the length of what the last step really sends back to the cell state;
        where f is held, that times f^k. None if the cell has no cell state, or no forget gate.
    """
    if not has_gate(network) or KEPT not in network.cell.states:
        return None
    place, cell = network.cell.states.index(KEPT), network.cell
    norms = np.zeros(len(inputs))
    with np.errstate(over="ignore", invalid="ignore"):
        state = network.initial_state(1)
        f: list[list[Array]] = []  # of each step but the last one: (1, H) in each layer
        for x in inputs[:-1, None, None]:
            _, state, caches = network.forward(x, state)
            f.append([cell.activations(layer.cell)[GATE][0] for layer in caches])
        outputs, _, caches = network.forward(inputs[-1:, None], state)
        _, doutputs = network.loss(outputs, targets[-1:, None])
        _, dstates, _ = network.backpropagate(caches, doutputs, network.initial_state(1))
        dc = [layer[place] for layer in dstates]  # (1, H) in each layer
        norms[0] = length(dc)
        for k, kept in enumerate(reversed(f), 1):
            dc = [gate * layer for gate, layer in zip(kept, dc, strict=True)]
            norms[k] = length(dc)
    return norms


def last_gradients(network: Network, inputs: Ids, dlast: Array) -> Parameters:
    """Return the gradients of the parameters, given that of the last output, (1, 1, V)."""
    outputs, _, caches = network.forward(inputs[:, None])
    doutputs = np.zeros_like(outputs)  # (T, 1, V)
    doutputs[-1:] = dlast
    return network.backward(caches, doutputs)


def length(arrays: Iterable[Array]) -> float:
    """Return the length of arrays of any shape, taken together as one vector."""
    return math.sqrt(sum(sum_of_squares(array) for array in arrays))
