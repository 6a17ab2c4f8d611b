"""The docstrings' equations as MathML: every kind of thing they have, and what can't be read."""

import re

import pytest

from rnn_pkg.page.lessons.notation import at_step, math_of, symbols_in

MATHML_CORE = {"math", "mrow", "mi", "mn", "mo", "msub", "msup", "mfrac", "mtext"}


def plain(node):
    """An element of MathML in one line: indices behind _, superscripts behind ^, [above/below]."""
    inside = [plain(child) for child in node["children"]]
    if node["tag"] == "msub":
        return f"{inside[0]}_{inside[1]}"
    if node["tag"] == "msup":
        return f"{inside[0]}^{inside[1]}"
    if node["tag"] == "mfrac":
        return f"[{inside[0]}/{inside[1]}]"
    return "".join(inside) or node["text"].replace("\N{THIN SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("h_t = tanh(Wxh x_t + bh)", "h_t=tanh(W_xh x_t+b_h)"),
        ("W_hh h_{t-1}", "W_hh h_t−1"),
        ("dWhh += da_t h_{t-1}^T", "dW_hh+=da_t h_t−1^T"),
        ("dL/dy_t = y_t - target_t", "[∂L/∂y_t]=y_t−target_t"),
        ("(1 - h_t^2) * dL/dh_t", "(1−h_t^2)⊙[∂L/∂h_t]"),
        ("dL/dh_{t-1} = (dh_t/dh_{t-1})^T dL/dh_t", "[∂L/∂h_t−1]=([∂h_t/∂h_t−1])^T [∂L/∂h_t]"),
        ("sum_t 1/2 |y_t - target_t|^2", "∑_t [1/2] |y_t−target_t|^2"),
        ("-log softmax(y_t)[target_t]", "−log softmax(y_t)_target_t"),
        ("y - log sum exp(y)", "y−log ∑ exp(y)"),
        ("i, f = sigmoid(x_t)  input and forget gate", "i,f=sigmoid(x_t) input and forget gate"),
        ("da = i(1-i), dc_t f", "da=i (1−i),dc_t f"),
        ("1 - tanh(c_t)^2", "1−tanh(c_t)^2"),
        ("g <- g clip / |g|", "g←g [clip/|g|]"),
        ("h_t = max(0, x_t)", "h_t=max(0,x_t)"),
        ("h_{-1}", "h_−1"),
        ("h_10", "h_10"),
    ],
)
def test_what_the_docstrings_write(text, drawn):
    found = plain(math_of(text)).replace("\N{FUNCTION APPLICATION}", "")
    assert found == drawn


def elements(node):
    yield node
    for child in node["children"]:
        yield from elements(child)


def test_it_is_mathml():
    math = math_of("dL/dh_t = (1 - h_t^2) * Whh^T sum_t 1/2 |y_t|^2  in words")
    for element in elements(math):
        assert element["tag"] in MATHML_CORE
        assert not (element["text"] and element["children"])
        if element["tag"] in ("msub", "msup", "mfrac"):
            assert len(element["children"]) == 2


def test_symbols_are_found_by_their_names():
    symbols = ["h_t", "h_{t-1}", "Whh", "dh_t", "Whh^T dL/da_{t+1}", "softmax(y_t)", "(1 - h_t^2)"]
    math = math_of("dL/dh_t = softmax(y_t) + Whh^T dL/da_{t+1} + h_{t-1} (1 - h_t^2)", symbols)
    found = ["dh_t", "softmax(y_t)", "Whh^T dL/da_{t+1}", "Whh", "h_{t-1}", "(1 - h_t^2)", "h_t"]
    assert symbols_in(math) == found


def test_a_symbol_is_a_whole_name():
    assert symbols_in(math_of("h_t = o tanh(c_t) + da_t", ["h", "t", "tanh", "a_t", "o"])) == ["o"]
    assert symbols_in(math_of("|g|", ["|g|", "g"])) == ["|g|"]
    assert symbols_in(math_of("|g|", ["g"])) == ["g"]
    assert symbols_in(math_of("clip / |g|", ["|g|"])) == ["|g|"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("h_t = tanh(x_t", "')' is missing in the equation 'h_t = tanh(x_t'"),
        ("softmax(y_t)[k", "']' is missing"),
        ("|g", "'|' is missing"),
        ("h_t^", "something is missing at the end in the equation 'h_t^'"),
        ("h_t = )", "')' is out of place"),
        ("a ? b", "'?' is out of place"),
    ],
)
def test_what_can_not_be_read(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        math_of(text)


@pytest.mark.parametrize(
    ("name", "t", "called"),
    [
        ("h_t", 2, "h_2"),
        ("h_{t-1}", 2, "h_1"),
        ("h_{t-1}", 0, "h_{-1}"),
        ("Whh^T dL/da_{t+1}", 3, "Whh^T dL/da_4"),
        ("softmax(y_t)[target_t]", 0, "softmax(y_0)[target_0]"),
        ("(1 - h_t^2)", 1, "(1 - h_1^2)"),
        ("Wxh", 1, "Wxh"),
        ("f", 1, "f"),
    ],
)
def test_what_a_symbol_is_called_at_a_time_step(name, t, called):
    assert at_step(name, t) == called
    assert math_of(called)
