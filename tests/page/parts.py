"""The parts of the page by role and name, and the states that tests wait for."""

from __future__ import annotations

import base64
import json
import math
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    JSHandle,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
)

from tests.browser import SHELL, launch

BOOT_MS = 120_000
SOON_MS = 60_000  # for whatever takes a moment, which on a busy machine is long

expect.set_options(timeout=SOON_MS)

DESKTOP = ViewportSize(width=1280, height=800)

STILL: Literal["reduce"] = "reduce"  # a button that fades is drawn seven times
MOVING: Literal["no-preference"] = "no-preference"  # as most people have it

LONGEST_TASK_MS = 100  # so long at most the page may be deaf to its reader

# Nothing in a page can reach its workers but the page; so this remembers them, for tests to end.
REMEMBER_WORKERS = """
  window.workersOfPage = [];
  window.Worker = class extends Worker {
    constructor(...values) {
      super(...values);
      workersOfPage.push(this);
    }
  };
"""

ON_PURPOSE = "on purpose"  # what an error says that a test has caused: it is no trouble

SENTENCE = "the cat sat on the mat and the dog sat on the log. "


@contextmanager
def chromium(
    playwright: Playwright, requests: list[str], flags: Sequence[str] = ()
) -> Iterator[Browser]:
    """A browser, if possible without windows, that notes what its pages and workers ask for."""
    browser = launch(playwright, flags, shutil.which(SHELL))
    open_context = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        # Most tests are not about what is kept for a page without a network.
        context = open_context(**{"service_workers": "block"} | options)
        context.on("request", lambda request: requests.append(request.url))
        return context

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(browser, "new_context", new_context)
    yield browser
    browser.close()


@contextmanager
def booted(browser: Browser, address: str, **context_options: Any) -> Iterator[Page]:
    """A page of its own, ready for Train; for many tests in turn, or with a context's options."""
    with watched(browser, **context_options) as page:
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        yield page


