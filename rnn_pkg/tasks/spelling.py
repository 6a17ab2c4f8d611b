"""Characters that look alike to people, and are others for a network.

“é” may be one character or an e with an accent on it, a quotation mark curly or straight. A network
knows only those of its text, so a prompt is put into the form that it knows; where there is none,
the nearest character that it knows can be named.
"""

import re
from unicodedata import category, normalize

from rnn_pkg.tasks.text import Vocabulary, name_character

ALIKE = (
    "'\u2019\u2018\u201a\u201b`\u00b4\u2032\u02bc",  # single quotation marks and apostrophes
    '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033',  # double ones
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212",  # hyphens, dashes, minus
    " \u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u3000\t",  # spaces
    ".\u2026\u3002\u00b7",  # full stops
    ",\u3001\uff0c",  # commas
    "\n\u2028\u2029\u0085",  # line breaks
)
"""Characters that stand for each other, the plainest first."""

QUOTES = ALIKE[0] + ALIKE[1]
"""A quotation mark is more like one of the other kind than like nothing."""

LONGEST_DECOMPOSITION = 4
"""No character is decomposed (NFD) into more."""

HANGUL = re.compile("[\u1160-\u11ff]")
"""Vowels and final consonants that Korean syllables are put together from."""


def known_form(text: str, vocabulary: Vocabulary) -> str:
    """Return the text with each character in the form that the vocabulary has, if it has any.

    A character with accents has several forms: composed (NFC), decomposed (NFD), and any between
    (Unicode Standard Annex 15). What the vocabulary has in no form stays as it is.
    """
    unseen = set(vocabulary.unseen(text))
    if not unseen:
        return text

    clusters = _clusters(text)
    return "".join(
        cluster if unseen.isdisjoint(cluster) else _known_cluster(cluster, vocabulary)
        for cluster in clusters
    )


def _known_cluster(cluster: str, vocabulary: Vocabulary) -> str:
    """Return a character and its accents in the form that is composed as far as the vocabulary has
    it; the cluster itself, if it has none."""
    known, rest = "", normalize("NFD", cluster)
    while rest:
        lengths = range(min(LONGEST_DECOMPOSITION, len(rest)), 0, -1)
        forms = ((normalize("NFC", rest[:length]), length) for length in lengths)
        found = next((f for f in forms if len(f[0]) == 1 and not vocabulary.unseen(f[0])), None)
        if found is None:
            return cluster
        known, rest = known + found[0], rest[found[1] :]
    return known


def _clusters(text: str) -> list[str]:
    """Part a text into characters, each with the accents that follow it."""
    clusters: list[str] = []
    for character in text:
        if clusters and (category(character).startswith("M") or HANGUL.match(character)):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def nearest(character: str, vocabulary: Vocabulary) -> str | None:
    """Return the character of the vocabulary that is most like an unseen one, or None: another mark
    of its kind, its other case, a compatible form (NFKC), or it without accents, in either case."""
    alike = "".join(group for group in ALIKE if character in group)
    if character in QUOTES:
        alike += QUOTES
    decomposed = normalize("NFKD", character)
    base = decomposed[:1]
    candidates = (*alike, character.swapcase(), normalize("NFKC", character), base, base.swapcase())
    others: list[str] = [one for one in candidates if len(one) == 1 and one != character]
    return next((one for one in others if not vocabulary.unseen(one)), None)


def name_unseen(text: str, vocabulary: Vocabulary, most: int = 10) -> str:
    """Name the characters of a text that the vocabulary lacks, each with the nearest it has:
    “'“' (the nearest is '"'), 'Q' (the nearest is 'q')”. Empty if it has all."""
    unseen = vocabulary.unseen(text)
    names = []
    for character in unseen[:most]:
        near = nearest(character, vocabulary)
        also = f" (the nearest is {name_character(near)})" if near else ""
        names.append(name_character(character) + also)
    more = len(unseen) - most
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
