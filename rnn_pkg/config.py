"""Every hyperparameter: its default, its range and what it means, in one table."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnn_pkg.checks import check_str, checked_number, shown
from rnn_pkg.engine.cells import CELLS, OWN
from rnn_pkg.engine.optimizers import OPTIMIZERS
from rnn_pkg.tasks.order import ORDERS, held_out_size, is_list
from rnn_pkg.tasks.parts import LONGEST_PERIOD
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.suited import suited
from rnn_pkg.tasks.text import check_trainable

EVALUATION_CHARACTERS = 16_384
"""During training the held-out loss is measured on all of that part or, if it is longer, on so many
characters spread over it."""

LEARNED_TO_MEASURED = 3
"""So many times as many characters are learned as are measured: as to measure one takes a third of
the time, that is a tenth of all."""

SOONEST = 10
"""Steps between two measurements, at least; the number is a multiple of it."""

AVERAGED_EVERY = 16
"""Steps after which networks that learn at once are averaged."""

SUITED_TO_TEXT: dict[str, Any] = {"cell": "lstm", "learning_rate": 0.03, "hidden_rate": 0.3}
"""What suits a text of any length."""

SHORT: dict[str, Any] = {"batch_size": 8, "input_dropout": 0.15}
"""What suits one that is soon learned by heart."""

LARGE: dict[str, Any] = {"hidden_size": 192}
"""What suits one in which there is much to learn."""

SUITED_TO_LENGTH: tuple[tuple[float, dict[str, Any]], ...] = (
    (8_000, {**SHORT, "dropout": 0.6, "average": 1.0}),
    (32_000, {**SHORT, "dropout": 0.5}),
    (128_000, {"dropout": 0.4, "input_dropout": 0.08}),
    (360_000, {**LARGE, "dropout": 0.2, "input_dropout": 0.02}),
    (math.inf, LARGE),
)
"""What else suits up to so many characters of training text (see README, "Defaults")."""


NUMBERS_DEFAULTS: dict[str, Any] = {
    "hidden_size": 16,
    "sequence_length": 32,
    "batch_size": 8,
    "schedule_steps": 200,
    "clip": 1.0,
    "validation": 0.15,
    "evaluate_every": 20,
}
"""What suits a series, of which there is mostly little: few units, and a rate that soon falls."""


@dataclass(frozen=True)
class Setting:
    """What a person is told about a hyperparameter, and what it may be."""

    label: str
    help: str
    minimum: float = 0
    maximum: float = 0
    choices: Mapping[str, str] | None = None  # each value, and what people call it
    live: bool = False  # may change during a run
    task: str | None = None  # of what is learned, "text" or "numbers"; None: of both
    idle_if: tuple[str, str | float] | None = None  # it has no effect while that one has this value

    def checked(self, name: str, value: Any, kind: type) -> Any:
        """Return the value as a str, an int or a float.

        Raises:
            ValueError: it is not allowed; the message names field, value and what is allowed.
        """
        if self.choices is None:
            return checked_number(name, value, self.minimum, self.maximum, kind)
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError(f"{name} must be one of {', '.join(self.choices)}, not {shown(value)}")
        return str(value)


def setting(default: Any, label: str, help: str, **limits: Any) -> Any:
    """Declare one field of Config."""
    return dataclasses.field(default=default, metadata={"setting": Setting(label, help, **limits)})


@dataclass(frozen=True, kw_only=True)
class Config:
    """The hyperparameters of a training run.

    Raises:
        ValueError: a field is out of its range; the message names the field, the value and what
            is allowed.
    """

    cell: str = setting(
        "gru",
        "Cell",
        "The kind of memory. RNN is the simplest; the others have gates, and can remember longer.",
        choices={name: cell.label for name, cell in CELLS.items()},
    )
    cell_source: str = ""
    """That of a cell of one's own, which has `cell` "own": see engine/written.py."""
    hidden_size: int = setting(
        128,
        "Hidden units",
        "How many numbers the hidden state has, the network's memory. More can learn more, but "
        "more slowly.",
        minimum=1,
        maximum=1024,
    )
    layers: int = setting(
        1,
        "Layers",
        "Networks stacked on each other: each reads the hidden states of the one below.",
        minimum=1,
        maximum=8,
    )
    sequence_length: int = setting(
        32,
        "Sequence length",
        "How many steps back a mistake is traced, and no further: that is where "
        "backpropagation through time is cut off.",
        minimum=1,
        maximum=512,
    )
    batch_size: int = setting(
        16,
        "Batch size",
        "How many places are read at once, in each step of training.",
        minimum=1,
        maximum=256,
    )
    learning_rate: float = setting(
        1e-2,
        "Learning rate",
        "How far each step moves the weights. If it is too high, the loss rises.",
        minimum=1e-6,
        maximum=10.0,
        live=True,
    )
    hidden_rate: float = setting(
        1.0,
        "Hidden rate",
        "What the learning rate is multiplied by for the weights between hidden units. Each unit "
        "adds up what all of them say, so the more there are, the smaller these steps should be.",
        minimum=0.01,
        maximum=10.0,
    )
    optimizer: str = setting(
        "adam",
        "Optimizer",
        "How gradients become steps. Adam adapts the size of the step to every weight.",
        choices={name: optimizer.__name__ for name, optimizer in OPTIMIZERS.items()},
    )
    schedule: str = setting(
        "inverse_sqrt",
        "Schedule",
        "How the learning rate falls: ever more slowly, along a cosine to an end, or not at all.",
        choices={
            "inverse_sqrt": "inverse square root",
            "cosine": "cosine",
            "constant": "constant",
        },
    )
    schedule_steps: int = setting(
        2000,
        "Schedule steps",
        "After how many steps the rate has fallen: to 71 % by the inverse square root, to its "
        "lowest by the cosine.",
        minimum=1,
        maximum=10_000_000,
        idle_if=("schedule", "constant"),
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        "The part of each layer's output that is hidden from whatever reads it, the next layer or "
        "the output, while training. It keeps a network from learning by heart.",
        minimum=0.0,
        maximum=0.9,
    )
    input_dropout: float = setting(
        0.0,
        "Input dropout",
        "The part of what it reads that is hidden from the network while training, so that it "
        "can't lean on any single one.",
        minimum=0.0,
        maximum=0.9,
    )
    average: float = setting(
        0.1,
        "Average",
        "The network that writes or forecasts, and is tried on the held-out part, has the mean of "
        "the weights over this last part of the run. At 0 it has the latest weights.",
        minimum=0.0,
        maximum=1.0,
    )
    clip: float = setting(
        5.0,
        "Clip",
        "The longest gradient allowed; a longer one is shortened to that. 0 is no limit.",
        minimum=0.0,
        maximum=1e6,
    )
    order: str = setting(
        "text",
        "Order",
        "As the text stands, its end held out; or, for a list, its lines in an order drawn by the "
        "seed, held out from all over it.",
        choices=ORDERS,
        task="text",
    )
    season: int = setting(
        1,
        "Season",
        "After how many steps the series repeats itself, as months do after 12. 1 is no season.",
        minimum=1,
        maximum=LONGEST_PERIOD,
        task="numbers",
    )
    reads: str = setting(
        "levels",
        "Reads",
        "The values as they are, maybe with their last change; or only how they have changed, "
        "since the last step, the last season or both, maybe with what came a season ago at the "
        "step that is to come. A network that reads levels is lost where the level has never been.",
        choices={
            "levels": "levels",
            "levels_and_change": "levels and last change",
            "changes": "changes",
            "seasonal_changes": "seasonal changes",
            "changes_and_season": "changes and last season",
        },
        task="numbers",
    )
    leaves: str = setting(
        "last",
        "Adds to",
        "What the network's answer is added to: it learns what that simple forecast leaves over.",
        choices={"last": "the last value", "season": "the value a season ago"},
        task="numbers",
    )
    logarithm: str = setting(
        "no",
        "Logarithm",
        "Learn the logarithms of the values, if all are positive: so what counts is by how many "
        "percent they change.",
        choices={"no": "no", "yes": "yes"},
        task="numbers",
    )
    loss: str = setting(
        "gaussian",
        "Loss",
        "The network says a mean and how sure it is, and the likelihood of what came judges both; "
        "or a mean alone, judged by its squared error, as in the tutorial.",
        choices={"gaussian": "Gaussian likelihood", "squared_error": "squared error"},
        task="numbers",
    )
    input_noise: float = setting(
        0.0,
        "Input noise",
        "So much noise is added to what the network reads while training, in standard deviations: "
        "so it learns to forgive the errors of its own forecasts, which it reads to look further "
        "ahead.",
        minimum=0.0,
        maximum=10.0,
        task="numbers",
    )
    validation: float = setting(
        0.1,
        "Held out",
        "The part that is never trained on, but tried now and then.",
        minimum=0.0,
        maximum=0.5,
    )
    evaluate_every: int = setting(
        50,
        "Evaluate every",
        "After how many steps the held-out part is tried; with several workers, at the next mean "
        "of their networks.",
        minimum=1,
        maximum=1_000_000,
        idle_if=("validation", 0.0),
    )
    workers: int = setting(
        1,
        "Workers",
        "How many networks learn at once, each from its own places, and on its own "
        f"processor core if there are enough. Every {AVERAGED_EVERY} steps their mean replaces "
        "them all.",
        minimum=1,
        maximum=8,
        task="text",
    )
    seed: int = setting(
        0,
        "Seed",
        "Where the random numbers start: the same data, settings and seed give the same run.",
        minimum=0,
        maximum=2**32 - 1,
    )

    def __post_init__(self) -> None:
        check_str("cell_source", self.cell_source)
        if (self.cell == OWN) != bool(self.cell_source):
            raise ValueError('cell must be "own" with a cell_source, and only then')
        for name, (default, setting) in settings().items():
            if name == "cell" and self.cell == OWN:
                continue
            value = setting.checked(name, getattr(self, name), type(default))
            object.__setattr__(self, name, value)  # how a frozen dataclass is completed

    @classmethod
    def for_text(cls, text: str, **overrides: Any) -> Config:
        """Return defaults that suit this text.

        The mean of several workers' networks zigzags less than one network does, so they learn in
        larger steps: the rate grows with the cube root of their number.

        A list is learned line by line in a drawn order. The shorter the text, the more is dropped,
        so that it isn't learned by heart. A short one is read at few places at once; the longer
        ones are for a larger network. A very short one is known best so soon that the mean of the
        weights is over all steps. Weights between hidden units learn in smaller steps than the
        others. If the text can't fill the usual batch, first fewer places are read at once, then
        shorter sequences, so that one step doesn't read the same place twice. The held-out part is
        tried the more often, the sooner that is done.

        Args:
            text: what is to be trained on.
            overrides: fields that are given rather than chosen.

        Raises:
            ValueError: the text can't be trained on, or a field is out of its range.
        """
        check_trainable(text)
        given = cls.from_mapping(overrides)
        training = len(text) - held_out_size(len(text), given.validation)
        sequence_length = overrides.get(
            "sequence_length", min(given.sequence_length, training // 2)
        )
        suited = SUITED_TO_TEXT | next(
            suited for most, suited in SUITED_TO_LENGTH if training <= most
        )
        usual = suited.get("batch_size", given.batch_size)
        batch_size = min(usual, max(1, training // (sequence_length * given.workers)))
        read = sequence_length * overrides.get("batch_size", batch_size)
        chosen = {
            **suited,
            "learning_rate": round(suited["learning_rate"] * given.workers ** (1 / 3), 3),
            "sequence_length": sequence_length,
            "batch_size": batch_size,
            "evaluate_every": _seldom_enough(len(text) - training, read),
        }
        if "order" not in overrides:  # to look through a long text takes a while
            chosen["order"] = "lines" if is_list(text) else "text"
        return cls(**(chosen | overrides))

    @classmethod
    def for_series(cls, series: Series, **overrides: Any) -> Config:
        """Return defaults that suit this series, told by its training part: see `suited`.

        Args:
            series: what is to be forecast.
            overrides: fields that are given rather than chosen.

        Raises:
            ValueError: a field is out of its range.
        """
        given = cls.from_mapping(NUMBERS_DEFAULTS | overrides)
        known = len(series) - round(given.validation * len(series))
        chosen = suited(series, known, overrides)
        sequence_length = min(given.sequence_length, max(2, known // 4))
        batch_size = max(1, min(given.batch_size, known // sequence_length))
        lengths = {"sequence_length": sequence_length, "batch_size": batch_size}
        return given.replace(**(chosen._asdict() | lengths | overrides))

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Config:
        """Return the Config of a dict of fields; the missing ones take their defaults.

        Raises:
            ValueError: a name is not a field, or a value is out of its range.
        """
        names = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(shown(name) for name in set(values) - names)
        if unknown:
            raise ValueError(
                f"unknown setting {', '.join(unknown[:5])}: "
                f"the settings are {', '.join(sorted(names))}"
            )
        return cls(**values)

    def replace(self, **changes: Any) -> Config:
        """Return a copy with some fields changed, checked as a new one is."""
        return dataclasses.replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a dict; without a cell_source where there is none."""
        fields = dataclasses.asdict(self)
        if not self.cell_source:
            del fields["cell_source"]
        return fields

    @property
    def round_length(self) -> int:
        """Steps that each learner takes by itself: a network that learns alone has rounds of one,
        and nothing to average."""
        return AVERAGED_EVERY if self.workers > 1 else 1

    def round_start(self, step: int) -> int:
        """Return the step after which the round began that goes on after `step` steps."""
        return step - step % self.round_length

    @property
    def measured_every(self) -> int:
        """After how many steps the held-out part is tried: at the end of a round."""
        return self.round_length * math.ceil(self.evaluate_every / self.round_length)

    @property
    def characters_a_step(self) -> int:
        """How many characters are read in each step, by all learners together."""
        return self.workers * self.batch_size * self.sequence_length

    def rate_at(self, step: int, learning_rate: float | None = None) -> float:
        """Return the learning rate of the given step, the first being 0.

        The schedule begins with `learning_rate`, which may be given in the config's place.

        The inverse square root falls ever more slowly and has no end, so that a run may take as
        long as one likes:

            rate = learning_rate / sqrt(1 + step / schedule_steps)

        The cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts) falls from learning_rate
        to a hundredth of it, low, and stays there from schedule_steps on:

            rate = low + (learning_rate - low) (1 + cos(pi step / schedule_steps)) / 2
        """
        progress = step / self.schedule_steps
        rate = self.learning_rate if learning_rate is None else learning_rate
        if self.schedule == "inverse_sqrt":
            return rate / math.sqrt(1 + progress)
        if self.schedule == "cosine":
            low = rate / 100
            return low + (rate - low) * (1 + math.cos(math.pi * min(1, progress))) / 2
        return rate


def _seldom_enough(held_out: int, read: int) -> int:
    """Return after how many steps, each of which reads so many characters, the held-out part is
    tried."""
    measured = min(held_out, EVALUATION_CHARACTERS)
    return SOONEST * max(1, math.ceil(LEARNED_TO_MEASURED * measured / (read * SOONEST)))


def settings(task: str | None = None) -> dict[str, tuple[Any, Setting]]:
    """Return each field's default and Setting, by name, in the order of Config: all, or those that
    a task has, "text" or "numbers"."""
    every = {
        field.name: (field.default, field.metadata["setting"])
        for field in dataclasses.fields(Config)
        if field.metadata
    }
    return {name: one for name, one in every.items() if not task or one[1].task in (None, task)}
