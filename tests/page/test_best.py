"""The best network so far writes and is looked into, whatever the run goes on to."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

import rnn_pkg
from tests.page.parts import (
    BOOT_MS,
    advanced,
    button,
    choose_example,
    drop_nothing,
    field,
    generate,
    number,
    output,
    save,
    wait_for_phase,
)

PROMPT, LENGTH = "bra", 60


def train_past_the_best(page: Page) -> int:
    """Train until advice says that the network has got worse; return the step of its best."""
    choose_example(page, "Dinosaur names")
    drop_nothing(page)
    button(page, "Train").click()
    advice = output(page, "Advice")
    expect(advice).to_contain_text("The network of that step is kept")
    button(page, "Pause").click()
    wait_for_phase(page, "paused")
    found = re.search(r"lowest at step ([\d,]+)", advice.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_the_best_writes_unless_the_latest_is_chosen(desk: Page, tmp_path: Path) -> None:
    page = desk
    best = train_past_the_best(page)
    step = int(number(page, "Step"))
    assert best < step
    trainer = rnn_pkg.load(save(page, tmp_path))
    assert trainer.metrics
    assert trainer.metrics.best_step == best
    page.get_by_role("slider", name="Temperature").fill("0")

    writes_with = page.get_by_role("combobox", name="Writes with")
    expect(writes_with).to_have_value("best")
    expect(page.get_by_text(f"of step {best:,}", exact=True)).to_be_visible()
    assert generate(page, PROMPT, LENGTH) == PROMPT + trainer.sample(PROMPT, LENGTH, 0)
    caption = f"Written by the best network so far, that of step {best:,}."
    expect(page.get_by_text(caption)).to_be_visible()
    words = page.get_by_role("figure", name="Loss curve")
    expect(words).to_contain_text(f"It was lowest at step {best:,}: ")

    writes_with.select_option("latest")
    expect(page.get_by_text(f"of step {step:,}", exact=True)).to_be_visible()
    latest = trainer.sample(PROMPT, LENGTH, 0, network=trainer.averaged)
    assert generate(page, PROMPT, LENGTH) == PROMPT + latest
    caption = f"Written by the network as it was from step {step:,} on."
    expect(page.get_by_text(caption)).to_be_visible()

    # Both are there again after a reload.
    page.reload()
    wait_for_phase(page, "paused", BOOT_MS)
    expect(writes_with).to_have_value("latest")
    assert generate(page, PROMPT, LENGTH) == PROMPT + latest
    writes_with.select_option("best")
    assert generate(page, PROMPT, LENGTH) == PROMPT + trainer.sample(PROMPT, LENGTH, 0)


def test_settings_without_effect_are_not_offered(desk: Page) -> None:
    advanced(desk).click()
    schedule = desk.get_by_role("combobox", name="Schedule")
    steps = field(desk, "Schedule steps")
    expect(steps).to_be_enabled()
    schedule.select_option("constant")
    expect(steps).to_be_disabled()
    schedule.select_option("cosine")
    expect(steps).to_be_enabled()
    field(desk, "Held out").fill("0")
    expect(field(desk, "Evaluate every")).to_be_disabled()
    field(desk, "Held out").fill("0.1")
    expect(field(desk, "Evaluate every")).to_be_enabled()
    advanced(desk).click()
