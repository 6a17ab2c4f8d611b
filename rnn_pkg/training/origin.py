"""Where a run's weights come from, if not from here: a network of another text, or PyTorch."""

from dataclasses import dataclass
from typing import Any

from rnn_pkg.config import Config

BEGINNING = 60
"""Characters that tell which text it was."""


@dataclass(frozen=True)
class Origin:
    """A network that had learned another text.

    Attributes:
        steps: it had been trained.
        characters: of its text.
        beginning: the first few of these.
        shared: characters of the vocabulary that both texts have, whose weights were taken over.
        drawn: those of the new text alone, whose weights were drawn.
    """

    steps: int
    characters: int
    beginning: str
    shared: int
    drawn: int

    @classmethod
    def of(cls, text: str, steps: int, shared: int, drawn: int) -> "Origin":
        """Return the Origin that is a network which had learned this text."""
        return cls(steps, len(text), text.strip()[:BEGINNING], shared, drawn)

    def words(self) -> str:
        """Return it in a line, however many the text's beginning has."""
        printable = (c if c.isprintable() else " " for c in self.beginning)
        beginning = " ".join("".join(printable).split())
        rest = " …" if self.characters > len(self.beginning) else ""
        steps = "1 step" if self.steps == 1 else f"{self.steps:,} steps"
        return (
            f"Begun with a network that had learned “{beginning}{rest}” in {steps}. Of the "
            f"{self.shared + self.drawn:,} different characters, it knew {self.shared:,}; the "
            "weights of the others were drawn. It may have read some of what is held out now."
        )


@dataclass(frozen=True)
class Stay:
    """Steps that a run has taken elsewhere.

    Attributes:
        first, last: after step `first` it went there, and after `last` it came back.
        by: the program that took them, with its version.
        device: where that computed, such as "cpu" or the name of a GPU.
        processes: so many at once.
        seconds: that it took.
    """

    first: int
    last: int
    by: str
    device: str
    processes: int
    seconds: float

    def words(self) -> str:
        """Return it in a line."""
        steps = f"Steps {self.first + 1:,} to {self.last:,} were"
        if self.last == self.first + 1:
            steps = f"Step {self.last:,} was"
        seconds = f"{self.seconds:,.0f} seconds" if self.seconds >= 10 else f"{self.seconds:.1f} s"
        where = in_processes(self.processes, self.device)
        return f"{steps} taken by {self.by} in {where}, in {seconds}."


def in_processes(count: int, device: str) -> str:
    """Return how many processes compute on what: "2 processes (cpu)"."""
    return f"{'1 process' if count == 1 else f'{count:,} processes'} ({device})"


def kind_of(config: Config) -> dict[str, Any]:
    """Return what two networks must have in common for one to go on from the other."""
    names = ("cell", "cell_source", "hidden_size", "layers")
    return {name: getattr(config, name) for name in names}
