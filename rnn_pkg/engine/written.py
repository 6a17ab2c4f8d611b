"""Cells that somebody writes: source in, a Cell out.

The source says how many blocks of H columns the input's share x has, one for each gate, and what
one step does:

    gates = "update gate", "candidate"
    states = ("hidden state",)                      the first is what others hear
    parameters = {"weight_peephole": (3, "H")}      besides weight_hh (G*H, H) and bias_hh (G*H,)

    def step(x, state, W):                          x (B, G*H); state, a tuple of (B, H)
        ...
        return state

and, if one likes,

    def step_backward(x, state, W, dstate):         dstate: of what step returned
        ...
        return dx, dstate, dW                       of what it took; dW is a dict like W

    def start(W):                                   changes the weights that a network begins with
        ...

`states` and `parameters` may be left out. Without `step_backward`, autograd finds the gradient.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from inspect import CO_VARARGS
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.recurrence import Parameter, State, Weights
from rnn_pkg.engine.source import (
    FUNCTIONS,
    CellFault,
    Endless,
    W,
    called,
    compiled,
    fault_of,
    numpy_of,
    run,
    shown,
)

AUTOGRAD_MISSING = (
    "a cell without step_backward needs the autograd library, which finds its gradient: "
    'pip install "rnn_pkg[cells]"'
)

MOST_GATES, MOST_STATES, MOST_PARAMETERS, MOST_TIMES_H, MOST_ROWS = 8, 4, 16, 16, 1024

STANDARD = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
"""The parameters that every cell has; those of the input (ih) are used outside of it."""


@lru_cache(maxsize=16)
def from_source(source: str) -> "Written":
    """Return the cell that a source describes, which is run for that.

    Raises:
        CellFault: it can't be compiled, or isn't a cell's source; the message says what is missing.
    """
    code = compiled(source)
    return Written(code, contract_of(run(code, {"np": numpy_of(np), **FUNCTIONS})))


EXAMPLES = ("rnn", "irnn", "gru", "lstm", "peephole", "coupled", "minimal", "faulty")
"""The cells in the folder examples; the last one has a fault to find."""


def example(name: str) -> str:
    """Return the source of an example."""
    loader: Any = __spec__.loader  # which reads out of a wheel, too, where no file is
    data: bytes = loader.get_data(str(Path(__file__).parent / "examples" / f"{name}.py"))
    return data.decode()


def label_of(source: str) -> str:
    """Return what people call the cell: the first line of its docstring or comment, if there is
    one."""
    found = re.match(r'\s*(?:#+|"""|\'\'\')[ \t]*([^\W_].*)', source)
    words = found[1].split(":")[0] if found else ""
    return re.sub(r"[^\w ,.()+&/-]", "", words).strip(" .")[:60] or "Your own"


class Contract(NamedTuple):
    """What a source gives."""

    gates: tuple[str, ...]
    states: tuple[str, ...]
    parameters: dict[str, Parameter]
    start: Callable[[Weights], Any] | None
    step: Callable[..., Any]
    step_backward: Callable[..., Any] | None


def contract_of(namespace: Mapping[str, Any]) -> Contract:
    """Return what a source gives.

    Raises:
        CellFault: something is missing, or is not what it should be.
    """
    functions = {name: namespace.get(name) for name in ("step", "step_backward", "start")}
    for name, function in functions.items():
        if name == "step" and function is None:
            raise CellFault("names", "the source must have a function step(x, state, W)")
        if function is not None and not callable(function):
            raise CellFault("names", f"{name} must be a function, not {shown(function)}")
        if isinstance(function, FunctionType):
            _check_arguments(function, CALLED[name])
    if "gates" not in namespace:
        example = 'gates = ("update gate", "candidate")'
        raise CellFault(
            "names",
            f"the source must say which gates there are, such as {example}: for each of "
            "them x has H columns",
        )
    return Contract(
        _names("gates", namespace["gates"], MOST_GATES),
        _names("states", namespace.get("states", ("hidden state",)), MOST_STATES),
        _parameters(namespace.get("parameters", {})),
        **functions,  # type: ignore[arg-type]
    )


