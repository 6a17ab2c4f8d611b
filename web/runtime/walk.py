"""Uses everything that the page may ask of Python, each way at least once.

What is imported by the end is what the page needs of the standard library and of NumPy: trim.py
keeps that and leaves out the rest. A method or a job of the session that is not used here is an
error, so that nobody forgets a new one.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from rnn_pkg.config import AVERAGED_EVERY, settings
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.page import session, team
from rnn_pkg.page.helper import Helper
from rnn_pkg.page.instruments import jobs_of, methods_of, offered
from rnn_pkg.page.lessons.desk import LessonDesk
from rnn_pkg.page.numbersdesk import NumbersDesk
from rnn_pkg.page.seriesinstruments import SeriesInstruments
from rnn_pkg.page.session import Session
from rnn_pkg.page.textdesk import TextDesk
from rnn_pkg.tasks.generated import MADE
from rnn_pkg.training import ensemble

TEXT = "Ünder the “moon” a 🐟 swam,\n\tand nobody saw it but me.\n" * 12
TABLE = "month,price,sold\n" + "".join(
    f"{2000 + k // 12}-{k % 12 + 1:02},{100 + k + 9 * (k % 12 < 5)}.5,{'' if k == 7 else k % 5}\n"
    for k in range(96)
)
SMALL = {
    "hidden_size": 4,
    "layers": 2,
    "sequence_length": 8,
    "batch_size": 4,
    "dropout": 0.1,
    "workers": 2,
}


class Walker:
    """A session at one of the page's places, and what of it has been used."""

    def __init__(self, place: str, session: Session | None = None) -> None:
        self.place = place
        self.session = session or Session()
        self.used: set[str] = set()

    def ask(self, method: str, *arguments: Any) -> Any:
        """Return what a method answers; a refusal is an error here."""
        self.used.add(method)
        answer = self.session.call(self.place, method, *arguments)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["value"]

    def refused(self, method: str, *arguments: Any) -> None:
        """Make a mistake; an answer is an error here."""
        answer = self.session.call(self.place, method, *arguments)
        if "error" not in answer:
            raise RuntimeError(f"{method} took {arguments}")

    def describe(self, text: str) -> int:
        """Return by what number the session knows a text."""
        text_id: int = self.ask("describe", text)["text_id"]
        return text_id

    def begin(self, text: str, *arguments: Any) -> None:
        """Begin a run on a text."""
        self.ask("begin", self.describe(text), *arguments)

    def begin_series(self, text: str, choices: dict[str, str], values: dict[str, Any]) -> None:
        """Begin a run on the series of a table."""
        described = self.ask("describe_table", text, choices, None)
        self.ask("begin", described["text_id"], values)

    def work(self, job: str, *arguments: Any) -> None:
        """Do a job to its end."""
        self.used.add(job)
        self.ask("start", job, *arguments)
        while not self.ask("advance", job, 40)["done"]:
            pass


def walk() -> None:
    """Use everything; raise RuntimeError if something fails, or was forgotten."""
    texts, numbers = Walker("text"), Walker("numbers")
    lessons = Walker("lessons", texts.session)
    walk_texts(texts)
    walk_numbers(numbers)
    walk_lessons(lessons, texts)
    offered_there = {
        *(*session.METHODS, *team.METHODS, *offered(TextDesk), *offered(NumbersDesk)),
        *(*methods_of(SeriesInstruments), *jobs_of(SeriesInstruments), *offered(LessonDesk)),
    }
    forgotten = offered_there - texts.used - numbers.used - lessons.used
    if forgotten:
        raise RuntimeError(f"walk.py does not use {', '.join(sorted(forgotten))}")


