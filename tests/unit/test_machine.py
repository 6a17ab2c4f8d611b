"""How many workers help on which machine."""

import pytest

from rnn_pkg.page.machine import ENOUGH_TO_SHARE, MOST, Machine, workers_that_help

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


def test_a_short_text_is_for_one():
    machine = Machine(cores=8, memory=8)
    assert workers_that_help(ENOUGH_TO_SHARE - 1, machine) == 1
    assert workers_that_help(ENOUGH_TO_SHARE, machine) > 1
