"""What needs no network: against the same computed apart, by hand or by NumPy's lstsq."""

import numpy as np
import pytest

from rnn_pkg.look.baselines import (
    Autoregression,
    Drift,
    Naive,
    SeasonalNaive,
    baselines,
    least_squares,
)
from rnn_pkg.tasks.generated import mackey_glass, sine, trend_and_season
from rnn_pkg.tasks.level import grows_with_level
from rnn_pkg.tasks.parts import Parts, parts_of
from tests.unit.known_series import facts


def at(*origins):
    return np.array(origins)


def wandering(seed=0, length=200):
    return np.random.default_rng(seed).standard_normal(length).cumsum()


def lstsq_coefficients(x, order):
    rows = [[1.0, *x[t - order : t][::-1]] for t in range(order, len(x))]
    return np.linalg.lstsq(np.array(rows), x[order:], rcond=None)[0]


def lstsq_forecast(x, coefficients, horizon):
    order, known = len(coefficients) - 1, list(x)
    for _ in range(horizon):
        known.append(coefficients @ [1.0, *known[: -order - 1 : -1]])
    return np.array(known[len(x) :])


def fitted(forecaster, values, horizon=12, period=1):
    parts = parts_of(values, horizon, period)
    forecaster.fit(values[: parts.known], parts)
    return forecaster, parts


def test_naive_repeats_the_last_value():
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    assert Naive().forecast(values, at(3, 5), 2).tolist() == [[4, 4], [5, 5]]


def test_seasonal_naive_repeats_the_last_season():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7])
    forecast = SeasonalNaive(3).forecast(values, at(6, 7), 5)
    assert forecast.tolist() == [[4, 5, 6, 4, 5], [5, 6, 7, 5, 6]]


def test_drift_goes_on_along_the_line():
    values = np.array([1.0, 9.0, 5.0])
    assert Drift().forecast(values, at(3), 3).tolist() == [[7, 9, 11]]
    assert Drift().forecast(values, at(1), 2).tolist() == [[1, 1]]


def test_gaps_are_bridged_by_what_is_known():
    values = np.array([1.0, 2, np.nan, 4, np.nan, 60])
    assert SeasonalNaive(2).forecast(values, at(4), 2).tolist() == [[3, 4]]
    assert Naive().forecast(values, at(5), 1).tolist() == [[4]]  # 60 is known only later
    assert SeasonalNaive(2).forecast(values, at(5), 2).tolist() == [[4, 4]]


@pytest.mark.native
def test_airline_passengers_repeated_for_two_years():
    """The published RMSE, 76.99: 1959 and 1960 are both told to be as 1958 was, from its end."""
    values = facts("airline")
    forecast = SeasonalNaive(12).forecast(values, at(120), 24)[0]
    assert np.sqrt(np.square(forecast - values[120:]).mean()) == pytest.approx(76.995, abs=5e-4)


@pytest.mark.parametrize("order", [1, 2, 9])
def test_an_autoregression_is_that_of_lstsq(order):
    values = wandering(order) + 1000
    ar, parts = fitted(Autoregression(orders=[order]), values)
    coefficients = lstsq_coefficients(values[: parts.training], order)
    for origin in parts.test_origins:
        forecast = ar.forecast(values, at(origin), 12)[0]
        expected = lstsq_forecast(values[:origin], coefficients, 12)
        assert forecast == pytest.approx(expected, rel=1e-9)


@pytest.mark.native
@pytest.mark.parametrize("order", [2, 12])
def test_a_seasonal_difference_autoregression_is_that_of_lstsq(order):
    values, period, horizon = facts("airline"), 12, 18
    ar, parts = fitted(Autoregression(period, [order]), values, horizon, period)
    assert ar.logarithm
    y = np.log(values)
    differences = y[period:] - y[:-period]
    coefficients = lstsq_coefficients(differences[: parts.training - period], order)
    for origin in parts.test_origins:
        steps = lstsq_forecast(differences[: origin - period], coefficients, horizon)
        known = list(y[:origin])
        for step in steps:
            known.append(known[-period] + step)
        forecast = ar.forecast(values, at(origin), horizon)[0]
        assert forecast == pytest.approx(np.exp(known[origin:]), rel=1e-9)


@pytest.mark.native
def test_what_was_measured_before_there_was_a_network():
    """Fitted to all before the test part, which is as long as it was then."""
    for name, season, order, test, horizon, measured in (
        ("airline", 12, 2, 24, 12, 0.487),
        ("sunspots", 0, 9, 88, 11, 1.036),
    ):
        values, period = facts(name), horizon
        n = len(values)
        ar = Autoregression(season, [order])
        ar.fit(values, Parts(n - test, n, n + test, horizon))
        origins = np.arange(n - test, n - horizon + 1)
        truth = values[origins[:, None] + np.arange(horizon)]
        known = values[: n - test]
        scale = np.abs(known[period:] - known[:-period]).mean()
        error = np.abs(ar.forecast(values, origins, horizon) - truth).mean()
        assert error / scale == pytest.approx(measured, abs=1e-3)


