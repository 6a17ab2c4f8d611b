"""How near to the limit a training is: as if a step were its matrix products and nothing else.

A weight matrix is in three products: forward, and backward to its input and to itself. Each
multiplies and adds once for every weight and every character. The activations, the look-up of a
character, the optimizer and whatever Python does are not counted, but take time none the less.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.parameters import FIRST, Architecture, parameter_shapes

PRODUCTS = 3
MULTIPLY_AND_ADD = 2
MATRICES = ("weight_ih", "weight_hh", "decoder.weight")
"""What is multiplied by. The biases are only added, and a peephole goes to a single unit."""


def operations_per_character(architecture: Architecture, vocabulary_size: int) -> int:
    """Return the floating-point operations of a step's products, for each character it reads.

    The first layer's W_ih is looked up in, not multiplied by.
    """
    weights = sum(
        math.prod(shape)
        for name, shape in parameter_shapes(architecture, character_ends(vocabulary_size)).items()
        if name != FIRST and any(matrix in name for matrix in MATRICES)
    )
    return PRODUCTS * MULTIPLY_AND_ADD * weights


def of(speeds: Sequence[float], products: Sequence[float], operations: int) -> dict[str, Any]:
    """Return the limit, and which share of it is reached.

    Args:
        speeds: characters per second, round by round.
        products: floating-point operations per second of a product alone, in the same rounds.
        operations: see `operations_per_character`.
    """
    limits = [product / operations for product in products]
    shares = [speed / limit for speed, limit in zip(speeds, limits, strict=True)]
    return {
        "operations_per_character": operations,
        "product_operations_per_second": statistics.median(products),
        "characters_per_second": statistics.median(limits),
        "share": statistics.median(shares),
        "share_by_round": shares,
    }
