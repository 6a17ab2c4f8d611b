"""torchrun, as a person starts it, on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import rnn_pkg
from web.tools.steps import ROOT

LONG = 300
"""Seconds after which what is waited for will not come."""


def command(
    processes: int,
    *arguments: object,
    program: tuple[str, ...] = ("-m", "rnn_pkg.pytorch"),
    max_restarts: int = 0,
) -> list[str]:
    """The command line of torchrun, for a program with these arguments."""
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    many = [*torchrun, f"--nproc-per-node={processes}", f"--max-restarts={max_restarts}"]
    return [*many, *program, *map(str, arguments)]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def torchrun(
    processes: int, *arguments: object, program: tuple[str, ...] = ("-m", "rnn_pkg.pytorch")
) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    line = command(processes, *arguments, program=program)
    return subprocess.run(line, env=environment(), capture_output=True, text=True)


@contextmanager
def running(
    processes: int, *arguments: object, max_restarts: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """Have it run meanwhile; what is left of it is ended."""
    line = command(processes, *arguments, max_restarts=max_restarts)
    with subprocess.Popen(line, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(torchrun: subprocess.Popen[str]) -> None:
    """End it and what it has started, as when the machine fails."""
    if torchrun.poll() is None:
        for process in (torchrun.pid, *learners(torchrun)):
            os.kill(process, signal.SIGKILL)


def learners(torchrun: subprocess.Popen[str]) -> list[int]:
    """The processes that it has started."""
    children = Path(f"/proc/{torchrun.pid}/task/{torchrun.pid}/children").read_text()
    return [
        int(child)
        for child in children.split()
        if "rnn_pkg.pytorch" in Path(f"/proc/{child}/cmdline").read_text()
    ]


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def steps_in(file: Path) -> int:
    """The steps that a model file has; 0 if there is none."""
    return rnn_pkg.load(file).steps if file.exists() else 0
