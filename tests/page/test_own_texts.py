"""A text that somebody has typed or opened can be had again, and Ctrl+Z is what it is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.page.parts import (
    BOOT_MS,
    SENTENCE,
    booted,
    box,
    button,
    choose_example,
    field,
    in_storage,
    keep_python_away,
    load,
    output,
    put_text,
    set_panel,
    wait_for_phase,
    watched,
)
from tests.page.test_files import native_model

OWN = "The quick brown fox jumps over the lazy dog."


@pytest.fixture
def desk(desk: Page) -> Page:
    """The shared page, on which nobody has a text of their own."""
    forget_all(desk)
    return desk


@pytest.fixture
def bare(browser: Browser, address: str) -> Iterator[Page]:
    """A page that can be reloaded in no time, in a browser that has kept nothing yet."""
    with watched(browser) as page:
        keep_python_away(page)
        page.goto(address)
        expect(text_box(page)).to_have_value(re.compile("^The Red Boat"))
        yield page


def text_box(page: Page) -> Locator:
    return box(page, "Training text")


def examples(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Example")


def expect_own(page: Page, text: str, *earlier: str) -> None:
    """The own text in the box, and what the list offers as earlier ones."""
    expect(text_box(page)).to_have_value(text)
    expect(examples(page)).to_have_value("own")
    expect_earlier(page, *earlier)


def expect_earlier(page: Page, *earlier: str) -> None:
    options = examples(page).get_by_role("option").filter(has_text="Earlier: ")
    expect(options).to_have_text([f"Earlier: {words}" for words in earlier])


def expect_example(page: Page, key: str, text: str) -> None:
    expect(examples(page)).to_have_value(key)
    expect(text_box(page)).to_have_value(text)


def press(page: Page, *keys: str) -> None:
    """Press keys in the text box, wherever the caret is in it."""
    text_box(page).focus()
    for key in keys:
        page.keyboard.press(key)


def type_over(page: Page, text: str) -> None:
    press(page, "ControlOrMeta+a")
    page.keyboard.type(text)


def open_text(page: Page, folder: Path, text: str) -> None:
    path = folder / "opened.txt"
    path.write_text(text, "utf-8")
    page.get_by_label("Open text file").set_input_files(path)
    expect(text_box(page)).to_have_value(text)


def answer(page: Page, question: str, choice: str) -> None:
    page.get_by_role("dialog", name=question).get_by_role("button", name=choice).click()


def forget(page: Page) -> None:
    before = text_box(page).input_value()
    button(page, "Forget this text").click()
    answer(page, "Forget this text?", "Forget it")
    expect(text_box(page)).not_to_have_value(before)


def forget_all(page: Page) -> None:
    choose_example(page, "Your own text")
    press(page, "x")  # so that there is something to be forgotten
    while button(page, "Forget this text").is_visible():
        forget(page)
    expect(text_box(page)).to_have_value(re.compile("^The Red Boat"))


def expect_nothing_to_undo(page: Page) -> None:
    """No key changes anything, here or in another box."""
    before = text_box(page).input_value()
    prompt = box(page, "Prompt").input_value()
    for key in ("z", "z", "z", "y", "y", "y", "Shift+z", "Shift+z"):
        press(page, f"ControlOrMeta+{key}")
        expect(text_box(page)).to_be_focused()
        expect(text_box(page)).to_have_value(before)
        expect(box(page, "Prompt")).to_have_value(prompt)


def expect_edits_undone(page: Page) -> None:
    """Edits are undone one after another to the text that was put there, no further, and redone."""
    before = text_box(page).input_value()
    press(page, "ControlOrMeta+End", "a", "ControlOrMeta+Home", "b")
    for key, text in (
        *(("z", f"{before}a"), ("z", before), ("z", before)),
        *(("y", f"{before}a"), ("y", f"b{before}a"), ("y", f"b{before}a")),
        *(("z", f"{before}a"), ("z", before), ("z", before)),
    ):
        press(page, f"ControlOrMeta+{key}")
        expect(text_box(page)).to_have_value(text)


def test_ctrl_z_in_an_example_leaves_one_s_own_text_alone(desk: Page) -> None:
    box(desk, "Prompt").press_sequentially("the ")
    type_over(desk, OWN)
    expect_own(desk, OWN)
    choose_example(desk, "Dinosaur names")
    expect(text_box(desk)).to_have_value(re.compile("velociraptor"))
    text_box(desk).click()
    expect_nothing_to_undo(desk)
    expect(examples(desk)).to_have_value("dinosaurs")
    choose_example(desk, "Your own text")
    expect_own(desk, OWN)
    expect_nothing_to_undo(desk)
    expect_edits_undone(desk)
    expect_own(desk, OWN)


def test_each_box_undoes_what_was_done_there(desk: Page) -> None:
    stories = text_box(desk).input_value()
    press(desk, "ControlOrMeta+Home", "x")
    prompt = box(desk, "Prompt")
    prompt.press_sequentially("the ")
    prompt.press("ControlOrMeta+z")
    expect(prompt).to_have_value("")
    prompt.press("ControlOrMeta+z")
    prompt.press_sequentially("a ")
    expect(text_box(desk)).to_have_value(f"x{stories}")
    press(desk, "ControlOrMeta+z")
    expect_example(desk, "stories", stories)
    expect(text_box(desk)).to_be_focused()
    expect(prompt).to_have_value("a ")


def test_edits_of_an_example_are_undone_to_the_example(desk: Page) -> None:
    stories = text_box(desk).input_value()
    expect_nothing_to_undo(desk)
    expect_edits_undone(desk)
    expect_example(desk, "stories", stories)
    expect_earlier(desk)


def put_a_key_in_an_example(page: Page) -> str:
    """With a text of one's own, press a key in an example; return the example."""
    stories = text_box(page).input_value()
    type_over(page, OWN)
    choose_example(page, "Short stories")
    expect_example(page, "stories", stories)
    press(page, "ControlOrMeta+Home", "x")
    expect_own(page, f"x{stories}", "The quick brown fox jump …")
    return stories


