"""The tiny network of the lessons: so small that every number of it can be shown."""

import copy
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache

import numpy as np

from rnn_pkg.checks import check_str, checked_number
from rnn_pkg.engine.linalg import Array
from rnn_pkg.look.changed import outputs_if, scores_if
from rnn_pkg.look.recording import Step, inputs_and_targets, one_hot, record
from rnn_pkg.look.rehearsal import Rehearsal, rehearse
from rnn_pkg.page.lessons import limits
from rnn_pkg.page.lessons.contents import CONTENTS, Content
from rnn_pkg.page.lessons.scene import Changed, Shown
from rnn_pkg.rnn import RNN, Column, log_softmax

HIDDEN_SIZE = 3
RATE, CLIP, STEPS = limits.DEFAULTS["rate"], limits.DEFAULTS["clip"], 200
"""How it is trained."""

HALF_KNOWN = 0.5
"""It is taken when its mean loss is first below this: so it knows much of the word, and there is
still something to learn."""

GRADIENTS = ("dWxh", "dWhh", "dWhy", "dbh", "dby")
"""As `RNN.backward` returns them."""


class Tiny:
    """An RNN with three hidden units, and a word that it reads.

    Attributes:
        inputs, targets: the characters that are read, and those that really come next.
        x, target: the same as columns (V, 1), T of each.
        characters: the V different ones of the word, sorted.
        units: what the hidden units are called.
        rnn: the network.
        words: which one it is, for people.
    """

    def __init__(self, word: str, rnn: RNN, words: str) -> None:
        self.inputs, self.targets = list(word[:-1]), list(word[1:])
        self.characters, columns = one_hot(word)
        self.x, self.target = inputs_and_targets(columns)
        self.units = [f"unit {1 + unit}" for unit in range(HIDDEN_SIZE)]
        self.rnn, self.words = rnn, words

    @cached_property
    def steps(self) -> list[Step]:
        """What goes on at each time step."""
        return record(self.rnn, self.x, self.target, zeros(), zeros())

    @cached_property
    def outputs(self) -> list[Column]:
        """What the network says after each character."""
        return self.rnn.forward(self.x, zeros())[0]

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """What backpropagation returns."""
        returned = self.rnn.backward(self.x, self.target, zeros(), zeros())
        return dict(zip(GRADIENTS, returned, strict=True))

    @property
    def probabilities(self) -> list[list[float]]:
        """What it expects after each character: how probable each character is."""
        return [step.p[:, 0].tolist() for step in self.steps]

    @property
    def given(self) -> list[float]:
        """How probable it found what really came, at each time step."""
        return [float(np.sum(step.target * step.p)) for step in self.steps]

    def content(self, lesson: str) -> Content:
        """Return what a lesson shows of it."""
        return CONTENTS[lesson]

    def changed(self, t: int, unit: int, value: float) -> Changed:
        """Return what would be if a number of the hidden state after a time step were another."""
        h, outputs = outputs_if(self.rnn, self.x, zeros(), t, unit, value)
        guesses = [np.exp(log_softmax(y)) for y in outputs]
        shown = {
            "h_t": Shown(h, self.units),
            "y_t": Shown(outputs[t], self.characters),
            "softmax(y_t)": Shown(guesses[t], self.characters),
        }
        return Changed(shown, [p[:, 0].tolist() for p in guesses])

    def supposed(self, t: int, probability: float) -> dict[str, Shown]:
        """Return the numbers of the symbols that would be others if what really came after a time
        step had been found so probable."""
        outputs = list(self.outputs)
        outputs[t] = scores_if(outputs[t], int(np.argmax(self.target[t])), probability)
        log_p, target = log_softmax(outputs[t]), self.target[t]
        return {
            "y_t": Shown(outputs[t], self.characters),
            "softmax(y_t)": Shown(np.exp(log_p), self.characters),
            "softmax(y_t)[target_t]": Shown(float(np.sum(target * np.exp(log_p)))),
            "log softmax(y)": Shown(log_p, self.characters),
            "log softmax(y_t)[target_t]": Shown(float(np.sum(target * log_p))),
            "L": Shown(self.rnn.loss(outputs, self.target)),
        }

    def share(self, t: int) -> Shown:
        """Return what a time step adds to the gradient of Whh."""
        return Shown(self.steps[t].dWhh, self.units, self.units)

    def total(self, on: Sequence[bool]) -> Shown:
        """Return the sum of what these of the time steps add, from the last to the first."""
        total = np.zeros_like(self.rnn.Whh)
        for step, counts in reversed(list(zip(self.steps, on, strict=True))):
            if counts:
                total += step.dWhh
        return Shown(total, self.units, self.units)

    def columns(self, t: int) -> dict[str, Shown]:
        """Return what is read, and what really comes next, as one-hot columns."""
        step, characters = self.steps[t], self.characters
        return {
            "x_t": Shown(step.x, characters),
            "x_{t+1}": Shown(step.target, characters),
            "target_t": Shown(step.target, characters),
        }

    def shown(self, t: int, names: Collection[str] = ()) -> dict[str, Shown]:
        """Return the numbers of every symbol at a time step: there are so few of them."""
        rnn, step, characters, units = self.rnn, self.steps[t], self.characters, self.units
        later = self.steps[t + 1].da if t + 1 < len(self.steps) else zeros()
        log_p = log_softmax(step.y)
        log_p_of_target = float(np.sum(step.target * log_p))
        gradients = self.gradients
        return {
            **self.columns(t),
            "h_{t-1}": Shown(step.h_before, units),
            "h_t": Shown(step.h, units),
            "y_t": Shown(step.y, characters),
            "softmax(y_t)": Shown(step.p, characters),
            "softmax(y_t)[target_t]": Shown(self.given[t]),
            "log softmax(y)": Shown(log_p, characters),
            "log softmax(y_t)[target_t]": Shown(log_p_of_target),
            "L": Shown(rnn.loss(self.outputs, self.target)),
            "Wxh": Shown(rnn.Wxh, units, characters),
            "Whh": Shown(rnn.Whh, units, units),
            "Why": Shown(rnn.Why, characters, units),
            "bh": Shown(rnn.bh, units),
            "by": Shown(rnn.by, characters),
            "dy_t": Shown(step.dy, characters),
            "Why^T dL/dy_t": Shown(step.dh_from_output, units),
            "Whh^T dL/da_{t+1}": Shown(step.dh_from_later, units),
            "dh_t": Shown(step.dh, units),
            "(1 - h_t^2)": Shown(1.0 - step.h * step.h, units),
            "da_t": Shown(step.da, units),
            "da_{t+1}": Shown(later, units),
            "Whh^T dL/da_t": Shown(step.dh_before, units),
            "dh_next": Shown(zeros(), units),
            "da_t h_{t-1}^T": self.share(t),
            "dWxh": Shown(gradients["dWxh"], units, characters),
            "dWhh": Shown(gradients["dWhh"], units, units),
            "dWhy": Shown(gradients["dWhy"], characters, units),
            "dbh": Shown(gradients["dbh"], units),
            "dby": Shown(gradients["dby"], characters),
        }


