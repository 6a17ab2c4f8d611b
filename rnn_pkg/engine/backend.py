"""The seam for faster implementations: functions that may be replaced, one by one, by their equals.

The NumPy function that carries `@replaceable` is the definition of what is computed, and is what
runs unless something else was installed. The page installs its SIMD kernels this way
(web/kernels/simd.py); nothing else in the package knows of them. A replacement may leave arguments
that it isn't made for to NumPy: it returns NotImplemented then, as Python's operators do.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Replaceable(Generic[P, R]):
    """A function with a reference implementation, and the one that is active."""

    def __init__(self, reference: Callable[P, R]) -> None:
        self.reference = reference
        self.active = reference
        self.__doc__ = reference.__doc__

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        result = self.active(*arguments, **named)
        return self.reference(*arguments, **named) if result is NotImplemented else result


_functions: dict[str, Replaceable[Any, Any]] = {}


def replaceable(reference: Callable[P, R]) -> Replaceable[P, R]:
    """Declare, as a decorator, that a function may be replaced."""
    function = Replaceable(reference)
    _functions[reference.__name__] = function
    return function


def install(functions: Mapping[str, Callable[..., Any]]) -> None:
    """Replace functions by name; those not named run as NumPy defines them.

    Raises:
        ValueError: a name is not that of a replaceable function.
    """
    unknown = sorted(functions.keys() - _functions.keys())
    if unknown:
        raise ValueError(f"not replaceable: {', '.join(unknown)}; these are: {', '.join(names())}")
    for name, function in _functions.items():
        function.active = functions.get(name, function.reference)


def installed() -> dict[str, Callable[..., Any]]:
    """Return what was installed, by name; empty where NumPy computes alone."""
    return {
        name: function.active
        for name, function in _functions.items()
        if function.active is not function.reference
    }


def names() -> list[str]:
    """Return the names of the replaceable functions."""
    return sorted(_functions)
