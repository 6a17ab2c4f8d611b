"""Any text and any settings: a value that is right, or an error that names what is wrong."""

import io
import json
import math
import warnings
from collections import Counter
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Config, Trainer, Vocabulary
from rnn_pkg.config import settings as all_settings
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.page import instruments, team
from rnn_pkg.page.numbersdesk import NumbersDesk
from rnn_pkg.page.seriesinstruments import SeriesInstruments
from rnn_pkg.page.session import METHODS, Session
from rnn_pkg.page.textdesk import TextDesk
from rnn_pkg.tasks.order import held_out_size, ordered
from rnn_pkg.tasks.spelling import known_form
from rnn_pkg.tasks.streams import Streams
from rnn_pkg.tasks.text import SHORTEST, Following

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.native

TEXTS = 150
"""Each run of the tests draws others, and half of these can be trained."""


def examples(number):
    """How the examples of a test are drawn: new ones each time; a failure says how to repeat it."""
    return settings(
        max_examples=number,
        deadline=None,
        print_blob=True,
        suppress_health_check=[
            *(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
        ],
    )


# What texts are made of: any code point, and those of which programs think least.
ALPHABETS = [
    st.characters(),
    st.characters(categories=["Cs"]),
    st.sampled_from("\r\n\u2028\u2029\x85\x0b\x0c\x1c\t "),
    st.sampled_from("\x00\x01\x7f\ufeff\u200b\u200d\u202e\ufffd\uffff\U0010ffff"),
    st.sampled_from(
        ["👩‍👩‍👧", "🏳️‍🌈", "e\u0301", "ä", "🎉", "ﷺ", "שלום", "مرحبا", "ไทย", "한국", "नमस्ते"]
    ),
    st.sampled_from("ab"),
    st.characters(categories=["L", "Nd", "P", "Z"]),
]


@st.composite
def texts(draw, most_distinct=3000):
    """Texts of any script, empty to a few thousand characters, random, repetitive or diverse."""
    kind = draw(st.sampled_from(["short", "long", "mixed", "repeated", "diverse"]))
    if kind == "diverse":
        start, size = draw(st.integers(0, 0x10F000)), draw(st.integers(2, most_distinct))
        return "".join(map(chr, range(start, start + size))) * draw(st.integers(1, 2))
    alphabet = st.one_of(*ALPHABETS) if kind == "mixed" else draw(st.sampled_from(ALPHABETS))
    least, most = {"short": (0, 30), "long": (20, 200), "mixed": (0, 150), "repeated": (1, 10)}[
        kind
    ]
    text = "".join(draw(st.lists(alphabet, min_size=least, max_size=most)))
    return text * draw(st.integers(1, 300)) if kind == "repeated" else text


def can_be_trained(text):
    return len(text) >= SHORTEST and len(set(text)) > 1


@st.composite
def small_runs(draw):
    """Settings of any kind, of networks that are quick."""
    return {
        "hidden_size": draw(st.integers(1, 12)),
        "layers": draw(st.integers(1, 3)),
        "cell": draw(st.sampled_from(list(CELLS))),
        "optimizer": draw(st.sampled_from(["sgd", "rmsprop", "adam"])),
        "schedule": draw(st.sampled_from(["inverse_sqrt", "cosine", "constant"])),
        "learning_rate": draw(st.floats(1e-6, 0.1)),
        "dropout": draw(st.floats(0, 0.9)),
        "average": draw(st.floats(0, 1)),
        "clip": draw(st.one_of(st.just(0.0), st.floats(1e-3, 1e6))),
        "validation": draw(st.one_of(st.just(0.0), st.floats(0, 0.5))),
        "evaluate_every": draw(st.integers(1, 4)),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


@examples(200)
@given(texts(), texts())
def test_any_text_becomes_numbers_and_comes_back(text, other):
    if not text:
        with pytest.raises(ValueError, match="at least one character"):
            Vocabulary(text)
        return
    vocabulary = Vocabulary(text)
    ids = vocabulary.encode(text)
    assert vocabulary.decode(ids) == text
    assert set(ids.tolist()) == set(range(len(vocabulary)))
    assert vocabulary.characters == "".join(sorted(set(text)))
    characters = set(text)
    known = "".join(c for c in other if c in characters)
    assert vocabulary.without_unseen(other) == known
    assert vocabulary.decode(vocabulary.encode(known)) == known
    unseen = vocabulary.unseen(other)
    assert unseen == "".join(dict.fromkeys(c for c in other if c not in characters))
    if unseen:
        with pytest.raises(ValueError, match="not in the vocabulary"):
            vocabulary.encode(other)


@examples(200)
@given(
    st.lists(st.text("ab\n ", max_size=4), min_size=1, max_size=60),
    st.floats(0, 0.5),
    st.integers(0),
)
def test_the_lines_of_a_text_in_any_order_are_its_lines(lines, validation, seed):
    text = "\n".join(lines)
    if validation and len({line for line in text.split("\n") if line}) < 2:
        with pytest.raises(ValueError, match="two different ones"):
            ordered(text, "lines", validation, seed)
        return
    arranged, held_out = ordered(text, "lines", validation, seed)
    assert sorted(arranged.split("\n")) == sorted(text.split("\n"))
    learned, tried = arranged[: len(text) - held_out], arranged[len(text) - held_out :]
    assert learned or not text
    assert (held_out == 0) == (validation == 0)
    if held_out:
        assert learned.endswith("\n")
        held_out_lines = {line for line in tried.split("\n") if line}
        assert held_out_lines
        assert held_out_lines.isdisjoint(learned.split("\n"))
    assert ordered(text, "lines", validation, seed) == (arranged, held_out)


@examples(200)
@given(st.integers(1, 300), st.integers(1, 40), st.integers(1, 60), st.integers(1, 12))
def test_streams_read_on_and_round(characters, batch_size, length, turns):
    """Each reader's pieces, put together, are the text from its start on, round and round."""
    streams = Streams(Following(np.arange(characters)), batch_size, length)
    starts = streams.peek()[0][0]
    pieces = [streams.next() for _ in range(turns)]
    for inputs, targets in pieces:
        assert inputs.shape == targets.shape == (length, batch_size)
        np.testing.assert_array_equal(targets, (inputs + 1) % characters)
    read = np.concatenate([inputs for inputs, _ in pieces])
    expected = (starts + np.arange(turns * length)[:, None]) % characters
    np.testing.assert_array_equal(read, expected)
    assert streams.position == turns * length % characters


def test_any_text_is_trained_three_steps_or_refused():
    outcomes = Counter()

    @examples(TEXTS)
    @given(texts(), small_runs(), st.integers(0, 2**32))
    def train_or_be_refused(text, values, seed):
        if not can_be_trained(text):
            with pytest.raises(ValueError, match=r"^the text (is|has) .* needed$"):
                Config.for_text(text, **values)
            with pytest.raises(ValueError, match=r"^the text (is|has) .* needed$"):
                Trainer(text, Config(**values))
            outcomes["refused"] += 1
            return
        config = Config.for_text(text, **values)
        assert {name: getattr(config, name) for name in values} == values
        training = len(text) - held_out_size(len(text), config.validation)
        assert config.batch_size * config.sequence_length <= training
        check_training(Trainer(text, config), seed)
        outcomes["trained"] += 1

    train_or_be_refused()
    assert outcomes.total() >= TEXTS
    assert outcomes["trained"] > TEXTS / 10, outcomes
    assert outcomes["refused"] > TEXTS / 50, outcomes


def check_training(trainer, seed):
    text, config = trainer.text, trainer.config
    for step in range(1, 4):
        metrics = trainer.step()
        check_metrics(metrics, step, trainer)
    check_sample(trainer, seed)
    file = io.BytesIO()
    trainer.save(file)
    again = rnn_pkg.load(file)
    assert (again.text, again.config, again.metrics) == (text, config, trainer.metrics)
    assert again.step() == trainer.step()
    assert again.sample("", 5, seed=seed) == trainer.sample("", 5, seed=seed)
    first, second = io.BytesIO(), io.BytesIO()
    trainer.save(first)
    again.save(second)
    assert first.getvalue() == second.getvalue()


def check_metrics(metrics, step, trainer):
    config = trainer.config
    assert metrics.step == step
    assert metrics.chars_seen == step * config.batch_size * config.sequence_length
    assert metrics.epoch == metrics.chars_seen / len(trainer.training_ids)
    assert metrics.learning_rate == config.rate_at(step - 1)
    plain = {name: value for name, value in asdict(metrics).items() if value is not None}
    assert all(math.isfinite(value) and value >= 0 for value in plain.values())
    measured = step >= config.evaluate_every and config.validation > 0
    assert ("validation_loss" in plain) == measured


def check_sample(trainer, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what the prompt has and the text hasn't
        for prompt in ("", "x\ud800\x00", trainer.text[:50]):
            sample = trainer.sample(prompt, 20, seed=seed)
            assert len(sample) == 20
            assert set(sample) <= set(trainer.text)


# Config

SETTINGS = all_settings()
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["GRU", "gru ", "x" * 10_000, 10**400, 10**5000, Fraction(1, 3), Fraction(10**400)]
    ),
    st.sampled_from([b"gru", [1], {}, (), 1j, object, np.array([1]), np.array(["gru"]), np.nan]),
)


@st.composite
def near_a_range(draw, setting, kind):
    """Numbers within a range, at its ends, and beyond, of Python and of NumPy."""
    low, high = setting.minimum, setting.maximum
    if kind is int:
        number = draw(
            st.one_of(st.integers(low, high), st.sampled_from([low, high, low - 1, high + 1]))
        )
        fitting = [t for t in (np.int8, np.uint16, np.int64) if np.iinfo(t).min <= number]
        fitting = [t for t in fitting if number <= np.iinfo(t).max]
        return draw(st.sampled_from([int, float, *fitting]))(number)
    ends = [low, high, np.nextafter(low, -1), np.nextafter(high, 1e9), -low, high * 2]
    number = draw(st.one_of(st.floats(low, high), st.sampled_from(ends)))
    with np.errstate(over="ignore"):
        return draw(st.sampled_from([float, np.float16, np.float32, np.float64]))(number)


def is_allowed(value, setting, kind):
    if setting.choices:
        return isinstance(value, str) and value in setting.choices
    whole = (int, np.integer)
    kinds = whole if kind is int else (*whole, float, np.floating, Fraction)
    if isinstance(value, bool) or not isinstance(value, kinds) or isinstance(value, np.bool_):
        return False
    exact = value if isinstance(value, int | Fraction) else kind(value)
    return setting.minimum <= exact <= setting.maximum


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_taken_as_given_or_refused_with_what_is_allowed(name):
    default, setting = SETTINGS[name]
    kind = type(default)
    near = (
        st.sampled_from(list(setting.choices)) if setting.choices else near_a_range(setting, kind)
    )
    outcomes = Counter()

    @examples(60)
    @given(st.one_of(near, near, ANYTHING))
    def take_or_refuse(value):
        allowed = is_allowed(value, setting, kind)
        note(f"{type(value)} {'is' if allowed else 'is not'} allowed")
        if allowed:
            taken = getattr(Config(**{name: value}), name)
            assert taken == kind(value)
            assert type(taken) is kind
            assert json.loads(json.dumps(taken)) == taken
        else:
            with pytest.raises(ValueError, match=f"^{name} must be ") as refusal:
                Config(**{name: value})
            check_refused_value(str(refusal.value), setting)
        outcomes[allowed] += 1

    take_or_refuse()
    assert outcomes[True]
    assert outcomes[False]


def check_refused_value(message, setting):
    assert ", not " in message
    assert len(message) < 200
    ends = [f"{end:,}" for end in (setting.minimum, setting.maximum)]
    if isinstance(setting.maximum, float):
        ends = [f"{end:g}" for end in (setting.minimum, setting.maximum)]
    assert all(allowed in message for allowed in setting.choices or ends)


@examples(100)
@given(st.dictionaries(st.one_of(st.text(max_size=9), st.integers()), ANYTHING, min_size=1))
def test_unknown_settings_are_named(values):
    if not values.keys() - SETTINGS.keys():
        return
    with pytest.raises(ValueError, match=r"^unknown setting .*: the settings are average, "):
        Config.from_mapping(values)


# Session

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3
ARGUMENTS = st.one_of(
    ANYTHING,
    texts(most_distinct=50),
    st.just(RHYME),
    st.sampled_from([*instruments.jobs_of(SeriesInstruments), "nothing", "1\n2\n3\n" * 9]),
    st.dictionaries(st.sampled_from([*SETTINGS, "text", "cls", ""]), ANYTHING, max_size=2),
    st.lists(st.lists(st.integers(-1, 9), max_size=3), max_size=3),
)


def answered(session, method, *arguments, place="text"):
    """The answer of a session, which is plain values, whatever it was asked."""
    answer = session.call(place, method, *arguments)
    if set(answer) == {"value"}:
        if not isinstance(answer["value"], bytes):
            plain = json.dumps(without_bytes(answer), allow_nan=False, ensure_ascii=False)
            assert json.loads(plain) == without_bytes(answer)
    else:
        assert set(answer) == {"error"}
        assert answer["error"]["kind"] in ("input", "internal")
        assert answer["error"]["message"]
    return answer


def check_step(session):
    """Train a step; rescued from it, a run may be back at its start, where it has no loss."""
    progress = answered(session, "step")["value"]
    speed = progress["characters_per_second"]
    assert speed is None or speed > 0
    if progress["step"] == 0:
        assert progress["rescue"]
        assert progress["train_loss"] is None
    else:
        assert progress["train_loss"] >= 0


def without_bytes(value):
    """The value as it is in JSON: tuples are lists; activations, which are bytes, are left out."""
    if isinstance(value, dict):
        return {key: without_bytes(v) for key, v in value.items() if not isinstance(v, bytes)}
    return list(map(without_bytes, value)) if isinstance(value, list | tuple) else value


@pytest.mark.filterwarnings("ignore")
def test_a_session_trains_any_text_or_says_why_not():
    outcomes = Counter()

    @examples(100)
    @given(texts(), small_runs(), texts(most_distinct=100))
    def train_write_save_and_load(text, values, prompt):
        session = Session()
        described = answered(session, "describe", text)["value"]
        begun = answered(session, "begin", described["text_id"], values)
        assert (described["problem"] is None) == can_be_trained(text)
        if not can_be_trained(text):
            assert begun["error"] == {"kind": "input", "message": described["problem"]}
            outcomes["refused"] += 1
            return
        assert begun["value"]["size"] == described["characters"] == len(text)
        for _ in range(3):
            check_step(session)
        written = answered(session, "start_writing", prompt, 5, 0, 1.0)["value"]["characters"]
        known = known_form(prompt, Vocabulary(text))
        assert "".join(character["character"] for character in written) == known
        new = answered(session, "write", 1e4, 0.8)["value"]
        assert new["done"]
        assert {character["character"] for character in new["characters"]} <= set(text)
        other = Session()
        loaded = answered(other, "load", answered(session, "save")["value"])["value"]
        status = answered(session, "status")["value"]
        for each in (loaded["status"], status):
            del each["progress"]["characters_per_second"]
        assert (loaded["status"], loaded["text"]) == (status, text)
        outcomes["trained"] += 1

    train_write_save_and_load()
    assert outcomes["trained"]
    assert outcomes["refused"]


ASKED = [
    *METHODS,
    *team.METHODS,
    *instruments.offered(TextDesk),
    *instruments.offered(NumbersDesk),
    *instruments.methods_of(SeriesInstruments),
]
SERIES = "".join(f"{k % 7}\n" for k in range(40))


def calls_of(methods):
    """Lists of methods and arguments."""
    asked = st.one_of(st.sampled_from(methods), ANYTHING)
    return st.lists(st.tuples(asked, st.lists(ARGUMENTS, max_size=5)), max_size=8)


@pytest.mark.filterwarnings("ignore")
@examples(250)
@given(st.booleans(), calls_of(ASKED))
def test_a_session_answers_whatever_it_is_asked(running, calls):
    session = Session()
    if running:
        text_id = answered(session, "describe", RHYME)["value"]["text_id"]
        answered(session, "begin", text_id, {"hidden_size": 4})
    for method, arguments in calls:
        answered(session, method, *arguments)
    if session.call("text", "status")["value"]:
        check_step(session)


@pytest.mark.filterwarnings("ignore")
@examples(250)
@given(st.booleans(), calls_of(ASKED))
def test_a_session_answers_whatever_it_is_asked_about_numbers(running, calls):
    session = Session()
    if running:
        described = answered(session, "describe_table", SERIES, {}, place="numbers")["value"]
        settings = {"hidden_size": 4, "sequence_length": 4}
        answered(session, "begin", described["text_id"], settings, place="numbers")
    for method, arguments in calls:
        answered(session, method, *arguments, place="numbers")
    if session.call("numbers", "status")["value"]:
        answered(session, "step", place="numbers")
