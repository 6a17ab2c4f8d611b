"""What is told of a run: nothing while it learns, and why its validation loss has risen."""

from dataclasses import replace

import pytest

from rnn_pkg import Config, Series, Trainer
from rnn_pkg.training.advice import advise
from rnn_pkg.training.curve import Curve
from rnn_pkg.training.metrics import Metrics

EVERY = 50

TEXT = "she sells sea shells by the sea shore, and he sold all of his in the town. " * 3


def run(validation, training, **settings):
    """A run whose losses were these, every fifty steps."""
    trainer = Trainer(TEXT, Config(hidden_size=4, evaluate_every=EVERY, **settings))
    losses = [loss for loss in validation if loss is not None]
    trainer.curve = Curve()
    for place, (held_out, loss) in enumerate(zip(validation, training, strict=True)):
        for step in range(EVERY * place + 1, EVERY * place + EVERY + 1):
            trainer.curve.add(step, loss, held_out if step % EVERY == 0 else None)
    trainer.metrics = Metrics(
        step=EVERY * len(validation), epoch=31.4, chars_seen=1, train_loss=training[-1],
        smooth_loss=training[-1], validation_loss=losses[-1] if losses else None, grad_norm=1.0,
        learning_rate=0.01, best_loss=min(losses, default=None),
        best_step=EVERY * (validation.index(min(losses)) + 1) if losses else None,
    )  # fmt: skip
    return trainer


def told(trainer):
    """The advice that there must be."""
    advice = advise(trainer)
    assert advice
    return advice


FALLING = [3.0, 2.5, 2.0, 1.5, 1.0, 0.5]


@pytest.mark.parametrize(
    "validation",
    [
        [3.0, 2.5, 2.2, 2.1, 2.05, 2.0],
        [3.0, 2.5, 2.2, 2.1, 2.3, 2.4],
        [3.0, 2.5, 2.2, 2.205, 2.21, 2.215],
        [None] * 6,
    ],
    ids=["it falls", "it has just turned", "it wobbles", "nothing is held out"],
)
def test_nothing_is_told_while_nothing_is_sure(validation):
    assert advise(run(validation, FALLING)) is None


def test_nothing_is_told_before_the_first_step():
    assert advise(Trainer(TEXT, Config(hidden_size=4))) is None


def test_learning_by_heart_is_told_with_what_helps():
    kind, message, changes = told(run([3.0, 2.4, 2.2, 2.5, 2.9, 3.3], FALLING))
    assert kind == "by heart"
    assert message == (
        "The validation loss was lowest at step 150 (2.20 nats per character) and has risen since, "
        "while the training loss went on falling: the network is learning its text by heart. The "
        "network of that step is kept, and writes, unless you choose the latest. More text helps "
        "most; dropout or fewer hidden units can help too."
    )
    assert [(label, settings) for _, label, settings in changes] == [
        ("Dropout 0.3", {"dropout": 0.3}),
        ("2 hidden units", {"hidden_size": 2}),
    ]


def test_only_what_has_an_effect_is_offered():
    losses = [3.0, 2.4, 2.2, 2.5, 2.9, 3.3]
    more = advise(run(losses, FALLING, dropout=0.6))
    assert "; more dropout or fewer hidden units can help too." in more.message
    assert more.changes[0].settings == {"dropout": 0.7}
    single = Trainer(TEXT, Config(hidden_size=1, evaluate_every=EVERY, dropout=0.7))
    single.curve, single.metrics = run(losses, FALLING).curve, run(losses, FALLING).metrics
    assert advise(single).message.endswith("More text helps most.")
    assert advise(single).changes == []


def test_what_is_measured_often_is_not_judged_too_soon():
    losses = [3.0] * 19 + [2.2] + [2.3] * 3
    assert advise(run(losses, [3.0 - 0.1 * k for k in range(23)])) is None
    losses += [2.3]
    assert advise(run(losses, [3.0 - 0.1 * k for k in range(24)]))


