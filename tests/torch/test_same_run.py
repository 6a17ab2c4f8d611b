"""A run goes on in PyTorch as it would have in NumPy: loss by loss, weight by weight."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.pytorch import continue_training
from rnn_pkg.pytorch.learner import TorchLearner
from rnn_pkg.training.export import script
from web.tools.steps import ROOT

TEXT = "".join(f"{k} green bottles, {k * k % 97} hanging on the wall; " for k in range(60))
# Without noise, a network could be ever surer of itself, and tell the least difference.
NOISE = np.random.default_rng(0).standard_normal(160)
SERIES = rnn_pkg.Series(20 + 5 * np.sin(np.arange(160) * 2 * np.pi / 12) + NOISE, 12)
GAPS = np.where(np.arange(160) % 23 == 5, np.nan, SERIES.values)
DATA = {"text": TEXT, "numbers": SERIES, "gaps": rnn_pkg.Series(GAPS, 12)}

# The steps that one optimizer can take without losing its way are too large for another. Where a
# run loses its way, it makes much of what rounding has made different.
RATES = {"sgd": 0.1, "rmsprop": 0.001, "adam": 0.005}
CLOSE = {"float32": (1e-4, 1e-4), "float64": (1e-10, 1e-10)}
"""How near losses must be, relatively, and weights, absolutely."""


def begun(data: str = "text", dtype: str = "float32", **settings: Any) -> rnn_pkg.Trainer:
    """A run that has taken seven steps, so that its optimizer remembers something."""
    of = rnn_pkg.Config.for_series if data != "text" else rnn_pkg.Config.for_text
    rate = RATES[settings.setdefault("optimizer", "adam")]
    chosen = {"hidden_size": 12, "batch_size": 6, "learning_rate": rate, "evaluate_every": 10}
    trainer = rnn_pkg.Trainer(DATA[data], of(DATA[data], **(chosen | settings)), dtype)  # type: ignore[arg-type]
    trainer.train(steps=7)
    return trainer


def saved(trainer: rnn_pkg.Trainer) -> io.BytesIO:
    file = io.BytesIO()
    trainer.save(file)
    file.seek(0)
    return file


def step_losses(trainer: rnn_pkg.Trainer) -> list[float]:
    """The loss of every step, of a run that is short enough for its curve to have them all."""
    assert trainer.curve.span == 1
    return trainer.curve.train


def assert_same(here: rnn_pkg.Trainer, there: rnn_pkg.Trainer, loss: float, weight: float) -> None:
    assert there.steps == here.steps
    # Of a likelihood, which may come to nothing, what counts is how far it is from the first.
    scale = max(map(abs, step_losses(here)))
    np.testing.assert_allclose(step_losses(there), step_losses(here), rtol=loss, atol=loss * scale)
    held_out = [each for each in here.curve.validation if each is not None]
    assert [x for x in there.curve.validation if x is not None] == pytest.approx(held_out, rel=loss)
    for name, array in here.arrays().items():
        # The cell state of an LSTM may become as large as it likes.
        np.testing.assert_allclose(there.arrays()[name], array, weight, weight, err_msg=name)
    assert there.best.parameters.keys() == here.best.parameters.keys()
    assert there.metrics
    assert here.metrics
    assert there.metrics.best_step == here.metrics.best_step
    for name, array in here.best.parameters.items():
        np.testing.assert_allclose(there.best.parameters[name], array, atol=weight, err_msg=name)
    states = [[rng.bit_generator.state for rng in trainer.rngs] for trainer in (here, there)]
    assert states[0] == states[1]


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("optimizer", RATES)
@pytest.mark.parametrize("data", ["text", "numbers"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_a_hundred_steps_are_the_same(
    cell: str, layers: int, data: str, optimizer: str, dtype: str
) -> None:
    here = begun(data, dtype, cell=cell, layers=layers, optimizer=optimizer)
    file = saved(here)
    here.train(steps=100)
    there = continue_training(file, steps=100, device="cpu")
    assert_same(here, there, *CLOSE[dtype])


@pytest.mark.parametrize(
    "settings",
    [
        {"dropout": 0.3, "input_dropout": 0.2, "layers": 2},
        {"hidden_rate": 0.3, "layers": 2},
        {"hidden_rate": 0.3, "optimizer": "sgd"},
        {"data": "numbers", "input_noise": 0.5, "input_dropout": 0.3},
        {"data": "gaps", "loss": "squared_error", "dropout": 0.2},
        {"data": "gaps", "loss": "gaussian"},
        {"average": 0.0},
        {"clip": 0.0},
        {"clip": 0.05},
        {"schedule": "cosine", "schedule_steps": 60},
        {"validation": 0.0},
        {"workers": 3, "dropout": 0.2, "batch_size": 2},
        {"data": "numbers", "workers": 2},
    ],
    ids=str,
)
def test_whatever_is_set_is_the_same(settings: dict[str, Any]) -> None:
    """Dropout and noise, too: what is left out is drawn by the run's own generators."""
    here = begun(dtype="float64", **settings)
    file = saved(here)
    here.train(steps=41)
    assert_same(here, continue_training(file, steps=41, device="cpu"), 1e-10, 1e-9)


SOURCE = """gates = ("forget gate", "candidate")


def step(x, state, W):
    (h,) = state
    x_f, x_n = np.split(x, 2, axis=1)
    W_f, W_n = np.split(W["weight_hh"], 2)
    b_f, b_n = np.split(W["bias_hh"], 2)
    f = sigmoid(x_f + affine(h, W_f, b_f))
    n = tanh(x_n + affine(f * h, W_n, b_n))
    return (h + f * (n - h),)
"""


