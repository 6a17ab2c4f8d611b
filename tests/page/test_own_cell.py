"""A cell that somebody writes on the page: judged, used, raced, and never run unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

import rnn_pkg
from rnn_pkg.engine.written import EXAMPLES, example
from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    alert,
    box,
    button,
    field,
    in_storage,
    load,
    output,
    pause,
    put_text,
    save,
    set_panel,
    step_to,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until,
    wait_until_saved,
    watched,
)
from tests.page.test_access import barriers_by_day_and_night

MINIMAL = example("minimal")
FIRST = "    (h,) = state\n"
SPY = MINIMAL + '\n\nprint("I was run")\n'
FOREIGN_IS_SAVED = in_storage("""
  const pages = await asked(database.transaction("pages").objectStore("pages").getAll());
  return pages.some(({ boxes }) => boxes.cellIsForeign);
""")
NEVER = "    sum(range(10**13))\n"  # in C, where nobody counts
SMALL: dict[str, Any] = {"hidden_size": 8, "batch_size": 4, "sequence_length": 8}


def result(page: Page) -> Locator:
    return output(page, "Result of the cell")


def cell_field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Cell", exact=True)


def open_editor(page: Page) -> None:
    """Choose a cell of one's own, and wait for its editor and the examples."""
    cell_field(page).select_option("Your own")
    expect(box(page, "Cell source")).to_be_visible()
    expect(page.get_by_label("Begin with").get_by_role("option")).to_have_count(len(EXAMPLES) + 1)


def write_cell(page: Page, source: str) -> None:
    box(page, "Cell source").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def check_cell(page: Page, source: str) -> str:
    """Have a cell judged; return what is said of it."""
    write_cell(page, source)
    button(page, "Check the cell").click()
    expect(result(page)).to_contain_text(re.compile("^[✓✗]"))
    return result(page).inner_text()


def make_small(page: Page) -> None:
    """A short text, and settings with which it is learned fast."""
    put_text(page, SENTENCE * 12)
    for name, value in (("Hidden units", 8), ("Batch size", 4), ("Sequence length", 8)):
        field(page, name).fill(str(value))


@pytest.fixture(scope="module")
def bench(shared_page: Page) -> Page:
    """The page with the editor open, and the Python for cells started once."""
    open_editor(shared_page)
    return shared_page


@pytest.fixture
def desk(bench: Page, desk: Page) -> Page:
    open_editor(desk)
    return desk


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """What cells print, as long as this lasts."""
    printed: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "log":
            printed.append(message.text)

    page.on("console", hear)
    yield printed
    page.remove_listener("console", hear)


