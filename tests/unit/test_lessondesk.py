"""The lessons of the tiny network: every number is what the package computes."""

import math

import numpy as np
import pytest

from rnn_pkg import RNN
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.look import forgetting, gradcheck, printed
from rnn_pkg.look.recording import inputs_and_targets, one_hot
from rnn_pkg.page.lessons import contents, limits, mending, tiny
from rnn_pkg.page.session import Session
from rnn_pkg.rnn import log_softmax

HELLO = {"word": "hello", "seed": 0, "own": False, "units": []}
GRADIENTS = ("dWxh", "dWhh", "dWhy", "dbh", "dby")
MENDED = {"outputs": "forward", "dWhy": "after", "slope": "after", "dWhh": "before"}


def is_plain(value):
    """Whether the page gets it as it is: Pyodide hands on nothing of NumPy's."""
    if type(value) is dict:
        return all(type(key) is str and is_plain(each) for key, each in value.items())
    if type(value) is list:
        return all(map(is_plain, value))
    return value is None or type(value) in (str, int, float, bool)


def ask(session, method, *arguments):
    answer = session.call("lessons", method, *arguments)
    assert answer.keys() == {"value"}, answer
    assert is_plain(answer)
    return answer["value"]


def refusal(session, method, *arguments):
    answer = session.call("lessons", method, *arguments)
    assert answer.keys() == {"error"}, answer
    assert answer["error"]["kind"] == "input"
    return answer["error"]["message"]


def numbers(lesson):
    """The values of a lesson as arrays, by their symbols."""
    return {value["symbol"]: np.array(value["numbers"]) for value in lesson["scene"]["values"]}


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def hello():
    """The network that the lessons should have, trained here, with what it reads."""
    rnn = RNN(4, 3, 4, "cross_entropy", np.random.default_rng(0))
    _, columns = one_hot("hello")
    x, target = inputs_and_targets(columns)
    zeros = np.zeros((3, 1))
    while rnn.loss(rnn.forward(x, zeros)[0], target) / 4 >= 0.5:
        gradients = rnn.backward(x, target, zeros, zeros)
        length = math.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
        for name, gradient in zip(GRADIENTS, gradients, strict=True):
            parameter = getattr(rnn, name[1:])
            parameter -= 0.1 * min(1, 5 / length) * gradient
    return rnn, x, target


def test_a_scene_has_three_regions(session):
    scene = ask(session, "backward", HELLO, 2)["scene"]
    assert scene["inputs"] == list("hell")
    assert scene["targets"] == list("ello")
    assert scene["step"] == 2
    assert "seed 0, after step 65 of training on “hello”" in scene["network"]
    assert [source["function"] for source in scene["sources"]] == [
        "RNN.backward",
        "RNN._output_gradient",
    ]
    assert len(scene["equations"]) == 3
    for value in scene["values"]:
        assert len(value["numbers"]) == len(value["rows"])
        assert {len(row) for row in value["numbers"]} == {len(value["columns"])}
        assert math.prod(value["shape"]) == len(value["rows"]) * len(value["columns"])
    by_symbol = {value["symbol"]: value for value in scene["values"]}
    assert by_symbol["h_t"]["name"] == "h_2"
    assert by_symbol["h_t"]["rows"] == ["unit 1", "unit 2", "unit 3"]
    assert by_symbol["Why"]["rows"] == ["e", "h", "l", "o"]
    assert by_symbol["Why"]["columns"] == ["unit 1", "unit 2", "unit 3"]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("sequence", (0,)),
        ("hidden", (3, 0, 0.5)),
        ("loss", (1, None)),
        ("backward", (3,)),
        ("shared", (0, [True] * 4)),
        ("printed", (MENDED,)),
        ("training", (200, 1, 0.1, 5.0)),
    ],
)
def test_each_symbol_has_a_value(session, method, arguments):
    scene = ask(session, method, HELLO, *arguments)["scene"]
    named = [symbol["name"] for symbol in scene["symbols"]]
    assert named == list(contents.CONTENTS[method].meanings)
    assert set(numbers({"scene": scene})) == set(named)


