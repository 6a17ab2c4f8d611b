"""The panels that follow the gradient back in time and check it, on a really trained network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import rnn_pkg
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.page.instruments import Instruments
from tests.page.parts import (
    SENTENCE,
    advanced,
    alert,
    box,
    button,
    field,
    load,
    number,
    output,
    put_text,
    save,
    set_panel,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until,
)

NO_RUN = "Press Train, and here you will see how far back your network’s mistakes reach."


@pytest.fixture
def flow(desk: Page) -> Page:
    """The page with its panel "Gradient through time" open, its controls as at first."""
    set_panel(desk, "Gradient through time", open=True)
    slider(desk).fill("1")
    desk.get_by_role("checkbox", name="With clipping").uncheck()
    return desk


@pytest.fixture
def check(desk: Page) -> Page:
    """The page with its panel "Check my gradients" open."""
    set_panel(desk, "Gradient through time", open=False)
    set_panel(desk, "Check my gradients", open=True)
    return desk


def figure(page: Page) -> Locator:
    return page.get_by_role("figure", name="Gradient through time")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Recurrent weights")


LOOKS = """async count => {
  const { lineLook } = await import(new URL("plot.js", document.baseURI).href);
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: count }, (_, index) => lineLook(index)).map(
    ({ colour, dash }) => [style.getPropertyValue(colour), dash.join()]);
}"""


def test_lines_of_a_chart_differ_in_colour_and_in_dash(desk: Page) -> None:
    looks = desk.evaluate(LOOKS, 36)
    assert all(colour for colour, _ in looks)
    assert len({tuple(look) for look in looks}) == 36
    for first in range(0, 36, 6):
        colours, dashes = zip(*looks[first : first + 6], strict=True)
        assert len(set(colours)) == len(set(dashes)) == 6


def train_small(page: Page, cell: str, step: int = 12) -> None:
    put_text(page, SENTENCE * 12)
    page.get_by_role("combobox", name="Cell").select_option(cell)
    field(page, "Hidden units").fill("24")
    train_to_step(page, step)


def wait_for_flow(page: Page, cell: str, step: float) -> Locator:
    """Wait until the network of this step has been followed; return the table's rows."""
    table = page.get_by_role("table", name="What is left of each gradient")
    row = table.get_by_role("rowheader", name=f"your {CELLS[cell].label}, step {step:.0f}")
    expect(row).to_be_visible()
    expect(figure(page)).to_have_attribute("aria-busy", "false")
    return table.get_by_role("row").filter(has=page.get_by_role("cell"))


def as_number(shown: str) -> tuple[float, float]:
    """A number as the page writes it, and the half of its last digit, with a little more."""
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    plain = re.sub(r"\s", "", shown).replace(",", "").translate(digits)
    found = re.fullmatch(r"([\d.]+)(?:×10(-?\d+))?(%|times)?", plain)
    assert found, shown
    mantissa, exponent, unit = found.groups()
    decimals = len(mantissa.partition(".")[2])
    scale = 10.0 ** int(exponent or 0) * (0.01 if unit == "%" else 1)
    value = float(mantissa)
    shown_digits = 3 if not exponent else 2
    last = 10.0 ** (np.floor(np.log10(value)) - shown_digits + 1) if value else 10.0**-decimals
    return value * scale, 0.6 * max(last, 0) * scale


def assert_shows(shown: str, expected: float) -> None:
    value, half = as_number(shown)
    # What little is left of a gradient is a product of many factors, rounded by kernels and NumPy
    # each in its own way.
    rel = 2e-3 if expected > 1e-6 else 5e-2
    assert value == pytest.approx(expected, rel=rel, abs=half), shown


def natively(page: Page, folder: Path, job: str, *values: Any) -> dict[str, Any]:
    """What the package makes of the saved run."""
    instruments = Instruments(rnn_pkg.load(save(page, folder)))
    instruments.start(job, *values)
    answer = instruments.advance(job, 1e9)
    assert answer["done"]
    value: dict[str, Any] = answer["value"]
    return value


def assert_lines(rows: Locator, lines: list[dict[str, Any]]) -> None:
    """The table tells what the package computes."""
    expect(rows).to_have_count(len(lines))
    for line, row in zip(lines, rows.all(), strict=True):
        assert line["fate"] in row.get_by_role("rowheader").inner_text()
        far, end, length = (cell.inner_text() for cell in row.get_by_role("cell").all())
        assert_shows(far, line["left"])
        assert_shows(end, line["end"])
        whole, _, clipped = length.partition(", clipped to ")
        assert_shows(whole, line["length"])
        assert bool(clipped) == (line["factor"] < 1)
        if clipped:
            assert_shows(clipped, line["clipped_length"])


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_is_the_one_the_package_computes(
    flow: Page, tmp_path: Path, cell: str
) -> None:
    train_small(flow, cell)
    rows = wait_for_flow(flow, cell, number(flow, "Step"))
    native = natively(flow, tmp_path, "flow", 1.0)
    assert_lines(rows, native["lines"])
    own = native["lines"][0]
    words = figure(flow).inner_text()
    found = re.search(
        r"20 characters back your network’s gradient has (.+?), 63 back (.+?) ", words
    )
    assert found, words
    assert_shows(found[1], own["left"])
    assert {"vanishes": "it vanishes", "holds": "it neither", "explodes": "it explodes"}[
        own["fate"]
    ] in words
    described = flow.evaluate(
        "figure => document.getElementById(figure.getAttribute('aria-describedby')).textContent",
        figure(flow).element_handle(),
    )
    assert described in words


