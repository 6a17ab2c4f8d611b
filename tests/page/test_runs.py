"""Nothing is lost: the page comes back as it was, and runs are kept, compared and deleted."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

import rnn_pkg
from tests.page.parts import (
    BOOT_MS,
    LONGEST_TASK_MS,
    SENTENCE,
    advanced,
    alert,
    booted,
    box,
    button,
    choose_example,
    crash,
    delete_all_runs,
    field,
    in_storage,
    keep,
    load,
    number,
    output,
    pause,
    put_text,
    save,
    save_at_once,
    set_panel,
    start_afresh,
    step_to,
    stutter,
    train_to_step,
    wait_for_number,
    wait_for_phase,
    wait_until,
    wait_until_saved,
    watched,
)
from tests.page.test_files import native_model


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A window of a browser, in which a test may close the tab and open another."""
    with booted(browser, address) as page:
        yield page.context


@pytest.fixture
def page(window: BrowserContext) -> Page:
    """The tab of that window, with a GRU but no run, its panel of kept runs open and empty."""
    page = window.pages[0]
    for other in window.pages[1:]:
        other.close()
    delete_all_runs(page)
    start_afresh(page)
    page.get_by_role("combobox", name="Cell").select_option("GRU")
    return page


def saved_at(page: Page) -> int:
    """The step at which the run is saved, once it is."""
    saved = output(page, "Saved")
    expect(saved).to_contain_text("is saved as it was at step")
    found = re.search(r"at step ([\d,]+)\.", saved.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def train_until_saved(page: Page) -> int:
    """Begin to train, and return the first step at which the run is saved; it goes on."""
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 5)
    save_at_once(page)
    return saved_at(page)


