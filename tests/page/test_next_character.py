"""What the network expected at each character, writing on from another, and what is memory."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import rnn_pkg
from rnn_pkg.look.verbatim import longest_stretch
from rnn_pkg.tasks.sampling import Prediction
from tests.page.parts import (
    SENTENCE,
    alert,
    box,
    button,
    choose_example,
    field,
    generate,
    output,
    put_text,
    save,
    start_afresh,
    train_to_step,
    wait_for_phase,
    wait_for_text_length,
    wait_until,
)

PROMPT = "the cat "
STEPS = 40
LEAST_BITS = [1, 2, 4, 6]
"""Of each tint."""

FOUND = re.compile("longest stretch|All of it|No character")
"""In the words for a search that is over."""

NAMES = {"a space": " ", "a line break": "\n"}


@pytest.fixture(scope="module")
def trained(shared_page: Page, tmp_path_factory: pytest.TempPathFactory) -> rnn_pkg.Trainer:
    """A run trained in the shared page, as the package reads it from its saved file."""
    start_afresh(shared_page)
    put_text(shared_page, SENTENCE * 20)
    field(shared_page, "Hidden units").fill("32")
    train_to_step(shared_page, STEPS)
    return rnn_pkg.load(save(shared_page, tmp_path_factory.mktemp("model")))


@pytest.fixture
def rested(shared_page: Page, trained: rnn_pkg.Trainer) -> Page:
    """The page with this run, paused."""
    wait_for_phase(shared_page, "paused")
    shared_page.mouse.move(0, 0)
    return shared_page


def written(page: Page) -> Locator:
    return output(page, "Generated text")


def inspector(page: Page) -> Locator:
    return page.get_by_role("group", name="Next character", exact=True)


def alternatives(page: Page) -> Locator:
    return inspector(page).get_by_role("button", name=re.compile("^continue with "))


def memory(page: Page) -> Locator:
    return output(page, "Memory or invention")


def write(page: Page, prompt: str, length: int) -> str:
    """Have a text written, and its memory searched."""
    text = generate(page, prompt, length)
    expect(memory(page)).to_contain_text(FOUND)
    return text


def looks(page: Page, how: str) -> Any:
    """The value of a JavaScript expression on `style` for each of the written characters."""
    return written(page).evaluate(
        """(output, how) => {
          const look = new Function("style", `return ${how}`);
          const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
          const found = [];
          while (texts.nextNode()) {
            const style = getComputedStyle(texts.currentNode.parentElement);
            for (const _ of texts.currentNode.data) found.push(look(style));
          }
          return found;
        }""",
        how,
    )


def choose(page: Page, place: int) -> None:
    """Go to a character by keyboard."""
    written(page).press("Home")
    for _ in range(place):
        written(page).press("ArrowRight")


def share(percentage: str) -> float:
    return 0.0 if percentage.startswith("<") else float(percentage.removesuffix(" %")) / 100


def shown_alternatives(page: Page) -> dict[str, float]:
    """The alternatives that are offered, with their probabilities."""
    shown = {}
    for name in alternatives(page).evaluate_all(
        "all => all.map(one => one.firstChild.textContent)"
    ):
        found = re.fullmatch(r"continue with (?:“(.)”|(.+)), (.+)", name)
        assert found, name
        shown[found[1] or NAMES[found[2]]] = share(found[3])
    return shown


def shown_bits(page: Page) -> float:
    """The surprise that is shown of the chosen character."""
    words = inspector(page).get_by_text(re.compile(r"^expected with .* bits$"))
    return float(words.inner_text().split()[-2])


def bits(prediction: Prediction) -> float:
    assert prediction.probability
    return -math.log2(prediction.probability)


def check_alternatives(shown: dict[str, float], prediction: Prediction) -> None:
    expected = dict(prediction.alternatives)
    least = min(expected.values())
    assert len(shown) == len(expected)
    assert list(shown.values()) == sorted(shown.values(), reverse=True)
    for character, probability in shown.items():
        # Of two that are about as likely, another may be the last that is named.
        assert probability == pytest.approx(expected.get(character, least), abs=0.006)


def test_each_character_shows_what_was_expected(rested: Page, trained: rnn_pkg.Trainer) -> None:
    text = write(rested, PROMPT, 30)
    first, *others = trained.predictions(text)
    written(rested).press("Home")
    expect(inspector(rested).get_by_text("nothing came before it").first).to_be_visible()
    expect(alternatives(rested)).to_have_count(0)
    assert first.probability is None
    for prediction in others:
        written(rested).press("ArrowRight")
        check_alternatives(shown_alternatives(rested), prediction)
        assert shown_bits(rested) == pytest.approx(bits(prediction), abs=0.03)
        current = alternatives(rested).and_(rested.locator("[aria-current=true]"))
        among = prediction.character in shown_alternatives(rested)
        expect(current).to_have_count(1 if among else 0)
    assert text.startswith(PROMPT)


def test_characters_are_tinted_by_their_surprise(rested: Page, trained: rnn_pkg.Trainer) -> None:
    slider = rested.get_by_role("slider", name="Temperature", exact=True)
    slider.fill("2")
    text = write(rested, PROMPT, 200)
    slider.fill("0.8")
    legend = rested.get_by_role("list", name="Tints: surprise in bits").get_by_role("listitem")
    colours = legend.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert len(set(colours)) == 5
    tints = looks(rested, "style.backgroundColor")
    assert len(tints) == len(text)
    untinted = tints[0]  # the beginning
    assert untinted not in colours[1:]
    seen = set()
    for tint, prediction in zip(tints[1:], trained.predictions(text)[1:], strict=True):
        steps = {
            sum(bits(prediction) + slack > least for least in LEAST_BITS) for slack in (-0.03, 0.03)
        }
        assert tint in {colours[step] if step else untinted for step in steps}
        seen |= steps
    assert len(seen) >= 4, "a text that tries too little"


def test_a_skipped_character_says_so(rested: Page, trained: rnn_pkg.Trainer) -> None:
    text = write(rested, "the Q cat", 5)
    expect(alert(rested, "Never seen in the text")).to_contain_text("Q")
    choose(rested, 4)
    expect(
        inspector(rested).get_by_text("the training text has no such character").first
    ).to_be_visible()
    expect(alternatives(rested)).to_have_count(0)
    written(rested).press("ArrowRight")
    check_alternatives(shown_alternatives(rested), trained.predictions(text)[5])


def test_another_character_is_written_on_from(rested: Page, trained: rnn_pkg.Trainer) -> None:
    text = write(rested, PROMPT, 30)
    place = len(PROMPT) + 10
    choose(rested, place)
    other = next(name for name in shown_alternatives(rested) if name != text[place])
    alternatives(rested).nth(list(shown_alternatives(rested)).index(other)).click()
    wait_for_text_length(rested, len(text))
    changed = written(rested).text_content() or ""
    assert changed.startswith(text[:place] + other)
    # What the character was chosen from is kept; what follows was expected after it.
    predictions = trained.predictions(changed)
    check_alternatives(shown_alternatives(rested), predictions[place])
    written(rested).press("End")
    check_alternatives(shown_alternatives(rested), predictions[-1])
    expect(memory(rested)).to_contain_text("of 30 characters")

    # In the prompt, too: the rest of it is gone.
    choose(rested, 2)
    first = next(iter(shown_alternatives(rested)))
    alternatives(rested).first.click()
    wait_for_text_length(rested, 2 + 30)
    assert (written(rested).text_content() or "").startswith(PROMPT[:2] + first)


def test_without_a_prompt_it_is_written_on_as_it_began(
    rested: Page, trained: rnn_pkg.Trainer
) -> None:
    """The text has no line breaks, so the network begins after a character that isn't shown."""
    assert "\n" not in trained.text
    write(rested, "", 12)
    choose(rested, 5)
    alternatives(rested).nth(1).click()
    wait_for_text_length(rested, 12)
    text = written(rested).text_content() or ""
    shown = []
    for place in range(12):
        choose(rested, place)
        shown.append(shown_bits(rested))
    ways = [
        [bits(prediction) for prediction in trained.predictions(opening + text)[1:]]
        for opening in sorted(set(trained.text))
    ]
    assert any(shown == pytest.approx(way, abs=0.03) for way in ways)


