"""Cells in a race: which learns the same better, at the same cost?

Every cell learns with the same settings, from the same order of characters, with SEEDS seeds each;
where shapes match, all begin with the same weights. They take their steps in turn, a lap at a time,
so that a machine that is busy now and then holds up all of them alike.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rnn_pkg.checks import listed
from rnn_pkg.config import EVALUATION_CHARACTERS, Config
from rnn_pkg.engine.cells import cell_of
from rnn_pkg.tasks.series import Series
from rnn_pkg.training.trainer import Trainer, TrainingError, check_limits

SEEDS = 3
"""Runs of each cell."""

LAPS = 20
"""Into so many parts a race is divided; after each, all are measured."""

IN_WORDS = "three"
"""SEEDS, where they are spoken of."""

CHANCE = "one time in ten"
"""How often the runs of two equally good cells fall apart, 3 and 3: so it is in 2 of the 20 ways in
which six runs can be in order."""


class Mark(NamedTuple):
    """Where a run is after a lap: steps taken, seconds of training, and the lowest loss so far."""

    steps: int
    seconds: float
    loss: float


@dataclass
class Runner:
    """One run of a cell.

    Attributes:
        trainer: the run.
        marks: after each lap, the first before any training.
        problem: why it goes on no more, if it doesn't.
    """

    trainer: Trainer
    marks: list[Mark] = field(default_factory=list)
    problem: str | None = None

    def run(self, steps: int) -> None:
        """Take steps, up to this one, and be measured."""
        seconds = self.marks[-1].seconds if self.marks else 0.0
        began = time.perf_counter()
        try:
            while self.trainer.steps < steps and not self.problem:
                self.trainer.step()
        except (TrainingError, ValueError) as error:
            self.problem = str(error)
        seconds += time.perf_counter() - began
        self.marks.append(Mark(steps, seconds, self._lowest()))

    def _lowest(self) -> float:
        """Return the lowest loss so far, on the held-out part if there is one."""
        if self.problem:
            return math.inf
        loss = self.trainer.evaluate(EVALUATION_CHARACTERS)
        if loss is None:
            loss = self._training_loss()
        earlier = self.marks[-1].loss if self.marks else math.inf
        return min(float(loss), earlier)

    def _training_loss(self) -> float:
        """Return the smoothed training loss, before any training that of the beginning."""
        metrics = self.trainer.metrics
        if metrics is not None:
            return metrics.smooth_loss
        *_, (_, loss) = self.trainer.measure(1, EVALUATION_CHARACTERS)
        return loss

    def loss_within(self, seconds: float) -> float | None:
        """Return the loss that it had reached after so many seconds of training; None before its
        first lap was over."""
        there = [mark for mark in self.marks[1:] if mark.seconds <= seconds]
        return there[-1].loss if there else None


@dataclass
class Racer:
    """A cell in a race, with its runs."""

    name: str
    label: str
    runners: list[Runner]

    @property
    def problem(self) -> str | None:
        """Why one of its runs goes on no more."""
        return next((runner.problem for runner in self.runners if runner.problem), None)


Losses = Callable[[Racer], list[float | None]]
"""Of a cell's runs, when they are compared."""