@pytest.mark.parametrize("t", range(4))
def test_what_goes_forward_is_what_the_rnn_computes(session, hello, t):
    rnn, x, target = hello
    hidden = rnn._hidden_states(x, np.zeros((3, 1)))
    outputs, _ = rnn.forward(x, np.zeros((3, 1)))
    found = numbers(ask(session, "hidden", HELLO, t, None, 0.0))
    for symbol, expected in {
        "x_t": x[t],
        "h_{t-1}": hidden[t],
        "h_t": hidden[t + 1],
        "y_t": outputs[t],
        "Wxh": rnn.Wxh,
        "Whh": rnn.Whh,
        "Why": rnn.Why,
        "bh": rnn.bh,
        "by": rnn.by,
    }.items():
        np.testing.assert_array_equal(found[symbol], expected, symbol)
    found = numbers(ask(session, "sequence", HELLO, t))
    np.testing.assert_array_equal(found["x_t"], x[t])
    np.testing.assert_array_equal(found["target_t"], target[t])
    np.testing.assert_array_equal(found["x_{t+1}"], target[t])
    found = numbers(ask(session, "loss", HELLO, t, None))
    log_p = log_softmax(outputs[t])
    np.testing.assert_array_equal(found["softmax(y_t)"], np.exp(log_p))
    np.testing.assert_array_equal(found["log softmax(y)"], log_p)
    assert found["log softmax(y_t)[target_t]"] == -rnn.loss([outputs[t]], [target[t]])
    assert found["softmax(y_t)[target_t]"] == np.exp(log_p)[target[t] == 1]
    assert found["L"] == rnn.loss(outputs, target)


@pytest.mark.parametrize("t", range(4))
def test_what_comes_back_is_the_slope_that_is_measured(session, hello, t):
    rnn, x, target = hello
    h = rnn._hidden_states(x, np.zeros((3, 1)))[t + 1].copy()
    found = numbers(ask(session, "backward", HELLO, t))

    def loss_of_this_step():
        return rnn.loss([rnn.Why @ h + rnn.by], [target[t]])

    def loss_of_later_steps():
        if t == 3:
            return 0.0
        return rnn.loss(rnn.forward(x[t + 1 :], h)[0], target[t + 1 :])

    now = gradcheck.numerical_gradient(loss_of_this_step, h)
    later = gradcheck.numerical_gradient(loss_of_later_steps, h)
    np.testing.assert_allclose(found["Why^T dL/dy_t"], now, atol=1e-9)
    np.testing.assert_allclose(found["Whh^T dL/da_{t+1}"], later, atol=1e-9)
    np.testing.assert_allclose(found["dh_t"], now + later, atol=1e-9)
    np.testing.assert_array_equal(found["(1 - h_t^2)"], 1 - h * h)
    np.testing.assert_array_equal(found["da_t"], (1 - h * h) * found["dh_t"])
    np.testing.assert_array_equal(found["dy_t"], found["softmax(y_t)"] - target[t])
    np.testing.assert_array_equal(found["Whh^T dL/da_t"], rnn.Whh.T @ found["da_t"])


def test_what_a_step_sends_back_is_what_the_step_before_gets(session):
    for t in range(3):
        step, later = (numbers(ask(session, "backward", HELLO, k)) for k in (t, t + 1))
        np.testing.assert_array_equal(step["Whh^T dL/da_{t+1}"], later["Whh^T dL/da_t"])
        np.testing.assert_array_equal(step["da_{t+1}"], later["da_t"])
    assert not later["Whh^T dL/da_{t+1}"].any()
    assert not later["da_{t+1}"].any()


