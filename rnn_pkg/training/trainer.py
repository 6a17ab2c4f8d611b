"""Training: a text or a series, a network that learns it step by step, and how well it does."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from rnn_pkg.checks import checked_number, shown
from rnn_pkg.config import EVALUATION_CHARACTERS, Config
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.engine.optimizers import OPTIMIZERS
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.task import task_of
from rnn_pkg.training import evaluation
from rnn_pkg.training.curve import Curve
from rnn_pkg.training.evaluation import Reader
from rnn_pkg.training.forecasts import Forecasts
from rnn_pkg.training.in_turn import InTurn
from rnn_pkg.training.learner import Lesson, Outcome, all_streams
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.origin import Origin, kind_of
from rnn_pkg.training.run import Snapshot
from rnn_pkg.training.unbroken import unbroken
from rnn_pkg.training.writes import Writes

T = TypeVar("T")


def check_limits(steps: int | None, seconds: float | None) -> None:
    """Raise ValueError unless one of the limits, or both, will end a training."""
    if steps is None and seconds is None:
        raise ValueError("steps, seconds or both must be given, or training would never stop")
    if steps is not None:
        checked_number("steps", steps, 1, 10**12, int)
    if seconds is not None:
        checked_number("seconds", seconds, 1e-9, 1e9, float)


def _finite(loss: float | None) -> float | None:
    """Return a loss that was measured, or None if it is no number."""
    return None if loss is None or not math.isfinite(loss) else loss


def _suited(data: str | Series, overrides: dict[str, Any]) -> Config:
    if isinstance(data, Series):
        return Config.for_series(data, **overrides)
    return Config.for_text(data, **overrides)


class TrainingError(ValueError):
    """The run can't go on as it is: its loss or gradient is no longer a number."""


