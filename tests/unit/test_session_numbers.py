"""The page's place for numbers: tables are read, series are learned, forecast and judged."""

import csv
import io
import json
import sys

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.config import settings
from rnn_pkg.page.limits import PAGE_CHARACTERS
from rnn_pkg.page.session import Session
from rnn_pkg.page.tables import plan
from rnn_pkg.training import ensemble
from rnn_pkg.training.report import as_csv

MONTHS = [f"{1990 + k // 12}-{k % 12 + 1:02}" for k in range(96)]
LEVELS = [100 + k + (9 if k % 12 < 4 else 0) for k in range(96)]
TABLE = "month,sales\n" + "".join(f"{m},{v}\n" for m, v in zip(MONTHS, LEVELS, strict=True))
TWO = "month,sales,staff\n" + "".join(
    f"{m},{v},{v % 7}\n" for m, v in zip(MONTHS, LEVELS, strict=True)
)
SMALL = {"hidden_size": 4, "evaluate_every": 2}
RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def few_steps(monkeypatch):
    monkeypatch.setattr(ensemble, "STEPS", 4)


def ask(session, method, *arguments, place="numbers"):
    answer = session.call(place, method, *arguments)
    assert answer.keys() == {"value"}, answer
    value = answer["value"]
    if not isinstance(value, bytes):
        json.dumps(without_bytes(value), allow_nan=False)  # plain values only
    return value


def without_bytes(value):
    if isinstance(value, dict):
        return {key: without_bytes(v) for key, v in value.items() if not isinstance(v, bytes)}
    return value


def refusal(session, method, *arguments, place="numbers"):
    answer = session.call(place, method, *arguments)
    assert answer.keys() == {"error"}, answer
    assert answer["error"]["kind"] == "input"
    return answer["error"]["message"]


def described(session, text=TABLE, choices=None, season=None):
    return ask(session, "describe_table", text, choices or {}, season)


def begin(session, text=TABLE, values=SMALL, **choices):
    return ask(session, "begin", described(session, text, choices)["text_id"], values)


def work(session, job, *arguments, budget=0.0):
    """Do a job in the smallest slices; return what each slice brought."""
    ask(session, "start", job, *arguments)
    slices = []
    while not slices or not slices[-1]["done"]:
        slices.append(ask(session, "advance", job, budget))
    return slices


def test_a_table_is_described_as_the_series_in_it(session):
    found = described(session)
    assert (found["problem"], found["elsewhere"], found["lines"]) == (None, False, None)
    assert found["config"] == rnn_pkg.Config.for_series(rnn_pkg.Series.from_csv(TABLE)).as_dict()
    table = found["table"]
    assert table["question"] is None
    assert table["columns"] == [
        {"name": "month", "kind": "dates"},
        {"name": "sales", "kind": "numbers"},
    ]
    assert (table["column"], table["values"], table["missing"]) == ("sales", 96, 0)
    assert table["notes"] == ["Dates: monthly, from 1990-01 to 1997-12."]
    assert table["preview"][0] == {"date": "1990-01", "value": 109}
    assert (len(table["preview"]), table["left_out"]) == (10, 86)
    assert (table["dated"], table["season"]) == (True, 12)
    assert table["season_words"] == "12 months are a year, as the dates tell."
    assert table["plan"] == (
        "The series leaves the range it has been in, so the network reads its changes, and learns "
        "what repeating last year leaves over."
    )
    assert table["line"]["x"][:2] == [631_152_000, 633_830_400]  # 1990-01-01, 1990-02-01
    assert table["line"]["y"] == LEVELS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("".join(f"{k % 11 * 3 % 11}\n" for k in range(99)), "It repeats itself after 11 values,"),
        ("".join(f"{m},{k}\n" for k, m in enumerate(MONTHS[:20])), "not come 3 times"),
        ("".join(f"{k}\n" for k in range(60)), "No season was found."),
        (
            "".join(f"2020-{k // 28 + 1:02}-{k % 28 + 1:02},{k % 7}\n" for k in range(28)),
            "7 days are a week, as",
        ),
        (
            "".join(
                f"2020-01-{k // 24 + 1:02} {k % 24:02}:00,{k % 24 % 5}\n" for k in range(24 * 6)
            ),
            "24 hours are a day, as",
        ),
        (
            "".join(
                f"2020-01-{k // 48 + 1:02} {k % 48 // 2:02}:{k % 2 * 3}0,{k % 48 % 5}\n"
                for k in range(48 * 6)
            ),
            "48 steps of 30 minutes are a day, as",
        ),
        ("".join(f"{2000 + k // 4}Q{k % 4 + 1},{k % 4}\n" for k in range(40)), "4 quarters are a "),
    ],
)
def test_it_is_told_what_a_season_is(session, text, words):
    assert words in described(session, text)["table"]["season_words"]


