"""The seam: layers of functions lie over those of NumPy, and come off again."""

import inspect

import numpy as np
import pytest

from rnn_pkg.engine import backend, cells, linalg


@pytest.fixture(autouse=True)
def numpy_again():
    before = backend.layers()
    yield
    for layer in backend.layers():
        backend.take_off(layer)
    for layer, functions in before.items():
        backend.put_on(layer, functions)


def test_a_layer_is_used_and_the_rest_is_what_was_there():
    before = backend.layers().keys()
    backend.put_on("mine", {"dot": lambda a, b: "replaced"})
    assert linalg.dot(np.eye(2), np.eye(2)) == "replaced"
    assert backend.layers()["mine"].keys() == {"dot"}
    assert linalg.column_sums(np.ones((3, 2))).tolist() == [3, 3]
    backend.take_off("mine")
    assert backend.layers().keys() == before
    np.testing.assert_array_equal(linalg.dot(np.eye(2), np.eye(2)), np.eye(2))


def test_the_topmost_layer_that_takes_the_arguments_answers():
    def only_float32(a, b):
        return "upper" if a.dtype == np.float32 else NotImplemented

    backend.put_on("lower", {"dot": lambda a, b: "lower" if len(a) == 2 else NotImplemented})
    backend.put_on("upper", {"dot": only_float32})
    assert linalg.dot(np.eye(2, dtype=np.float32), np.eye(2)) == "upper"
    assert linalg.dot(np.eye(2), np.eye(2)) == "lower"
    np.testing.assert_array_equal(linalg.dot(np.eye(3), np.eye(3)), np.eye(3))


@pytest.mark.parametrize(("off", "left"), [("lower", "upper"), ("upper", "lower")])
def test_taking_a_layer_off_leaves_the_others(off, left):
    for layer in ("lower", "upper"):
        backend.put_on(layer, {"dot": lambda a, b, layer=layer: layer})
    backend.take_off(off)
    assert linalg.dot(np.eye(2), np.eye(2)) == left
    backend.take_off("never there")
    assert linalg.dot(np.eye(2), np.eye(2)) == left


def test_a_layer_put_on_again_lies_where_it_lay():
    for layer in ("lower", "upper", "lower"):
        backend.put_on(layer, {"dot": lambda a, b, layer=layer: layer})
    assert linalg.dot(np.eye(2), np.eye(2)) == "upper"
    assert list(backend.layers())[-2:] == ["lower", "upper"]


def test_a_name_that_is_not_replaceable_is_told_and_nothing_is_put_on():
    before = backend.layers().keys()
    with pytest.raises(ValueError, match=r"not replaceable: tanh; these are: adam_update, affine"):
        backend.put_on("mine", {"tanh": np.tanh})
    assert backend.layers().keys() == before


def test_the_source_of_a_replaceable_function_is_its_definition():
    source = inspect.getsource(cells.lstm_forward)
    assert source.startswith("@replaceable\ndef lstm_forward(")
    assert "tanh_c[t] = tanh(c[t + 1])" in source
    assert cells.lstm_forward.__doc__ == cells.lstm_forward.reference.__doc__
