"""The place of the page where series are learned, and forecast."""

from rnn_pkg.config import Config
from rnn_pkg.page import answers
from rnn_pkg.page.desk import Desk
from rnn_pkg.page.forecasting import describe_forecast
from rnn_pkg.page.limits import check_page, check_page_size
from rnn_pkg.page.machine import Machine
from rnn_pkg.page.seriesinstruments import SeriesInstruments
from rnn_pkg.page.tables import describe_table, is_prose
from rnn_pkg.tasks.generated import MADE
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.table import Table, read
from rnn_pkg.tasks.tabletext import written
from rnn_pkg.tasks.task import ends_for, task_of
from rnn_pkg.training.trainer import Trainer

NOTHING = "there is no series yet: paste or open a table of numbers"


class NumbersDesk(Desk[Series]):
    """A Desk for series."""

    place = "numbers"
    is_shared = False
    instruments_type = SeriesInstruments

    def __init__(self, machine: Machine) -> None:
        """Begin without a run."""
        super().__init__(machine)
        self._series: Series | None = None
        self._problem = NOTHING  # why there is none

    def describe_table(
        self, text: str, choices: answers.Choices, season: int | None = None
    ) -> answers.Description:
        """Return what a text was understood to be as a table of numbers, and what suits its series
        or why it can't be trained on.

        The series is kept until another comes, for `begin`: it need not be sent again.

        Args:
            text: the table.
            choices: what is settled about it, by the names of its questions.
            season: the number of values in a season, 1 for none; None takes what suits.
        """
        found: Table | None = None
        try:
            check_page_size(len(text), "the table has {} characters")
            found = read(text, **choices)
        except ValueError as error:
            self._problem = str(error)
        return self._describe_read(text, found, season)

    def _describe_read(
        self, text: str, found: Table | None, season: int | None
    ) -> answers.Description:
        """Keep the series of a table that was read, and describe it.

        Args:
            text: the table.
            found: what was read; None if nothing could be, and then the problem is noted already.
            season: as for `describe_table`.
        """
        series: Series | None = None
        config: Config | None = None
        asked = found is not None and bool(found.questions)
        self._series, self._text_id = None, self._text_id + 1
        try:
            if found is not None and not asked:
                series = Series.from_table(found)
                config = learnable(series, season)
                self._series = series
        except ValueError as error:
            self._problem = str(error)
        if found is not None and asked:
            self._problem = found.questions[0].asked(str)
        return {
            "text_id": self._text_id,
            "characters": len(text),
            "distinct": len(set(text)),
            "problem": None if asked or self._series is not None else self._problem,
            "config": config.as_dict() if config else None,
            "lines": None,
            "table": describe_table(found, series, config, season) if found is not None else None,
            "elsewhere": found is None and is_prose(text),
        }

    def made_series(self, name: str) -> str:
        """Return an example that is made by an equation, as a column of numbers."""
        return "".join(f"{value:.4f}\n" for value in MADE[name]())

    def forecast(self, horizon: int) -> answers.Forecast:
        """Return what the run's network, of those the one that was chosen, forecasts."""
        trainer, instruments = self._running(), self.instruments
        found = trainer.forecast(horizon, network=instruments.network)
        values = {"mean": found.mean} | {str(part): q for part, q in found.quantiles.items()}
        return describe_forecast(trainer.series, values, instruments.step)

    def _described(self) -> Series:
        if self._series is None:
            raise ValueError(self._problem)
        return self._series

    def _suited(self, data: Series, values: answers.Settings) -> Config:
        return Config.for_series(data, **values)

    def _describe_learned(
        self, trainer: Trainer
    ) -> tuple[str, answers.Choices, answers.Description]:
        text, choices, table = written(trainer.series)
        check_page_size(len(text), "as a table, its series has {} characters")
        return text, choices, self._describe_read(text, table, None)


def learnable(series: Series, season: int | None) -> Config:
    """Return the settings that suit a series.

    Args:
        series: what is to be learned.
        season: if it is given.

    Raises:
        ValueError: it can't be learned, or the page can't hold its run.
    """
    config = Config.for_series(series, **({} if season is None else {"season": season}))
    check_page(config, ends_for(series, config), len(series))
    task_of(series, config)  # refuses a series that is too short
    return config
