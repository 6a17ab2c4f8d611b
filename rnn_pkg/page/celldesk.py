"""The bench of the page where cells that somebody writes are judged, and raced.

It stands in a web worker of its own: whatever a source does there, the page can end it, and the run
at another place isn't touched.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.engine.cells import OWN, source_hash
from rnn_pkg.engine.written import EXAMPLES, example, label_of
from rnn_pkg.look.cellcheck import STAGES, check_cell
from rnn_pkg.page import answers
from rnn_pkg.page.describing import finite
from rnn_pkg.page.desk import Desk, to_learn
from rnn_pkg.page.instruments import offered
from rnn_pkg.page.limits import RACE_STEPS, check_page
from rnn_pkg.tasks.task import ends_for
from rnn_pkg.training.race import SEEDS, Race, Racer

UNITS = {"text": "characters", "numbers": "values"}
"""What is read at each place."""


class CellDesk:
    """Judges one cell after another, and has one race at most.

    Attributes:
        offers: the methods that the page may call.
    """

    def __init__(self, desk: Callable[[str], Desk[Any]]) -> None:
        """Begin without a race.

        Args:
            desk: returns the one at a place where something is described that can be learned.
        """
        self._desk = desk
        self._race: Race | None = None
        self._running: Iterator[float] = iter(())
        self._unit = ""
        self.offers = offered(type(self))

    def examples(self) -> list[answers.CellExample]:
        """Return the cells to begin with."""
        return [
            {"name": name, "label": label_of(source), "source": source}
            for name, source in ((name, example(name)) for name in EXAMPLES)
        ]

    def check_cell(self, source: str) -> answers.CellJudgement:
        """Judge a source, which is run for that."""
        found = check_cell(source)
        passed = STAGES if found.right else STAGES[: STAGES.index(found.stage)]
        return {
            "hash": source_hash(source),
            "label": label_of(source),
            "right": found.right,
            "message": found.message,
            "line": found.line,
            "stages": list(passed),
            "fault": None if found.right else found.stage,
            "gradients": [
                {"name": each.name, "error": finite(each.error), "right": each.right}
                for each in found.gradients
            ],
            "automatic": found.automatic,
            "milliseconds": found.milliseconds,
            "speed": found.speed,
        }

    def start_race(
        self, place: str, values: answers.Settings, source: str, others: list[str], steps: int
    ) -> answers.RaceSoFar:
        """Begin a race, in place of any other, on what was described last at a place.

        Args:
            place: "text" or "numbers".
            values: settings of all runs, but for the cell.
            source: of the cell that is compared with the others.
            others: names of the package's cells.
            steps: that each run takes.
        """
        checked_number("steps", steps, *RACE_STEPS, int)
        desk = self._desk(place)
        data, config = to_learn(desk, {**values, "cell": OWN, "cell_source": source, "workers": 1})
        cells = {OWN: source} | dict.fromkeys(others, "")
        check_page(config, ends_for(data, config), len(data), runs=SEEDS * len(cells))
        self._race, self._unit = Race(data, config, cells, steps), UNITS[place]
        self._running = self._race.running()
        return self._so_far(0.0)

    def advance_race(self, budget_ms: float) -> answers.RaceSoFar:
        """Go on with the race until the budget is spent, or a little longer."""
        end = time.perf_counter() + budget_ms / 1000
        for fraction in self._running:
            if time.perf_counter() >= end:
                return self._so_far(fraction)
        return self._so_far(1.0)

    def _so_far(self, fraction: float) -> answers.RaceSoFar:
        race = self._race
        if race is None:
            raise ValueError("there is no race")
        return {
            "fraction": fraction,
            "done": fraction == 1.0,
            "seeds": SEEDS,
            "read": race.steps_after(race.laps) * race.characters_a_step,
            "seconds": race.seconds,
            "held_out": race.held_out,
            "racers": [_described(race, racer) for racer in race.racers],
            "verdict": race.verdict(self._unit),
        }


def _described(race: Race, racer: Racer) -> answers.Racer:
    a_step, runners = race.characters_a_step, racer.runners
    seconds = sum(runner.seconds for runner in runners)
    steps = sum(runner.trainer.steps for runner in runners)
    model = runners[0].trainer.model
    return {
        "name": racer.name,
        "label": racer.label,
        "weights": sum(parameter.size for parameter in model.parameters.values()),
        "runs": [
            {
                "read": [mark.steps * a_step for mark in runner.marks],
                "seconds": [mark.seconds for mark in runner.marks],
                "losses": [finite(mark.loss) for mark in runner.marks],
            }
            for runner in runners
        ],
        "at_equal_steps": _spread(race.at_equal_steps(racer) if race.laps else []),
        "at_equal_seconds": _spread(race.at_equal_seconds(racer) if race.laps else []),
        "speed": steps * a_step / seconds if seconds else None,
        "problem": racer.problem,
    }


def _spread(losses: list[float]) -> answers.Spread | None:
    """Return the mean and the limits of losses; None unless there are some, and all are numbers."""
    if not losses or not np.isfinite(losses).all():
        return None
    return {"mean": sum(losses) / len(losses), "low": min(losses), "high": max(losses)}
