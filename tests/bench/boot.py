"""How long the page takes to be ready, beside a bare page that only starts the published NumPy."""

from __future__ import annotations

import gzip
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launch
from web.runtime.make import published_folder, pyodide_version
from web.tools.server import SiteHandler, serve_in_thread
from web.tools.steps import DIST, ROOT

PAGES = {"page": "/page/", "bare": "/bare/"}
READY_MS = 120_000

# The page's own clock starts with the navigation.
NOTE_READY = """
new MutationObserver(() => {
  if (document.documentElement.dataset.phase === "ready") window.readyAfter ??= performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-phase"] });
"""


# What the page keeps for the next visit belongs to the first.
KEPT = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration) await navigator.serviceWorker.ready;
}"""


class Traffic:
    """What a server has sent, as it would be with gzip, which every usual host applies."""

    def __init__(self) -> None:
        self.bytes = 0
        self._sizes: dict[Path, int] = {}

    def count(self, file: Path) -> None:
        if file not in self._sizes:
            data = file.read_bytes()
            self._sizes[file] = min(len(data), len(gzip.compress(data)))
        self.bytes += self._sizes[file]


@contextmanager
def served(traffic: Traffic) -> Iterator[str]:
    """Serve the built site and the bare page; yield their server's address."""

    class Handler(SiteHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            file = Path(self.translate_path(self.path))
            if code == 200:
                traffic.count(file / "index.html" if file.is_dir() else file)

    bare = ROOT / "tests" / "bench" / "bare"
    folders = {"/bare/pyodide/": published_folder(), "/bare/": bare, "/page/": DIST}
    server = serve_in_thread(folders, Handler)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def seconds_to_ready(page: Page, address: str) -> float:
    page.goto(address)
    # Not at each frame, as is usual: the page would be drawn that often, and be slower.
    page.wait_for_function("() => window.readyAfter", polling=100, timeout=READY_MS)
    return float(page.evaluate("window.readyAfter")) / 1000


def visit_twice(browser: Browser, address: str, traffic: Traffic) -> dict[str, float]:
    """Open a page with a browser that has never seen it, and again with one that has."""
    before = traffic.bytes
    with browser.new_context() as context:
        context.add_init_script(NOTE_READY)
        page = context.new_page()
        cold = seconds_to_ready(page, address)
        page.wait_for_load_state("networkidle")
        page.evaluate(KEPT)
        sent = traffic.bytes - before
        page.close()
        warm = seconds_to_ready(context.new_page(), address)
    return {"cold": cold, "warm": warm, "bytes": sent}


def measure(rounds: int) -> dict[str, Any]:
    """Medians of all rounds; the pages take turns, so that what else the machine does hits both."""
    traffic = Traffic()
    visits: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    with sync_playwright() as playwright, served(traffic) as server:
        browser = launch(playwright)
        version = browser.version
        for number in range(1, rounds + 1):
            print(f"{number} of {rounds}", file=sys.stderr)
            for name, path in PAGES.items():
                visits[name].append(visit_twice(browser, server + path, traffic))
        browser.close()
    medians = {
        name: {key: statistics.median(visit[key] for visit in seen) for key in seen[0]}
        for name, seen in visits.items()
    }
    ratios = {key: medians["page"][key] / medians["bare"][key] for key in medians["bare"]}
    versions = {"browser": version, "pyodide": pyodide_version()}
    return {"versions": versions, "rounds": visits, "medians": medians, "ratios": ratios}
