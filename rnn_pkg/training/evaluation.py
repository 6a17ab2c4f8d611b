"""How well a network knows a text: read at several places at once, each after a warm-up."""

from collections.abc import Iterator

import numpy as np

from rnn_pkg.engine.linalg import Ids
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.engine.network import Network
from rnn_pkg.look.reading import WARM_UP

EVALUATION_READERS = 16
"""The held-out part is read at so many places at once, if it is long enough."""


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
    network: Network, ids: Ids, start: int, characters: int | None, piece: int
) -> Iterator[tuple[float, float]]:
    """Measure the loss on a text from one of its characters on, piece by piece.

    Args:
        network: what is tried.
        ids: (N,), the whole text.
        start: the first character that counts; at least one must stand before it.
        characters: try only about so many, see `places`.
        piece: characters that each reader reads at once: the fewer, the less memory is needed.

    Yields:
        How much is read, 0 to 1, and the mean loss so far, nats per character.
    """
    tried = places(start, len(ids), characters)
    length, warm_up = len(tried), min(WARM_UP, start)
    before = tried[0] + np.arange(-warm_up, 0)[:, None]
    window = ids[np.concatenate([before, tried])]  # (warm_up + length, readers)
    _, state, _ = network.forward(window[: warm_up - 1])
    total = 0.0
    for first in range(warm_up - 1, len(window) - 1, piece):
        part = window[first : first + piece + 1]
        logits, state, _ = network.forward(part[:-1], state)
        total += cross_entropy(logits, part[1:])[0] * (len(part) - 1)
        read = first + len(part) - warm_up  # of each reader's characters
        yield read / length, total / read
