"""Everything that `python build.py test` checks, the quickest first."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from build import PYTHON, BuildError, npm, say, show
from tests.browser import find
from tests.pyodide import pytest_wheels

CHECKS = {
    "Python style (ruff)": ["ruff", "check", "--quiet"],
    "Python layout (ruff)": ["ruff", "format", "--check", "--quiet"],
    "Python types (mypy)": ["mypy", "--no-error-summary"],
}


def check_sources() -> None:
    for task, command in CHECKS.items():
        say(f"Checking {task} ...")
        if show([PYTHON, "-m", *command]):
            raise BuildError(f"The check of {task} found the above.")
    say("Checking JavaScript types (tsc) ...")
    npm("The check of JavaScript types (tsc)", "run", "--silent", "check")


def main(arguments: list[str]) -> int:
    """Run all checks and all tests with coverage; or, with arguments, only pytest with them."""
    pytest_wheels()
    with sync_playwright() as playwright:
        find(playwright)
    if arguments:
        return show([PYTHON, "-m", "pytest", *arguments])
    check_sources()
    say("Running the tests ...")
    return show([PYTHON, "-m", "pytest", "--cov", "--cov-report=term"])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
