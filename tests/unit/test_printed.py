"""The tutorial's printed backward: where it ends, and what each mend makes right."""

import inspect
import itertools
import traceback

import numpy as np
import pytest

from rnn_pkg import RNN
from rnn_pkg.look import printed
from rnn_pkg.look.gradcheck import rnn_gradients
from rnn_pkg.look.printed import FAULTS, MENDED_CHOICES, NEEDS, PRINTED_CHOICES
from rnn_pkg.look.recording import inputs_and_targets, one_hot

RUNS = {**MENDED_CHOICES, "outputs": "both"}  # with any other line as printed it still runs

DECIDED = {
    "outputs": {"Wxh", "Whh", "Why", "bh", "by"},
    "dWhy": {"Why"},
    "slope": {"Wxh", "Whh", "bh"},
    "dWhh": {"Whh"},
}


def example(word="hello", loss="cross_entropy", wild=False):
    """What try_out takes but for the choices, of an RNN with weights of some size."""
    characters, columns = one_hot(word)
    rng = np.random.default_rng(0)
    rnn = RNN(len(characters), 3, len(characters), loss, rng)
    for name in NEEDS:
        parameter = getattr(rnn, name)
        parameter += rng.normal(0, 0.7, parameter.shape)
    ends = rng.normal(size=(2, 3, 1)) if wild else np.zeros((2, 3, 1))
    return rnn, *inputs_and_targets(columns), *ends


def run(arguments, choices):
    rnn, inputs, targets, h_prev, dh_next = arguments
    return printed.try_out(rnn, inputs, targets, h_prev, dh_next, choices)


def right(outcome):
    return {name for name in NEEDS if outcome.right(name)}


def line_of(outcome, choices):
    """The line at which it ended."""
    assert outcome.line is not None
    return printed.source(choices).splitlines()[outcome.line - 1].strip()


def wrong_parameters(choices):
    """The parameters whose gradients must be wrong with these lines."""
    options = printed.chosen(choices)
    return set().union(*(DECIDED[name] for name, option in options.items() if not option.right))


def test_as_printed_it_ends_at_a_name_that_nobody_has_made():
    outcome = run(example(), {})
    assert outcome.stopped == "NameError: name 'outputs' is not defined"
    assert line_of(outcome, {}) == "dy = outputs[t] - targets[t]"
    assert (outcome.gradients, outcome.measured, outcome.errors) == ({}, {}, {})
    assert not outcome.same
    assert right(outcome) == set()


@pytest.mark.parametrize("fault", ["dWhy", "slope"])
def test_the_next_such_name_is_h_next(fault):
    choices = {**MENDED_CHOICES, fault: "h_next"}
    outcome = run(example(), choices)
    assert outcome.stopped == "NameError: name 'h_next' is not defined"
    assert line_of(outcome, choices) == printed.chosen(choices)[fault].source


@pytest.mark.parametrize("wild", [False, True])
@pytest.mark.parametrize("word", ["hello", "aba"])
@pytest.mark.parametrize("outputs", ["forward", "both"])
def test_mended_it_is_backward_bit_for_bit(outputs, word, wild):
    rnn, *arguments = example(word, "squared_error", wild)
    outcome = run((rnn, *arguments), {**MENDED_CHOICES, "outputs": outputs})
    assert (outcome.stopped, outcome.same) == (None, True)
    assert right(outcome) == set(NEEDS)
    expected = rnn_gradients(rnn, *arguments).gradients
    for name, gradient in outcome.gradients.items():
        np.testing.assert_array_equal(gradient, expected[name])


def test_mended_one_by_one_each_line_turns_right_what_it_decides():
    """In the order of their lines, the outputs by both names, so that it runs from then on."""
    choices = {**PRINTED_CHOICES, "outputs": "both"}
    told = [right(run(example(), choices))]
    for name in ("dWhy", "slope", "dWhh"):
        choices[name] = MENDED_CHOICES[name]
        told.append(right(run(example(), choices)))
    assert told == [
        {"by"},
        {"by", "Why"},
        {"by", "Why", "Wxh", "bh"},
        {"by", "Why", "Wxh", "bh", "Whh"},
    ]


