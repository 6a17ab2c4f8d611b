"""What `build.py bench` times: training steps, the tutorial's way and the engine's.

The same file runs natively and, unchanged, in the page's Python.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import rnn_pkg
from rnn_pkg import backend

CELLS = ("rnn", "gru", "lstm")
HIDDEN_SIZE = 128
SEQUENCE_LENGTH = 32
BATCH_SIZE = 16

Step = Callable[[], int]
"""Trains once and returns how many characters it has read."""


def pseudo_english(length: int = 100_000) -> str:
    """Sentences of made-up words: 65 distinct characters, the same text each time."""
    rng = random.Random(0)
    syllables = [first + vowel for first in "bcdfghjklmnprstvwxyz" for vowel in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(2000)]
    text = ""
    while len(text) < length:
        for word in rng.choices(words, k=rng.randint(3, 12)):
            text += rng.choice([word, word, word, f"{word},", f"{word};", f"{word}'s", f"- {word}"])
            text += " "
        ending = rng.choice([".", "!", "?", f": {rng.randint(0, 99)}."])
        text += rng.choice(words).capitalize() + ending + rng.choice(" \n")
    return text[:length]


def tutorial(text: str) -> Step:
    """The RNN class as the tutorial uses it: one sequence of one-hot columns after the other."""
    vocabulary = rnn_pkg.Vocabulary(text)
    size = len(vocabulary)
    ids = vocabulary.encode(text)
    one_hot = np.split(np.eye(size), size, axis=1)
    rnn = rnn_pkg.RNN(size, HIDDEN_SIZE, size, loss="cross_entropy", rng=np.random.default_rng(0))
    zeros = np.zeros((HIDDEN_SIZE, 1))
    learning_rate = 1e-3
    h = zeros
    start = 0

    def step() -> int:
        nonlocal h, start
        if start + SEQUENCE_LENGTH >= len(ids):
            h, start = zeros, 0
        piece = ids[start : start + SEQUENCE_LENGTH + 1]
        inputs = [one_hot[i] for i in piece[:-1]]
        targets = [one_hot[i] for i in piece[1:]]
        _, h_next = rnn.forward(inputs, h)
        gradients = rnn.backward(inputs, targets, h, zeros)
        for name, gradient in zip(("Wxh", "Whh", "Why", "bh", "by"), gradients, strict=True):
            setattr(rnn, name, getattr(rnn, name) - learning_rate * gradient)
        h, start = h_next, start + SEQUENCE_LENGTH
        return SEQUENCE_LENGTH

    return step


def engine(text: str, cell: str) -> Step:
    """The batched engine and its default optimizer; nothing is held out, all time is training."""
    config = rnn_pkg.Config(
        cell=cell,
        hidden_size=HIDDEN_SIZE,
        sequence_length=SEQUENCE_LENGTH,
        batch_size=BATCH_SIZE,
        validation=0.0,
    )
    trainer = rnn_pkg.Trainer(text, config)

    def step() -> int:
        trainer.step()
        return SEQUENCE_LENGTH * BATCH_SIZE

    return step


def characters_per_second(step: Step, seconds: float) -> float:
    characters = 0
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        characters += step()
    return characters / elapsed


def measure(rounds: int, seconds: float) -> dict[str, float]:
    """Median characters per second of each way; they take turns, so that noise hits all alike.

    Where SIMD kernels are installed, the engine is measured with them and without.
    """
    text = pseudo_english()
    kernels = backend.installed()
    steps = {"tutorial": tutorial(text)}
    steps |= {cell: engine(text, cell) for cell in CELLS}
    functions: dict[str, dict[str, Callable[..., Any]]] = {name: {} for name in steps}
    if kernels:
        steps |= {f"{cell} simd": engine(text, cell) for cell in CELLS}
        functions |= {f"{cell} simd": kernels for cell in CELLS}
    speeds: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds + 1):
        for name, step in steps.items():
            backend.install(functions[name])
            speed = characters_per_second(step, seconds if turn else 0.1)
            if turn:  # the first only warms up
                speeds[name].append(speed)
    backend.install(kernels)
    return {name: statistics.median(measured) for name, measured in speeds.items()}
