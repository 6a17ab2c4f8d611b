"""The network that knew the held-out part best is kept, writes, and comes back from a file."""

import io

import numpy as np
import pytest

from rnn_pkg import Config, Trainer, load
from rnn_pkg.page.instruments import Instruments
from rnn_pkg.training.rescue import Rescuer

TEXT = "she sells sea shells by the sea shore, and he sold all of his in the town. " * 4


def make(**settings):
    small = {"hidden_size": 12, "sequence_length": 8, "batch_size": 4, "evaluate_every": 5}
    return Trainer(TEXT, Config(**(small | settings)))


def past_its_best(**settings):
    """A run that has got worse again, what its weights were at its best, and its loss then."""
    trainer = make(**settings)
    losses = {}
    for step in range(1, 400):
        trainer.step()
        if step % 5 == 0:
            losses[step] = trainer.evaluate(), trainer.averaged.copy().parameters
            best = min(losses, key=lambda step: losses[step][0])
            if step > best + 20:
                return trainer, best, *losses[best]
    raise AssertionError("it never got worse")


def assert_equal(parameters, others):
    assert parameters.keys() == others.keys()
    for name, value in parameters.items():
        np.testing.assert_array_equal(value, others[name])


@pytest.mark.native
@pytest.mark.parametrize("average", [0.1, 0.0])
def test_the_best_is_kept_and_writes(average):
    trainer, step, loss, weights = past_its_best(average=average, learning_rate=0.03)
    assert (trainer.metrics.best_step, trainer.metrics.best_loss) == (step, loss)
    assert_equal(trainer.best.parameters, weights)
    assert trainer.evaluate(network=trainer.best) == loss < trainer.evaluate()
    written = {
        network: trainer.sample("she ", 80, 1.5, seed=0, network=network)
        for network in (None, trainer.best, trainer.averaged)
    }
    assert written[None] == written[trainer.best] != written[trainer.averaged]
    expected = trainer.predictions("she sells")[-1].probability
    assert expected == trainer.reading("she sells", np.random.default_rng(), trainer.best)[1][-1][1]


@pytest.mark.native
def test_it_is_saved_and_the_run_goes_on_bit_for_bit():
    trainer, step, _, weights = past_its_best(learning_rate=0.03)
    file = io.BytesIO()
    trainer.save(file)
    again = load(file)
    assert again.metrics.best_step == step
    assert_equal(again.best.parameters, weights)
    for run in (trainer, again):
        run.train(steps=20)
    files = [io.BytesIO(), io.BytesIO()]
    trainer.save(files[0])
    again.save(files[1])
    assert files[0].getvalue() == files[1].getvalue()


def test_where_nothing_is_measured_the_latest_is_the_best():
    trainer = make()
    trainer.train(steps=4)
    assert trainer.best is trainer.averaged
    trainer.step()
    assert trainer.best is not trainer.averaged
    assert_equal(trainer.best.parameters, trainer.averaged.parameters)
    unmeasured = make(validation=0.0)
    unmeasured.train(steps=7)
    assert unmeasured.best is unmeasured.averaged


def test_going_back_gives_up_a_best_that_came_later():
    trainer = make()
    trainer.train(steps=12)
    early = trainer.snapshot()
    at_ten = trainer.best.copy().parameters
    trainer.train(steps=2)
    trainer.restore(early)  # nothing was measured meanwhile
    assert trainer.metrics.best_step == 10
    assert_equal(trainer.best.parameters, at_ten)

    trainer.train(steps=8)
    assert trainer.metrics.best_step > 12
    trainer.restore(early)
    assert trainer.best is trainer.averaged
    assert trainer.metrics.best_step is trainer.metrics.best_loss is None
    file = io.BytesIO()
    trainer.save(file)  # measured, but not at its best
    again = load(file)
    assert again.best is again.averaged
    trainer.train(steps=3)
    assert trainer.metrics.best_step == 15


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_rescued_run_gives_up_a_best_that_came_later():
    trainer = make()
    rescuer = Rescuer(trainer)
    for _ in range(60):
        assert rescuer.step() is None
    trainer.model.parameters["decoder.bias"][...] = np.inf
    rescue = rescuer.step()
    assert rescue
    assert rescue.back_to == 0
    assert trainer.best is trainer.averaged
    assert trainer.metrics is None


@pytest.mark.native
def test_a_new_run_starts_from_the_best():
    trainer, *_, weights = past_its_best(learning_rate=0.03)
    next_run = Trainer(TEXT, trainer.config, start_from=trainer)
    assert_equal(next_run.model.parameters, weights)


@pytest.mark.native
def test_instruments_look_into_the_one_that_writes():
    trainer, *_ = past_its_best(learning_rate=0.03)
    instruments = Instruments(trainer)
    assert instruments.network is trainer.best
    instruments.write_with(False)
    assert instruments.network is trainer.averaged
    instruments.silence([[0, 1]])
    silent = trainer.averaged.silenced([(0, 1)])
    assert_equal(instruments.network.parameters, silent.parameters)
