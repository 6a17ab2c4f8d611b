"""Lessons: every number as it is natively, symbols lit in three regions, addresses, questions."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnn_pkg
from rnn_pkg.engine.network import Network
from rnn_pkg.page.lessons.desk import LessonDesk
from tests.page.parts import (
    BOOT_MS,
    DESKTOP,
    alert,
    box,
    button,
    field,
    keep_python_away,
    leave_run,
    output,
    pause,
    put_text,
    save,
    start_afresh,
    step_to,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until,
    wait_until_saved,
)
from tests.page.test_access import barriers
from tests.page.test_series import go_to

TITLES = [
    "A sequence, and what comes next",
    "The hidden state",
    "The loss",
    "Backward through time",
    "Shared weights",
    "Is it right?",
    "A step of learning, many steps",
    "Forgetting, and gates",
]
REGIONS = ("Equation", "Source", "Values")
SENTENCE = "the cat sat on the mat. "


@pytest.fixture
def lessons(shared_page: Page) -> Page:
    """The shared page with the list of the lessons."""
    page = shared_page
    page.set_viewport_size(DESKTOP)
    page.evaluate("() => { location.hash = '#text'; }")
    go_to(page, "Lessons")
    expect(list_of(page)).to_be_visible()
    return page


@pytest.fixture
def idle(lessons: Page) -> Page:
    """The same, and there is no run, neither under Text nor under Numbers."""
    for place in ("Text", "Numbers"):
        go_to(lessons, place)
        leave_run(lessons)
    go_to(lessons, "Lessons")
    return lessons


@pytest.fixture
def unanswered(idle: Page) -> Page:
    """The same, and no question has been answered: as if another tab had made it forgotten."""
    idle.evaluate("() => { localStorage.clear(); dispatchEvent(new StorageEvent('storage')); }")
    expect(list_of(idle)).not_to_contain_text("answered")
    return idle


def list_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Lessons")


def address_of(number: int, **chosen: object) -> str:
    query = urlencode({name: str(value) for name, value in chosen.items()})
    return f"#lessons/{number}" + (f"?{query}" if query else "")


def open_lesson(page: Page, number: int, **chosen: object) -> None:
    """Go to a lesson by its address, and wait until what is chosen is shown."""
    page.evaluate("hash => { location.hash = hash; }", address_of(number, **chosen))
    wait_until_shown(page, number, **chosen)


def wait_until_shown(page: Page, number: int, **chosen: object) -> None:
    expect(page.get_by_role("heading", name=TITLES[number - 1])).to_be_visible()
    shown = {name: value for name, value in chosen.items() if value is not None}
    wait_until(
        page,
        """([number, chosen]) => {
          const shown = document.querySelector("[data-shown]")?.dataset.shown ?? "";
          const query = new URLSearchParams(shown.split("?")[1]);
          return shown.split("?")[0] === `#lessons/${number}`
            && Object.entries(chosen).every(([name, value]) => query.get(name) === value);
        }""",
        [number, {name: str(value) for name, value in shown.items()}],
    )


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def slide(page: Page, name: str, value: float) -> None:
    page.get_by_role("slider", name=name, exact=True).fill(str(value))


def number_in(text: str) -> float:
    """The first number of a text, as the page writes them."""
    plain = text.replace("−", "-").replace("\u202f", "").replace(",", "")
    for digit, raised in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True):
        plain = plain.replace(raised, digit)
    if "∞" in plain:
        return -math.inf if plain.startswith("-") else math.inf
    if "no number" in plain:
        return math.nan
    found = re.search(r"([+-]?[\d.]+)(?:\s*×\s*10(-?\d+))?", plain)
    assert found, text
    return float(found[1]) * 10.0 ** int(found[2] or 0)


def last_digit(text: str) -> float:
    """What one more in the last digit of such a number is worth."""
    found = re.search(r"[\d.]+", text.replace(",", ""))
    assert found, text
    decimals = len(found[0].partition(".")[2])
    digits = len(found[0].replace(".", "").lstrip("0"))
    scale = abs(number_in(text)) / float(found[0]) if float(found[0]) else 1
    whole = 10.0 ** max(0, digits - 3) if not decimals else 1
    return float(whole * 10.0**-decimals * scale)


def agrees(text: str, wanted: float) -> bool:
    """Whether this is the number, to the last digit that is written."""
    shown = number_in(text)
    if not math.isfinite(wanted):
        return shown == wanted or (math.isnan(shown) and math.isnan(wanted))
    return abs(shown - wanted) <= 0.5001 * last_digit(text) + 1e-9 * abs(wanted)


def cells_of(page: Page, value: Any, words: str | None = None) -> list[str]:
    """The cells of an array's table, row by row, without the corner above the rows' names."""
    shape = " × ".join(map(str, value["shape"]))
    name = f"{value['name']}: {words or value['meaning']} {shape}".strip()
    table = page.get_by_role("table", name=name, exact=True)
    return [cell for cell in table.get_by_role("cell").all_inner_texts() if cell.strip()]


def check_value(page: Page, value: Any, words: str | None = None) -> None:
    """An array has the numbers that it has natively."""
    cells = cells_of(page, value, words)
    wanted = [number for row in value["numbers"] for number in row]
    assert len(cells) == len(wanted), (value["name"], cells)
    for cell, number in zip(cells, wanted, strict=True):
        assert agrees(cell, number), (value["name"], cell, number)


def check_values(page: Page, values: list[Any]) -> None:
    for value in values:
        check_value(page, value)


def named(answer: Any, name: str) -> Any:
    """The array of this name."""
    return next(value for value in answer["scene"]["values"] if value["name"] == name)


def rows_of(page: Page, name: re.Pattern[str] | str) -> list[list[str]]:
    """The rows of a table, with their headers."""
    table = page.get_by_role("table", name=name)
    rows = table.get_by_role("row").all()[1:]
    return [row.locator("th, td").all_inner_texts() for row in rows]


def native() -> LessonDesk:
    return LessonDesk(lambda: None)


def setting(word: str = "hello", seed: int = 0) -> Any:
    return {"word": word, "seed": seed, "own": False, "units": []}


def taught(word: str, seed: int) -> tuple[rnn_pkg.RNN, list[Any], list[Any]]:
    """The tiny network of the lessons, made from what the lessons say of it, and its columns."""
    characters = sorted(set(word))
    columns = [np.eye(len(characters))[:, [characters.index(each)]] for each in word]
    inputs, targets = columns[:-1], columns[1:]
    zeros = np.zeros((3, 1))
    size = len(characters)
    rnn = rnn_pkg.RNN(size, 3, size, "cross_entropy", np.random.default_rng(seed))
    for _ in range(201):
        outputs, _ = rnn.forward(inputs, zeros)
        if rnn.loss(outputs, targets) / len(inputs) < 0.5:
            break
        gradients = rnn.backward(inputs, targets, zeros, zeros)
        length = np.sqrt(sum(np.sum(each**2) for each in gradients))
        factor = min(1, 5 / length)
        names = ("Wxh", "Whh", "Why", "bh", "by")
        for name, gradient in zip(names, gradients, strict=True):
            setattr(rnn, name, getattr(rnn, name) - 0.1 * factor * gradient)
    return rnn, inputs, targets


# What is shown


def test_the_list_leads_to_every_lesson_and_back(lessons: Page) -> None:
    links = list_of(lessons).get_by_role("link")
    assert links.all_inner_texts() == TITLES
    links.nth(3).click()
    wait_until_shown(lessons, 4)
    expect(lessons).to_have_url(re.compile("#lessons/4"))
    expect(lessons.get_by_role("heading", level=2)).to_be_focused()
    for number in (5, 6, 7, 8):
        button(lessons, "Next").first.click()
        wait_until_shown(lessons, number)
    expect(button(lessons, "Next").first).to_be_disabled()
    for number in range(7, 0, -1):
        button(lessons, "Previous").first.click()
        wait_until_shown(lessons, number)
        for name in REGIONS:
            expect(region(lessons, name)).to_be_visible()
        expect(lessons.get_by_role("alert")).to_have_count(0)
    expect(button(lessons, "Previous").first).to_be_disabled()
    lessons.get_by_role("main").get_by_role("link", name="Lessons").click()
    expect(list_of(lessons)).to_be_visible()


def test_lesson_1_shows_what_is_read_and_what_comes_next(lessons: Page) -> None:
    open_lesson(lessons, 1)
    characters = lessons.get_by_role("group", name="Characters of the word")
    assert characters.get_by_role("button").all_inner_texts() == list("hello")
    expect(characters.get_by_role("button", name="which has no target")).to_be_disabled()
    characters.get_by_role("button", name="time step 3").click()
    wait_until_shown(lessons, 1, t=3)
    check_values(lessons, native().sequence(setting(), 3)["scene"]["values"])
    assert rows_of(lessons, re.compile("^The word"))[2] == ["2", "l", "l"]
    box(lessons, "Word").fill("banana")
    box(lessons, "Word").press("Enter")
    wait_until_shown(lessons, 1, word="banana")
    assert characters.get_by_role("button").all_inner_texts() == list("banana")
    check_values(lessons, native().sequence(setting("banana"), 0)["scene"]["values"])


@pytest.mark.parametrize(("word", "seed"), [("hello", 0), ("banana", 7)])
def test_lesson_2_shows_what_hangs_on_a_number_of_h(lessons: Page, word: str, seed: int) -> None:
    open_lesson(lessons, 2, word=word, seed=seed, t=2)
    answer = native().hidden(setting(word, seed), 2, None, 0)
    check_values(lessons, answer["scene"]["values"])
    rnn, inputs, _ = taught(word, seed)
    _, h = rnn.forward(inputs[:3], np.zeros((3, 1)))
    cells = cells_of(lessons, named(answer, "h_2"))
    assert all(agrees(cell, x) for cell, x in zip(cells, h[:, 0], strict=True))

    # To choose a unit changes nothing yet.
    lessons.get_by_role("combobox", name="Unit of h").select_option("unit 2")
    wait_until_shown(lessons, 2, t=2, unit=2)
    value = lessons.get_by_role("slider", name="Its value")
    assert float(value.input_value()) == pytest.approx(h[1, 0], abs=0.006)
    expect(lessons.get_by_role("table", name=re.compile("^Guesses"))).not_to_contain_text("was")
    slide(lessons, "Its value", -0.5)
    wait_until_shown(lessons, 2, t=2, unit=2, value=-0.5)
    answer = native().hidden(setting(word, seed), 2, 1, -0.5)
    check_values(lessons, answer["scene"]["values"])
    for step, row in enumerate(rows_of(lessons, re.compile("^Guesses"))):
        before, after = answer["before"][step], answer["after"][step]
        pairs = zip(row[2:], before["probabilities"], after["probabilities"], strict=True)
        for cell, was, becomes in pairs:
            assert ("was" in cell) == (step >= 2)
            now, _, then = cell.partition("was ")
            assert agrees(now, 100 * becomes)
            assert not then or agrees(then, 100 * was)
    h[1] = -0.5
    outputs, _ = rnn.forward(inputs[3:], h)
    softmax = np.exp(outputs[0]) / np.sum(np.exp(outputs[0]))
    assert answer["after"][3]["probabilities"] == pytest.approx(softmax[:, 0].tolist())
    button(lessons, "As it was").click()
    expect(lessons.get_by_role("table", name=re.compile("^Guesses"))).not_to_contain_text("was")


def test_lesson_3_shows_what_a_guess_costs(lessons: Page) -> None:
    open_lesson(lessons, 3, t=2)
    rnn, inputs, targets = taught("hello", 0)
    outputs, _ = rnn.forward(inputs, np.zeros((3, 1)))

    def check(answer: Any) -> None:
        check_values(lessons, answer["scene"]["values"])
        shown = rows_of(lessons, "How wrong a guess was")
        for row, wanted in zip(shown, [answer["chosen"], *answer["known"]], strict=True):
            assert row[0] == wanted["label"]
            numbers = (wanted["probability"], wanted["loss"], wanted["choices"])
            assert all(agrees(*pair) for pair in zip(row[1:], numbers, strict=True))
        *steps, total = rows_of(lessons, "The loss of the word")
        for row, wanted in zip(steps, answer["steps"], strict=True):
            assert agrees(row[2], wanted["loss"])
        assert total[0] == "Total"
        assert agrees(total[2], answer["total"])

    answer = native().loss(setting(), 2, None)
    assert answer["total"] == pytest.approx(rnn.loss(outputs, targets))
    check(answer)
    slide(lessons, "Probability of the right character", 0.05)
    wait_until_shown(lessons, 3, t=2, probability=0.05)
    check(native().loss(setting(), 2, 0.05))
    expect(lessons.get_by_role("img", name=re.compile("At p = 0.050 it is 2.996"))).to_be_visible()


def test_lesson_4_goes_backward(lessons: Page) -> None:
    open_lesson(lessons, 4)
    rnn, inputs, targets = taught("hello", 0)
    zeros = np.zeros((3, 1))
    for t in (3, 2, 1, 0):
        if t < 3:
            button(lessons, "Step back").click()
            wait_until_shown(lessons, 4, t=t)
        answer = native().backward(setting(), t)
        check_values(lessons, answer["scene"]["values"])
        # What the state after step t hands to all the weights of the steps before it, measured.
        _, h = rnn.forward(inputs[: t + 1], zeros)
        slopes = []
        for unit in range(3):
            sides = []
            for moved in (1e-6, -1e-6):
                other = h.copy()
                other[unit] += moved
                first = rnn.Why @ other + rnn.by
                later = rnn.forward(inputs[t + 1 :], other)[0] if t < 3 else []
                sides.append(rnn.loss([first, *later], targets[t:]))
            slopes.append((sides[0] - sides[1]) / 2e-6)
        cells = cells_of(lessons, named(answer, f"dh_{t}"))
        assert all(abs(number_in(c) - s) < 6e-4 for c, s in zip(cells, slopes, strict=True))
    expect(button(lessons, "Step back")).to_be_disabled()
    picture = lessons.get_by_role("img", name=re.compile("^Into the gradient of h₀"))
    expect(picture).to_be_visible()
    button(lessons, "To the last step").click()
    wait_until_shown(lessons, 4)
    expect(lessons.get_by_role("img", name=re.compile("nothing from the next"))).to_be_visible()


def test_lesson_5_adds_up_the_shares(lessons: Page) -> None:
    open_lesson(lessons, 5)
    rnn, inputs, targets = taught("hello", 0)
    zeros = np.zeros((3, 1))
    expect(output(lessons, "What is added")).to_have_text("No share is added yet.")
    for step in (3, 1):
        lessons.get_by_role("checkbox", name=f"Share of {step}").check()
    wait_until_shown(lessons, 5, on="0101")
    answer = native().shared(setting(), 1, [False, True, False, True])
    check_values(lessons, answer["scene"]["values"])

    check_value(lessons, answer["total"], "added up so far")
    check_value(lessons, answer["whole"], "the whole gradient, as backward returns it")
    for step, share in enumerate(answer["shares"]):
        words = f"share of time step {step}, reading {'hell'[step]}: "
        words += "added" if step in (1, 3) else "left out"
        check_value(lessons, share, words)
    button(lessons, "All").click()
    wait_until_shown(lessons, 5, on="1111")
    _, dWhh, *_ = rnn.backward(inputs, targets, zeros, zeros)
    cells = cells_of(lessons, answer["total"], "added up so far")
    assert all(agrees(*pair) for pair in zip(cells, dWhh.ravel(), strict=True))
    assert np.array_equal(native().shared(setting(), 0, [True] * 4)["total"]["numbers"], dWhh)
    box(lessons, "Word").fill("banana")
    box(lessons, "Word").press("Enter")
    wait_until_shown(lessons, 5, word="banana")
    expect(lessons.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(lessons.get_by_role("checkbox")).to_have_count(5)


def mend(page: Page, **lines: str) -> None:
    """Choose how faulty lines are written."""
    questions = {
        "outputs": "Where do the outputs come from?",
        "dWhy": "Which hidden state was multiplied by Why at step t?",
        "slope": "Where is the slope of tanh taken at step t?",
        "dWhh": "Which hidden state was multiplied by Whh at step t?",
    }
    for name, option in lines.items():
        page.get_by_role("combobox", name=questions[name]).select_option(option)


def test_lesson_6_mends_the_printed_backward(lessons: Page) -> None:
    open_lesson(lessons, 6)
    result = output(lessons, "Result")
    expect(result).to_have_text("It ends with NameError: name 'outputs' is not defined.")
    rows = rows_of(lessons, re.compile("^Gradients"))
    assert len(rows) == 5  # the reason of all is the error
    for row in rows:
        assert row[1:] == ["–", "–", "–", "none"]  # what wasn't returned is neither right nor wrong
    steps: list[tuple[dict[str, str], set[str]]] = [
        ({"outputs": "both"}, {"by"}),
        ({"dWhy": "after"}, {"by", "Why"}),
        ({"slope": "after"}, {"by", "Why", "bh", "Wxh"}),
        ({"dWhh": "before"}, {"by", "Why", "bh", "Wxh", "Whh"}),
    ]
    lines: dict[str, str] = {}
    for change, right in steps:
        mend(lessons, **change)
        lines |= change
        written = ",".join(f"{name}.{option}" for name, option in lines.items())
        wait_until_shown(lessons, 6, lines=written)
        answer = native().printed(setting(), lines)
        told = rows_of(lessons, re.compile("^Gradients"))
        rows, reasons = told[::2], told[1::2]
        for (reason,), checked in zip(reasons, answer["checked"], strict=True):
            why = re.sub(r"_{?(t-1|[a-z]\b)}?", r"\1", checked["why"])  # indices are written low
            assert reason.replace("−", "-") == why
        assert {row[0].split()[0] for row in rows if row[4] == "✓ right"} == right
        for row, checked in zip(rows, answer["checked"], strict=True):
            assert row[0].split() == f"{checked['parameter']} {checked['weight']}".split()
            for cell, slope in zip(
                row[1:3], (checked["returned"], checked["measured"]), strict=True
            ):
                assert slope is not None
                assert agrees(cell, slope)
            # What is left of a right one is only what a float64 has no more digits for.
            error = checked["error"]
            assert error is not None
            shown = number_in(row[3])
            assert (shown < 1e-6) if checked["right"] else agrees(row[3], error)
        check_values(lessons, answer["scene"]["values"])
    expect(result).to_have_text("All are right, and to the last bit those of RNN.backward.")
    source = region(lessons, "Source")
    expect(source).to_contain_text("dWhh += da @ hidden[t].T")
    mend(lessons, dWhh="h_prev")
    expect(result).to_have_text("It runs to its end. Right: dWxh, dWhy, dbh, dby. Wrong: dWhh.")
    expect(source).to_contain_text("dWhh += da @ h_prev.T")


def test_lesson_7_goes_through_a_run(lessons: Page) -> None:
    open_lesson(lessons, 7)
    slide(lessons, "Training step", 40)
    wait_until_shown(lessons, 7, step=40)
    slide(lessons, "Time step", 2)
    wait_until_shown(lessons, 7, step=40, t=2)
    answer = native().training(setting(), 40, 2, 0.1, 5)

    def check(answer: Any, step: int) -> None:
        check_values(lessons, answer["scene"]["values"])
        words = output(lessons, "At this step").inner_text()
        loss, length = re.findall(r"loss is ([\d.]+\d)|length ([\d.]+\d)", words)
        assert agrees(loss[0], answer["losses"][step])
        assert agrees(length[1], answer["lengths"][step])
        table = rows_of(lessons, re.compile("^What it writes"))
        shown = [(int(step), word) for step, word in table]
        assert shown == list(zip(answer["word_steps"], answer["words"], strict=True))

    check(answer, 40)
    rnn, inputs, targets = taught("hello", 0)
    outputs, _ = rnn.forward(inputs, np.zeros((3, 1)))
    taken = answer["taken_at"]
    assert answer["losses"][taken] == pytest.approx(rnn.loss(outputs, targets) / 4)

    field(lessons, "Learning rate").fill("0.5")
    field(lessons, "Learning rate").press("Tab")
    field(lessons, "Clip").fill("0.25")
    wait_until_shown(lessons, 7, step=40, rate=0.5)
    expect(field(lessons, "Clip")).to_have_value("0.25")  # what is typed, others leave alone
    field(lessons, "Clip").press("Tab")
    wait_until_shown(lessons, 7, step=40, rate=0.5, clip=0.25)
    answer = native().training(setting(), 40, 2, 0.5, 0.25)
    check(answer, 40)
    words = output(lessons, "At this step").inner_text()
    found = re.search(r"multiplied by ([\d.]+)", words)
    assert (found is not None) == (answer["factor"] < 1)
    assert found is None or agrees(found[1], answer["factor"])
    figure = lessons.get_by_role("figure", name="Loss", exact=True)
    expect(figure).to_contain_text("at step 40")


@pytest.mark.parametrize(
    ("cell", "forget", "recurrence"),
    [("rnn", None, 1), ("rnn", None, 3), ("gru", None, 1), ("lstm", 1, 1), ("peephole", 0.5, 2)],
)
def test_lesson_8_shows_what_comes_back(
    lessons: Page, cell: str, forget: float | None, recurrence: float
) -> None:
    open_lesson(lessons, 8, cell=cell)
    expect(lessons.get_by_role("checkbox", name="Hold the forget gate")).to_be_enabled(
        enabled="lstm" in cell or cell == "peephole"
    )
    if forget is not None:
        lessons.get_by_role("checkbox", name="Hold the forget gate").check()
        slide(lessons, "Forget gate", forget)
    slide(lessons, "Scale of Whh", recurrence)
    wait_until_shown(lessons, 8, cell=cell, recurrence=recurrence, forget=forget)
    answer = native().forgetting(setting(), cell, recurrence, forget, 1)
    check_values(lessons, answer["scene"]["values"])

    def check(clipped: bool) -> None:
        rows = rows_of(lessons, "Length of what comes back")
        alone = answer["through_gate"]
        roads = [*answer["roads"], *([alone] if alone else [])]
        assert (alone is not None) == (cell in ("lstm", "peephole"))
        for distance, (back, *cells) in enumerate(rows):
            assert int(back) == distance
            for text, road in zip(cells, roads, strict=True):
                assert agrees(text, road["clipped" if clipped else "norms"][distance])

    check(clipped=False)
    lessons.get_by_role("checkbox", name="Clip at 1").check()
    wait_until_shown(lessons, 8, cell=cell, clipped=1)
    check(clipped=True)
    fates = {
        "vanishes": "vanishes",
        "holds": "neither",
        "explodes": "explodes",
        "breaks": "overflows",
    }
    said = output(lessons, "What becomes of the gradient")
    expect(said).to_contain_text(fates[answer["fate"]])


# Symbols


@pytest.mark.parametrize(
    ("number", "symbol"), [(1, "target_t"), (2, "h_t"), (4, "dh_t"), (5, "dWhh"), (6, "da_t")]
)
def test_a_symbol_is_lit_in_all_three_regions(lessons: Page, number: int, symbol: str) -> None:
    page = lessons
    open_lesson(page, number)

    def lit(region_name: str) -> list[str]:
        """The names of what stands out there: it has an outline, not only a colour."""
        return list(
            region(page, region_name).evaluate(
                """region => [...region.querySelectorAll("[data-symbol]")]
                  .filter((each) => getComputedStyle(each).outlineStyle === "solid")
                  .map((each) => each.dataset.symbol)"""
            )
        )

    def check(name: str) -> None:
        for each in REGIONS:
            assert set(lit(each)) == {name}, each
        expect(output(page, "Meaning")).to_contain_text(name)

    for each in REGIONS:
        spots = region(page, each).get_by_role("group").and_(page.locator("[tabindex]"))
        there = spots.and_(page.locator(f"[data-symbol='{symbol}']")).first
        there.hover()
        expect(output(page, "Meaning")).to_have_text(re.compile("^" + re.escape(symbol) + ": .+"))
        check(symbol)
        page.get_by_role("heading", level=1).hover()
        there.click()
        page.get_by_role("heading", level=1).hover()
        check(symbol)


def test_a_word_is_typed_with_the_keyboard_and_left_with_tab(lessons: Page) -> None:
    open_lesson(lessons, 1)
    box = lessons.get_by_role("textbox", name="Word")
    box.focus()
    lessons.keyboard.press("Control+a")
    lessons.keyboard.type("otto")
    expect(box).to_have_value("otto")
    lessons.keyboard.press("Enter")
    wait_until_shown(lessons, 1, word="otto")
    lessons.keyboard.press("Tab")
    expect(box).not_to_be_focused()


def test_symbols_are_reached_with_the_keyboard_alone(lessons: Page) -> None:
    page = lessons
    open_lesson(page, 4, t=2)
    page.get_by_role("slider", name="Time step").focus()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => document.activeElement.closest(".region")?.ariaLabel
                  + "|" + document.activeElement.dataset.symbol"""
            )
        )
    stops = [each.split("|")[0] for each in seen if "undefined" not in each]
    assert stops == list(REGIONS), seen  # one stop each
    page.get_by_role("slider", name="Time step").focus()
    while not page.evaluate("() => document.activeElement.dataset.symbol"):
        page.keyboard.press("Tab")
    names = set()
    for _ in range(8):
        name = page.evaluate("() => document.activeElement.ariaLabel")
        symbol = page.evaluate("() => document.activeElement.dataset.symbol")
        assert name.startswith(f"{symbol}: ")
        expect(output(page, "Meaning")).to_have_text(name)
        names.add(symbol)
        page.keyboard.press("ArrowRight")
    assert {"dy_t", "softmax(y_t)", "y_t", "target_t"} <= names
    page.keyboard.press("Home")
    assert page.evaluate("() => document.activeElement.dataset.symbol") == "dy_t"
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    last = page.evaluate("() => document.activeElement.dataset.symbol")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.dataset.symbol") == last
    slide(page, "Time step", 1)
    wait_until_shown(page, 4, t=1)
    expect(output(page, "Meaning")).to_contain_text(f"{last}: ")