def row(page: Page, name: str) -> Locator:
    """A run of the list."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("button", name=f"Open {name}"))


def reopened(page: Page, address: str) -> Page:
    """Close the tab, and open the page in a new one of the same browser."""
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(address)
    return page


def small_run(page: Page, text: str = SENTENCE * 12, units: int = 12, steps: int = 3) -> None:
    put_text(page, text)
    field(page, "Hidden units").fill(str(units))
    train_to_step(page, steps)


def answer(page: Page, question: str, choice: str) -> None:
    page.get_by_role("dialog", name=question).get_by_role("button", name=choice).click()


def test_a_reload_brings_back_the_run_and_the_boxes(page: Page, tmp_path: Path) -> None:
    small_run(page)
    field(page, "Learning rate").fill("0.004")
    expect(page.get_by_text("learning rate from 0.004")).to_be_visible()
    box(page, "Prompt").fill("the dog")
    field(page, "Length").fill("77")
    page.get_by_role("slider", name="Temperature").fill("1.1")
    box(page, "Training text").fill(SENTENCE * 3)
    field(page, "Hidden units").fill("13")
    shown = [output(page, name).inner_text() for name in ("Step", "Training loss")]
    before = save(page, tmp_path).read_bytes()

    page.reload()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 3)
    expect(output(page, "Engine")).to_have_text("starting")  # Python is not there yet
    wait_for_phase(page, "paused", BOOT_MS)
    assert [output(page, name).inner_text() for name in ("Step", "Training loss")] == shown
    expect(page.get_by_role("combobox", name="Example")).to_have_value("own")
    expect(field(page, "Hidden units")).to_have_value("13")
    expect(field(page, "Learning rate")).to_have_value("0.004")
    expect(box(page, "Prompt")).to_have_value("the dog")
    expect(field(page, "Length")).to_have_value("77")
    expect(page.get_by_role("slider", name="Temperature")).to_have_value("1.1")
    expect(alert(page, "You have changed the text and settings")).to_be_visible()
    assert save(page, tmp_path).read_bytes() == before
    button(page, "Undo the changes").click()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
    expect(field(page, "Hidden units")).to_have_value("12")


def test_boxes_come_back_without_a_run(page: Page) -> None:
    box(page, "Training text").fill(SENTENCE * 2)
    choose_example(page, "Dinosaur names")
    expect(box(page, "Training text")).to_have_value(re.compile("velociraptor"))
    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    expect(page.get_by_role("combobox", name="Example")).to_have_value("dinosaurs")
    expect(box(page, "Training text")).to_have_value(re.compile("velociraptor"))
    choose_example(page, "Your own text")
    expect(box(page, "Training text")).to_have_value(SENTENCE * 2)


def test_a_killed_run_goes_on_bit_for_bit(page: Page, address: str, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # what pytest shows of a failed test
    further = random.Random(seed).randrange(30)

    def prepare(page: Page) -> None:
        put_text(page, SENTENCE * 30)
        field(page, "Hidden units").fill("160")
        field(page, "Seed").fill(str(seed))

    prepare(page)
    first = train_until_saved(page)
    wait_for_number(page, "Step", "number >= target", first + further)
    page = reopened(page, address)
    wait_for_phase(page, "paused", BOOT_MS)
    restored = int(number(page, "Step"))
    assert restored >= first
    step_to(page, restored + 20)
    (tmp_path / "killed").mkdir()
    killed = save(page, tmp_path / "killed")

    button(page, "Reset").click()
    wait_for_phase(page, "ready")
    prepare(page)
    # On a busy machine a pause comes late; the rest is done step by step.
    train_to_step(page, max(restored // 2, 1))
    step_to(page, restored + 20)
    uninterrupted = save(page, tmp_path)
    assert killed.name == uninterrupted.name
    assert killed.read_bytes() == uninterrupted.read_bytes()


def test_a_run_is_kept_under_a_name_while_it_goes_on(
    page: Page, address: str, tmp_path: Path
) -> None:
    expect(page.get_by_text("No run is kept in this browser yet.")).to_be_visible()
    expect(button(page, "Keep this run")).to_be_disabled()
    put_text(page, SENTENCE * 12)
    field(page, "Hidden units").fill("12")
    train_to_step(page, 120)
    expect(box(page, "Name")).to_have_value("the cat sat on the mat a …, GRU 12")
    box(page, "Name").fill("Cat and dog")
    button(page, "Keep this run").click()
    expect(output(page, "Kept")).to_contain_text("It is kept as “Cat and dog”")
    expect(button(page, "Open Cat and dog")).to_be_disabled()

    train_to_step(page, int(number(page, "Step")) + 60)
    wait_until_saved(page)
    trainer = rnn_pkg.load(save(page, tmp_path))
    assert trainer.metrics
    assert trainer.metrics.validation_loss
    expect(row(page, "Cat and dog")).to_contain_text(
        f"GRU, 12 units · step {trainer.metrics.step:,} · "
        f"training loss {trainer.metrics.smooth_loss:.3f} · "
        f"validation loss {trainer.metrics.validation_loss:.3f} · saved "
    )

    page = reopened(page, address)
    wait_for_phase(page, "paused", BOOT_MS)
    set_panel(page, "Kept runs")
    expect(output(page, "Kept")).to_contain_text("It is kept as “Cat and dog”")
    assert number(page, "Step") == trainer.metrics.step


def test_kept_runs_are_opened_compared_renamed_and_deleted(page: Page, tmp_path: Path) -> None:
    small_run(page, units=8, steps=60)
    keep(page, "Eight")
    eight = rnn_pkg.load(save(page, tmp_path))

    field(page, "Hidden units").fill("16")
    button(page, "Start over with the changes").click()
    wait_for_number(page, "Step", "number >= target", 30)
    pause(page)
    keep(page, "Sixteen")
    sixteen = rnn_pkg.load(save(page, tmp_path))

    figure = page.get_by_role("figure", name="Loss curves compared")
    expect(figure).to_be_hidden()
    page.get_by_role("checkbox", name="Compare Eight").check()
    page.get_by_role("checkbox", name="Compare Sixteen").check()
    expect(figure).to_contain_text(f"A: Eight, {last_loss(eight)}")
    expect(figure).to_contain_text(f"B: Sixteen, {last_loss(sixteen)}")
    page.get_by_role("combobox", name="Loss in").select_option("bits")
    expect(figure).to_contain_text(f"A: Eight, {last_loss(eight, 'bits')}")
    page.get_by_role("combobox", name="Loss in").select_option("nats")

    button(page, "Rename Eight").click()
    renaming = page.get_by_role("dialog", name="Rename “Eight”")
    for name, problem in (("Sixteen", "There is a run called “Sixteen”"), (" ", "needs a name")):
        renaming.get_by_role("textbox", name="New name").fill(name)
        renaming.get_by_role("button", name="Rename").click()
        expect(alert(page, problem)).to_be_visible()
    renaming.get_by_role("textbox", name="New name").fill("Small")
    renaming.get_by_role("button", name="Rename").click()
    expect(renaming).to_be_hidden()
    expect(figure).to_contain_text("A: Small, ")

    button(page, "Resume").click()
    button(page, "Open Small").click()
    expect(page.get_by_text("GRU, 8 units · ").first).to_be_visible()
    wait_for_phase(page, "paused")
    assert eight.metrics
    expect(output(page, "Step")).to_have_text(f"{eight.metrics.step:,}")
    expect(field(page, "Hidden units")).to_have_value("8")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(button(page, "Open Small")).to_be_disabled()

    button(page, "Delete Sixteen").click()
    answer(page, "Delete “Sixteen”?", "Keep it")
    expect(button(page, "Delete Sixteen")).to_be_focused()
    button(page, "Delete Sixteen").click()
    answer(page, "Delete “Sixteen”?", "Delete it")
    expect(row(page, "Sixteen")).to_have_count(0)
    expect(figure).not_to_contain_text("Sixteen")

    button(page, "Delete Small").click()
    answer(page, "Delete “Small”?", "Delete it")
    expect(page.get_by_text("No run is kept in this browser yet.")).to_be_visible()
    wait_for_phase(page, "ready")
    expect(output(page, "Step")).to_have_text("–")
    expect(figure).to_be_hidden()
    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    expect(box(page, "Training text")).to_have_value(SENTENCE * 12)


def last_loss(trainer: rnn_pkg.Trainer, unit: str = "nats") -> str:
    """How the chart tells the end of a run's curve."""
    curve = trainer.curve
    measured = [
        (step, loss)
        for step, loss in zip(curve.step, curve.validation, strict=True)
        if loss is not None
    ]
    kind = "validation" if measured else "training"
    step, nats = measured[-1] if measured else (curve.step[-1], curve.train[-1])
    loss = nats / math.log(2) if unit == "bits" else nats
    return f"{kind} loss {loss:.3f} {unit} at step {step:,}"


