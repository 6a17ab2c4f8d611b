"""Tables as people have them: each is read as the numbers that it has, asked about, or refused."""

import math

import numpy as np
import pytest

from rnn_pkg.tasks import dates, numerals
from rnn_pkg.tasks.stretches import LONGEST_GAP
from rnn_pkg.tasks.table import is_table, read

NAN = math.nan


READ = {
    "one column": ("1\n2\n3\n", [1, 2, 3]),
    "no last line end": ("1\n2\n3", [1, 2, 3]),
    "Windows line ends": ("x\r\n1\r\n2\r\n", [1, 2]),
    "old Mac line ends": ("x\r1\r2\r", [1, 2]),
    "byte order mark": ("\ufeffx\n1\n2\n", [1, 2]),
    "blank lines": ("\n\n1\n\n2\n\n\n3\n", [1, 2, 3]),
    "comments": ("# from the sea\n1\n2\n# and so on\n3\n", [1, 2, 3]),
    "signs": ("+1\n-2\n\u22123\n", [1, -2, -3]),
    "exponents": ("1e3\n2.5E-3\n-1e+2\n", [1000, 0.0025, -100]),
    "no whole part": (".5\n-.25\n5.\n", [0.5, -0.25, 5]),
    "wide digits": ("１２\n３．５\n", [12, 3.5]),
    "Arabic digits": ("١٢\n٣٤\n", [12, 34]),
    "decimal comma under a name": ("price\n1,5\n2,25\n", [1.5, 2.25]),
    "decimal comma, semicolons": ("a;b\nx;1,5\ny;2,5\n", [1.5, 2.5]),
    "German thousands": ("Datum;Wert\n1.2.2020;1.234,56\n2.2.2020;1.235\n", [1234.56, 1235]),
    "English thousands": ('n,v\nx,"1,234.50"\ny,"2,345"\n', [1234.5, 2345]),
    "Swiss thousands": ("v\n1'234.5\n1’234’567.5\n", [1234.5, 1234567.5]),
    "French thousands": ("v\n1\u202f234,5\n12\u00a0345,25\n", [1234.5, 12345.25]),
    "thousands in quotes": ('v\n"1 234,5"\n"2 345,5"\n', [1234.5, 2345.5]),
    "three decimals where commas part": ("t,v\nx,1.234\ny,2.345\n", [1.234, 2.345]),
    "money": ("v\n$5\n-$7.5\n$ 1,000.00\n", [5, -7.5, 1000]),
    "percent": ("v\n5%\n7.5 %\n", [5, 7.5]),
    "missing values": ("v\n1\nNA\nn/a\n?\n2\n", [1, NAN, NAN, NAN, 2]),
    "missing at the ends": ("v\nNA\n1\n2\n.\n-\n", [1, 2]),
    "missing in a table": ("t,v\n1990,1\n1991,\n1992,3\n", [1, NAN, 3]),
    "tabs": ("t\tv\nx\t1\ny\t2\n", [1, 2]),
    "blanks": ("  x   1\n  y   2\n", [1, 2]),
    "trailing delimiters": ("t,v,\nx,1,\ny,2,\n", [1, 2]),
    "some trailing delimiters": ("t,v\nx,1,\ny,2\nz,3,,\n", [1, 2, 3]),
    "quotes": ('"t","v"\n"x, y","1"\n"z ""w""","2"\n', [1, 2]),
    "line breaks in quotes": ('t,v\n"x\ny",1\nz,2\n', [1, 2]),
    "units in the name": ("year,flow (10^8 m3)\n1871,1120\n1872,1160\n", [1120, 1160]),
    "a counter": (",v\n0,5\n1,6\n2,7\n", [5, 6, 7]),
    "one line": ("1, 2, 3, 4, 5\n", [1, 2, 3, 4, 5]),
    "newest first": ("t,v\n1992,3\n1991,2\n1990,1\n", [1, 2, 3]),
    "wrong order": ("year,v\n1992,3\n1990,1\n1991,2\n", [1, 2, 3]),
    "rows twice": ("t,v\n2020-01-01,1\n2020-01-02,2\n2020-01-02,2\n2020-01-03,3\n", [1, 2, 3]),
    "dates without a row": ("t,v\n2020-01,1\n2020-02,2\n2020-04,4\n", [1, 2, NAN, 4]),
    "equal values": ("7\n7\n7\n", [7, 7, 7]),
    "large and small": ("1e99\n-1e-99\n", [1e99, -1e-99]),
    "zero": ("0\n0.000\n-0\n", [0, 0, 0]),
    "many digits": ("3.14159265358979323846\n2.7\n", [math.pi, 2.7]),
    "a name of two words": ("Passengers (thousands)\n112\n118\n", [112, 118]),
    "date and time apart": ("d,t,v\n2020-01-01,00:00,5\n2020-01-01,01:00,6\n", [5, 6]),
    "month and year apart": ("Jan 1990 112\nFeb 1990 118\n", [112, 118]),
    "zeros in front": ("007\n010\n", [7, 10]),
    "names that are numbers only in part": ("date,1st\n2020-01,5\n2020-02,6\n", [5, 6]),
}


