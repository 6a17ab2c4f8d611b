"""The batched engine: exact gradients for every parameter, state, dropout, errors."""

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.linalg import NOTHING
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.engine.network import Network
from rnn_pkg.engine.parameters import parameter_shapes
from rnn_pkg.look import gradcheck
from tests.unit.tab import in_a_tab_only

VOCABULARY = 5


def make(cell, layers=1, dtype=np.float64, **settings):
    rng = np.random.default_rng(0)
    config = Config(cell=cell, layers=layers, hidden_size=4, **settings)
    return Network(config, character_ends(VOCABULARY), rng, dtype), rng


def random_state(network, rng, batch):
    return [
        tuple(rng.normal(0, 0.5, array.shape) for array in layer)
        for layer in network.initial_state(batch)
    ]


@pytest.mark.parametrize("cell", CELLS)
def test_a_twelfth_of_the_units_of_an_lstm_begin_as_slow_ones(cell):
    config = Config(cell=cell, layers=2, hidden_size=37)
    drawn, begun = (
        Network(config, character_ends(VOCABULARY), np.random.default_rng(0), as_drawn=as_drawn)
        for as_drawn in (True, False)
    )
    gates, odds = CELLS[cell].gates, np.zeros(37)
    odds[:3] = np.log([127, 64, 1])  # 1 - f is 1/128, 1/65 and 1/2
    for name, weights in begun.parameters.items():
        more = np.zeros_like(weights)
        if name.startswith("rnn.bias_ih") and "forget gate" in gates:
            of_gate = more.reshape(len(gates), 37)
            of_gate[gates.index("forget gate")] = odds
            if "input gate" in gates:
                of_gate[gates.index("input gate")] = -odds
        np.testing.assert_allclose(weights - drawn.parameters[name], more, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", in_a_tab_only(2, [1, 2, 3]))
@pytest.mark.parametrize(("steps", "batch"), in_a_tab_only((7, 3), [(1, 1), (7, 3)]))
def test_gradients_match_central_differences(cell, layers, steps, batch):
    network, rng = make(cell, layers)
    inputs, targets = rng.integers(0, VOCABULARY, (2, steps, batch))
    errors = gradcheck.check_network(network, inputs, targets, random_state(network, rng, batch))
    assert errors.keys() == network.parameters.keys()
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_passes_gradients_to_its_input_and_its_first_state(cell):
    rng = np.random.default_rng(0)
    functions, size, steps, batch = CELLS[cell], 3, 5, 2
    rows = len(functions.gates) * size
    weights = {
        name: rng.normal(size=parameter.shape(size, size))
        for name, parameter in functions.parameters.items()
        if name not in ("weight_ih", "bias_ih")
    }
    projected = rng.normal(size=(steps, batch, rows))
    state = tuple(rng.normal(size=(batch, size)) for _ in functions.states)
    dhidden = rng.normal(size=(steps, batch, size))
    dstate = tuple(rng.normal(size=(batch, size)) for _ in functions.states)

    def loss():
        hidden, after, _ = functions.forward(projected, weights, state)
        ends = sum(np.sum(d * s) for d, s in zip(dstate, after, strict=True))
        return float(np.sum(hidden * dhidden) + ends)

    hidden, after, cache = functions.forward(projected, weights, state)
    np.testing.assert_array_equal(hidden[-1], after[0])
    dprojected, gradients, dfirst = functions.backward(cache, dhidden, dstate)
    arrays = {"projected": projected, **weights} | {f"state {k}": s for k, s in enumerate(state)}
    analytic = {"projected": dprojected, **gradients}
    analytic |= {f"state {k}": d for k, d in enumerate(dfirst)}
    errors = gradcheck.compare(loss, arrays, analytic)
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("cell", CELLS)
def test_a_text_in_two_pieces_gives_what_it_gives_in_one(cell):
    network, rng = make(cell, layers=2)
    ids = rng.integers(0, VOCABULARY, (9, 3))
    whole, last, _ = network.forward(ids)
    first, middle, _ = network.forward(ids[:4])
    second, end, _ = network.forward(ids[4:], middle)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=1e-12)
    for a, b in zip(last, end, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.filterwarnings("error")
def test_huge_weights_neither_warn_nor_break(cell):
    network, rng = make(cell, dtype=np.float32)
    for parameter in network.parameters.values():
        parameter *= 1e4
    ids = rng.integers(0, VOCABULARY, (6, 2))
    loss, gradients, _ = network.loss_and_gradients(ids, ids)
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in gradients.values())


@pytest.mark.parametrize("cell", CELLS)
def test_float32_stays_float32(cell):
    network, rng = make(cell, layers=2, dtype=np.float32, dropout=0.5)
    ids = rng.integers(0, VOCABULARY, (3, 2))
    _, gradients, state = network.loss_and_gradients(ids, ids, None, rng)
    assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}
    assert {array.dtype for layer in state for array in layer} == {np.dtype(np.float32)}
    assert {p.dtype for p in network.parameters.values()} == {np.dtype(np.float32)}


