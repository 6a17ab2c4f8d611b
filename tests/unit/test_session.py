"""The page's facade: every method, plain values only, errors as answers."""

import io
import json

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.config import settings
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.page import instruments, team
from rnn_pkg.page.limits import PAGE_CHARACTERS
from rnn_pkg.page.session import METHODS, Session
from rnn_pkg.page.textdesk import SAMPLE_LENGTH, TextDesk

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3
SMALL = {"hidden_size": 8, "evaluate_every": 2}


@pytest.fixture
def session():
    return Session()


def ask(session, method, *arguments):
    answer = session.call("text", method, *arguments)
    assert answer.keys() == {"value"}, answer
    if not isinstance(answer["value"], bytes):
        json.dumps(answer, allow_nan=False)  # plain values only
    return answer["value"]


def known(session, text):
    """The number by which the session knows this text, from now on."""
    return ask(session, "describe", text)["text_id"]


def begin(session, text, *arguments):
    return ask(session, "begin", known(session, text), *arguments)


def refusal(session, method, *arguments):
    answer = session.call("text", method, *arguments)
    assert answer.keys() == {"error"}, answer
    assert answer["error"]["kind"] == "input"
    return answer["error"]["message"]


def test_about(session):
    about = ask(session, "about")
    assert about["package"] == rnn_pkg.__version__
    assert about["simd"] is False
    assert about["numbers"]["text"] == PAGE_CHARACTERS


def test_a_text_is_sent_once(session):
    text_id = known(session, RHYME)
    for seed in (1, 2):
        assert ask(session, "begin", text_id, SMALL | {"seed": seed})["size"] == len(RHYME)
    ask(session, "discard")
    assert ask(session, "begin", text_id, SMALL)["size"] == len(RHYME)


def test_no_run_begins_with_a_text_that_another_has_followed(session):
    text_id = known(session, RHYME)
    other_id = known(session, RHYME.upper())
    assert ask(session, "begin", text_id, SMALL) is None
    assert ask(session, "status") is None
    assert ask(session, "begin", other_id, SMALL)
    model = ask(session, "save")
    known(session, RHYME)
    loaded = ask(session, "load", model)
    assert loaded["text"] == RHYME.upper()
    assert ask(session, "begin", text_id, SMALL) is None
    ask(session, "begin", loaded["description"]["text_id"], SMALL, True)
    assert ask(session, "load", ask(session, "save"))["text"] == RHYME.upper()


def test_fields_describe_every_setting_of_a_text(session):
    fields = {field["name"]: field for field in ask(session, "fields")}
    of_numbers = {name for name, (_, setting) in settings().items() if setting.task == "numbers"}
    assert "season" in of_numbers
    assert fields.keys() == rnn_pkg.Config().as_dict().keys() - of_numbers
    assert fields["cell"]["choices"]["lstm"] == "LSTM"
    assert list(fields["cell"]["choices"]) == [*CELLS, "own"]
    assert fields["cell"]["kind"] == "choice"
    assert fields["hidden_size"]["kind"] == "integer"
    assert (fields["hidden_size"]["minimum"], fields["hidden_size"]["maximum"]) == (1, 1024)
    assert [name for name, field in fields.items() if field["live"]] == ["learning_rate"]


def test_summary_says_what_a_list_of_runs_shows(session):
    begin(session, RHYME, SMALL)
    ask(session, "train", 5)
    summary = ask(session, "summary")
    trainer = rnn_pkg.load(io.BytesIO(session.call("text", "save")["value"]))
    assert summary["config"] == trainer.config.as_dict()
    assert summary["progress"]["step"] == trainer.metrics.step
    assert summary["progress"]["train_loss"] == trainer.metrics.smooth_loss
    assert summary["curve"] == ask(session, "curve")
    ask(session, "discard")
    assert "no run" in refusal(session, "summary")


