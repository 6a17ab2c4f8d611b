"""Cells in a race: which learns the same better, at the same cost?

Every cell learns with the same settings, from the same order of characters, with SEEDS seeds each;
where shapes match, all begin with the same weights. They take their steps in turn, a lap at a time,
so that a machine that is busy now and then holds up all of them alike.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from rnn_pkg.checks import either, listed
from rnn_pkg.config import EVALUATION_CHARACTERS, Config
from rnn_pkg.engine.cells import OWN, cell_of
from rnn_pkg.tasks.series import Series
from rnn_pkg.training.trainer import Trainer, check_limits

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
    """Where a run was when it was measured: steps taken, seconds of training, and the lowest loss
    by then."""

    steps: int
    seconds: float
    loss: float


@dataclass
class Runner:
    """One run of a cell.

    Attributes:
        trainer: the run.
        marks: one from before any training, and one for each time it was measured.
        problem: why it goes on no more, if it doesn't.
        seconds: that it has trained.
    """

    trainer: Trainer
    marks: list[Mark] = field(default_factory=list)
    problem: str | None = None
    seconds: float = 0.0

    def run(self, end: int, budget: float, goals: Set[int]) -> None:
        """Train to a step, and on as long as there is time.

        Args:
            end: the step.
            budget: seconds of training, all in all, that it may take beyond it.
            goals: after these steps it is measured, and at the end.
        """
        while self.problem is None and (
            self.trainer.steps < end or self.seconds + self._pace < budget
        ):
            self._step()
            if self.trainer.steps in goals:
                self._measure()
        if not self.marks or self.marks[-1].steps < self.trainer.steps:
            self._measure()

    @property
    def _pace(self) -> float:
        """Seconds that a step takes."""
        return self.seconds / max(1, self.trainer.steps)

    def _step(self) -> None:
        began = time.perf_counter()
        try:
            self.trainer.step()
        except ValueError as error:  # a TrainingError, or a fault of the cell
            self.problem = str(error)
        self.seconds += time.perf_counter() - began

    def _measure(self) -> None:
        """Note the lowest loss so far, on the held-out part if there is one."""
        lowest = self.marks[-1].loss if self.marks else math.inf
        try:
            measured = self.trainer.evaluate(EVALUATION_CHARACTERS)
            loss = self._training_loss() if measured is None else float(measured)
            lowest = min(lowest, loss) if math.isfinite(loss) else lowest
        except ValueError as error:  # a fault of the cell
            self.problem = self.problem or str(error)
        self.marks.append(Mark(self.trainer.steps, self.seconds, lowest))

    def _training_loss(self) -> float:
        """Return the smoothed training loss, before any training that of the beginning."""
        metrics = self.trainer.metrics
        if metrics is not None:
            return metrics.smooth_loss
        *_, (_, loss) = self.trainer.measure(1, EVALUATION_CHARACTERS)
        return float(loss)

    def loss_at(self, steps: int) -> float:
        """Return the loss that it had reached after so many steps, at which it was measured."""
        if self.problem is not None:
            return math.inf
        return next(mark.loss for mark in self.marks if mark.steps == steps)

    def loss_within(self, seconds: float) -> float:
        """Return the loss that it had reached after so many seconds of training."""
        if self.problem is not None:
            return math.inf
        return [mark.loss for mark in self.marks if mark.seconds <= seconds][-1]


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


Losses = Callable[[Racer], list[float]]
"""Of a cell's runs, when they are compared."""


class Race:
    """Cells that learn the same, the first of which is compared with the others.

    Attributes:
        racers: one for each cell.
        laps: how many all have run.
        seconds: what the first cell needed for these, the mean of its runs: so long the others may
            train, too.
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
        self.racers, self.laps, self.seconds = list[Racer](), 0, 0.0
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
        """Return how many steps each run has taken at least after so many laps: the first laps are
        short, for then a network learns fastest, and whoever waits sees something soon."""
        return max(laps, round(self.steps * (laps / self.count) ** 2))

    def running(self) -> Iterator[float]:
        """Run, and yield after each piece how much is done, 0 to 1."""
        runners = [runner for racer in self.racers for runner in racer.runners]
        goals = {self.steps_after(lap) for lap in range(self.count + 1)}
        for runner in runners:
            runner.run(0, 0.0, goals)
            yield 0.0
        for lap in range(1, self.count + 1):
            budget, start, end = 0.0, self.steps_after(lap - 1), self.steps_after(lap)
            for place, runner in enumerate(runners, start=1):
                runner.run(end, budget, goals)
                if place == SEEDS:
                    budget = sum(first.seconds for first in runners[:SEEDS]) / SEEDS
                if place == len(runners):
                    self.laps, self.seconds = lap, budget
                yield (start + (end - start) * place / len(runners)) / self.steps

    def at_equal_steps(self, racer: Racer) -> list[float]:
        """Return the losses of a cell's runs after the last lap that all have run."""
        return [runner.loss_at(self.steps_after(self.laps)) for runner in racer.runners]

    def at_equal_seconds(self, racer: Racer) -> list[float]:
        """Return the losses that a cell's runs had reached after `seconds`: the first cell, which
        needs them for its laps, at their end."""
        if racer is self.racers[0]:
            return self.at_equal_steps(racer)
        return [runner.loss_within(self.seconds) for runner in racer.runners]

    def verdict(self, unit: str) -> list[str]:
        """Return in words how the first cell does beside the others: at equal steps, in equal time,
        and what these words mean; nothing before there is anything to compare.

        Args:
            unit: what is learned from, "characters".
        """
        if not self.laps or len(self.racers) < 2:
            return []
        first, *others = self.racers
        read = self.steps_after(self.laps) * self.characters_a_step
        after = "After" if self.laps == self.count else "So far, after"
        found = [
            f"{after} {read:,} {unit} each, {_beside(self.at_equal_steps, first, others)}.",
            f"In the same time, {self.seconds:.2g}\u00a0s, which tells too how fast each is "
            f"computed here, {_beside(self.at_equal_seconds, first, others)}.",
        ]
        if any(" than " in words for words in found):
            found.append(
                f"“Better” means that all {IN_WORDS} seeds of one cell are ahead of all {IN_WORDS} "
                f"of the other. For a pair of equally good cells, chance does that {CHANCE}."
            )
        return found


def _configs(config: Config, name: str, source: str) -> Iterator[Config]:
    """Give the settings of a cell's runs."""
    for number in range(SEEDS):
        seed = (config.seed + number) % 2**32
        yield config.replace(cell=name, cell_source=source, workers=1, seed=seed)


def _beside(losses: Losses, first: Racer, others: Sequence[Racer]) -> str:
    """Return how a cell does beside others: "your cell is better than RNN; ..."."""
    name = "your cell" if first.name == OWN else first.label
    labels: dict[str, list[str]] = {"better": [], "worse": [], "equal": []}
    for other in others:
        labels[_compared(losses(first), losses(other))].append(other.label)
    parts = [f"{how} than {listed(labels[how])}" for how in ("better", "worse") if labels[how]]
    clauses = [f"{name} is {listed(parts)}"] if parts else []
    if labels["equal"]:
        clauses.append(
            f"between {name} and {either(labels['equal'])} there is no difference that {IN_WORDS} "
            "seeds can show"
        )
    return "; ".join(clauses)


def _compared(mine: list[float], theirs: list[float]) -> str:
    """Tell whether all of one are better than all of the other, worse, or neither."""
    if max(mine) < min(theirs):
        return "better"
    return "worse" if min(mine) > max(theirs) else "equal"
