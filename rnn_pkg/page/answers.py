"""What the page is answered: the shape of every value that Python hands it.

The page's own types are made from these, by `python3 build.py types`.
"""

from typing import Any, Literal, TypedDict

from rnn_pkg.look.flow import Fate

Settings = dict[str, str | float]
"""Hyperparameters by their names."""


Choices = dict[str, str | int | bool]
"""What is settled about a table, by the names of its questions."""


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


class LessonDefaults(TypedDict):
    """What is chosen in the lessons if nobody does."""

    word: str
    seed: int
    rate: float
    """The learning rate of lesson 7,"""
    clip: float
    """and the longest that the gradient may be there."""
    cell: str
    """Of lesson 8."""
    recurrence: float
    forget: float
    """What the forget gate is held at, if it is held."""
    forgetting_clip: float
    """The longest that the gradient of lesson 8 may be, if it is clipped."""


class LessonNumbers(TypedDict):
    """What may be chosen in the lessons: least and most."""

    length: tuple[int, int]
    """Characters of the tiny network's word,"""
    distinct: tuple[int, int]
    """and how many of them are different."""
    seed: tuple[int, int]
    units: tuple[int, int]
    """How many units are shown of a network with more."""
    value: tuple[float, float]
    """What a number of the hidden state is changed to."""
    probability: tuple[float, float]
    """What is given to the right character."""
    rate: tuple[float, float]
    clip: tuple[float, float]
    recurrence: tuple[float, float]
    """What W_hh is multiplied by."""
    forget: tuple[float, float]
    left: tuple[float, float]
    """Of what is left of a gradient: below the first it has vanished, above the second exploded."""
    defaults: LessonDefaults


class Numbers(TypedDict):
    """Numbers that the page needs too; in characters, where nothing else is said."""

    text: int
    """The longest text."""
    prompt: int
    """The longest prompt."""
    passage: int
    """The longest passage whose hidden states are looked at."""
    race: tuple[int, int]
    """How many steps a race may have, least and most."""
    context: int
    """What is read before a passage, at most."""
    alternatives: int
    """How many of the likeliest characters a Prediction names."""
    horizon: int
    """Most steps of a series that are forecast at once."""
    recurrence: tuple[float, float]
    """What W_hh may be multiplied by: least and most."""
    lessons: LessonNumbers


class About(TypedDict):
    """What runs here, and what it takes."""

    package: str
    python: str
    numpy: str
    simd: bool
    """Do the SIMD kernels compute, or NumPy alone?"""
    numbers: Numbers
    writing: WritingFields


class TableColumn(TypedDict):
    """A column of a table."""

    name: str
    kind: Literal["numbers", "dates", "counter", "text", "empty"]


class TableOption(TypedDict):
    """One of the ways to read something."""

    value: str | int | bool
    words: str
    example: str
    """How something of this very table reads then."""


class TableQuestion(TypedDict):
    """Something that can be read in several ways, at least two, the likeliest first."""

    name: str
    """Of the choice that settles it."""
    sentence: str
    options: list[TableOption]


class PreviewRow(TypedDict):
    """A row of a table as it was understood."""

    date: str
    """Or which row it is."""
    value: float | None
    """None if it is missing."""


class Points(TypedDict):
    """A line to be drawn, in the series' own units."""

    x: list[float]
    """Seconds since 1970 if the series has dates; else which value it is, from 1."""
    y: list[float | None]


class Table(TypedDict):
    """What a text was understood to be that has numbers; while there is a question, what it would
    be with its first option."""

    question: TableQuestion | None
    """To be settled first."""
    columns: list[TableColumn]
    column: str
    """The one with the values."""
    notes: list[str]
    """What was found and done, each a sentence."""
    preview: list[PreviewRow]
    """The first rows and the last ones."""
    left_out: int
    """So many rows between them are not shown."""
    values: int
    missing: int
    """Of the values."""
    dated: bool
    season: int
    """The number of values in a season that suits it; 1 if there is none."""
    season_words: str
    """What is a season, and how that is known, in a sentence."""
    plan: str
    """How a network reads it, and why so, in a sentence or two."""
    line: Points
    """Its course, of a long series a part of the values."""
    fingerprint: str
    """The same for the same series, however it is written."""


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
    table: Table | None
    """What was made of it as a table of numbers, if it was read as one and could be."""
    elsewhere: bool
    """Is it rather something for the other place: a table among texts, or a text among tables?"""


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
    settled: int
    """After which step the latest network is as it is: where several learn at once, after that in
    which their mean last took their place."""
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


class StayElsewhere(TypedDict):
    """Steps of a run that were not taken by this package."""

    first: int
    """After so many steps it went there, and"""
    last: int
    """after so many it came back."""
    by: str
    words: str


class Status(TypedDict):
    """What there is to know of a run."""

    config: Settings
    task: Literal["text", "numbers"]
    size: int
    """Characters of the text, or values of the series."""
    distinct: int
    """Different characters; 0 for a series."""
    learned: int
    """So many of the size are learned,"""
    held_out: int
    """and so many are not."""
    fingerprint: str | None
    """Of its series: see Table."""
    dated: bool
    """Has it dates?"""
    origin: str | None
    """Where its first weights come from, if they were not drawn."""
    stays: list[StayElsewhere]
    parameters: int
    helpers: int
    """How many further workers are to train it."""
    baselines: list[Baseline]
    progress: Progress


