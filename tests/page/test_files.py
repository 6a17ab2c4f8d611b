"""Files in and out of the page: models both ways, texts, and bad ones of either kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnn_pkg
from tests.page.parts import (
    SENTENCE,
    alert,
    booted,
    box,
    button,
    choose_example,
    field,
    generate,
    load,
    number,
    output,
    put_text,
    save,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)


def native_model(folder: Path, steps: int = 5) -> tuple[rnn_pkg.Trainer, Path]:
    """A model trained and saved by the package as it runs without a browser."""
    trainer = rnn_pkg.Trainer(SENTENCE * 9, rnn_pkg.Config(cell="lstm", hidden_size=24, seed=3))
    trainer.train(steps=steps)
    path = folder / "native.npz"
    trainer.save(path)
    return trainer, path


def test_a_saved_run_goes_on_in_another_browser(
    ready_page: Page, browser: Browser, address: str, tmp_path: Path
) -> None:
    page = ready_page
    put_text(page, SENTENCE * 12)
    field(page, "Hidden units").fill("20")
    field(page, "Learning rate").fill("0.004")
    train_to_step(page, 4)
    step, loss = number(page, "Step"), number(page, "Training loss")
    path = save(page, tmp_path)
    assert path.name == f"rnn-playground-step-{step:.0f}.npz"

    with booted(browser, address) as page:
        load(page, path)
        wait_for_phase(page, "paused")
        expect(button(page, "Resume")).to_be_enabled()
        assert (number(page, "Step"), number(page, "Training loss")) == (step, loss)
        expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
        expect(field(page, "Hidden units")).to_have_value("20")
        expect(field(page, "Learning rate")).to_have_value("0.004")
        expect(page.get_by_role("alert")).to_have_count(0)
        button(page, "Step").click()
        wait_for_number(page, "Step", "number === target", step + 1)
        assert len(generate(page, "the ", 20)) == 24


def test_a_native_model_opens_in_the_page(desk: Page, tmp_path: Path) -> None:
    trainer, path = native_model(tmp_path)
    load(desk, path)
    wait_for_phase(desk, "paused")
    assert shown(desk) == pytest.approx(standing(trainer), abs=2e-3)
    expect(box(desk, "Training text")).to_have_value(trainer.text)
    expect(desk.get_by_role("combobox", name="Cell")).to_have_value("lstm")
    expect(field(desk, "Hidden units")).to_have_value("24")
    expect(field(desk, "Seed")).to_have_value("3")
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("6")
    trainer.step()
    assert shown(desk) == pytest.approx(standing(trainer), abs=2e-3)


def test_the_page_s_model_opens_natively(desk: Page, tmp_path: Path) -> None:
    put_text(desk, SENTENCE * 12)
    train_to_step(desk, 3)
    trainer = rnn_pkg.load(save(desk, tmp_path))
    assert trainer.text == SENTENCE * 12
    assert standing(trainer) == pytest.approx(shown(desk), abs=2e-3)
    trainer.train(steps=2)
    assert len(trainer.sample("the cat", length=10)) == 10


def test_a_run_is_replaced_only_when_its_owner_says_so(desk: Page, tmp_path: Path) -> None:
    _, path = native_model(tmp_path)
    train_to_step(desk, 7)
    step = number(desk, "Step")
    load(desk, path)
    question = desk.get_by_role("dialog", name="Replace the present run?")
    expect(question).to_contain_text("native.npz")
    desk.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert number(desk, "Step") == step

    load(desk, path)
    question.get_by_role("button", name="Keep it").click()
    assert number(desk, "Step") == step

    load(desk, path)
    question.get_by_role("button", name="Replace it").click()
    expect(output(desk, "Step")).to_have_text("5")


def test_a_model_loaded_while_training_stands_still(desk: Page, tmp_path: Path) -> None:
    trainer, path = native_model(tmp_path)
    button(desk, "Train").click()
    wait_for_number(desk, "Step", "number >= target", 3)
    load(desk, path)
    question = desk.get_by_role("dialog", name="Replace the present run?")
    step = number(desk, "Step")
    wait_for_number(desk, "Step", "number > target", step)  # nothing is decided yet
    question.get_by_role("button", name="Replace it").click()
    expect(output(desk, "Step")).to_have_text("5")
    wait_for_phase(desk, "paused")
    loaded = rnn_pkg.load(save(desk, tmp_path))
    assert loaded.steps == 5
    assert standing(loaded) == standing(trainer)
    expect(output(desk, "Step")).to_have_text("5")


def test_a_bad_model_file_is_refused_and_nothing_is_lost(desk: Page, tmp_path: Path) -> None:
    _, good = native_model(tmp_path)
    truncated = tmp_path / "truncated.npz"
    truncated.write_bytes(good.read_bytes()[:-500])
    other = tmp_path / "other.npz"
    other.write_bytes(b"this is not a model")
    train_to_step(desk, 2)
    step = number(desk, "Step")
    for path in (truncated, other):
        load(desk, path)
        button(desk, "Replace it").click()
        expect(alert(desk, "model file")).to_be_visible()
        assert number(desk, "Step") == step
    button(desk, "Step").click()
    wait_for_number(desk, "Step", "number === target", step + 1)
    load(desk, good)
    button(desk, "Replace it").click()
    expect(output(desk, "Step")).to_have_text("5")
    expect(desk.get_by_role("alert")).to_have_count(0)


def standing(trainer: rnn_pkg.Trainer) -> tuple[int, float]:
    """The step and the loss, as exactly as the page shows them."""
    assert trainer.metrics
    return trainer.metrics.step, round(trainer.metrics.smooth_loss, 3)


def shown(page: Page) -> tuple[int, float]:
    return int(number(page, "Step")), number(page, "Training loss")


@pytest.fixture
def opener(desk: Page) -> Locator:
    return desk.get_by_label("Open text file")


def test_a_text_file_opens(desk: Page, opener: Locator, tmp_path: Path) -> None:
    path = tmp_path / "umlauts.txt"
    path.write_bytes("\ufeffKäse, Brötchen\r\nund Ölsardinen 🐟\r\n".encode())
    opener.set_input_files(path)
    expect(box(desk, "Training text")).to_have_value("Käse, Brötchen\nund Ölsardinen 🐟\n")
    expect(desk.get_by_role("combobox", name="Example")).to_have_value("own")
    choose_example(desk, "Dinosaur names")
    expect(box(desk, "Training text")).to_have_value(re.compile(re.escape("albertosaurus")))
    choose_example(desk, "Your own text")
    expect(box(desk, "Training text")).to_have_value("Käse, Brötchen\nund Ölsardinen 🐟\n")


def test_a_bad_text_file_is_refused_and_the_text_stays(
    desk: Page, opener: Locator, tmp_path: Path
) -> None:
    before = box(desk, "Training text").input_value()
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Käse".encode("latin-1"))
    opener.set_input_files(latin)
    expect(alert(desk, "“latin.txt” is not UTF-8 text")).to_be_visible()
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 5_100_000)
    opener.set_input_files(large)
    expect(alert(desk, "“large.txt” has 5.1 MB; the page takes texts up to 5 MB")).to_be_visible()
    assert box(desk, "Training text").input_value() == before
    box(desk, "Training text").press_sequentially("x")
    expect(desk.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Short stories", "Nell"),
        ("Dinosaur names", "velociraptor"),
        ("Arithmetic", " + "),
        ("A small play", "MARTA:"),
        ("Python: this network’s own source", "class RNN"),
    ],
)
def test_the_examples_are_there_and_can_be_trained(desk: Page, label: str, words: str) -> None:
    choose_example(desk, label)
    expect(box(desk, "Training text")).to_have_value(re.compile(re.escape(words)))
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")
