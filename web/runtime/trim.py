"""Makes Python, NumPy and rnn_pkg small and quick to start, inside the Pyodide that is shipped.

trim.mjs calls it after walk.py. Of the standard library and of NumPy, the modules that have been
imported by then are kept, as byte code: to compile them at each start would take longer than all
the rest of it, and only this very Python makes byte code that this very Python takes. Docstrings
and asserts are left out, as `python -OO` does. rnn_pkg keeps all of its source, for learners and
for tracebacks, with the byte code of what the page uses beside it.

Equal inputs give equal bytes: byte code that knows its source by a hash, fixed dates, one zlib.
"""

import gzip
import sys
import zipfile
from collections.abc import Callable
from importlib import _bootstrap_external
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any

import numpy as np

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
ONLY_DOCSTRINGS = ("/_add_newdocs.py", "/_add_newdocs_scalars.py")  # of what NumPy has in C
SENT_COMPRESSED = ("pyodide.asm.wasm", "python_stdlib.zip", "*.whl")

Members = dict[str, bytes]


def trim(folder: Path) -> None:
    """Replace the archives in a folder by smaller ones, and add compressed copies of large files.

    Args:
        folder: holds Pyodide's files and the wheels of NumPy and rnn_pkg, as published.
    """
    library = next(path for path in sys.path if path.endswith(".zip"))
    packages = str(Path(np.__file__).parents[1])
    rewrite(folder / "python_stdlib.zip", lambda members: as_byte_code(members, library))
    for wheel in folder.glob("numpy-*.whl"):
        rewrite(wheel, lambda members: as_byte_code(members, packages))
    for wheel in folder.glob("rnn_pkg-*.whl"):
        rewrite(wheel, with_byte_code)
    for pattern in SENT_COMPRESSED:
        for path in folder.glob(pattern):
            # With this ending, no server says that it has compressed the file by itself.
            compressed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gzip").write_bytes(compressed)


def rewrite(archive: Path, change: Callable[[Members], Members]) -> None:
    """Put what becomes of an archive's members in their place.

    They are stored as they are: compressed all together, they are smaller than each by itself.
    """
    with zipfile.ZipFile(archive) as before:
        members = {name: before.read(name) for name in before.namelist() if name[-1] != "/"}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as after:
        for name, data in sorted(change(members).items()):
            after.writestr(zipfile.ZipInfo(name, FIXED_DATE), data)


def as_byte_code(members: Members, place: str) -> Members:
    """Return what is needed of a library: imported modules as byte code only, and its description.

    Args:
        members: of its archive.
        place: the path that the archive's content has in here.
    """
    imported = {getattr(module, "__file__", None) for module in sys.modules.values()}
    kept = {}
    for name, data in members.items():
        if f"{place}/{name}" in imported:
            if name.endswith(".py"):
                data = b"" if name.endswith(ONLY_DOCSTRINGS) else data
                name, data = f"{name}c", byte_code(data, f"{place}/{name}")
            kept[name] = data
        elif name.endswith(("/METADATA", "/WHEEL")) or "LICENSE" in name:
            kept[name] = data
    return kept


def with_byte_code(members: Members) -> Members:
    """Return a package with the byte code of what has been imported beside its source."""
    sources = {name: data for name, data in members.items() if module_name(name) in sys.modules}
    compiled = {cache_from_source(name): byte_code(data, name) for name, data in sources.items()}
    return members | compiled


def module_name(name: str) -> str:
    """Return what the module in this member of a wheel is called."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def byte_code(source: bytes, name: str) -> bytes:
    """Return what Python would cache for this source; it is never compared with the source."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    importer: Any = _bootstrap_external
    data: bytes = importer._code_to_hash_pyc(code, source_hash(source), checked=False)
    return data