def test_describe(session):
    described = ask(session, "describe", RHYME)
    assert described["characters"] == len(RHYME)
    assert described["distinct"] == len(set(RHYME))
    assert described["problem"] is None
    assert described["config"] == rnn_pkg.Config.for_text(RHYME).as_dict()
    described = ask(session, "describe", "short")
    assert described["config"] is None
    assert "at least 20" in described["problem"]


def test_a_run_from_begin_to_discard(session):
    assert ask(session, "status") is None
    status = begin(session, RHYME, SMALL)
    assert status["config"]["hidden_size"] == 8
    assert status["learned"] + status["held_out"] == len(RHYME)
    assert [line["name"] for line in status["baselines"]] == ["uniform", "unigram"]
    assert status["baselines"][0]["loss"] > status["baselines"][1]["loss"] > 0
    assert status["progress"]["step"] == 0
    assert status["progress"]["train_loss"] is None
    assert status["progress"]["characters_per_second"] is None

    assert ask(session, "step")["step"] == 1
    progress = ask(session, "train", 20)
    assert progress["step"] >= 2
    assert progress["characters_per_second"] > 0
    assert progress["train_loss"] > 0
    assert progress["validation_loss"] > 0
    curve = ask(session, "curve")
    assert len(curve["step"]) == len(curve["train"]) == len(curve["validation"])
    assert curve["step"][-1] == progress["step"]

    assert ask(session, "set_learning_rate", 0.25) == {"learning_rate": 0.25}
    assert ask(session, "step")["learning_rate"] == 0.25
    assert ask(session, "status")["config"]["learning_rate"] == 0.25
    assert ask(session, "discard") is None
    assert ask(session, "status") is None


def test_a_run_that_goes_wrong_is_rescued(session):
    begin(session, RHYME, SMALL | {"learning_rate": 10.0})
    rescues = [rescue for _ in range(40) if (rescue := ask(session, "step")["rescue"])]
    assert [rescue["pause"] for rescue in rescues[:2]] == [False, True]
    assert "goes on with half the learning rate" in rescues[0]["message"]
    assert ask(session, "status")["config"]["learning_rate"] < 10
    assert ask(session, "train", 5).keys() >= {"step", "rescue"}


def test_parameters_are_counted(session):
    size, hidden = len(set(RHYME)), 8
    status = begin(session, RHYME, SMALL | {"cell": "gru"})
    gru = 3 * hidden * (size + hidden + 2)
    assert status["parameters"] == gru + size * (hidden + 1)


def test_writing_in_slices_while_training(session):
    begin(session, RHYME, SMALL)
    answer = ask(session, "start_writing", "one", 30, 0, 1.0)
    assert answer["warning"] is None
    assert [character["character"] for character in answer["characters"]] == list("one")
    text, done = "", False
    while not done:
        ask(session, "train", 1)
        piece = ask(session, "write", 0, 0.5)  # no budget: one character a call
        (new,) = piece["characters"]
        text, done = text + new["character"], piece["done"]
    assert len(text) == 30
    assert set(text) <= set(RHYME)
    assert ask(session, "write", 10, 0.5) == {"characters": [], "done": True}


def test_each_written_character_comes_with_what_was_expected(session):
    begin(session, RHYME, SMALL)
    ask(session, "train", 20)
    characters = ask(session, "start_writing", "one Z", 30, 0, 1.0)["characters"]
    characters += ask(session, "write", 10_000, 0.5)["characters"]
    nothing_expected = {"probability": None, "alternatives": [], "skipped": False}
    assert characters[0] == {"character": "o"} | nothing_expected
    assert characters[4] == {"character": "Z"} | nothing_expected | {"skipped": True}
    text = "".join(character["character"] for character in characters)
    trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
    for character, expected in zip(characters, trainer.predictions(text), strict=True):
        if expected.probability is None:
            assert character["probability"] is None
            continue
        assert character["probability"] == pytest.approx(expected.probability, rel=1e-4)
        names, shares = zip(*character["alternatives"], strict=True)
        expected_names, expected_shares = zip(*expected.alternatives, strict=True)
        assert names == expected_names
        assert shares == pytest.approx(expected_shares, rel=1e-4)


