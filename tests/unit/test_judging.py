"""How forecasts are judged: parts, origins, errors, intervals; and what the baselines reach."""

import math

import numpy as np
import pytest

from rnn_pkg.look.baselines import Naive, SeasonalNaive
from rnn_pkg.look.judging import backtest, intervals, seasonal_error
from rnn_pkg.tasks.generated import lorenz, mackey_glass, sine, trend_and_season
from rnn_pkg.tasks.parts import MOST_ORIGINS, Parts, bridged, parts_of
from tests.unit.known_series import facts


class Fixed:
    """Forecasts what it is told."""

    name = "fixed"

    def __init__(self, answer):
        self.answer = answer

    def fit(self, values, parts):
        self.fitted = len(values), parts

    def forecast(self, values, origins, horizon):
        return self.answer(origins[:, None] + np.arange(horizon))


def noise(length=200, seed=0):
    return np.random.default_rng(seed).standard_normal(length)


def test_parts_follow_one_another():
    parts = parts_of(noise(120), 4, 6)
    assert parts == Parts(80, 100, 120, 4)
    assert parts.calibration_origins.tolist() == list(range(80, 97))
    assert parts.test_origins.tolist() == list(range(100, 117))
    assert parts.origins.tolist() == list(range(80, 117))


@pytest.mark.parametrize(("length", "horizon"), [(5000, 12), (5003, 12), (200_000, 48)])
def test_origins_of_a_long_series_are_spread(length, horizon):
    parts = parts_of(noise(length), horizon)
    origins = parts.origins
    assert len(set(np.diff(origins))) == 1
    assert MOST_ORIGINS / 2 < len(parts.test_origins) <= MOST_ORIGINS
    assert parts.test_origins[0] == parts.known
    assert origins[0] >= parts.training
    assert origins[-1] + horizon <= length
    assert (parts.calibration_origins + horizon <= parts.known).all()


@pytest.mark.parametrize(("horizon", "period"), [(1, 1), (12, 1), (12, 12), (3, 24)])
def test_too_short_a_series_is_told_how_long_it_must_be(horizon, period):
    fewest = next(n for n in range(1000) if is_long_enough(n, horizon, period))
    message = rf"has {fewest - 1} values; .* forecasts of {horizon} .* it needs {fewest} at least"
    with pytest.raises(ValueError, match=message):
        parts_of(noise(fewest - 1), horizon, period)
    assert len(backtest(noise(fewest), horizon, period).rows) == (5 if period > 1 else 3)


def is_long_enough(length, horizon, period):
    try:
        return bool(parts_of(noise(length), horizon, period))
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("values", "arguments", "message"),
    [
        (noise(), {"horizon": 0}, r"horizon must be a whole number from 1"),
        (noise(), {"horizon": 2.5}, r"horizon must be a whole number"),
        (noise(), {"horizon": 5, "period": -1}, r"period must be a whole number from 1"),
        (noise(), {"horizon": 5, "test": 7}, r"test must be a whole number from 14 to 97"),
        (noise().reshape(2, 100), {"horizon": 5}, r"values must be \(N,\), not \(2, 100\)"),
        (np.append(noise(), np.inf), {"horizon": 5}, r"between .* value 201 is inf"),
        (np.append(-1e300, noise()), {"horizon": 5}, r"value 1 is -1e\+300"),
        (np.full(200, np.nan), {"horizon": 5}, r"134 values in the training part .* only 0 are"),
        (
            np.where((np.arange(200) > 140) & (np.arange(200) < 165), np.nan, 1),
            {"horizon": 5},
            r"in the calibration part",
        ),
        (np.where(np.arange(200) > 170, np.nan, 1), {"horizon": 5}, r"in the test part"),
    ],
)
def test_what_cannot_be_judged(values, arguments, message):
    with pytest.raises(ValueError, match=message):
        parts_of(values, **arguments)


def test_gaps_are_bridged_by_a_line_and_at_an_end_by_what_is_near():
    values = np.array([np.nan, 1, np.nan, np.nan, 4, np.nan])
    assert bridged(values).tolist() == [1, 1, 2, 3, 4, 4]
    with pytest.raises(ValueError, match=r"no value of the series is known"):
        bridged(np.array([np.nan]))


def test_errors_are_as_they_are_defined():
    values = np.arange(120.0) + 3 * (np.arange(120) % 4)
    model = Fixed(lambda places: values[places] + np.array([1, -2, 5]))
    test = backtest(values, 3, 4, [model])
    (row,) = test.rows
    assert model.fitted == (100, test.parts)
    assert row.errors == pytest.approx([1, 2, 5])
    assert row.mae == pytest.approx(8 / 3)
    assert row.rmse == pytest.approx(math.sqrt(10))
    assert test.scale == pytest.approx(4)  # a season later, it is 4 higher
    assert row.mase == pytest.approx(2 / 3)
    assert (test.truth - row.forecasts == [-1, 2, -5]).all()
    assert row.forecasts.shape == test.truth.shape == (len(test.origins), 3)
    assert test.last.tolist() == values[test.origins - 1].tolist()
    assert row.width80 == 0
    assert row.coverage80 == 1  # it is always wrong by the same: the interval knows by how much
    assert row.offsets == pytest.approx(np.array([[-1, 2, -5]] * 2))


