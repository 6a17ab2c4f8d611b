"""For pytest: modules that the site's Python is not shipped with, from the published archives.

Whoever needs them is noted, for rnn_pkg must do without.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import FrameType, ModuleType

OURS = ("rnn_pkg", "simd")
NOT_IN_THE_PAGE = ("rnn_pkg.__main__", "rnn_pkg.terminal", "rnn_pkg.training.workers")

missed: list[str] = []
"""What of it rnn_pkg has imported."""


class Untrimmed:
    """A finder of last resort."""

    def __init__(self, archives: Sequence[str]) -> None:
        self._archives = archives

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module in the archives."""
        folder = "/".join(name.split(".")[:-1])
        spec = PathFinder.find_spec(name, [f"{archive}/{folder}" for archive in self._archives])
        if spec and needed_by_us(sys._getframe(1)):
            missed.append(name)
        return spec


def needed_by_us(frame: FrameType | None) -> bool:
    """Tell whether what runs here was called by rnn_pkg rather than by a test."""
    while frame:
        name = frame.f_globals.get("__name__", "")
        if name in NOT_IN_THE_PAGE or name.startswith("tests."):
            return False
        if name.split(".")[0] in OURS:
            return True
        frame = frame.f_back
    return False


def install(archives: Sequence[str]) -> None:
    """Have imports fall back on these archives."""
    sys.meta_path.append(Untrimmed(archives))
