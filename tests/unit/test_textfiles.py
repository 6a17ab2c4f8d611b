"""Files as people have them are read as the text that they hold, or refused with the reason."""

import pytest

from rnn_pkg.tasks.textfiles import decoded, read_files

pytestmark = pytest.mark.native  # the page reads files by itself, and has few of Python's encodings

WORDS = "Käse, Brötchen\nund Ölsardinen\n"
MIDI = b"MThd\x00\x00\x00\x06\x00\x01\x00\x02\x01\xe0MTrk" + bytes(range(256))
UTF8_CUT = ("Καλημέρα κόσμε. " * 20).encode()[:-3]

READ = {
    "UTF-8": (WORDS.encode(), WORDS, "UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + WORDS.encode(), WORDS, "UTF-8"),
    "UTF-16": (b"\xff\xfe" + WORDS.encode("utf-16-le"), WORDS, "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff" + WORDS.encode("utf-16-be"), WORDS, "UTF-16, big-endian"),
    "UTF-16 without a mark": (WORDS.encode("utf-16-le"), WORDS, "UTF-16"),
    "UTF-16 without a mark, big end first": (
        WORDS.encode("utf-16-be"),
        WORDS,
        "UTF-16, big-endian",
    ),
    "UTF-16 with a byte of 0 elsewhere": (
        (WORDS * 9 + "Ā").encode("utf-16-le"),
        WORDS * 9 + "Ā",
        "UTF-16",
    ),
    "what begins like a sound": (b"ID3 and RIFFLE", "ID3 and RIFFLE", "UTF-8"),
    "UTF-16 beyond the first plane": (b"\xff\xfe" + "🐟\r\n".encode("utf-16-le"), "🐟\n", "UTF-16"),
    "Windows-1252": ("„Käse“ – 5 €\n".encode("cp1252"), "„Käse“ – 5 €\n", "Windows-1252"),
    "Latin-1": ("Käse".encode("latin-1"), "Käse", "Windows-1252"),
    "Windows line ends": (b"one\r\ntwo\r\n", "one\ntwo\n", "UTF-8"),
    "old Mac line ends": (b"one\rtwo\r", "one\ntwo\n", "UTF-8"),
    "all line ends": (b"a\r\n\r\nb\n\rc\n", "a\n\nb\n\nc\n", "UTF-8"),
    "empty": (b"", "", "UTF-8"),
    "a tab and a form feed": (b"a\tb\x0cc", "a\tb\x0cc", "UTF-8"),
    "what was unreadable once": ("\ufffd".encode(), "\ufffd", "UTF-8"),
    "emoji": ("👩‍👩‍👧\n".encode(), "👩‍👩‍👧\n", "UTF-8"),
}


@pytest.mark.parametrize(("data", "text", "encoding"), READ.values(), ids=READ.keys())
def test_a_file_is_read_as_what_it_is(data, text, encoding):
    assert decoded(data, "x.txt") == (text, encoding, "")


REFUSED = {
    "MIDI": (MIDI, "is a MIDI file, not plain text"),
    "ZIP": (b"PK\x03\x04" + bytes(50), "is a ZIP archive, as .docx, .odt, .epub and .npz files"),
    "PDF": (b"%PDF-1.7\nhello", "is a PDF"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(20), "is a picture"),
    "UTF-32": (WORDS.encode("utf-32"), "is in UTF-32"),
    "bytes": (bytes(range(256)) * 9, "is not a text in UTF-8, UTF-16 or Windows-1252"),
    "sound": (b"ID3\x03\0", "is an audio file"),
    "film": (b"RIFF\1\2\3\4AVI LIST", "is a film"),
    "Cyrillic UTF-16": ("Всё хорошо. ".encode("utf-16-le"), "is not a text in UTF-8, UTF-16 or"),
    "zeros": (bytes(500), "is not a text in UTF-8"),
    "Shift JIS": (
        "春眠暁を覚えず。".encode("shift_jis"),
        "is not a text in UTF-8, UTF-16 or Windows-1252",
    ),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused_with_the_reason(data, reason):
    with pytest.raises(ValueError, match=rf"^x\.txt .*{reason}"):
        decoded(data, "x.txt")


def test_a_byte_order_mark_inside_is_left_out_and_told():
    text, _, note = decoded("one\n\ufefftwo\n\ufeff".encode("utf-8-sig"), "joined.txt")
    assert text == "one\ntwo\n"
    assert note == "2 byte order marks inside joined.txt left out."


def test_nearly_utf8_is_utf8_with_the_damage_told():
    text, encoding, note = decoded(UTF8_CUT, "cut.txt")
    assert text == UTF8_CUT[:-1].decode() + "\ufffd"
    assert encoding == "UTF-8"
    assert note == "1 character of cut.txt could not be read as UTF-8: see “\ufffd”."


def test_a_last_character_that_is_cut_off_makes_no_other_encoding():
    text, encoding, _ = decoded("naïve café".encode()[:-1], "cut.txt")
    assert (text, encoding) == ("naïve caf\ufffd", "UTF-8")
    assert decoded("café".encode("latin-1"), "latin.txt").text == "café"


def test_an_encoding_that_is_given_is_taken():
    data = "Всё хорошо, прекрасная маркиза".encode("koi8-r")
    assert decoded(data, "x", "KOI8-R").text == "Всё хорошо, прекрасная маркиза"
    assert decoded(data, "x").encoding == "Windows-1252"
    assert decoded("ja\r\n".encode("utf-16"), "x", "utf-16").text == "ja\n"
    assert decoded(b"\x87\x40", "x", "Shift_JIS").text == "①"
    assert decoded("ไทย".encode("cp874"), "x", "windows-874").text == "ไทย"
    with pytest.raises(ValueError, match="x is not text in ascii"):
        decoded(data, "x", "ascii")
    for name in ("klingon", "rot13", "hex"):
        with pytest.raises(ValueError, match=f"encoding must be the name of one.*{name}"):
            decoded(data, "x", name)


def test_several_files_are_joined_in_the_order_of_their_names(tmp_path):
    parts = {"part 10.txt": "ten", "part 2.txt": "two\n", "part 1.txt": "one"}
    for name, content in parts.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "a.txt").write_bytes("Käse".encode("latin-1"))
    read = read_files([tmp_path / name for name in (*parts, "a.txt")])
    assert read == ("Käse\none\ntwo\nten", "Windows-1252 and UTF-8", "")
