"""Runs with a cell that somebody wrote: as good as the built-in one, resumed bit for bit, and never
run unasked."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Cell, Config, Trainer, load
from rnn_pkg.engine import source as source_module
from rnn_pkg.engine import written
from rnn_pkg.engine.cells import source_hash
from rnn_pkg.engine.source import CellFault
from rnn_pkg.engine.written import example
from rnn_pkg.look.cellcheck import check_cell
from rnn_pkg.page.session import Session
from rnn_pkg.training import export as export_module
from rnn_pkg.training.export import export
from rnn_pkg.training.workers import Workers

pytestmark = pytest.mark.native  # autograd

TEXT = (
    "Row, row, row your boat, gently down the stream. Merrily, merrily, life is but a dream. " * 30
)

SMALL = {"hidden_size": 12, "batch_size": 4, "sequence_length": 8}


def config(source, **others):
    return Config(cell="own", cell_source=source, **SMALL | others)


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def opened(data, **options):
    return load(io.BytesIO(data), **options)


@pytest.mark.parametrize("name", ["rnn", "gru", "lstm", "peephole", "coupled"])
def test_it_learns_as_the_built_in_cell_does(name):
    runs = [
        Trainer(TEXT, config(example(name))),
        Trainer(TEXT, Config(cell=name, **SMALL)),
    ]
    own, built_in = runs
    for key, weight in built_in.model.parameters.items():
        np.testing.assert_array_equal(own.model.parameters[key], weight)
    losses = []
    for run in runs:
        for _ in range(200):
            metrics = run.step()
        losses.append(metrics.smooth_loss)
    assert losses[0] == pytest.approx(losses[1], rel=0.01)
    assert losses[0] < 1


@pytest.mark.parametrize("name", ["irnn", "gru", "lstm", "minimal"])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_saved_run_goes_on_bit_for_bit(name, layers):
    run = Trainer(TEXT, config(example(name), layers=layers, dropout=0.2))
    run.train(steps=7)
    again = opened(saved(run), run_source=True)
    assert again.model.cell.label == Cell.from_source(example(name)).label
    run.train(steps=9)
    again.train(steps=9)
    assert saved(run) == saved(again)
    assert run.sample("Row", 20, seed=1) == again.sample("Row", 20, seed=1)


def test_the_identity_is_what_an_irnn_begins_with():
    run = Trainer(TEXT, config(example("irnn")))
    np.testing.assert_array_equal(run.model.parameters["rnn.weight_hh_l0"], np.eye(12))


def test_workers_take_it_along():
    run = Trainer(TEXT, config(example("minimal"), workers=2))
    alone = opened(saved(run), run_source=True)
    with Workers(run):
        run.train(steps=32)
    alone.train(steps=32)
    assert saved(run) == saved(alone)


SPYING = example("gru") + "\n\nprint('I was run')\n"


def spying_file(capsys, words):
    """A source that prints these words when it is run, and a model file with it."""
    source = SPYING.replace("I was run", words)
    data = saved(Trainer(TEXT, config(source)))
    written.from_source.cache_clear()  # what was run once, is remembered
    assert words in capsys.readouterr().out
    return source, data


def test_source_in_a_file_is_not_run_unasked(capsys):
    _, data = spying_file(capsys, "I was run")
    with pytest.raises(ValueError, match=r"carries the source of a cell.* run_source=True"):
        opened(data)
    assert rnn_pkg.cell_source(io.BytesIO(data)) == SPYING
    answer = Session().call("text", "load", data)
    assert "carries the source of a cell" in answer["error"]["message"]
    assert capsys.readouterr().out == ""
    opened(data, run_source=True)
    assert "I was run" in capsys.readouterr().out


def test_the_page_runs_only_what_was_agreed_to(capsys):
    source, data = spying_file(capsys, "And I was run")
    session = Session()
    assert session.call("text", "cell_source", data)["value"] == source
    for agreed in ([], [source_hash(SPYING)]):
        refused = session.call("text", "load", data, agreed)
        assert "carries the source of a cell" in refused["error"]["message"]
    assert capsys.readouterr().out == ""
    loaded = session.call("text", "load", data, [source_hash(source)])["value"]
    assert loaded["status"]["config"]["cell_source"] == source
    assert "And I was run" in capsys.readouterr().out


def test_a_file_is_opened_without_running_its_cell(capsys):
    source, data = spying_file(capsys, "Once more I was run")
    session = Session()
    found = session.call("text", "set_up", data)["value"]
    assert found["text"] == TEXT
    assert found["config"]["cell_source"] == source
    assert found["config"]["hidden_size"] == SMALL["hidden_size"]
    assert found["description"]["characters"] == len(TEXT)
    assert session.call("text", "status") == {"value": None}
    assert capsys.readouterr().out == ""
    refused = session.call("numbers", "set_up", data)
    assert "open it under Text" in refused["error"]["message"]
    refused = session.call("text", "set_up", data[:-50])
    assert refused["error"]["kind"] == "input"


def test_the_lessons_say_that_they_show_no_such_cell():
    session = Session()
    session.call("text", "load", saved(Trainer(TEXT, config(SPYING))), [source_hash(SPYING)])
    setting = {"word": "hello", "seed": 0, "own": True, "units": []}
    refused = session.call("lessons", "sequence", setting, 0)
    assert "a cell of your own" in refused["error"]["message"]


def test_a_program_that_repeats_such_a_run_does_no_more(tmp_path):
    source = '# a""";print("PWNED");"""x: y\n' + example("minimal")
    run = Trainer(TEXT, config(source))
    run.train(steps=3)
    program = tmp_path / "repeat.py"
    export(run, program, "model.npz", run.model)
    where = {**os.environ, "PYTHONPATH": str(Path(rnn_pkg.__file__).parents[1])}
    command = [sys.executable, str(program)]
    done = subprocess.run(
        command, cwd=tmp_path, env=where, capture_output=True, text=True, check=True
    )
    assert "PWNED" not in done.stdout
    assert opened((tmp_path / "repeated.npz").read_bytes(), run_source=True).steps == 3


def test_a_program_loads_the_text_of_a_run_with_source(monkeypatch):
    monkeypatch.setattr(export_module, "LONGEST_TEXT", 10)
    run = Trainer(TEXT, config(example("gru")))
    run.train(steps=1)
    assert "rnn_pkg.load('model.npz', run_source=True).text" in export_module.script(run)


def test_a_built_in_cell_has_no_source():
    assert rnn_pkg.cell_source(io.BytesIO(saved(Trainer(TEXT, Config(**SMALL))))) is None


def test_source_of_another_hash_is_damage():
    data = saved(Trainer(TEXT, config(example("gru"))))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            member = old.read(info)
            if info.filename == "header.json":
                header = json.loads(member)
                header["config"]["cell_source"] += "\n# one more line"
                member = json.dumps(header).encode()
            new.writestr(info.filename, member)
    with pytest.raises(ValueError, match="its cell's source has another hash"):
        opened(changed.getvalue(), run_source=True)


def test_an_error_in_the_middle_of_a_run_names_the_line_and_leaves_the_run():
    source = example("gru").replace(
        "    n = tanh(", "    if np.abs(W['bias_hh']).max() > 0.35:\n        1 / 0\n    n = tanh("
    )
    run = Trainer(TEXT, config(source, learning_rate=0.1))
    with pytest.raises(CellFault, match="line 13: ZeroDivisionError"):
        run.train(steps=500)
    assert 0 < run.steps < 500
    assert opened(saved(run), run_source=True).steps == run.steps


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cell": "own"}, 'cell must be "own" with a cell_source'),
        ({"cell_source": example("gru")}, 'cell must be "own" with a cell_source'),
        ({"cell": "own", "cell_source": 3}, "cell_source must be a str, not int"),
    ],
)
def test_own_and_a_source_belong_together(fields, message):
    with pytest.raises(ValueError, match=message):
        Config(**fields)


def test_without_a_source_a_config_says_nothing_of_it():
    assert "cell_source" not in Config().as_dict()
    whole = config(example("gru")).as_dict()
    assert Config.from_mapping(whole) == config(example("gru"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("gates = (", "gates = (3, "), "gates must be 1 to 8 different names"),
        (("gates = (", 'gates = ("candidate", '), "gates must be 1 to 8 different names"),
        (("def step", "states = 2\n\n\ndef step"), "states must be 1 to 4 different names"),
        (("def step", "parameters = 3\n\n\ndef step"), "parameters must be a dict of up to 16"),
        (
            ("def step", 'parameters = {"weight_hh": "H"}\n\n\ndef step'),
            "a parameter needs a name of its own, other than weight_ih",
        ),
        (("def step", 'parameters = {"p": "2G"}\n\n\ndef step'), "the shape of p must be one or"),
        (("def step", "start = 4\n\n\ndef step"), "start must be a function, not 4"),
        (("def step", "x = 1 / 0\n\n\ndef step"), "line 6: ZeroDivisionError"),
        (("def step", "global y\n\n\ndef step"), "a cell has no classes, no match and no global"),
        (("def step", "().__class__\n\n\ndef step"), "there is no .__class__ here"),
        (("def step", "__builtins__\n\n\ndef step"), "a name can't begin with __"),
        (("def step", "(i for i in ()).gi_frame\n\n\ndef step"), "there is no .gi_frame here"),
        (("def step", "np.ones(3).tofile('x')\n\n\ndef step"), "there is no .tofile here"),
        (
            ("def step", "match 3:\n    case int(real=x):\n        x\n\n\ndef step"),
            "a cell has no classes, no match and no global",
        ),
        (("def step", "import os\n\n\ndef step"), "a cell imports nothing"),
        (("def step", "open('x')\n\n\ndef step"), "there is no open"),
        (("def step", "np.load('x')\n\n\ndef step"), "there is no np.load here"),
    ],
)
def test_what_is_no_source_of_a_cell_is_refused(change, message):
    assert example("gru").count(change[0]) == 1
    with pytest.raises(CellFault) as fault:
        Cell.from_source(example("gru").replace(*change))
    assert message in str(fault.value)


def test_what_to_install_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "rnn_pkg.engine.autodiff", None)  # as if it can't be imported
    monkeypatch.delattr("rnn_pkg.engine.autodiff", raising=False)
    with pytest.raises(CellFault, match="pip install"):
        Trainer(TEXT, config(example("gru"))).step()
    Trainer(TEXT, config(example("lstm"))).step()  # goes back by itself


@pytest.mark.parametrize("source", ["", "x" * 50_001, "(" * 5000, "a = 1\0", 7])
def test_nonsense_is_refused(source):
    with pytest.raises(ValueError, match=r"which gates|must have|nested|null bytes|must be a str"):
        Cell.from_source(source)


@pytest.mark.parametrize(
    ("endless", "line"),
    [
        ("while True:\n        pass", 8),
        ("for a in iter(lambda: 1, 2):\n        h = h", 8),
        ("[a for a in iter(int, 1)]", 8),
        ("fib = lambda n: n if n < 2 else fib(n - 1) + fib(n - 2)\n    fib(40)", 8),
        ("try:\n        while True:\n            pass\n    except Exception:\n        pass", 9),
    ],
)
def test_what_would_never_end_is_ended_and_the_line_named(endless: str, line: int) -> None:
    source = example("gru").replace("    (h,) = state\n", f"    (h,) = state\n    {endless}\n")
    found = check_cell(source)
    assert (found.right, found.line) == (False, line)
    assert "this doesn't end" in found.message


def test_a_source_that_never_ends_is_ended() -> None:
    found = check_cell("while True:\n    pass")
    assert (found.right, found.line) == (False, 1)


def test_turns_are_counted_anew_at_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MOST_TURNS", 20)
    loop = "    for _ in range(15):\n        h = h + 0\n    return (n"
    source = example("gru").replace("    return (n", loop)
    assert check_cell(source).right
    assert not check_cell(source.replace("15", "25")).right


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ('h = W["weight_hhh"] * h', "line 8: W has weight_hh, bias_hh, not 'weight_hhh'"),
        ("h = W[0] * h", "line 8: W has weight_hh, bias_hh, not 0"),
        ("W.update(h)", "line 8: this changes x, state or W in place"),
        ('W["weight_hh"] = h', "line 8: this changes x, state or W in place"),
        ("h = W.weight_hh", 'line 8: W has weights by their names: write W["weight_hh"]'),
        ('h = W("weight_hh")', 'line 8: W has weights by their names: write W["weight_hh"]'),
        ('h = W["a"] * h', "not 'a': weights of your own are named in parameters"),
        ("h = tanh(state.T)", "state is a tuple: to have its only array, write (h,) = state"),
        ("step = lambda __turn__: 0", "a name can't begin with __"),
        ("return None", "not nothing (is there a return at its end?)"),
    ],
)
def test_a_beginners_mistake_is_named(mistake: str, words: str) -> None:
    source = example("minimal").replace("    (h,) = state\n", f"    (h,) = state\n    {mistake}\n")
    found = check_cell(source)
    place = "" if found.line is None else f"line {found.line}: "
    assert words in place + found.message


@pytest.mark.parametrize(
    ("arguments", "right"),
    [("x, state", False), ("x, state, W, t", False), ("x, state, W, t=0", True)],
)
def test_the_arguments_of_a_step_are_checked(arguments: str, right: bool) -> None:
    W = "W = {}\n\n\n" if arguments == "x, state" else ""
    source = W + example("minimal").replace("step(x, state, W)", f"step({arguments})")
    found = check_cell(source)
    assert found.right == right
    assert right or "it is called as step(x, state, W)" in found.message


def test_a_series_with_such_a_cell_is_judged() -> None:
    session = Session()
    numbers = "\n".join(str(number % 7) for number in range(90))
    text_id = session.call("numbers", "describe_table", numbers, {}, None)["value"]["text_id"]
    own = {"cell": "own", "cell_source": example("minimal"), "hidden_size": 2}
    session.call("numbers", "begin", text_id, own)
    session.call("numbers", "start", "judge", 2, {**own, "season": 7})
    worked = session.call("numbers", "advance", "judge", 300)
    assert worked["value"]["fraction"] > 0, worked