@pytest.mark.parametrize(("text", "values"), READ.values(), ids=READ.keys())
def test_tables_are_read_as_the_numbers_that_they_have(text, values):
    table = read(text)
    assert not table.questions
    np.testing.assert_array_equal(table.values, values)


REFUSED = {
    "empty": ("", "there is nothing to read: paste or open a column of numbers"),
    "blank": (" \n\t\n", "there is nothing to read"),
    "comments only": ("# a\n# b\n", "there is nothing but comments"),
    "one row": ("5\n", "the column has 1 number: a series needs at least 2"),
    "one row and a name": ("v\n5\n", "the column has 1 number"),
    "a name": ("v\n", "no column of numbers"),
    "names": ("t,v\n", "no column of numbers"),
    "text": (
        "the old pond\na frog\n",
        r"there is no column of numbers, only the old pond \(text\)",
    ),
    "dates only": ("date\n2020-01-01\n2020-01-02\n", r"no column of numbers, only date \(dates\)"),
    "missing only": ("v\nNA\nNA\n", "no column of numbers"),
    "a word": ("v\n1\n2\nabc\n4\n", 'line 4: "abc" is not a number'),
    "a word far below": ("1\n" * 5000 + "abc\n1\n", 'line 5001: "abc" is not a number'),
    "a mistake in the first line": ("12x\n1\n2\n", 'line 1: "12x" is not a number'),
    "infinity": ("1\ninf\n2\n", 'line 2: "inf" is infinite'),
    "minus infinity": ("1\n2\n-Infinity\n", 'line 3: "-Infinity" is infinite'),
    "infinity first": ("inf\n1\n2\n", 'line 1: "inf" is infinite'),
    "∞": ("1\n∞\n2\n", 'line 2: "∞" is infinite'),
    "1e300": ("1\n1e300\n2\n", r'line 2: "1e300" is too large: numbers up to 1e\+100'),
    "1e999": ("1\n1e999\n2\n", 'line 2: "1e999" is too large'),
    "1e-999": ("1\n1e-999\n2\n", 'line 2: "1e-999" is too small'),
    "hexadecimal": ("1\n0x10\n2\n", 'line 2: "0x10" is not a number'),
    "underscores": ("1\n1_000\n2\n", 'line 2: "1_000" is not a number'),
    "squares": ("1\n10²\n2\n", 'line 2: "10²" is not a number'),
    "a half": ("1\n½\n2\n", 'line 2: "½" is not a number'),
    "two signs": ("1\n--5\n2\n", 'line 2: "--5" is not a number'),
    "two points": ("1.5\n1.2.3\n2.5\n", 'line 2: "1.2.3" is not a number'),
    "brackets": ("1\n(5)\n2\n", "line 2: .* if it is negative, write -5"),
    "mixed decimal signs": ("v\n1,5\n2.5\n3,5\n", 'line 3: "2.5" has a decimal point, but others'),
    "mixed the other way": ("1.5\n2.5\n3,5\n", 'line 3: "3,5" has a decimal comma, but others'),
    "mixed thousands": ("v\n1.234,5\n1,234.5\n2,5\n", 'line 3: "1,234.5" has a decimal point'),
    "groups of two": ("v\n0.5\n1,23,456\n", 'line 3: "1,23,456" is not a number'),
    "uneven groups": ("v\n0.5\n1,2345\n", 'line 3: "1,2345" has a decimal comma'),
    "other money": ("v\n$5\n€7\n", r'line 3: "€7" is without the \$'),
    "some money": ("v\n$5\n7\n", r'line 3: "7" is without the \$'),
    "percent later": ("v\n5\n7\n8%\n", 'line 4: "8%" has a unit'),
    "NUL": ("1\n2\x00\n3\n", "line 2 has the control character NUL"),
    "a bell": ("1\n2\n3\x07\n", "line 3 has the control character U.0007"),
    "an open quote": ('t,v\n"x,1\ny,2\n', "a quotation mark .* has no counterpart"),
    "quotes within": ('t,v\n"x"y,1\nz,2\n', "line 2: a quotation mark"),
    "a row too long": ("t,v\nx,1\ny,2,3\nz,4\n", "line 3 has 3 cells, most lines have 2"),
    "a row too short": ("t,v\nx,1\ny\nz,4\n", "line 3 has 1 cell, most lines have 2"),
    "a decimal comma between commas": (
        "t,v\n2020-01,1,5\n2020-02,1,7\n",
        "names 2 columns, but line 2 has 3",
    ),
    "a title": (
        "Flow of the Nile\nyear;v\n1990;1\n1991;2\n1992;3\n1993;3\n",
        "line 2 has 2 cells|only",
    ),
    "a date twice": (
        "t,v\n2020-01-01,1\n2020-01-02,2\n2020-01-02,3\n",
        "lines 3 and 4 have the same date, 2020-01-02",
    ),
    "stacked series": (
        "land,t,v\nA,1990,1\nA,1991,2\nB,1990,5\nB,1991,6\n",
        "lines .* have the same date|columns",
    ),
    "a row without a date": (
        "t,v\n2020-01-01,1\n,2\n2020-01-03,3\n",
        "line 3 has no date in the column t",
    ),
    "no such day": (
        "t,v\n2020-02-28,1\n2020-02-30,2\n",
        'line 3: "2020-02-30": there is no such date',
    ),
    "other dates": (
        "t,v\n2020-01-01,1\n2020-01-02,2\n03/01/2020,3\n",
        'line 4: "03/01/2020" is not a date like 2020-01-31',
    ),
    "no such hour": (
        "t,v\n2020-01-01 23:00,1\n2020-01-01 24:00,2\n",
        'line 3: "2020-01-01 24:00": there is no such',
    ),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_with_the_place_and_the_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        read(text).check_settled()


ASKED = {
    "thousands or decimals": (
        "1.234\n2.345\n",
        "decimal",
        {".": [1.234, 2.345], ",": [1234, 2345]},
    ),
    "the same in semicolons": ("t;v\nx;1.234\ny;2\n", "decimal", {".": [1.234, 2], ",": [1234, 2]}),
    "quoted": ('t,v\nx,"1,234"\ny,"2,345"\n', "decimal", {".": [1234, 2345], ",": [1.234, 2.345]}),
    "one column or two": ("1,5\n2,7\n", "delimiter", {"none": [1.5, 2.7]}),
    "thousands or columns": ("1 234\n2 345\n", "delimiter", {"none": [1234, 2345]}),
    "day or month": (
        "t,v\n03/04/2020,1\n04/04/2020,2\n05/04/2020,3\n",
        "dates",
        {"dmy": [1, 2, 3]},
    ),
    "which stretch": (
        "t,v\n1990,1\n1991,2\n1999,3\n2000,4\n2001,5\n",
        "stretch",
        {2: [3, 4, 5], 1: [1, 2]},
    ),
    "two digits": ("t,v\nJan-20,1\nFeb-20,2\n", "century", {1900: [1, 2], 2000: [1, 2]}),
    "which column": (
        "a,b\n1,3\n2,4\n",
        "column",
        {"a": [1, 2], "b": [3, 4], 2: [3, 4], "2": [3, 4]},
    ),
    "columns of one name": (
        "p,p,p\n1,3,5\n2,4,6\n",
        "column",
        {"p": [1, 2], "p (2)": [3, 4], "p (3)": [5, 6]},
    ),
}


@pytest.mark.parametrize(("text", "name", "answers"), ASKED.values(), ids=ASKED.keys())
def test_what_can_be_read_in_two_ways_is_asked(text, name, answers):
    table = read(text)
    question = table.questions[0]
    assert question.name == name
    assert len(question.options) >= 2
    assert all(option.words and option.example for option in question.options)
    with pytest.raises(ValueError, match=f"Choose {name}=.*; or {name}="):
        table.check_settled()
    for answer, values in answers.items():
        settled = read(text, **{name: answer})
        assert not settled.questions
        np.testing.assert_array_equal(settled.values, values)


def test_the_first_option_is_what_a_table_shows_meanwhile():
    table = read("1.234\n2.345\n")
    (decimal,) = table.questions
    assert [option.value for option in decimal.options] == [".", ","]
    assert [option.example for option in decimal.options] == ['"1.234" is 1.234', '"1.234" is 1234']
    assert table.preview == (("1", 1.234), ("2", 2.345))


DATES = {
    "ISO": (["2020-01-30", "2020-01-31"], ["2020-01-30", "2020-01-31"], "daily", 7),
    "ISO with times": (
        ["2020-01-01T22:00", "2020-01-01 23:00:00"],
        ["2020-01-01 22:00", "2020-01-01 23:00"],
        "hourly",
        24,
    ),
    "zones": (
        ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00Z"],
        ["2020-01-01", "2020-01-01 01:00"],
        "hourly",
        24,
    ),
    "summer time": (
        ["2020-03-29T01:00+01:00", "2020-03-29T03:00+02:00"],
        ["2020-03-29", "2020-03-29 01:00"],
        "hourly",
        24,
    ),
    "half days": (
        ["1/13/2020 11:00 AM", "1/13/2020 12:00 PM"],
        ["2020-01-13 11:00", "2020-01-13 12:00"],
        "hourly",
        24,
    ),
    "quarters of an hour": (
        ["2020-01-01 00:00", "2020-01-01 00:15"],
        ["2020-01-01", "2020-01-01 00:15"],
        "every 15 minutes",
        96,
    ),
    "D/M/Y": (["31/01/2020", "01/02/2020"], ["2020-01-31", "2020-02-01"], "daily", 7),
    "M/D/Y": (["01/31/2020", "02/01/2020"], ["2020-01-31", "2020-02-01"], "daily", 7),
    "D.M.Y": (["03.04.2020", "04.04.2020"], ["2020-04-03", "2020-04-04"], "daily", 7),
    "weeks": (["2020-01-06", "2020-01-13"], ["2020-01-06", "2020-01-13"], "weekly", 52),
    "ISO weeks": (["2020-W01", "2020-W02"], ["2019-12-30", "2020-01-06"], "weekly", 52),
    "months": (["Jan 1990", "Feb 1990"], ["1990-01", "1990-02"], "monthly", 12),
    "names in full": (["January 1990", "February 1990"], ["1990-01", "1990-02"], "monthly", 12),
    "day and name": (["31 Dec 1990", "1 Jan 1991"], ["1990-12-31", "1991-01-01"], "daily", 7),
    "name and day": (['"Dec 31, 1990"', '"Jan 1, 1991"'], ["1990-12-31", "1991-01-01"], "daily", 7),
    "1990-01": (["1990-11", "1990-12"], ["1990-11", "1990-12"], "monthly", 12),
    "1949M01": (["1949M01", "1949M02"], ["1949-01", "1949-02"], "monthly", 12),
    "01/1990": (["01/1990", "02/1990"], ["1990-01", "1990-02"], "monthly", 12),
    "199001": (["199001", "199002"], ["1990-01", "1990-02"], "monthly", 12),
    "19900131": (["19900131", "19900201"], ["1990-01-31", "1990-02-01"], "daily", 7),
    "ends of months": (
        ["2020-01-31", "2020-02-29", "2020-03-31"],
        ["2020-01", "2020-02", "2020-03"],
        "monthly",
        12,
    ),
    "quarters": (["1990Q4", "1991Q1"], ["1990-Q4", "1991-Q1"], "quarterly", 4),
    "Q1 1990": (["Q4 1990", "Q1 1991"], ["1990-Q4", "1991-Q1"], "quarterly", 4),
    "years": (["1871", "1872"], ["1871", "1872"], "yearly", None),
    "every tenth year": (
        ["1900", "1910", "1920"],
        ["1900", "1910", "1920"],
        "every 10 years",
        None,
    ),
}


@pytest.mark.parametrize(("cells", "days", "calendar", "period"), DATES.values(), ids=DATES.keys())
def test_dates(cells, days, calendar, period):
    table = read("date,v\n" + "".join(f"{cell},{k}\n" for k, cell in enumerate(cells)))
    assert not table.questions
    assert [row.date for row in table.preview] == days
    assert str(table.calendar) == calendar
    assert table.calendar_period == period


def test_another_column_may_tell_the_decimal_sign():
    table = read("a;b;c\nx;1.234;0,5\ny;2.345;0,7\n", column="b")
    np.testing.assert_array_equal(table.values, [1234, 2345])
    assert table.notes == ("Numbers have a decimal comma, as in the column c.",)


@pytest.mark.parametrize("corner", ["Month", "", "Ort"])
def test_years_that_name_columns_are_no_values(corner):
    table = read(f"{corner},1958,1959\nJan,340,360\nFeb,318,342\n", column="1959")
    np.testing.assert_array_equal(table.values, [360, 342])


@pytest.mark.parametrize("corner", ["", "A", "NA"])
def test_a_row_of_small_numbers_names_nothing(corner):
    table = read(f"{corner},1,2\nB,3,4\nC,5,6\n", column=2)
    np.testing.assert_array_equal(table.values, [1, 3, 5])


def test_business_days():
    days = np.arange("2020-01-01", "2020-02-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    table = read("date,v\n" + "".join(f"{day},{k}\n" for k, day in enumerate(days)))
    assert str(table.calendar) == "on business days"
    assert len(table.values) == len(days)


def test_years_of_two_digits():
    table = read("t,v\nDec-99,1\nJan-00,2\n", century=1950)
    assert [row.date for row in table.preview] == ["1999-12", "2000-01"]


def test_notes_say_what_was_found_and_done():
    text = "# a comment\nt,v\n2020-03,3\n2020-01,1\n2020-01,1\n2020-06,6\n2020-05,NA\n2020-07,\n"
    table = read(text)
    np.testing.assert_array_equal(table.values, [1, NAN, 3, NAN, NAN, 6])
    assert table.notes == (
        "1 line beginning with # left out.",
        "The rows were not in the order of their dates, as from line 4: they were sorted.",
        "1 row came twice, with the same date and value, such as line 5: left out.",
        "Dates: monthly, from 2020-01 to 2020-07.",
        "The last row has no value: left out.",
        "3 of 6 values are missing: 2020-02; 2020-04 to 2020-05 (2). No number is put there: such "
        "short gaps are bridged for the network, and not learned.",
        "2 dates had no row: each was put in, without a value.",
    )


@pytest.mark.parametrize("text", ["1\n\n2\n", "t,v\nx,1\n,\ny,2\n\n", '1\n""\n2\n'])
def test_lines_with_nothing_in_them_are_noted(text):
    table = read(text)
    np.testing.assert_array_equal(table.values, [1, 2])
    assert table.notes == ("1 line with nothing in it left out.",)


def test_dates_without_regular_steps_are_noted():
    table = read("t,v\n2020-01-01,1\n2020-01-02,2\n2020-01-19,3\n2020-03-05,4\n")
    assert table.calendar is None
    assert any("no regular steps" in note for note in table.notes)
    np.testing.assert_array_equal(table.values, [1, 2, 3, 4])


@pytest.mark.parametrize("length", [LONGEST_GAP, LONGEST_GAP + 1])
def test_a_gap_is_bridged_up_to_a_length(length):
    table = read("1\n2\n" + "NA\n" * length + "3\n4\n5\n")
    assert bool(table.questions) == (length > LONGEST_GAP)
    assert len(table.values) == (3 if length > LONGEST_GAP else length + 5)


def test_a_wrong_century_takes_no_memory():
    table = read(
        "t,v\n0001-01-01 00:00,1\n2020-01-01 00:00,2\n2020-01-01 00:01,3\n2020-01-01 00:02,4\n"
    )
    assert table.questions[0].name == "stretch"


def test_a_code_for_missing_values_is_noted():
    text = "v\n5\n-999\n6\n7\n"
    assert any("missing='-999'" in note for note in read(text).notes)
    np.testing.assert_array_equal(read(text, missing="-999").values, [5, NAN, 6, 7])


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"colour": "red"}, "there is no choice 'colour'"),
        ({"decimal": ";"}, "decimal must be '.' or ',', not ';'"),
        ({"header": 1}, "header must be True or False, not 1"),
        ({"century": 50}, "century must be a whole number from 1000 to 2999, not 50"),
        ({"column": "c"}, r"column must be one of a \(numbers\), b \(numbers\), or its place"),
        ({"column": 3}, "column must be one of"),
        ({"column": "a", "stretch": 2}, "stretch must be a whole number from 1 to 1, not 2"),
    ],
)
def test_choices_are_checked(choices, reason):
    with pytest.raises(ValueError, match=reason):
        read("a,b\n1,3\n2,4\n", **choices)


