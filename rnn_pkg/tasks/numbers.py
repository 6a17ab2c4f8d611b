"""The task of forecasting a series: what a network reads of it, and what it is to say."""

from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from rnn_pkg.checks import shown
from rnn_pkg.engine.ends import Ends
from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.tasks.guesses import Guess, standard_loss
from rnn_pkg.tasks.parts import NOTHING, Values, bridged
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.words import SERIES

FEWEST_LEARNED = 8
"""A network learns from at least so many values."""

SLIGHT = 1e-6
"""What the network says is multiplied by this part of the largest value, if all is known without
it, as of a series that never changes, or is an exact line."""

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


class Difference(NamedTuple):
    """A thing that is read at t: z_{t-ago} - z_{t-ago-lag}, or z_{t-ago} itself if lag is 0."""

    ago: int
    lag: int

    @property
    def reach(self) -> int:
        """How many values must stand before z_t."""
        return self.ago + self.lag

    def of(self, levels: Values, start: int) -> Values:
        """Return it at each z (n, ...) from place `start` on, which isn't below its reach."""
        size = max(0, len(levels) - start)
        later = levels[start - self.ago :][:size]
        return later - levels[start - self.reach :][:size] if self.lag else later


class Numbers:
    """A series to be forecast, as a network reads it.

    With z_t the value, or its logarithm, and m the season, the network reads either

        z_t                                        "levels", or
        z_t and z_t - z_{t-1}                      "levels_and_change", or
        z_t - z_{t-1}, and z_t - z_{t-m} if m > 1  "changes", or
        z_t - z_{t-m} and z_{t+1-m} - z_{t+1-2m}   "seasonal_changes", or
        all four and z_{t+1-m} - z_{t-m}           "changes_and_season";

    without a season, all but levels are z_t - z_{t-1}. What is read of t+1-m is what the series did
    a season ago, at the step that is to come. The network is to say what a simple forecast of
    z_{t+1} leaves over, which is z_t ("last") or z_{t+1-m} ("season"). All is scaled: the training
    part has mean 0 and standard deviation 1. A missing
    value is bridged by a straight line to be read. Nothing is learned of it, nor after it of the
    value that the line leads to.

    Attributes:
        series: what is to be forecast.
        ends: what a network reads and says that learns it.
        whole: all of it as Material; its first part is `training`.
        blind_loss: that of a network that always says the mean and the spread.
    """

    kind: Literal["numbers"] = "numbers"
    distinct: Literal[0] = 0

    def __init__(self, series: Series, settings: Settings) -> None:
        """Part the series by time, and scale it by its training part.

        Raises:
            ValueError: it is too short, or the settings don't suit it; it says what is needed.
        """
        self.series, self._season = series, settings.season
        self._differences = differences(settings)
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
            (mean, spread or abs(mean) or 1.0)
            for mean, spread in (
                _mean_and_spread(each.of(learned, each.reach)) for each in self._differences
            )
        ]
        left = np.full(len(levels), np.nan)  # over, at each step
        left[self._back :] = levels[self._back :] - filled[: max(0, len(levels) - self._back)]
        left[: self.memory] = np.nan
        self._mean, self._scale = _mean_and_spread(left[:known])
        if not self._scale:
            size = np.abs(learned[~np.isnan(learned)]).max(initial=0.0)
            self._scale = SLIGHT * (float(size) or 1.0)
        targets = np.append((left[1:] - self._mean) / self._scale, np.nan)
        # The line over a gap leads to what comes next.
        targets[np.isnan(levels)] = np.nan
        self.whole = Steps(self.inputs(filled), targets)
        targets = targets[:known].copy()
        targets[-1] = np.nan  # of the first that is held out
        self.training = Steps(self.inputs(bridged(learned)), targets)
        self._check_length(int(np.count_nonzero(~np.isnan(targets))), settings.validation)
        self.ends, self.words = ends_of(settings), SERIES[settings.loss]
        self.blind_loss = standard_loss(1.0, settings.loss)

    def _check_length(self, steps: int, validation: float) -> None:
        if steps < FEWEST_LEARNED:
            known = len(self.training.targets)
            needed = FEWEST_LEARNED + self.memory + max(0, known - self.memory) - steps
            length = len(self.series)
            while length - round(validation * length) < needed:
                length += 1
            more = length - len(self.series)
            season = f" with a season of {self._season}" if self._season > 1 else ""
            raise ValueError(
                f"the series has {steps} steps to learn from{season}: at least {FEWEST_LEARNED} "
                f"are needed, so about {more} more value{'s' if more > 1 else ''} would do"
            )

    @property
    def fingerprint(self) -> str:
        """The same for the same series."""
        return self.series.fingerprint

    @property
    def dated(self) -> bool:
        """Has the series dates?"""
        return self.series.dates is not None

    @property
    def needed(self) -> dict[str, Any]:
        """What another program must know beside weights and settings, in plain values: the mean and
        the spread of each thing that is read, in the order of the inputs, and those of the outputs,
        which are added to what is `back` steps before the next value."""
        read = [
            {**each._asdict(), "mean": m, "spread": s}
            for each, (m, s) in zip(self._differences, self._scales, strict=True)
        ]
        said = {"back": self._back, "mean": self._mean, "spread": self._scale}
        return {"inputs": read, "outputs": said}

    def guesses(self, tried: Ids) -> list[Guess]:
        """Return what needs no network, by its loss on the values at these places: a forecast that
        is the simple one, and always as sure."""
        _, targets = self.whole.at(tried.reshape(-1) - 1)
        known = targets[~np.isnan(targets)]
        mean_square = float(np.square(known).mean()) if len(known) else 1.0
        blind = standard_loss(mean_square, self.ends.loss)
        return [Guess("blind", "the simple forecast alone", blind)]

    @property
    def _reach(self) -> int:
        """How many values must stand before one that can be read."""
        return max(each.reach for each in self._differences)

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
        inputs = np.zeros((len(levels), len(self._differences)))
        inputs[self._reach :] = self.read(levels)
        return inputs

    def read(self, levels: Values) -> Array:
        """Return what is read at each z that has enough others before it.

        Args:
            levels: (n, ...), z, nothing missing, along the first axis.

        Returns:
            (n - the longest reach, ..., I).
        """
        columns = [
            (each.of(levels, self._reach) - mean) / spread
            for each, (mean, spread) in zip(self._differences, self._scales, strict=True)
        ]
        return np.stack(columns, axis=-1)

    def add(self, levels: Values, said: Values) -> Values:
        """Return the next z, given those so far (n, ...) and what the network says of it (...)."""
        following: Values = levels[-self._back] + self._mean + self._scale * said
        return following


def differences(settings: Settings) -> list[Difference]:
    """Return what a network reads at each step, by these settings: see `Numbers`."""
    level, change, season = Difference(0, 0), Difference(0, 1), settings.season
    if settings.reads == "levels":
        return [level]
    if settings.reads == "levels_and_change":
        return [level, change]
    if season == 1:
        return [change]
    seasonal, earlier = Difference(0, season), Difference(season - 1, season)
    return {
        "changes": [change, seasonal],
        "seasonal_changes": [seasonal, earlier],
        "changes_and_season": [change, seasonal, earlier, Difference(season - 1, 1)],
    }[settings.reads]


def ends_of(settings: Settings) -> Ends:
    """Return the ends of a network that learns a series by these settings."""
    return Ends(len(differences(settings)), OUTPUTS[settings.loss], settings.loss)


def _mean_and_spread(values: Values) -> tuple[float, float]:
    """Return mean and standard deviation of those that are known, to scale by. The second is 0
    if they are all the same but for rounding."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 0.0
    largest = float(np.max(np.abs(known)))
    mean, deviation = float(np.mean(known)), float(np.std(known))
    return mean, deviation if deviation > NOTHING * largest else 0.0
