"""How well a text is known after some time of training in the real page."""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, expect, sync_playwright

import rnn_pkg
from tests.bench.ways import Tfjs
from tests.browser import launch
from tests.page.parts import advanced, booted, button, field
from tests.pyodide import serve
from web.runtime.make import pyodide_version

FRACTIONS = (1 / 12, 1 / 4, 1 / 2, 1)
"""When it is asked, as parts of the whole time."""

TWELFTHS = tuple(part / 12 for part in range(1, 13))
"""The same, to tell when a text was known so and so well."""

USUAL_RATE, USUAL_BETAS = 5e-3, (0.9, 0.999)

MOST_STEPS = 20_000
"""After so many steps TensorFlow.js keeps its learning rate."""


def measure(
    file: Path, seconds: float, against_tfjs: bool, workers: Sequence[int] = ()
) -> dict[str, Any]:
    """Train the text of a file for so many seconds.

    Args:
        workers: with how many, one after another; none is with as many as the page chooses.

    Returns:
        The standings at each time, by who trained; and after how many seconds each knew the text
        as well as the first did in the end.
    """
    marks = [fraction * seconds for fraction in (TWELFTHS if workers else FRACTIONS)]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        versions = {"browser": browser.version, "pyodide": pyodide_version(), "tfjs": None}
        standings, known, goal = dict[str, list[dict[str, Any]]](), dict[str, float | None](), None
        for number in workers or (None,):
            name = "the page" if number is None else f"{number} worker{'s'[: number > 1]}"
            print(f"{name}: training {seconds:g} s ...", file=sys.stderr)
            times, models = train_in_page(browser, file, marks, Path(folder), number)
            trainers = [rnn_pkg.load(model) for model in models]
            standings[name] = [standing(t, s) for t, s in zip(trainers, times, strict=True)]
            goal = goal or standings[name][-1]["held_out_loss"]
            known[name] = seconds_to(goal, standings[name])
        if against_tfjs:
            tfjs = Tfjs(browser)
            versions["tfjs"] = tfjs.version
            for name, begin in {
                "TensorFlow.js": begin_as_usual,
                "begun as the page": begin_like,
            }.items():
                print(f"{name}: training {seconds:g} s ...", file=sys.stderr)
                standings[name] = train_by_tfjs(tfjs, begin, trainers[-1], marks)
        browser.close()
    return {"versions": versions, "standings": standings, "goal": goal, "seconds_to_goal": known}


def train_in_page(
    browser: Browser, file: Path, marks: list[float], folder: Path, workers: int | None = None
) -> tuple[list[float], list[Path]]:
    """Train a text with the page's own settings, and save the model at each mark on the way.

    Returns:
        The seconds since Train was pressed, and the model files.
    """
    times, models = [], []
    with booted(browser, serve()) as page:
        page.get_by_label("Open text file").set_input_files(file)
        expect(page.get_by_role("combobox", name="Example")).to_have_value("own")
        if workers is not None:
            text = file.read_text("utf-8-sig")
            described = f"{len(text):,} characters, "
            expect(page.get_by_text(described)).to_be_visible()  # then the boxes are filled
            advanced(page).click()
            suited = rnn_pkg.Config.for_text(text, workers=workers)
            field(page, "Workers").fill(str(workers))
            field(page, "Learning rate").fill(str(suited.learning_rate))
        button(page, "Train").click()
        start = time.perf_counter()
        for number, mark in enumerate(marks):
            page.wait_for_timeout(1000 * max(0, mark - (time.perf_counter() - start)))
            with page.expect_download() as download:
                button(page, "Save model").click()
                times.append(time.perf_counter() - start)
            models.append(folder / f"{number}.npz")
            download.value.save_as(models[-1])
    return times, models


def seconds_to(goal: float | None, standings: list[dict[str, Any]]) -> float | None:
    """When the held-out loss was as low as the goal, between two standings by interpolation; None
    if it never was."""
    before = None
    for now in standings:
        if goal is not None and now["held_out_loss"] <= goal:
            if before is None:
                return float(now["seconds"])
            losses, times = (
                [each[name] for each in (now, before)] for name in ("held_out_loss", "seconds")
            )
            return float(np.interp(goal, losses, times))
        before = now
    return None


def begin_as_usual(tfjs: Tfjs, trainer: rnn_pkg.Trainer) -> None:
    """Begin as TensorFlow.js does by itself: with the first weights of its layers (Glorot's, in the
    recurrence orthogonal, biases zero but for LSTM's forget gate), and its Adam's running means.
    Its rate of 1e-3 would be slow here, and all weights have the same."""
    rng, size = np.random.default_rng(0), trainer.config.hidden_size
    for name, value in trainer.model.parameters.items():
        if value.ndim == 1:
            value[...] = 0
        elif "weight_hh" in name:
            value[...] = np.linalg.qr(rng.normal(size=value.shape))[0]
        else:
            value[...] = rng.uniform(-1, 1, value.shape) * math.sqrt(6 / sum(value.shape))
    if trainer.config.cell == "lstm":
        trainer.model.parameters["rnn.bias_ih_l0"][size : 2 * size] = 1
    tfjs.begin_like(trainer, [USUAL_RATE], betas=USUAL_BETAS, hidden_rate=1.0)


def begin_like(tfjs: Tfjs, trainer: rnn_pkg.Trainer) -> None:
    """Begin with all that rnn_pkg's defaults know: first weights, falling rate, running means."""
    rates = [trainer.config.rate_at(step) for step in range(MOST_STEPS)]
    tfjs.begin_like(trainer, rates)


def train_by_tfjs(
    tfjs: Tfjs,
    begin: Callable[[Tfjs, rnn_pkg.Trainer], None],
    like: rnn_pkg.Trainer,
    marks: list[float],
) -> list[dict[str, Any]]:
    """Train the network and text of this trainer; the standing at each mark. Only training is on
    the clock.

    The engine is judged by the best running mean of its weights; TensorFlow.js, which has neither
    that nor dropout, by the weights themselves.
    """
    plain = replace(like.config, average=0.0, dropout=0.0, input_dropout=0.0)
    trainer = rnn_pkg.Trainer(like.text, plain)
    begin(tfjs, trainer)
    batch = like.config.batch_size * like.config.sequence_length
    standings, steps, seconds = [], 0.0, 0.0
    for mark in marks:
        done = tfjs.advance(max(0, mark - seconds))
        steps, seconds = steps + done["steps"], seconds + done["seconds"]
        tfjs.copy_parameters(trainer)
        standings.append(figures(trainer, seconds, int(steps), int(steps) * batch))
    return standings


def standing(trainer: rnn_pkg.Trainer, seconds: float) -> dict[str, Any]:
    metrics = trainer.metrics
    steps, characters = (metrics.step, metrics.chars_seen) if metrics else (0, 0)
    return figures(trainer, seconds, steps, characters)


def figures(
    trainer: rnn_pkg.Trainer, seconds: float, steps: int, characters: int
) -> dict[str, Any]:
    """How a training stands: the loss of what writes, over the whole held-out part."""
    return {
        "seconds": seconds,
        "held_out_loss": trainer.evaluate(network=trainer.best),
        "steps": steps,
        "characters": characters,
        "characters_per_second": characters / seconds,
    }
