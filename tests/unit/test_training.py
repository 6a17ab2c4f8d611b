"""Runs: a tiny text is learned by heart, held-out text never is, and runs can be repeated."""

import math
import warnings

import numpy as np
import pytest

from rnn_pkg import Config, Trainer
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.loss import cross_entropy
from rnn_pkg.tasks.streams import Streams
from rnn_pkg.training.trainer import TrainingError
from tests.unit.tab import in_a_tab_only

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3
SMALL = {
    "cell": "gru",
    "hidden_size": 16,
    "evaluate_every": 5,
    "dropout": 0,
    "input_dropout": 0,
    "learning_rate": 0.01,
}


def make(text=RHYME, **settings):
    return Trainer(text, Config.for_text(text, **(SMALL | settings)))


@pytest.mark.native
@pytest.mark.parametrize("cell", CELLS)
def test_a_tiny_text_is_learned_by_heart(cell):
    line = "the cat sat on the mat and purred.\n"
    trainer = make(line * 4, cell=cell, hidden_size=48, learning_rate=1e-2)
    metrics = trainer.train(steps=500)
    assert metrics.train_loss < 0.1
    assert trainer.sample("the cat", length=len(line) * 2, temperature=0) in line * 4


@pytest.mark.native
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
@pytest.mark.parametrize("settings", [{}, {"layers": 2, "dropout": 0.2}])
def test_every_optimizer_lowers_the_loss(optimizer, settings):
    rate = {"sgd": 0.5, "rmsprop": 5e-3, "adam": 1e-2}[optimizer]
    trainer = make(optimizer=optimizer, learning_rate=rate, hidden_size=32, **settings)
    first = trainer.step().train_loss
    assert trainer.train(steps=150).smooth_loss < 0.8 * first


@pytest.mark.native
@pytest.mark.parametrize("length", [20, 60, 200])
def test_short_texts_train(length):
    trainer = make(RHYME[:length])
    first = trainer.step()
    assert trainer.train(steps=60).train_loss < first.train_loss
    assert math.isfinite(trainer.evaluate())


@pytest.mark.native
def test_the_held_out_part_is_never_trained_on():
    training, held_out = "abcd" * 45, "wxyz" * 5
    trainer = make(training + held_out, validation=0.1)
    forbidden = set(trainer.vocabulary.encode("wxyz").tolist())
    seen = set()
    next_batch = trainer.streams.next

    def spy():
        inputs, targets = next_batch()
        seen.update(inputs.ravel().tolist(), targets.ravel().tolist())
        return inputs, targets

    trainer.streams.next = spy
    before = trainer.evaluate()
    metrics = trainer.train(steps=100)
    assert seen == set(trainer.vocabulary.encode("abcd").tolist())
    assert not seen & forbidden
    assert metrics.train_loss < 0.2
    assert trainer.evaluate() > before


def test_metrics_count():
    trainer = make(batch_size=4, sequence_length=8)
    steps = [trainer.step() for _ in range(6)]
    assert [m.step for m in steps] == [1, 2, 3, 4, 5, 6]
    assert [m.chars_seen for m in steps] == [32, 64, 96, 128, 160, 192]
    assert steps[-1].epoch == 192 / len(trainer.training_ids)
    assert [m.validation_loss is None for m in steps] == [True] * 4 + [False] * 2
    assert steps[0].train_loss == pytest.approx(math.log(len(trainer.vocabulary)), rel=0.1)
    assert steps[0].smooth_loss == steps[0].train_loss
    assert steps[1].smooth_loss == pytest.approx(
        0.9 * steps[0].train_loss + 0.1 * steps[1].train_loss
    )
    assert trainer.curve.step == [1, 2, 3, 4, 5, 6]
    assert trainer.curve.train == [m.train_loss for m in steps]
    assert all(m.grad_norm > 0 for m in steps)


def test_the_same_seed_repeats_a_run_and_another_does_not():
    settings = {"layers": 2, "dropout": 0.3}
    first, second = make(**settings), make(**settings)
    assert first.train(steps=7) == second.train(steps=7)
    assert make(seed=1, **settings).train(steps=7) != first.metrics


def test_sampling_does_not_disturb_a_run():
    settings = {"layers": 2, "dropout": 0.3}
    first, second = make(**settings), make(**settings)
    for _ in range(4):
        second.sample("one", length=5)
        assert first.step() == second.step()


