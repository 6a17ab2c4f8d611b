"""Any numbers in any form of a table: the same numbers again, or a question, or a refusal."""

import math
import time

import numpy as np
import pytest

from rnn_pkg import Series
from rnn_pkg.tasks import tabletext
from rnn_pkg.tasks.table import is_table, read

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.native

NUMBERS = st.decimals(-10_000_000, 10_000_000, places=3) | st.integers(-(10**9), 10**9)


def written(number, decimal, group, places):
    """Write a number with so many decimals."""
    plain = f"{number:,.{places}f}"
    return plain.replace(",", "g").replace(".", decimal).replace("g", group)


@st.composite
def tables(draw):
    """Numbers, and a text that has them in a form of which people may think."""
    decimal = draw(st.sampled_from(".,"))
    group = draw(
        st.sampled_from(["", ",", ".", "'", "\u202f", "\u00a0", "’"]).filter(lambda g: g != decimal)
    )
    delimiter = draw(st.sampled_from([",", ";", "\t", " ", ""]))
    if delimiter == "," and group == ".":  # taken for a decimal point, and noted
        group = ""
    places = draw(st.integers(0, 3))
    dated = draw(st.booleans()) and delimiter
    numbers = draw(st.lists(NUMBERS, min_size=2, max_size=12))
    cells = [written(number, decimal, group, places) for number in numbers]
    if delimiter and (draw(st.booleans()) or any(delimiter in cell for cell in cells)):
        cells = [f'"{cell}"' for cell in cells]
    rows = [f"{1990 + k}-01-01{delimiter}{cell}" if dated else cell for k, cell in enumerate(cells)]
    header = [f"date{delimiter}value" if dated else "value"] if draw(st.booleans()) else []
    end = draw(st.sampled_from(["\n", "\r\n", "\n\n"]))
    values = [float(f"{number:.{places}f}") for number in numbers]
    return values, decimal, end.join(header + rows) + draw(st.sampled_from(["", end]))


@settings(max_examples=400, deadline=None)
@given(tables())
def test_numbers_are_read_as_they_were_written_or_asked_about(case):
    values, decimal, text = case
    table = read(text)
    if not table.questions:
        np.testing.assert_array_equal(table.values, values)
        return
    names = {question.name for question in table.questions}
    assert names <= {"decimal", "delimiter", "column", "stretch"}
    if names == {"decimal"}:
        np.testing.assert_array_equal(read(text, decimal=decimal).values, values)


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("0123456789.,;:-+ \t\n\"'#eE/ANa$%\u00a0\x00"), max_size=60)
    | st.text(max_size=60)
)
def test_any_text_is_read_or_refused(text):
    is_table(text)
    try:
        table = read(text)
    except ValueError:
        return
    known = table.values[~np.isnan(table.values)]
    assert table.questions or len(known) >= 2
    assert all(math.isfinite(value) for value in known)


def seconds_for(rows):
    """How long the processor needs to read a table with so many rows."""
    hours = np.datetime64("1990-01-01T00") + np.arange(rows)
    text = "date,v\n" + "".join(f"{hour}:00,{k % 977 / 8}\n" for k, hour in enumerate(hours))
    begin = time.process_time()
    table = read(text)
    seconds = time.process_time() - begin
    np.testing.assert_array_equal(table.values, np.arange(rows) % 977 / 8)
    return seconds


def test_eight_times_as_many_rows_take_about_eight_times_as_long():
    """Sixty-four times as long it would be if each row were compared with every other."""
    assert seconds_for(160_000) < 24 * seconds_for(20_000)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.none() | st.floats(-1e100, 1e100), min_size=2, max_size=12),
    st.text(max_size=12),
    st.none() | st.lists(st.integers(-(10**13), 10**13), min_size=12, max_size=12, unique=True),
)
def test_whatever_can_be_a_series_is_written_and_read_back(values, name, days):
    dates = None if days is None else np.array(sorted(days)[: len(values)], "datetime64[ms]")
    if sum(value is not None for value in values) < 2:
        return
    series = Series(values, None, dates, name)
    text, choices, _ = tabletext.written(series)
    again = Series.from_table(read(text, **choices))
    np.testing.assert_array_equal(again.values, series.values)
    assert again.fingerprint == series.fingerprint
