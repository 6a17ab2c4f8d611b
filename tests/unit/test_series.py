"""Series: values checked, tables read, dates that go on."""

import datetime
import math

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Series

MONTHS = ["1990-11", "1990-12", "1991-01"]


def test_a_series_holds_what_it_is_given():
    values = np.array([1.0, math.nan, 3.0])
    series = Series(values, period=12, dates=MONTHS, name="flow")
    values[0] = 9
    np.testing.assert_array_equal(series.values, [1, math.nan, 3])
    assert (series.period, series.name, len(series)) == (12, "flow", 3)
    assert series.dates.dtype == "datetime64[ms]"
    assert series.calendar_period == 12
    assert rnn_pkg.Series([1, 2, None]).dates is None
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 1


@pytest.mark.parametrize(
    "dates",
    [
        MONTHS,
        np.array(MONTHS, "datetime64[M]"),
        [datetime.date(1990, 11, 1), datetime.date(1990, 12, 1), datetime.date(1991, 1, 1)],
        [datetime.datetime(1990, month, 1) for month in (10, 11, 12)],
    ],
)
def test_dates_may_be_of_several_kinds(dates):
    assert str(Series([1, 2, 3], dates=dates).calendar) == "monthly"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"values": []}, "values must have at least 2 that are not missing, not 0"),
        ({"values": [1, math.nan]}, "at least 2 that are not missing, not 1"),
        ({"values": [[1, 2], [3, 4]]}, r"values must have one dimension, not the shape \(2, 2\)"),
        ({"values": 5}, r"values must have one dimension, not the shape \(\)"),
        ({"values": [1, math.inf]}, r"values must be numbers from -1e\+100 to 1e\+100, not inf at"),
        ({"values": [1, 1e300]}, r"not 1e\+300 at place 1"),
        ({"values": [1, 10**400]}, "values must be numbers"),
        ({"values": ["1", "2"]}, "values must be numbers, NaN where one is missing, not"),
        ({"values": "12"}, "values must be numbers"),
        ({"values": [1, "2", None]}, "values must be numbers"),
        ({"values": [True, False]}, "values must be numbers"),
        ({"values": [1 + 2j, 3]}, "values must be numbers"),
        ({"values": [[1], [2, 3]]}, "values must be numbers"),
        ({"values": None}, "values must have one dimension"),
        ({"period": 0}, "period must be a whole number from 1 to 100,000, not 0"),
        ({"period": 2.5}, "period must be a whole number"),
        ({"period": True}, "period must be a whole number"),
        ({"dates": MONTHS[:2]}, r"dates must be as many as values, 3, not of the shape \(2,\)"),
        ({"dates": ["a", "b", "c"]}, 'dates must be such as "2020-01-31"'),
        ({"dates": [1, 2, 3]}, 'dates must be such as "2020-01-31"'),
        ({"dates": MONTHS[::-1]}, "dates must grow, but 1990-12-01T00:00:00.000 at place 1"),
        ({"dates": ["1990", "1991", "NaT"]}, "dates must grow, but NaT at place 2"),
        ({"name": 5}, "name must be a str, not int"),
    ],
)
def test_what_is_wrong_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        Series(**({"values": [1, 2, 3]} | arguments))


def test_a_table_becomes_a_series():
    series = Series.from_csv("t,v\n1990Q1,1\n1990Q2,2\n1990Q4,4\n", period=4)
    np.testing.assert_array_equal(series.values, [1, 2, math.nan, 4])
    assert (series.name, series.period, series.calendar_period) == ("v", 4, 4)
    assert len(series.notes) == 3
    assert [series.date_text(date) for date in series.dates_ahead(2)] == ["1991-Q1", "1991-Q2"]


def test_what_can_be_read_in_two_ways_needs_a_choice():
    with pytest.raises(ValueError, match=r'decimal=.\..* "1.234" is 1.234; or .* is 1234'):
        Series.from_csv("1.234\n2.345\n")
    np.testing.assert_array_equal(Series.from_csv("1.234\n2\n", decimal=",").values, [1234, 2])
    np.testing.assert_array_equal(Series.from_csv("a,b\n1,2\n3,4\n", "b").values, [2, 4])


@pytest.mark.native
def test_files_are_read_in_any_encoding(tmp_path):
    text = "Größe;Wert\nx;1,5\ny;2,5\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        for each in (path, str(path)):
            np.testing.assert_array_equal(Series.from_csv(each).values, [1.5, 2.5])
    assert Series.from_csv(path, encoding="cp1252").name == "Wert"
    with pytest.raises(FileNotFoundError):
        Series.from_csv(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="there is no column of numbers"):
        Series.from_csv("none.csv")
    with pytest.raises(ValueError, match="text_or_path must be a str, not int"):
        Series.from_csv(5)


@pytest.mark.parametrize(
    ("dates", "ahead"),
    [
        (["2020-01-31", "2020-02-29"], ["2020-03-31", "2020-04-30"]),
        (["1990-01-30", "1990-02-28", "1990-03-30", "1990-04-30"], ["1990-05-30", "1990-06-30"]),
        (["2019", "2020"], ["2021-01-01", "2022-01-01"]),
        (["2020-02-27", "2020-02-28"], ["2020-02-29", "2020-03-01"]),
    ],
)
def test_dates_go_on(dates, ahead):
    series = Series(range(len(dates)), dates=dates)
    assert [str(date)[:10] for date in series.dates_ahead(2)] == ahead
    assert Series([1, 2]).dates_ahead(3) is None