def test_it_works_by_keyboard_alone(rested: Page) -> None:
    box(rested, "Prompt").fill(PROMPT)
    field(rested, "Length").fill("30")
    box(rested, "Prompt").press("Control+Enter")
    wait_for_text_length(rested, len(PROMPT) + 30)
    text = written(rested).text_content() or ""
    keyboard = rested.keyboard
    for _ in range(7):
        keyboard.press("Tab")
        if written(rested).evaluate("output => output === document.activeElement"):
            break
    expect(written(rested)).to_be_focused()
    keyboard.press("Escape")
    expect(alternatives(rested)).to_have_count(0)
    keyboard.press("ArrowRight")  # to where the network begins to write
    announced = inspector(rested).locator("[aria-live=polite]")
    name = {" ": "a space"}.get(text[len(PROMPT)], f"“{text[len(PROMPT)]}”")
    expect(announced).to_contain_text(f"{name}: expected with")
    keyboard.press("ArrowLeft")
    expect(announced).to_contain_text("a space: expected with")
    keyboard.press("Enter")
    expect(alternatives(rested).first).to_be_focused()
    keyboard.press("Tab")
    expect(alternatives(rested).nth(1)).to_be_focused()
    chosen = list(shown_alternatives(rested))[1]
    keyboard.press("Enter")
    place = len(PROMPT) - 1
    wait_for_text_length(rested, place + 30)
    assert (written(rested).text_content() or "").startswith(PROMPT[:place] + chosen)
    keyboard.press("Escape")
    expect(written(rested)).to_be_focused()
    keyboard.press("Escape")
    expect(alternatives(rested)).to_have_count(0)


