"""The kernels of kernels.c as replacements of the NumPy functions of rnn_pkg that they equal.

A kernel takes addresses, for it works in the very memory that holds NumPy's arrays: no array is
copied to it or back. kernels.js, which brings them into Python, calls `install`.

They are for float32. Other arrays (gradients are checked in float64) go to the NumPy functions.
"""

import ctypes
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from rnn_pkg.engine import backend
from rnn_pkg.engine.cells import GruCache, LstmCache, RnnCache, lstm_arrays
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.recurrence import State, Weights, recurrent_gradients, with_initial

LAYER = "kernels"
FLOAT = np.dtype(np.float32)
PANEL = 8  # the right operand of a product is packed in panels of so many columns
STRIPS = 32 * 256  # floats of room for rows of the left operand, before it


def address(array: Array) -> int:
    """Return where an array begins in memory.

    That stands in the array object itself, behind the header that every Python object has. To ask
    `array.ctypes` or `array.__array_interface__` takes ten times as long.
    """
    return ctypes.c_size_t.from_address(id(array) + object.__basicsize__).value


def floats(*arrays: Array) -> bool:
    """Tell whether these are arrays that the kernels take."""
    return all([array.dtype == FLOAT for array in arrays])  # noqa: C419 - a list is quicker here


def floats_in_a_row(*arrays: Array) -> bool:
    """Tell whether, besides, they can be walked through as if they had one dimension."""
    return floats(*arrays) and all([array.flags.c_contiguous for array in arrays])  # noqa: C419


def install(kernels: dict[str, Callable[..., Any]]) -> None:
    """Have rnn_pkg compute with the kernels, given by name.

    Raises:
        RuntimeError: arrays are not what `address` takes them for.
    """
    probe = np.zeros(1)
    if address(probe) != probe.__array_interface__["data"][0]:
        raise RuntimeError("the arrays of this NumPy are laid out in an unknown way")
    backend.put_on(LAYER, Kernels(kernels).functions())


