"""A network that reads numbers: exact gradients of both its losses, gaps, dropout, errors."""

import math

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.loss import LOG_VARIANCE, gaussian, squared_error
from rnn_pkg.engine.network import Network
from rnn_pkg.look import gradcheck
from rnn_pkg.look.flow import gradient_flow
from rnn_pkg.look.reading import WARM_UP
from tests.unit.tab import in_a_tab_only

GAUSSIAN, SQUARED = Ends(2, 2, "gaussian"), Ends(2, 1, "squared_error")


def make(ends=GAUSSIAN, cell="gru", layers=1, dtype=np.float64, **settings):
    rng = np.random.default_rng(0)
    return Network(Config(cell=cell, layers=layers, hidden_size=4, **settings), ends, rng, dtype)


def numbers(steps=7, batch=3):
    """Inputs, and targets of which some are missing."""
    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(steps, batch, 2)), rng.normal(size=(steps, batch))
    targets[rng.random(targets.shape) < 0.3] = np.nan
    return inputs, targets


@pytest.mark.parametrize("cell", in_a_tab_only("gru", CELLS))
@pytest.mark.parametrize("ends", [GAUSSIAN, SQUARED], ids=lambda ends: ends.loss)
@pytest.mark.parametrize("layers", in_a_tab_only(1, [1, 2]))
def test_gradients_match_central_differences(cell, ends, layers):
    errors = gradcheck.check_network(make(ends, cell, layers), *numbers())
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.native
def test_gradients_are_exact_under_dropout():
    network = make(layers=2, dropout=0.4, input_dropout=0.3)

    def step():
        return network.loss_and_gradients(*numbers(), rng=np.random.default_rng(7))

    errors = gradcheck.compare(lambda: step()[0], network.parameters, step()[1])
    assert max(errors.values()) < 1e-6, errors


def test_the_gaussian_likelihood_by_hand():
    outputs = np.array([[[1.0, math.log(4.0)], [5.0, 0.0]]])  # mean 1, variance 4
    loss, doutputs = gaussian(outputs, np.array([[3.0, np.nan]]))
    density = math.exp(-(2.0**2) / (2 * 4)) / math.sqrt(2 * math.pi * 4)
    assert loss == pytest.approx(-math.log(density))
    np.testing.assert_allclose(doutputs, [[[-2 / 4, (1 - 4 / 4) / 2], [0, 0]]], atol=1e-15)


def test_a_variance_beyond_reason_neither_overflows_nor_moves():
    outputs = np.array([[[0.0, -1e30], [0.0, 1e30]]], np.float32)
    loss, doutputs = gaussian(outputs, np.ones((1, 2), np.float32))
    ends = [(math.exp(s) - s + math.log(2 * math.pi)) / 2 for s in (LOG_VARIANCE, -LOG_VARIANCE)]
    assert loss == pytest.approx(sum(ends) / 2, rel=1e-5)
    assert not doutputs[..., 1].any()


def test_the_squared_error_by_hand():
    outputs = np.array([[[1.0]], [[2.0]], [[9.0]]])
    loss, doutputs = squared_error(outputs, np.array([[3.0], [1.0], [np.nan]]))
    assert loss == (2**2 + 1) / 2 / 2
    np.testing.assert_array_equal(doutputs, [[[-1.0]], [[0.5]], [[0.0]]])


@pytest.mark.parametrize("loss", [gaussian, squared_error])
def test_without_any_target_nothing_is_wrong(loss):
    assert loss(np.ones((2, 1, 2)), np.full((2, 1), np.nan))[0] == 0


def test_float32_stays_float32():
    network = make(dtype=np.float32, dropout=0.5, input_dropout=0.5)
    _, gradients, state = network.loss_and_gradients(*numbers(), rng=np.random.default_rng(0))
    assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}
    assert {array.dtype for layer in state for array in layer} == {np.dtype(np.float32)}


def test_a_hidden_input_is_read_as_zero():
    network = make(input_dropout=0.5)
    inputs, _ = numbers(40)
    _, _, (cache,) = network.forward(inputs, rng=np.random.default_rng(0))
    known = cache.read.any(axis=-1)
    assert 0.3 < known.mean() < 0.7
    np.testing.assert_array_equal(cache.read[known], inputs[known])


def test_the_gradient_is_followed_through_time_as_for_characters():
    inputs, targets = np.random.default_rng(0).normal(size=(2, WARM_UP + 20, 3))
    network = make(Ends(1, 2, "gaussian"))
    *_, (done, norms) = gradient_flow(network, inputs[..., None], targets)
    assert done == 1
    assert norms is not None
    assert (norms > 0).all()


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (np.zeros((3, 2)), np.zeros((3, 2)), r"must be of shape \(T, B, 2\), not \(3, 2\)"),
        (np.zeros((3, 2, 1)), np.zeros((3, 2)), r"not \(3, 2, 1\)"),
        (np.zeros((0, 2, 2)), np.zeros((0, 2)), r"not \(0, 2, 2\)"),
        (np.full((3, 2, 2), np.nan), np.zeros((3, 2)), "inputs must be finite"),
        (np.zeros((3, 2, 2)), np.zeros((2, 2)), r"one shape, not \(3, 2\) and \(2, 2\)"),
    ],
)
def test_bad_numbers_are_named(inputs, targets, message):
    with pytest.raises(ValueError, match=message):
        make().loss_and_gradients(inputs, targets)
