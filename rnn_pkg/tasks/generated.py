"""Series made by equations: what a forecast should reach on them is known, or known to be hard."""

import math
from collections.abc import Callable

import numpy as np

from rnn_pkg.tasks.parts import Values

SIGMA, RHO, BETA = 10.0, 28.0, 8 / 3
"""Of Lorenz's equations, as in his paper."""


def sine(length: int = 500, period: float = 25.0, noise: float = 0.0, seed: int = 0) -> Values:
    """Return a sine wave, with noise if wanted: x_t = sin(2 pi t / period) + noise e_t.

    Without noise two values tell all that follow, x_t = 2 cos(2 pi / period) x_{t-1} - x_{t-2};
    with noise nobody's errors are smaller than the noise.

    Args:
        length: the number of values.
        period: the number of values in a wave.
        noise: the standard deviation of what is added; e_t is drawn from N(0, 1).
        seed: draws it.
    """
    wave: Values = np.sin(2 * np.pi * np.arange(length) / period)
    wave += noise * np.random.default_rng(seed).standard_normal(length)
    return wave


def trend_and_season(
    length: int = 240,
    period: int = 12,
    slope: float = 0.5,
    amplitude: float = 10.0,
    noise: float = 2.0,
    seed: int = 0,
) -> Values:
    """Return what rises steadily and repeats itself, as sales may:

        x_t = 100 + slope t + amplitude s_t + noise e_t
        s_t = sin(2 pi t / period) + cos(4 pi t / period) / 2

    Args:
        length: the number of values.
        period: the number of values in a season.
        slope: by how much it rises with each value.
        amplitude: of the season s_t, which its second, lower wave makes lopsided.
        noise: the standard deviation of what is added; e_t is drawn from N(0, 1).
        seed: draws it.
    """
    t = np.arange(length)
    season = np.sin(2 * np.pi * t / period) + np.cos(4 * np.pi * t / period) / 2
    drawn = np.random.default_rng(seed).standard_normal(length)
    return 100 + slope * t + amplitude * season + noise * drawn


def mackey_glass(length: int = 1000, tau: float = 17.0, start: float = 1.2) -> Values:
    """Return Mackey and Glass's model of the number of blood cells, one value a unit of time:

        dx/dt = 0.2 x(t - tau) / (1 + x(t - tau)^10) - 0.1 x(t)

    What dies off now is made up for tau later. With tau = 17 the series is chaotic: close starts
    part, so it can be told for a while, and not for long.

    It is solved by the Runge-Kutta method of fourth order in steps of a tenth; x(t - tau) between
    two steps is the mean of theirs. The first 300 units of time, in which it forgets where it
    began, are left out.

    Args:
        length: the number of values.
        tau: the delay, at least 0.1; it is rounded to a tenth.
        start: x until t = 0.

    Raises:
        ValueError: tau is too small.

    Source: M. C. Mackey and L. Glass, Oscillation and chaos in physiological control systems,
    Science 197 (1977).
    """
    step, steps, forgotten = 0.1, 10, 300
    delay = round(tau * steps)
    if delay < 1:
        raise ValueError(f"tau must be at least 0.1, not {tau:g}")
    x = [start] * (delay + 1)
    for _ in range((forgotten + length - 1) * steps):
        before, after = x[-delay - 1], x[-delay]
        made = [_production(before), _production((before + after) / 2), _production(after)]
        now = x[-1]
        k1 = made[0] - 0.1 * now
        k2 = made[1] - 0.1 * (now + step / 2 * k1)
        k3 = made[1] - 0.1 * (now + step / 2 * k2)
        k4 = made[2] - 0.1 * (now + step * k3)
        x.append(now + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(x[delay + forgotten * steps :: steps])


def _production(x: float) -> float:
    """Return 0.2 x / (1 + x^10).

    The power is made of products: `**` may round differently on another machine, and chaos makes
    much of little.
    """
    fifth = x * x * x * x * x
    return 0.2 * x / (1 + fifth * fifth)


def lorenz(length: int = 1000, interval: float = 0.05) -> Values:
    """Return x of Lorenz's model of air that is warmed from below:

        dx/dt = 10 (y - x)    dy/dt = x (28 - z) - y    dz/dt = x y - 8/3 z

    x circles around one of two places, and crosses over to the other after some rounds; after how
    many is hard to tell, as close starts soon part here, too.

    It is solved by the Runge-Kutta method of fourth order in steps of at most a hundredth. The
    first 20 units of time, in which it comes from (1, 1, 1) to where it stays, are left out.

    Args:
        length: the number of values.
        interval: the time from one to the next.

    Source: E. N. Lorenz, Deterministic nonperiodic flow, Journal of the Atmospheric Sciences 20
    (1963).
    """
    steps = math.ceil(interval / 0.01 - 1e-9)  # of an interval
    forgotten = math.ceil(20 / interval)
    step, state, x = interval / steps, (1.0, 1.0, 1.0), []
    for _ in range(forgotten + length):
        x.append(state[0])
        for _ in range(steps):
            state = _runge_kutta(state, step)
    return np.array(x[forgotten:])


State = tuple[float, float, float]


def _flow(state: State) -> State:
    """Return how fast Lorenz's x, y and z change."""
    x, y, z = state
    return SIGMA * (y - x), x * (RHO - z) - y, x * y - BETA * z


def _runge_kutta(state: State, step: float) -> State:
    """Return Lorenz's x, y and z a step of time later."""

    def moved(by: float, change: State) -> State:
        x, y, z = (value + by * rate for value, rate in zip(state, change, strict=True))
        return x, y, z

    k1 = _flow(state)
    k2 = _flow(moved(step / 2, k1))
    k3 = _flow(moved(step / 2, k2))
    k4 = _flow(moved(step, k3))
    rates = zip(k1, k2, k3, k4, strict=True)
    dx, dy, dz = ((a + 2 * b + 2 * c + d) / 6 for a, b, c, d in rates)
    return moved(step, (dx, dy, dz))


MADE: dict[str, Callable[[], Values]] = {
    "sine": sine,
    "noisy-sine": lambda: sine(noise=0.3),
    "trend-and-season": trend_and_season,
    "mackey-glass": mackey_glass,
    "lorenz": lorenz,
}
"""The examples, by the names that the page has for them."""
