"""Training on the page: from a typed text to a falling loss, and all that can happen between."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import rnn_pkg
from tests.page.parts import (
    SENTENCE,
    advanced,
    alert,
    box,
    button,
    choose_example,
    field,
    generate,
    number,
    output,
    pause,
    put_text,
    save,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)


def letter_frequencies(page: Page) -> float:
    """The loss of the unigram model, as the chart tells it in words."""
    figure = page.get_by_role("figure", name="Loss curve")
    expect(figure).to_contain_text("letter frequencies")
    words = figure.text_content() or ""
    found = re.search(r"letter frequencies (\d+\.\d+)", words)
    assert found, words
    return float(found[1])


@pytest.mark.both_engines
def test_a_typed_text_is_learned(desk: Page) -> None:
    put_text(desk, SENTENCE * 40)
    button(desk, "Train").click()
    expect(button(desk, "Pause")).to_be_visible()
    wait_for_number(desk, "Step", "number > target", 1)
    baseline = letter_frequencies(desk)
    assert 2 < baseline < 3.5
    wait_for_number(desk, "Training loss", "number < target", baseline)
    wait_for_number(desk, "Training loss", "number < target", 0.5)
    wait_for_number(desk, "Validation loss", "number < target", baseline)
    expect(output(desk, "Live sample")).to_contain_text("the ")
    assert number(desk, "Speed") > 0
    expect(output(desk, "Standing")).to_contain_text("it is better than")
    pause(desk)
    written = generate(desk, "the cat ", 60)
    assert set(written.split()) & {"sat", "mat", "dog", "log.", "and"}, written


def test_a_paused_run_stands_still_and_goes_on_where_it_was(desk: Page) -> None:
    train_to_step(desk, 3)
    expect(button(desk, "Resume")).to_be_visible()
    step = number(desk, "Step")
    generate(desk, length=20)  # the worker answers, and it has not trained
    assert number(desk, "Step") == step
    button(desk, "Step").click()
    wait_for_number(desk, "Step", "number === target", step + 1)
    wait_for_phase(desk, "paused")
    button(desk, "Resume").click()
    wait_for_number(desk, "Step", "number > target", step + 2)
    pause(desk)


def test_step_begins_a_run_and_takes_one_step_for_each_press(desk: Page) -> None:
    button(desk, "Step").click()
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("2")
    wait_for_phase(desk, "paused")
    assert number(desk, "Training loss") == pytest.approx(number(desk, "Training loss"))


def test_reset_drops_the_run_and_keeps_text_and_settings(desk: Page) -> None:
    put_text(desk, SENTENCE * 10)
    field(desk, "Hidden units").fill("24")
    train_to_step(desk, 2)
    expect(desk.get_by_text("LSTM, 24 units")).to_be_visible()
    button(desk, "Reset").click()
    wait_for_phase(desk, "ready")
    for name in ("Step", "Training loss", "Validation loss", "Speed"):
        expect(output(desk, name)).to_have_text("–")
    expect(box(desk, "Training text")).to_have_value(SENTENCE * 10)
    expect(field(desk, "Hidden units")).to_have_value("24")
    expect(button(desk, "Train")).to_be_focused()
    expect(button(desk, "Save model")).to_be_disabled()


def test_reset_while_training_ends_it_at_once(desk: Page) -> None:
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 2)
    button(desk, "Reset").click()
    expect(output(desk, "Step")).to_have_text("–")
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")


def test_the_learning_rate_changes_during_a_run(desk: Page) -> None:
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 2)
    field(desk, "Learning rate").fill("0.002")
    expect(desk.get_by_text("learning rate from 0.002")).to_be_visible()
    field(desk, "Learning rate").press("ArrowUp")
    expect(desk.get_by_text("learning rate from 0.003")).to_be_visible()
    field(desk, "Learning rate").fill("0")
    expect(alert(desk, "Learning rate must be a number from")).to_be_visible()
    expect(desk.get_by_text("learning rate from 0.003")).to_be_visible()
    field(desk, "Learning rate").fill("0.001")
    expect(desk.get_by_text("learning rate from 0.001")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)
    wait_for_phase(desk, "training")


def test_a_run_that_goes_wrong_is_rescued_and_then_waits(desk: Page, tmp_path: Path) -> None:
    put_text(desk, SENTENCE * 30)
    field(desk, "Hidden units").fill("24")
    field(desk, "Learning rate").fill("10")
    button(desk, "Train").click()
    expect(alert(desk, "for the second time in a row, and waits")).to_be_visible()
    wait_for_phase(desk, "paused")
    trainer = rnn_pkg.load(save(desk, tmp_path))
    assert [rate for _, rate in trainer.rates][-1] == 2.5
    expect(field(desk, "Learning rate")).to_have_value("2.5")
    expect(desk.get_by_text("learning rate from 2.5")).to_be_visible()

    field(desk, "Learning rate").fill("0.01")
    expect(desk.get_by_text("learning rate from 0.01")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)  # what was said of the rate holds no longer
    step = number(desk, "Step")
    button(desk, "Resume").click()
    expect(desk.get_by_role("alert")).to_have_count(0)
    wait_for_number(desk, "Step", "number > target", step + 200)
    wait_for_number(desk, "Training loss", "number < target", 1)
    pause(desk)
    expect(desk.get_by_role("alert")).to_have_count(0)
    field(desk, "Learning rate").fill("0.01")


def test_a_changed_text_is_neither_taken_nor_lost_without_asking(desk: Page) -> None:
    put_text(desk, SENTENCE * 20)
    train_to_step(desk, 4)
    box(desk, "Training text").press_sequentially("x")
    notice = alert(desk, "this run still uses the earlier text")
    expect(notice).to_be_visible()
    box(desk, "Training text").press("Backspace")
    expect(notice).to_be_hidden()

    box(desk, "Training text").fill("something else")
    button(desk, "Undo the changes").click()
    expect(box(desk, "Training text")).to_have_value(SENTENCE * 20)
    expect(notice).to_be_hidden()
    assert number(desk, "Step") >= 4

    choose_example(desk, "Dinosaur names")
    expect(notice).to_be_visible()
    button(desk, "Resume").click()
    wait_for_number(desk, "Step", "number >= target", 6)
    pause(desk)
    expect(notice).to_be_visible()
    button(desk, "Start over with the changes").click()
    expect(notice).to_be_hidden()
    wait_for_phase(desk, "training")
    expect(desk.get_by_text(re.compile(r"learns \d,\d+ characters"))).to_be_visible()


def test_changed_settings_are_asked_about_too(desk: Page) -> None:
    field(desk, "Hidden units").fill("16")
    train_to_step(desk, 2)
    field(desk, "Hidden units").fill("20")
    desk.get_by_role("combobox", name="Cell").select_option("GRU")
    expect(alert(desk, "this run still uses the earlier settings")).to_be_visible()
    button(desk, "Undo the changes").click()
    expect(field(desk, "Hidden units")).to_have_value("16")
    expect(desk.get_by_role("combobox", name="Cell")).to_have_value("lstm")

    desk.get_by_role("combobox", name="Cell").select_option("RNN")
    button(desk, "Start over with the changes").click()
    expect(desk.get_by_text("RNN, 16 units")).to_be_visible()
    wait_for_number(desk, "Step", "number >= target", 1)


def test_starting_over_with_an_impossible_text_keeps_the_run(desk: Page) -> None:
    train_to_step(desk, 3)
    step = number(desk, "Step")
    box(desk, "Training text").fill("too short")
    button(desk, "Start over with the changes").click()
    expect(alert(desk, "at least 20")).to_be_visible()
    assert number(desk, "Step") == step
    button(desk, "Undo the changes").click()
    button(desk, "Step").click()
    wait_for_number(desk, "Step", "number === target", step + 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "at least 20"),
        ("just a few words", "at least 20"),
        ("a" * 50, "different characters"),
    ],
)
def test_a_text_that_cannot_be_learned_is_refused_with_the_reason(
    desk: Page, text: str, reason: str
) -> None:
    box(desk, "Training text").fill(text)
    button(desk, "Train").click()
    expect(alert(desk, reason)).to_be_visible()
    expect(box(desk, "Training text")).to_be_focused()
    wait_for_phase(desk, "ready")
    put_text(desk, SENTENCE)
    expect(desk.get_by_role("alert")).to_have_count(0)
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")


def test_a_setting_out_of_range_is_refused_beside_its_field(desk: Page) -> None:
    for name, value in (("Hidden units", "0"), ("Layers", "1.5"), ("Seed", "")):
        before = field(desk, name).input_value()
        field(desk, name).fill(value)
        button(desk, "Train").click()
        expect(alert(desk, f"{name} must be a whole number from")).to_be_visible()
        expect(field(desk, name)).to_be_focused()
        expect(field(desk, name)).to_have_value(value)
        field(desk, name).fill(before)
        expect(desk.get_by_role("alert")).to_have_count(0)


def test_a_wrong_value_under_advanced_is_shown(desk: Page) -> None:
    advanced(desk).click()
    dropout = field(desk, "Dropout")
    dropout.fill("2")
    advanced(desk).click()
    button(desk, "Step").click()
    expect(dropout).to_be_focused()
    expect(alert(desk, "Dropout must be a number from 0 to 0.9, not 2")).to_be_visible()
    dropout.fill("0")


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "text",
    [
        "🌞🌧️🌈 今日は晴れ、明日は雨。\n" * 12,
        "في البيت قطة، وفي الحديقة كلب. " * 12,
        'quote " and <b>tags</b> & a \\ backslash\n' * 8,
    ],
    ids=["emoji and Japanese", "Arabic", "markup"],
)
def test_any_text_trains_and_is_written(desk: Page, text: str) -> None:
    put_text(desk, text)
    train_to_step(desk, 3)
    written = generate(desk, text[:3], 30)
    assert len(written) == 33
    assert set(written) <= set(text)
