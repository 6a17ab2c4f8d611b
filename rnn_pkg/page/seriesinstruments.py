"""What the page's panels show of a run that has learned a series: plain values in, plain values
out."""

from typing import Any

import numpy as np

from rnn_pkg.config import Config, settings
from rnn_pkg.look import reading
from rnn_pkg.look.baselines import baselines
from rnn_pkg.look.judging import Backtest
from rnn_pkg.page import answers
from rnn_pkg.page.forecasting import describe_forecast
from rnn_pkg.page.instruments import Instruments, Job
from rnn_pkg.page.judged import describe_judged
from rnn_pkg.page.limits import check_page
from rnn_pkg.page.tables import or_none, places_x
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.slices import told
from rnn_pkg.tasks.task import ends_for
from rnn_pkg.training import report
from rnn_pkg.training.ensemble import NEARLY, SEEDS, backtesting, foreseeing

SHOWN = 400
"""So many values, the last ones, stand over what the units did with them."""

NOT_JUDGED = ("order", "season", "validation", "workers")
"""Settings that are not taken for what judges: they are of texts, given apart, or settled by how
the series is divided; and a few hundred steps need no further workers."""

BACKTEST = 0.5
"""The part of judging that is done when all are judged, and what follows is to be forecast."""


class SeriesInstruments(Instruments):
    """Looks at one run that has learned a series, and never disturbs it."""

    _judged: tuple[Series, Backtest] | None = None

    def judge(self, horizon: int, chosen: answers.Settings) -> Job[answers.Judged | None]:
        """Job: how well the series can be forecast, by what needs no network and by networks, and
        what follows it.

        Args:
            horizon: how many steps are forecast at once.
            chosen: the settings that somebody has chosen; the others suit the series.

        The value is None until all is known of what needs no network.
        """
        series = self._trainer.series
        values, season = self._settings_to_judge(series, chosen)
        value: answers.Judged | None = None
        for done, found in backtesting(series, horizon, season, **values):
            if value is None and len(found.rows) == len(baselines(found.period)):
                value = describe_judged(series, found)
            yield NEARLY * BACKTEST * done, value
        self._judged = series, found
        value = describe_judged(series, found)
        yield NEARLY * BACKTEST, value
        ahead = yield from told(
            foreseeing(series, found, **values),
            lambda done: (NEARLY * (BACKTEST + (1 - BACKTEST) * done), value),
        )
        yield 1.0, {**value, "ahead": describe_forecast(series, ahead, None)}

    def _settings_to_judge(
        self, series: Series, chosen: answers.Settings
    ) -> tuple[dict[str, Any], int | None]:
        """Return the settings of the networks that are judged, and the season, if it is given.

        Raises:
            ValueError: one is not allowed, or the page can't hold so many such networks.
        """
        config = Config.for_series(series, **chosen)
        check_page(config, ends_for(series, config), len(series), runs=2 + SEEDS)
        names = settings("numbers").keys() - set(NOT_JUDGED) | {"cell_source"}
        values = {name: value for name, value in chosen.items() if name in names}
        return values, config.season if "season" in chosen else None

    def backtest_csv(self) -> str:
        """Return all forecasts of the test part that were last judged, as a CSV file."""
        if self._judged is None:
            raise ValueError("nothing has been judged yet")
        return report.backtest_csv(*self._judged)

    def under_curve(self, layer: int, name: str = "") -> Job[answers.UnderCurve | None]:
        """Job: what the units of a layer do while the network reads the end of the series.

        Args:
            layer: counted from 0.
            name: of what to show, see `Cell.shows`; "" for the hidden state.

        The value is None until it is done.
        """
        self._check_layer(layer)
        trainer, network, step = self._trainer, self._still(), self.step
        series = trainer.series
        count = min(SHOWN, len(series))
        material = trainer.task.whole
        places = np.arange(max(0, len(series) - count - reading.WARM_UP), len(series))
        inputs, _ = material.at(places)
        inputs = inputs[:, None].astype(network.dtype)  # (n, 1, I)
        watched = yield from self._watch(network, inputs, layer, name)
        found = np.ascontiguousarray(watched.activations[:, -count:])
        low, high = reading.limits(found, network.cell.shows[watched.name])
        start = len(series) - count
        x = places_x(len(series), series.dates)[start:]
        value: answers.UnderCurve = {
            "step": step,
            "line": {"x": x.tolist(), "y": or_none(series.values[start:])},
            "dates": [series.name_of(place) for place in range(start, len(series))],
            "activations": found.tobytes(),
            "low": low,
            "high": high,
            "name": watched.name,
            "names": list(network.cell.shows),
        }
        yield 1.0, value
