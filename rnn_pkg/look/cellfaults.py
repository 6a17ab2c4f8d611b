"""What kind of wrong a gradient is that doesn't agree with what was measured."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from rnn_pkg.checks import listed
from rnn_pkg.engine.cell import Cell
from rnn_pkg.engine.linalg import Array
from rnn_pkg.look.gradcheck import TOLERANCE, Checked, relative_error

CLOSE = 1e-4
"""So close is what is taken for the same, relative."""

SLIGHTLY = 0.01
"""What is nearer to what it should be is not called a multiple of it."""

SIZES = {"T": 1, "B": 3, "H": 4}
"""One step alone: what is wrong there, is not wrong because of the state that is carried."""


class Gradient(NamedTuple):
    """A gradient as it is returned, and as it was measured, of one shape."""

    name: str
    returned: Array
    measured: Array
    smallest: float  # slope of which six digits can be told

    @property
    def checked(self) -> Checked:
        """How far apart both are, at every weight."""
        size = self.measured.size
        error = relative_error(self.returned, self.measured, self.smallest)
        return Checked(self.name, size, size, error)

    @property
    def right(self) -> bool:
        """Whether both agree."""
        return self.checked.right


Compared = Callable[[Mapping[str, int]], list[Gradient]]
"""Returns the gradients at other sizes."""


def what_is_wrong(cell: Cell, gradients: list[Gradient], compare: Compared) -> str:
    """Say which gradients are wrong, and in which way.

    Args:
        cell: of which they are.
        gradients: over several steps.
        compare: for other sizes.
    """
    alone = {each.name: each for each in compare(SIZES)}
    wrong = [each for each in gradients if not each.right]
    later, are = listed([each.name for each in wrong]), "is" if len(wrong) == 1 else "are"
    carried = [each for each in alone.values() if not each.right and each.name.endswith("before")]
    others = [each for each in alone.values() if not each.right and each not in carried]
    if carried and not others:
        names = listed([each.name.removesuffix(" before") for each in carried])
        return (
            f"what is sent back to {names} {kind_of(cell, carried[0], compare)}: so in the last "
            f"step all else is right, and from the second step on {later} {are} wrong"
        )
    if not others and not carried:
        return (
            f"of a single step all is right, but over several steps {later} {are} not: is "
            "something kept between the steps?"
        )
    told = others or carried
    return "; ".join(f"the gradient of {each.name} {kind_of(cell, each, compare)}" for each in told)


def kind_of(cell: Cell, gradient: Gradient, compare: Compared) -> str:
    """Return what is wrong with a gradient, as the end of a sentence."""
    name, returned, measured, _ = gradient
    if not np.isfinite(returned).all():
        return "is not finite"
    if not returned.any():
        return "is missing: it is zero everywhere"
    factor = times(returned, measured)
    is_weight = name != "x" and not name.endswith("before")
    if factor is not None and is_weight and abs(factor * SIZES["B"] - 1) < CLOSE:
        return "is the mean over the batch, and should be the sum"
    if factor is not None:
        return _by_factor(factor)
    if is_transposed(returned, measured):
        return "is transposed"
    if is_weight and is_of_one_text(gradient, compare):
        return "is that of one text alone: the sum over the batch is missing"
    rows = wrong_gates(cell, gradient)
    return f"is wrong in the part of {listed(rows)}" if rows else "is wrong"


def _by_factor(factor: float) -> str:
    if abs(factor - 1) < SLIGHTLY:
        return f"is slightly wrong, by {abs(factor - 1):.0e} of it"
    if abs(factor + 1) < CLOSE:
        return "has the wrong sign"
    if abs(factor - 2) < CLOSE:
        return "is twice as large as it should be"
    if abs(factor - 0.5) < CLOSE:
        return "is half as large as it should be"
    return f"is {factor:.3g} times what it should be"


def times(returned: Array, measured: Array) -> float | None:
    """Return by which number all of a gradient is multiplied, if that is all that is wrong."""
    square = float(np.sum(measured * measured))
    if square == 0:
        return None
    factor = float(np.sum(returned * measured)) / square
    return factor if relative_error(returned, factor * measured) < CLOSE else None


def is_transposed(returned: Array, measured: Array) -> bool:
    """Tell whether a matrix, or each of its square blocks, is turned over its diagonal."""
    if returned.ndim != 2 or returned.shape[0] % returned.shape[1]:
        return False
    size = returned.shape[1]
    blocks = returned.reshape(-1, size, size).swapaxes(1, 2).reshape(returned.shape)
    turned = returned.reshape(size, -1).T if returned.shape[0] != size else returned.T
    return any(relative_error(each, measured) < CLOSE for each in (blocks, turned))


def is_of_one_text(gradient: Gradient, compare: Compared) -> bool:
    """Tell whether a gradient is wrong only where there are several texts: it may be that of one of
    them."""
    single = {each.name: each for each in compare({**SIZES, "B": 1})}
    return single[gradient.name].right


def wrong_gates(cell: Cell, gradient: Gradient) -> list[str]:
    """Return the gates whose part of a gradient is wrong, if only some have."""
    gates, (name, returned, measured, _) = cell.gates, gradient
    axis = 2 if name == "x" else 0
    if len(gates) == 1 or not (name == "x" or name.endswith("_hh")):
        return []
    scale = np.abs(measured).max()
    wrong = [
        gate
        for gate, one, other in zip(
            gates,
            np.split(returned, len(gates), axis),
            np.split(measured, len(gates), axis),
            strict=True,
        )
        if np.abs(one - other).max() > TOLERANCE * scale
    ]
    return wrong if len(wrong) < len(gates) else []
