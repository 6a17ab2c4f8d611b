"""The cells there are, each with its equations and one entry in CELLS; cell.py says what a cell is.

The entry is all that the rest of the package and the page know of a cell: whoever adds one, adds it
here. Cells that somebody writes are told by their source instead, see written.py. Gate order and
names follow PyTorch, where it has the cell, so that weights can be exchanged.
"""

from typing import NamedTuple

import numpy as np

from rnn_pkg.engine.backend import replaceable
from rnn_pkg.engine.cell import Cell
from rnn_pkg.engine.linalg import Array, column_sums, dot
from rnn_pkg.engine.recurrence import (
    BY_SIGMOID,
    BY_TANH,
    Parameter,
    Range,
    State,
    Weights,
    recurrent_gradients,
    sigmoid,
    tanh,
    with_initial,
)


class RnnCache(NamedTuple):
    """h (T + 1, B, H) begins with the state before the first step."""

    h: Array
    weight_hh: Array


@replaceable
def rnn_forward(projected: Array, weights: Weights, state: State) -> tuple[Array, State, RnnCache]:
    """Recurrent network: Elman, "Finding structure in time" (1990). x_t is the projected input.

    h_t = tanh(x_t + W_hh h_{t-1} + b_hh)
    """
    weight_hh = weights["weight_hh"]
    projected = projected + weights["bias_hh"]
    h = with_initial(state[0], len(projected))  # (T + 1, B, H)
    with np.errstate(over="ignore"):
        for t in range(len(projected)):
            h[t + 1] = tanh(projected[t] + dot(h[t], weight_hh))
    return h[1:], (h[-1],), RnnCache(h, weight_hh)


