"""One run in the page's engine, in NumPy natively and in PyTorch: how fast, and what it learns."""

from __future__ import annotations

import base64
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import build
import rnn_pkg
from tests.browser import launch
from tests.pyodide import run_in_pyodide, serve
from tests.torch.processes import torchrun
from web.runtime.make import pyodide_version
from web.tools.steps import BuildError, install_tools, run

STEPS = 300
START, END = "start.npz", "end.npz"

IN_PAGE = """
import base64, io, json, time, rnn_pkg
trainer = rnn_pkg.load({start!r})
begun = time.perf_counter()
trainer.train(steps={steps})
seconds = time.perf_counter() - begun
file = io.BytesIO()
trainer.save(file)
json.dumps([seconds, base64.b64encode(file.getvalue()).decode()])
"""


def measure(file: Path, sizes: list[int]) -> dict[str, Any]:
    """Train a text by each, from the same weights.

    Args:
        file: of a text in UTF-8.
        sizes: numbers of hidden units.

    Returns:
        A row for each size and each who trains.
    """
    install_tools("torch")
    text = file.read_text("utf-8")
    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        for size in sizes:
            begun = rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=size))
            begun.save(Path(folder, START))
            for name, seconds, trainer in each(begun, browser, Path(folder)):
                print(f"{size} units, {name}: {seconds:.1f} s", file=sys.stderr)
                rows.append(
                    {
                        "hidden_size": size,
                        "name": name,
                        "steps": trainer.steps,
                        "characters_per_second": trainer.chars_seen / seconds,
                        "held_out_loss": trainer.evaluate(),
                    }
                )
        versions = {"browser": browser.version, "pyodide": pyodide_version(), "tfjs": None}
        browser.close()
    version = run([sys.executable, "-c", "import torch; print(torch.__version__)"], "PyTorch")
    return {"versions": versions | {"torch": version.strip()}, "rows": rows}


def each(begun: rnn_pkg.Trainer, browser: Browser, folder: Path) -> Any:
    """Yield who trains, the seconds that it takes, and the run then."""
    yield "the page's engine", *in_page(browser, folder)
    start = time.perf_counter()
    begun.train(steps=STEPS)
    yield "NumPy", time.perf_counter() - start, begun
    for processes in (1, 2):
        name = f"PyTorch, {processes} process{'es'[: 2 * (processes > 1)]}"
        yield name, *in_torch(processes, "cpu", folder)
    for processes in range(1, gpus() + 1):
        yield f"PyTorch, GPUs: {processes}", *in_torch(processes, "cuda", folder)


def in_page(browser: Browser, folder: Path) -> tuple[float, rnn_pkg.Trainer]:
    """Train by the package on the page's NumPy and kernels."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.write(folder / START, START)
    with browser.new_context() as context:
        seconds, saved = run_in_pyodide(
            context.new_page(), serve(), IN_PAGE.format(start=START, steps=STEPS),
            files=archive.getvalue(), kernels=build.KERNEL_MODULES,
        )  # fmt: skip
    return seconds, rnn_pkg.load(BytesIO(base64.b64decode(saved)))


def in_torch(processes: int, device: str, folder: Path) -> tuple[float, rnn_pkg.Trainer]:
    """Train by PyTorch, on one thread for each process."""
    options = ("--steps", STEPS, "--device", device, "--out", folder / END)
    done = torchrun(processes, folder / START, *options)
    if done.returncode:
        raise BuildError(f"PyTorch in {processes} processes: {done.stderr[-2000:]}")
    trainer = rnn_pkg.load(folder / END)
    return trainer.stays[-1].seconds, trainer


def gpus() -> int:
    """How many GPUs PyTorch finds."""
    code = "import torch; print(torch.cuda.device_count())"
    return int(run([sys.executable, "-c", code], "Looking for GPUs"))
