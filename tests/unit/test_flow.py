"""The gradient's way back in time, beside hidden states that were really moved."""

import dataclasses
import math

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.engine.network import Network
from rnn_pkg.look import flow
from rnn_pkg.look.flow import Flow, gradient_flow
from rnn_pkg.look.reading import WARM_UP

STEPS, BATCH, UNITS, CHARACTERS = 5, 2, 3, 4


def make(cell, layers, **settings):
    """A float64 network with wild weights, and a text for it."""
    rng = np.random.default_rng(3)
    config = Config(cell=cell, layers=layers, hidden_size=UNITS, **settings)
    network = Network(config, character_ends(CHARACTERS), rng, np.float64)
    for parameter in network.parameters.values():
        parameter *= 1.5
    text = rng.integers(0, CHARACTERS, (WARM_UP + STEPS + 1, BATCH))
    return network, text[:-1], text[1:]


def follow(network, inputs, targets):
    """Return the norms, and how much was done each time."""
    told = list(gradient_flow(network, inputs, targets))
    assert all(found is None for _, found in told[:-1])
    return told[-1][1], [done for done, _ in told]


def losses_when_moved(network, inputs, targets, step, layer, move):
    """Return each window's loss, (B,), when one layer's hidden state of one step is moved."""
    cell, calls = network.cell, [0]

    def forward(projected, weights, state):
        hidden, (h, *others), cache = cell.forward(projected, weights, state)
        if calls[0] == step * network.layers + layer:
            hidden, h = hidden + move, h + move
        calls[0] += 1
        return hidden, (h, *others), cache

    _, state, _ = network.forward(inputs[:WARM_UP])
    network.cell = dataclasses.replace(cell, forward=forward)
    for ids in inputs[WARM_UP:]:
        logits, state, _ = network.forward(ids[None], state)
    network.cell = cell
    return np.array(
        [cross_entropy(logits[:, [b]], targets[-1:, [b]])[0] for b in range(inputs.shape[1])]
    )


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_norms_are_those_measured_by_moving_each_hidden_state(cell, layers):
    network, inputs, targets = make(cell, layers)
    found, _ = follow(network, inputs, targets)
    tiny = 1e-5
    for k in range(STEPS):
        slopes = []
        for layer in range(layers):
            for move in tiny * np.eye(UNITS):
                above, below = (
                    losses_when_moved(network, inputs, targets, STEPS - 1 - k, layer, sign * move)
                    for sign in (1, -1)
                )
                slopes.append((above - below) / (2 * tiny))
        expected = np.linalg.norm(slopes, axis=0).mean()
        assert found[k] == pytest.approx(expected, rel=1e-6), k


def test_the_length_is_that_of_a_training_step_s_gradient():
    network, inputs, targets = make("gru", 2, dropout=0.5)
    _, state, _ = network.forward(inputs[:WARM_UP])
    _, gradients, _ = network.loss_and_gradients(inputs[WARM_UP:], targets[WARM_UP:], state)
    expected = np.sqrt(sum(np.sum(np.square(gradient)) for gradient in gradients.values()))
    found = flow.gradient_length(network, inputs[WARM_UP:], targets[WARM_UP:], state)
    assert found == pytest.approx(expected, rel=1e-12)


def test_it_says_how_far_it_is():
    _, done = follow(*make("gru", 1))
    assert done == sorted(set(done))
    assert done[0] > 0
    assert done[-1] == 1
    assert len(done) == 2 * STEPS


def test_nothing_is_dropped_and_nothing_changed():
    network, inputs, targets = make("lstm", 2, dropout=0.5)
    before = network.copy()
    first, _ = follow(network, inputs, targets)
    second, _ = follow(network, inputs, targets)
    np.testing.assert_array_equal(first, second)
    for name, parameter in before.parameters.items():
        np.testing.assert_array_equal(network.parameters[name], parameter)


def test_the_recurrence_makes_it_vanish_or_explode():
    network = Network(
        Config(cell="rnn", hidden_size=128), character_ends(4), np.random.default_rng(0)
    )
    text = np.random.default_rng(1).integers(0, 4, (WARM_UP + 101, 3))
    fates = {}
    for factor in (0.5, 1, 4):
        norms, _ = follow(network.recurrence_times(factor), text[:-1], text[1:])
        found = Flow(norms, 1.0)
        fates[factor] = found.fate(), found.left(20)
    assert fates[0.5][0] == fates[1][0] == "vanishes"
    assert fates[4][0] == "explodes"
    assert fates[0.5][1] < 1e-9 < fates[1][1] < 0.01
    assert fates[4][1] > 1


def test_only_the_recurrent_weights_are_multiplied():
    network, _, _ = make("gru", 2)
    scaled = network.recurrence_times(0.25)
    for name, parameter in network.parameters.items():
        factor = 0.25 if "weight_hh" in name else 1
        np.testing.assert_array_equal(scaled.parameters[name], factor * parameter)


def test_what_becomes_of_a_gradient():
    fates = {9e-3: "vanishes", 2e-2: "holds", 9.0: "holds", 11.0: "explodes", math.inf: "breaks"}
    for end, fate in fates.items():
        assert Flow(np.array([2.0, 1.0, 2 * end]), 1.0).fate() == fate
    assert Flow(np.array([2.0, 1.0]), math.nan).fate() == "breaks"
    assert Flow(np.zeros(3), 0.0).fate() == "vanishes"
    assert Flow(np.array([4.0, 1.0, 2.0]), 1.0).left(1) == 0.25


def test_clipping_shortens_only_what_is_too_long():
    long = Flow(np.ones(2), 8.0)
    assert [long.clip_factor(limit) for limit in (2.0, 8.0, 10.0, 0.0)] == [0.25, 1, 1, 1]


def test_it_goes_back_twice_as_far_as_training():
    lengths = {1: 64, 32: 64, 50: 100, 100: 200, 512: 200}
    assert {n: flow.reach(Config(sequence_length=n)) for n in lengths} == lengths
