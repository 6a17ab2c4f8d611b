"""The ways to train the same network: where each runs, and how it is told to."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from playwright.sync_api import Browser, Page

import build
import rnn_pkg
from rnn_pkg.engine.optimizers import BETAS
from tests.bench import speed
from tests.pyodide import run_further, run_in_pyodide, serve
from web.runtime.make import pyodide_version
from web.tools.server import serve_in_thread
from web.tools.steps import BuildError, install_libraries

TFJS = Path(__file__).parent / "tfjs"

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

TFJS_NAMES = ("tfjs", "tfjs-tuned")
"""TensorFlow.js as its users write it, and with gradients written by hand."""

NAMES = (*TFJS_NAMES, "numpy", "simd", "native", "torch")
"""TensorFlow.js and our two engines in the page; our engine and PyTorch natively."""

TUTORIAL_NAMES = ("numpy", "native")
"""The ways that can train the tutorial's class."""

PEERS_CELLS = ("rnn", "lstm", "gru")
"""The cells that TensorFlow.js and PyTorch have, too."""

OWN_NAMES = ("numpy", "simd", "native")
"""The ways that can train any other cell."""


def names_for(cell: str) -> tuple[str, ...]:
    """The ways that can train this cell, or "tutorial", the tutorial's class."""
    if cell == "tutorial":
        return TUTORIAL_NAMES
    return NAMES if cell in PEERS_CELLS else OWN_NAMES


@dataclass(frozen=True)
class Work:
    """A network to train, and how much text a step reads."""

    cell: str  # one of the engine's, or "tutorial"
    hidden_size: int
    batch_size: int
    sequence_length: int


class Way(Protocol):
    def begin(self, work: Work) -> list[float]:
        """Begin a training from the weights that all ways begin from; return its first losses."""

    def run(self, seconds: float) -> float:
        """Train on for so many seconds, but at least one step; return the steps per second."""


