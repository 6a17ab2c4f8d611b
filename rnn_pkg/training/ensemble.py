"""Networks as forecasters: the mean of several, judged like any other way to look ahead."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_pkg.checks import checked_number, shown
from rnn_pkg.config import Config
from rnn_pkg.look import judging
from rnn_pkg.look.baselines import baselines
from rnn_pkg.look.judging import Backtest
from rnn_pkg.look.verdict import NETWORK
from rnn_pkg.tasks.forecasting import look_ahead
from rnn_pkg.tasks.parts import LONGEST_PERIOD, Origins, Parts, Values, parts_of
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.suited import season_of
from rnn_pkg.training.rescue import Rescuer
from rnn_pkg.training.trainer import Trainer

SEEDS = 3
"""So many networks are trained, each from other first weights; the mean of what they say has less
chance in it."""

STEPS = 600
"""Each is trained for so many steps, and the best of them kept."""

Tell = Callable[[float], None]
"""Is told how much is done, 0 to 1."""


class Ensemble:
    """Networks that forecast together. It is a Forecaster: see `look.baselines`."""

    name = NETWORK

    def __init__(
        self,
        season: int,
        settings: dict[str, Any] | None = None,
        seconds: float | None = None,
        tell: Tell = lambda done: None,
        steps: int = STEPS,
    ) -> None:
        """Prepare them.

        Args:
            season: the number of values in a season; 1 if there is none.
            settings: fields of Config that are given rather than chosen.
            seconds: at most so long a `fit` may take, but for a step of each.
            tell: is told how far a `fit` is.
            steps: of each network.
        """
        self._settings = {"season": season} | (settings or {})
        if "validation" in self._settings:
            raise ValueError("validation can't be given: how the series is divided settles it")
        self._seconds, self._tell, self._steps = seconds, tell, steps
        self.trainers: list[Trainer] = []

    def fit(self, values: Values, parts: Parts) -> None:
        """Learn from values[:parts.training], and keep what knows the rest best."""
        series = Series(values)
        held_out = (parts.known - parts.training) / parts.known
        config = Config.for_series(series, **({"validation": held_out} | self._settings))
        self.trainers = []
        start = time.perf_counter()
        for number in range(SEEDS):
            trainer = Trainer(series, config.replace(seed=config.seed + number))
            end = None if self._seconds is None else start + self._seconds * (number + 1) / SEEDS
            rescuer = Rescuer(trainer)
            while trainer.steps < self._steps:
                rescue = rescuer.step()
                self._tell((number + trainer.steps / self._steps) / SEEDS)
                if rescue and rescue.gives_up:
                    break
                if end is not None and time.perf_counter() >= end:
                    break
            self.trainers.append(trainer)

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return the mean of what the networks forecast from each origin, (K, H)."""
        each = [
            look_ahead(trainer.numbers, trainer.best, values, origins, horizon).central
            for trainer in self.trainers
        ]
        mean: Values = np.mean(each, axis=0)
        return mean


def backtest(
    series: Series,
    horizon: int = 12,
    season: int | None = None,
    test: int | None = None,
    seconds: float | None = None,
    tell: Tell = lambda done: None,
    **settings: Any,
) -> Backtest:
    """Judge what a network makes of a series, beside what needs none.

    The baselines and the mean of SEEDS networks are fitted to the training part, the first two
    thirds of the series; the calibration part, the next sixth, is what the best of each is chosen
    by; and from every place of the test part, the last sixth, the next values are forecast.

    Args:
        series: what is to be forecast.
        horizon: H, how many values are forecast at once.
        season: the number of values in a season, 1 for none; None takes what suits.
        test: the number of values in the test part, and in the calibration part, too.
        seconds: at most so long the networks may take.
        tell: is told how much is done, 0 to 1.
        settings: fields of Config that are given rather than chosen.

    Returns:
        A row a model, "network" last: see `Backtest`.

    Raises:
        ValueError: an argument is out of its range, or the series is too short; the message says
            what is needed.
    """
    season = checked_season(series, horizon, season, test)
    forecasters = [*baselines(season), Ensemble(season, settings, seconds, tell)]
    return judging.backtest(series.values, horizon, season, forecasters, test)


def checked_season(series: Series, horizon: int, season: int | None, test: int | None) -> int:
    """Return the season that is given, or that suits the training part.

    Raises:
        ValueError: it is out of its range, or this is no series that can be judged.
    """
    if not isinstance(series, Series):
        raise ValueError(f"series must be a rnn_pkg.Series, not {shown(series)}")
    parts = parts_of(series.values, horizon, season or 1, test)
    tried = parts.length - parts.known
    if 3 * tried > parts.length:
        raise ValueError(
            f"the series has {len(series):,} values; for a network to learn what comes in the next "
            f"{horizon:,}, it needs {3 * tried:,} at least. A shorter horizon needs fewer"
        )
    if season is not None:
        return int(checked_number("season", season, 1, LONGEST_PERIOD, int))
    return season_of(series, parts.training)


def ahead(
    series: Series,
    judged: Backtest,
    seconds: float | None = None,
    tell: Tell = lambda done: None,
    **settings: Any,
) -> dict[str, list[float]]:
    """Forecast what follows a series that was judged, by networks that have learned more of it.

    They learn all but the test part, which is what the best of each is now chosen by. The interval
    is that of the backtest: as wide as its errors were.

    Args:
        series: that was judged.
        judged: how.
        seconds, tell, settings: as for `backtest`.

    Returns:
        "mean", the point forecast, and the quantiles "0.1", "0.5" and "0.9": a list of the
        horizon's values each.
    """
    parts = judged.parts
    ensemble = Ensemble(judged.period, settings, seconds, tell)
    ensemble.fit(series.values, Parts(parts.known, parts.length, parts.length, parts.horizon))
    end = np.array([parts.length])
    (mean,) = ensemble.forecast(series.values, end, parts.horizon)
    lower, upper = judged.row(NETWORK).offsets
    columns = {"mean": mean, "0.1": mean + lower, "0.5": mean, "0.9": mean + upper}
    return {name: [float(value) for value in values] for name, values in columns.items()}
