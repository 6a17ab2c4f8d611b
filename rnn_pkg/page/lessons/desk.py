"""The place of the page where the tutorial is gone through on live values, lesson by lesson."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.page.desk import Desk
from rnn_pkg.page.instruments import offered
from rnn_pkg.page.lessons import limits, own, tiny
from rnn_pkg.page.lessons.answers import (
    BackwardLesson,
    Curve,
    ForgettingLesson,
    Guess,
    HiddenLesson,
    LessonSetting,
    LossLesson,
    PrintedLesson,
    SequenceLesson,
    SharedLesson,
    Surprise,
    TrainingLesson,
)
from rnn_pkg.page.lessons.mending import mended, own_checked
from rnn_pkg.page.lessons.own import NO_RUN, Frozen
from rnn_pkg.page.lessons.practice import checked_exercise, own_training, tiny_training
from rnn_pkg.page.lessons.roads import forgetting, untrained_reader
from rnn_pkg.page.lessons.scene import Changed, Subject, scene, value
from rnn_pkg.tasks.text import name_character

KNOWN = {"a coin": 2, "a die": 6, "a letter of the alphabet": 26}
"""What everybody has guessed at: among how many that are equally likely."""

POINTS = 200
"""So many pieces the curve of the loss has."""

FIRST, SECOND, LAST = 0, 1, -1
"""Time steps that a lesson begins with; where there is no second one, the first."""


class LessonDesk:
    """Answers what the lessons ask; each of its methods but `leave` is a lesson.

    Attributes:
        offers: the methods that the page may call.
    """

    def __init__(self, text_desk: Callable[[], Desk[Any] | None]) -> None:
        """Begin.

        Args:
            text_desk: returns the desk where the person's own run is, or None.
        """
        self._text_desk = text_desk
        self._frozen: Frozen | None = None
        self.offers = offered(type(self))

    def sequence(self, setting: LessonSetting, t: int | None) -> SequenceLesson:
        """Lesson 1: a sequence, and its next character as target.

        Args:
            setting: which network.
            t: the time step; None is the first.
        """
        network = self._network(setting)
        t = step_of(network, t, FIRST)
        told = scene(network, "sequence", t, network.columns(t))
        if not setting["own"]:
            told["network"] = f"the word “{setting['word']}”"  # no network has read it yet
        return {"scene": told}

    def hidden(
        self, setting: LessonSetting, t: int | None, unit: int | None, value: float | None
    ) -> HiddenLesson:
        """Lesson 2: the hidden state.

        Args:
            setting: which network.
            t: the time step; None is the second, if there is one.
            unit: which number of the hidden state after this time step is changed, counted from 0
                among those that are shown.
            value: what it is changed to. If one of both is None, it is left as it is.
        """
        network = self._network(setting)
        t = step_of(network, t, SECOND)
        before, shown = network.probabilities, network.shown(t, ["h_t"])["h_t"]
        after, told_of = Changed({}, before), ""
        if unit is not None:
            unit = checked_number("unit", 1 + unit, 1, len(network.units), int) - 1
        if unit is not None and value is not None:
            value = checked_number("value", value, *limits.VALUE, float)
            after = network.changed(t, unit, value)
            told_of = f", {network.units[unit]} set by hand"
        told = scene(network, "hidden", t, after.shown)
        for each in told["values"]:
            if each["symbol"] == "h_t":
                each["meaning"] += told_of
        return {
            "scene": told,
            "characters": network.characters,
            "units": network.units,
            "state": np.reshape(shown.numbers, -1).tolist(),
            "before": guesses(network, before),
            "after": guesses(network, after.probabilities),
        }

    def loss(self, setting: LessonSetting, t: int | None, probability: float | None) -> LossLesson:
        """Lesson 3: the loss.

        Args:
            setting: which network.
            t: the time step; None is the first.
            probability: what is chosen for the right character; None is what the network gave it.
        """
        network = self._network(setting)
        t = step_of(network, t, FIRST)
        steps = [
            surprise(f"{quoted(target)} after {quoted(read)}", given)
            for read, target, given in zip(
                network.inputs, network.targets, network.given, strict=True
            )
        ]
        supposed = {}
        if probability is not None:
            probability = checked_number("probability", probability, *limits.PROBABILITY, float)
            steps[t] = surprise(steps[t]["label"], probability)
            supposed = network.supposed(t, probability)
        return {
            "scene": scene(network, "loss", t, supposed),
            "chosen": steps[t],
            "known": [surprise(name, 1 / choices) for name, choices in KNOWN.items()],
            "steps": steps,
            "total": sum(step["loss"] for step in steps),
            "curve": curve(),
        }

    def backward(self, setting: LessonSetting, t: int | None) -> BackwardLesson:
        """Lesson 4: backward through time.

        Args:
            setting: which network.
            t: the time step; None is the last.
        """
        network = self._network(setting)
        return {"scene": scene(network, "backward", step_of(network, t, LAST))}

    def shared(self, setting: LessonSetting, t: int | None, on: list[bool] | None) -> SharedLesson:
        """Lesson 5: shared weights.

        Args:
            setting: which network.
            t: the time step; None is the first.
            on: for each time step, whether its share counts; None counts none of them.
        """
        network = self._network(setting)
        t, steps = step_of(network, t, FIRST), len(network.inputs)
        on = [False] * steps if on is None else on
        if len(on) != steps:
            raise ValueError(f"on must say of each of {steps} time steps whether it counts")
        content = network.content("shared")
        share, sum_of_them = content.meanings["da_t h_{t-1}^T"], content.meanings["dWhh"]
        return {
            "scene": scene(network, "shared", t),
            "shares": [
                value("da_t h_{t-1}^T", share, step, network.share(step)) for step in range(steps)
            ],
            "total": value("dWhh", sum_of_them, t, network.total(on)),
            "whole": value("dWhh", sum_of_them, t, network.shown(t, ["dWhh"])["dWhh"]),
        }

    def printed(
        self, setting: LessonSetting, choices: dict[str, str], t: int | None = None
    ) -> PrintedLesson:
        """Lesson 6: is it right?

        Args:
            setting: which network.
            choices: by the name of a fault that of an option; the other lines stay as printed.
            t: the time step; None is the last.
        """
        network = self._network(setting)
        t = step_of(network, t, LAST)
        if setting["own"]:
            return own_checked(self._own(), network, t)
        return mended(setting["word"], setting["seed"], t, choices)

    def training(
        self, setting: LessonSetting, training_step: int, t: int | None, rate: float, clip: float
    ) -> TrainingLesson:
        """Lesson 7: a step of learning, many steps.

        Args:
            setting: which network.
            training_step: after how many steps of training.
            t: the time step; None is the first.
            rate: the learning rate.
            clip: the longest that the gradient may be; 0 leaves it as it is.
        """
        network = self._network(setting)
        t = step_of(network, t, FIRST)
        if setting["own"]:
            exercise = checked_exercise(training_step, rate, clip, own.STEPS)
            return own_training(self._own(), setting["units"], t, exercise)
        exercise = checked_exercise(training_step, rate, clip, tiny.STEPS)
        return tiny_training(setting["word"], setting["seed"], t, exercise)

    def forgetting(
        self,
        setting: LessonSetting,
        cell: str,
        recurrence: float,
        forget: float | None,
        clip: float,
    ) -> ForgettingLesson:
        """Lesson 8: forgetting, and gates.

        Args:
            setting: which network; if it is the tiny one, an untrained one reads its word.
            cell: of the untrained network; the person's own has one.
            recurrence: every W_hh is multiplied by it.
            forget: what the forget gate is held at, if the cell has one; None leaves it alone.
            clip: the longest that the gradient may be; 0 leaves it as it is.
        """
        if setting["own"]:
            reader = self._own().far_reader
        else:
            self.leave()
            reader = untrained_reader(setting["word"], setting["seed"], cell)
        return forgetting(reader, setting["units"], recurrence, forget, clip)

    def leave(self) -> None:
        """Forget the person's own network: whoever comes back to it finds what has become of it."""
        self._frozen = None

    def _network(self, setting: LessonSetting) -> Subject:
        """Return the network that is set; a ValueError says why there is none."""
        if setting["own"]:
            return self._own().view(setting["units"])
        self.leave()
        return tiny.tiny(setting["word"], setting["seed"])

    def _own(self) -> Frozen:
        """Return the person's own network; it stays the same until it is left, though training
        goes on."""
        desk = self._text_desk()
        if desk is None or not desk.has_run:
            self.leave()
            raise ValueError(NO_RUN)
        if self._frozen is None or not self._frozen.is_of(desk):
            self._frozen = Frozen(desk)
        return self._frozen


