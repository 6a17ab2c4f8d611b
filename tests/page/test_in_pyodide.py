"""The unit tests again, by the Python that runs in the page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

import build
from rnn_pkg.engine.cells import CELLS
from tests.kernels.check_kernels import NATIVE_LOSSES, loss_after_two_hundred_steps
from tests.page.parts import chromium
from tests.pyodide import pack, pytest_wheels, run_in_pyodide
from web.runtime.make import RUNTIME
from web.tools.steps import ROOT


@pytest.fixture(scope="module")
def browser(playwright: Playwright, requests: list[str]) -> Iterator[Browser]:
    """One that compiles what runs most once more, and better: these tests compute for long."""
    with chromium(playwright, requests) as browser:
        yield browser


OPTIONS = ["-m", "not native", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--assert=plain"]

IN_PYODIDE = """
import json, os, pytest, untrimmed
os.environ |= {environment!r}

class Passed:
    def __init__(self):
        self.names = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.names.append(report.nodeid)

passed = Passed()
exit_code = pytest.main([*{options!r}, "-q", "--capture=sys"], plugins=[passed])
json.dumps({{"exit_code": int(exit_code), "passed": passed.names, "missed": untrimmed.missed}})
"""


def names_collected_natively(tests: str) -> set[str]:
    options = [tests, *OPTIONS, "--collect-only", "-q"]
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    return {line for line in listing.splitlines() if "::" in line}


def check(page: Page, site: str, tests: str, kernels: list[str], **environment: str) -> None:
    """Run a folder of tests, or a file, in Pyodide: each test that there is natively must pass."""
    printed: list[str] = []
    page.on("console", lambda message: printed.append(message.text))
    folder = ROOT / "tests"
    files = [path for path in (folder / "unit").rglob("*") if path.is_file()]
    files = [path for path in files if path.suffix != ".pyc"]
    files += [ROOT / "pyproject.toml", folder / "kernels" / "check_kernels.py"]
    code = IN_PYODIDE.format(options=[tests, *OPTIONS], environment=environment)
    try:
        answer = run_in_pyodide(
            page,
            site,
            code,
            files=pack(files),
            wheels=pytest_wheels(),
            kernels=kernels,
            untrimmed=True,
        )
    finally:
        print("\n".join(printed))
    assert answer["exit_code"] == 0
    assert not answer["missed"], "rnn_pkg uses what is not shipped with the site"
    assert set(answer["passed"]) == names_collected_natively(tests)


def test_everything_the_page_asks_for_is_shipped(page: Page, site: str) -> None:
    """With the kernels, too, without which the build has done the same to see what is needed."""
    walk, kernels = pack([RUNTIME / "walk.py"]), list(build.KERNEL_MODULES)
    code = """
from web.runtime.walk import walk
walk()
'"there"'
"""
    assert run_in_pyodide(page, site, code, files=walk, kernels=kernels) == "there"


def test_what_is_not_shipped_and_is_used_is_noticed(page: Page, site: str) -> None:
    code = """
import json, types, untrimmed
ours = types.ModuleType("rnn_pkg.new")
exec("def use(): import colorsys", vars(ours))
try:
    ours.use()
except ImportError:
    pass
import wave
json.dumps(untrimmed.missed)
"""
    assert run_in_pyodide(page, site, code, untrimmed=True) == ["colorsys"]


def test_the_unit_tests_pass_inside_pyodide(page: Page, site: str) -> None:
    check(page, site, "tests/unit", kernels=[])


@pytest.fixture(scope="module")
def native_losses() -> str:
    return json.dumps({cell: loss_after_two_hundred_steps(cell) for cell in CELLS})


@pytest.mark.parametrize("module", build.KERNEL_MODULES)
def test_the_kernels_equal_numpy(page: Page, site: str, module: str, native_losses: str) -> None:
    environment = {NATIVE_LOSSES: native_losses}
    check(page, site, "tests/kernels/check_kernels.py", kernels=[module], **environment)
