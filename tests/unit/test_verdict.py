"""What a backtest says in words."""

import numpy as np
import pytest

from rnn_pkg.look.baselines import Drift, Naive, SeasonalNaive
from rnn_pkg.look.judging import backtest
from rnn_pkg.look.verdict import is_sure, late, stretch_differences, verdict
from rnn_pkg.tasks.generated import sine, trend_and_season
from rnn_pkg.tasks.parts import histories


class Network:
    """Knows what comes, but for errors of its own."""

    name = "network"

    def __init__(self, values, error, seed=0):
        self.known = values + error * np.random.default_rng(seed).standard_normal(len(values))

    def fit(self, values, parts):
        pass

    def forecast(self, values, origins, horizon):
        return self.known[origins[:, None] + np.arange(horizon)]


class Late:
    """Repeats the last value, but for a little."""

    name = "network"

    def __init__(self, little):
        self.little = little

    def fit(self, values, parts):
        pass

    def forecast(self, values, origins, horizon):
        drawn = np.random.default_rng(1).standard_normal((len(origins), horizon))
        return histories(values, origins, 1) + self.little * drawn


def wandering(seed=0, length=400):
    return np.random.default_rng(seed).standard_normal(length).cumsum()


def judged(values, network, horizon=6, period=12, others=None):
    others = others or [Naive(), SeasonalNaive(period)]
    return backtest(values, horizon, period, [*others, network])


SEASON = trend_and_season(400, slope=0, noise=2)


def test_a_network_that_is_better():
    said = verdict(judged(SEASON, Network(SEASON, 1.0)), "year")
    assert said.kind == "network"
    assert said.best == "network"
    assert said.message == (
        f"The network is better than repeating last year by {said.percent:.0f} %."
    )
    assert said.percent == pytest.approx(100 * (1 - 1 / np.sqrt(8)), abs=12)


def test_a_network_that_is_worse():
    said = verdict(judged(SEASON, Network(SEASON, 6.0)), "year")
    assert (said.kind, said.best) == ("simple", "seasonal naive")
    assert said.message == (
        f"Repeating last year is better than the network by {said.percent:.0f} %."
    )


def test_percent_is_of_the_larger_error():
    test = judged(SEASON, Network(SEASON, 6.0))
    error = {row.name: row.mae for row in test.rows}
    percent = 100 * (1 - error["seasonal naive"] / error["network"])
    assert verdict(test).percent == pytest.approx(percent)


def test_a_network_that_is_as_good():
    model = SeasonalNaive(12)
    model.name = "network"
    said = verdict(judged(SEASON, model))
    assert (said.kind, said.percent) == ("alike", 0)
    assert said.message.startswith("The network is as good as repeating last season: ")


def test_what_may_be_chance_is_not_called_better():
    rows = [judged(SEASON, Network(SEASON, 2.75, seed)) for seed in range(10)]
    said = [verdict(test) for test in rows]
    assert {one.kind for one in said} & {"unsure", "alike"}
    hard = [one for one in said if one.kind == "unsure"]
    assert all(one.message.startswith("Hard to say whether the network or ") for one in hard)


def test_too_few_origins_to_say():
    values = SEASON[:96]
    test = judged(values, Network(values, 2.4), 12)
    said = verdict(test, "year")
    assert said.kind == "unsure"
    assert "Too few origins to say whether the network or repeating last year is" in said.message
    assert "the 13 there are overlap, and come to 2 stretches of 12 values" in said.message
    assert "errors are smaller by" in said.message


def test_one_step_ahead_origins_do_not_overlap():
    values = wandering(3, 34)
    test = backtest(values, 1, 1, [Naive(), Late(0.3)])
    assert len(stretch_differences(test, *test.rows)) == 10
    assert "overlap" not in verdict(test).message


def test_both_are_exact():
    values = np.tile([1.0, 5.0, 2.0, 2.0], 30)
    said = verdict(judged(values, Network(values, 0.0), 4, 4))
    assert said.kind == "alike"
    assert said.message.endswith("both forecast this series exactly.")