def test_weights_made_smaller_or_larger_on_purpose(flow: Page, tmp_path: Path) -> None:
    train_small(flow, "rnn")
    step = number(flow, "Step")
    left = {}
    for recurrence in ("0.25", "0.5", "4"):
        wait_for_flow(flow, "rnn", step)
        slider(flow).fill(recurrence)
        expect(flow.get_by_text(f"× {float(recurrence):.2f}")).to_be_visible()
        rows = wait_for_flow(flow, "rnn", step)
        left[recurrence], _ = as_number(rows.first.get_by_role("cell").first.inner_text())
        # At 4 there is chaos, in which the least rounding grows to be seen.
        if recurrence != "4":
            assert_lines(rows, natively(flow, tmp_path, "flow", float(recurrence))["lines"])
    assert left["0.25"] < 1e-3 * left["0.5"] < 1e-3 * left["4"]
    slider(flow).press("ArrowLeft")
    expect(flow.get_by_text("× 3.75")).to_be_visible()


def test_clipping(flow: Page, tmp_path: Path) -> None:
    advanced(flow).click()
    before = field(flow, "Clip").input_value()
    field(flow, "Clip").fill("0.01")
    put_text(flow, SENTENCE * 12)
    flow.get_by_role("combobox", name="Cell").select_option("gru")
    for step in (1, 2, 3):  # and no more, or there is nothing left to clip
        button(flow, "Step").click()
        wait_for_number(flow, "Step", "number === target", step)
    rows = wait_for_flow(flow, "gru", 3)
    native = natively(flow, tmp_path, "flow", 1.0)
    assert_lines(rows, native["lines"])
    own = native["lines"][0]
    words = figure(flow).inner_text()
    found = re.search(r"length (\S+), above the clip of 0.01: all of it is .* by (\S+)\.", words)
    assert found, words
    assert_shows(found[1], own["length"])
    assert_shows(found[2], own["factor"])
    picture = "figure => figure.querySelector('canvas').toDataURL()"
    unclipped = figure(flow).evaluate(picture)
    flow.get_by_role("checkbox", name="With clipping").check()
    wait_until(
        flow,
        f"([figure, before]) => ({picture})(figure) !== before",
        [figure(flow).element_handle(), unclipped],
    )
    field(flow, "Clip").fill(before)
    advanced(flow).click()


def test_the_gradient_is_followed_as_the_run_goes_on(flow: Page) -> None:
    flow.get_by_role("combobox", name="Cell").select_option("gru")
    expect(flow.get_by_text(NO_RUN)).to_be_visible()
    button(flow, "Step").click()
    wait_for_flow(flow, "gru", 1)
    expect(flow.get_by_text(NO_RUN)).to_be_hidden()
    button(flow, "Train").or_(button(flow, "Resume")).click()
    table = flow.get_by_role("table", name="What is left of each gradient")
    first = re.compile("step 1$")
    expect(table.get_by_role("rowheader").first).not_to_have_text(first)
    wait_for_phase(flow, "training")
    button(flow, "Pause").click()
    wait_for_phase(flow, "paused")
    wait_for_flow(flow, "gru", number(flow, "Step"))
    button(flow, "Reset").click()
    expect(table).to_be_hidden()
    expect(flow.get_by_text(NO_RUN)).to_be_visible()


def test_the_running_network_s_gradients_are_checked(check: Page, tmp_path: Path) -> None:
    train_small(check, "lstm")
    step = number(check, "Step")
    button(check, "Check this network").click()
    expect(result(check)).to_have_text("✓ All 6 gradients are right.")
    table = check.get_by_role("table", name=f"The gradients of your network at step {step:.0f}")
    native = natively(check, tmp_path, "check")
    assert_checked(table, native["parameters"])
    sentence = check.get_by_text("weights were each moved by 0.00001").inner_text()
    assert sentence.startswith(f"{native['tried']} weights")
    assert "at 2 places of your text, reading the next 8 characters" in sentence
    found = re.search(r"agree to (\d+) digits or more: backpropagation is right", sentence)
    assert found, sentence
    assert int(found[1]) >= 6
    assert number(check, "Step") == step


def result(page: Page) -> Locator:
    return output(page, "Result of the check")


