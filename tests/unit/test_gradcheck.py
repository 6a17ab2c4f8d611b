"""The checker itself is checked: it passes right gradients and fails slightly wrong ones."""

import numpy as np
import pytest

from rnn_pkg import RNN, Config
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.look import gradcheck


def test_a_known_slope():
    x = np.array([[0.5, -2.0], [3.0, 0.0]])
    gradient = gradcheck.numerical_gradient(lambda: float(np.sum(x**3)), x)
    np.testing.assert_allclose(gradient, 3 * x**2, atol=1e-8)
    np.testing.assert_array_equal(x, [[0.5, -2.0], [3.0, 0.0]])


def test_zero_gradients_agree():
    assert gradcheck.relative_error(np.zeros(3), np.full(3, 1e-15)) == 0


def test_a_gradient_that_is_no_number_is_infinitely_wrong():
    assert gradcheck.relative_error(np.array([1.0, np.nan]), np.ones(2)) == np.inf
    assert gradcheck.relative_error(np.ones(2), np.array([np.inf, 1.0])) == np.inf


@pytest.mark.parametrize("index", range(5))
def test_a_gradient_of_the_tutorial_rnn_wrong_by_a_thousandth_is_caught(index):
    class Wrong(RNN):
        def backward(self, *arguments):
            gradients = list(super().backward(*arguments))
            gradients[index] = gradients[index] * 1.001
            return tuple(gradients)

    rng = np.random.default_rng(0)
    rnn = Wrong(2, 3, 2, rng=rng)
    inputs, targets = rng.normal(size=(4, 2, 1)), rng.normal(size=(4, 2, 1))
    zero = np.zeros((3, 1))
    errors = list(gradcheck.check_rnn(rnn, inputs, targets, zero, zero).values())
    assert errors[index] == pytest.approx(1e-3, rel=0.01)
    assert max(errors[:index] + errors[index + 1 :]) < 1e-6


def test_a_gradient_of_the_network_wrong_by_a_thousandth_is_caught(monkeypatch):
    rng = np.random.default_rng(0)
    network = Network(Config(hidden_size=3), character_ends(4), rng, np.float64)
    right = network.backward

    def wrong(*arguments):
        gradients = right(*arguments)
        gradients["rnn.weight_hh_l0"] *= 1.001
        return gradients

    monkeypatch.setattr(network, "backward", wrong)
    ids = rng.integers(0, 4, (2, 5, 2))
    errors = gradcheck.check_network(network, ids[0], ids[1])
    assert errors.pop("rnn.weight_hh_l0") == pytest.approx(1e-3, rel=0.01)
    assert max(errors.values()) < 1e-6


def test_a_sample_has_the_largest_gradient_and_others():
    rng = np.random.default_rng(0)
    gradient = rng.normal(size=(5, 8))
    gradient[3, 2] = -9.0
    for _ in range(20):
        sample = gradcheck.sample_of(gradient, rng)
        assert sample[0] == 3 * 8 + 2
        assert len(set(sample)) == len(sample) == 13
        assert set(sample) <= set(range(40))
    assert sorted(gradcheck.sample_of(gradient[0, :4], rng)) == [0, 1, 2, 3]
    assert gradcheck.sample_of(gradient[0, :1], rng) == [0]


def test_a_sample_tells_right_from_wrong():
    x, y = np.linspace(1, 2, 30).reshape(5, 6), np.linspace(-1, 1, 4)
    gradients = {"x": 3 * x**2, "y": 1.001 * np.cos(y)}
    told = list(
        gradcheck.compare_sample(
            lambda: float(np.sum(x**3) + np.sum(np.sin(y))),
            {"x": x, "y": y},
            gradients,
            np.random.default_rng(0),
        )
    )
    assert [done for done, _ in told] == pytest.approx([n / 17 for n in range(1, 18)])
    assert [len(checked) for _, checked in told] == [0] * 12 + [1] * 4 + [2]
    first, second = told[-1][1]
    assert (first.name, first.tried, first.weights, first.right) == ("x", 13, 30, True)
    assert (second.name, second.tried, second.weights, second.right) == ("y", 4, 4, False)
    assert second.error == pytest.approx(1e-3, rel=0.01)
    np.testing.assert_array_equal(y, np.linspace(-1, 1, 4))


def test_a_gradient_of_nearly_nothing_is_not_wrong_for_the_rounding():
    x = np.array([0.3])
    rng = np.random.default_rng(0)

    def judge(slope):
        gradients = {"x": np.array([slope])}
        loss = lambda: 1000 + 1e-7 * float(np.sin(x[0]))  # noqa: E731
        return list(gradcheck.compare_sample(loss, {"x": x}, gradients, rng))[-1][1][0]

    assert judge(1e-7 * np.cos(0.3)).right
    assert not judge(1e-4).right


def test_float32_is_refused():
    network = Network(Config(hidden_size=3), character_ends(4), np.random.default_rng(0))
    ids = np.zeros((2, 2), int)
    with pytest.raises(ValueError, match=r"rnn.weight_ih_l0 must be float64 to be checked"):
        gradcheck.check_network(network, ids, ids)