def test_a_preview_has_both_ends():
    preview = read("\n".join(map(str, range(100)))).preview
    assert [row.value for row in preview] == [*range(5), *range(95, 100)]
    assert preview[-1].date == "100"


PROSE = "She went to the window at 5, and looked out for 20 minutes.\nThen she slept.\n\n" * 20
NO_TABLES = {
    "prose": PROSE,
    "one long line": PROSE.replace("\n", " "),
    "code": "for k in range(9):\n    x = k + 1\n    y[k] = 3.5\n" * 10,
    "DNA": "ACGTTGCA\n" * 30,
    "names": "Ada\nGrace\nAlan\n" * 10,
    "names and years": "Ada Lovelace 1815\nGrace Hopper 1906\n" * 10,
    "sums": "3 + 4 = 7\n12 + 5 = 17\n" * 10,
    "a poem": "the old pond\na frog jumps in\nthe sound of water\n\n" * 10,
    "pi": "14159265358979323846264338327950288419716939937510\n" * 10,
    "dates": "2020-01-01\n2020-01-02\n" * 10,
    "a log": "2020-01-01 12:00 error 5 in line 7\n" * 20,
    "phone numbers": "030-1234567\n040-7654321\n" * 10,
    "JSON": '{"a": 1,\n "b": [2, 3]}\n' * 10,
    "chess": "1. e4 e5 2. Nf3 Nc6\n" * 10,
    "few": "1\n2\n3\n",
    "empty": "",
    "NUL": "1\n2\n\x00\n" * 9,
}


