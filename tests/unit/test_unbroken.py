"""A step that is broken off, by Ctrl-C or an error: the run stays whole, or says that it isn't."""

import io
import signal
import threading

import numpy as np
import pytest

from rnn_pkg import Config, Series, Trainer, load
from rnn_pkg.training.trainer import TrainingError
from rnn_pkg.training.unbroken import unbroken

TEXT = "one two buckle my shoe\nthree four knock at the door\n" * 6


def make(**settings):
    given = {"hidden_size": 8, "evaluate_every": 5, "dropout": 0.3}
    return Trainer(TEXT, Config.for_text(TEXT, **(given | settings)))


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def before_the_update(trainer, act):
    """Have something happen in each step, once its gradient is known."""
    update = trainer.optimizer.step

    def step(*arguments):
        act()
        update(*arguments)

    trainer.optimizer.step = step


@pytest.fixture
def can_be_interrupted():
    """As a program usually can be: one that was started in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.mark.native
@pytest.mark.usefixtures("can_be_interrupted")
@pytest.mark.parametrize(
    "learn", [lambda trainer: trainer.step(), lambda trainer: trainer.train(seconds=60)]
)
def test_an_interrupt_waits_for_the_end_of_the_step(learn):
    trainer, whole = make(), make()
    before_the_update(trainer, press)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            learn(trainer)
    whole.train(steps=3)
    assert saved(trainer) == saved(whole)
    assert load(io.BytesIO(saved(trainer))).steps == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.native
@pytest.mark.usefixtures("can_be_interrupted")
def test_who_insists_is_not_kept_waiting():
    reached = []

    def insist():
        with unbroken():
            press()
            reached.append("once")
            press()
            reached.append("twice")

    with pytest.raises(KeyboardInterrupt):
        insist()
    assert reached == ["once"]


@pytest.mark.native
def test_nobody_else_than_the_main_thread_is_kept_from_anything():
    trainer = make()
    thread = threading.Thread(target=trainer.train, kwargs={"steps": 2})
    thread.start()
    thread.join()
    assert trainer.steps == 2


def test_a_step_is_taken_though_what_it_led_to_can_not_be_measured(monkeypatch):
    trainer, whole = make(), make()
    with monkeypatch.context() as patched:
        patched.setattr(trainer, "evaluate", lambda *_: [][0])
        with pytest.raises(IndexError):
            trainer.train(steps=10)
    assert (trainer.steps, trainer.metrics.validation_loss) == (5, None)
    again = load(io.BytesIO(saved(trainer)))
    again.train(steps=5)
    whole.train(steps=10)
    assert again.metrics.train_loss == whole.metrics.train_loss
    assert again.metrics.validation_loss == whole.metrics.validation_loss


def test_a_step_that_was_broken_off_halfway_is_neither_saved_nor_gone_on_from():
    trainer = make()
    trainer.train(steps=2)
    file, snapshot = saved(trainer), trainer.snapshot()
    before_the_update(trainer, lambda: None)
    last = list(trainer.model.parameters)[-1]
    array = trainer.model.parameters[last]
    array.flags.writeable = False  # all other weights are changed by then
    with pytest.raises(ValueError, match="read-only"):
        trainer.step()
    array.flags.writeable = True
    for act in (trainer.step, lambda: trainer.train(steps=1), lambda: saved(trainer)):
        with pytest.raises(ValueError, match=r"step 3 was broken off halfway, .* saved last"):
            act()
    trainer.restore(snapshot)
    assert saved(trainer) == file


@pytest.mark.parametrize("workers", [1, 2])
def test_after_a_loss_that_is_no_number_all_is_as_before_to_the_last_drawn_number(workers):
    trainer, whole = make(workers=workers), make(workers=workers)
    trainer.train(steps=3)
    before = saved(trainer)
    bias = trainer.in_turn.learner(workers - 1).model.parameters["decoder.bias"]
    kept = bias.copy()
    bias[0] = np.nan
    with pytest.raises(TrainingError):
        trainer.step()
    bias[...] = kept
    assert saved(trainer) == before
    trainer.train(steps=17)
    whole.train(steps=20)
    assert saved(trainer) == saved(whole)


def test_a_held_out_part_beyond_all_reason_keeps_no_run_from_being_saved():
    values = list(np.sin(np.arange(200) / 3))
    values[-5] = 1e60
    series = Series(values)
    trainer = Trainer(series, Config.for_series(series, hidden_size=4, evaluate_every=5))
    with np.errstate(over="ignore", invalid="ignore"):
        trainer.train(steps=10)
    assert trainer.metrics.validation_loss is None
    assert load(io.BytesIO(saved(trainer))).steps == 10
