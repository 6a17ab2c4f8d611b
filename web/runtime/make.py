"""Fetches Python, NumPy and rnn_pkg as published, and has them trimmed and packed for the page."""

from __future__ import annotations

import http.client
import json
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from web.tools.steps import (
    CACHE,
    NODE_MODULES,
    PACKAGE,
    PYTHON,
    ROOT,
    WEB,
    BuildError,
    digest,
    headline,
    install_tools,
    is_done,
    make_venv,
    node,
    pins,
    run,
    say,
    scratch_folder,
    sha256,
    wheels_by_pip,
    write_whole,
)

RUNTIME = WEB / "runtime"

# A PyPI wheel that carries Pyodide's own build of NumPy, for networks that do not reach the CDN.
NUMPY_CARRIER = "open-webui==0.12.4"
NUMPY_CARRIER_FOLDER = "open_webui/frontend/pyodide/"

# What Pyodide loads from the folder it is served from.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# The first two are modules, which only the browser can load; what is larger is sent compressed.
PYODIDE_MODULES = PYODIDE_FILES[:2]
LOCK = "pyodide-lock.json"

CELLS = "cells.zip.gzip"
"""What is loaded only where somebody writes a cell."""

NUMBERS = "numbers.json"
"""What Python will tell the page of itself, for the page to know before that."""


def numpy_from_cdn(name: str) -> bytes:
    url = f"https://cdn.jsdelivr.net/pyodide/v{pyodide_version()}/full/{name}"
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            data: bytes = response.read()
    except urllib.error.URLError as error:
        raise BuildError(f"not reachable ({error.reason})") from None
    return data


def numpy_from_carrier(name: str) -> bytes:
    make_venv()
    with scratch_folder() as scratch:
        # It asks for Python 3.12, but is only taken apart here.
        options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
        command = [PYTHON, "-m", "pip", "download", *options, NUMPY_CARRIER]
        run(command, f"pip download {NUMPY_CARRIER}", cwd=scratch)
        with zipfile.ZipFile(next(scratch.glob("*.whl"))) as carrier:
            return carrier.read(NUMPY_CARRIER_FOLDER + name)


FETCH_ERRORS = (OSError, http.client.HTTPException, BuildError, zipfile.BadZipFile, KeyError)

NUMPY_SOURCES: dict[str, Callable[[str], bytes]] = {
    "Pyodide's CDN": numpy_from_cdn,
    f"PyPI's {NUMPY_CARRIER}, 106 MB": numpy_from_carrier,
}


def numpy_wheel(name: str, pinned_hash: str) -> bytes:
    """NumPy as built for Pyodide, from wherever it can be had; only the pinned file will do."""
    cached = CACHE / name
    problems = []
    if cached.is_file():
        if sha256(data := cached.read_bytes()) == pinned_hash:
            return data
        problems.append(f".cache/{name} is another file (SHA-256 {sha256(data)})")
        say(f"{problems[-1]}; fetching it again.")
    for source, fetch in NUMPY_SOURCES.items():
        say(f"Fetching NumPy for Pyodide from {source} (once) ...")
        try:
            data = fetch(name)
            if sha256(data) != pinned_hash:
                raise BuildError(f"it sent another file (SHA-256 {sha256(data)})")
        except FETCH_ERRORS as error:
            problems.append(f"{source}: {error}")
            say(f"  not from there: {headline(error)}")
        else:
            write_whole(cached, data)
            return data
    raise BuildError(
        "NumPy for Pyodide could not be fetched.\n"
        + "".join(f"- {problem}\n" for problem in problems)
        + f"Check the network, or put {name} (SHA-256 {pinned_hash}) into .cache/ by hand."
    )


def package_wheel() -> Path:
    """The wheel of rnn_pkg, the same one that pip builds from this folder."""
    install_tools("build")
    files = [path for path in sorted(PACKAGE.rglob("*")) if path.is_file()]
    sources = [path for path in files if "__pycache__" not in path.parts]
    names = " ".join(str(path.relative_to(ROOT)) for path in sources)
    key = digest(ROOT / "pyproject.toml", ROOT / "LICENSE", names, *sources)
    command = ["wheel", "--no-deps", "--no-build-isolation", str(ROOT)]
    return wheels_by_pip(CACHE / "wheel", key, "Building the rnn_pkg wheel", *command)[0]


