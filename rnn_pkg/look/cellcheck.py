"""Is a cell that somebody wrote right? Judged stage by stage, up to the first fault.

syntax      it is Python
names       it names only what is there, and gives what a cell needs
shapes      each step makes a state of the right shape
numbers     which is finite,
purity      and depends on nothing but what the step takes, which it leaves as it is
gradients   going back agrees with central differences, in float64, parameter by parameter
speed       how long a step of training takes
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.engine.cell import Cell
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.recurrence import State, Weights
from rnn_pkg.engine.source import FILE, CellFault, fault_of
from rnn_pkg.engine.written import from_source, in_symbols
from rnn_pkg.look.cellfaults import Gradient, what_is_wrong
from rnn_pkg.look.gradcheck import Checked, numerical_gradient, smallest_told

STAGES = ("syntax", "names", "shapes", "numbers", "purity", "gradients", "speed")
"""In this order a cell is judged."""

SMALL = {"T": 4, "B": 3, "H": 4}
"""Sizes at which gradients are measured."""

TELLING = {"T": 2, "B": 11, "H": 7}
"""Sizes of which no two can be taken for each other."""

USUAL = {"T": 32, "B": 16, "H": 128}
"""Sizes at which speed is measured: those that Config has."""

STEPS = 40
"""Through so many steps a state must stay finite."""

INPUT = 3
"""Size of the input, which no step sees."""

LARGE = 3.0
"""Numbers that reach limits, if there are some."""

DRAWS = 3
"""A gradient is wrong if it is with every one of so many draws: at a kink, such as that of
max(a, 0) at 0, a measured slope isn't the gradient, but hardly every draw comes near one."""

MEASURED_FOR, ROUNDS = 0.3, 3
"""Seconds, and steps, for which speed is measured at least."""


class Judgement(NamedTuple):
    """What is known of a cell.

    Attributes:
        right: whether no fault was found.
        stage: at which the fault was found; of a right cell, the last one.
        message: what is wrong; of a right cell, what it is.
        line: of the source, counted from 1; None if the fault isn't in a single one.
        gradients: those that were measured.
        automatic: whether autograd finds the gradient.
        milliseconds: that a step of training takes, forward and backward, with T, B, H as USUAL.
        speed: characters per second, to be expected of a network of this cell; None if there was a
            fault.
    """

    right: bool
    stage: str
    message: str
    line: int | None = None
    gradients: tuple[Checked, ...] = ()
    automatic: bool = False
    milliseconds: float | None = None
    speed: float | None = None


class Drawn(NamedTuple):
    """What a cell is tried with: projected (T, B, G*H), weights, the state before the first step,
    and what gradients begin with."""

    projected: Array
    weights: Weights
    state: State
    dhidden: Array
    dstate: State


class WrongGradients(CellFault):
    """Gradients are not what was measured; `gradients` are the errors."""

    def __init__(self, message: str, gradients: tuple[Checked, ...]) -> None:
        super().__init__("gradients", message)
        self.gradients = gradients


def check_cell(source: str) -> Judgement:
    """Judge the source of a cell; see `Cell.from_source` for what it is. It is run for that."""
    stage = "names"
    try:
        cell = Cell.from_source(source)
        for stage, check in CHECKS.items():  # noqa: B007 (an error is one of this stage)
            check(cell)
        stage = "gradients"
        gradients = check_gradients(cell)
        stage = "speed"
        milliseconds = measured(cell)
    except WrongGradients as fault:
        return Judgement(False, fault.stage, fault.message, fault.line, fault.gradients)
    except Exception as error:  # whatever a source brings about is a fault of its own
        found = fault_of(stage, error)
        return Judgement(False, found.stage, found.message, found.line)
    automatic = from_source(source).contract.step_backward is None
    speed = 1000 * USUAL["T"] * USUAL["B"] / milliseconds
    words = f"{cell.label}: right; {milliseconds:.1f} ms a step, {speed:,.0f} characters per second"
    return Judgement(True, "speed", words, None, gradients, automatic, milliseconds, speed)