CALLED = {
    "step": ("x", "state", "W"),
    "step_backward": ("x", "state", "W", "dstate"),
    "start": ("W",),
}
"""What each function of a source is given."""


def _check_arguments(function: FunctionType, given: tuple[str, ...]) -> None:
    """Raise CellFault if a function can't be given these, in this order."""
    code, name = function.__code__, function.__name__
    needed = code.co_argcount - len(function.__defaults__ or ())
    takes_more = bool(code.co_flags & CO_VARARGS)
    if needed <= len(given) and (takes_more or len(given) <= code.co_argcount):
        return
    words = f"it is called as {name}({', '.join(given)})"
    raise CellFault("names", f"this function takes other arguments: {words}", code.co_firstlineno)


def _names(what: str, value: Any, most: int) -> tuple[str, ...]:
    """Return a tuple of different names."""
    names = (value,) if isinstance(value, str) else value
    good = (
        isinstance(names, (tuple, list))
        and 1 <= len(names) <= most
        and all(isinstance(name, str) and 0 < len(name.strip()) <= 30 for name in names)
        and len(set(names)) == len(names)
    )
    if not good:
        raise CellFault("names", f"{what} must be 1 to {most} different names, not {shown(value)}")
    return tuple(names)


def _parameters(value: Any) -> dict[str, Parameter]:
    """Return the cell's own parameters, of a dict of shapes."""
    if not isinstance(value, dict) or len(value) > MOST_PARAMETERS:
        raise CellFault(
            "names",
            f"parameters must be a dict of up to {MOST_PARAMETERS} shapes, not {shown(value)}",
        )
    parameters = {}
    for name, shape in value.items():
        if not (isinstance(name, str) and name.isidentifier()) or name in STANDARD:
            raise CellFault(
                "names",
                f"a parameter needs a name of its own, other than {', '.join(STANDARD)}, not "
                f"{shown(name)}",
            )
        parameters[name] = Parameter("of your own", _shape(name, shape))
    return parameters


def _shape(name: str, shape: Any) -> Callable[[int, int], tuple[int, ...]]:
    """Return a function of the sizes of input and hidden state: (3, "H") and ("2H", "H") are
    shapes."""
    axes = shape if isinstance(shape, (tuple, list)) else (shape,)
    numbers = [re.fullmatch(r"(\d{0,4})(H?)", str(axis)) for axis in axes]
    if not 1 <= len(axes) <= 2 or any(not found or not found[0] for found in numbers):
        raise CellFault(
            "names",
            f"the shape of {name} must be one or two whole numbers or multiples of H, such as "
            f'(3, "H") or ("2H", "H"), not {shown(shape)}',
        )
    parts = [(int(found[1] or 1), bool(found[2])) for found in numbers if found]
    most = {True: MOST_TIMES_H, False: MOST_ROWS}
    if any(not 1 <= number <= most[times_hidden] for number, times_hidden in parts):
        raise CellFault(
            "names",
            f"the shape of {name} must be of 1 to {MOST_ROWS}, or 1 to {MOST_TIMES_H} times H, not "
            f"{shown(shape)}",
        )

    def of_sizes(_: int, hidden: int) -> tuple[int, ...]:
        return tuple(number * hidden if times_hidden else number for number, times_hidden in parts)

    return of_sizes


class WrittenCache(NamedTuple):
    """projected (T, B, G*H); weights; states: T + 1 of them, the first being that before."""

    projected: Array
    weights: Mapping[str, Array]
    states: list[State]


