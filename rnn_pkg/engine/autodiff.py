"""The gradient of a step that somebody wrote, by HIPS autograd.

autograd records every operation as it happens, and goes back through the record by the chain rule:
Maclaurin, Duvenaud and Adams, "Autograd: effortless gradients in NumPy" (2015). It is an optional
dependency, `pip install "rnn_pkg[cells]"`; only who imports this module needs it.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

import autograd.numpy as traced_numpy
import numpy as np
from autograd.core import VJPNode, add_outgrads
from autograd.extend import defvjp, primitive
from autograd.numpy.numpy_vjps import unbroadcast
from autograd.tracer import isbox, new_box, trace_stack
from autograd.util import toposort

from rnn_pkg.engine.linalg import Array, affine, column_sums, dot
from rnn_pkg.engine.recurrence import State, Weights, sigmoid, tanh
from rnn_pkg.engine.source import TURNS, W, numpy_of, run

Step = Callable[[Any, Any, Any], Any]


def followed(function: Any, *slopes: Any) -> Any:
    """Return a function that autograd can follow.

    Args:
        function: of arrays.
        slopes: for each of its arguments what, given the result and the arguments, returns how to
            make of the gradient of the result that of the argument.
    """
    traced = primitive(function)
    defvjp(traced, *slopes)
    return traced


def by_a(_: Array, a: Array, b: Array, *bias: Array) -> Callable[[Array], Array]:
    """Of a b^T, given g: g b."""
    return lambda g: dot(g, b.T)


def by_b(_: Array, a: Array, b: Array, *bias: Array) -> Callable[[Array], Array]:
    """Of a b^T, given g: g^T a."""
    return lambda g: dot(g.T, a.T)


def by_bias(_: Array, a: Array, b: Array, bias: Array) -> Callable[[Array], Array]:
    """Of a b^T + bias, given g: g added up to the shape of the bias."""
    if bias.shape == (len(b),):
        return column_sums
    size = traced_numpy.metadata(bias)
    return lambda g: unbroadcast(g, size)


TRACED = {
    "np": numpy_of(traced_numpy),
    "dot": followed(dot, by_a, by_b),
    "affine": followed(affine, by_a, by_b, by_bias),
    "sigmoid": followed(sigmoid, lambda y, _: lambda g: g * y * (1 - y)),
    "tanh": followed(tanh, lambda y, _: lambda g: g * (1 - y * y)),
}


@lru_cache(maxsize=16)
def traced(code: CodeType) -> Step:
    """Return the `step` of a source, with functions that autograd can follow."""
    step: Step = run(code, TRACED)["step"]
    return step


def pull_back(
    step: Step,
    projected: Array,
    weights: Mapping[str, Array],
    state: State,
    dhidden: Array,
    dstate: State,
) -> tuple[Array, Weights, State]:
    """Take the steps of a sequence again, recorded, and go back through the record.

    Args:
        step: as `traced` returns it.
        projected, weights, state: what the steps take; see cell.py.
        dhidden, dstate: the gradients with respect to the hidden states and the last state.

    Returns:
        The gradients with respect to `projected`, `weights` and `state`.
    """
    with trace_stack.new_trace() as trace:

        def root(value: Array) -> Any:
            return new_box(value, trace, VJPNode.new_root())

        inputs = [root(x) for x in projected]
        boxes = W({name: root(weight) for name, weight in weights.items()})
        before = after = tuple(root(array) for array in state)
        ends = []  # what has a gradient to begin with
        for x, dh in zip(inputs, dhidden, strict=True):
            TURNS.begin()
            returned = step(x, after, boxes)
            after = tuple(returned) if isinstance(returned, (tuple, list)) else (returned,)
            ends.append((after[0], dh))
        ends += zip(after, dstate, strict=True)
    roots = [*inputs, *boxes.values(), *before]
    gradients = _gone_back([(end, g) for end, g in ends if isbox(end)])

    def of(box: Any) -> Array:
        found = gradients.get(box._node)
        return np.zeros_like(box._value) if found is None else found

    found = dict(zip(map(id, roots), map(of, roots), strict=True))
    return (
        np.stack([found[id(x)] for x in inputs]),
        {name: found[id(box)] for name, box in boxes.items()},
        tuple(found[id(box)] for box in before),
    )


class _End:
    """Stands behind all that has a gradient to begin with, so that one can sort what is before."""

    def __init__(self, parents: list[Any]) -> None:
        self.parents = parents


def _gone_back(ends: list[tuple[Any, Array]]) -> dict[Any, Array]:
    """Return the gradients of the roots, by their nodes."""
    gradients: dict[Any, Any] = {}
    for box, gradient in ends:
        gradients[box._node] = add_outgrads(gradients.get(box._node), gradient)
    end = _End(list({box._node for box, _ in ends}))
    at_roots = {}
    for node in toposort(end):
        if node is end:
            continue
        gradient, _ = gradients.pop(node)
        if not node.parents:
            at_roots[node] = gradient
        else:
            for parent, share in zip(node.parents, node.vjp(gradient), strict=True):
                gradients[parent] = add_outgrads(gradients.get(parent), share)
    return at_roots
