"""Questions that a table leaves open: what can be read in two ways is asked, not guessed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from rnn_pkg.checks import either, shown


class Option(NamedTuple):
    """One of the ways to read something.

    Attributes:
        value: what to choose for it.
        words: what that means.
        example: how something of this very table reads then.
    """

    value: str | int
    words: str
    example: str


class Question(NamedTuple):
    """Something that can be read in several ways.

    Attributes:
        name: of the choice that settles it, a field of `Choices`.
        sentence: what is to be decided.
        options: the ways there are, at least two, the likeliest first.
    """

    name: str
    sentence: str
    options: tuple[Option, ...]

    def __str__(self) -> str:
        return self.asked(lambda value: f"{self.name}={value!r}")

    def asked(self, written: Callable[[str | int], str]) -> str:
        """Return it in words, with each choice as it is written where one is made."""
        ways = [f"{written(o.value)} for {o.words}: {o.example}" for o in self.options]
        return f"{self.sentence} Choose {'; or '.join(ways)}."


@dataclass
class Findings:
    """What is found while a table is read.

    Attributes:
        questions: what can be read in several ways, the first of which is to be settled first.
        notes: what was found and done, each a sentence.
    """

    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def ask(self, name: str, sentence: str, options: Sequence[Option]) -> Any:
        """Add a question, and return its first option, to go on with for the while."""
        self.questions.append(Question(name, sentence, tuple(options)))
        return options[0].value


def _allowed(*values: Any) -> Any:
    """A field of `Choices` that takes one of these values, or None."""
    return field(default=None, metadata={"allowed": values})


@dataclass(frozen=True)
class Choices:
    """What somebody has said about a table; None: the table tells, or the reader asks.

    Attributes:
        delimiter: what stands between the cells of a line; "none": each line is one cell.
        header: whether the first line names the columns.
        decimal: the decimal sign.
        dates: in which order day, month and year stand: "dmy", "mdy" or "ymd".
        century: the first of the hundred years that years of two digits are in: with 1950, 49 is
            2049 and 50 is 1950.
        column: which numbers to take, by the name of the column or by its place, from 1.
        stretch: which part between long gaps to take, from 1; 0: every row as it stands, whatever
            is missing, and no other.
        missing: what also stands for a missing value, such as "-999".
    """

    delimiter: str | None = _allowed(",", ";", "\t", " ", "none")
    header: bool | None = _allowed(True, False)
    decimal: str | None = _allowed(".", ",")
    dates: str | None = _allowed("dmy", "mdy", "ymd")
    century: int | None = _allowed(*range(1000, 3000))
    column: str | int | None = None
    stretch: int | None = None
    missing: str | None = None

    @classmethod
    def of(cls, choices: dict[str, Any]) -> "Choices":
        """Return the choices made by name.

        Raises:
            ValueError: there is no such choice, or it doesn't allow this value.
        """
        names = [each.name for each in fields(cls)]
        for name in choices:
            if name not in names:
                raise ValueError(f"there is no choice {shown(name)}: there are {', '.join(names)}")
        return cls(**choices)

    def __post_init__(self) -> None:
        for each in fields(self):
            value, allowed = getattr(self, each.name), each.metadata.get("allowed")
            if value is not None and allowed and not _is_among(value, allowed):
                raise ValueError(f"{each.name} must be {_in_words(allowed)}, not {shown(value)}")
        for name, kinds, words in (
            ("column", (str, int), "the name of a column, or its place"),
            ("stretch", (int,), "the number of a stretch"),
            ("missing", (str,), "a str"),
        ):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, kinds)):
                raise ValueError(f"{name} must be {words}, not {shown(value)}")


def _is_among(value: Any, allowed: Sequence[Any]) -> bool:
    """Tell whether a value is one of those, and of their type: 1 is not True here."""
    return any(type(value) is type(other) and value == other for other in allowed)


def _in_words(allowed: Sequence[Any]) -> str:
    """Return what is allowed, a long row by its ends."""
    if len(allowed) > 9:
        return f"a whole number from {allowed[0]} to {allowed[-1]}"
    return either([repr(value) for value in allowed])
