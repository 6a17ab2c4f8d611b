"""The built site is complete, agrees with itself, and holds only what was pinned."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

import build
from tests.pyodide import unpacked
from web.runtime.make import published_folder, pyodide_version
from web.tools.steps import DIST, NODE_MODULES, PACKAGE, ROOT, WEB, pins, sha256

PYODIDE = DIST / "pyodide"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build.build()


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def packages() -> dict[str, Any]:
    found: dict[str, Any] = read_json(PYODIDE / "pyodide-lock.json")["packages"]
    return found


def members_of(name: str) -> dict[str, bytes]:
    """The members of an archive in the runtime's folder."""
    return unpacked(PYODIDE / f"{name}.gzip")


def test_the_lock_file_knows_exactly_the_wheels_that_are_shipped() -> None:
    shipped = {path.name.removesuffix(".gzip") for path in PYODIDE.glob("*.whl.gzip")}
    assert shipped == {package["file_name"] for package in packages().values()}
    for package in packages().values():
        wheel = gzip.decompress((PYODIDE / f"{package['file_name']}.gzip").read_bytes())
        assert sha256(wheel) == package["sha256"]
        assert set(package["depends"]) <= set(packages())


def test_what_is_compiled_by_others_is_as_they_published_it() -> None:
    published = published_folder()
    assert (published / "pyodide.asm.wasm").read_bytes() == gzip.decompress(
        (PYODIDE / "pyodide.asm.wasm.gzip").read_bytes()
    )
    name = packages()["numpy"]["file_name"]
    original = zipfile.ZipFile(published / name)
    extensions = {n: data for n, data in members_of(name).items() if n.endswith(".so")}
    assert any("_multiarray_umath" in extension for extension in extensions)
    assert all(original.read(extension) == data for extension, data in extensions.items())


def test_libraries_are_shipped_as_byte_code_with_their_licenses() -> None:
    numpy = members_of(packages()["numpy"]["file_name"])
    for members in (numpy, members_of("python_stdlib.zip")):
        assert len(members) > 100
        assert not [name for name in members if name.endswith(".py")]
    assert not [name for name in numpy if "/tests/" in name or name.endswith((".pyi", ".h"))]
    assert [name for name in numpy if name.endswith("/LICENSE.txt")]


# Modules that the page never imports, and those that it imports only for cells that people write.
NATIVE = (
    *("__main__.py", "terminal.py", "training/workers.py"),
    *(f"pytorch/{path.name}" for path in (PACKAGE / "pytorch").glob("*.py")),
    *(f"engine/examples/{path.name}" for path in (PACKAGE / "engine" / "examples").iterdir()),
)
FOR_CELLS = (
    *("engine/written.py", "engine/source.py", "engine/autodiff.py"),
    *("look/cellcheck.py", "look/cellfaults.py", "training/race.py", "page/celldesk.py"),
)


def test_the_wheel_is_pure_and_holds_the_source_and_byte_code_of_the_package() -> None:
    name = packages()["rnn-pkg"]["file_name"]
    assert name.endswith("-py3-none-any.whl")
    members = members_of(name)
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE)
        assert members[f"rnn_pkg/{name.as_posix()}"] == path.read_bytes()
        compiled = name.parent / "__pycache__" / f"{name.stem}.cpython-314.pyc"
        is_left_out = name.as_posix() in (*NATIVE, *FOR_CELLS)
        assert (f"rnn_pkg/{compiled.as_posix()}" in members) != is_left_out
    assert all(re.match(r"rnn_pkg(-[\d.]+\.dist-info)?/", name) for name in members)


def test_what_only_cells_need_is_an_archive_of_its_own() -> None:
    members = members_of("cells.zip")
    for name in map(PurePosixPath, FOR_CELLS):
        assert f"rnn_pkg/{name.parent}/__pycache__/{name.stem}.cpython-314.pyc" in members
    assert "autograd/core.pyc" in members
    assert [name for name in members if "autograd" in name and "license" in name]
    always = set(members_of(packages()["rnn-pkg"]["file_name"]))
    for archive in ("python_stdlib.zip", packages()["numpy"]["file_name"]):
        always |= members_of(archive).keys()
    assert not members.keys() & always


def test_runtime_json_pins_every_file_of_the_runtime() -> None:
    runtime = read_json(DIST / "runtime.json")
    shipped = {f"pyodide/{path.name}": path.read_bytes() for path in PYODIDE.iterdir()}
    del shipped["pyodide/pyodide-lock.json"]
    assert runtime["files"] | runtime["cells"] == {
        name: {"bytes": len(data), "sha256": sha256(data)} for name, data in shipped.items()
    }
    assert runtime["cells"].keys() == {"pyodide/cells.zip.gzip"}
    assert set(runtime["packages"]) == {"numpy", "rnn-pkg"}


