"""Which browsers `build.py test` asks for, how it finds them, and what it says when it can't."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests import run
from tests.browser import DRIVEN, SHELL, all_of, find_or_install, install_shell
from web.tools.steps import ROOT, BuildError


def test_an_unknown_browser_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--browsers", "opera"])
    message = capsys.readouterr().err
    assert "--browsers: invalid choice: 'opera'" in message
    assert all(name in message for name in ("all", *DRIVEN))


# Asks pytest for each browser where it would look for tests. As it takes long to find them all, and
# this very run has, only those of one browser are found here.
COLLECT = """
import json, sys
import pytest

class Folders:
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        answers[name] = session.config.args
        return None if name == sys.argv[2] else True

    def pytest_collection_finish(self, session):
        answers["found"] = sorted({item.path.parent.as_posix() for item in session.items})

answers = {}
for name in json.loads(sys.argv[1]):
    browsers = ["--browsers", name] if name else []
    pytest.main(["--collect-only", "-qq", *browsers], plugins=[Folders()])
print("\\n" + json.dumps(answers))
"""

EVERYTHING = {"tests/unit", "tests/site", "tests/page"}
CORE = {"tests/browsers"}


@pytest.fixture(scope="module")
def asked() -> dict[str, set[str]]:
    """The folders that pytest looks into, by browser; and "found", where it found the core."""
    find = next(iter(DRIVEN)) if find_spec("selenium") else "none"
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, json.dumps(["", "all", *DRIVEN]), find],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answers = json.loads(done.stdout.splitlines()[-1])
    return {name: set(folders) for name, folders in answers.items()}


def test_without_a_browser_the_default_tests_run(asked: dict[str, set[str]]) -> None:
    assert asked[""] == EVERYTHING


@pytest.mark.parametrize("name", DRIVEN)
def test_in_one_browser_only_the_core_runs(asked: dict[str, set[str]], name: str) -> None:
    assert asked[name] == CORE


def test_in_every_browser_the_default_tests_and_the_core_run(asked: dict[str, set[str]]) -> None:
    assert asked["all"] == EVERYTHING | CORE
    assert all(list((ROOT / folder).glob("test_*.py")) for folder in asked["all"])


def test_the_core_is_found(asked: dict[str, set[str]]) -> None:
    pytest.importorskip("selenium")
    assert asked["found"] == {(ROOT / folder).as_posix() for folder in CORE}


def test_the_core_says_how_it_is_run() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browsers"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert answer.returncode == pytest.ExitCode.USAGE_ERROR
    assert "build.py test --browsers all tests/browsers" in answer.stdout + answer.stderr


def test_what_is_there_is_not_installed() -> None:
    def install() -> None:
        raise AssertionError("there is no need")

    assert find_or_install("a browser", lambda: ["/bin/one"], {"a shop": install}, "") == [
        "/bin/one"
    ]


def test_what_is_missing_is_installed_from_where_it_can_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: list[str] = []

    def closed() -> None:
        raise BuildError("it is closed")

    sources = {"a shop": closed, "a market": lambda: found.append("/bin/one")}
    assert find_or_install("a browser", lambda: found, sources, "") == ["/bin/one"]
    printed = capsys.readouterr().out
    assert "Installing a browser for the page tests from a shop (once)" in printed
    assert "not from there: it is closed" in printed


def test_what_can_not_be_installed_is_named() -> None:
    def closed() -> None:
        raise BuildError("it is closed")

    sources = {"a shop": closed, "a market": lambda: None}
    with pytest.raises(BuildError) as refusal:
        find_or_install("a browser", list, sources, "Find one")
    message = str(refusal.value)
    assert message.startswith("The page tests need a browser")
    assert "a shop: it is closed" in message
    assert "a market: it was installed, but does not start" in message
    assert message.endswith("Find one, and run this again.")


def test_without_debian_s_packages_the_tests_run_with_windows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    install_shell()
    printed = capsys.readouterr().out
    assert f"Installing {SHELL} for the page tests from Debian's packages (once)" in printed
    assert "not from there: this system has no apt-get" in printed
    assert "With windows, the tests only take longer." in printed
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    install_shell()
    assert capsys.readouterr().out == ""


def test_a_browser_needs_all_its_programs() -> None:
    assert all_of("/bin/one", None) == []
    assert all_of("/bin/one", "/bin/two") == ["/bin/one", "/bin/two"]