@pytest.mark.parametrize("prompt", ["one ", "?one", "", "?"])
@pytest.mark.parametrize("text", [RHYME, RHYME.replace("\n", "/")])
def test_writing_goes_on_from_what_stands(session, text, prompt):
    """What comes after it is expected as if it had been written in one go, opening included."""
    begin(session, text, SMALL)
    ask(session, "train", 20)
    opening = ask(session, "start_writing", prompt, 10, 0, 1.0)["opening"]
    assert bool(opening) == (not prompt.strip("?"))
    if opening:
        assert opening == "\n" if "\n" in text else opening in text
    written = "".join(c["character"] for c in ask(session, "write", 10_000, 0.5)["characters"])
    stands = opening + prompt + written
    ask(session, "continue_writing", stands, 1, 0, 1.0)
    (new,) = ask(session, "write", 0, 0.5)["characters"]
    trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
    expected = trainer.predictions(stands + new["character"])[-1]
    assert new["probability"] == pytest.approx(expected.probability, rel=1e-4)
    assert ask(session, "write", 10, 0.5) == {"characters": [], "done": True}
    assert "length" in refusal(session, "continue_writing", "a", -1, 0, 1.0)


def test_writing_can_stop_and_start_anew(session):
    begin(session, RHYME, SMALL)
    ask(session, "start_writing", "", 1_000_000, 0, 1.0)
    assert ask(session, "write", 1, 0.5)["done"] is False
    assert "temperature" in refusal(session, "write", 1, -1)
    ask(session, "stop_writing")
    assert ask(session, "write", 1, 0.5) == {"characters": [], "done": True}
    answer = ask(session, "start_writing", "Zone", 0, 0, 1.0)
    assert answer["warning"] == "Never seen in the text, so skipped: 'Z'"
    assert ask(session, "write", 1, 0.5) == {"characters": [], "done": True}
    assert "length" in refusal(session, "start_writing", "", -1, 0, 1.0)


def test_sample(session):
    begin(session, RHYME, SMALL)
    text = ask(session, "sample", 0.8)
    assert len(text) == SAMPLE_LENGTH
    assert set(text) <= set(RHYME)


def test_save_and_load(session):
    begin(session, RHYME, SMALL)
    ask(session, "train", 5)
    before = ask(session, "status")
    data = ask(session, "save")
    assert isinstance(data, bytes)
    other = Session()
    loaded = ask(other, "load", memoryview(data))
    assert loaded["text"] == RHYME
    assert loaded["description"] == ask(session, "describe", RHYME) | {"text_id": 1}
    after = loaded["status"]
    assert after["progress"].pop("characters_per_second") is None
    before["progress"].pop("characters_per_second")
    assert after == before
    assert ask(other, "curve") == ask(session, "curve")


def test_nothing_is_lost_by_a_bad_file_or_a_bad_begin(session):
    begin(session, RHYME, SMALL)
    ask(session, "step")
    before = ask(session, "status")
    assert "not a model file" in refusal(session, "load", b"nonsense")
    assert "at least 20" in refusal(session, "begin", known(session, "short"), {})
    assert "hidden_size must be" in refusal(
        session, "begin", known(session, RHYME), {"hidden_size": -1}
    )
    assert "learning_rate must be" in refusal(session, "set_learning_rate", 100)
    assert ask(session, "status") == before


@pytest.mark.parametrize(
    "call",
    [("train", 10), ("step",), ("curve",), ("save",), ("sample", 1.0),
     ("start_writing", "", 1, 0, 1.0), ("continue_writing", "a", 1, 0, 1.0),
     ("set_learning_rate", 0.1), ("start", "ngrams"), ("start", "memory", "one")],
)  # fmt: skip
def test_without_a_run_the_person_is_told(session, call):
    assert "no run yet" in refusal(session, *call)