def test_every_mention_of_a_version_agrees() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["build-system"]["requires"] == pins("build")
    assert f"numpy=={packages()['numpy']['version']}" in pins("test")
    assert packages()["rnn-pkg"]["version"] == read_json(DIST / "runtime.json")["package"]

    version = pyodide_version()
    assert read_json(NODE_MODULES / "pyodide/package.json")["version"] == version
    texts = [*ROOT.glob("*.md"), *WEB.glob("*.*"), *ROOT.glob("tests/**/*.py")]
    for path in texts:
        mentioned = set(re.findall(r"\b314\.\d+\.\d+", path.read_text("utf-8", "replace")))
        assert mentioned <= {version}, path


def test_no_file_is_there_for_the_tools_only() -> None:
    names = {path.relative_to(DIST).as_posix() for path in DIST.rglob("*")}
    assert {"index.html", "worker.js", "lib/comlink.mjs", "lib/uplot.css"} <= names
    assert not [n for n in names if n.endswith((".d.ts", ".c")) or "node_modules" in n]
    assert [n for n in names if n.endswith(".py")] == ["kernels/simd.py"]  # runs in the page
    assert not names & {"package.json", "package-lock.json", "tsconfig.json", ".npmrc"}


def test_a_panel_is_its_folder_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "web"
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("node_modules"))
    (web / "panels/toy").mkdir()
    (web / "panels/toy/panel.html").write_text("<section>a toy</section>")
    (web / "panels/toy/panel.css").write_text(".toy { color: red }")
    listed = (web / "panels/index.js").read_text("utf-8")
    (web / "panels/index.js").write_text(f'{listed}export * as toy from "./toy/panel.js";\n')
    monkeypatch.setattr(build, "WEB", web)
    files = build.page_with_panels()
    page = files["index.html"]
    assert page.index(b"<main ") < page.index(b"a toy") < page.index(b"</main>")
    assert b".toy { color: red }" in files["style.css"]


def test_every_panel_is_part_of_the_page_and_nowhere_else() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    style = (DIST / "style.css").read_text("utf-8")
    folders = [path for path in (WEB / "panels").iterdir() if path.is_dir()]
    assert len(folders) > 5
    for folder in folders:
        assert page.count((folder / "panel.html").read_text("utf-8")) == 1
        for sheet in folder.glob("panel.css"):
            assert style.count(sheet.read_text("utf-8")) == 1
    assert not list(DIST.rglob("panel.html")) + list(DIST.rglob("panel.css"))


def test_libraries_are_single_files() -> None:
    for library in (DIST / "lib").glob("*.mjs"):
        text = library.read_text("utf-8")
        assert not re.search(r"^\s*(import\b|export .* from\b)", text, re.MULTILINE), library


def test_the_page_names_no_address_outside_its_folder() -> None:
    for page in DIST.glob("*.html"):
        addresses = re.findall(r"\b(?:src|href|action)=[\"']?([^\"'\s>]+)", page.read_text("utf-8"))
        linked = [a for a in addresses if re.match(r"/|\w+:", a) and not a.startswith("data:")]
        assert not [a for a in linked if not a.startswith("https://github.com/")], page


ORDER = ("rnn", "engine/cells", "engine/network", "training/trainer", "page/session")


def test_the_python_example_is_the_package_itself() -> None:
    text = (DIST / "examples/python.txt").read_text("utf-8")
    places = [text.index(f"# rnn_pkg/{name}.py\n") for name in ORDER]
    assert places == sorted(places)
    assert (PACKAGE / "rnn.py").read_text("utf-8").strip() in text
    assert text.count("\n# rnn_pkg/") + 1 == len(list(PACKAGE.rglob("*.py")))


@pytest.mark.parametrize("name", build.KERNEL_MODULES)
def test_the_kernels_have_no_memory_stack_or_data_of_their_own(name: str) -> None:
    """They run on Pyodide's memory, where whatever they put of their own would destroy Python's."""
    module = (DIST / "kernels" / name).read_bytes()
    sections = dict(wasm_sections(module))
    imports, memory, data = 2, 5, 11
    assert sections[imports].startswith(b"\x01\x03env\x06memory\x02")  # one, a memory
    assert not {memory, data} & sections.keys()
    assert b"__stack_pointer" not in build.compile_kernels(
        build.KERNEL_MODULES[name], "-S", "-Wno-unused-command-line-argument"
    )


def wasm_sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    """The sections of a WebAssembly module: their numbers and contents."""
    at = 8  # after the magic number and the version
    while at < len(module):
        number, size, shift = module[at], 0, 0
        at += 1
        while True:  # the size, in LEB128
            size |= (module[at] & 0x7F) << shift
            shift += 7
            at += 1
            if module[at - 1] < 0x80:
                break
        yield number, module[at : at + size]
        at += size
