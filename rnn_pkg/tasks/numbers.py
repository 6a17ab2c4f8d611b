"""The task of forecasting a series: what a network reads of it, and what it is to say."""

from typing import NamedTuple, Protocol

import numpy as np

from rnn_pkg.checks import shown
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.tasks.parts import Values, bridged
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

        (z_t - mean) / deviation                     "levels", or
        (z_t - z_{t-1}) / s_1, (z_t - z_{t-m}) / s_m   "changes", the second if m > 1,

    and is to say what a simple forecast of z_{t+1} leaves over, which is z_t ("last") or z_{t+1-m}
    ("season"). All is divided by its standard deviation in the training part. A missing value is
    bridged by a straight line to be read, and is not learned.

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
        self._check_length(known)
        levels = self.forward(series.values)
        filled = bridged(levels)
        self._mean = float(np.mean(filled[:known]))
        self._scales = [
            _spread(filled[:known] - self._mean)
            if lag == 0
            else _spread(filled[lag:known] - filled[: known - lag])
            for lag in self._lags
        ]
        left = levels[self._back :] - filled[: -self._back]  # of the steps from `back` on
        self._scale = _spread(left[: known - self._back][~np.isnan(left[: known - self._back])])
        targets = np.full(len(series), np.nan)
        targets[self._first - 1 : -1] = left[self._first - self._back :] / self._scale
        inputs = self.inputs(filled)
        self.whole = Steps(inputs, targets)
        learned = targets[:known].copy()
        learned[-1] = np.nan  # of the first that is held out
        self.training = Steps(inputs[:known], learned)
        self.ends = ends_of(settings)
        self.blind_loss = (1 + np.log(2 * np.pi)) / 2 if settings.loss == "gaussian" else 0.5

    def _check_length(self, known: int) -> None:
        needed = self._first + FEWEST_LEARNED
        if known < needed:
            raise ValueError(
                f"the series has {known} values to learn from: with a season of {self._season} at "
                f"least {needed} are needed"
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
    def _first(self) -> int:
        """The first step of which something is to be said."""
        return max(self._reach + 1, self._back)

    @property
    def memory(self) -> int:
        """How many of the last values a forecast needs, beside the network's state."""
        return max(self._reach + 1, self._back)

    def forward(self, values: Values) -> Values:
        """Return z of values."""
        return np.log(values) if self._by_logarithm else values

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
        for lag, scale in zip(self._lags, self._scales, strict=True):
            before = levels[start - lag : len(levels) - lag] if lag else self._mean
            columns.append((levels[start:] - before) / scale)
        return np.stack(columns, axis=-1)

    def add(self, levels: Values, said: Values) -> Values:
        """Return the next z, given those so far (n, ...) and what the network says of it (...)."""
        following: Values = levels[-self._back] + self._scale * said
        return following

    @property
    def scale(self) -> float:
        """What a said 1 is, in z."""
        return self._scale


def ends_of(settings: Settings) -> Ends:
    """Return the ends of a network that learns a series by these settings."""
    inputs = 1 + (settings.reads == "changes" and settings.season > 1)
    return Ends(inputs, OUTPUTS[settings.loss], settings.loss)


def _spread(values: Values) -> float:
    """Return a standard deviation to divide by: 1 if there is none."""
    deviation = float(np.std(values)) if len(values) else 0.0
    return deviation if deviation > 1e-12 * float(np.max(np.abs(values), initial=1e-300)) else 1.0