IN_VIEW = """name => {
  const region = document.querySelector(`.region[aria-label="${name}"]`);
  const view = region.getBoundingClientRect();
  return [...region.querySelectorAll(".lit[data-symbol]")].some((each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return top >= view.top && bottom <= view.bottom;
  });
}"""


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_what_is_lit_is_brought_into_view_and_the_page_stays(
    lessons: Page, size: tuple[int, int]
) -> None:
    page = lessons
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_lesson(page, 5, t=1)
    spot = region(page, "Equation").get_by_role("group", name=re.compile("^dby: ")).first
    spot.scroll_into_view_if_needed()
    before = page.evaluate("() => scrollY")
    spot.click()
    for name in REGIONS:
        wait_until(page, IN_VIEW, name)
    assert page.evaluate("() => scrollY") == before


@pytest.mark.parametrize("number", range(1, 9))
def test_on_a_phone_one_screen_holds_what_is_touched_and_the_regions(
    lessons: Page, number: int
) -> None:
    lessons.set_viewport_size({"width": 360, "height": 740})
    open_lesson(lessons, number)
    places = [region(lessons, name).bounding_box() for name in REGIONS]
    heights = [place["height"] for place in places if place]
    assert len(heights) == 3
    assert min(heights) >= 110
    whole = lessons.locator(".bench").bounding_box()
    assert whole
    menus = 2 * 64 if number == 6 else 0  # two of its four don't fit into the screen with the rest
    assert whole["height"] <= 740 + menus