def drawn(cell: Cell, sizes: Mapping[str, int], seed: int, scale: float = 0.5) -> Drawn:
    """Draw what a cell is tried with, in float64."""
    steps, batch, hidden = sizes["T"], sizes["B"], sizes["H"]
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> Array:
        return rng.uniform(-scale, scale, shape)

    weights = {n: some(*each.shape(INPUT, hidden)) for n, each in cell.parameters.items()}
    return Drawn(
        some(steps, batch, len(cell.gates) * hidden),
        weights,
        tuple(some(batch, hidden) for _ in cell.states),
        some(steps, batch, hidden),
        tuple(some(batch, hidden) for _ in cell.states),
    )


def check_shapes(cell: Cell) -> None:
    """Raise CellFault unless a step makes a state of what it takes, and `start` can change the
    weights."""
    given = drawn(cell, TELLING, seed=0)
    try:
        cell.forward(given.projected, given.weights, given.state)
    except CellFault as fault:
        raise CellFault(fault.stage, in_symbols(fault.message, TELLING), fault.line) from fault
    if cell.start is not None:
        cell.start(given.weights)


def check_numbers(cell: Cell) -> None:
    """Raise CellFault if a state ceases to be finite numbers: in STEPS steps of usual numbers, or
    in a step of large ones."""
    for scale, steps, words in ((0.5, STEPS, "usual"), (30.0, 1, "large")):
        given = drawn(cell, {**SMALL, "T": steps}, seed=1, scale=scale)
        with np.errstate(all="ignore"), infinity_found() as where:
            hidden, state, _ = cell.forward(given.projected, given.weights, given.state)
        if all(np.isfinite(array).all() for array in (hidden, *state)):
            continue
        name, line = where()
        what = f"{name} is" if name else "the state becomes"
        raise CellFault(
            "numbers", f"{what} infinite or no number (nan) with {words} inputs and weights", line
        )


def _is_infinite(value: Any) -> bool:
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return is_float and not np.isfinite(value).all()


