"""Fixtures that open the built site in a real browser and watch it for trouble."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launch
from tests.page.parts import BOOT_MS, booted, start_afresh, wait_for_phase, watched
from tests.pyodide import serve


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second run of tests marked `one_engine`."""
    marked = [item for item in items if item.get_closest_marker("one_engine")]
    spare = [item for item in marked if "[numpy" in item.name]
    config.hook.pytest_deselected(items=spare)
    items[:] = [item for item in items if item not in spare]


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the built site, in a sub-folder of its server."""
    return serve()


@pytest.fixture(scope="session", params=["simd", "numpy"])
def engine(request: pytest.FixtureRequest) -> str:
    """What computes in the page: the SIMD kernels, or NumPy alone."""
    return str(request.param)


@pytest.fixture(scope="session")
def address(site: str, engine: str) -> str:
    """Where the page opens with this engine."""
    return site if engine == "simd" else f"{site}?engine={engine}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page, watched for errors and for requests that leave the site."""
    with watched(browser, site) as page:
        yield page


@pytest.fixture
def ready_page(page: Page, address: str) -> Page:
    """The page after its start, when Python is loaded and Train can be pressed."""
    page.goto(address)
    wait_for_phase(page, "ready", BOOT_MS)
    return page


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """One page, started once for each engine, for the tests of a file that can do with it."""
    with booted(browser, address) as page:
        yield page


@pytest.fixture
def desk(shared_page: Page) -> Page:
    """The shared page without a run, the default example in its box."""
    start_afresh(shared_page)
    return shared_page
