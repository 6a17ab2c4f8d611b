"""What can be learned: the tasks, and all that a run knows of one."""

from typing import Any, Literal, Protocol

from rnn_pkg.engine.ends import Ends, character_ends
from rnn_pkg.engine.linalg import Ids
from rnn_pkg.tasks.characters import Characters
from rnn_pkg.tasks.guesses import Guess
from rnn_pkg.tasks.numbers import Numbers, Settings, ends_of
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.streams import Material
from rnn_pkg.tasks.text import Vocabulary
from rnn_pkg.tasks.words import Words


class Task(Protocol):
    """What is learned, and how a network reads it.

    Attributes:
        kind: of what is learned.
        words: for people.
        needed: what another program must know beside weights and settings, in plain values.
        distinct: how many different things there are to expect; 0 if they are numbers.
        fingerprint: of a series, the same for the same one.
        dated: whether what is learned has dates.
        ends: what a network reads and says that learns it.
        whole: all of it; its last part is held out.
        training: the part before that, as far as it is known there.
        blind_loss: that of a network which knows no more than what there is to say, or how far
            numbers spread.
    """

    @property
    def kind(self) -> Literal["text", "numbers"]: ...
    @property
    def words(self) -> Words: ...
    @property
    def needed(self) -> dict[str, Any]: ...
    @property
    def distinct(self) -> int: ...
    @property
    def fingerprint(self) -> str | None: ...
    @property
    def dated(self) -> bool: ...
    @property
    def ends(self) -> Ends: ...
    @property
    def whole(self) -> Material: ...
    @property
    def training(self) -> Material: ...
    @property
    def blind_loss(self) -> float: ...
    def guesses(self, tried: Ids) -> list[Guess]:
        """Return what needs no network, by its loss on what is at these places of the whole."""
        ...


class TaskSettings(Settings, Protocol):
    """What of a Config says how something is learned."""

    @property
    def order(self) -> str: ...
    @property
    def seed(self) -> int: ...


def task_of(data: str | Series, settings: TaskSettings) -> Task:
    """Return the task of learning a text or a series.

    Raises:
        ValueError: it can't be learned, or not with these settings; the message says what is
            needed.
    """
    if isinstance(data, Series):
        return Numbers(data, settings)
    return Characters(data, settings.order, settings.validation, settings.seed)


def ends_for(data: str | Series, settings: TaskSettings) -> Ends:
    """Return the ends of a network that learns a text or a series, before the task is made."""
    if isinstance(data, Series):
        return ends_of(settings)
    return character_ends(len(Vocabulary(data)))
