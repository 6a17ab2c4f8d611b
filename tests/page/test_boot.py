"""Starting Python in the tab: stages, failures, and what happens to a text typed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    alert,
    box,
    button,
    choose_example,
    field,
    generate,
    output,
    pause,
    put_text,
    wait_for_number,
    wait_for_phase,
)


@pytest.mark.both_engines
def test_a_text_typed_while_python_loads_is_kept_and_trained(
    page: Page, address: str, engine: str
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    numpy = re.compile(r"numpy.*\.whl")
    page.route(numpy, hold)
    with page.expect_request(numpy):
        page.goto(address)
    expect(page.get_by_text("Downloading Python and NumPy")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+\.\d of \d+\.\d MB$"))).to_be_visible()
    expect(page.get_by_role("progressbar", name="Download")).to_be_visible()
    expect(output(page, "Engine")).to_have_text("starting")
    expect(button(page, "Train")).to_be_disabled()
    expect(box(page, "Training text")).not_to_be_empty()
    box(page, "Training text").fill(SENTENCE * 4)
    for route in held:
        route.continue_()
    wait_for_phase(page, "ready", BOOT_MS)
    simd = {"simd": "SIMD", "numpy": "no SIMD"}[engine]
    expect(output(page, "Engine")).to_have_text(
        re.compile(rf"^ready · NumPy \d+\.\d+\.\d+ · {simd} · Python \d+\.\d+$")
    )
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 4)
    expect(page.get_by_role("combobox", name="Example")).to_have_value("own")
    expect(page.get_by_text(f"{len(SENTENCE) * 4} characters")).to_be_visible()
    button(page, "Step").click()
    expect(output(page, "Step")).to_have_text("1")


def test_a_page_that_nobody_has_touched(ready_page: Page) -> None:
    """It opens with an example and settings, and keeps nothing."""
    page = ready_page
    expect(box(page, "Training text")).to_have_value(re.compile("^The Red Boat.*Nell", re.DOTALL))
    expect(page.get_by_role("combobox", name="Cell")).to_have_value("lstm")
    for name in ("Hidden units", "Layers", "Sequence length", "Batch size"):
        expect(field(page, name)).to_have_value(re.compile(r"^\d+$"))
    expect(field(page, "Learning rate")).to_have_value("0.03")
    for name in ("Step", "Training loss", "Validation loss", "Speed"):
        expect(output(page, name)).to_have_text("–")
    for name in ("Train", "Step", "Generate"):
        expect(button(page, name)).to_be_enabled()
    for name in ("Reset", "Save model"):
        expect(button(page, name)).to_be_disabled()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("heading", name="Kept runs").click()
    expect(page.get_by_text("No run is kept in this browser yet.")).to_be_visible()

    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    expect(box(page, "Training text")).to_have_value(re.compile("^The Red Boat"))
    pages = page.evaluate("async () => (await (await import('./shelf.js')).allPages()).length")
    assert pages == 0

    # A short text gets settings that fit it, but for those that somebody has set.
    put_text(page, SENTENCE)
    assert int(field(page, "Batch size").input_value()) < 8
    field(page, "Sequence length").fill("7")
    choose_example(page, "Short stories")
    expect(field(page, "Batch size")).to_have_value("8")
    expect(field(page, "Sequence length")).to_have_value("7")


def abort(route: Route) -> None:
    route.abort()


def not_found(route: Route) -> None:
    route.fulfill(status=404, body="no such file")


def damage(route: Route) -> None:
    body = bytearray(route.fetch().body())
    body[len(body) // 2] ^= 1
    route.fulfill(body=bytes(body))


def break_off(route: Route) -> None:
    body = route.fetch().body()
    route.fulfill(body=body[: len(body) // 2])


KEPT = "Your text and settings are kept"
DAMAGED = re.compile(f"its SHA-256 hash is not [0-9a-f]{{64}}: it is damaged.*{KEPT}")

# What goes wrong: the file, what becomes of it, and what is said of it.
TROUBLES: list[tuple[str, Callable[[Route], None], str | re.Pattern[str]]] = [
    ("runtime.json", abort, KEPT),
    ("worker.js", not_found, KEPT),
    ("pyodide.asm.mjs", not_found, KEPT),
    ("pyodide.asm.wasm", not_found, KEPT),
    ("numpy-", abort, KEPT),
    ("python_stdlib", break_off, "try again"),
    ("rnn_pkg-.*gzip$", damage, DAMAGED),
    ("numpy-.*gzip$", damage, DAMAGED),
    ("pyodide.asm.wasm.*gzip$", damage, DAMAGED),
    ("python_stdlib.*gzip$", damage, DAMAGED),
]


def test_a_missing_or_damaged_file_is_named_and_the_start_can_be_tried_again(
    browser: Browser, address: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        try_again = button(page, "Try again")
        page.route("**/lib/idb.mjs", not_found)
        page.goto(address)
        expect(alert(page, "main.js or a file it needs")).to_be_visible()
        page.unroute_all()
        for file, befalls, words in TROUBLES:
            page.route(re.compile(file), befalls)
            try_again.click()
            expect(alert(page, file.split(".*")[0])).to_contain_text(words, timeout=BOOT_MS)
            wait_for_phase(page, "failed")
            page.unroute_all()
        box(page, "Training text").fill(SENTENCE)
        try_again.click()
        wait_for_phase(page, "ready", BOOT_MS)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(box(page, "Training text")).to_have_value(SENTENCE)
        button(page, "Step").click()
        expect(output(page, "Step")).to_have_text("1")


def test_an_old_copy_in_the_browser_s_cache_is_replaced(browser: Browser, address: str) -> None:
    """As after a release: what the server has now is asked for, past the cache."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(body=b"of an earlier release")
        else:
            route.continue_()

    with browser.new_context() as context:
        page = context.new_page()
        page.route(re.compile(r"rnn_pkg-.*\.gzip$"), answer)
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        assert len(asked) == 2


