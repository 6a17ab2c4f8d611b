"""Fixtures that open the built site in a real browser and watch it for trouble."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launch
from tests.pyodide import serve

BOOT_TIMEOUT_MS = 120_000


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the built site, in a sub-folder of its server."""
    return serve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page; the test fails on any error in it and on any request that leaves the site."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    trouble: list[str] = []
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    context.on("weberror", lambda error: trouble.append(f"uncaught: {error.error}"))
    context.on(
        "console",
        lambda message: (
            trouble.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    yield page
    context.close()
    home = urlsplit(site).netloc
    here = ("data:", "blob:")
    away = [url for url in requests if urlsplit(url).netloc != home and not url.startswith(here)]
    assert not away, f"requests left the site: {away}"
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def ready_page(page: Page, site: str) -> Page:
    """The page after its start, when Python is loaded and Train can be pressed."""
    page.goto(site)
    page.wait_for_selector("html[data-phase=ready]", state="attached", timeout=BOOT_TIMEOUT_MS)
    return page