def wheels_for_pyodide(group: str) -> list[Path]:
    """The wheels of a dependency group, all of pure Python, so that Pyodide can run them."""
    make_venv()
    wanted = pins(group)
    pure = ("--only-binary=:all:", "--platform=any", "--abi=none", "--implementation=py")
    python = f"--python-version={published_lock()['info']['python']}"
    command = ["download", "--no-deps", *pure, python, *wanted]
    task = f"Fetching {wanted[0].split('==')[0]} for Pyodide (once)"
    folder = CACHE / f"{group}-wheels"
    return wheels_by_pip(folder, digest(*command), task, *command, needs="PyPI")


def pyodide_version() -> str:
    package = json.loads((WEB / "package.json").read_text("utf-8"))
    return str(package["dependencies"]["pyodide"])


def published_lock() -> dict[str, Any]:
    """What Pyodide says of itself and of the packages built for it."""
    lock: dict[str, Any] = json.loads((NODE_MODULES / "pyodide" / LOCK).read_text("utf-8"))
    return lock


def published_runtime() -> dict[str, bytes]:
    """Pyodide's own files, and the wheels of NumPy and rnn_pkg."""
    folder = NODE_MODULES / "pyodide"
    files = {name: (folder / name).read_bytes() for name in (*PYODIDE_FILES, LOCK)}
    numpy = published_lock()["packages"]["numpy"]
    files[numpy["file_name"]] = numpy_wheel(numpy["file_name"], numpy["sha256"])
    wheel = package_wheel()
    return files | {wheel.name: wheel.read_bytes()}


def published_folder() -> Path:
    """The same files in a folder, for tests and to compare with."""
    folder = CACHE / "published"
    files = published_runtime()
    for name, data in files.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            write_whole(folder / name, data)
    return folder


def pyodide_files() -> dict[str, bytes]:
    """The runtime trimmed to what the page uses, its large files compressed."""
    published = published_runtime()
    hashes = [f"{name} {sha256(data)}" for name, data in sorted(published.items())]
    key = digest(*hashes, *pins("pyodide"), *pins("cells"), *sorted(RUNTIME.glob("*.*")))
    folder = CACHE / "runtime"
    if not is_done(folder / "complete.stamp", key):
        say("Trimming and compiling Python and NumPy for the page ...")
        with scratch_folder() as scratch:
            fresh = scratch / "runtime"
            for name, data in trimmed_runtime(published, scratch / "work").items():
                write_whole(fresh / name, data)
            (fresh / "complete.stamp").write_text(key)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.replace(folder)
    names = sorted(path.name for path in folder.iterdir() if path.suffix != ".stamp")
    return {name: (folder / name).read_bytes() for name in names}


def trimmed_runtime(published: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """What becomes of the published files in this new folder."""
    for name, data in published.items():
        write_whole(folder / name, data)
    tools, cells = (str(wheels_for_pyodide(group)[0].parent) for group in ("pyodide", "cells"))
    node("Trimming the runtime", str(RUNTIME / "make.mjs"), str(folder), tools, cells)
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix == ".gzip" or path.name in (*PYODIDE_MODULES, LOCK, NUMBERS)
    }


def runtime_facts(pyodide: dict[str, bytes], numbers: bytes) -> bytes:
    """What the page has to know before Python runs: what to load, how large it is, its hashes."""
    packages = json.loads(pyodide[f"pyodide/{LOCK}"])["packages"]
    about = {
        name: {"bytes": len(data), "sha256": sha256(data)}
        for name, data in sorted(pyodide.items())
        if not name.endswith(LOCK)
    }
    cells = {name: about.pop(name) for name in list(about) if name.endswith(CELLS)}
    facts = {
        "pyodide": pyodide_version(),
        "package": packages["rnn-pkg"]["version"],
        "packages": [package["name"] for package in packages.values()],
        "numbers": json.loads(numbers),
        "files": about,
        "cells": cells,
    }
    return json.dumps(facts, indent=1).encode()
