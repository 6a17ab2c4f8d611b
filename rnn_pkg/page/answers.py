"""What the page is answered: the shape of every value that Python hands it.

The page's own types are made from these, by `python3 build.py types`.
"""

from typing import Any, Literal, TypedDict

from rnn_pkg.look.flow import Fate

Settings = dict[str, str | float]
"""Hyperparameters by their names."""


class NumberField(TypedDict):
    """A box for a number: what it is called, and what may stand in it."""

    label: str
    kind: Literal["integer", "number"]
    minimum: float
    maximum: float
    optional: bool
    """May be left empty."""


class ExplainedField(NumberField):
    """A box for a number, and what the number does."""

    help: str


class Idle(TypedDict):
    """When a setting has no effect: while another has this value."""

    name: str
    value: str | float


class Field(TypedDict):
    """One hyperparameter."""

    name: str
    label: str
    kind: Literal["choice", "integer", "number"]
    default: str | float
    minimum: float | None
    maximum: float | None
    choices: dict[str, str] | None
    """Each value, and what people call it."""
    help: str
    live: bool
    """May be changed during a run."""
    idle_if: Idle | None
    """When it has no effect."""


class WritingFields(TypedDict):
    """What a text is written with, by the names of the boxes."""

    length: NumberField
    topK: ExplainedField
    topP: ExplainedField
    writingSeed: ExplainedField


class Numbers(TypedDict):
    """Numbers that the page needs too; in characters, where nothing else is said."""

    text: int
    """The longest text."""
    prompt: int
    """The longest prompt."""
    passage: int
    """The longest passage whose hidden states are looked at."""
    context: int
    """What is read before a passage, at most."""
    alternatives: int
    """How many of the likeliest characters a Prediction names."""
    recurrence: tuple[float, float]
    """What W_hh may be multiplied by: least and most."""


class About(TypedDict):
    """What runs here, and what it takes."""

    package: str
    python: str
    numpy: str
    simd: bool
    """Do the SIMD kernels compute, or NumPy alone?"""
    numbers: Numbers
    writing: WritingFields


class Description(TypedDict):
    """A text's size, and what suits it or why it can't be trained on."""

    text_id: int
    """Names the text to `begin`."""
    characters: int
    distinct: int
    problem: str | None
    """Why it can't be trained on."""
    config: Settings | None
    """The settings that suit it."""
    lines: int | None
    """How many it has, if it is a list."""


class Change(TypedDict):
    """Settings that would help a run."""

    label: str
    settings: dict[str, float]


class Advice(TypedDict):
    """What is to be said of a run."""

    kind: Literal["by heart", "too fast"]
    message: str
    changes: list[Change]
    """What would help, each a button."""


class Progress(TypedDict):
    """How far a run is; losses in nats per character."""

    step: int
    epoch: float
    characters_seen: int
    train_loss: float | None
    validation_loss: float | None
    best_step: int | None
    """When the validation loss was lowest."""
    best_loss: float | None
    advice: Advice | None
    grad_norm: float | None
    learning_rate: float
    characters_per_second: float | None
    workers: int
    """How many web workers are at it."""


class Rescue(TypedDict):
    """What was done about a step that went wrong."""

    message: str
    pause: bool
    """It went wrong twice in a row: the run waits."""


class Advanced(Progress):
    """How far a run is after some training."""

    rescue: Rescue | None
    notice: str | None
    """What has become of the workers, if anything has."""


class LearningRate(TypedDict):
    """What the learning rate is now."""

    learning_rate: float


class Baseline(TypedDict):
    """A loss to compare a network's with."""

    name: str
    label: str
    loss: float


class Status(TypedDict):
    """What there is to know of a run."""

    config: Settings
    characters: int
    distinct: int
    train_characters: int
    validation_characters: int
    origin: str | None
    """Where its first weights come from, if they were not drawn."""
    parameters: int
    helpers: int
    """How many further workers are to train it."""
    baselines: list[Baseline]
    progress: Progress