@pytest.mark.parametrize("back", ["ControlOrMeta+z", "Backspace"])
def test_a_key_in_an_example_begins_another_text(desk: Page, back: str) -> None:
    stories = put_a_key_in_an_example(desk)
    press(desk, back)
    expect_example(desk, "stories", stories)
    expect_earlier(desk)
    choose_example(desk, "Your own text")
    expect_own(desk, OWN)


def test_a_key_in_an_example_costs_nothing_after_a_reload_either(bare: Page) -> None:
    stories = put_a_key_in_an_example(bare)
    bare.reload()
    expect_own(bare, f"x{stories}", "The quick brown fox jump …")
    expect_nothing_to_undo(bare)
    choose_example(bare, "Earlier: The quick brown fox jump …")
    expect_own(bare, OWN, "xThe Red Boat")
    bare.reload()
    expect_own(bare, OWN, "xThe Red Boat")
    choose_example(bare, "Dinosaur names")
    expect(text_box(bare)).to_have_value(re.compile("velociraptor"))
    bare.reload()
    expect(text_box(bare)).to_have_value(re.compile("velociraptor"))
    expect_earlier(bare, "xThe Red Boat")
    choose_example(bare, "Your own text")
    expect_own(bare, OWN, "xThe Red Boat")


def test_a_file_leaves_the_texts_before_it_within_reach(desk: Page, tmp_path: Path) -> None:
    type_over(desk, OWN)
    open_text(desk, tmp_path, "one")
    expect_own(desk, "one", "The quick brown fox jump …")
    expect_nothing_to_undo(desk)
    expect_edits_undone(desk)
    open_text(desk, tmp_path, "two")
    expect_own(desk, "two", "one", "The quick brown fox jump …")
    choose_example(desk, "Earlier: The quick brown fox jump …")
    expect_own(desk, OWN, "two", "one")
    expect_nothing_to_undo(desk)


