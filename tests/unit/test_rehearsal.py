"""A recorded run of learning: forth and back, and the same as learning itself."""

import numpy as np
import pytest

from rnn_pkg import RNN, Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.look import rehearsal
from rnn_pkg.look.recording import inputs_and_targets, one_hot
from rnn_pkg.look.rehearsal import (
    PARAMETERS,
    learn_network,
    rehearse,
    rehearse_network,
    write,
    write_network,
)

ZERO = np.zeros((3, 1))


def tiny(word="hello", seed=0, loss="cross_entropy"):
    """The tiny network of the lessons, untrained, with its characters, inputs and targets."""
    characters, columns = one_hot(word)
    size = len(characters)
    rnn = RNN(size, 3, size, loss, np.random.default_rng(seed))
    return rnn, characters, *inputs_and_targets(columns)


def rehearsed(rate=0.1, clip=5.0, steps=200, **of):
    rnn, characters, inputs, targets = tiny(**of)
    return rehearse(rnn, inputs, targets, ZERO, rate, clip, steps), characters


def make(cell, layers=1):
    rng = np.random.default_rng(0)
    config = Config(cell=cell, layers=layers, hidden_size=4, dropout=0.5, input_dropout=0.5)
    return Network(config, character_ends(4), rng, np.float64), np.array([1, 0, 2, 2, 3])


def assert_same_weights(one, other):
    for name in PARAMETERS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
@pytest.mark.parametrize("clip", [0.0, 0.5])
def test_it_is_gradient_descent(loss, clip):
    rnn, _, inputs, targets = tiny(loss=loss)
    told = rehearse(rnn, inputs, targets, ZERO, 0.3, clip, 20)
    assert (len(told.losses), len(told.lengths)) == (21, 21)
    for step in range(21):
        outputs, _ = rnn.forward(inputs, ZERO)
        assert told.losses[step] == pytest.approx(rnn.loss(outputs, targets) / 4, rel=1e-12)
        gradients = rnn.backward(inputs, targets, ZERO, ZERO)
        length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
        factor = min(1.0, clip / length) if clip else 1.0
        assert told.lengths[step] == pytest.approx(length, rel=1e-12)
        for name, gradient in zip(PARAMETERS, gradients, strict=True):
            weights = getattr(rnn, name)
            # Clipping may round otherwise than a factor that is written out.
            np.testing.assert_allclose(getattr(told.model(step), name), weights, 1e-9, 1e-14)
            weights -= 0.3 * (gradient * factor)
    if clip:
        assert max(told.lengths) > clip


def test_hello_is_learned_and_half_known_on_the_way():
    told, characters = rehearsed()
    assert told.losses[0] == pytest.approx(np.log(4), abs=1e-3)
    half = told.first_below(0.5)
    assert 50 < half < 80
    assert told.losses[half] < 0.5 <= told.losses[half - 1]
    assert told.first_below(0.0) == 200
    assert told.first_below(9.0) == 0
    assert write(told.model(200), characters, "h", 4) == "ello"
    assert write(told.model(0), characters, "h", 4) != "ello"


def test_going_back_gives_copies_and_changes_nothing():
    rnn, _, inputs, targets = tiny()
    before = [getattr(rnn, name).copy() for name in PARAMETERS]
    told = rehearse(rnn, inputs, targets, ZERO, 0.1, 5.0, 3)
    for name, weights in zip(PARAMETERS, before, strict=True):
        np.testing.assert_array_equal(getattr(rnn, name), weights)
    assert_same_weights(told.model(0), rnn)
    told.model(2).Whh[...] = 7
    rnn.Whh[...] = 8
    assert np.abs(told.model(2).Whh).max() < 1
    assert np.abs(told.model(0).Whh).max() < 1
    assert told.model(1).loss_name == "cross_entropy"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_far_too_large_a_rate_is_told_as_it_is(loss):
    told, characters = rehearsed(rate=1e308, clip=0.0, steps=8, loss=loss)
    assert len(told.losses) == 9
    assert not np.isfinite(told.losses[-1])
    assert write(told.model(8), characters, "h", 4) == ""


