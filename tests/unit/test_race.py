"""Cells that race: with equal settings, measured alike, and judged by all of their seeds."""

import math
import re

import numpy as np
import pytest

from rnn_pkg import Config, Series, Trainer
from rnn_pkg.config import EVALUATION_CHARACTERS
from rnn_pkg.engine.written import EXAMPLES, example
from rnn_pkg.page.session import Session
from rnn_pkg.training.race import SEEDS, Mark, Race, Racer, Runner

pytestmark = pytest.mark.native  # autograd

TEXT = "Row, row, row your boat, gently down the stream. Merrily, merrily, life is a dream. " * 30
SMALL = {"hidden_size": 12, "batch_size": 4, "sequence_length": 8}
MINIMAL = example("minimal")


def finished(race):
    assert list(race.running())[-1] == 1.0
    return race


def test_each_run_is_what_a_trainer_of_these_settings_does():
    config = Config(cell="lstm", seed=2**32 - 2, workers=2, **SMALL)
    race = finished(Race(TEXT, config, {"own": MINIMAL, "gru": ""}, 30))
    own, gru = race.racers
    assert (own.label, gru.label) == ("Minimal gated unit", "GRU")
    ends = [race.steps_after(lap) for lap in range(21)]
    assert [mark.steps for mark in own.runners[0].marks] == ends
    assert ends == sorted(set(ends))
    assert ends[:2] == [0, 1]
    assert ends[-1] == 30
    for racer, chosen in ((own, {"cell": "own", "cell_source": MINIMAL}), (gru, {"cell": "gru"})):
        for number, runner in enumerate(racer.runners):
            seed = (config.seed + number) % 2**32
            alone = Trainer(TEXT, Config(**chosen, seed=seed, **SMALL))
            losses = [alone.evaluate(EVALUATION_CHARACTERS)]
            for mark in runner.marks[1:]:
                alone.train(steps=mark.steps - alone.steps)
                losses.append(alone.evaluate(EVALUATION_CHARACTERS))
            assert [mark.loss for mark in runner.marks] == list(np.minimum.accumulate(losses))
    assert race.at_equal_steps(own) == [runner.marks[-1].loss for runner in own.runners]


def test_all_have_the_time_that_the_first_cell_needed():
    race = finished(Race(TEXT, Config(**SMALL), {"own": MINIMAL, "rnn": ""}, 40))
    own, rnn = race.racers
    assert race.seconds == pytest.approx(sum(runner.seconds for runner in own.runners) / SEEDS)
    for runner in rnn.runners:  # which is many times as fast
        assert runner.trainer.steps > 40
        assert runner.seconds > race.seconds / 2
        assert runner.loss_at(40) in [mark.loss for mark in runner.marks if mark.steps == 40]
        assert runner.loss_within(race.seconds) <= runner.loss_at(40)
    assert all(runner.trainer.steps == 40 for runner in own.runners)


def test_a_race_may_be_short_and_without_a_held_out_part():
    config = Config(validation=0, **SMALL)
    race = finished(Race(TEXT, config, {"rnn": ""}, 3))
    assert not race.held_out
    assert race.laps == 3
    (racer,) = race.racers
    assert all(np.isfinite(mark.loss) for runner in racer.runners for mark in runner.marks)
    assert race.verdict("characters") == []  # with nobody to compare it with


def test_what_fails_only_when_it_is_measured_is_told_too():
    breaks = MINIMAL.replace("    (h,) = state", "    (h,) = state\n    1 / (len(x) == 4)")
    race = finished(Race(TEXT, Config(**SMALL), {"own": breaks, "rnn": ""}, 4))
    own, rnn = race.racers
    assert "ZeroDivisionError" in own.problem
    assert rnn.problem is None


def test_series_race_too():
    series = Series(np.sin(np.arange(200) / 3))
    race = finished(
        Race(series, Config.for_series(series, **SMALL), {"own": MINIMAL, "rnn": ""}, 20)
    )
    assert re.match(r"After [\d,]+ values each, ", race.verdict("values")[0])


def test_what_fails_is_told_and_comes_last():
    breaks = MINIMAL.replace("    (h,) = state", "    (h,) = state\n    1 / (len(x) != 4)")
    race = finished(Race(TEXT, Config(**SMALL), {"own": breaks, "rnn": ""}, 4))
    own, rnn = race.racers
    assert "line" in own.problem
    assert "ZeroDivisionError" in own.problem
    assert rnn.problem is None
    assert all(math.isinf(loss) for loss in race.at_equal_steps(own))
    assert "is worse than RNN" in race.verdict("characters")[0]


