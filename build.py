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
import json
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

from web.runtime.make import NUMBERS, pyodide_files, runtime_facts
from web.tools.server import make_server
from web.tools.steps import (
    CACHE,
    DIST,
    NODE_MODULES,
    PACKAGE,
    PYTHON,
    ROOT,
    WEB,
    BuildError,
    digest,
    install_libraries,
    install_tools,
    is_done,
    node,
    pins,
    run,
    say,
    scratch_folder,
    show,
    write_whole,
)

# A panel's line in web/panels/index.js, what becomes part of the page, and where in index.html.
PANEL = re.compile(r"^export (?:\* as|const) (\w+)", re.MULTILINE)
PANEL_PARTS = ("/panel.html", "/panel.css")
PLACE_OF_PANELS = "      <!-- The panels of panels/index.js, in their order. -->\n"

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

# The editor's library is many modules, which esbuild makes one of.
EDITOR, BUNDLE = WEB / "tools" / "codemirror.js", WEB / "tools" / "bundle.mjs"

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
    *("terminal.py", "pytorch", "__main__.py", "__init__.py"),
)


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


def editor_files() -> dict[str, bytes]:
    """The library of the editor in one module, and the licences of all that is in it."""
    key = digest(EDITOR, BUNDLE, WEB / "package-lock.json")
    made, stamp = CACHE / "codemirror.mjs", CACHE / "codemirror.stamp"
    if not is_done(stamp, key):
        node("Bundling the editor", str(BUNDLE), str(EDITOR), str(made))
        stamp.write_text(key)
    paths = (made, made.with_suffix(".LICENSE"))
    return {f"lib/{path.name}": path.read_bytes() for path in paths}


def page_files() -> dict[str, bytes]:
    """The page as it lies in web/, without what only the tools need."""
    tools_only = {"package.json", "package-lock.json", "tsconfig.json"}
    tools_only |= {"runtime", "tools", "__init__.py"}
    scripts = example_scripts()
    files = {}
    for path in WEB.rglob("*"):
        name = path.relative_to(WEB).as_posix()
        hidden = any(part.startswith((".", "node_modules")) for part in name.split("/"))
        source = name.endswith((".d.ts", ".c", ".pyc", *PANEL_PARTS)) or path in scripts
        if path.is_dir() or hidden or name.split("/")[0] in tools_only or source:
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
        for part in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(part, ast.ImportFrom):
                names |= {part.module, *(f"{part.module}.{alias.name}" for alias in part.names)}
        paths = [ROOT / f"{name.replace('.', '/')}.py" for name in sorted(filter(None, names))]
        found[module] = [path for path in paths if path.is_file() and PACKAGE in path.parents]
    return found


def reading_order() -> list[Path]:
    """The modules of rnn_pkg, floor by floor, each after those that it stands on."""
    return sorted(graphlib.TopologicalSorter(imports_of_package()).static_order(), key=floor)


def floor(module: Path) -> int:
    """The floor that a module of rnn_pkg stands on; one on none of them raises ValueError."""
    return FLOORS.index(module.relative_to(PACKAGE).parts[0])


def build() -> None:
    """Make dist/ hold the whole site, and nothing else."""
    install_libraries()
    files = page_files() | page_with_panels() | example_files() | kernel_files()
    files |= editor_files()
    for name, source in LIBRARIES.items():
        files[f"lib/{name}"] = (NODE_MODULES / source).read_bytes()
    runtime = pyodide_files()
    numbers = runtime.pop(NUMBERS)
    pyodide = {f"pyodide/{name}": data for name, data in runtime.items()}
    files |= pyodide | {"runtime.json": runtime_facts(pyodide, numbers)}
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
    "types": "tests.site.contract",
    "package": "tests.package",
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
        "--browsers firefox, webkit or chromium: only the page's core, in that one; "
        "--torch: only what needs PyTorch, which is installed for it",
        "bench": "measure the training speed, beside TensorFlow.js and PyTorch",
        "screenshot": "train the first example and write docs/screenshot.png",
        "icons": "draw web/icons/ from web/favicon.svg",
        "types": "write web/answers.d.ts, what the page knows of Python's answers",
        "package": "make what goes to PyPI, and run the unit tests against the wheel; "
        "with a tag, such as v1.2.0, see that it is of this version",
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
