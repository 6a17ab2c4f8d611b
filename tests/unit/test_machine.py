"""How many workers help on which machine."""

import pytest

from rnn_pkg.page.machine import (
    ENOUGH_TO_SHARE,
    MOST,
    Machine,
    helpers_that_fit,
    workers_that_help,
)
from rnn_pkg.page.session import Session

LONG = 1_000_000


@pytest.mark.parametrize(
    ("machine", "workers"),
    [
        (Machine(), 1),
        (Machine(cores=1, memory=8), 1),
        (Machine(cores=2, memory=8), 2),
        (Machine(cores=3, memory=8), 2),
        (Machine(cores=4, memory=8), 2),
        (Machine(cores=6, memory=8), 3),
        (Machine(cores=64, memory=64), MOST),
        (Machine(cores=8, memory=2), 1),
        (Machine(cores=8, memory=0.25), 1),
        (Machine(cores=8), 2),  # not every browser tells how much memory there is
        (Machine(cores=4, memory=2, phone=True), 1),
        (Machine(cores=8, phone=True), 1),
        (Machine(cores=2, memory=8, phone=True), 1),
        (Machine(cores=8, memory=8, phone=True), 4),
        (Machine(cores=6, memory=8, phone=True), 3),
    ],
)
def test_as_many_workers_as_the_machine_bears(machine, workers):
    assert workers_that_help(LONG, machine) == workers


def test_a_phone_never_gives_more_than_half_its_cores():
    for cores in range(1, 20):
        assert workers_that_help(LONG, Machine(cores, 64, phone=True)) <= max(1, cores // 2)


def test_no_more_helpers_than_the_memory_holds():
    size = 200_000_000
    assert helpers_that_fit(7, size, Machine(8, 8)) == 7
    assert helpers_that_fit(7, size, Machine(8, 2)) == 2
    assert helpers_that_fit(7, 3_000_000_000, Machine(8, 8)) == 0
    assert helpers_that_fit(0, size, Machine(8, 8)) == 0


def test_no_more_helpers_than_leave_a_phone_half_its_cores():
    for cores, helpers in ((1, 0), (2, 0), (3, 0), (4, 1), (8, 3)):
        assert helpers_that_fit(7, 10_000_000, Machine(cores, 8, phone=True)) == helpers
    assert helpers_that_fit(2, 10_000_000, Machine(2, 8)) == 2  # as somebody at a desk wants it


def test_a_run_is_told_how_many_help_it():
    text = "to be or not to be, " * 50
    for workers, helpers in ((1, 0), (3, 2), (8, 3)):
        session = Session(4, 2)
        text_id = session.call("text", "describe", text)["value"]["text_id"]
        status = session.call("text", "begin", text_id, {"hidden_size": 4, "workers": workers})[
            "value"
        ]
        assert status["helpers"] == helpers


def test_a_short_text_is_for_one():
    machine = Machine(cores=8, memory=8)
    assert workers_that_help(ENOUGH_TO_SHARE - 1, machine) == 1
    assert workers_that_help(ENOUGH_TO_SHARE, machine) > 1
