"""The lessons of the person's own network: what is shown of it, and that its run never notices."""

import gc
import weakref

import numpy as np
import pytest

from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.network import Network
from rnn_pkg.look import forgetting
from rnn_pkg.look.rehearsal import rehearse_network
from rnn_pkg.page.lessons import own
from rnn_pkg.page.lessons.scene import scene
from rnn_pkg.page.lessons.view import Reader, View
from rnn_pkg.page.session import Session
from tests.unit.test_lessondesk import ask, numbers, refusal

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 5
OWN = {"word": "hello", "seed": 0, "own": True, "units": []}
TINY = OWN | {"own": False}


def begun(text=RHYME, steps=3, **settings):
    """A session in which a network has learned a text for some steps."""
    session = Session()
    call(session, "begin", call(session, "describe", text)["text_id"], settings)
    for _ in range(steps):
        call(session, "step")
    return session


def call(session, method, *arguments):
    answer = session.call("text", method, *arguments)
    assert answer.keys() == {"value"}, answer
    return answer["value"]


def run_of(session):
    return session._desks["text"].team.trainer


def lessons_of(session, setting, t=1):
    """Every lesson of a network."""
    steps = len(ask(session, "sequence", setting, t)["scene"]["inputs"])
    return {
        "sequence": ask(session, "sequence", setting, t),
        "hidden": ask(session, "hidden", setting, t, 0, 0.5),
        "loss": ask(session, "loss", setting, t, 0.5),
        "backward": ask(session, "backward", setting, t),
        "shared": ask(session, "shared", setting, t, [True] * steps),
        "printed": ask(session, "printed", setting, {}),
        "training": ask(session, "training", setting, 5, t, 0.1, 5.0),
        "forgetting": ask(session, "forgetting", setting, "gru", 1.0, None, 5.0),
    }


@pytest.fixture(scope="module", params=[(cell, layers) for cell in CELLS for layers in (1, 2)])
def own_run(request):
    cell, layers = request.param
    return begun(cell=cell, layers=layers, hidden_size=6)


def read(session):
    """What the run's network computes of the beginning of its held-out part, in float64."""
    run = run_of(session)
    network = run.best.copy(np.float64)
    ids = run.held_out_ids[:13, None]
    outputs, _, caches = network.forward(ids[:-1])
    _, gradients, _ = network.loss_and_gradients(ids[:-1], ids[1:])
    return network, ids[:, 0], outputs[:, 0], caches, gradients


def test_each_symbol_has_a_value(own_run):
    for name, lesson in lessons_of(own_run, OWN).items():
        named = [symbol["name"] for symbol in lesson["scene"]["symbols"]]
        assert set(numbers(lesson)) == set(named), name


def test_what_its_units_do(own_run):
    network, ids, outputs, caches, _ = read(own_run)
    run = run_of(own_run)
    for t in (0, 5, 11):
        lesson = ask(own_run, "hidden", OWN, t, None, 0.0)
        found = numbers(lesson)
        activations = network.cell.activations(caches[-1].cell)
        for name, activation in activations.items():
            symbol = network.cell.letter(name)
            if symbol in found:
                expected = activation[t, 0, :3]
                np.testing.assert_allclose(found[symbol][:, 0], expected, rtol=1e-12)
            before = found.get(symbol.replace("_t", "_{t-1}"), np.zeros((3, 1)))
            if t > 0 and symbol.endswith("_t"):
                expected = activation[t - 1, 0, :3]
                np.testing.assert_allclose(before[:, 0], expected, rtol=1e-12)
            elif symbol.endswith("_t"):
                assert not before.any()
        weight = network.parameters[f"rnn.weight_hh_l{network.layers - 1}"]
        rows = weight.reshape(-1, 6, 6)[:, :3, :3].reshape(-1, 3)
        np.testing.assert_array_equal(found["W_hh"], rows)
        known = sorted(set(ids.tolist()))
        p = np.exp(outputs[t] - outputs[t].max())
        guess = lesson["before"][t]["probabilities"]
        np.testing.assert_allclose(guess, (p / p.sum())[known], rtol=1e-12)
        assert lesson["characters"] == [run.vocabulary.characters[k] for k in known]