@pytest.mark.parametrize("number", range(1, 9))
def test_the_three_regions_are_on_the_first_screen(lessons: Page, number: int) -> None:
    open_lesson(lessons, number)
    boxes = [region(lessons, name).bounding_box() for name in REGIONS]
    places = [place for place in boxes if place]
    assert len(places) == 3
    assert len({place["y"] for place in places}) == 1
    for place in places:
        assert place["height"] >= 300
        assert place["y"] + place["height"] <= 800
        assert place["x"] + place["width"] <= 1280
    assert lessons.evaluate("() => [scrollY, document.documentElement.scrollWidth]") == [0, 1280]


# Addresses


def test_an_address_leads_to_just_that_place(page: Page, address: str) -> None:
    page.goto(f"{address}#lessons/2?word=banana&seed=3&t=4&unit=3&value=0.25")
    expect(page.get_by_role("heading", name=TITLES[1])).to_be_visible()
    expect(page.get_by_text("Python is starting …")).to_be_visible()
    wait_for_phase(page, "ready", BOOT_MS)
    wait_until_shown(page, 2, word="banana", seed=3, t=4, unit=3, value=0.25)
    answer = native().hidden(setting("banana", 3), 4, 2, 0.25)
    check_values(page, answer["scene"]["values"])
    expect(page.get_by_role("slider", name="Time step")).to_have_value("4")
    expect(page.get_by_role("slider", name="Its value")).to_have_value("0.25")
    slide(page, "Time step", 1)
    expect(page).to_have_url(re.compile(r"#lessons/2\?word=banana&seed=3&t=1$"))
    button(page, "Next").first.click()
    wait_until_shown(page, 3, word="banana", seed=3)
    page.go_back()
    wait_until_shown(page, 2, word="banana", seed=3, t=1)
    page.go_forward()
    wait_until_shown(page, 3, word="banana", seed=3)
    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    wait_until_shown(page, 3, word="banana", seed=3)
    assert page.title().startswith("3 The loss")
    go_to(page, "Text")
    expect(box(page, "Training text")).to_be_visible()
    assert page.title() == "RNN Playground"


