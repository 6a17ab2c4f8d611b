"""Writing: which character comes next, drawn from what the network predicts."""

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.config import checked_number
from rnn_pkg.linalg import Array
from rnn_pkg.network import Network
from rnn_pkg.text import Ids, Vocabulary

CONTEXT_PIECE = 256
"""A long prompt is read in pieces of so many characters, so that it needs little memory."""


def check_sampling(length: int, temperature: float, top_k: int, top_p: float) -> None:
    """Raise ValueError, naming the value and what is allowed, if one is out of its range."""
    checked_number("length", length, 0, 1_000_000, int)
    checked_number("temperature", temperature, 0, 100, float)
    checked_number("top_k", top_k, 0, 1_000_000, int)
    checked_number("top_p", top_p, 1e-6, 1, float)


def distribution(
    logits: Array, temperature: float, top_k: int = 0, top_p: float = 1.0
) -> NDArray[np.float64]:
    """Return the probability of each character to be written next, (V,).

    Args:
        logits: (V,), unnormalised log-probabilities.
        temperature: they are divided by it: below 1 the likely gets likelier; 0 leaves only the
            likeliest.
        top_k: keep only the k likeliest; 0 keeps all.
        top_p: keep the likeliest that together reach this probability (nucleus sampling, Holtzman
            et al. 2020); 1 keeps all.
    """
    scores = logits.astype(np.float64)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    scores = (scores - scores.max()) / temperature
    p: NDArray[np.float64] = np.exp(scores)
    p /= p.sum()
    likeliest_first = np.argsort(-p, kind="stable")
    if 0 < top_k < len(p):
        p[likeliest_first[top_k:]] = 0
        p /= p.sum()
    if top_p < 1:
        before = np.cumsum(p[likeliest_first]) - p[likeliest_first]
        p[likeliest_first[before >= top_p]] = 0
        p /= p.sum()
    return p


class Writer:
    """Continues a text, a character at a time; the network may go on learning meanwhile."""

    def __init__(
        self, network: Network, vocabulary: Vocabulary, context: Ids, rng: np.random.Generator
    ) -> None:
        """Read what comes before.

        Args:
            network: what predicts.
            vocabulary: its characters.
            context: (n,), the text to continue, at least one character.
            rng: draws the characters.
        """
        self._network = network
        self._vocabulary = vocabulary
        self._rng = rng
        self._state = network.initial_state(1)
        for start in range(0, len(context), CONTEXT_PIECE):
            self._read(context[start : start + CONTEXT_PIECE])

    def _read(self, ids: Ids) -> None:
        logits, self._state, _ = self._network.forward(ids[:, None], self._state)
        self._logits = logits[-1, 0]  # (V,)

    def next(self, temperature: float = 0.8, top_k: int = 0, top_p: float = 1.0) -> str:
        """Draw the next character, read it, and return it."""
        p = distribution(self._logits, temperature, top_k, top_p)
        drawn = np.array([self._rng.choice(len(p), p=p)])
        self._read(drawn)
        return self._vocabulary.decode(drawn)
