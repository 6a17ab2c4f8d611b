"""What comes back along each state, beside slopes that were measured; a gate that is held."""

import math

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.look import flow, gradcheck, reading
from rnn_pkg.look.forgetting import (
    has_gate,
    hold_gate,
    last_gradients,
    logit,
    sent_back,
    through_gate,
    untrained,
)
from rnn_pkg.look.reading import WARM_UP

CHARACTERS, STEPS = 5, 6

WITH_GATE = ("lstm", "peephole", "coupled")


def make(cell, layers=1, steps=STEPS):
    """A small untrained network, and a text for it."""
    rng = np.random.default_rng(3)
    config = Config(cell=cell, layers=layers, hidden_size=3)
    network = Network(config, character_ends(CHARACTERS), rng, np.float64)
    text = rng.integers(0, CHARACTERS, steps + 1)
    return network, text[:-1], text[1:]


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_norms_are_measured_slopes(cell, layers):
    network, inputs, targets = make(cell, layers)
    flows = sent_back(network, inputs, targets)
    assert tuple(flows) == CELLS[cell].states
    state = network.initial_state(1)

    def loss():
        outputs, _, _ = network.forward(inputs[t:, None], state)
        return network.loss(outputs[-1:], targets[-1:, None])[0]

    for t in range(STEPS):
        for place, found in enumerate(flows.values()):
            slopes = [gradcheck.numerical_gradient(loss, layer[place]) for layer in state]
            expected = math.sqrt(sum(np.square(slope).sum() for slope in slopes))
            assert found.norms[STEPS - 1 - t] == pytest.approx(expected, rel=1e-6), t
        _, state, _ = network.forward(inputs[t : t + 1, None], state)


@pytest.mark.parametrize("cell", CELLS)
def test_of_one_layer_the_hidden_state_s_is_the_gradient_flow(cell):
    """There is nothing above in between; gradient_flow begins one step earlier, at h_T itself."""
    network, inputs, targets = make(cell, steps=WARM_UP + 20)
    *_, (_, norms) = flow.gradient_flow(network, inputs[:, None], targets[:, None])
    assert norms is not None
    found = sent_back(network, inputs, targets)["hidden state"]
    np.testing.assert_allclose(found.norms[:19], norms[1:], rtol=1e-10)


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
def test_the_length_is_that_of_the_last_loss_s_gradient(cell):
    network, inputs, targets = make(cell, 2)

    def loss():
        outputs, _, _ = network.forward(inputs[:, None])
        return network.loss(outputs[-1:], targets[-1:, None])[0]

    outputs, _, _ = network.forward(inputs[:, None])
    _, dlast = network.loss(outputs[-1:], targets[-1:, None])
    gradients = last_gradients(network, inputs, dlast)
    errors = gradcheck.compare(loss, network.parameters, gradients)
    assert max(errors.values()) < 1e-6
    expected = math.sqrt(sum(np.square(gradient).sum() for gradient in gradients.values()))
    for found in sent_back(network, inputs, targets).values():
        assert found.length == pytest.approx(expected, rel=1e-12)
        assert found.clip_factor(found.length / 2) == pytest.approx(0.5)


