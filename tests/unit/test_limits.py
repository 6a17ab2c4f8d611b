"""What a run needs, told beforehand: near what is measured, and refused where a page ends."""

import io
import tracemalloc

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Config, Trainer
from rnn_pkg.engine.ends import character_ends
from rnn_pkg.look.ngrams import ngram_losses
from rnn_pkg.page import limits
from rnn_pkg.page.session import Session
from rnn_pkg.tasks.numbers import ends_of
from rnn_pkg.tasks.task import ends_for

LARGE_BATCH = {"batch_size": 64, "sequence_length": 128}
LARGE_WEIGHTS = {"batch_size": 4, "sequence_length": 8}
FACTOR = 2.0


def text_of(distinct, characters):
    """A text of so many distinct characters."""
    cycle = "".join(map(chr, range(0x4E00, 0x4E00 + distinct)))
    return (cycle * (characters // distinct + 1))[:characters]


def peak_of(work):
    """The most bytes that were allocated at once while this was done, NumPy's included."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


RUNS = [
    (60, {"cell": "gru", "hidden_size": 256, **LARGE_BATCH}),
    (60, {"cell": "lstm", "hidden_size": 256, **LARGE_BATCH}),
    (60, {"cell": "rnn", "hidden_size": 256, **LARGE_BATCH}),
    (60, {"cell": "gru", "hidden_size": 96, "layers": 4, "dropout": 0.3, **LARGE_BATCH}),
    (60, {"cell": "gru", "hidden_size": 1024, **LARGE_WEIGHTS}),
    (60, {"cell": "rnn", "hidden_size": 512, "layers": 8, **LARGE_WEIGHTS}),
    (60, {"cell": "lstm", "optimizer": "sgd", "average": 0, "hidden_size": 512, "layers": 3,
          **LARGE_WEIGHTS}),
    (60, {"workers": 3, "hidden_size": 512, **LARGE_WEIGHTS}),
    (5000, {}),
    (5000, {"hidden_size": 16, "batch_size": 1, "sequence_length": 128}),
    (5000, {"hidden_size": 16, "cell": "lstm", "batch_size": 64, "sequence_length": 64}),
]  # fmt: skip


@pytest.mark.native
@pytest.mark.parametrize(
    ("distinct", "values", "dtype"),
    [*((*run, "float32") for run in RUNS), *((*run, "float64") for run in RUNS[3:9:2])],
)
def test_the_estimate_is_near_what_is_measured(distinct, values, dtype):
    text, config = text_of(distinct, 20_000), Config(evaluate_every=1, **values)
    trainers = []

    def train():
        trainers.append(Trainer(text, config, dtype))
        trainers[0].train(steps=2)  # with several networks, each has arrays of its own by then

    measured = peak_of(train)
    estimated = limits.run_bytes(config, character_ends(distinct), len(text), dtype)
    assert estimated / FACTOR < measured < FACTOR * estimated, f"{estimated:,} {measured:,}"
    state = sum(array.nbytes for array in trainers[0].snapshot().arrays.values())
    assert limits.state_bytes(config, character_ends(distinct), dtype) == state


def known(session, text):
    """The number by which the session knows this text, from now on."""
    return session.call("text", "describe", text)["value"]["text_id"]


@pytest.mark.native
def test_a_page_needs_no_more_than_estimated():
    """Training beyond what is kept to rescue the run, then a model file."""
    # Measured often, so that there are best weights, too.
    values = {"hidden_size": 320, "evaluate_every": 10, **LARGE_WEIGHTS}
    text, session = text_of(60, 20_000), Session()

    def use():
        session.call("text", "begin", known(session, text), values)
        for _ in range(102):
            assert "value" in session.call("text", "step")
        assert "value" in session.call("text", "save")

    measured = peak_of(use)
    estimated = limits.page_bytes(Config.for_text(text, **values), character_ends(60), len(text))
    assert estimated / FACTOR < measured < FACTOR * estimated, f"{estimated:,} {measured:,}"


@pytest.mark.native
def test_a_long_text_needs_what_is_estimated():
    text = text_of(90, 2_000_000)
    config = Config(hidden_size=4)
    measured = peak_of(lambda: Trainer(text, config).step())
    estimated = limits.run_bytes(config, character_ends(90), len(text))
    assert estimated / FACTOR < measured < FACTOR * estimated, f"{estimated:,} {measured:,}"


@pytest.mark.native
def test_counting_n_grams_of_a_long_text_is_bounded():
    """So that five million characters take 0.4 GB, of any vocabulary."""
    rng = np.random.default_rng(0)
    training, held_out = np.split(rng.integers(0, 5000, 1_000_000), [900_000])
    measured = peak_of(lambda: list(ngram_losses(training, held_out, 5000)))
    assert measured < 80 * 1_000_000


@pytest.mark.native
@pytest.mark.parametrize(
    ("job", "arguments"),
    [
        ("ngrams", []), ("memory", ["一丁七丈三"]), ("flow", [1.0]), ("check", []),
        ("check_tutorial", ["cross_entropy"]), ("read", [0, ""]), ("selectivity", [0]),
        ("compare_silenced", ["一丁七", 0.8]),
    ],
)  # fmt: skip
def test_no_instrument_needs_a_table_of_vocabulary_times_vocabulary(job, arguments):
    """Of 5,000 characters that would be 100 MB, and of each place of the text with each 400 MB."""
    distinct, text = 5000, text_of(5000, 20_000)
    session = Session()
    session.call("text", "begin", known(session, text), {"hidden_size": 8})
    session.call("text", "step")

    def look():
        session.call("text", "start", job, *arguments)
        while not session.call("text", "advance", job, 1000)["value"]["done"]:
            pass

    assert peak_of(look) < 4 * distinct**2


@pytest.mark.parametrize(
    ("distinct", "values", "needed", "advice"),
    [
        (60, {"hidden_size": 1024, "layers": 8, "batch_size": 256, "sequence_length": 512}, 35.2,
         "a smaller batch, shorter sequences, fewer hidden units or fewer layers"),
        (60, {"hidden_size": 1024, "layers": 8}, 3.1, "fewer hidden units or fewer layers"),
        (5000, {"batch_size": 256, "sequence_length": 512}, 11.1,
         "a smaller batch or shorter sequences"),
        (200_000, {"hidden_size": 1, "batch_size": 1, "sequence_length": 1}, 3.4,
         "a text with fewer distinct characters"),
    ],
)  # fmt: skip
def test_what_a_page_can_not_hold_is_refused_with_what_would_help(distinct, values, needed, advice):
    with pytest.raises(ValueError, match="these settings need about") as refusal:
        limits.check_page(Config(**values), character_ends(distinct), 100_000)
    assert str(refusal.value) == (
        f"these settings need about {needed} GB with a text of {distinct:,} distinct characters, "
        f"and the page has 1.6 GB: choose {advice}"
    )


def test_the_largest_settings_one_by_one_fit_a_page():
    for values in (
        {"hidden_size": 1024},
        {"hidden_size": 1024, "layers": 4},
        {"hidden_size": 512, "layers": 8},
        {"batch_size": 256, "sequence_length": 512},
    ):
        limits.check_page(Config(**values), character_ends(80), 1_000_000)


def test_defaults_are_made_to_fit():
    config = Config()
    assert limits.fitted(config, character_ends(5000), 5_000_000) == config
    smaller = limits.fitted(config, character_ends(30_000), 5_000_000)
    assert smaller != config
    limits.check_page(smaller, character_ends(30_000), 5_000_000)
    changed = {name for name in limits.SMALLER if getattr(smaller, name) != getattr(config, name)}
    assert config.replace(**{name: getattr(smaller, name) for name in changed}) == smaller


def refusal(session, method, *arguments):
    answer = session.call("text", method, *arguments)
    assert answer["error"]["kind"] == "input", answer
    return answer["error"]["message"]


def test_a_session_takes_texts_up_to_a_limit():
    session, limit = Session(), limits.PAGE_CHARACTERS
    session.call("text", "begin", known(session, text_of(30, 1000)), {"hidden_size": 4})
    before = session.call("text", "status")
    long = text_of(30, limit + 1)
    message = "the text has 5,000,001 characters: this page takes up to 5,000,000"
    described = session.call("text", "describe", long)["value"]
    assert described == {
        "text_id": 2, "characters": limit + 1, "distinct": 30, "problem": message, "config": None,
        "lines": None, "table": None, "elsewhere": False,
    }  # fmt: skip
    assert refusal(session, "begin", described["text_id"], {}) == message
    assert session.call("text", "status") == before
    assert session.call("text", "describe", long[:-1])["value"]["problem"] is None


def test_a_session_refuses_what_it_can_not_hold_before_it_is_made():
    session = Session()
    text = text_of(60, 2000)
    session.call("text", "begin", known(session, text), {"hidden_size": 4})
    before = session.call("text", "status")
    huge = {"cell": "gru", "hidden_size": 1024, "layers": 8}
    huge |= {"batch_size": 256, "sequence_length": 512}
    messages, text_id = [], known(session, text)
    peak = peak_of(lambda: messages.append(refusal(session, "begin", text_id, huge)))
    assert messages[0].startswith("these settings need about 43.")
    assert peak < 1_000_000
    assert session.call("text", "status") == before


def test_a_session_describes_settings_that_it_can_hold():
    session, text = Session(), text_of(30_000, 60_000)
    described = session.call("text", "describe", text)["value"]
    assert described["problem"] is None
    limits.check_page(Config(**described["config"]), character_ends(30_000), len(text))
    described = session.call("text", "describe", text_of(500_000, 500_000))["value"]
    assert described["config"] is None
    assert described["problem"].endswith("choose a text with fewer distinct characters")


@pytest.mark.parametrize("limit", ["PAGE_CHARACTERS", "PAGE_BYTES"])
def test_a_model_too_large_for_a_page_goes_on_natively(monkeypatch, limit):
    trainer = Trainer(text_of(30, 1000), Config(hidden_size=8))
    trainer.train(steps=2)
    file = io.BytesIO()
    trainer.save(file)
    session = Session()
    session.call("text", "begin", known(session, text_of(30, 1000)), {"hidden_size": 4})
    before = session.call("text", "status")
    monkeypatch.setattr(limits, limit, 900)

    def never(*_):
        raise AssertionError("a Trainer was made of a model that the page can't hold")

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "__init__", never)
        message = refusal(session, "load", file.getvalue())
    assert message.startswith("This run is too large for the page: the")
    assert "900" in message or "0.0 GB" in message
    assert "natively" in message
    assert session.call("text", "status") == before
    assert rnn_pkg.load(file).step().step == 3


SERIES_RUNS = [
    (20_000, {"hidden_size": 256, "batch_size": 64, "sequence_length": 128}),
    (20_000, {"hidden_size": 512, "layers": 3, "cell": "lstm"}),
    (200_000, {"hidden_size": 4}),  # where most of it is the series
]


@pytest.mark.native
@pytest.mark.parametrize(("length", "values"), SERIES_RUNS)
def test_the_estimate_of_a_series_run_is_near_what_is_measured(length, values):
    series = rnn_pkg.Series(np.arange(length) ** 2 % 1009, period=12)
    config = Config.for_series(series, **(values | {"evaluate_every": 1, "reads": "changes"}))
    measured = peak_of(lambda: Trainer(series, config).train(steps=2))
    estimated = limits.run_bytes(config, ends_for(series, config), len(series))
    assert estimated / FACTOR < measured < FACTOR * estimated, f"{estimated:,} {measured:,}"


def test_a_series_run_that_a_page_can_not_hold_is_refused_in_its_words():
    config = Config(hidden_size=1024, layers=8)
    ends = ends_of(config)
    with pytest.raises(ValueError, match="these settings need about") as refusal:
        limits.check_page(config, ends, 1000)
    assert str(refusal.value) == (
        "these settings need about 3.1 GB, and the page has 1.6 GB: choose fewer hidden units or "
        "fewer layers"
    )
    with pytest.raises(ValueError, match=r"the series has 5,000,001 values: this page takes up to"):
        limits.check_page(Config(), ends, 5_000_001)
    half = config.replace(layers=4)
    limits.check_page(half, ends, 1000)
    with pytest.raises(ValueError, match="these settings need about"):
        limits.check_page(half, ends, 1000, runs=5)
