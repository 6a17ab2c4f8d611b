"""The page docs/change-something.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from rnn_pkg import __version__
from tests.page.parts import (
    advanced,
    booted,
    button,
    field,
    output,
    save,
    train_to_step,
)
from tests.pyodide import unpacked
from web.tools.server import serve_in_thread
from web.tools.steps import CACHE, DIST, NODE_MODULES, ROOT, VENV, run

INSTRUCTION = re.compile(
    r"^(?P<place>At the end of|In the new|In) `(?P<path>[^`]+)`"
    r"(?:, above `(?P<anchor>[^`]+)`)?:\n\n"
    r"```\w+\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

TYPES_KNOWN = ROOT / ".mypy_cache"
"""What mypy knows already of NumPy and of all files that are the same in the copy."""


def copy_of_the_project(folder: Path) -> None:
    """Make a copy that need not install anything again."""
    for name in run(["git", "ls-files", "--cached"], "git ls-files").splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(CACHE, folder / ".cache", ignore=shutil.ignore_patterns("unfinished-*"))
    if TYPES_KNOWN.is_dir():
        shutil.copytree(TYPES_KNOWN, folder / TYPES_KNOWN.name)
    (folder / "web/node_modules").symlink_to(NODE_MODULES)
    venv = folder / ".venv"
    venv.mkdir()
    for path in VENV.iterdir():
        if path.is_dir():
            (venv / path.name).symlink_to(path)
        else:
            shutil.copy(path, venv)
    stamp = venv / "made-by.stamp"
    stamp.write_text(stamp.read_text().replace(str(ROOT), str(folder)))


def follow(page: str, folder: Path) -> int:
    """Do in the folder what a page says; return how many changes it was."""
    instructions = list(INSTRUCTION.finditer(page))
    for instruction in instructions:
        path, code = folder / instruction["path"], instruction["code"]
        if instruction["place"] == "In the new":
            path.parent.mkdir(parents=True, exist_ok=True)
            assert not path.exists()
            path.write_text(code, "utf-8")
            continue
        before = path.read_text("utf-8")
        if anchor := instruction["anchor"]:
            assert before.count(f"\n{anchor}") == 1, anchor
            after = before.replace(f"\n{anchor}", f"\n{code}{anchor}")
        else:
            gap = "\n\n" if path.suffix == ".py" else ""
            after = f"{before}{gap}{code}"
        path.write_text(after, "utf-8")
    return len(instructions)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, changed as the page says, and built."""
    folder = tmp_path_factory.mktemp("changed").resolve()
    copy_of_the_project(folder)
    page = (ROOT / "docs/change-something.md").read_text("utf-8")
    assert follow(page, folder) == page.count("```") // 2 == 6
    run([sys.executable, "build.py"], "Building the copy", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def changed_page(changed: Path, browser: Browser, servers: set[str]) -> Iterator[Page]:
    server = serve_in_thread({"/": changed / "dist"})
    address = f"http://127.0.0.1:{server.server_port}/"
    servers.add(urlsplit(address).netloc)
    with booted(browser, address) as page:
        yield page
    server.shutdown()


def test_the_new_cell_is_trained_and_shown_on_the_page(changed_page: Page) -> None:
    changed_page.get_by_role("combobox", name="Cell").select_option("RNN with ReLU")
    train_to_step(changed_page, 2)
    caption = changed_page.get_by_text(re.compile("^RNN with ReLU, 128 units"))
    expect(caption).to_be_visible()
    changed_page.get_by_role("heading", name="Gradient through time").click()
    row = changed_page.get_by_role("rowheader", name="RNN with ReLU, untrained")
    expect(row).to_be_visible(timeout=60_000)
    changed_page.get_by_role("heading", name="Gradient through time").click()


def test_the_new_setting_is_on_the_page_and_at_work(changed_page: Page, tmp_path: Path) -> None:
    if button(changed_page, "Reset").is_enabled():
        button(changed_page, "Reset").click()
    advanced(changed_page).click()
    decay = field(changed_page, "Weight decay")
    expect(decay).to_have_value("0")
    decay.fill("1")
    field(changed_page, "Learning rate").fill("1")
    button(changed_page, "Step").click()
    expect(output(changed_page, "Step")).to_have_text("1")
    with np.load(save(changed_page, tmp_path)) as saved:
        weights = [saved[name] for name in saved.files if name.startswith("parameters/")]
    assert len(weights) > 4
    assert not any(weight.any() for weight in weights)


def test_the_new_panel_is_on_the_page(changed_page: Page) -> None:
    expect(changed_page.get_by_role("region", name="Alphabet")).to_be_visible()
    expect(output(changed_page, "Alphabet")).to_have_text(re.compile(r"^\d\d characters$"))


def contents(dist: Path) -> dict[str, bytes]:
    """The files of a built site; for the package, those in its archive."""
    paths = {path for path in dist.rglob("*") if path.is_file()}
    (package,) = (path for path in paths if path.name.startswith("rnn_pkg"))
    files = {p.relative_to(dist).as_posix(): p.read_bytes() for p in paths - {package}}
    return files | unpacked(package)


CHANGED = {
    *("rnn_pkg/config.py", "rnn_pkg/__pycache__/config.cpython-314.pyc"),
    *("rnn_pkg/engine/cells.py", "rnn_pkg/engine/__pycache__/cells.cpython-314.pyc"),
    *("rnn_pkg/training/learner.py", "rnn_pkg/training/__pycache__/learner.cpython-314.pyc"),
    *("index.html", "panels/index.js", "panels/alphabet/panel.js", "examples/python.txt"),
    # what has hashes of these
    *(f"rnn_pkg-{__version__}.dist-info/RECORD", "pyodide/pyodide-lock.json", "runtime.json"),
    "service-worker.js",
}


def test_all_else_is_built_to_the_same_bytes_again(changed: Path) -> None:
    """In another folder Python and NumPy are trimmed, compiled and packed anew."""
    before, after = contents(DIST), contents(changed / "dist")
    assert {name for name in before | after if before.get(name) != after.get(name)} == CHANGED


@pytest.mark.parametrize(
    "check",
    [
        ["ruff", "check"],
        ["mypy", "rnn_pkg"],
        ["pytest", "-k", "relu", "tests/unit/test_network.py"],
    ],
    ids=lambda check: check[0],
)
def test_the_copy_passes_the_checks(changed: Path, check: list[str]) -> None:
    run([sys.executable, "-m", *check], check[0], cwd=changed)


def test_the_copy_passes_the_check_of_javascript(changed: Path) -> None:
    run([str(NODE_MODULES / ".bin/tsc"), "-p", "."], "tsc", cwd=changed / "web")