@pytest.mark.parametrize(
    ("reads", "words"),
    [
        (
            "levels",
            "stays in the range it has been in, so the network reads its values as they are,",
        ),
        ("levels_and_change", "reads its values as they are and their last change, and learns"),
        (
            "seasonal_changes",
            "so the network reads how it changes from season to season, and learns",
        ),
        ("changes_and_season", "reads its changes, and how it went on a year ago, and learns"),
    ],
)
def test_it_is_told_what_the_network_reads(reads, words):
    series = rnn_pkg.Series.from_csv(TABLE)
    assert words in plan(series, rnn_pkg.Config.for_series(series, reads=reads))


def test_a_season_that_is_given_is_taken(session):
    found = described(session, season=6)
    assert (found["table"]["season"], found["config"]["season"]) == (6, 6)
    assert found["table"]["season_words"] == "A season has 6 values."
    assert described(session, season=1)["table"]["season_words"] == "There is no season."
    assert "season must be" in described(session, season=0)["problem"]


def test_what_can_be_read_in_two_ways_is_asked_and_not_learned(session):
    found = described(session, TWO)
    assert (found["config"], found["problem"]) == (None, None)
    question = found["table"]["question"]
    assert question["name"] == "column"
    for kind in ("value", "words"):
        assert [option[kind] for option in question["options"]] == ["sales", "staff"]
    assert found["table"]["line"]["y"] == LEVELS  # what it would be
    message = refusal(session, "begin", found["text_id"], SMALL)
    assert message.startswith("There are 2 columns of numbers: which is the series? Choose sales")
    settled = described(session, TWO, {"column": "staff"})
    assert settled["table"]["line"]["y"] == [level % 7 for level in LEVELS]
    assert ask(session, "begin", settled["text_id"], SMALL)["size"] == 96


@pytest.mark.parametrize(
    ("text", "problem", "is_table", "elsewhere"),
    [
        ("once upon a time\n" * 9, "no column of numbers", False, True),
        ("", "there is nothing to read", False, False),
        ("1\n2\n3\nx5\n5\n6\n7\n8\n", 'line 4: "x5" is not a number', False, False),
        ("1\n2\n3\n4\n", "the series has", True, False),
    ],
)
def test_what_is_no_series_is_told(session, text, problem, is_table, elsewhere):
    found = described(session, text)
    assert problem in found["problem"]
    assert (found["table"] is not None, found["elsewhere"]) == (is_table, elsewhere)
    assert found["config"] is None
    assert problem in refusal(session, "begin", found["text_id"], SMALL)


def test_before_any_table_none_can_be_learned(session):
    assert "there is no series yet" in refusal(session, "begin", 0, SMALL)


