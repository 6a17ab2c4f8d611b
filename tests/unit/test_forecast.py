"""A network's forecasts, judged beside what needs none; as table, JSON and CSV; the command."""

import csv
import io
import json

import numpy as np
import pytest

from rnn_pkg import Series, backtest
from rnn_pkg.__main__ import main
from rnn_pkg.look.verdict import NETWORK
from rnn_pkg.tasks.generated import sine
from rnn_pkg.tasks.parts import parts_of
from rnn_pkg.training import ensemble
from rnn_pkg.training.ensemble import SEEDS, Ensemble, ahead, backtesting, foreseeing
from rnn_pkg.training.report import as_csv, as_json, as_table, in_words

MONTHS = np.arange("1990-01", "1998-01", dtype="datetime64[M]").astype("datetime64[D]")
WAVY = 100 + 20 * sine(96, 12) + np.arange(96)
SERIES = Series(WAVY, None, MONTHS, "sales")
FEW = {"hidden_size": 4, "evaluate_every": 10}


@pytest.fixture(scope="module")
def judged():
    return backtest(SERIES, 6, seconds=1.0, **FEW)


def test_the_network_is_judged_beside_the_baselines(judged):
    names = [row.name for row in judged.rows]
    assert names == ["naive", "seasonal naive", "drift", "ar", "seasonal difference ar", NETWORK]
    assert judged.period == 12  # by its dates
    network = judged.rows[-1]
    assert network.forecasts.shape == (len(judged.origins), 6)
    assert 0 < network.mase < judged.rows[0].mase


@pytest.mark.native
def test_nothing_of_the_test_part_is_learned_or_chosen_by(judged):
    """Other values there change no forecast from the first place, which knows none of them."""
    values = WAVY.copy()
    values[judged.parts.known :] = 0
    ensembles = []
    for series in (WAVY, values):
        ensemble = Ensemble(12, FEW, steps=20)
        ensemble.fit(series[: judged.parts.known], judged.parts)
        ensembles.append(ensemble.forecast(series, judged.origins[:1], 6))
    np.testing.assert_array_equal(*ensembles)


def test_the_forecast_is_the_mean_of_networks_that_begin_differently(judged):
    ensemble = Ensemble(12, FEW, steps=2)
    ensemble.fit(WAVY[: judged.parts.known], judged.parts)
    assert len(ensemble.trainers) == SEEDS
    weights = [trainer.model.parameters["decoder.weight"].sum() for trainer in ensemble.trainers]
    assert len(set(weights)) == SEEDS
    together = ensemble.forecast(WAVY, np.array([96]), 3)
    all_trainers, each = ensemble.trainers, []
    for trainer in all_trainers:
        ensemble.trainers = [trainer]
        each.append(ensemble.forecast(WAVY, np.array([96]), 3))
    np.testing.assert_allclose(together, np.mean(each, axis=0))


def test_networks_that_know_many_seasons_read_them_in_two_ways():
    values = 100 + 20 * sine(240, 12) + np.arange(240)
    parts = parts_of(values, 6, 12)

    def fitted(**settings):
        ensemble = Ensemble(12, FEW | settings, steps=2)
        ensemble.fit(values[: parts.known], parts)
        return [trainer.config for trainer in ensemble.trainers]

    assert [each.reads for each in fitted()] == ["changes_and_season", "seasonal_changes"] * 2
    assert {each.loss for each in fitted()} == {"squared_error"}
    given = fitted(reads="changes_and_season", loss="gaussian")
    assert {(each.reads, each.loss) for each in given} == {("changes_and_season", "gaussian")}


@pytest.mark.native
def test_what_follows_is_as_unsure_as_the_backtest_was(judged):
    told = []
    forecast = ahead(SERIES, judged, 0.5, told.append)
    assert {name: len(values) for name, values in forecast.items()} == dict.fromkeys(
        ("mean", "0.1", "0.5", "0.9"), 6
    )
    widths = np.subtract(forecast["0.9"], forecast["0.1"])
    lower, upper = judged.rows[-1].offsets
    np.testing.assert_allclose(widths, upper - lower)
    assert told == sorted(told)
    assert 0 < told[-1] <= 1


def test_the_table_has_a_row_a_model(judged):
    lines = as_table(judged).splitlines()
    assert lines[0].split() == ["MASE", "RMSE", "MAE", "Coverage", "Width"]
    assert [line[:22].strip() for line in lines[1:]] == [row.name for row in judged.rows]
    assert float(lines[-1][22:].split()[0]) == pytest.approx(judged.rows[-1].mase, abs=5e-4)
    assert in_words(SERIES, judged).endswith(".")


