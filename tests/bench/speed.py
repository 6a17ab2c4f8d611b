"""What is timed in Python: training steps, the tutorial's way and the engine's.

The same file runs natively and, unchanged, in the page's Python.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import cache

import numpy as np

import rnn_pkg
from rnn_pkg.engine import backend
from rnn_pkg.engine.linalg import dot

WARM_UP_STEPS = 2

KERNELS = backend.layers().get("kernels", {})
"""The SIMD kernels, in the page."""

WITH_KERNELS = ("simd", "product")
"""The ways that compute with them."""

PRODUCT = (512, 256, 512)
"""Sizes (m, k, n) that suit the kernels' product: larger ones are no faster."""

Step = Callable[[], float]
"""Trains one step and returns its loss."""

steps: dict[str, Step] = {}
"""What each way trains at present."""


@cache
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


def tutorial(text: str, hidden_size: int, sequence_length: int) -> Step:
    """The RNN class as the tutorial uses it: one sequence of one-hot columns after the other."""
    vocabulary = rnn_pkg.Vocabulary(text)
    size = len(vocabulary)
    ids = vocabulary.encode(text)
    one_hot = np.split(np.eye(size), size, axis=1)
    rnn = rnn_pkg.RNN(size, hidden_size, size, loss="cross_entropy", rng=np.random.default_rng(0))
    zeros = np.zeros((hidden_size, 1))
    learning_rate = 1e-3
    h = zeros
    start = 0

    def step() -> float:
        nonlocal h, start
        if start + sequence_length >= len(ids):
            h, start = zeros, 0
        piece = ids[start : start + sequence_length + 1]
        inputs = [one_hot[i] for i in piece[:-1]]
        targets = [one_hot[i] for i in piece[1:]]
        outputs, h_next = rnn.forward(inputs, h)
        gradients = rnn.backward(inputs, targets, h, zeros)
        for name, gradient in zip(("Wxh", "Whh", "Why", "bh", "by"), gradients, strict=True):
            setattr(rnn, name, getattr(rnn, name) - learning_rate * gradient)
        h, start = h_next, start + sequence_length
        return rnn.loss(outputs, targets) / sequence_length

    return step


def trainer(cell: str, hidden_size: int, batch_size: int, sequence_length: int) -> rnn_pkg.Trainer:
    """The engine, doing what its peers do: no averaging, and nothing held out to be tried."""
    config = rnn_pkg.Config(
        cell=cell,
        hidden_size=hidden_size,
        batch_size=batch_size,
        sequence_length=sequence_length,
        average=0.0,
        validation=0.0,
    )
    return rnn_pkg.Trainer(pseudo_english(), config)


def begin(
    way: str, cell: str, hidden_size: int, batch_size: int, sequence_length: int
) -> list[float]:
    """Begin a training and warm up.

    Args:
        way: "simd" computes with the kernels, any other with NumPy alone.
        cell: one of the engine's, or "tutorial".

    Returns:
        The losses of the first steps.
    """
    if cell == "tutorial":
        steps[way] = tutorial(pseudo_english(), hidden_size, sequence_length)
    else:
        engine = trainer(cell, hidden_size, batch_size, sequence_length)
        steps[way] = lambda: engine.step().train_loss
    return warm_up(way)


def warm_up(way: str) -> list[float]:
    install(way)
    return [steps[way]() for _ in range(WARM_UP_STEPS)]


def run(way: str, seconds: float) -> float:
    """Train for so many seconds, but at least one step; return the steps per second."""
    install(way)
    done, start = 0, time.perf_counter()
    while True:
        steps[way]()
        done += 1
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return done / elapsed


def product_speed(seconds: float) -> float:
    """Multiply two matrices again and again; return the floating-point operations per second."""
    m, k, n = PRODUCT
    rng = np.random.default_rng(0)
    a, b = rng.random((m, k), np.float32), rng.random((n, k), np.float32)
    steps["product"] = lambda: float(dot(a, b)[0, 0])
    return run("product", seconds) * 2 * m * k * n


def install(way: str) -> None:
    backend.put_on("kernels", KERNELS if way in WITH_KERNELS else {})
