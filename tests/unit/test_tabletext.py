"""Series written as tables, which read back to the same series."""

import numpy as np
import pytest

from rnn_pkg import Series
from rnn_pkg.tasks.table import read
from rnn_pkg.tasks.tabletext import written

VALUES = np.array([3.5, 1e-7, -2.0, 1 / 3, 1e16, 0.1, -0.0, 5e-324, 1e100, 7, 8, 9])
STARTS = {
    "yearly": np.arange("1990", "2002", dtype="datetime64[Y]"),
    "quarterly": np.arange("1990-01", "1993-01", 3, dtype="datetime64[M]"),
    "monthly": np.arange("1990-01", "1991-01", dtype="datetime64[M]"),
    "in the middle of months": np.arange("1990-01", "1991-01", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    + 14,
    "at the ends of months": np.arange("1990-02", "1991-02", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    - 1,
    "weekly": np.arange("1990-01-01", "1990-03-26", 7, dtype="datetime64[D]"),
    "daily": np.arange("1990-01-01", "1990-01-13", dtype="datetime64[D]"),
    "on business days": np.busday_offset("1990-01-01", np.arange(12)),
    "hourly": np.arange("1990-01-01T05", "1990-01-01T17", dtype="datetime64[h]"),
    "by the second": np.arange("1990-01-01T00:00:05", "1990-01-01T00:00:17", dtype="datetime64[s]"),
    "by the millisecond": np.arange(12).astype("datetime64[ms]"),
    "irregular": np.datetime64("1990-01-01", "D") + np.cumsum(np.arange(12) ** 2 % 7 + 1),
    "with a gap": np.delete(np.arange("1990-01", "1991-02", dtype="datetime64[M]"), 5),
    "very early": np.arange("0101", "0113", dtype="datetime64[Y]"),
}


def check(series):
    text, choices, _ = written(series)
    table = read(text, **choices)
    assert not table.questions
    found = Series.from_table(table)
    np.testing.assert_array_equal(found.values, series.values)
    if series.dates is None:
        assert found.dates is None
    else:
        np.testing.assert_array_equal(found.dates, series.dates)
    assert found.plain_name == series.plain_name
    assert found.fingerprint == series.fingerprint
    return text, choices


@pytest.mark.parametrize("name", ["", "sales", "date", "year", '"a, b"', "#1", "1990", "column 2"])
@pytest.mark.parametrize("dates", [None, *STARTS])
def test_dates_of_every_calendar_are_read_back(dates, name):
    check(Series(VALUES, None, None if dates is None else STARTS[dates], name))


@pytest.mark.parametrize("dates", [None, *STARTS])
@pytest.mark.parametrize(
    "missing", [[1], [0], [11], [0, 1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 8], [0, 5, 11]]
)
def test_missing_values_are_read_back_where_they_are(dates, missing):
    values = np.arange(12.0)
    values[missing] = np.nan
    check(Series(values, None, None if dates is None else STARTS[dates], "x"))


def test_a_series_is_written_as_a_person_would():
    text, choices = check(
        Series([112, 118.5, None, 1e6], None, STARTS["monthly"][:4], "sales, net")
    )
    assert text == 'date,"sales, net"\n1990-01,112\n1990-02,118.5\n1990-03,NA\n1990-04,1000000\n'
    assert choices == {"delimiter": ",", "header": True, "decimal": "."}
    assert check(Series([1, 2], name="sales"))[0] == "sales\n1\n2\n"
    assert check(Series([1, 2]))[0] == "1\n2\n"


def test_dates_that_no_table_has_are_told():
    dates = np.arange("12000", "12012", dtype="datetime64[Y]")
    with pytest.raises(ValueError, match="it has dates before 1 or after 9999"):
        written(Series(VALUES, None, dates))


def test_a_fingerprint_is_of_values_dates_and_name():
    days = STARTS["daily"]
    series = Series(VALUES, None, days, "sales")
    assert series.fingerprint == Series(VALUES, 12, days, " sales\n", ["a note"]).fingerprint
    others = [
        Series(VALUES, None, days, "price"),
        Series(VALUES, None, days + 1, "sales"),
        Series(VALUES, None, None, "sales"),
        Series(VALUES[::-1], None, days, "sales"),
    ]
    assert len({other.fingerprint for other in [series, *others]}) == 5
    assert Series(VALUES).fingerprint == Series(VALUES, name="column 1").fingerprint
