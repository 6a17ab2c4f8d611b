"""The tutorial's `backward` as it is printed, with its faults, which can be mended one by one.

In our own words, but line by line with the printed mistakes: nobody has made `outputs`, nobody has
made `h_next`, and one `h_prev` serves all time steps. Some lines can be written in several ways.
Whichever are chosen, that source is what is compiled and run, and its gradients are compared with
slopes that are measured.
"""

import copy
import linecache
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.checks import either, shown
from rnn_pkg.engine.linalg import Array
from rnn_pkg.look.gradcheck import (
    TOLERANCE,
    numerical_gradient,
    relative_error,
    rnn_gradients,
    smallest_told,
)
from rnn_pkg.rnn import RNN, Column

# The printed function keeps no hidden states. Ours lists them first, so that each mend is one line.
PRINTED = """\
def backward(self, inputs, targets, h_prev, dh_next):
    hidden = self._hidden_states(inputs, h_prev)  # before step t: hidden[t], after: hidden[t + 1]
    {outputs}
    dWxh, dWhh, dWhy = np.zeros_like(self.Wxh), np.zeros_like(self.Whh), np.zeros_like(self.Why)
    dbh, dby = np.zeros_like(self.bh), np.zeros_like(self.by)

    for t in reversed(range(len(inputs))):
        dy = outputs[t] - targets[t]
        {dWhy}
        dby += dy

        dh = self.Why.T @ dy + dh_next
        {slope}
        dWxh += da @ inputs[t].T
        {dWhh}
        dbh += da
        dh_next = self.Whh.T @ da

    return dWxh, dWhh, dWhy, dbh, dby
"""

FILE = "<the printed backward>"
"""What its source is called in tracebacks."""


class Option(NamedTuple):
    """One way to write a line."""

    name: str
    source: str
    right: bool
    remark: str  # what it does


class Fault(NamedTuple):
    """A line that is printed wrong, or not at all."""

    name: str  # where it stands in PRINTED
    question: str
    options: tuple[Option, ...]  # as printed first
    decides: tuple[str, ...]  # the parameters whose gradients are wrong while it is

    @property
    def number(self) -> int:
        """Its line, counted from 1."""
        lines = PRINTED.splitlines()
        return 1 + next(k for k, line in enumerate(lines) if f"{{{self.name}}}" in line)

    def option(self, name: str) -> Option:
        """Return the option of this name.

        Raises:
            ValueError: there is none.
        """
        for option in self.options:
            if option.name == name:
                return option
        names = either([option.name for option in self.options])
        raise ValueError(f"{self.name} must be {names}, not {shown(name)}")


FAULTS = (
    Fault(
        "outputs",
        "Where do the outputs come from?",
        (
            Option("missing", "", False, "nobody has made the outputs"),
            Option(
                "forward",
                "outputs, _ = self.forward(inputs, h_prev)",
                True,
                "forward returns the outputs of all time steps",
            ),
            Option(
                "both",
                "outputs, h_next = self.forward(inputs, h_prev)",
                True,
                "the outputs are right, but h_next is the state after the last step, and only that",
            ),
            Option(
                "late",
                "outputs = [self.Why @ h + self.by for h in hidden[:-1]]",
                False,
                "each output is made of the state before its step, and comes one step late",
            ),
        ),
        ("Wxh", "Whh", "Why", "bh", "by"),
    ),
    Fault(
        "dWhy",
        "Which hidden state was multiplied by Why at step t?",
        (
            Option(
                "h_next",
                "dWhy += dy @ h_next.T",
                False,
                "h_next, the state after the last step, serves every step here; y_t comes from h_t",
            ),
            Option(
                "after",
                "dWhy += dy @ hidden[t + 1].T",
                True,
                "y_t = Why h_t + by, and hidden[t + 1] is h_t",
            ),
            Option(
                "before",
                "dWhy += dy @ hidden[t].T",
                False,
                "hidden[t] is the state before step t, which Why has not met at that step",
            ),
        ),
        ("Why",),
    ),
    Fault(
        "slope",
        "Where is the slope of tanh taken at step t?",
        (
            Option(
                "h_next",
                "da = (1.0 - h_next * h_next) * dh",
                False,
                "h_next, the state after the last step, serves every step here; tanh gave h_t",
            ),
            Option(
                "after",
                "da = (1.0 - hidden[t + 1] * hidden[t + 1]) * dh",
                True,
                "h_t = tanh(a_t) has the slope 1 - h_t^2, and hidden[t + 1] is h_t",
            ),
            Option(
                "before",
                "da = (1.0 - hidden[t] * hidden[t]) * dh",
                False,
                "hidden[t] is the state before step t, whose slope is that of the step before",
            ),
            Option("none", "da = dh", False, "this passes tanh by, as if its slope were 1"),
        ),
        ("Wxh", "Whh", "bh"),
    ),
    Fault(
        "dWhh",
        "Which hidden state was multiplied by Whh at step t?",
        (
            Option(
                "h_prev",
                "dWhh += da @ h_prev.T",
                False,
                "h_prev is the state before the first step, and serves every step here",
            ),
            Option(
                "before",
                "dWhh += da @ hidden[t].T",
                True,
                "a_t = Wxh x_t + Whh h_{t-1} + bh, and hidden[t] is h_{t-1}",
            ),
            Option(
                "after",
                "dWhh += da @ hidden[t + 1].T",
                False,
                "hidden[t + 1] is what came out at step t, not what went in",
            ),
        ),
        ("Whh",),
    ),
)