def test_where_one_is_going_is_not_overwritten_by_where_one_is(lessons: Page) -> None:
    open_lesson(lessons, 4)
    slide(lessons, "Time step", 2)
    wait_until_shown(lessons, 4, t=2)
    # The address is kept as the page is hidden too: here, before it has heard of the new one.
    lessons.evaluate(
        "hash => { location.hash = hash; dispatchEvent(new Event('pagehide')); }", address_of(3)
    )
    wait_until_shown(lessons, 3)
    expect(lessons).to_have_url(re.compile(r"#lessons/3$"))


def test_dragging_leaves_no_trace_in_the_history(lessons: Page) -> None:
    open_lesson(lessons, 4)
    entries = lessons.evaluate("() => history.length")
    for t in (0, 1, 2, 3, 2, 1):
        slide(lessons, "Time step", t)
    wait_until_shown(lessons, 4, t=1)
    expect(lessons).to_have_url(re.compile(r"#lessons/4\?t=1$"))
    assert lessons.evaluate("() => history.length") == entries


def test_of_many_questions_only_the_latest_is_asked(lessons: Page) -> None:
    open_lesson(lessons, 3)
    lessons.evaluate(
        """() => {
          const slider = document.querySelectorAll("#lessons input[type=range]")[1];
          for (let step = 1; step <= 400; step++) {
            slider.value = String(step / 1000);
            slider.dispatchEvent(new Event("input"));
          }
        }"""
    )
    wait_until_shown(lessons, 3, probability=0.4)
    assert agrees(rows_of(lessons, "How wrong a guess was")[0][2], -math.log(0.4))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("#lessons/4?t=x", "t is a whole number"),
        ("#lessons/4?t=7", "the time step"),
        ("#lessons/2?unit=9&value=0", "unit must be a whole number from 1 to 3, not 9"),
        ("#lessons/2?unit=0", "unit is a whole number from 1"),
        ("#lessons/2?unit=1&value=2", "value must be a number from -1 to 1"),
        ("#lessons/4?word=x", "the word must have 2 to 12 characters"),
        ("#lessons/4?seed=-1", "seed is a whole number"),
        ("#lessons/8?cell=perceptron", "cell must be"),
        ("#lessons/6?lines=outputs.nonsense", "outputs must be"),
        ("#lessons/5?on=11", "on must say of each"),
        ("#lessons/7?step=999", "training step"),
        ("#lessons/3?probability=0", "probability must be a number from 0.001 to 1"),
        ("#lessons/8?recurrence=50", "recurrence must be"),
        ("#lessons/1?<script>=1", "this lesson has no"),
        ("#lessons/4?question=" + "x" * 301, "question is a text of up to 300"),
    ],
)
def test_what_is_wrong_in_an_address_is_left_out(lessons: Page, wrong: str, told: str) -> None:
    number = int(wrong[len("#lessons/")])
    lessons.evaluate("hash => { location.hash = hash; }", wrong)
    expect(alert(lessons, told)).to_contain_text("Left out of this address")
    wait_until_shown(lessons, number)
    if number in (4, 7):
        slide(lessons, "Time step", 1)
        wait_until_shown(lessons, number, t=1)
        expect(lessons.get_by_role("alert")).to_have_count(0)


