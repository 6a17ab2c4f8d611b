"""A cell that somebody wrote is judged: no right one is blamed, and each fault is named rightly."""

import re
import subprocess
import sys

import numpy as np
import pytest

from rnn_pkg import check_cell
from rnn_pkg.engine.written import EXAMPLES, example
from rnn_pkg.look import cellcheck

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.native  # autograd


@pytest.fixture(autouse=True, scope="module")
def soon_measured():
    """Of the speed one step is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cellcheck, "MEASURED_FOR", 0.0)
        patch.setattr(cellcheck, "ROUNDS", 1)
        patch.setattr(cellcheck, "USUAL", cellcheck.SMALL)
        yield


GRU, LSTM = example("gru"), example("lstm")

HAND_WRITTEN_GRU = example("faulty").replace(
    'return da, (dot(du, W["weight_hh"].T),), dW',
    'return da, (dh * z + dot(du, W["weight_hh"].T),), dW',
)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "faulty"])
def test_the_examples_are_right(name):
    judged = check_cell(example(name))
    assert judged.right, judged
    assert judged.stage == "speed"
    assert all(gradient.error < 1e-6 for gradient in judged.gradients)
    assert judged.automatic == ("step_backward" not in example(name))
    assert judged.speed
    assert judged.milliseconds
    assert judged.speed * judged.milliseconds == pytest.approx(1000 * 4 * 3)


def test_a_backward_pass_by_hand_is_right():
    judged = check_cell(HAND_WRITTEN_GRU)
    assert judged.right, judged
    assert not judged.automatic


def planted(source, right, wrong):
    assert source.count(right) == 1, right
    return source.replace(right, wrong)


BACKWARD_FAULTS = {
    "twice": (LSTM, "dot(da.T, h.T)", "2 * dot(da.T, h.T)", "weight_hh is twice as large"),
    "half": (LSTM, "np.sum(da, axis=0)", "np.sum(da, axis=0) / 2", "bias_hh is half as large"),
    "sign": (LSTM, "dot(da.T, h.T)", "-dot(da.T, h.T)", "weight_hh has the wrong sign"),
    "missing": (LSTM, "dot(da.T, h.T)", "0 * W['weight_hh']", "weight_hh is missing"),
    "one text": (LSTM, "np.sum(da, axis=0)", "da[0]", "bias_hh is that of one text alone"),
    "last text": (LSTM, "np.sum(da, axis=0)", "da[-1]", "bias_hh is that of one text alone"),
    "mean": (LSTM, "np.sum(da, axis=0)", "np.mean(da, axis=0)", "is the mean over the batch"),
    "no sum": (LSTM, "np.sum(da, axis=0)", "da", r"is \(B, 4H\), expected \(4H\): the sum over"),
    "carried h": (
        *(LSTM, 'dot(da, W["weight_hh"].T), dc * f', '0 * h, dc * f'),
        "sent back to the hidden state is missing.*from the second step on",
    ),
    "carried c": (
        *(LSTM, 'W["weight_hh"].T), dc * f', 'W["weight_hh"].T), dc'),
        "sent back to the cell state is wrong.*from the second step on",
    ),
    "carried z": (
        *(HAND_WRITTEN_GRU, "(dh * z + dot", "(dot"),
        "sent back to the hidden state is wrong.*from the second step on",
    ),
    "a gate's slope": (LSTM, "dc * g * i * (1 - i)", "dc * g * i", "in the part of input gate"),
    "tanh's slope": (LSTM, "dc * i * (1 - g * g)", "dc * i", "in the part of candidate"),
    "transposed": (
        *(example("rnn") + '''

def step_backward(x, state, W, dstate):
    (h,) = state
    (after,) = step(x, state, W)
    da = dstate[0] * (1 - after * after)
    dW = {"weight_hh": dot(da.T, h.T), "bias_hh": np.sum(da, axis=0)}
    return da, (dot(da, W["weight_hh"].T),), dW
''', "dot(da.T, h.T)", "dot(h.T, da.T)", "weight_hh is transposed"),
    ),
    "forgotten": (LSTM, ', "bias_hh": np.sum(da, axis=0)}', "}", "must be a dict of weight_hh"),
    "an error": (LSTM, "dh, dc = dstate", "dh, dc, more = dstate", "ValueError: not enough values"),
}  # fmt: skip


@pytest.mark.parametrize("name", BACKWARD_FAULTS)
def test_a_fault_of_the_way_back_is_named(name):
    source, right, wrong, words = BACKWARD_FAULTS[name]
    judged = check_cell(planted(source, right, wrong))
    assert (judged.right, judged.stage) == (False, "gradients")
    assert re.search(words, judged.message), judged.message


FAULTS = {
    "a bracket": (GRU, "(h,) = state", "(h, = state", "syntax", "not Python", 7),
    "an indent": (GRU, "    r = sig", "   r = sig", "syntax", "not Python", 10),
    "a typo": (GRU, "sigmoid(x_r", "sigmid(x_r", "names", "did you mean sigmoid", 10),
    "NumPy's name": (GRU, "np.split(x,", "np.splt(x,", "names", "did you mean split", 8),
    "an import": (GRU, "gates =", "import os; gates =", "names", "imports nothing", 3),
    "no gates": (GRU, "gates =", "gate =", "names", "which gates", None),
    "no step": (GRU, "def step(", "def stp(", "names", "must have a function step", None),
    "a sum": (GRU, "tanh(x_n +", "tanh(x +", "shapes", r"shapes \(B, 3H\) \(B, H\)", 12),
    "a size": (GRU, "n + z * (h - n)", "u", "names", "there is no u", 13),
    "no tuple": (LSTM, "sigmoid(o) * tanh(c), c\n", "c\n", "shapes", "a state of 2", None),
    "a wide state": (
        GRU, "(n + z * (h - n),)", "(x,)", "shapes", r"is \(B, 3H\), expected \(B, H\)", None,
    ),
    "a row": (GRU, "(n + z * (h - n),)", "(n[0],)", "shapes", r"is \(H\), expected", None),
    "a logarithm": (GRU, "n = tanh(x_n", "n = np.log(x_n", "numbers", "n is infinite", 12),
    "growth": (GRU, "n + z * (h - n)", "1e9 * h + n", "numbers", "infinite", 7),
    "a counter": (
        planted(GRU, "gates =", "seen = []\ngates ="), "(h,) = state",
        "(h,) = state; seen.append(1)", "purity", None, None,
    ),
    "in place": (GRU, "(h,) = state", "(h,) = state; h += 1", "purity", "must leave", 7),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line(name):
    source, right, wrong, stage, words, line = FAULTS[name]
    judged = check_cell(planted(source, right, wrong))
    if name == "a counter":
        assert judged.right  # what is counted has no effect yet
        judged = check_cell(
            planted(source, right, wrong).replace("n + z", "0.01 * len(seen) + n + z")
        )
        words = "another state the second time"
    assert (judged.right, judged.stage, judged.line) == (False, stage, line), judged
    assert re.search(words, judged.message), judged.message


def test_what_autograd_can_not_follow_is_said():
    judged = check_cell(
        planted(GRU, "    r = sigmoid", "    x_r = x_r * 1\n    x_r[:] = 0\n    r = sigmoid")
    )
    assert (judged.right, judged.stage, judged.line) == (False, "gradients", 11)
    assert "autograd can't follow" in judged.message


ACTIVATIONS = ["sigmoid({})", "tanh({})", "np.sin({})", "np.maximum({}, 0)", "np.arctan({})", "{}"]


@st.composite
def right_cells(draw):
    """Recurrences of random gates, products and functions, each with one or two states."""
    count, states = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    lines = ["h, c = state" if states == 2 else "(h,) = state"]
    how = draw(st.sampled_from(["x + affine(h, W['weight_hh'], W['bias_hh'])",
                                "x * 0.5 + h @ W['weight_hh'].T - W['bias_hh']"]))  # fmt: skip
    lines.append(f"parts = np.split({how}, {count}, axis=1)")
    for place in range(count):
        function = draw(st.sampled_from(ACTIVATIONS))
        lines.append(f"g{place} = {function.format(f'parts[{place}]')}")
    terms = [f"g{place}" for place in range(count)] + ["h"] + (["c"] if states == 2 else [])
    more = draw(st.booleans())
    if more:
        terms.append("(W['weight_more'] * h)[:, :]")
    term = st.sampled_from(terms)

    def bounded():
        return f"tanh(0.5 * {draw(term)} * {draw(term)} + 0.3 * {draw(term)})"

    if states == 2:
        lines.append(f"c = 0.5 * c + {bounded()}")
    lines.append(f"h = {bounded()}")
    lines.append("return (h, c)" if states == 2 else "return h")
    gates = ", ".join(f'"gate {place}"' for place in range(count))
    names = '"hidden state", "cell state"' if states == 2 else '"hidden state",'
    parameters = 'parameters = {"weight_more": "H"}\n' if more else ""
    body = "\n    ".join(lines)
    given = f"gates = ({gates},)\nstates = ({names})\n{parameters}"
    return f"{given}\ndef step(x, state, W):\n    {body}\n"


@given(right_cells())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_right_cell_is_blamed(source):
    judged = check_cell(source)
    assert judged.right, f"{judged}\n{source}"


def test_what_is_planted_is_at_least_twenty_faults():
    assert len(BACKWARD_FAULTS) + len(FAULTS) >= 20
    assert np.unique([words for *_, words in BACKWARD_FAULTS.values()]).size >= 10


RNN = example("rnn")


def tanh_of(words, more=""):
    return (
        f'gates = "hidden state"\n{more}\ndef step(x, state, W):\n    (h,) = state\n'
        f'    a = x + affine(h, W["weight_hh"], W["bias_hh"])\n    return {words}\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        tanh_of("tanh(x) + 1e-8 * h"),
        tanh_of('sigmoid(W["q"] + 15) * tanh(a)', 'parameters = {"q": "H"}'),
        tanh_of("np.maximum(a, 0)"),
        tanh_of("np.clip(a, -1, 1)"),
        tanh_of("np.where(a > 0, tanh(a), 0.1 * a)"),
        tanh_of("tanh(a) * (a.mean() * 0 + 1) if False else tanh(a)"),
        tanh_of("h"),
        tanh_of('tanh(affine(h, W["weight_hh"], W["one"]))', 'parameters = {"one": 1}'),
        "import numpy as np\n" + RNN,
        RNN.replace("tanh(x", "_f(x") + "\n\ndef _f(a: np.ndarray):\n    return tanh(a)\n",
    ],
)
def test_what_looks_strange_may_be_right(source):
    judged = check_cell(source)
    assert judged.right, f"{judged}\n{source}"


@pytest.mark.parametrize(
    ("source", "stage", "words"),
    [
        (tanh_of("tanh(a - np.mean(h, axis=0))"), "purity", "depends on the others of its batch"),
        (tanh_of("np.squeeze(tanh(a))"), "shapes", "expected"),
        (tanh_of("tanh(a) if x.dtype == np.float64 else 0 * h"), "purity", "float32"),
        (tanh_of('tanh(h @ W["weight_hh"])', "gates = 'a', 'b'"), "shapes", "need .T behind it"),
        (tanh_of("tanh(a)", 'parameters = {"p": 0}'), "names", "the shape of p must be of 1 to"),
        (tanh_of("tanh(a)", 'parameters = {"p": ("99H", "H")}'), "names", "the shape of p must"),
        (tanh_of("W.update(m=h) or tanh(a)"), "purity", "in place"),
        (RNN.replace("(h,) = state", "(h,) = state; W['m'] = h"), "purity", "in place"),
        (
            tanh_of("tanh(a)", "def start(W):\n    W['bias_hh'] = {}"),
            "shapes",
            'W["bias_hh"] finite numbers',
        ),
        (
            tanh_of("tanh(a)", "def start(W):\n    W['bias_hh'] = 1j * W['bias_hh']"),
            "shapes",
            'W["bias_hh"] finite numbers',
        ),
        (tanh_of("tanh(a)", "def start(W):\n    W['weigt'][:] = 0"), "shapes", "KeyError: 'weigt'"),
        (
            tanh_of("tanh(a)", "def start(W):\n    W['bias_hh'] = np.log(-W['bias_hh']**2)"),
            *("shapes", "must leave W"),
        ),
    ],
)
def test_what_else_is_wrong_is_told(source, stage, words):
    judged = check_cell(source)
    assert not judged.right
    assert judged.stage == stage, judged
    assert words in judged.message


def test_a_branch_that_only_large_numbers_enter_is_tried():
    source = RNN.replace(
        'return (tanh(x + affine(h, W["weight_hh"], W["bias_hh"])),)',
        'return (np.clip(x + affine(h, W["weight_hh"], W["bias_hh"]), -3, 3),)',
    )
    backward = """

