"""Networks that learn at once: averaged as said, resumed and done again to the bit, by anybody."""

import io
import os
import signal

import numpy as np
import pytest

from rnn_pkg import Config, Trainer, load
from rnn_pkg.config import AVERAGED_EVERY
from rnn_pkg.training.rescue import Rescuer
from rnn_pkg.training.trainer import TrainingError
from rnn_pkg.training.workers import Workers
from tests.unit.tab import in_a_tab_only

TEXT = "the cat sat on the mat, and the dog ran after the cat. " * 60
SMALL = {
    "hidden_size": 8,
    "batch_size": 4,
    "sequence_length": 8,
    "evaluate_every": 20,
    "dropout": 0.2,
    "input_dropout": 0.1,
}


def make(workers: int = 3, **settings) -> Trainer:
    return Trainer(TEXT, Config(workers=workers, **(SMALL | settings)))


def saved(trainer: Trainer) -> bytes:
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def test_a_round_ends_with_the_mean_of_what_each_has_learned():
    """Each of the two, alone, on its own half of the readers: their mean is what the run has."""
    settings = {"dropout": 0.0, "input_dropout": 0.0, "average": 0.0, "optimizer": "sgd"}
    trainer = make(2, **settings)
    alone = [make(1, batch_size=8, **settings) for _ in range(2)]
    for number, single in enumerate(alone):
        own = slice(4 * number, 4 * number + 4)
        state = None
        for step in range(AVERAGED_EVERY):
            inputs, targets = (ids[:, own] for ids in single.streams.next())
            _, gradients, state = single.model.loss_and_gradients(inputs, targets, state)
            rate = single.config.rate_at(step)
            for name, parameter in single.model.parameters.items():
                parameter -= rate * gradients[name]
    trainer.train(steps=AVERAGED_EVERY)
    for name, parameter in trainer.model.parameters.items():
        first, second = (single.model.parameters[name] for single in alone)
        np.testing.assert_allclose(parameter, (first + second) / 2, rtol=1e-4, atol=1e-6)


def test_the_optimizers_memory_and_the_running_mean_are_averaged_too():
    trainer = make(3)
    trainer.train(steps=AVERAGED_EVERY - 1)
    lessons = trainer.teach(1)
    arrays = [
        {name: array.copy() for name, array in lesson.handover.arrays.items()} for lesson in lessons
    ]
    list(trainer.record(lessons))
    for name, array in trainer.arrays().items():
        parts = [each[name] for each in arrays]
        expected = np.concatenate(parts) if name.startswith("state/") else np.mean(parts, axis=0)
        np.testing.assert_allclose(array, expected, rtol=1e-5, atol=1e-8, err_msg=name)
    kinds = {name.split("/")[0] for name in trainer.arrays()}
    assert kinds == {"parameters", "average", "optimizer", "state"}


def test_each_reads_places_of_its_own_and_all_are_counted():
    trainer = make(3)
    trainer.step()
    config = trainer.config
    assert trainer.chars_seen == 3 * config.batch_size * config.sequence_length
    places = [trainer.in_turn.learner(number).streams.peek()[0] for number in range(3)]
    np.testing.assert_array_equal(np.concatenate(places, axis=1)[0], first_read_at_step(trainer, 1))


def first_read_at_step(trainer: Trainer, step: int) -> np.ndarray:
    readers, length = 3 * trainer.config.batch_size, trainer.config.sequence_length
    ids = trainer.training_ids
    starts = np.arange(readers) * len(ids) // readers + step * length
    return ids[starts % len(ids)]


@pytest.mark.native
def test_the_held_out_part_is_tried_where_there_is_one_network():
    trainer = make(2, evaluate_every=20)
    measured = {}
    for _ in range(100):
        metrics = trainer.step()
        if metrics.validation_loss not in measured.values():
            measured[metrics.step] = metrics.validation_loss
    assert set(measured) == {1, 32, 64, 96}
    assert measured[1] is None
    best = trainer.metrics.best_step
    assert best in (32, 64, 96)
    assert trainer.in_vain == (96 - best) // 32


@pytest.mark.parametrize("step", in_a_tab_only(17, [1, 15, 16, 17, 40]))
def test_a_saved_run_goes_on_bit_for_bit_from_anywhere_in_a_round(step):
    whole, first = make(), make()
    whole.train(steps=60)
    first.train(steps=step)
    second = load(io.BytesIO(saved(first)))
    assert saved(second) == saved(first)
    second.train(steps=60 - step)
    assert saved(second) == saved(whole)


@pytest.mark.native
def test_a_rate_changed_within_a_round_is_changed_there_again():
    """What is done again after loading is done at the rates of then."""
    whole, first = make(), make()
    for trainer in (whole, first):
        trainer.train(steps=20)
        trainer.set_learning_rate(0.001)
        trainer.train(steps=3)
    second = load(io.BytesIO(saved(first)))
    for trainer in (whole, second):
        trainer.train(steps=20)
    assert saved(second) == saved(whole)