def test_a_model_and_a_run_that_is_opened_leave_one_s_text_within_reach(
    desk: Page, tmp_path: Path
) -> None:
    trainer, path = native_model(tmp_path)
    words = "the cat sat on the mat a …"
    type_over(desk, OWN)
    load(desk, path)
    wait_for_phase(desk, "paused")
    expect_own(desk, trainer.text, "The quick brown fox jump …")
    expect_nothing_to_undo(desk)
    expect_edits_undone(desk)
    type_over(desk, "mine")
    expect_own(desk, "mine", words, "The quick brown fox jump …")
    button(desk, "Undo the changes").click()
    expect_own(desk, trainer.text, "mine", "The quick brown fox jump …")
    expect_nothing_to_undo(desk)

    button(desk, "Reset").click()
    open_text(desk, tmp_path, "another")
    set_panel(desk, "Kept runs")
    button(desk, "Open Last run before this").click()
    wait_for_phase(desk, "paused")
    expect_own(desk, trainer.text, "another", "mine", "The quick brown fox jump …")


def test_a_link_leaves_one_s_text_within_reach(desk: Page) -> None:
    set_panel(desk, "Share and take home")
    put_text(desk, SENTENCE)
    button(desk, "Make a link").click()
    expect(box(desk, "Link")).to_have_value(re.compile("#setup="))
    link = box(desk, "Link").input_value()
    forget_all(desk)
    type_over(desk, OWN)
    desk.evaluate("hash => { location.hash = hash; }", link[link.index("#") :])
    question = desk.get_by_role("dialog", name="Use the text and settings of this link?")
    expect(question).to_contain_text("Your own text stays in the list of examples.")
    question.get_by_role("button", name="Use the link’s").click()
    expect_own(desk, SENTENCE, "The quick brown fox jump …")
    expect_nothing_to_undo(desk)


def copy(page: Page, text: str) -> None:
    box(page, "Prompt").fill(text)
    for key in ("ControlOrMeta+a", "ControlOrMeta+c"):
        box(page, "Prompt").press(key)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("n", "n"),
        ("Enter", "\n"),
        ("Delete", ""),
        ("ControlOrMeta+x", ""),
        ("ControlOrMeta+v", "p"),
    ],
)
def test_a_text_that_is_replaced_as_a_whole_is_kept(desk: Page, key: str, text: str) -> None:
    copy(desk, "p")
    type_over(desk, OWN)
    press(desk, "ControlOrMeta+a", key)
    expect_own(desk, text, "The quick brown fox jump …")
    press(desk, "ControlOrMeta+z")
    expect_own(desk, OWN)
    press(desk, "ControlOrMeta+y")
    expect_own(desk, text, "The quick brown fox jump …")


def test_a_text_of_which_something_is_left_is_not_kept_beside_itself(desk: Page) -> None:
    type_over(desk, OWN)
    press(desk, "ControlOrMeta+a", "ArrowRight", "ControlOrMeta+Shift+ArrowLeft", "x")
    expect_own(desk, "The quick brown fox jumps over the lazy dogx")
    press(desk, "ControlOrMeta+a", "ControlOrMeta+z")
    expect_own(desk, OWN)


def test_no_text_is_kept_twice_nor_without_a_reason(desk: Page, tmp_path: Path) -> None:
    stories = text_box(desk).input_value()
    for text in (OWN, OWN, " \n ", stories, "one", OWN):
        open_text(desk, tmp_path, text)
    expect_own(desk, OWN, "one")
    open_text(desk, tmp_path, f"{OWN} More")
    open_text(desk, tmp_path, f"{OWN} And more")
    fox = "The quick brown fox jump …"
    expect_own(desk, f"{OWN} And more", fox, f"{fox} (2)", "one")
    choose_example(desk, f"Earlier: {fox} (2)")
    expect_own(desk, OWN, fox, f"{fox} (2)", "one")


def close_slowly(page: Page) -> None:
    """Once this page is left, hold what it held for a while: so it is on a busy machine."""
    other = page.context.new_page()
    other.route("**/elsewhere", lambda route: route.fulfill(body=""))
    other.goto(urljoin(page.url, "elsewhere"))
    other.evaluate(
        """async () => {
          const { held } = await navigator.locks.query();
          const { name } = held.find((lock) => !lock.name.startsWith("rnn-playground life "));
          const wait = () => new Promise((resolve) => setTimeout(resolve, 2000));
          navigator.locks.request(name, wait);
        }"""
    )


