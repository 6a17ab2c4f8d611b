"""Lesson 7: a step of learning, many steps, forward and back through what was recorded."""

import copy
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.engine.optimizers import clip_factor
from rnn_pkg.look.rehearsal import PARAMETERS, learn, learn_network, write
from rnn_pkg.page.describing import TUTORIAL_MEANINGS
from rnn_pkg.page.lessons import limits, tiny
from rnn_pkg.page.lessons.answers import Scene, TrainingLesson
from rnn_pkg.page.lessons.own import Frozen
from rnn_pkg.page.lessons.scene import Shown, Subject, scene, value
from rnn_pkg.page.lessons.tiny import GRADIENTS, zeros
from rnn_pkg.page.lessons.view import View

WORD_STEPS = (0, 5, 10, 20, 50, 100, 150, 200)
"""After so many steps of training it is told what the network writes."""


class Exercise(NamedTuple):
    """How is trained, and after how many steps one looks."""

    step: int
    rate: float
    clip: float

    @property
    def word_steps(self) -> list[int]:
        """At which steps, up to this one, it is told what the network writes."""
        return sorted({step for step in WORD_STEPS if step <= self.step} | {self.step})


def checked_exercise(step: int, rate: float, clip: float, steps: int) -> Exercise:
    """Return an exercise of so many steps; a ValueError says what its numbers may be."""
    return Exercise(
        checked_number("the training step", step, 0, steps, int),
        checked_number("the learning rate", rate, *limits.RATE, float),
        checked_number("clip", clip, *limits.CLIP, float),
    )


def tiny_training(word: str, seed: int, t: int, exercise: Exercise) -> TrainingLesson:
    """Return the lesson with the tiny network."""
    settings = (exercise.rate, exercise.clip)
    recorded = tiny.rehearsed(word, seed, *settings)
    with np.errstate(all="ignore"):  # by far too large a rate, numbers grow beyond all bounds
        network = tiny.learner(word, seed, exercise.step, *settings)
        _, length = learn(copy.deepcopy(network.rnn), network.x, network.target, zeros(), *settings)
        shown = network.shown(t, (*PARAMETERS, *GRADIENTS))
        weights = [
            (name, TUTORIAL_MEANINGS[name], shown[name], shown[f"d{name}"]) for name in PARAMETERS
        ]
        told = training_scene(network, t, exercise, length, weights)
    return {
        "scene": told,
        "training_step": exercise.step,
        "losses": recorded.losses,
        "lengths": recorded.lengths,
        "factor": clip_factor(length, exercise.clip),
        "words": [written(word, seed, step, *settings) for step in exercise.word_steps],
        "word_steps": exercise.word_steps,
        "taken_at": tiny.taken_at(word, seed),
    }


@lru_cache(maxsize=512)
def written(word: str, seed: int, step: int, rate: float, clip: float) -> str:
    """Return what the tiny network writes after the word's first character."""
    network = tiny.learner(word, seed, step, rate, clip)
    return write(network.rnn, network.characters, word[0], len(word) - 1)


def own_training(frozen: Frozen, units: list[int], t: int, exercise: Exercise) -> TrainingLesson:
    """Return the lesson with a copy of the person's own network, which learns what it reads by
    heart."""
    settings = (exercise.rate, exercise.clip)
    recorded = frozen.rehearsed(*settings)
    with np.errstate(all="ignore"):
        network, words = recorded.model(exercise.step), frozen.reader.words
        words += f"; a copy of it, after {exercise.step} further steps on this alone"
        reader = frozen.reader._replace(network=network, words=words)
        view = View(reader, units)
        shown = view.shown(t, ("W_hh", "dWhh"))
        weights = [("W_hh", "hidden to hidden", shown["W_hh"], shown["dWhh"])]
        _, length = learn_network(network.copy(), reader.ids, *settings)
        told = training_scene(view, t, exercise, length, weights)
    return {
        "scene": told,
        "training_step": exercise.step,
        "losses": recorded.losses,
        "lengths": recorded.lengths,
        "factor": clip_factor(length, exercise.clip),
        "words": [frozen.written(*settings, step) for step in exercise.word_steps],
        "word_steps": exercise.word_steps,
        "taken_at": 0,
    }


def training_scene(
    network: Subject,
    t: int,
    exercise: Exercise,
    length: float,
    weights: Iterable[tuple[str, str, Shown, Shown]],
) -> Scene:
    """Return the regions of the lesson.

    Args:
        network: as it is after so many steps.
        t: the time step.
        exercise: how it is trained.
        length: of the gradient.
        weights: the name of a parameter, what it is, its numbers, and those of its gradient.
    """
    others = {"rate": Shown(exercise.rate), "clip": Shown(exercise.clip), "|g|": Shown(length)}
    told = scene(network, "training", t, others)
    for name, meaning, numbers, gradient in weights:
        told["values"] += [
            value("w", meaning, t, numbers, name),
            value("g", f"gradient of {name}", t, gradient, f"d{name}"),
        ]
    return told