class Written:
    """A cell whose steps somebody wrote."""

    def __init__(self, code: CodeType, contract: Contract) -> None:
        self.code, self.contract = code, contract

    def forward(
        self, projected: Array, weights: Weights, state: State
    ) -> tuple[Array, State, WrittenCache]:
        """Take T steps; see cell.py."""
        projected, used = _read_only(projected), _of_step(weights)
        states = [tuple(_read_only(array) for array in state)]
        hidden = np.empty((len(projected), *state[0].shape), projected.dtype)
        with np.errstate(all="ignore"):
            for t, x in enumerate(projected):
                states.append(self.step(x, states[-1], used))
                hidden[t] = states[-1][0]
        return hidden, tuple(map(np.array, states[-1])), WrittenCache(projected, used, states)

    def start(self, weights: Weights) -> None:
        """Have the source change the weights that a network begins with, in place, if it does."""
        if self.contract.start is None:
            return
        given = dict(weights)
        with np.errstate(all="ignore"):
            called("shapes", self.contract.start, given)
        for name, weight in weights.items():
            changed = called("shapes", np.asarray, given.get(name))
            is_real = changed.dtype.kind in "fiu"
            if changed.shape != weight.shape or not (is_real and np.isfinite(changed).all()):
                needs = f'start must leave W["{name}"] finite numbers, as many as there were'
                raise CellFault("shapes", needs)
            weight[...] = changed

    def step(self, x: Array, state: State, weights: Mapping[str, Array]) -> State:
        """Take a step; of what it returns it is checked that it is a state."""
        after = called("shapes", self.contract.step, x, state, weights)
        return checked_state(after, state, self.contract.states)

    def backward(
        self, cache: WrittenCache, dhidden: Array, dstate: State
    ) -> tuple[Array, Weights, State]:
        """Go back through what `forward` did; see cell.py."""
        with np.errstate(all="ignore"):
            if self.contract.step_backward is None:
                return self._automatically(cache, dhidden, dstate)
            return self._by_hand(cache, dhidden, dstate)

    def _automatically(
        self, cache: WrittenCache, dhidden: Array, dstate: State
    ) -> tuple[Array, Weights, State]:
        try:
            from rnn_pkg.engine import autodiff
        except ImportError as error:
            raise CellFault("gradients", AUTOGRAD_MISSING) from error
        step = autodiff.traced(self.code)
        try:
            return autodiff.pull_back(step, *cache[:2], cache.states[0], dhidden, dstate)
        except (Exception, Endless) as error:
            fault = fault_of("gradients", error)
            message = (
                f"autograd can't follow this ({fault.message}): it follows np's functions of whole "
                "arrays, such as np.concatenate, not writing into one; or write step_backward"
            )
            raise CellFault("gradients", message, fault.line) from error

    def _by_hand(
        self, cache: WrittenCache, dhidden: Array, dstate: State
    ) -> tuple[Array, Weights, State]:
        projected, weights, states = cache
        assert self.contract.step_backward is not None
        dprojected = np.empty_like(projected)
        total = {name: np.zeros_like(weight) for name, weight in weights.items()}
        for t in reversed(range(len(projected))):
            # Copies: a source may add to what it was given.
            after = (dhidden[t] + dstate[0], *map(np.array, dstate[1:]))
            given = projected[t], states[t], weights, after
            answer = called("gradients", self.contract.step_backward, *given)
            dprojected[t], dstate, dweights = checked_gradients(
                answer, projected[t], states[t], weights, self.contract.states
            )
            for name, gradient in dweights.items():
                total[name] += gradient
        return dprojected, total, dstate

    def activations(self, cache: WrittenCache) -> dict[str, Array]:
        """Return the states after each step, (T, B, H) by name."""
        return {
            name: np.stack([state[place] for state in cache.states[1:]])
            for place, name in enumerate(self.contract.states)
        }


def _read_only(array: Array) -> Array:
    """Return the same array, which can't be changed through this one."""
    view = array.view()
    view.flags.writeable = False
    return view


def _of_step(weights: Weights) -> Mapping[str, Array]:
    """Return the weights that a step uses, read-only."""
    return W({n: _read_only(weight) for n, weight in weights.items() if not n.endswith("_ih")})


def shape_in_symbols(shape: tuple[int, ...], sizes: Mapping[str, int]) -> str:
    """Write a shape with the letters of its sizes: (B, 3H).

    Args:
        shape: of an array.
        sizes: of B and H, which should not be multiples of each other.
    """

    def letter(number: int) -> str:
        if number == sizes["B"]:
            return "B"
        times, rest = divmod(number, sizes["H"])
        if rest or not 1 <= times <= 2 * MOST_GATES:
            return str(number)
        return f"{times}H" if times > 1 else "H"

    return f"({', '.join(map(letter, shape))})"


