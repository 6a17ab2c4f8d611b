"""The passage that the units of a network are watched on, and what is read before it."""

import numpy as np

from rnn_pkg.engine.linalg import Ids
from rnn_pkg.look.reading import WARM_UP
from rnn_pkg.tasks.spelling import known_form
from rnn_pkg.tasks.text import name_characters
from rnn_pkg.training.trainer import Trainer

PASSAGE = 384
"""Longest passage that is looked at, in characters."""

CONTEXT = WARM_UP
"""So many characters before a passage are read first."""


def passage_of(
    trainer: Trainer, passage: str, before: str, rng: np.random.Generator
) -> tuple[Ids, Ids, str]:
    """Return the ids of a passage (n,), of its context (c,), and names of what was skipped.

    Where nothing stands before it, the network begins as in writing.

    Args:
        trainer: whose text and vocabulary it is.
        passage: only its first PASSAGE characters are taken; an empty one stands for the beginning
            of the held-out part, or of the training part if nothing is held out.
        before: the text before it, if any.
        rng: draws what writing begins with where the text has no line breaks.

    Raises:
        ValueError: no character of the passage is known.
    """
    vocabulary = trainer.vocabulary
    if not passage:
        start = len(trainer.training_ids) if len(trainer.held_out_ids) else 1
        ids = trainer.ids
        return ids[start : start + PASSAGE], ids[max(0, start - CONTEXT) : start], ""
    passage = known_form(passage[:PASSAGE], vocabulary)
    unseen = vocabulary.unseen(passage)
    ids = vocabulary.encode(vocabulary.without_unseen(passage))
    if not len(ids):
        raise ValueError("the network has never seen any character of this passage")
    before = known_form(before, vocabulary)
    context = trainer.opening(before, rng) + before
    known = vocabulary.encode(vocabulary.without_unseen(context))[-CONTEXT:]
    return ids, known, name_characters(unseen)