@pytest.fixture(scope="module")
def spying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file with a cell that tells when it is run."""
    path = tmp_path_factory.mktemp("models") / "spy.npz"
    trainer = rnn_pkg.Trainer(SENTENCE * 12, rnn_pkg.Config(cell="own", cell_source=SPY, **SMALL))
    trainer.train(steps=3)
    trainer.save(path)
    return path


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_judged(desk: Page, name: str) -> None:
    desk.get_by_label("Begin with").select_option(name)
    expect(box(desk, "Cell source")).to_contain_text(example(name).split("\n")[0])
    button(desk, "Check the cell").click()
    expect(result(desk)).to_contain_text(re.compile("^[✓✗]"))
    stages = desk.get_by_role("list", name="Stages of the check")
    gradients = desk.get_by_role("table", name="Gradients of the cell")
    if name == "faulty":
        expect(result(desk)).to_contain_text("What is sent back to the hidden state is wrong")
        expect(stages).to_contain_text("✗ gradients")
        expect(gradients).to_contain_text("✗ wrong")
        expect(button(desk, "Use the cell")).to_be_disabled()
        return
    expect(result(desk)).to_contain_text("nothing is wrong with it")
    expect(stages.get_by_text("✓")).to_have_count(7)
    desk.get_by_text("The gradients, as measured").click()
    expect(gradients).to_contain_text("✓ right")
    expect(gradients).not_to_contain_text("✗")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return f(", "this is not Python"),
        ("import js", "a cell imports nothing"),
        ("h.__class__", "there is no .__class__ here"),
        ("step.__globals__", "there is no .__globals__ here"),
        ("W.__class__", "there is no .__class__ here"),
        ("np.foo(h)", "did you mean floor?"),
        ("np.zeros((50000, 50000))", "too big"),
        ("f = lambda n: f(n + 1); f(0)", "recursion"),
        ("[0 for _ in iter(int, 1)]", "this doesn't end"),
        ("h = dot(h, h[0])", "step"),
        ("h = h / 0", "no number"),
    ],
)
def test_a_fault_is_named_with_its_line(desk: Page, line: str, words: str) -> None:
    said = check_cell(desk, MINIMAL.replace(FIRST, f"{FIRST}    {line}\n"))
    assert re.match(rf"✗ Line \d+, “{re.escape(line)}”: .*{re.escape(words)}", said) or (
        line == "h = dot(h, h[0])" and said.startswith("✗ Line")
    ), said
    assert not re.search(r"\.\.$", said)
    marked = box(desk, "Cell source").locator(".faulty")
    expect(marked).to_have_count(1)
    box(desk, "Cell source").press("Control+Home")
    desk.keyboard.type("#")
    expect(marked).to_have_count(0)
    expect(result(desk)).to_have_text("")


def test_typing_over_a_selection_keeps_to_the_policy(desk: Page) -> None:
    write_cell(desk, MINIMAL)
    box(desk, "Cell source").press("Control+a")
    desk.keyboard.type("g")
    expect(box(desk, "Cell source")).to_have_text("g")
    desk.keyboard.press("Backspace")  # and the editor can be empty
    expect(box(desk, "Cell source")).to_have_text("")
    expect(button(desk, "Check the cell")).to_be_disabled()


def test_a_cell_is_used_and_its_run_goes_on_bit_for_bit(desk: Page, tmp_path: Path) -> None:
    make_small(desk)
    check_cell(desk, MINIMAL)
    button(desk, "Use the cell").click()
    wait_for_number(desk, "Step", "number >= target", 3)
    pause(desk)
    step = int(output(desk, "Step").inner_text())
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    saved = save(desk, tmp_path)
    trainer = rnn_pkg.load(saved, run_source=True)
    assert trainer.config.cell_source == MINIMAL
    assert trainer.steps == step
    step_to(desk, step + 5)
    straight_on = save(desk, tmp_path / "first")

    load(desk, saved)  # nobody asks: this browser has agreed to the cell when it was written here
    button(desk, "Replace it").click()
    expect(output(desk, "Step")).to_have_text(str(step))
    step_to(desk, step + 5)
    again = save(desk, tmp_path / "second")
    with np.load(straight_on) as one, np.load(again) as other:
        assert one.files == other.files
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])

    trainer.train(steps=5)
    with np.load(straight_on) as one:
        for name, weight in trainer.model.parameters.items():
            np.testing.assert_allclose(one[f"parameters/{name}"], weight, rtol=2e-3, atol=2e-4)

    look_inside(desk)
    with desk.expect_download() as download:
        desk.get_by_role("heading", name="Share and take home").click()
        button(desk, "Save Python script").click()
    assert "x_f, x_n = np.split(x, 2, axis=1)" in Path(download.value.path()).read_text("utf-8")


def look_inside(page: Page) -> None:
    """Use every instrument on the run."""
    page.get_by_role("heading", name="Inside the hidden state").click()
    expect(page.get_by_role("figure", name="Units over characters")).to_be_visible()
    page.get_by_role("checkbox", name="Silence this unit").check()
    expect(output(page, "Loss without it")).to_contain_text("without")
    button(page, "Silence none").first.click()
    page.get_by_role("heading", name="Check my gradients").click()
    button(page, "Check this network").click()
    expect(output(page, "Result of the check")).to_contain_text("gradients are right")
    page.get_by_role("heading", name="Gradient through time").click()
    flow = page.get_by_role("figure", name="Gradient through time")
    expect(flow).to_contain_text("your network’s gradient")


def test_a_run_with_a_cell_is_there_after_a_reload(desk: Page) -> None:
    check_cell(desk, MINIMAL)
    button(desk, "Use the cell").click()
    wait_for_number(desk, "Step", "number >= target", 2)
    pause(desk)
    step = wait_until_saved(desk)
    desk.reload()
    wait_for_phase(desk, "paused", BOOT_MS)
    expect(output(desk, "Step")).to_have_text(f"{step:,}")
    expect(cell_field(desk)).to_have_value("own")
    step_to(desk, step + 2)


def test_train_waits_until_the_cell_is_checked(desk: Page) -> None:
    write_cell(desk, MINIMAL + "# not yet checked\n")
    button(desk, "Train").click()
    expect(alert(desk, "then “Use the cell”")).to_be_visible()
    expect(cell_field(desk)).to_be_focused()
    wait_for_phase(desk, "ready")


def test_an_error_in_the_middle_of_training_harms_nothing(desk: Page) -> None:
    field(desk, "Batch size").fill("20")
    check_cell(desk, MINIMAL.replace(FIRST, f"{FIRST}    1 / (len(x) != 20)\n"))
    button(desk, "Use the cell").click()
    expect(alert(desk, "ZeroDivisionError")).to_contain_text("Line 8")
    field(desk, "Batch size").fill("16")


def test_what_never_ends_in_a_check_is_stopped_and_the_run_is_untouched(desk: Page) -> None:
    cell_field(desk).select_option("GRU")
    train_to_step(desk, 3)
    step = output(desk, "Step").inner_text()
    cell_field(desk).select_option("Your own")
    write_cell(desk, MINIMAL.replace(FIRST, FIRST + NEVER))
    button(desk, "Check the cell").click()
    expect(result(desk)).to_have_text("Checking …")
    button(desk, "Step").click()  # the page and its run go on meanwhile
    expect(output(desk, "Step")).to_have_text(str(int(step) + 1))
    button(desk, "Stop").click()
    expect(result(desk)).to_have_text("")
    expect(alert(desk, "The check was stopped")).to_be_visible()
    assert "nothing is wrong" in check_cell(desk, MINIMAL)
    expect(output(desk, "Step")).to_have_text(str(int(step) + 1))
    cell_field(desk).select_option("GRU")


def test_what_never_ends_in_training_is_stopped_and_the_run_before_is_there(desk: Page) -> None:
    page = desk
    cell_field(page).select_option("GRU")
    train_to_step(page, 4)
    before = wait_until_saved(page)
    field(page, "Batch size").fill("20")
    open_editor(page)
    check_cell(page, MINIMAL.replace(FIRST, f"{FIRST}    len(x) == 20 and sum(range(10**13))\n"))
    button(page, "Use the cell").click()
    expect(alert(page, "has kept Python busy")).to_be_visible()
    button(page, "Stop Python").click()
    expect(alert(page, "has kept Python busy")).to_be_hidden()
    wait_for_phase(page, "ready", BOOT_MS)
    row = page.get_by_role("listitem").filter(has_text=f"step {before}")
    row.get_by_role("button", name=re.compile("^Open ")).click()
    wait_for_phase(page, "paused")
    expect(output(page, "Step")).to_have_text(str(before))


def test_a_file_is_opened_without_running_its_cell(desk: Page, spying: Path) -> None:
    page = desk
    with listening(page) as printed:
        load(page, spying)
        question = page.get_by_role("dialog")
        expect(question).to_contain_text("Run this cell?")
        expect(question.get_by_label("Source")).to_contain_text('print("I was run")')
        expect(question.get_by_role("button", name="Open without running")).to_be_focused()
        page.keyboard.press("Enter")
        expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
        expect(box(page, "Cell source")).to_contain_text('print("I was run")')
        expect(field(page, "Hidden units")).to_have_value("8")
        wait_for_phase(page, "ready")
        button(page, "Train").click()
        expect(alert(page, "Check the cell")).to_be_visible()

        button(page, "Check the cell").click()
        expect(question).to_contain_text("Run this cell?")
        page.keyboard.press("Escape")
        expect(button(page, "Stop")).to_be_hidden()
        expect(result(page)).to_have_text("")
        box(page, "Cell source").press("Control+End")
        page.keyboard.type("# changed")  # it is somebody else's all the same
        button(page, "Check the cell").click()
        expect(question).to_contain_text("Run this cell?")
        page.keyboard.press("Escape")
        page.get_by_label("Begin with").select_option("GRU")
        box(page, "Cell source").press("Control+z")  # which can't bring it back unmarked
        expect(box(page, "Cell source")).not_to_contain_text("I was run")
        assert printed == []

        load(page, spying)
        expect(question).to_contain_text("Run this cell?")
        page.keyboard.press("Escape")  # no answer: nothing is opened
        expect(box(page, "Cell source")).not_to_contain_text("I was run")
        load(page, spying)
        question.get_by_role("button", name="Run it", exact=True).click()
        wait_for_phase(page, "paused")
        expect(output(page, "Step")).to_have_text("3")
        assert "I was run" in printed
        load(page, spying)  # agreed to once, it is not asked about again
        button(page, "Replace it").click()
        wait_for_phase(page, "paused")
        expect(question).to_be_hidden()


def test_a_link_carries_a_cell_that_is_used_and_runs_nothing(browser: Browser, desk: Page) -> None:
    check_cell(desk, f"{SPY}# Not that of the file: to what is written here, the browser agrees.\n")
    button(desk, "Use the cell").click()
    wait_for_number(desk, "Step", "number >= target", 1)
    pause(desk)
    set_panel(desk, "Share and take home")
    button(desk, "Make a link").click()
    expect(box(desk, "Link")).to_have_value(re.compile("#setup="))
    with watched(browser) as other, listening(other) as printed:
        other.goto(box(desk, "Link").input_value())
        expect(box(other, "Cell source")).to_contain_text('print("I was run")', timeout=BOOT_MS)
        expect(other.get_by_text("brought by a link or a file")).to_be_visible()
        button(other, "Train").click()
        expect(alert(other, "Check the cell")).to_be_visible()
        wait_until(other, FOREIGN_IS_SAVED)
        other.reload()  # the page remembers whose it is
        wait_for_phase(other, "ready", BOOT_MS)
        other.get_by_role("heading", name="Your own cell").click()
        expect(other.get_by_text("brought by a link or a file")).to_be_visible()
        button(other, "Check the cell").click()
        expect(other.get_by_role("dialog")).to_contain_text("Run this cell?")
        assert printed == []
        button(other, "Run it").click()
        expect(result(other)).to_contain_text("nothing is wrong with it")
        assert "I was run" in printed
        expect(other.get_by_text("brought by a link or a file")).to_be_hidden()


def test_a_race_is_run_stopped_and_run_again(desk: Page) -> None:
    make_small(desk)
    check_cell(desk, MINIMAL)
    steps = field(desk, "Race steps")
    steps.fill("0")
    button(desk, "Race").click()
    expect(alert(desk, "Race steps must be")).to_be_visible()
    steps.fill("20000")
    for name in ("LSTM", "GRU"):
        desk.get_by_role("checkbox", name=name, exact=True).uncheck()
    button(desk, "Race").click()
    verdict = output(desk, "Verdict of the race")
    expect(verdict).to_contain_text("characters each, ")
    button(desk, "Stop the race").click()
    expect(button(desk, "Race")).to_be_enabled()
    expect(verdict).to_contain_text("In the same time")  # what is there stays
    table = desk.get_by_role("table", name="Race", exact=True)
    expect(table.get_by_role("row")).to_have_count(3)

    steps.fill("4")
    desk.get_by_role("checkbox", name="LSTM", exact=True).check()
    button(desk, "Race").click()
    expect(table.get_by_role("row")).to_have_count(4)
    expect(button(desk, "Race")).to_be_enabled()
    expect(verdict).to_contain_text("After 128 characters each")
    for label in ("Minimal gated unit", "RNN", "LSTM"):
        row = table.get_by_role("row").filter(has=desk.get_by_role("rowheader", name=label))
        expect(row).to_contain_text(re.compile(r"\d\.\d{3}"))
    desk.get_by_label("Compare at equal").select_option("seconds")
    expect(desk.get_by_role("figure", name="Race")).to_be_visible()


def test_everybody_can_use_it(desk: Page) -> None:
    check_cell(desk, MINIMAL.replace(FIRST, f"{FIRST}    np.foo(h)\n"))
    for width in (1280, 360):
        desk.set_viewport_size({"width": width, "height": 800})
        assert barriers_by_day_and_night(desk) == []
        overflow = desk.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0