def test_what_goes_in_adds_up_to_what_comes_out(own_run):
    """By the equations of the cells themselves: h_t of an RNN, the gates of the others."""
    cell = run_of(own_run).config.cell
    found = numbers(ask(own_run, "hidden", OWN, 4, None, 0.0))
    if cell == "gru":
        size = len(found["h_t"])
        projected = found["x_t"].reshape(-1, size)
        u = found["u_t"].reshape(-1, size)
        r, z = (1 / (1 + np.exp(-(projected[k] + u[k]))) for k in (0, 1))
        n = np.tanh(projected[2] + r * u[2])
        np.testing.assert_allclose(found["r"][:, 0], r, rtol=1e-10)
        np.testing.assert_allclose(found["n"][:, 0], n, rtol=1e-10)
        h = (1 - z) * n + z * found["h_{t-1}"][:, 0]
        np.testing.assert_allclose(found["h_t"][:, 0], h, rtol=1e-10)
    elif "c_t" in found:
        c = found["f"] * found["c_{t-1}"] + found["i"] * found["g"]
        np.testing.assert_allclose(found["c_t"], c, rtol=1e-10)
        np.testing.assert_allclose(found["h_t"], found["o"] * np.tanh(c), rtol=1e-10)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "peephole", "coupled"])
def test_all_its_units_at_once(cell):
    """So the equations can be computed whole."""
    session = begun(cell=cell, layers=2, hidden_size=4)
    found = numbers(ask(session, "hidden", OWN | {"units": [0, 1, 2, 3]}, 4, None, 0.0))
    u = found["W_hh"] @ found["h_{t-1}"] + found["b_hh"]
    a = found["x_t"] + u
    if cell == "rnn":
        np.testing.assert_allclose(found["h_t"], np.tanh(a), rtol=1e-10)
        return
    if cell == "gru":
        np.testing.assert_allclose(found["u_t"], u, rtol=1e-10)
        return
    gate = a[:4] if cell == "coupled" else a[4:8]
    if cell == "peephole":
        gate += found["p"][1][:, None] * found["c_{t-1}"]
    np.testing.assert_allclose(found["f"], 1 / (1 + np.exp(-gate)), rtol=1e-10)


def test_the_shares_add_up_to_its_gradient(own_run):
    network, _, _, _, gradients = read(own_run)
    lesson = ask(own_run, "shared", OWN, 3, [True] * 12)
    # Network.loss is the mean over the 12 time steps; here it is their sum.
    gradient = 12 * gradients[f"rnn.weight_hh_l{network.layers - 1}"]
    rows = gradient.reshape(-1, 6, 6)[:, :3, :3].reshape(-1, 3)
    np.testing.assert_allclose(lesson["whole"]["numbers"], rows, rtol=1e-9, atol=1e-14)
    assert lesson["whole"]["numbers"] == lesson["total"]["numbers"]
    assert lesson["whole"]["shape"] == list(gradient.shape)
    shares = sum(np.array(share["numbers"]) for share in lesson["shares"])
    np.testing.assert_allclose(shares, rows, rtol=1e-9, atol=1e-14)
    found = numbers(lesson)
    product = found["da_t"].reshape(-1, 3, 1) * found["h_{t-1}"][:, 0]
    np.testing.assert_allclose(found["da_t h_{t-1}^T"], product.reshape(-1, 3), atol=1e-15)


