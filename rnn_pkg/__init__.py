"""Recurrent neural networks in plain NumPy: readable, exact, and fast enough for a browser tab."""

from typing import TYPE_CHECKING, Any

from rnn_pkg.config import Config
from rnn_pkg.engine.cell import Cell
from rnn_pkg.look import gradcheck
from rnn_pkg.rnn import RNN
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.text import Vocabulary
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.restoring import cell_source, load
from rnn_pkg.training.trainer import Trainer

if TYPE_CHECKING:
    from rnn_pkg.look.cellcheck import check_cell
    from rnn_pkg.training.ensemble import backtest

__version__ = "0.2.0"

__all__ = [
    "RNN",
    "Cell",
    "Config",
    "Metrics",
    "Series",
    "Trainer",
    "Vocabulary",
    "__version__",
    "backtest",
    "cell_source",
    "check_cell",
    "gradcheck",
    "load",
]


def __getattr__(name: str) -> Any:
    """Import what judges forecasts or cells when it is first asked for: a page that learns a text
    can do without, and starts the sooner."""
    if name == "backtest":
        from rnn_pkg.training.ensemble import backtest

        return backtest
    if name == "check_cell":
        from rnn_pkg.look.cellcheck import check_cell

        return check_cell
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
