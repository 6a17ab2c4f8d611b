"""Numbers: from a column that somebody brings to a forecast, and to how good it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnn_pkg
from rnn_pkg.look.verdict import NETWORK
from tests.page.parts import (
    BOOT_MS,
    DESKTOP,
    LONGEST_TASK_MS,
    SOON_MS,
    alert,
    booted,
    box,
    button,
    choose_anew,
    choose_example,
    field,
    leave_run,
    load,
    output,
    pack,
    put_text,
    save,
    set_panel,
    start_afresh,
    stutter,
    train_to_step,
    wait_for_number,
    wait_for_phase,
)
from tests.page.test_access import barriers, barriers_by_day_and_night, open_everything

SHORT = "\n".join(str(round(100 + 20 * np.sin(t / 2) + t, 1)) for t in range(80))
AMBIGUOUS = "when;amount\n" + "".join(f"1/{k}/2021;1.{100 + 7 * k}\n" for k in range(1, 13))
"""The days of a month or the months of a year; thousands or decimals."""

JUDGED = "By four networks"


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """One page at the place for numbers."""
    with booted(browser, f"{address}#numbers") as page:
        yield page


@pytest.fixture
def desk(shared_page: Page) -> Page:
    """The shared page at that place, without a run, the default example in its box."""
    page = shared_page
    page.set_viewport_size(DESKTOP)
    go_to(page, "Numbers")
    leave_run(page)
    choose_anew(page, "numbers", "airline", "month,passengers")
    expect(page.get_by_text("144 values.")).to_be_visible()
    field(page, "Horizon").fill("12")
    return page


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()
    expect(page.get_by_role("link", name=place, exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def put_numbers(page: Page, text: str, values: int) -> None:
    """Put a table into the box, and wait until Python has read so many values."""
    box(page, "Numbers").fill(text)
    expect(page.get_by_text(re.compile(rf"^{values:,} values[.,]"))).to_be_visible()


def figure(page: Page, name: str) -> Locator:
    return page.get_by_role("figure", name=name, exact=True)


def preview(page: Page) -> Locator:
    """The rows of a table as they were understood."""
    table = page.get_by_role("table", name="Preview")
    if not table.is_visible():
        page.get_by_text("What was understood", exact=True).click()
    return table.get_by_role("row")


def rows(page: Page) -> list[list[str]]:
    """The table of the backtest, cell by cell."""
    table = page.get_by_role("table", name="Backtest")
    return [row.locator("th, td").all_inner_texts() for row in table.get_by_role("row").all()][1:]


def saved(page: Page, name: str, folder: Path) -> list[list[str]]:
    """What a button saves as a CSV file."""
    with page.expect_download() as download:
        button(page, name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_series_is_forecast_and_judged_as_it_is_natively(desk: Page, tmp_path: Path) -> None:
    train_to_step(desk, 2)
    expect(figure(desk, "Forecast")).to_contain_text("The forecast for the next 12 steps begins")
    go_to(desk, "Text")
    expect(output(desk, "Verdict")).to_be_hidden()
    go_to(desk, "Numbers")  # where judging goes on
    expect(figure(desk, "Forecast")).to_contain_text(JUDGED, timeout=3 * SOON_MS)
    model = rnn_pkg.load(save(desk, tmp_path))
    native = rnn_pkg.backtest(model.series, horizon=12, season=12)

    shown = rows(desk)
    assert [row[0].split("\n")[0] for row in shown] == [
        "Naive",
        "Seasonal naive",
        "Drift",
        "AR",
        "Seasonal AR",
        "Network",
    ]
    for cells, row in zip(shown, native.rows, strict=True):
        numbers = [float(re.findall(r"[\d,.]+", cell)[0].replace(",", "")) for cell in cells[1:]]
        wanted = [row.mase, row.rmse, row.mae, 100 * row.coverage80, row.width80]
        # Four networks of 500 steps each end a little differently in another order of sums.
        close = 0.03 if row.name == NETWORK else 0.005
        assert numbers == pytest.approx(wanted, rel=close, abs=0.51 if close > 0.01 else 0.5)
    # 13 origins of 12 values each tell little.
    expect(output(desk, "Verdict")).to_contain_text("Too few origins to say")

    header, *steps = saved(desk, "Save forecast", tmp_path)
    assert header == ["date", "mean", "0.1", "0.5", "0.9"]
    assert [row[0] for row in steps] == [f"1961-{month:02}" for month in range(1, 13)]
    assert all(float(low) < float(mean) < float(high) for _, mean, low, _, high in steps)
    origins = saved(desk, "Save backtest", tmp_path)
    assert len(origins) == 1 + 12 * len(native.origins)
    expect_no_barriers(desk)


def expect_no_barriers(page: Page) -> None:
    """Everybody can use all that is shown of a run, by day and by night, on a phone, too."""
    open_everything(page)
    expect(figure(page, "Hidden units under the curve")).to_be_visible()
    assert barriers_by_day_and_night(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    assert barriers(page) == []
    page.emulate_media(color_scheme="light")


def test_the_run_forecasts_what_its_file_does(desk: Page, tmp_path: Path) -> None:
    put_numbers(desk, SHORT, 80)
    field(desk, "Horizon").fill("5")
    train_to_step(desk, 30)
    model = rnn_pkg.load(save(desk, tmp_path))
    # The networks that judge have not come to their end so soon.
    best = model.metrics and model.metrics.best_step
    expect(figure(desk, "Forecast")).to_contain_text(f"By this run’s network after step {best}")
    shown = figure(desk, "Forecast").locator("p.sr-only").inner_text()
    native = model.forecast(horizon=5)
    first, last = (float(f"{native.mean[k]:.5g}") for k in (0, -1))
    found = re.search(r"begins with ([\d.]+) .* and ends with ([\d.]+) ", shown)
    assert found, shown
    assert [float(each) for each in found.groups()] == pytest.approx([first, last], rel=1e-4)


def test_what_can_be_read_in_two_ways_is_asked(desk: Page) -> None:
    box(desk, "Numbers").fill(AMBIGUOUS)
    question = desk.get_by_role("group", name=re.compile("can be read|can be a point"))
    expect(question).to_be_visible()
    button(desk, "Train").click()
    expect(alert(desk, "This has to be settled first")).to_be_visible()
    wait_for_phase(desk, "ready")
    for choice, example in (
        ("The day first", "2 January 2021"),
        ("A decimal comma", '"1.107" is 1.107'),
    ):
        expect(question).to_contain_text(example)
        question.get_by_role("button", name=choice).click()
    expect(question).to_be_hidden()
    expect(alert(desk, "This has to be settled first")).to_be_hidden()
    expect(preview(desk)).to_have_count(12)  # a heading, ten of the rows, and what is between
    assert preview(desk).nth(2).inner_text().split() == ["2021-02", "1114"]
    button(desk, "Ask me again how to read it").click()
    expect(question).to_be_visible()


def test_one_of_several_columns_is_chosen(desk: Page) -> None:
    table = "".join(f"{t},{t * t},{1000 - t}\n" for t in range(40))
    box(desk, "Numbers").fill("a,b,c\n" + table)
    column = desk.get_by_role("combobox", name="Column", exact=True)
    expect(column).to_have_value("")
    column.select_option("c")
    expect(desk.get_by_text(re.compile("^40 values[.,]"))).to_be_visible()
    expect(column).to_have_value("c")
    expect(preview(desk).nth(1)).to_contain_text("1000")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is nothing to read"),
        ("42", "at least"),
        ("apples\npears\nplums", "no column of numbers"),
        ("1\n2\n1e300\n4\n5", "line 3"),
        ("1\n2\ninf\n4\n5", "line 3"),
        ("2020-01-01\n2020-01-02\n2020-01-03", "no column of numbers"),
        ("when,what\n2020-01-01,1\n2020-01-01,2\n2020-01-02,3", "2020-01-01"),
    ],
)
def test_what_is_no_series_is_refused_in_a_sentence(desk: Page, text: str, words: str) -> None:
    box(desk, "Numbers").fill(text)
    expect(alert(desk, words)).to_be_visible()
    button(desk, "Train").click()
    wait_for_phase(desk, "ready")
    expect(box(desk, "Numbers")).to_have_value(text)


def test_text_and_numbers_find_to_their_places(desk: Page) -> None:
    box(desk, "Numbers").fill("Once upon a time there was a duck, and it had a boat.\n" * 9)
    button(desk, "Learn it under “Text”").click()
    expect(box(desk, "Training text")).to_have_value(re.compile("^Once upon a time"))
    expect(desk).to_have_url(re.compile("#text$"))
    box(desk, "Training text").fill("day,steps\n" + SHORT)
    button(desk, "Forecast them under “Numbers”").click()
    expect(box(desk, "Numbers")).to_be_focused()
    expect(box(desk, "Numbers")).to_have_value(re.compile("^day,steps"))
    expect(desk).to_have_url(re.compile("#numbers$"))


def test_each_place_has_a_run_of_its_own_and_keeps_it(desk: Page) -> None:
    page = desk
    go_to(page, "Text")
    start_afresh(page)
    put_text(page, "the cat sat on the mat. " * 30)
    button(page, "Train").click()
    expect(output(page, "Step")).not_to_have_text("–")
    go_to(page, "Numbers")  # which pauses what goes on there
    wait_for_phase(page, "ready")
    put_numbers(page, SHORT, 80)
    train_to_step(page, 7)
    page.go_back()
    expect(box(page, "Training text")).to_be_visible()
    wait_for_phase(page, "paused")
    step = output(page, "Step").inner_text()
    expect(output(page, "Live sample")).not_to_be_empty()
    page.go_forward()
    expect(box(page, "Numbers")).to_have_value(SHORT)
    page.reload()
    wait_for_phase(page, "paused", BOOT_MS)
    expect(box(page, "Numbers")).to_have_value(SHORT)
    expect(figure(page, "Forecast")).to_contain_text("The series ends with")
    go_to(page, "Text")
    wait_for_phase(page, "paused")
    expect(output(page, "Step")).to_have_text(step)


def test_a_link_to_an_example_keeps_what_was_set(desk: Page) -> None:
    field(desk, "Season").fill("6")
    field(desk, "Horizon").fill("7")
    set_panel(desk, "Share and take home")
    button(desk, "Make a link").click()
    link = box(desk, "Link").input_value()
    choose_example(desk, "The Nile at Aswan, 1871–1970")
    expect(field(desk, "Season")).to_have_value("1")
    desk.evaluate("hash => { location.hash = hash; }", link.partition("#")[2])
    button(desk, "Use the link’s").click()
    expect(box(desk, "Numbers")).to_have_value(re.compile("passengers"))
    expect(field(desk, "Season")).to_have_value("6")
    expect(field(desk, "Horizon")).to_have_value("7")


@pytest.mark.parametrize("choices", [{"text": 1}, {"column": 9}, {"nonsense": True}])
def test_a_link_of_nonsense_stops_nothing(desk: Page, choices: dict[str, object]) -> None:
    carried = {"example": "own", "prompt": "", "length": "9", "temperature": 1, "settings": {}}
    wrong = {"place": "numbers", "text": "1\n2\n3\n4\n5\n6\n7\n8\n", "choices": choices}
    put_numbers(desk, SHORT, 80)
    desk.evaluate("hash => { location.hash = hash; }", pack(carried | wrong)[1:])
    button(desk, "Use the link’s").click()
    expect(box(desk, "Numbers")).to_have_value(re.compile("^1\n2"))
    expect(alert(desk, next(iter(choices)))).to_be_visible()
    put_numbers(desk, SHORT, 80)


def test_a_model_file_opens_where_it_belongs(desk: Page, tmp_path: Path) -> None:
    put_numbers(desk, "when,what\n" + "".join(f"{1950 + t},{t % 7 + 1}\n" for t in range(60)), 60)
    train_to_step(desk, 3)
    series = save(desk, tmp_path).rename(tmp_path / "series.npz")
    go_to(desk, "Text")
    put_text(desk, "the cat sat on the mat. " * 30)
    train_to_step(desk, 2)
    text = save(desk, tmp_path).rename(tmp_path / "text.npz")
    load(desk, series)
    button(desk, "Replace it").click()
    expect(box(desk, "Numbers")).to_be_visible()
    wait_for_phase(desk, "paused")
    expect(output(desk, "Step")).to_have_text(re.compile("^[3-9]|^[1-9][0-9]+"))
    expect(alert(desk, "You have changed")).to_be_hidden()
    load(desk, text)
    button(desk, "Replace it").click()
    expect(box(desk, "Training text")).to_have_value(re.compile("^the cat sat"))
    wait_for_phase(desk, "paused")


def test_a_link_carries_a_table_and_how_it_is_read(desk: Page, address: str) -> None:
    box(desk, "Numbers").fill("a,b\n" + "".join(f"{t},{t * t}\n" for t in range(40)))
    desk.get_by_role("combobox", name="Column", exact=True).select_option("b")
    expect(desk.get_by_text(re.compile("^40 values[.,]"))).to_be_visible()
    field(desk, "Horizon").fill("3")
    set_panel(desk, "Share and take home")
    button(desk, "Make a link").click()
    link = box(desk, "Link").input_value()
    other = desk.context.new_page()
    other.goto(link)
    wait_for_phase(other, "ready", BOOT_MS)
    expect(box(other, "Numbers")).to_have_value(re.compile("^a,b"))
    expect(other.get_by_role("combobox", name="Column", exact=True)).to_have_value("b")
    expect(field(other, "Horizon")).to_have_value("3")
    other.close()


def test_the_units_are_seen_under_the_curve(desk: Page) -> None:
    put_numbers(desk, SHORT, 80)
    train_to_step(desk, 5)
    set_panel(desk, "Hidden units under the curve")
    seen = figure(desk, "Hidden units under the curve")
    expect(seen).to_contain_text("16 units")


def test_the_keyboard_is_enough(desk: Page) -> None:
    desk.get_by_role("link", name="Text", exact=True).focus()
    desk.keyboard.press("Enter")
    expect(box(desk, "Training text")).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Numbers", exact=True)).to_be_focused()
    desk.keyboard.press("Enter")
    numbers = box(desk, "Numbers")
    expect(numbers).to_be_visible()
    numbers.focus()
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.insert_text("a,b\n" + "".join(f"{t},{t % 5 + 1}\n" for t in range(30)))
    question = desk.get_by_role("group", name=re.compile("which is the series"))
    choices = question.get_by_role("button")
    expect(choices).to_have_count(2)
    choices.first.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("What was understood", exact=True)).to_be_focused()
    numbers.focus()
    desk.keyboard.press("ControlOrMeta+Enter")
    wait_for_number(desk, "Step", "number >= target", 1)
    button(desk, "Pause").press("Enter")
    wait_for_phase(desk, "paused")


def test_a_long_series_leaves_the_page_quick(desk: Page, tmp_path: Path) -> None:
    hours = np.datetime64("2000-01-01T00", "h") + np.arange(200_000)
    values = 10 * np.sin(np.arange(200_000) * 2 * np.pi / 24) + np.arange(200_000) % 7
    lines = zip(np.datetime_as_string(hours, "m"), values, strict=True)
    file = tmp_path / "load.csv"
    file.write_text("when,load\n" + "".join(f"{when},{value:.2f}\n" for when, value in lines))

    def learn() -> None:
        desk.get_by_label("Open data file").set_input_files(file)
        expect(desk.get_by_text(re.compile("^200,000 values[.,]"))).to_be_visible()
        expect(box(desk, "Numbers")).to_have_attribute("readonly", "")
        train_to_step(desk, 20)
        expect(figure(desk, "Forecast")).to_contain_text("The series ends with")
        button(desk, "Reset").click()
        wait_for_phase(desk, "ready")

    assert stutter(desk, learn) < LONGEST_TASK_MS
    choose_example(desk, "Airline passengers, 1949–1960")
    expect(box(desk, "Numbers")).not_to_have_attribute("readonly", "")
