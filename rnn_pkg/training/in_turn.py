"""The learners of a run in this process, one after another."""

from rnn_pkg.training.learner import Learner, Lesson
from rnn_pkg.training.run import Run


class InTurn:
    """Has learners of a run take its next steps here."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._learners: dict[int, Learner] = {}

    def teach(self, steps: int) -> list[Lesson]:
        """Have all of them do so: see `Trainer.teach`."""
        return [self.lesson(number, steps) for number in range(self._run.config.workers)]

    def lesson(self, number: int, steps: int) -> Lesson:
        """Have one of them do so, by its number."""
        learner = self.learner(number)
        return learner.follow(self._run.order(number, steps, learner.steps))

    def learner(self, number: int) -> Learner:
        """Return one of them; if it learns alone, it changes the run's own arrays."""
        run = self._run
        if run.config.workers == 1:
            parts = (run.model, run.averaged, run.optimizer, run.streams, run.state, run.rngs[0])
            return Learner(run.config, *parts, run.steps)
        if number not in self._learners:
            task = run.task
            learner = Learner.apart(run.config, number, task.ends, run.model.dtype, task.training)
            self._learners[number] = learner
        return self._learners[number]

    def forget(self) -> None:
        """Give up what they have learned since the present round began: the run has gone back."""
        self._learners.clear()

    def dismiss(self, number: int) -> None:
        """Let a learner go, who learns elsewhere now."""
        self._learners.pop(number, None)
