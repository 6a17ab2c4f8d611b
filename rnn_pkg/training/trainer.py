"""Training: a text, a network that learns it step by step, and how well it does."""

import copy
import dataclasses
import math
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_pkg.checks import check_str, checked_number, shortened, shown
from rnn_pkg.config import Config
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.engine.network import DTYPES, Network, cross_entropy, parameter_shapes
from rnn_pkg.engine.optimizers import OPTIMIZERS, clip_by_global_norm, move_towards
from rnn_pkg.tasks.order import ordered
from rnn_pkg.tasks.sampling import Prediction, Writer, check_sampling, check_seed
from rnn_pkg.tasks.spelling import known_form, name_unseen
from rnn_pkg.tasks.text import Streams, Vocabulary, check_trainable
from rnn_pkg.training import checkpoint
from rnn_pkg.training.checkpoint import whole
from rnn_pkg.training.curve import Curve, is_finite
from rnn_pkg.training.origin import Origin, kind_of

EVALUATION_CHARACTERS = 4096
"""During training the held-out loss is measured on so many characters, spread over all of it."""

EVALUATION_READERS = 16
"""The held-out part is read at so many places at once, if it is long enough."""

WARM_UP = 64
"""Each of these readers first reads so many characters that don't count, as nobody starts cold."""

LARGEST = 1e25
"""No weight or state grows beyond this; from a larger one, a sum of products could overflow."""

SMOOTHING = 0.9
"""How much of the smoothed training loss each step keeps."""


@dataclass(frozen=True)
class Metrics:
    """How a run stands after a step. Losses are in nats per character.

    Attributes:
        step: number of steps so far.
        epoch: how often the training text has been read.
        chars_seen: characters trained on so far.
        train_loss: of this step's batch, before its update.
        smooth_loss: running mean of train_loss.
        validation_loss: the last measured on the held-out part, with the running mean of the
            weights; None before that, or without one.
        grad_norm: length of the gradient before clipping.
        learning_rate: of this step.
        best_step, best_loss: when validation_loss was lowest, and that; None before it is measured.
    """

    step: int
    epoch: float
    chars_seen: int
    train_loss: float
    smooth_loss: float
    validation_loss: float | None
    grad_norm: float
    learning_rate: float
    best_step: int | None = None
    best_loss: float | None = None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Metrics":
        """Return the Metrics that `dataclasses.asdict` made into a dict.

        Raises:
            ValueError: a value is not a number, or below 0, or the best is none.
        """
        metrics = cls(**values)
        for name, value in dataclasses.asdict(metrics).items():
            if value is None and name in ("validation_loss", "best_step", "best_loss"):
                continue
            if name in ("step", "chars_seen", "best_step"):
                whole(name, value)
            elif not (is_finite(value) and value >= 0):
                raise ValueError(f"a damaged model file: its {name} is {shown(value)}")
        best, step, last = metrics.best_loss, metrics.best_step, metrics.validation_loss
        never = best is step is last is None
        if not never and (
            best is None or step is None or last is None or best > last or step > metrics.step
        ):
            raise ValueError("a damaged model file: its best step is none of a run")
        return metrics


def check_limits(steps: int | None, seconds: float | None) -> None:
    """Raise ValueError unless one of the limits, or both, will end a training."""
    if steps is None and seconds is None:
        raise ValueError("steps, seconds or both must be given, or training would never stop")
    if steps is not None:
        checked_number("steps", steps, 1, 10**12, int)
    if seconds is not None:
        checked_number("seconds", seconds, 1e-9, 1e9, float)


@dataclass(frozen=True)
class Snapshot:
    """Everything that a run will need to go on from where it is, but for its text.

    Attributes:
        header: plain values.
        arrays: by their names in a checkpoint.
    """

    header: dict[str, Any]
    arrays: dict[str, Array]


class TrainingError(ValueError):
    """The run can't go on as it is: its loss or gradient is no longer a number."""


