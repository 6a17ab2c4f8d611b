"""The bench: that it runs, that all it compares train the same, and what it makes of figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rnn_pkg import Config, Trainer
from rnn_pkg.engine import backend
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.engine.linalg import Array
from tests.bench import bench, limit, quality, table, ways
from tests.bench.ways import Way, Work
from tests.page.parts import SENTENCE
from web.tools.steps import ROOT, BuildError

WORK = Work("gru", 128, 16, 32)


def run(*options: str, program: tuple[str, ...] = ("-m", "tests.bench.bench")) -> Any:
    """Run the command; return what it prints as JSON."""
    command = [sys.executable, *program, *options, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_ways_train_the_same_and_are_timed() -> None:
    size = ["--hidden", "8", "--shapes", "2x4"]
    result = run(*size, "--rounds", "1", "--seconds", "0.05")
    assert [row["cell"] for row in result["rows"]] == ["tutorial", "rnn", "lstm", "gru"]
    tutorial, *cells = result["rows"]
    assert set(tutorial["characters_per_second"]) == set(ways.TUTORIAL_NAMES)
    with_torch = bool(result["versions"]["torch"])
    for row in cells:
        # That they agree on the losses, the command has seen to.
        assert len(row["first_losses"]["tfjs"]) == len(row["first_losses"]["tfjs-tuned"]) == 2
        speeds = row["characters_per_second"]
        assert set(speeds) == set(ways.NAMES) - (set() if with_torch else {"torch"})
        assert min(speeds.values()) > 0
        assert row["simd_ratio_to"]["tfjs"] == pytest.approx(speeds["simd"] / speeds["tfjs"])
        assert 0 < row["simd_limit"]["share"] < 1
    assert tutorial["simd_limit"] is None


# TensorFlow.js trains as ever, but by a clock that a busy machine doesn't hold up.
TWELVE_STEPS_A_SECOND = """
from tests.bench import bench, ways

def advance(tfjs, seconds):
    steps = max(1, round(12 * seconds))
    tfjs.worker.evaluate("steps => { while (steps--) training.step(); }", steps)
    return {"steps": steps, "seconds": steps / 12}