@pytest.mark.native
def test_speed_is_that_of_the_last_seconds(session, monkeypatch):
    """The clock is made, so that the speed is known: first 10 steps a second, then 40."""
    now = 0.0
    monkeypatch.setattr("rnn_pkg.page.stopwatch.time.perf_counter", lambda: now)
    teach = rnn_pkg.Trainer.teach
    seconds_a_step = 0.1

    def timed_teach(trainer, steps):
        nonlocal now
        now += seconds_a_step
        return teach(trainer, steps)

    monkeypatch.setattr(rnn_pkg.Trainer, "teach", timed_teach)
    config = begin(session, RHYME, SMALL)["config"]
    characters = config["batch_size"] * config["sequence_length"]
    for _ in range(30):
        progress = ask(session, "step")
    assert progress["characters_per_second"] == pytest.approx(10 * characters)
    now += 1000  # a pause doesn't count
    seconds_a_step = 0.025
    speeds = [ask(session, "step")["characters_per_second"] for _ in range(400)]
    assert speeds[0] == pytest.approx(10 * characters, rel=0.05)
    assert speeds == sorted(speeds)
    assert speeds[-1] == pytest.approx(40 * characters, rel=0.05)


def test_a_rescue_does_not_count_for_the_speed(session):
    begin(session, RHYME, SMALL | {"learning_rate": 10.0})
    steps = [ask(session, "step") for _ in range(40)]
    assert any(step["rescue"] for step in steps)
    assert all(step["characters_per_second"] > 0 for step in steps)


def test_a_bug_is_told_apart_from_bad_input(session, capsys):
    for method in ("_running", "__init__", "nothing"):
        answer = session.call("text", method)
        assert answer["error"]["kind"] == "internal"
        assert "no method" in answer["error"]["message"]
    answer = session.call("text", "describe")
    assert answer["error"]["message"].startswith("TypeError: ")
    assert "Traceback" in capsys.readouterr().err


def test_every_public_method_can_be_called():
    methods = (*METHODS, *instruments.offered(TextDesk))
    assert {"about", "begin", "discard"} < set(methods)
    assert set(instruments.METHODS) == {"start", "advance", "script", "silence", "write_with"}
    assert {"ngrams", "check", "compare_silenced"} < set(instruments.JOBS)
    every = (*methods, *team.METHODS, *instruments.METHODS, *instruments.JOBS)
    assert not {name for name in every if name.startswith("_") or name in ("call", "network")}


def test_silenced_units_write_no_more_but_learn_on(session):
    begin(session, RHYME, SMALL)
    for _ in range(30):
        ask(session, "step")
    ask(session, "silence", [[0, unit] for unit in range(8)])
    ask(session, "start_writing", "one two ", 40, 1, 1.0)
    characters = ask(session, "write", 1e4, 0.01)["characters"]
    written = "".join(character["character"] for character in characters)
    # With nothing left to remember, every guess is the same.
    assert written == written[0] * 40
    assert len({character["probability"] for character in characters}) == 1
    ask(session, "continue_writing", "one t", 1, 1, 1.0)
    assert ask(session, "write", 1e4, 0.01)["characters"] == characters[:1]
    assert set(ask(session, "sample", 0)) == {written[0]}
    trained = ask(session, "step")
    ask(session, "silence", [])
    assert len(set(ask(session, "sample", 0.01))) > 1

    begin(session, RHYME, SMALL)
    for _ in range(31):
        last = ask(session, "step")
    assert last["train_loss"] == trained["train_loss"]
    assert last["validation_loss"] == trained["validation_loss"]