def step_of(network: Subject, t: int | None, default: int) -> int:
    """Return a time step, counted from 0; if there is none, a ValueError says which there are.

    Args:
        network: that reads so many.
        t: which one; None is the default.
        default: FIRST, SECOND or LAST.
    """
    last = len(network.inputs) - 1
    if t is None:
        return last if default == LAST else min(default, last)
    step: int = checked_number("the time step", t, 0, last, int)
    return step


def quoted(character: str) -> str:
    """Write a character within words."""
    return f"“{character}”" if character.isprintable() else name_character(character)


def guesses(network: Subject, probabilities: list[list[float]]) -> list[Guess]:
    """Return what a network expects after each character."""
    return [
        {"character": read, "target": target, "probabilities": given}
        for read, target, given in zip(network.inputs, network.targets, probabilities, strict=True)
    ]


def curve() -> Curve:
    """Return the loss of a guess by its probability."""
    least, most = limits.PROBABILITY
    probabilities = [least + (most - least) * point / POINTS for point in range(POINTS + 1)]
    return {"probabilities": probabilities, "losses": [-math.log(p) for p in probabilities]}


def surprise(label: str, probability: float) -> Surprise:
    """Return how wrong it was to give this probability to what came."""
    return {
        "label": label,
        "probability": probability,
        "loss": -math.log(probability) if probability else math.inf,
        "choices": 1 / probability if probability else math.inf,
    }