class Race:
    """Cells that learn the same.

    Attributes:
        racers: one for each cell.
        laps: how many all have run.
        held_out: whether losses are those of the held-out part.
    """

    def __init__(
        self, data: str | Series, config: Config, cells: Mapping[str, str], steps: int
    ) -> None:
        """Prepare a race.

        Args:
            data: what to learn.
            config: the settings of all runs, but for the cell and the seed.
            cells: the source of each cell by its name; "" of the package's own cells.
            steps: that each run takes.

        Raises:
            ValueError: an argument is none, or the data can't be trained on.
        """
        if not cells:
            raise ValueError("a race needs a cell at least")
        check_limits(steps, None)
        self.steps = steps
        self.racers, self.laps = list[Racer](), 0
        for name, source in cells.items():
            runners = [Runner(Trainer(data, each)) for each in _configs(config, name, source)]
            self.racers.append(Racer(name, cell_of(name, source).label, runners))
        task = self.racers[0].runners[0].trainer.task
        self.held_out = task.training.size < task.whole.size
        self.characters_a_step = config.replace(workers=1).characters_a_step

    @property
    def count(self) -> int:
        """How many laps there are."""
        return min(LAPS, self.steps)

    def steps_after(self, laps: int) -> int:
        """Return how many steps each run has taken after so many laps."""
        return self.steps * laps // self.count

    def running(self) -> Iterator[float]:
        """Run, and yield after each piece how much is done, 0 to 1."""
        runners = [runner for racer in self.racers for runner in racer.runners]
        for runner in runners:
            runner.run(0)
            yield 0.0
        for lap in range(1, self.count + 1):
            for place, runner in enumerate(runners, start=1):
                runner.run(self.steps_after(lap))
                if place == len(runners):
                    self.laps = lap
                yield (lap - 1 + place / len(runners)) / self.count

    @property
    def seconds(self) -> float:
        """What the fastest run needed for all laps so far: within these, cells are compared at
        equal seconds."""
        return min(
            runner.marks[self.laps].seconds for racer in self.racers for runner in racer.runners
        )

    def at_equal_steps(self, racer: Racer) -> list[float | None]:
        """Return the losses of a cell's runs after the last lap that all have run."""
        return [runner.marks[self.laps].loss for runner in racer.runners]

    def at_equal_seconds(self, racer: Racer) -> list[float | None]:
        """Return the losses that a cell's runs had reached after `seconds`."""
        return [runner.loss_within(self.seconds) for runner in racer.runners]

    def verdict(self, unit: str) -> str:
        """Return in words how the first cell does beside the others; "" before there is anything to
        compare.

        Args:
            unit: what is learned from, "characters".
        """
        if not self.laps or len(self.racers) < 2:
            return ""
        first, *others = self.racers
        read = self.steps_after(self.laps) * self.characters_a_step
        found = [
            f"After {read:,} {unit} each, {_beside(self.at_equal_steps, first, others)}.",
            f"In the same time, {self.seconds:.2g}\u00a0s of training each, "
            f"{_beside(self.at_equal_seconds, first, others)}.",
        ]
        if any(" than " in words for words in found):
            found.append(
                f"“Better” means that all {IN_WORDS} seeds of one cell are ahead of all {IN_WORDS} "
                f"of the other. For a pair of equally good cells, chance does that {CHANCE}."
            )
        return " ".join(found)


def _configs(config: Config, name: str, source: str) -> Iterator[Config]:
    """Give the settings of a cell's runs."""
    for number in range(SEEDS):
        seed = (config.seed + number) % 2**32
        yield config.replace(cell=name, cell_source=source, workers=1, seed=seed)


def _beside(losses: Losses, first: Racer, others: Sequence[Racer]) -> str:
    """Return how a cell does beside others: "the GRU is better than the RNN; ..."."""
    labels: dict[str, list[str]] = {"better": [], "worse": [], "equal": [], "open": []}
    for other in others:
        labels[_compared(losses(first), losses(other))].append(other.label)
    parts = [f"{how} than {listed(labels[how])}" for how in ("better", "worse") if labels[how]]
    clauses = [f"{first.label} is {listed(parts)}"] if parts else []
    if labels["equal"]:
        clauses.append(
            f"between {first.label} and {listed(labels['equal'])} there is no difference that "
            f"{IN_WORDS} seeds can show"
        )
    if labels["open"]:
        clauses.append(f"{first.label} and {listed(labels['open'])} can't be compared yet")
    return "; ".join(clauses)


def _compared(mine: list[float | None], theirs: list[float | None]) -> str:
    """Tell whether all of one are better than all of the other, worse, or neither."""
    ours = [math.inf if loss is None else loss for loss in mine]
    others = [math.inf if loss is None else loss for loss in theirs]
    if None in mine and None in theirs:
        return "open"
    if max(ours) < min(others):
        return "better"
    return "worse" if min(ours) > max(others) else "equal"
