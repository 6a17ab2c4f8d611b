"""What to test where no paths are given: `--browsers` says in which browsers."""

from __future__ import annotations

import pytest

from tests.browser import DRIVEN

EVERYWHERE = "tests/browsers"  # what runs in every browser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--browsers",
        choices=["all", *DRIVEN],
        help="all: the default tests, and tests/browsers in every browser; "
        "firefox or webkit: tests/browsers in that one; chromium: the default tests",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.args_source is not config.ArgsSource.TESTPATHS:
        return
    match config.getoption("browsers"):
        case "all":
            config.args.append(EVERYWHERE)
        case "firefox" | "webkit":
            config.args[:] = [EVERYWHERE]
