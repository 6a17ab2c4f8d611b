"""The command line, as a person uses it."""

import builtins
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.__main__ import main
from rnn_pkg.training.trainer import TrainingError

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3

pytestmark = pytest.mark.native


@pytest.fixture
def text_file(tmp_path):
    file = tmp_path / "rhyme.txt"
    file.write_text(RHYME, encoding="utf-8")
    return file


@pytest.fixture
def without_tqdm(monkeypatch):
    real_import = builtins.__import__

    def refuse(name, *arguments, **options):
        if name == "tqdm":
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)


def train(text_file, *options):
    out = text_file.with_name("model.npz")
    code = main(["train", str(text_file), "--out", str(out), "--hidden-size", "8", *options])
    return code, out


def test_train_then_sample(text_file, capsys):
    code, out = train(text_file, "--steps", "20", "--cell", "lstm", "--seed", "3")
    assert code == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "156 characters, 20 distinct; lstm, 8 hidden units" in shown.err
    assert "Held-out loss" in shown.err
    assert re.search(r"For comparison, counting \d-grams reaches \d\.\d{4}\.", shown.err)
    trainer = rnn_pkg.load(out)
    assert trainer.metrics.step == 20
    assert (trainer.config.cell, trainer.config.seed) == ("lstm", 3)

    options = ["--prompt", "one ", "--length", "30", "--seed", "1"]
    assert main(["sample", str(out), *options]) == 0
    written = capsys.readouterr().out
    assert written.startswith("one ")
    assert len(written) == len("one ") + 30 + 1
    assert main(["sample", str(out), *options]) == 0
    assert capsys.readouterr().out == written


def test_seconds_limit_and_no_held_out_part(text_file, capsys):
    code, out = train(text_file, "--seconds", "0.2", "--validation", "0")
    assert code == 0
    assert "Held-out" not in capsys.readouterr().err
    assert rnn_pkg.load(out).metrics.step > 0


def test_without_tqdm_there_are_plain_lines(text_file, capsys, without_tqdm):
    assert train(text_file, "--steps", "2")[0] == 0
    assert "0 s  step 1  loss " in capsys.readouterr().err


def test_resume_goes_on(text_file):
    _, out = train(text_file, "--steps", "5")
    arguments = ["train", str(text_file), "--out", str(out), "--resume", str(out), "--steps", "5"]
    assert main([*arguments, "--learning-rate", "0.001"]) == 0
    trainer = rnn_pkg.load(out)
    assert trainer.metrics.step == 10
    assert trainer.config.learning_rate == 0.001


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--cell", "rnn"], "with --resume, cell can't be changed any more"),
        (["--learning-rate", "99"], "learning_rate must be"),
    ],
)
def test_what_cannot_be_resumed_is_told(text_file, capsys, change, message):
    _, out = train(text_file, "--steps", "1")
    arguments = ["train", str(text_file), "--out", str(out), "--resume", str(out), "--steps", "1"]
    assert main([*arguments, *change]) == 1
    assert message in capsys.readouterr().err


def test_resume_needs_the_same_text(text_file, capsys):
    _, out = train(text_file, "--steps", "1")
    other = text_file.with_name("other.txt")
    other.write_text("another text, long enough to train on")
    assert main(["train", str(other), "--out", str(out), "--resume", str(out)]) == 1
    assert "was trained on another text" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=["CRLF", "CR", "LF"])
def test_a_run_goes_on_with_its_file_whatever_the_line_ends(text_file, end):
    """A model of the page has plain line ends; so has the file that it came from, natively."""
    _, out = train(text_file, "--steps", "2")
    text_file.write_bytes(("\ufeff" + RHYME.replace("\n", end)).encode())
    arguments = ["train", str(text_file), "--out", str(out), "--steps", "1"]
    assert main([*arguments, "--resume", str(out)]) == 0
    assert rnn_pkg.load(out).text == RHYME
    assert main([*arguments, "--hidden-size", "8"]) == 0
    assert rnn_pkg.load(out).text == RHYME


