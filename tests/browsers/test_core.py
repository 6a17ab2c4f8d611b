"""What the page is for, in every browser: start, train, pause, write, save, load, come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import rnn_pkg
from tests.apart import served_apart
from tests.browsers.drivers import Browser, started
from tests.browsers.parts import (
    BOOT_SECONDS,
    SOON_SECONDS,
    find,
    generate,
    load,
    number,
    part,
    press,
    put_text,
    save,
    shows,
    wait_for,
    wait_for_phase,
    wait_for_step,
    wait_until_saved,
)
from tests.pyodide import serve
from web.tools.steps import DIST

TEXT = "the cat sat on the mat and the dog sat on the log. " * 12


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the built site, in a sub-folder of its server."""
    return serve()


@pytest.fixture(scope="session")
def open_browser(
    name: str, site: str, facts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The browser with the page, ready for Train for the first time."""
    began = time.monotonic()
    with started(name, tmp_path_factory.mktemp(name)) as browser:
        asked = time.monotonic()
        browser.open(site)
        wait_for_phase(browser.driver, "ready", BOOT_SECONDS)
        ready = time.monotonic() - asked
        yield browser
        version = browser.version
    whole = time.monotonic() - began
    facts.append(f"{name} {version}: ready after {ready:.1f} s, all its tests in {whole:.0f} s")


@pytest.fixture
def browser(open_browser: Browser) -> Iterator[Browser]:
    """The browser, its page without a run; any error in it fails the test."""
    driver = open_browser.driver
    reset = part(driver, "button", "Reset")
    if reset.is_enabled():
        reset.click()
    wait_for_phase(driver, "ready")
    put_text(driver, TEXT)
    yield open_browser
    assert open_browser.trouble() == []


def train(browser: Browser, steps: int) -> tuple[float, float]:
    """Train to this step at least, and pause; return the step and the training loss."""
    press(browser.driver, "Train")
    wait_for_step(browser.driver, steps)
    press(browser.driver, "Pause")
    wait_for_phase(browser.driver, "paused")
    return standing(browser)


def standing(browser: Browser) -> tuple[float, float]:
    return number(browser.driver, "Step"), number(browser.driver, "Training loss")


def test_starts_with_the_kernels(browser: Browser) -> None:
    engine = shows(browser.driver, "Engine")
    assert engine.startswith("ready · NumPy ")
    assert "· SIMD ·" in engine


def test_trains_pauses_and_goes_on(browser: Browser) -> None:
    driver = browser.driver
    press(driver, "Step")
    wait_for_step(driver, 1)
    first_loss = number(driver, "Training loss")
    press(driver, "Resume")
    wait_for_step(driver, 30)
    press(driver, "Pause")
    wait_for_phase(driver, "paused")
    step, loss = standing(browser)
    assert loss < first_loss

    generate(driver, "the ", 200)  # which takes a while
    assert standing(browser) == (step, loss)

    press(driver, "Step")
    wait_for_step(driver, step + 1)
    assert number(driver, "Step") == step + 1

    press(driver, "Resume")
    wait_for_step(driver, step + 10)
    press(driver, "Pause")
    wait_for_phase(driver, "paused")


def test_writes(browser: Browser) -> None:
    train(browser, 20)
    written = generate(browser.driver, "the ", 60)
    assert len(written) == 64
    assert written.startswith("the ")
    assert set(written) <= set(TEXT)


def test_saves_a_model_and_loads_it(browser: Browser) -> None:
    driver = browser.driver
    step, loss = train(browser, 10)
    path = save(driver, browser.downloads)
    trainer = rnn_pkg.load(path)
    assert trainer.text == TEXT
    assert trainer.metrics
    assert trainer.metrics.step == step
    assert trainer.metrics.smooth_loss == pytest.approx(loss, abs=2e-3)

    press(driver, "Reset")
    wait_for_phase(driver, "ready")
    assert shows(driver, "Step") == "–"
    load(driver, path)
    wait_for_phase(driver, "paused")
    assert standing(browser) == (step, loss)
    press(driver, "Step")
    wait_for_step(driver, step + 1)


def test_a_reload_takes_up_the_run(browser: Browser) -> None:
    driver = browser.driver
    step, loss = train(browser, 10)
    wait_until_saved(driver, step)
    browser.reload()
    wait_for_phase(driver, "paused", BOOT_SECONDS)
    assert standing(browser) == (step, loss)
    assert part(driver, "textbox", "Training text").get_property("value") == TEXT
    press(driver, "Step")
    wait_for_step(driver, step + 1)


def test_computes_with_numpy_alone(browser: Browser, site: str) -> None:
    driver = browser.driver
    browser.open(f"{site}?engine=numpy")
    wait_for_phase(driver, "ready", BOOT_SECONDS)
    assert "· no SIMD ·" in shows(driver, "Engine")
    train(browser, 3)
    browser.open(site)
    wait_for_phase(driver, "paused", BOOT_SECONDS)
    assert find(driver, "button", "Resume")


LIT = """
return ["Equation", "Source", "Values"].map((name) => {
  const region = document.querySelector(`.region[aria-label="${name}"]`);
  const lit = [...region.querySelectorAll(".lit[data-symbol]")];
  return [...new Set(lit.map((each) => each.dataset.symbol))].join();
});
"""
DRAWN = """
return [...document.querySelectorAll("#lessons mfrac")].every((fraction) => {
  const [above, below] = [...fraction.children].map((each) => each.getBoundingClientRect().top);
  return above + 8 < below;
});
"""


def test_a_lesson_lights_its_symbols(browser: Browser, site: str) -> None:
    driver = browser.driver
    body = driver.find_element(By.TAG_NAME, "body")
    driver.execute_script("location.hash = '#lessons/4?t=2'")
    wait_for(driver, "lesson 4", lambda: "Backward through time" in body.text, SOON_SECONDS)
    there = "return document.querySelector('[data-shown]')?.dataset.shown"
    wait_for(driver, "its numbers", lambda: driver.execute_script(there), SOON_SECONDS)
    assert driver.execute_script(DRAWN), "this browser writes fractions in one line"
    slider = driver.find_element(By.CSS_SELECTOR, "#lessons input[type=range]")
    slider.send_keys(Keys.ARROW_LEFT)
    wait_for(driver, "t=1", lambda: driver.execute_script(there) == "#lessons/4?t=1", SOON_SECONDS)

    driver.execute_script("document.querySelector('.region [tabindex=\"0\"]').focus()")
    seen = set()
    for _ in range(6):
        symbol = driver.execute_script("return document.activeElement.dataset.symbol")
        assert shows(driver, "Meaning").startswith(f"{symbol}: ")
        equation, source, values = driver.execute_script(LIT)
        assert equation == values == symbol
        assert source in (symbol, "")
        seen.add(symbol)
        driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert len(seen) >= 4
    driver.execute_script("location.hash = '#text'")
    wait_for(driver, "the panels", lambda: find(driver, "textbox", "Training text"), SOON_SECONDS)


def test_errors_in_the_page_are_noticed(browser: Browser) -> None:
    """As all the tests above rely on it."""
    noticed: list[str] = []

    def both() -> bool:
        noticed.extend(browser.trouble())
        return len(noticed) == 2

    browser.driver.execute_script(
        "console.error('something is wrong'); setTimeout(() => { throw new Error('a slip') })"
    )
    wait_for(browser.driver, "two errors to be noticed", both, SOON_SECONDS)
    assert noticed[0] == "console: something is wrong"
    assert noticed[1].startswith("uncaught: ")
    assert noticed[1].endswith("Error: a slip")


def test_a_second_visit_needs_no_server(name: str, tmp_path: Path) -> None:
    with (
        served_apart(DIST, tmp_path / "asked.log") as server,
        started(name, tmp_path) as browser,
    ):
        driver = browser.driver
        browser.open(server.address)
        wait_for_phase(driver, "ready", BOOT_SECONDS)
        driver.execute_async_script(
            "const [done] = arguments; navigator.serviceWorker.ready.then(() => done())"
        )
        first = server.asked()
        browser.open(f"{server.address}?again")
        wait_for_phase(driver, "ready", BOOT_SECONDS)
        # Whether there is another release, the browser has to ask; all else would be of that one.
        assert set(server.asked()[len(first) :]) <= {"service-worker.js"}
        server.stop()
        browser.open(f"{server.address}?and-again")
        wait_for_phase(driver, "ready", BOOT_SECONDS)
        put_text(driver, TEXT)
        train(browser, 5)
        assert len(generate(driver, "the ", 30)) == 34
        assert browser.trouble() == []


def test_a_cell_that_never_ends_is_stopped_and_the_run_is_there(browser: Browser) -> None:
    driver = browser.driver
    step, loss = train(browser, 5)
    summaries = driver.find_elements(By.TAG_NAME, "summary")
    next(summary for summary in summaries if summary.text == "Your own cell").click()
    editor = (
        "return document.querySelector('.cell-editor').shadowRoot?.querySelector('.cm-content')"
    )

    def holds_a_cell() -> bool:
        found = driver.execute_script(editor)
        return found is not None and "GRU" in found.text

    wait_for(driver, "a cell", holds_a_cell, BOOT_SECONDS)
    driver.execute_script("arguments[0].focus()", driver.execute_script(editor))
    keys = ActionChains(driver).key_down(Keys.CONTROL).send_keys(Keys.END).key_up(Keys.CONTROL)
    keys.send_keys("sum(range(10**13))").perform()
    press(driver, "Check the cell")
    said = partial(shows, driver, "Result of the cell")
    wait_for(driver, "the check", lambda: said() == "Checking …", SOON_SECONDS)
    press(driver, "Stop")
    wait_for(driver, "the end", lambda: said() == "", SOON_SECONDS)
    assert standing(browser) == (step, loss)
    press(driver, "Step")
    wait_for_step(driver, step + 1)

    driver.execute_script("arguments[0].focus()", driver.execute_script(editor))
    ActionChains(driver).send_keys(Keys.BACKSPACE * len("sum(range(10**13))")).perform()
    press(driver, "Check the cell")
    wait_for(driver, "a verdict", lambda: "nothing is wrong" in said(), BOOT_SECONDS)
    press(driver, "Use the cell")
    wait_for_step(driver, 2)
    press(driver, "Pause")
    wait_for_phase(driver, "paused")
