"""One forward and one backward pass, every number of it by its name: what the lessons show.

The tutorial's RNN goes through `record`, any other network through `record_network`. Time steps are
counted from 0, and the state before the first one is h_{-1}.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import LayerCache, Network, NetworkState
from rnn_pkg.engine.parameters import parameter_name
from rnn_pkg.rnn import RNN, Column, log_softmax

Sequences = TypeVar("Sequences", list[Column], Ids)


def one_hot(word: str) -> tuple[list[str], list[Column]]:
    """Make a column of each character of a word.

    Returns:
        characters: the alphabet, the V different characters of the word, sorted.
        columns: one (V, 1) for each character of the word.
    """
    characters = sorted(set(word))
    columns = [one_hot_column(characters.index(each), len(characters)) for each in word]
    return characters, columns


def one_hot_column(place: int, size: int) -> Column:
    """Return the column (V, 1) of a character: 1 at its place in the alphabet, 0 elsewhere."""
    column = np.zeros((size, 1))
    column[place] = 1.0
    return column


def inputs_and_targets(sequence: Sequences) -> tuple[Sequences, Sequences]:
    """Return what is read and what really comes next: the same sequence, shifted by one.

    Args:
        sequence: T + 1 columns, or ids of characters.

    Returns:
        inputs: x_0 ... x_{T-1}, all but the last.
        targets: target_t = x_{t+1}, all but the first.
    """
    inputs = sequence[:-1]
    targets = sequence[1:]
    return inputs, targets


class Step(NamedTuple):
    """What went on at time step t: forward, backward, and what it adds to each gradient.

    d... is short for dL/d..., the gradient of the whole sequence's loss.
    """

    x: Column  # x_t, (V, 1)
    target: Column  # (V, 1)
    h_before: Column  # h_{t-1}, (H, 1)
    a: Column  # Wxh x_t + Whh h_{t-1} + bh, (H, 1)
    h: Column  # h_t = tanh(a_t), (H, 1)
    y: Column  # Why h_t + by, (V, 1)
    p: Column  # softmax(y_t), (V, 1)
    loss: float  # this step's part of L

    dy: Column  # (V, 1)
    dh_from_output: Column  # Why^T dy_t, (H, 1)
    dh_from_later: Column  # Whh^T da_{t+1}, or what flows in at the end, (H, 1)
    dh: Column  # the sum of both, (H, 1)
    da: Column  # (1 - h_t^2) dh_t, (H, 1)
    dh_before: Column  # Whh^T da_t: what is sent back to step t - 1, (H, 1)

    dWxh: Array  # da_t x_t^T, (H, V)
    dWhh: Array  # da_t h_{t-1}^T, (H, H)
    dWhy: Array  # dy_t h_t^T, (V, H)
    dbh: Column  # da_t, (H, 1)
    dby: Column  # dy_t, (V, 1)


def record(
    rnn: RNN,
    inputs: Sequence[Column],
    targets: Sequence[Column],
    h_prev: Column,
    dh_next: Column,
) -> list[Step]:
    """Run an RNN forward over a sequence, and backward; return what went on at each step.

    The equations are those of `RNN`. What the steps add to a gradient, added up from the last to
    the first, is bit for bit what `RNN.backward` returns.

    Args: as for `RNN.backward`.
    """
    forward = []
    h_before = h_prev
    for x, target in zip(inputs, targets, strict=True):
        a = rnn.Wxh @ x + rnn.Whh @ h_before + rnn.bh
        h = np.tanh(a)
        forward.append((x, target, h_before, a, h))
        h_before = h

    steps = []
    dh_later = dh_next
    for x, target, h_before, a, h in reversed(forward):
        y = rnn.Why @ h + rnn.by
        p = np.exp(log_softmax(y))
        loss = rnn.loss([y], [target])

        dy = p - target if rnn.loss_name == "cross_entropy" else y - target
        dh_output = rnn.Why.T @ dy
        dh = dh_output + dh_later
        da = (1.0 - h * h) * dh
        dh_before = rnn.Whh.T @ da
        backward = (dy, dh_output, dh_later, dh, da, dh_before)

        shares = (da @ x.T, da @ h_before.T, dy @ h.T, da, dy)
        steps.append(Step(x, target, h_before, a, h, y, p, loss, *backward, *shares))
        dh_later = dh_before
    return steps[::-1]


@dataclass(frozen=True)
class NetworkRead:
    """What went on at time step t in the top layer of a network, whatever its cell.

    States and activations are dicts by the names that the cell has for them, each (H,).
    """

    x: int  # the character that is read, by its id
    target: int  # the one that really comes next
    before: dict[str, Array]  # the states before: h_{t-1}, and c_{t-1} where there is one
    activations: dict[str, Array]  # what the units did: h_t, gates, see `Cell.shows`
    y: Array  # logits of the next character, (V,)
    p: Array  # softmax(y_t), (V,)
    loss: float  # -log p[target]


@dataclass(frozen=True)
class NetworkStep(NetworkRead):
    """The same, and what came back to it.

    d... is the gradient of the loss added up over the time steps, as `RNN` has it; that of
    `Network.loss`, a mean, is T times smaller.
    """

    dy: Array  # p - one_hot(target), (V,)
    dh_from_output: Array  # what comes from y_t, (H,)
    dh_from_later: Array  # what step t + 1 sent back, (H,)
    dh: Array  # the sum of both, (H,)
    da: dict[str, Array]  # of the argument of each gate, see `Cell.gates`
    sent_back: dict[str, Array]  # to the states before, by the same names
    dweight_hh: Array  # what this step adds to the gradient of W_hh: (G, n, H), gate by gate


def read_network(
    network: Network, ids: Ids, state: NetworkState | None = None
) -> list[NetworkRead]:
    """Run a network forward over a text; return what went on at each step.

    Args: as for `record_network`.
    """
    return [read for read, _, _ in _forward(network, ids, state)]


def record_network(
    network: Network,
    ids: Ids,
    state: NetworkState | None = None,
    units: Sequence[int] | None = None,
) -> list[NetworkStep]:
    """Run a network forward over a text, and backward; return what went on at each step.

    Each step is a sequence of its own here: it hands its state to the next, and is handed back the
    gradient with respect to that state. Nothing is dropped.

    Args:
        network: reads characters; of any dtype, though only float64 is as exact as `record`.
        ids: (T + 1,), of the T characters that are read, and the one that comes after them.
        state: where the network stands before them, for one text; None is zeros.
        units: the n units of the top layer whose rows of dweight_hh are kept; None keeps all H.
    """
    cell, top = network.cell, network.layers - 1
    steps = []
    dlater = network.initial_state(1)  # zeros: nothing comes after the end
    for read, dy, caches in reversed(_forward(network, ids, state)):
        gradients, dbefore, dhidden = network.backpropagate(caches, dy, dlater)
        # Of a single step, the gradient of the bias is that of what the bias is added to.
        da = gradients[parameter_name(top, "bias_ih")].reshape(len(cell.gates), -1)
        dweight = gradients[parameter_name(top, "weight_hh")]
        dweight = dweight.reshape(len(cell.gates), network.hidden_size, network.hidden_size)
        steps.append(
            NetworkStep(
                **vars(read),
                dy=dy[0, 0],
                dh_from_output=dhidden[top][0, 0],
                dh_from_later=dlater[top][0][0],
                dh=dhidden[top][0, 0] + dlater[top][0][0],
                da=dict(zip(cell.gates, da, strict=True)),
                sent_back=_by_name(cell.states, dbefore[top]),
                dweight_hh=dweight if units is None else dweight[:, list(units)],
            )
        )
        dlater = dbefore
    return steps[::-1]


def cell_gradient(
    step: NetworkStep, later: NetworkStep | None, peephole: Array | None = None
) -> Array:
    """Return how the loss changes with c_t of an LSTM, (H,), by the equation that all of them have:

        dc_t = dh_t o (1 - tanh(c_t)^2) + p_o da_o  plus what step t + 1 sent back

    Args:
        step: time step t.
        later: the one after it, if there is one.
        peephole: p_o, (H,), if there is one.
    """
    o, tanh_c = step.activations["output gate"], np.tanh(step.activations["cell state"])
    dc: Array = step.dh * o * (1 - np.square(tanh_c))
    if peephole is not None:
        dc += peephole * step.da["output gate"]
    if later is not None:
        dc += later.sent_back["cell state"]
    return dc


def _forward(
    network: Network, ids: Ids, state: NetworkState | None
) -> list[tuple[NetworkRead, Array, list[LayerCache]]]:
    """Return of each step what went on, the gradient of its outputs (1, 1, V), and what the
    backward pass needs."""
    cell, inputs_targets = network.cell, inputs_and_targets(ids[:, None, None])
    state = network.initial_state(1) if state is None else state
    steps = []
    for x, target in zip(*inputs_targets, strict=True):  # (1, 1) each
        before = state[-1]
        y, state, caches = network.forward(x, state)
        loss, dy = network.loss(y, target)
        activations = cell.activations(caches[-1].cell)
        read = NetworkRead(
            x=int(x.item()),
            target=int(target.item()),
            before=_by_name(cell.states, before),
            activations={name: array[0, 0] for name, array in activations.items()},
            y=y[0, 0],
            p=np.exp(log_softmax(y[0, 0])),
            loss=loss,
        )
        steps.append((read, dy, caches))
    return steps


def _by_name(names: Sequence[str], state: Sequence[Array]) -> dict[str, Array]:
    """Return the arrays of one text's state, (H,) each, by their names."""
    return {name: array[0] for name, array in zip(names, state, strict=True)}
