"""The unit tests again, by the Python that runs in the page."""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import Page

import build
from tests.pyodide import pack, pytest_wheels, run_in_pyodide

OPTIONS = ["tests/unit", "-m", "not native", "-p", "no:cacheprovider", "-p", "no:faulthandler"]

IN_PYODIDE = f"""
import json, pytest

class Passed:
    def __init__(self):
        self.names = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.names.append(report.nodeid)

passed = Passed()
exit_code = pytest.main({[*OPTIONS, "-q", "--capture=sys"]!r}, plugins=[passed])
json.dumps({{"exit_code": int(exit_code), "passed": passed.names}})
"""


def names_collected_natively() -> set[str]:
    command = [sys.executable, "-m", "pytest", *OPTIONS, "--collect-only", "-q", "--no-cov"]
    listing = subprocess.run(
        command, cwd=build.ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout
    return {line for line in listing.splitlines() if "::" in line}


def test_the_unit_tests_pass_inside_pyodide(page: Page, site: str) -> None:
    printed: list[str] = []
    page.on("console", lambda message: printed.append(message.text))
    folder = build.ROOT / "tests" / "unit"
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files.append(build.ROOT / "pyproject.toml")
    try:
        answer = run_in_pyodide(page, site, IN_PYODIDE, files=pack(files), wheels=pytest_wheels())
    finally:
        print("\n".join(printed))
    assert answer["exit_code"] == 0
    assert set(answer["passed"]) == names_collected_natively()
