"""A run taken elsewhere: its weights under torch's names, and a program that repeats it."""

import io
import json
import sys

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.training.export import LONGEST_TEXT, export, script

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
