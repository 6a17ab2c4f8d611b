"""A further web worker's part of a run: a Learner, and how it is talked to, in bytes."""

import pickle

from rnn_pkg.training.learner import Learner

Place = list[int]
"""Where a helper is: the number of the run, which of its learners it is, the step, and by which of
the run's paths it came there: a run that goes back, or changes its rate, takes another."""


class Helper:
    """A Learner in a worker of its own. Only our first worker talks to it, or it would be wrong to
    use `pickle`."""

    def __init__(self) -> None:
        self._learner: Learner | None = None
        self._run = self._number = 0

    def follow(self, asked: bytes) -> tuple[bytes, Place]:
        """Take the steps that are asked for.

        Returns:
            What was learned, and where that leads.
        """
        task, path, order = pickle.loads(asked)
        if task:
            self._learner = None  # so that there are never two
            self._run, self._number, parts = task
            self._learner = Learner.apart(*parts)
        if self._learner is None:
            raise ValueError("there is no run to help with")
        lesson = self._learner.follow(order)
        return pickle.dumps(lesson), [self._run, self._number, self._learner.steps or 0, path]
