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


def ids_to_look_up():
    """Of 9 there are, (8, 5): 4 doesn't occur, but NOTHING does."""
    ids = np.random.default_rng(0).integers(linalg.NOTHING, 9, (8, 5))
    ids[ids == 4] = 5
    return ids


def test_looking_up_is_a_product_with_one_hot_columns():
    rng, ids = np.random.default_rng(1), ids_to_look_up()
    weight, bias = rng.normal(size=(3, 9)), rng.normal(size=3)
    one_hot = ids[..., None] == np.arange(9)  # (8, 5, 9), all zero for NOTHING
    expected = one_hot @ weight.T + bias
    np.testing.assert_allclose(linalg.look_up(weight, bias, ids), expected, rtol=1e-12)


def test_the_gradients_of_looking_up_are_sums_over_what_was_looked_up():
    ids, drows = ids_to_look_up().reshape(-1), np.random.default_rng(1).normal(size=(40, 3))
    dweight, dbias = linalg.look_up_gradients(drows, ids, 9)
    one_hot = ids[:, None] == np.arange(9)
    np.testing.assert_allclose(dweight, drows.T @ one_hot, rtol=1e-12)
    np.testing.assert_allclose(dbias, drows.sum(axis=0), rtol=1e-12)


def test_affine_is_a_product_and_a_sum():
    rng = np.random.default_rng(0)
    a, weight, bias = rng.normal(size=(7, 5)), rng.normal(size=(4, 5)), rng.normal(size=4)
    np.testing.assert_allclose(linalg.affine(a, weight, bias), a @ weight.T + bias, rtol=1e-12)
