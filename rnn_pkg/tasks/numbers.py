"""The task of forecasting a series: what a network reads of it, and what it is to say."""

from typing import NamedTuple, Protocol

import numpy as np

from rnn_pkg.checks import shown
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.tasks.parts import NOTHING, Values, bridged
from rnn_pkg.tasks.series import Series

FEWEST_LEARNED = 8
"""A network learns from at least so many values."""

OUTPUTS = {"gaussian": 2, "squared_error": 1}
"""How many numbers the network says of a step, by the loss: a mean, and maybe a log-variance."""


class Settings(Protocol):
    """What of a Config says how a series is learned."""

    @property
    def season(self) -> int: ...
    @property
    def reads(self) -> str: ...
    @property
    def leaves(self) -> str: ...
    @property
    def logarithm(self) -> str: ...
    @property
    def loss(self) -> str: ...
    @property
    def validation(self) -> float: ...


class Steps(NamedTuple):
    """Material of a series: what is read at each step, and what should be said of the next.

    Attributes:
        inputs: (n, I).
        targets: (n,), NaN where nothing is known of the next step.
    """

    inputs: Array
    targets: Array

    @property
    def size(self) -> int:
        """n."""
        return len(self.targets)

    def at(self, places: Ids) -> tuple[Array, Array]:
        """Return what is read at these places, and what should be said."""
        places = places % self.size
        return self.inputs[places], self.targets[places]


class Numbers:
    """A series to be forecast, as a network reads it.

    With z_t the value, or its logarithm, and m the season, the network reads either

        z_t                              "levels", or
        z_t - z_{t-1} and z_t - z_{t-m}  "changes", the second if m > 1,

    and is to say what a simple forecast of z_{t+1} leaves over, which is z_t ("last") or z_{t+1-m}
    ("season"). All is scaled: the training part has mean 0 and standard deviation 1. A missing
    value is bridged by a straight line to be read. Nothing is learned of it, nor after it of the
    value that the line leads to.

    Attributes:
        series: what is to be forecast.
        ends: what a network reads and says that learns it.
        whole: all of it as Material; its first part is `training`.
        blind_loss: that of a network that always says the mean and the spread.
    """

    def __init__(self, series: Series, settings: Settings) -> None:
        """Part the series by time, and scale it by its training part.

        Raises:
            ValueError: it is too short, or the settings don't suit it; it says what is needed.
        """
        self.series, self._season, self._reads = series, settings.season, settings.reads
        self._back = settings.season if settings.leaves == "season" else 1
        self._by_logarithm = settings.logarithm == "yes"
        held_out = round(settings.validation * len(series))
        known = len(series) - held_out
        if self._by_logarithm and not np.nanmin(series.values) > 0:
            lowest = float(np.nanmin(series.values))
            raise ValueError(
                "logarithm must be no for a series that has values of 0 or below, such as "
                f"{shown(lowest)}"
            )
        levels = self.forward(series.values)
        filled = bridged(levels)
        # What is held out must not be told by a line that leads there.
        learned = levels[:known]
        self._scales = [
            _mean_and_spread(learned[lag:] - learned[: known - lag] if lag else learned)
            for lag in self._lags
        ]
        left = np.full(len(levels), np.nan)  # over, at each step
        left[self._back :] = levels[self._back :] - filled[: len(levels) - self._back]
        left[: self.memory] = np.nan
        self._mean, self._scale = _mean_and_spread(left[:known])
        targets = np.append((left[1:] - self._mean) / self._scale, np.nan)
        # The line over a gap leads to what comes next.
        targets[np.isnan(levels)] = np.nan
        self.whole = Steps(self.inputs(filled), targets)
        targets = targets[:known].copy()
        targets[-1] = np.nan  # of the first that is held out
        self.training = Steps(self.inputs(bridged(learned)), targets)
        self._check_length(int(np.count_nonzero(~np.isnan(targets))))
        self.ends = ends_of(settings)
        self.blind_loss = (1 + np.log(2 * np.pi)) / 2 if settings.loss == "gaussian" else 0.5

    def _check_length(self, steps: int) -> None:
        if steps < FEWEST_LEARNED:
            season = f" with a season of {self._season}" if self._season > 1 else ""
            raise ValueError(
                f"the series has {steps} steps to learn from{season}: at least {FEWEST_LEARNED} "
                "are needed"
            )

    @property
    def _lags(self) -> list[int]:
        """How many steps back the changes go that are read; 0 is the level."""
        if self._reads == "levels":
            return [0]
        return [1, self._season] if self._season > 1 else [1]

    @property
    def _reach(self) -> int:
        """How many values must stand before one that can be read."""
        return max(self._lags)

    @property
    def memory(self) -> int:
        """How many of the last values a forecast needs, beside the network's state."""
        return max(self._reach + 1, self._back)

    def forward(self, values: Values) -> Values:
        """Return z of values; one that has none, as 0 has no logarithm, is taken for missing."""
        if not self._by_logarithm:
            return values
        return np.log(np.where(values > 0, values, np.nan))

    def back(self, levels: Values) -> Values:
        """Return the values of z."""
        return np.exp(levels) if self._by_logarithm else levels

    def inputs(self, levels: Values) -> Array:
        """Return what is read at each z (n,), nothing missing: (n, I), 0 where too few stand
        before."""
        inputs = np.zeros((len(levels), len(self._lags)))
        inputs[self._reach :] = self.read(levels)
        return inputs

    def read(self, levels: Values) -> Array:
        """Return what is read at each z that has enough others before it.

        Args:
            levels: (n, ...), z, nothing missing, along the first axis.

        Returns:
            (n - the longest lag, ..., I).
        """
        start, columns = self._reach, []
        for lag, (mean, spread) in zip(self._lags, self._scales, strict=True):
            before = levels[start - lag : len(levels) - lag] if lag else 0.0
            columns.append((levels[start:] - before - mean) / spread)
        return np.stack(columns, axis=-1)

    def add(self, levels: Values, said: Values) -> Values:
        """Return the next z, given those so far (n, ...) and what the network says of it (...)."""
        following: Values = levels[-self._back] + self._mean + self._scale * said
        return following


def ends_of(settings: Settings) -> Ends:
    """Return the ends of a network that learns a series by these settings."""
    inputs = 1 + (settings.reads == "changes" and settings.season > 1)
    return Ends(inputs, OUTPUTS[settings.loss], settings.loss)


def _mean_and_spread(values: Values) -> tuple[float, float]:
    """Return mean and standard deviation of those that are known, to scale by. Where they are all
    the same but for rounding, the second is their size, or 1."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 1.0
    largest = float(np.max(np.abs(known)))
    mean, deviation = float(np.mean(known)), float(np.std(known))
    return mean, deviation if deviation > NOTHING * largest else largest or 1.0