@pytest.mark.parametrize("kept", [RHYME.replace("\n", "\r\n"), "\ufeff".join([RHYME, RHYME])])
def test_a_model_that_once_kept_line_ends_and_marks_goes_on_too(tmp_path, kept):
    file, out = tmp_path / "kept.txt", tmp_path / "model.npz"
    file.write_bytes(kept.encode())
    trainer = rnn_pkg.Trainer(kept, rnn_pkg.Config(hidden_size=4))
    trainer.train(steps=1)
    trainer.save(out)
    arguments = ["train", str(file), "--out", str(out), "--resume", str(out), "--steps", "1"]
    assert main(arguments) == 0
    assert rnn_pkg.load(out).text == kept


def test_several_files_in_any_encoding_are_one_text(tmp_path, capsys):
    first, second = tmp_path / "part 2.txt", tmp_path / "part 10.txt"
    first.write_bytes(b"\xff\xfe" + "Käse und Brot am Morgen".encode("utf-16-le"))
    second.write_bytes("Öl und Salz am Abend\r\n".encode("cp1252"))
    out = tmp_path / "model.npz"
    arguments = ["train", str(second), str(first), "--out", str(out), "--steps", "1"]
    assert main(arguments) == 0
    assert rnn_pkg.load(out).text == "Käse und Brot am Morgen\nÖl und Salz am Abend\n"
    assert "Read as UTF-16 and Windows-1252; if that is wrong, say --encoding." in (
        capsys.readouterr().err
    )
    assert (
        main(["train", str(second), "--encoding", "cp850", "--out", str(out), "--steps", "1"]) == 0
    )
    assert rnn_pkg.load(out).text.startswith("Íl und")


def test_another_text_is_begun_with_a_network_that_knows_one(text_file, tmp_path, capsys):
    _, old = train(text_file, "--steps", "30", "--cell", "lstm")
    other, out = tmp_path / "other.txt", tmp_path / "other.npz"
    other.write_text("two shoes by the door, four knocks: QUICK\n" * 4, "utf-8")
    arguments = ["train", str(other), "--out", str(out), "--start-from", str(old), "--steps", "2"]
    assert main(arguments) == 0
    assert (
        "Begun with a network that had learned “one two buckle my shoe" in capsys.readouterr().err
    )
    trainer = rnn_pkg.load(out)
    assert (trainer.config.cell, trainer.config.hidden_size, trainer.steps) == ("lstm", 8, 2)
    assert trainer.origins[0].steps == 30
    assert main([*arguments, "--hidden-size", "9"]) == 1
    assert "hidden_size must be 8, as in the network to start from" in capsys.readouterr().err
    assert main([*arguments, "--resume", str(out)]) == 1
    assert "choose one" in capsys.readouterr().err


def test_a_list_and_what_is_learned_by_heart_are_told(tmp_path, capsys):
    file, out = tmp_path / "names.txt", tmp_path / "model.npz"
    file.write_text("".join(f"{a}{b}\n" for a in "bcdfgh" for b in ("al", "en", "ix", "or")))
    arguments = ["train", str(file), "--out", str(out), "--steps", "400", "--evaluate-every", "10"]
    nothing_dropped = ["--dropout", "0", "--input-dropout", "0"]
    assert main([*arguments, "--hidden-size", "64", *nothing_dropped]) == 0
    told = capsys.readouterr().err
    assert "Its lines are learned in an order drawn by the seed" in told
    assert (
        "learning its text by heart. The network of that step is kept, and writes, unless" in told
    )
    assert re.search(r"known by the network of step \d+, which writes\.", told)


def test_patience_ends_what_gets_no_better(text_file, capsys):
    settings = ["--evaluate-every", "5", "--steps", "2000", "--dropout", "0", "--hidden-size", "64"]
    status, out = train(text_file, *settings, "--patience", "4")
    assert status == 0
    assert "Stopped after 4 measurements in a row without a new best." in capsys.readouterr().err
    trainer = rnn_pkg.load(out)
    assert trainer.in_vain == 4
    assert trainer.steps < 2000
    status, _ = train(text_file, "--patience", "4", "--validation", "0", "--steps", "5")
    assert status == 1
    assert "patience needs a held-out part" in capsys.readouterr().err
    assert train(text_file, "--patience", "0", "--steps", "5")[0] == 1


