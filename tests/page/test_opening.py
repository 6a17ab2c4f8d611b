"""Text files as people have them, opened or dropped: read and told as what, or refused."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import rnn_pkg
from rnn_pkg.tasks.textfiles import decoded, read_files
from tests.page.parts import (
    SENTENCE,
    alert,
    box,
    button,
    choose_example,
    drop_nothing,
    field,
    number,
    output,
    put_text,
    save,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)
from tests.unit.test_textfiles import MIDI, READ, REFUSED, UTF8_CUT

Opener = Callable[[dict[str, bytes]], None]


@pytest.fixture
def opens(desk: Page, tmp_path: Path) -> Opener:
    """Opens files of these names and contents."""

    def open_files(files: dict[str, bytes]) -> None:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        opener = desk.get_by_label("Open text file")
        opener.set_input_files([tmp_path / name for name in files])

    return open_files


def text_box(page: Page) -> Locator:
    return box(page, "Training text")


def read_as(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Read as")


def drop(page: Page, files: dict[str, bytes]) -> bool:
    """Drop files on the page's heading; return whether the browser would leave for them."""
    left: bool = page.get_by_role("heading", name="RNN Playground").evaluate(
        """(target, files) => {
          const dataTransfer = new DataTransfer();
          for (const [name, content] of files) {
            const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
            dataTransfer.items.add(new File([bytes], name));
          }
          const fire = (type) => target.dispatchEvent(
            new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
          return [fire("dragover"), fire("drop")].some(Boolean);
        }""",
        [[name, base64.b64encode(content).decode()] for name, content in files.items()],
    )
    return left


def test_the_page_reads_files_as_the_package_does(desk: Page) -> None:
    found = desk.evaluate(
        """async (files) => {
          const { decode } = await import("./textfiles.js");
          return files.map(([content]) => {
            const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
            try {
              const { text, note } = decode(bytes, "“x.txt”");
              return { text, note };
            } catch (error) {
              return { refused: error.message };
            }
          });
        }""",
        [
            [base64.b64encode(data).decode()]
            for data in [
                *(data for data, _, _ in READ.values()),
                *(UTF8_CUT, "one\ufefftwo".encode("utf-8-sig")),
                *(data for data, _ in REFUSED.values()),
            ]
        ],
    )
    read, refused = found[: len(READ) + 2], found[len(READ) + 2 :]
    for (name, (data, text, _)), answer in zip(READ.items(), read, strict=False):
        assert answer == {"text": text, "note": ""}, name
        assert decoded(data, "x.txt").text == text
    for data, answer in zip((UTF8_CUT, "one\ufefftwo".encode("utf-8-sig")), read[-2:], strict=True):
        text, _, note = decoded(data, "“x.txt”")
        assert answer == {"text": text, "note": note}
    for (name, (_, reason)), answer in zip(REFUSED.items(), refused, strict=True):
        assert reason in answer["refused"], name


def test_a_text_file_opens(desk: Page, opens: Opener) -> None:
    opens({"umlauts.txt": "\ufeffKäse, Brötchen\r\nund Ölsardinen 🐟\r\n".encode()})
    expect(text_box(desk)).to_have_value("Käse, Brötchen\nund Ölsardinen 🐟\n")
    expect(desk.get_by_role("combobox", name="Example")).to_have_value("own")
    expect(output(desk, "Opened")).to_have_text("“umlauts.txt”, read as UTF-8.")
    choose_example(desk, "Dinosaur names")
    expect(text_box(desk)).to_have_value(re.compile(re.escape("albertosaurus")))
    expect(output(desk, "Opened")).to_be_hidden()
    choose_example(desk, "Your own text")
    expect(text_box(desk)).to_have_value("Käse, Brötchen\nund Ölsardinen 🐟\n")


def test_what_a_file_was_read_as_can_be_changed(desk: Page, opens: Opener) -> None:
    russian = "Всё хорошо, прекрасная маркиза. " * 3
    earlier = desk.get_by_role("combobox", name="Example").get_by_role("option")
    opens({"letter.txt": russian.encode("koi8-r")})
    expect(output(desk, "Opened")).to_have_text("“letter.txt”, read as Windows-1252.")
    expect(read_as(desk)).to_have_value("windows-1252")
    options = earlier.count()
    read_as(desk).select_option("KOI8-R (Cyrillic)")
    expect(text_box(desk)).to_have_value(russian)
    expect(output(desk, "Opened")).to_have_text("“letter.txt”, read as KOI8-R.")
    assert earlier.count() == options  # what it was misread as is nobody's text
    read_as(desk).select_option("UTF-8")
    expect(output(desk, "Opened")).to_contain_text(" of “letter.txt” could not be read as UTF-8")
    read_as(desk).select_option("KOI8-R (Cyrillic)")
    expect(text_box(desk)).to_have_value(russian)