def step_backward(x, state, W, dstate):
    (h,), (dh,) = state, dstate
    dW = {"weight_hh": dot(dh.T, h.T), "bias_hh": np.sum(dh, axis=0)}
    return dh, (dot(dh, W["weight_hh"].T),), dW
"""
    assert check_cell(source).right
    judged = check_cell(source + backward)
    assert (judged.right, judged.stage) == (False, "gradients")


def test_what_goes_back_may_add_to_what_it_was_given():
    added = planted(LSTM, "dc = dc + dh * o", "dc += dh * o")
    assert check_cell(added).right


def test_a_backward_pass_that_keeps_something_is_found_out():
    source = (
        planted(RNN, "(h,) = state", "(h,) = state\n    kept['h'] = h")
        + """

kept = {}


def step_backward(x, state, W, dstate):
    (h,) = state
    slope = 1 - tanh(x + affine(h, W["weight_hh"], W["bias_hh"])) ** 2
    da = dstate[0] * slope
    dW = {"weight_hh": dot(da.T, kept["h"].T), "bias_hh": np.sum(da, axis=0)}
    return da, (dot(da, W["weight_hh"].T),), dW
"""
    )
    judged = check_cell(source)
    assert "of a single step all is right" in judged.message


def test_a_word_in_a_comment_is_no_backward_pass():
    assert check_cell(GRU + "\n# no step_backward here\n").automatic


@pytest.mark.parametrize("method", ["mean", "sum", "max", "std", "any", "clip"])
def test_a_method_of_numpy_s_works_whoever_calls_it_first(method):
    arguments = "-9, 9" if method == "clip" else ""
    source = tanh_of(f"tanh(a) + 0 * h.{method}({arguments})")
    code = "import sys, rnn_pkg; cell = rnn_pkg.Cell.from_source(sys.argv[1]);"
    code += "import numpy as np; w = np.ones((2, 2)); cell.forward(np.ones((1, 2, 2)), "
    code += "{'weight_hh': w, 'bias_hh': w[0]}, (w,))"
    done = subprocess.run([sys.executable, "-c", code, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