def zeros() -> Column:
    """Return the hidden state before the first step, and the gradient that comes after the last."""
    return np.zeros((HIDDEN_SIZE, 1))


def check_word(word: str) -> None:
    """Raise ValueError, saying what is needed, if the tiny network can't learn this word."""
    check_str("the word", word)
    check_count("characters", len(word), *limits.LENGTH)
    check_count("different characters", len(set(word)), *limits.DISTINCT)


def check_count(what: str, count: int, least: int, most: int) -> None:
    """Raise ValueError if a word has too many of something, or too few."""
    if not least <= count <= most:
        raise ValueError(f"the word must have {least} to {most} {what}, not {count}")


def checked_seed(seed: int) -> int:
    """Return a seed; a ValueError says which there are."""
    checked: int = checked_number("seed", seed, *limits.SEED, int)
    return checked


@lru_cache(maxsize=8)
def rehearsed(word: str, seed: int, rate: float, clip: float) -> Rehearsal[RNN]:
    """Return how the tiny network learns a word.

    Raises:
        ValueError: the word or the seed can't be taken.
    """
    check_word(word)
    seed = checked_seed(seed)
    size = len(set(word))
    rnn = RNN(size, HIDDEN_SIZE, size, "cross_entropy", np.random.default_rng(seed))
    _, columns = one_hot(word)
    return rehearse(rnn, *inputs_and_targets(columns), zeros(), rate, clip, STEPS)


@lru_cache(maxsize=32)
def learner(word: str, seed: int, step: int, rate: float, clip: float) -> Tiny:
    """Return the tiny network as it is after so many steps of training."""
    rnn = rehearsed(word, seed, rate, clip).model(step)
    words = (
        f"a tiny network with {HIDDEN_SIZE} hidden units, seed {seed}, after step {step} of "
        f"training on “{word}”"
    )
    return Tiny(word, rnn, words)


def taken_at(word: str, seed: int) -> int:
    """Return the step of training at which the tiny network is taken."""
    return rehearsed(word, seed, RATE, CLIP).first_below(HALF_KNOWN)


def tiny(word: str, seed: int) -> Tiny:
    """Return the tiny network that has half learned a word.

    Raises:
        ValueError: the word or the seed can't be taken.
    """
    return learner(word, seed, taken_at(word, seed), RATE, CLIP)


@lru_cache(maxsize=8)
def squared(word: str, seed: int) -> Tiny:
    """Return the same network, but with the squared error as its loss."""
    network = tiny(word, seed)
    rnn = copy.copy(network.rnn)
    rnn.loss_name = "squared_error"
    return Tiny(word, rnn, f"{network.words}, its loss the squared error")
