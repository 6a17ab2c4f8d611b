"""How well texts of several lengths are known after a while, beside what counting reaches."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import rnn_pkg
from rnn_pkg.look.ngrams import ngram_losses
from tests.bench.quality import train_in_page
from tests.browser import launch
from web.runtime.make import pyodide_version
from web.tools.steps import BuildError

LENGTHS = (4_000, 16_000, 64_000, 256_000)

Train = Callable[[str], rnn_pkg.Trainer]


def measure(file: Path, seconds: float, start: int, native: bool) -> dict[str, Any]:
    """Train pieces of a text's file, one after another, each for so many seconds.

    Args:
        file: of a text in UTF-8.
        seconds: for each piece.
        start: the character that all pieces begin with.
        native: train in this process rather than in the page.

    Returns:
        A row for each piece.
    """
    text = file.read_text("utf-8")[start:]
    pieces = [text[:length] for length in LENGTHS if length <= len(text)]
    if not pieces:
        raise BuildError(f"{file} has fewer than {LENGTHS[0]:,} characters from {start:,} on")
    if native:
        rows = [row(piece, natively(seconds)) for piece in pieces]
        return {"versions": {"browser": None, "pyodide": None, "tfjs": None}, "rows": rows}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        versions = {"browser": browser.version, "pyodide": pyodide_version(), "tfjs": None}

        def in_page(piece: str) -> rnn_pkg.Trainer:
            source = Path(folder, "piece.txt")
            source.write_text(piece, "utf-8")
            _, (model,) = train_in_page(browser, source, [seconds], Path(folder))
            return rnn_pkg.load(model)

        rows = [row(piece, in_page) for piece in pieces]
        browser.close()
    return {"versions": versions, "rows": rows}


def natively(seconds: float) -> Train:
    def train(piece: str) -> rnn_pkg.Trainer:
        trainer = rnn_pkg.Trainer(piece)
        trainer.train(seconds=seconds)
        unmeasured = trainer.config.measured_every - trainer.steps
        if unmeasured > 0:  # there must be a best to tell of, however slow the machine
            trainer.train(steps=unmeasured)
        return trainer

    return train


def row(piece: str, train: Train) -> dict[str, Any]:
    """Train a piece; return its losses on all of the held-out part, in nats per character.

    `lowest` alone is as it was measured during training, on at most EVALUATION_CHARACTERS.
    """
    print(f"{len(piece):,} characters ...", file=sys.stderr)
    trainer = train(piece)
    size, metrics = len(trainer.vocabulary), trainer.metrics
    counted = list(ngram_losses(trainer.training_ids, trainer.held_out_ids, size))
    return {
        "characters": len(piece),
        "ngram_loss": min(counted),
        "ngram_order": counted.index(min(counted)) + 1,
        "lowest": metrics and metrics.best_loss,
        "lowest_step": metrics and metrics.best_step,
        "writes": trainer.evaluate(network=trainer.best),
        "latest": trainer.evaluate(),
        "steps": trainer.steps,
        "characters_seen": trainer.chars_seen,
    }
