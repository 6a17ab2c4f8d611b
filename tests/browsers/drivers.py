"""Chromium, Firefox and WebKit, each as its WebDriver drives it, with what goes wrong in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import FLAGS, programs

# WebKit's driver doesn't tell of errors, so the page is made to note them itself, as soon as it is
# there: before its modules run, or right after.
NOTE_TROUBLE = """
if (window.leaving || location.href !== arguments[0]) return false;
window.trouble ??= (() => {
  const trouble = [];
  addEventListener("error", ({ message }) => trouble.push(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => trouble.push(`uncaught: ${reason}`));
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    trouble.push(`policy: ${effectiveDirective} forbids ${blockedURI}`));
  const { error } = console;
  console.error = (...words) => {
    trouble.push(`console: ${words.join(" ")}`);
    error(...words);
  };
  return trouble;
})();
return true;
"""


@dataclass
class Browser:
    """A running browser that saves files into a folder of its own."""

    driver: WebDriver
    downloads: Path
    tells: bool  # does its driver tell of errors?
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.tells:
            self.driver.script.add_console_message_handler(
                lambda entry: self.note("console", entry) if entry.level == "error" else None
            )
            self.driver.script.add_javascript_error_handler(
                lambda entry: self.note("uncaught", entry)
            )

    def note(self, kind: str, entry: Any) -> None:
        self.told.append(f"{kind}: {entry.text}")

    @property
    def version(self) -> str:
        return str(self.driver.capabilities["browserVersion"])

    def open(self, address: str) -> None:
        self.visit(lambda: self.driver.get(address), address)

    def reload(self) -> None:
        self.visit(self.driver.refresh, self.driver.current_url)

    def visit(self, go: Callable[[], None], address: str) -> None:
        if self.tells:
            go()
            return
        self.told += self.noted()
        self.driver.execute_script("window.leaving = true")
        go()
        WebDriverWait(self.driver, 10, poll_frequency=0.01).until(
            lambda driver: driver.execute_script(NOTE_TROUBLE, address)
        )

    def noted(self) -> list[str]:
        return list(self.driver.execute_script("return window.trouble?.splice(0) ?? []"))

    def trouble(self) -> list[str]:
        """The errors since this was last asked."""
        if not self.tells:
            self.told += self.noted()
        trouble, self.told = self.told, []
        return trouble


@contextmanager
def started(name: str, folder: Path) -> Iterator[Browser]:
    """A browser with a fresh profile that saves files into this folder."""
    with STARTERS[name](folder, *programs(name)) as driver:
        try:
            yield Browser(driver, folder, tells=name != "webkit")
        finally:
            driver.quit()


@contextmanager
def chromium(folder: Path, browser: str, driver: str) -> Iterator[WebDriver]:
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.enable_bidi = True
    for flag in ("--headless=new", *FLAGS):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    yield webdriver.Chrome(options, webdriver.ChromeService(driver))


@contextmanager
def firefox(folder: Path, browser: str, driver: str) -> Iterator[WebDriver]:
    options = webdriver.FirefoxOptions()
    options.binary_location = browser
    options.enable_bidi = True
    options.add_argument("-headless")
    options.set_preference("browser.download.folderList", 2)  # the folder named next
    options.set_preference("browser.download.dir", str(folder))
    yield webdriver.Firefox(options, webdriver.FirefoxService(driver))


@contextmanager
def webkit(folder: Path, browser: str, driver: str, xvfb: str) -> Iterator[WebDriver]:
    options = webdriver.WebKitGTKOptions()
    options.binary_location = browser
    options.add_argument("--automation")
    options.page_load_strategy = "none"  # so that trouble is noted from the beginning
    # It saves where the desktop says that downloads belong.
    settings = folder / "settings"
    settings.mkdir()
    (settings / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{folder}"\n')
    with screen(xvfb) as display:
        env = {
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "XDG_CONFIG_HOME": str(settings),
            "LANG": "en_US.UTF-8",  # else it tells pages that their language is "C"
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",  # needs a graphics card
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # needs rights that containers lack
        }
        yield webdriver.WebKitGTK(
            options, service=webdriver.WebKitGTKService(driver, env=os.environ | env)
        )


STARTERS: dict[str, Callable[..., AbstractContextManager[WebDriver]]] = {
    "chromium": chromium,
    "firefox": firefox,
    "webkit": webkit,
}


@contextmanager
def screen(xvfb: str) -> Iterator[str]:
    """A screen in memory, for a browser that doesn't do without; its name."""
    command = [xvfb, "-displayfd", "1", "-screen", "0", "1280x1024x24"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()
