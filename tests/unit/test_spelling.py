"""A prompt in the form that the network knows, and the nearest of what it doesn't."""

from unicodedata import normalize

import pytest

from rnn_pkg import Config, Trainer, Vocabulary
from rnn_pkg.tasks.spelling import known_form, name_unseen, nearest

WORDS = "Le café déjà vu, Ångström, 한국어, Ελλάδα, がぎぐ, Việt, কো"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_the_form_that_was_learned_is_taken(form, typed):
    learned = normalize(form, WORDS)
    assert known_form(normalize(typed, WORDS), Vocabulary(learned)) == learned


def test_what_is_known_is_left_as_it_is():
    both = "e\u0301 \u00e9 \u212b"
    assert known_form(both, Vocabulary(both)) == both  # not even the angstrom sign is composed
    assert known_form("\u212b", Vocabulary("\u00c5")) == "\u00c5"


def test_each_character_is_taken_in_the_form_it_has():
    vocabulary = Vocabulary("\u00e9a\u0300")  # é composed, à decomposed
    assert known_form("e\u0301\u00e0", vocabulary) == "\u00e9a\u0300"


def test_forms_between_composed_and_decomposed_are_known():
    for learned in ("\u00ea\u0301", "\u1ebf", "e\u0302\u0301"):  # as Windows-1258 has it, NFC, NFD
        for typed in ("\u00ea\u0301", "\u1ebf", "e\u0302\u0301"):
            assert known_form(typed, Vocabulary(learned)) == learned


def test_many_accents_take_no_time():
    text = "e" + "\u0301" * 2000
    assert known_form(text, Vocabulary("abc")) == text


def test_what_has_no_known_form_stays_and_is_named():
    vocabulary = Vocabulary("abc '-\"")
    assert known_form("a\u00e9\u4e00", vocabulary) == "a\u00e9\u4e00"
    assert name_unseen("“a” — b’\u00a0€", vocabulary) == (
        "'“' (the nearest is '\"'), '”' (the nearest is '\"'), '—' (the nearest is '-'), "
        "'’' (the nearest is \"'\"), U+00A0 (the nearest is ' '), '€'"
    )
    assert name_unseen("abc", vocabulary) == ""
    assert name_unseen("0123456789XY", vocabulary).endswith("'9' and 2 more")


@pytest.mark.parametrize(
    ("character", "known", "expected"),
    [
        ('"', "„x", "„"),
        ("'", "a’‘", "’"),
        ("–", "-—", "-"),
        ("\u3000", " ", " "),
        ("Q", "qr", "q"),
        ("q", "QR", "Q"),
        ("ａ", "a", "a"),
        ("é", "e", "e"),
        ("ﬁ", "fi", "f"),
        ("x", "yz", None),
        ("ß", "S", None),
        ("“", "x'", "'"),
        ("’", 'x"', '"'),
        ("\u2028", "\n", "\n"),
        ("É", "e", "e"),
        ("ä", "A", "A"),
    ],
)
def test_the_nearest_character(character, known, expected):
    assert nearest(character, Vocabulary(known)) == expected


@pytest.mark.parametrize(("form", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_prompt_is_read_in_the_known_form(form, typed, recwarn):
    text = normalize(form, "Le café déjà vu. " * 9)
    trainer = Trainer(text, Config.for_text(text, hidden_size=8))
    prompt = normalize(typed, "Le café déjà")
    same = trainer.sample(normalize(form, prompt), 20, seed=1)
    assert trainer.sample(prompt, 20, seed=1) == same
    read = trainer.predictions(prompt)
    assert "".join(p.character for p in read) == normalize(form, prompt)
    assert not any(p.skipped for p in read)
    assert not recwarn.list


def test_a_prompt_that_is_truly_unseen_is_warned_of_with_the_nearest():
    trainer = Trainer("it's a dog's life. " * 9, Config(hidden_size=4))
    with pytest.warns(UserWarning, match=r"never seen '’' \(the nearest is \"'\"\): skipped"):
        trainer.sample("it’s", 5)
