"""The seam for faster implementations: layers of functions over those that NumPy defines.

The NumPy function that carries `@replaceable` is the definition of what is computed, and is what
runs unless something lies over it. The page puts its SIMD kernels there (web/kernels/simd.py);
nothing else in the package knows of them. The topmost layer that takes the arguments answers: one
that isn't made for them returns NotImplemented, as Python's operators do, and leaves them to those
below. Taking a layer off leaves the others as they are.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Replaceable(Generic[P, R]):
    """A function with its definition, and what lies over it, from the top down."""

    def __init__(self, reference: Callable[P, R]) -> None:
        self.reference = reference
        self.over: list[Callable[P, Any]] = []
        # help() and inspect.getsource show the definition.
        functools.update_wrapper(self, reference)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        for function in self.over:
            result: R = function(*arguments, **named)
            if result is not NotImplemented:
                return result
        return self.reference(*arguments, **named)


_functions: dict[str, Replaceable[Any, Any]] = {}
_layers: dict[str, Mapping[str, Callable[..., Any]]] = {}


def replaceable(reference: Callable[P, R]) -> Replaceable[P, R]:
    """Declare, as a decorator, that a function may be replaced."""
    function = Replaceable(reference)
    _functions[reference.__name__] = function
    return function


def put_on(layer: str, functions: Mapping[str, Callable[..., Any]]) -> None:
    """Put functions, by name, over all that is there, or in the place of the layer so called.

    Raises:
        ValueError: a name is not that of a replaceable function.
    """
    unknown = sorted(functions.keys() - _functions.keys())
    if unknown:
        raise ValueError(f"not replaceable: {', '.join(unknown)}; these are: {', '.join(names())}")
    _layers[layer] = functions
    _lay()


def take_off(layer: str) -> None:
    """Take a layer off, if it is there."""
    _layers.pop(layer, None)
    _lay()


def layers() -> dict[str, Mapping[str, Callable[..., Any]]]:
    """Return the layers by name, from the bottom up; none where NumPy computes alone."""
    return dict(_layers)


def names() -> list[str]:
    """Return the names of the replaceable functions."""
    return sorted(_functions)


def _lay() -> None:
    for name, function in _functions.items():
        function.over = [layer[name] for layer in reversed(_layers.values()) if name in layer]