def test_a_text_that_nobody_can_tell_is_read_as_what_its_owner_says(
    desk: Page, opens: Opener
) -> None:
    before = text_box(desk).input_value()
    japanese = "春眠暁を覚えず、処処啼鳥を聞く。\n" * 3
    opens({"poem.txt": japanese.encode("shift_jis")})
    expect(alert(desk, "“poem.txt” is not a text in UTF-8, UTF-16 or Windows-1252")).to_be_visible()
    expect(text_box(desk)).to_have_value(before)
    read_as(desk).select_option("Shift JIS (Japanese)")
    expect(text_box(desk)).to_have_value(japanese)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_several_files_are_joined_as_natively(desk: Page, opens: Opener, tmp_path: Path) -> None:
    files = {
        "part 10.txt": "ten, the last of all".encode("utf-16"),
        "part 02-b.txt": b"more of two\n",
        "part 2.txt": b"two\r\n",
        "part 1.txt": "\ufeffone".encode(),
        "a.txt": "Käse".encode("cp1252"),
    }
    opens(files)
    joined = "Käse\none\nmore of two\ntwo\nten, the last of all"
    expect(text_box(desk)).to_have_value(joined)
    expect(output(desk, "Opened")).to_have_text(
        "“a.txt”, “part 1.txt”, “part 02-b.txt”, “part 2.txt”, “part 10.txt”, joined in the order "
        "of their names and read as Windows-1252 and UTF-8 and UTF-16."
    )
    assert read_files([tmp_path / name for name in files]).text == joined


def test_a_refusal_stays_when_python_has_looked_at_the_text_before(
    desk: Page, opens: Opener
) -> None:
    opens({"long.txt": b"to and fro " * 300_000})  # it takes Python a while
    expect(text_box(desk)).to_have_value(re.compile("^to and fro"))
    opens({"large.txt": b"x" * 5_100_000})
    refusal = alert(desk, "that makes a text of 5,100,000 characters")
    expect(refusal).to_be_visible()
    expect(desk.get_by_text("3,300,000 characters, 8 distinct")).to_be_visible()
    expect(refusal).to_be_visible()


def test_a_bad_text_file_is_refused_and_the_text_stays(desk: Page, opens: Opener) -> None:
    before = text_box(desk).input_value()
    for name, content, reason in (
        ("song.mid", MIDI, "“song.mid” is a MIDI file, not plain text"),
        ("bytes.bin", bytes(range(256)), "“bytes.bin” is not a text in UTF-8"),
        ("large.txt", b"x" * 5_100_000, "that makes a text of 5,100,000 characters"),
        ("huge.txt", b"x" * 20_100_000, "has 20.1 MB; the page takes texts up to 20 MB"),
    ):
        opens({name: content})
        expect(alert(desk, reason)).to_be_visible()
    opens({"one.txt": b"x" * 12_600_000, "two.txt": b"y" * 12_600_000})
    expect(alert(desk, "“one.txt”, “two.txt” have 25.2 MB")).to_be_visible()
    assert text_box(desk).input_value() == before
    text_box(desk).press_sequentially("x")
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_a_file_that_is_dropped_is_opened(desk: Page) -> None:
    assert not drop(desk, {"drop.txt": (SENTENCE * 3).encode()})
    expect(text_box(desk)).to_have_value(SENTENCE * 3)
    assert not drop(desk, {"b.txt": b"second", "a.txt": SENTENCE.encode()})
    expect(text_box(desk)).to_have_value(f"{SENTENCE}\nsecond")
    assert not drop(desk, {"song.mid": MIDI})
    expect(alert(desk, "is a MIDI file")).to_be_visible()
    expect(text_box(desk)).to_have_value(f"{SENTENCE}\nsecond")
    assert drop(desk, {})  # what is no file is the browser's business: text dragged into a box


def test_a_model_that_is_dropped_is_loaded(desk: Page, tmp_path: Path) -> None:
    trainer = rnn_pkg.Trainer(SENTENCE * 9, rnn_pkg.Config(hidden_size=8))
    trainer.train(steps=4)
    trainer.save(tmp_path / "model.npz")
    assert not drop(desk, {"model.npz": (tmp_path / "model.npz").read_bytes()})
    wait_for_phase(desk, "paused")
    expect(output(desk, "Step")).to_have_text("4")
    assert not drop(desk, {"other.npz": b"PK\x05\x06" + bytes(18)})
    button(desk, "Replace it").click()
    expect(alert(desk, "not a model file")).to_be_visible()
    expect(output(desk, "Step")).to_have_text("4")


