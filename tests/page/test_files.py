"""Models in and out of the page, both ways, bad ones too; and the texts that the page brings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import rnn_pkg
from rnn_pkg.training.origin import Stay
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
    pause,
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
    desk: Page, browser: Browser, address: str, tmp_path: Path
) -> None:
    put_text(desk, SENTENCE * 12)
    field(desk, "Hidden units").fill("20")
    field(desk, "Learning rate").fill("0.004")
    train_to_step(desk, 4)
    step, loss = number(desk, "Step"), number(desk, "Training loss")
    path = save(desk, tmp_path)
    field(desk, "Learning rate").fill("0.02")
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


@pytest.mark.both_engines
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


@pytest.mark.both_engines
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


VERSION_3 = Path(__file__).parents[1] / "unit" / "fixtures" / "version-3.npz"


def test_a_model_of_version_3_goes_on(desk: Page, tmp_path: Path) -> None:
    """Its list is learned as it stands, as it was begun."""
    trainer = rnn_pkg.load(VERSION_3)
    load(desk, VERSION_3)
    wait_for_phase(desk, "paused")
    assert shown(desk) == (15, 2.784)
    expect(output(desk, "Validation loss")).to_have_text("2.706")
    expect(box(desk, "Training text")).to_have_value(trainer.text)
    expect(desk.get_by_text("learns them in an order")).to_have_count(0)
    expect(desk.get_by_role("alert")).to_have_count(0)
    for step in range(16, 21):
        button(desk, "Step").click()
        wait_for_number(desk, "Step", "number === target", step)
    trainer.train(steps=5)
    assert shown(desk) == pytest.approx(standing(trainer), abs=2e-3)
    saved = rnn_pkg.load(save(desk, tmp_path))
    assert (saved.config.order, saved.metrics and saved.metrics.best_step) == ("text", 20)


def test_a_network_goes_on_with_another_text(desk: Page, tmp_path: Path) -> None:
    put_text(desk, SENTENCE * 12)
    field(desk, "Hidden units").fill("20")
    train_to_step(desk, 30)
    step = int(number(desk, "Step"))
    other = "QUICK foxes sat on the dog, and the cat on a log! " * 12
    box(desk, "Training text").fill(other)
    expect(alert(desk, "this run still uses the earlier text")).to_be_visible()

    # Another size would be another network.
    field(desk, "Hidden units").fill("21")
    button(desk, "Go on with the new text").click()
    expect(alert(desk, "Hidden units must be 20, as in the network to start from")).to_be_visible()
    assert number(desk, "Step") >= step
    field(desk, "Hidden units").fill("20")

    button(desk, "Go on with the new text").click()
    wait_for_phase(desk, "training")
    wait_for_number(desk, "Step", "number >= target", 3)
    pause(desk)
    expect(desk.get_by_text("Begun with a network that had learned “the cat sat")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)
    trainer = rnn_pkg.load(save(desk, tmp_path))
    assert trainer.text == other
    assert trainer.origins[0].characters == len(SENTENCE * 12)
    assert trainer.origins[0].drawn == len(set(other) - set(SENTENCE))
    assert trainer.origins[0].steps >= step

    # Only where the text is another one.
    field(desk, "Batch size").fill("3")
    expect(button(desk, "Start over with the changes")).to_be_visible()
    expect(button(desk, "Go on with the new text")).to_be_hidden()


def test_a_network_that_goes_on_with_a_long_text_keeps_its_size(desk: Page) -> None:
    put_text(desk, SENTENCE * 12)
    train_to_step(desk, 3)
    size = field(desk, "Hidden units").input_value()
    long = SENTENCE * (200_000 // len(SENTENCE))
    assert rnn_pkg.Config.for_text(long).hidden_size != int(size)
    box(desk, "Training text").fill(long)
    button(desk, "Go on with the new text").click()
    expect(desk.get_by_text("Begun with a network that had learned “the cat sat")).to_be_visible()
    expect(field(desk, "Hidden units")).to_have_value(size)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_what_was_learned_elsewhere_is_told_and_marked(desk: Page, tmp_path: Path) -> None:
    trainer = rnn_pkg.Trainer(SENTENCE * 12, rnn_pkg.Config.for_text(SENTENCE * 12, hidden_size=8))
    trainer.train(steps=30)
    trainer.stays = [Stay(10, 20, "PyTorch 2.13.0", "cpu", 2, 1.5)]
    trainer.save(tmp_path / "more.npz")
    load(desk, tmp_path / "more.npz")
    expect(output(desk, "Step")).to_have_text("30")
    words = "Steps 11 to 20 were taken by PyTorch 2.13.0 in 2 processes (cpu), in 1.5 s."
    expect(desk.get_by_text(f"· {words}")).to_be_visible()
    curve = desk.get_by_role("figure", name="Loss curve")
    expect(curve).to_have_accessible_description(re.compile(re.escape(words)))
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("31")
    assert rnn_pkg.load(save(desk, tmp_path)).stays == trainer.stays


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
