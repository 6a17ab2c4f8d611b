"""The workers of a page: whoever does what, and whoever fails, the run has the same numbers."""

import io

import pytest

from rnn_pkg import load
from rnn_pkg.page.helper import Helper
from rnn_pkg.page.machine import ENOUGH_TO_SHARE
from rnn_pkg.page.session import Session
from tests.unit.tab import in_a_tab_only

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 20
SMALL = {
    "hidden_size": 8,
    "batch_size": 2,
    "sequence_length": 8,
    "evaluate_every": 20,
    "dropout": 0.2,
    "workers": 3,
}


class Page:
    """A session and its helpers, as web/team.js has them."""

    def __init__(self, helpers: int, settings=SMALL, text=RHYME):
        self.session = Session()
        self.helpers = [Helper() for _ in range(helpers)]
        self.places = [None] * helpers
        self.answers = []
        self.begin(settings, text)

    def ask(self, method, *arguments):
        answer = self.session.call("text", method, *arguments)
        assert answer.keys() == {"value"}, answer
        return answer["value"]

    def begin(self, settings=SMALL, text=RHYME):
        self.ask("begin", self.ask("describe", text)["text_id"], settings)

    def train(self, budget_ms=None, silent=()):
        """Train a slice; `silent` helpers learn, but their answers don't arrive."""
        if not self.ask("has_asked", budget_ms):
            self.send(self.ask("ask", budget_ms, self.places))
        self.ask("learn", len(self.answers))
        lessons = [None if n in silent else lesson for n, lesson in enumerate(self.answers)]
        self.answers = []
        return self.ask("take", lessons, budget_ms, self.places, self.send)

    def send(self, orders):
        """Have helpers follow; those who come later are asked the next time."""
        self.answers = []
        for number, order in enumerate(orders):
            lesson, self.places[number] = self.helpers[number].follow(order)
            self.answers.append(lesson)

    def to(self, step, budget_ms=None):
        while (progress := self.train(budget_ms))["step"] < step:
            pass
        return progress

    def saved(self):
        return self.ask("save")


def alone(steps):
    """The same run in one worker."""
    page = Page(0)
    for _ in range(steps):
        page.ask("step")
    return page


@pytest.mark.parametrize("helpers", in_a_tab_only(2, [1, 2, 4]))
def test_helpers_learn_what_one_learns_alone(helpers):
    page = Page(helpers)
    progress = page.to(40)
    assert progress["workers"] == 1 + min(helpers, 2)
    assert progress["notice"] is None
    assert page.saved() == alone(40).saved()


def test_slices_end_with_the_round():
    page, steps = Page(2), []
    page.train()
    while page.train(1e6)["step"] < 32:
        steps.append(page.ask("status")["progress"]["step"])
    assert steps == [16]


@pytest.mark.native
def test_a_helper_that_does_not_answer_is_done_without():
    page = Page(2)
    page.to(20)
    progress = page.train(silent=[1])
    assert progress["step"] == 21
    assert progress["workers"] == 2
    assert progress["notice"].startswith("A worker has fallen behind. Nothing is lost")
    assert page.to(40)["notice"] is None
    assert page.saved() == alone(40).saved()


@pytest.mark.native
def test_a_helper_that_has_ended_is_told_of_once():
    page = Page(2)
    page.to(20)
    page.ask("lose")
    page.helpers.pop()
    page.places.pop()
    assert page.train()["notice"].startswith("A worker has ended. Nothing is lost")
    assert page.to(40)["notice"] is None
    assert page.saved() == alone(40).saved()


@pytest.mark.native
def test_helpers_may_come_and_change_places_at_any_time():
    page = Page(0)
    page.to(5)
    page.helpers, page.places = [Helper()], [None]
    page.to(11)
    page.helpers.insert(0, Helper())
    page.places.insert(0, None)
    page.to(27)
    page.helpers.reverse()
    page.places.reverse()
    page.to(40)
    assert page.saved() == alone(40).saved()


@pytest.mark.native
def test_what_was_asked_for_ahead_is_taken_only_if_it_is_still_right():
    page, alone = Page(2), Page(0)
    for each in (page, alone):
        each.to(16, 1e6)
        each.ask("set_learning_rate", 0.003)
        assert each.to(32, 1e6)["learning_rate"] == 0.003
        assert each.train()["step"] == 33  # one step is wanted, though a round was asked for
        each.to(64, 1e6)
    assert page.saved() == alone.saved()


@pytest.mark.native
def test_a_helper_that_has_gone_on_at_an_old_rate_goes_back():
    page, alone = Page(2), Page(0)
    for each in (page, alone):
        each.to(16)  # from where helpers have been asked for one more step
        each.ask("set_learning_rate", 0.003)
        each.ask("step")  # without them
        each.to(40)
    assert page.saved() == alone.saved()


def test_helpers_are_asked_before_the_held_out_part_is_tried(monkeypatch):
    page = Page(2, SMALL | {"evaluate_every": 16})
    page.to(15)
    measured, send = [], page.send

    def look_and_send(orders):
        measured.append(page.ask("status")["progress"]["validation_loss"])
        send(orders)

    monkeypatch.setattr(page, "send", look_and_send)
    assert page.train()["validation_loss"] is not None
    assert measured == [None, None]  # of this step, which was the last of a round, and the next


def test_another_run_is_another_task():
    page = Page(2)
    page.to(3)
    page.begin(SMALL | {"seed": 1})
    page.to(10)
    other = Page(0, SMALL | {"seed": 1})
    other.to(10)
    assert page.saved() == other.saved()


@pytest.mark.native
def test_a_loaded_run_goes_on_in_the_middle_of_a_round():
    first, page = alone(21), Page(2)
    page.to(7)
    page.ask("load", first.saved())
    page.to(40)
    assert page.saved() == alone(40).saved()
    assert load(io.BytesIO(page.saved())).config.workers == 3


def test_a_rescue_reaches_the_helpers():
    unstable = {"cell": "gru", "optimizer": "sgd", "clip": 0.0, "learning_rate": 10.0, "dropout": 0}
    page, alone = Page(2, SMALL | unstable), Page(0, SMALL | unstable)
    for _ in range(60):
        together = page.train()
        in_turn = alone.ask("step")
        assert together["rescue"] == in_turn["rescue"]
        assert together["train_loss"] == in_turn["train_loss"]
        if together["rescue"]:
            return
    pytest.fail("it was never rescued")


def test_a_single_network_asks_for_nobody():
    page = Page(2, SMALL | {"workers": 1})
    progress = page.to(3)
    assert progress["workers"] == 1
    assert page.places == [None, None]


def test_the_default_is_what_the_machine_bears():
    text = "it was a dark and stormy night, and " * (ENOUGH_TO_SHARE // 30)
    for machine, workers in (((2, 8), 2), ((4, 2, True), 1), ((), 1)):
        description = Session(*machine).call("text", "describe", text)["value"]
        assert description["config"]["workers"] == workers
    assert Session(2, 8).call("text", "describe", RHYME)["value"]["config"]["workers"] == 1