def test_writing_by_a_seed_and_a_line_at_most(session):
    begin(session, RHYME, SMALL)
    for _ in range(30):
        ask(session, "step")
    texts = []
    for seed in (7, 7, 8):
        ask(session, "start_writing", "one ", 60, 5, 0.9, seed)
        texts.append([c["character"] for c in ask(session, "write", 10_000, 1.0)["characters"]])
    assert texts[0] == texts[1] != texts[2]
    ask(session, "start_writing", "one ", 1000, 0, 1.0, 7, True)
    answer = ask(session, "write", 10_000, 1.0)
    assert answer["done"]
    assert [c["character"] for c in answer["characters"]].index("\n") == len(
        answer["characters"]
    ) - 1
    ask(session, "continue_writing", "one ", 1000, 0, 1.0, 7, True)
    assert ask(session, "write", 10_000, 1.0)["characters"][-1]["character"] == "\n"
    ask(session, "continue_writing", "one\n", 1000, 0, 1.0, 7, True)
    assert ask(session, "write", 10_000, 1.0) == {"characters": [], "done": True}
    assert "seed must be" in refusal(session, "start_writing", "", 1, 0, 1.0, -1)
    assert "prompt must be a str" in refusal(session, "start_writing", None, 1)


def test_a_prompt_is_shown_as_it_is_read(session):
    begin(session, "Le caf\u00e9 d\u00e9j\u00e0 vu. " * 9, SMALL)
    answer = ask(session, "start_writing", "cafe\u0301", 5)
    assert [c["character"] for c in answer["characters"]] == list("caf\u00e9")
    assert answer["warning"] is None
    answer = ask(session, "start_writing", "l’", 5)
    assert answer["warning"] == "Never seen in the text, so skipped: 'l' (the nearest is 'L'), '’'"


def test_a_list_is_described_as_one(session):
    text = "".join(f"{a}{b}\n" for a in "bcdfgh" for b in ("al", "en", "ix", "or"))
    described = ask(session, "describe", text)
    assert (described["lines"], described["config"]["order"]) == (24, "lines")
    assert ask(session, "describe", text[:-1])["lines"] == 24
    assert ask(session, "describe", RHYME)["lines"] is None


def test_going_on_with_another_text(session):
    begin(session, RHYME, SMALL)
    assert ask(session, "status")["origin"] is None
    ask(session, "step")
    assert "hidden_size must be 8" in refusal(
        session, "begin", known(session, RHYME * 2), {"hidden_size": 9}, True
    )
    assert ask(session, "status")["progress"]["step"] == 1
    status = begin(session, RHYME.upper(), SMALL, True)
    assert status["progress"]["step"] == 0
    assert status["origin"].startswith("Begun with a network that had learned “one two")
    trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
    assert trainer.origins[0].steps == 1
    ask(session, "discard")
    assert "no run" in refusal(session, "begin", known(session, RHYME), SMALL, True)


@pytest.mark.native
def test_progress_tells_the_best_and_advises(session):
    begin(session, RHYME, SMALL)
    progress = ask(session, "step")
    assert (progress["best_step"], progress["best_loss"], progress["advice"]) == (None, None, None)
    progress = ask(session, "step")
    assert (progress["best_step"], progress["best_loss"]) == (2, progress["validation_loss"])
    text = "".join(f"{k * 7919 % 1009} sheep, {k * 31 % 97} stayed. " for k in range(40))
    begin(session, text, {"hidden_size": 64, "evaluate_every": 10})
    for _ in range(300):
        progress = ask(session, "step")
    assert progress["advice"]["kind"] == "by heart"
    assert f"lowest at step {progress['best_step']}" in progress["advice"]["message"]


def test_a_model_that_forecasts_is_refused_and_the_run_stays(session):
    begin(session, RHYME, SMALL)
    series = rnn_pkg.Series(np.arange(60.0))
    file = io.BytesIO()
    rnn_pkg.Trainer(series, rnn_pkg.Config.for_series(series, hidden_size=4)).save(file)
    answer = session.call("text", "load", file.getvalue())
    assert answer["error"]["kind"] == "input"
    message = "this model has learned a series, not a text: open it under Numbers"
    assert answer["error"]["message"] == message
    assert ask(session, "status")["size"] == len(RHYME)
