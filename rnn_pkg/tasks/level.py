"""What the level of a series tells: whether its logarithm, or its changes, say more or as much."""

import numpy as np

from rnn_pkg.tasks.parts import Values, bridged

FEWEST_BLOCKS = 4
"""Whether a spread grows with its level, at least so many stretches must tell,"""

BLOCK = 8
"""each of at least so many values,"""

GROWS = 0.5
"""and it does if it grows by more than the square root of the level:"""

CLEARLY = 0.5
"""if also the levels tell at least this part of the spreads, so that no chance is taken for it."""

LEAVES = 0.1
"""A series leaves its range if so much of its last third lies beyond all that was before."""

SMOOTH = 0.4
"""A series is smooth if its changes vary less than so much as itself."""


def leaves_its_range(values: Values) -> bool:
    """Tell whether the last third of a series goes beyond all that was before, as one that rises.

    Args:
        values: (N,); NaN, where one is missing, tells nothing.
    """
    values = values[~np.isnan(values)]
    before, last = np.split(values, [len(values) - len(values) // 3])
    if not len(last):
        return False
    return bool(np.mean((last < before.min()) | (last > before.max())) > LEAVES)


def is_smooth(values: Values) -> bool:
    """Tell whether a series moves little from one value to the next, as what swings slowly.

    With r the correlation of neighbours, the standard deviation of the changes is sqrt(2 (1 - r))
    times that of the values: below SMOOTH, r is above 0.92. Then a change isn't mostly noise.

    Args:
        values: (N,); NaN where one is missing.
    """
    changes = np.diff(values)
    if np.isnan(changes).all():
        return False
    return bool(np.nanstd(changes) < SMOOTH * np.nanstd(values))


def grows_with_level(values: Values, period: int = 1) -> bool:
    """Tell whether the spread of a series grows with its level, so that its logarithm says more.

    A series of passengers that doubles has seasons twice as high: what stays the same is the
    percentage. The series is cut into stretches of whole seasons; in each, the spread is the mean
    absolute change from one value to the next, and the level is the mean. On a double logarithmic
    scale, the spread of a series of percentages rises with slope 1, that of a sum with slope 0
    (Tukey's spread-level plot); more than GROWS is nearer to a percentage.

    Args:
        values: (N,); the logarithm needs all that are known to be positive.
        period: the number of values in a season; 1 if there is none.
    """
    if not np.nanmin(values) > 0:
        return False
    size = period * -(-BLOCK // period)
    count = len(values) // size
    if count < FEWEST_BLOCKS:
        return False
    blocks = bridged(values)[-count * size :].reshape(count, size)
    changes = np.abs(np.diff(blocks, axis=1)).mean(1)
    if not changes.min() > 0:
        return False
    levels, spreads = np.log(blocks.mean(1)), np.log(changes)
    levels -= levels.mean()
    spreads -= spreads.mean()
    together, of_levels, of_spreads = levels @ spreads, levels @ levels, spreads @ spreads
    return bool(together > GROWS * of_levels and together**2 > CLEARLY * of_levels * of_spreads)