@pytest.mark.parametrize("cell", WITH_GATE)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("value", [0.0, 1e-30, 0.3, 0.9, 1.0])
def test_a_held_gate_is_the_same_at_all_times(cell, layers, value):
    network, inputs, _ = make(cell, layers)
    held = hold_gate(network, value)
    (piece,) = reading.read(held, inputs[:, None])
    for layer in piece.layers:
        np.testing.assert_allclose(layer["forget gate"], value, rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize("cell", WITH_GATE)
def test_holding_changes_only_the_forget_gate(cell):
    network, _, _ = make(cell, 2)
    before = network.copy()
    held = hold_gate(network, 0.5)
    gates = CELLS[cell].gates
    for name, parameter in before.parameters.items():
        np.testing.assert_array_equal(network.parameters[name], parameter)
        if "peephole" in name:
            ours, theirs, gate = parameter, held.parameters[name], 1
        elif name.startswith("rnn"):
            ours = parameter.reshape(len(gates), -1)
            theirs = held.parameters[name].reshape(len(gates), -1)
            gate = gates.index("forget gate")
        else:
            np.testing.assert_array_equal(held.parameters[name], parameter)
            continue
        assert not theirs[gate].any()  # the logit of 0.5 is 0
        others = [k for k in range(len(ours)) if k != gate]
        np.testing.assert_array_equal(theirs[others], ours[others])


def test_the_logit_is_the_sigmoid_s_inverse():
    for p in (1e-9, 0.2, 0.5, 0.9, 0.999):
        assert 1 / (1 + math.exp(-logit(p))) == pytest.approx(p)
    assert [logit(p) for p in (0, 5e-324, 1e-18, 1)] == [-40, -40, -40, 40]


def test_with_nothing_else_the_cell_state_s_gradient_shrinks_as_the_gate_says():
    """Without recurrent weights the only way back is the cell state's: f^k of it is left."""
    network, inputs, targets = make("lstm", steps=40)
    for value in (0.5, 0.9, 1.0):
        flows = sent_back(hold_gate(network.recurrence_times(0), value), inputs, targets)
        norms = flows["cell state"].norms
        np.testing.assert_allclose(norms / norms[0], value ** np.arange(40), rtol=1e-9)
        assert not flows["hidden state"].norms.any()


@pytest.mark.native
@pytest.mark.parametrize("cell", WITH_GATE)
@pytest.mark.parametrize("value", [0.0, 0.5, 0.9, 1.0])
def test_through_a_held_gate_alone_f_to_the_k_is_left(cell, value):
    network, inputs, targets = make(cell, 2, steps=40)
    held = hold_gate(network, value)
    alone = through_gate(held, inputs, targets)
    assert alone is not None
    assert alone[0] == pytest.approx(sent_back(held, inputs, targets)["cell state"].norms[0])
    np.testing.assert_allclose(alone, alone[0] * value ** np.arange(40), rtol=1e-9, atol=1e-16)


def test_through_a_free_gate_alone_the_product_of_gates_is_left():
    """Without recurrent weights there is no other way."""
    network, inputs, targets = make("lstm", steps=40)
    network = network.recurrence_times(0)
    flows = sent_back(network, inputs, targets)
    alone = through_gate(network, inputs, targets)
    np.testing.assert_allclose(alone, flows["cell state"].norms, rtol=1e-9)


def test_what_comes_back_otherwise_is_more_than_that():
    """So the two must not be confused."""
    network, inputs, targets = untrained("lstm", 4, np.random.default_rng(0))
    held = hold_gate(network, 0.5)
    alone, flows = through_gate(held, inputs, targets), sent_back(held, inputs, targets)
    assert alone is not None
    assert flows["cell state"].norms[-1] > 100 * alone[-1]


def test_a_closed_gate_lets_nothing_back_along_the_cell_state():
    network, inputs, targets = make("lstm")
    norms = sent_back(hold_gate(network, 0.0), inputs, targets)["cell state"].norms
    assert (norms < 1e-16).all()


def fates(cell, factor, forget=None):
    """What becomes of the gradient along each state of twelve untrained networks."""
    told: dict[str, list[str]] = {}
    for seed in range(12):
        network, inputs, targets = untrained(cell, 4, np.random.default_rng(seed))
        network = network.recurrence_times(factor)
        network = network if forget is None else hold_gate(network, forget)
        for name, found in sent_back(network, inputs, targets).items():
            told.setdefault(name, []).append(found.fate())
    return told


@pytest.mark.native
def test_untrained_an_rnn_s_vanishes_or_explodes_and_a_held_cell_state_s_holds():
    assert set(fates("rnn", 1)["hidden state"]) == {"vanishes"}
    assert fates("rnn", 6)["hidden state"].count("explodes") >= 10
    assert set(fates("lstm", 1)["cell state"]) == {"vanishes"}
    assert fates("lstm", 1, 1.0)["cell state"].count("holds") >= 10


def test_the_same_seed_draws_the_same():
    first, second = (untrained("lstm", 4, np.random.default_rng(5)) for _ in range(2))
    for name, parameter in first[0].parameters.items():
        np.testing.assert_array_equal(second[0].parameters[name], parameter)
    np.testing.assert_array_equal(first[1:], second[1:])
    network, inputs, targets = first
    assert network.dtype == np.float64
    assert inputs.shape == targets.shape == (40,)
    np.testing.assert_array_equal(inputs[1:], targets[:-1])


@pytest.mark.filterwarnings("error")
def test_an_rnn_s_gradient_vanishes_explodes_or_leaves_the_range_of_numbers():
    """It reads nothing, so that h stays 0 and the slope of tanh 1: what is left are powers."""
    network, inputs, targets = make("rnn", steps=40)
    for name in ("weight_ih", "bias_ih", "bias_hh"):
        network.parameters[f"rnn.{name}_l0"][...] = 0
    rotation = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    network.parameters["rnn.weight_hh_l0"][...] = rotation
    fates = {}
    for factor in (0.5, 1, 2, 1e30):
        found = sent_back(network.recurrence_times(factor), inputs, targets)["hidden state"]
        fates[factor] = found.fate()
        if factor < 1e30:
            np.testing.assert_allclose(found.norms, found.norms[0] * factor ** np.arange(40.0))
    assert fates == {0.5: "vanishes", 1: "holds", 2: "explodes", 1e30: "breaks"}


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_without_a_forget_gate_there_is_none_to_hold(cell):
    network, _, _ = make(cell)
    assert not has_gate(network)
    label = CELLS[cell].label
    assert through_gate(network, *make(cell)[1:]) is None
    with pytest.raises(ValueError, match=f"the cell must have a forget gate, not {label}"):
        hold_gate(network, 0.5)


@pytest.mark.parametrize("value", [-0.1, 1.5, math.nan, "half"])
def test_a_gate_is_held_from_0_to_1(value):
    network, _, _ = make("lstm")
    with pytest.raises(ValueError, match="value must be a number from 0 to 1, not"):
        hold_gate(network, value)
