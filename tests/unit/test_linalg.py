"""Both ways of multiplying agree, and rows are added up where they belong."""

import sys

import numpy as np
import pytest

from rnn_pkg.engine import linalg


@pytest.mark.parametrize("dot", [linalg.dot_blas, linalg.dot_einsum])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 5), (33, 17, 129)])
def test_products(dot, shape):
    m, k, n = shape
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(m, k)), rng.normal(size=(n, k))
    expected = sum(np.outer(a[:, i], b[:, i]) for i in range(k))
    np.testing.assert_allclose(dot(a, b), expected, rtol=1e-12, atol=1e-12)
    by_columns = dot(np.asfortranarray(a), np.asfortranarray(b))
    np.testing.assert_allclose(by_columns, expected, rtol=1e-12, atol=1e-12)


def test_a_product_too_large_for_one_einsum_is_split(monkeypatch):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(23, 7)), rng.normal(size=(5, 7))
    monkeypatch.setattr(linalg, "MOST_MULTIPLICATIONS", 4 * b.size + 1)
    np.testing.assert_allclose(linalg.dot_einsum(a, b), a @ b.T, rtol=1e-12)


def test_a_product_of_more_than_two_to_the_31_multiplications():
    a, b = np.ones((512, 1024), np.float32), np.ones((4100, 1024), np.float32)
    product = linalg.dot(a, b)
    assert product.shape == (512, 4100)
    assert (product == 1024).all()


@pytest.mark.parametrize("dot", [linalg.dot_blas, linalg.dot_einsum])
def test_products_keep_the_precision(dot):
    a = np.ones((2, 2), np.float32)
    assert dot(a, a).dtype == np.float32


def test_the_product_suits_this_numpy():
    in_browser = sys.platform == "emscripten"
    assert linalg.has_blas() != in_browser
    assert linalg._dot is (linalg.dot_einsum if in_browser else linalg.dot_blas)


def test_add_rows_is_the_gradient_of_a_gather():
    rng = np.random.default_rng(0)
    ids, rows = rng.integers(0, 9, 40), rng.normal(size=(40, 3))
    ids[ids == 4] = 5  # one that doesn't occur
    expected = np.zeros((9, 3))
    np.add.at(expected, ids, rows)
    np.testing.assert_allclose(linalg.add_rows(rows, ids, 9), expected, rtol=1e-12)
