"""A real browser for the page tests: found if there is one, else installed."""

from __future__ import annotations

import os
import shutil
import sys

from playwright.sync_api import Browser, Playwright

from build import BuildError, headline, run, say, works

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=find(playwright), args=FLAGS)


def install_with_apt() -> None:
    if not shutil.which("apt-get"):
        raise BuildError("this system has no apt-get")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root and not works("sudo", "-n", "true"):
        raise BuildError("apt-get needs root, or sudo without a password")
    apt = [*([] if root else ["sudo"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    run([*apt, "update"], "apt-get update")
    run([*apt, "install", "-y", "--no-install-recommends", "chromium"], "apt-get install chromium")


def install_with_playwright() -> None:
    run([sys.executable, "-m", "playwright", "install", "chromium"], "playwright install chromium")


INSTALLERS = {"Debian's packages": install_with_apt, "Playwright": install_with_playwright}


def find(playwright: Playwright) -> str:
    """A Chromium or Chrome that runs: Playwright's own, one on PATH, or a newly installed one."""
    if found := find_installed(playwright):
        return found
    problems = []
    for source, install in INSTALLERS.items():
        say(f"Installing Chromium for the page tests from {source} (once) ...")
        try:
            install()
        except BuildError as error:
            problems.append(f"{source}: {error}")
            say(f"  not from there: {headline(error)}")
        else:
            if found := find_installed(playwright):
                return found
            problems.append(f"{source}: it was installed, but does not start")
    raise BuildError(
        "The page tests need Chromium or Chrome, and none could be installed.\n"
        + "".join(f"- {problem}\n" for problem in problems)
        + "Install one so that `chromium` or `google-chrome` is on PATH, and run this again."
    )


def find_installed(playwright: Playwright) -> str | None:
    for candidate in (playwright.chromium.executable_path, *map(shutil.which, NAMES)):
        if candidate and works(candidate, "--version"):
            return candidate
    return None