def test_what_comes_later_follows_from_a_changed_state(session, hello):
    rnn, x, _ = hello
    lesson = ask(session, "hidden", HELLO, 1, 2, -0.75)
    h = rnn._hidden_states(x, np.zeros((3, 1)))[2].copy()
    assert lesson["state"] == h[:, 0].tolist()
    assert lesson["characters"] == ["e", "h", "l", "o"]
    h[2] = -0.75
    found = numbers(lesson)
    np.testing.assert_array_equal(found["h_t"], h)
    np.testing.assert_array_equal(found["y_t"], rnn.Why @ h + rnn.by)
    assert lesson["after"][0] == lesson["before"][0]
    expected = [rnn.Why @ h + rnn.by, *rnn.forward(x[2:], h)[0]]
    for guess, y in zip(lesson["after"][1:], expected, strict=True):
        assert guess["probabilities"] == np.exp(log_softmax(y))[:, 0].tolist()
    assert [guess["character"] for guess in lesson["after"]] == list("hell")
    assert [guess["target"] for guess in lesson["after"]] == list("ello")
    for change in ((None, 0.5), (2, None)):
        left_alone = ask(session, "hidden", HELLO, 1, *change)
        assert left_alone["before"] == left_alone["after"] == lesson["before"]


def test_after_the_last_step_nothing_follows(session):
    lesson = ask(session, "hidden", HELLO, 3, 0, 1)
    assert lesson["after"][:3] == lesson["before"][:3]
    assert lesson["after"][3] != lesson["before"][3]


def test_a_probability_that_is_chosen(session):
    lesson = ask(session, "loss", HELLO, 1, 0.25)
    assert lesson["chosen"] == lesson["steps"][1]
    assert lesson["chosen"]["probability"] == 0.25
    assert lesson["chosen"]["loss"] == pytest.approx(math.log(4))
    assert lesson["chosen"]["choices"] == 4
    assert lesson["chosen"]["label"] == "“l” after “e”"
    assert lesson["total"] == pytest.approx(sum(step["loss"] for step in lesson["steps"]))
    assert [each["choices"] for each in lesson["known"]] == pytest.approx([2, 6, 26])
    curve = lesson["curve"]
    assert (curve["probabilities"][0], curve["probabilities"][-1]) == limits.PROBABILITY
    np.testing.assert_allclose(curve["losses"], -np.log(curve["probabilities"]))


@pytest.mark.parametrize("probability", [0.25, 0.999, 1])
def test_the_values_are_those_of_the_probability_that_is_chosen(session, probability):
    lesson = ask(session, "loss", HELLO, 1, probability)
    values = numbers(lesson)
    assert values["softmax(y_t)[target_t]"] == pytest.approx(probability)
    assert values["softmax(y_t)"].sum() == pytest.approx(1)
    assert values["softmax(y_t)"][values["target_t"] == 1] == pytest.approx(probability)
    assert values["log softmax(y_t)[target_t]"] == pytest.approx(-lesson["chosen"]["loss"])
    assert values["L"] == pytest.approx(lesson["total"])


def test_a_gradient_is_told_beside_its_measurement(session):
    as_printed = ask(session, "printed", HELLO, {})
    assert all(each["returned"] is None for each in as_printed["checked"])
    lesson = ask(session, "printed", HELLO, {**printed.MENDED_CHOICES, "dWhh": "h_prev"})
    for each in lesson["checked"]:
        near = math.isclose(each["returned"], each["measured"], rel_tol=1e-4, abs_tol=1e-9)
        assert near == (each["parameter"] != "Whh") == each["right"]
        assert each["weight"].startswith("row ")


def test_without_one_it_is_what_the_network_gave(session, hello):
    rnn, x, target = hello
    lesson = ask(session, "loss", HELLO, 1, None)
    assert lesson["total"] == pytest.approx(rnn.loss(rnn.forward(x, np.zeros((3, 1)))[0], target))
    found = numbers(lesson)
    assert lesson["chosen"]["probability"] == pytest.approx(found["softmax(y_t)[target_t]"].item())
    assert lesson["chosen"]["loss"] == pytest.approx(-found["log softmax(y_t)[target_t]"].item())