@pytest.mark.parametrize(
    ("fault", "option"), [(fault, option) for fault in FAULTS for option in fault.options]
)
def test_one_line_alone_spoils_only_what_it_decides(fault, option):
    outcome = run(example(), {**RUNS, fault.name: option.name})
    spoilt = set() if option.right else DECIDED[fault.name]
    assert right(outcome) == set(NEEDS) - spoilt
    assert outcome.same == option.right
    if outcome.stopped is None:
        assert all(error > 0.01 for name, error in outcome.errors.items() if name in spoilt)


@pytest.mark.native
def test_every_combination():
    names = [[option.name for option in fault.options] for fault in FAULTS]
    arguments = example(wild=True)
    for chosen in itertools.product(*names):
        choices = dict(zip(PRINTED_CHOICES, chosen, strict=True))
        outcome = run(arguments, choices)
        asks = "h_next" in (choices["dWhy"], choices["slope"])
        ends = choices["outputs"] == "missing" or (asks and choices["outputs"] != "both")
        assert (outcome.stopped is not None) == ends, choices
        if not ends:
            assert right(outcome) == set(NEEDS) - wrong_parameters(choices), choices
        explained = printed.explain(choices, outcome)
        for name, text in explained.items():
            begin = "The function ended" if ends else "Right:" if outcome.right(name) else "Wrong:"
            assert text.startswith(begin), choices


def test_the_faults_say_what_they_decide():
    assert {fault.name: set(fault.decides) for fault in FAULTS} == DECIDED
    for fault in FAULTS:
        assert not fault.options[0].right  # as printed
        assert any(option.right for option in fault.options)
        assert fault.question.endswith("?")


@pytest.mark.parametrize("choices", [{}, RUNS, MENDED_CHOICES])
def test_each_line_stands_where_it_is_said_to(choices):
    lines = printed.source(choices).splitlines()
    for fault in FAULTS:
        assert lines[fault.number - 1].strip() == printed.chosen(choices)[fault.name].source
    assert all(len(line) <= 100 and line == line.rstrip() for line in lines)


def test_its_source_is_found_though_there_is_no_file():
    function = printed.compiled(RUNS)
    assert inspect.getsource(function) == printed.source(RUNS)
    function = printed.compiled({})
    rnn, *arguments = example()
    with pytest.raises(NameError) as caught:
        function(rnn, *arguments)
    assert "dy = outputs[t] - targets[t]" in "".join(traceback.format_exception(caught.value))


def test_whatever_the_network_learned_by_it_is_the_squared_error_here_and_nothing_changes():
    rnn, *arguments = example(wild=True)
    before = {name: getattr(rnn, name).copy() for name in NEEDS}
    assert run((rnn, *arguments), MENDED_CHOICES).same
    assert rnn.loss_name == "cross_entropy"
    for name, parameter in before.items():
        np.testing.assert_array_equal(getattr(rnn, name), parameter)


def test_it_says_why():
    arguments = example()
    choices = {**RUNS, "dWhy": "h_next", "dWhh": "h_prev"}
    why = printed.explain(choices, run(arguments, choices))
    assert why["by"] == "Right: the sum of all dy, it needs only the outputs."
    assert why["Why"] == (
        "Wrong: h_next, the state after the last step, serves every step here; y_t comes from h_t."
    )
    assert why["Whh"] == (
        "Wrong: h_prev is the state before the first step, and serves every step here."
    )
    choices = {**RUNS, "slope": "none", "dWhh": "after"}
    why = printed.explain(choices, run(arguments, choices))
    assert why["Whh"] == (
        "Wrong: this passes tanh by, as if its slope were 1; "
        "hidden[t + 1] is what came out at step t, not what went in."
    )


def test_with_a_single_step_some_faults_make_no_difference():
    choices = {**PRINTED_CHOICES, "outputs": "both"}
    outcome = run(example("ab"), choices)
    assert right(outcome) == set(NEEDS)
    why = printed.explain(choices, outcome)
    assert why["Whh"].startswith("Right here, where it makes no difference: ")
    assert why["by"].startswith("Right: ")


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"dWxh": "after"}, "choices must be of outputs, dWhy, slope or dWhh, not 'dWxh'"),
        ({"dWhh": "h_next"}, "dWhh must be h_prev, before or after, not 'h_next'"),
    ],
)
def test_unknown_choices_are_named(choices, message):
    with pytest.raises(ValueError, match=message):
        printed.source(choices)
