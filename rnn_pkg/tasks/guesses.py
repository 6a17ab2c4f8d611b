"""Guesses that need no network: the losses of those who know only how often, or how far."""

import math
from typing import NamedTuple

import numpy as np

from rnn_pkg.engine.linalg import Ids


class Guess(NamedTuple):
    """What a network must know better than.

    Attributes:
        name: for programs.
        label: for people.
        loss: as a network's, on the same places.
    """

    name: str
    label: str
    loss: float


def uniform_loss(vocabulary_size: int) -> float:
    """Return the loss of guessing every character alike: log V, nats per character."""
    return math.log(vocabulary_size)


def unigram_loss(training: Ids, held_out: Ids, vocabulary_size: int) -> float:
    """Return the loss of guessing each character by how often it occurs, nats per character.

    It is the first of `look.ngrams.ngram_losses`, at a fraction of the work.

    Args:
        training: (N,), what is counted.
        held_out: (n,), what is predicted.
        vocabulary_size: of the ids.
    """
    counts = np.bincount(training, minlength=vocabulary_size)
    different = np.count_nonzero(counts)
    p = (counts + different / vocabulary_size) / (len(training) + different)
    return -float(np.log(p[held_out]).mean())


def standard_loss(mean_square: float, loss: str) -> float:
    """Return the loss of always saying 0, and a spread of 1.

    Args:
        mean_square: of what should have been said.
        loss: "gaussian", in nats per value, or "squared_error".
    """
    return (mean_square + (math.log(2 * math.pi) if loss == "gaussian" else 0)) / 2
