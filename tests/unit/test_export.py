"""A run taken elsewhere: its weights under torch's names, and a program that repeats it."""

import io
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.training.export import LONGEST_SERIES, LONGEST_TEXT, export, script
from rnn_pkg.training.origin import Stay

LINES = [
    'a "quoted" line',
    "single 'quotes'",
    "back\\slash and\ttab\r",
    "Käse \U0001f41f\u2028 too",
]
ODD = "\n".join(LINES * 4)


def make(text=ODD, **settings):
    return rnn_pkg.Trainer(text, rnn_pkg.Config.for_text(text, hidden_size=6, **settings))


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def run(program, folder, monkeypatch, capsys):
    """Run a program in a folder; return the run it saved, and what it printed."""
    monkeypatch.chdir(folder)
    exec(compile(program, "repeat.py", "exec"), {})
    return rnn_pkg.load(folder / "repeated.npz"), capsys.readouterr().out


def test_the_program_repeats_the_run(tmp_path, monkeypatch, capsys):
    trainer = make(cell="lstm", dropout=0.2, learning_rate=0.02, seed=5)
    trainer.set_learning_rate(0.03)
    trainer.train(steps=7)
    trainer.set_learning_rate(0.01)
    trainer.set_learning_rate(0.005)
    trainer.train(steps=5)
    repeated, printed = run(script(trainer), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)
    loss = trainer.evaluate(network=trainer.best)
    assert f"{loss} nats per character" in printed


def test_a_run_that_has_not_begun_is_repeated_too(tmp_path, monkeypatch, capsys):
    trainer = make(validation=0.0)
    repeated, _ = run(script(trainer), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)


def test_the_precision_is_repeated(tmp_path, monkeypatch, capsys):
    trainer = rnn_pkg.Trainer(ODD, rnn_pkg.Config.for_text(ODD, hidden_size=4), "float64")
    trainer.train(steps=2)
    repeated, _ = run(script(trainer), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)


