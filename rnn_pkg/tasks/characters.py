"""The task of expecting a text's next character: what of it is learned, and what can be written."""

import math
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from rnn_pkg.checks import check_str
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.linalg import Ids
from rnn_pkg.engine.network import Network
from rnn_pkg.tasks.guesses import Guess, uniform_loss, unigram_loss
from rnn_pkg.tasks.order import ordered
from rnn_pkg.tasks.sampling import Prediction, Writer, check_sampling, check_seed
from rnn_pkg.tasks.spelling import known_form, name_unseen
from rnn_pkg.tasks.text import Following, Vocabulary, check_trainable
from rnn_pkg.tasks.words import TEXT


class Characters:
    """A text to be learned character by character, and what a network that learns it can do.

    Any prompt is read in the form that the text has, see `known_form`; characters that it doesn't
    have in any form are skipped.

    Attributes:
        text: what is to be learned.
        vocabulary: its characters.
        ordered: it in the order in which it is learned, the held-out part last.
        ids: its characters' numbers in that order: `training_ids`, then `held_out_ids`.
        ends: what a network reads and says that learns it.
        whole: all of it as Material; its first part is `training`.
        blind_loss: that of a guess that takes every character for equally likely.
    """

    kind: Literal["text"] = "text"
    words = TEXT
    fingerprint: None = None
    dated: bool = False

    def __init__(self, text: str, order: str, validation: float, seed: int) -> None:
        """Number the characters, and part the text: for the arguments see `ordered`.

        Raises:
            ValueError: the text can't be learned, or not in this order.
        """
        check_trainable(text)
        self.text = text
        self.vocabulary = Vocabulary(text)
        self.ends = character_ends(len(self.vocabulary))
        self.blind_loss = math.log(len(self.vocabulary))
        self.ordered, held_out = ordered(text, order, validation, seed)
        self.ids = self.vocabulary.encode(self.ordered)
        self.training_ids, self.held_out_ids = np.split(self.ids, [len(self.ids) - held_out])
        self.whole, self.training = Following(self.ids), Following(self.training_ids)

    @property
    def distinct(self) -> int:
        """How many different characters it has."""
        return len(self.vocabulary)

    @property
    def needed(self) -> dict[str, Any]:
        """What another program must know beside weights and settings, in plain values."""
        return {"vocabulary": self.vocabulary.characters}

    def guesses(self, tried: Ids) -> list[Guess]:
        """Return what needs no network, by its loss on the characters at these places."""
        size = len(self.vocabulary)
        by_frequency = unigram_loss(self.training_ids, self.ids[tried].reshape(-1), size)
        return [
            Guess("uniform", "uniform guess", uniform_loss(size)),
            Guess("unigram", "letter frequencies", by_frequency),
        ]

    def stream(
        self,
        network: Network,
        prompt: str,
        length: int,
        temperature: float,
        top_k: int,
        top_p: float,
        seed: int | None,
        stop_at_line_end: bool,
    ) -> Iterator[str]:
        """Return a continuation of the prompt, a character at a time as it comes.

        A UserWarning, as if from the caller's caller, names what the text doesn't have.

        Args:
            network: what writes.
            prompt: any text. With an empty one the network begins as after a line break.
            length: number of characters to write.
            temperature, top_k, top_p: see `distribution`.
            seed: the same seed gives the same text; None a new one each time.
            stop_at_line_end: stop with the line break of the first line that is not blank.

        Raises:
            ValueError: an argument is out of its range.
        """
        check_sampling(length, temperature, top_k, top_p)
        check_str("prompt", prompt)
        check_seed(seed)
        unseen = name_unseen(known_form(prompt, self.vocabulary), self.vocabulary)
        if unseen:
            warnings.warn(
                f"the network has never seen {unseen}: skipped in the prompt", stacklevel=3
            )
        writer = self.writer(network, prompt, np.random.default_rng(seed))

        def written() -> Iterator[str]:
            for _ in range(length):
                yield writer.next(temperature, top_k, top_p)
                if stop_at_line_end and writer.line_ended:
                    return

        return written()

    def writer(self, network: Network, prompt: str, rng: np.random.Generator) -> Writer:
        """Return a Writer that continues the opening and the prompt."""
        prompt = known_form(prompt, self.vocabulary)
        context = self.vocabulary.without_unseen(self.opening(prompt, rng) + prompt)
        return Writer(network, self.vocabulary, self.vocabulary.encode(context), rng)

    def opening(self, prompt: str, rng: np.random.Generator) -> str:
        """Return what is read before the prompt: nothing, unless no character of it is known.

        Then it is a line break, so that the network begins as on a new line, or, where the text
        has none, one of the text's characters, drawn by chance.
        """
        if self.vocabulary.without_unseen(prompt):
            return ""
        if not self.vocabulary.unseen("\n"):
            return "\n"
        return self.vocabulary.decode(rng.choice(self.training_ids, 1))

    def reading(
        self, network: Network, prompt: str, rng: np.random.Generator
    ) -> tuple[Writer, list[Prediction]]:
        """Return a Writer that continues the prompt, and what was expected at each of the prompt's
        characters, in the form that the text has, from one reading."""
        prompt = known_form(prompt, self.vocabulary)
        unseen = self.vocabulary.unseen(prompt)
        known = self.vocabulary.without_unseen(prompt)
        writer = self.writer(network, known[:1], rng)
        following = writer.predict(self.vocabulary.encode(known[1:]))
        predicted = iter([Prediction(known[:1]), *following])
        return writer, [
            Prediction(character, skipped=True) if character in unseen else next(predicted)
            for character in prompt
        ]