@contextmanager
def infinity_found() -> Iterator[Callable[[], tuple[str, int | None]]]:
    """Give what tells which name of the source was the first not to be finite, and after which
    line."""
    found: list[tuple[str, int | None]] = []
    lines: dict[FrameType, int] = {}

    def look(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != FILE:
            return None
        if event == "line" and not found:
            for name, value in frame.f_locals.items():
                if _is_infinite(value):
                    found.append((name, lines.get(frame)))
            lines[frame] = frame.f_lineno
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield lambda: found[0] if found else ("", None)
    finally:
        sys.settrace(before)


def check_purity(cell: Cell) -> None:
    """Raise CellFault unless the same inputs give the same state, whatever was computed between."""
    first, other = (drawn(cell, TELLING, seed) for seed in (2, 3))
    results = []
    for given in (first, other, first):
        copies = [array.copy() for array in (given.projected, *given.weights.values())]
        hidden, state, _ = cell.forward(given.projected, given.weights, given.state)
        results.append((hidden.copy(), *state))
        for before, after in zip(copies, (given.projected, *given.weights.values()), strict=True):
            if not np.array_equal(before, after):
                raise CellFault("purity", "step changes x or W, which it must leave as they are")
    once, _, again = results
    if not all(map(np.array_equal, once, again)):
        raise CellFault(
            "purity",
            "the same inputs give another state the second time: step must depend on nothing but "
            "x, state and W",
        )
    hidden, *_ = once
    one = tuple(array[:1] for array in first.state)
    alone, _, _ = cell.forward(first.projected[:, :1], first.weights, one)
    if not np.allclose(alone[:, 0], hidden[:, 0], 1e-9, 1e-12):
        raise CellFault(
            "purity",
            "what comes of a text depends on the others of its batch: along axis 0 are the texts",
        )
    single, _, _ = cell.forward(*in_float32(first)[:3])
    if not np.allclose(single, hidden, 1e-2, 1e-3):
        raise CellFault("purity", "in float32, with which networks train, it is another cell")


CHECKS: dict[str, Callable[[Cell], None]] = {
    "shapes": check_shapes,
    "numbers": check_numbers,
    "purity": check_purity,
}
"""What is checked before the gradients, by its stage."""


def check_gradients(cell: Cell) -> tuple[Checked, ...]:
    """Return the errors of all gradients, each of a draw with which they are right.

    Raises:
        CellFault: with usual numbers, or with larger ones, there is no such draw.
    """
    telling = drawn(cell, TELLING, seed=5)
    _, _, cache = cell.forward(telling.projected, telling.weights, telling.state)
    cell.backward(cache, telling.dhidden, telling.dstate)  # are the shapes right?
    usual = right_gradients(cell, 0.5)
    right_gradients(cell, LARGE)  # where, say, a limit is reached
    return usual


def right_gradients(cell: Cell, scale: float) -> tuple[Checked, ...]:
    """Return the errors with numbers of a size, see `check_gradients`."""
    for seed in range(DRAWS):
        given = drawn(cell, SMALL, 10 + seed, scale)
        gradients = compared(cell, given)
        checked = tuple(each.checked for each in gradients)
        if all(each.right for each in checked):
            return checked
    message = what_is_wrong(
        cell, gradients, lambda sizes: compared(cell, drawn(cell, sizes, 10, scale))
    )
    raise WrongGradients(message, checked)


def compared(cell: Cell, given: Drawn) -> list[Gradient]:
    """Return the gradients of x, of the state before and of every parameter, as returned and as
    measured."""
    projected, state = given.projected.copy(), tuple(array.copy() for array in given.state)
    weights = {name: weight.copy() for name, weight in given.weights.items()}

    def loss() -> float:
        hidden, after, _ = cell.forward(projected, weights, state)
        pairs = zip((hidden, *after), (given.dhidden, *given.dstate), strict=True)
        return float(sum(np.sum(array * gradient) for array, gradient in pairs))

    _, _, cache = cell.forward(projected, weights, state)
    dx, dweights, dstate = cell.backward(cache, given.dhidden, given.dstate)
    before = [f"the {name} before" for name in cell.states]
    of_weights = [(name, weights[name], gradient) for name, gradient in dweights.items()]
    smallest = smallest_told(loss)
    return [
        Gradient(name, np.array(returned), numerical_gradient(loss, array), smallest)
        for name, array, returned in [
            ("x", projected, dx),
            *zip(before, state, dstate, strict=True),
            *of_weights,
        ]
    ]


def measured(cell: Cell) -> float:
    """Return how many milliseconds a step of training takes in a layer, at the USUAL sizes."""
    projected, weights, state, dhidden, dstate = in_float32(drawn(cell, USUAL, 4, 0.1))
    start, times = time.perf_counter(), list[float]()
    while len(times) < ROUNDS or time.perf_counter() - start < MEASURED_FOR:
        began = time.perf_counter()
        _, _, cache = cell.forward(projected, weights, state)
        cell.backward(cache, dhidden, dstate)
        times.append(time.perf_counter() - began)
    # The clock of a browser may be so coarse that a single step takes no time.
    return 1000 * (min(times) or (time.perf_counter() - start) / len(times))


def in_float32(given: Drawn) -> Drawn:
    """Return the same in the numbers with which networks train."""

    def single(array: Array) -> Array:
        return array.astype(np.float32)

    return Drawn(
        single(given.projected),
        {name: single(weight) for name, weight in given.weights.items()},
        tuple(map(single, given.state)),
        single(given.dhidden),
        tuple(map(single, given.dstate)),
    )
