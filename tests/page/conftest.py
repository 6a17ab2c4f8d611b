"""Fixtures that open the built site in a real browser and watch it for trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser import SHORT_LIVED
from tests.page.parts import (
    BOOT_MS,
    booted,
    chromium,
    make_link,
    put_back,
    set_panel,
    start_afresh,
    wait_for_phase,
    watched,
)
from tests.pyodide import serve


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have the kernels compute, and NumPy alone as well in tests marked `both_engines`."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_engines")
        engines = ["simd", "numpy"] if both else ["simd"]
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.fixture(scope="session")
def servers() -> set[str]:
    """Hosts and ports of the servers that the tests have started."""
    return set()


@pytest.fixture(scope="session")
def site(servers: set[str]) -> str:
    """The address of the built site, in a sub-folder of its server."""
    address = serve()
    servers.add(urlsplit(address).netloc)
    return address


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """What computes in the page: the SIMD kernels, or NumPy alone."""
    return str(request.param)


@pytest.fixture(scope="session")
def address(site: str, engine: str) -> str:
    """Where the page opens with this engine."""
    return site if engine == "simd" else f"{site}?engine={engine}"


@pytest.fixture(scope="session")
def requests() -> list[str]:
    """The addresses that all pages and their workers have asked for since the last test."""
    return []


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, requests: list[str]) -> Iterator[Browser]:
    with chromium(playwright, requests, SHORT_LIVED) as browser:
        yield browser


@pytest.fixture(autouse=True)
def nothing_leaves_the_site(requests: list[str], servers: set[str]) -> Iterator[None]:
    """In no test does any page, or a worker of it, ask for anything elsewhere."""
    yield
    away = [url for url in requests if not is_here(url, servers)]
    requests.clear()
    assert not away, f"requests left the site: {away}"


def is_here(url: str, servers: set[str]) -> bool:
    return url.startswith(("data:", "blob:")) or urlsplit(url).netloc in servers


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, watched for errors."""
    with watched(browser) as page:
        yield page


@pytest.fixture
def ready_page(page: Page, address: str) -> Page:
    """The page after its start, when Python is loaded and Train can be pressed."""
    page.goto(address)
    wait_for_phase(page, "ready", BOOT_MS)
    return page


@pytest.fixture(scope="session")
def lasting_page(browser: Browser) -> Iterator[Callable[[str], tuple[Page, str]]]:
    """Opens one page at an address, once; and the link that it made then.

    An error in it fails the last of all tests, at whose end it is closed.
    """

    @cache
    def opened(address: str) -> tuple[Page, str]:
        page = pages.enter_context(booted(browser, address))
        set_panel(page, "Share and take home")
        return page, make_link(page)

    with ExitStack() as pages:
        yield opened


@pytest.fixture(scope="module")
def shared_page(lasting_page: Callable[[str], tuple[Page, str]], address: str) -> Page:
    """A page for the tests of all files that can do with it, started once for each engine."""
    page, beginning = lasting_page(address)
    put_back(page, beginning)
    return page


@pytest.fixture
def desk(shared_page: Page) -> Page:
    """The shared page without a run, the default example in its box."""
    start_afresh(shared_page)
    return shared_page