def walk_cells() -> None:
    """Use all that there is for cells that somebody writes; what is imported only for these, the
    page loads later."""
    from rnn_pkg.page.celldesk import CellDesk

    cells = Walker("cells")
    texts, numbers = Walker("text", cells.session), Walker("numbers", cells.session)
    examples = {each["name"]: each["source"] for each in cells.ask("examples")}
    # A gradient that is found, one that is given, a wrong one: the other cells bring no more.
    for name in ("rnn", "lstm", "faulty"):
        cells.ask("check_cell", examples[name])
    for fault in ("def step(", "gate = 1", "gates = 'a'\ndef step(x, state, W):\n  return n.x(x)"):
        cells.ask("check_cell", fault)
    source = examples["rnn"]
    train_and_save(texts, {"cell": "own", "cell_source": source})
    look_inside(texts)
    help_each_other(texts)
    numbers.begin_series(TABLE, {"column": "price"}, {"cell": "own", "cell_source": source})
    numbers.ask("step")
    with few_steps():
        numbers.work("judge", 2, {"cell": "own", "cell_source": source, "season": 12})
    for place, unlike in (("text", SMALL), ("numbers", {"hidden_size": 2})):
        cells.ask("start_race", place, unlike, source, ["rnn"], 2)
        while not cells.ask("advance_race", 1)["done"]:
            pass
    forgotten = set(offered(CellDesk)) - cells.used
    if forgotten:
        raise RuntimeError(f"walk.py does not use {', '.join(sorted(forgotten))}")


def walk_texts(walker: Walker) -> None:
    """Use all that there is for texts."""
    for method in ("about", "fields"):
        walker.ask(method)
    walker.ask("source_hash", "of any text")
    for name, (_, setting) in settings("text").items():
        for choice in setting.choices or ():
            train_and_save(walker, {name: choice})
            if name == "cell":
                look_at_states(walker, choice)
    # Once: what these do is of no setting, and it takes a build longer than all of them together.
    write(walker)
    help_each_other(walker)
    look_inside(walker)
    make_mistakes(walker)
    walker.ask("discard")
    walker.describe(TABLE)  # which is for the other place


def walk_numbers(walker: Walker) -> None:
    """Use all that there is for series."""
    walker.ask("fields")
    for name in MADE:
        walker.ask("made_series", name)
    read_tables(walker)
    for name, (_, setting) in settings("numbers").items():
        if setting.task is None:
            continue  # a text has it, too
        for choice in setting.choices or ():
            train_a_series(walker, {name: choice})
    walker.work("flow", 1.0)
    walker.work("check")
    walker.work("under_curve", 0, "")
    walker.ask("silence", [[0, 1]])
    walker.ask("write_with", False)
    walker.ask("forecast", 3)
    walker.ask("script", "model.npz")
    walker.begin_series(TABLE, {"column": "price"}, {"hidden_size": 2})
    with few_steps():
        walker.work("judge", 2, {"hidden_size": 2, "season": 12})
    walker.ask("backtest_csv")
    make_mistakes_with_numbers(walker)


@contextmanager
def few_steps() -> Iterator[None]:
    """Have the networks that are judged learn for a moment only."""
    steps, ensemble.STEPS = ensemble.STEPS, 3
    try:
        yield
    finally:
        ensemble.STEPS = steps


def read_tables(walker: Walker) -> None:
    """Have tables of many kinds read, and asked about."""
    for text in (
        TABLE,  # which column?
        TABLE.replace(",", ";").replace(".", ","),
        "".join(f"{k % 7},{k % 10}\n" for k in range(30)),  # a decimal comma, or two columns?
        "".join(f"{k % 28 + 1}/{k // 28 + 1}/21;{k}\n" for k in range(90)),  # in which order?
        "".join(f"Jan {1990 + k} {k * k % 11}\n" for k in range(30)),
        "".join(f"{2000 + k // 4}Q{k % 4 + 1}\t$1,{k + 100}.5\n" for k in range(40)),
        "".join(f"2020-W{k + 1:02},{k}\n" for k in range(50)),
        "".join(f"2020-01-{k // 24 + 1:02}T{k % 24:02}:30:00.5+01:00,{k}\n" for k in range(99)),
        "\n".join([*"123456789", *["NA"] * 5, *"123456789876"]),  # which part?
        "# a comment\n" + '"a ""name""",\n' * 9,
        TEXT,
        "",
    ):
        walker.ask("describe_table", text, {}, None)
    walker.ask("describe_table", TABLE, {"column": "sold"}, 4)
    walker.refused("begin", walker.ask("describe_table", TABLE, {}, None)["text_id"], {})


