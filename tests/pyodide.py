"""The site's own Python in a real browser, without the page around it."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import build
from web.runtime.make import published_folder, wheels_for_pyodide
from web.tools.server import serve_in_thread
from web.tools.steps import DIST, ROOT

# The site is served from a folder, to prove that its addresses are relative.
SITE = "/some/folder/"
WORKER = "/pyodide-worker/"
WHEELS = "/wheels/"
PUBLISHED = "/published/"


def serve() -> str:
    """Serve the built site, and beside it what run_in_pyodide needs; return the site's address."""
    build.build()
    server = serve_in_thread(
        {
            SITE: DIST,
            WORKER: ROOT / "tests" / "pyodide_worker",
            WHEELS: pytest_wheels()[0].parent,
            PUBLISHED: published_folder(),
        }
    )
    return f"http://127.0.0.1:{server.server_port}{SITE}"


def pytest_wheels() -> list[Path]:
    """Pytest's own wheels, to be run inside Pyodide."""
    return wheels_for_pyodide("pytest")


def pack(paths: Iterable[Path]) -> bytes:
    """A zip of files of the project, under the names they have in it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in paths:
            archive.write(path, path.relative_to(ROOT))
    return buffer.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    """The members of an archive that is sent compressed."""
    archive = zipfile.ZipFile(BytesIO(gzip.decompress(path.read_bytes())))
    return {member: archive.read(member) for member in archive.namelist()}


def run_in_pyodide(
    page: Page,
    site: str,
    code: str,
    *,
    files: bytes = b"",
    wheels: Iterable[Path] = (),
    untrimmed: bool = False,
    kernels: Iterable[str] = (),
) -> Any:
    """Run Python in a worker on the site's own Pyodide; return its last expression, read as JSON.

    The files (a zip) are unpacked into the working folder first, the wheels installed, and the
    SIMD kernels: the first of these modules that runs in this browser. Untrimmed, Python finds the
    modules that are not shipped, too, and the module `untrimmed` tells which of them we missed.
    """
    page.goto(site.replace(SITE, WORKER))
    numpy = next(published_folder().glob("numpy-*.whl")).name
    archives = ["python_stdlib.zip", numpy] if untrimmed else []
    task = {
        "site": site,
        "code": code,
        "kernels": list(kernels),
        "files": base64.b64encode(files).decode(),
        "untrimmed": [site.replace(SITE, PUBLISHED) + name for name in archives],
        "wheels": [f"{site.replace(SITE, WHEELS)}{wheel.name}" for wheel in wheels],
    }
    return json.loads(page.evaluate("task => run(task)", task))


def run_further(page: Page, code: str) -> Any:
    """Run more Python where run_in_pyodide did last, with all that it left there."""
    answer = page.workers[-1].evaluate("code => pyodide.runPythonAsync(code)", code)
    return json.loads(answer)