@pytest.mark.parametrize(
    "training", [[3.0, 2.4, 2.2, 2.6, 3.0, 3.4], [3.0, 2.2, 2.2, 2.2, 2.2, 2.46]]
)
def test_a_rate_that_is_too_high_is_no_learning_by_heart(training):
    """Its training loss rises, too, or at least doesn't fall."""
    losses = [3.0, 2.4, 2.2, 2.5, 2.9, 3.3]
    kind, message, changes = told(run(losses, training))
    assert kind == "too fast"
    assert message.endswith(
        "has risen since. The training loss has not fallen either, so the steps are probably too "
        "large: lower the learning rate to 0.005, to begin with. The network of that step is kept, "
        "and writes, unless you choose the latest."
    )
    assert changes[0][1:] == ("Learning rate 0.005", {"learning_rate": 0.005})
    _, message, changes = told(run(losses, training, learning_rate=1e-6))  # there is no lower one
    assert "so the steps are probably too large. The network" in message
    assert changes == []


def test_a_lower_rate_is_given_time_to_show_before_one_lower_still_is_advised():
    trainer = run([3.0, 2.4, 2.2, 2.5, 2.9, 3.3], [3.0, 2.4, 2.2, 2.6, 3.0, 3.4])
    (change,) = told(trainer).changes
    trainer.set_learning_rate(change.settings["learning_rate"])
    for passed in (1, 50, 149):
        trainer.metrics = replace(trainer.metrics, step=300 + passed)
        assert advise(trainer) is None
    trainer.metrics = replace(trainer.metrics, step=450)
    assert told(trainer).changes[0].settings == {"learning_rate": 0.0025}


def test_a_new_best_ends_it():
    trainer = run([3.0, 2.4, 2.2, 2.5, 2.9, 3.3], FALLING)
    assert advise(trainer)
    trainer.metrics = replace(trainer.metrics, best_step=300, best_loss=2.1, validation_loss=2.1)
    assert advise(trainer) is None


@pytest.mark.native
def test_a_short_text_that_is_read_again_and_again_is_learned_by_heart():
    text = "".join(
        f"{k * 7919 % 1009} sheep went by, and {k * 31 % 97} stayed. " for k in range(40)
    )
    trainer = Trainer(
        text, Config.for_text(text, hidden_size=64, evaluate_every=10, dropout=0, input_dropout=0)
    )
    kinds = []
    for _ in range(40):
        trainer.train(steps=10)
        advice = advise(trainer)
        kinds.append(advice and advice.kind)
    assert kinds[0] is None
    assert kinds[-1] == "by heart"
    assert trainer.metrics.best_loss == min(
        loss for loss in trainer.curve.validation if loss is not None
    )
    assert "too fast" not in kinds


def run_of_a_series(validation, training, **settings):
    """A run on a series whose losses were these, every fifty steps."""
    settings = {"hidden_size": 4, "evaluate_every": EVERY} | settings
    series = Series([k * k % 17 for k in range(60)])
    trainer = Trainer(series, Config.for_series(series, **settings))
    of_text = run(validation, training)
    trainer.curve, trainer.metrics = of_text.curve, of_text.metrics
    return trainer


def test_a_series_that_is_learned_by_heart_is_told_in_its_words():
    kind, message, changes = told(run_of_a_series([1.3, 1.0, -0.2, -0.1, 0.2, 0.3], FALLING))
    assert kind == "by heart"
    assert message == (
        "The validation loss was lowest at step 150 (-0.20 nats per value) and has risen since, "
        "while the training loss went on falling: the network is learning its series by heart. The "
        "network of that step is kept, and forecasts. Dropout or fewer hidden units can help."
    )
    assert [change.settings for change in changes] == [{"dropout": 0.3}, {"hidden_size": 2}]
    settings = {"hidden_size": 1, "dropout": 0.8, "loss": "squared_error"}
    _, message, changes = told(run_of_a_series([0.5, 0.3, 0.2, 0.3, 0.4, 0.5], FALLING, **settings))
    assert "at step 150 (0.20 = half the mean squared error) and" in message
    assert message.endswith("is kept, and forecasts.")
    assert changes == []


@pytest.mark.parametrize("lowest", [-3.0, 0.0, 3.0])
def test_how_much_a_likelihood_has_risen_has_nothing_to_do_with_its_size(lowest):
    """A blind guess has a loss of 1.42: a hundredth of that is a rise."""
    for rise, is_told in ((0.01, False), (0.02, True)):
        losses = [lowest + 1, lowest + 0.5, lowest, *[lowest + rise] * 3]
        assert bool(advise(run_of_a_series(losses, FALLING))) is is_told
