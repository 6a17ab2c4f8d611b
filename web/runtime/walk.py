"""Uses everything that the page may ask of Python, each way at least once.

What is imported by the end is what the page needs of the standard library and of NumPy: trim.py
keeps that and leaves out the rest. A method or a job of the session that is not used here is an
error, so that nobody forgets a new one.
"""

import warnings
from typing import Any

import numpy as np

from rnn_pkg.config import AVERAGED_EVERY, settings
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.page import instruments, session, team
from rnn_pkg.page.helper import Helper
from rnn_pkg.page.session import Session

TEXT = "Ünder the “moon” a 🐟 swam,\n\tand nobody saw it but me.\n" * 12
SMALL = {
    "hidden_size": 4,
    "layers": 2,
    "sequence_length": 8,
    "batch_size": 4,
    "dropout": 0.1,
    "workers": 2,
}


class Walker:
    """A session, and what of it has been used."""

    def __init__(self) -> None:
        self.session = Session()
        self.used: set[str] = set()

    def ask(self, method: str, *arguments: Any) -> Any:
        """Return what a method answers; a refusal is an error here."""
        self.used.add(method)
        answer = self.session.call(method, *arguments)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["value"]

    def refused(self, method: str, *arguments: Any) -> None:
        """Make a mistake; an answer is an error here."""
        answer = self.session.call(method, *arguments)
        if "error" not in answer:
            raise RuntimeError(f"{method} took {arguments}")

    def describe(self, text: str) -> int:
        """Return by what number the session knows a text."""
        text_id: int = self.ask("describe", text)["text_id"]
        return text_id

    def begin(self, text: str, *arguments: Any) -> None:
        """Begin a run on a text."""
        self.ask("begin", self.describe(text), *arguments)

    def work(self, job: str, *arguments: Any) -> None:
        """Do a job to its end."""
        self.used.add(job)
        self.ask("start", job, *arguments)
        while not self.ask("advance", job, 40)["done"]:
            pass


def walk() -> None:
    """Use everything; raise RuntimeError if something fails, or was forgotten."""
    walker = Walker()
    for method in ("about", "fields"):
        walker.ask(method)
    for name, (_, setting) in settings("text").items():
        for choice in setting.choices or ():
            train_and_save(walker, {name: choice})
            if name == "cell":
                look_inside(walker, choice)
    make_mistakes(walker)
    walker.ask("discard")
    offered = {*session.METHODS, *team.METHODS, *instruments.METHODS, *instruments.JOBS}
    forgotten = offered - walker.used
    if forgotten:
        raise RuntimeError(f"walk.py does not use {', '.join(sorted(forgotten))}")


def train_and_save(walker: Walker, chosen: dict[str, str]) -> None:
    """Train, write, save and load."""
    walker.begin(TEXT, SMALL | chosen)
    walker.ask("step")
    walker.ask("train", 1)
    walker.ask("set_learning_rate", 0.02)
    for method in ("status", "curve", "summary"):
        walker.ask(method)
    help_each_other(walker)
    walker.ask("sample", 0.8)
    walker.ask("start_writing", "U\u0308nder €", 5, 0, 1.0, 1, True)
    walker.ask("continue_writing", "Under", 5, 0, 1.0, 1, True)
    walker.ask("write", 1, 0.8)
    walker.ask("stop_writing")
    walker.ask("script", "model.npz")
    walker.ask("load", walker.ask("save"))
    walker.begin(TEXT.upper(), SMALL | chosen, True)
    walker.ask("step")
    walker.ask("load", walker.ask("save"))


def help_each_other(walker: Walker) -> None:
    """Train a round with a further worker."""
    helper, place = Helper(), None
    for _ in range(AVERAGED_EVERY):
        walker.ask("has_asked", 1)
        (order,) = walker.ask("ask", 1, [place])
        walker.ask("learn", 1)
        lesson, place = helper.follow(order)
        walker.ask("take", [lesson], 1, [place], list)
    walker.ask("lose")


def look_inside(walker: Walker, cell: str) -> None:
    """Do every job on the run that there is, which is of this cell."""
    walker.ask("silence", [[0, 1]])
    walker.ask("write_with", False)
    walker.work("ngrams")
    walker.work("memory", "nobody saw it")
    walker.work("flow", 1.0)
    walker.work("check")
    walker.work("check_tutorial", "squared_error")
    walker.work("check_tutorial", "cross_entropy")
    for name in CELLS[cell].shows:
        walker.work("read", 0, name)
    walker.work("selectivity", 1)
    walker.work("compare_silenced", "Under", 0.8)


def make_mistakes(walker: Walker) -> None:
    """Meet what a person's mistakes and a program's faults bring forth: messages, a traceback."""
    model = walker.ask("save")
    walker.refused("begin", walker.describe("too short"), {})
    walker.refused("begin", walker.describe(TEXT), {"no such setting": 1})
    walker.refused("load", b"no model")
    walker.refused("load", model[:-100])
    walker.refused("load", model[:200] + bytes(100) + model[300:])
    walker.refused("no such method")
    walker.refused("train", "soon")
    warnings.warn("as NumPy does", RuntimeWarning, stacklevel=1)
    unstable = {"optimizer": "sgd", "clip": 0.0, "learning_rate": 10.0}
    walker.begin(TEXT, SMALL | unstable)
    for _ in range(50):
        walker.ask("step")
    try:
        _ = [np.empty(250_000_000) for _ in range(3)]  # more than WebAssembly can address
    except MemoryError as error:
        str(error)
