"""The page with the server gone, and from one release to the next."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import build
from tests.apart import Server, served_apart
from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    alert,
    box,
    button,
    choose_example,
    generate,
    number,
    output,
    train_to_step,
    wait_for_phase,
    wait_until,
    watched,
)
from web.tools.steps import DIST


@pytest.fixture
def folder(site: str, tmp_path: Path) -> Path:
    """A copy of the built site."""
    return Path(shutil.copytree(DIST, tmp_path / "site"))


@pytest.fixture
def server(folder: Path, servers: set[str], tmp_path: Path) -> Iterator[Server]:
    """What serves the copy."""
    with served_apart(folder, tmp_path / "asked.log") as server:
        servers.add(server.netloc)
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page in a browser that may keep it."""
    with watched(browser, service_workers="allow") as page:
        yield page


def visit(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    wait_for_phase(page, "ready", BOOT_MS)
    return page


def wait_until_kept(page: Page) -> None:
    """Wait until the browser keeps the release that the server has."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    wait_until(
        page,
        """async () => {
          const { active } = await navigator.serviceWorker.getRegistration();
          return active.state === "activated";
        }""",
    )


def test_a_second_visit_works_with_the_server_gone(browser: Browser, server: Server) -> None:
    address = server.address
    with browser.new_context(service_workers="allow") as context:
        page = visit(context, address)
        wait_until_kept(page)
        page.close()
        server.stop()
        with pytest.raises(URLError):
            urlopen(address)

        page = visit(context, f"{address}?from=a-bookmark")
        expect(output(page, "Engine")).to_contain_text("· SIMD ·")
        box(page, "Training text").fill(SENTENCE * 12)
        train_to_step(page, 5)
        assert len(generate(page, "the ", 30)) == 34
        expect(page.get_by_role("alert")).to_have_count(0)
        choose_example(page, "Dinosaur names")
        expect(box(page, "Training text")).to_have_value(re.compile("velociraptor"))
        page.get_by_text("Kept runs").click()
        expect(page.get_by_role("list", name="Runs in this browser")).to_be_visible()
        page.get_by_role("link", name="Lessons", exact=True).click()
        page.get_by_role("link", name="Backward through time").click()
        expect(page.get_by_role("table", name=re.compile("^dh_3: "))).to_be_visible()
        page.get_by_role("link", name="Text", exact=True).click()
        page.get_by_role("heading", name="Your own cell").click()
        button(page, "Check the cell").click()
        expect(output(page, "Result of the cell")).to_contain_text("nothing is wrong with it")


def publish(folder: Path, *, half: bool = False) -> None:
    """Put the next release in the place of this one; half of it: with a file of this one."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    files = {name: path.read_bytes() for name, path in names.items() if path.is_file()}
    files["index.html"] = files["index.html"].replace(
        b"<title>RNN Playground", b"<title>Next RNN Playground"
    )
    files["main.js"] += b'\ndocument.documentElement.dataset.release = "next";\n'
    files["service-worker.js"] = build.service_worker(files)
    for name in ("index.html", "service-worker.js", *(() if half else ("main.js",))):
        (folder / name).write_bytes(files[name])


NEXT_INSTALL = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  return new Promise((resolve) => {
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next.addEventListener("statechange", () => resolve(next.state));
    });
    registration.update().catch(() => {});
  });
}"""


BREAK_SAVING = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new Error("no"); };
}"""
MEND_SAVING = "() => { IDBObjectStore.prototype.put = window.put; }"


def release_of(page: Page) -> tuple[bool, bool]:
    """Whether the document, and whether its script, is of the next release."""
    script = page.evaluate("() => document.documentElement.dataset.release === 'next'")
    return page.title().startswith("Next"), script


