"""Networks as forecasters: the mean of several, judged like any other way to look ahead."""

import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np

from rnn_pkg.checks import checked_number, shown
from rnn_pkg.config import Config
from rnn_pkg.look import judging
from rnn_pkg.look.baselines import baselines
from rnn_pkg.look.judging import Backtest
from rnn_pkg.look.verdict import NETWORK
from rnn_pkg.tasks.forecasting import looking_ahead
from rnn_pkg.tasks.parts import LONGEST_PERIOD, Origins, Parts, Values, parts_of
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.slices import Work, finished, told
from rnn_pkg.tasks.suited import season_of
from rnn_pkg.training.rescue import Rescuer
from rnn_pkg.training.trainer import Trainer

SEEDS = 4
"""So many networks are trained, each from other first weights; the mean of what they say has less
chance in it."""

ALTERNATES = {"changes_and_season": "seasonal_changes"}
"""Where the first reads this, every second reads that: who reads differently errs differently."""

STEPS = 500
"""Each is trained for so many steps, and the best of them kept."""

NEARLY = 0.999
"""So much is done when the networks have learned, and only have to forecast."""

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
        steps: int | None = None,
    ) -> None:
        """Prepare them.

        Args:
            season: the number of values in a season; 1 if there is none.
            settings: fields of Config that are given rather than chosen. As nothing but a mean is
                asked of the networks, squared errors are their loss if none is given.
            seconds: at most so long a `fit` may take, but for a step of each.
            steps: of each network; None takes STEPS.
        """
        self._settings = {"season": season, "loss": "squared_error"} | (settings or {})
        if "validation" in self._settings:
            raise ValueError("validation can't be given: how the series is divided settles it")
        self._seconds, self._steps = seconds, steps or STEPS
        self.trainers: list[Trainer] = []

    def _config(self, first: Config, number: int) -> Config:
        """Return the settings of one of the networks, given those of the first."""
        reads = first.reads
        if number % 2 and "reads" not in self._settings:
            reads = ALTERNATES.get(reads, reads)
        return first.replace(reads=reads, seed=(first.seed + number) % 2**32)

    def fit(self, values: Values, parts: Parts) -> None:
        """Learn from values[:parts.training], and keep what knows the rest best."""
        for _ in self.fitting(values, parts):
            pass

    def fitting(self, values: Values, parts: Parts) -> Iterator[float]:
        """Do what `fit` does, step by step; yield after each how much is done, 0 to 1."""
        series = Series(values)
        held_out = (parts.known - parts.training) / parts.known
        config = Config.for_series(series, **({"validation": held_out} | self._settings))
        self.trainers = []
        start = time.perf_counter()
        for number in range(SEEDS):
            trainer = Trainer(series, self._config(config, number))
            end = None if self._seconds is None else start + self._seconds * (number + 1) / SEEDS
            rescuer = Rescuer(trainer)
            while trainer.steps < self._steps:
                rescue = rescuer.step()
                yield (number + trainer.steps / self._steps) / SEEDS
                if rescue and rescue.gives_up:
                    break
                if end is not None and time.perf_counter() >= end:
                    break
            self.trainers.append(trainer)

    def forecast(self, values: Values, origins: Origins, horizon: int) -> Values:
        """Return the mean of what the networks forecast from each origin, (K, H)."""
        return finished(self.forecasting(values, origins, horizon))

    def forecasting(self, values: Values, origins: Origins, horizon: int) -> Work[Values]:
        """Do what `forecast` does, one origin after the other."""
        each = list[Values]()
        for trainer in self.trainers:
            work = looking_ahead(trainer.numbers, trainer.best, values, origins, horizon)
            paths = yield from work
            each.append(paths.central)
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
    for done, so_far in backtesting(series, horizon, season, test, seconds, **settings):
        tell(done)
        found = so_far
    return found


def backtesting(
    series: Series,
    horizon: int = 12,
    season: int | None = None,
    test: int | None = None,
    seconds: float | None = None,
    **settings: Any,
) -> Generator[tuple[float, Backtest], None, None]:
    """Do what `backtest` does, step by step, with the same arguments.

    Yields:
        How much is done, 0 to 1, and the rows that there are by then.
    """
    season = checked_season(series, horizon, season, test)
    ensemble = Ensemble(season, settings, seconds)
    found = judging.prepared(series.values, horizon, season, test)
    for simple in baselines(season):
        found.rows.append(judging.judged(series.values, simple, found))
        yield 0.0, found
    for done in ensemble.fitting(series.values[: found.parts.known], found.parts):
        yield NEARLY * done, found
    work = ensemble.forecasting(series.values, found.parts.origins, found.parts.horizon)
    forecasts = yield from told(work, lambda done: (NEARLY, found))
    found.rows.append(judging.row_of(series.values, ensemble.name, forecasts, found))
    yield 1.0, found


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
    return finished(foreseeing(series, judged, seconds, **settings), tell)


def foreseeing(
    series: Series, judged: Backtest, seconds: float | None = None, **settings: Any
) -> Work[dict[str, list[float]]]:
    """Do what `ahead` does, step by step, with the same arguments; yield after each step how much
    is done, 0 to 1, and return what `ahead` returns."""
    parts = judged.parts
    ensemble = Ensemble(judged.period, settings, seconds)
    whole = Parts(parts.known, parts.length, parts.length, parts.horizon)
    yield from ensemble.fitting(series.values, whole)
    end = np.array([parts.length])
    (mean,) = ensemble.forecast(series.values, end, parts.horizon)
    lower, upper = judged.row(NETWORK).offsets
    columns = {"mean": mean, "0.1": mean + lower, "0.5": mean, "0.9": mean + upper}
    return {name: [float(value) for value in values] for name, values in columns.items()}
