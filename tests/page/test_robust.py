"""What befalls a page in the world: workers end, storage fills up, downloads break off."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, Route, TimeoutError, expect

import rnn_pkg
from tests.browser import FLAGS, find
from tests.page.parts import (
    BOOT_MS,
    ON_PURPOSE,
    REMEMBER_WORKERS,
    SENTENCE,
    SOON_MS,
    alert,
    box,
    button,
    generate,
    number,
    output,
    pause,
    put_text,
    save,
    save_at_once,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until,
    wait_until_saved,
    watched,
)

# Whether the page waits for the lock that its worker holds: only then does it hear of its end.
WATCHED = """async () => {
  const { pending } = await navigator.locks.query();
  return pending.some(({ name }) => name.startsWith("rnn-playground life "));
}"""


SOONER = {
    "TRY_AGAIN_AFTER_MS = 30_000": "TRY_AGAIN_AFTER_MS = 3_000",
    "SHARE = 20": "SHARE = 1",  # on a busy machine, where saving takes long, it would be seldom
}


def save_sooner(route: Route) -> None:
    response = route.fetch()
    script = response.text()
    for usual, sooner in SOONER.items():
        assert usual in script
        script = script.replace(usual, sooner)
    route.fulfill(response=response, body=script)


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """One page, whose workers a test can end as a browser does: without a word."""
    with watched(browser) as page:
        page.add_init_script(REMEMBER_WORKERS)
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        yield page


def end_worker(page: Page) -> None:
    page.evaluate("() => workersOfPage.at(-1).terminate()")


def test_a_worker_ended_in_the_middle_of_a_step_costs_no_more_than_that(desk: Page) -> None:
    put_text(desk, SENTENCE * 12)
    train_to_step(desk, 5)
    saved = wait_until_saved(desk)
    button(desk, "Resume").click()
    wait_for_number(desk, "Step", "number > target", saved)
    end_worker(desk)
    wait_for_phase(desk, "failed")
    message = alert(desk, "Python stopped")
    expect(message).to_contain_text(re.compile(r"kept as it was at step [\d,]+"))
    expect(message).to_contain_text("our text and settings are kept")
    expect(button(desk, "Train")).to_be_disabled()
    box(desk, "Prompt").fill("the ")
    button(desk, "Try again").click()
    wait_for_phase(desk, "paused", BOOT_MS)
    assert number(desk, "Step") >= saved
    expect(box(desk, "Training text")).to_have_value(SENTENCE * 12)
    expect(box(desk, "Prompt")).to_have_value("the ")
    step = number(desk, "Step")
    button(desk, "Step").click()
    wait_for_number(desk, "Step", "number === target", step + 1)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_a_worker_ended_while_it_starts_can_be_started_again(
    browser: Browser, address: str
) -> None:
    with watched(browser) as page:
        page.add_init_script(REMEMBER_WORKERS)
        held: list[Route] = []
        page.route(re.compile("numpy-"), lambda route: held.append(route))
        with page.expect_request(re.compile("numpy-")):
            page.goto(address)
        expect(box(page, "Training text")).not_to_be_empty()
        box(page, "Training text").fill(SENTENCE * 4)
        wait_until(page, WATCHED)
        end_worker(page)
        wait_for_phase(page, "failed")
        expect(alert(page, "Python stopped")).to_contain_text("Your text and settings are kept")
        page.unroute_all()
        button(page, "Try again").click()
        wait_for_phase(page, "ready", BOOT_MS)
        expect(box(page, "Training text")).to_have_value(SENTENCE * 4)


def limit_storage(page: Page, address: str, most: int | None) -> None:
    """Have the browser keep at most so many bytes of this site, or as many as it would."""
    client = page.context.new_cdp_session(page)
    parts = urlsplit(address)
    limit: dict[str, Any] = {} if most is None else {"quotaSize": most}
    origin = f"{parts.scheme}://{parts.netloc}"
    client.send("Storage.overrideQuotaForOrigin", {"origin": origin, **limit})


def step_until(page: Page, message: Locator) -> None:
    """Step on, and have each step saved, until there is a message."""
    end = time.monotonic() + 2 * SOON_MS / 1000
    while not message.is_visible():
        assert time.monotonic() < end
        button(page, "Step").click()
        with suppress(TimeoutError):
            message.wait_for(timeout=1000)


def test_a_full_storage_is_told_of_and_costs_nothing(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with watched(browser) as page:
        page.route("**/autosave.js", save_sooner)
        # Until so much is written, Chromium doesn't look again how much there may be.
        limit_storage(page, address, 4_000_000)
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        put_text(page, SENTENCE * 12)
        train_to_step(page, 3)
        saved = wait_until_saved(page)
        limit_storage(page, address, 1)
        message = alert(page, "its storage is full")
        step_until(page, message)
        button(page, "Resume").click()
        expect(message).to_contain_text("Training goes on")
        expect(message).to_contain_text(re.compile(r"since step [\d,]+"))
        expect(message).to_contain_text("Save model")
        wait_for_number(page, "Step", "number > target", saved + 5)
        pause(page)
        assert len(generate(page, "the ", 20)) == 24
        step = number(page, "Step")
        assert rnn_pkg.load(save(page, tmp_path)).steps == step
        button(page, "Reset").click()
        question = page.get_by_role("dialog", name="Lose the present run?")
        expect(question).to_contain_text("it is lost")
        question.get_by_role("button", name="Keep it").click()
        assert number(page, "Step") == step

        # What was saved before is still there, and once there is room, all is saved again.
        limit_storage(page, address, None)
        button(page, "Step").click()
        wait_for_number(page, "Step", "number === target", step + 1)
        expect(message).to_have_count(0, timeout=2 * SOON_MS)
        wait_until_saved(page)


def test_a_frozen_page_goes_on_where_it_was(desk: Page) -> None:
    """As browsers do with tabs that are long out of sight, and as a sleeping laptop does."""
    put_text(desk, SENTENCE * 12)
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 5)
    client = desk.context.new_cdp_session(desk)
    client.send("Page.setWebLifecycleState", {"state": "frozen"})
    client.send("Page.setWebLifecycleState", {"state": "active"})
    step = number(desk, "Step")
    wait_for_number(desk, "Step", "number > target", step)
    expect(desk.get_by_role("alert")).to_have_count(0)
    pause(desk)
    wait_until_saved(desk)


def test_a_fault_of_the_page_itself_is_told(desk: Page) -> None:
    error = f"lost {ON_PURPOSE}"
    for throws in (f"throw new Error('{error}')", f"Promise.reject(new Error('{error}'))"):
        desk.evaluate(f"() => {{ setTimeout(() => {{ {throws} }}) }}")
        fault = alert(desk, f"{error}. Should something no longer work")
        expect(fault).to_be_visible()
        button(desk, "Close").click()
        expect(fault).to_be_hidden()
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")


def test_where_all_storage_is_forbidden_the_page_works(
    playwright: Playwright, address: str, tmp_path: Path
) -> None:
    """As with all cookies blocked, which blocks IndexedDB, caches, service workers and locks."""
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings))
    with playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=find(playwright), args=FLAGS
    ) as context:
        page = context.new_page()
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        put_text(page, SENTENCE * 12)
        button(page, "Train").click()
        wait_for_number(page, "Step", "number >= target", 1)
        save_at_once(page)
        expect(alert(page, "does not save the page")).to_contain_text("Training goes on")
        step = number(page, "Step")
        wait_for_number(page, "Step", "number > target", step)
        pause(page)
        assert rnn_pkg.load(save(page, tmp_path)).steps == number(page, "Step")
