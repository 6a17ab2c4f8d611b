"""Learning that goes wrong: the run goes back, halves its rate, and goes on or waits."""

import io
import math

import numpy as np
import pytest

from rnn_pkg import Config, Series, Trainer
from rnn_pkg.training.rescue import LASTING, SNAPSHOT_EVERY, Rescuer

SMALL = {"hidden_size": 8, "dropout": 0, "input_dropout": 0, "learning_rate": 0.01}

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 6


def make(**settings):
    return Trainer(RHYME, Config.for_text(RHYME, **(SMALL | settings)))


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def steps(rescuer, number):
    for _ in range(number):
        assert rescuer.step() is None


@pytest.mark.native
def test_a_good_run_is_left_alone():
    alone, watched = make(), make()
    alone.train(steps=150)
    steps(Rescuer(watched), 150)
    assert saved(watched) == saved(alone)


@pytest.mark.native
@pytest.mark.parametrize(("batch", "sequence"), [(1, 1), (1, 2), (2, 2)])
def test_bad_luck_with_few_characters_is_no_fault(batch, sequence):
    text = "".join(f"{n} bottles, {n * n} walls; {n % 7}\n" for n in range(300))
    config = Config.for_text(text, hidden_size=32, batch_size=batch, sequence_length=sequence)
    rescuer = Rescuer(Trainer(text, config))
    steps(rescuer, 1500)


def test_a_state_that_was_broken_when_it_was_kept_is_not_gone_back_to():
    trainer = make()
    rescuer = Rescuer(trainer)
    steps(rescuer, SNAPSHOT_EVERY)
    trainer.model.parameters["decoder.weight"] *= 300
    assert rescuer.step().back_to == 0
    assert np.abs(trainer.model.parameters["decoder.weight"]).max() < 10


def test_a_snapshot_brings_everything_back_bit_for_bit():
    trainer = make(dropout=0.3, validation=0.0)  # what becomes of the best: see test_best.py
    trainer.train(steps=30)
    snapshot, before = trainer.snapshot(), saved(trainer)
    trainer.set_learning_rate(0.5)
    trainer.train(steps=40)
    assert saved(trainer) != before
    for _ in range(2):  # it isn't used up
        trainer.restore(snapshot)
        assert saved(trainer) == before
        trainer.train(steps=7)


@pytest.mark.native
@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_number_that_is_none_sends_the_run_back_with_half_the_rate():
    trainer, reference = make(validation=0.0), make(validation=0.0)
    rescuer = Rescuer(trainer)
    steps(rescuer, 2 * SNAPSHOT_EVERY + 20)
    trainer.model.parameters["decoder.bias"][0] = np.nan
    rescue = rescuer.step()
    assert rescue.step == 121
    assert rescue.back_to == trainer.steps == 50
    assert rescue.learning_rate == trainer.config.learning_rate == 0.005
    assert not rescue.gives_up
    assert "no longer a number" in rescue.message
    assert "back to step 50, and goes on with half the learning rate: 0.005." in rescue.message

    reference.train(steps=50)
    reference.set_learning_rate(0.005)
    assert saved(trainer) == saved(reference)
    assert trainer.rates == [(0, 0.01), (50, 0.005)]
    steps(rescuer, 100)


def test_a_loss_beyond_reason_sends_the_run_back():
    trainer = make()
    rescuer = Rescuer(trainer)
    steps(rescuer, 60)
    trainer.model.parameters["decoder.weight"] *= 300
    rescue = rescuer.step()
    assert "At step 61 the loss jumped to" in rescue.message
    assert trainer.steps == rescue.back_to == 0
    assert len(trainer.curve.step) == 0


@pytest.mark.native
@pytest.mark.filterwarnings("ignore:invalid value")
def make_series(**settings):
    series = Series(np.random.default_rng(2).normal(size=12))
    return Trainer(series, Config.for_series(series, **settings))


@pytest.mark.native
def test_a_series_known_by_heart_may_be_wrong_for_a_moment():
    trainer = make_series()
    rescuer, losses = Rescuer(trainer), []
    for _ in range(4500):
        assert rescuer.step() is None
        losses.append(trainer.metrics.train_loss)
    assert max(losses[1000:]) > 20 + max(trainer.task.blind_loss, np.median(losses[1000:]))


def test_a_series_that_stays_beyond_reason_is_sent_back():
    trainer = make_series()
    rescuer = Rescuer(trainer)
    steps(rescuer, 2 * SNAPSHOT_EVERY)
    before = trainer.config.learning_rate
    trainer.model.parameters["decoder.bias"][0] += 1e5
    steps(rescuer, LASTING - 1)
    rescue = rescuer.step()
    assert (rescue.step, rescue.back_to) == (2 * SNAPSHOT_EVERY + LASTING, 0)
    assert trainer.config.learning_rate == before / 2
    steps(rescuer, SNAPSHOT_EVERY)


def test_twice_in_a_row_it_gives_up_and_long_after_it_does_not():
    trainer = make()
    rescuer = Rescuer(trainer)

    def break_it():
        trainer.model.parameters["decoder.bias"][0] = np.inf
        return rescuer.step()

    assert not break_it().gives_up
    steps(rescuer, 10)
    again = break_it()
    assert again.gives_up
    assert "for the second time in a row, and waits" in again.message
    assert trainer.config.learning_rate == 0.0025
    steps(rescuer, 200)
    assert not break_it().gives_up


@pytest.mark.filterwarnings("ignore:invalid value")
def test_the_rate_never_leaves_its_range():
    trainer = make(learning_rate=1.5e-6)
    rescuer = Rescuer(trainer)
    trainer.model.parameters["decoder.bias"][0] = np.inf
    assert rescuer.step().learning_rate == 1e-6


@pytest.mark.native
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_rate_that_is_much_too_high_is_lowered_until_it_learns(optimizer):
    trainer = make(cell="gru", learning_rate=10.0, hidden_rate=1.0, optimizer=optimizer, clip=0.0)
    rescuer = Rescuer(trainer)
    rescues = [rescue for _ in range(600) if (rescue := rescuer.step())]
    assert [rescue.learning_rate for rescue in rescues] == [
        10.0 / 2**n for n in range(1, len(rescues) + 1)
    ]
    assert rescues
    assert trainer.metrics.smooth_loss < 1.0


def test_training_for_a_time_stops_at_a_rescue():
    trainer = make()
    rescuer = Rescuer(trainer)
    assert rescuer.train(0.05) is None
    assert trainer.steps > 0
    trainer.model.parameters["decoder.bias"][0] = np.nan
    assert rescuer.train(60).back_to == trainer.steps


@pytest.mark.native
def test_a_network_from_another_text_may_be_wrong_at_first():
    """What knows its own text by heart is sure of what comes next, and in another text wrong."""
    line = "abcdefghij" * 30
    first = Trainer(line, Config.for_text(line, hidden_size=32, learning_rate=0.02))
    first.train(steps=400)
    other = line[::-1]
    second = Trainer(other, Config.for_text(other, hidden_size=32), start_from=first)
    rescuer = Rescuer(second)
    assert rescuer.step() is None
    assert second.metrics.train_loss > 2 * math.log(10)
    assert all(rescuer.step() is None for _ in range(60))
    assert second.metrics.smooth_loss < 1
