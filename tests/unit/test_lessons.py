"""What the lessons show: equations, sources and symbols that belong together, and to what runs."""

import inspect

import pytest

from rnn_pkg.engine.cells import CELLS
from rnn_pkg.look import printed
from rnn_pkg.page.lessons import cellcontents, contents
from rnn_pkg.page.lessons.notation import symbols_in
from rnn_pkg.page.lessons.source import pieces_of, source_of

LESSONS = ("sequence", "hidden", "loss", "backward", "shared", "training")
"""Those with a source that always is the same: that of lesson 6 is written by the learner."""

TOLD = tuple(cellcontents.MORE_FRAGMENTS)
"""The cells of which equations are told: one that somebody adds need not have any."""

CONTENTS = {f"tiny {name}": contents.CONTENTS[name] for name in LESSONS} | {
    f"{cell} {name}": cellcontents.content_of(name, cell) for cell in TOLD for name in LESSONS
}

each_content = pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)


def bare(text):
    return "".join(text.split())


def in_equations(content):
    return {name for equation in content.drawn for name in symbols_in(equation["math"])}


def in_sources(content):
    return {
        piece["symbol"]
        for source in content.written
        for line in source["lines"]
        for piece in line["pieces"]
        if piece["symbol"]
    }


@pytest.mark.native  # what the site has compiled is without docstrings
@pytest.mark.parametrize("content", [*CONTENTS.values(), contents.PRINTED])
def test_each_equation_stands_in_the_docstring_of_what_runs(content):
    for stated in content.equations:
        assert bare(stated.text) in bare(stated.owner.__doc__), stated.text


@each_content
def test_each_symbol_stands_in_equation_and_source_or_it_is_said_why_not(content):
    """That each has a value, too, is told of the networks in test_lessondesk.py."""
    equations, sources = in_equations(content), in_sources(content)
    assert equations | sources <= content.meanings.keys()
    lacking = content.meanings.keys() - (equations & sources)
    assert lacking <= content.reasons.keys()


@pytest.mark.parametrize("name", LESSONS)
def test_no_reason_is_given_for_nothing(name):
    content = contents.CONTENTS[name]
    lacking = content.meanings.keys() - (in_equations(content) & in_sources(content))
    assert lacking == content.reasons.keys()


def test_a_reason_of_the_cells_is_that_of_some_cell():
    lacking = set()
    for cell in TOLD:
        for name in ("hidden", "backward"):
            content = cellcontents.content_of(name, cell)
            lacking |= content.meanings.keys() - (in_equations(content) & in_sources(content))
    assert lacking == cellcontents.REASONS.keys()


def found(function, fragments):
    """The fragments that there are in the source of a function."""
    lines = source_of(function, fragments)["lines"]
    return {piece["text"] for line in lines for piece in line["pieces"]} & set(fragments)


@pytest.mark.parametrize(
    "content", [*contents.CONTENTS.values(), *cellcontents.OWN_CONTENTS.values()]
)
def test_each_fragment_stands_in_the_source(content):
    for function, fragments in content.sources:
        assert found(function, fragments) == set(fragments), function.__name__


def test_each_fragment_of_the_cells_stands_in_one_of_them():
    forward, backward = set(), set()
    for name, cell in CELLS.items():
        forward |= found(cell.forward, cellcontents.FORWARD_FRAGMENTS)
        shown = cellcontents.content_of("backward", name)
        of_cell = set().union(*(found(function, pieces) for function, pieces in shown.sources))
        assert set(cellcontents.MORE_FRAGMENTS.get(name, ())) <= of_cell
        backward |= of_cell
    assert forward == set(cellcontents.FORWARD_FRAGMENTS)
    assert backward >= set(cellcontents.BACKWARD_FRAGMENTS)


def test_each_fragment_of_the_printed_backward_stands_in_the_mended_one():
    fragments = contents.PRINTED_FRAGMENTS
    lines = printed.source(printed.MENDED_CHOICES).splitlines()
    texts = {piece["text"] for line in lines for piece in pieces_of(line, fragments)}
    assert set(fragments) <= texts
    assert set(fragments.values()) <= contents.PRINTED.meanings.keys()


def test_a_cell_has_all_that_is_told_of_it():
    assert set(TOLD) <= CELLS.keys()
    for name in TOLD:
        for activation in (*CELLS[name].shows, *CELLS[name].gates):
            assert CELLS[name].letter(activation) in cellcontents.CELL_MEANINGS


@pytest.mark.parametrize(
    ("cell", "forward", "backward"),
    [
        ("rnn", ["h_t"], ["da_t", "dh_{t-1}"]),
        ("lstm", ["i, f, o", "g", "c_t", "h_t"], ["dc_t", "da", "dc_{t-1}", "dh_{t-1}"]),
        ("gru", ["u_t", "r, z", "n", "h_t"], ["da_z", "da_n", "da_r", "du", "dh_{t-1}"]),
        (
            "peephole",
            ["i, f", "g", "c_t", "o", "h_t"],
            ["dc_t", "da", "dc_{t-1}", "dh_{t-1}", "dp"],
        ),
        (
            "coupled",
            ["f, o", "i", "g", "c_t", "h_t"],
            ["dc_t", "da", "dc_{t-1}", "dh_{t-1}"],
        ),
    ],
)
def test_the_equations_are_those_of_the_docstrings(cell, forward, backward):
    for lesson, expected in {
        "hidden": [*forward, "y_t", "softmax(y_t)"],
        "backward": backward,
    }.items():
        told = cellcontents.content_of(lesson, cell).drawn
        assert [equation["text"].split(" = ")[0] for equation in told] == expected
        assert all(equation["label"] for equation in told)


def test_what_is_an_equation_in_a_docstring():
    def function() -> None:
        """In which i = 1 - f.

        h_t      = tanh(   x_t + b)    hidden, or whatever
        dh_{t-1} = x_t f,  h_t         of both
        c_t = one that (is open
        not c_t = 0
        """

    assert [(each.label, each.text) for each in cellcontents.equations_in(function)] == [
        ("hidden, or whatever", "h_t = tanh(x_t + b)"),
        ("of both", "dh_{t-1} = x_t f, h_t"),
    ]


def test_a_cell_that_the_lessons_do_not_know_shows_its_equations_and_its_source(monkeypatch):
    """As one that somebody adds, see docs/change-something.md."""
    monkeypatch.setitem(CELLS, "another", CELLS["rnn"])
    content = cellcontents.content_of("backward", "another")
    assert [equation["text"] for equation in content.drawn] == [
        "da_t = (1 - h_t^2) dh_t",
        "dh_{t-1} = W_hh^T da_t",
    ]
    (source,) = content.written
    assert source["function"] == inspect.unwrap(CELLS["rnn"].backward).__name__
    assert {"dh_t", "W_hh"} <= content.meanings.keys()


def test_forgetting_shows_how_a_cell_goes_forward_too():
    equations = [each["text"] for each in cellcontents.content_of("forgetting", "lstm").drawn]
    assert "dc_{t-1} = dc_t f" in equations
    assert "c_t = f c_{t-1} + i g" in equations
