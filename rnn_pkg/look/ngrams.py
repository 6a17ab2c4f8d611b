"""What counting can do: n-gram models of a text, to judge a network's loss by.

An n-gram model predicts a character from the n - 1 before it, by how often it followed them in the
training part. Seldom seen contexts know little, so each order is mixed with the one below, down to
the uniform guess (interpolation by Witten and Bell, 1991): with a context c that was seen N(c)
times, followed by T(c) different characters,

    p_n(x | c) = (N(c, x) + T(c) p_{n-1}(x | c without its first character)) / (N(c) + T(c))
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.engine.linalg import Ids

HIGHEST_ORDER = 6


def ngram_losses(
    training: Ids,
    held_out: Ids,
    vocabulary_size: int,
    highest: int = HIGHEST_ORDER,
    counted: Ids | None = None,
) -> Iterator[float]:
    """Yield the losses of n-gram models for n = 1 ... highest, nats per character.

    The held-out part is read as what follows the training part, whose end is its first context.

    Args:
        training: (N,), what is counted.
        held_out: (M,), what is predicted, at least one character.
        vocabulary_size: of the ids.
        counted: (n,), the places in the held-out part whose losses count; None is all of them.
    """
    ids = np.concatenate([training, held_out])
    p = np.full(len(held_out), 1 / vocabulary_size)  # of each held-out character
    context = np.zeros(len(ids), np.int64)  # the number of the context of each place
    for order in range(highest):
        seen = slice(order, len(training))  # the places before have no context that long
        p, context = _mixed(p, context, ids, vocabulary_size, seen)
        yield -float(np.log(p if counted is None else p[counted]).mean())


def _mixed(
    p: NDArray[np.float64], context: Ids, ids: Ids, vocabulary_size: int, seen: slice
) -> tuple[NDArray[np.float64], Ids]:
    """Mix the probabilities by one order with what contexts longer by a character tell.

    Of a long text the arrays in here are large: they are gone when the next order's are made.

    Args:
        p: (M,), of each held-out character, by the order below.
        context: (N + M,), the number of each place's context.
        ids: (N + M,), the text.
        seen: the places that are counted; the held-out ones are all behind them.

    Returns:
        p by this order, and the contexts of the next.
    """
    asked = slice(seen.stop, None)
    # A context and the character after it are the next place's context, one character longer.
    longer, of_context = _number(context, ids, vocabulary_size)
    times_followed = np.bincount(longer[seen], minlength=len(of_context))
    times_seen = np.bincount(context[seen], minlength=len(of_context))
    followers = np.bincount(of_context[times_followed > 0], minlength=len(of_context))
    total = (times_seen + followers)[context[asked]]
    mixed = times_followed[longer[asked]] + followers[context[asked]] * p
    p = np.divide(mixed, total, out=p.copy(), where=total > 0)
    return p, np.concatenate([[len(of_context)], longer[:-1]])  # none before the first place


def _number(context: Ids, ids: Ids, vocabulary_size: int) -> tuple[Ids, NDArray[Any]]:
    """Number the different pairs of a context and a character.

    Returns:
        The pair's number at each place, and the context of each number.
    """
    pairs, numbers = np.unique(context * vocabulary_size + ids, return_inverse=True)
    return numbers, pairs // vocabulary_size
