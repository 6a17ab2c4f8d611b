"""What the page is told at its start: what runs here, what can be set, and numbers it needs too."""

import platform
from typing import Literal

import numpy as np

import rnn_pkg
from rnn_pkg.config import Setting, settings
from rnn_pkg.engine import backend
from rnn_pkg.engine.cells import OWN
from rnn_pkg.page import answers
from rnn_pkg.page.instruments import RECURRENCE
from rnn_pkg.page.lessons import limits as lessons
from rnn_pkg.page.limits import PAGE_CHARACTERS, RACE_STEPS
from rnn_pkg.page.passages import CONTEXT, PASSAGE
from rnn_pkg.tasks.sampling import ALTERNATIVES
from rnn_pkg.training.forecasts import FARTHEST

LONGEST_PROMPT = 2000
"""A prompt's characters are all read and shown at once, each with what was expected."""

KINDS: dict[type, Literal["choice", "integer", "number"]] = {
    str: "choice",
    int: "integer",
    float: "number",
}

WRITING: answers.WritingFields = {
    "length": {
        "label": "Length",
        "kind": "integer",
        "minimum": 1,
        "maximum": 10_000,
        "optional": False,
    },
    "topK": {
        "label": "Top-k",
        "kind": "integer",
        "minimum": 0,
        "maximum": 10_000,
        "optional": False,
        "help": "Choose only among the k likeliest characters. 0: among all.",
    },
    "topP": {
        "label": "Top-p",
        "kind": "number",
        "minimum": 0.01,
        "maximum": 1,
        "optional": False,
        "help": "Choose only among the likeliest characters that together have the probability p. "
        "1: among all.",
    },
    "writingSeed": {
        "label": "Writing seed",
        "kind": "integer",
        "minimum": 0,
        "maximum": 2**32 - 1,
        "optional": True,
        "help": "The same network writes the same text with the same seed. Empty: a new text each "
        "time.",
    },
}


def about() -> answers.About:
    """Return the versions of what runs here, whether SIMD kernels help NumPy, and numbers."""
    return {
        "package": rnn_pkg.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "simd": "kernels" in backend.layers(),
        "numbers": {
            "text": PAGE_CHARACTERS,
            "prompt": LONGEST_PROMPT,
            "passage": PASSAGE,
            "context": CONTEXT,
            "alternatives": ALTERNATIVES,
            "horizon": FARTHEST,
            "recurrence": RECURRENCE,
            "race": RACE_STEPS,
            "lessons": lessons.NUMBERS,
        },
        "writing": WRITING,
    }


def fields(task: str) -> list[answers.Field]:
    """Return every hyperparameter of runs that learn a "text" or "numbers", with its label,
    meaning, default and range."""
    return [
        {
            "name": name,
            "label": setting.label,
            "kind": KINDS[type(default)],
            "default": default,
            "minimum": None if setting.choices else setting.minimum,
            "maximum": None if setting.choices else setting.maximum,
            "choices": _choices(name, setting),
            "help": setting.help,
            "live": setting.live,
            "idle_if": _idle(setting.idle_if),
        }
        for name, (default, setting) in settings(task).items()
    ]


def _choices(name: str, setting: Setting) -> dict[str, str] | None:
    if setting.choices is None:
        return None
    return {**setting.choices, OWN: "Your own"} if name == "cell" else dict(setting.choices)


def _idle(idle_if: tuple[str, str | float] | None) -> answers.Idle | None:
    if idle_if is None:
        return None
    name, value = idle_if
    return {"name": name, "value": value}
