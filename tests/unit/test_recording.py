"""One recorded pass, beside what the RNN and the network return themselves."""

from itertools import pairwise

import numpy as np
import pytest

from rnn_pkg import RNN, Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.look import gradcheck, reading
from rnn_pkg.look.recording import inputs_and_targets, one_hot, record, record_network

PARAMETERS = ("Wxh", "Whh", "Why", "bh", "by")


def make_rnn(loss, steps=7):
    """An RNN with weights of some size, and all that its backward pass takes."""
    rng = np.random.default_rng(0)
    rnn = RNN(4, 3, 4, loss, rng)
    for name in PARAMETERS:
        parameter = getattr(rnn, name)
        parameter += rng.normal(0, 0.7, parameter.shape)
    columns = list(np.eye(4)[rng.integers(0, 4, steps + 1)][..., None])
    h_prev, dh_next = rng.normal(size=(2, 3, 1))
    return rnn, (*inputs_and_targets(columns), h_prev, dh_next)


def make_network(cell, layers, steps=6, size=3):
    rng = np.random.default_rng(1)
    config = Config(cell=cell, layers=layers, hidden_size=size)
    network = Network(config, character_ends(5), rng, np.float64)
    state = [
        tuple(rng.normal(0, 0.5, array.shape) for array in layer)
        for layer in network.initial_state(1)
    ]
    return network, rng.integers(0, 5, steps + 1), state


def test_the_columns_of_hello():
    characters, columns = one_hot("hello")
    assert characters == ["e", "h", "l", "o"]
    assert [column.shape for column in columns] == [(4, 1)] * 5
    np.testing.assert_array_equal(
        np.hstack(columns), [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]]
    )


def test_a_target_is_the_next_input():
    _, columns = one_hot("hello")
    inputs, targets = inputs_and_targets(columns)
    assert len(inputs) == len(targets) == 4
    for t in range(3):
        np.testing.assert_array_equal(targets[t], inputs[t + 1])
    assert inputs[0] is columns[0]
    assert targets[-1] is columns[-1]


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_the_shares_of_the_steps_add_up_to_backward_bit_for_bit(loss):
    rnn, arguments = make_rnn(loss)
    steps = record(rnn, *arguments)
    for name, expected in zip(PARAMETERS, rnn.backward(*arguments), strict=True):
        total = np.zeros_like(expected)
        for step in reversed(steps):
            total += getattr(step, f"d{name}")
        np.testing.assert_array_equal(total, expected)


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_forward_is_what_the_rnn_does(loss):
    rnn, (inputs, targets, h_prev, dh_next) = make_rnn(loss)
    steps = record(rnn, inputs, targets, h_prev, dh_next)
    outputs, h_next = rnn.forward(inputs, h_prev)
    np.testing.assert_array_equal([step.y for step in steps], outputs)
    np.testing.assert_array_equal([step.x for step in steps], inputs)
    np.testing.assert_array_equal([step.target for step in steps], targets)
    np.testing.assert_array_equal(
        [step.h_before for step in steps], [h_prev, *(s.h for s in steps[:-1])]
    )
    np.testing.assert_array_equal(steps[-1].h, h_next)
    for step in steps:
        np.testing.assert_array_equal(step.h, np.tanh(step.a))
        np.testing.assert_allclose(step.p, np.exp(step.y) / np.exp(step.y).sum())
    assert sum(step.loss for step in steps) == pytest.approx(rnn.loss(outputs, targets), rel=1e-12)


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_every_gradient_of_the_way_is_the_measured_slope(loss):
    rnn, (inputs, targets, h_prev, dh_next) = make_rnn(loss)
    steps = record(rnn, inputs, targets, h_prev, dh_next)

    def rest(t, h):
        """The loss of steps t + 1 ... T - 1, and what comes after."""
        outputs, h_next = rnn.forward(inputs[t + 1 :], h) if t + 1 < len(inputs) else ([], h)
        total = rnn.loss(outputs, targets[t + 1 :]) if outputs else 0.0
        return total + float(np.sum(dh_next * h_next))

    def measured(loss_of, at):
        moved = at.copy()
        return gradcheck.numerical_gradient(lambda: loss_of(moved), moved)

    def check(t, step):
        def from_y(y):
            return rnn.loss([y], [step.target])

        def from_output(h):
            return from_y(rnn.Why @ h + rnn.by)

        def from_h(h):
            return from_output(h) + rest(t, h)

        def from_a(a):
            return from_h(np.tanh(a))

        def from_h_before(h):
            return from_a(rnn.Wxh @ step.x + rnn.Whh @ h + rnn.bh)

        slopes = {
            "dy": measured(from_y, step.y),
            "dh_from_output": measured(from_output, step.h),
            "dh_from_later": measured(lambda h: rest(t, h), step.h),
            "dh": measured(from_h, step.h),
            "da": measured(from_a, step.a),
            "dh_before": measured(from_h_before, step.h_before),
        }
        for name, slope in slopes.items():
            assert gradcheck.relative_error(getattr(step, name), slope, 1e-3) < 1e-6, (t, name)

    for t, step in enumerate(steps):
        check(t, step)