def in_symbols(message: str, sizes: Mapping[str, int]) -> str:
    """Write the shapes in a message of NumPy's, such as (11,21), with the letters of sizes."""

    def written(found: re.Match[str]) -> str:
        shape = tuple(int(number) for number in re.findall(r"\d+", found[0]))
        return shape_in_symbols(shape, sizes)

    def of_size(found: re.Match[str]) -> str:
        return shape_in_symbols((int(found[0]),), sizes).strip("()")

    if "matmul" in message:
        numbers = re.findall(r"\d+", message)[-2:][::-1]
        ends = " and ".join(re.sub(r"\d+", of_size, number) for number in numbers)
        return f"ValueError: @ can't multiply {ends}: does a weight need .T behind it?"
    if "remapped shapes" in message:
        shapes = re.findall(r"(\(\d[\d,]*\))->", message)
        message = f"ValueError: arrays of the shapes {', '.join(shapes)} do not fit together"
    return re.sub(r"\(\d+,(?:\d+,?)*\)", written, message)


def checked_state(after: Any, before: State, names: tuple[str, ...]) -> State:
    """Return a state as `step` should return it, read-only.

    Raises:
        CellFault: it isn't one.
    """
    if len(names) == 1 and isinstance(after, np.ndarray):
        after = (after,)  # who has one state need not write a tuple
    if not isinstance(after, (tuple, list)) or len(after) != len(before):
        what = f"{len(after)} arrays" if isinstance(after, (tuple, list)) else shown(after)
        if after is None:
            what = "nothing (is there a return at its end?)"
        raise CellFault("shapes", f"step must return {_list(names)}, not {what}")
    return tuple(
        _array_like(array, like, f"the {name} that step returns", "shapes", before[0].shape)
        for array, like, name in zip(after, before, names, strict=True)
    )


def checked_gradients(
    answer: Any, x: Array, state: State, weights: Mapping[str, Array], names: tuple[str, ...]
) -> tuple[Array, State, Weights]:
    """Return what `step_backward` should return: of the shapes of what `step` takes.

    Raises:
        CellFault: it doesn't.
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise CellFault("gradients", "step_backward must return dx, dstate, dW")
    dx, dstate, dweights = answer
    if len(names) == 1 and isinstance(dstate, np.ndarray):
        dstate = (dstate,)
    if not isinstance(dstate, (tuple, list)) or len(dstate) != len(state):
        raise CellFault("gradients", f"dstate must be of {_list(names)}")
    if not isinstance(dweights, dict) or dweights.keys() != weights.keys():
        have = list(dweights) if isinstance(dweights, dict) else shown(type(dweights))
        raise CellFault("gradients", f"dW must be a dict of {', '.join(weights)}, not {have}")
    sizes = state[0].shape

    def like(array: Any, other: Array, what: str) -> Array:
        return _array_like(array, other, what, "gradients", sizes)

    return (
        like(dx, x, "dx"),
        tuple(
            like(array, other, f"dstate of the {name}")
            for array, other, name in zip(dstate, state, names, strict=True)
        ),
        {name: like(dweights[name], weight, f'dW["{name}"]') for name, weight in weights.items()},
    )


def _array_like(array: Any, like: Array, what: str, stage: str, sizes: tuple[int, ...]) -> Array:
    """Return an array, which must have the shape of another; read-only."""
    if np.shape(array) != like.shape:
        letters = dict(zip("BH", sizes, strict=True))
        has, needs = (shape_in_symbols(shape, letters) for shape in (np.shape(array), like.shape))
        more = ""
        if stage == "gradients" and np.shape(array) == (sizes[0], *like.shape):
            more = ": the sum over the batch is missing"
        raise CellFault(stage, f"{what} is {has}, expected {needs}{more}")
    return _read_only(np.asarray(array, like.dtype))


def _list(names: tuple[str, ...]) -> str:
    return f"a state of {len(names)}: {', '.join(names)}"