def test_without_kernels_that_run_numpy_computes(page: Page, site: str) -> None:
    page.route("**/kernels*.wasm", lambda route: route.fulfill(body="this is no WebAssembly"))
    with page.expect_console_message(lambda message: "No SIMD kernels" in message.text):
        page.goto(site)
    wait_for_phase(page, "ready", BOOT_MS)
    expect(output(page, "Engine")).to_contain_text("no SIMD")
    button(page, "Train").click()
    wait_for_number(page, "Training loss", "number < target", 3.5)
    pause(page)
    assert len(generate(page, "One", 30)) == len("One") + 30


def test_without_relaxed_simd_plain_simd_computes(page: Page, site: str) -> None:
    """As in a browser that doesn't know its instructions, the module is none to it."""
    page.route("**/kernels-relaxed.wasm", lambda route: route.fulfill(body="unknown instructions"))
    page.goto(site)
    wait_for_phase(page, "ready", BOOT_MS)
    expect(output(page, "Engine")).to_contain_text("· SIMD ·")
    button(page, "Step").click()
    expect(output(page, "Step")).to_have_text("1")


def lose_a_module(page: Page) -> None:
    page.route("**/lib/uplot.mjs", not_found)


def have_no_language(page: Page) -> None:
    """As in WebKitGTK where none is set: it is "C" then, which its own Intl refuses to uPlot."""
    page.add_init_script("Object.defineProperty(navigator, 'language', { get: () => 'C' })")


@pytest.mark.parametrize("break_it", [lose_a_module, have_no_language])
def test_without_its_charts_the_page_trains_and_says_what_is_missing(
    browser: Browser, address: str, break_it: Callable[[Page], None]
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        break_it(page)
        page.goto(address)
        expect(box(page, "Training text")).not_to_be_empty()
        box(page, "Training text").fill(SENTENCE * 4)
        words = "The charts and the folded panels are missing"
        expect(alert(page, words)).to_be_visible(timeout=BOOT_MS)
        button(page, "Step").click()
        expect(output(page, "Step")).to_have_text("1")
        assert len(generate(page, "the ", 20)) == 24
        if break_it is have_no_language:
            return  # it still has none when it is opened again
        again = context.new_page()
        page.close()
        again.goto(address)
        wait_for_phase(again, "paused", BOOT_MS)
        expect(box(again, "Training text")).to_have_value(SENTENCE * 4)
        expect(again.locator("#plot canvas")).to_be_visible()


def test_a_panel_can_be_opened_before_python_is_there(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*.wasm.gzip", lambda route: None)  # never answered
        page.goto(address)
        expect(page.get_by_text("Downloading Python and NumPy")).to_be_visible()
        expect(page.locator("#plot canvas")).to_have_count(0)
        page.get_by_role("heading", name="Kept runs").click()
        expect(page.get_by_text("No run is kept in this browser yet.")).to_be_visible()
        page.get_by_role("heading", name="The story so far").click()
        expect(page.get_by_role("button", name="Save the story")).to_be_disabled()
        expect(page.locator("html")).to_have_attribute("data-phase", "loading")


def test_the_page_says_so_when_its_own_modules_do_not_run(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script("delete Intl.ListFormat")  # as in a browser that is too old
        page.goto(address)
        words = "The page does not run in this browser: Uncaught TypeError: "
        expect(alert(page, words)).to_be_visible()
        expect(button(page, "Try again")).to_be_enabled()
