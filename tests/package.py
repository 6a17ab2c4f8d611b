"""Makes what goes to PyPI, and tests the wheel by itself: in an environment of nothing else."""

from __future__ import annotations

import re
import shutil
import sys
import tarfile
from pathlib import Path

import rnn_pkg
from web.tools.steps import (
    CACHE,
    PYTHON,
    ROOT,
    BuildError,
    pins,
    run,
    run_as_program,
    say,
    scratch_folder,
    show,
)

PACKAGE = CACHE / "package"
"""Where the wheel and the source distribution are left."""

# What the unit tests use beside pytest and the package.
NEEDED = ("numpy", "hypothesis", "autograd", "safetensors", "tqdm", "pytest-xdist")


def check_tag(tag: str) -> None:
    """Raise BuildError unless the tag is that of this version, whose changes are written down."""
    version = rnn_pkg.__version__
    if tag != f"v{version}":
        raise BuildError(
            f"the tag {tag} is not that of rnn_pkg {version}: tag v{version}, or change "
            "__version__ in rnn_pkg/__init__.py"
        )
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {re.escape(version)}$", changes, re.MULTILINE):
        raise BuildError(f"CHANGELOG.md has no section {version}: say there what is new")


def make() -> tuple[Path, Path]:
    """Make the wheel and the source distribution."""
    shutil.rmtree(PACKAGE, ignore_errors=True)
    run([PYTHON, "-m", "hatchling", "build", "-d", str(PACKAGE)], "Building the package")
    (wheel,), (source,) = PACKAGE.glob("*.whl"), PACKAGE.glob("*.tar.gz")
    return wheel, source


def tested_apart(wheel: Path, source: Path) -> int:
    """Run the source distribution's unit tests against the wheel; return pytest's exit code."""
    with scratch_folder() as folder:
        run([sys.executable, "-m", "venv", str(folder / "venv")], "Making an environment")
        python = folder / "venv" / Path(PYTHON).relative_to(ROOT / ".venv")
        tools = [*pins("pytest"), *(p for p in pins("test") if p.split("==")[0] in NEEDED)]
        pip = [str(python), "-m", "pip", "install", "--quiet", str(wheel), *tools]
        run(pip, "Installing the wheel", cwd=folder, needs="PyPI")
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        (tests,) = folder.glob("rnn_pkg-*")
        # What is found must be what is installed.
        shutil.rmtree(tests / "rnn_pkg")
        options = ("-q", "-n", "auto", f"--rootdir={tests}")
        return show([str(python), "-m", "pytest", *options, str(tests / "tests")])


def main(arguments: list[str]) -> int:
    if arguments:
        check_tag(*arguments)
    wheel, source = make()
    say("Running the unit tests against the wheel ...")
    code = tested_apart(wheel, source)
    if code == 0:
        say(f"{wheel.name} and {source.name} are in {PACKAGE.relative_to(ROOT)}/.")
    return code


if __name__ == "__main__":
    run_as_program(main)