def test_the_state_is_carried_from_batch_to_batch():
    trainer = make(learning_rate=1e-6)
    trainer.step()
    carried = [tuple(array.copy() for array in layer) for layer in trainer.state]
    inputs, targets = trainer.streams.next()
    trainer.streams.position -= len(inputs)
    expected, _, _ = trainer.model.loss_and_gradients(inputs, targets, carried)
    cold, _, _ = trainer.model.loss_and_gradients(inputs, targets)
    assert trainer.step().train_loss == expected != cold


def test_many_readers_of_a_long_text_begin_evenly_spread():
    """Even in a tab, whose integers have 32 bits."""

    class Places:
        size = 5_000_000

        def at(self, places):
            return places, places

    starts, _ = Streams(Places(), batch_size=1_000, sequence_length=1).peek()
    np.testing.assert_array_equal(starts[0], [5_000 * reader for reader in range(1_000)])


def test_what_is_tried_and_writes_is_the_running_mean_of_the_weights():
    trainer = make(average=0.25)
    mean = {name: value.copy() for name, value in trainer.model.parameters.items()}
    for step in range(1, 20):
        trainer.step()
        for name, value in trainer.model.parameters.items():
            mean[name] += (value - mean[name]) / (1 + 0.25 * step)
    for name, value in trainer.averaged.parameters.items():
        np.testing.assert_allclose(value, mean[name], rtol=1e-5, atol=1e-7)
    tried, text = trainer.evaluate(), trainer.sample("one", seed=0)
    for value in trainer.model.parameters.values():
        value[...] = 0
    assert trainer.evaluate() == tried
    assert trainer.sample("one", seed=0) == text


def test_without_averaging_there_is_one_network():
    trainer = make(average=0)
    assert trainer.averaged is trainer.model
    trainer.train(steps=3)
    assert not [name for name in trainer.arrays() if name.startswith("average/")]


@pytest.mark.native
def test_the_mean_forecasts_better_than_the_weights_it_is_of():
    rng = np.random.default_rng(0)
    words = ["one", "seven", "fifty", "nine", "eleven", "three"]
    text = " ".join(rng.choice(words, 2000))
    trainer = make(text, learning_rate=0.03, validation=0.2)
    trainer.train(steps=400)
    mean = trainer.evaluate()
    trainer.averaged = trainer.model
    assert mean < trainer.evaluate()


def test_the_rate_follows_its_schedule_and_can_be_changed():
    trainer = make(schedule="cosine", schedule_steps=10, learning_rate=0.01)
    rates = [trainer.step().learning_rate for _ in range(12)]
    assert rates == [trainer.config.rate_at(step) for step in range(12)]
    assert rates[0] == 0.01
    trainer = make(schedule="constant")
    trainer.step()
    trainer.set_learning_rate(0.123)
    assert trainer.step().learning_rate == 0.123
    with pytest.raises(ValueError, match="learning_rate must be a number from 1e-06 to 10, not -1"):
        trainer.set_learning_rate(-1)
    assert trainer.config.learning_rate == 0.123


def test_weights_between_hidden_units_learn_at_their_own_rate():
    first, even, slow = (make(layers=2, hidden_rate=rate) for rate in (1.0, 1.0, 0.25))
    even.step()
    slow.step()
    between = {"rnn.weight_hh_l0", "rnn.weight_hh_l1", "rnn.weight_ih_l1"}
    assert set(first.model.between_hidden) == between
    for name, before in first.model.parameters.items():
        moved, moved_slowly = (run.model.parameters[name] - before for run in (even, slow))
        assert np.abs(moved).max() > 0
        factor = 0.25 if name in between else 1.0
        np.testing.assert_allclose(moved_slowly, factor * moved, atol=1e-7)


def test_the_rates_that_were_set_are_remembered():
    trainer = make(learning_rate=0.01)
    trainer.set_learning_rate(0.02)
    trainer.train(steps=2)
    trainer.set_learning_rate(0.02)  # as it is
    trainer.set_learning_rate(0.05)
    trainer.set_learning_rate(0.03)
    assert trainer.rates == [(0, 0.02), (2, 0.03)]