def test_an_example_that_does_not_come_before_a_reload_takes_nothing(bare: Page) -> None:
    text_box(bare).fill("mine alone")
    bare.route("**/examples/dinosaurs.txt", lambda route: None)  # it never comes
    choose_example(bare, "Dinosaur names")
    close_slowly(bare)
    bare.reload()
    expect_own(bare, "mine alone")
    choose_example(bare, "A small play")
    expect(text_box(bare)).to_have_value(re.compile("MARTA"))
    text_box(bare).press_sequentially("x")
    expect_earlier(bare, "mine alone")


def test_a_text_can_be_forgotten(bare: Page, tmp_path: Path) -> None:
    for text in ("first", "secret", "third"):
        open_text(bare, tmp_path, text)
    choose_example(bare, "Short stories")
    expect(button(bare, "Forget this text")).to_be_hidden()
    bare.reload()
    choose_example(bare, "Earlier: secret")
    button(bare, "Forget this text").click()
    answer(bare, "Forget this text?", "Keep it")
    expect_own(bare, "secret", "third", "first")
    forget(bare)
    expect_own(bare, "third", "first")
    bare.reload()
    expect_own(bare, "third", "first")
    assert "secret" not in str(stored_texts(bare))
    forget(bare)
    expect_own(bare, "first")
    forget(bare)
    expect(text_box(bare)).to_have_value(re.compile("^The Red Boat"))
    expect(examples(bare)).to_have_value("stories")
    expect(examples(bare)).to_be_focused()
    expect(button(bare, "Forget this text")).to_be_hidden()


STORED_TEXTS = in_storage("""
  const store = database.transaction("texts").objectStore("texts");
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()].map(asked));
  return keys.map((key, index) => [[key].flat(), values[index]]);
""")


def stored_texts(page: Page) -> list[tuple[list[Any], Any]]:
    """The keys and values of all texts in the browser's storage."""
    return list(page.evaluate(STORED_TEXTS))


