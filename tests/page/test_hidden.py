"""Inside the hidden state: the panel shows what the package computes from the saved file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import rnn_pkg
from rnn_pkg.page.instruments import Instruments
from tests.page.parts import (
    SENTENCE,
    box,
    button,
    field,
    generate,
    output,
    pause,
    put_text,
    save,
    train_to_step,
    wait_until,
)

STORY = (
    'Ann said "come here now, Bob" and went away.\nThen 12 birds sang (one by one).\n'
    '"Nobody heard them," said Bob. It was almost dark.\n\n'
) * 25

READOUT = re.compile(r"unit (\d+) at (.+): ([+−]?)([\d.]+) · expected with ([\d.]+)\s%", re.DOTALL)
LOSSES = re.compile(r"Held-out loss ([\d.]+) → ([\d.]+) (without .+) \(nats per character\)")


@pytest.fixture
def desk(desk: Page) -> Iterator[Page]:
    """A page with a small network in mind, the panel closed before and after."""
    put_text(desk, STORY)
    desk.get_by_role("combobox", name="Cell").select_option("gru")
    field(desk, "Layers").fill("1")
    field(desk, "Hidden units").fill("16")
    yield desk
    if panel(desk).get_by_role("combobox", name="Passage").is_visible():
        heading(desk).click()


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Inside the hidden state")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", name="Inside the hidden state")


def figure(page: Page) -> Locator:
    return panel(page).get_by_role("figure", name="Units over characters")


def chooser(page: Page, name: str) -> Locator:
    return panel(page).get_by_role("combobox", name=name, exact=True)


def open_panel(page: Page) -> None:
    heading(page).click()
    expect(figure(page)).to_be_visible()


def passage(page: Page) -> str:
    group = panel(page).get_by_role("group", name="over the text")
    return group.text_content() or ""


def readout(page: Page, position: int) -> tuple[int, float, float]:
    """Go to a character; return the unit, its value, and the character's probability."""
    panel(page).get_by_role("slider", name="Character").fill(str(position))
    match = READOUT.fullmatch(output(page, "Activation").inner_text())
    assert match
    unit, _, sign, value, percent = match.groups()
    return int(unit) - 1, float(value) * (-1 if sign == "−" else 1), float(percent) / 100


def finish(instruments: Instruments, job: str, *arguments: Any) -> Any:
    instruments.start(job, *arguments)
    return instruments.advance(job, 1e9)["value"]


def native(page: Page, folder: Path) -> rnn_pkg.Trainer:
    return rnn_pkg.load(save(page, folder))


def held_out(trainer: rnn_pkg.Trainer) -> tuple[str, np.ndarray, list[dict[str, np.ndarray]]]:
    """The passage that the panel reads first, each character's probability, and what goes on in
    each layer, by name (T, H)."""
    start, network = len(trainer.training_ids), trainer.best
    ids = trainer.ids[start - 64 : start + 384]
    logits, _, caches = network.forward(ids[:, None])
    p = np.exp(logits[63:-1, 0].astype(np.float64))
    p /= p.sum(axis=1, keepdims=True)
    layers = [network.cell.activations(cache.cell) for cache in caches]
    inside = [{name: a[64:, 0] for name, a in layer.items()} for layer in layers]
    return trainer.text[start : start + 384], p[np.arange(len(ids) - 64), ids[64:]], inside


