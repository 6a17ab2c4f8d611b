"""What a run can do that has learned a text: write, and tell what it expected."""

from collections.abc import Iterator

import numpy as np

from rnn_pkg.checks import check_str
from rnn_pkg.engine.linalg import Ids
from rnn_pkg.engine.network import Network
from rnn_pkg.tasks.characters import Characters
from rnn_pkg.tasks.sampling import Prediction, Writer
from rnn_pkg.tasks.text import Vocabulary
from rnn_pkg.training import evaluation
from rnn_pkg.training.run import Run


class Writes(Run):
    """A Run, and what it can do if what it learns is a text.

    Otherwise all of this raises a ValueError.
    """

    @property
    def _characters(self) -> Characters:
        if not isinstance(self.task, Characters):
            raise ValueError("this run has learned a series, not a text: it forecasts")
        return self.task

    @property
    def text(self) -> str:
        """What it was given."""
        return self._characters.text

    @property
    def vocabulary(self) -> Vocabulary:
        """The text's characters."""
        return self._characters.vocabulary

    @property
    def ordered(self) -> str:
        """The text in the order in which it is learned, the held-out part last."""
        return self._characters.ordered

    @property
    def ids(self) -> Ids:
        """Its characters' numbers: `training_ids`, then `held_out_ids`."""
        return self._characters.ids

    @property
    def training_ids(self) -> Ids:
        """Those that are learned."""
        return self._characters.training_ids

    @property
    def held_out_ids(self) -> Ids:
        """Those that are held out."""
        return self._characters.held_out_ids

    def places(self, start: int, characters: int | None = None) -> Ids:
        """Return the places in the text that `measure` tries: (length, readers).

        Args: as for `measure`.
        """
        return evaluation.places(start, len(self.ids), characters)

    def sample(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        network: Network | None = None,
        stop_at_line_end: bool = False,
    ) -> str:
        """Return a continuation of the prompt, without the prompt, of `length` characters.

        The prompt is read in the form that the text has, see `known_form`; characters that it
        doesn't have in any form are skipped, with a UserWarning that names them. Training is not
        disturbed: the run's own random numbers are not used.

        Args:
            prompt: any text. With an empty one the network begins as after a line break.
            length: number of characters to write.
            temperature: below 1 is more careful, above 1 more daring; 0 takes the likeliest.
            top_k: choose among the k likeliest only; 0 is off.
            top_p: choose among the likeliest that together have this probability; 1 is off.
            seed: the same seed gives the same text; None a new one each time.
            network: what writes; None is `best`.
            stop_at_line_end: stop with the line break of the first line that is not blank.

        Raises:
            ValueError: an argument is out of its range.
        """
        return "".join(
            self._characters.stream(
                network or self.best,
                *(prompt, length, temperature, top_k, top_p, seed, stop_at_line_end),
            )
        )

    def stream(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        network: Network | None = None,
        stop_at_line_end: bool = False,
    ) -> Iterator[str]:
        """Return what `sample` does, with the same arguments, a character at a time as it comes."""
        return self._characters.stream(
            network or self.best,
            *(prompt, length, temperature, top_k, top_p, seed, stop_at_line_end),
        )

    def writer(
        self, prompt: str, rng: np.random.Generator, network: Network | None = None
    ) -> Writer:
        """Return a Writer that continues the opening and the prompt, unseen characters skipped.

        What writes is `network`, or else `best`.
        """
        return self._characters.writer(network or self.best, prompt, rng)

    def opening(self, prompt: str, rng: np.random.Generator) -> str:
        """Return what is read before the prompt: see `Characters.opening`."""
        return self._characters.opening(prompt, rng)

    def predictions(self, text: str) -> list[Prediction]:
        """Return what `best` expected at each character of a text, given those before it.

        `-math.log(prediction.probability)` is the network's surprise at a character, in nats. The
        first has none, as nothing came before it, nor have those that are skipped because the
        network has never seen them.

        Raises:
            ValueError: text is not a str.
        """
        check_str("text", text)
        return self.reading(text, np.random.default_rng())[1]

    def reading(
        self, prompt: str, rng: np.random.Generator, network: Network | None = None
    ) -> tuple[Writer, list[Prediction]]:
        """Return a Writer that continues the prompt, as `writer` does, and what was expected at
        each of the prompt's characters, in the form that the text has, from one reading."""
        return self._characters.reading(network or self.best, prompt, rng)
