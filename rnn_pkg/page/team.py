"""The web workers of a page, each with a Python of its own: they talk to each other in bytes.

The first worker has the run. Where several networks learn at once, it asks the others, does what
nobody else does, and takes in what they have learned. Only our own workers are listened to, or
`pickle` would be no way to talk.
"""

import itertools
import pickle
from collections.abc import Sequence

from rnn_pkg.training.learner import Learner, Lesson
from rnn_pkg.training.rescue import Rescue, Rescuer
from rnn_pkg.training.trainer import Trainer

Place = list[int]
"""Where a helper is: the number of the run, which of its learners it is, and the step."""

numbers = itertools.count(1)
"""Of the runs."""


class Team:
    """What the first worker knows of the others, its helpers: they are the learners 1, 2 ... of the
    run, who is itself learner 0, and all those for whom there is no helper.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._run = trainer, next(numbers)
        self._steps = 0
        self._lessons: dict[int, Lesson] = {}

    def ask(self, steps: int, places: Sequence[Place | None]) -> list[bytes]:
        """Return what helpers are asked for, so that all take the run's next steps.

        Args:
            steps: how many, at most up to the end of the round.
            places: where each helper is; None where it has to be told. More than there are learners
                are not needed.
        """
        self._steps = steps
        needed = places[: self._trainer.config.workers - 1]
        return [self._order(number, place) for number, place in enumerate(needed, start=1)]

    def _order(self, number: int, place: Place | None) -> bytes:
        trainer, task, stands_at = self._trainer, None, None
        if place and place[:2] == [self._run, number]:
            stands_at = place[2]
        else:
            size, dtype = len(trainer.vocabulary), trainer.model.dtype.name
            task = self._run, number, (trainer.config, number, size, dtype, trainer.training_ids)
        return pickle.dumps((task, trainer.order(number, self._steps, stands_at)))

    def learn(self, helpers: int) -> None:
        """Do what is to be done here, while so many helpers do their part."""
        for number in range(1, helpers + 1):
            self._trainer.dismiss(number)
        here = (0, *range(helpers + 1, self._trainer.config.workers))
        self._lessons = {number: self._trainer.lesson(number, self._steps) for number in here}

    def take(self, answers: Sequence[bytes | None], rescuer: Rescuer) -> Rescue | None:
        """Take in what all have learned. The part of a helper who doesn't answer, None, is done
        here, with the same numbers."""
        for number, answer in enumerate(answers, start=1):
            if answer is None:
                self._lessons[number] = self._trainer.lesson(number, self._steps)
            else:
                self._lessons[number] = pickle.loads(answer)
        return rescuer.record([self._lessons[number] for number in sorted(self._lessons)])


class Helper:
    """A Learner in a worker of its own, and how it is talked to."""

    def __init__(self) -> None:
        self._learner: Learner | None = None
        self._run = self._number = 0

    def follow(self, asked: bytes) -> tuple[bytes, Place]:
        """Take the steps that are asked for.

        Returns:
            What was learned, and where that leads.
        """
        task, order = pickle.loads(asked)
        if task:
            self._learner = None  # so that there are never two
            self._run, self._number, parts = task
            self._learner = Learner.apart(*parts)
        if self._learner is None:
            raise ValueError("there is no run to help with")
        lesson = self._learner.follow(order)
        return pickle.dumps(lesson), [self._run, self._number, self._learner.steps or 0]