class Loaded(TypedDict):
    """A run out of a model file, and the text that came with it."""

    status: Status
    text: str
    choices: Choices
    """What is settled about the text, if it is a table."""
    description: Description


class Curve(TypedDict):
    """The loss curve, a point for each of these steps."""

    step: list[int]
    train: list[float]
    validation: list[float | None]


class Summary(TypedDict):
    """What a list of runs shows of one."""

    config: Settings
    task: Literal["text", "numbers"]
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
    """What is known by then; None if that is nothing new, unless it is done."""


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


class Forecast(TypedDict):
    """What is to come of a series, in its own units, step by step."""

    step: int | None
    """After which step of the run; None if it is not the run's network that forecasts."""
    x: list[float]
    """As in Points."""
    dates: list[str]
    """Or how many steps ahead."""
    mean: list[float]
    lower: list[float]
    """The 0.1 quantile,"""
    upper: list[float]
    """and the 0.9 quantile."""
    csv: str
    """All of it as a file to save."""


class JudgedModel(TypedDict):
    """How well a model forecast the part that it didn't know."""

    name: str
    mase: float | None
    """None if the season before is repeated exactly."""
    rmse: float
    mae: float
    coverage: float
    """The part of the truth that its 80 % intervals held."""
    width: float
    """Of these, in the mean."""
    errors: list[float | None]
    """The mean absolute error by step ahead."""
    paths: list[list[float]]
    """What it forecast from each of some places."""
    residuals: list[float | None]
    """What came minus what it forecast one step ahead."""


class Judged(TypedDict):
    """How well a series can be forecast, and what follows it."""

    test: str
    """What was forecast from where, in a sentence."""
    horizon: int
    season: int
    origins: int
    models: list[JudgedModel]
    """The network is the last, once it is there."""
    verdict: str
    """In words, with an alarm if there is one."""
    truth: Points
    """What came in the part that was forecast, and some before it."""
    paths: list[list[float]]
    """Where the models' paths are: x as in Points."""
    origin_x: list[float]
    """Where the residuals are: x of each value that was forecast one step ahead."""
    ahead: Forecast | None
    """What follows the series, by four networks, with the intervals that held in the past."""


class UnderCurve(TypedDict):
    """What the units of a layer did while the network read the end of a series."""

    step: int
    line: Points
    """The values that were read, n of them."""
    dates: list[str]
    """Of each, or which it is."""
    activations: bytes
    """float32 (H, n)."""
    low: float
    """The limits of its colours."""
    high: float
    name: str
    """Of what is shown."""
    names: list[str]
    """All that this cell can show."""


class SetUp(TypedDict):
    """What a model file's run learns, and with which settings; without its network."""

    config: Settings
    text: str
    choices: Choices
    description: Description


class CellExample(TypedDict):
    """A cell to begin with."""

    name: str
    label: str
    source: str


class MeasuredGradient(TypedDict):
    """How far a cell's gradient is from what was measured."""

    name: str
    error: float | None
    """Relative; None if it is infinite."""
    right: bool


class CellJudgement(TypedDict):
    """What is known of a cell that somebody wrote."""

    hash: str
    """Of its source."""
    label: str
    """What people call it."""
    right: bool
    message: str
    """What is wrong, or how fast it is."""
    line: int | None
    """Of the source, counted from 1, if the fault is in a single one."""
    stages: list[str]
    """What was found right, in the order in which it is judged."""
    fault: str | None
    """The stage at which a fault was found."""
    gradients: list[MeasuredGradient]
    automatic: bool
    """Whether autograd finds the gradient."""
    milliseconds: float | None
    """That a step of training takes."""
    speed: float | None
    """Characters per second."""


class RacingRun(TypedDict):
    """One run of a cell in a race."""

    read: list[int]
    """Characters or values that it had read each time it was measured, the first before any
    training,"""
    seconds: list[float]
    """for how long it had trained,"""
    losses: list[float | None]
    """and the lowest loss by then; None if it is no number."""


class Spread(TypedDict):
    """Of a cell's runs."""

    mean: float
    low: float
    high: float


class Racer(TypedDict):
    """A cell in a race."""

    name: str
    label: str
    weights: int
    runs: list[RacingRun]
    at_equal_steps: Spread | None
    """Losses; None while there is nothing to tell."""
    at_equal_seconds: Spread | None
    speed: float | None
    """Characters or values per second of training."""
    problem: str | None
    """Why one of its runs goes on no more."""


class RaceSoFar(TypedDict):
    """How a race stands."""

    fraction: float
    """How much of it is done, 0 to 1."""
    done: bool
    seeds: int
    read: int
    """Characters or values, after which all are compared."""
    seconds: float
    """Of training, after which all are compared, too: so many the first cell needed."""
    held_out: bool
    """Whether losses are those of the held-out part."""
    racers: list[Racer]
    verdict: list[str]
    """In words: at equal steps, in equal time, and what these words mean."""
