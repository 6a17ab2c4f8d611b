"""A series as a task: what is read and learned of it, what comes of it, and that it is kept."""

import io

import numpy as np
import pytest

from rnn_pkg import Config, Series, Trainer, load
from rnn_pkg.tasks.forecasting import READ, look_ahead
from rnn_pkg.tasks.numbers import FEWEST_LEARNED, Numbers
from tests.unit.tab import in_a_tab_only

RISING = 50 + 0.5 * np.arange(60) + 8 * np.sin(np.arange(60) * np.pi / 2)
WAVE = np.sin(np.arange(120) * 2 * np.pi / 12)
SMALL = {"hidden_size": 6, "sequence_length": 8, "batch_size": 2, "evaluate_every": 10}


def make(values=RISING, period: int | None = 4, **settings) -> Trainer:
    series = Series(values, period)
    return Trainer(series, Config.for_series(series, **(SMALL | settings)))


def task_of(trainer: Trainer) -> Numbers:
    assert isinstance(trainer.task, Numbers)
    return trainer.task


def saved(trainer: Trainer) -> bytes:
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def numbers(values, **settings) -> Numbers:
    return Numbers(Series(values), Config(**({"validation": 0.0} | settings)))


def test_levels_are_scaled_by_the_training_part_alone():
    values = np.r_[WAVE, np.full(30, 1e6)]
    task = Numbers(Series(values), Config(validation=30 / len(values)))
    read = task.whole.inputs[: len(WAVE), 0]
    np.testing.assert_allclose(read, (WAVE - WAVE.mean()) / WAVE.std())
    learned = task.training.targets[:-1]
    steps = np.diff(WAVE)
    np.testing.assert_allclose(learned, (steps - steps.mean()) / steps.std())
    assert np.isnan(task.training.targets[-1])  # that is held out


def test_changes_know_no_level():
    one, two = (
        numbers(RISING + level, reads="changes", season=4, leaves="season") for level in (0, 1e4)
    )
    np.testing.assert_allclose(one.whole.inputs, two.whole.inputs, atol=1e-6)
    np.testing.assert_allclose(one.whole.targets, two.whole.targets, atol=1e-6)


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        ("levels", lambda z: [z[12]]),
        ("levels_and_change", lambda z: [z[12], z[12] - z[11]]),
        ("changes", lambda z: [z[12] - z[11], z[12] - z[8]]),
        ("seasonal_changes", lambda z: [z[12] - z[8], z[9] - z[5]]),
        ("changes_and_season", lambda z: [z[12] - z[11], z[12] - z[8], z[9] - z[5], z[9] - z[8]]),
    ],
)
def test_what_is_read_is_what_the_equations_say(reads, expected):
    """At t = 12, with a season of 4: t + 1 - 4 = 9."""
    values = RISING + np.random.default_rng(0).normal(size=60)
    task = numbers(values, reads=reads, season=4)
    scaled = zip(task.needed["inputs"], task.whole.inputs[12], strict=True)
    read = [each["mean"] + each["spread"] * value for each, value in scaled]
    np.testing.assert_allclose(read, expected(values))
    assert task.ends.inputs == len(read)
    without = numbers(values, reads=reads, season=1)
    assert without.ends.inputs == 1 + (reads == "levels_and_change")


@pytest.mark.parametrize("reads", ["seasonal_changes", "changes_and_season"])
def test_a_forecast_goes_on_with_what_was_read(reads):
    """One step ahead of a series, and then of it with that step, is two steps ahead."""
    trainer = make(reads=reads, leaves="season")
    trainer.train(steps=10)
    task, values = task_of(trainer), RISING
    for _ in range(2):
        end = np.array([len(values)])
        following = look_ahead(task, trainer.best, values, end, 1).central[0]
        values = np.append(values, following)
    two = look_ahead(task, trainer.best, RISING, np.array([len(RISING)]), 2).central[0]
    np.testing.assert_allclose(two, values[-2:], rtol=1e-5)


def test_a_season_read_twice_needs_as_many_values():
    with pytest.raises(ValueError, match="with a season of 12: at least"):
        numbers(WAVE[:20], season=12, reads="changes_and_season")


@pytest.mark.parametrize("settings", [{}, {"reads": "changes", "season": 4, "leaves": "season"}])
@pytest.mark.parametrize("logarithm", ["no", "yes"])
def test_what_is_learned_added_to_what_is_known_is_what_comes(settings, logarithm):
    values = RISING + np.random.default_rng(0).normal(size=60)
    task = numbers(values, logarithm=logarithm, **settings)
    first = 5 if settings else 1
    targets, levels = task.whole.targets, task.forward(values)
    assert np.flatnonzero(np.isnan(targets)).tolist() == [*range(first - 1), 59]
    for step in range(first, 60):
        assert task.add(levels[:step], targets[step - 1]) == pytest.approx(levels[step])
    np.testing.assert_allclose(task.back(levels), values)
    known = targets[~np.isnan(targets)]
    assert (known.mean(), known.std()) == pytest.approx((0, 1))


