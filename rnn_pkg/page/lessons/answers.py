"""What the page is answered about the lessons: what stands in their three regions, and beside."""

from typing import Literal, TypedDict


class LessonSetting(TypedDict):
    """Which network a lesson is about."""

    word: str
    """What the tiny network has learned."""
    seed: int
    """From which its first weights are drawn."""
    own: bool
    """Take the network that was trained under Text instead."""
    units: list[int]
    """Of a network with many units, those that are shown, counted from 0; [] for the first ones. To
    people they are told counted from 1, as everywhere on the page."""


class MathNode(TypedDict):
    """An element of MathML."""

    tag: str
    text: str
    """What stands in it, if it has no children."""
    symbol: str | None
    """The name of the symbol that it is."""
    children: "list[MathNode]"


class Symbol(TypedDict):
    """A symbol of a lesson: it may stand in equation, source and values alike."""

    name: str
    """As the docstrings write it: h_{t-1}, dh_t, or a whole term such as Why^T dL/dy_t."""
    math: MathNode
    """The same, to be drawn."""
    meaning: str


class Equation(TypedDict):
    """One equation."""

    label: str
    """What it is of."""
    text: str
    """As the docstring writes it."""
    math: MathNode


class Piece(TypedDict):
    """A piece of a line of source."""

    text: str
    symbol: str | None


class SourceLine(TypedDict):
    """A line of source, with its number in the file."""

    number: int
    pieces: list[Piece]


class Source(TypedDict):
    """A function as it runs here."""

    file: str
    function: str
    lines: list[SourceLine]


class Value(TypedDict):
    """What a symbol is at this moment."""

    symbol: str
    name: str
    """What it is called at this time step: h_2."""
    math: MathNode
    """The same, to be drawn."""
    meaning: str
    shape: list[int]
    """Of the whole array; of a network with many units only some are shown. [] of a number."""
    rows: list[str]
    """What the rows are called: characters, or units; [""] of a single number."""
    columns: list[str]
    """What the columns are called; [""] of an array with only one."""
    numbers: list[list[float]]
    """Row by row."""


class Scene(TypedDict):
    """The three regions of a lesson."""

    inputs: list[str]
    """What is read at each time step."""
    targets: list[str]
    """What really comes next."""
    step: int
    """The time step that is shown, counted from 0."""
    network: str
    """Which network this is, in words."""
    symbols: list[Symbol]
    equations: list[Equation]
    sources: list[Source]
    values: list[Value]


class SequenceLesson(TypedDict):
    """Lesson 1: a sequence, and its next character as target."""

    scene: Scene


class Guess(TypedDict):
    """What the network expects after one character that it has read."""

    character: str
    """What has been read."""
    target: str
    probabilities: list[float]
    """Of each of the characters that are shown."""


class HiddenLesson(TypedDict):
    """Lesson 2: the hidden state."""

    scene: Scene
    characters: list[str]
    """Whose probabilities are shown."""
    units: list[str]
    """What the units are called whose state can be changed."""
    state: list[float]
    """The hidden state of these after the time step, as the network has it."""
    before: list[Guess]
    """The guesses of the network left alone,"""
    after: list[Guess]
    """and with one number of its hidden state changed."""


class Surprise(TypedDict):
    """A guess that something comes, and how wrong it was when that came."""

    label: str
    probability: float
    loss: float
    """-ln p, in nats."""
    choices: float
    """e^loss: among how many that are equally likely one would be as unsure."""


class Curve(TypedDict):
    """The loss of a guess, by its probability."""

    probabilities: list[float]
    losses: list[float]


class LossLesson(TypedDict):
    """Lesson 3: the loss."""

    scene: Scene
    chosen: Surprise
    """What was chosen, or what the network gave to the right character."""
    known: list[Surprise]
    """A coin, a die, the alphabet."""
    steps: list[Surprise]
    """What the network gave to the right character of each time step, the chosen one in place."""
    total: float
    """The sum of their losses."""
    curve: Curve
    """-ln p, from the least probability that can be chosen to the greatest."""


class BackwardLesson(TypedDict):
    """Lesson 4: backward through time."""

    scene: Scene


class SharedLesson(TypedDict):
    """Lesson 5: shared weights."""

    scene: Scene
    shares: list[Value]
    """What each time step contributes to the gradient of the recurrent weights."""
    total: Value
    """The sum of those that are switched on."""
    whole: Value
    """What backpropagation returns."""


class FaultOption(TypedDict):
    """One way to write a line."""

    name: str
    source: str


class Fault(TypedDict):
    """A line of the printed `backward` that is wrong, or missing."""

    name: str
    question: str
    options: list[FaultOption]
    """As printed first."""
    chosen: str
    number: int
    """Of its line in the printed source, counted from 1."""


class CheckedGradient(TypedDict):
    """A gradient of the mended function, beside central differences."""

    parameter: str
    meaning: str
    error: float | None
    """The largest, relative; None if the function ended before."""
    weight: str
    """The place in it of the weight whose gradient is farthest from what was measured; of a right
    one, where it is largest,"""
    returned: float | None
    """what the function returns there,"""
    measured: float | None
    """and the central difference; None if the function ended before, or it isn't told."""
    right: bool
    why: str
    """Why it is, or isn't, with these lines."""


class PrintedLesson(TypedDict):
    """Lesson 6: is it right?"""

    scene: Scene
    faults: list[Fault]
    """None of the person's own network, in which there is nothing to mend."""
    stopped: str | None
    """The error that the function ended with."""
    checked: list[CheckedGradient]
    same: bool
    """Whether its gradients are bit for bit those of `RNN.backward`; of the person's own network
    they never are."""


class TrainingLesson(TypedDict):
    """Lesson 7: a step of learning, many steps."""

    scene: Scene
    training_step: int
    losses: list[float]
    """The mean over the time steps, before each step of training and after the last."""
    lengths: list[float]
    """Of the gradient then, before clipping."""
    factor: float
    """What this step's gradient is multiplied by: 1, or less where it is clipped."""
    words: list[str]
    """What the network writes after the first character, at some steps up to this one."""
    word_steps: list[int]
    """At which steps these are."""
    taken_at: int
    """The step at which the network of the other lessons was taken."""


class Road(TypedDict):
    """What comes back along one state, from the last time step to the first."""

    state: str
    symbol: str
    norms: list[float]
    """Its length by distance."""
    clipped: list[float]
    """The same after clipping."""


class ForgettingLesson(TypedDict):
    """Lesson 8: forgetting, and gates."""

    scene: Scene
    cells: dict[str, str]
    """The cells that can be chosen, and what they are called."""
    cell: str
    gate: bool
    """Whether it has a forget gate to hold."""
    roads: list[Road]
    through_gate: Road | None
    """What would come back to the cell state if it could only come through the forget gate. It
    isn't |dL/dc|, which also comes through the hidden state and the other gates."""
    left_through_gate: float | None
    """How much of it is left there at the end."""
    best: str
    """The state along which most comes back from afar,"""
    left: float
    """how much of what was sent back first is left there at the end, and"""
    fate: Literal["vanishes", "holds", "explodes", "breaks"]
    """what that is called."""
    length: float
    """Of the gradient of all parameters, before clipping."""
    factor: float
    """What clipping multiplies it by."""
