"""Any text becomes numbers and comes back; what is held out and what is read is exact."""

import numpy as np
import pytest

from rnn_pkg import Vocabulary
from rnn_pkg.tasks import text
from rnn_pkg.tasks.streams import Streams

TEXTS = {
    "ascii": "hello, world\n",
    "emoji": "👩‍👩‍👧 🎉🎉 naïve café",
    "cjk": "春眠不覺曉，處處聞啼鳥。",
    "right to left": "שלום עולם مرحبا بالعالم",
    "control": "a\x00b\r\n\tc\x7f\u200b\ufeff",
    "lone surrogate": "x\ud800y\udfffz",
    "highest": "\U0010ffff!",
}


@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_comes_back(content):
    vocabulary = Vocabulary(content)
    ids = vocabulary.encode(content)
    assert vocabulary.decode(ids) == content
    assert ids.shape == (len(content),)
    assert vocabulary.characters == "".join(sorted(set(content)))
    assert len(vocabulary) == len(set(content))
    assert set(ids.tolist()) == set(range(len(vocabulary)))


def test_unseen_characters_are_found_and_left_out():
    vocabulary = Vocabulary("abc")
    assert vocabulary.unseen("xaybzx") == "xyz"
    assert vocabulary.without_unseen("xaybzx") == "ab"
    assert vocabulary.unseen("cab") == ""
    with pytest.raises(ValueError, match=r"not in the vocabulary: 'x', U\+0000"):
        vocabulary.encode("ax\x00")


def test_an_empty_vocabulary_is_refused():
    with pytest.raises(ValueError, match="at least one character"):
        Vocabulary("")


def test_many_characters_are_named_in_short():
    assert text.name_characters("ab", most=1) == "'a' and 1 more"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the text is empty: at least 20 characters are needed"),
        ("short", "the text has 5 characters: at least 20 are needed"),
        ("a" * 30, r"one character \('a'\) over and over: at least 2 different"),
        (b"bytes" * 9, "must be a str, not bytes"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_the_reason(content, message):
    with pytest.raises(ValueError, match=message):
        text.check_trainable(content)


def test_twenty_characters_of_two_kinds_are_enough():
    text.check_trainable("a" * 19 + "b")


def test_what_two_vocabularies_share():
    here, there = Vocabulary("abc🐟"), Vocabulary("🐟xcb")
    mine, theirs = here.shared(there)
    assert here.decode(mine) == there.decode(theirs) == "bc🐟"
    assert [len(ids) for ids in here.shared(Vocabulary("xyz"))] == [0, 0]


def test_streams_read_on_where_they_stopped_and_go_round():
    ids = np.arange(10)
    streams = Streams(text.Following(ids), batch_size=2, sequence_length=4)
    inputs, targets = streams.next()
    np.testing.assert_array_equal(inputs.T, [[0, 1, 2, 3], [5, 6, 7, 8]])
    np.testing.assert_array_equal(targets.T, [[1, 2, 3, 4], [6, 7, 8, 9]])
    inputs, targets = streams.next()
    np.testing.assert_array_equal(inputs.T, [[4, 5, 6, 7], [9, 0, 1, 2]])
    np.testing.assert_array_equal(targets.T, [[5, 6, 7, 8], [0, 1, 2, 3]])


@pytest.mark.parametrize(("batch", "length"), [(1, 1), (3, 7), (40, 5), (2, 50)])
def test_every_character_is_read_equally_often(batch, length):
    ids = np.arange(24)
    streams = Streams(text.Following(ids), batch, length)
    read = np.concatenate([streams.next()[0].ravel() for _ in range(24)])
    counts = np.bincount(read, minlength=24)
    assert (counts == batch * length).all()
