"""Processes that learn at once, one for each of a run's networks."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from rnn_pkg.config import Config
from rnn_pkg.engine.ends import Ends
from rnn_pkg.tasks.streams import Material
from rnn_pkg.training.learner import Learner, Lesson, Order
from rnn_pkg.training.trainer import Trainer

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What tells NumPy's linear algebra, by whomever it is, on how many threads to compute."""


class Workers:
    """Has the networks of a run learn in processes of their own, while this is open:

        with Workers(trainer):
            trainer.train(seconds=60)

    The numbers are the same, bit for bit, as without, if NumPy computes on one thread here, as it
    does there (OMP_NUM_THREADS=1, before NumPy is imported): on several, it may round the products
    of a large network otherwise. A process that ends too soon costs nothing but speed: its part is
    done here from then on.

    As everything that starts processes, this must not stand at the top of a program without
    `if __name__ == "__main__"`: the processes import it.
    """

    def __init__(
        self, trainer: Trainer, tell: Callable[[str], None] = lambda message: None
    ) -> None:
        """Prepare processes for `trainer`; `tell` is told if one has ended too soon."""
        self._trainer, self._tell = trainer, tell
        self._workers: dict[int, _Worker] = {}

    def __enter__(self) -> "Workers":
        if self._trainer.config.workers > 1:
            self._start()
            self._trainer.team = self._teach
        return self

    def _start(self) -> None:
        trainer = self._trainer
        self._batch_size = trainer.config.batch_size
        parts = (trainer.config, trainer.task.ends, trainer.model.dtype.name)
        with _one_thread_each():
            for number in range(trainer.config.workers):
                self._workers[number] = _Worker(number, *parts, trainer.task.training)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._trainer.team = None
        self._end()

    def _end(self) -> None:
        for worker in self._workers.values():
            worker.end()
        self._workers.clear()

    @property
    def process_ids(self) -> list[int | None]:
        """The processes, as the system numbers them."""
        return [worker.process_id for worker in self._workers.values()]

    def _teach(self, steps: int) -> list[Lesson]:
        trainer = self._trainer
        if trainer.config.batch_size != self._batch_size:  # each has arrays for the one before
            self._end()
            self._start()
        for number, worker in self._workers.items():
            worker.hear_out()
            worker.ask(trainer.order(number, steps, worker.stands_at))
        lessons = []
        for number in range(trainer.config.workers):
            lesson = self._workers[number].answer() if number in self._workers else None
            if lesson is None:
                self._do_without(number)
                lesson = trainer.in_turn.lesson(number, steps)
            lessons.append(lesson)
        return lessons

    def _do_without(self, number: int) -> None:
        worker = self._workers.pop(number, None)
        if worker:
            worker.end()
            self._tell(
                f"Worker {number + 1} has ended too soon. Nothing is lost: its part is done by the "
                "main process from here on, only more slowly."
            )


class _Worker:
    """A process in which one of the learners is."""

    def __init__(
        self, number: int, config: Config, ends: Ends, dtype: str, material: Material
    ) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would take over BLAS's threads
        self._connection, its_end = context.Pipe()
        self._process = context.Process(
            target=_learn, args=(its_end, config, number, ends, dtype, material), daemon=True
        )
        self._process.start()
        its_end.close()
        self.stands_at: int | None = None
        self._owes_an_answer = False

    @property
    def process_id(self) -> int | None:
        """What the system numbers it."""
        return self._process.pid

    def ask(self, order: Order) -> None:
        """Send an order; whether it arrives shows in the answer."""
        self._owes_an_answer = True
        try:
            self._connection.send(order)
        except OSError:
            self._connection.close()

    def answer(self) -> Lesson | None:
        """Wait for the answer; None if the process has ended."""
        self._owes_an_answer = False
        try:
            lesson: Lesson = self._connection.recv()
        except (EOFError, OSError):
            return None
        last = lesson.outcomes[-1]
        self.stands_at = lesson.first + len(lesson.outcomes) if last.is_finite else None
        return lesson

    def hear_out(self) -> None:
        """Take an answer that nobody has waited for, as after an error: until then, the process
        wouldn't hear the next order."""
        if self._owes_an_answer:
            self.answer()

    def end(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.terminate()
        self._process.join()


def _learn(connection: Connection, *parts: Any) -> None:
    """What the process does: follow orders until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives them
    learner = Learner.apart(*parts)
    while True:
        try:
            order = connection.recv()
        except EOFError:
            return
        connection.send(learner.follow(order))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Have the processes that are started meanwhile compute on one thread each: there are as many
    as cores, so more would only be in each other's way."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
