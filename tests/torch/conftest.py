"""The browser and the site of the page tests, for the way from the page to PyTorch and back."""

from tests.page.conftest import browser, playwright, requests, servers, site

__all__ = ["browser", "playwright", "requests", "servers", "site"]
