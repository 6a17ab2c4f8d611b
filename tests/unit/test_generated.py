"""Generated series follow their equations, and are the same every time."""

import numpy as np
import pytest

from rnn_pkg.tasks.generated import lorenz, mackey_glass, sine, trend_and_season


def slope(x):
    """The central difference of fourth order; it lacks the two values at each end."""
    inner = (x[:-4] - 8 * x[1:-3] + 8 * x[3:-1] - x[4:]) / 12
    return np.pad(inner, 2, constant_values=np.nan)


def test_a_sine_is_told_by_its_last_two_values():
    x = sine(200, 25)
    assert x[2:] == pytest.approx(2 * np.cos(2 * np.pi / 25) * x[1:-1] - x[:-2], abs=1e-12)
    assert x[25:] == pytest.approx(x[:-25], abs=1e-12)


def test_noise_has_its_size_and_its_seed():
    noise = sine(5000, noise=0.3, seed=1) - sine(5000)
    assert noise.std() == pytest.approx(0.3, rel=0.05)
    assert (sine(50, noise=0.3, seed=1) == sine(50, noise=0.3, seed=1)).all()
    assert (sine(50, noise=0.3, seed=1) != sine(50, noise=0.3, seed=2)).all()


def test_trend_and_season_rise_by_the_slope_each_season():
    x = trend_and_season(120, 12, slope=0.5, noise=0)
    assert x[12:] - x[:-12] == pytest.approx(6)
    assert x[:12].std() > 5


def test_mackey_and_glass_s_equation_holds():
    """Central differences of a solution in fine steps, and what the equation says of them."""
    x = mackey_glass(600)
    assert 0.2 < x.min() < 0.6
    assert 1.2 < x.max() < 1.4
    t = np.arange(20, 590)
    delayed = x[t - 17]
    assert slope(x)[t] == pytest.approx(0.2 * delayed / (1 + delayed**10) - 0.1 * x[t], abs=2e-3)


def test_mackey_and_glass_s_series_is_chaotic():
    one, other = mackey_glass(1500), mackey_glass(1500, start=1.2 + 1e-6)
    apart = np.abs(one - other)
    assert apart[:10].max() < 1e-3
    assert apart[-500:].max() > 100 * apart[:10].max()


def test_a_delay_that_is_no_delay_is_refused():
    with pytest.raises(ValueError, match=r"tau must be at least 0.1, not 0"):
        mackey_glass(10, tau=0)


def test_lorenz_s_series_goes_round_both_places():
    x = lorenz(1000)
    assert -20 < x.min() < -15
    assert 15 < x.max() < 20
    assert 0.2 < (x > 0).mean() < 0.8


def test_lorenz_s_equations_hold():
    """The first tells y of x, the second z of both, and then the third must be true."""
    interval = 0.005
    x = lorenz(2000, interval)
    y = x + slope(x) / interval / 10
    with np.errstate(divide="ignore"):
        z = 28 - (slope(y) / interval + y) / x
    far = np.abs(x) > 4  # from where z can't be told
    error = slope(z) / interval - (x * y - 8 / 3 * z)
    assert np.nanmax(np.abs(error[far])) < 0.5  # of up to 400
    assert np.nanmax(z[far]) > 35


def test_lorenz_s_steps_are_a_hundredth():
    assert lorenz(500, 0.01)[::5] == pytest.approx(lorenz(100, 0.05), abs=1e-6)