def test_missing_values_are_no_errors():
    values = noise(150)
    values[[10, 110, 130, 140]] = np.nan
    model = Fixed(lambda places: np.where(np.isnan(values[places]), 99, values[places] + 1))
    (row,) = backtest(values, 4, 1, [model]).rows
    assert row.mae == pytest.approx(1)
    assert row.coverage80 == 1


def test_a_series_that_repeats_itself_exactly_has_no_scale():
    test = backtest(sine(), 25, 25)
    assert test.scale == 0
    assert all(math.isnan(row.mase) for row in test.rows)
    exact = {row.name for row in test.rows if row.rmse < 1e-9}
    assert exact == {"seasonal naive", "ar", "seasonal difference ar"}


def test_the_scale_is_hyndman_s():
    values = np.array([1.0, 2, 4, np.nan, 9, 1])
    assert seasonal_error(values, 2) == pytest.approx((3 + 5 + 5.5) / 3)
    assert seasonal_error(values, 1) == pytest.approx((1 + 2 + 2.5 + 8) / 4)
    assert seasonal_error(np.full(20, 7.0), 3) == 0


@pytest.mark.parametrize("answer", [np.zeros((3, 5)), np.full((62, 5), np.nan)])
def test_an_answer_that_is_no_forecast_is_refused(answer):
    with pytest.raises(ValueError, match=r"forecasts of fixed must be \(62, 5\) finite numbers"):
        backtest(noise(), 5, 1, [Fixed(lambda places: answer)])


def test_intervals_are_the_ranks_of_what_is_known_by_then():
    """By hand: at each place and step, sort what was known there, and take the rank."""
    residuals, origins, window = noise(60 * 3).reshape(60, 3), np.arange(40, 100), 19
    residuals[[5, 30], [0, 2]] = np.nan
    places = np.array([70, 71, 85])
    lower, upper = intervals(residuals, origins, places, window)
    for k, place in enumerate(places):
        for h in range(3):
            known = [r[h] for r, o in zip(residuals, origins, strict=True) if o + h < place]
            near = sorted(r for r in known if not np.isnan(r))
            near = sorted([r for r in known if not np.isnan(r)][-window:])
            assert (lower[k, h], upper[k, h]) == (near[1], near[17])  # 2nd and 18th of 19


@pytest.mark.parametrize("window", [9, 19, 99])
def test_intervals_of_what_is_alike_hold_exactly_what_they_promise(window):
    residuals, places = noise(20_000), np.arange(window, 20_000)
    lower, upper = intervals(residuals[:, None], np.arange(20_000), places, window)
    inside = (lower[:, 0] <= residuals[places]) & (residuals[places] <= upper[:, 0])
    assert inside.mean() == pytest.approx(0.8, abs=0.01)


def test_of_few_residuals_the_largest_and_the_smallest_are_taken():
    lower, upper = intervals(np.array([[3.0], [-2], [1]]), np.arange(3), np.array([3]), 9)
    assert (lower.item(), upper.item()) == (-2, 3)
    with pytest.raises(ValueError, match=r"no value is known 1 steps ahead"):
        intervals(np.full((3, 1), np.nan), np.arange(3), np.array([3]), 9)


GENERATED = {
    "noisy sine": (sine(noise=0.3), 25, 25),
    "trend and season": (trend_and_season(360), 12, 12),
    "mackey-glass": (mackey_glass(), 1, 30),
    "lorenz": (lorenz(), 1, 10),
}


def check_coverage(values, period, horizon):
    test = backtest(values, horizon, period)
    assert len(test.origins) >= 30
    for row in test.rows:
        assert 0.7 <= row.coverage80 <= 0.9, row.name


@pytest.mark.parametrize("name", GENERATED)
def test_intervals_hold_of_generated_series(name):
    check_coverage(*GENERATED[name])


@pytest.mark.native
@pytest.mark.parametrize(("name", "period"), [("co2", 12), ("sunspots", 11)])
def test_intervals_hold_of_facts(name, period):
    check_coverage(facts(name), period, period)


@pytest.mark.native
@pytest.mark.parametrize(
    ("name", "period", "horizon", "best", "mase"),
    [
        ("airline", 12, 12, "seasonal difference ar", 0.459),
        ("co2", 12, 12, "seasonal difference ar", 0.388),
        ("sunspots", 11, 11, "ar", 0.952),
        ("nile", 1, 10, "ar", 0.665),
        ("lynx", 10, 10, "seasonal difference ar", 0.833),
    ],
)
def test_what_is_best_of_facts(name, period, horizon, best, mase):
    rows = backtest(facts(name), horizon, period).rows
    row = min(rows, key=lambda row: row.mae)
    assert row.name == best
    assert row.mase == pytest.approx(mase, abs=2e-3)


@pytest.mark.native
def test_airline_passengers_are_scaled_as_they_were_measured():
    test = backtest(facts("airline"), 12, 12, [SeasonalNaive(12), Naive()], test=24)
    assert len(test.origins) == 13  # it is the last two years
    assert test.rows[0].mase == pytest.approx(1.80, abs=5e-3)


@pytest.mark.native
def test_a_long_series_is_soon_judged():
    assert len(backtest(noise(200_000), 48, 24).rows) == 5
