"""What a run can do that has learned a series: forecast it."""

from dataclasses import dataclass

import numpy as np

from rnn_pkg.checks import checked_number
from rnn_pkg.engine.network import Network
from rnn_pkg.tasks.forecasting import look_ahead
from rnn_pkg.tasks.numbers import Numbers
from rnn_pkg.tasks.parts import Dates, Values
from rnn_pkg.tasks.series import Series
from rnn_pkg.training.run import Run

FARTHEST = 10_000
"""Most steps that are forecast at once."""

PATHS = 200
"""How many ways a series may go on are drawn."""

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Forecast:
    """What is to come of a series, in its own units.

    Attributes:
        mean: (H,), the point forecast, where each step is the mean that the network says (of the
            logarithm, if that is what it learned).
        quantiles: by the part of the drawn ways that lie below them, (H,) each.
        dates: of the steps, (H,); None if the series has none, or no regular ones.
    """

    mean: Values
    quantiles: dict[float, Values]
    dates: Dates | None


class Forecasts(Run):
    """A Run, and what it can do if what it learns is a series.

    Otherwise all of this raises a ValueError.
    """

    @property
    def numbers(self) -> Numbers:
        """The series as its network reads it."""
        if not isinstance(self.task, Numbers):
            raise ValueError("this run has learned a text, not a series: it writes")
        return self.task

    @property
    def series(self) -> Series:
        """What it was given."""
        return self.numbers.series

    def forecast(
        self, horizon: int = 12, seed: int | None = 0, network: Network | None = None
    ) -> Forecast:
        """Forecast the next steps of the series.

        Args:
            horizon: H, how many.
            seed: draws the ways that chance may lead; None draws others each time.
            network: what forecasts; None is `best`.

        Raises:
            ValueError: an argument is out of its range.
        """
        horizon = checked_number("horizon", horizon, 1, FARTHEST, int)
        numbers, rng = self.numbers, np.random.default_rng(seed)
        values = numbers.series.values
        paths = look_ahead(
            numbers, network or self.best, values, np.array([len(values)]), horizon, PATHS, rng
        )
        ways = np.sort(paths.sampled[0], axis=1)  # (H, PATHS)
        return Forecast(
            paths.central[0],
            {part: ways[:, round(part * (PATHS - 1))] for part in QUANTILES},
            numbers.series.dates_ahead(horizon),
        )