def test_arrows_up_and_down_go_by_lines(rested: Page, trained: rnn_pkg.Trainer) -> None:
    write(rested, "", 400)
    choose(rested, 3)
    here = shown_bits(rested), shown_alternatives(rested)
    written(rested).press("ArrowDown")
    assert (shown_bits(rested), shown_alternatives(rested)) != here
    written(rested).press("ArrowUp")
    assert (shown_bits(rested), shown_alternatives(rested)) == here


def test_the_mouse_looks_and_a_click_keeps(rested: Page, trained: rnn_pkg.Trainer) -> None:
    text = write(rested, PROMPT, 30)
    written(rested).press("Escape")
    predictions = trained.predictions(text)
    size = "one => [one.offsetWidth, one.offsetHeight]"
    room = inspector(rested).evaluate(size)
    first, second = len(PROMPT) + 4, len(PROMPT) + 20

    def point(place: int) -> None:
        x, y = written(rested).evaluate(
            """(output, place) => {
              const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
              for (let k = 0; k <= place; k += 1) texts.nextNode();
              const range = document.createRange();
              range.selectNode(texts.currentNode);
              const { x, y, width, height } = range.getBoundingClientRect();
              return [x + width / 2, y + height / 2];
            }""",
            place,
        )
        rested.mouse.move(x, y)

    written(rested).scroll_into_view_if_needed()
    point(first)
    check_alternatives(shown_alternatives(rested), predictions[first])
    rested.mouse.down()
    rested.mouse.up()
    point(second)
    check_alternatives(shown_alternatives(rested), predictions[second])
    rested.mouse.move(0, 0)
    check_alternatives(shown_alternatives(rested), predictions[first])
    assert inspector(rested).evaluate(size) == room


def test_a_choice_replaces_what_is_being_written(rested: Page) -> None:
    box(rested, "Prompt").fill("")
    field(rested, "Length").fill("10000")
    button(rested, "Generate").click()
    wait_until(rested, "output => output.textContent.length > 20", written(rested).element_handle())
    choose(rested, 5)
    start = (written(rested).text_content() or "")[:5]
    other = list(shown_alternatives(rested))[2]
    alternatives(rested).nth(2).click()
    expect(written(rested)).to_have_text(re.compile(f"^{re.escape(start + other)}"))
    expect(button(rested, "Stop writing")).to_be_visible()
    expect(memory(rested)).to_be_empty()
    button(rested, "Stop writing").click()
    expect(memory(rested)).to_contain_text(FOUND)
    assert (written(rested).text_content() or "").startswith(start + other)
    field(rested, "Length").fill("300")


def test_what_stands_word_for_word_is_underlined(rested: Page, trained: rnn_pkg.Trainer) -> None:
    slider = rested.get_by_role("slider", name="Temperature", exact=True)
    slider.fill("1.5")
    text = write(rested, PROMPT, 300)[len(PROMPT) :]
    slider.fill("0.8")
    *_, (_, stretch) = longest_stretch(text, trained.text[: len(trained.training_ids)])
    assert 3 <= stretch.length < 300
    quote = text[stretch.start : stretch.start + min(stretch.length, 60)]
    expect(memory(rested)).to_contain_text(f": {stretch.length} of 300 characters, “{quote}")
    start = len(PROMPT) + stretch.start
    underlined = looks(rested, "style.textDecorationLine === 'underline'")
    assert underlined == [
        start <= place < start + stretch.length for place in range(len(PROMPT) + 300)
    ]


def test_a_copy_is_the_text(rested: Page) -> None:
    """A line that is very long is laid out in pieces: no line break comes of it."""
    rested.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = write(rested, PROMPT, 1500)
    written(rested).evaluate("output => getSelection().selectAllChildren(output)")
    rested.keyboard.press("Control+C")
    assert rested.evaluate("navigator.clipboard.readText()") == text
    rested.evaluate("getSelection().empty()")


def test_a_long_prompt_is_refused(rested: Page) -> None:
    box(rested, "Prompt").fill("t" * 2001)
    button(rested, "Generate").click()
    expect(alert(rested, "Prompt can have at most 2,000 characters, not 2,001")).to_be_visible()
    expect(box(rested, "Prompt")).to_be_focused()
    box(rested, "Prompt").fill("t" * 2000)
    expect(rested.get_by_role("alert")).to_have_count(0)
    write(rested, "t" * 2000, 5)


def test_reset_leaves_nothing_to_look_at(desk: Page) -> None:
    put_text(desk, SENTENCE * 10)
    train_to_step(desk, 2)
    write(desk, "the ", 20)
    choose(desk, 6)
    expect(alternatives(desk)).to_have_count(6)
    button(desk, "Reset").click()
    expect(alternatives(desk)).to_have_count(0)
    expect(memory(desk)).to_be_empty()
    expect(inspector(desk).get_by_text("What else could have come?")).to_be_visible()
    assert written(desk).text_content() == ""


def test_of_a_list_it_is_told_in_which_order_a_stretch_stands(desk: Page) -> None:
    choose_example(desk, "Dinosaur names")
    expect(box(desk, "Training text")).to_have_value(re.compile("saurus"))
    train_to_step(desk, 2)
    write(desk, "", 40)
    expect(memory(desk)).to_contain_text("in the training text, its lines in the order drawn")
