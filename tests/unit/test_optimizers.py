"""Optimizers reach known minima; clipping shortens to the limit (PyTorch's values: test_golden)."""

import math

import numpy as np
import pytest

from rnn_pkg.engine.optimizers import OPTIMIZERS, Optimizer, clip_by_global_norm, clip_factor


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.1), ("rmsprop", 0.01), ("adam", 0.05)])
def test_each_optimizer_finds_the_minimum_of_a_bowl(name, rate):
    target = np.array([1.0, -2.0, 0.5])
    parameters = {"x": np.zeros(3)}
    optimizer = OPTIMIZERS[name](parameters)
    for _ in range(800):
        optimizer.step(parameters, {"x": parameters["x"] - target}, rate)
    np.testing.assert_allclose(parameters["x"], target, atol=0.02)
    assert optimizer.steps == 800


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_some_parameters_learn_at_another_rate(name):
    gradients = {"x": np.array([1.0, -2.0]), "y": np.array([3.0])}

    def after_three_steps(rate, factors=None):
        parameters = {"x": np.zeros(2), "y": np.zeros(1)}
        optimizer = OPTIMIZERS[name](parameters)
        for _ in range(3):
            optimizer.step(parameters, gradients, rate, factors)
        return parameters

    together = after_three_steps(0.1, {"y": 0.5})
    np.testing.assert_array_equal(together["x"], after_three_steps(0.1)["x"])
    np.testing.assert_allclose(together["y"], after_three_steps(0.05)["y"])


def test_clipping_shortens_all_gradients_together():
    gradients = {"a": np.array([3.0]), "b": np.array([[0.0, 4.0]])}
    assert clip_by_global_norm(gradients, 1.0) == 5.0
    np.testing.assert_allclose(gradients["a"], [0.6])
    np.testing.assert_allclose(gradients["b"], [[0.0, 0.8]])


def test_short_gradients_and_a_limit_of_zero_change_nothing():
    for limit in (6.0, 5.0, 0.0):
        assert clip_factor(5.0, limit) == 1
        gradients = {"a": np.array([3.0, 4.0])}
        assert clip_by_global_norm(gradients, limit) == 5.0
        np.testing.assert_array_equal(gradients["a"], [3.0, 4.0])


def test_a_norm_that_is_not_finite_is_told_and_not_spread():
    gradients = {"a": np.array([np.inf]), "b": np.array([1.0])}
    assert clip_by_global_norm(gradients, 1.0) == math.inf
    assert gradients["b"] == 1.0
    assert clip_factor(math.inf, 1.0) == clip_factor(math.nan, 1.0) == 1


def test_the_base_has_no_update():
    parameters = {"x": np.zeros(1)}
    with pytest.raises(NotImplementedError):
        Optimizer(parameters).step(parameters, parameters, 0.1)
