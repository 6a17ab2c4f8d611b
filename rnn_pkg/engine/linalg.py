"""The products the engine needs, by whichever of NumPy's two ways is fast where it runs.

Natively NumPy multiplies matrices by a tuned BLAS. Its WebAssembly build has none: there `matmul`
is a plain loop, and `einsum`, whose dot product over two contiguous rows is vectorised, is two to
three times faster. Nothing else in the package knows the difference.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.engine.backend import replaceable

Array = NDArray[Any]

Ids = NDArray[np.int64]
"""Rows of a table by their numbers, such as characters by their places in a vocabulary."""

NOTHING = -1
"""Stands among ids where there is none."""

MOST_MULTIPLICATIONS = 2**30
"""einsum counts them, m * k * n, in a native integer, which has 32 bits in WebAssembly."""


def has_blas() -> bool:
    """Tell whether this NumPy was built with a BLAS library."""
    libraries: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]
    blas = libraries["Build Dependencies"]["blas"]
    return bool(blas.get("found", False))


def dot_blas(a: Array, b: Array) -> Array:
    """a (m, k) times the transpose of b (n, k) -> (m, n), by matmul."""
    product: Array = a @ b.T
    return product


def dot_einsum(a: Array, b: Array) -> Array:
    """a (m, k) times the transpose of b (n, k) -> (m, n), by dot products of contiguous rows."""
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    product = np.empty((len(a), len(b)), a.dtype)
    rows = max(1, MOST_MULTIPLICATIONS // max(1, b.size))
    for start in range(0, len(a), rows):
        part = slice(start, start + rows)
        np.einsum("ik,jk->ij", a[part], b, out=product[part])
    return product


_dot = dot_blas if has_blas() else dot_einsum


@replaceable
def dot(a: Array, b: Array) -> Array:
    """Every row of a (m, k) with every row of b (n, k) -> (m, n), that is a @ b.T."""
    return _dot(a, b)


@replaceable
def column_sums(rows: Array) -> Array:
    """Add up the rows (N, k) -> (k,)."""
    total: Array = rows.sum(axis=0)
    return total


@replaceable
def affine(a: Array, weight: Array, bias: Array) -> Array:
    """Return weight (n, k) times every row of a (m, k), plus bias (n,): (m, n)."""
    product: Array = dot(a, weight)
    product += bias
    return product


@replaceable
def look_up(weight: Array, bias: Array, ids: Ids) -> Array:
    """Return weight (k, V) times one-hot columns, plus bias (k,), for ids (T, B): (T, B, k). For
    NOTHING that is the bias."""
    table = np.vstack([weight.T + bias, bias])  # (V + 1, k): its last row is that of -1
    rows: Array = table[ids]
    return rows


@replaceable
def look_up_gradients(drows: Array, ids: Ids, size: int) -> tuple[Array, Array]:
    """Return the gradients of the weight (k, V) and of the bias (k,) of `look_up`.

    Args:
        drows: (N, k), the gradient of what was looked up: that of a column of the weight is the
            sum of those that share its id.
        ids: (N,).
        size: V.
    """
    order = np.argsort(ids, kind="stable")
    present, starts = np.unique(ids[order], return_index=True)
    total = np.zeros((size + 1, drows.shape[1]), drows.dtype)  # as in look_up
    total[present] = np.add.reduceat(drows[order], starts, axis=0)
    return np.ascontiguousarray(total[:-1].T), column_sums(total)
