"""The source of functions as the lessons show it."""

import inspect

import pytest

from rnn_pkg.engine import cells
from rnn_pkg.page.lessons.source import pieces_of, source_of
from rnn_pkg.rnn import RNN, log_softmax


def text_of(line):
    return "".join(piece["text"] for piece in line["pieces"])


@pytest.mark.parametrize("function", [RNN.backward, log_softmax, cells.lstm_forward])
def test_the_lines_are_those_of_the_file(function):
    source = source_of(function, {"dy": "dy_t", "c[t]": "c_{t-1}"})
    file = inspect.getsource(inspect.getmodule(inspect.unwrap(function))).splitlines()
    shown = [text_of(line) for line in source["lines"]]
    indent = len(file[source["lines"][0]["number"] - 1]) - len(shown[0])
    for line, text in zip(source["lines"], shown, strict=True):
        assert file[line["number"] - 1][indent:] == text
    assert shown[0].startswith("def ")
    assert "return" in shown[-1]
    assert not any('"""' in text for text in shown)


def test_where_it_is():
    assert source_of(RNN.backward, {})["file"] == "rnn_pkg/rnn.py"
    assert source_of(RNN.backward, {})["function"] == "RNN.backward"
    assert source_of(cells.gru_backward, {})["file"] == "rnn_pkg/engine/cells.py"
    assert source_of(cells.gru_backward, {})["function"] == "gru_backward"


def test_a_function_without_a_docstring():
    def double(x: float) -> float:
        return 2 * x

    assert [text_of(line) for line in source_of(double, {})["lines"]] == [
        "def double(x: float) -> float:",
        "    return 2 * x",
    ]


def test_a_class_is_no_function():
    with pytest.raises(ValueError, match="not that of one function"):
        source_of(RNN, {})


def test_the_longest_fragment_counts():
    fragments = {"dy": "dy_t", "self.Why.T @ dy": "flow", "dh": "dh_t"}
    assert pieces_of("dh = self.Why.T @ dy + dy", fragments) == [
        {"text": "dh", "symbol": "dh_t"},
        {"text": " = ", "symbol": None},
        {"text": "self.Why.T @ dy", "symbol": "flow"},
        {"text": " + ", "symbol": None},
        {"text": "dy", "symbol": "dy_t"},
    ]


def test_only_whole_names_count():
    line = "dh_later = self.h @ h_t + x.h + sh(hh)"
    assert pieces_of(line, {"h": "h_t", "dh": "dh_t"}) == [{"text": line, "symbol": None}]


def test_an_empty_line_has_one_empty_piece():
    assert pieces_of("", {}) == pieces_of("", {"h": "h_t"}) == [{"text": "", "symbol": None}]