def test_of_two_readings_of_the_kept_runs_the_later_is_shown(page: Page) -> None:
    small_run(page)
    keep(page, "one")
    start_afresh(page)
    expect(row(page, "one")).not_to_contain_text("on this page")
    page.evaluate(
        """() => {
          const { getAll } = IDBObjectStore.prototype;
          IDBObjectStore.prototype.getAll = function () {
            IDBObjectStore.prototype.getAll = getAll;  // the first alone is slow
            const request = getAll.call(this);
            return new Promise((resolve) => {
              window.finish = () => { resolve(request.result); return new Promise(setTimeout); };
            });
          };
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    wait_until(page, "() => window.finish")
    button(page, "Delete one").click()
    answer(page, "Delete “one”?", "Delete it")
    expect(page.get_by_text("No run is kept in this browser yet.")).to_be_visible()
    page.evaluate("() => window.finish()")
    assert row(page, "one").count() == 0  # at once: the list is read again soon


def test_a_slip_on_reset_loses_nothing(page: Page, tmp_path: Path) -> None:
    small_run(page, steps=5)
    step = output(page, "Step").inner_text()
    before = save(page, tmp_path).read_bytes()
    button(page, "Reset").click()
    button(page, "Open Last run before this").click()
    expect(output(page, "Step")).to_have_text(step)
    assert save(page, tmp_path).read_bytes() == before
    expect(row(page, "Last run before this")).to_have_count(0)

    button(page, "Reset").click()
    put_text(page, SENTENCE * 2)
    button(page, "Open Last run before this").click()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
    expect(output(page, "Step")).to_have_text(step)

    _, path = native_model(tmp_path)
    load(page, path)
    answer(page, "Replace the present run?", "Replace it")
    expect(output(page, "Step")).to_have_text("5")
    expect(box(page, "Training text")).to_have_value(SENTENCE * 9)
    expect(row(page, "Last run before this")).to_contain_text(f"step {step} ")

    # There is one such place: the run before the last is gone.
    button(page, "Reset").click()
    expect(row(page, "Last run before this")).to_contain_text("LSTM, 24 units · step 5 ")
    expect(page.get_by_role("listitem").filter(has_text="12 units")).to_have_count(0)


def test_a_crash_costs_no_more_than_the_last_seconds(page: Page) -> None:
    put_text(page, SENTENCE * 12)
    train_until_saved(page)
    crash(page)
    found = alert(page, "The training run is kept as it was at step ")
    expect(found).to_be_visible()
    step = re.search(r"at step ([\d,]+)", found.inner_text())
    assert step
    button(page, "Try again").click()
    wait_for_phase(page, "paused", BOOT_MS)
    expect(output(page, "Step")).to_have_text(step[1])
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_crash_before_anything_is_saved_keeps_the_text(page: Page) -> None:
    box(page, "Training text").fill(SENTENCE * 3)
    button(page, "Train").click()
    expect(output(page, "Step")).to_have_text(re.compile(r"^[\d,]+$"))
    crash(page)
    expect(alert(page, "no memory left")).to_contain_text("The training run is lost")
    expect(button(page, "Train")).to_be_disabled()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 3)
    button(page, "Try again").click()
    wait_for_phase(page, "ready", BOOT_MS)
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 2)


DAMAGE = in_storage("""
  const models = database.transaction("models", "readwrite").objectStore("models");
  const [id] = await asked(models.getAllKeys());
  await asked(models.put(new Uint8Array(100), id));
""")


def test_a_damaged_run_is_told_of_and_left_where_it_is(page: Page) -> None:
    small_run(page)
    keep(page, "Damaged")
    wait_until_saved(page)
    page.evaluate(DAMAGE)
    page.reload()
    wait_for_phase(page, "ready", BOOT_MS)
    expect(alert(page, "The run that was here can’t be read: not a model file")).to_be_visible()
    expect(box(page, "Training text")).to_have_value(SENTENCE * 12)
    expect(field(page, "Hidden units")).to_have_value("12")
    set_panel(page, "Kept runs")
    button(page, "Open Damaged").click()
    expect(alert(page, "“Damaged” can’t be opened: not a model file")).to_be_visible()
    button(page, "Step").click()
    expect(output(page, "Step")).to_have_text("1")
    wait_until_saved(page)
    expect(row(page, "Damaged")).to_be_visible()
    button(page, "Delete Damaged").click()
    answer(page, "Delete “Damaged”?", "Delete it")
    expect(row(page, "Damaged")).to_have_count(0)
    expect(output(page, "Step")).to_have_text("1")


def test_two_tabs_have_a_run_each(page: Page, address: str) -> None:
    small_run(page, units=8)
    keep(page, "First")
    first = number(page, "Step")
    second = page.context.new_page()
    second.goto(address)
    wait_for_phase(second, "ready", BOOT_MS)
    expect(box(second, "Training text")).to_have_value(re.compile("^The Red Boat"))
    set_panel(second, "Kept runs")
    expect(row(second, "First")).to_contain_text("open in another tab")
    expect(button(second, "Open First")).to_be_disabled()
    # They train at the same time.
    put_text(second, SENTENCE * 9)
    field(second, "Hidden units").fill("9")
    button(page, "Resume").click()
    button(second, "Train").click()
    steps = []
    for tab, least in ((page, first + 3), (second, 6)):
        wait_for_number(tab, "Step", "number >= target", least)
        pause(tab)
        wait_until_saved(tab)
        steps.append(output(tab, "Step").inner_text())
    for tab, step, text in zip((page, second), steps, (SENTENCE * 12, SENTENCE * 9), strict=True):
        tab.reload()
        wait_for_phase(tab, "paused", BOOT_MS)
        expect(output(tab, "Step")).to_have_text(step)
        expect(box(tab, "Training text")).to_have_value(text)


def test_saving_a_large_text_never_holds_up_the_page(page: Page, tmp_path: Path) -> None:
    text = "".join(f"{number} bottles standing on the wall\n" for number in range(28_000))
    path = tmp_path / "bottles.txt"
    path.write_text(text)
    page.get_by_label("Open text file").set_input_files(path)
    expect(page.get_by_text(f"{len(text):,} characters")).to_be_visible()
    advanced(page).click()
    field(page, "Workers").fill("1")  # only the first one saves
    button(page, "Train").click()
    wait_for_number(page, "Step", "number >= target", 3)

    def save_and_compare() -> None:
        first = saved_at(page)  # which it is by itself
        save_at_once(page)
        expect(output(page, "Saved")).not_to_contain_text(f"at step {first:,}.")
        page.get_by_role("checkbox", name="Compare").check()
        expect(page.get_by_role("figure", name="Loss curves compared")).to_be_visible()
        page.get_by_role("checkbox", name="Compare").uncheck()

    assert stutter(page, save_and_compare) < LONGEST_TASK_MS


PATCHES = {
    "forbidden": (
        "IDBFactory.prototype.open = () => {"
        " throw new DOMException('not in this window', 'SecurityError'); };"
    ),
    "full": (
        "self.put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = () => {"
        " throw new DOMException('no room', 'QuotaExceededError'); };"
    ),
}


def break_storage(context: BrowserContext, kind: str) -> None:
    """Have IndexedDB fail in the page and in its worker."""
    context.add_init_script(PATCHES[kind])

    def patched(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=PATCHES[kind] + response.text())

    context.route("**/worker.js", patched)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("forbidden", "This browser does not save the page: it says: not in this window"),
        ("full", "This browser does not save the page: its storage is full"),
    ],
)
def test_without_storage_training_goes_on(
    browser: Browser, address: str, kind: str, reason: str
) -> None:
    with watched(browser) as page:
        break_storage(page.context, kind)
        page.goto(address)
        wait_for_phase(page, "ready", BOOT_MS)
        expect(page.get_by_role("alert")).to_have_count(0)
        button(page, "Train").click()
        wait_for_number(page, "Step", "number >= target", 1)
        save_at_once(page)
        trouble = alert(page, reason)
        expect(trouble).to_contain_text("“Save model” keeps the run in a file")
        step = number(page, "Step")
        wait_for_number(page, "Step", "number > target", step + 5)
        pause(page)
        set_panel(page, "Kept runs")
        expect(output(page, "Saved")).to_have_text("The run on the page is not saved yet.")
        step_shown = output(page, "Step").inner_text()
        button(page, "Reset").click()
        asked = page.get_by_role("dialog", name="Lose the present run?")
        expect(asked).to_contain_text("This browser does not save the present run")
        asked.get_by_role("button", name="Keep it").click()
        expect(output(page, "Step")).to_have_text(step_shown)
        field(page, "Seed").fill("7")
        button(page, "Start over with the changes").click()
        answer(page, "Lose the present run?", "Keep it")
        button(page, "Undo the changes").click()
        expect(output(page, "Step")).to_have_text(step_shown)
        box(page, "Name").fill("In vain")
        button(page, "Keep this run").click()
        expect(alert(page, "The run could not be saved")).to_be_visible()
        expect(trouble).to_have_count(1)
        if kind == "full":
            mend = "() => { IDBObjectStore.prototype.put = self.put; }"
            page.evaluate(mend)
            page.workers[0].evaluate(mend)
            button(page, "Keep this run").click()
            expect(output(page, "Kept")).to_contain_text("“In vain”")
            expect(page.get_by_role("alert")).to_have_count(0)
        else:
            button(page, "Reset").click()
            expect(asked).to_be_visible()
            # It is refused and asked again before the browser has told that it was closed.
            page.evaluate("""() => {
              for (const id of ["ask-no", "reset"]) document.getElementById(id).click();
            }""")
            asked.get_by_role("button", name="Reset").click()
            wait_for_phase(page, "ready")
            expect(button(page, "Train")).to_be_focused()