def test_what_comes_back_is_what_the_equations_say(own_run):
    cell = run_of(own_run).config.cell
    for t in (10, 11):
        found = numbers(ask(own_run, "backward", OWN, t))
        np.testing.assert_allclose(found["dh_t"], found["from y_t"] + found["from t+1"])
        did = numbers(ask(own_run, "hidden", OWN, t, None, 0.0))
        if cell == "rnn":
            da = (1 - did["h_t"] ** 2) * found["dh_t"]
            np.testing.assert_allclose(found["da_t"], da, atol=1e-15)
        elif cell == "gru":
            da = found["dh_t"] * (did["h_{t-1}"] - did["n"]) * did["z"] * (1 - did["z"])
            np.testing.assert_allclose(found["da_z"], da, atol=1e-15)
            np.testing.assert_allclose(found["du"][6:], found["da_n"] * did["r"], atol=1e-15)
        elif "dc_t" in found:
            before = found["dc_t"] * did["f"]
            if cell == "peephole":
                before += found["p_i"] * found["da_i"] + found["p_f"] * found["da_f"]
            np.testing.assert_allclose(found["dc_{t-1}"], before, atol=1e-15)
            da_o = found["dh_t"] * np.tanh(did["c_t"]) * did["o"] * (1 - did["o"])
            np.testing.assert_allclose(found["da"][-3:], da_o, atol=1e-15)


def test_its_loss(own_run):
    network, ids, outputs, _, _ = read(own_run)
    mean, _ = network.loss(outputs[:, None], ids[1:, None])
    lesson = ask(own_run, "loss", OWN, 0, None)
    assert lesson["total"] == pytest.approx(12 * mean)
    assert numbers(lesson)["L"].item() == pytest.approx(12 * mean)


def test_what_comes_later_follows_from_a_changed_state(own_run):
    network, ids, _, _, _ = read(own_run)
    lesson = ask(own_run, "hidden", OWN | {"units": [5, 2]}, 4, 1, 0.9)
    _, state, _ = network.forward(ids[:5, None])
    state[-1][0][0, 2] = 0.9
    outputs, _, _ = network.forward(ids[5:-1, None], state)
    p = np.exp(outputs[-1, 0])
    known = sorted(set(ids.tolist()))
    np.testing.assert_allclose(lesson["after"][-1]["probabilities"], (p / p.sum())[known])
    assert lesson["after"][:4] == lesson["before"][:4]
    assert lesson["after"][4] != lesson["before"][4]
    assert lesson["units"] == ["unit 6", "unit 3"]
    assert numbers(lesson)["h_t"][1] == 0.9
    same = ask(own_run, "hidden", OWN, 4, 1, lesson_state(own_run, 4)[1])
    assert same["after"] == same["before"]


def lesson_state(session, t):
    return ask(session, "hidden", OWN, t, None, 0.0)["state"]


def test_its_gradients_are_right(own_run):
    lesson = ask(own_run, "printed", OWN, {})
    assert [each["parameter"] for each in lesson["checked"]] == list(
        run_of(own_run).best.parameters
    )
    assert all(each["right"] and each["error"] < 1e-6 for each in lesson["checked"])
    assert lesson["faults"] == []
    assert lesson["stopped"] is None
    assert lesson["checked"][0]["meaning"] == "input to hidden, layer 1"


def test_it_rehearses_what_it_reads(own_run):
    network, ids, *_ = read(own_run)
    recorded = rehearse_network(network, ids, 0.1, 5.0, own.STEPS)
    lesson = ask(own_run, "training", OWN, own.STEPS, 0, 0.1, 5.0)
    assert lesson["losses"] == recorded.losses
    assert lesson["lengths"] == recorded.lengths
    assert len(lesson["losses"]) == own.STEPS + 1
    assert lesson["losses"][-1] < lesson["losses"][0]
    assert lesson["word_steps"] == [0, 5, 10, 20]
    learned = recorded.model(own.STEPS).parameters[f"rnn.weight_hh_l{network.layers - 1}"]
    rows = learned.reshape(-1, 6, 6)[:, :3, :3].reshape(-1, 3)
    shown = {value["name"]: value["numbers"] for value in lesson["scene"]["values"]}
    np.testing.assert_array_equal(shown["W_hh"], rows)
    assert lesson["words"][-1] == own_run._desks["lessons"]._frozen.written(0.1, 5.0, own.STEPS)


def test_it_may_be_trained_to_pieces(own_run):
    ask(own_run, "training", OWN, own.STEPS, 0, 100.0, 0.0)


