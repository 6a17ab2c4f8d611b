"""How well a network knows a text: read at several places at once, each after a warm-up."""

import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.look.reading import WARM_UP
from rnn_pkg.tasks.streams import Material

EVALUATION_READERS = 16
"""The held-out part is read at so many places at once, if it is long enough."""


class Reader(Protocol):
    """What is tried: a Network, or what reads as one does."""

    def forward(self, inputs: Array, state: Any = None, /) -> tuple[Array, Any, Any]:
        """Return what it expects after each input, its state then, and whatever else it has."""
        ...

    def loss(self, outputs: Array, targets: Array, /) -> tuple[float, Any]:
        """Return the mean loss of what it expects, and whatever else it has."""
        ...


def places(start: int, end: int, characters: int | None = None) -> Ids:
    """Return the places of a text that are tried: (length, readers).

    Args:
        start, end: they lie from the one to before the other.
        characters: about so many, spread evenly; None: all.
    """
    tried = end - start
    readers = min(EVALUATION_READERS, max(1, tried // WARM_UP))
    length = -(-tried // readers)  # rounded up: neighbours overlap by at most a character
    starts = np.linspace(start, end - length, readers).round().astype(np.int64)
    if characters is not None:
        length = min(length, max(1, characters // readers))
    return np.arange(length)[:, None] + starts


def measure(
    network: Reader, material: Material, start: int, characters: int | None, piece: int
) -> Iterator[tuple[float, float]]:
    """Measure the loss on a text from one of its characters on, piece by piece.

    Args:
        network: what is tried.
        material: the whole text.
        start: the first character that counts; at least one must stand before it.
        characters: try only about so many, see `places`.
        piece: characters that each reader reads at once: the fewer, the less memory is needed.

    Yields:
        How much is read, 0 to 1, and the mean loss so far, nats per character.
    """
    tried = places(start, material.size, characters)
    warm_up = tried[0] + np.arange(-min(WARM_UP, start), -1)[:, None]
    _, state, _ = network.forward(material.at(warm_up)[0])
    total = known = 0.0
    for first in range(0, len(tried), piece):
        part = tried[first : first + piece]
        inputs, targets = material.at(part - 1)  # what comes before each character, and it
        outputs, state, _ = network.forward(inputs, state)
        count = np.count_nonzero(~np.isnan(targets))
        total += network.loss(outputs, targets)[0] * count
        known += count
        yield (first + len(part)) / len(tried), total / known if known else math.nan
