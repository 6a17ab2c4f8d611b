"""How the page behaves for its reader: by keyboard, on a phone, at night, and under load."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

import rnn_pkg
from tests.page.parts import (
    LONGEST_TASK_MS,
    MOVING,
    SENTENCE,
    STILL,
    advanced,
    box,
    button,
    field,
    output,
    pause,
    put_text,
    save,
    stutter,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_for_text_length,
    wait_until,
)
from tests.page.test_references import references

LONGEST_PASTE_MS = 2000  # a browser lays out all lines of a text that is put into a box


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => document.activeElement.labels?.[0]?.textContent ||"
            " document.activeElement.ariaLabel || document.activeElement.textContent"
        )
        if focused.strip().startswith(name):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_the_keyboard_is_enough(desk: Page) -> None:
    desk.evaluate("() => document.activeElement.blur()")
    tab_to(desk, "Training text")
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.insert_text(SENTENCE * 5)
    desk.keyboard.press("ControlOrMeta+Enter")
    wait_for_phase(desk, "training")
    wait_for_number(desk, "Step", "number >= target", 2)
    tab_to(desk, "Pause")
    desk.keyboard.press("Space")
    wait_for_phase(desk, "paused")
    expect(button(desk, "Resume")).to_be_focused()
    tab_to(desk, "Step")
    desk.keyboard.press("Enter")
    tab_to(desk, "Prompt")
    desk.keyboard.type("the ")
    tab_to(desk, "Length")
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.type("25")
    tab_to(desk, "Generate")
    desk.keyboard.press("Enter")
    wait_for_text_length(desk, 29)
    tab_to(desk, "Hidden units")
    desk.keyboard.press("Enter")
    wait_for_phase(desk, "paused")  # Enter in a box neither reloads the page nor presses Train


def test_focus_can_be_seen(desk: Page) -> None:
    desk.evaluate("() => document.activeElement.blur()")
    for name in ("Example", "Open text file", "Training text", "Train"):
        tab_to(desk, name)
        outlined = desk.evaluate(
            "() => [document.activeElement, document.activeElement.parentElement]"
            ".some(element => getComputedStyle(element).outlineStyle === 'solid')"
        )
        assert outlined, name


def test_a_phone_needs_no_sideways_scrolling(desk: Page) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    train_to_step(desk, 2)
    box(desk, "Training text").fill("w" * 400)
    expect(button(desk, "Undo the changes")).to_be_visible()
    advanced(desk).click()
    advanced(desk, "Writing").click()
    assert desk.evaluate("() => document.documentElement.scrollWidth") == 360
    order = [
        element.bounding_box()
        for element in (
            box(desk, "Training text"),
            button(desk, "Resume"),
            button(desk, "Generate"),
            field(desk, "Hidden units"),
        )
    ]
    tops = [place["y"] for place in order if place]
    assert len(tops) == 4
    assert tops == sorted(tops)
    advanced(desk, "Writing").click()
    advanced(desk).click()


def test_the_first_screen_holds_what_matters(desk: Page) -> None:
    desk.evaluate("() => scrollTo(0, 0)")
    figure = desk.get_by_role("figure", name="Loss curve")
    for part in (box(desk, "Training text"), button(desk, "Train"), output(desk, "Speed"), figure):
        place = part.bounding_box()
        assert place
        assert place["y"] + place["height"] <= 800


def test_the_layout_stands_still_when_numbers_come(desk: Page) -> None:
    figure = desk.get_by_role("figure", name="Loss curve")
    before = figure.bounding_box()
    button(desk, "Train").click()
    # A paused run brings no samples, and sixty steps can be over before the first one.
    expect(output(desk, "Live sample")).not_to_be_empty()
    wait_for_number(desk, "Step", "number >= target", 60)
    pause(desk)
    assert figure.bounding_box() == before


def test_dark_and_light_follow_the_system(desk: Page, tmp_path: Path) -> None:
    train_to_step(desk, 3)
    *_, last = references(rnn_pkg.load(save(desk, tmp_path)))
    # Until its last line is there, the chart changes by itself.
    figure = desk.get_by_role("figure", name="Loss curve")
    expect(figure).to_contain_text(last)
    ink = "getComputedStyle(document.body).color"
    chart = "document.querySelector('figure canvas').toDataURL()"
    light = {look: desk.evaluate(look) for look in (ink, chart)}
    desk.emulate_media(color_scheme="dark")
    for look, by_day in light.items():
        wait_until(desk, f"byDay => {look} !== byDay", by_day)
    desk.emulate_media(color_scheme="light")
    for look, by_day in light.items():
        wait_until(desk, f"byDay => {look} === byDay", by_day)


def test_a_page_at_rest_draws_nothing(desk: Page) -> None:
    desk.emulate_media(reduced_motion=MOVING)
    train_to_step(desk, 3)
    wait_until(desk, "() => document.getAnimations().length === 0")
    desk.emulate_media(reduced_motion=STILL)


def test_typing_is_not_held_up_by_training(desk: Page) -> None:
    put_text(desk, SENTENCE * 200)

    def type_while_it_trains() -> None:
        box(desk, "Prompt").fill("")
        button(desk, "Train").click()
        wait_for_number(desk, "Step", "number >= target", 5)
        for character in "typed while it trains":
            box(desk, "Prompt").press_sequentially(character)
        expect(box(desk, "Prompt")).to_have_value("typed while it trains")
        wait_for_number(desk, "Step", "number >= target", 15)
        wait_for_phase(desk, "training")
        button(desk, "Reset").click()
        wait_for_phase(desk, "ready")

    assert stutter(desk, type_while_it_trains) < LONGEST_TASK_MS


def test_a_large_text_does_not_freeze_the_page(desk: Page, tmp_path: Path) -> None:
    text = "".join(f"{number} bottles standing on the wall\n" for number in range(28_000))
    path = tmp_path / "bottles.txt"
    path.write_text(text)

    def learn() -> None:
        desk.get_by_label("Open text file").set_input_files(path)
        expect(desk.get_by_text(f"{len(text):,} characters")).to_be_visible()
        button(desk, "Train").click()
        wait_for_number(desk, "Step", "number >= target", 3)
        box(desk, "Training text").press("x")
        expect(button(desk, "Undo the changes")).to_be_visible()
        button(desk, "Reset").click()
        wait_for_phase(desk, "ready")

    assert stutter(desk, learn, LONGEST_PASTE_MS) < LONGEST_PASTE_MS