def assert_checked(table: Locator, parameters: list[dict[str, Any]]) -> None:
    """Each parameter is there, with as many weights, and right by a measurement of its own."""
    rows = table.get_by_role("row").filter(has=table.page.get_by_role("cell"))
    expect(rows).to_have_count(len(parameters))
    for checked, row in zip(parameters, rows.all(), strict=True):
        header = row.get_by_role("rowheader").inner_text()
        assert header.split() == [*checked["meaning"].split(), checked["name"]]
        tried, error, verdict = (cell.inner_text() for cell in row.get_by_role("cell").all())
        assert tried == f"{checked['tried']:,} of {checked['weights']:,}"
        assert as_number(error)[0] < 1e-6
        assert checked["error"] < 1e-6
        assert verdict == "✓ right"


def test_the_tutorial_s_gradients_are_checked(check: Page, tmp_path: Path) -> None:
    train_small(check, "gru")
    button(check, "Check the tutorial’s RNN").click()
    expect(result(check)).to_have_text("✓ All 10 gradients are right.")
    for loss, words in {"squared_error": "squared error", "cross_entropy": "cross-entropy"}.items():
        table = check.get_by_role(
            "table", name=f"The gradients of the tutorial’s RNN with the {words}"
        )
        native = natively(check, tmp_path, "check_tutorial", loss)
        assert_checked(table, native["parameters"])


def load_edgy(page: Page, folder: Path) -> None:
    """Load a network on a knife's edge: it stands at zero, and whatever moves it throws it off, so
    that its gradients are beyond all measure."""
    trainer = rnn_pkg.Trainer(SENTENCE * 9, rnn_pkg.Config(cell="rnn", hidden_size=8))
    for name, parameter in trainer.model.parameters.items():
        if name.startswith("rnn."):
            parameter[:] = 1e24 * np.eye(8) if "weight_hh" in name else 0
    path = folder / "edgy.npz"
    trainer.save(path)
    box(page, "Training text").fill("")  # for a text of one's own, the page would ask first
    load(page, path)
    wait_for_phase(page, "paused")


def test_gradients_that_no_measurement_bears_out_are_shown_as_wrong(
    check: Page, tmp_path: Path
) -> None:
    load_edgy(check, tmp_path)
    button(check, "Check this network").click()
    expect(result(check)).to_have_text("✗ 3 of 6 gradients are wrong.")
    table = check.get_by_role("table", name="The gradients of your network at step 0")
    native = natively(check, tmp_path, "check")
    rows = table.get_by_role("row").filter(has=check.get_by_role("cell"))
    for checked, row in zip(native["parameters"], rows.all(), strict=True):
        expect(row).to_contain_text("✓ right" if checked["right"] else "✗ wrong")
        assert_shows(row.get_by_role("cell").nth(1).inner_text(), checked["error"])
    expect(check.get_by_text("For 3 of 6 parameters they differ")).to_be_visible()


def test_a_long_check_can_be_stopped(check: Page) -> None:
    put_text(check, SENTENCE * 12)
    field(check, "Hidden units").fill("512")
    field(check, "Layers").fill("3")
    button(check, "Check this network").click()
    bar = check.get_by_role("progressbar", name="Checking")
    expect(bar).to_be_visible()
    wait_until(check, "bar => bar.value > 0", bar.element_handle())
    expect(result(check)).to_have_text("Checking …")
    button(check, "Stop checking").click()
    expect(result(check)).to_have_text("Stopped before all was checked.")
    expect(bar).to_be_hidden()
    expect(button(check, "Check this network")).to_be_focused()
    expect(button(check, "Stop checking")).to_be_hidden()
    button(check, "Step").click()
    wait_for_number(check, "Step", "number === target", 1)
    field(check, "Layers").fill("1")


def test_what_cannot_be_followed_is_told(flow: Page, tmp_path: Path) -> None:
    load_edgy(flow, tmp_path)
    rows = wait_for_flow(flow, "rnn", 0)
    expect(rows.first).to_contain_text("no number")
    expect(rows.first).to_contain_text("out of range")
    expect(figure(flow)).to_contain_text("has left the range of numbers")
    expect(alert(flow, "")).to_have_count(0)


def test_a_phone_shows_both_without_sideways_scrolling(check: Page) -> None:
    train_small(check, "gru")
    check.set_viewport_size({"width": 360, "height": 740})
    set_panel(check, "Gradient through time", open=True)
    slider(check).fill("4")
    rows = wait_for_flow(check, "gru", number(check, "Step"))
    expect(rows).to_have_count(1 + len(CELLS))
    button(check, "Check this network").click()
    expect(result(check)).to_contain_text("right.")
    for name in ("What is left of each gradient", re.compile("The gradients of your network")):
        place = check.get_by_role("table", name=name).bounding_box()
        assert place
        assert place["x"] + place["width"] <= 360 - 12 - 14
    assert check.evaluate("() => document.documentElement.scrollWidth") == 360
    for control in (slider(check), button(check, "Check this network")):
        control.focus()
        expect(control).to_be_focused()