@contextmanager
def watched(browser: Browser, **context_options: Any) -> Iterator[Page]:
    """A fresh page; any error in it fails the test, and so does what its policy forbids."""
    usual = {"viewport": DESKTOP, "reduced_motion": STILL}
    context = browser.new_context(**usual | context_options)
    context.set_default_timeout(SOON_MS)
    trouble: list[str] = []
    context.on("weberror", lambda error: trouble.append(f"uncaught: {error.error}"))
    context.on(
        "console",
        lambda message: (
            trouble.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    yield context.new_page()
    context.close()
    trouble = [each for each in trouble if ON_PURPOSE not in each]
    assert not trouble, "\n".join(trouble)


def wait_for_phase(page: Page, phase: str, timeout: float = SOON_MS) -> None:
    is_there = "phase => document.documentElement.dataset.phase === phase"
    wait_until(page, is_there, phase, timeout)


def wait_until(
    page: Page, condition: str, arg: object = None, timeout: float = SOON_MS
) -> JSHandle:
    """Wait until a JavaScript function says yes, and return what it says.

    It is asked more often than Playwright looks for an element, and not with each picture of the
    page, as Playwright would do: then one would have to be drawn.
    """
    return page.wait_for_function(condition, arg=arg, polling=20, timeout=timeout)


def keep_python_away(page: Page) -> None:
    """Have Python never come, where a test can do without it: it takes long to start."""
    page.route("**/runtime.json", lambda route: None)


def crash(page: Page) -> None:
    """Have the worker end in which Python runs, with an error."""
    error = f"no memory left, {ON_PURPOSE}"
    page.workers[0].evaluate(f"() => {{ setTimeout(() => {{ throw new Error('{error}') }}) }}")
    wait_for_phase(page, "failed")


def start_afresh(page: Page) -> None:
    """No run, the default example, no messages, whatever a test before left behind."""
    page.set_viewport_size(DESKTOP)
    leave_run(page)
    choose_anew(page, "text", "stories", "The Red Boat")


def leave_run(page: Page) -> None:
    """Press Reset, from within the page: nearly every test begins so, and Playwright takes long."""
    page.evaluate("() => { document.getElementById('reset').click(); }")  # nothing, if disabled
    wait_for_phase(page, "ready")


def choose_anew(page: Page, place: str, key: str, beginning: str) -> None:
    """Choose an example, as if nothing had been changed in it, and empty the prompt.

    Args:
        place: the page's, "text" or "numbers".
        key: of the example.
        beginning: what stands at its beginning.
    """
    page.evaluate(
        """([place, key]) => {
          const put = (id, value, event) => {
            const box = document.getElementById(id);
            box.value = value;
            box.dispatchEvent(new Event(event));
          };
          put(`${place}-example`, "own", "change");
          put(`${place}-example`, key, "change");
          put("prompt", "", "input");
        }""",
        [place, key],
    )
    wait_until(
        page,
        """([place, beginning]) =>
          document.getElementById(`${place}-box`).value.startsWith(beginning)
          && document.getElementById(`${place}-forget`).hidden  // it is nobody's own""",
        [place, beginning],
    )


def put_back(page: Page, beginning: str) -> None:
    """A page as it was when it was opened, whatever the tests of another file have left behind.

    Args:
        page: at any place, with or without a run.
        beginning: the link that it made when it was opened.
    """
    page.evaluate("() => { location.hash = '#text'; }")
    expect(page.get_by_role("link", name="Text", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    start_afresh(page)
    delete_all_runs(page)
    page.evaluate(
        "() => document.querySelectorAll('details[open]').forEach((each) => { each.open = false; })"
    )
    # The first link brings the settings; by the second, nobody has chosen them.
    known = unpack(beginning) | {"example": "none"}
    for prompt, settings in (("as it was", known["settings"]), ("", {})):
        box(page, "Prompt").fill("mine")  # for the page to ask, each time
        link = pack(known | {"prompt": prompt, "settings": settings})
        page.evaluate("hash => { location.hash = hash; }", link)
        press(page, "ask-yes")
        expect(box(page, "Prompt")).to_have_value(prompt)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def box(page: Page, name: str) -> Locator:
    """A text box, by its name."""
    return page.get_by_role("textbox", name=name, exact=True)


def field(page: Page, name: str) -> Locator:
    """A box for a number, by its name."""
    return page.get_by_role("spinbutton", name=name, exact=True)


def output(page: Page, name: str) -> Locator:
    return page.get_by_role("status", name=name, exact=True)


def number(page: Page, name: str) -> float:
    """The number an output shows."""
    return float(output(page, name).inner_text().replace(",", ""))


def alert(page: Page, words: str) -> Locator:
    """An alert that says these words."""
    return page.get_by_role("alert").filter(has_text=words)


def advanced(page: Page, panel: str = "Network") -> Locator:
    """What unfolds the seldom used settings of a panel."""
    return page.get_by_role("region", name=panel, exact=True).get_by_text("Advanced")


def set_panel(page: Page, name: str, *, open: bool = True) -> None:
    """Open a panel, or close it."""
    heading = page.get_by_role("heading", name=name)
    panel = page.get_by_role("group").filter(has=heading)
    if panel.evaluate("panel => panel.open") != open:
        heading.click()


def drop_nothing(page: Page) -> None:
    """Have the network learn its text by heart, as soon as it can."""
    advanced(page).click()
    for name in ("Dropout", "Input dropout"):
        field(page, name).fill("0")


def choose_example(page: Page, label: str) -> None:
    page.get_by_role("combobox", name="Example").select_option(label)


def put_text(page: Page, text: str) -> None:
    """Put a text into the box, and wait until Python has counted it."""
    box(page, "Training text").fill(text)
    characters = f"{len(text):,} characters, {len(set(text)):,} distinct"
    expect(page.get_by_text(characters, exact=True)).to_be_visible()


def train_to_step(page: Page, step: int) -> None:
    """Train until this step is reached, then pause."""
    press_train(page)
    wait_for_number(page, "Step", "number >= target", step)
    press_train(page)
    wait_for_phase(page, "paused")


def press_train(page: Page) -> None:
    """Press Train, Resume or Pause."""
    press(page, "train")


def press(page: Page, name: str) -> None:
    """Press the button of this id as soon as it can be pressed, from within the page: Playwright
    takes longer than a step, and waits until the page was drawn twice.
    """
    wait_until(
        page,
        """id => {
          const button = document.getElementById(id);
          if (button.disabled || !button.checkVisibility()) return false;
          button.click();
          return true;
        }""",
        name,
    )


def step_to(page: Page, target: int) -> None:
    """Go on to a step exactly, one by one: a pause may come some steps too late.

    The button is pressed from within the page: Playwright would take longer than the training.
    """
    page.evaluate(
        """([button, output, target]) => {
          let pressed = -1;
          const press = () => {
            const step = parseInt(output.textContent.replaceAll(",", "")) || 0;  // none before
            if (step >= target) return;
            if (step > pressed && !button.disabled) {
              pressed = step;
              button.click();
            }
            setTimeout(press, 1);
          };
          press();
        }""",
        [button(page, "Step").element_handle(), output(page, "Step").element_handle(), target],
    )
    wait_for_number(page, "Step", "number === target", target)


def pause(page: Page) -> None:
    button(page, "Pause").click()
    wait_for_phase(page, "paused")


def wait_for_number(page: Page, name: str, condition: str, target: float) -> None:
    """Wait until a JavaScript condition on `number` and `target` holds for an output's number."""
    handle = output(page, name).element_handle()
    wait_until(
        page,
        "([output, target]) => { const number = parseFloat(output.textContent.replace(/,/g, ''));"
        f" return {condition}; }}",
        [handle, target],
    )


def generate(page: Page, prompt: str = "", length: int = 40) -> str:
    """Have the network write a text to its end; return it with the prompt."""
    box(page, "Prompt").fill(prompt)
    field(page, "Length").fill(str(length))
    button(page, "Generate").click()
    wait_for_text_length(page, len(prompt) + length)
    return output(page, "Generated text").text_content() or ""


def wait_for_text_length(page: Page, characters: int) -> None:
    """Wait until the generated text has exactly so many code points."""
    wait_until(
        page,
        "([output, length]) => [...output.textContent].length === length"
        " && output.getAttribute('aria-busy') === 'false'",
        [output(page, "Generated text").element_handle(), characters],
    )


def save(page: Page, folder: Path) -> Path:
    """Save the model; return the file."""
    with page.expect_download() as download:
        button(page, "Save model").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def load(page: Page, path: Path) -> None:
    """Choose a model file."""
    page.get_by_label("Load model").set_input_files(path)


def make_link(page: Page) -> str:
    button(page, "Make a link").click()
    expect(box(page, "Link")).to_have_value(re.compile("#setup="))
    return box(page, "Link").input_value()


def pack(value: object) -> str:
    """A link's end, as the page makes it."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = deflate.compress(json.dumps(value).encode()) + deflate.flush()
    return "#setup=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(link: str) -> dict[str, Any]:
    """What a link carries."""
    packed = base64.urlsafe_b64decode(link.partition("#setup=")[2] + "===")
    carried: dict[str, Any] = json.loads(zlib.decompress(packed, -zlib.MAX_WBITS))
    return carried


@contextmanager
def tasks(page: Page) -> Iterator[list[float]]:
    """For how long the page is deaf to its reader while something is done: its tasks, when that is
    over, in milliseconds. What counts is the processor's time, so others may compute beside it.
    """
    browser = page.context.browser
    assert browser
    page.emulate_media(reduced_motion=MOVING)
    browser.start_tracing(page=page, categories=["toplevel"])
    found: list[float] = []
    try:
        yield found
    finally:
        events = json.loads(browser.stop_tracing())["traceEvents"]
        page.emulate_media(reduced_motion=STILL)
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    found += [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask"
        if (event["pid"], event["tid"]) in threads
        if "tdur" in event  # not of what was going on when it began or ended
    ]
    assert found


def stutter(page: Page, action: Callable[[], None], limit: float = LONGEST_TASK_MS) -> float:
    """The longest task of the page while this is done, in milliseconds.

    The page's own work is the same each time, and a busy machine holds it up only now and then: so
    of up to three times the best counts.
    """
    best = math.inf
    for _ in range(3):
        with tasks(page) as found:
            action()
        best = min(best, max(found))
        if best < limit:
            break
    return best


def in_storage(script: str) -> str:
    """A function for the page to run, of a script that has its `database`; what it has `asked` for
    is waited for."""
    return f"""async () => {{
      const asked = (request) => new Promise((resolve) => {{
        request.onsuccess = () => resolve(request.result);
      }});
      const [{{ name }}] = await indexedDB.databases();
      const database = await asked(indexedDB.open(name));
      try {{{script}}} finally {{ database.close(); }}
    }}"""


def save_at_once(page: Page) -> None:
    """Have the page save what it shows now, as when it is left, rather than some seconds later."""
    page.evaluate("() => { dispatchEvent(new Event('beforeunload')); }")


def wait_until_saved(page: Page) -> int:
    """Have the run on the page, which is paused, be saved; return the step at which it is."""
    save_at_once(page)
    step = output(page, "Step").inner_text()
    if not output(page, "Saved").count():
        page.get_by_role("heading", name="Kept runs").click()
    expect(output(page, "Saved")).to_contain_text(f"at step {step}.")
    return int(step.replace(",", ""))


def keep(page: Page, name: str) -> None:
    box(page, "Name").fill(name)
    button(page, "Keep this run").click()
    expect(output(page, "Kept")).to_contain_text(f"“{name}”")


def delete_all_runs(page: Page) -> None:
    set_panel(page, "Kept runs")
    none = page.get_by_text("No run is kept in this browser yet.")
    delete = page.get_by_role("button", name=re.compile("^Delete "))
    expect(none.or_(delete.first)).to_be_visible()
    keep_present = button(page, "Keep this run")
    if keep_present.count() and keep_present.is_enabled():
        keep(page, "The present run")  # for it to stand in the list, too
        expect(button(page, "Delete The present run")).to_be_visible()
    # The list may change by itself: a run that has just been left ousts the one before it.
    # So each is found and pressed in one.
    pressed = """() => {
      const none = document.getElementById("no-runs");
      if (none.textContent && none.checkVisibility()) return "none";
      const row = document.querySelector("#runs > li");
      const button = row?.querySelector("button:last-child:enabled");
      button?.click();
      return button && row;
    }"""
    while row := wait_until(page, pressed).as_element():
        press(page, "ask-yes")
        wait_until(page, "row => !row.isConnected", row)
