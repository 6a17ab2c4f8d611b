"""Several processes do what one does; whatever ends them, the last save goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.page import limits
from rnn_pkg.pytorch.__main__ import main
from tests.torch.processes import (
    kill,
    learners,
    running,
    steps_in,
    torchrun,
    wait_until,
)
from tests.torch.test_same_run import DATA, TEXT, begun

ENDLESS = ("--seconds", 600, "--save-every", 0.1)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    begun(dropout=0.1).save(path)
    return path


@pytest.mark.parametrize(
    "settings",
    [
        {"dropout": 0.3, "layers": 2, "batch_size": 5},
        {"data": "gaps", "input_noise": 0.2, "clip": 0.3, "batch_size": 2},
        {"cell": "coupled", "optimizer": "rmsprop", "workers": 2, "batch_size": 3},
    ],
    ids=str,
)
def test_two_processes_do_what_one_does(settings: dict[str, Any], tmp_path: Path) -> None:
    model, one, two = (tmp_path / f"{name}.npz" for name in ("model", "one", "two"))
    begun(**settings).save(model)
    for processes, out in ((1, one), (2, two)):
        answer = torchrun(processes, model, "--steps", 100, "--out", out)
        assert answer.returncode == 0, answer.stderr
    alone, together = rnn_pkg.load(one), rnn_pkg.load(two)
    assert together.steps == 107
    assert together.curve.train == pytest.approx(alone.curve.train, abs=1e-5)
    assert together.curve.validation == pytest.approx(alone.curve.validation, abs=1e-5)
    for name, array in alone.arrays().items():
        np.testing.assert_allclose(together.arrays()[name], array, 1e-3, 1e-4, err_msg=name)
    assert [stay.processes for stay in (*alone.stays, *together.stays)] == [1, 2]


def test_each_process_may_read_more(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "more.npz"
    answer = torchrun(2, model, "--steps", 3, "--out", out, "--batch-per-process", 7)
    assert answer.returncode == 0, answer.stderr
    assert rnn_pkg.load(out).batch_sizes == [(0, 6), (7, 14)]


@pytest.mark.parametrize("who", ["one process", "all"])
def test_the_last_save_outlives_a_kill(who: str, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "more.npz"
    with running(2, model, *ENDLESS, "--out", out) as process:
        wait_until(lambda: steps_in(out) > 20)
        if who == "all":
            kill(process)
        else:
            os.kill(learners(process)[1], signal.SIGKILL)
        _, told = process.communicate()
    if who == "one process":
        assert process.returncode > 0
        assert "the processes can't go on together" in told
        assert f"{out} holds the run as it was saved last." in told
    kept = rnn_pkg.load(out)
    assert kept.steps > 20
    assert kept.stays[-1].last == kept.steps
    kept.train(steps=3)
    answer = torchrun(2, out, "--steps", 3, "--out", out)
    assert answer.returncode == 0, answer.stderr
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_restart_goes_on_from_the_last_save(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "more.npz"
    arguments = (model, "--steps", 1500, "--save-every", 0.1, "--out", out)
    with running(2, *arguments, max_restarts=1) as process:
        wait_until(lambda: steps_in(out) > 20)
        os.kill(learners(process)[0], signal.SIGKILL)
        _, told = process.communicate()
    assert process.returncode == 0, told[-3000:]
    assert f"Restarted: going on from {out}" in told
    whole = rnn_pkg.load(out)
    assert whole.steps == 7 + 1500
    assert [(stay.first, stay.last) for stay in whole.stays] == [(7, 1507)]


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_it_finds_it_saved(kind: signal.Signals, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "more.npz"
    with running(2, model, "--seconds", 600, "--save-every", 5, "--out", out) as process:
        wait_until(lambda: steps_in(out) > 7)
        before = steps_in(out)
        os.kill(process.pid, kind)
        _, told = process.communicate()
    assert "Stopping after this step" in told
    assert f"Saved {out}, after step {steps_in(out):,}." in told
    assert steps_in(out) > before


def test_what_was_there_before_is_not_taken_for_the_last_save(model: Path, tmp_path: Path) -> None:
    """A process that dies again and again, before anything is saved."""
    out = tmp_path / "more.npz"
    begun(layers=2).save(out)
    before = out.read_bytes()
    arguments = (model, "--steps", 5, "--batch-size", 1, "--out", out)
    with running(2, *arguments, max_restarts=1) as process:
        _, told = process.communicate()
    assert process.returncode > 0
    assert "Restarted" not in told
    assert told.count("error: 2 processes need a batch of 2 at least") == 2
    assert out.read_bytes() == before


def test_who_is_impatient_loses_nothing(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "more.npz"
    with running(2, model, "--seconds", 600, "--save-every", 0.5, "--out", out) as process:
        wait_until(lambda: steps_in(out) > 7)
        for learner in learners(process):
            for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
                os.kill(learner, kind)
        _, told = process.communicate()
    assert f"Saved {out}, after step {steps_in(out):,}." in told


SEVERAL = """
import sys
from pathlib import Path
from rnn_pkg.pytorch import continue_training
for _ in range(4):
    trainer = continue_training(sys.argv[1], steps=3, out=sys.argv[1], device="cpu")
