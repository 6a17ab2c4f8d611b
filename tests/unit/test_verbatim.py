"""The longest verbatim stretch, beside trying every piece of the sample."""

import numpy as np
import pytest

from rnn_pkg.look.verbatim import Stretch, longest_stretch


def found(sample, text):
    *_, (fraction, stretch) = longest_stretch(sample, text)
    assert fraction == 1
    return stretch


def by_trying_all(sample, text):
    for length in range(len(sample), 0, -1):
        for start in range(len(sample) - length + 1):
            piece = sample[start : start + length]
            if piece in text:
                return Stretch(start, length, text.index(piece))
    return Stretch(0, 0, 0)


@pytest.mark.parametrize(
    ("sample", "text", "expected"),
    [
        ("a red boat", "the red boat, the red boat", Stretch(1, 9, 3)),
        ("red", "the red boat", Stretch(0, 3, 4)),
        ("the red boat sank", "boat", Stretch(8, 4, 0)),
        ("xyz", "the red boat", Stretch(0, 0, 0)),
        ("", "the red boat", Stretch(0, 0, 0)),
        ("abab", "ab", Stretch(0, 2, 0)),
        ("aaaa", "baaab", Stretch(0, 3, 1)),
        ("Fisch 🐟 Fisch", "ein 🐟 im Wasser", Stretch(5, 3, 3)),
    ],
)
def test_known_stretches(sample, text, expected):
    assert found(sample, text) == expected


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_trying_all_pieces_finds(seed):
    rng = np.random.default_rng(seed)
    text = "".join(rng.choice(list("abc"), 300))
    sample = "".join(rng.choice(list("abcd"), 60, p=[0.32, 0.32, 0.32, 0.04]))
    assert found(sample, text) == by_trying_all(sample, text)


def test_it_says_how_far_it_is():
    steps = list(longest_stretch("nothing of it", "?"))
    assert [round(fraction * 13) for fraction, _ in steps] == list(range(14))
    fractions = [fraction for fraction, _ in longest_stretch("a red boat", "the red boat")]
    assert fractions == sorted(fractions)
    assert fractions.count(1) == 1