class Loaded(TypedDict):
    """A run out of a model file, and the text that came with it."""

    status: Status
    text: str
    description: Description


class Curve(TypedDict):
    """The loss curve, a point for each of these steps."""

    step: list[int]
    train: list[float]
    validation: list[float | None]


class Summary(TypedDict):
    """What a list of runs shows of one."""

    config: Settings
    progress: Progress
    curve: Curve


class Prediction(TypedDict):
    """What the network expected where a character stands."""

    character: str
    probability: float | None
    """None where the text begins, and for a skipped character."""
    alternatives: list[tuple[str, float]]
    """The likeliest characters with their probabilities, the likeliest first."""
    skipped: bool
    """The network doesn't know the character, and has not read it."""


class WritingBegun(TypedDict):
    """A text that is going to be written on."""

    warning: str | None
    """About the prompt."""
    opening: str
    """What was read before the prompt."""
    characters: list[Prediction]
    """The prompt's, in the form that the text has."""


class Written(TypedDict):
    """What was written of a text since the last time."""

    characters: list[Prediction]
    done: bool


class Worked(TypedDict):
    """How far a job is."""

    fraction: float
    """How much of it is done, 0 to 1."""
    done: bool
    value: Any
    """What is known by then."""


class Stretch(TypedDict):
    """The longest piece of a written text that stands in the training text."""

    start: int
    length: int
    text_position: int


class FlowLine(TypedDict):
    """How one network's gradient fares on its way back; None is what a logarithm can't show."""

    name: str
    """"own", or the cell of an untrained network."""
    label: str
    """What people call its cell."""
    norms: list[float | None]
    """|dL/dh| by distance."""
    clipped: list[float | None]
    """The same after clipping."""
    left: float | None
    """What is left `far` characters back, as a part of what it begins with."""
    end: float | None
    """The same as far back as the line goes."""
    fate: Fate
    length: float | None
    """Of a training step's gradient."""
    factor: float | None
    """What clipping multiplies it by."""
    clipped_length: float | None


class Flow(TypedDict):
    """The gradient on its way back in time, in several networks."""

    step: int
    distance: int
    far: int
    """So many characters back it is told what is left."""
    clip: float
    lines: list[FlowLine]


class CheckedParameter(TypedDict):
    """What came of checking one parameter's gradient."""

    name: str
    meaning: str
    """In words."""
    tried: int
    """Weights that were moved."""
    weights: int
    """Of how many."""
    error: float | None
    """The largest relative error; None if it is infinite."""
    digits: int
    """To how many both agree."""
    right: bool


class CheckPlace(TypedDict):
    """Where gradients are checked."""

    step: int
    characters: int
    readers: int


class CheckReport(CheckPlace):
    """What came of a check so far."""

    parameters: list[CheckedParameter]
    tried: int
    """Weights that were moved, in all."""
    wrong: int
    """How many parameters have a wrong gradient."""
    digits: int
    """To how many all of them agree."""


class Reading(TypedDict):
    """What the units of a layer did while the network read a passage."""

    characters: list[str]
    """Those that were read, n of them."""
    skipped: str
    """Names of characters that the network has never seen."""
    activations: bytes
    """float32 (H, n)."""
    low: float
    """The limits of its colours."""
    high: float
    probabilities: list[float]
    """What the network gave each character before it read it."""
    name: str
    """Of what is shown."""
    names: list[str]
    """All that this cell can show."""


class Pairing(TypedDict):
    """A unit, and the feature of the text that it follows best."""

    unit: int
    feature: str | None
    """None if it follows nothing."""
    correlation: float


class Effect(TypedDict):
    """What it changes when units are silenced: first with all units, then without these."""

    losses: tuple[float, float]
    """Nats per character."""
    held_out: bool
    """Are they of the held-out part? With none, of the training part."""
    texts: tuple[str, str]
    """Written by the same draws of chance."""