def planted(losses, later):
    """A race of which this came, at equal steps and, but for the first cell, at equal seconds."""
    race = object.__new__(Race)
    race.steps, race.laps, race.characters_a_step, race.seconds = 40, 1, 100, 2.0
    race.racers = [
        Racer(
            name,
            name,
            [
                Runner(None, [Mark(0, 0.0, 4.0), Mark(1, 1.0, loss), Mark(9, 2.0, then)])
                for loss, then in zip(losses[name], later.get(name, losses[name]), strict=True)
            ],
        )
        for name in losses
    ]
    return race


def test_the_verdict_is_about_all_seeds():
    losses = {"Mine": [1.0, 1.1, 1.2], "A": [1.3, 1.4, 1.5], "B": [0.7, 0.8, 0.9], "C": [1.2, 1, 1]}
    by_steps, by_seconds, meaning = planted(losses, {"A": [0.9, 0.9, 1.0]}).verdict("characters")
    assert by_steps == (
        "So far, after 100 characters each, Mine is better than A and worse than B; between Mine "
        "and C there is no difference that three seeds can show."
    )
    assert by_seconds == (
        "In the same time, 2\u00a0s, which tells too how fast each is computed here, Mine is worse "
        "than B; between Mine and A or C there is no difference that three seeds can show."
    )
    assert "one time in ten" in meaning
    even = planted({"Mine": [1, 2, 3], "A": [1, 2, 3]}, {}).verdict("values")
    assert len(even) == 2


def ask(session, method, *arguments):
    answer = session.call("cells", method, *arguments)
    assert answer.keys() == {"value"}, answer
    return answer["value"]


def test_the_page_may_judge_and_race():
    session = Session()
    examples = ask(session, "examples")
    assert [each["name"] for each in examples] == list(EXAMPLES)
    right = ask(session, "check_cell", MINIMAL)
    assert right["right"]
    assert right["stages"][-1] == "speed"
    assert right["hash"] == session.call("text", "source_hash", MINIMAL)["value"]
    assert all(each["error"] < 1e-6 for each in right["gradients"])
    wrong = ask(session, "check_cell", examples[-1]["source"])
    assert (wrong["right"], wrong["fault"]) == (False, "gradients")
    assert wrong["stages"][-1] == "purity"
    assert not all(each["right"] for each in wrong["gradients"])

    session.call("text", "describe", TEXT)
    so_far = ask(session, "start_race", "text", SMALL, MINIMAL, ["rnn", "gru"], 5)
    assert (so_far["fraction"], so_far["verdict"]) == (0.0, [])
    while not so_far["done"]:
        so_far = ask(session, "advance_race", 1)
        for racer in so_far["racers"]:
            for run in racer["runs"]:
                assert len(run["losses"]) == len(run["read"]) == len(run["seconds"])
    assert so_far["read"] == 5 * 4 * 8
    assert [racer["name"] for racer in so_far["racers"]] == ["own", "rnn", "gru"]
    for racer in so_far["racers"]:
        spread = racer["at_equal_steps"]
        assert spread["low"] <= spread["mean"] <= spread["high"]
        assert racer["speed"] > 0
    assert "After 160 characters each" in so_far["verdict"][0]
    assert ask(session, "advance_race", 1)["done"]


def test_a_race_that_can_not_be_is_refused():
    session = Session()
    none = session.call("cells", "advance_race", 1)
    assert none["error"]["message"] == "there is no race"
    for arguments, message in [
        (("text", SMALL, MINIMAL, [], 5), "the text is empty"),
        (("lessons", SMALL, MINIMAL, [], 5), "nothing is learned"),
    ]:
        assert message in session.call("cells", "start_race", *arguments)["error"]["message"]
    session.call("text", "describe", TEXT)
    refused = session.call("cells", "start_race", "text", SMALL, MINIMAL, [], 0)
    assert "steps must be" in refused["error"]["message"]
    large = {"hidden_size": 1024, "layers": 2}
    refused = session.call("cells", "start_race", "text", large, MINIMAL, ["lstm", "gru"], 5)
    assert "GB" in refused["error"]["message"]
