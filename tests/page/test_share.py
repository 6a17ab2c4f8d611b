"""A link that sets the page up for somebody else, and the program that repeats a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import rnn_pkg
from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    alert,
    box,
    button,
    choose_example,
    field,
    make_link,
    output,
    pack,
    pause,
    put_text,
    save,
    set_panel,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until_saved,
    watched,
)

TEXT = SENTENCE * 12 + "Käse & <b>🐟</b>\n"


@pytest.fixture
def desk(desk: Page) -> Page:
    """A page without a run, its panel to share open."""
    set_panel(desk, "Share and take home")
    return desk


def set_up(page: Page) -> None:
    put_text(page, TEXT)
    field(page, "Hidden units").fill("24")
    field(page, "Seed").fill("7")
    page.get_by_role("combobox", name="Cell").select_option("LSTM")
    box(page, "Prompt").fill("the cat ")


def expect_set_up(page: Page) -> None:
    expect(box(page, "Training text")).to_have_value(TEXT)
    expect(field(page, "Hidden units")).to_have_value("24")
    expect(field(page, "Seed")).to_have_value("7")
    expect(page.get_by_role("combobox", name="Cell")).to_have_value("lstm")
    expect(box(page, "Prompt")).to_have_value("the cat ")


def test_a_link_sets_the_page_up_for_somebody_else(browser: Browser, desk: Page) -> None:
    set_up(desk)
    link = make_link(desk)
    assert len(link) < 1000
    field(desk, "Seed").fill("8")
    expect(box(desk, "Link")).to_be_hidden()
    button(desk, "Step").click()
    wait_for_phase(desk, "paused")
    field(desk, "Seed").fill("7")
    button(desk, "Start over with the changes").click()
    wait_for_number(desk, "Step", "number >= target", 3)
    pause(desk)

    with watched(browser) as other:
        other.goto(link)
        expect(box(other, "Training text")).to_have_value(TEXT)  # before Python is there
        wait_for_phase(other, "ready", BOOT_MS)
        expect_set_up(other)
        assert "#" not in other.url
        train_to_step(other, 3)
        expect(other.get_by_text("LSTM, 24 units")).to_be_visible()


def test_a_link_to_an_example_carries_its_name_alone(desk: Page) -> None:
    choose_example(desk, "Dinosaur names")
    expect(box(desk, "Training text")).to_have_value(re.compile("albertosaurus"))
    assert len(make_link(desk)) < 600


def test_a_text_too_long_for_a_link_is_refused(desk: Page) -> None:
    put_text(desk, "longer and longer, " * 300)
    button(desk, "Make a link").click()
    expect(
        alert(desk, "The text has 5,700 characters, and a link carries up to 4,000")
    ).to_be_visible()
    put_text(desk, SENTENCE)
    make_link(desk)
    expect(alert(desk, "a link carries")).to_have_count(0)


def test_a_visitor_s_work_is_replaced_only_when_they_say_so(desk: Page) -> None:
    set_up(desk)
    link = make_link(desk)
    hash_ = link[link.index("#") :]
    put_text(desk, SENTENCE * 9)
    train_to_step(desk, 4)
    step = f"{wait_until_saved(desk)}"
    for open_link in (
        lambda: desk.evaluate("hash => { location.hash = hash; }", hash_),
        lambda: (desk.goto("about:blank"), desk.goto(link)),
    ):
        open_link()
        question = desk.get_by_role("dialog", name="Use the text and settings of this link?")
        expect(question).to_contain_text("can be opened again", timeout=BOOT_MS)
        question.get_by_role("button", name="Keep mine").click()
        expect(box(desk, "Training text")).to_have_value(SENTENCE * 9)
        expect(output(desk, "Step")).to_have_text(step)

    desk.evaluate("hash => { location.hash = hash; }", hash_)
    question.get_by_role("button", name="Use the link’s").click()
    expect_set_up(desk)
    wait_for_phase(desk, "ready")
    expect(output(desk, "Step")).to_have_text("–")
    set_panel(desk, "Kept runs")
    last = desk.get_by_role("listitem").filter(has=button(desk, "Open Last run before this"))
    expect(last).to_contain_text(f"LSTM, 24 units · step {step} ")


def test_a_link_is_made_and_used_only_once_python_is_there(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/runtime.json", lambda route: route.abort())
        page.goto(address)
        wait_for_phase(page, "failed", BOOT_MS)
        page.get_by_role("heading", name="Share and take home").click()
        expect(button(page, "Make a link")).to_be_disabled()
        page.unroute_all()
        button(page, "Try again").click()
        wait_for_phase(page, "ready", BOOT_MS)
        set_up(page)
        link = make_link(page)
        put_text(page, SENTENCE * 9)
        page.evaluate("hash => { location.hash = hash; }", link[link.index("#") :])
        question = page.get_by_role("dialog", name="Use the text and settings of this link?")
        question.get_by_role("button", name="Use the link’s").click()
        expect_set_up(page)


GOOD: dict[str, Any] = {"text": TEXT, "example": "own", "prompt": "", "length": "9"}
GOOD |= {"temperature": 1, "settings": {}}
WRONG: dict[str, list[Any]] = {
    "temperature": ["1", [1], None, 3, True],
    "settings": [[], None, {"seed": 1}, {"seed": "1" * 50}],
    "text": [5, "a" * 4001],
    "prompt": [None],
    "length": [9],
    "example": [{}],
}
DAMAGED = ["#setup=", "#setup=AAAA", "#setup=!!!", "#setup=q1YqSS0uAQA", "#setup=" + "A" * 50_000]
HOSTILE = [pack(GOOD | {name: each}) for name, wrong in WRONG.items() for each in wrong]
HOSTILE += [pack(None), pack([]), pack("a" * 1_000_000)]


@pytest.mark.parametrize("damage", [*DAMAGED, *HOSTILE], ids=range(len(DAMAGED + HOSTILE)))
def test_a_damaged_link_changes_nothing(desk: Page, damage: str) -> None:
    box(desk, "Prompt").fill("")
    before = box(desk, "Training text").input_value()
    desk.evaluate("hash => { location.hash = hash; }", damage)
    expect(alert(desk, "The link could not be used")).to_be_visible()
    assert box(desk, "Training text").input_value() == before


def test_what_was_wrong_with_a_link_is_told_until_another_text_is_there(desk: Page) -> None:
    desk.evaluate("() => { location.hash = '#setup='; }")
    expect(alert(desk, "The link could not be used")).to_be_visible()
    put_text(desk, "another text, and another. " * 9)
    expect(alert(desk, "The link could not be used")).to_have_count(0)


def test_a_link_may_know_settings_that_the_page_does_not(desk: Page) -> None:
    link = pack(GOOD | {"settings": {"seed": "3", "__proto__": "x", "magic": "1"}})
    box(desk, "Prompt").fill("mine")  # so that there is something to ask about
    desk.evaluate("hash => { location.hash = hash; }", link)
    button(desk, "Use the link’s").click()
    expect(box(desk, "Training text")).to_have_value(TEXT)
    expect(field(desk, "Seed")).to_have_value("3")
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")
    field(desk, "Seed").fill("0")


def test_the_program_repeats_the_page_s_run(
    desk: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_text(desk, SENTENCE * 12)
    for _ in range(4):
        button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("4")
    field(desk, "Learning rate").fill("0.02")
    expect(desk.get_by_text("learning rate from 0.02")).to_be_visible()
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("5")
    trainer = rnn_pkg.load(save(desk, tmp_path))
    with desk.expect_download() as download:
        button(desk, "Save Python script").click()
    program = tmp_path / download.value.suggested_filename
    download.value.save_as(program)
    field(desk, "Learning rate").fill("0.01")

    monkeypatch.chdir(tmp_path)
    exec(compile(program.read_text("utf-8"), program.name, "exec"), {})
    repeated = rnn_pkg.load(tmp_path / "repeated.npz")
    assert repeated.steps == trainer.steps == 5
    assert repeated.rates == trainer.rates == [(0, 0.03), (4, 0.02)]
    assert repeated.evaluate() == pytest.approx(trainer.evaluate(), abs=1e-3)
    command = desk.get_by_text("python -m rnn_pkg export")
    expect(command).to_contain_text("rnn-playground-step-5.npz --out weights.safetensors")
    going_on = desk.get_by_text("torchrun --nproc-per-node 2 -m rnn_pkg.pytorch")
    expect(going_on).to_contain_text("rnn-playground-step-5.npz --steps 5000 --out more.npz")
    expect(desk.get_by_text('pip install "rnn_pkg[torch,export]"')).to_be_visible()
