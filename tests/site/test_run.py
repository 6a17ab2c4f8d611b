"""How `build.py test` runs all tests: none is left out, and no failure is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from web.tools.steps import ROOT

TESTS = """
import time

import pytest


def test_beside_others(worker_id):
    assert worker_id != "master"
    assert {0} != 1


@pytest.mark.alone
def test_alone(worker_id):
    assert worker_id == "master"
    time.sleep(0.2)
    assert {0} != 2
"""

# One process beside this one is enough to tell whether there are any.
RUN = """
import sys
from tests import run
sys.exit(run.run_all_tests(sys.argv[1:], processes=1, coverage=False))
"""


@pytest.mark.parametrize("failing", [1, 2], ids=["beside others", "alone"])
def test_every_failure_counts_and_the_slowest_tests_are_told(tmp_path: Path, failing: int) -> None:
    file = tmp_path / "test_file.py"
    file.write_text(TESTS.format(failing))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(file), "-p", "no:cacheprovider", "--durations-min=0"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stdout
    assert done.stdout.count("1 failed") == done.stdout.count("1 passed") == 1
    for name in ("test_beside_others", "test_alone"):
        assert re.search(rf"s call +\S*test_file.py::{name}", done.stdout)