class InPage:
    """The engine in the page's Python."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def begin(self, work: Work) -> list[float]:
        losses: list[float] = self._call(f"begin({self.name!r}, *{astuple(work)})")
        return losses

    def run(self, seconds: float) -> float:
        return float(self._call(f"run({self.name!r}, {seconds})"))

    def product_speed(self, seconds: float) -> float:
        """See speed.product_speed."""
        return float(self._call(f"product_speed({seconds})"))

    def _call(self, code: str) -> Any:
        return run_further(self.page, f"json.dumps({code})")


class Natively:
    """The engine or PyTorch in a process of its own."""

    def __init__(self, pool: ProcessPoolExecutor, name: str) -> None:
        self.pool, self.name = pool, name
        self.module = "tests.bench.torch_steps" if name == "torch" else speed.__name__

    def begin(self, work: Work) -> list[float]:
        losses: list[float] = self._call(self.module, "begin", self.name, *astuple(work))
        return losses

    def run(self, seconds: float) -> float:
        return float(self._call(speed.__name__, "run", self.name, seconds))

    def version(self) -> str:
        return str(self._call(self.module, "version"))

    def _call(self, *call: Any) -> Any:
        return self.pool.submit(call_in_module, *call).result()


def call_in_module(module: str, function: str, *arguments: Any) -> Any:
    return getattr(importlib.import_module(module), function)(*arguments)


class Tfjs:
    """TensorFlow.js in a worker of a page, see tfjs/worker.js."""

    def __init__(self, browser: Browser, name: str = "tfjs") -> None:
        self.name = name
        install_libraries(TFJS)
        server = serve_in_thread({"/tfjs/": TFJS})
        page = browser.new_page()
        with page.expect_worker() as worker:
            page.goto(f"http://127.0.0.1:{server.server_port}/tfjs/")
        self.worker = worker.value
        self.version = str(self.worker.evaluate("() => ready"))

    def begin(self, work: Work) -> list[float]:
        trainer = speed.trainer(*astuple(work))
        return self.begin_like(trainer, [trainer.config.learning_rate], speed.WARM_UP_STEPS)

    def begin_like(
        self,
        trainer: rnn_pkg.Trainer,
        rates: list[float],
        warm_up_steps: int = 0,
        betas: tuple[float, float] = BETAS,
        hidden_rate: float | None = None,
    ) -> list[float]:
        """Begin the training that this trainer, of one layer, is about to begin.

        Args:
            rates: the learning rate of each step; the last stays.
            betas: how much Adam keeps of its two running means.
            hidden_rate: None takes that of the trainer's settings.
        """
        config = trainer.config
        if (
            config.layers > 1
            or config.dropout
            or config.input_dropout
            or config.optimizer != "adam"
        ):
            raise BuildError("TensorFlow.js is told how to train one layer with Adam only.")
        parameters = {
            name: {"shape": value.T.shape, "values": to_base64(value.T)}
            for name, value in trainer.model.parameters.items()
        }
        task = {
            "cell": config.cell,
            "batch": config.batch_size,
            "sequence": config.sequence_length,
            "clip": config.clip,
            "rates": to_base64(np.asarray(rates, "<f4")),
            "hiddenRate": config.hidden_rate if hidden_rate is None else hidden_rate,
            "betas": betas,
            "ids": to_base64(trainer.training_ids.astype("<i4")),
            "parameters": parameters,
        }
        losses: list[float] = self.worker.evaluate(
            "call => begin(...call)", [self.name, task, warm_up_steps]
        )
        return losses

    def run(self, seconds: float) -> float:
        done = self.advance(seconds)
        return float(done["steps"] / done["seconds"])

    def advance(self, seconds: float) -> dict[str, float]:
        """Train for so many seconds; return the steps that were done, and the seconds it took."""
        done: dict[str, float] = self.worker.evaluate("seconds => run(seconds)", seconds)
        return done

    def copy_parameters(self, trainer: rnn_pkg.Trainer) -> None:
        """Put the weights learned so far into a trainer of the same shape."""
        learned = self.worker.evaluate("() => parameters()")
        for name, parameter in trainer.model.parameters.items():
            values = np.frombuffer(base64.b64decode(learned[name]), "<f4")
            parameter[...] = values.reshape(parameter.T.shape).T


def to_base64(array: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


@contextmanager
def started(browser: Browser, names: list[str]) -> Iterator[tuple[dict[str, Way], dict[str, Any]]]:
    """The ways of these names, ready to begin, and the versions of what they run on.

    PyTorch is left out where it is not installed.
    """
    ways: dict[str, Way] = {}
    versions: dict[str, Any] = {
        "browser": browser.version,
        "pyodide": pyodide_version(),
        "numpy": np.__version__,
        "tfjs": None,
        "torch": None,
    }
    if {"numpy", "simd"} & set(names):
        page = browser.new_page()
        source = Path(speed.__file__).read_text("utf-8")
        code = f"{source}\nimport json\njson.dumps(sorted(KERNELS))"
        if not run_in_pyodide(page, serve(), code, kernels=build.KERNEL_MODULES):
            raise BuildError("The SIMD kernels do not run in this browser.")
    with ExitStack() as stack:
        for name in names:
            if name in TFJS_NAMES:
                ways[name] = tfjs = Tfjs(browser, name)
                versions["tfjs"] = tfjs.version
            elif name in ("numpy", "simd"):
                ways[name] = InPage(page, name)
            elif name == "native" or importlib.util.find_spec("torch"):
                ways[name] = native = Natively(stack.enter_context(one_thread()), name)
                if name == "torch":
                    versions[name] = native.version()
        yield ways, versions


def one_thread() -> ProcessPoolExecutor:
    """A process in which products run on one thread."""
    os.environ |= dict.fromkeys(ONE_THREAD, "1")  # read when NumPy or PyTorch is loaded there
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