def test_the_shares_add_up_to_the_gradient_bit_for_bit(session, hello):
    rnn, x, target = hello
    whole = rnn.backward(x, target, np.zeros((3, 1)), np.zeros((3, 1)))
    lesson = ask(session, "shared", HELLO, 2, [True] * 4)
    np.testing.assert_array_equal(lesson["total"]["numbers"], whole[1])
    assert lesson["total"] == lesson["whole"]
    found = numbers(lesson)
    for name, gradient in zip(GRADIENTS, whole, strict=True):
        np.testing.assert_array_equal(found[name], gradient)
    np.testing.assert_array_equal(lesson["shares"][2]["numbers"], found["da_t h_{t-1}^T"])
    np.testing.assert_array_equal(found["da_t h_{t-1}^T"], found["da_t"] @ found["h_{t-1}"].T)
    assert [share["name"] for share in lesson["shares"]][:2] == ["da_0 h_{-1}^T", "da_1 h_0^T"]
    assert not np.any(lesson["shares"][0]["numbers"])


def test_shares_that_nobody_has_switched_on_do_not_count(session):
    assert ask(session, "shared", HELLO, 2, None) == ask(session, "shared", HELLO, 2, [False] * 4)


def test_what_can_be_chosen_is_told(session):
    told = session.call("lessons", "about")["value"]["numbers"]["lessons"]
    defaults = told["defaults"]
    setting = HELLO | {"word": defaults["word"], "seed": defaults["seed"]}
    least, most = told["length"]
    assert least <= len(defaults["word"]) <= most
    for name in ("rate", "clip", "recurrence", "forget", "seed"):
        least, most = told[name]
        assert least <= defaults[name] <= most
    ask(session, "training", setting, 0, None, told["rate"][1], told["clip"][1])
    ask(session, "forgetting", setting, defaults["cell"], 1.0, None, defaults["forgetting_clip"])
    ask(session, "loss", setting, None, told["probability"][0])
    ask(session, "hidden", setting, None, 0, told["value"][0])


def test_shares_that_are_switched_off_do_not_count(session):
    some = ask(session, "shared", HELLO, 0, [True, False, True, False])
    shares = [np.array(share["numbers"]) for share in some["shares"]]
    np.testing.assert_array_equal(some["total"]["numbers"], shares[2] + shares[0])
    none = ask(session, "shared", HELLO, 0, [False] * 4)
    assert not np.any(none["total"]["numbers"])


def test_as_printed_it_stops(session):
    lesson = ask(session, "printed", HELLO, {})
    assert lesson["stopped"] == "NameError: name 'outputs' is not defined"
    assert not lesson["same"]
    assert [each["error"] for each in lesson["checked"]] == [None] * 5
    assert not any(each["right"] for each in lesson["checked"])
    assert not set(GRADIENTS) & set(numbers(lesson))
    lines = lesson["scene"]["sources"][0]["lines"]
    shown = ["".join(piece["text"] for piece in line["pieces"]) for line in lines]
    assert "\n".join(shown) + "\n" == printed.source({})
    for fault in lesson["faults"]:
        assert fault["chosen"] == fault["options"][0]["name"]
        assert shown[fault["number"] - 1].strip() == fault["options"][0]["source"]


def test_mended_it_is_the_backward_of_the_rnn(session, hello):
    rnn, x, target = hello
    lesson = ask(session, "printed", HELLO, MENDED)
    assert lesson["stopped"] is None
    assert lesson["same"]
    assert all(each["right"] and each["error"] < 1e-6 for each in lesson["checked"])
    rnn = tiny.squared("hello", 0).rnn
    assert rnn.loss_name == "squared_error"
    found = numbers(lesson)
    whole = rnn.backward(x, target, np.zeros((3, 1)), np.zeros((3, 1)))
    for name, gradient in zip(GRADIENTS, whole, strict=True):
        np.testing.assert_array_equal(found[name], gradient)
    assert hello[0].loss_name == tiny.tiny("hello", 0).rnn.loss_name == "cross_entropy"


