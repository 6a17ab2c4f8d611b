"""Everything that `python build.py test` checks, and what of it took longest."""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import DRIVEN, EVERYWHERE, find, install_shell, programs
from tests.pyodide import pytest_wheels
from web.tools.steps import CACHE, PYTHON, BuildError, install_tools, npm, run_as_program, say, show

CHECKS = {
    "Python style (ruff)": ["ruff", "check", "--quiet"],
    "Python layout (ruff)": ["ruff", "format", "--check", "--quiet"],
    "Python types (mypy)": ["mypy", "--no-error-summary"],
}

PROCESSES = 2
"""So many run tests side by side on two cores: each also has browsers, which keep both busy."""

PYTEST = ["-m", "pytest", "--durations=10"]  # so many of the slowest tests are told at the end

# The processes take the files in turn as they are listed: the page's first, which take longest, so
# that all end at about the same time.
SIDE_BY_SIDE = ["--dist", "loadfile", "--no-loadscope-reorder"]

# SlipCover forgets what several processes have reached if it is to judge that in the same run.
COVERAGE = str(CACHE / "coverage.json")
MEASURED = ["-m", "slipcover", "--json", "--out", COVERAGE]
REPORT = ["-m", "slipcover", "--merge", COVERAGE, "--out", COVERAGE, "--fail-under", "95"]


def check_sources() -> None:
    with ThreadPoolExecutor() as beside:
        javascript = "The check of JavaScript types (tsc)"
        say("Checking JavaScript types (tsc) ...")
        types = beside.submit(npm, javascript, "run", "--silent", "check")
        for task, command in CHECKS.items():
            say(f"Checking {task} ...")
            if show([PYTHON, "-m", *command]):
                raise BuildError(f"The check of {task} found the above.")
        types.result()


def run_all_tests(options: list[str], processes: int = PROCESSES) -> int:
    """Run the tests side by side, and tell what of rnn_pkg they have reached.

    Returns:
        pytest's exit code; if that is 0, and they have reached too little, 1.
    """
    side_by_side = [*PYTEST, *SIDE_BY_SIDE, "-n", str(processes), *options]
    code = show([PYTHON, *MEASURED, *side_by_side])
    if code == pytest.ExitCode.INTERRUPTED:
        return code
    reaches_too_little = show([PYTHON, *REPORT]) != 0
    return code or int(reaches_too_little)


def main(arguments: list[str]) -> int:
    """Run all checks and all tests with coverage; or, with arguments, only pytest with them.

    `--browsers all` adds tests/browsers, in every browser; `--browsers firefox`, `webkit` or
    `chromium` runs only these, in that one. `--torch` runs only what needs PyTorch.
    """
    parser = argparse.ArgumentParser(prog="build.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--browsers", choices=["all", *DRIVEN])
    parser.add_argument("--torch", action="store_true")
    options, others = parser.parse_known_args(arguments)
    # What runs side by side shares the cores; NumPy's own threads would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    pytest_wheels()
    install_shell()
    with sync_playwright() as playwright:
        find(playwright)
    if options.browsers:
        install_tools("browsers")
        for name in DRIVEN if options.browsers == "all" else [options.browsers]:
            programs(name)
    if options.torch:
        install_tools("torch")
    if others or options.torch or options.browsers in DRIVEN:
        return show([PYTHON, "-m", "pytest", *arguments])
    start = time.monotonic()  # all that it takes is there by now
    check_sources()
    say("Running the tests ...")
    code = run_all_tests([])
    if options.browsers and code != pytest.ExitCode.INTERRUPTED:
        # By themselves, for they tell how long each browser takes.
        everywhere = show([PYTHON, *PYTEST, EVERYWHERE, *arguments])
        code = code or everywhere
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    say(f"Checks and tests took {minutes} min {seconds} s.")
    return code


if __name__ == "__main__":
    run_as_program(main)