def test_what_it_forgets(own_run):
    network, run = read(own_run)[0], run_of(own_run)
    lesson = ask(own_run, "forgetting", OWN, "whatever", 2.0, None, 0.5)
    ids = run.held_out_ids[:41]
    flows = forgetting.sent_back(network.recurrence_times(2.0), ids[:-1], ids[1:])
    for road, flow in zip(lesson["roads"], flows.values(), strict=True):
        assert road["norms"] == flow.norms.tolist()
    assert lesson["cell"] == run.config.cell
    assert "W_hh times 2" in lesson["scene"]["network"]


def test_the_last_step_of_forgetting_begins_the_roads():
    """Its loss is that of the last step alone, so there both ways to tell of it are the same."""
    session = begun(cell="lstm", hidden_size=4, layers=1)
    lesson = ask(session, "forgetting", OWN | {"units": [0, 1, 2, 3]}, "lstm", 1.0, 0.9, 0.0)
    found = numbers(lesson)
    for road in lesson["roads"]:
        sent = np.sqrt(np.square(found[road["symbol"]]).sum())
        assert road["norms"][0] == pytest.approx(sent)
    np.testing.assert_allclose(found["f"], 0.9)


@pytest.mark.native
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_looked_at_is_the_same_bit_for_bit(workers):
    settings = {"hidden_size": 6, "dropout": 0.3, "layers": 2, "workers": workers, "batch_size": 4}
    looked_at, left_alone = begun(**settings), begun(**settings)
    for _ in range(3):
        lessons_of(looked_at, OWN)
        lessons_of(looked_at, TINY)
        for session in (looked_at, left_alone):
            for _ in range(10):
                call(session, "step")
    assert call(looked_at, "save") == call(left_alone, "save")


@pytest.mark.parametrize(
    "leave",
    [
        lambda session: ask(session, "leave"),
        lambda session: ask(session, "sequence", TINY, None),
        lambda session: ask(session, "forgetting", TINY, "rnn", 1.0, None, 5.0),
    ],
)
def test_it_stays_the_same_until_it_is_left(leave):
    session = begun(hidden_size=6, steps=0, average=0.0)
    first = lessons_of(session, OWN)
    call(session, "train", 50)
    assert lessons_of(session, OWN) == first
    assert "after step 0 of training" in first["backward"]["scene"]["network"]
    leave(session)
    anew = lessons_of(session, OWN)
    assert anew["backward"] != first["backward"]
    assert "after step 0 of training" not in anew["backward"]["scene"]["network"]


def test_the_latest_network_is_another_than_the_best():
    session = begun(hidden_size=6)
    shown = []
    for best in (True, True, False):
        call(session, "write_with", best)
        ask(session, "sequence", OWN, None)
        shown.append(session._desks["lessons"]._frozen)
    assert shown[0] is shown[1] is not shown[2]


def test_a_run_that_is_gone_is_not_kept():
    session = begun(hidden_size=6)
    ask(session, "sequence", OWN, None)
    run = weakref.ref(run_of(session))
    call(session, "begin", call(session, "describe", RHYME)["text_id"], {"hidden_size": 5})
    gc.collect()
    assert run() is None


def test_another_run_is_another_network():
    session = begun(hidden_size=6)
    first = ask(session, "backward", OWN, 0)
    text_id = call(session, "describe", RHYME.upper())["text_id"]
    call(session, "begin", text_id, {"hidden_size": 5})
    scene = ask(session, "backward", OWN, 0)["scene"]
    assert scene["inputs"] == [character.upper() for character in first["scene"]["inputs"]]
    call(session, "discard")
    assert "there is no run yet: train a network under Text first" in refusal(
        session, "backward", OWN, 0
    )


