"""The place of the page where texts are learned, and written."""

import numpy as np

from rnn_pkg.checks import check_str
from rnn_pkg.config import Config
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.engine.network import Network
from rnn_pkg.page import answers
from rnn_pkg.page.desk import Desk
from rnn_pkg.page.limits import check_page, check_page_size, fitted
from rnn_pkg.page.machine import Machine, workers_that_help
from rnn_pkg.page.writing import Writing, plain
from rnn_pkg.tasks.sampling import check_sampling, check_seed
from rnn_pkg.tasks.spelling import known_form, name_unseen
from rnn_pkg.tasks.text import check_trainable
from rnn_pkg.training.trainer import Trainer

SAMPLE_LENGTH = 200
"""Length of the samples that show how a run gets on, in characters."""

BEGINNING = 2000
"""So many characters tell whether it is worth asking if a text is a table,"""

FEWEST_DIGITS = 0.3
"""of which at least this part must be digits, blanks left aside."""


class TextDesk(Desk[str]):
    """A Desk for texts, and one text being written at most."""

    place = "text"

    def __init__(self, machine: Machine) -> None:
        """Begin without a run."""
        super().__init__(machine)
        self._text = ""
        self._writing: Writing | None = None

    def describe(self, text: str, workers: int | None = None) -> answers.Description:
        """Return a text's size, and what suits it or why it can't be trained on.

        The text is kept until another comes, for `begin`: it need not be sent again.

        Args:
            text: what it is.
            workers: how many networks are to learn it at once; None takes what suits.
        """
        problem, config, lines = None, None, None
        distinct = len(set(text))
        try:
            check_trainable(text)
            check_page_size(len(text))
            workers = workers or workers_that_help(len(text), self._machine)
            ends = character_ends(distinct)
            suited = fitted(Config.for_text(text, workers=workers), ends, len(text))
            check_page(suited, ends, len(text))
            config = suited.as_dict()
            if suited.order == "lines":
                lines = text.removesuffix("\n").count("\n") + 1
        except ValueError as error:
            problem = str(error)
        self._text, self._text_id = text, self._text_id + 1
        return {
            "text_id": self._text_id,
            "characters": len(text),
            "distinct": distinct,
            "problem": problem,
            "config": config,
            "lines": lines,
            "table": None,
            "elsewhere": is_table(text),
        }

    def sample(self, temperature: float) -> str:
        """Write a whole text at once with the latest network, to show how the run gets on."""
        network = self.instruments.latest
        return self._running().sample("", SAMPLE_LENGTH, temperature, network=network)

    def start_writing(
        self,
        prompt: str,
        length: int,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        stop_at_line_end: bool = False,
    ) -> answers.WritingBegun:
        """Begin to write a continuation, in place of any other; `write` goes on with it.

        Args: as for `Trainer.sample`.
        """
        check_sampling(length, 1.0, top_k, top_p)
        check_seed(seed)
        check_str("prompt", prompt)
        trainer, rng = self._running(), np.random.default_rng(seed)
        prompt = known_form(prompt, trainer.vocabulary)
        opening = trainer.opening(prompt, rng)
        writer, predictions = trainer.reading(opening + prompt, rng, self._reader())
        self._writing = Writing(writer, length, top_k, top_p, stop_at_line_end)
        return {
            "warning": self._warning(prompt),
            "opening": opening,
            "characters": [plain(prediction) for prediction in predictions[len(opening) :]],
        }

    def continue_writing(
        self,
        text: str,
        length: int,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        stop_at_line_end: bool = False,
    ) -> None:
        """Begin to write on, in place of any other text, where this one ends.

        Args:
            text: opening, prompt, and what is written of the continuation.
            length: of what is still to come; the others are as for `Trainer.sample`.
        """
        check_sampling(length, 1.0, top_k, top_p)
        check_seed(seed)
        writer = self._running().writer(text, np.random.default_rng(seed), self._reader())
        if stop_at_line_end and writer.line_ended:
            length = 0
        self._writing = Writing(writer, length, top_k, top_p, stop_at_line_end)

    def write(self, budget_ms: float, temperature: float) -> answers.Written:
        """Write on until the budget is spent."""
        if self._writing is None:
            return {"characters": [], "done": True}
        check_sampling(self._writing.left, temperature, 0, 1.0)
        predictions = self._writing.write(budget_ms, temperature)
        return {"characters": [plain(p) for p in predictions], "done": self._writing.left == 0}

    def stop_writing(self) -> None:
        """Leave the rest unwritten."""
        self._writing = None

    def discard(self) -> None:
        """Drop the run."""
        super().discard()
        self._writing = None

    def _described(self) -> str:
        return self._text

    def _suited(self, data: str, values: answers.Settings) -> Config:
        return Config.for_text(data, **values)

    def _describe_learned(
        self, trainer: Trainer
    ) -> tuple[str, answers.Choices, answers.Description]:
        return trainer.text, {}, self.describe(trainer.text)

    def _adopt(self, trainer: Trainer) -> None:
        super()._adopt(trainer)
        self._writing = None

    def _reader(self) -> Network:
        """Return the network that reads and writes for the person."""
        return self.instruments.network

    def _warning(self, prompt: str) -> str | None:
        vocabulary = self._running().vocabulary
        unseen = name_unseen(known_form(prompt, vocabulary), vocabulary)
        return f"Never seen in the text, so skipped: {unseen}" if unseen else None


def is_table(text: str) -> bool:
    """Tell whether a text is a table of numbers without any doubt."""
    if not has_many_digits(text):
        return False
    # To read tables takes many modules, which a page that learns a text can do without.
    from rnn_pkg.tasks import table

    return table.is_table(text)


def has_many_digits(text: str) -> bool:
    """Tell whether a text might be a table of numbers, at a glance."""
    signs = [sign for sign in text[:BEGINNING] if not sign.isspace()]
    digits = sum(map(str.isdigit, signs))
    return digits >= FEWEST_DIGITS * len(signs) > 0
