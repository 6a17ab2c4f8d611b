"""Everything that `python build.py test` checks, the quickest first."""

from __future__ import annotations

import argparse
import sys

from playwright.sync_api import sync_playwright

from tests.browser import DRIVEN, find, programs
from tests.pyodide import pytest_wheels
from web.tools.steps import PYTHON, BuildError, install_tools, npm, say, show

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
    """Run all checks and all tests with coverage; or, with arguments, only pytest with them.

    `--browsers all` adds tests/browsers, in every browser; `--browsers firefox`, `webkit` or
    `chromium` runs only these, in that one.
    """
    parser = argparse.ArgumentParser(prog="build.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--browsers", choices=["all", *DRIVEN])
    options, others = parser.parse_known_args(arguments)
    pytest_wheels()
    with sync_playwright() as playwright:
        find(playwright)
    if options.browsers:
        install_tools("browsers")
        for name in DRIVEN if options.browsers == "all" else [options.browsers]:
            programs(name)
    if others or options.browsers in DRIVEN:
        return show([PYTHON, "-m", "pytest", *arguments])
    check_sources()
    say("Running the tests ...")
    return show([PYTHON, "-m", "pytest", "--cov", "--cov-report=term", *arguments])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
