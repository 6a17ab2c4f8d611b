"""Writing: which character comes next, drawn from what the network predicts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.checks import checked_number
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import Network
from rnn_pkg.tasks.text import Vocabulary

CONTEXT_PIECE = 256
"""A long prompt is read in pieces of so many characters, so that it needs little memory."""

ALTERNATIVES = 6
"""How many of the likeliest characters a Prediction names."""


class Prediction(NamedTuple):
    """What the network expected where a character stands.

    Attributes:
        character: what stands there.
        probability: what the network gave it by itself, that is at temperature 1 and among all
            characters; -log of it is the character's surprise in nats, and the mean surprise of a
            text is its loss. None where nothing came before, and for a skipped character.
        alternatives: the likeliest characters with their probabilities, the likeliest first.
        skipped: the network doesn't know the character, and has not read it.
    """

    character: str
    probability: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    skipped: bool = False


def check_sampling(length: int, temperature: float, top_k: int, top_p: float) -> None:
    """Raise ValueError, naming the value and what is allowed, if one is out of its range."""
    checked_number("length", length, 0, 1_000_000, int)
    checked_number("temperature", temperature, 0, 100, float)
    checked_number("top_k", top_k, 0, 1_000_000, int)
    checked_number("top_p", top_p, 1e-6, 1, float)


def check_seed(seed: int | None) -> None:
    """Raise ValueError unless this is a seed of random numbers, or None."""
    if seed is not None:
        checked_number("seed", seed, 0, 2**64 - 1, int)


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
    if temperature == 0:
        top_k, temperature = 1, 1.0
    p = softmax(logits, temperature)
    if top_k == 0 and top_p == 1:
        return p
    likeliest_first = np.argsort(-p, kind="stable")
    if 0 < top_k < len(p):
        p[likeliest_first[top_k:]] = 0
        p /= p.sum()
    if top_p < 1:
        before = np.cumsum(p[likeliest_first]) - p[likeliest_first]
        p[likeliest_first[before >= top_p]] = 0
        p /= p.sum()
    return p


def softmax(logits: Array, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return exp(logits / temperature), scaled to sum to 1 along the last axis (..., V)."""
    scores = logits.astype(np.float64)
    scores -= scores.max(axis=-1, keepdims=True)  # exp can't overflow
    with np.errstate(over="ignore"):  # by a tiny temperature, all but the likeliest become -inf
        scores /= temperature
    p: NDArray[np.float64] = np.exp(scores)
    p /= p.sum(axis=-1, keepdims=True)
    return p


class Writer:
    """Continues a text, a character at a time; the network may go on learning meanwhile.

    Attributes:
        line_ended: the last character is a line break, and the line that it ends is not blank.
    """

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
        self._logits = np.zeros(len(vocabulary), network.dtype)  # of the next character, (V,)
        self.line_ended = self._in_line = False
        self.read(context)

    def read(self, ids: Ids) -> None:
        """Read on, n more characters (n,)."""
        for start in range(0, len(ids), CONTEXT_PIECE):
            self._read(ids[start : start + CONTEXT_PIECE])

    def predict(self, ids: Ids) -> list[Prediction]:
        """Read on, n more characters (n,), and return what was expected at each."""
        predictions: list[Prediction] = []
        for start in range(0, len(ids), CONTEXT_PIECE):
            piece = ids[start : start + CONTEXT_PIECE]
            predictions += self._predictions(piece, self._read(piece))
        return predictions

    def _read(self, ids: Ids) -> Array:
        """Read ids (n,); return the logits of what was expected at each, (n, V)."""
        self._follow_lines(ids)
        logits, self._state, _ = self._network.forward(ids[:, None], self._state)
        expected = np.concatenate([self._logits[None], logits[:-1, 0]])
        self._logits = logits[-1, 0]
        return expected

    def _follow_lines(self, ids: Ids) -> None:
        for character in self._vocabulary.decode(ids):
            is_break = character == "\n"
            self.line_ended = is_break and self._in_line
            self._in_line = not is_break and (self._in_line or not character.isspace())

    def _predictions(self, ids: Ids, logits: Array) -> list[Prediction]:
        names = self._vocabulary.characters
        p = softmax(logits)  # (n, V)
        likeliest = np.argsort(-p, axis=1, kind="stable")[:, :ALTERNATIVES]  # (n, 6)
        places = np.arange(len(ids))
        rows = zip(
            ids.tolist(),
            p[places, ids].tolist(),
            likeliest.tolist(),
            p[places[:, None], likeliest].tolist(),
            strict=True,
        )
        return [
            Prediction(
                names[character],
                probability,
                tuple((names[k], share) for k, share in zip(first, shares, strict=True)),
            )
            for character, probability, first, shares in rows
        ]

    def next(self, temperature: float = 0.8, top_k: int = 0, top_p: float = 1.0) -> str:
        """Draw the next character, read it, and return it."""
        drawn = self._draw(temperature, top_k, top_p)
        self._read(drawn)
        return self._vocabulary.decode(drawn)

    def next_prediction(
        self, temperature: float = 0.8, top_k: int = 0, top_p: float = 1.0
    ) -> Prediction:
        """Draw the next character, read it, and return it with what was expected."""
        return self.predict(self._draw(temperature, top_k, top_p))[0]

    def _draw(self, temperature: float, top_k: int, top_p: float) -> Ids:
        p = distribution(self._logits, temperature, top_k, top_p)
        return np.array([self._rng.choice(len(p), p=p)])
