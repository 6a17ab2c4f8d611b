"""Several networks that learn at once, each in a worker of its own: the same numbers, sooner."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

import rnn_pkg
from tests.page.parts import (
    BOOT_MS,
    REMEMBER_WORKERS,
    SENTENCE,
    advanced,
    alert,
    booted,
    button,
    field,
    number,
    pause,
    put_text,
    save,
    step_to,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    watched,
)


def prepare(page: Page, workers: int) -> None:
    put_text(page, SENTENCE * 40)
    advanced(page).click()
    field(page, "Hidden units").fill("48")  # so slow that a pause costs few steps
    field(page, "Workers").fill(str(workers))


def at_work(page: Page, words: str) -> None:
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def test_three_workers_learn_what_one_learns_in_turn_and_one_may_die(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    with watched(browser) as page:
        page.add_init_script(REMEMBER_WORKERS)
        page.goto(site)
        wait_for_phase(page, "ready", BOOT_MS)
        prepare(page, 3)
        train_to_step(page, 20)
        button(page, "Resume").click()
        at_work(page, "3 workers")
        wait_for_number(page, "Step", "number >= target", number(page, "Step") + 40)
        pause(page)
        whole = int(number(page, "Step"))
        first = save(page, tmp_path).read_bytes()

        button(page, "Resume").click()
        wait_for_number(page, "Step", "number >= target", whole + 20)
        assert page.evaluate("() => workersOfPage.length") == 3
        page.evaluate("() => workersOfPage[1].terminate()")
        expect(alert(page, "A worker has ended. Nothing is lost")).to_be_visible()
        at_work(page, "2 workers")
        wait_for_number(page, "Step", "number >= target", number(page, "Step") + 20)
        pause(page)
        later = int(number(page, "Step"))
        second = save(page, tmp_path).read_bytes()

        button(page, "Resume").click()
        expect(alert(page, "A worker has ended")).to_have_count(0)
        at_work(page, "3 workers")

    with booted(browser, f"{site}?workers=1") as page:
        prepare(page, 3)
        step_to(page, whole)
        at_work(page, "3 networks in turn")
        assert save(page, tmp_path).read_bytes() == first
        step_to(page, later)
        assert save(page, tmp_path).read_bytes() == second
    (tmp_path / "again.npz").write_bytes(second)
    assert rnn_pkg.load(tmp_path / "again.npz").config.workers == 3


@pytest.mark.parametrize(
    ("device", "cores", "memory", "workers"),
    [("Pixel 7", 4, 2, "1"), ("Desktop Chrome", 4, 8, "2")],
)
def test_a_long_text_has_as_many_workers_as_the_machine_bears(
    browser: Browser, playwright: Playwright, site: str, device: str, cores: int, memory: int,
    workers: str,
) -> None:  # fmt: skip
    with watched(browser, **playwright.devices[device]) as page:
        page.add_init_script(
            f"""for (const [name, value] of Object.entries({{
              hardwareConcurrency: {cores}, deviceMemory: {memory},
            }})) Object.defineProperty(navigator, name, {{ value }});"""
        )
        page.goto(site)
        wait_for_phase(page, "ready", BOOT_MS)
        put_text(page, SENTENCE * 8000)
        advanced(page).click()
        expect(field(page, "Workers")).to_have_value(workers)
        put_text(page, SENTENCE * 30)
        expect(field(page, "Workers")).to_have_value("1")


def test_what_depends_on_the_number_of_workers_follows_it(desk: Page) -> None:
    prepare(desk, 1)
    expect(field(desk, "Learning rate")).to_have_value("0.03")
    field(desk, "Workers").fill("3")
    expect(field(desk, "Learning rate")).to_have_value("0.043")  # as --workers 3 has it
    field(desk, "Learning rate").fill("0.02")
    field(desk, "Workers").fill("1")
    expect(field(desk, "Batch size")).to_have_value("8")
    expect(field(desk, "Learning rate")).to_have_value("0.02")  # somebody has said so
    advanced(desk).click()


def test_who_writes_within_the_first_round_has_learned_nothing_yet(desk: Page) -> None:
    prepare(desk, 2)
    step_to(desk, 3)
    field(desk, "Length").fill("20")
    button(desk, "Generate").click()
    expect(desk.get_by_text("Written before any training: noise.")).to_be_visible()
    expect(desk.get_by_text("of step 0", exact=True)).to_be_visible()
    advanced(desk).click()