def test_texts_move_with_the_page_and_leave_nothing_behind(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with booted(browser, address) as page:
        open_text(page, tmp_path, OWN)
        open_text(page, tmp_path, SENTENCE * 9)
        button(page, "Step").click()
        wait_for_phase(page, "paused")
        button(page, "Reset").click()
        set_panel(page, "Kept runs")
        expect(button(page, "Open Last run before this")).to_be_visible()
        stored = stored_texts(page)
        assert len({key[0] for key, _ in stored}) == 1
        assert [value for key, value in stored if len(key) > 1] == [OWN]


def test_each_earlier_text_is_written_once(desk: Page, tmp_path: Path) -> None:
    desk.evaluate(
        """() => {
          window.written = [];
          const { put } = IDBObjectStore.prototype;
          IDBObjectStore.prototype.put = function (value, key) {
            if (Array.isArray(key)) written.push(value);
            else if (value.ownText) written.push(value.ownText);
            return put.call(this, value, key);
          };
        }"""
    )
    save = "() => dispatchEvent(new Event('pagehide'))"
    open_text(desk, tmp_path, "one")
    open_text(desk, tmp_path, "two")
    desk.evaluate(save)
    press(desk, "ControlOrMeta+End", "x")
    desk.evaluate(save)
    assert desk.evaluate("() => written") == ["two", "one", "twox"]


def test_a_page_that_an_older_release_has_saved_opens(
    browser: Browser, address: str, site: str
) -> None:
    with watched(browser) as page:
        keep_python_away(page)
        page.route("**/before", lambda route: route.fulfill(body=""))
        page.goto(f"{site}before")
        page.evaluate(
            """async ([name, ownText]) => {
              const opening = indexedDB.open(name, 1);
              opening.onupgradeneeded = () => {
                for (const store of ["pages", "texts", "runs", "models"]) {
                  opening.result.createObjectStore(store);
                }
              };
              await new Promise((resolve) => { opening.onsuccess = resolve; });
              const database = opening.result;
              const transaction = database.transaction(["pages", "texts"], "readwrite");
              const boxes = { example: "dinosaurs", settings: {}, touched: new Set() };
              Object.assign(boxes, { prompt: "mine", length: "9", temperature: 1 });
              transaction.objectStore("pages").put({ id: "old", saved: 1, boxes }, "old");
              transaction.objectStore("texts").put({ text: "velociraptor", ownText }, "old");
              await new Promise((resolve) => { transaction.oncomplete = resolve; });
              database.close();
            }""",
            [f"rnn-playground {urlsplit(site).path}", OWN],
        )
        page.goto(address)
        expect(box(page, "Prompt")).to_have_value("mine")
        expect_example(page, "dinosaurs", "velociraptor")
        press(page, "x")
        expect_own(page, "xvelociraptor", "The quick brown fox jump …")
        page.reload()
        choose_example(page, "Earlier: The quick brown fox jump …")
        expect_own(page, OWN, "xvelociraptor")


def test_whoever_types_before_their_text_is_back_has_both(bare: Page) -> None:
    type_over(bare, OWN)
    expect_own(bare, OWN)
    bare.add_init_script(TYPE_AT_ONCE)
    bare.reload()
    expect_own(bare, "typed at once", "The quick brown fox jump …")


def test_what_did_not_reach_the_shelf_before_a_reload_is_back(
    browser: Browser, address: str
) -> None:
    with booted(browser, address) as page:
        type_over(page, OWN)
        field(page, "Hidden units").fill("33")
        page.evaluate(KEEP_STORAGE_BUSY)
        page.reload()
        expect_own(page, OWN)
        wait_for_phase(page, "ready", BOOT_MS)
        expect(field(page, "Hidden units")).to_have_value("33")
        assert page.evaluate("Object.keys(localStorage)") == []


# As long as the page lives, nothing else that is to be written has its turn.
KEEP_STORAGE_BUSY = in_storage("""
  const store = database.transaction(["pages", "texts"], "readwrite").objectStore("texts");
  const again = () => { store.count().onsuccess = again; };
  await asked(store.count());
  again();
""")

TYPE_AT_ONCE = """
  new MutationObserver((_, observer) => {
    const box = document.querySelector("textarea");
    if (!box) return;
    box.value = "typed at once";
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
"""


def test_a_run_of_a_closed_tab_brings_all_texts_of_its_page(desk: Page, address: str) -> None:
    type_over(desk, "mine")
    other = desk.context.new_page()
    other.goto(address)
    wait_for_phase(other, "ready", BOOT_MS)
    put_text(other, SENTENCE * 9)
    button(other, "Step").click()
    wait_for_phase(other, "paused")
    set_panel(other, "Kept runs")
    expect(output(other, "Saved")).to_contain_text("at step 1.")
    box(other, "Name").fill("Other")
    button(other, "Keep this run").click()
    expect(output(other, "Kept")).to_contain_text("“Other”")
    type_over(other, OWN)
    set_panel(desk, "Kept runs", open=False)  # opened anew, it lists what other tabs have kept
    set_panel(desk, "Kept runs")
    expect(button(desk, "Open Other")).to_be_disabled()
    with other.expect_event("close"):
        other.close(run_before_unload=True)
    expect(button(desk, "Open Other")).to_be_enabled()
    button(desk, "Open Other").click()
    wait_for_phase(desk, "paused")
    expect_own(desk, SENTENCE * 9, "mine", "The quick brown fox jump …")


def test_before_too_much_is_kept_the_oldest_text_is_asked_about(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with watched(browser) as page:
        keep_python_away(page)
        page.route(
            "**/texts.js",
            lambda route: route.fulfill(
                response=(response := route.fetch()),
                body=response.text().replace("20_000_000", "50"),
            ),
        )
        page.goto(address)
        expect(text_box(page)).to_have_value(re.compile("^The Red Boat"))
        for text in ("the first of them", "the second of them", "the third one"):
            open_text(page, tmp_path, text)
        type_over(page, "the fourth one")  # typing is never held up
        expect_own(
            page, "the fourth one", "the third one", "the second of them", "the first of them"
        )
        path = tmp_path / "opened.txt"
        path.write_text("the fifth one")
        opener = page.get_by_label("Open text file")
        opener.set_input_files(path)
        expect(page.get_by_role("dialog")).to_contain_text("“the first of them” must go, for good")
        answer(page, "Forget your oldest text?", "Keep it")
        expect_own(
            page, "the fourth one", "the third one", "the second of them", "the first of them"
        )
        opener.set_input_files(path)
        answer(page, "Forget your oldest text?", "Forget it")
        expect_own(page, "the fifth one", "the fourth one", "the third one", "the second of them")