def test_the_next_release_is_taken_up_whole_and_nothing_is_lost(
    browser: Browser, server: Server, folder: Path
) -> None:
    address = server.address
    with browser.new_context(service_workers="allow") as context:
        page = visit(context, address)
        wait_until_kept(page)
        publish(folder)
        page.reload()
        wait_for_phase(page, "ready", BOOT_MS)
        assert release_of(page) == (False, False)
        note = page.get_by_role("status", name="New version")
        expect(note).to_be_visible()

        # A text that can't be saved is not lost to it unasked.
        page.evaluate(BREAK_SAVING)
        box(page, "Training text").fill(SENTENCE * 4)
        note.get_by_role("button", name="Reload").click()
        question = page.get_by_role("dialog", name="Reload without saving?")
        question.get_by_role("button", name="Stay here").click()
        expect(box(page, "Training text")).to_have_value(SENTENCE * 4)
        assert release_of(page) == (False, False)
        page.evaluate(MEND_SAVING)

        other = visit(context, address)  # another tab, meanwhile
        assert release_of(other) == (False, False)
        box(page, "Training text").fill(SENTENCE * 12)
        train_to_step(page, 5)
        step = number(page, "Step")
        with page.expect_navigation():
            note.get_by_role("button", name="Reload").click()
        wait_for_phase(page, "paused", BOOT_MS)
        assert release_of(page) == (True, True)
        assert number(page, "Step") == step
        expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
        expect(note).to_be_hidden()

        # The other tab goes on with what it has, and says what it could do.
        box(other, "Training text").fill(SENTENCE * 13)
        button(other, "Step").click()
        expect(output(other, "Step")).to_have_text("1")
        expect(other.get_by_role("status", name="New version")).to_be_visible()
        # Started anew, its Python would be of the next release: so all of it is.
        other.workers[0].evaluate("() => { setTimeout(() => { throw new Error('enough') }) }")
        wait_for_phase(other, "failed")
        with other.expect_navigation():
            button(other, "Try again").click()
        expect(button(other, "Generate")).to_be_enabled(timeout=BOOT_MS)
        assert release_of(other) == (True, True)
        expect(box(other, "Training text")).to_have_value(SENTENCE * 13)
        names = other.evaluate("() => caches.keys()")
        assert len(names) == 1  # nothing is left of the release before


def test_a_release_that_does_not_start_is_left_for_the_next(
    browser: Browser, server: Server, folder: Path
) -> None:
    address = server.address
    good = (folder / "worker.js").read_bytes()
    with browser.new_context(service_workers="allow") as context:
        page = visit(context, address)
        wait_until_kept(page)
        (folder / "worker.js").write_bytes(b"throw new Error('a bad release');")
        publish(folder)
        page.reload()
        wait_for_phase(page, "ready", BOOT_MS)
        note = page.get_by_role("status", name="New version")
        with page.expect_navigation():
            note.get_by_role("button", name="Reload").click()
        wait_for_phase(page, "failed")
        expect(alert(page, "a bad release")).to_be_visible()
        box(page, "Training text").fill(SENTENCE * 4)

        (folder / "worker.js").write_bytes(good)
        publish(folder)
        assert page.evaluate(NEXT_INSTALL) == "installed"
        expect(note).to_be_visible()
        with page.expect_navigation():
            button(page, "Try again").click()
        wait_for_phase(page, "ready", BOOT_MS)
        expect(box(page, "Training text")).to_have_value(SENTENCE * 4)


def test_neither_a_dropped_cache_nor_half_a_release_stops_the_page(
    browser: Browser, server: Server, folder: Path
) -> None:
    address = server.address
    with browser.new_context(service_workers="allow") as context:
        page = visit(context, address)
        wait_until_kept(page)
        page.evaluate("async () => { for (const name of await caches.keys()) caches.delete(name) }")
        page.reload()
        wait_for_phase(page, "ready", BOOT_MS)
        button(page, "Step").click()
        expect(output(page, "Step")).to_have_text("1")
        # What it has asked for meanwhile, it has kept again.
        kept = page.evaluate(
            "async () => (await (await caches.open((await caches.keys())[0])).keys()).length"
        )
        assert kept > 60

        # Half a release is not taken up.
        publish(folder, half=True)
        assert page.evaluate(NEXT_INSTALL) == "redundant"
        assert len(page.evaluate("() => caches.keys()")) == 1
        server.stop()
        page.reload()
        wait_for_phase(page, "paused", BOOT_MS)
        assert release_of(page) == (False, False)
        expect(page.get_by_role("status", name="New version")).to_be_hidden()


def test_the_page_can_be_installed(page: Page, site: str) -> None:
    page.goto(site)
    client = page.context.new_cdp_session(page)
    answer = client.send("Page.getAppManifest")
    assert not answer["errors"]
    manifest = json.loads(answer["data"])
    assert manifest["name"] == "RNN Playground"
    for icon in manifest["icons"]:
        address = page.evaluate("(src) => new URL(src, document.baseURI).href", icon["src"])
        assert page.request.get(address).ok
        size = page.evaluate(
            """async (address) => {
                 const image = Object.assign(new Image(), { src: address });
                 await image.decode();
                 return `${image.naturalWidth}x${image.naturalHeight}`;
               }""",
            address,
        )
        assert icon["sizes"] in (size, "any")
    wait_for_phase(page, "ready", BOOT_MS)
    wait_until_kept(page)
    errors = client.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] in ([], ["in-incognito"])