def test_a_line_that_is_wrong_makes_its_gradients_wrong(session):
    lesson = ask(session, "printed", HELLO, MENDED | {"slope": "none"}, 1)
    assert lesson["scene"]["step"] == 1
    wrong = {each["parameter"] for each in lesson["checked"] if not each["right"]}
    assert wrong == {"Wxh", "Whh", "bh"}
    (right,) = (each for each in lesson["checked"] if each["parameter"] == "by")
    assert right["why"].startswith("Right: ")
    returned = mending.tried_out("hello", 0, tuple((MENDED | {"slope": "none"}).items()))
    np.testing.assert_array_equal(numbers(lesson)["dWhh"], returned.gradients["Whh"])


def test_a_step_of_training_is_what_learning_does(session):
    rnn = RNN(4, 3, 4, "cross_entropy", np.random.default_rng(0))
    _, columns = one_hot("hello")
    x, target = inputs_and_targets(columns)
    zeros = np.zeros((3, 1))
    for step in range(4):
        lesson = ask(session, "training", HELLO, step, 1, 0.5, 0.25)
        gradients = rnn.backward(x, target, zeros, zeros)
        length = math.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
        shown = {value["name"]: value for value in lesson["scene"]["values"]}
        for name, gradient in zip(GRADIENTS, gradients, strict=True):
            np.testing.assert_allclose(shown[name]["numbers"], gradient, atol=1e-12)
            weights = getattr(rnn, name[1:])
            np.testing.assert_allclose(shown[name[1:]]["numbers"], weights, atol=1e-12)
            assert (shown[name]["symbol"], shown[name[1:]]["symbol"]) == ("g", "w")
            weights -= 0.5 * min(1, 0.25 / length) * gradient
        assert shown["|g|"]["numbers"][0][0] == pytest.approx(length)
        assert lesson["lengths"][step] == pytest.approx(length)
        assert lesson["factor"] == pytest.approx(0.25 / length)
        assert shown["rate"]["numbers"] == [[0.5]]
        assert shown["clip"]["numbers"] == [[0.25]]
    assert len(lesson["losses"]) == 201
    assert len(lesson["lengths"]) == 201


def test_it_learns_its_word(session):
    lesson = ask(session, "training", HELLO, 200, 0, 0.1, 5.0)
    assert lesson["word_steps"] == [0, 5, 10, 20, 50, 100, 150, 200]
    assert lesson["words"][-1] == "ello"
    assert lesson["words"][0] != "ello"
    assert lesson["taken_at"] == 65
    last = {value["symbol"]: value["numbers"] for value in lesson["scene"]["values"]}
    assert lesson["lengths"][200] == pytest.approx(last["|g|"][0][0], rel=1e-12)
    losses = lesson["losses"]
    assert losses[65] < 0.5 <= losses[64]
    assert lesson["factor"] == 1
    assert ask(session, "training", HELLO, 7, 0, 0.1, 5.0)["word_steps"] == [0, 5, 7]
    assert ask(session, "training", HELLO, 0, 0, 3, 0)["taken_at"] == 65


def test_by_too_large_a_rate_what_comes_of_it_is_told(session):
    lesson = ask(session, "training", HELLO, 200, 3, 100.0, 0.0)
    assert lesson["losses"][-1] > 10
    assert lesson["factor"] == 1


def test_a_rate_that_is_too_large_without_clipping_is_right_with_it(session):
    """As lesson 7 says."""
    losses = ask(session, "training", HELLO, 0, None, 3.0, 0.0)["losses"]
    assert min(losses[6:]) > 5
    clipped = ask(session, "training", HELLO, 20, None, 3.0, 1.0)
    assert clipped["words"][-1] == "ello"
    assert max(clipped["losses"][20:]) < 0.01


