"""Recurrent neural networks in plain NumPy: readable, exact, and fast enough for a browser tab."""

from typing import TYPE_CHECKING, Any

from rnn_pkg.config import Config
from rnn_pkg.look import gradcheck
from rnn_pkg.rnn import RNN
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.text import Vocabulary
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.restoring import load
from rnn_pkg.training.trainer import Trainer

if TYPE_CHECKING:
    from rnn_pkg.training.ensemble import backtest

__version__ = "0.1.0"

__all__ = [
    "RNN",
    "Config",
    "Metrics",
    "Series",
    "Trainer",
    "Vocabulary",
    "__version__",
    "backtest",
    "gradcheck",
    "load",
]


def __getattr__(name: str) -> Any:
    """Import what judges forecasts when it is first asked for: a page that learns a text can do
    without, and starts the sooner."""
    if name != "backtest":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rnn_pkg.training.ensemble import backtest

    return backtest