def test_a_long_text_is_taken_from_the_model(tmp_path, monkeypatch, capsys):
    text = "a long way to go. " * (LONGEST_TEXT // 18 + 1)
    trainer = make(text)
    trainer.step()
    trainer.save(tmp_path / "mine.npz")
    program = script(trainer, "mine.npz")
    assert len(program) < 2000
    repeated, _ = run(program, tmp_path, monkeypatch, capsys)
    assert repeated.text == text


@pytest.mark.native
def test_weights_keep_their_torch_names(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    from safetensors import safe_open

    trainer = make(layers=2)
    trainer.train(steps=3)
    path = tmp_path / "weights.safetensors"
    export(trainer, path)
    weights = safetensors.load_file(path)
    expected = trainer.best.torch_state_dict()
    assert weights.keys() == expected.keys()
    assert all(np.array_equal(weights[name], expected[name]) for name in expected)
    with safe_open(path, "np") as file:
        metadata = file.metadata()
    assert json.loads(metadata["vocabulary"]) == trainer.vocabulary.characters
    assert rnn_pkg.Config(**json.loads(metadata["config"])) == trainer.config


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"must end in .safetensors or .py, not 'weights.onnx'"):
        export(make(), tmp_path / "weights.onnx")


def test_without_the_library_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(ValueError, match="pip install"):
        export(make(), tmp_path / "weights.safetensors")


def test_a_run_begun_with_another_s_network_is_repeated_with_it(tmp_path, monkeypatch, capsys):
    first = make()
    first.train(steps=3)
    first.save(tmp_path / "start.npz")
    second = rnn_pkg.Trainer("\x00 another text, " * 9, start_from=first)
    second.train(steps=3)
    third = rnn_pkg.Trainer(ODD[:60], start_from=second)
    second.save(tmp_path / "start.npz.second")
    repeated, _ = run(script(second), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(second)
    (tmp_path / "start.npz.second").replace(tmp_path / "start.npz")
    repeated, _ = run(script(third), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(third)


WAVES = np.array([100 + 7.25 * (k % 12) + k / 3 for k in range(60)])
MONTHS = np.arange("1990-01", "1995-01", dtype="datetime64[M]")
SERIES = [
    rnn_pkg.Series(WAVES),
    rnn_pkg.Series(
        np.where(np.arange(60) % 25 == 9, np.nan, WAVES), 6, MONTHS, "a 'name'", ["It."]
    ),
    rnn_pkg.Series(WAVES, None, np.datetime64("2020-01-01T05:30") + np.arange(60), "by the minute"),
]


def make_series(series, **settings):
    config = rnn_pkg.Config.for_series(series, hidden_size=4, **settings)
    return rnn_pkg.Trainer(series, config)


@pytest.mark.parametrize("series", SERIES)
def test_the_program_repeats_the_run_of_a_series(series, tmp_path, monkeypatch, capsys):
    trainer = make_series(series, loss="squared_error" if series.dates is None else "gaussian")
    trainer.train(steps=7)
    trainer.set_learning_rate(0.005)
    trainer.train(steps=5)
    repeated, printed = run(script(trainer), tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)
    loss = trainer.evaluate(network=trainer.best)
    unit = "= half the mean squared error" if series.dates is None else "nats per value"
    assert f"Loss on the held-out part: {loss} {unit}" in printed
    assert f"What follows: {trainer.forecast(horizon=12).mean}" in printed


def test_a_long_series_is_taken_from_the_model(tmp_path, monkeypatch, capsys):
    trainer = make_series(rnn_pkg.Series(np.arange(LONGEST_SERIES + 1) % 7, name="week"))
    trainer.step()
    trainer.save(tmp_path / "mine.npz")
    program = script(trainer, "mine.npz")
    assert len(program) < 2000
    repeated, _ = run(program, tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)


@pytest.mark.native
def test_weights_of_a_series_come_with_its_scales(tmp_path):
    pytest.importorskip("safetensors.numpy")
    from safetensors import safe_open

    trainer = make_series(SERIES[1])
    path = tmp_path / "weights.safetensors"
    export(trainer, path)
    with safe_open(path, "np") as file:
        metadata = file.metadata()
        assert set(file.keys()) == trainer.best.torch_state_dict().keys()
    assert set(metadata) == {"format", "config", "inputs", "outputs"}
    changes, season = json.loads(metadata["inputs"])
    assert (changes["lag"], season["lag"]) == (1, 6)
    learned = SERIES[1].values[:51]
    expected = learned[6:] - learned[:-6]
    assert season["mean"] == pytest.approx(np.nanmean(expected))
    assert season["spread"] == pytest.approx(np.nanstd(expected))
    assert json.loads(metadata["outputs"])["back"] == 6


def test_a_change_of_the_batch_and_a_stay_elsewhere_are_repeated_here(
    tmp_path, monkeypatch, capsys
):
    trainer = make(batch_size=3)
    trainer.train(steps=2)
    trainer.set_batch_size(4)
    trainer.set_learning_rate(0.003)
    trainer.train(steps=3)
    program = script(trainer)
    repeated, _ = run(program, tmp_path, monkeypatch, capsys)
    assert saved(repeated) == saved(trainer)
    trainer.stays = [Stay(2, 4, "PyTorch 2", "cpu", 2, 1.0)]
    told = "# Steps 3 to 4 were taken by PyTorch 2 in 2 processes (cpu), in 1.0 s."
    assert told in script(trainer).splitlines()
    repeated, _ = run(script(trainer), tmp_path, monkeypatch, capsys)
    assert repeated.metrics == trainer.metrics


def test_the_program_trains_by_pytorch_if_it_is_asked_to(tmp_path, monkeypatch, capsys):
    trainer = make()
    trainer.train(steps=3)
    asked = []

    def continue_training(trainer, steps):
        asked.append((trainer.text, steps))
        trainer.train(steps=min(steps, possible))

    pytorch, possible = SimpleNamespace(continue_training=continue_training), 3
    monkeypatch.setitem(sys.modules, "rnn_pkg.pytorch", pytorch)
    monkeypatch.setattr(sys, "argv", ["repeat.py", "--pytorch"])
    run(script(trainer), tmp_path, monkeypatch, capsys)
    assert asked == [(trainer.text, 3)]
    possible = 2
    with pytest.raises(SystemExit, match="The training was stopped"):
        run(script(trainer), tmp_path, monkeypatch, capsys)