class Kernels:
    """Calls the kernels, with the room they need. Each method equals the function it names."""

    def __init__(self, kernels: dict[str, Callable[..., Any]]) -> None:
        """Take the kernels by name, callable with numbers."""
        self._kernels = SimpleNamespace(**kernels)
        self._rooms: dict[str, Array] = {}

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return what is replaced, by the names that `backend.put_on` takes."""
        return {name: getattr(self, name) for name in backend.names() if hasattr(self, name)}

    def _room(self, name: str, size: int) -> int:
        """Return the address of a buffer of floats, kept from call to call."""
        room = self._rooms.get(name)
        if room is None or room.size < size:
            room = self._rooms[name] = np.empty(size, np.float32)
        return address(room)

    def _packed(self, b: Array) -> int:
        """Pack the right operand (k, n) of a product, however it is strided; return where."""
        (k, n), (row, column) = b.shape, b.strides
        room = self._room("packed", STRIPS + k * -(-n // PANEL) * PANEL)
        self._kernels.pack(k, n, address(b), row // 4, column // 4, room)
        return room

    def dot(self, a: Array, b: Array) -> Any:
        """See `linalg.dot`."""
        if not floats(a, b):
            return NotImplemented
        return self._multiply(a, b, np.empty((len(a), len(b)), np.float32), more=0)

    def affine(self, a: Array, weight: Array, bias: Array) -> Any:
        """See `linalg.affine`."""
        if not floats(a, weight, bias):
            return NotImplemented
        product = np.empty((len(a), len(weight)), np.float32)
        product[...] = bias
        return self._multiply(a, weight, product, more=1)

    def _multiply(self, a: Array, b: Array, product: Array, more: int) -> Array:
        """Store a @ b.T in a product (m, n), or add it to what is there."""
        (m, k), (row, column) = a.shape, a.strides
        packed = self._packed(b.T)
        self._kernels.product(
            m, k, len(b), address(a), row // 4, column // 4, packed, address(product), more
        )
        return product

    def column_sums(self, rows: Array) -> Any:
        """See `linalg.column_sums`."""
        if not floats(rows):
            return NotImplemented
        rows, (count, k) = np.ascontiguousarray(rows), rows.shape
        total = np.zeros(k, np.float32)
        self._kernels.scatter(count, 0, k, address(rows), 0, address(total))
        return total

    def look_up(self, weight: Array, bias: Array, ids: Ids) -> Any:
        """See `linalg.look_up`."""
        if not floats(weight, bias):
            return NotImplemented
        weight, ids = np.ascontiguousarray(weight), np.ascontiguousarray(ids, np.int64)
        k, size = weight.shape
        table, rows = np.empty((size + 1, k), np.float32), np.empty((*ids.shape, k), np.float32)
        table[-1] = 0
        self._kernels.transpose(k, size, address(weight), address(table))
        self._kernels.gather(ids.size, size, k, *map(address, (table, ids, bias, rows)))
        return rows

    def look_up_gradients(self, drows: Array, ids: Ids, size: int) -> Any:
        """See `linalg.look_up_gradients`."""
        if not floats(drows):
            return NotImplemented
        drows, ids = np.ascontiguousarray(drows), np.ascontiguousarray(ids, np.int64)
        count, k = drows.shape
        total, dweight = np.zeros((size + 1, k), np.float32), np.empty((k, size), np.float32)
        self._kernels.scatter(count, size, k, *map(address, (drows, ids, total)))
        self._kernels.transpose(size, k, address(total), address(dweight))
        return dweight, self.column_sums(total)

    def cross_entropy(self, logits: Array, targets: Ids) -> Any:
        """See `loss.cross_entropy`."""
        if not floats(logits):
            return NotImplemented
        dlogits, targets = logits.copy(), np.ascontiguousarray(targets, np.int64)
        scores = np.empty((targets.size, 2), np.float32)
        self._kernels.cross_entropy(
            targets.size, logits.shape[-1], address(dlogits), address(targets), address(scores)
        )
        log_likelihood = scores[:, 0] - np.log(scores[:, 1])
        return -float(log_likelihood.mean(dtype=np.float64)), dlogits

    def sum_of_squares(self, array: Array) -> Any:
        """See `optimizers.sum_of_squares`."""
        if not floats_in_a_row(array):
            return NotImplemented
        return self._kernels.squares(array.size, address(array))

    def adam_update(
        self,
        parameter: Array,
        gradient: Array,
        mean: Array,
        square: Array,
        rate: float,
        scale: float,
    ) -> Any:
        """See `optimizers.adam_update`."""
        arrays = (parameter, gradient, mean, square)
        if not floats_in_a_row(*arrays):
            return NotImplemented
        return self._kernels.adam(parameter.size, *map(address, arrays), rate, scale)

    def move_towards(self, average: Array, value: Array, weight: float) -> Any:
        """See `optimizers.move_towards`."""
        if not floats_in_a_row(average, value):
            return NotImplemented
        return self._kernels.approach(average.size, address(average), address(value), weight)

    def rnn_forward(self, projected: Array, weights: Weights, state: State) -> Any:
        """See `cells.rnn_forward`."""
        weight_hh = weights["weight_hh"]
        if not floats(projected, weight_hh):
            return NotImplemented
        x, h = np.ascontiguousarray(projected), with_initial(state[0], len(projected))
        arrays = (weights["bias_hh"], x, h)
        packed = self._packed(weight_hh.T)
        self._kernels.rnn_forward(*x.shape, packed, *map(address, arrays))
        return h[1:], (h[-1],), RnnCache(h, weight_hh)

    def rnn_backward(self, cache: RnnCache, dhidden: Array, dstate: State) -> Any:
        """See `cells.rnn_backward`."""
        h, weight_hh = cache
        if not floats(h, dhidden):
            return NotImplemented
        dhidden, da, dh = np.ascontiguousarray(dhidden), np.empty_like(h[1:]), dstate[0].copy()
        arrays = (h, dhidden, da, dh)
        self._kernels.rnn_backward(*da.shape, self._packed(weight_hh), *map(address, arrays))
        return da, recurrent_gradients(da, h[:-1]), (dh,)

    def lstm_forward(self, projected: Array, weights: Weights, state: State) -> Any:
        """See `cells.lstm_forward`."""
        return self._lstm_forward(self._kernels.lstm_forward, 4, projected, weights, state)

    def peephole_forward(self, projected: Array, weights: Weights, state: State) -> Any:
        """See `cells.peephole_forward`."""
        kernel, seen = self._kernels.peephole_forward, (weights["weight_peephole"],)
        return self._lstm_forward(kernel, 4, projected, weights, state, seen)

    def coupled_forward(self, projected: Array, weights: Weights, state: State) -> Any:
        """See `cells.coupled_forward`."""
        return self._lstm_forward(self._kernels.coupled_forward, 3, projected, weights, state)

    def _lstm_forward(
        self,
        kernel: Callable[..., None],
        gates: int,
        projected: Array,
        weights: Weights,
        state: State,
        seen: tuple[Array, ...] = (),
    ) -> Any:
        """Have a kernel of the LSTM's kind go forward."""
        weight_hh = weights["weight_hh"]
        if not floats(projected, weight_hh):
            return NotImplemented
        h, c, _, tanh_c, _ = cache = lstm_arrays(projected, weights, state, gates)
        x = np.ascontiguousarray(projected)
        arrays = (weights["bias_hh"], *seen, x, cache.gates, h, c, tanh_c)
        kernel(*tanh_c.shape, self._packed(weight_hh.T), *map(address, arrays))
        return h[1:], (h[-1], c[-1]), cache

    def lstm_backward(self, cache: LstmCache, dhidden: Array, dstate: State) -> Any:
        """See `cells.lstm_backward`."""
        return self._lstm_backward(self._kernels.lstm_backward, cache, dhidden, dstate)

    def coupled_backward(self, cache: LstmCache, dhidden: Array, dstate: State) -> Any:
        """See `cells.coupled_backward`."""
        return self._lstm_backward(self._kernels.coupled_backward, cache, dhidden, dstate)

    def peephole_backward(self, cache: LstmCache, dhidden: Array, dstate: State) -> Any:
        """See `cells.peephole_backward`."""
        kernel, peephole = self._kernels.peephole_backward, cache.weights["weight_peephole"]
        dpeephole = np.zeros_like(peephole)
        came = self._lstm_backward(kernel, cache, dhidden, dstate, (peephole,), (dpeephole,))
        if came is NotImplemented:
            return came
        da, gradients, dstate = came
        return da, gradients | {"weight_peephole": dpeephole}, dstate

    def _lstm_backward(
        self,
        kernel: Callable[..., None],
        cache: LstmCache,
        dhidden: Array,
        dstate: State,
        seen: tuple[Array, ...] = (),
        dseen: tuple[Array, ...] = (),
    ) -> Any:
        """Have a kernel of the LSTM's kind go backward."""
        h, c, gates, tanh_c, weights = cache
        if not floats(h, dhidden):
            return NotImplemented
        da = np.empty((*gates.shape[:2], gates.shape[2] * gates.shape[3]), np.float32)
        dhidden, dh, dc = np.ascontiguousarray(dhidden), dstate[0].copy(), dstate[1].copy()
        packed = self._packed(weights["weight_hh"])
        arrays = (*seen, c, gates, tanh_c, dhidden, da, dh, dc, *dseen)
        kernel(*tanh_c.shape, packed, *map(address, arrays))
        return da, recurrent_gradients(da, h[:-1]), (dh, dc)

    def gru_forward(self, projected: Array, weights: Weights, state: State) -> Any:
        """See `cells.gru_forward`."""
        weight_hh, bias_hh = weights["weight_hh"], weights["bias_hh"]
        if not floats(projected, weight_hh):
            return NotImplemented
        steps, batch, size = *projected.shape[:2], weight_hh.shape[1]
        projected, h = np.ascontiguousarray(projected), with_initial(state[0], steps)
        gates = np.empty((steps, batch, 3, size), np.float32)
        candidate_product = np.empty((steps, batch, size), np.float32)
        room = self._room("product", batch * 3 * size)
        packed = self._packed(weight_hh.T)
        self._kernels.gru_forward(
            *(steps, batch, size, packed, address(bias_hh), address(projected), room),
            *map(address, (h, gates, candidate_product)),
        )
        cache = GruCache(h, gates, candidate_product, weight_hh)
        return h[1:], (h[-1],), cache

    def gru_backward(self, cache: GruCache, dhidden: Array, dstate: State) -> Any:
        """See `cells.gru_backward`."""
        h, gates, candidate_product, weight_hh = cache
        if not floats(h, dhidden):
            return NotImplemented
        steps, batch, _, size = gates.shape
        da, du = np.empty((2, steps, batch, 3 * size), np.float32)
        dhidden, dh = np.ascontiguousarray(dhidden), dstate[0].copy()
        packed = self._packed(weight_hh)
        arrays = (h, gates, candidate_product, dhidden, da, du, dh)
        self._kernels.gru_backward(steps, batch, size, packed, *map(address, arrays))
        return da, recurrent_gradients(du, h[:-1]), (dh,)