def test_the_changes_that_are_read():
    values = RISING + np.random.default_rng(0).normal(size=60)
    task = numbers(values, reads="changes", season=4, leaves="season")
    for column, lag in enumerate((1, 4)):
        changes = values[lag:] - values[:-lag]
        expected = (changes - changes.mean()) / changes.std()
        np.testing.assert_allclose(task.whole.inputs[4:, column], expected[4 - lag :])
    assert not task.whole.inputs[:4].any()


def test_a_logarithm_needs_positive_values():
    with pytest.raises(ValueError, match=r"logarithm must be no .* 0 or below, such as -1"):
        numbers(RISING - RISING.min() - 1, logarithm="yes")
    values = np.exp(RISING / 20)
    assert Config.for_series(Series(values, 4)).logarithm == "yes"
    values[-1] = 0  # which is held out
    assert Config.for_series(Series(values, 4)).logarithm == "no"


def test_of_a_missing_value_nothing_is_learned():
    values = RISING.copy()
    values[20] = np.nan
    task = numbers(values)
    inputs = task.whole.inputs[:, 0]
    assert inputs[20] == pytest.approx((inputs[19] + inputs[21]) / 2)  # to be read, it is bridged
    # Nor of the value to which the bridge leads.
    assert np.flatnonzero(np.isnan(task.whole.targets)).tolist() == [19, 20, len(values) - 1]


def test_what_is_held_out_is_in_nothing_that_is_learned():
    values = RISING + np.random.default_rng(0).normal(size=60)
    values[44:47] = np.nan  # on both sides of where the held-out part begins
    other = values.copy()
    other[45:] += 1000
    one, two = (Numbers(Series(x), Config(validation=0.25)).training for x in (values, other))
    np.testing.assert_array_equal(one.inputs, two.inputs)
    np.testing.assert_array_equal(one.targets, two.targets)


def test_where_nothing_is_known_to_be_held_out_nothing_is_measured():
    values = RISING.copy()
    values[-12:] = np.nan
    trainer = make(values, validation=0.15)
    assert trainer.evaluate() is None
    assert trainer.train(steps=20).best_step is None


def test_a_steady_rise_goes_on():
    trainer = make(1000.0 * np.arange(100) + np.random.default_rng(0).normal(size=100), None)
    trainer.train(steps=100)
    ahead = trainer.forecast(3).mean
    np.testing.assert_allclose(ahead, 1000 * np.arange(100, 103), atol=300)


@pytest.mark.parametrize(
    ("values", "season"),
    [
        (np.full(100, 7.0), None),
        (np.zeros(100), None),
        (3.0 * np.arange(100) - 40, None),
        (np.arange(100) + np.tile([5.0, 1, 0, 2], 25), 4),
    ],
    ids=["constant", "zero", "a line", "a season that rises"],
)
def test_what_is_known_without_a_network_is_forecast_without_one(values, season):
    trainer = make(values[:70], season)
    trainer.train(steps=200)
    forecast = trainer.forecast(30)
    for said in (forecast.mean, *forecast.quantiles.values()):
        np.testing.assert_allclose(said, values[70:], atol=0.1)


def test_too_few_values_are_refused_with_how_many_are_needed():
    with pytest.raises(ValueError, match=f"has 3 steps to learn from: .* {FEWEST_LEARNED} are"):
        numbers([1.0, 2, 3, 4])
    with pytest.raises(ValueError, match="has 7 steps to learn from with a season of 12"):
        numbers(WAVE[:20], season=12, reads="changes")
    for length in (3, 8, 20):
        seasonal = {"season": 12, "reads": "changes", "leaves": "season", "validation": 0.5}
        with pytest.raises(ValueError, match="so about") as refused:
            numbers(WAVE[:length], **seasonal)
        more = int(str(refused.value).split("about ")[1].split()[0])
        numbers(WAVE[: length + more], **seasonal)
        with pytest.raises(ValueError, match="so about 1 more value would do"):
            numbers(WAVE[: length + more - 1], **seasonal)


@pytest.mark.parametrize("loss", in_a_tab_only("gaussian", ["gaussian", "squared_error"]))
def test_a_wave_is_learned_and_forecast(loss):
    trainer = make(WAVE, 12, loss=loss, hidden_size=16, batch_size=4, input_noise=0.0)
    before, after = trainer.train(steps=10), trainer.train(steps=190)
    assert after.smooth_loss < before.smooth_loss
    ahead = np.sin(np.arange(120, 144) * 2 * np.pi / 12)
    forecast = trainer.forecast(24)
    assert np.abs(forecast.mean - ahead).mean() < 0.25
    assert (forecast.quantiles[0.1] < forecast.quantiles[0.9]).all()
    assert forecast.dates is None


def test_many_places_are_forecast_as_each_alone():
    trainer = make()
    trainer.train(steps=20)
    task, network = task_of(trainer), trainer.best.copy(np.float64)
    together = look_ahead(task, network, RISING, np.array([30, 41, 60]), 7).central
    for origin, ahead in zip([30, 41, 60], together, strict=True):
        alone = look_ahead(task, network, RISING[:origin], np.array([origin]), 7).central
        np.testing.assert_allclose(ahead, alone[0])


