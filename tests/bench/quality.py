"""How well a text is known after some time of training in the real page."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

import build
import rnn_pkg
from tests.bench.ways import Tfjs
from tests.browser import launch
from tests.page.parts import SOON_MS, booted, button
from tests.pyodide import serve

FRACTIONS = (1 / 12, 1 / 4, 1 / 2, 1)
"""When it is asked, as parts of the whole time."""

MOST_STEPS = 20_000
"""After so many steps TensorFlow.js keeps its learning rate."""


def measure(file: Path, seconds: float, against_tfjs: bool) -> dict[str, Any]:
    """Train the text of a file for so many seconds.

    Returns:
        The standings at each time, by who trained.
    """
    marks = [fraction * seconds for fraction in FRACTIONS]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        versions = {"browser": browser.version, "pyodide": build.pyodide_version(), "tfjs": None}
        print(f"The page trains {seconds:g} s ...", file=sys.stderr)
        times, models = train_in_page(browser, file, marks, Path(folder))
        trainers = [rnn_pkg.load(model) for model in models]
        standings = {"the page": [standing(t, s) for t, s in zip(trainers, times, strict=True)]}
        if against_tfjs:
            tfjs = Tfjs(browser)
            versions["tfjs"] = tfjs.version
            print(f"TensorFlow.js trains {seconds:g} s ...", file=sys.stderr)
            standings["TensorFlow.js"] = train_by_tfjs(tfjs, trainers[-1], marks)
        browser.close()
    return {"versions": versions, "standings": standings}


def train_in_page(
    browser: Browser, file: Path, marks: list[float], folder: Path
) -> tuple[list[float], list[Path]]:
    """Train a text with the page's own settings, and save the model at each mark on the way.

    Returns:
        The seconds since Train was pressed, and the model files.
    """
    times, models = [], []
    with booted(browser, serve()) as page:
        page.get_by_label("Open text file").set_input_files(file)
        expect(page.get_by_role("combobox", name="Example")).to_have_value("own", timeout=SOON_MS)
        button(page, "Train").click()
        start = time.perf_counter()
        for number, mark in enumerate(marks):
            page.wait_for_timeout(1000 * max(0, mark - (time.perf_counter() - start)))
            with page.expect_download(timeout=SOON_MS) as download:
                button(page, "Save model").click()
                times.append(time.perf_counter() - start)
            models.append(folder / f"{number}.npz")
            download.value.save_as(models[-1])
    return times, models


def train_by_tfjs(tfjs: Tfjs, like: rnn_pkg.Trainer, marks: list[float]) -> list[dict[str, Any]]:
    """Train as this trainer began; the standing at each mark. Only training is on the clock.

    The engine is judged by the running mean of its weights, TensorFlow.js, which keeps none, by the
    weights themselves.
    """
    trainer = rnn_pkg.Trainer(like.text, replace(like.config, average=0.0))
    rates = [like.config.rate_at(step) for step in range(MOST_STEPS)]
    tfjs.begin_like(trainer, rates)
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
    """How a training stands, its held-out loss over the whole held-out part."""
    return {
        "seconds": seconds,
        "held_out_loss": trainer.evaluate(),
        "steps": steps,
        "characters": characters,
        "characters_per_second": characters / seconds,
    }