def test_it_writes_what_it_finds_most_probable():
    rnn, characters, _, _ = tiny()
    rnn.Why[...] = 0
    rnn.by[2] = 1.0
    assert characters[2] == "l"
    assert write(rnn, characters, "h", 3) == "lll"
    assert write(rnn, characters, "h", 0) == ""


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_network_s_is_gradient_descent_too(cell, layers):
    network, ids = make(cell, layers)
    told = rehearse_network(network, ids, 0.1, 0.5, 4)
    network = network.copy()
    for step in range(5):
        loss, gradients, _ = network.loss_and_gradients(ids[:-1, None], ids[1:, None])
        assert told.losses[step] == pytest.approx(loss, rel=1e-12)
        length = 4 * np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
        assert told.lengths[step] == pytest.approx(length)
        for name, weights in network.parameters.items():
            np.testing.assert_allclose(told.model(step).parameters[name], weights, rtol=1e-12)
            weights -= 0.1 * 4 * gradients[name] * min(1, 0.5 / length)


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
def test_a_network_learns_and_writes(cell):
    network, ids = make(cell)
    before = network.copy()
    told = rehearse_network(network, ids, 0.1, 5.0, 200)
    assert told.losses[-1] < 0.2 < told.losses[0]
    assert write_network(told.model(200), 1, 4) == [0, 2, 2, 3]
    for name, weights in before.parameters.items():
        np.testing.assert_array_equal(network.parameters[name], weights)
        np.testing.assert_array_equal(told.model(0).parameters[name], weights)


@pytest.mark.parametrize("kept", [1, 200, 1000, 2**23])
def test_a_network_that_was_not_kept_is_the_same(monkeypatch, kept):
    network, ids = make("gru", 2)
    whole = rehearse_network(network, ids, 0.1, 5.0, 10)
    monkeypatch.setattr(rehearsal, "KEPT", kept)
    some = rehearse_network(network, ids, 0.1, 5.0, 10)
    assert (some.losses, some.lengths) == (whole.losses, whole.lengths)
    for step in (10, 3, 0, 7):
        expected = whole.model(step).parameters
        for name, weights in some.model(step).parameters.items():
            np.testing.assert_array_equal(weights, expected[name])


@pytest.mark.filterwarnings("error")
def test_a_network_s_numbers_may_grow_beyond_all_bounds():
    network, ids = make("lstm")
    told = rehearse_network(network, ids, 1e308, 0.0, 8)
    assert not np.isfinite(told.losses[-1])
    assert write_network(told.model(8), 1, 4) == []


def test_both_rehearsals_tell_the_same_of_the_same_network():
    rnn, characters, inputs, targets = tiny()
    config = Config(cell="rnn", layers=1, hidden_size=3)
    network = Network(config, character_ends(4), np.random.default_rng(0), np.float64)
    network.parameters |= {
        "rnn.weight_ih_l0": rnn.Wxh.copy(),
        "rnn.weight_hh_l0": rnn.Whh.copy(),
        "rnn.bias_ih_l0": np.zeros(3),
        "rnn.bias_hh_l0": np.zeros(3),
        "decoder.weight": rnn.Why.copy(),
        "decoder.bias": np.zeros(4),
    }
    ids = np.array([characters.index(c) for c in "hello"])
    told = rehearse(rnn, inputs, targets, ZERO, 0.1, 5.0, 1)
    of_network = rehearse_network(network, ids, 0.1, 5.0, 1)
    # The network has two biases for one, so that its gradient is longer, and it moves both.
    assert of_network.losses[0] == pytest.approx(told.losses[0])
    for name, ours in {"rnn.weight_hh_l0": "Whh", "decoder.weight": "Why"}.items():
        moved = of_network.model(1).parameters[name]
        np.testing.assert_allclose(moved, getattr(told.model(1), ours), rtol=1e-9)


def test_a_step_tells_the_loss_before_it():
    network, ids = make("rnn")
    expected = network.loss_and_gradients(ids[:-1, None], ids[1:, None])[0]
    assert learn_network(network, ids, 0.1, 5.0)[0] == expected
