"""What to test where no paths are given: `--browsers` says in which browsers, `--torch` what needs
PyTorch."""

from __future__ import annotations

import pytest
from slipcover.importer import SlipcoverLoader

from tests.browser import DRIVEN, EVERYWHERE

# With coverage, rnn_pkg is loaded by this loader. Where rnn_pkg reads a file beside its modules, it
# asks for what only the loader behind can do.
SlipcoverLoader.__getattr__ = lambda self, name: getattr(self.orig_loader, name)

WITH_TORCH = "tests/torch"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--browsers",
        choices=["all", *DRIVEN],
        help="all: the default tests, and tests/browsers in every browser; "
        "the name of one: only tests/browsers, in that one",
    )
    parser.addoption("--torch", action="store_true", help="only tests/torch, which needs PyTorch")


def pytest_configure(config: pytest.Config) -> None:
    if config.args_source is not config.ArgsSource.TESTPATHS:
        return
    if config.getoption("torch"):
        config.args[:] = [WITH_TORCH]
        return
    browsers = config.getoption("browsers")
    if browsers == "all":
        config.args.append(EVERYWHERE)
    elif browsers:
        config.args[:] = [EVERYWHERE]
