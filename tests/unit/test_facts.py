"""The series of facts are what their sources say, and the page's list knows them all."""

import re

import numpy as np
import pytest

from tests.unit.known_series import FOLDER, facts

pytestmark = pytest.mark.native


@pytest.mark.parametrize(
    ("name", "length", "first", "last", "total"),
    [
        ("airline", 144, [112, 118, 132], [461, 390, 432], 40_363),
        ("co2", 526, [316.1, 317.2], [369.38, 371.02], None),
        ("sunspots", 309, [5, 11, 16], [15.2, 7.5, 2.9], None),
        ("nile", 100, [1120, 1160, 963], [718, 714, 740], 91_935),
        ("lynx", 114, [269, 321, 585], [2657, 3396], 175_334),
    ],
)
def test_known_values(name, length, first, last, total):
    values = facts(name)
    assert len(values) == length
    assert values[: len(first)] == pytest.approx(first)
    assert values[-len(last) :] == pytest.approx(last)
    assert total in (None, values.sum())


def test_the_gaps_in_co2_are_kept():
    assert np.flatnonzero(np.isnan(facts("co2"))).tolist() == [3, 7, 71, 72, 73]


def dates(name):
    lines = (FOLDER / f"{name}.csv").read_text("utf-8").splitlines()[1:]
    return [line.split(",")[0] for line in lines]


@pytest.mark.parametrize(("name", "begin"), [("airline", 1949 * 12), ("co2", 1958 * 12 + 2)])
def test_months_follow_one_another(name, begin):
    months = [date.split("-") for date in dates(name)]
    counted = [12 * int(year) + int(month) - 1 for year, month in months]
    assert counted == list(range(begin, begin + len(counted)))


@pytest.mark.parametrize(("name", "begin"), [("sunspots", 1700), ("nile", 1871), ("lynx", 1821)])
def test_years_follow_one_another(name, begin):
    years = [int(date) for date in dates(name)]
    assert years == list(range(begin, begin + len(years)))


def test_the_list_names_each_file_and_its_source():
    index = (FOLDER / "index.js").read_text("utf-8")
    named = re.findall(r'file: "series/(\w+\.csv)"', index)
    assert sorted(named) == sorted(path.name for path in FOLDER.glob("*.csv"))
    sources = re.findall(r'source: "(.+?)"', index)
    assert len(sources) == len(named) + sum(source.startswith("made by") for source in sources)
