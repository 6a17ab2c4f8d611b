"""What units follow: features of a text, and made-up units that are known to follow one."""

import numpy as np
import pytest

from rnn_pkg.look import units

STORY = (
    'Ann said "come here (now), Bob" and went.\n    Then 12 birds sang, one by one.\n'
    '"Nobody heard them," said Bob. It was (almost) dark.\n\n'
) * 30


def marked(text, name):
    """The text with a bar at each character that has the feature."""
    feature = units.features(text)[name]
    return "".join("|" if on else c for c, on in zip(text, feature, strict=True))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("inside quotes", 'a "bc" d "e", f', 'a |||" d ||", f'),
        ("inside quotes", 'he "forgot\n\nand "went" on', 'he ||||||||\nand |||||" on'),
        ("inside quotes", 'lost" and "found"', 'lost" and ||||||"'),
        ("inside quotes", 'say("x", y="z")', 'say(||", y=||")'),
        ("inside quotes", "“a” „b“ «c» »d«", "||” ||“ ||» ||«"),
        ("inside brackets", "f(a[0], {b}) c", "f||||||||||) c"),
        ("first word of a line", "one two\n  three four", "||| two\n  ||||| four"),
        ("end of a line", "ab\ncd", "a|\nc|"),
        ("end of a word", "ab c, d", "a| |, |"),
        ("capital", "Ab CD", "|b ||"),
        ("in a word with a capital", "Ab cD e", "|| c| e"),
        ("vowel", "éclair, Yes", "|cl||r, ||s"),
        ("digit", "a 12", "a ||"),
        ("punctuation", "a, b!", "a| b|"),
    ],
)
def test_features_tell_characters_apart(name, text, expected):
    assert marked(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("position in the line", "ab\ncd\ne", [0, 0, 0, 1, 2, 0, 1]),
        ("position in the sentence", "a. b", [0, 0, 1, 2]),
        ("position in the word", "ab c", [1, 2, 0, 1]),
        ("indentation", "a\n  b\n", [0, 0, 1, 2, 2, 0]),
    ],
)
def test_features_count(name, text, expected):
    assert units.features(text)[name].tolist() == expected


def test_only_features_that_vary_are_used():
    starts, length, _ = units.spread(len(STORY))
    assert {"inside quotes", "digit", "indentation"} <= units.features_at(
        STORY, starts, length
    ).keys()
    plain = "the cat sat on the mat and " * 40
    starts, length, _ = units.spread(len(plain))
    names = units.features_at(plain, starts, length).keys()
    assert "end of a word" in names
    left_out = {"inside quotes", "digit", "capital", "line break", "position in the line"}
    assert not names & left_out


def test_a_stretch_knows_what_stood_before_it():
    text = '"' + "all of this is quoted " * 40 + '" and this is not at all' * 5
    starts = np.array([300])
    assert units.features(text[250:])["inside quotes"][:50].sum() == 0
    whole = units.features(text)["inside quotes"]
    part = units.features_at(text, starts, 600)["inside quotes"]
    np.testing.assert_array_equal(part, whole[300:900])


@pytest.mark.parametrize("characters", [20, 100, 255, 256, 257, 5000, 10**6])
def test_stretches_lie_within_the_text(characters):
    starts, length, warm_up = units.spread(characters)
    assert 1 <= len(starts) <= units.PLACES
    assert starts.min() >= warm_up >= 1
    assert starts.max() + length <= characters
    assert length <= units.STRETCH
    if characters > 5 * units.STRETCH:
        assert np.diff(starts).min() >= length, "the stretches overlap"


def test_correlations_are_pearson_s():
    rng = np.random.default_rng(0)
    a, f = rng.normal(size=(50, 3)), rng.normal(size=(50, 2))
    expected = np.corrcoef(a.T, f.T)[:3, 3:]
    np.testing.assert_allclose(units.correlations(a, f), expected, atol=1e-12)
    still = np.full((50, 1), 0.1)
    assert not units.correlations(still, f).any()
    assert not units.correlations(a, still).any()


def test_units_that_follow_a_feature_are_found_and_come_first():
    starts, length, _ = units.spread(len(STORY))
    features = units.features_at(STORY, starts, length)
    rng = np.random.default_rng(1)
    count = len(features["digit"])
    activations = rng.normal(0, 0.3, (count, 6)).astype(np.float32)
    activations[:, 1] -= 2 * features["inside brackets"]
    activations[:, 4] = 0.5 * features["inside quotes"] - 0.2
    activations[:, 5] = 0
    first, second, *_, last = units.by_selectivity(activations, features)
    assert (first.unit, first.feature) == (4, "inside quotes")
    assert first.correlation == pytest.approx(1)
    assert (second.unit, second.feature) == (1, "inside brackets")
    assert -1 < second.correlation < -0.8
    assert last == (5, None, 0)
    assert [pairing.unit for pairing in units.by_selectivity(activations, {})] == list(range(6))
