"""The season that is proposed: where there is one, where there is none, and how soon."""

import numpy as np
import pytest

from rnn_pkg.tasks.generated import sine, trend_and_season
from rnn_pkg.tasks.season import autocorrelation, propose_season
from tests.unit.known_series import facts


def drawn(seed, length=300):
    return np.random.default_rng(seed).standard_normal(length)


@pytest.mark.parametrize(
    ("values", "period"),
    [
        (sine(), 25),
        (sine(noise=0.3), 25),
        (sine(noise=0.6), 25),
        (sine(300, 7, noise=0.5), 7),
        (sine(300, 12) * 3 + drawn(0).cumsum(), 12),
        (trend_and_season(), 12),
        (np.tile([1.0, 2.0], 30), 2),
        (np.tile([1.0, 2.0, 5.0], 30), 3),
        (1e-9 * sine(), 25),
        (1e9 + sine(), 25),
    ],
)
def test_seasons(values, period):
    assert propose_season(values).period == period


@pytest.mark.native
@pytest.mark.parametrize(
    ("name", "period"), [("airline", 12), ("co2", 12), ("sunspots", 11), ("lynx", 10)]
)
def test_seasons_of_facts(name, period):
    assert propose_season(facts(name)).period == period


@pytest.mark.native
def test_the_nile_has_none():
    assert propose_season(facts("nile")) is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "made",
    [
        lambda e: e,
        lambda e: e.cumsum(),
        lambda e: e + 0.1 * np.arange(len(e)),
        lambda e: (e + 0.3).cumsum(),
        lambda e: e + np.arange(len(e)) ** 2 / len(e),
        lambda e: e[:250] + e[250:].cumsum(),
    ],
    ids=["noise", "walk", "trend", "drifting walk", "parabola", "noisy walk"],
)
def test_what_has_no_season(made, seed):
    assert propose_season(made(drawn(seed, 500))) is None


def test_what_is_only_rounding_has_none():
    assert propose_season(0.1 * np.arange(300)) is None
    assert propose_season(np.ones(300)) is None


@pytest.mark.parametrize("length", range(9))
def test_too_short_a_series_has_none(length):
    assert propose_season(np.arange(length) % 2.0) is None
    assert propose_season(np.full(length, np.nan)) is None


def test_gaps_are_bridged():
    values = sine(noise=0.1)
    values[[3, 77, 78, 240, -1]] = np.nan
    assert propose_season(values).period == 25


def test_infinite_values_are_refused():
    with pytest.raises(ValueError, match=r"value 3 is inf"):
        propose_season(np.array([1.0, 2.0, np.inf]))


def test_autocorrelation_follows_the_formula():
    x = drawn(1, 40)
    centred = x - x.mean()
    expected = [sum(centred[k:] * centred[: 40 - k]) / sum(centred**2) for k in range(6)]
    assert autocorrelation(x, 5) == pytest.approx(expected)


def test_of_a_long_series_the_end_is_looked_at():
    assert propose_season(np.concatenate([sine(150_000, 40), sine(50_000, 24)])).period == 24
