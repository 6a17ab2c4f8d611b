"""Text files as people have them: in any encoding, with any line ends, in one piece or several.

The page reads files likewise, by web/textfiles.js; a test holds the two to the same text.
"""

import codecs
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Byte order marks, which tell the encoding of what follows."""

NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Windows-1252",
}

WEB_NAMES = {
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "windows-874": "cp874",
}
"""Encodings in which browsers read more than Python does under the same name."""

KINDS = {
    rb"PK\x03\x04": "a ZIP archive, as .docx, .odt, .epub and .npz files are",
    rb"\xd0\xcf\x11\xe0": "a document of an office program",
    rb"%PDF-": "a PDF",
    rb"\{\\rtf\d": "a document in Rich Text Format",
    rb"\x1f\x8b": "a compressed file",
    rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP": "a picture",
    rb"MThd\0\0\0\x06": "a MIDI file",
    rb"RIFF....WAVE|ID3[\0-\x0f]|OggS\0": "an audio file",
    rb"RIFF....AVI ": "a film",
}
"""How files of other kinds begin."""

MARK = "\ufeff"
UNREADABLE = "\ufffd"
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that Windows-1252 gives no character."""

BEYOND_ASCII = re.compile("[^\x00-\x7f]")

MOST_CONTROLS = 0.01
"""A text has at most this part of control characters."""

MOST_ZEROS = 0.5
"""Of UTF-16 that is mostly Latin, more than this part of one byte of each pair is 0."""

LOOKED_AT = 100_000
"""So many bytes tell what a file is."""


class Read(NamedTuple):
    """A text, and how it was read.

    Attributes:
        text: with plain line ends and without byte order marks.
        encoding: as people call it: "UTF-8".
        note: what was done that nobody asked for, or "".
    """

    text: str
    encoding: str
    note: str


def read_files(paths: Iterable[str | os.PathLike[str]], encoding: str | None = None) -> Read:
    """Read text files, and join them in the order of their names, each beginning on a new line.

    Args:
        paths: of the files; "part 2" comes before "part 10".
        encoding: what all of them are in, by its name in Python; None tells from each.

    Raises:
        ValueError: one is not a text, or not in this encoding, or there is no such encoding.
        OSError: one can't be read.
    """
    files = sorted((Path(path) for path in paths), key=lambda path: by_name(path.name))
    reads = [decoded(path.read_bytes(), path.name, encoding) for path in files]
    whole = ""
    for read in reads:
        whole += "\n" if whole and not whole.endswith("\n") else ""
        whole += read.text
    encodings = " and ".join(dict.fromkeys(read.encoding for read in reads))
    return Read(whole, encodings, " ".join(read.note for read in reads if read.note))


def by_name(name: str) -> list[tuple[int, int, str]]:
    """Return what puts names in order: the numbers in them count as numbers."""
    parts = re.split(r"([0-9]+)", name)
    return [(1, int(part), "") if k % 2 else (0, 0, part) for k, part in enumerate(parts)]


def decoded(data: bytes, name: str, encoding: str | None = None) -> Read:
    """Read the bytes of a text file.

    Without an encoding, a byte order mark tells it; else it is UTF-8, if that is possible or nearly
    so, or UTF-16, if every other byte is 0, or Windows-1252.

    Raises:
        ValueError: as for `read_files`; it says `name`.
    """
    codec = known(encoding) if encoding else detected(data, name)
    try:
        text = data.decode(codec)
        damage = ""
    except UnicodeDecodeError as error:
        if encoding:
            raise ValueError(f"{name} is not text in {encoding}: {error}") from error
        text = data.decode(codec, "replace")
        places = plural(text.count(UNREADABLE), "character")
        damage = f"{places} of {name} could not be read as {NAMES[codec]}: see “{UNREADABLE}”."
    text = text.removeprefix(MARK)
    inside = text.count(MARK)
    marks = f"{plural(inside, 'byte order mark')} inside {name} left out." if inside else ""
    note = " ".join(filter(None, [damage, marks]))
    return Read(plain(text), NAMES.get(codec, encoding or codec), note)


def plural(count: int, thing: str) -> str:
    """Return so many things in words: "1 mark", "2 marks"."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def plain(text: str) -> str:
    """Return a text as the page and the package read it from a file: with line feeds alone as line
    ends, and without byte order marks."""
    return text.replace(MARK, "").replace("\r\n", "\n").replace("\r", "\n")


def known(encoding: str) -> str:
    """Return an encoding's name in Python.

    Raises:
        ValueError: there is none of this name.
    """
    encoding = WEB_NAMES.get(encoding.lower().replace("_", "-"), encoding)
    try:
        "".encode(encoding)
        return codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(
            f"encoding must be the name of one, such as utf-8, utf-16 or cp1252, not {encoding!r}"
        ) from None


def detected(data: bytes, name: str) -> str:
    """Return the encoding that the bytes of a text are in.

    Raises:
        ValueError: they are no text.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ValueError(f"{name} is in UTF-32: save it as plain text in UTF-8 and open it again")
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    begin = data[:LOOKED_AT]
    for start, kind in KINDS.items():
        if re.match(start, begin, re.DOTALL):
            raise ValueError(
                f"{name} is {kind}, not plain text: open it in the program it comes from and save "
                "it as plain text"
            )
    if utf16 := _two_bytes_each(begin):
        return utf16
    looks_like_text = len(CONTROLS.findall(begin)) <= MOST_CONTROLS * len(begin)
    if looks_like_text and _is_utf8(data):
        return "utf-8"
    if not looks_like_text or UNDEFINED.search(data):
        raise ValueError(
            f"{name} is not a text in UTF-8, UTF-16 or Windows-1252: say what it is in, or save it "
            "as plain text in UTF-8"
        )
    return "cp1252"


def _two_bytes_each(begin: bytes) -> str | None:
    """Return which UTF-16 this is, told by the zeros that every Latin letter has there, if any."""
    pairs = len(begin) // 2
    first, second = begin[0 : 2 * pairs : 2].count(0), begin[1 : 2 * pairs : 2].count(0)
    if second > MOST_ZEROS * pairs and first <= MOST_CONTROLS * pairs:
        return "utf-16-le"
    if first > MOST_ZEROS * pairs and second <= MOST_CONTROLS * pairs:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    """Tell whether this is UTF-8, but for less than half of what is beyond ASCII, or for a last
    character that is cut off."""
    if _is_in(data, "utf-8"):
        return True
    text = data.decode("utf-8", "replace")
    beyond = len(BEYOND_ASCII.findall(text))
    return beyond > 2 * text.count(UNREADABLE) or (beyond > 1 and _is_cut_off(data))


def _is_cut_off(data: bytes) -> bool:
    """Tell whether this would be UTF-8 without its last few bytes."""
    return any(_is_in(data[:-cut], "utf-8") for cut in (1, 2, 3))


def _is_in(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
