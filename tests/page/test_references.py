"""What the loss is compared with, and the story that the samples tell."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import rnn_pkg
from rnn_pkg.look.ngrams import ngram_losses
from rnn_pkg.tasks.guesses import uniform_loss
from tests.page.parts import (
    button,
    number,
    output,
    pause,
    put_text,
    save,
    train_to_step,
    wait_for_number,
)

VERSES = [f"{n} green bottles on the wall, and {n * 7 % 10} fell.\n" for n in range(110)]
RHYME = "".join(VERSES)


def references(trainer: rnn_pkg.Trainer) -> dict[str, float]:
    """The lines by name, as the native package computes them, up to the best n-gram."""
    size = len(trainer.vocabulary)
    losses = list(ngram_losses(trainer.training_ids, trainer.held_out_ids, size))
    best = losses.index(min(losses))
    names = ["letter frequencies", *(f"{n}-gram" for n in range(2, 7))]
    lines = dict(zip(names[: best + 1], losses[: best + 1], strict=True))
    assert list(lines.values()) == sorted(lines.values(), reverse=True)
    return {"uniform guess": uniform_loss(size)} | lines


def shown_references(page: Page) -> dict[str, float]:
    words = page.get_by_role("figure", name="Loss curve").text_content() or ""
    found = re.search(r"For comparison: (.*?)\. ", words)
    assert found, words
    pairs = [each.rsplit(" ", 1) for each in found[1].split(", ")]
    return {name: float(loss) for name, loss in pairs}


def test_ngrams_are_lines_to_compare_the_loss_with(desk: Page, tmp_path: Path) -> None:
    put_text(desk, RHYME)
    train_to_step(desk, 60)
    figure = desk.get_by_role("figure", name="Loss curve")
    expect(figure).to_contain_text("3-gram")
    trainer = rnn_pkg.load(save(desk, tmp_path))
    expected = references(trainer)
    last = list(expected)[-1]
    expect(figure).to_contain_text(f"{last} {expected[last]:.3f}")
    assert shown_references(desk) == pytest.approx(expected, abs=6e-4)

    assert trainer.metrics
    reached = trainer.metrics.validation_loss
    assert reached is not None
    assert number(desk, "Validation loss") == pytest.approx(reached, abs=6e-4)
    beaten = [loss for loss in expected.values() if reached < loss]
    ahead = [loss for loss in expected.values() if reached >= loss]
    standing = output(desk, "Standing").inner_text()
    losses = [f"({loss:.3f})" for loss in (*beaten[-1:], *ahead[:1])]
    assert re.findall(r"\(\d\.\d{3}\)", standing) == losses
    assert "On text it never saw" in standing


def test_the_curve_can_be_read_in_bits(desk: Page) -> None:
    put_text(desk, RHYME)
    train_to_step(desk, 5)
    expect(desk.get_by_role("figure", name="Loss curve")).to_contain_text("2-gram")
    nats = shown_references(desk)
    unit = desk.get_by_role("combobox", name="Loss in")
    unit.select_option("bits")
    expect(desk.get_by_role("figure", name="Loss curve")).to_contain_text("bits per character")
    for name, loss in shown_references(desk).items():
        assert loss == pytest.approx(nats[name] / math.log(2), abs=2e-3)
    unit.select_option("nats")


def test_the_story_of_a_run_can_be_read_and_saved(desk: Page, tmp_path: Path) -> None:
    desk.get_by_text("The story so far").click()
    save_story = button(desk, "Save the story")
    expect(save_story).to_be_disabled()
    put_text(desk, RHYME)
    button(desk, "Train").click()
    samples = desk.get_by_role("list", name="Samples so far").get_by_role("listitem")
    expect(samples.nth(3)).to_be_visible()
    wait_for_number(desk, "Step", "number >= target", 5)
    pause(desk)
    told = samples.all_inner_texts()
    steps = [int(re.sub(r"\D", "", each.split("loss")[0])) for each in told]
    assert steps == sorted(set(steps))
    latest = output(desk, "Live sample").inner_text()
    assert told[-1].endswith(latest)

    with desk.expect_download() as download:
        save_story.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    story = path.read_text("utf-8")
    assert path.name == "rnn-playground-story.txt"
    places = [story.index(f"step {step:,}, loss ") for step in steps]
    assert places == sorted(places)
    assert latest in story
    button(desk, "Reset").click()
    expect(samples).to_have_count(0)
    desk.get_by_text("The story so far").click()