def test_printed_dWhh_is_zero_where_there_is_no_state_before(session):
    """As lesson 6 says: h_prev, which is 0 here, serves all time steps."""
    lesson = ask(session, "printed", HELLO, MENDED | {"dWhh": "h_prev"})
    found = numbers(lesson)
    assert not found["dWhh"].any()
    assert all(found[name].any() for name in GRADIENTS if name != "dWhh")
    assert [each["parameter"] for each in lesson["checked"] if not each["right"]] == ["Whh"]


def test_a_word_is_rehearsed_once(session, monkeypatch):
    setting = HELLO | {"word": "papaya"}
    ask(session, "sequence", setting, 0)
    ask(session, "training", setting, 1, 0, 0.2, 1.0)
    monkeypatch.setattr(tiny, "rehearse", None)
    for t in range(5):
        ask(session, "backward", setting, t)
        ask(session, "training", setting, 10 * t, t, 0.2, 1.0)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("forget", [None, 1.0])
def test_what_comes_back_along_each_state(session, cell, forget):
    lesson = ask(session, "forgetting", HELLO, cell, 0.5, forget, 0.01)
    network, inputs, targets = forgetting.untrained(cell, 4, np.random.default_rng(0))
    network = network.recurrence_times(0.5)
    if forget is not None and forgetting.has_gate(network):
        network = forgetting.hold_gate(network, forget)
    flows = forgetting.sent_back(network, inputs, targets)
    assert [road["state"] for road in lesson["roads"]] == list(flows) == list(CELLS[cell].states)
    for road, flow in zip(lesson["roads"], flows.values(), strict=True):
        assert road["norms"] == flow.norms.tolist()
        assert len(road["norms"]) == 40
        assert (lesson["factor"], lesson["length"]) == (flow.clip_factor(0.01), flow.length)
        assert road["clipped"] == (flow.norms * flow.clip_factor(0.01)).tolist()
        shown = {value["symbol"] for value in lesson["scene"]["values"]}
        assert road["symbol"] in shown
    ends = {state: flow.norms[-1] for state, flow in flows.items()}
    assert ends[lesson["best"]] == max(ends.values())
    assert lesson["left"] == flows[lesson["best"]].left(-1)
    alone = lesson["through_gate"]
    assert (alone is not None) == forgetting.has_gate(network)
    if alone and forget is not None:  # it is held at 1
        assert alone["norms"] == pytest.approx([alone["norms"][0]] * 40, rel=1e-12)
    assert lesson["cell"] == cell
    assert lesson["cells"] == {name: each.label for name, each in CELLS.items()}
    assert lesson["gate"] == ("forget gate" in CELLS[cell].gates)
    held = np.array(numbers(lesson).get("f", 1.0))
    assert forget is None or (held == 1).all()


def test_an_rnn_s_gradient_vanishes_or_explodes_within_what_can_be_chosen(session):
    least, most = limits.RECURRENCE
    assert ask(session, "forgetting", HELLO, "rnn", least, None, 1.0)["fate"] == "vanishes"
    assert ask(session, "forgetting", HELLO, "rnn", most, None, 1.0)["fate"] == "explodes"


def test_an_lstm_that_forgets_nothing_holds_what_an_rnn_lets_vanish(session):
    assert ask(session, "forgetting", HELLO, "rnn", 1.0, 1.0, 0.0)["fate"] == "vanishes"
    lesson = ask(session, "forgetting", HELLO, "lstm", 1.0, 1.0, 0.0)
    assert lesson["fate"] == "holds"
    assert lesson["factor"] == 1
    assert ask(session, "forgetting", HELLO, "lstm", 1.0, 0.5, 0.0)["fate"] == "vanishes"