def test_the_best_network_writes_or_the_latest(text_file, capsys):
    learned_by_heart = ["--cell", "gru", "--hidden-size", "64", "--learning-rate", "0.02"]
    settings = ["--evaluate-every", "5", "--steps", "300", "--dropout", "0", *learned_by_heart]
    _, out = train(text_file, *settings)
    trainer = rnn_pkg.load(out)
    assert trainer.in_vain
    capsys.readouterr()
    for option, network in (
        ([], trainer.best),
        (["--network", "best"], trainer.best),
        (["--network", "latest"], trainer.averaged),
    ):
        assert main(["sample", str(out), "--length", "60", "--seed", "1", *option]) == 0
        expected = trainer.sample("", 60, seed=1, network=network)
        assert capsys.readouterr().out == f"{expected}\n"


def test_sample_shows_each_character_as_it_comes(text_file):
    _, out = train(text_file, "--steps", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "rnn_pkg", "sample", str(out), "--length", "1000000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert len(process.stdout.read(100)) == 100  # of a million, which take a minute
    process.stdout.close()  # as `head` does
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_line_at_most_is_written(text_file, capsys):
    _, out = train(text_file, "--steps", "200")
    capsys.readouterr()
    options = ["--temperature", "0.3", "--seed", "1", "--stop-at-line-end"]
    assert main(["sample", str(out), "--prompt", "one two", *options]) == 0
    written = capsys.readouterr().out
    assert written.startswith("one two")
    assert written.count("\n") == 1
    assert written.endswith("\n")


def test_errors_are_one_clear_line(text_file, tmp_path, capsys):
    out = ["--out", str(tmp_path / "m.npz")]
    short, binary = tmp_path / "short.txt", tmp_path / "binary.txt"
    short.write_text("short")
    binary.write_bytes(bytes(range(256)))
    cases = [
        (["train", str(short), *out], "at least 20 are needed"),
        (["train", str(binary), *out], "binary.txt is not a text in UTF-8"),
        (["train", str(text_file), *out, "--encoding", "klingon"], "encoding must be the name"),
        (["train", str(text_file), *out, "--start-from", str(text_file)], "not a model file"),
        (["train", str(tmp_path / "none.txt"), *out], "none.txt"),
        (["train", str(text_file), *out, "--hidden-size", "0"], "hidden_size must be"),
        (["train", str(text_file), "--out", str(tmp_path / "no" / "m.npz")], "there is no folder"),
        (["train", str(text_file), "--out", str(tmp_path)], "is a folder"),
        (["train", str(text_file), *out, "--steps", "0"], "steps must be a whole number"),
        (["train", str(text_file), *out, "--seconds", "nan"], "seconds must be a number"),
        (["sample", str(text_file)], "not a model file"),
    ]
    for arguments, message in cases:
        assert main(arguments) == 1
        error = capsys.readouterr().err
        assert message in error
        assert "Traceback" not in error
    assert not (tmp_path / "m.npz").exists()


def test_ctrl_c_saves(text_file):
    out = text_file.with_name("model.npz")
    command = [sys.executable, "-m", "rnn_pkg", "train", str(text_file), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [*command, "--seconds", "600", "--hidden-size", "8"],
        stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    shown = ""
    while "loss" not in shown:  # training has begun
        piece = process.stderr.read(1)
        assert piece, shown
        shown += piece
    for _ in range(3):  # an impatient person loses nothing
        process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest.count("Stopping after this step") == 1
    assert rnn_pkg.load(out).metrics.step > 0


def test_the_interrupt_handler_is_put_back(text_file):
    before = signal.getsignal(signal.SIGINT)
    train(text_file, "--steps", "1")
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupted_sample_ends_quietly(text_file, monkeypatch, capsys):
    _, out = train(text_file, "--steps", "1")

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(rnn_pkg.Trainer, "stream", interrupt)
    assert main(["sample", str(out)]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_sample_says_what_it_skips_and_writes_to_any_terminal(tmp_path):
    file, out = tmp_path / "emoji.txt", tmp_path / "m.npz"
    file.write_text("🎉🎊" * 20, encoding="utf-8")
    assert main(["train", str(file), "--out", str(out), "--steps", "1"]) == 0
    result = subprocess.run(
        [sys.executable, "-m", "rnn_pkg", "sample", str(out), "--prompt", "Z", "--length", "5"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stderr.strip() == "the network has never seen 'Z': skipped in the prompt"
    assert "\\U0001f38" in result.stdout


def test_workers_learn_in_processes_what_one_process_learns(text_file, capsys):
    _, out = train(text_file, "--steps", "20", "--workers", "2")
    assert "; 2 workers" in capsys.readouterr().err
    trainer = rnn_pkg.load(out)
    alone = rnn_pkg.Trainer(trainer.text, trainer.config)
    alone.train(steps=20)
    for name, array in alone.arrays().items():
        np.testing.assert_array_equal(trainer.arrays()[name], array)


def test_a_failing_run_saves_what_it_had(text_file, capsys, monkeypatch):
    teach, calls = rnn_pkg.Trainer.teach, []

    def fail_at_the_third(self, steps):
        calls.append(steps)
        if len(calls) == 3:
            raise ValueError("out of luck")
        return teach(self, steps)

    monkeypatch.setattr(rnn_pkg.Trainer, "teach", fail_at_the_third)
    code, out = train(text_file, "--steps", "9")
    assert code == 1
    assert "error: out of luck" in capsys.readouterr().err
    monkeypatch.undo()
    assert rnn_pkg.load(out).metrics.step == 2


def test_a_run_that_goes_wrong_is_rescued_and_in_the_end_given_up(text_file, capsys):
    code, out = train(text_file, "--steps", "400", "--learning-rate", "10")
    assert code == 0
    told = capsys.readouterr().err
    assert "goes on with half the learning rate: 5." in told
    assert "for the second time in a row" in told
    trainer = rnn_pkg.load(out)
    assert trainer.config.learning_rate == 2.5
    assert trainer.steps < 400


def test_rescued_steps_are_made_up_for(text_file, monkeypatch):
    record, calls = rnn_pkg.Trainer.record, []

    def fail_once(self, lessons):
        calls.append(self.steps)
        if len(calls) == 5:
            raise TrainingError("no longer a number")
        return record(self, lessons)

    monkeypatch.setattr(rnn_pkg.Trainer, "record", fail_once)
    _, out = train(text_file, "--steps", "9")
    monkeypatch.undo()
    assert rnn_pkg.load(out).steps == 9
    assert calls == [*range(5), *range(9)]


def test_a_model_is_exported(text_file, capsys, tmp_path):
    _, model = train(text_file, "--steps", "3")
    program = tmp_path / "repeat.py"
    assert main(["export", str(model), "--out", str(program)]) == 0
    assert "\ntrain(steps=3)\n" in program.read_text("utf-8")
    assert main(["export", str(model), "--out", str(tmp_path / "weights.txt")]) == 1
    assert "must end in .safetensors or .py" in capsys.readouterr().err


def test_a_model_of_a_series_does_not_write(text_file, tmp_path, capsys):
    series = rnn_pkg.Series(np.arange(60.0))
    model = tmp_path / "series.npz"
    rnn_pkg.Trainer(series, rnn_pkg.Config.for_series(series, hidden_size=4)).save(model)
    out = str(tmp_path / "out.npz")
    for command in (
        ["sample", str(model)],
        ["train", str(text_file), "--out", out, "--resume", str(model), "--steps", "1"],
        ["train", str(text_file), "--out", out, "--start-from", str(model), "--steps", "1"],
    ):
        assert main(command) == 1
        assert f"error: {model} has learned a series, not a text: rnn_pkg.load(" in (
            capsys.readouterr().err
        )
    assert main(["export", str(model), "--out", str(tmp_path / "repeat.py")]) == 0
    assert "rnn_pkg.Series(" in (tmp_path / "repeat.py").read_text("utf-8")


@pytest.mark.native
def test_without_pytorch_it_is_named(tmp_path):
    code = (
        "import runpy, sys; sys.modules['torch'] = None; sys.argv = ['pytorch', 'model.npz'];"
        "runpy.run_module('rnn_pkg.pytorch', run_name='__main__')"
    )
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=where, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "error: rnn_pkg.pytorch needs PyTorch: pip install 'rnn_pkg[torch]'\n"


@pytest.mark.native
def test_the_system_may_end_it_and_it_saves(text_file, tmp_path):
    out = tmp_path / "model.npz"
    command = [sys.executable, "-m", "rnn_pkg", "train", str(text_file), "--seconds", "600"]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*command, "--out", str(out)], env=where, stderr=subprocess.PIPE, text=True
    ) as process:
        told = ""
        while "step " not in told:  # until it trains
            told += process.stderr.read(1)
        process.terminate()
        told += process.communicate()[0] or ""
    assert process.returncode == 0
    assert rnn_pkg.load(out).steps > 0
