"""Recurrent neural networks in plain NumPy: readable, exact, and fast enough for a browser tab."""

from rnn_pkg.config import Config
from rnn_pkg.look import gradcheck
from rnn_pkg.rnn import RNN
from rnn_pkg.tasks.series import Series
from rnn_pkg.tasks.text import Vocabulary
from rnn_pkg.training.ensemble import backtest
from rnn_pkg.training.metrics import Metrics
from rnn_pkg.training.restoring import load
from rnn_pkg.training.trainer import Trainer

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