NEEDS = {
    "Wxh": "made of da and x_t, it needs only the outputs and the slope of tanh",
    "Whh": "made of da and h_{t-1}, it needs the outputs, the slope of tanh and the state before "
    "each step",
    "Why": "made of dy and h_t, it needs only the outputs and the state after each step, and "
    "nothing of da",
    "bh": "the sum of all da, it needs only the outputs and the slope of tanh",
    "by": "the sum of all dy, it needs only the outputs",
}
"""What the gradient of each parameter is made of."""

Choices = Mapping[str, str]
"""The name of an option by that of its fault; what is not chosen stays as printed."""

PRINTED_CHOICES: Choices = {fault.name: fault.options[0].name for fault in FAULTS}

MENDED_CHOICES: Choices = {
    fault.name: next(option.name for option in fault.options if option.right) for fault in FAULTS
}


class Outcome(NamedTuple):
    """What came of running it."""

    stopped: str | None  # the error that it ended with
    line: int | None  # in which line, counted from 1
    gradients: dict[str, Array]  # by parameter; none if it ended before
    measured: dict[str, Array]  # the slopes, by central differences
    errors: dict[str, float]  # of each gradient, the largest, relative to the measured slopes
    same: bool  # whether they are bit for bit those of `RNN.backward`

    def right(self, parameter: str) -> bool:
        """Tell whether the gradient of a parameter agrees with what was measured."""
        return self.errors.get(parameter, np.inf) < TOLERANCE


def chosen(choices: Choices) -> dict[str, Option]:
    """Return the option of each fault.

    Raises:
        ValueError: there is no such fault, or it has no such option.
    """
    for name in choices:
        if name not in PRINTED_CHOICES:
            raise ValueError(f"choices must be of {either([*PRINTED_CHOICES])}, not {shown(name)}")
    every = {**PRINTED_CHOICES, **choices}
    return {fault.name: fault.option(every[fault.name]) for fault in FAULTS}


def source(choices: Choices) -> str:
    """Return the printed function with these lines."""
    text = PRINTED.format(**{name: option.source for name, option in chosen(choices).items()})
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def compiled(choices: Choices) -> Callable[..., tuple[Array, ...]]:
    """Return the printed function with these lines, which knows of nothing but NumPy."""
    text = source(choices)
    namespace: dict[str, Any] = {"np": np}
    exec(compile(text, FILE, "exec"), namespace)
    # So that tracebacks and `inspect` find the source, though there is no such file.
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    backward: Callable[..., tuple[Array, ...]] = namespace["backward"]
    return backward


def try_out(
    rnn: RNN,
    inputs: list[Column],
    targets: list[Column],
    h_prev: Column,
    dh_next: Column,
    choices: Choices,
) -> Outcome:
    """Run the printed function with these lines, and compare its gradients with measured slopes.

    It is written for the squared error, and so that is the loss here, whatever `rnn` has learned
    by. Nothing of `rnn` changes.

    Args: as for `RNN.backward`.
    """
    rnn = copy.deepcopy(rnn)
    rnn.loss_name = "squared_error"
    loss, parameters, right = rnn_gradients(rnn, inputs, targets, h_prev, dh_next)
    try:
        returned = compiled(choices)(rnn, inputs, targets, h_prev, dh_next)
    except Exception as error:  # whatever these lines bring about is what is to be shown
        stopped, line = f"{type(error).__name__}: {error}", _line(error.__traceback__)
        return Outcome(stopped, line, {}, {}, {}, False)
    gradients = dict(zip(parameters, returned, strict=True))
    measured = {name: numerical_gradient(loss, each) for name, each in parameters.items()}
    smallest = smallest_told(loss)
    errors = {
        name: relative_error(gradients[name], slopes, smallest) for name, slopes in measured.items()
    }
    same = all(np.array_equal(gradients[name], right[name]) for name in parameters)
    return Outcome(None, None, gradients, measured, errors, same)


def explain(choices: Choices, outcome: Outcome) -> dict[str, str]:
    """Say of each parameter why its gradient is right with these lines, or wrong."""
    if outcome.stopped is not None:
        return dict.fromkeys(NEEDS, "The function ended before it returned any gradient.")
    options = chosen(choices)
    why = {}
    for parameter, needs in NEEDS.items():
        deciding = [options[fault.name] for fault in FAULTS if parameter in fault.decides]
        wrong = [option.remark for option in deciding if not option.right]
        if not wrong:
            why[parameter] = f"Right: {needs}."
        elif outcome.right(parameter):
            why[parameter] = f"Right here, where it makes no difference: {'; '.join(wrong)}."
        else:
            why[parameter] = f"Wrong: {'; '.join(wrong)}."
    return why


def _line(traceback: TracebackType | None) -> int | None:
    """Return in which line of the printed function an error came up."""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return None
