"""What the single units of a network have come to follow: quotes, lines, words, capitals.

Some units of a trained network can be read: one is high inside quotes, one counts the characters of
a line (Karpathy, Johnson and Li, 2015, "Visualizing and understanding recurrent networks"). To find
them without luck, features of every character are computed from the text, and each unit is paired
with the one that it goes with best, by Pearson's correlation.
"""

import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_pkg.engine.linalg import Array, Ids
from rnn_pkg.look.reading import WARM_UP

PLACES = 16
"""Units are watched at so many places of a text, spread evenly over it,"""

STRETCH = 256
"""for so many characters each, after WARM_UP that only warm up the network."""

LEAD = 1024
"""Whether a character is quoted is found by looking back so many characters."""

FEWEST = 8
"""A feature that tells fewer characters apart than this says nothing: any unit may follow it."""

BRACKETS = dict(zip("([{", ")]}", strict=True))
TURNING_QUOTES = "“«»"
"""Which of these opens and which closes depends on the language: “English”, „German“, «French»."""


class Pairing(NamedTuple):
    """A unit, and what it follows."""

    unit: int
    feature: str | None  # None if it follows nothing
    correlation: float


def spread(characters: int) -> tuple[Ids, int, int]:
    """Choose where to watch the units of a network that reads a text of so many characters.

    Returns:
        starts: (places,), each a stretch's first character that counts.
        length: of each stretch.
        warm_up: how many characters before each are read first.
    """
    warm_up = min(WARM_UP, characters // 4)
    length = min(STRETCH, characters - warm_up)
    places = min(PLACES, (characters - warm_up) // length)
    starts = np.linspace(warm_up, characters - length, places).round().astype(np.int64)
    return starts, length, warm_up


def features_at(text: str, starts: Ids, length: int) -> dict[str, NDArray[np.float64]]:
    """Return the features of the characters of stretches of a text, (places * length,) by name.

    Those that hardly vary there are left out.
    """
    parts = []
    for start in starts.tolist():
        before = max(0, start - LEAD)
        part = features(text[before : start + length + 1])  # one more, to see a word's end
        parts.append({name: f[start - before :][:length] for name, f in part.items()})
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {name: feature for name, feature in whole.items() if _varies(feature)}


def _varies(feature: NDArray[np.float64]) -> bool:
    _, counts = np.unique(feature, return_counts=True)
    return len(feature) - int(counts.max()) >= FEWEST


def features(text: str) -> dict[str, NDArray[np.float64]]:
    """Return features of each character of a text, (len(text),) by name: 0 and 1, or a number.

    A feature of a character may depend on all before it, as a network's state does, and on the one
    after it, which a network may foresee.
    """
    after = text[1:] + "\n"
    tables = {
        "inside quotes": _quoted(text),
        "inside brackets": _bracketed(text),
        "position in the line": _since(text, "\n"),
        "first word of a line": _first_words(text),
        "indentation": _indentation(text),
        "end of a line": [b == "\n" and a != "\n" for a, b in zip(text, after, strict=True)],
        "line break": [c == "\n" for c in text],
        "position in the sentence": _since(text, ".!?"),
        "position in the word": _word_positions(text),
        "end of a word": [
            a.isalpha() and not b.isalpha() for a, b in zip(text, after, strict=True)
        ],
        "space": [c == " " for c in text],
        "capital": [c.isupper() for c in text],
        "in a word with a capital": _capitalised(text),
        "letter": [c.isalpha() for c in text],
        "vowel": [_is_vowel(c) for c in text],
        "digit": [c.isdigit() for c in text],
        "punctuation": [not (c.isalnum() or c.isspace()) for c in text],
    }
    return {name: np.array(table, np.float64) for name, table in tables.items()}


def _is_vowel(c: str) -> bool:
    """Tell whether this is a vowel of the Latin alphabet, with or without accents."""
    return unicodedata.normalize("NFD", c)[0].lower() in "aeiouy"


def _since(text: str, marks: str) -> list[int]:
    """Count, at each character, how many since the last of the marks: 0 at a mark itself, and
    before the first."""
    counts, count, marked = [], 0, False
    for c in text:
        marked = marked or c in marks
        count = count + 1 if marked and c not in marks else 0
        counts.append(count)
    return counts


def _quoted(text: str) -> list[bool]:
    """Tell which characters stand inside double quotes; the opening one does, the closing doesn't.

    A straight quote opens when none is open, except that one right after a word or a stop, and not
    before a word, can only close, and one between a space and a word can only open: so a quote that
    somebody forgot turns only little upside down. An empty line ends every quote.
    """
    inside, quoted = False, []
    for before, c, after in zip("\n" + text, text, text[1:] + "\n", strict=False):
        if c == '"':
            closes = not before.isspace() and not after.isalnum()
            opens = before.isspace() and not after.isspace()
            inside = opens or (not inside and not (closes and before not in "([{=,:"))
        elif c in TURNING_QUOTES:
            inside = not inside
        elif c == "„":
            inside = True
        elif c == "”" or c == before == "\n":
            inside = False
        quoted.append(inside)
    return quoted


def _bracketed(text: str) -> list[bool]:
    """Tell which characters stand inside brackets of any kind, the opening one included.

    An empty line ends them all.
    """
    expected: list[str] = []
    inside = []
    for before, c in zip("\n" + text, text, strict=False):
        if c in BRACKETS:
            expected.append(BRACKETS[c])
        elif expected and c == expected[-1]:
            expected.pop()
        elif c == before == "\n":
            expected.clear()
        inside.append(bool(expected))
    return inside


def _first_words(text: str) -> list[bool]:
    """Tell which characters belong to the first word of their line."""
    first, started, belongs = True, False, []
    for c in text:
        if c == "\n":
            first, started = True, False
        elif c.isspace():
            first = first and not started
        else:
            started = True
        belongs.append(first and started)
    return belongs


def _indentation(text: str) -> list[int]:
    """Count the spaces and tabs that each character's line begins with, as far as it is read."""
    depth, leading, depths = 0, True, []
    for c in text:
        if c == "\n":
            depth, leading = 0, True
        elif leading and c in " \t":
            depth += 1
        else:
            leading = False
        depths.append(depth)
    return depths


def _word_positions(text: str) -> list[int]:
    """Count the letters of each character's word up to it: 0 outside words."""
    positions, position = [], 0
    for c in text:
        position = position + 1 if c.isalpha() else 0
        positions.append(position)
    return positions


def _capitalised(text: str) -> list[bool]:
    """Tell which characters belong to a word with a capital, from the capital on."""
    inside, tells = False, []
    for c in text:
        inside = c.isalpha() and (inside or c.isupper())
        tells.append(inside)
    return tells


def correlations(activations: Array, features: Array) -> NDArray[np.float64]:
    """Return Pearson's correlation of every unit with every feature, (H, F).

    For activations a and a feature f over N characters

        r = sum (a - mean a) (f - mean f) / sqrt(sum (a - mean a)^2 sum (f - mean f)^2)

    and 0 where one of them never changes.

    Args:
        activations: (N, H).
        features: (N, F).
    """
    a, f = _standardised(activations), _standardised(features)
    product: NDArray[np.float64] = np.einsum("nh,nf->hf", a, f)
    return product.clip(-1, 1)


def _standardised(columns: Array) -> NDArray[np.float64]:
    """Return the columns (N, K) with a mean of 0 and a length of 1, or 0 throughout."""
    columns = columns.astype(np.float64)
    columns -= columns.mean(axis=0)
    length = np.sqrt(np.square(columns).sum(axis=0))
    flat = length < 1e-9 * len(columns)
    result: NDArray[np.float64] = np.where(flat, 0, columns / np.where(flat, 1, length))
    return result


def by_selectivity(activations: Array, features: dict[str, NDArray[np.float64]]) -> list[Pairing]:
    """Pair each unit with the feature that it follows best; return the most selective first.

    Args:
        activations: (N, H), of units while they read N characters.
        features: of these characters, each (N,), by name.
    """
    units = activations.shape[1]
    if not features:
        return [Pairing(unit, None, 0.0) for unit in range(units)]
    names = list(features)
    r = correlations(activations, np.stack([features[name] for name in names], axis=1))
    best = np.abs(r).argmax(axis=1)  # (H,)
    strongest = r[np.arange(units), best]
    order = np.argsort(-np.abs(strongest), kind="stable")
    return [
        Pairing(unit, names[best[unit]] if strongest[unit] else None, float(strongest[unit]))
        for unit in order.tolist()
    ]
