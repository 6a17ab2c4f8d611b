"""A large text leaves the page as quick as a small one."""

from __future__ import annotations

import random
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.page.parts import (
    SOON_MS,
    button,
    generate,
    output,
    pause,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)

LONGEST_TASK_MS = 100
WORDS = ["the", "a", "old", "red", "boat", "river", "duck", "frog", "went", "said", "and", "moon"]

WATCH_LONG_TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) tasks.push([duration, startTime]);
  }).observe({ type: "longtask" });
}"""


def large_text() -> str:
    """A megabyte of words, in lines."""
    rng = random.Random(0)
    text = ""
    while len(text) < 1_000_000:
        text += " ".join(rng.choices(WORDS, k=2000)).replace("moon ", "moon.\n")
    return text


def longest_task(page: Page) -> float:
    """How long the page was deaf to its reader since this was last asked, in milliseconds."""
    longest = page.evaluate("() => Math.max(0, ...tasks.splice(0).map(([duration]) => duration))")
    return float(longest)


def test_a_megabyte_of_text_trains_and_is_looked_into_without_a_stutter(
    ready_page: Page, tmp_path: Path
) -> None:
    page = ready_page
    text = large_text()
    path = tmp_path / "large.txt"
    path.write_text(text)
    page.get_by_label("Open text file").set_input_files(path)
    expect(page.get_by_text(f"{len(text):,} characters")).to_be_visible(timeout=SOON_MS)

    page.evaluate(WATCH_LONG_TASKS)
    longest: dict[str, float] = {}

    def note(doing: str) -> None:
        """Go on for some steps more, then note the longest task since the last note."""
        step = int(page.get_by_role("status", name="Step").inner_text().replace(",", ""))
        wait_for_number(page, "Step", "number >= target", step + 20)
        longest[doing] = longest_task(page)

    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 1)
    expect(page.get_by_role("figure", name="Loss curve")).to_contain_text(
        "3-gram", timeout=2 * SOON_MS
    )
    note("beginning to train")
    for heading in page.locator("main summary").all():
        heading.click()
        note(f"opening {heading.inner_text()}")
    button(page, "Generate").click()
    expect(button(page, "Stop writing")).to_be_hidden(timeout=SOON_MS)
    note("writing")
    pause(page)
    wait_for_phase(page, "paused")
    longest["pausing"] = longest_task(page)
    print(longest)
    assert max(longest.values()) < LONGEST_TASK_MS, longest


def long_tasks(page: Page) -> list[float]:
    """The lengths of all long tasks since this was last asked, in milliseconds."""
    return list(page.evaluate("() => tasks.splice(0).map(([duration]) => duration)"))


def test_ten_thousand_characters_are_written_and_looked_at_without_a_stutter(desk: Page) -> None:
    train_to_step(desk, 20)
    desk.evaluate(WATCH_LONG_TASKS)
    text = generate(desk, "The ", 10_000)
    expect(desk.get_by_text("word for word")).to_contain_text("of 10,000", timeout=SOON_MS)
    tasks = long_tasks(desk)
    # To find an element by its role takes the page itself a while: not counted.
    written = output(desk, "Generated text").element_handle()
    long_tasks(desk)
    for key in ("End", "ArrowUp", "Home", "ArrowDown", "ArrowRight"):
        written.press(key)
    written.hover()
    tasks += long_tasks(desk)
    other = desk.get_by_role("button", name=re.compile("^continue with")).last.element_handle()
    long_tasks(desk)
    other.click()
    desk.wait_for_function("output => output.textContent.length < 9000", arg=written)
    desk.wait_for_function(
        "output => output.getAttribute('aria-busy') === 'false'", arg=written, timeout=SOON_MS
    )
    tasks += long_tasks(desk)
    assert len(written.text_content() or "") == len(text)
    # Of the thousands of tasks, a busy machine may interrupt one or two.
    assert max(tasks, default=0) < 4 * LONGEST_TASK_MS, tasks
    assert sum(task >= LONGEST_TASK_MS for task in tasks) < 3, tasks
