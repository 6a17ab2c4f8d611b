"""Makes Python, NumPy and rnn_pkg quick to start and small to send, with Pyodide's own tools.

make.mjs calls it after trim.py, inside the Pyodide that is shipped. pyodide-build compiles: to do
so at each start would take longer than all the rest of it, and only this very Python makes byte
code that this very Python takes. pyodide-lock writes down what the page can load.

Equal inputs give equal bytes: with SOURCE_DATE_EPOCH, archives get that date, and byte code knows
its source by a hash; there is one zlib.
"""

import gzip
from importlib.util import cache_from_source
from pathlib import Path

from pyodide_build.cli.py_compile import main as py_compile
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec

from web.runtime.trim import CELLS, OURS, Members, read, write

LOCK = "pyodide-lock.json"
SENT_COMPRESSED = ("pyodide.asm.wasm", "python_stdlib.zip", "*.whl", CELLS)


def pack(folder: Path) -> None:
    """Compile the archives in a folder, list the packages, and add compressed copies.

    Args:
        folder: holds what trim.py has left.
    """
    wheel = next(folder.glob("rnn_pkg-*.whl"))
    options = ("--silent", "--compression-level=0", f"--exclude={wheel.name}")
    py_compile([str(folder), *options], standalone_mode=False)
    write(wheel, read(wheel) | beside_source(read(folder / OURS)))
    write(folder / CELLS, beside_source(read(folder / CELLS)))
    list_packages(folder / LOCK, wheel)
    for pattern in SENT_COMPRESSED:
        for path in folder.glob(pattern):
            # With this ending, no server says that it has compressed the file by itself.
            compressed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gzip").write_bytes(compressed)


def beside_source(compiled: Members) -> Members:
    """Return compiled modules, those of rnn_pkg by the names that Python gives them beside their
    source.

    pyodide-build puts them in the place of the source, which learners and tracebacks need.
    """

    def place(name: str) -> str:
        if name.startswith("rnn_pkg/") and name.endswith(".pyc"):
            return cache_from_source(name.removesuffix("c"), optimization="")
        return name

    return {place(name): data for name, data in compiled.items()}


def list_packages(lock: Path, wheel: Path) -> None:
    """Have Pyodide's lock file know only NumPy and this wheel."""
    spec = PyodideLockSpec.from_json(lock)
    spec.packages = {"numpy": spec.packages["numpy"]}
    add_wheels_to_spec(spec, [wheel]).to_json(lock, indent=1)