def test_one_step_hands_back_to_the_one_before():
    rnn, arguments = make_rnn("cross_entropy")
    steps = record(rnn, *arguments)
    for before, step in pairwise(steps):
        np.testing.assert_array_equal(before.dh_from_later, step.dh_before)
    np.testing.assert_array_equal(steps[-1].dh_from_later, arguments[-1])


def test_unequal_lengths_are_refused():
    rnn, (inputs, targets, h_prev, dh_next) = make_rnn("cross_entropy")
    with pytest.raises(ValueError, match="shorter"):
        record(rnn, inputs, targets[1:], h_prev, dh_next)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_network_s_steps_add_up_to_its_loss_and_gradients(cell, layers):
    network, ids, state = make_network(cell, layers)
    steps = record_network(network, ids, state)
    loss, gradients, _ = network.loss_and_gradients(ids[:-1, None], ids[1:, None], state)
    assert [step.x for step in steps] == ids[:-1].tolist()
    assert [step.target for step in steps] == ids[1:].tolist()
    assert sum(step.loss for step in steps) == pytest.approx(loss * len(steps), rel=1e-12)
    total = sum(step.dweight_hh for step in steps) / len(steps)
    expected = gradients[f"rnn.weight_hh_l{layers - 1}"]
    np.testing.assert_allclose(total.reshape(expected.shape), expected, rtol=1e-10, atol=1e-15)
    da = sum(np.concatenate(list(step.da.values())) for step in steps) / len(steps)
    expected = gradients[f"rnn.bias_ih_l{layers - 1}"]
    np.testing.assert_allclose(da, expected, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_network_s_steps_show_what_reading_shows(cell, layers):
    network, ids, _ = make_network(cell, layers)
    steps = record_network(network, ids)
    (piece,) = reading.read(network, ids[:-1, None])
    for name, activations in piece.layers[-1].items():
        shown = [step.activations[name] for step in steps]
        np.testing.assert_allclose(shown, activations[:, 0], rtol=1e-12)
    np.testing.assert_allclose([step.y for step in steps], piece.logits[:, 0], rtol=1e-12)
    likelihood = reading.log_probabilities(piece.logits[:, 0], ids[1:])
    for step, expected in zip(steps, likelihood, strict=True):
        assert step.loss == pytest.approx(-expected)
        assert np.log(step.p[step.target]) == pytest.approx(expected)
        np.testing.assert_allclose(step.dy, step.p - np.eye(5)[step.target], atol=1e-15)
    for name in network.cell.states:
        assert not steps[0].before[name].any()
        for before, step in pairwise(steps):
            np.testing.assert_array_equal(step.before[name], before.activations[name])


@pytest.mark.parametrize("cell", CELLS)
def test_what_a_network_sends_back_is_the_measured_slope(cell):
    network, ids, at = make_network(cell, 2)
    steps = record_network(network, ids, at)
    moved = np.zeros(3)  # what is added to the top layer's hidden state of the first step read

    def loss():
        """The losses from step t on, added up, of a network that stands at `at`."""
        outputs, _, _ = network.forward(ids[t:-1, None], at)
        outputs[0, 0] += network.parameters["decoder.weight"] @ moved
        return network.loss(outputs, ids[t + 1 :, None])[0] * len(outputs)

    for t, step in enumerate(steps):
        slopes = {
            name: (sent, gradcheck.numerical_gradient(loss, array)[0])
            for (name, sent), array in zip(step.sent_back.items(), at[-1], strict=True)
        }
        slopes["output"] = step.dh_from_output, gradcheck.numerical_gradient(loss, moved)
        for name, (recorded, measured) in slopes.items():
            assert gradcheck.relative_error(recorded, measured, 1e-3) < 1e-6, (t, name)
        _, at, _ = network.forward(ids[t : t + 1, None], at)
    for before, step in pairwise(steps):
        np.testing.assert_array_equal(before.dh_from_later, step.sent_back["hidden state"])
        np.testing.assert_array_equal(before.dh, before.dh_from_output + before.dh_from_later)
    assert not steps[-1].dh_from_later.any()


def test_only_the_rows_of_some_units_are_kept():
    network, ids, _ = make_network("lstm", 1, size=6)
    whole, some = record_network(network, ids), record_network(network, ids, units=[4, 1])
    assert whole[0].dweight_hh.shape == (4, 6, 6)
    for a, b in zip(whole, some, strict=True):
        np.testing.assert_array_equal(b.dweight_hh, a.dweight_hh[:, [4, 1]])


def test_recording_changes_nothing():
    network, ids, state = make_network("peephole", 2)
    before, states = network.copy(), [tuple(a.copy() for a in layer) for layer in state]
    record_network(network, ids, state)
    for name, parameter in before.parameters.items():
        np.testing.assert_array_equal(network.parameters[name], parameter)
    for layer, expected in zip(state, states, strict=True):
        np.testing.assert_array_equal(layer, expected)


def test_a_recorded_rnn_is_the_network_with_its_weights():
    """The two recordings say the same of the same network."""
    rnn, (inputs, targets, h_prev, _) = make_rnn("cross_entropy")
    network = Network(
        Config(cell="rnn", layers=1, hidden_size=3),
        character_ends(4),
        np.random.default_rng(0),
        np.float64,
    )
    for name, value in {
        "rnn.weight_ih_l0": rnn.Wxh,
        "rnn.weight_hh_l0": rnn.Whh,
        "rnn.bias_ih_l0": rnn.bh[:, 0],
        "rnn.bias_hh_l0": np.zeros(3),
        "decoder.weight": rnn.Why,
        "decoder.bias": rnn.by[:, 0],
    }.items():
        network.parameters[name][...] = value
    ids = np.array([int(c.argmax()) for c in (*inputs, targets[-1])])
    theirs = record_network(network, ids, [(h_prev.T.copy(),)])
    for a, b in zip(record(rnn, inputs, targets, h_prev, np.zeros((3, 1))), theirs, strict=True):
        np.testing.assert_allclose(b.activations["hidden state"], a.h[:, 0], rtol=1e-9)
        np.testing.assert_allclose(b.dh, a.dh[:, 0], rtol=1e-9)
        np.testing.assert_allclose(b.da["hidden state"], a.da[:, 0], rtol=1e-9)
        np.testing.assert_allclose(b.sent_back["hidden state"], a.dh_before[:, 0], rtol=1e-9)
        np.testing.assert_allclose(b.dweight_hh[0], a.dWhh, rtol=1e-9)
        assert b.loss == pytest.approx(a.loss)
