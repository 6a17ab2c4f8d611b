"""The recurrences: RNN, LSTM and GRU, forward over a whole sequence and backward through time.

A cell works on a sequence of T steps for B texts at once. What its input contributes to its G gates
(the projection W_ih x_t + b_ih) is computed for all T outside, so that only the product with the
hidden state is left inside the loop over time. Shapes, throughout:

    projected   (T, B, G*H)     the input's share of every gate
    weight_hh   (G*H, H)        hidden to hidden
    bias_hh     (G*H,)
    hidden      (T, B, H)       h_1 ... h_T
    state       a tuple of (B, H): (h,) for RNN and GRU, (h, c) for LSTM

Each cell is two functions. `forward(projected, weights, state)` returns the hidden states, the
state after the last step, and a cache: whatever `backward` needs. `backward(cache, dhidden,
dstate)` takes the gradients with respect to what forward returned and gives them with respect to
what it took. A third, `activations(cache)`, names what went on inside. Gate order and names follow
PyTorch, so weights can be exchanged with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_pkg.engine.backend import replaceable
from rnn_pkg.engine.linalg import Array, column_sums, dot

State = tuple[Array, ...]
Weights = dict[str, Array]
Cache = tuple[Any, ...]


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x). For a very negative x the exponential overflows to infinity, and 1/inf = 0
    is then right: callers silence that warning once for a whole sequence."""
    return 1 / (1 + np.exp(-x))


def tanh(x: Array) -> Array:
    """The hyperbolic tangent as 2 sigmoid(2x) - 1: in WebAssembly twice as fast as np.tanh."""
    return 2 * sigmoid(2 * x) - 1


def with_initial(initial: Array, steps: int) -> Array:
    """Return an array (steps + 1, B, H) whose first entry is the state before the first step."""
    states = np.empty((steps + 1, *initial.shape), initial.dtype)
    states[0] = initial
    return states


def recurrent_gradients(dgates: Array, previous: Array) -> Weights:
    """Return the gradients of weight_hh and bias_hh.

    Args:
        dgates: (T, B, G*H), the gradient with respect to W_hh h_{t-1} + b_hh.
        previous: (T, B, H), h_0 ... h_{T-1}.
    """
    flat = dgates.reshape(-1, dgates.shape[-1])  # (T*B, G*H)
    before = previous.reshape(-1, previous.shape[-1])  # (T*B, H)
    return {"weight_hh": dot(flat.T, before.T), "bias_hh": column_sums(flat)}


@replaceable
def rnn_forward(projected: Array, weights: Weights, state: State) -> tuple[Array, State, Cache]:
    """h_t = tanh(x_t + W_hh h_{t-1} + b_hh), x_t being the projected input. Elman (1990)."""
    weight_hh = weights["weight_hh"]
    projected = projected + weights["bias_hh"]
    h = with_initial(state[0], len(projected))  # (T + 1, B, H)
    with np.errstate(over="ignore"):
        for t in range(len(projected)):
            h[t + 1] = tanh(projected[t] + dot(h[t], weight_hh))
    return h[1:], (h[-1],), (h, weight_hh)


