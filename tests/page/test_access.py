"""The page for everybody: no barrier that axe-core knows of, in any phase, by day and by night."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.parts import (
    SENTENCE,
    button,
    generate,
    output,
    pause,
    put_text,
    wait_for_number,
    wait_for_phase,
    watched,
)
from web.tools.steps import NODE_MODULES

AXE = NODE_MODULES / "axe-core" / "axe.min.js"

# By night only the colours are others. No rule asks for style sheets before.
FIND = """async () => {
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const { violations } = await axe.run({
    preload: false,
    resultTypes: ["violations"],
    ...(night ? { runOnly: ["color-contrast"] } : {}),
  });
  return violations;
}"""


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))  # as the debugger may, and no page could
    found = page.evaluate(FIND)
    return [
        f"{each['impact']}: {each['id']}: {node['html']}: {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def barriers_by_day_and_night(page: Page) -> list[str]:
    found = barriers(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate("() => new Promise(requestAnimationFrame)")  # only now do scripts hear of it
    found += barriers(page)
    page.emulate_media(color_scheme="light")
    return found


def open_everything(page: Page) -> None:
    for panel in page.locator("main details:visible").all():
        if not panel.evaluate("panel => panel.open"):
            panel.locator("summary").first.click()


@pytest.fixture
def desk(desk: Page) -> Page:
    """The shared page with every panel open."""
    open_everything(desk)
    return desk


def test_no_barriers_from_ready_to_paused(desk: Page) -> None:
    page = desk
    assert barriers_by_day_and_night(page) == []
    put_text(page, SENTENCE * 20)
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 60)
    expect(output(page, "Live sample")).not_to_be_empty()
    assert barriers_by_day_and_night(page) == []
    pause(page)
    generate(page, "the cat ", 60)
    button(page, "Character before").click()
    button(page, "Check this network").click()
    expect(output(page, "Result of the check")).to_contain_text("right")
    page.get_by_role("checkbox", name="Silence this unit").check()
    expect(output(page, "Loss without it")).to_contain_text("without")
    page.get_by_role("textbox", name="Name").fill("Kept")
    button(page, "Keep this run").click()
    page.get_by_role("checkbox", name="Compare Kept").check()
    expect(page.get_by_role("figure", name="Loss curves compared")).to_be_visible()
    button(page, "Make a link").click()
    expect(page.get_by_role("textbox", name="Link")).to_be_visible()
    page.get_by_role("textbox", name="Training text").press("x")
    assert barriers_by_day_and_night(page) == []
    button(page, "Delete Kept").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers_by_day_and_night(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()


def test_less_motion_means_none(desk: Page) -> None:
    moving = desk.evaluate(
        """() => [...document.querySelectorAll("*")].filter((each) => {
          const { transitionDuration, animationName } = getComputedStyle(each);
          return parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_no_barriers_while_loading_nor_after_a_failure(browser: Browser, site: str) -> None:
    with watched(browser) as page:
        page.route("**/python_stdlib.*", lambda route: None)  # it never comes
        page.goto(site)
        wait_for_phase(page, "loading")
        assert barriers_by_day_and_night(page) == []
        page.goto("about:blank")
        page.unroute_all()
        page.route("**/runtime.json", lambda route: route.fulfill(status=200, body="{}"))
        page.goto(site)
        wait_for_phase(page, "failed")
        assert barriers_by_day_and_night(page) == []


def test_at_twice_the_size_nothing_is_lost(desk: Page) -> None:
    """A window of 1280 pixels at 200 % is one of 640."""
    page = desk
    page.set_viewport_size({"width": 640, "height": 400})
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 5)
    pause(page)
    generate(page, "the", 30)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 640
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    outside = page.evaluate(
        """() => [...document.querySelectorAll("main :is(button, input, select, output, p, h2)")]
          .filter((each) => each.checkVisibility() && !each.closest(".sr-only"))
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
          .map((each) => each.outerHTML.slice(0, 100))"""
    )
    assert outside == []


def test_what_stands_in_a_box_is_no_part_of_its_name(desk: Page) -> None:
    """WebKit takes a label for all that it holds, the words or numbers in a box among it."""
    expect(desk.locator("#length")).to_be_visible()
    inside = desk.locator("label :is(input[type=text], textarea)")
    assert inside.evaluate_all("boxes => boxes.map(box => box.id)") == []