@pytest.mark.parametrize(("length", "validation"), [(156, 0.1), (156, 0.5), (20, 0.05)])
def test_evaluate_is_the_loss_of_each_held_out_character_after_all_before(length, validation):
    trainer = make(RHYME[:length], validation=validation)
    trainer.train(steps=10)
    ids, cut = trainer.ids, len(trainer.training_ids)
    start = max(0, cut - 64)
    logits, _, _ = trainer.averaged.forward(ids[start:-1, None])
    expected, _ = cross_entropy(logits[cut - 1 - start :], ids[cut:, None])
    assert len(ids) - cut < 2 * 64  # so there is one reader
    assert trainer.evaluate() == pytest.approx(expected, rel=1e-5)


@pytest.mark.native
def test_evaluate_on_a_large_part_by_many_readers_comes_close():
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(["ab ", "cde ", "fghi "], 3000))
    trainer = make(text, validation=0.5)
    trainer.train(steps=100)
    ids, cut = trainer.ids, len(trainer.training_ids)
    logits, _, _ = trainer.averaged.forward(ids[:-1, None])
    exact, _ = cross_entropy(logits[cut - 1 :], ids[cut:, None])
    assert trainer.evaluate() == pytest.approx(exact, rel=0.005)
    assert trainer.evaluate(characters=2000) == pytest.approx(exact, rel=0.1)


def test_without_a_held_out_part_there_is_no_held_out_loss():
    trainer = make(validation=0.0)
    assert trainer.evaluate() is None
    assert trainer.train(steps=6).validation_loss is None
    assert len(trainer.training_ids) == len(RHYME)


def test_train_stops_at_whichever_comes_first():
    trainer = make()
    assert trainer.train(steps=3, seconds=100).step == 3
    assert trainer.train(seconds=1e-9).step == 4
    for arguments, message in (
        ({}, "steps, seconds or both must be given"),
        ({"steps": 0}, "steps must be a whole number from 1 to .*, not 0"),
        ({"steps": 2.5}, "steps must be a whole number from 1 to .*, not 2.5"),
        ({"steps": "5"}, "steps must be a whole number from 1 to .*, not '5'"),
        ({"seconds": 0}, "seconds must be a number from 1e-09 to 1e.09, not 0"),
        ({"seconds": math.nan}, "seconds must be a number from 1e-09 to 1e.09, not nan"),
    ):
        with pytest.raises(ValueError, match=message):
            trainer.train(**arguments)


def test_a_loss_that_is_no_number_stops_the_run_and_updates_nothing():
    trainer = make()
    trainer.step()
    before = trainer.model.torch_state_dict()
    trainer.state[0][0][...] = np.nan
    with pytest.raises(TrainingError, match=r"at step 2 .* learning rate \(0.01\) is probably"):
        trainer.step()
    for name, value in trainer.model.parameters.items():
        np.testing.assert_array_equal(value, before[name])
    assert trainer.metrics.step == 1
    assert trainer.streams.position == trainer.config.sequence_length


def test_the_mean_surprise_of_a_text_is_its_loss():
    trainer = make()
    trainer.train(steps=10)
    first, *others = trainer.predictions(RHYME)
    assert "".join(prediction.character for prediction in (first, *others)) == RHYME
    assert first.probability is None
    surprise = [-math.log(prediction.probability) for prediction in others]
    ids = trainer.vocabulary.encode(RHYME)[:, None]
    loss, _, _ = trainer.averaged.loss_and_gradients(ids[:-1], ids[1:])
    assert np.mean(surprise) == pytest.approx(loss, rel=1e-5)


def test_predictions_skip_what_was_never_seen():
    trainer = make()
    predictions = trainer.predictions("?on?e")
    assert "".join(prediction.character for prediction in predictions) == "?on?e"
    assert [prediction.skipped for prediction in predictions] == [True, False, False, True, False]
    known = [prediction for prediction in predictions if not prediction.skipped]
    assert known == trainer.predictions("one")
    assert all(each.probability is None for each in predictions if each.skipped)
    assert trainer.predictions("") == []
    assert [prediction.skipped for prediction in trainer.predictions("??")] == [True, True]
    with pytest.raises(ValueError, match="text must be a str, not int"):
        trainer.predictions(3)