@replaceable
def rnn_backward(cache: Cache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
    """With a_t the argument of tanh: da_t = (1 - h_t^2) dh_t, dh_{t-1} = W_hh^T da_t."""
    h, weight_hh = cache
    weight_columns = np.ascontiguousarray(weight_hh.T)
    slope = 1 - np.square(h[1:])  # (T, B, H)
    da = np.empty_like(dhidden)
    (dh,) = dstate
    for t in reversed(range(len(dhidden))):
        da[t] = (dhidden[t] + dh) * slope[t]
        dh = dot(da[t], weight_columns)
    return da, recurrent_gradients(da, h[:-1]), (dh,)


def rnn_activations(cache: Cache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: there is only h_t."""
    h, _ = cache
    return {"hidden state": h[1:]}


@replaceable
def lstm_forward(projected: Array, weights: Weights, state: State) -> tuple[Array, State, Cache]:
    """Long short-term memory: Hochreiter and Schmidhuber (1997), forget gate by Gers (1999).

    i, f, o = sigmoid(x_t + W_hh h_{t-1} + b_hh)    input, forget, output gate
    g       = tanh(   x_t + W_hh h_{t-1} + b_hh)    candidate
    c_t     = f c_{t-1} + i g                       the cell: only scaled and added to
    h_t     = o tanh(c_t)

    each gate with its own rows of W_hh, in the order i, f, g, o.
    """
    weight_hh = weights["weight_hh"]
    steps, batch, _ = projected.shape
    size = weight_hh.shape[1]
    projected = projected + weights["bias_hh"]
    h, c = with_initial(state[0], steps), with_initial(state[1], steps)  # (T + 1, B, H)
    gates = np.empty((steps, batch, 4, size), projected.dtype)
    tanh_c = np.empty((steps, batch, size), projected.dtype)
    with np.errstate(over="ignore"):
        for t in range(steps):
            a = (projected[t] + dot(h[t], weight_hh)).reshape(batch, 4, size)
            gates[t, :, :2] = sigmoid(a[:, :2])
            gates[t, :, 2] = tanh(a[:, 2])
            gates[t, :, 3] = sigmoid(a[:, 3])
            i, f, g, o = gates[t].transpose(1, 0, 2)  # each (B, H)
            c[t + 1] = f * c[t] + i * g
            tanh_c[t] = tanh(c[t + 1])
            h[t + 1] = o * tanh_c[t]
    return h[1:], (h[-1], c[-1]), (h, c, gates, tanh_c, weight_hh)


@replaceable
def lstm_backward(cache: Cache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
    """Backward through h_t = o tanh(c_t), then through c_t = f c_{t-1} + i g.

    dc_t     = dh_t o (1 - tanh(c_t)^2)  plus what step t + 1 sent back
    da       = dc_t g i(1-i),  dc_t c_{t-1} f(1-f),  dc_t i (1-g^2),  dh_t tanh(c_t) o(1-o)
    dc_{t-1} = dc_t f
    dh_{t-1} = W_hh^T da
    """
    h, c, gates, tanh_c, weight_hh = cache
    weight_columns = np.ascontiguousarray(weight_hh.T)
    steps, batch, _, size = gates.shape

    # Everything that doesn't depend on the gradients, for all steps at once.
    i, f, g, o = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    slope = np.empty_like(gates)  # (T, B, 4, H)
    slope[:, :, 0] = g * i * (1 - i)
    slope[:, :, 1] = c[:-1] * f * (1 - f)
    slope[:, :, 2] = i * (1 - np.square(g))
    slope[:, :, 3] = tanh_c * o * (1 - o)
    cell_slope = o * (1 - np.square(tanh_c))  # (T, B, H)

    da = np.empty_like(gates)
    dh, dc = dstate
    for t in reversed(range(steps)):
        dh = dhidden[t] + dh
        dc = dc + dh * cell_slope[t]
        da[t, :, :3] = dc[:, None] * slope[t, :, :3]
        da[t, :, 3] = dh * slope[t, :, 3]
        dc = dc * f[t]
        dh = dot(da[t].reshape(batch, 4 * size), weight_columns)
    da = da.reshape(steps, batch, 4 * size)
    return da, recurrent_gradients(da, h[:-1]), (dh, dc)


def lstm_activations(cache: Cache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: h_t, c_t, i, f, g and o."""
    h, c, gates, _, _ = cache
    i, f, g, o = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    return {
        "hidden state": h[1:],
        "cell state": c[1:],
        "input gate": i,
        "forget gate": f,
        "candidate": g,
        "output gate": o,
    }


@replaceable
def gru_forward(projected: Array, weights: Weights, state: State) -> tuple[Array, State, Cache]:
    """Gated recurrent unit: Cho et al. (2014), with the reset gate applied to the product.

    r, z = sigmoid(x_t + u_t)           reset and update gate
    n    = tanh(x_t + r u_t)            candidate
    h_t  = (1 - z) n + z h_{t-1}

    where u_t = W_hh h_{t-1} + b_hh; each gate has its own rows of W_hh, in the order r, z, n.
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
    return h[1:], (h[-1],), (h, gates, candidate_product, weight_hh)


@replaceable
def gru_backward(cache: Cache, dhidden: Array, dstate: State) -> tuple[Array, Weights, State]:
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


def gru_activations(cache: Cache) -> dict[str, Array]:
    """Return what the units did at each step, (T, B, H) by name: h_t, r, z and n."""
    h, gates, _, _ = cache
    r, z, n = gates.transpose(2, 0, 1, 3)  # each (T, B, H)
    return {"hidden state": h[1:], "reset gate": r, "update gate": z, "candidate": n}


@dataclass(frozen=True)
class Cell:
    """A recurrence: its number of gates, the arrays in its state, and its three functions."""

    gates: int
    states: int
    forward: Callable[[Array, Weights, State], tuple[Array, State, Cache]]
    backward: Callable[[Cache, Array, State], tuple[Array, Weights, State]]
    activations: Callable[[Cache], dict[str, Array]]


CELLS = {
    "rnn": Cell(1, 1, rnn_forward, rnn_backward, rnn_activations),
    "lstm": Cell(4, 2, lstm_forward, lstm_backward, lstm_activations),
    "gru": Cell(3, 1, gru_forward, gru_backward, gru_activations),
}