@pytest.mark.parametrize("word", ["ab", "aabbccddeeff", "banana", "é🐟é", "  \n"])
def test_other_words(session, word):
    setting = HELLO | {"word": word, "seed": 2**32 - 1}
    last = len(word) - 2
    for method, arguments, step in [
        ("sequence", (None,), 0),
        ("hidden", (None, None, None), min(1, last)),
        ("loss", (None, None), 0),
        ("backward", (None,), last),
        ("shared", (None, None), 0),
        ("printed", ({}, None), last),
        ("training", (0, None, 0.1, 5.0), 0),
    ]:
        assert ask(session, method, setting, *arguments)["scene"]["step"] == step
    scene = ask(session, "sequence", setting, len(word) - 2)["scene"]
    assert scene["inputs"] == list(word[:-1])
    for choices in ({}, MENDED, {"outputs": "both", "slope": "before"}):
        ask(session, "printed", setting, choices)
    ask(session, "hidden", setting, 0, 2, 1.0)
    ask(session, "training", setting, 20, 0, 0.1, 5.0)
    ask(session, "forgetting", setting, "lstm", 1.0, 0.9, 5.0)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"word": ""}, "the word must have 2 to 12 characters, not 0"),
        ({"word": "hello hello hello"}, "the word must have 2 to 12 characters, not 17"),
        ({"word": "aaa"}, "the word must have 2 to 6 different characters, not 1"),
        ({"word": "abcdefg"}, "the word must have 2 to 6 different characters, not 7"),
        ({"word": 3}, "the word must be a str, not int"),
        ({"seed": 2**32}, "seed must be a whole number from 0 to 4,294,967,295, not 4294967296"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"seed": 0.5}, "seed must be a whole number"),
    ],
)
def test_a_setting_that_can_not_be_taken(session, setting, message):
    assert message in refusal(session, "sequence", HELLO | setting, 0)
    assert message in refusal(session, "training", HELLO | setting, 0, 0, 0.1, 5.0)
    assert message in refusal(session, "forgetting", HELLO | setting, "rnn", 1.0, None, 5.0)


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("sequence", (4,), "the time step must be a whole number from 0 to 3, not 4"),
        ("backward", (-1,), "the time step must be a whole number from 0 to 3, not -1"),
        ("hidden", (0, 3, 0.5), "unit must be a whole number from 1 to 3, not 4"),
        ("hidden", (0, 0, 1.5), "value must be a number from -1 to 1, not 1.5"),
        ("hidden", (0, 0, math.nan), "value must be a number from -1 to 1, not nan"),
        ("loss", (0, 0.0), "probability must be a number from 0.001 to 1, not 0"),
        ("loss", (0, 1.1), "probability must be a number from 0.001 to 1, not 1.1"),
        ("shared", (0, [True]), "on must say of each of 4 time steps whether it counts"),
        ("printed", ({"slope": "steep"},), "slope must be h_next, after, before or none"),
        ("printed", ({"flow": "after"},), "choices must be of outputs, dWhy, slope or dWhh"),
        ("training", (201, 0, 0.1, 5.0), "the training step must be a whole number from 0 to 200"),
        ("training", (0, 0, -0.1, 5.0), "the learning rate must be a number from 0 to 100"),
        ("training", (0, 0, 0.1, -1.0), "clip must be a number from 0 to 1000, not -1"),
        ("forgetting", ("cnn", 1.0, None, 5.0), "cell must be rnn, lstm, gru, peephole"),
        ("forgetting", ("rnn", 7.0, None, 5.0), "recurrence must be a number from 0.25 to 6"),
        ("forgetting", ("lstm", 1.0, 1.5, 5.0), "the forget gate must be a number from 0 to 1"),
        ("forgetting", ("lstm", 1.0, 1.0, math.inf), "clip must be a number from 0 to 1000"),
    ],
)
def test_a_number_that_can_not_be_taken(session, method, arguments, message):
    assert message in refusal(session, method, HELLO, *arguments)


def test_the_lessons_offer_nothing_of_a_run(session, capsys):
    for method in ("train", "status", "start", "save"):
        answer = session.call("lessons", method)
        assert answer["error"]["kind"] == "internal"
        assert (
            f"no method '{method}'; there are about, task_in, cell_source, source_hash, sequence"
            in str(answer)
        )
    assert session.call("lessons", "about")["value"]
    capsys.readouterr()