def test_cross_entropy_by_hand():
    logits = np.log([[[0.25, 0.75]], [[0.5, 0.5]]])
    loss, dlogits = cross_entropy(logits, np.array([[1], [0]]))
    assert loss == pytest.approx(-(np.log(0.75) + np.log(0.5)) / 2)
    np.testing.assert_allclose(dlogits, [[[0.125, -0.125]], [[-0.25, 0.25]]])


@pytest.mark.parametrize("settings", [{"dropout": 0.5}, {"input_dropout": 0.5}])
@pytest.mark.parametrize("layers", [1, 2])
def test_dropout_acts_with_a_generator_only(layers, settings):
    ids = np.zeros((3, 2), int)
    network, rng = make("gru", layers, **settings)
    expected, *_ = network.forward(ids)
    assert (expected != network.forward(ids, rng=rng)[0]).any()
    without, _ = make("gru", layers)
    np.testing.assert_array_equal(expected, without.forward(ids)[0])


def test_what_is_dropped_of_the_top_layer_is_not_decoded():
    network, rng = make("gru", 1, dropout=0.5)
    logits, _, (cache,) = network.forward(np.zeros((3, 2), int), rng=rng)
    assert (cache.heard == cache.hidden * cache.mask).all()
    weight, bias = (network.parameters[f"decoder.{name}"] for name in ("weight", "bias"))
    np.testing.assert_allclose(logits, cache.heard @ weight.T + bias)


def test_a_hidden_character_is_read_as_none():
    network, rng = make("gru", 1, input_dropout=0.4)
    ids = rng.integers(0, VOCABULARY, (40, 5))
    _, _, (cache,) = network.forward(ids, rng=np.random.default_rng(3))
    known = cache.read != NOTHING
    assert np.mean(known) == pytest.approx(0.6, abs=0.1)
    np.testing.assert_array_equal(cache.read[known], ids[known])
    others = np.where(known, ids, (ids + 1) % VOCABULARY)
    one, two = (network.forward(x, rng=np.random.default_rng(3))[0] for x in (ids, others))
    np.testing.assert_array_equal(one, two)


def test_dropout_keeps_the_mean_and_drops_its_part():
    network, rng = make("rnn", layers=2, dropout=0.25)
    mask = network.mask((50, 40, 4), rng)
    assert np.mean(mask == 0) == pytest.approx(0.25, abs=0.02)
    assert mask.mean() == pytest.approx(1, abs=0.03)
    assert sorted(set(mask.flat)) == pytest.approx([0, 1 / 0.75])


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_are_exact_under_dropout(cell):
    network, _ = make(cell, layers=3, dropout=0.4, input_dropout=0.3)
    rng = np.random.default_rng(1)
    inputs, targets = rng.integers(0, VOCABULARY, (2, 4, 3))

    def loss():
        same_masks = np.random.default_rng(7)
        return network.loss_and_gradients(inputs, targets, rng=same_masks)[0]

    _, gradients, _ = network.loss_and_gradients(inputs, targets, rng=np.random.default_rng(7))
    errors = gradcheck.compare(loss, network.parameters, gradients)
    assert max(errors.values()) < 1e-6, errors


def test_torch_state_dict_holds_copies_under_torch_names():
    network, _ = make("lstm", layers=2)
    weights = network.torch_state_dict()
    shapes = {name: value.shape for name, value in weights.items()}
    assert shapes == parameter_shapes(
        Config(cell="lstm", layers=2, hidden_size=4), character_ends(VOCABULARY)
    )
    assert shapes["rnn.weight_ih_l0"] == (16, VOCABULARY)
    assert shapes["rnn.weight_ih_l1"] == (16, 4)
    weights["decoder.bias"] += 1
    assert (weights["decoder.bias"] != network.parameters["decoder.bias"]).all()


@pytest.mark.parametrize("state", [[], [(np.zeros((1, 4)),)], [(np.zeros((2, 4)),) * 2]])
def test_a_state_of_other_shapes_is_refused(state):
    network, _ = make("gru")
    ids = np.zeros((3, 2), int)
    with pytest.raises(ValueError, match=r"state must have the shapes \[\[\(2, 4\)\]\], not"):
        network.loss_and_gradients(ids, ids, state)


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (np.zeros(3, int), np.zeros(3, int), r"inputs must be whole numbers of shape \(T, B\)"),
        (np.zeros((0, 2), int), np.zeros((0, 2), int), "inputs must be whole numbers"),
        (np.zeros((2, 2)), np.zeros((2, 2)), "not float64 of shape"),
        (np.full((2, 2), 5), np.zeros((2, 2), int), "inputs must be ids from 0 to 4, not 5 to 5"),
        (np.zeros((2, 2), int), np.full((2, 2), -1), "targets must be ids from 0 to 4"),
        (np.zeros((2, 2), int), np.zeros((2, 3), int), r"one shape, not \(2, 2\) and \(2, 3\)"),
    ],
)
def test_bad_ids_are_named(inputs, targets, message):
    network, _ = make("rnn")
    with pytest.raises(ValueError, match=message):
        network.loss_and_gradients(inputs, targets)