class Trainer:
    """A network learning a text.

    Attributes:
        text: what it was given.
        config: the hyperparameters.
        vocabulary: the text's characters.
        model: the Network that learns.
        averaged: a Network with the running mean of its weights, which tries the held-out part and
            writes; `model` itself if config.average is 0.
        metrics: the last step's Metrics, or None before the first.
        curve: the loss curve so far.
        rates: the learning rates set so far, as (after so many steps, rate).
        origins: the runs whose network this one began with, the last first; mostly none.
        ordered: the text in the order in which it is learned, the held-out part last.
        ids: its characters' numbers: `training_ids`, then `held_out_ids`.
    """

    def __init__(
        self,
        text: str,
        config: Config | None = None,
        dtype: Any = np.float32,
        start_from: "Trainer | None" = None,
    ) -> None:
        """Prepare a run.

        Args:
            text: what to learn.
            config: None takes `Config.for_text(text)`, and of `start_from` what must be the same.
            dtype: of parameters and computation; float64 is for checking gradients.
            start_from: a run whose network, as it writes now, this one begins with. Weights of
                characters that its text doesn't have are drawn.

        Raises:
            ValueError: the text can't be trained on; the message says what is needed. Or config
                or dtype are none, or the network to start from is of another kind or size.
        """
        check_trainable(text)
        if config is not None and not isinstance(config, Config):
            raise ValueError(f"config must be a rnn_pkg.Config, not {shown(config)}")
        if start_from is not None and not isinstance(start_from, Trainer):
            raise ValueError(f"start_from must be a rnn_pkg.Trainer, not {shown(start_from)}")
        self.text = text
        if config is None:
            config = Config.for_text(text, **(kind_of(start_from.config) if start_from else {}))
        self.config: Config = config
        self.vocabulary = Vocabulary(text)
        self.ordered, held_out = ordered(text, config.order, config.validation, config.seed)
        self.ids = self.vocabulary.encode(self.ordered)
        self.training_ids, self.held_out_ids = np.split(self.ids, [len(self.ids) - held_out])
        self.rng = np.random.default_rng(self.config.seed)
        self.model = Network(self.config, len(self.vocabulary), self.rng, dtype)
        self.origins: list[Origin] = []
        if start_from is not None:
            self._start_from(start_from)
        self.averaged = self.model.copy() if self.config.average else self.model
        self.optimizer = OPTIMIZERS[self.config.optimizer](self.model.parameters)
        self.streams = Streams(
            self.training_ids, self.config.batch_size, self.config.sequence_length
        )
        self.state = self.model.initial_state(self.config.batch_size)
        self.metrics: Metrics | None = None
        self.curve = Curve()
        self.rates = [(0, self.config.learning_rate)]

    def _start_from(self, other: "Trainer") -> None:
        """Take over another run's network, and note where it comes from."""
        wanted = kind_of(other.config)
        for name, value in kind_of(self.config).items():
            if value != wanted[name]:
                raise ValueError(
                    f"{name} must be {wanted[name]}, as in the network to start from, not {value}"
                )
        here, there = self.vocabulary.shared(other.vocabulary)
        self.model.take_over(other.averaged, here, there)
        drawn = len(self.vocabulary) - len(here)
        self.origins = [Origin.of(other.text, other.steps, len(here), drawn), *other.origins]

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return self.metrics.step if self.metrics else 0

    @property
    def chars_seen(self) -> int:
        """Characters trained on so far."""
        return self.metrics.chars_seen if self.metrics else 0

    def step(self) -> Metrics:
        """Learn from the next piece of text: one gradient, one update.

        Raises:
            TrainingError: the loss or the gradient is not finite; nothing was learned from it.
        """
        previous, position = self.metrics, self.streams.position
        step = self.steps
        inputs, targets = self.streams.next()
        loss, gradients, state = self.model.loss_and_gradients(
            inputs, targets, self.state, self.rng
        )
        norm = clip_by_global_norm(gradients, self.config.clip)
        if not math.isfinite(loss) or not math.isfinite(norm):
            self.streams.position = position
            raise TrainingError(
                f"at step {step + 1} the loss or its gradient is no longer a number: the learning "
                f"rate ({self.config.learning_rate:g}) is probably too high. Start over with a "
                "lower one."
            )
        rate = self.config.rate_at(step)
        self.optimizer.step(self.model.parameters, gradients, rate)
        self.state = state

        step += 1
        if self.config.average:
            self._average(step)
        measured = None
        if step % self.config.evaluate_every == 0:
            measured = self.evaluate(EVALUATION_CHARACTERS)
        self.curve.add(step, loss, measured)
        chars_seen = self.chars_seen + inputs.size
        best_step, best_loss = (
            (previous.best_step, previous.best_loss) if previous else (None, None)
        )
        if measured is not None and (best_loss is None or measured < best_loss):
            best_step, best_loss = step, measured
        self.metrics = Metrics(
            step=step,
            epoch=chars_seen / len(self.training_ids),
            chars_seen=chars_seen,
            train_loss=loss,
            smooth_loss=(
                SMOOTHING * previous.smooth_loss + (1 - SMOOTHING) * loss if previous else loss
            ),
            validation_loss=(
                previous.validation_loss if previous and measured is None else measured
            ),
            grad_norm=norm,
            learning_rate=rate,
            best_step=best_step,
            best_loss=best_loss,
        )
        return self.metrics

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
        while True:
            metrics = self.step()
            if steps is not None:
                steps -= 1
            if steps == 0 or time.perf_counter() >= end:
                return metrics

    def evaluate(
        self, characters: int | None = None, network: Network | None = None
    ) -> float | None:
        """Return the loss on the held-out part, nats per character, or None if there is none.

        Args:
            characters: try only about so many, spread evenly over the held-out part.
            network: what is tried; None is `averaged`.
        """
        if len(self.held_out_ids) == 0:
            return None
        *_, (_, loss) = self.measure(len(self.training_ids), characters, network)
        return loss

    def measure(
        self, start: int, characters: int | None = None, network: Network | None = None
    ) -> Iterator[tuple[float, float]]:
        """Measure the loss on the text from one of its characters on, piece by piece.

        Args:
            start: the first character that counts; at least one must stand before it.
            characters, network: as for `evaluate`.

        Yields:
            How much is read, 0 to 1, and the mean loss so far, nats per character.
        """
        network = self.averaged if network is None else network
        places = self.places(start, characters)
        length, warm_up = len(places), min(WARM_UP, start)
        before = places[0] + np.arange(-warm_up, 0)[:, None]
        window = self.ids[np.concatenate([before, places])]  # (warm_up + length, readers)
        _, state, _ = network.forward(window[: warm_up - 1])
        total, piece = 0.0, self.config.sequence_length
        for first in range(warm_up - 1, len(window) - 1, piece):
            part = window[first : first + piece + 1]  # in pieces, to need little memory
            logits, state, _ = network.forward(part[:-1], state)
            total += cross_entropy(logits, part[1:])[0] * (len(part) - 1)
            read = first + len(part) - warm_up  # of each reader's characters
            yield read / length, total / read

    def places(self, start: int, characters: int | None = None) -> Ids:
        """Return the places in the text that `measure` tries: (length, readers).

        Args: as for `measure`.
        """
        tried = len(self.ids) - start
        readers = min(EVALUATION_READERS, max(1, tried // WARM_UP))
        length = -(-tried // readers)  # rounded up: neighbours overlap by at most a character
        starts = np.linspace(start, start + tried - length, readers).round().astype(np.int64)
        if characters is not None:
            length = min(length, max(1, characters // readers))
        return np.arange(length)[:, None] + starts

    def set_learning_rate(self, rate: float) -> None:
        """Change the learning rate from the next step on.

        Raises:
            ValueError: it is out of its range.
        """
        config = self.config.replace(learning_rate=rate)
        if config == self.config:
            return
        self.config = config
        earlier = [(step, rate) for step, rate in self.rates if step < self.steps]
        self.rates = [*earlier, (self.steps, config.learning_rate)]

    def sample(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        network: Network | None = None,
        stop_at_line_end: bool = False,
    ) -> str:
        """Return a continuation of the prompt, without the prompt, of `length` characters.

        The prompt is read in the form that the text has, see `known_form`; characters that it
        doesn't have in any form are skipped, with a UserWarning that names them. Training is not
        disturbed: the run's own random numbers are not used.

        Args:
            prompt: any text. With an empty one the network begins as after a line break.
            length: number of characters to write.
            temperature: below 1 is more careful, above 1 more daring; 0 takes the likeliest.
            top_k: choose among the k likeliest only; 0 is off.
            top_p: choose among the likeliest that together have this probability; 1 is off.
            seed: the same seed gives the same text; None a new one each time.
            network: what writes; None is `averaged`.
            stop_at_line_end: stop with the line break of the first line that is not blank.

        Raises:
            ValueError: an argument is out of its range.
        """
        return "".join(
            self.stream(prompt, length, temperature, top_k, top_p, seed, network, stop_at_line_end)
        )

    def stream(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        network: Network | None = None,
        stop_at_line_end: bool = False,
    ) -> Iterator[str]:
        """Return what `sample` does, with the same arguments, a character at a time as it comes."""
        check_sampling(length, temperature, top_k, top_p)
        check_str("prompt", prompt)
        check_seed(seed)
        prompt = known_form(prompt, self.vocabulary)
        unseen = name_unseen(prompt, self.vocabulary)
        if unseen:
            warnings.warn(
                f"the network has never seen {unseen}: skipped in the prompt", stacklevel=3
            )
        writer = self.writer(prompt, np.random.default_rng(seed), network)

        def written() -> Iterator[str]:
            for _ in range(length):
                yield writer.next(temperature, top_k, top_p)
                if stop_at_line_end and writer.line_ended:
                    return

        return written()

    def writer(
        self, prompt: str, rng: np.random.Generator, network: Network | None = None
    ) -> Writer:
        """Return a Writer that continues the opening and the prompt, unseen characters skipped.

        What writes is `network`, or else `averaged`.
        """
        prompt = known_form(prompt, self.vocabulary)
        context = self.vocabulary.without_unseen(self.opening(prompt, rng) + prompt)
        ids = self.vocabulary.encode(context)
        return Writer(network or self.averaged, self.vocabulary, ids, rng)

    def opening(self, prompt: str, rng: np.random.Generator) -> str:
        """Return what is read before the prompt: nothing, unless no character of it is known.

        Then it is a line break, so that the network begins as on a new line, or, where the text
        has none, one of the text's characters, drawn by chance.
        """
        if self.vocabulary.without_unseen(prompt):
            return ""
        if not self.vocabulary.unseen("\n"):
            return "\n"
        return self.vocabulary.decode(rng.choice(self.training_ids, 1))

    def predictions(self, text: str) -> list[Prediction]:
        """Return what the network expected at each character of a text, given those before it.

        `-math.log(prediction.probability)` is the network's surprise at a character, in nats. The
        first has none, as nothing came before it, nor have those that are skipped because the
        network has never seen them.

        Raises:
            ValueError: text is not a str.
        """
        check_str("text", text)
        return self.reading(text, np.random.default_rng())[1]

    def reading(
        self, prompt: str, rng: np.random.Generator, network: Network | None = None
    ) -> tuple[Writer, list[Prediction]]:
        """Return a Writer that continues the prompt, as `writer` does, and what was expected at
        each of the prompt's characters, in the form that the text has, from one reading."""
        prompt = known_form(prompt, self.vocabulary)
        unseen = self.vocabulary.unseen(prompt)
        known = self.vocabulary.without_unseen(prompt)
        writer = self.writer(known[:1], rng, network)
        following = writer.predict(self.vocabulary.encode(known[1:]))
        predicted = iter([Prediction(known[:1]), *following])
        return writer, [
            Prediction(character, skipped=True) if character in unseen else next(predicted)
            for character in prompt
        ]

    def save(self, file: checkpoint.File) -> None:
        """Write the whole run to a .npz file; `load` continues it bit for bit."""
        text = np.frombuffer(self.text.encode("utf-8", "surrogatepass"), np.uint8)
        checkpoint.write(file, self._header(), self._arrays() | {"text": text})

    def snapshot(self) -> Snapshot:
        """Return the state of the run; `restore` brings it back bit for bit."""
        arrays = {name: array.copy() for name, array in self._arrays().items()}
        return Snapshot(self._header(), arrays)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state of this run."""
        # The snapshot stays as it is: the run goes on with lists of its own.
        self._take(copy.deepcopy(snapshot.header), snapshot.arrays)

    def _header(self) -> dict[str, Any]:
        """Return every plain value of the run's state, as a checkpoint has it."""
        return {
            "config": self.config.as_dict(),
            "dtype": self.model.dtype.name,
            "metrics": self.metrics and dataclasses.asdict(self.metrics),
            "position": self.streams.position,
            "optimizer_steps": self.optimizer.steps,
            "random_generator": self.rng.bit_generator.state,
            "curve": dataclasses.asdict(self.curve),
            "rates": self.rates,
            "origins": [dataclasses.asdict(origin) for origin in self.origins],
        }

    def _take(self, header: dict[str, Any], arrays: Mapping[str, Array]) -> None:
        """Take over a state; a value that can't be one raises ValueError or KeyError."""
        self.config = self.config.replace(learning_rate=header["config"]["learning_rate"])
        for name, array in self._arrays().items():
            array[...] = arrays[name]
        self.streams.position = whole("position", header["position"], len(self.training_ids))
        self.optimizer.steps = whole("optimizer_steps", header["optimizer_steps"])
        try:
            self.rng.bit_generator.state = header["random_generator"]
        except ValueError as error:
            raise ValueError(f"a damaged model file: its random generator ({error})") from error
        metrics = header["metrics"]
        self.metrics = None if metrics is None else Metrics.from_dict(metrics)
        self._check_counts()
        self.curve = Curve.from_dict(header["curve"], self.steps)
        self.rates = self._checked_rates(header["rates"])
        self.origins = [Origin.from_dict(values) for values in header["origins"]]

    def _check_counts(self) -> None:
        """Raise ValueError unless all that grows with the steps has grown by as many."""
        length = self.config.sequence_length
        characters = self.steps * length * self.config.batch_size
        for name, value, expected in (
            ("optimizer_steps", self.optimizer.steps, self.steps),
            ("position", self.streams.position, self.steps * length % len(self.training_ids)),
            ("chars_seen", self.chars_seen, characters),
        ):
            if value != expected:
                raise ValueError(
                    f"a damaged model file: its {name} is {value}, "
                    f"but {expected} after {self.steps} steps"
                )

    def _checked_rates(self, rates: Any) -> list[tuple[int, float]]:
        if not isinstance(rates, list) or any(len(pair) != 2 for pair in rates):
            raise ValueError("a damaged model file: its learning rates are not those of a run")
        with _damage_named():
            rates = [(step, self.config.replace(learning_rate=rate)) for step, rate in rates]
        checked = [(whole("rates", step), config.learning_rate) for step, config in rates]
        steps = [step for step, _ in checked]
        in_order = steps == sorted(set(steps)) and steps[:1] == [0] and steps[-1] <= self.steps
        if not in_order or checked[-1][1] != self.config.learning_rate:
            raise ValueError("a damaged model file: its learning rates are not those of a run")
        return checked

    def _arrays(self) -> dict[str, Array]:
        """Return every array of the state, itself and not a copy, by its name in a checkpoint."""
        arrays = {f"parameters/{name}": value for name, value in self.model.parameters.items()}
        if self.config.average:
            arrays |= {f"average/{name}": a for name, a in self.averaged.parameters.items()}
        for kind, memory in self.optimizer.memory.items():
            arrays |= {f"optimizer/{kind}/{name}": value for name, value in memory.items()}
        for layer, state in enumerate(self.state):
            arrays |= {f"state/{layer}/{k}": value for k, value in enumerate(state)}
        return arrays


Check = Callable[[Config, int, int, str], None]
"""Raises ValueError to refuse a run of this config, vocabulary size, text length and dtype."""


def load(file: checkpoint.File, check: Check | None = None) -> Trainer:
    """Return the run that `Trainer.save` wrote: it continues as if it had never stopped.

    Args:
        file: a path, or an open file.
        check: called before anything is made of what was read.

    Raises:
        ValueError: the file is not such a run, or damaged; the message says what is wrong. Or
            `check` has refused it.
        OSError: it can't be read at all.
    """
    header, arrays = checkpoint.read(file)
    try:
        return _restore(checkpoint.upgraded(header), arrays, check)
    except (KeyError, TypeError, ArithmeticError) as error:
        reason = f"{type(error).__name__}: {shortened(str(error), 200)}"
        raise ValueError(f"a damaged model file: its header is incomplete ({reason})") from error


def _restore(header: dict[str, Any], arrays: dict[str, Array], check: Check | None) -> Trainer:
    if arrays["text"].dtype != np.uint8 or arrays["text"].ndim != 1:
        raise ValueError("a damaged model file: its text is not bytes")
    with _damage_named():
        config = Config.from_mapping(header["config"])
    if header["dtype"] not in DTYPES:
        raise ValueError(f"a damaged model file: its dtype is {shown(header['dtype'])}")
    try:
        text = arrays["text"].tobytes().decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ValueError(f"a damaged model file: its text is not UTF-8 ({error})") from error
    with _damage_named():
        check_trainable(text)

    # The parameters' shapes are checked before anything is made from what the header asks for.
    size = len(Vocabulary(text))
    for name, shape in parameter_shapes(config, size).items():
        _check_array(f"parameters/{name}", arrays, shape, header["dtype"])
    if check is not None:
        check(config, size, len(text), header["dtype"])
    with _damage_named():
        trainer = Trainer(text, config, header["dtype"])
    mine = trainer._arrays()
    unknown = sorted(arrays.keys() - mine.keys() - {"text"})
    if unknown:
        raise ValueError(f"a damaged model file: unknown arrays {', '.join(unknown[:5])}")
    for name, array in mine.items():
        _check_array(name, arrays, array.shape, header["dtype"])
    trainer._take(header, arrays)
    if not trainer.optimizer.memory_is_possible():
        raise ValueError("a damaged model file: its optimizer can't have come to what it remembers")
    return trainer


@contextmanager
def _damage_named() -> Iterator[None]:
    """Let what is wrong with a value be known as damage of the file it came from."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"a damaged model file: {error}") from error


def _check_array(name: str, arrays: dict[str, Array], shape: tuple[int, ...], dtype: str) -> None:
    if name not in arrays:
        raise ValueError(f"a damaged model file: it lacks the array {name!r}")
    array = arrays[name]
    if array.shape != shape or array.dtype != dtype:
        raise ValueError(
            f"a damaged model file: {name!r} is {array.dtype} {array.shape}, "
            f"but its settings need {dtype} {shape}"
        )
    if not name.startswith("optimizer/") and np.abs(array).max() > LARGEST:
        raise ValueError(f"a damaged model file: {name!r} has values beyond {LARGEST:g}")