def test_the_baselines_alone():
    said = verdict(backtest(SEASON, 6, 12, [Naive(), Drift(), SeasonalNaive(12)]), "year")
    assert (said.kind, said.best) == ("baselines", "seasonal naive")
    assert said.message == (
        f"Of what needs no network, repeating last year is best, {said.percent:.0f} % better "
        "than repeating the last value."
    )
    alone = verdict(backtest(SEASON, 6, 12, [Naive()]))
    assert alone.message == "Repeating the last value is all that was tried."


def test_the_network_alone_is_refused():
    with pytest.raises(ValueError, match=r"can't be judged alone"):
        verdict(backtest(SEASON, 6, 12, [Late(0)]))


def test_a_model_of_another_name_is_called_by_it():
    model = Network(SEASON, 0.1)
    model.name = "mine"
    assert "“mine”" in verdict(backtest(SEASON, 6, 12, [model, Late(1)])).message


def test_each_value_that_came_counts_once():
    values = SEASON[:96]
    test = judged(values, Network(values, 3.0), 12)
    one, other = test.rows[1:]
    mean = []
    for place in range(72, 96):  # the test part is 24 values long
        of_place = [
            abs(one.forecasts[k, place - o] - values[place])
            - abs(other.forecasts[k, place - o] - values[place])
            for k, o in enumerate(test.origins)
            if 0 <= place - o < 12
        ]
        mean.append(sum(of_place) / len(of_place))
    expected = [np.mean(mean[:12]), np.mean(mean[12:])]
    assert stretch_differences(test, one, other) == pytest.approx(expected)


def test_chance_is_what_student_says():
    assert not is_sure(np.array([1.0]))
    assert is_sure(np.array([1.0, 1.1]))
    assert not is_sure(np.array([1.0, 2.0]))
    assert is_sure(np.array([1.0, 2.0, 2.5, 3.0]))
    assert not is_sure(-np.array([1.0, 2.0, 2.5, 3.0]))
    drawn = np.random.default_rng(0).standard_normal((4000, 5))
    assert np.mean([is_sure(row) for row in drawn]) == pytest.approx(0.05, abs=0.01)  # one side


@pytest.mark.parametrize("horizon", [1, 6])
@pytest.mark.parametrize("little", [0.0, 0.1, 0.3])
def test_the_last_value_late_is_told(little, horizon):
    values = sine(300, 25, noise=0.1) * 5
    test = backtest(values, horizon, 25, [SeasonalNaive(25), Late(little)])
    message = str(late(test, test.rows[1]))
    assert message.startswith("The network merely repeats the last value: ")
    assert "Nothing else" not in message
    assert late(test, test.rows[0]) is None


def test_where_no_more_can_be_known_that_is_said():
    test = backtest(wandering(), 3, 1, [Naive(), Late(0.1)])
    assert "Nothing else does better here" in str(late(test, test.rows[1]))
    assert late(test, test.rows[0]).startswith("The model “naive” merely repeats")


@pytest.mark.parametrize("error", [0.0, 0.3, 2.0])
def test_a_forecast_of_its_own_is_not_late(error):
    values = wandering()
    test = backtest(values, 3, 1, [Naive(), Network(values, error)])
    assert late(test, test.rows[1]) is None


def test_the_mean_is_not_late():
    values = np.random.default_rng(0).standard_normal(200)
    test = backtest(values, 3, 1, [Naive(), Network(np.zeros(200), 0.01)])
    assert late(test, test.rows[1]) is None


def test_a_constant_series_has_nothing_to_be_late_for():
    test = backtest(np.ones(100), 3, 1, [Naive(), Late(0.0)])
    assert late(test, test.rows[1]) is None


def test_missing_values_are_left_out():
    values = SEASON.copy()
    values[[340, 341, 399]] = np.nan
    test = judged(values, Late(0.0))
    assert verdict(test).kind == "simple"
    assert late(test, test.rows[-1])