@pytest.mark.native
def test_it_matters_not_how_many_steps_are_asked_for_at_once():
    one_by_one, at_once = make(), make()
    one_by_one.train(steps=40)
    for steps in (5, 11, 100, 8):
        list(at_once.record(at_once.teach(steps)))
    assert at_once.steps == 5 + 11 + 16 + 8
    assert saved(at_once) == saved(one_by_one)


@pytest.mark.native
def test_a_step_that_nothing_can_be_learned_from_leaves_the_run_as_it_was():
    trainer = make()
    trainer.train(steps=20)
    before = saved(trainer)
    trainer.in_turn.learner(1).model.parameters["decoder.bias"][0] = np.nan
    with pytest.raises(TrainingError, match="at step 21"):
        trainer.step()
    assert saved(trainer) == before
    whole = make()
    whole.train(steps=40)
    trainer = load(io.BytesIO(before))
    trainer.train(steps=20)
    assert saved(trainer) == saved(whole)


@pytest.mark.native
def test_a_rescue_goes_back_into_a_round():
    trainer = make()
    rescuer = Rescuer(trainer)
    while trainer.steps < 120:
        assert rescuer.step() is None
    trainer.in_turn.learner(2).model.parameters["decoder.bias"][0] = np.inf
    with np.errstate(invalid="ignore"):
        rescue = rescuer.step()
    assert rescue is not None
    assert (rescue.step, rescue.back_to, trainer.steps) == (121, 50, 50)
    while trainer.steps < 70:
        assert rescuer.step() is None
    again = make()
    again.train(steps=50)
    again.set_learning_rate(rescue.learning_rate)
    again.train(steps=20)
    for name, array in again.arrays().items():
        np.testing.assert_array_equal(trainer.arrays()[name], array)


def test_more_networks_than_places_to_read_are_refused_nothing():
    trainer = Trainer("abcdefghij" * 3, Config(workers=8, **SMALL))
    assert np.isfinite(trainer.train(steps=20).train_loss)


@pytest.mark.parametrize("workers", [0, 9, 1.5, "two"])
def test_a_number_of_workers_that_is_none_is_refused(workers):
    with pytest.raises(ValueError, match="workers must be"):
        Config(workers=workers)


def test_the_text_is_shared_out_among_the_workers():
    assert Config.for_text("one and two " * 40, workers=4).batch_size < 16


@pytest.mark.native
def test_processes_learn_the_same_bit_for_bit():
    in_turn, at_once = make(), make()
    in_turn.train(steps=40)
    with Workers(at_once):
        at_once.train(steps=25)
        at_once.train(steps=15)
    assert saved(at_once) == saved(in_turn)
    for trainer in (in_turn, at_once):  # and go on without
        trainer.train(steps=5)
    assert saved(at_once) == saved(in_turn)


@pytest.mark.native
def test_a_process_that_is_killed_costs_no_number():
    whole, trainer, told = make(), make(), []
    whole.train(steps=60)
    with Workers(trainer, told.append) as workers:
        trainer.train(steps=21)
        os.kill(workers.process_ids[1], signal.SIGKILL)
        trainer.train(steps=39)
    assert saved(trainer) == saved(whole)
    (message,) = told
    assert message.startswith("Worker 2 has ended too soon. Nothing is lost")


@pytest.mark.native
def test_an_answer_that_nobody_waited_for_is_in_nobodys_way():
    """It is of more than fits into the pipe, so whoever sends it waits until it is read."""

    def give_up(message):
        raise InterruptedError(message)

    whole, trainer = make(hidden_size=64), make(hidden_size=64)
    whole.train(steps=48)
    with Workers(trainer, give_up) as workers:
        trainer.train(steps=16)
        os.kill(workers.process_ids[0], signal.SIGKILL)
        with pytest.raises(InterruptedError):
            trainer.train(steps=16)
        trainer.train(steps=32)
    assert saved(trainer) == saved(whole)


@pytest.mark.native
@pytest.mark.parametrize("size", [1, 6])
def test_a_batch_size_that_is_changed_is_that_of_the_processes_too(size):
    whole, trainer = make(), make()
    with Workers(trainer) as workers:
        for each in (whole, trainer):
            each.train(steps=16)
            each.set_batch_size(size)
            each.train(steps=20)
        assert len(workers.process_ids) == 3
    assert saved(trainer) == saved(whole)


@pytest.mark.native
def test_a_run_that_is_rescued_is_rescued_with_processes_too():
    trainer = make(learning_rate=0.01)
    with Workers(trainer):
        rescuer = Rescuer(trainer)
        while trainer.steps < 110:
            assert rescuer.step(16) is None
        trainer.model.parameters["decoder.bias"][0] = np.inf  # the next round begins with it
        while (rescue := rescuer.step(16)) is None:
            pass
        assert (rescue.step, trainer.steps) == (113, 50)
        assert rescuer.step(16) is None
        assert trainer.steps == 64


@pytest.mark.native
def test_a_single_network_needs_no_process():
    trainer = make(1)
    with Workers(trainer) as workers:
        trainer.train(steps=2)
        assert workers.process_ids == []
