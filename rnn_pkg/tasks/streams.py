"""What training reads: pairs of an input and what it should lead to, by several readers at once."""

import copy
from typing import Protocol

import numpy as np

from rnn_pkg.engine.linalg import Array, Ids


class Material(Protocol):
    """What there is to learn from, in its order."""

    @property
    def size(self) -> int:
        """How many places it has; it goes round and round."""
        ...

    def at(self, places: Ids) -> tuple[Array, Array]:
        """Return the inputs at places (T, B), and what a network should say after each: targets
        (T, B)."""
        ...


class Streams:
    """Material read by B readers at once, in contiguous pieces, round and round.

    The readers start evenly spread. Each continues where it stopped, so the state of the network
    can be carried from one piece to the next; at the end they go on at the beginning.
    """

    def __init__(self, material: Material, batch_size: int, sequence_length: int) -> None:
        self._material = material
        readers = np.arange(batch_size, dtype=np.int64)  # int32 would overflow
        self._starts = (readers * material.size // batch_size).astype(np.intp)  # (B,)
        self._offsets = np.arange(sequence_length)[:, None]  # (T, 1)
        self.position = 0  # places that each reader has read

    def share(self, number: int, of: int) -> "Streams":
        """Return streams of their own for the `number`-th, from 0, of so many equal parts of the
        readers."""
        streams = copy.copy(self)
        streams._starts = np.split(self._starts, of)[number]
        return streams

    def go_to(self, pieces: int) -> None:
        """Stand where each reader has read so many pieces."""
        self.position = pieces * len(self._offsets) % self._material.size

    def peek(self) -> tuple[Array, Array]:
        """Return the next inputs, beginning with axes (T, B), and their targets (T, B)."""
        return self._material.at(self._offsets + self._starts + self.position)

    def next(self) -> tuple[Array, Array]:
        """Return what `peek` does, and go on behind it."""
        inputs, targets = self.peek()
        self.position = (self.position + len(inputs)) % self._material.size
        return inputs, targets