class Trainer(Writes, Forecasts):
    """A network learning a text or a series: a Run, and how it goes on.

    Attributes, beside those of a Run:
        in_turn: has the learners take steps here, one learner after another.
        tried: what is tried on the held-out part, if not `averaged`: its double elsewhere.
        team: has them take steps elsewhere; None if there is nobody.
        when_settled: is told, if not None, that the networks of a round have become one, and after
            which step: so the next steps can be asked for before the held-out part is tried.
    """

    in_turn: InTurn
    team: Callable[[int], list[Lesson]] | None
    tried: Reader | None
    when_settled: Callable[[int], None] | None
    _pace: float | None
    """Seconds that a step took last, elsewhere."""

    def __init__(
        self,
        data: str | Series,
        config: Config | None = None,
        dtype: Any = np.float32,
        start_from: "Trainer | None" = None,
    ) -> None:
        """Prepare a run.

        Args:
            data: what to learn, a text or a series.
            config: None takes `Config.for_text` or `Config.for_series` of it, and of `start_from`
                what must be the same.
            dtype: of parameters and computation; float64 is for checking gradients.
            start_from: if both learn a text, a run whose network, as it writes now, this one begins
                with. Weights of characters that its text doesn't have are drawn.

        Raises:
            ValueError: it can't be trained on; the message says what is needed. Or config
                or dtype are none, or the network to start from is of another kind or size.
        """
        if config is not None and not isinstance(config, Config):
            raise ValueError(f"config must be a rnn_pkg.Config, not {shown(config)}")
        if start_from is not None and not isinstance(start_from, Trainer):
            raise ValueError(f"start_from must be a rnn_pkg.Trainer, not {shown(start_from)}")
        if config is None:
            config = _suited(data, kind_of(start_from.config) if start_from else {})
        self.config = config
        self.task = task = task_of(data, config)
        self.rngs = [np.random.default_rng(config.seed)]
        for number in range(1, config.workers):
            self.rngs.append(np.random.default_rng([config.seed, number]))
        self.model = Network(config, task.ends, self.rngs[0], dtype)
        self.origins = []
        if start_from is not None:
            self._start_from(start_from)
        self.averaged = self.model.copy() if config.average else self.model
        self.optimizer = OPTIMIZERS[config.optimizer](self.model.parameters)
        self.streams = all_streams(config, task.training)
        self.state = self.model.initial_state(config.workers * config.batch_size)
        self.metrics = None
        self.curve = Curve()
        self.rates, self.batch_sizes = [(0, config.learning_rate)], [(0, config.batch_size)]
        self.stays = []
        self.team, self.tried, self.when_settled, self._pace = None, None, None, None
        self.in_turn = InTurn(self)

    def _start_from(self, other: "Trainer") -> None:
        """Take over another run's network, and note where it comes from."""
        if not self.task.kind == other.task.kind == "text":
            raise ValueError("a run can begin with another's network only if both learn a text")
        wanted = kind_of(other.config)
        for name, value in kind_of(self.config).items():
            if value != wanted[name]:
                raise ValueError(
                    f"{name} must be {wanted[name]}, as in the network to start from, not {value}"
                )
        here, there = self.vocabulary.shared(other.vocabulary)
        self.model.take_over(other.best, here, there)
        drawn = len(self.vocabulary) - len(here)
        self.origins = [Origin.of(other.text, other.steps, len(here), drawn), *other.origins]

    def step(self) -> Metrics:
        """Learn from the next piece of text: one gradient, one update, in each of the networks that
        learn at once.

        Raises:
            TrainingError: the loss or the gradient is not finite; nothing was learned from it.
        """
        with unbroken():
            (metrics,) = self.record(self.teach(1))
        return metrics

    def teach(self, steps: int) -> list[Lesson]:
        """Have each learner take the run's next steps, at most to the end of the round.

        Returns:
            What the learners answer, for `record`: until then, the run has not taken the steps.

        Raises:
            ValueError: see `check_whole`.
        """
        self.check_whole()
        if self.team is None:
            return self.in_turn.teach(steps)
        start = time.perf_counter()
        lessons = self.team(steps)
        self._pace = (time.perf_counter() - start) / len(lessons[0].outcomes)
        return lessons

    def record(self, lessons: Sequence[Lesson]) -> Iterator[Metrics]:
        """Take into the run what its learners have learned.

        Args:
            lessons: the answer of each, in their order.

        Yields:
            The Metrics after each step.

        Raises:
            TrainingError: nothing was learned from a step, for its loss or gradient is not finite.
        """
        end = min(lesson.first + len(lesson.outcomes) for lesson in lessons)
        for step in range(self.steps, end):
            outcomes = [lesson.outcomes[step - lesson.first] for lesson in lessons]
            yield self._record(outcomes, lessons)

    def _record(self, outcomes: Sequence[Outcome], lessons: Sequence[Lesson]) -> Metrics:
        step, rate = self.steps + 1, self.rate_at(self.steps)
        if not all(outcome.is_finite for outcome in outcomes):
            raise TrainingError(
                f"at step {step} the loss or its gradient is no longer a number: the learning "
                f"rate ({self.config.learning_rate:g}) is probably too high. Start over with a "
                "lower one."
            )
        if step % self.config.round_length == 0 and len(lessons) > 1:
            self.settle(step, [lesson.handover for lesson in lessons if lesson.handover])
            if self.when_settled:
                self.when_settled(step)
        measured = None
        try:
            if step % self.config.measured_every == 0:
                measured = _finite(self.evaluate(EVALUATION_CHARACTERS))
        finally:  # the step is taken, even if what it has led to can't be measured
            loss, norm = (sum(values) / len(outcomes) for values in zip(*outcomes, strict=True))
            self.curve.add(step, loss, measured)
            self.metrics = Metrics.after(
                self.metrics,
                characters=self.config.characters_a_step,
                training_characters=self.task.training.size,
                train_loss=loss,
                validation_loss=measured,
                grad_norm=norm,
                learning_rate=rate,
            )
        if self.metrics.best_step == step:
            self.keep_best(step, self.averaged.parameters)
        return self.metrics

    def next_batch(self) -> tuple[tuple[Array, Array], NetworkState]:
        """Return what the run's network is to learn from next, or the first of those that learn at
        once: inputs and targets, (T, B) at least, and a copy of the state that it begins with."""
        batch, readers = self.streams.share(0, self.config.workers).peek(), self.config.batch_size
        return batch, [tuple(array[:readers].copy() for array in layer) for layer in self.state]

    def restore(self, snapshot: Snapshot) -> None:
        """As for a Run; what its learners have learned since the present round began is theirs
        alone, and is given up."""
        self._read_at_once(snapshot.header["config"]["batch_size"])
        super().restore(snapshot)

    def train(self, steps: int | None = None, seconds: float | None = None) -> Metrics:
        """Train for so many steps or seconds, whichever ends first, but at least one step.

        Returns:
            The Metrics of the last step.

        Raises:
            ValueError: neither limit is given, or one isn't positive.
            TrainingError: see `step`.
        """
        check_limits(steps, seconds)
        end = math.inf if seconds is None else time.perf_counter() + seconds
        last = math.inf if steps is None else self.steps + steps
        while True:
            with unbroken():
                *_, metrics = self.record(self.teach(self.steps_within(last - self.steps, end)))
            if metrics.step == last or time.perf_counter() >= end:
                return metrics

    def steps_within(self, most: float, end: float) -> int:
        """Return how many steps to ask for at once, at least one: no more than `most`, nor than
        there is time for until `end`, on the clock of `time.perf_counter`.

        Learners elsewhere would otherwise wait for each other after every step.
        """
        if self.team is None or self._pace is None:
            return 1
        in_time = (end - time.perf_counter()) / self._pace
        return max(1, int(min(most, in_time, self.config.round_length)))

    def evaluate(
        self, characters: int | None = None, network: Reader | None = None
    ) -> float | None:
        """Return the loss on the held-out part, nats per character, or None if there is none.

        Args:
            characters: try only about so many, spread evenly over the held-out part.
            network: what is tried; None is `averaged`, or its double `tried`.
        """
        start = self.task.training.size
        if start == self.task.whole.size:
            return None
        *_, (_, loss) = self.measure(start, characters, network)
        return None if math.isnan(loss) and self._unknown(start) else loss

    def _unknown(self, start: int) -> bool:
        """Tell whether nothing is known of what comes from a place on."""
        _, targets = self.task.whole.at(np.arange(start - 1, self.task.whole.size - 1))
        return bool(np.isnan(targets).all())

    def measure(
        self, start: int, characters: int | None = None, network: Reader | None = None
    ) -> Iterator[tuple[float, float]]:
        """Measure the loss on the text from one of its characters on, piece by piece.

        Args:
            start: the first character that counts; at least one must stand before it.
            characters, network: as for `evaluate`.

        Yields:
            How much is read, 0 to 1, and the mean loss so far, nats per character.
        """
        network, piece = network or self.tried or self.averaged, self.config.sequence_length
        yield from evaluation.measure(network, self.task.whole, start, characters, piece)

    def set_learning_rate(self, rate: float) -> None:
        """Change the learning rate from the next step on.

        Raises:
            ValueError: it is out of its range.
        """
        config = self.config.replace(learning_rate=rate)
        if config == self.config:
            return
        self.config = config
        self.rates = self._with_change(self.rates, config.learning_rate)

    def set_batch_size(self, size: int) -> None:
        """Change how many places each learner reads at once, from the next step on. The readers
        are spread anew, so their hidden states begin with zeros again.

        Raises:
            ValueError: it is out of its range; or learners are within a round.
        """
        config = self.config.replace(batch_size=size)
        if config == self.config:
            return
        if self.settled != self.steps:
            raise ValueError(
                f"batch_size can only be changed after a round: {self.steps - self.settled} of "
                f"{config.round_length} steps are taken"
            )
        self._read_at_once(size)
        self.batch_sizes = self._with_change(self.batch_sizes, size)

    def _with_change(self, history: list[tuple[int, T]], value: T) -> list[tuple[int, T]]:
        """Return what a setting was, as (after so many steps, value), and is from here on."""
        return [*((step, each) for step, each in history if step < self.steps), (self.steps, value)]

    def _read_at_once(self, size: int) -> None:
        """Have each learner read so many places at once, with states of zeros if that is new."""
        self.in_turn.forget()
        if size == self.config.batch_size:
            return
        self.config = self.config.replace(batch_size=size)
        self.streams = all_streams(self.config, self.task.training)
        self.streams.go_to(self.steps)
        self.state = self.model.initial_state(self.config.workers * size)
