"""Writing with the network: while it trains, while it rests, and before it has learned anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.page.parts import (
    SENTENCE,
    alert,
    box,
    button,
    field,
    generate,
    number,
    output,
    put_text,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_for_text_length,
)


@pytest.fixture
def desk(desk: Page) -> Page:
    """A page without a run, a short text in its box."""
    put_text(desk, SENTENCE * 10)
    return desk


def watch_growth(page: Page) -> None:
    """Note the length of the generated text whenever it changes."""
    page.evaluate(
        """output => {
          window.lengths = [];
          window.watcher?.disconnect();
          window.watcher = new MutationObserver(() => lengths.push(output.textContent.length));
          window.watcher.observe(output, { childList: true, characterData: true, subtree: true });
        }""",
        output(page, "Generated text").element_handle(),
    )


def test_an_untrained_network_writes_noise(desk: Page) -> None:
    assert len(generate(desk, length=50)) == 50
    expect(desk.get_by_text("before any training")).to_be_visible()
    wait_for_phase(desk, "ready")
    expect(output(desk, "Step")).to_have_text("–")
    # Nothing has been learned, so another text needs no question.
    put_text(desk, SENTENCE * 11)
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_the_text_streams_while_paused(desk: Page) -> None:
    train_to_step(desk, 3)
    watch_growth(desk)
    written = generate(desk, "the dog ", 1500)
    assert written.startswith("the dog ")
    assert len(written) == 1508
    growth = desk.evaluate("lengths")
    assert len(growth) > 3, "it came in one piece"
    assert growth == sorted(growth)
    wait_for_phase(desk, "paused")


def test_the_text_streams_while_training_goes_on(desk: Page) -> None:
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 2)
    step = number(desk, "Step")
    watch_growth(desk)
    generate(desk, "", 1500)
    assert len(desk.evaluate("lengths")) > 3
    assert number(desk, "Step") > step
    wait_for_phase(desk, "training")


def test_writing_can_be_stopped_and_begun_anew(desk: Page) -> None:
    train_to_step(desk, 2)
    field(desk, "Length").fill("10000")
    button(desk, "Generate").click()
    button(desk, "Stop writing").click()
    expect(button(desk, "Stop writing")).to_be_hidden()
    expect(button(desk, "Generate")).to_be_focused()
    assert len(output(desk, "Generated text").text_content() or "") < 10_000
    box(desk, "Prompt").fill("")
    button(desk, "Generate").click()
    expect(button(desk, "Stop writing")).to_be_visible()
    assert len(generate(desk, "", 30)) == 30
    expect(button(desk, "Stop writing")).to_be_hidden()


def test_enter_in_the_prompt_generates(desk: Page) -> None:
    train_to_step(desk, 1)
    field(desk, "Length").fill("12")
    box(desk, "Prompt").fill("a")
    box(desk, "Prompt").press("Enter")
    wait_for_text_length(desk, 13)


def test_unseen_characters_in_the_prompt_are_named(desk: Page) -> None:
    train_to_step(desk, 1)
    generate(desk, "the Q cat", 10)
    expect(alert(desk, "Never seen in the text")).to_contain_text("Q")
    generate(desk, "the cat", 10)
    expect(desk.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("length", ["0", "2.5", "", "10001"])
def test_a_wrong_length_is_refused(desk: Page, length: str) -> None:
    field(desk, "Length").fill(length)
    button(desk, "Generate").click()
    expect(alert(desk, "Length must be a whole number from 1 to 10000")).to_be_visible()
    expect(field(desk, "Length")).to_be_focused()
    field(desk, "Length").fill("20")
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_the_temperature_says_its_value(desk: Page) -> None:
    slider = desk.get_by_role("slider", name="Temperature", exact=True)
    slider.fill("1.2")
    expect(desk.get_by_text("1.20", exact=True)).to_be_visible()
    slider.press("ArrowRight")
    expect(desk.get_by_text("1.25", exact=True)).to_be_visible()
    slider.fill("0.8")


def test_reset_ends_the_writing(desk: Page) -> None:
    train_to_step(desk, 2)
    field(desk, "Length").fill("10000")
    button(desk, "Generate").click()
    button(desk, "Reset").click()
    expect(button(desk, "Stop writing")).to_be_hidden()
    expect(desk.get_by_role("alert")).to_have_count(0)
    field(desk, "Length").fill("300")
