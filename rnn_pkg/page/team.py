"""How a page's run is trained: in slices, by one web worker or by several.

The first worker has the run. Where several networks learn at once and there are further workers,
each with a Python of its own, it asks these helpers, does what nobody else does, and takes in what
all have learned.
"""

import itertools
import math
import pickle
from collections.abc import Callable

from rnn_pkg.page import answers
from rnn_pkg.page.describing import describe_lost, describe_progress
from rnn_pkg.page.helper import Place
from rnn_pkg.page.instruments import offered
from rnn_pkg.page.stopwatch import Stopwatch
from rnn_pkg.training.learner import Lesson
from rnn_pkg.training.rescue import Rescue, Rescuer
from rnn_pkg.training.trainer import Trainer

LONGER = 3
"""Several workers do so many times as much at once as one does alone: in the end, all wait for the
last."""

numbers = itertools.count(1)
"""Of the runs."""


class Team:
    """Those who train a run: the first worker, which is here, and its helpers.

    The helpers are the learners 1, 2 ... of the run. The first worker is learner 0, and all those
    for whom there is no helper.

    Attributes:
        trainer: the run.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer, self._run = trainer, next(numbers)
        self._clock = Stopwatch()
        self._made: Rescuer | None = None
        self._at_work, self._ended = 1, 0  # workers
        self._steps = 0
        self._asked: tuple[int, list[float]] | None = None  # first step and rates, of helpers
        self._path, self._rates = 0, list(trainer.rates)  # a rescue changes them, too
        self._lessons: dict[int, Lesson] = {}

    @property
    def progress(self) -> answers.Progress:
        """How far the run is."""
        return describe_progress(self.trainer, self._clock.characters_per_second, self._at_work)

    @property
    def _rescuer(self) -> Rescuer:
        # It keeps a copy of the run, which one that is only to write doesn't need.
        self._made = self._made or Rescuer(self.trainer)
        return self._made

    def train(self, budget_ms: float) -> answers.Advanced:
        """Train at least one step, and on until the budget is spent; rescue the run if need be."""
        seconds = max(budget_ms, 1e-3) / 1000
        self._clock.start(self.trainer)
        return self._advanced(self._rescuer.train(seconds), helpers=0)

    def step(self) -> answers.Advanced:
        """Train one step; return what `train` does."""
        self._clock.start(self.trainer)
        return self._advanced(self._rescuer.step(), helpers=0)

    def ask(self, budget_ms: float | None, places: list[Place | None]) -> list[bytes]:
        """Return what helpers are asked for, so that all take the run's next steps.

        Args:
            budget_ms: for these steps; None asks for one.
            places: where each helper is, as it has told; None before it has. More than there are
                learners are not needed.
        """
        self._clock.start(self.trainer)
        return self._orders(budget_ms, places, self.trainer.steps)

    def has_asked(self, budget_ms: float | None) -> bool:
        """Tell whether helpers have been asked, by `take`, for what the run's next steps still are.
        If not, they must answer first, and then be asked by `ask`.

        Args:
            budget_ms: None needs only the first of these steps.
        """
        self._clock.start(self.trainer)
        if self._asked is None:
            return False
        first, rates = self._asked
        if budget_ms is None:
            self._steps = 1
        now = self.trainer.rates_of(first, first + len(rates))
        return first == self.trainer.steps and rates == now

    def learn(self, helpers: int) -> None:
        """Do what is to be done here, while so many helpers do their part."""
        in_turn = self.trainer.in_turn
        for number in range(self.trainer.config.workers):
            if 1 <= number <= helpers:
                in_turn.dismiss(number)
            else:
                self._lessons[number] = in_turn.lesson(number, self._steps)

    def take(
        self,
        lessons: list[bytes | None],
        budget_ms: float | None,
        places: list[Place | None],
        send: Callable[[list[bytes]], None],
    ) -> answers.Advanced:
        """Take in what all have learned. The part of a helper that doesn't answer, None, is done
        here, with the same numbers.

        Args:
            lessons: the answers.
            budget_ms, places: as for `ask`, of the next steps.
            send: is given what helpers are asked for next, as soon as that is known: so they need
                not wait until the held-out part is tried, nor for what else the page wants.
        """
        for number, lesson in enumerate(lessons, start=1):
            if lesson is None:
                self._lessons[number] = self.trainer.in_turn.lesson(number, self._steps)
            else:
                self._lessons[number] = pickle.loads(lesson)
        self._asked = None

        def ask_ahead(step: int) -> None:
            try:
                send(self._orders(budget_ms, places, step))
            except Exception:  # it would only have been sooner; `ask` will meet it again
                self._asked = None

        self.trainer.when_settled = ask_ahead
        try:
            rescue = self._rescuer.record([self._lessons[n] for n in sorted(self._lessons)])
        finally:
            self.trainer.when_settled = None
        if rescue:
            self._asked = None
        return self._advanced(rescue, len(lessons), lessons.count(None))

    def lose(self) -> None:
        """Note that a helper has ended."""
        self._ended += 1

    def _orders(
        self, budget_ms: float | None, places: list[Place | None], since: int
    ) -> list[bytes]:
        """Return what helpers are asked for, to take the steps after the `since`-th."""
        if self._rates != self.trainer.rates:
            self._path, self._rates = self._path + 1, list(self.trainer.rates)
        steps = 1 if budget_ms is None else self._steps_in(LONGER * budget_ms / 1000, since)
        self._steps, self._asked = steps, (since, self.trainer.rates_of(since, since + steps))
        needed = places[: self.trainer.config.workers - 1]
        return [self._order(number, place, since) for number, place in enumerate(needed, start=1)]

    def _steps_in(self, seconds: float, since: int) -> int:
        """Return how many steps there is about time for, at least one: all that is left of the
        round, or an equal part of that."""
        speed, config = self._clock.characters_per_second, self.trainer.config
        if speed is None:
            return 1
        left = config.round_length - since % config.round_length
        parts = round(left * config.characters_a_step / (speed * seconds))
        return math.ceil(left / max(1, parts))

    def _order(self, number: int, place: Place | None, since: int) -> bytes:
        trainer, task, stands_at = self.trainer, None, None
        if place and place[:2] == [self._run, number]:
            stands_at = place[2] if place[3] == self._path else None
        else:
            learned, dtype = trainer.task, trainer.model.dtype.name
            parts = (trainer.config, number, learned.ends, dtype, learned.training)
            task = self._run, number, parts
        order = trainer.order(number, self._steps, stands_at, since)
        return pickle.dumps((task, self._path, order))

    def _advanced(self, rescue: Rescue | None, helpers: int, silent: int = 0) -> answers.Advanced:
        self._clock.stop(self.trainer)
        self._at_work = 1 + helpers - silent
        late = max(0, silent - self._ended)  # who has ended is silent, too
        notice = describe_lost(self._ended, late)
        self._ended = 0
        told: answers.Rescue | None = None
        if rescue:
            told = {"message": rescue.message, "pause": rescue.gives_up}
        return {**self.progress, "rescue": told, "notice": notice}


METHODS = tuple(offered(Team))
"""What the page may call."""