def check_readouts(page: Page, values: np.ndarray, p: np.ndarray) -> None:
    """Compare what is shown of a unit at some characters with values (T, H) and p (T,)."""
    for position in (0, 1, 7, len(p) // 2, len(p) - 1):
        unit, value, probability = readout(page, position)
        assert value == pytest.approx(values[position, unit], abs=0.0052)
        assert probability == pytest.approx(p[position], abs=0.00055)


def test_what_is_shown_is_what_the_saved_network_does(desk: Page, tmp_path: Path) -> None:
    train_to_step(desk, 40)
    open_panel(desk)
    trainer = native(desk, tmp_path)
    text, p, (layer,) = held_out(trainer)
    expect(chooser(desk, "Layer")).to_be_hidden()
    assert passage(desk) == text
    shown = chooser(desk, "Shows").get_by_role("option").all_inner_texts()
    assert shown == ["hidden state", "reset gate", "update gate", "candidate"]
    for name in shown:
        chooser(desk, "Shows").select_option(name)
        named = panel(desk).get_by_role("group", name=f"{name.capitalize()} of unit")
        expect(named).to_be_visible()
        check_readouts(desk, layer[name], p)


def test_the_most_selective_units_stand_first(desk: Page, tmp_path: Path) -> None:
    train_to_step(desk, 40)
    open_panel(desk)
    trainer = native(desk, tmp_path)
    expected = finish(Instruments(trainer), "selectivity", 0)
    shown = chooser(desk, "Unit").get_by_role("option").all_inner_texts()
    assert len(shown) == 16
    parts = [re.fullmatch(r"unit (\d+) · (.+) · ([+−])([\d.]+)", each) for each in shown]
    found = [(int(m[1]) - 1, m[2], float(m[4]) * (-1 if m[3] == "−" else 1)) for m in parts if m]
    assert len(found) == 16
    strengths = [abs(correlation) for *_, correlation in found]
    assert strengths == sorted(strengths, reverse=True)
    by_unit = {each["unit"]: each for each in expected}
    for unit, feature, correlation in found:
        assert correlation == pytest.approx(by_unit[unit]["correlation"], abs=0.0052)
        assert feature == by_unit[unit]["feature"]
    assert found[0][0] == expected[0]["unit"]
    assert readout(desk, 3)[0] == expected[0]["unit"]
    described = figure(desk).evaluate(
        "figure => document.getElementById(figure.getAttribute('aria-describedby')).textContent"
    )
    assert f"unit {expected[0]['unit'] + 1} is chosen" in described
    assert expected[0]["feature"] in described


def test_a_row_of_the_heatmap_is_a_unit(desk: Page, tmp_path: Path) -> None:
    train_to_step(desk, 60)
    open_panel(desk)
    _, _, (layer,) = held_out(native(desk, tmp_path))
    options = chooser(desk, "Unit").get_by_role("option")
    order = [int(option.get_attribute("value") or "") for option in options.all()]
    heatmap = panel(desk).get_by_role("group", name="Heatmap")
    values = layer["hidden state"].T[order]  # (H, T)
    pixels = heatmap.locator("canvas").last.evaluate(
        "canvas => Array.from(canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data)"
    )
    colours = np.array(pixels).reshape(*values.shape, 4)
    red, blue = colours[..., 0], colours[..., 2]
    assert (np.abs(values) > 0.3).sum() > 100
    assert (blue > red)[values > 0.1].all()
    assert (blue < red)[values < -0.1].all()
    # A row is 14 pixels high when there are few, and the letters above them take 18.
    heatmap.click(position={"x": 30, "y": 18 + 14 * 5 + 7})
    expect(chooser(desk, "Unit")).to_have_value(str(order[5]))
    expect(output(desk, "Activation")).to_have_text(re.compile(f"^unit {order[5] + 1} at "))


@pytest.mark.parametrize("cell", ["lstm", "peephole", "coupled"])
def test_two_layers_with_a_cell_state_show_it_and_their_gates(
    desk: Page, tmp_path: Path, cell: str
) -> None:
    desk.get_by_role("combobox", name="Cell").select_option(cell)
    field(desk, "Layers").fill("2")
    train_to_step(desk, 25)
    open_panel(desk)
    trainer = native(desk, tmp_path)
    _, p, layers = held_out(trainer)
    for number, layer in enumerate(layers):
        chooser(desk, "Layer").select_option(str(number + 1))
        best = finish(Instruments(trainer), "selectivity", number)[0]["unit"]
        expect(chooser(desk, "Unit")).to_have_value(str(best))
        for name in ("input gate", "forget gate", "cell state", "output gate"):
            chooser(desk, "Shows").select_option(name)
            named = panel(desk).get_by_role("group", name=f"{name.capitalize()} of unit")
            expect(named).to_be_visible()
            check_readouts(desk, layer[name], p)


def test_a_silenced_unit_changes_loss_and_text_until_it_is_heard_again(
    desk: Page, tmp_path: Path
) -> None:
    train_to_step(desk, 120)
    box(desk, "Prompt").fill("Ann ")
    open_panel(desk)
    trainer = native(desk, tmp_path)
    # The one that is missed most.
    losses = [trainer.evaluate(4096, trainer.best.silenced([(0, u)])) or 0 for u in range(16)]
    unit = int(np.argmax(losses))
    chooser(desk, "Unit").select_option(str(unit))
    panel(desk).get_by_role("checkbox", name="Silence this unit").check()

    effect = panel(desk).get_by_role("region", name="Effect of silence")
    expect(output(desk, "Loss without it")).to_have_text(LOSSES)
    match = LOSSES.fullmatch(output(desk, "Loss without it").inner_text())
    assert match
    intact, silent = trainer.best, trainer.best.silenced([(0, unit)])
    assert float(match[1]) == pytest.approx(trainer.evaluate(4096, intact), abs=6e-4)
    assert float(match[2]) == pytest.approx(losses[unit], abs=6e-4)
    assert float(match[2]) > float(match[1])
    assert match[3] == f"without unit {unit + 1}"
    for name, network in (("with all units", intact), ("without it", silent)):
        text = trainer.sample("Ann ", 120, 0.8, seed=0, network=network)
        assert output(desk, f"Written {name}").text_content() == text
    assert readout(desk, 5)[1] == 0

    named = f"Unit {unit + 1} is silenced."
    writing = desk.get_by_role("region", name="Writing")
    expect(writing.get_by_text(named)).to_be_visible()
    expect(desk.get_by_role("region", name="Training").get_by_text(named)).to_be_visible()
    expect(desk.get_by_text(re.compile(rf"^step .* without unit {unit + 1}$"))).to_be_visible()
    generate(desk, "Ann ", 20)
    expect(writing.get_by_text(f", without unit {unit + 1}.")).to_be_visible()

    writing.get_by_role("button", name="Silence none").click()
    expect(effect).to_be_hidden()
    expect(desk.get_by_text(named)).to_have_count(2)
    for notice in desk.get_by_text(named).all():
        expect(notice).to_be_hidden()
    expect(panel(desk).get_by_role("checkbox", name="Silence this unit")).not_to_be_checked()
    wait_until(
        desk,
        "output => !/: [+−]0.00 /.test(output.textContent)",
        output(desk, "Activation").element_handle(),
    )


def test_several_silenced_units_go_with_their_run(desk: Page) -> None:
    train_to_step(desk, 5)
    open_panel(desk)
    for unit in ("2", "7"):
        chooser(desk, "Unit").select_option(unit)
        panel(desk).get_by_role("checkbox", name="Silence this unit").check()
    expect(output(desk, "Loss without it")).to_have_text(re.compile("without units 3 and 8"))
    silenced = chooser(desk, "Unit").get_by_role("option", name="silenced")
    expect(silenced).to_have_count(2)
    button(desk, "Reset").click()
    expect(panel(desk).get_by_text("Train a network first")).to_be_visible()
    train_to_step(desk, 5)
    expect(figure(desk)).to_be_visible()
    expect(panel(desk).get_by_role("region", name="Effect of silence")).to_be_hidden()
    expect(silenced).to_have_count(0)
    expect(panel(desk).get_by_role("button", name="Silence none")).to_be_disabled()


def test_each_passage_can_be_read(desk: Page) -> None:
    train_to_step(desk, 5)
    open_panel(desk)
    source = chooser(desk, "Passage")
    source.select_option("Generated text")
    expect(panel(desk).get_by_text("Press Generate")).to_be_visible()
    written = generate(desk, "Then ", 60)
    expect(figure(desk)).to_be_visible()
    assert passage(desk) == written

    text = box(desk, "Training text")
    text.evaluate("box => { box.focus(); box.setSelectionRange(5, 5); }")
    source.focus()
    source.select_option("Text, from the cursor")
    wait_for_passage(desk, STORY[5 : 5 + 384])
    text.evaluate(
        "box => { box.focus(); box.setSelectionRange(box.value.length, box.value.length); }"
    )
    source.focus()
    wait_for_passage(desk, STORY[-384:])

    button(desk, "Resume").click()
    expect(output(desk, "Live sample")).not_to_be_empty()
    pause(desk)
    source.select_option("Live sample")
    shown = output(desk, "Live sample").text_content() or ""
    assert len(shown) > 100
    # The live sample is shown without the line breaks that it may begin with.
    wait_for_passage(desk, shown, "replace(/^\\n+/, '')")


def wait_for_passage(page: Page, text: str, but: str = "toString()") -> None:
    """Wait until the passage is exactly this text."""
    group = panel(page).get_by_role("group", name="over the text")
    wait_until(
        page,
        f"([passage, text]) => passage.textContent.{but} === text",
        [group.element_handle(), text],
    )


def test_a_passage_of_unknown_characters_is_refused(desk: Page) -> None:
    train_to_step(desk, 2)
    box(desk, "Training text").fill("ЖЖЖЖ")
    open_panel(desk)
    chooser(desk, "Passage").select_option("Text, from the cursor")
    trouble = panel(desk).get_by_role("alert")
    expect(trouble).to_contain_text("never seen any character of this passage")
    chooser(desk, "Passage").select_option("Held-out part")
    expect(trouble).to_have_count(0)


def test_the_panel_follows_training_and_the_night(desk: Page) -> None:
    put_text(desk, SENTENCE * 40)
    desk.get_by_role("combobox", name="Writes with").select_option("latest")
    button(desk, "Train").click()
    open_panel(desk)
    note = panel(desk).get_by_text("as the network was at step")
    early = note.inner_text()
    expect(note).not_to_have_text(early)
    pause(desk)
    step = output(desk, "Step").inner_text()
    expect(note).to_contain_text(f"at step {step}")
    cells = panel(desk).get_by_role("group", name="Heatmap").locator("canvas").last
    by_day = cells.evaluate("canvas => canvas.toDataURL()")
    desk.emulate_media(color_scheme="dark")
    wait_until(
        desk, "([canvas, day]) => canvas.toDataURL() !== day", [cells.element_handle(), by_day]
    )
    desk.emulate_media(color_scheme="light")
    desk.get_by_role("combobox", name="Writes with").select_option("best")


def test_the_chosen_character_can_be_read_on_its_colour(desk: Page) -> None:
    train_to_step(desk, 40)
    open_panel(desk)
    group = panel(desk).get_by_role("group", name="over the text")
    expect(group.locator("span").nth(30)).to_be_visible()
    for scheme in ("light", "dark"):
        before = colours_of(group)
        desk.emulate_media(color_scheme=scheme)
        if scheme == "dark":
            # It is painted anew a moment after the ink has changed.
            wait_until(
                desk,
                "([group, before]) => [...group.children].every((each, i) =>"
                " each.style.backgroundColor !== before[i][1])",
                [group.element_handle(), before],
            )
        colours = colours_of(group)
        assert len({ground for _, ground in colours}) > 20
        assert min(contrast(ink, ground) for ink, ground in colours) >= 4.5
    desk.emulate_media(color_scheme="light")


def colours_of(group: Locator) -> list[tuple[str, str]]:
    """The ink and the ground of each character."""
    colours: list[tuple[str, str]] = group.locator("span").evaluate_all(
        "all => all.map(each => [getComputedStyle(each).color, each.style.backgroundColor])"
    )
    return colours


def contrast(*colours: str) -> float:
    """The contrast ratio of two colours, by WCAG."""

    def luminance(colour: str) -> float:
        channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted(map(luminance, colours))
    return (high + 0.05) / (low + 0.05)


def test_a_phone_shows_the_panel_without_sideways_scrolling(desk: Page) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    train_to_step(desk, 2)
    open_panel(desk)
    panel(desk).get_by_role("checkbox", name="Silence this unit").check()
    expect(output(desk, "Loss without it")).to_have_text(LOSSES)
    assert desk.evaluate("() => document.documentElement.scrollWidth") == 360
    heatmap = panel(desk).get_by_role("group", name="Heatmap")
    assert heatmap.evaluate("box => box.scrollWidth > box.clientWidth")
