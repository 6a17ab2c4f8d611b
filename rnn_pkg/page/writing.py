"""A text that is being written, a few characters at a time."""

import time

from rnn_pkg.page import answers
from rnn_pkg.tasks.sampling import Prediction, Writer


class Writing:
    """A continuation on its way."""

    def __init__(
        self, writer: Writer, length: int, top_k: int, top_p: float, stop_at_line_end: bool
    ) -> None:
        self._writer, self._top_k, self._top_p = writer, top_k, top_p
        self._stop_at_line_end = stop_at_line_end
        self.left = length  # characters still to be written

    def write(self, budget_ms: float, temperature: float) -> list[Prediction]:
        """Write at least one character, if one is left, and on until the budget is spent."""
        end = time.perf_counter() + budget_ms / 1000
        written: list[Prediction] = []
        while self.left and (not written or time.perf_counter() < end):
            written.append(self._writer.next_prediction(temperature, self._top_k, self._top_p))
            self.left -= 1
            if self._stop_at_line_end and self._writer.line_ended:
                self.left = 0
        return written


def plain(prediction: Prediction) -> answers.Prediction:
    """Return a character with its probability and its likeliest alternatives, as plain values."""
    character, probability, alternatives, skipped = prediction
    return {
        "character": character,
        "probability": probability,
        "alternatives": list(alternatives),
        "skipped": skipped,
    }
