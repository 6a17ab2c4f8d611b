"""Leaves of Python and NumPy what the page uses, inside the Pyodide that is shipped.

make.mjs calls it after walk.py: what has been imported by then is kept, the rest left out. What is
needed only for cells that somebody writes goes into an archive of its own.
"""

import sys
import zipfile
from collections.abc import Iterable, Set
from pathlib import Path

import numpy as np

OURS = "rnn_pkg.zip"
CELLS = "cells.zip"
ONLY_DOCSTRINGS = ("/_add_newdocs.py", "/_add_newdocs_scalars.py")  # of what NumPy has in C

Members = dict[str, bytes]


def trim(folder: Path, always: Set[str], wheels: Iterable[Path]) -> None:
    """Keep in a folder's archives only what has been imported.

    Args:
        folder: holds Pyodide's files and the wheels of NumPy and rnn_pkg, as published. The wheel
            of rnn_pkg stays whole; what is kept of it goes into an archive beside it, OURS. What
            only cells need goes into CELLS, as it is to lie beside the packages.
        always: names of the modules that are needed without cells, too.
        wheels: those that only cells need.
    """
    library = next(Path(path) for path in sys.path if path.endswith(".zip"))
    packages = Path(np.__file__).parents[1]
    stdlib, ours = folder / "python_stdlib.zip", next(folder.glob("rnn_pkg-*.whl"))
    numpy = next(folder.glob("numpy-*.whl"))
    archives = [(stdlib, library, stdlib), (numpy, packages, numpy), (ours, ours, folder / OURS)]
    needed, later = files_of(always), files_of(set(sys.modules) - always)
    cells: Members = {}
    for archive, place, kept in archives:
        members = read(archive)
        cells |= imported(members, place, later)
        write(kept, imported(members, place, needed) | described(members))
    for wheel in wheels:
        members = read(wheel)
        cells |= imported(members, wheel, later) | described(members)
    write(folder / CELLS, cells)


def files_of(modules: Iterable[str]) -> set[str | None]:
    """Return where modules have been imported from."""
    return {getattr(sys.modules[name], "__file__", None) for name in modules}


def imported(members: Members, place: Path, files: Set[str | None]) -> Members:
    """Return what is needed of a library.

    Args:
        members: of its archive.
        place: where the archive's content lies in here.
        files: of the modules that are needed.
    """
    kept = {}
    for name, data in members.items():
        if str(place / name) in files:
            kept[name] = b"" if name.endswith(ONLY_DOCSTRINGS) else data
    return kept


def described(members: Members) -> Members:
    """Return a library's description, and its licence."""
    return {
        name: data
        for name, data in members.items()
        if name.endswith(("/METADATA", "/WHEEL")) or ".dist-info/licenses/" in name
    }


def read(archive: Path) -> Members:
    """Return the files in an archive."""
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name[-1] != "/"}


def write(archive: Path, members: Members) -> None:
    """Make an archive of files, stored as they are.

    Compressed all together afterwards, they are smaller than each by itself.
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for name, data in sorted(members.items()):
            opened.writestr(name, data)
