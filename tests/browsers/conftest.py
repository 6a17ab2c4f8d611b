"""The page in each browser that `--browsers` names, and what is to be known of the browsers."""

from __future__ import annotations

import pytest

from tests.browser import DRIVEN

FACTS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("browsers"):
        raise pytest.UsageError(
            "tests/browsers has to be told in which browsers to run: use "
            "`python3 build.py test --browsers all tests/browsers`, or firefox, webkit, chromium."
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("browsers")
        names = list(DRIVEN) if wanted == "all" else [wanted]
        metafunc.parametrize("name", names, scope="session")


@pytest.fixture(scope="session")
def facts(pytestconfig: pytest.Config) -> list[str]:
    """Lines to print when all is done."""
    return pytestconfig.stash.setdefault(FACTS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := terminalreporter.config.stash.get(FACTS, []):
        terminalreporter.section("browsers")
        for line in lines:
            terminalreporter.write_line(line)