@pytest.mark.parametrize(
    ("text", "settings", "steps", "part"),
    [
        ("abcdefghij" * 3, {"validation": 0.1}, 2, "held-out"),
        ("abcdefghij" * 3, {"validation": 0.0}, 12, "training"),
        ("abcdefghijklmnopqrst", {"validation": 0.05}, 12, "training"),
    ],
)
def test_a_short_text(text, settings, steps, part):
    session = begun(text, hidden_size=2, sequence_length=4, batch_size=2, **settings)
    scene = lessons_of(session, OWN, 0)["sequence"]["scene"]
    assert len(scene["inputs"]) == steps
    assert f"at the beginning of the {part} part" in scene["network"]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_the_lessons_do_not_know(monkeypatch, cell):
    """As one that somebody adds: its source is shown, and what its units do."""
    name = f"my {cell}"
    monkeypatch.setitem(CELLS, name, CELLS[cell])
    network, inputs, _ = forgetting.untrained(cell, 3, np.random.default_rng(0))
    view = View(Reader(network, name, inputs, "abc", "a network"), [0, 1])
    for lesson in ("sequence", "hidden", "loss", "backward", "shared", "training", "forgetting"):
        made = scene(view, lesson, 2)
        assert made["sources"]
        assert made["values"]
    h = numbers({"scene": scene(view, "hidden", 2)})["h_t"]
    _, state, _ = network.forward(inputs[:3, None])
    np.testing.assert_allclose(h[:, 0], state[0][0][0, :2])


def test_what_comes_back_is_computed_only_where_it_is_shown(monkeypatch):
    """Of a large network that takes its time."""
    session = begun(hidden_size=6)
    monkeypatch.setattr(Network, "backpropagate", None)
    ask(session, "sequence", OWN, None)
    ask(session, "hidden", OWN, None, 1, 0.5)
    ask(session, "loss", OWN, None, None)


def test_what_it_says_follows_from_its_hidden_state():
    session = begun(cell="lstm", hidden_size=4, layers=1)
    for change in ((None, None), (2, 0.5)):
        lesson = ask(session, "hidden", OWN | {"units": [0, 1, 2, 3]}, 3, *change)
        found = numbers(lesson)
        y = found["W"] @ found["h_t"] + found["b"]
        np.testing.assert_allclose(found["y_t"], y, rtol=1e-10)


@pytest.mark.parametrize("size", [1, 2])
def test_a_network_of_few_units(size):
    lessons = lessons_of(begun(hidden_size=size), OWN)
    assert lessons["hidden"]["units"] == ["unit 1", "unit 2"][:size]


def test_units_that_are_silenced_are_not_heard():
    session = begun(hidden_size=4, layers=1, cell="rnn")
    heard = numbers(ask(session, "backward", OWN, 1))
    call(session, "silence", [[0, 1]])
    silenced = numbers(ask(session, "backward", OWN, 1))
    assert not silenced["W_hh"][:, 1].any()
    assert heard["W_hh"][:, 1].any()


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ([6], "a unit must be a whole number from 1 to 6, not 7"),
        ([-1], "a unit must be a whole number from 1 to 6, not 0"),
        ([1, 1], "units must be up to 4 different ones, not [2, 2]"),
        ([0, 1, 2, 3, 4], "units must be up to 4 different ones, not [1, 2, 3, 4, 5]"),
    ],
)
def test_units_that_there_are_not(units, message):
    session = begun(hidden_size=6, steps=0)
    assert refusal(session, "backward", OWN | {"units": units}, 0) == message


def test_steps_that_there_are_not():
    session = begun(hidden_size=6, steps=0)
    message = "the time step must be a whole number from 0 to 11, not 12"
    assert refusal(session, "backward", OWN, 12) == message
    message = "unit must be a whole number from 1 to 3, not 4"
    assert refusal(session, "hidden", OWN, 0, 3, 0.5) == message
    message = "the training step must be a whole number from 0 to 20, not 21"
    assert refusal(session, "training", OWN, 21, 0, 0.1, 5.0) == message


def test_without_a_run_there_is_nothing_to_see():
    session = Session()
    message = "there is no run yet: train a network under Text first"
    assert refusal(session, "sequence", OWN, 0) == message
    call(session, "describe", RHYME)
    assert refusal(session, "forgetting", OWN, "rnn", 1.0, None, 5.0) == message
    assert ask(session, "sequence", TINY, 0)