def test_a_long_table_is_refused(session):
    found = described(session, "1\n" * (PAGE_CHARACTERS // 2 + 1))
    assert found["problem"] == (
        "the table has 5,000,002 characters: this page takes up to 5,000,000"
    )


def test_a_text_is_known_for_a_table_and_a_page_of_prose_is_not(session):
    for text, is_table in ((TABLE, True), (RHYME * 10, False), ("1\n2\n3\n", False)):
        assert ask(session, "describe", text, place="text")["elsewhere"] is is_table
    assert ask(session, "describe", TABLE, place="text")["table"] is None


def test_of_a_long_series_peaks_are_drawn(session):
    values = [0.0] * 30_000
    values[12_345], values[23_456] = 7.0, -8.0
    line = described(session, "".join(f"{value}\n" for value in values))["table"]["line"]
    assert len(line["x"]) == len(line["y"]) <= 2000
    assert line["x"] == sorted(line["x"])
    assert (line["x"][line["y"].index(7.0)], line["x"][line["y"].index(-8.0)]) == (12_346, 23_457)


def test_both_places_have_a_run_of_their_own(session):
    assert "no run yet" in refusal(session, "train", 1)
    begin(session)
    assert ask(session, "status", place="text") is None
    text_id = ask(session, "describe", RHYME, place="text")["text_id"]
    ask(session, "begin", text_id, {"hidden_size": 4}, place="text")
    ask(session, "step")
    assert ask(session, "status")["progress"]["step"] == 1
    assert ask(session, "status", place="text")["progress"]["step"] == 0
    assert ask(session, "status", place="text")["task"] == "text"
    ask(session, "discard", place="text")
    assert ask(session, "status")["task"] == "numbers"


@pytest.mark.native
def test_a_page_that_learns_a_text_reads_no_tables_and_no_lessons():
    import subprocess

    program = (
        "import sys; from rnn_pkg.page.session import Session; session = Session();"
        f"described = session.call('text', 'describe', {RHYME!r})['value'];"
        "session.call('text', 'begin', described['text_id'], {'hidden_size': 4});"
        "session.call('text', 'step');"
        "print([m for m in sys.modules if m in ('csv', 'rnn_pkg.tasks.table', 'rnn_pkg.tasks.grid',"
        " 'rnn_pkg.look.judging', 'rnn_pkg.training.ensemble', 'rnn_pkg.page.numbersdesk',"
        " 'rnn_pkg.page.lessons.desk', 'rnn_pkg.page.lessons.answers', 'rnn_pkg.look.recording')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert ran.stdout == "[]\n"


def test_an_unknown_place_is_a_mistake_of_the_page(session, capsys):
    answer = session.call("pictures", "status")
    assert answer["error"]["kind"] == "internal"
    assert "no place 'pictures'; there are text, numbers, lessons" in answer["error"]["message"]
    assert "Traceback" in capsys.readouterr().err


def test_fields_are_those_of_series(session):
    names = [field["name"] for field in ask(session, "fields")]
    assert names == list(settings("numbers"))
    assert "season" in names
    assert "order" not in names


def test_the_status_of_a_run(session):
    status = begin(session)
    series = rnn_pkg.Series.from_csv(TABLE)
    assert (status["task"], status["size"], status["distinct"]) == ("numbers", 96, 0)
    assert (status["learned"], status["held_out"]) == (82, 14)
    assert status["fingerprint"] == series.fingerprint == described(session)["table"]["fingerprint"]
    (line,) = status["baselines"]
    assert (line["name"], line["label"]) == ("blind", "the simple forecast alone")
    # Repeating last year leaves 12 over, always: nothing is left when the mean is taken off, and
    # what there is is scaled to a spread of 1.
    assert line["loss"] == pytest.approx(np.log(2 * np.pi) / 2)


def test_the_simple_forecast_s_loss_is_what_the_network_s_is_measured_by(session):
    """A network whose weights are 0 says mean 0 and variance 1, and has that loss."""
    text = "".join(f"{k * 7919 % 1009}\n" for k in range(120))
    for loss in ("gaussian", "squared_error"):
        (line,) = begin(session, text, SMALL | {"loss": loss})["baselines"]
        trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
        for parameter in trainer.model.parameters.values():
            parameter[...] = 0
        assert trainer.evaluate(network=trainer.model) == pytest.approx(line["loss"], rel=1e-5)


def test_a_run_from_begin_to_discard(session):
    begin(session)
    progress = ask(session, "train", 20)
    assert progress["step"] >= 1
    assert ask(session, "set_learning_rate", 0.25) == {"learning_rate": 0.25}
    ask(session, "step")
    assert ask(session, "summary")["task"] == "numbers"
    assert ask(session, "curve")["step"]
    message = refusal(session, "begin", described(session)["text_id"], SMALL, True)
    assert message == "a run can begin with another's network only if both learn a text"
    ask(session, "discard")
    assert ask(session, "status") is None
    assert "no run yet" in refusal(session, "forecast", 3)


def test_the_forecast_is_the_run_s(session):
    begin(session)
    for _ in range(4):
        ask(session, "step")
    trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
    for best, network in ((True, trainer.best), (False, trainer.averaged)):
        ask(session, "write_with", best)
        found, expected = ask(session, "forecast", 3), trainer.forecast(3, network=network)
        assert found["mean"] == expected.mean.tolist()
        assert found["lower"] == expected.quantiles[0.1].tolist()
        assert found["upper"] == expected.quantiles[0.9].tolist()
    assert found["dates"] == ["1998-01", "1998-02", "1998-03"]
    assert found["x"][0] == 883_612_800
    assert found["step"] == 4
    quantiles = {str(part): q.tolist() for part, q in expected.quantiles.items()}
    assert found["csv"] == as_csv(trainer.series, {"mean": found["mean"]} | quantiles)
    assert "horizon must be" in refusal(session, "forecast", 0)


def test_steps_ahead_are_counted_where_there_are_no_dates(session):
    begin(session, "".join(f"{k % 5}\n" for k in range(40)))
    found = ask(session, "forecast", 2)
    assert (found["dates"], found["x"], found["step"]) == (["+1", "+2"], [41, 42], 0)


def test_dates_without_a_calendar_go_on_as_they_have(session):
    dates = np.datetime64("2000-01-01") + np.cumsum([1 + k * k % 5 for k in range(40)])
    text = "date,x\n" + "".join(f"{date},{k % 5}\n" for k, date in enumerate(dates))
    begin(session, text)
    found = ask(session, "forecast", 2)
    assert found["dates"] == ["+1", "+2"]
    last = dates[-1].astype("datetime64[s]").astype(int)
    mean = (dates[-1] - dates[0]).astype(int) * 86_400 / 39
    assert found["x"] == pytest.approx([last + mean, last + 2 * mean])


def test_save_and_load(session):
    begin(session, TWO, column="staff")
    ask(session, "train", 5)
    before, data = ask(session, "status"), ask(session, "save")
    other = Session()
    assert ask(other, "task_in", memoryview(data)) == "numbers"
    assert ask(other, "task_in", memoryview(data), place="text") == "numbers"
    loaded = ask(other, "load", memoryview(data))
    for status in (before, loaded["status"]):
        del status["progress"]["characters_per_second"]
    assert loaded["status"] == before
    again = described(other, loaded["text"], loaded["choices"])
    assert again["table"] == loaded["description"]["table"]
    assert again["table"]["fingerprint"] == before["fingerprint"]
    assert loaded["text"].startswith("date,staff\n1990-01,4\n")
    assert ask(other, "begin", again["text_id"], SMALL)["fingerprint"] == before["fingerprint"]


def test_a_model_belongs_to_one_place(session):
    text_id = ask(session, "describe", RHYME, place="text")["text_id"]
    ask(session, "begin", text_id, {"hidden_size": 4}, place="text")
    model = ask(session, "save", place="text")
    assert ask(session, "task_in", model) == "text"
    begin(session)
    before = ask(session, "status")
    assert refusal(session, "load", model) == (
        "this model has learned a text, not a series: open it under Text"
    )
    assert ask(session, "status") == before
    assert "not a model file" in refusal(session, "task_in", b"nonsense")
    assert "damaged" in refusal(session, "task_in", model[:-100])


def test_what_only_texts_have_is_refused(session):
    begin(session)
    for job in (("ngrams",), ("memory", "x"), ("read", 0, ""), ("selectivity", 0),
                ("compare_silenced", "x", 0.5), ("check_tutorial", "squared_error")):  # fmt: skip
        ask(session, "start", *job)
        assert "has learned a series, not a text" in refusal(session, "advance", job[0], 1)
        assert ask(session, "advance", job[0], 1)["done"]  # it is over


def test_the_gradient_of_a_series_is_followed_and_right(session):
    begin(session, TABLE.replace("1995-01,169", "1995-01,"))
    ask(session, "step")
    value = work(session, "flow", 1.0, budget=50)[-1]["value"]
    assert [line["name"] for line in value["lines"]][:2] == ["own", "rnn"]
    assert all(line["norms"][0] for line in value["lines"])
    report = work(session, "check", budget=50)[-1]["value"]
    assert report["wrong"] == 0
    assert report["tried"] > 20
    assert "forecast" in ask(session, "script", "model.npz")


def test_under_the_curve_is_what_the_units_do(session):
    text = TABLE + "".join(f"{1998 + k // 12}-{k % 12 + 1:02},{k % 12}\n" for k in range(600))
    begin(session, text.replace("2040-01,0\n", "2040-01,\n"), SMALL | {"layers": 2})
    ask(session, "step")
    value = work(session, "under_curve", 1, "")[-1]["value"]
    trainer = rnn_pkg.load(io.BytesIO(ask(session, "save")))
    read = trainer.numbers.whole.inputs[-464:, None].astype(np.float32)
    _, _, caches = trainer.best.forward(read)
    expected = trainer.best.cell.activations(caches[1].cell)["hidden state"][64:, 0].T
    activations = np.frombuffer(value["activations"], np.float32).reshape(4, 400)
    np.testing.assert_allclose(activations, expected, atol=1e-6)
    assert (value["low"], value["high"], value["name"]) == (-1, 1, "hidden state")
    assert (value["dates"][-1], value["line"]["y"][-1]) == ("2047-12", 11)
    assert value["line"]["y"][value["dates"].index("2040-01")] is None
    ask(session, "silence", [[1, 2]])
    value = work(session, "under_curve", 1, "hidden state")[-1]["value"]
    silent = np.frombuffer(value["activations"], np.float32).reshape(4, 400)
    assert not silent[2].any()
    assert silent[1].any()
    assert "layer must be" in refusal_of_job(session, "under_curve", 2, "")
    assert "no 'x'" in refusal_of_job(session, "under_curve", 0, "x")


def refusal_of_job(session, job, *arguments):
    ask(session, "start", job, *arguments)
    return refusal(session, "advance", job, 1)


def test_a_short_series_is_under_the_curve_as_a_whole(session):
    begin(session, "".join(f"{k % 5}\n" for k in range(40)))
    value = work(session, "under_curve", 0, "")[-1]["value"]
    assert len(value["activations"]) == 4 * 4 * 40
    assert value["dates"][0] == "1"


@pytest.mark.usefixtures("few_steps")
def test_judging_brings_the_baselines_the_network_and_what_follows(session):
    begin(session)
    chosen = {"hidden_size": 3, "validation": 0.3, "order": "text", "workers": 2}
    slices = work(session, "judge", 6, chosen)
    known = [
        (len(each["value"]["models"]), each["value"]["ahead"] is not None) if each["value"] else 0
        for each in slices
    ]
    assert list(dict.fromkeys(known)) == [0, (5, False), (6, False), (6, True)]
    fractions = [each["fraction"] for each in slices]
    assert fractions == sorted(fractions)
    assert len(slices) > 2 * 3 * 4  # a slice for each step of each network
    first = next(each["value"] for each in slices if each["value"])
    assert first["verdict"].startswith("Of what needs no network, ")
    value = slices[-1]["value"]
    series = rnn_pkg.Series.from_csv(TABLE)
    expected = rnn_pkg.backtest(series, 6, hidden_size=3)
    for model, row in zip(value["models"], expected.rows, strict=True):
        assert (model["name"], model["mase"], model["mae"]) == (row.name, row.mase, row.mae)
        assert (model["rmse"], model["coverage"]) == (row.rmse, row.coverage80)
        assert model["width"] == row.width80
        assert model["errors"] == row.errors.tolist()
        assert model["paths"] == row.forecasts.tolist()
        assert model["residuals"] == (expected.truth[:, 0] - row.forecasts[:, 0]).tolist()
    ahead = ensemble.ahead(series, expected, hidden_size=3)
    assert value["ahead"]["mean"] == ahead["mean"]
    assert value["ahead"]["lower"] == ahead["0.1"]
    assert value["ahead"]["dates"][0] == "1998-01"
    assert value["ahead"]["step"] is None
    assert (value["horizon"], value["season"], value["origins"]) == (6, 12, 11)
    x = [int(np.datetime64(month, "s").astype(int)) for month in MONTHS]
    assert value["origin_x"] == x[80:91]
    assert value["paths"] == [x[k : k + 6] for k in range(80, 91)]
    assert value["truth"] == {"x": x[68:], "y": LEVELS[68:]}


@pytest.mark.usefixtures("few_steps")
def test_all_that_was_forecast_can_be_saved(session):
    begin(session, TABLE.replace("1997-06,189", "1997-06,"))
    assert "nothing has been judged yet" in refusal(session, "backtest_csv")
    value = work(session, "judge", 6, {"season": 1}, budget=50)[-1]["value"]
    assert value["season"] == 1
    rows = list(csv.reader(io.StringIO(ask(session, "backtest_csv"))))
    names = [model["name"] for model in value["models"]]
    assert rows[0] == ["origin", "step", "date", "truth", *names]
    assert len(rows) == 1 + 6 * value["origins"]
    assert rows[2][:3] == ["1996-08", "2", "1996-10"]
    assert rows[1][3:5] == ["180.0", "179.0"]  # the naive one repeats what was last
    assert {row[3] for row in rows if row[2] == "1997-06"} == {""}
    assert rows[1][4] == repr(value["models"][0]["paths"][0][0])


@pytest.mark.native
@pytest.mark.usefixtures("few_steps")
def test_of_a_long_test_part_a_part_is_drawn(session):
    begin(session, "".join(f"{k * k % 13}\n" for k in range(15_000)))
    value = work(session, "judge", 2, {"hidden_size": 1}, budget=1000)[-1]["value"]
    assert len(value["paths"]) == 40
    assert all(len(model["paths"]) == 40 for model in value["models"])
    assert 1000 < len(value["truth"]["x"]) <= 2000
    assert len(value["origin_x"]) == len(value["models"][0]["residuals"]) == value["origins"] <= 200


@pytest.mark.parametrize(
    ("horizon", "chosen", "message"),
    [
        (40, {}, "the series has 96 values; "),
        (0, {}, "horizon must be"),
        (3, {"hidden_size": 0}, "hidden_size must be"),
        (3, {"nothing": 0}, "unknown setting 'nothing'"),
        (3, {"season": "x"}, "season must be"),
        (3, {"hidden_size": 1024, "layers": 6}, "these settings need about"),
    ],
)
def test_what_cannot_be_judged_is_told(session, horizon, chosen, message):
    begin(session)
    assert message in refusal_of_job(session, "judge", horizon, chosen)


def test_no_run_is_begun_that_the_page_cannot_hold(session):
    begin(session)
    huge = {"hidden_size": 1024, "layers": 8, "batch_size": 256, "sequence_length": 512}
    message = refusal(session, "begin", described(session)["text_id"], huge)
    assert message.startswith("these settings need about ")
    assert "GB, and the page has 1.6 GB: choose a smaller batch" in message
    assert ask(session, "status")["config"]["hidden_size"] == 4