@pytest.mark.parametrize("text", NO_TABLES.values(), ids=NO_TABLES.keys())
def test_no_tables(text):
    assert not is_table(text)


@pytest.mark.parametrize(
    "text",
    [
        "1\n2\n3\n4\n" * 5,
        "1.234\n" * 20,
        "1,5\n" * 20,
        "date,v\n" + "".join(f"2020-01-{day},5.5\n" for day in range(10, 30)),
        "Jan 1990 112\n" * 20,
        "name;a;b\nx;1;2\ny;3;4\n" + "z;5;6\n" * 10,
        "1, 2, 3, 4, 5, 6, 7, 8, 9",
        "1\n" * 50_000,
    ],
)
def test_tables(text):
    assert is_table(text)


PLAIN_CELLS = ["0", "007", "-1", "+2.50", "12345678901234567890", "0.1", "3.0000000000000001"]


def test_plain_numbers_are_read_as_among_others():
    """With a cell that is not as plain, each is read by itself."""
    for decimal, cells in ((".", PLAIN_CELLS), (",", [c for c in PLAIN_CELLS if "." not in c])):
        quick = numerals.numbers(cells, decimal, "")
        slow = numerals.numbers([*cells, "1e3"], decimal, "")
        assert quick.values.tolist() == slow.values.tolist()[:-1] == [float(c) for c in cells]
        assert quick.refused == slow.refused == []
    assert numerals.numbers(["1", "1.234"], ",", "").values.tolist() == [1, 1234]
    assert math.isnan(numerals.numbers(["1", "-1"], ".", "", missing="-1").values[1])
    for odd in ("9" * 200, "0." + "0" * 400 + "1", "1;2", "inf", "1_0"):
        assert numerals.numbers(["1", odd], ".", "").refused == [1]


def test_plain_dates_are_read_as_among_others():
    cells = ["2020-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01"]
    form = dates.FORMS[0]
    quick, slow = dates.moments(cells, form), dates.moments([*cells, "2020/02/29"], form)
    assert quick.dates.tolist() == slow.dates.tolist()[:-1]
    assert quick.dates.dtype == slow.dates.dtype == "datetime64[ms]"
    assert (quick.refused, quick.zones, quick.short) == ([], (), False)
    assert dates.moments([*cells, "2021-02-29"], form).refused == [5]
    assert dates.moments(["0000-01-01"], form).refused == [0]
    assert dates.moments([], form).dates.dtype == "datetime64[ms]"