def test_samples():
    trainer = make()
    assert len(trainer.sample(length=30)) == 30
    assert trainer.sample("one", length=0) == ""
    assert trainer.sample("one", seed=3) == trainer.sample("one", seed=3)
    assert trainer.sample("one", seed=3) != trainer.sample("one", seed=4)
    assert set(trainer.sample(length=200, temperature=100)) <= set(RHYME)
    for arguments, message in (
        ({"length": -1}, "length must be"),
        ({"seed": -1}, "seed must be a whole number from 0 to"),
        ({"seed": "x"}, "seed must be a whole number from 0 to"),
        ({"prompt": None}, "prompt must be a str, not NoneType"),
    ):
        with pytest.raises(ValueError, match=message):
            trainer.sample(**arguments)


def test_unseen_prompt_characters_are_named_and_skipped():
    trainer = make()
    with pytest.warns(UserWarning, match="never seen 'Z', '🎉': skipped"):
        text = trainer.sample("Zon🎉e", length=20, seed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert trainer.sample("one", length=20, seed=0) == text
    with pytest.warns(UserWarning, match="never seen"):
        assert len(trainer.sample("ÄÖ", length=5)) == 5


def test_an_empty_prompt_begins_after_a_line_break_if_there_are_any():
    trainer = make()
    assert trainer.sample("", length=20, seed=0) == trainer.sample("\n", length=20, seed=0)
    trainer = make("no line break in here, none at all")
    assert len(trainer.sample("", length=20)) == 20


@pytest.mark.parametrize(
    "text",
    ["🎉🎊" * 15, "春眠不覺曉處處聞啼鳥" * 3, "שלום עולם " * 5, "a\x00b" * 9],
    ids=["emoji", "chinese", "hebrew", "nul"],
)
def test_any_script_trains_and_writes(text):
    trainer = make(text)
    trainer.train(steps=5)
    assert set(trainer.sample(length=40)) <= set(text)


def test_the_default_config_suits_the_text():
    assert Trainer(RHYME).config == Config.for_text(RHYME)
    with pytest.raises(ValueError, match="at least 20 are needed"):
        Trainer("too short")


def test_wrong_types_are_named():
    with pytest.raises(ValueError, match=r"config must be a rnn_pkg.Config, not \{\}"):
        Trainer(RHYME, {})
    for dtype in (np.float16, int):
        with pytest.raises(ValueError, match="dtype must be one of float32, float64, not"):
            Trainer(RHYME, dtype=dtype)


def test_float64_is_possible():
    trainer = Trainer(RHYME, Config.for_text(RHYME, **SMALL), dtype=np.float64)
    trainer.step()
    assert trainer.model.parameters["decoder.bias"].dtype == np.float64


@pytest.mark.parametrize("method", ["sample", "stream"])
def test_a_warning_points_to_who_gave_the_prompt(method):
    with pytest.warns(UserWarning, match="never seen 'Z'") as warned:
        getattr(make(), method)("Z", 3)
    assert [warning.filename for warning in warned] == [__file__]


def test_a_stream_is_a_sample_as_it_comes():
    trainer = make()
    trainer.train(steps=5)
    options = {"prompt": "one ", "length": 40, "temperature": 0.7, "top_k": 5, "seed": 3}
    stream = trainer.stream(**options)
    first = next(stream)
    assert first + "".join(stream) == trainer.sample(**options)
    with pytest.raises(ValueError, match="length must be"):
        trainer.stream(length=-1)
    with pytest.raises(ValueError, match="seed must be"):
        trainer.stream(seed=-1)


def test_writing_can_stop_at_the_end_of_a_line():
    trainer = make()
    trainer.train(steps=30)
    for prompt in ("", "one two", "one two buckle my shoe\n"):
        options = {"prompt": prompt, "length": 500, "temperature": 1.0, "seed": 2}
        whole = trainer.sample(**options)
        line = trainer.sample(**options, stop_at_line_end=True)
        assert whole.startswith(line)
        assert (prompt + line).endswith("\n")
        assert line.strip() or prompt.endswith("two")
        assert line.rstrip("\n").strip("\n").count("\n") == 0
    assert len(trainer.sample("one", 2, stop_at_line_end=True, seed=0)) <= 2


OTHER = "Five, six: pick up sticks!\nseven eight, lay them straight\n" * 3


@pytest.mark.parametrize("cell", in_a_tab_only("gru", CELLS))
def test_a_network_begins_another_text_with_all_that_both_have(cell):
    first = make(cell=cell, layers=2)
    first.train(steps=20)
    before = first.model.copy()
    second = Trainer(OTHER, start_from=first)
    assert second.config.layers == 2
    assert second.config.cell == cell
    assert (second.steps, second.metrics) == (0, None)
    drawn = Trainer(OTHER, second.config)
    shared = [c for c in second.vocabulary.characters if c in first.vocabulary.characters]
    new = [c for c in second.vocabulary.characters if c not in first.vocabulary.characters]
    assert shared
    assert new
    here, there = (
        second.vocabulary.encode("".join(shared)),
        first.vocabulary.encode("".join(shared)),
    )
    own = second.vocabulary.encode("".join(new))
    for name, parameter in second.model.parameters.items():
        learned, fresh = first.best.parameters[name], drawn.model.parameters[name]
        if name == "rnn.weight_ih_l0":
            parameter, learned, fresh = parameter.T, learned.T, fresh.T
        if name.startswith("decoder.") or name == "rnn.weight_ih_l0":
            np.testing.assert_array_equal(parameter[here], learned[there])
            np.testing.assert_array_equal(parameter[own], fresh[own])
        else:
            np.testing.assert_array_equal(parameter, learned)
        np.testing.assert_array_equal(
            second.averaged.parameters[name], second.model.parameters[name]
        )
    second.train(steps=5)
    for name, parameter in first.model.parameters.items():
        np.testing.assert_array_equal(parameter, before.parameters[name])  # it was only copied


@pytest.mark.native
def test_what_a_network_has_learned_helps_with_a_text_alike():
    text = "".join(f"{a} and {b} went to the {c}. " for a in ("Ann", "Bob", "Cat")
                   for b in ("Dan", "Eve") for c in ("sea", "well", "hill"))  # fmt: skip
    first = Trainer(text, Config.for_text(text, hidden_size=32))
    first.train(steps=200)
    other = text.replace("went", "came").replace("hill", "mill")
    config = Config.for_text(other, hidden_size=32)
    trained, drawn = Trainer(other, config, start_from=first), Trainer(other, config)
    assert trained.train(steps=20).train_loss < 0.5 * drawn.train(steps=20).train_loss


def test_a_run_says_where_it_came_from():
    first = make()
    first.train(steps=4)
    second = Trainer(OTHER, start_from=first)
    third = Trainer(RHYME.upper(), start_from=second)
    shared = set(RHYME) & set(OTHER)
    origin = second.origins[0]
    assert (origin.steps, origin.characters, origin.shared) == (4, len(RHYME), len(shared))
    assert origin.drawn == len(set(OTHER)) - len(shared)
    assert RHYME.startswith(origin.beginning)
    assert third.origins[1:] == second.origins
    assert third.origins[0].steps == 0
    assert origin.words() == (
        "Begun with a network that had learned “one two buckle my shoe three four knock at the "
        f"door one two …” in 4 steps. Of the {len(set(OTHER))} different characters, it knew "
        f"{len(shared)}; the weights of the others were drawn. It may have read some of what is "
        "held out now."
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "lstm"}, "cell must be gru, as in the network to start from, not lstm"),
        ({"hidden_size": 17}, "hidden_size must be 16, as in the network to start from, not 17"),
        ({"layers": 2}, "layers must be 1, as in the network to start from, not 2"),
    ],
)
def test_a_network_of_another_kind_can_not_be_begun_with(settings, message):
    with pytest.raises(ValueError, match=message):
        Trainer(OTHER, Config(**(SMALL | settings)), start_from=make())


def test_the_best_step_is_remembered():
    trainer = make(evaluate_every=2)
    measured = []
    for step in range(1, 31):
        metrics = trainer.step()
        if step % 2 == 0:
            measured.append((metrics.validation_loss, step))
        assert (metrics.best_loss, metrics.best_step) == min(measured, default=(None, None))


def test_what_is_started_from_must_be_a_run():
    with pytest.raises(ValueError, match=r"start_from must be a rnn_pkg\.Trainer, not 'model"):
        Trainer(OTHER, start_from="model.npz")
