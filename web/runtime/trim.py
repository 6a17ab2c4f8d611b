"""Leaves of Python and NumPy what the page uses, inside the Pyodide that is shipped.

make.mjs calls it after walk.py: what has been imported by then is kept, the rest left out.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np

OURS = "rnn_pkg.zip"
ONLY_DOCSTRINGS = ("/_add_newdocs.py", "/_add_newdocs_scalars.py")  # of what NumPy has in C

Members = dict[str, bytes]


def trim(folder: Path) -> None:
    """Keep in a folder's archives only what has been imported.

    Args:
        folder: holds Pyodide's files and the wheels of NumPy and rnn_pkg, as published. The wheel
            of rnn_pkg stays whole; what is kept of it goes into an archive beside it, OURS.
    """
    library = next(Path(path) for path in sys.path if path.endswith(".zip"))
    packages = Path(np.__file__).parents[1]
    stdlib, ours = folder / "python_stdlib.zip", next(folder.glob("rnn_pkg-*.whl"))
    numpy = next(folder.glob("numpy-*.whl"))
    write(stdlib, imported(read(stdlib), library))
    write(numpy, imported(read(numpy), packages))
    write(folder / OURS, imported(read(ours), ours))


def imported(members: Members, place: Path) -> Members:
    """Return what is needed of a library: the imported modules, and its description.

    Args:
        members: of its archive.
        place: where the archive's content lies in here.
    """
    files = {getattr(module, "__file__", None) for module in sys.modules.values()}
    kept = {}
    for name, data in members.items():
        if str(place / name) in files:
            kept[name] = b"" if name.endswith(ONLY_DOCSTRINGS) else data
        elif name.endswith(("/METADATA", "/WHEEL")) or ".dist-info/licenses/" in name:
            kept[name] = data
    return kept


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
