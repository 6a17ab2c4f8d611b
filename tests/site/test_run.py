"""How `build.py test` runs all tests: no failure is lost, and what they reach is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.run import REPORT
from web.tools.steps import ROOT

TEST = """
def test_beside_others(worker_id):
    assert worker_id != "master"


def test_failing():
    assert False
"""

# One process beside this one is enough to tell whether there are any.
RUN = "import sys; from tests import run; sys.exit(run.run_all_tests(sys.argv[1:], processes=1))"


def test_a_failure_counts_and_so_does_what_is_not_reached(tmp_path: Path) -> None:
    file = tmp_path / "test_file.py"
    file.write_text(TEST)
    options = [str(file), "-p", "no:cacheprovider", "--durations-min=0"]
    # What this run is told by the one that it is a part of.
    told = ("PYTEST_", "SLIPCOVER_")
    apart = {name: value for name, value in os.environ.items() if not name.startswith(told)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *options],
        cwd=ROOT,
        env=apart,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed" in done.stdout
    assert re.search(r"s call +\S*test_file.py::test_beside_others", done.stdout)
    assert re.search(r"^rnn_pkg/config.py +\d+ +\d+ +0 ", done.stdout, re.MULTILINE)
    assert subprocess.run([sys.executable, *REPORT], cwd=ROOT).returncode == 2
