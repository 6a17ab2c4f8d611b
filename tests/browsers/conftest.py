"""The page in each browser that `--browsers` names, and what is to be known of the browsers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import DRIVEN

FACTS = pytest.StashKey[list[str]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    if not parent.config.getoption("browsers"):
        how = "`python3 build.py test --browsers all tests/browsers`, or firefox, webkit, chromium"
        pytest.exit(f"tests/browsers needs to be told in which browsers to run: {how}", 4)


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
