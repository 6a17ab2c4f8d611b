"""What is too large for the page is refused in words; the page goes on, and nothing is lost."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import rnn_pkg
from rnn_pkg.page.limits import PAGE_CHARACTERS
from tests.page.parts import (
    SENTENCE,
    SOON_MS,
    alert,
    box,
    button,
    field,
    generate,
    load,
    number,
    output,
    pause,
    put_text,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)

LINE = "The old red boat.\n"
TWENTY_MEGABYTES = LINE * (20_000_000 // len(LINE))
REFUSED = f"characters, and this page takes up to {PAGE_CHARACTERS:,}: what was here is kept"

# The page makes it up itself, as to send it there takes long.
PUT = """([line, length]) => {
  const box = document.activeElement;
  box.value = line.repeat(length / line.length);
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}"""

COPY = "([line, length]) => navigator.clipboard.writeText(line.repeat(length / line.length))"


def check_still_usable(page: Page, step: int) -> None:
    """The run stands where it stood, and both it and the text can be gone on with."""
    assert number(page, "Step") == step
    text = box(page, "Training text")
    before = text.input_value()
    text.press("End")
    text.press("x")
    expect(page.get_by_text("You have changed the text")).to_be_visible()
    text.press("Backspace")
    expect(text).to_have_value(before)
    button(page, "Step").click()
    wait_for_number(page, "Step", "number === target", step + 1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_text_of_twenty_megabytes_is_refused_however_it_comes(desk: Page, tmp_path: Path) -> None:
    text = SENTENCE * 20
    put_text(desk, text)
    train_to_step(desk, 3)
    step = int(number(desk, "Step"))
    training_text = box(desk, "Training text")

    training_text.focus()
    for _ in range(2):  # the second is told as well, and put back
        desk.evaluate(PUT, [LINE, len(TWENTY_MEGABYTES)])
        expect(alert(desk, f"{len(TWENTY_MEGABYTES):,} {REFUSED}")).to_be_visible()
        expect(training_text).to_have_value(text)
    check_still_usable(desk, step)

    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.evaluate(COPY, [LINE, len(TWENTY_MEGABYTES)])
    training_text.press("Control+V")
    expect(alert(desk, f"{len(TWENTY_MEGABYTES) + len(text):,} {REFUSED}")).to_be_visible()
    expect(training_text).to_have_value(text)
    check_still_usable(desk, step + 1)

    path = tmp_path / "huge.txt"
    path.write_text(TWENTY_MEGABYTES)
    desk.get_by_label("Open text file").set_input_files(path)
    expect(
        alert(desk, f"that makes a text of {len(TWENTY_MEGABYTES):,} characters")
    ).to_be_visible()
    expect(training_text).to_have_value(text)
    check_still_usable(desk, step + 2)


COUNT = """async text => {
  const { countCharacters } = await import(new URL("format.js", document.baseURI).href);
  return countCharacters(text);
}"""


@pytest.mark.parametrize("text", ["", "x", "🎉", "🎉x🎉", "x\u0301👩‍👩‍👧", "\uffff\U00010000"])
def test_characters_are_counted_as_python_counts_them(desk: Page, text: str) -> None:
    assert desk.evaluate(COUNT, text) == len(text)


def test_a_text_of_five_thousand_distinct_characters(desk: Page) -> None:
    distinct = "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))
    words = [distinct[place : place + 3] for place in range(0, 90, 3)]
    text = distinct + "，".join(random.Random(0).choices(words, k=5000))
    put_text(desk, text)
    field(desk, "Hidden units").fill("32")
    train_to_step(desk, 20)
    figure = desk.get_by_role("figure", name="Loss curve")
    expect(figure).to_contain_text("2-gram")
    written = generate(desk, text[:5], 40)
    assert set(written) <= set(text)
    output(desk, "Generated text").get_by_text(written[-1]).last.hover()
    for heading in desk.get_by_role("heading", level=2).all():
        if heading.locator("xpath=ancestor::summary").count():
            desk.locator("summary").filter(has_text=heading.inner_text()).click()
    expect(desk.get_by_text(re.compile("^After 20 characters"))).to_be_visible()
    button(desk, "Check this network").click()
    expect(output(desk, "Result of the check")).to_contain_text("right", timeout=2 * SOON_MS)
    expect(desk.get_by_role("alert")).to_have_count(0)
    for heading in desk.get_by_role("heading", level=2).all():
        if heading.locator("xpath=ancestor::summary").count():
            desk.locator("summary").filter(has_text=heading.inner_text()).click()


HUGE = {"Hidden units": 1024, "Layers": 8, "Batch size": 256, "Sequence length": 512}


def test_settings_that_need_too_much_are_refused_with_what_would_help(desk: Page) -> None:
    put_text(desk, SENTENCE * 20)
    desk.get_by_role("combobox", name="Cell").select_option("GRU")
    train_to_step(desk, 2)
    step = int(number(desk, "Step"))
    for name, value in HUGE.items():
        field(desk, name).fill(str(value))
    button(desk, "Start over with the changes").click()
    refusal = alert(desk, "These settings need about 4")
    expect(refusal).to_contain_text("and the page has 1.6 GB: choose a smaller batch, shorter")
    button(desk, "Undo the changes").click()
    check_still_usable(desk, step)

    button(desk, "Reset").click()
    wait_for_phase(desk, "ready")
    for name, value in HUGE.items():
        field(desk, name).fill(str(value))
    button(desk, "Train").click()
    expect(refusal).to_be_visible()
    wait_for_phase(desk, "ready")
    for name, value in {"Hidden units": 16, "Layers": 1, "Batch size": 4}.items():
        field(desk, name).fill(str(value))
    train_to_step(desk, 2)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_the_largest_run_can_be_trained_and_replaced_by_another(ready_page: Page) -> None:
    """While it is, there are two of them, as large as the page takes them."""
    page = ready_page
    put_text(page, SENTENCE * 20)
    page.get_by_role("combobox", name="Cell").select_option("GRU")
    field(page, "Hidden units").fill("1024")
    field(page, "Layers").fill("4")
    for name, few in {"Batch size": "2", "Sequence length": "4"}.items():
        field(page, name).fill(few)
    button(page, "Step").click()
    wait_for_number(page, "Step", "number === target", 1)
    field(page, "Seed").fill("1")
    button(page, "Start over with the changes").click()
    wait_for_phase(page, "training")
    wait_for_number(page, "Step", "number >= target", 1)
    pause(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_model_that_is_too_large_goes_on_natively(desk: Page, tmp_path: Path) -> None:
    put_text(desk, SENTENCE * 20)
    train_to_step(desk, 2)
    step = int(number(desk, "Step"))
    long = TWENTY_MEGABYTES[: PAGE_CHARACTERS + 1]
    trainer = rnn_pkg.Trainer(long, rnn_pkg.Config(hidden_size=4, evaluate_every=1))
    trainer.train(steps=1)
    path = tmp_path / "long.npz"
    trainer.save(path)
    large = tmp_path / "large.npz"
    with large.open("wb") as file:
        file.truncate(501_000_000)
    for model, words in (
        (path, "This run is too large for the page: the text has 5,000,001 characters"),
        (large, "“large.npz” has 501.0 MB; the page takes models up to 500 MB"),
    ):
        load(desk, model)
        button(desk, "Replace it").click()
        refusal = alert(desk, words)
        expect(refusal).to_contain_text("natively")
        assert number(desk, "Step") == step
    button(desk, "Step").click()
    wait_for_number(desk, "Step", "number === target", step + 1)
