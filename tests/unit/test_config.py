"""Config: defaults, ranges, errors that name the field, and defaults that suit a text."""

import math

import numpy as np
import pytest

from rnn_pkg import Config
from rnn_pkg.config import SHORT, settings


def test_defaults_are_those_promised():
    config = Config()
    assert (config.cell, config.hidden_size, config.layers) == ("gru", 128, 1)
    assert (config.sequence_length, config.batch_size) == (32, 16)
    assert (config.learning_rate, config.optimizer, config.dropout) == (1e-2, "adam", 0.0)
    assert (config.clip, config.validation, config.seed) == (5.0, 0.1, 0)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("cell", "tcn", "cell must be one of rnn, lstm, gru, peephole, coupled, not 'tcn'"),
        ("hidden_size", 0, "hidden_size must be a whole number from 1 to 1,024, not 0"),
        ("hidden_size", 1.5, "hidden_size must be a whole number from 1 to 1,024, not 1.5"),
        ("layers", True, "layers must be a whole number from 1 to 8, not True"),
        ("learning_rate", 0.0, "learning_rate must be a number from 1e-06 to 10, not 0"),
        ("learning_rate", math.nan, "learning_rate must be a number from 1e-06 to 10, not nan"),
        ("dropout", "0.1", "dropout must be a number from 0 to 0.9, not '0.1'"),
        ("optimizer", None, "optimizer must be one of sgd, rmsprop, adam, not None"),
        ("seed", -1, "seed must be a whole number from 0"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(field, value, message):
    with pytest.raises(ValueError, match=message):
        Config(**{field: value})
    with pytest.raises(ValueError, match=message):
        Config().replace(**{field: value})


def test_numbers_become_plain_ones():
    config = Config(hidden_size=np.int64(8), learning_rate=1, dropout=np.float32(0.5))
    assert [type(v) for v in (config.hidden_size, config.learning_rate, config.dropout)] == [
        int, float, float,
    ]  # fmt: skip
    assert config == Config(hidden_size=8, learning_rate=1.0, dropout=0.5)


def test_the_nearest_float32_to_a_limit_may_lie_beyond_it():
    assert float(np.float32(1e-6)) < 1e-6
    with pytest.raises(ValueError, match="learning_rate must be a number from 1e-06"):
        Config(learning_rate=np.float32(1e-6))


def test_an_array_is_no_choice():
    with pytest.raises(ValueError, match=r"cell must be one of rnn, lstm, gru, .*, not array"):
        Config(cell=np.array(["gru"]))
    assert type(Config(cell=np.str_("gru")).cell) is str


def test_a_bad_value_of_any_length_is_named_shortly():
    for value in (10**5000, "x" * 10_000, [0] * 10_000):
        with pytest.raises(ValueError, match="seed must be a whole number") as refusal:
            Config(seed=value)
        assert len(str(refusal.value)) < 150


def test_both_ends_of_every_range_are_allowed():
    for name, (_, setting) in settings().items():
        for value in setting.choices or (setting.minimum, setting.maximum):
            assert getattr(Config(**{name: value}), name) == value


def test_every_setting_is_explained():
    for _, setting in settings().values():
        assert setting.label
        assert setting.help.endswith((".", "limit."))


def test_an_unknown_setting_is_named():
    with pytest.raises(ValueError, match="unknown setting 'size': the settings are average,"):
        Config.from_mapping({"size": 3})


def test_a_long_text_is_for_a_larger_network_whose_hidden_units_learn_in_smaller_steps():
    large = Config(
        cell="lstm",
        hidden_size=192,
        learning_rate=0.03,
        hidden_rate=0.3,
        evaluate_every=100,
    )
    assert Config.for_text("abcdefghij" * 100_000) == large
    # One that is soon read several times must not be learned by heart.
    shorter = Config.for_text("abcdefghij" * 30_000)
    assert shorter == large.replace(dropout=0.2, input_dropout=0.02)
    assert Config.for_text("abcdefghij" * 12_000).hidden_size == Config().hidden_size


def test_the_shorter_a_text_the_more_is_dropped():
    very_short, short, longer = (
        Config.for_text("ab cd" * (length // 5)) for length in (4_000, 16_000, 64_000)
    )
    assert short.replace(cell="gru", hidden_rate=1, learning_rate=0.01) == Config(
        batch_size=8, dropout=0.5, input_dropout=0.15, evaluate_every=short.evaluate_every
    )
    assert (short.cell, short.hidden_rate, short.learning_rate) == ("lstm", 0.3, 0.03)
    assert longer == short.replace(
        batch_size=Config.batch_size,
        dropout=0.4,
        input_dropout=0.08,
        evaluate_every=longer.evaluate_every,
    )
    # Of so few steps the mean is over all.
    assert very_short == short.replace(
        average=1.0, dropout=0.6, evaluate_every=very_short.evaluate_every
    )
    given = {"cell": "gru", "average": 0.3, "batch_size": 16}
    assert Config.for_text("ab cd" * 800, **given) == very_short.replace(**given)


@pytest.mark.parametrize("length", [20, 25, 60, 200, 500, 1000])
def test_for_text_fits_a_short_text(length):
    config = Config.for_text("ab" * (length // 2))
    training = length - max(1, round(0.1 * length))
    read = config.batch_size * config.sequence_length
    assert read <= training
    assert read > training / 2 or read == SHORT["batch_size"] * Config.sequence_length


def test_for_text_takes_what_is_given():
    config = Config.for_text("ab" * 30, cell="lstm", sequence_length=50, batch_size=9)
    assert (config.cell, config.sequence_length, config.batch_size) == ("lstm", 50, 9)
    with pytest.raises(ValueError, match="at least 20"):
        Config.for_text("ab")
    with pytest.raises(ValueError, match="batch_size must be"):
        Config.for_text("ab" * 30, batch_size=0)
    with pytest.raises(ValueError, match="sequence_length must be"):
        Config.for_text("ab" * 30, sequence_length=0)


def test_constant_rate():
    config = Config(learning_rate=0.01, schedule="constant")
    assert {config.rate_at(step) for step in (0, 10, 10**6)} == {0.01}


def test_inverse_square_root_rate_falls_ever_more_slowly():
    config = Config(learning_rate=0.01, schedule="inverse_sqrt", schedule_steps=100)
    assert [config.rate_at(step) for step in (0, 300, 9900)] == pytest.approx([0.01, 0.005, 0.001])
    rates = [config.rate_at(step) for step in range(1000)]
    assert (np.diff(rates) < 0).all()
    assert (np.diff(rates, 2) > 0).all()


def test_cosine_rate_falls_to_a_hundredth_and_stays():
    config = Config(learning_rate=0.01, schedule="cosine", schedule_steps=100)
    assert config.rate_at(0) == 0.01
    assert config.rate_at(50) == pytest.approx((0.01 + 0.0001) / 2)
    assert config.rate_at(100) == config.rate_at(10_000) == pytest.approx(0.0001)
    assert (np.diff([config.rate_at(step) for step in range(101)]) < 0).all()


def test_several_workers_learn_in_larger_steps():
    text = "ab cd " * 100_000
    rates = [Config.for_text(text, workers=workers).learning_rate for workers in (1, 2, 8)]
    assert rates == [0.03, 0.038, 0.06]
    assert Config.for_text(text, workers=2, learning_rate=0.01).learning_rate == 0.01


def test_how_soon_the_rate_falls_can_be_said():
    text = "ab cd " * 100_000
    assert Config.for_text(text, workers=3, schedule_steps=50).schedule_steps == 50
    cosine = Config.for_text(text, workers=3, schedule="cosine")
    assert cosine.schedule_steps == Config().schedule_steps  # where it ends is for people to say