def train_a_series(walker: Walker, chosen: dict[str, str]) -> None:
    """Train, forecast, save and load."""
    small = {"hidden_size": 4, "layers": 2, "dropout": 0.1, "season": 12}
    walker.begin_series(TABLE, {"column": "price"}, small | chosen)
    walker.ask("step")
    walker.ask("train", 1)
    walker.ask("set_learning_rate", 0.02)
    for method in ("status", "curve", "summary"):
        walker.ask(method)
    walker.ask("forecast", 14)
    model = walker.ask("save")
    walker.ask("task_in", model)
    walker.ask("load", model)


def make_mistakes_with_numbers(walker: Walker) -> None:
    """Meet what a person's mistakes bring forth."""
    walker.refused("describe_table", TABLE, "no choices")
    walker.refused("forecast", -1)
    walker.ask("start", "judge", 80, {})
    walker.refused("advance", "judge", 1)
    walker.ask("start", "ngrams")
    walker.refused("advance", "ngrams", 1)
    for text in ("1\n2\n3\n", TABLE.replace("2000-03", "March, 13"), TABLE.replace("100.5", "x")):
        walker.ask("describe_table", text, {"column": 2}, None)
    walker.ask("discard")


def walk_lessons(walker: Walker, texts: Walker) -> None:
    """Go through the lessons, with the tiny network and with one that has learned a text."""
    setting = {"word": "hello", "seed": 0, "own": False, "units": []}
    go_through_lessons(walker, setting)
    walker.refused("sequence", setting | {"word": "hippopotamus"}, 0)
    walker.refused("sequence", setting | {"own": True}, 0)
    texts.begin(TEXT, SMALL)
    go_through_lessons(walker, setting | {"own": True, "units": [3, 1]})
    walker.ask("leave")


def go_through_lessons(walker: Walker, setting: dict[str, Any]) -> None:
    """Ask for each lesson of a network."""
    walker.ask("sequence", setting, None)
    walker.ask("hidden", setting, 1, 1, 0.5)
    walker.ask("loss", setting, 1, 0.5)
    walker.ask("backward", setting, 1)
    walker.ask("shared", setting, 1, None)
    walker.ask("printed", setting, {}, None)
    walker.ask("printed", setting, {"outputs": "forward", "dWhy": "after", "slope": "after"}, 1)
    walker.ask("training", setting, 5, 1, 0.1, 1.0)
    walker.ask("training", setting, 5, 1, 100.0, 0.0)
    walker.ask("forgetting", setting, "lstm", 2.0, 0.9, 1.0)


def train_and_save(walker: Walker, chosen: dict[str, str]) -> None:
    """Train, save and load."""
    walker.begin(TEXT, SMALL | chosen)
    walker.ask("step")
    walker.ask("train", 1)
    walker.ask("set_learning_rate", 0.02)
    for method in ("status", "curve", "summary"):
        walker.ask(method)
    walker.ask("script", "model.npz")
    reopen(walker)
    walker.begin(TEXT.upper(), SMALL | chosen, True)
    walker.ask("step")
    reopen(walker)


def reopen(walker: Walker) -> None:
    """Save the run, and load it."""
    model = walker.ask("save")
    source = walker.ask("cell_source", model)
    walker.ask("set_up", model)
    agreed = [walker.ask("source_hash", source)] if source else []
    walker.ask("load", model, agreed)


def write(walker: Walker) -> None:
    """Have the network write, in each way."""
    walker.ask("sample", 0.8)
    walker.ask("start_writing", "U\u0308nder €", 5, 0, 1.0, 1, True)
    walker.ask("continue_writing", "Under", 5, 0, 1.0, 1, True)
    walker.ask("write", 1, 0.8)
    walker.ask("stop_writing")


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


def look_at_states(walker: Walker, cell: str) -> None:
    """Read all that the run shows, which is of this cell."""
    for name in CELLS[cell].shows:
        walker.work("read", 0, name)


def look_inside(walker: Walker) -> None:
    """Do every other job on the run that there is."""
    walker.ask("silence", [[0, 1]])
    walker.ask("write_with", False)
    walker.work("ngrams")
    walker.work("memory", "nobody saw it")
    walker.work("flow", 1.0)
    walker.work("check")
    walker.work("check_tutorial", "squared_error")
    walker.work("check_tutorial", "cross_entropy")
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