def test_of_a_wrong_address_what_is_right_is_kept(lessons: Page) -> None:
    open_lesson(lessons, 2, t=1)  # an address isn't judged by what was shown before it
    wrong = "#lessons/2?word=banana&seed=7&unit=1&value=9&t=99&own=x"
    lessons.evaluate("hash => { location.hash = hash; }", wrong)
    wait_until_shown(lessons, 2, word="banana", seed=7, unit=1)
    left_out = alert(lessons, "Left out of this address")
    for told in ("own is 0 or 1", "the time step must be", "value must be"):
        expect(left_out).to_contain_text(told)
    expect(lessons).to_have_url(re.compile(r"#lessons/2\?word=banana&seed=7&unit=1$"))
    # Of this word there are time steps that there are not of another.
    wrong = "#lessons/4?word=banana&t=4&seed=99999999999"
    lessons.evaluate("hash => { location.hash = hash; }", wrong)
    wait_until_shown(lessons, 4, word="banana", t=4)
    expect(alert(lessons, "Left out of this address")).to_contain_text("seed")


def test_a_file_that_is_dropped_on_a_lesson_is_not_taken(lessons: Page) -> None:
    open_lesson(lessons, 1)
    lessons.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["dropped ".repeat(50)], "a.txt"));
          for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
            document.querySelector("#lessons").dispatchEvent(event);
            if (!event.defaultPrevented) throw new Error("the browser would open it");
          }
        }"""
    )
    expect(lessons.locator("html[data-dropping]")).to_have_count(0)
    go_to(lessons, "Text")
    expect(box(lessons, "Training text")).not_to_have_value(re.compile("dropped"))


def test_what_is_no_lesson_leads_to_the_list(lessons: Page) -> None:
    open_lesson(lessons, 1)
    lessons.evaluate("() => { location.hash = '#lessons/99'; }")
    expect(alert(lessons, "there is no lesson “99”")).to_be_visible()
    expect(list_of(lessons)).to_be_visible()


def test_a_word_that_can_not_be_taken_is_refused_in_a_sentence(lessons: Page) -> None:
    open_lesson(lessons, 2)
    for word, told in (
        ("a", "2 to 12 characters"),
        ("aaaa", "different"),
        ("abcdefgh", "different"),
    ):
        box(lessons, "Word").fill(word)
        box(lessons, "Word").press("Enter")
        expect(alert(lessons, told)).to_be_visible()
        wait_until_shown(lessons, 2)
    box(lessons, "Word").fill("hello")
    box(lessons, "Word").press("Enter")
    expect(lessons.get_by_role("alert")).to_have_count(0)
    box(lessons, "Word").fill("noon")
    box(lessons, "Word").press("Enter")
    wait_until_shown(lessons, 2, word="noon")
    expect(lessons.get_by_role("alert")).to_have_count(0)
    field(lessons, "Seed").fill("minus one")
    field(lessons, "Seed").press("Tab")
    expect(alert(lessons, "a whole number from 0 to 4294967295")).to_be_visible()


def test_with_another_word_a_lesson_begins_anew(lessons: Page) -> None:
    for number, chosen in ((3, {"t": 3, "probability": 0.2}), (4, {"t": 0}), (2, {"t": 2})):
        open_lesson(lessons, number, **chosen)
        box(lessons, "Word").fill("ab")
        box(lessons, "Word").press("Enter")
        wait_until_shown(lessons, number, word="ab")
        expect(lessons).to_have_url(re.compile(rf"#lessons/{number}\?word=ab$"))
        expect(lessons.get_by_role("slider", name="Time step")).to_have_value("0")
        expect(lessons.get_by_role("alert")).to_have_count(0)


def test_a_gate_that_is_not_there_is_not_held(lessons: Page) -> None:
    open_lesson(lessons, 8, cell="rnn", forget=0.5)
    hold = lessons.get_by_role("checkbox", name="Hold the forget gate")
    gate = lessons.get_by_role("slider", name="Forget gate")
    for control in (hold, gate):
        expect(control).to_be_disabled()
    expect(hold).not_to_be_checked()
    open_lesson(lessons, 8, cell="lstm", forget=0.5)
    for control in (hold, gate):
        expect(control).to_be_enabled()
    expect(hold).to_be_checked()


def test_what_takes_long_is_told(lessons: Page) -> None:
    open_lesson(lessons, 4)
    lessons.evaluate(
        """() => {
          // As if Python had much to do: the next call is answered only when this is let go.
          const { postMessage } = Worker.prototype;
          Worker.prototype.postMessage = function (...values) {
            window.letGo = () => {
              Worker.prototype.postMessage = postMessage;
              postMessage.apply(this, values);
            };
          };
        }"""
    )
    slide(lessons, "Time step", 1)
    expect(lessons.get_by_text("Computing …")).to_be_visible()
    lessons.evaluate("() => letGo()")
    wait_until_shown(lessons, 4, t=1)
    expect(lessons.get_by_text("Computing …")).to_be_hidden()


# Questions


def test_a_question_is_answered_before_it_is_explained(unanswered: Page) -> None:
    page = unanswered
    page.reload()  # where only another tab has forgotten an answer, it is still marked
    wait_for_phase(page, "ready", BOOT_MS)
    open_lesson(page, 4)
    question = region(page, "Question")
    explanation = question.get_by_text("no surprise, there is nothing to learn")
    summary = region(page, "Summary")
    later = summary.get_by_text("appear once you have answered the question")
    sums_up = summary.get_by_text("from the last time step to the first")

    def check(answered: bool) -> None:
        for each in (explanation, sums_up):
            expect(each).to_be_visible(visible=answered)
        expect(later).to_be_visible(visible=not answered)

    check(answered=False)
    button(page, "Answer").click()
    expect(output(page, "Result of the answer")).to_have_text("Choose an answer first.")
    check(answered=False)
    question.get_by_role("radio", name="1, for p = 1").check()
    button(page, "Answer").click()
    expect(output(page, "Result of the answer")).to_contain_text("Not right. Right is: 0: nothing")
    check(answered=True)
    button(page, "Answer anew").click()
    check(answered=False)
    question.get_by_role("radio", name="0: nothing").check()
    button(page, "Answer").press("Enter")
    expect(output(page, "Result of the answer")).to_have_text("✓ Right.")
    expect(button(page, "Answer anew")).to_be_focused()
    page.get_by_role("main").get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", name="Lessons", exact=True)).to_be_focused()
    answered = list_of(page).get_by_role("listitem").filter(has_text="answered")
    expect(answered).to_have_count(1)
    expect(answered).to_contain_text(TITLES[3])


def test_two_tabs_keep_each_others_answers(unanswered: Page, address: str) -> None:
    page = unanswered
    open_lesson(page, 4, question="Why?")
    other = page.context.new_page()
    other.goto(f"{address}#lessons/4?question=Why%3F")
    for tab, number in ((other, 3), (page, 4)):
        open_lesson(tab, number, question="Why?")
        tab.get_by_role("radio").first.check()
        button(tab, "Answer").click()
    box(other, "Your answer to it").fill("So.")
    open_lesson(other, 4, question="Why?")
    expect(output(other, "Result of the answer")).to_have_text("✓ Right.")
    box(other, "Your answer to it").fill("Therefore.")
    expect(box(page, "Your answer to it")).to_have_value("Therefore.")
    page.evaluate("() => { location.hash = '#lessons'; }")
    answered = list_of(page).get_by_role("listitem").filter(has_text="answered")
    expect(answered).to_have_count(2)
    open_lesson(other, 4)
    button(other, "Answer anew").click()
    expect(answered).to_have_count(1)
    other.close()


def test_a_teachers_link_asks_and_answers_are_saved(unanswered: Page, tmp_path: Path) -> None:
    page = unanswered
    asked = "What is <b>dh</b>?\nSay it in your own words & briefly."
    open_lesson(page, 5, word="noon", t=1)
    page.get_by_role("textbox", name=re.compile("^For teachers")).fill(asked.replace("\n", " "))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(page, "Copy a link").click()
    expect(output(page, "Link copied")).to_have_text("Copied.")
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == box(page, "Link").input_value()
    _, _, fragment = link.partition("#")
    page.evaluate("() => { location.hash = '#lessons'; }")
    expect(list_of(page)).to_be_visible()
    page.evaluate("hash => { location.hash = hash; }", fragment)
    wait_until_shown(page, 5, word="noon", seed=0, t=1, question=asked.replace("\n", " "))
    open_lesson(page, 5, word="noon", seed=0, t=1, question=asked)
    question = region(page, "Question")
    expect(question).to_contain_text("Your teacher asks")
    expect(question).to_contain_text("What is <b>dh</b>?")  # as text
    answer = box(page, "Your answer to it")
    answer.fill("The slope of the loss\nalong h.")
    slide(page, "Time step", 2)
    wait_until_shown(page, 5, t=2, question=asked)
    expect(answer).to_have_value("The slope of the loss\nalong h.")
    expect(page).to_have_url(re.compile("t=2$"))
    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    wait_until_shown(page, 5, t=2, question=asked)
    expect(answer).to_have_value("The slope of the loss\nalong h.")
    question.get_by_role("radio", name="zero everywhere").check()
    button(page, "Answer").click()
    with page.expect_download() as download:
        button(page, "Save my answers").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    text = path.read_text("utf-8")
    assert path.suffix == ".txt"
    for title in TITLES:
        assert title in text
    assert "Answer: zero everywhere (right)" in text
    assert text.count("Answer: none yet") == 7
    assert f"A teacher’s question: {asked}\nAnswer: The slope of the loss\nalong h." in text


# The page around


def trained(page: Page, steps: int) -> None:
    """Train to just this step, by the button that does one."""
    for step in range(1, steps + 1):
        button(page, "Step").click()
        expect(output(page, "Step")).to_have_text(str(step))


def test_training_goes_on_and_is_the_same_as_unseen(
    page: Page, idle: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    wait_for_phase(page, "ready", BOOT_MS)
    expect(page.get_by_role("link", name="Start with the lessons")).to_be_visible()
    put_text(page, SENTENCE * 20)
    expect(page.get_by_role("link", name="Start with the lessons")).to_be_hidden()
    field(page, "Hidden units").fill("64")
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 2)
    chart = page.get_by_role("figure", name="Loss curve")
    place = chart.bounding_box()
    go_to(page, "Lessons")
    expect(chart).to_be_hidden()
    for number in (1, 2, 4, 7, 8):
        open_lesson(page, number, own=1)
        wait_for_phase(page, "training")
    slide(page, "Scale of Whh", 2)
    wait_until_shown(page, 8, own=1, recurrence=2)
    open_lesson(page, 4)
    output_of_step = page.locator("#step-number")
    before = int(output_of_step.text_content() or 0)
    wait_until(
        page,
        "([output, step]) => Number(output.textContent) > step",
        [output_of_step.element_handle(), before + 5],
    )
    go_to(page, "Text")
    wait_for_phase(page, "training")
    pause(page)
    assert chart.bounding_box() == place
    canvas = chart.locator("canvas").bounding_box()
    assert canvas
    assert canvas["width"] > 400
    steps = int(output(page, "Step").inner_text())
    seen = rnn_pkg.load(save(page, tmp_path).rename(tmp_path / "seen.npz"))

    other = idle
    go_to(other, "Text")
    start_afresh(other)
    put_text(other, SENTENCE * 20)
    field(other, "Hidden units").fill("64")
    step_to(other, steps)
    unseen = rnn_pkg.load(save(other, tmp_path).rename(tmp_path / "unseen.npz"))
    assert seen.steps == unseen.steps == steps
    for name, array in seen.model.parameters.items():
        assert np.array_equal(array, unseen.model.parameters[name]), name
    assert seen.rngs[0].bit_generator.state == unseen.rngs[0].bit_generator.state


def test_from_numbers_one_comes_back_to_numbers(idle: Page) -> None:
    page = idle
    go_to(page, "Numbers")
    wait_for_phase(page, "ready")
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 1)
    go_to(page, "Lessons")
    list_of(page).get_by_role("link").first.click()
    wait_until_shown(page, 1)
    wait_for_phase(page, "training")
    page.go_back()
    page.go_back()
    expect(box(page, "Numbers")).to_be_visible()
    wait_for_phase(page, "training")
    pause(page)
    wait_until_saved(page)
    page.go_forward()
    expect(list_of(page)).to_be_visible()
    page.reload()
    expect(list_of(page)).to_be_visible()
    wait_for_phase(page, "paused", BOOT_MS)
    go_to(page, "Numbers")
    expect(button(page, "Resume")).to_be_visible()
    assert int(output(page, "Step").inner_text()) >= 1


def test_the_lessons_are_loaded_only_when_opened(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        assert not [url for url in asked if "/lessons/" in url]
        keep_python_away(page)
        page.route("**/lessons/lessons.html", lambda route: route.abort())
        go_to(page, "Lessons")
        expect(alert(page, "The lessons could not be loaded")).to_contain_text("lessons.html")
        page.unroute("**/lessons/lessons.html")
        page.route("**/lessons/lessons.css", lambda route: route.fulfill(status=404, body=""))
        page.reload()
        expect(alert(page, "The lessons could not be loaded")).to_contain_text("lessons.css")
        page.unroute("**/lessons/lessons.css")
        page.route("**/lessons/screen.js", lambda route: route.abort())
        button(page, "Try again").click()
        expect(alert(page, "reload the page: your text is still there")).to_be_visible()
        page.unroute("**/lessons/screen.js")
        page.reload()
        expect(list_of(page)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_when_python_ends_the_words_stay_and_it_starts_again(page: Page, address: str) -> None:
    page.route(re.compile("runtime.json"), lambda route: route.abort())
    page.goto(f"{address}#lessons/3")
    wait_for_phase(page, "failed", BOOT_MS)
    expect(page.get_by_text("Python is not running, so there are no numbers.")).to_be_visible()
    expect(region(page, "Summary")).to_be_visible()
    page.unroute_all()
    button(page, "Try again").click()
    wait_for_phase(page, "ready", BOOT_MS)
    wait_until_shown(page, 3)


def test_everybody_can_use_it(unanswered: Page) -> None:
    page = unanswered
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == []
    for number in range(1, 9):
        open_lesson(page, number, question="Why?")
        page.get_by_role("radio").first.check()
        button(page, "Answer").click()
        assert barriers(page) == [], number
    page.emulate_media(color_scheme="light")
    page.evaluate("() => { location.hash = '#lessons'; }")
    expect(list_of(page)).to_be_visible()
    assert barriers(page) == []
    for number in range(1, 9):
        open_lesson(page, number, question="Why?")
        assert barriers(page) == [], number
    page.set_viewport_size({"width": 360, "height": 780})
    for number in range(1, 9):
        open_lesson(page, number)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 360, number
        outside = page.evaluate(
            """() => [...document.querySelectorAll("#lessons :is(button, input, select, p, h2)")]
              .filter((each) => each.checkVisibility() && !each.closest(".sr-only, .region"))
              .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
              .map((each) => each.outerHTML.slice(0, 100))"""
        )
        assert outside == [], number
        assert barriers(page) == [], number
    moving = page.evaluate(
        """() => [...document.querySelectorAll("#lessons *")].filter((each) => {
          const { transitionDuration, animationName } = getComputedStyle(each);
          return parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_a_strange_question_is_only_text(lessons: Page) -> None:
    asked = "<img src=x onerror=alert(1)>"
    lessons.evaluate("hash => { location.hash = hash; }", f"#lessons/1?question={quote(asked)}")
    expect(region(lessons, "Question")).to_contain_text(asked)


OWN_STEPS = 3


def own_network(page: Page, tmp_path: Path) -> tuple[Network, list[int], str]:
    """Train a network under Text, save it, and load it natively: the network that writes, what the
    lessons have it read, and all characters that it knows."""
    go_to(page, "Text")
    start_afresh(page)
    put_text(page, SENTENCE * 20)
    field(page, "Hidden units").fill("16")
    trained(page, OWN_STEPS)
    run = rnn_pkg.load(save(page, tmp_path))
    ids = run.held_out_ids[:13].tolist()
    return run.best.copy(np.float64), ids, run.vocabulary.characters


def cells_named(page: Page, name: str) -> list[str]:
    """The cells of the table of an array with this name."""
    table = page.get_by_role("table", name=re.compile("^" + re.escape(name) + ": "))
    return [cell for cell in table.get_by_role("cell").all_inner_texts() if cell.strip()]


def test_of_the_persons_own_network_every_number_is_native(lessons: Page, tmp_path: Path) -> None:
    page = lessons
    network, ids, alphabet = own_network(page, tmp_path)
    go_to(page, "Lessons")
    inputs, targets = np.array(ids[:-1])[:, None], np.array(ids[1:])[:, None]
    units, t = [1, 4], 5

    # The state, and the guess, after each time step.
    open_lesson(page, 2, own=1, t=t, units="2,5")
    expect(region(page, "Values")).to_contain_text("your own network")
    outputs, state, _ = network.forward(inputs[: t + 1])
    before = network.forward(inputs[:t])[1]
    for name, known in ((f"h_{t}", state), (f"h_{t - 1}", before)):
        wanted = known[-1][0][0, units]
        cells = cells_named(page, name)
        assert len(cells) == len(units)
        assert all(agrees(*pair) for pair in zip(cells, wanted, strict=True)), name
    characters = sorted({alphabet[each] for each in ids})
    places = [alphabet.index(each) for each in characters]
    for step, row in enumerate(rows_of(page, re.compile("^Guesses"))[: t + 1]):
        p = np.exp(outputs[step, 0] - outputs[step, 0].max())
        wanted = (p / p.sum())[places]
        assert all(agrees(cell, 100 * x) for cell, x in zip(row[2:], wanted, strict=True)), step

    # The whole gradient of its recurrent weights: of the loss's sum, not of its mean.
    steps = len(inputs)
    open_lesson(page, 5, own=1, on="1" * steps, units="2,5")
    _, gradients, _ = network.loss_and_gradients(inputs, targets)
    name = next(each for each in gradients if each.endswith(f"weight_hh_l{network.layers - 1}"))
    gates = gradients[name].reshape(-1, network.hidden_size, network.hidden_size)
    wanted = steps * gates[:, units][:, :, units].ravel()
    total = page.get_by_role("table", name=re.compile("added up so far")).get_by_role("cell")
    texts = [cell for cell in total.all_inner_texts() if cell.strip()]
    assert all(agrees(*pair) for pair in zip(texts, wanted, strict=True))

    # The loss of every character.
    open_lesson(page, 3, own=1)
    outputs, *_ = network.forward(inputs)
    *rows, summed = rows_of(page, "The loss of the word")
    losses = [
        float(np.log(np.sum(np.exp(y[0]))) - y[0, target])
        for y, target in zip(outputs, ids[1:], strict=True)
    ]
    assert all(agrees(row[2], loss) for row, loss in zip(rows, losses, strict=True))
    assert agrees(summed[2], sum(losses))


def test_a_small_network_of_ones_own_and_the_units_that_are_shown(lessons: Page) -> None:
    page = lessons
    go_to(page, "Text")
    start_afresh(page)
    field(page, "Hidden units").fill("2")
    trained(page, 1)
    go_to(page, "Lessons")
    for number in range(1, 9):
        open_lesson(page, number, own=1)
        expect(page.get_by_role("alert")).to_have_count(0)
    open_lesson(page, 2, own=1)
    choice = page.get_by_role("combobox", name="Unit of h").get_by_role("option")
    assert choice.all_inner_texts() == ["unit 1", "unit 2"]
    shown = box(page, "Units")
    for typed, told in (
        ("3", "a whole number from 1 to 2, not 3"),
        ("-1", "whole numbers from 1"),
        ("1.5", "whole numbers from 1"),
    ):
        shown.fill(typed)
        shown.press("Enter")
        expect(alert(page, told)).to_be_visible()
    shown.fill("2")
    shown.press("Enter")
    wait_until_shown(page, 2, own=1, units=2)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert choice.all_inner_texts() == ["unit 2"]
    shown.fill("")
    shown.press("Enter")
    expect(choice).to_have_count(2)
    expect(page).to_have_url(re.compile(r"#lessons/2\?own=1$"))


def test_without_a_run_the_way_to_one_is_shown(lessons: Page) -> None:
    page = lessons
    go_to(page, "Text")
    start_afresh(page)
    go_to(page, "Lessons")
    open_lesson(page, 4, own=1)
    expect(page.get_by_text("there is none yet")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(region(page, "Values")).to_be_hidden()
    expect(region(page, "Question")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#lessons/4\?own=1$"))
    button(page, "On the tiny network").click()
    expect(region(page, "Values")).to_be_visible()
    wait_until_shown(page, 4)
    button(page, "On your own network").click()
    page.get_by_role("link", name="Train one").click()
    expect(box(page, "Training text")).to_be_visible()
    trained(page, 1)
    page.go_back()
    wait_until_shown(page, 4, own=1)
    expect(region(page, "Values")).to_contain_text("after step 1 of training")
    # What one comes back to is what has become of it meanwhile.
    go_to(page, "Text")
    train_to_step(page, 100)
    page.go_back()
    expect(region(page, "Values")).to_contain_text(re.compile(r"after step \d\d+ of training"))


def test_the_persons_own_network_is_there_after_a_reload(idle: Page) -> None:
    page = idle
    go_to(page, "Text")
    start_afresh(page)
    put_text(page, SENTENCE * 20)
    field(page, "Hidden units").fill("128")
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 3)
    pause(page)
    steps = output(page, "Step").inner_text()
    go_to(page, "Lessons")
    open_lesson(page, 4)
    button(page, "On your own network").click()
    wait_until_shown(page, 4, own=1)
    expect(region(page, "Values")).to_contain_text("your own network")
    words = region(page, "Values").get_by_role("heading").inner_text()
    page.reload()
    wait_for_phase(page, "paused", BOOT_MS)
    wait_until_shown(page, 4, own=1)
    assert region(page, "Values").get_by_role("heading").inner_text() == words
    expect(page.get_by_role("alert")).to_have_count(0)
    field_of_units = box(page, "Units")
    field_of_units.fill("6, 10")
    field_of_units.press("Enter")
    wait_until_shown(page, 4, own=1, units="6,10")
    expect(page.get_by_role("table", name=re.compile("^dh_11: ")).get_by_role("row")).to_have_count(
        2
    )
    field_of_units.fill("5000")
    field_of_units.press("Enter")
    expect(alert(page, "unit must be a whole number from 1 to")).to_be_visible()
    # With Numbers behind the lessons, the run of Text stays on its shelf.
    go_to(page, "Numbers")
    wait_for_phase(page, "ready")
    page.go_back()
    page.reload()
    expect(page.get_by_text("It is opened when you go there")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    go_to(page, "Text")
    wait_for_phase(page, "paused", BOOT_MS)
    expect(output(page, "Step")).to_have_text(steps)
    page.go_back()
    wait_until_shown(page, 4, own=1)
    expect(region(page, "Values")).to_contain_text("your own network")
