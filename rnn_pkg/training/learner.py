"""One of the networks that learn at once: its steps, and what it hands over to be averaged."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnn_pkg.config import Config
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.network import Network, NetworkState
from rnn_pkg.engine.optimizers import OPTIMIZERS, Optimizer, clip_by_global_norm, move_towards
from rnn_pkg.tasks.streams import Material, Streams

STATE = "state/"
"""What the names of hidden states begin with: a learner's are its own, and are not averaged."""


class Outcome(NamedTuple):
    """What comes of a step: its loss, nats per character, and the length of its gradient."""

    loss: float
    norm: float

    @property
    def is_finite(self) -> bool:
        """Whether both are finite numbers; otherwise nothing was learned."""
        return math.isfinite(self.loss) and math.isfinite(self.norm)


class Handover(NamedTuple):
    """What a learner goes on from, or what there is of it to go on from.

    Attributes:
        arrays: by their names in a checkpoint.
        generator: the state of its random generator.
    """

    arrays: dict[str, Array]
    generator: dict[str, Any]


class Order(NamedTuple):
    """What a learner is asked for.

    Attributes:
        first: how many steps were taken before.
        rates: the learning rate of each step that is to be taken.
        start: what to begin with; None is where the learner stands.
    """

    first: int
    rates: list[float]
    start: Handover | None = None


class Lesson(NamedTuple):
    """What a learner answers.

    Attributes:
        first: how many steps were taken before.
        outcomes: of the steps, the last of which may be one that nothing could be learned from.
        handover: after the last step of a round, what is to be averaged.
    """

    first: int
    outcomes: list[Outcome]
    handover: Handover | None


@dataclass
class Learner:
    """A network that learns, and the readers that read for it.

    Attributes:
        config, model, averaged, optimizer: as in a Run.
        streams: where its readers are in the text.
        state: the hidden states that the next step begins with.
        rng: draws what dropout leaves out.
        steps: how many it has taken; None before it is told where to start.
    """

    config: Config
    model: Network
    averaged: Network
    optimizer: Optimizer
    streams: Streams
    state: NetworkState
    rng: np.random.Generator
    steps: int | None = None

    @classmethod
    def apart(
        cls, config: Config, number: int, ends: Ends, dtype: Any, material: Material
    ) -> "Learner":
        """Return one with arrays of its own, whose first order must say where to start.

        Args:
            config: of the run.
            number: which of its `config.workers` learners this is, counted from 0.
            ends: of the network.
            dtype: of parameters and computation.
            material: of the training part.
        """
        model = Network(config, ends, np.random.default_rng(), dtype)
        return cls(
            config,
            model,
            model.copy() if config.average else model,
            OPTIMIZERS[config.optimizer](model.parameters),
            all_streams(config, material).share(number, config.workers),
            model.initial_state(config.batch_size),
            np.random.default_rng(),
        )

    def follow(self, order: Order) -> Lesson:
        """Take the steps that are asked for, until one that nothing can be learned from."""
        if order.start:
            self._start(order.first, order.start)
        elif order.first != self.steps:
            raise ValueError(f"asked to go on from step {order.first}, but stands at {self.steps}")
        outcomes = list[Outcome]()
        step = order.first
        for step, rate in enumerate(order.rates, order.first + 1):
            outcomes.append(self.step(step, rate))
            if not outcomes[-1].is_finite:
                return Lesson(order.first, outcomes, None)
        ends_round = self.config.workers > 1 and step % self.config.round_length == 0
        return Lesson(order.first, outcomes, self._handover() if ends_round else None)

    def step(self, step: int, rate: float) -> Outcome:
        """Learn from the next piece of text: one gradient, one update. It is the run's `step`-th.

        Nothing changes if what comes of it is not finite, or if to find that ends with an error, as
        a cell that somebody wrote may do.
        """
        position, drawn = self.streams.position, self.rng.bit_generator.state
        outcome = None
        try:
            outcome = self._step(step, rate)
            return outcome
        finally:
            if outcome is None or not outcome.is_finite:
                self.streams.position, self.rng.bit_generator.state = position, drawn

    def _step(self, step: int, rate: float) -> Outcome:
        inputs, targets = self.streams.next()
        loss, gradients, state = self.model.loss_and_gradients(
            inputs, targets, self.state, self.rng
        )
        outcome = Outcome(loss, clip_by_global_norm(gradients, self.config.clip))
        if not outcome.is_finite:
            return outcome
        self.steps = None  # who is broken off in what follows has to start again
        self.optimizer.step(self.model.parameters, gradients, rate, self.factors)
        copy_state(state, self.state)
        if self.config.average:
            self._average(step)
        self.steps = step
        return outcome

    @property
    def factors(self) -> dict[str, float]:
        """What the learning rate is multiplied by, by the names of the parameters."""
        return dict.fromkeys(self.model.between_hidden, self.config.hidden_rate)

    def _average(self, step: int) -> None:
        """Take the weights after `step` steps into their running mean.

        Learning goes zigzag; the mean of the places it comes by is nearer to the goal. The mean
        remembers about the last `config.average` of the run, so that it leaves the beginning behind
        (polynomial-decay averaging: Shamir and Zhang, 2013):

            mean <- mean + (weights - mean) / (1 + average * step)
        """
        weight = 1 / (1 + self.config.average * step)
        for name, parameter in self.model.parameters.items():
            move_towards(self.averaged.parameters[name], parameter, weight)

    def arrays(self) -> dict[str, Array]:
        """Return every array that the learner goes on from, itself and not a copy, by its name in
        a checkpoint."""
        return arrays_of(self.config, self.model, self.averaged, self.optimizer, self.state)

    def _handover(self) -> Handover:
        return Handover(self.arrays(), dict(self.rng.bit_generator.state))

    def _start(self, steps: int, start: Handover) -> None:
        for name, array in self.arrays().items():
            array[...] = start.arrays[name]
        self.rng.bit_generator.state = start.generator
        self.steps = self.optimizer.steps = steps
        self.streams.go_to(steps)


def all_streams(config: Config, material: Material) -> Streams:
    """Return the streams of all the readers of a run, those of the first learner first."""
    return Streams(material, config.workers * config.batch_size, config.sequence_length)


def arrays_of(
    config: Config,
    model: Network,
    averaged: Network,
    optimizer: Optimizer,
    state: NetworkState,
) -> dict[str, Array]:
    """Return every array that learning goes on from, by its name in a checkpoint."""
    arrays = {f"parameters/{name}": value for name, value in model.parameters.items()}
    if config.average:
        arrays |= {f"average/{name}": value for name, value in averaged.parameters.items()}
    for kind, memory in optimizer.memory.items():
        arrays |= {f"optimizer/{kind}/{name}": value for name, value in memory.items()}
    for layer, parts in enumerate(state):
        arrays |= {f"{STATE}{layer}/{k}": part for k, part in enumerate(parts)}
    return arrays


def copy_state(source: NetworkState, target: NetworkState) -> None:
    """Copy the numbers of a state into the arrays of another."""
    for layer, copied in zip(target, source, strict=True):
        for array, values in zip(layer, copied, strict=True):
            array[...] = values
