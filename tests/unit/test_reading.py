"""What goes on inside a network while it reads, beside the equations, step by step."""

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.engine.network import Network
from rnn_pkg.look import reading

SIZE, VOCABULARY = 5, 7


def make(cell, layers=2, hidden_size=SIZE):
    config = Config(cell=cell, layers=layers, hidden_size=hidden_size)
    return Network(config, character_ends(VOCABULARY), np.random.default_rng(0), np.float64)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(network, cell, layer, x, state, heard):
    """One step of one layer by the equations: its new state, and all activations by name."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_peephole")
    w_ih, w_hh, b_ih, b_hh, peephole = (
        network.parameters.get(f"rnn.{name}_l{layer}") for name in names
    )
    a, u = w_ih @ x + b_ih, w_hh @ heard + b_hh
    if cell == "rnn":
        h = np.tanh(a + u)
        return (h,), {"hidden state": h}
    if cell == "gru":
        (ar, az, an), (ur, uz, un) = np.split(a, 3), np.split(u, 3)
        r, z = sigmoid(ar + ur), sigmoid(az + uz)
        n = np.tanh(an + r * un)
        h = (1 - z) * n + z * state[0]
        return (h,), {"hidden state": h, "reset gate": r, "update gate": z, "candidate": n}
    *first, g, o = np.split(a + u, 3 if cell == "coupled" else 4)
    p_i, p_f, p_o = peephole if cell == "peephole" else (0, 0, 0)
    f = sigmoid(first[-1] + p_f * state[1])
    i = 1 - f if cell == "coupled" else sigmoid(first[0] + p_i * state[1])
    g = np.tanh(g)
    c = f * state[1] + i * g
    o = sigmoid(o + p_o * c)
    h = o * np.tanh(c)
    gates = {"input gate": i, "forget gate": f, "candidate": g, "output gate": o}
    return (h, c), {"hidden state": h, "cell state": c, **gates}


def step_by_step(network, cell, ids, silenced=()):
    """Read ids (T,) with the outputs of the silenced units forced to 0 at every step."""
    p = network.parameters
    states = [tuple(array[0] for array in layer) for layer in network.initial_state(1)]
    layers = [[] for _ in states]
    logits = []
    for character in ids:
        x = np.eye(VOCABULARY)[character]
        for layer, state in enumerate(states):
            heard = state[0].copy()
            heard[[unit for of, unit in silenced if of == layer]] = 0
            states[layer], activations = step(network, cell, layer, x, state, heard)
            layers[layer].append(activations)
            x = states[layer][0].copy()
            x[[unit for of, unit in silenced if of == layer]] = 0
        logits.append(p["decoder.weight"] @ x + p["decoder.bias"])
    by_name = [{name: np.stack([t[name] for t in each]) for name in each[0]} for each in layers]
    return by_name, np.stack(logits)


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_read_off_is_what_the_equations_say(cell):
    network = make(cell)
    ids = np.random.default_rng(1).integers(0, VOCABULARY, 20)
    (piece,) = reading.read(network, ids[:, None])
    layers, logits = step_by_step(network, cell, ids)
    np.testing.assert_allclose(piece.logits[:, 0], logits, atol=1e-12)
    assert len(piece.layers) == 2
    for found, expected in zip(piece.layers, layers, strict=True):
        assert list(found) == list(expected)
        for name, values in expected.items():
            np.testing.assert_allclose(found[name][:, 0], values, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("silenced", [[(0, 2)], [(1, 0)], [(0, 1), (0, 4), (1, 3)]])
def test_a_silenced_unit_is_as_if_its_output_were_zero_at_every_step(cell, silenced):
    network = make(cell)
    before = {name: value.copy() for name, value in network.parameters.items()}
    ids = np.random.default_rng(2).integers(0, VOCABULARY, 20)
    logits, _, _ = network.silenced(silenced).forward(ids[:, None])
    _, expected = step_by_step(network, cell, ids, silenced)
    np.testing.assert_allclose(logits[:, 0], expected, atol=1e-12)
    _, intact = step_by_step(network, cell, ids)
    assert np.abs(expected - intact).max() > 1e-3
    for name, value in before.items():
        np.testing.assert_array_equal(network.parameters[name], value)


@pytest.mark.parametrize("unit", [(2, 0), (0, SIZE), (-1, 0), (0, -1)])
def test_a_unit_that_is_not_there_is_named(unit):
    with pytest.raises(ValueError, match=rf"no unit {unit[1]} in layer {unit[0]}: .* 0 to 1"):
        make("gru").silenced([unit])


def test_a_large_network_reads_in_pieces_and_carries_its_state(monkeypatch):
    network = make("lstm")
    ids = np.random.default_rng(3).integers(0, VOCABULARY, (20, 3))
    (whole,) = reading.read(network, ids)
    monkeypatch.setattr(reading, "SLICE", 1)
    pieces = list(reading.read(network, ids))
    assert [piece.start for piece in pieces] == list(range(20))
    np.testing.assert_allclose(np.concatenate([p.logits for p in pieces]), whole.logits)
    cells = np.concatenate([piece.layers[1]["cell state"] for piece in pieces])
    np.testing.assert_allclose(cells, whole.layers[1]["cell state"])


def test_log_probabilities_are_those_of_the_cross_entropy():
    rng = np.random.default_rng(4)
    logits, targets = rng.normal(0, 30, (9, VOCABULARY)), rng.integers(0, VOCABULARY, 9)
    loss, _ = cross_entropy(logits[:, None], targets[:, None])
    found = reading.log_probabilities(logits, targets)
    assert found.shape == (9,)
    assert -found.mean() == pytest.approx(loss)


def test_limits_hold_all_there_can_be_but_a_few_cell_states():
    assert reading.limits(np.zeros(3), (-1, 1)) == (-1, 1)
    assert reading.limits(np.array([0.4]), (0, 1)) == (0, 1)
    assert reading.limits(np.array([0.2] + 19 * [-2.3]), None) == (-3, 3)
    assert reading.limits(np.array(99 * [-2.3] + [40]), None) == (-3, 3)
    assert reading.limits(np.array([0.2]), None) == (-1, 1)
