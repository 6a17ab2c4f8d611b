"""Writing with the network: while it trains, while it rests, and before it has learned anything."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.page.parts import (
    SENTENCE,
    advanced,
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


def test_the_prompt_has_lines_and_ctrl_enter_generates(desk: Page) -> None:
    put_text(desk, SENTENCE.replace(". ", ".\n") * 10)
    train_to_step(desk, 1)
    field(desk, "Length").fill("12")
    prompt = box(desk, "Prompt")
    prompt.press_sequentially("the cat.")
    prompt.press("Enter")
    prompt.press_sequentially("the dog")
    expect(prompt).to_have_value("the cat.\nthe dog")
    prompt.press("Control+Enter")
    wait_for_text_length(desk, 16 + 12)
    assert (output(desk, "Generated text").text_content() or "").startswith("the cat.\nthe dog")
    # Pasted lines keep their breaks.
    prompt.fill("")
    prompt.focus()
    desk.keyboard.insert_text("the log.\nthe mat")  # as pasting does
    expect(prompt).to_have_value("the log.\nthe mat")
    assert generate(desk, "the log.\nthe mat", 5).startswith("the log.\nthe mat")


@pytest.mark.parametrize(("learned", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_prompt_is_read_in_the_form_that_was_learned(
    desk: Page, learned: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
) -> None:
    put_text(desk, unicodedata.normalize(learned, "Le café déjà vu, un été à Évreux. " * 9))
    train_to_step(desk, 1)
    field(desk, "Length").fill("10")
    box(desk, "Prompt").fill(unicodedata.normalize(typed, "Le café déjà"))
    button(desk, "Generate").click()
    known = unicodedata.normalize(learned, "Le café déjà")
    wait_for_text_length(desk, len(known) + 10)
    assert (output(desk, "Generated text").text_content() or "").startswith(known)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_of_unseen_characters_the_nearest_is_told(desk: Page) -> None:
    put_text(desk, 'it\'s "so" - or not so. ' * 9)
    train_to_step(desk, 1)
    generate(desk, "it’s “so” – Or", 5)
    told = alert(desk, "Never seen in the text, so skipped")
    for unseen, near in (("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("O", "o")):
        expect(told).to_contain_text(f"{unseen}' (the nearest is ")
        expect(told).to_contain_text(near)


def test_how_to_write_can_be_chosen(desk: Page) -> None:
    """Temperature 0, top-k, top-p, a seed, a line at most: all that the package has."""
    put_text(desk, SENTENCE.replace(". ", ".\n") * 10)
    train_to_step(desk, 20)
    advanced(desk, "Writing").click()
    slider = desk.get_by_role("slider", name="Temperature", exact=True)

    slider.fill("0")
    expect(desk.get_by_text("always the likeliest")).to_be_visible()
    assert generate(desk, "the", 80) == generate(desk, "the", 80)
    slider.fill("2")
    assert generate(desk, "the", 80) != generate(desk, "the", 80)
    field(desk, "Writing seed").fill("7")
    seeded = generate(desk, "the", 80)
    assert generate(desk, "the", 80) == seeded
    field(desk, "Writing seed").fill("8")
    assert generate(desk, "the", 80) != seeded
    field(desk, "Writing seed").fill("")
    slider.fill("0")
    likeliest = generate(desk, "the", 80)
    slider.fill("2")
    field(desk, "Top-k").fill("1")
    assert generate(desk, "the", 80) == likeliest
    field(desk, "Top-k").fill("0")
    field(desk, "Top-p").fill("0,01")
    assert generate(desk, "the", 80) == likeliest
    field(desk, "Top-p").fill("1")

    slider.fill("0.5")
    field(desk, "Length").fill("2000")
    desk.get_by_role("checkbox", name="Stop at the end of a line").check()
    button(desk, "Generate").click()
    generated = output(desk, "Generated text")
    expect(generated).to_have_attribute("aria-busy", "false")
    written = generated.text_content() or ""
    assert written.count("\n") == 1
    assert written.endswith("\n")
    desk.get_by_role("checkbox", name="Stop at the end of a line").uncheck()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("Top-k", "-1", "Top-k must be a whole number from 0 to 10000, not -1"),
        ("Top-k", "some", "Top-k must be a whole number from 0 to 10000, not some"),
        ("Top-p", "0", "Top-p must be a number from 0.01 to 1, not 0"),
        ("Top-p", "1.5", "Top-p must be a number from 0.01 to 1, not 1.5"),
        ("Writing seed", "1.5", "Writing seed must be empty or a whole number from 0 to"),
    ],
)
def test_what_nobody_can_write_with_is_refused(
    desk: Page, name: str, value: str, reason: str
) -> None:
    if not field(desk, name).is_visible():
        advanced(desk, "Writing").click()
    before = field(desk, name).input_value()
    field(desk, name).fill(value)
    button(desk, "Generate").click()
    expect(alert(desk, reason)).to_be_visible()
    expect(field(desk, name)).to_be_focused()
    field(desk, name).fill(before)
    expect(desk.get_by_role("alert")).to_have_count(0)


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