@replaceable
def rnn_backward(cache: RnnCache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
    """Backward through h_t = tanh(a_t).

    da_t     = (1 - h_t^2) dh_t    through tanh
    dh_{t-1} = W_hh^T da_t
    """
    h, weight_hh = cache
    weight_columns = np.ascontiguousarray(weight_hh.T)
    slope = 1 - np.square(h[1:])  # (T, B, H)
    da = np.empty_like(dhidden)
    (dh,) = dstate
    for t in reversed(range(len(dhidden))):
        da[t] = (dhidden[t] + dh) * slope[t]
        dh = dot(da[t], weight_columns)
    return da, recurrent_gradients(da, h[:-1]), (dh,)


def rnn_activations(cache: RnnCache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: there is only h_t."""
    return {"hidden state": cache.h[1:]}


class LstmCache(NamedTuple):
    """h and c (T + 1, B, H) begin with the state before the first step; gates (T, B, G, H)."""

    h: Array
    c: Array
    gates: Array
    tanh_c: Array
    weights: Weights


def lstm_arrays(projected: Array, weights: Weights, state: State, gates: int) -> LstmCache:
    """Return the arrays that a forward pass fills, the given state in front."""
    steps, batch, _ = projected.shape
    h, c = with_initial(state[0], steps), with_initial(state[1], steps)  # (T + 1, B, H)
    size = h.shape[-1]
    room = np.empty((steps, batch, gates, size), projected.dtype)
    return LstmCache(h, c, room, np.empty((steps, batch, size), projected.dtype), weights)


@replaceable
def lstm_forward(
    projected: Array, weights: Weights, state: State
) -> tuple[Array, State, LstmCache]:
    """Long short-term memory: Hochreiter and Schmidhuber (1997), forget gate by Gers (1999).

    i, f, o = sigmoid(x_t + W_hh h_{t-1} + b_hh)    three gates, each with its own rows
    g       = tanh(   x_t + W_hh h_{t-1} + b_hh)    candidate
    c_t     = f c_{t-1} + i g                       the cell: only scaled and added to
    h_t     = o tanh(c_t)

    each gate with its own rows of W_hh, in the order i, f, g, o.
    """
    projected = projected + weights["bias_hh"]
    cache = lstm_arrays(projected, weights, state, gates=4)
    h, c, gates, tanh_c, _ = cache
    with np.errstate(over="ignore"):
        for t in range(len(projected)):
            a = (projected[t] + dot(h[t], weights["weight_hh"])).reshape(gates[t].shape)
            gates[t, :, :2] = sigmoid(a[:, :2])
            gates[t, :, 2] = tanh(a[:, 2])
            gates[t, :, 3] = sigmoid(a[:, 3])
            i, f, g, o = gates[t].transpose(1, 0, 2)  # each (B, H)
            c[t + 1] = f * c[t] + i * g
            tanh_c[t] = tanh(c[t + 1])
            h[t + 1] = o * tanh_c[t]
    return h[1:], (h[-1], c[-1]), cache


def lstm_slopes(cache: LstmCache) -> tuple[Array, Array]:
    """Return what doesn't depend on the gradients, for all steps at once: by what dc_t and dh_t are
    multiplied to give da (T, B, 4, H), and dh_t to reach c_t (T, B, H)."""
    _, c, gates, tanh_c, _ = cache
    i, f, g, o = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    slope = np.empty_like(gates)
    slope[:, :, 0] = g * i * (1 - i)
    slope[:, :, 1] = c[:-1] * f * (1 - f)
    slope[:, :, 2] = i * (1 - np.square(g))
    slope[:, :, 3] = tanh_c * o * (1 - o)
    return slope, o * (1 - np.square(tanh_c))


@replaceable
def lstm_backward(cache: LstmCache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
    """Backward through h_t = o tanh(c_t), then through c_t = f c_{t-1} + i g.

    dc_t     = dh_t o (1 - tanh(c_t)^2)  plus what step t + 1 sent back
    da       = dc_t g i(1-i),  dc_t c_{t-1} f(1-f),  dc_t i (1-g^2),  dh_t tanh(c_t) o(1-o)
    dc_{t-1} = dc_t f
    dh_{t-1} = W_hh^T da
    """
    h, gates, weights = cache.h, cache.gates, cache.weights
    weight_columns = np.ascontiguousarray(weights["weight_hh"].T)
    steps, batch, _, size = gates.shape

    slope, cell_slope = lstm_slopes(cache)
    da = np.empty_like(gates)
    dh, dc = dstate
    for t in reversed(range(steps)):
        dh = dhidden[t] + dh
        dc = dc + dh * cell_slope[t]
        da[t, :, :3] = dc[:, None] * slope[t, :, :3]
        da[t, :, 3] = dh * slope[t, :, 3]
        dc = dc * gates[t, :, 1]
        dh = dot(da[t].reshape(batch, 4 * size), weight_columns)
    da = da.reshape(steps, batch, 4 * size)
    return da, recurrent_gradients(da, h[:-1]), (dh, dc)


def lstm_activations(cache: LstmCache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: h_t, c_t, i, f, g and o."""
    i, f, g, o = cache.gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    states = {"hidden state": cache.h[1:], "cell state": cache.c[1:]}
    return states | {"input gate": i, "forget gate": f, "candidate": g, "output gate": o}


class GruCache(NamedTuple):
    """h (T + 1, B, H) begins with the state before the first step; gates (T, B, 3, H);
    candidate_product (T, B, H) is u_n."""

    h: Array
    gates: Array
    candidate_product: Array
    weight_hh: Array


@replaceable
def gru_forward(projected: Array, weights: Weights, state: State) -> tuple[Array, State, GruCache]:
    """Gated recurrent unit: Cho et al. (2014), with the reset gate applied to the product.

    u_t  = W_hh h_{t-1} + b_hh          from the state before
    r, z = sigmoid(x_t + u_t)           two gates, each with its own rows
    n    = tanh(x_t + r u_t)            candidate
    h_t  = (1 - z) n + z h_{t-1}

    each gate with its own rows of W_hh, in the order r, z, n.
    """
    weight_hh, bias_hh = weights["weight_hh"], weights["bias_hh"]
    steps, batch, _ = projected.shape
    size = weight_hh.shape[1]
    h = with_initial(state[0], steps)  # (T + 1, B, H)
    gates = np.empty((steps, batch, 3, size), projected.dtype)
    candidate_product = np.empty((steps, batch, size), projected.dtype)  # u_t of the candidate
    with np.errstate(over="ignore"):
        for t in range(steps):
            x = projected[t].reshape(batch, 3, size)
            u = (dot(h[t], weight_hh) + bias_hh).reshape(batch, 3, size)
            gates[t, :, :2] = sigmoid(x[:, :2] + u[:, :2])
            r, z, n = gates[t].transpose(1, 0, 2)  # each (B, H)
            n[...] = tanh(x[:, 2] + r * u[:, 2])
            h[t + 1] = n + z * (h[t] - n)
            candidate_product[t] = u[:, 2]
    return h[1:], (h[-1],), GruCache(h, gates, candidate_product, weight_hh)


@replaceable
def gru_backward(cache: GruCache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
    """Backward through h_t = (1 - z) n + z h_{t-1}, with a the arguments of the gates.

    da_z = dh_t (h_{t-1} - n) z(1-z)
    da_n = dh_t (1 - z) (1 - n^2)
    da_r = da_n u_n r(1-r)
    du   = da_r, da_z, da_n r           the candidate's product passes through the reset gate
    dh_{t-1} = dh_t z + W_hh^T du
    """
    h, gates, candidate_product, weight_hh = cache
    weight_columns = np.ascontiguousarray(weight_hh.T)
    steps, batch, _, size = gates.shape

    # Everything that doesn't depend on the gradients, for all steps at once.
    r, z, n = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    slope_r = candidate_product * r * (1 - r)
    slope_z = (h[:-1] - n) * z * (1 - z)
    slope_n = (1 - z) * (1 - np.square(n))

    da = np.empty_like(gates)  # (T, B, 3, H), with respect to the projected input
    du = np.empty_like(gates)  # the same, with respect to the product with h_{t-1}
    (dh,) = dstate
    for t in reversed(range(steps)):
        dh = dhidden[t] + dh
        da[t, :, 2] = dh * slope_n[t]
        da[t, :, 1] = dh * slope_z[t]
        da[t, :, 0] = da[t, :, 2] * slope_r[t]
        du[t, :, :2] = da[t, :, :2]
        du[t, :, 2] = da[t, :, 2] * r[t]
        dh = dh * z[t] + dot(du[t].reshape(batch, 3 * size), weight_columns)
    da, du = da.reshape(steps, batch, 3 * size), du.reshape(steps, batch, 3 * size)
    return da, recurrent_gradients(du, h[:-1]), (dh,)


def gru_activations(cache: GruCache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: h_t, r, z and n."""
    r, z, n = cache.gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    return {"hidden state": cache.h[1:], "reset gate": r, "update gate": z, "candidate": n}


@replaceable
def peephole_forward(
    projected: Array, weights: Weights, state: State
) -> tuple[Array, State, LstmCache]:
    """LSTM whose gates see the cell, unit by unit: Gers and Schmidhuber, "Recurrent nets that time
    and count" (2000).

    i, f = sigmoid(x_t + W_hh h_{t-1} + b_hh + p c_{t-1})    two gates that see the cell
    g    = tanh(   x_t + W_hh h_{t-1} + b_hh)                candidate
    c_t  = f c_{t-1} + i g
    o    = sigmoid(x_t + W_hh h_{t-1} + b_hh + p c_t)        the output gate sees the new cell
    h_t  = o tanh(c_t)

    with a row of weight_peephole as p for i, f and o each.
    """
    peephole = weights["weight_peephole"]  # (3, H)
    projected = projected + weights["bias_hh"]
    cache = lstm_arrays(projected, weights, state, gates=4)
    h, c, gates, tanh_c, _ = cache
    with np.errstate(over="ignore"):
        for t in range(len(projected)):
            a = (projected[t] + dot(h[t], weights["weight_hh"])).reshape(gates[t].shape)
            i, f, g, o = gates[t].transpose(1, 0, 2)  # each (B, H), a part of gates
            gates[t, :, :2] = sigmoid(a[:, :2] + peephole[:2] * c[t][:, None])
            g[...] = tanh(a[:, 2])
            c[t + 1] = f * c[t] + i * g
            o[...] = sigmoid(a[:, 3] + peephole[2] * c[t + 1])
            tanh_c[t] = tanh(c[t + 1])
            h[t + 1] = o * tanh_c[t]
    return h[1:], (h[-1], c[-1]), cache


@replaceable
def peephole_backward(
    cache: LstmCache, dhidden: Array, dstate: State
) -> tuple[Array, Weights, State]:
    """As `lstm_backward`, but that the gates send back to the cell as well, each through its p:

    dc_t     = dh_t o (1 - tanh(c_t)^2) + p_o da_o  plus what step t + 1 sent back
    da       = dc_t g i(1-i),  dc_t c_{t-1} f(1-f),  dc_t i (1-g^2),  dh_t tanh(c_t) o(1-o)
    dc_{t-1} = dc_t f + p_i da_i + p_f da_f
    dh_{t-1} = W_hh^T da
    dp       = da_i c_{t-1},  da_f c_{t-1},  da_o c_t    added up over time and texts
    """
    h, c, gates, _, weights = cache
    peephole = weights["weight_peephole"]  # (3, H)
    weight_columns = np.ascontiguousarray(weights["weight_hh"].T)
    steps, batch, _, size = gates.shape

    slope, cell_slope = lstm_slopes(cache)
    da = np.empty_like(gates)
    dh, dc = dstate
    for t in reversed(range(steps)):
        dh = dhidden[t] + dh
        da[t, :, 3] = dh * slope[t, :, 3]
        dc = dc + dh * cell_slope[t] + peephole[2] * da[t, :, 3]
        da[t, :, :3] = dc[:, None] * slope[t, :, :3]
        dc = dc * gates[t, :, 1] + peephole[0] * da[t, :, 0] + peephole[1] * da[t, :, 1]
        dh = dot(da[t].reshape(batch, 4 * size), weight_columns)
    seen = np.stack([c[:-1], c[:-1], c[1:]], axis=2)  # (T, B, 3, H)
    dpeephole = column_sums((da[:, :, [0, 1, 3]] * seen).reshape(steps * batch, 3 * size))
    da = da.reshape(steps, batch, 4 * size)
    gradients = recurrent_gradients(da, h[:-1])
    gradients["weight_peephole"] = dpeephole.reshape(3, size)
    return da, gradients, (dh, dc)


@replaceable
def coupled_forward(
    projected: Array, weights: Weights, state: State
) -> tuple[Array, State, LstmCache]:
    """LSTM that takes in as much as it forgets: Greff et al., "LSTM: a search space odyssey"
    (2017), who call it CIFG.

    f, o = sigmoid(x_t + W_hh h_{t-1} + b_hh)    two gates, each with its own rows
    i    = 1 - f                                 input gate
    g    = tanh(   x_t + W_hh h_{t-1} + b_hh)    candidate
    c_t  = f c_{t-1} + i g
    h_t  = o tanh(c_t)

    each gate with its own rows of W_hh, in the order f, g, o.
    """
    projected = projected + weights["bias_hh"]
    cache = lstm_arrays(projected, weights, state, gates=3)
    h, c, gates, tanh_c, _ = cache
    with np.errstate(over="ignore"):
        for t in range(len(projected)):
            a = (projected[t] + dot(h[t], weights["weight_hh"])).reshape(gates[t].shape)
            gates[t, :, ::2] = sigmoid(a[:, ::2])
            gates[t, :, 1] = tanh(a[:, 1])
            f, g, o = gates[t].transpose(1, 0, 2)  # each (B, H)
            c[t + 1] = g + f * (c[t] - g)
            tanh_c[t] = tanh(c[t + 1])
            h[t + 1] = o * tanh_c[t]
    return h[1:], (h[-1], c[-1]), cache


@replaceable
def coupled_backward(
    cache: LstmCache, dhidden: Array, dstate: State
) -> tuple[Array, Weights, State]:
    """Backward through h_t = o tanh(c_t), then through c_t = f c_{t-1} + (1 - f) g.

    dc_t     = dh_t o (1 - tanh(c_t)^2)  plus what step t + 1 sent back
    da       = dc_t (c_{t-1} - g) f(1-f),  dc_t (1-f) (1-g^2),  dh_t tanh(c_t) o(1-o)
    dc_{t-1} = dc_t f
    dh_{t-1} = W_hh^T da
    """
    h, c, gates, tanh_c, weights = cache
    weight_columns = np.ascontiguousarray(weights["weight_hh"].T)
    steps, batch, _, size = gates.shape

    # Everything that doesn't depend on the gradients, for all steps at once.
    f, g, o = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    slope = np.empty_like(gates)  # (T, B, 3, H)
    slope[:, :, 0] = (c[:-1] - g) * f * (1 - f)
    slope[:, :, 1] = (1 - f) * (1 - np.square(g))
    slope[:, :, 2] = tanh_c * o * (1 - o)
    cell_slope = o * (1 - np.square(tanh_c))  # (T, B, H)

    da = np.empty_like(gates)
    dh, dc = dstate
    for t in reversed(range(steps)):
        dh = dhidden[t] + dh
        dc = dc + dh * cell_slope[t]
        da[t, :, :2] = dc[:, None] * slope[t, :, :2]
        da[t, :, 2] = dh * slope[t, :, 2]
        dc = dc * f[t]
        dh = dot(da[t].reshape(batch, 3 * size), weight_columns)
    da = da.reshape(steps, batch, 3 * size)
    return da, recurrent_gradients(da, h[:-1]), (dh, dc)


def coupled_activations(cache: LstmCache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: h_t, c_t, 1 - f, f, g and o."""
    f, g, o = cache.gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    states = {"hidden state": cache.h[1:], "cell state": cache.c[1:]}
    return states | {"input gate": 1 - f, "forget gate": f, "candidate": g, "output gate": o}


SLOW = 12
"""One of so many units begins as a slow one."""

LONGEST = 128
"""Steps that the slowest of them remembers at first."""


def slow_units(hidden_size: int) -> Array:
    """Return by how much the forget gates' biases of a layer's first units are raised at first.

    A unit that keeps the part f of c at each step remembers about n = 1 / (1 - f) steps. As weights
    are drawn, f is near a half and n near 2, and a network first has to find out that what is
    longer ago matters, such as where a line began. So a twelfth of the units start as slow ones,
    with n falling evenly from 128 to 2, at which a unit is like any other; and what remembers long
    takes in little at a time:

        b_f <- b_f + log(n - 1)    f = (n - 1) / n, where it was a half
        b_i <- b_i - log(n - 1)    i = 1 / n

    That is chrono initialization (Tallec and Ollivier, "Can recurrent neural networks warp time?",
    2018), which has all units start so; texts are learned faster with a twelfth.

    Returns:
        log(n - 1) for H // 12 units.
    """
    return np.log(np.linspace(LONGEST, 2, hidden_size // SLOW) - 1)


def lstm_start(weights: Weights) -> None:
    """Make the first units slow ones."""
    i, f, _, _ = np.split(weights["bias_ih"], 4)
    longer = slow_units(len(f))
    f[: len(longer)] += longer
    i[: len(longer)] -= longer


def coupled_start(weights: Weights) -> None:
    """Make the first units slow ones: the input gate, 1 - f, comes down by itself."""
    f, _, _ = np.split(weights["bias_ih"], 3)
    longer = slow_units(len(f))
    f[: len(longer)] += longer


LSTM_SHOWS: dict[str, Range] = {
    "hidden state": BY_TANH,
    "cell state": None,
    "input gate": BY_SIGMOID,
    "forget gate": BY_SIGMOID,
    "candidate": BY_TANH,
    "output gate": BY_SIGMOID,
}


CELLS = {
    "rnn": Cell(
        label="RNN",
        gates=("hidden state",),
        states=("hidden state",),
        shows={"hidden state": BY_TANH},
        forward=rnn_forward,
        backward=rnn_backward,
        activations=rnn_activations,
    ),
    "lstm": Cell(
        label="LSTM",
        gates=("input gate", "forget gate", "candidate", "output gate"),
        states=("hidden state", "cell state"),
        shows=LSTM_SHOWS,
        forward=lstm_forward,
        backward=lstm_backward,
        activations=lstm_activations,
        start=lstm_start,
    ),
    "gru": Cell(
        label="GRU",
        gates=("reset gate", "update gate", "candidate"),
        states=("hidden state",),
        shows={
            "hidden state": BY_TANH,
            "reset gate": BY_SIGMOID,
            "update gate": BY_SIGMOID,
            "candidate": BY_TANH,
        },
        forward=gru_forward,
        backward=gru_backward,
        activations=gru_activations,
        letters={"candidate": "n"},
    ),
    "peephole": Cell(
        label="LSTM with peepholes",
        gates=("input gate", "forget gate", "candidate", "output gate"),
        states=("hidden state", "cell state"),
        shows=LSTM_SHOWS,
        forward=peephole_forward,
        backward=peephole_backward,
        activations=lstm_activations,
        own={"weight_peephole": Parameter("cell to gates", lambda _, hidden: (3, hidden))},
        start=lstm_start,
    ),
    "coupled": Cell(
        label="LSTM with coupled gates",
        gates=("forget gate", "candidate", "output gate"),
        states=("hidden state", "cell state"),
        shows=LSTM_SHOWS,
        forward=coupled_forward,
        backward=coupled_backward,
        activations=coupled_activations,
        start=coupled_start,
    ),
}

OWN = "own"
"""Stands for a cell that somebody wrote, in the place of one of these names."""


def cell_of(name: str, source: str) -> Cell:
    """Return the cell of this name; of OWN that of a source, which is run for it."""
    return Cell.from_source(source) if name == OWN else CELLS[name]


def source_hash(source: str) -> str:
    """Return the SHA-256 of a cell's source, by which one knows it again."""
    import hashlib  # few runs have a cell of one's own

    return hashlib.sha256(source.encode()).hexdigest()
