"""The tutorial's RNN: shapes, equations, exact gradients, errors."""

import numpy as np
import pytest

from rnn_pkg import RNN
from rnn_pkg.look import gradcheck
from tests.unit.tab import in_a_tab_only

INPUTS, HIDDEN, OUTPUTS = 4, 6, 3


def columns(rng, size, steps):
    return [rng.normal(size=(size, 1)) for _ in range(steps)]


def one_hot(rng, size, steps):
    return [np.eye(size)[:, [rng.integers(size)]] for _ in range(steps)]


def make_targets(loss, rng, steps):
    make = one_hot if loss == "cross_entropy" else columns
    return make(rng, OUTPUTS, steps)


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
@pytest.mark.parametrize("steps", in_a_tab_only(5, range(1, 21)))
def test_gradients_match_central_differences(loss, steps):
    rng = np.random.default_rng(steps)
    rnn = RNN(INPUTS, HIDDEN, OUTPUTS, loss=loss, rng=rng)
    if steps % 2:  # larger weights, so that the recurrence matters
        for name in ("Wxh", "Whh", "Why", "bh", "by"):
            parameter = getattr(rnn, name)
            parameter += rng.normal(0, 0.5, parameter.shape)
    errors = gradcheck.check_rnn(
        rnn,
        columns(rng, INPUTS, steps),
        make_targets(loss, rng, steps),
        h_prev=rng.normal(size=(HIDDEN, 1)),
        dh_next=rng.normal(size=(HIDDEN, 1)),
    )
    assert max(errors.values()) < 1e-6, errors


def test_what_flows_in_at_the_end_joins_two_halves_of_a_sequence():
    rng = np.random.default_rng(0)
    rnn = RNN(INPUTS, HIDDEN, OUTPUTS, rng=rng)
    rnn.Whh += rng.normal(0, 0.5, rnn.Whh.shape)
    inputs, targets = columns(rng, INPUTS, 8), columns(rng, OUTPUTS, 8)
    zero = np.zeros((HIDDEN, 1))
    whole = rnn.backward(inputs, targets, zero, zero)

    _, middle = rnn.forward(inputs[:5], zero)

    def second_half_loss(h):
        outputs, _ = rnn.forward(inputs[5:], h)
        return rnn.loss(outputs, targets[5:])

    dh = gradcheck.numerical_gradient(lambda: second_half_loss(middle), middle)
    first = rnn.backward(inputs[:5], targets[:5], zero, dh)
    second = rnn.backward(inputs[5:], targets[5:], middle, zero)
    for total, a, b in zip(whole, first, second, strict=True):
        np.testing.assert_allclose(a + b, total, rtol=1e-6, atol=1e-9)


def test_forward_follows_its_equations():
    rng = np.random.default_rng(1)
    rnn = RNN(INPUTS, HIDDEN, OUTPUTS, rng=rng)
    inputs, h = columns(rng, INPUTS, 2), rng.normal(size=(HIDDEN, 1))
    outputs, h_next = rnn.forward(inputs, h)
    for x, y in zip(inputs, outputs, strict=True):
        h = np.tanh(rnn.Wxh.dot(x) + rnn.Whh.dot(h) + rnn.bh)
        np.testing.assert_array_equal(y, rnn.Why.dot(h) + rnn.by)
    np.testing.assert_array_equal(h_next, h)


def test_losses_are_sums_over_the_steps():
    outputs = [np.array([[1.0], [2.0]]), np.array([[0.0], [0.0]])]
    targets = [np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])]
    assert RNN(1, 1, 2).loss(outputs, targets) == pytest.approx(0.5 * (1 + 1) + 0.5 * 1)
    expected = np.log(1 + np.exp(-1.0)) + np.log(2)
    assert RNN(1, 1, 2, loss="cross_entropy").loss(outputs, targets) == pytest.approx(expected)


def test_cross_entropy_is_safe_for_large_outputs():
    rnn = RNN(1, 1, 2, loss="cross_entropy")
    loss = rnn.loss([np.array([[1e4], [-1e4]])], [np.array([[0.0], [1.0]])])
    assert loss == pytest.approx(2e4)


def test_parameters_start_small_and_biases_at_zero():
    rnn = RNN(50, 60, 70, rng=np.random.default_rng(0))
    for weight, shape in ((rnn.Wxh, (60, 50)), (rnn.Whh, (60, 60)), (rnn.Why, (70, 60))):
        assert weight.shape == shape
        assert weight.dtype == np.float64
        assert weight.std() == pytest.approx(0.01, rel=0.05)
    assert not rnn.bh.any()
    assert rnn.bh.shape == (60, 1)
    assert not rnn.by.any()
    assert rnn.by.shape == (70, 1)
    assert RNN(3, 3, 3).Wxh.std() > 0


def test_gradient_descent_learns_to_echo_the_previous_input():
    rng = np.random.default_rng(0)
    rnn = RNN(2, 12, 2, loss="cross_entropy", rng=rng)
    zero, losses = np.zeros((12, 1)), []
    for _ in range(400):
        inputs = one_hot(rng, 2, 9)
        targets = [inputs[0], *inputs[:-1]]
        outputs, _ = rnn.forward(inputs, zero)
        losses.append(rnn.loss(outputs, targets) / 9)
        gradients = rnn.backward(inputs, targets, zero, zero)
        parameters = (rnn.Wxh, rnn.Whh, rnn.Why, rnn.bh, rnn.by)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= 0.1 * np.clip(gradient, -5, 5)
    assert losses[0] == pytest.approx(np.log(2), rel=0.05)
    assert np.mean(losses[-20:]) < 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RNN(0, 1, 1), "input_size must be a whole number of at least 1, not 0"),
        (lambda: RNN(1, 2.5, 1), "hidden_size must be a whole number of at least 1, not 2.5"),
        (lambda: RNN(1, 1, True), "output_size must be a whole number of at least 1, not True"),
        (lambda: RNN(1, 1, 1, rng=0), "rng must be a numpy.random.Generator, not 0"),
        (lambda: RNN(1, 1, 1, loss="hinge"), "squared_error, cross_entropy, not 'hinge'"),
        (
            lambda: RNN(2, 3, 1).forward([np.zeros((3, 1))], np.zeros((3, 1))),
            r"inputs must hold columns of shape \(2, 1\), not \(3, 1\)",
        ),
        (
            lambda: RNN(2, 3, 1).forward([np.zeros((2, 1))], np.zeros(3)),
            r"h_prev must hold columns of shape \(3, 1\), not \(3,\)",
        ),
        (lambda: RNN(2, 3, 1).forward([], np.zeros((3, 1))), "inputs is empty"),
        (
            lambda: RNN(2, 3, 1).backward(
                [np.zeros((2, 1))], [np.zeros((1, 1))] * 2, np.zeros((3, 1)), np.zeros((3, 1))
            ),
            "inputs and targets must be equally long, not 1 and 2",
        ),
        (
            lambda: RNN(2, 3, 1).backward(
                [np.zeros((2, 1))], [np.zeros((1, 1))], np.zeros((3, 1)), np.zeros((1, 1))
            ),
            r"dh_next must hold columns of shape \(3, 1\)",
        ),
        (
            lambda: RNN(2, 3, 1).loss([np.zeros((1, 1))], [np.zeros((2, 1))]),
            r"targets must hold columns of shape \(1, 1\), not \(2, 1\)",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