def test_json_and_csv_hold_the_forecast(judged):
    forecast = {"mean": [1.5] * 6, "0.1": [1.0] * 6, "0.5": [1.5] * 6, "0.9": [2.0] * 6}
    whole = json.loads(as_json(SERIES, judged, forecast))
    assert whole["series"] == {"n": 96, "season": 12, "column": "sales"}
    assert whole["backtest"]["horizon"] == 6
    assert whole["backtest"]["models"][NETWORK]["mase"] == judged.rows[-1].mase
    assert whole["forecast"] == forecast
    rows = list(csv.reader(io.StringIO(as_csv(SERIES, forecast))))
    assert rows[0] == ["date", "mean", "0.1", "0.5", "0.9"]
    assert rows[1] == ["1998-01", "1.5", "1.0", "1.5", "2.0"]
    undated = as_csv(Series(WAVY), forecast).splitlines()
    assert undated[1].startswith("1,")


def test_an_exact_series_has_no_mase_and_json_says_null():
    test = backtest(Series(np.tile([1.0, 2.0, 3.0], 20)), 3, 3, seconds=0.1, **FEW)
    models = json.loads(as_json(Series(np.ones(3)), test, {}))["backtest"]["models"]
    assert models["seasonal naive"]["mase"] is None
    assert models["seasonal naive"]["mae"] == 0


@pytest.mark.parametrize(
    ("values", "arguments", "message"),
    [
        ([1.0, 2, 3], {}, "the series has 3 values; to judge forecasts of 12"),
        (WAVY, {"horizon": 0}, "horizon must be"),
        (WAVY, {"horizon": 3, "season": 0}, "season must be"),
        (
            WAVY[:60],
            {"horizon": 12},
            "what comes in the next 12, it needs 72",
        ),
        (WAVY, {"horizon": 3, "validation": 0.1}, "validation can't be given"),
        (WAVY, {"horizon": 3, "logarithms": "yes"}, "unknown setting 'logarithms'"),
    ],
)
def test_what_cannot_be_judged_is_refused(values, arguments, message):
    with pytest.raises(ValueError, match=message):
        backtest(Series(values), **({"season": 1} | arguments))


def test_a_list_is_no_series():
    with pytest.raises(ValueError, match=r"series must be a rnn_pkg\.Series, not"):
        backtest([1.0, 2.0], 3)


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "sales.csv"
    rows = zip(MONTHS, WAVY, strict=True)
    file.write_text("month,sales,costs\n" + "".join(f"{m},{v:.3f},{v / 2:.3f}\n" for m, v in rows))
    return file


@pytest.mark.native
def test_the_command_prints_table_verdict_and_forecast(table, tmp_path, capsys):
    options = ["--column", "sales", "--horizon", "3", "--seconds", "0.5"]
    out = tmp_path / "forecast.csv"
    assert main(["forecast", str(table), *options, "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("“sales”, 96 values, season 12: forecast 3 steps ahead")
    assert "seasonal difference ar" in printed.out
    assert printed.out.endswith(out.read_text("utf-8"))
    assert "Dates: monthly, from 1990-01 to 1997-12." in printed.err


@pytest.mark.native
def test_the_command_prints_json_and_nothing_else(table, capsys):
    options = ["--column", "costs", "--horizon", "3", "--seconds", "0.3", "--season", "12"]
    assert main(["forecast", str(table), *options, "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["series"]["column"] == "costs"
    assert len(whole["forecast"]["mean"]) == 3


@pytest.mark.native
@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a,b\n1,2\n3,4\n", [], "Choose --column a for"),
        ("hello\nworld\n", [], "error: "),
        ("1\n2\n3\n", [], "error: the series has 3 values"),
        ("1\n2\n3\n", ["--seconds", "0"], "error: seconds must be"),
        ("1\n2\n3\n", ["--out", "/no/such/folder/f.csv"], "error: --out: there is no folder"),
    ],
)
def test_the_command_says_what_is_wrong(content, options, message, tmp_path, capsys):
    file = tmp_path / "table.csv"
    file.write_text(content)
    assert main(["forecast", str(file), *options]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.native
def test_judging_can_be_done_step_by_step_with_the_same_numbers(monkeypatch):
    monkeypatch.setattr(ensemble, "STEPS", 3)
    told = []
    whole = backtest(SERIES, 6, tell=told.append, **FEW)
    slices = [
        (done, [row.name for row in test.rows]) for done, test in backtesting(SERIES, 6, **FEW)
    ]
    assert [done for done, _ in slices] == told
    # The baselines, the steps, the origins, the end.
    assert len(slices) == 5 + SEEDS * (3 + len(whole.parts.origins)) + 1
    assert slices[0][1] == ["naive"]
    assert (slices[-2][1][-1], slices[-1][1][-1]) == ("seasonal difference ar", NETWORK)
    *_, (_, stepwise) = backtesting(SERIES, 6, **FEW)
    for one, other in zip(whole.rows, stepwise.rows, strict=True):
        np.testing.assert_array_equal(one.forecasts, other.forecasts)
    work, fractions = foreseeing(SERIES, whole, **FEW), []
    found = ahead(SERIES, whole, tell=fractions.append, **FEW)
    assert fractions == pytest.approx(np.arange(1, 3 * SEEDS + 1) / (3 * SEEDS))
    assert list(work) == fractions
    assert found == ahead(SERIES, whole, **FEW)