ways.Tfjs.advance = advance
bench.main()
"""


def test_a_text_is_learned_in_the_page_and_by_tensorflow_js(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(SENTENCE * 40)
    options = ["--text", str(file), "--seconds", "2", "--against-tfjs"]
    result = run(*options, program=("-c", TWELVE_STEPS_A_SECOND))
    assert set(result["standings"]) == {"the page", "TensorFlow.js", "begun as the page"}
    for standings in result["standings"].values():
        assert len(standings) == 4
        assert [s["steps"] for s in standings] == sorted(s["steps"] for s in standings)
        assert standings[-1]["seconds"] >= 2
        assert standings[-1]["held_out_loss"] < 2  # letter frequencies alone give 2.6
        assert standings[-1]["held_out_loss"] < standings[0]["held_out_loss"] + 0.1


def test_the_time_to_a_loss_is_found_between_two_standings() -> None:
    standings = [
        {"seconds": seconds, "held_out_loss": loss}
        for seconds, loss in ((10.0, 2.0), (20.0, 1.5), (30.0, 1.6), (40.0, 1.4))
    ]
    assert quality.seconds_to(2.5, standings) == 10
    assert quality.seconds_to(1.6, standings) == pytest.approx(18)
    assert quality.seconds_to(1.45, standings) == pytest.approx(37.5)
    assert quality.seconds_to(1.3, standings) is None


def test_short_texts_are_compared_with_counting(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("".join(f"{place * 7919 % 1009} sheep went by. " for place in range(1000)))
    result = run("--short", str(file), "--native", "--seconds", "0.5", "--start", "9")
    assert [row["characters"] for row in result["rows"]] == [4000, 16000]
    for row in result["rows"]:
        assert row["writes"] > 0 < row["latest"]
        assert row["writes"] == pytest.approx(row["lowest"])  # all of it was measured each time
        assert row["lowest_step"] <= row["steps"]
        assert 0 < row["ngram_loss"] < 3
    assert "16,000" in table.of_short(result)


def test_forecasts_of_the_example_series_are_judged() -> None:
    result = run("--series", "--seconds", "0.1")
    names = [row["name"] for row in result["rows"]]
    assert names[:5] == ["airline", "co2", "sunspots", "nile", "lynx"]
    assert names[-2:] == ["mackey-glass", "lorenz"]
    for row in result["rows"]:
        assert row["origins"] >= 10
        assert row["verdict"].endswith(".")
        if row["name"] != "sine":  # which repeats itself exactly: there is nothing to scale by
            assert row["simple_mase"] > 0 < row["network_mase"]
    assert "mackey-glass" in table.of_series(result)


def test_the_start_is_timed_beside_a_bare_page() -> None:
    result = run("--boot", "--rounds", "1")
    medians = result["medians"]
    for row in medians.values():
        assert row["cold"] > 0 < row["warm"]
    assert medians["page"]["bytes"] < 8_600_000 < medians["bare"]["bytes"]
    assert result["ratios"]["cold"] == medians["page"]["cold"] / medians["bare"]["cold"]
    assert "ratio" in table.of_boot(result)


class Fake:
    """A way that notes when it is called and always has the same speed."""

    def __init__(self, name: str, speed: float, loss: float, calls: list[str]) -> None:
        self.name, self.speed, self.loss, self.calls = name, speed, loss, calls

    def begin(self, work: Work) -> list[float]:
        return [self.loss]

    def run(self, seconds: float) -> float:
        self.calls.append(self.name)
        return self.speed


def test_ways_take_turns() -> None:
    calls: list[str] = []
    rivals: dict[str, Way] = {
        "tfjs": Fake("tfjs", 2.0, 4.2, calls),
        "simd": Fake("simd", 6.0, 4.2, calls),
    }
    row = bench.measure(WORK, rivals, 2, 1.0)
    assert calls == ["tfjs", "simd", "tfjs", "simd"]
    assert row["characters_per_second"] == {"tfjs": 1024, "simd": 3072}
    assert row["simd_ratio_to"] == {"tfjs": 3}


def test_the_products_take_turns_with_the_ways_and_set_their_limit() -> None:
    calls: list[str] = []
    rivals: dict[str, Way] = {"simd": Fake("simd", 6.0, 4.2, calls)}
    products = iter([3e9, 1e9, 2e9])

    def product(seconds: float) -> float:
        calls.append("product")
        return next(products)

    row = bench.measure(WORK, rivals, 3, 1.0, product)
    assert calls == ["simd", "product"] * 3
    found, operations = row["simd_limit"], bench.operations(WORK)
    assert found["product_operations_per_second"] == 2e9
    assert found["characters_per_second"] == 2e9 / operations
    assert found["share"] == 6 * 16 * 32 * operations / 2e9


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_operations_are_those_of_the_engines_products(cell: str, layers: int) -> None:
    config = Config(cell=cell, hidden_size=8, layers=layers, batch_size=4, sequence_length=6)
    trainer = Trainer(SENTENCE * 40, config)
    done = 0

    def dot(a: Array, b: Array) -> Any:
        nonlocal done
        done += 2 * a.size * len(b)
        return NotImplemented

    backend.put_on("counting", {"dot": dot})
    try:
        trainer.step()
    finally:
        backend.take_off("counting")
    expected = limit.operations_per_character(config, len(trainer.vocabulary))
    assert done == expected * 4 * 6


def test_ways_that_train_something_else_are_not_compared() -> None:
    rivals: dict[str, Way] = {"a": Fake("a", 1, 4.2, []), "b": Fake("b", 1, 4.3, [])}
    with pytest.raises(BuildError, match="the ways differ"):
        bench.measure(WORK, rivals, 1, 1.0)


def test_the_table_fits_and_says_what_is_missing() -> None:
    speeds = dict.fromkeys(ways.NAMES, 999_999.4) | {"simd": 1_234_567.0, "torch": None}
    versions = {"browser": "156.0.8078.79", "pyodide": "314", "tfjs": "4", "torch": None}
    row = vars(WORK) | {
        "characters_per_second": speeds,
        "simd_ratio_to": {"tfjs": 12.345},
        "simd_limit": {"share": 0.654},
    }
    lines = table.of_speeds({"rows": [row], "versions": versions}).splitlines()
    speeds_and_ratios = [*["999,999"] * 3, "1.23M", "999,999", "-", "12.3x", "-", "-", "-", "0.65"]
    assert lines[2].split() == ["gru", "128", "16x32", *speeds_and_ratios]
    assert max(map(len, lines)) <= 100
    assert lines[-4].startswith("tuned: ")
    assert lines[-1].endswith("pip install torch")


def test_lists_are_separated_by_commas() -> None:
    options = bench.command_line().parse_args(["--cells", "gru,rnn", "--shapes", "16x32,1x8"])
    works = bench.works(options.cells, [64], options.shapes)
    assert works == [
        *(Work("gru", 64, 16, 32), Work("gru", 64, 1, 8)),
        *(Work("rnn", 64, 16, 32), Work("rnn", 64, 1, 8)),
    ]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--cells", "gru,cnn", "'cnn' is none of tutorial, rnn, lstm, gru, peephole, coupled"),
        ("--shapes", "16", "'16' is not a shape such as 16x32"),
    ],
)
def test_a_wrong_list_is_refused(
    option: str, value: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        bench.command_line().parse_args([option, value])
    assert words in capsys.readouterr().err