def test_no_place_knows_what_comes_after_a_gap():
    trainer = make()
    trainer.train(steps=5)
    one, two = RISING.copy(), RISING.copy()
    two[41:] += 100
    one[38:41] = two[38:41] = np.nan
    ahead = [
        look_ahead(task_of(trainer), trainer.best, x, np.array([30, 40]), 3).central
        for x in (one, two)
    ]
    np.testing.assert_array_equal(*ahead)


def test_a_forecast_is_what_the_network_says_fed_back():
    trainer = make(WAVE, None, reads="levels", leaves="last")
    trainer.train(steps=5)
    task, network = task_of(trainer), trainer.best.copy(np.float64)
    known = list(WAVE)
    for _ in range(4):
        z = (np.array(known) - WAVE[:102].mean()) / WAVE[:102].std()
        outputs, _, _ = network.forward(z[:, None, None])
        known.append(task.add(np.array(known), outputs[-1, 0, 0]))
    np.testing.assert_allclose(
        look_ahead(task, network, WAVE, np.array([120]), 4).central[0], known[120:]
    )


def test_the_same_seed_draws_the_same_ways():
    trainer = make()
    trainer.train(steps=5)
    one, two, other = (trainer.forecast(5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.quantiles[0.9], two.quantiles[0.9])
    assert (one.quantiles[0.9] != other.quantiles[0.9]).any()
    np.testing.assert_array_equal(one.mean, other.mean)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_saved_run_goes_on_bit_for_bit(workers):
    whole, first = (make(workers=workers, dropout=0.2) for _ in range(2))
    whole.train(steps=50)
    first.train(steps=21)
    second = load(io.BytesIO(saved(first)))
    assert saved(second) == saved(first)
    second.train(steps=29)
    assert saved(second) == saved(whole)
    np.testing.assert_array_equal(second.forecast(5).mean, whole.forecast(5).mean)


def test_dates_name_and_notes_are_kept():
    dates = np.arange("1990-01", "1995-01", dtype="datetime64[M]").astype("datetime64[D]")
    values = RISING.copy()
    values[30] = np.nan
    series = Series(values, 12, dates, "sales", ["One value is missing."])
    trainer = Trainer(series, Config.for_series(series, **SMALL))
    again = load(io.BytesIO(saved(trainer)))
    assert (again.series.name, again.series.period) == ("sales", 12)
    assert again.series.notes == ("One value is missing.",)
    np.testing.assert_array_equal(again.series.values, series.values)
    dates_ahead = again.forecast(2).dates
    assert dates_ahead is not None
    expected = ["1995-01", "1995-02"]
    assert [again.series.date_text(date) for date in dates_ahead] == expected


def test_what_is_for_the_other_kind_of_run_says_so():
    with pytest.raises(ValueError, match="has learned a series, not a text"):
        make().sample()
    text = Trainer("hello world, hello all " * 3)
    with pytest.raises(ValueError, match="has learned a text, not a series"):
        text.forecast(3)
    with pytest.raises(ValueError, match="horizon must be"):
        make().forecast(0)


def test_settings_are_chosen_by_the_series():
    rising = Config.for_series(Series(RISING[:55], 4))
    assert (rising.reads, rising.leaves, rising.season) == ("changes", "season", 4)
    wave = Config.for_series(Series(WAVE))
    assert (wave.reads, wave.leaves, wave.season) == ("levels", "last", 12)
    often = Config.for_series(Series(RISING, 4))  # 51 values to learn from: 12 seasons
    assert (often.reads, often.leaves) == ("changes_and_season", "season")
    smooth = Config.for_series(Series(np.sin(np.arange(120) / 5), 1))
    assert (smooth.reads, smooth.leaves) == ("levels_and_change", "last")
    assert Config.for_series(Series(WAVE, 1)).season == 1
    assert Config.for_series(Series(WAVE), reads="changes").reads == "changes"
    growing = Series(np.exp(RISING / 20), 4)
    assert (rising.logarithm, Config.for_series(growing).logarithm) == ("no", "yes")


def test_of_a_long_series_only_the_end_is_read():
    trainer = make(WAVE, 12)
    trainer.train(steps=5)
    task, long = task_of(trainer), np.tile(WAVE, 30)
    origins = np.array([3400, 3600])
    network, ahead = trainer.best.copy(np.float64), []
    for place in (origins[0] - READ - task.memory - 1, origins[0] - 5, None):
        values = long.copy()
        if place is not None:
            values[:place] += 1000
        ahead.append(look_ahead(task, network, values, origins, 3).central)
    np.testing.assert_array_equal(ahead[0], ahead[2])
    assert (ahead[1][0] != ahead[2][0]).any()
    whole = look_ahead(task, network, long[-READ:], np.array([READ]), 3)
    np.testing.assert_allclose(whole.central[0], ahead[2][1], rtol=1e-9)


def test_a_gap_longer_than_what_is_read_is_looked_over():
    trainer = make(WAVE, 12)
    values = np.concatenate([WAVE, np.full(READ + 50, np.nan)])
    forecast = look_ahead(task_of(trainer), trainer.best, values, np.array([len(values)]), 3)
    assert np.isfinite(forecast.central).all()