def test_a_text_is_the_same_here_and_natively_whatever_its_line_ends(
    desk: Page, opens: Opener, tmp_path: Path
) -> None:
    for end in ("\r\n", "\r", "\n"):
        opens({"lines.txt": (SENTENCE + end).encode() * 8})
        expect(text_box(desk)).to_have_value(f"{SENTENCE}\n" * 8)
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")
    assert rnn_pkg.load(save(desk, tmp_path)).text == read_files([tmp_path / "lines.txt"]).text


def test_a_sorted_list_is_learned_in_any_order(desk: Page, tmp_path: Path) -> None:
    names = "".join(f"{a}{b}{c}\n" for a in "abcdefgh" for b in "aeiou" for c in ("lin", "mer"))
    put_text(desk, names)
    words = (
        "A list of 80 lines: the network learns them in an order drawn by the seed, and is tried "
        "on some from all over, which it never learns."
    )
    expect(desk.get_by_text(words)).to_be_visible()
    train_to_step(desk, 2)
    trainer = rnn_pkg.load(save(desk, tmp_path))
    assert trainer.text == names
    assert trainer.config.order == "lines"
    tried = trainer.vocabulary.decode(trainer.held_out_ids).split()
    assert len({name[0] for name in tried}) > 5
    # Whoever means the order can say so, and back.
    button(desk, "Reset").click()
    button(desk, "Learn it as it stands").click()
    expect(desk.get_by_text("A list of 80 lines, learned as it stands.")).to_be_visible()
    button(desk, "Step").click()
    expect(output(desk, "Step")).to_have_text("1")
    assert rnn_pkg.load(save(desk, tmp_path)).config.order == "text"
    button(desk, "Reset").click()
    button(desk, "Learn it line by line").click()
    expect(desk.get_by_text(words)).to_be_visible()
    put_text(desk, SENTENCE * 9)
    expect(desk.get_by_text("A list of 80")).to_have_count(0)


def test_learning_by_heart_is_told_and_never_called_not_yet_as_good(desk: Page) -> None:
    expect(output(desk, "Advice")).to_have_text("")
    choose_example(desk, "Dinosaur names")
    expect(text_box(desk)).to_have_value(re.compile("albertosaurus"))
    field(desk, "Hidden units").fill("128")
    drop_nothing(desk)
    button(desk, "Train").click()
    expect(output(desk, "Advice")).to_contain_text(
        re.compile(
            r"^The validation loss was lowest at step \d+ \(\d\.\d\d nats per character\) and has "
            "risen since.* is learning its text by heart. .* More text helps most; dropout or fewer"
        ),
    )
    wait_for_number(desk, "Validation loss", "number > target", 2.5)
    helps = desk.get_by_role("group", name="What helps")
    expect(helps.get_by_role("button")).to_have_text(
        ["Pause here", "More text", "Dropout 0.3", "64 hidden units"]
    )
    helps.get_by_role("button", name="Pause here").click()
    wait_for_phase(desk, "paused")
    expect(helps.get_by_role("button", name="Pause here")).to_be_hidden()
    helps.get_by_role("button", name="More text").click()
    expect(text_box(desk)).to_be_focused()
    for name in ("Dropout 0.3", "64 hidden units"):
        helps.get_by_role("button", name=name).click()
    expect(field(desk, "Dropout")).to_have_value("0.3")
    expect(field(desk, "Hidden units")).to_have_value("64")
    expect(button(desk, "Start over with the changes")).to_be_visible()
    button(desk, "Undo the changes").click()
    expect(field(desk, "Dropout")).to_have_value("0")
    standing = output(desk, "Standing")
    expect(standing).to_contain_text(
        re.compile(
            r"At its best, at step \d+, it was better than a \d-gram .* It has got worse since"
        )
    )
    expect(standing).not_to_contain_text("not yet")
    best = int(re.findall(r"at step ([\d,]+)", standing.inner_text())[0].replace(",", ""))
    assert best < number(desk, "Step")
    button(desk, "Reset").click()
    expect(output(desk, "Advice")).to_have_text("")


def test_a_file_that_was_opened_fits_a_phone(desk: Page, opens: Opener) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    opens({"notes.txt": b"one and two and three and four. " * 9})
    expect(read_as(desk)).to_be_visible()
    assert desk.evaluate("() => document.documentElement.scrollWidth") == 360


def test_of_two_refused_files_the_last_is_told_alone_and_only_until_one_is_opened(
    desk: Page, opens: Opener
) -> None:
    opens({"letter.docx": b"PK\x03\x04" + bytes(range(256))})
    expect(alert(desk, "letter.docx")).to_be_visible()
    opens({"weights.npz": b"no archive at all"})
    expect(alert(desk, "it is no .npz archive")).to_be_visible()
    expect(alert(desk, "letter.docx")).to_have_count(0)
    opens({"notes.txt": b"one and two and three and four. " * 9})
    expect(alert(desk, "it is no .npz archive")).to_have_count(0)