def test_a_cell_of_ones_own_learns_the_same() -> None:
    here = begun(dtype="float64", cell="own", cell_source=SOURCE, layers=2)
    file = saved(here)
    with pytest.raises(ValueError, match="carries the source of a cell, which would be run"):
        continue_training(file, steps=1)
    file.seek(0)
    here.train(steps=30)
    there = continue_training(file, steps=30, device="cpu", run_source=True)
    assert_same(here, there, 1e-10, 1e-10)


def test_it_goes_on_here_bit_for_bit_and_says_where_it_was() -> None:
    there = continue_training(saved(begun()), steps=20, device="cpu")
    (stay,) = there.stays
    assert (stay.first, stay.last, stay.device, stay.processes) == (7, 27, "cpu", 1)
    assert stay.words().startswith("Steps 8 to 27 were taken by PyTorch ")
    one, two = rnn_pkg.load(saved(there)), rnn_pkg.load(saved(there))
    assert one.stays == [stay]
    there.train(steps=50)
    one.train(steps=50)
    assert saved(one).getvalue() == saved(there).getvalue()
    # Two stays in a row are one; after some steps here there is another.
    two = continue_training(two, steps=3, device="cpu")
    assert [(each.first, each.last) for each in two.stays] == [(7, 30)]
    two.train(steps=2)
    two = continue_training(two, steps=1, device="cpu")
    assert [(each.first, each.last) for each in two.stays] == [(7, 30), (32, 33)]
    assert two.stays[1].words().startswith("Step 33 was taken by PyTorch ")


def test_a_larger_batch_is_read_from_here_on() -> None:
    there = continue_training(saved(begun()), steps=5, device="cpu", batch_size=10)
    assert there.batch_sizes == [(0, 6), (7, 10)]
    assert there.chars_seen == (7 * 6 + 5 * 10) * there.config.sequence_length
    again = rnn_pkg.load(saved(there))
    again.train(steps=3)
    assert again.chars_seen == (7 * 6 + 8 * 10) * there.config.sequence_length


def test_a_round_is_ended_before_its_batch_changes() -> None:
    trainer = begun(workers=2, batch_size=3)
    assert trainer.settled == 0 < trainer.steps
    there = continue_training(saved(trainer), steps=30, device="cpu", batch_size=4)
    assert there.steps == 16 + 30
    assert there.batch_sizes == [(0, 3), (16, 4)]
    assert rnn_pkg.load(saved(there)).steps == 46


def test_a_step_that_goes_wrong_is_taken_back() -> None:
    trainer = begun()
    trainer.set_learning_rate(10.0)
    rescued = continue_training(saved(trainer), steps=60, device="cpu")
    assert rescued.config.learning_rate < 10.0
    assert all(np.isfinite(array).all() for array in rescued.arrays().values())


def test_a_step_that_fails_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, out, step = begun(), tmp_path / "more.npz", TorchLearner._step

    def fail(learner: TorchLearner, number: int, *others: Any) -> Any:
        if number == 14:
            learner.streams.next()
            raise RuntimeError("out of luck")
        return step(learner, number, *others)

    monkeypatch.setattr(TorchLearner, "_step", fail)
    with pytest.raises(RuntimeError, match="out of luck"):
        continue_training(trainer, steps=20, out=out, device="cpu")
    assert rnn_pkg.load(out).steps == trainer.steps == 13
    trainer.train(steps=3)  # here again
    assert rnn_pkg.load(saved(trainer)).steps == 16


def test_a_parameter_may_have_any_name() -> None:
    source = SOURCE.replace("\n\n\ndef", '\nparameters = {"copy": ("H",)}\n\n\ndef', 1)
    source = source.replace("affine(f * h, W_n, b_n)", 'affine(f * h, W_n, b_n) + W["copy"]')
    here = begun(dtype="float64", cell="own", cell_source=source)
    file = saved(here)
    here.train(steps=5)
    there = continue_training(file, steps=5, device="cpu", run_source=True)
    assert_same(here, there, 1e-10, 1e-10)


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    file = saved(begun())
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({}, "steps, seconds or both must be given"),
        ({"steps": 0}, "steps must be"),
        ({"steps": 1, "device": "tpu"}, "device must be one of auto, cpu, cuda, not 'tpu'"),
        ({"steps": 1, "batch_size": 1000}, "batch_size must be"),
        ({"steps": 1, "batch_size": 4, "batch_per_process": 4}, "give one of them"),
        ({"steps": 1, "out": tmp_path}, "is a folder"),
        ({"steps": 1, "save_every": -1.0}, "save_every must be"),
    ]
    for wrong, message in wrongs:
        file.seek(0)
        with pytest.raises(ValueError, match=message):
            continue_training(file, **wrong)
    with pytest.raises(ValueError, match="not a model file"):
        continue_training(io.BytesIO(b"hello"), steps=1)
    with pytest.raises(ValueError, match=r"must be a path, an open file or a rnn_pkg\.Trainer"):
        continue_training(5, steps=1)  # type: ignore[arg-type]


def test_the_saved_program_repeats_a_run_in_pytorch(tmp_path: Path) -> None:
    here = begun(dropout=0.2)
    here.set_learning_rate(0.002)
    here.train(steps=10)
    (tmp_path / "repeat.py").write_text(script(here), "utf-8")
    command = [sys.executable, "repeat.py", "--pytorch"]
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=where, capture_output=True, check=True)
    there = rnn_pkg.load(tmp_path / "repeated.npz")
    assert there.steps == 17
    assert [(stay.first, stay.last) for stay in there.stays] == [(0, 17)]
    assert_same(here, there, *CLOSE["float32"])