def test_the_order_is_chosen_by_the_calibration_part():
    values = mackey_glass(600)
    ar, parts = fitted(Autoregression(), values, 20)
    assert ar.order >= 16

    def error(order):
        one, _ = fitted(Autoregression(orders=[order]), values, 20)
        origins = parts.calibration_origins
        truth = values[origins[:, None] + np.arange(20)]
        return np.abs(one.forecast(values, origins, 20) - truth).mean()

    assert error(ar.order) == min(error(order) for order in (1, 2, 9, ar.order))


@pytest.mark.parametrize("forecaster", baselines(12), ids=lambda one: one.name)
def test_none_looks_at_what_comes_later(forecaster):
    values = trend_and_season(200)
    values[150:152] = np.nan
    fitted(forecaster, values, 12, 12)
    origins = at(150, 151, 152, 160)
    forecasts = forecaster.forecast(values, origins, 12)
    for k, origin in enumerate(origins):
        other = values.copy()
        other[origin:] = -1e6
        assert (forecaster.forecast(other, origins, 12)[k] == forecasts[k]).all()


@pytest.mark.parametrize(
    "values",
    [
        np.full(100, 7.0),
        np.arange(100) * 1e9,
        np.tile([1.0, 2.0], 50),
        sine(100, 25),
        1.5 ** np.arange(100),
        -(1.5 ** np.arange(100)),
        np.where(np.arange(100) == 50, 1e100, 1e-100),
        np.where(np.arange(100) % 3 == 1, np.nan, wandering(3, 100)),
    ],
    ids=["constant", "line", "steps", "sine", "growing", "falling", "giant", "gaps"],
)
@pytest.mark.parametrize("period", [1, 7])
def test_every_series_is_forecast(values, period):
    for forecaster in baselines(period):
        fitted(forecaster, values, 6, period)
        forecast = forecaster.forecast(values, at(90, 100), 50)
        assert forecast.shape == (2, 50)
        assert np.isfinite(forecast).all()


def test_a_constant_and_a_line_go_on():
    ar, _ = fitted(Autoregression(), np.full(60, 7.0), 6)
    assert ar.forecast(np.full(60, 7.0), at(60), 6) == pytest.approx(7)
    line = np.arange(100.0)
    for forecaster in (Drift(), Autoregression(5)):
        fitted(forecaster, line, 6, 5)
        assert forecaster.forecast(line, at(100), 6)[0] == pytest.approx(np.arange(100, 106))


def test_one_that_explodes_ends_somewhere():
    ar, _ = fitted(Autoregression(orders=[1]), 1.5 ** np.arange(60) - 1, 6)
    assert np.isfinite(ar.forecast(1.5 ** np.arange(60), at(60), 5000)).all()


def test_missing_values_are_not_fitted_to():
    values = wandering(5)
    values[20] = np.nan
    x = np.where(np.isnan(values), (values[19] + values[21]) / 2, values)
    rows = np.array([[1.0, x[t - 1]] for t in range(1, 200) if t != 20])
    expected = np.linalg.lstsq(rows, x[[t for t in range(1, 200) if t != 20]], rcond=None)[0]
    assert least_squares(values, 1) == pytest.approx(expected)


def test_a_season_of_which_nothing_is_known_is_refused():
    values = np.where(np.arange(100) % 2 == 1, np.nan, 1.0)
    with pytest.raises(ValueError, match=r"a season of 7 apart"):
        fitted(Autoregression(7), values, 6, 7)


def test_percentages_are_told_from_sums():
    noise = np.random.default_rng(0).standard_normal(240)
    t = np.arange(240)
    assert grows_with_level(np.exp(0.01 * t + 0.1 * noise), 12)
    assert grows_with_level(np.exp(0.01 * t + np.sin(t / 2) / 3), 12)
    assert not grows_with_level(100 + t + 10 * noise, 12)
    assert not grows_with_level(np.exp(0.01 * t + 0.1 * noise) - 2, 12)  # not all positive
    assert not grows_with_level(np.full(240, 3.0), 12)
    assert not grows_with_level(np.exp(0.01 * t[:30]), 12)  # too short to tell


@pytest.mark.native
def test_which_facts_are_percentages():
    assert grows_with_level(facts("airline"), 12)
    assert grows_with_level(facts("lynx"), 10)
    assert not grows_with_level(facts("nile"))
    assert not grows_with_level(facts("sunspots"), 11)  # some are 0


def test_without_a_season_there_are_fewer():
    assert [one.name for one in baselines()] == ["naive", "drift", "ar"]
    assert [one.name for one in baselines(12)] == [
        *("naive", "seasonal naive", "drift", "ar", "seasonal difference ar")
    ]
