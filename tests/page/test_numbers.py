"""Numbers as they are typed in different countries: never another number than the one meant."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.parts import (
    SENTENCE,
    advanced,
    alert,
    button,
    field,
    number,
    pack,
    put_text,
    wait_for_number,
    wait_for_phase,
)

USUAL = {
    "Learning rate": "0.01",
    "Hidden units": "16",
    "Layers": "1",
    "Seed": "0",
    "Length": "300",
    "Clip": "5",
    "Dropout": "0",
}


@pytest.fixture
def desk(desk: Page) -> Page:
    """A page without a run, every box as it should be, the advanced ones in sight."""
    if not field(desk, "Clip").is_visible():
        advanced(desk).click()
    for name, value in USUAL.items():
        if field(desk, name).input_value() != value:
            field(desk, name).fill(value)
    leave(desk)
    expect(desk.get_by_role("alert")).to_have_count(0)
    return desk


def leave(page: Page) -> None:
    """Leave a box for a place where nothing is typed."""
    page.get_by_role("combobox", name="Example").focus()


def type_into(box: Locator, typed: str) -> None:
    """Type with the keys, in place of what was there, and stay in the box."""
    box.fill("")
    box.press_sequentially(typed)


READINGS: dict[str, list[float]] = {
    "7": [7],
    "0.005": [0.005],
    "0,005": [0.005],
    " 0,5 ": [0.5],
    ".5": [0.5],
    ",5": [0.5],
    "5.": [5],
    "+5": [5],
    "-1,5": [-1.5],
    "\u22121,5": [-1.5],
    "-0": [0],
    "1e-3": [0.001],
    "1E-3": [0.001],
    "1,5e-3": [0.0015],
    "1e\u22123": [0.001],
    "1e+2": [100],
    "1e999": [math.inf],
    "1 000": [1000],
    "1\u00a0000": [1000],
    "1\u202f000\u202f000": [1_000_000],
    "1\u2009000,5": [1000.5],
    "1'000": [1000],
    "1\u2019000.5": [1000.5],
    "12 345,678": [12345.678],
    "1.234,5": [1234.5],
    "1,234.5": [1234.5],
    "1.000,000": [1000],
    "1.000.000": [1_000_000],
    "1,000,000": [1_000_000],
    "1.000": [1, 1000],
    "1,000": [1, 1000],
    "12,345": [12.345, 12345],
    "123.456": [123.456, 123456],
    "1,000e-3": [0.001, 1],
    "1234.567": [1234.567],
    "1.0000": [1],
    "0,500": [0.5],
    "001,000": [1],
    "\uff11\uff12": [12],
    "\uff10\uff0e\uff15": [0.5],
    "\uff11\uff0c\uff10\uff10\uff10": [1, 1000],
    "\u0660\u066b\u0660\u0660\u0665": [0.005],
    "\u0661\u066c\u0660\u0660\u0660": [1000],
    "\u0967\u0966.\u096b": [10.5],
    "\U0001d7df\U0001d7ce": [70],
    "\u200f5\u200e": [5],
}
NO_NUMBERS = ["", " ", ".", ",", "-", "e5", "abc", "1.2.3", "1,2,3", "0x10", "Infinity", "NaN"]
NO_NUMBERS += ["5 %", "1/2", "1_000", "1e", "1e5.5", "--1", "1,00,000", "1 00", "0 005", "10 00"]
NO_NUMBERS += ["1 000 0", "1'000 000", "1.000,5.5", "1,000.000.0", "10\u00b2", "\u00bd", "1\n2"]


def test_every_way_to_write_a_number_is_read(desk: Page) -> None:
    typed = [*READINGS, *NO_NUMBERS]
    read = desk.evaluate(
        "async typed => typed.map((await import('./numbers.js')).readings)",
        typed,
    )
    expected = READINGS | {each: [] for each in NO_NUMBERS}
    assert dict(zip(typed, read, strict=True)) == expected


RATE = {"label": "Rate", "kind": "number", "default": 0.01, "minimum": 1e-6, "maximum": 10}
CLIP = {"label": "Clip", "kind": "number", "default": 5, "minimum": 0, "maximum": 1e6}
UNITS = {"label": "Units", "kind": "integer", "default": 128, "minimum": 1, "maximum": 1024}
LAYERS = {"label": "Layers", "kind": "integer", "default": 1, "minimum": 1, "maximum": 8}
MAYBE = {"label": "Seed", "kind": "integer", "default": "", "minimum": 0, "maximum": 9}
MAYBE |= {"optional": True}
ANSWERS: list[tuple[dict[str, Any], str, float | str | None]] = [
    (RATE, "1,000", 1),
    (RATE, "1.125", 1.125),
    (RATE, "", "Rate must be a number from 0.000001 to 10."),
    (RATE, "1e999", "Rate must be a number from 0.000001 to 10, not 1e999."),
    (RATE, "20,000", "Rate must be a number from 0.000001 to 10, not 20,000."),
    (RATE, " 5 % ", "Rate must be a number from 0.000001 to 10, not 5 %."),
    (RATE, "9" * 99, f"Rate must be a number from 0.000001 to 10, not {'9' * 40}…."),
    (CLIP, "1,000", "Clip: 1,000 can be read as 1 or as 1000. Write 1 or 1000."),
    (CLIP, "1.125", "Clip: 1.125 can be read as 1.125 or as 1125. Write 1.1250 or 1125."),
    (CLIP, "1.1250", 1.125),
    (CLIP, "0,500", 0.5),
    (UNITS, "1.000", "Units: 1.000 can be read as 1 or as 1000. Write 1 or 1000."),
    (UNITS, "1.020", 1020),
    (UNITS, "1.025", "Units must be a whole number from 1 to 1024, not 1.025."),
    (UNITS, "2.0", 2),
    (UNITS, "1e2", 100),
    (UNITS, "1,5", "Units must be a whole number from 1 to 1024, not 1,5."),
    (UNITS, "2.000", 2),
    (LAYERS, "1.000", 1),
    (LAYERS, "1.500", "Layers must be a whole number from 1 to 8, not 1.500."),
    (MAYBE, " ", None),
    (MAYBE, "7", 7),
    (MAYBE, "x", "Seed must be empty or a whole number from 0 to 9, not x."),
]


def test_a_box_takes_the_only_reading_it_allows_or_names_both(desk: Page) -> None:
    answers = desk.evaluate(
        """async (cases) => {
          const { readNumber } = await import("./numbers.js");
          return cases.map(([field, typed]) => {
            const { problem, value } = readNumber(field, typed);
            return problem ?? value ?? null;
          });
        }""",
        [case[:2] for case in ANSWERS],
    )
    assert answers == [expected for *_, expected in ANSWERS]


STEPS: list[tuple[dict[str, Any], str, int, str | None]] = [
    (RATE, "0.002", 1, "0.003"),
    (RATE, "0,002", 1, "0.003"),
    (RATE, "0.0025", 1, "0.003"),
    (RATE, "0.0025", -1, "0.002"),
    (RATE, "0.299", 1, "0.3"),
    (RATE, "0.001", -1, None),
    (RATE, "0.005", -10, "0.001"),
    (RATE, "9.999", 10, "10"),
    (RATE, "10", 1, None),
    (RATE, "1.124", 1, "1.125"),
    (CLIP, "0.5", 1, "1"),
    (CLIP, "1,000", 1, None),
    (CLIP, "abc", 1, None),
    (LAYERS, "1.000", 1, "2"),
    (LAYERS, "1.5", 1, "2"),
    (LAYERS, "20", -1, "8"),
    (LAYERS, "20", 1, None),
    (LAYERS, "", 1, "1"),
    (MAYBE, "", 1, "1"),
]


def test_a_step_has_no_dust_and_stays_within_the_range(desk: Page) -> None:
    steps = desk.evaluate(
        """async (cases) => {
          const { stepped } = await import("./numbers.js");
          return cases.map((each) => stepped(...each) ?? null);
        }""",
        [case[:3] for case in STEPS],
    )
    assert steps == [expected for *_, expected in STEPS]


def test_a_decimal_comma_is_one_and_is_shown_as_it_was_understood(desk: Page) -> None:
    rate = field(desk, "Learning rate")
    type_into(rate, "0,005")
    expect(rate).to_have_value("0,005")
    expect(rate).to_have_attribute("aria-valuenow", "0.005")
    button(desk, "Train").click()
    expect(desk.get_by_text("learning rate from 0.005")).to_be_visible()
    expect(rate).to_have_value("0.005")
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_during_a_run_too_and_nothing_is_rewritten_under_the_fingers(desk: Page) -> None:
    put_text(desk, SENTENCE * 20)
    rate = field(desk, "Learning rate")
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 2)
    type_into(rate, "0,02")
    rate.press("ArrowLeft")
    expect(desk.get_by_text("learning rate from 0.02")).to_be_visible()
    rate.press_sequentially("0")
    expect(desk.get_by_text("learning rate from 0.002")).to_be_visible()
    wait_for_number(desk, "Step", "number > target", number(desk, "Step"))
    expect(rate).to_have_value("0,002")
    for refused in ("5 %", "1.2.3", "20,000"):
        type_into(rate, refused)
        expect(alert(desk, "Learning rate must be a number")).to_contain_text(f", not {refused}.")
        expect(desk.get_by_text("learning rate from 0.002")).to_be_visible()
    type_into(rate, "0,003")
    expect(desk.get_by_text("learning rate from 0.003")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)
    wait_for_phase(desk, "training")


def test_what_can_be_read_in_two_ways_is_refused_with_both(desk: Page) -> None:
    clip = field(desk, "Clip")
    type_into(clip, "1,000")
    button(desk, "Train").click()
    refusal = alert(desk, "Clip: 1,000 can be read as 1 or as 1000. Write 1 or 1000.")
    expect(refusal).to_be_visible()
    expect(clip).to_be_focused()
    expect(clip).to_have_value("1,000")
    expect(clip).to_have_attribute("aria-invalid", "true")
    expect(clip).to_have_accessible_description(re.compile("Write 1 or 1000"))
    wait_for_phase(desk, "ready")
    type_into(clip, "1 000")
    leave(desk)
    expect(refusal).to_be_hidden()
    expect(clip).to_have_value("1000")


@pytest.mark.parametrize(
    ("name", "typed", "understood"),
    [
        ("Layers", "1.000", "1"),
        ("Length", "1.500", "1500"),
        ("Length", "1\u202f000", "1000"),
        ("Seed", "4.294.967.295", "4294967295"),
        ("Learning rate", "1,000", "1"),
        ("Learning rate", "1e-3", "0.001"),
        ("Clip", "1,2340", "1.2340"),
        ("Dropout", "\u0660\u066b\u0661", "0.1"),
    ],
)
def test_a_box_that_is_left_shows_the_number(
    desk: Page, name: str, typed: str, understood: str
) -> None:
    type_into(field(desk, name), typed)
    expect(field(desk, name)).to_have_value(typed)
    leave(desk)
    expect(field(desk, name)).to_have_value(understood)
    expect(desk.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("typed", ["abc", "0x10", "1/2", "5 %", "1,00,000", "2,5", "Infinity"])
@pytest.mark.parametrize("name", ["Layers", "Length"])
def test_what_is_no_such_number_is_refused_beside_its_box(
    desk: Page, name: str, typed: str
) -> None:
    type_into(field(desk, name), typed)
    leave(desk)
    expect(alert(desk, f"{name} must be a whole number from 1 to")).to_contain_text(
        f", not {typed}."
    )
    expect(field(desk, name)).to_have_value(typed)
    expect(field(desk, name)).to_have_attribute("aria-invalid", "true")


def test_the_keys_step_and_leave_the_text_keys_alone(desk: Page) -> None:
    layers = field(desk, "Layers")
    for key, value in {"ArrowUp": 2, "PageUp": 8, "ArrowDown": 7, "PageDown": 1}.items():
        layers.press(key)
        expect(layers).to_have_value(str(value))
        expect(layers).to_have_attribute("aria-valuenow", str(value))
    layers.press("ArrowDown")
    expect(layers).to_have_value("1")
    units = field(desk, "Hidden units")
    type_into(units, "12")
    units.press("Home")
    units.press_sequentially("5")
    units.press("End")
    units.press("Backspace")
    expect(units).to_have_value("51")
    type_into(units, "abc")
    units.press("ArrowUp")
    expect(units).to_have_value("abc")


def test_the_mouse_steps_too(desk: Page) -> None:
    dropout = field(desk, "Dropout")
    dropout.fill("0,2")
    leave(desk)
    expect(desk.get_by_text("▲").filter(visible=True)).to_have_count(0)
    dropout.hover()
    desk.get_by_text("▲").filter(visible=True).click()
    expect(dropout).to_have_value("0.3")
    expect(dropout).to_be_focused()
    desk.get_by_text("▼").filter(visible=True).click(click_count=2)
    expect(dropout).to_have_value("0.1")


def test_a_screen_reader_is_told_range_and_number(desk: Page) -> None:
    for name, least, most in (("Layers", "1", "8"), ("Length", "1", "10000")):
        box = field(desk, name)
        expect(box).to_have_attribute("aria-valuemin", least)
        expect(box).to_have_attribute("aria-valuemax", most)
        type_into(box, "4,0")
        expect(box).to_have_attribute("aria-valuenow", "4")
        type_into(box, "4,0x")
        expect(box).not_to_have_attribute("aria-valuenow", re.compile(""))


def test_a_link_may_carry_numbers_as_they_were_typed(desk: Page) -> None:
    carried = {"example": "own", "prompt": "", "length": "1\u00a0000", "temperature": 1}
    carried |= {"text": SENTENCE * 12, "settings": {"learning_rate": "0,005", "clip": "2,0"}}
    field(desk, "Seed").fill("3")  # so that there is something to ask about
    desk.evaluate("hash => { location.hash = hash; }", pack(carried))
    button(desk, "Use the link’s").click()
    expect(field(desk, "Learning rate")).to_have_value("0.005")
    expect(field(desk, "Clip")).to_have_value("2")
    expect(field(desk, "Length")).to_have_value("1000")
    button(desk, "Step").click()
    expect(desk.get_by_text("learning rate from 0.005")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)