for thread in Path("/proc/self/task").iterdir():
    print("still runs:", (thread / "comm").read_text())
"""


def test_a_program_may_go_on_several_times(model: Path, tmp_path: Path) -> None:
    (tmp_path / "several.py").write_text(SEVERAL)
    done = torchrun(2, model, program=(str(tmp_path / "several.py"),))
    assert done.returncode == 0, done.stderr
    (stay,) = rnn_pkg.load(model).stays
    assert (stay.first, stay.last, stay.processes) == (7, 19, 2)
    assert "still runs: python" in done.stdout
    assert "gloo" not in done.stdout  # a thread that outlives its processes can abort their end


ONE_FAILS = """
import os, sys
from rnn_pkg.pytorch.learner import TorchLearner
from rnn_pkg.pytorch.__main__ import main
step = TorchLearner.step

def fail(learner, number, rate):
    if os.environ["RANK"] == "1" and number == 10:
        raise ValueError("out of luck")
    return step(learner, number, rate)

TorchLearner.step = fail
sys.exit(main(sys.argv[1:]))
"""


def test_what_goes_wrong_in_one_process_is_said(model: Path, tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text(ONE_FAILS)
    out = tmp_path / "more.npz"
    arguments = (model, "--steps", 50, "--save-every", 0, "--out", out)
    done = torchrun(2, *arguments, program=(str(tmp_path / "fails.py"),))
    assert done.returncode > 0
    assert "process 1: error: out of luck" in done.stderr
    assert "error: the processes can't go on together" in done.stderr
    assert rnn_pkg.load(out).steps == 9


def test_a_larger_run_is_begun(tmp_path: Path, model: Path) -> None:
    text, out = tmp_path / "book.txt", tmp_path / "large.npz"
    text.write_text(TEXT)
    larger = ("--hidden-size", 40, "--layers", 2, "--steps", 5, "--out", out)
    answer = torchrun(1, text, *larger, "--cell", "lstm")
    assert answer.returncode == 0, answer.stderr
    run = rnn_pkg.load(out)
    assert (run.text, run.steps) == (TEXT, 5)
    assert (run.config.cell, run.config.hidden_size, run.config.layers) == ("lstm", 40, 2)
    # A run that there is gives its data and its settings.
    answer = torchrun(1, model, *larger)
    assert answer.returncode == 0, answer.stderr
    run = rnn_pkg.load(out)
    assert (run.text, run.steps, run.config.hidden_size) == (DATA["text"], 5, 40)
    assert run.config.batch_size == 6


def test_what_is_too_large_for_the_page_is_said(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(model), "--steps", "1", "--out", str(tmp_path / "more.npz"), "--layers", "2"]
    assert main(command) == 0
    assert "Too large for the page" not in capsys.readouterr().err
    monkeypatch.setattr(limits, "PAGE_BYTES", 1000)
    assert main(command) == 0
    assert "Too large for the page: these settings need about " in capsys.readouterr().err


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, model: Path) -> None:
    out = tmp_path / "more.npz"
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(model.read_bytes()[:500])
    usual = ("--steps", 1, "--out", out)
    for processes, arguments, message in [
        (2, (damaged, *usual), "not a model file, or a damaged one"),
        (1, (tmp_path / "none.npz", *usual), "No such file"),
        (2, (model, "--steps", 1, "--out", tmp_path / "none" / "more.npz"), "there is no folder"),
        (2, (model, *usual, "--batch-size", 1), "2 processes need a batch of 2 at least"),
        (1, (model, *usual, "--device", "cuda"), "PyTorch finds no GPU here"),
        (1, (model, *usual, "--cell", "transformer"), "cell must be one of rnn, lstm, gru"),
    ]:
        answer = torchrun(processes, *arguments)
        assert answer.returncode > 0
        (said,) = [line for line in answer.stderr.splitlines() if line.startswith("error: ")]
        assert message in said
    assert not out.exists()
