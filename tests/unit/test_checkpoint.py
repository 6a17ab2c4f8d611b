"""Model files: an exact continuation, nothing lost, and every bad file refused with the reason."""

import io
import json
import zipfile

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Config, Trainer, checkpoint

RHYME = "one two buckle my shoe\nthree four knock at the door\n" * 3


def make(text=RHYME, **settings):
    settings = {"hidden_size": 8, "evaluate_every": 3} | settings
    return Trainer(text, Config.for_text(text, **settings))


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


def load(data):
    return rnn_pkg.load(io.BytesIO(data))


def rewritten(data, change):
    """The file with its members, a dict of name -> bytes, changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    changed = change(members)
    members = members if changed is None else changed
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_header(data, **changes):
    def change(members):
        members["header.json"] = json.dumps(json.loads(members["header.json"]) | changes)

    return rewritten(data, change)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
@pytest.mark.parametrize("before", [0, 10])
def test_a_run_continues_bit_for_bit(cell, optimizer, before):
    settings = {
        "cell": cell, "optimizer": optimizer, "layers": 2, "dropout": 0.2,
        "schedule": "cosine", "schedule_steps": 15,
    }  # fmt: skip
    whole, first = make(**settings), make(**settings)
    for _ in range(before):
        assert whole.step() == first.step()
    second = load(saved(first))
    assert second.metrics == first.metrics
    for _ in range(10):
        assert second.step() == whole.step()
    assert second.curve == whole.curve
    for name, value in whole.model.parameters.items():
        np.testing.assert_array_equal(second.model.parameters[name], value)
    assert second.sample("one", seed=1) == whole.sample("one", seed=1)
    assert saved(second) == saved(whole)


def test_everything_a_person_chose_is_kept():
    trainer = make("💡 naïve\x00\r\n\ud800 text" * 3, learning_rate=0.02)
    trainer.step()
    trainer.set_learning_rate(0.007)
    again = load(saved(trainer))
    assert again.text == trainer.text
    assert again.config == trainer.config
    assert again.config.learning_rate == 0.007


def test_precision_is_kept():
    trainer = Trainer(RHYME, Config.for_text(RHYME, hidden_size=4), dtype=np.float64)
    assert load(saved(trainer)).model.dtype == np.float64


def test_numpy_opens_the_file_without_pickle():
    trainer = make()
    with np.load(io.BytesIO(saved(trainer)), allow_pickle=False) as file:
        weights = file["parameters/decoder.weight"]
        np.testing.assert_array_equal(weights, trainer.model.parameters["decoder.weight"])
        assert json.loads(file["header.json"])["version"] == checkpoint.VERSION


def test_a_path_is_replaced_only_by_a_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    trainer = make()
    trainer.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]
    good = path.read_bytes()
    monkeypatch.setattr(trainer, "_arrays", lambda: {"bad": np.array([object()])})
    with pytest.raises(ValueError, match="allow_pickle"):
        trainer.save(path)
    assert path.read_bytes() == good
    assert rnn_pkg.load(str(path)).text == RHYME
    with pytest.raises(FileNotFoundError):
        rnn_pkg.load(tmp_path / "none.npz")


def test_no_truncated_file_is_taken():
    data = saved(make())
    for length in range(0, len(data), 97):
        with pytest.raises(ValueError, match="not a model file, or a damaged one"):
            load(data[:length])


def test_flipped_bytes_are_refused_or_harmless():
    trainer = make(hidden_size=2)
    data = saved(trainer)
    rng = np.random.default_rng(0)
    refused = 0
    for position in rng.integers(0, len(data), 300):
        flipped = bytearray(data)
        flipped[position] ^= 1 << rng.integers(8)
        try:
            again = load(bytes(flipped))
        except ValueError:
            refused += 1
            continue
        assert again.step().step == 1  # a byte that doesn't count, such as a file attribute
    assert refused > 150


def set_member(name, content):
    return lambda members: members.update({name: content})


def npy(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **options)
    return file.getvalue()


BIAS = "parameters/decoder.bias.npy"
GIGABYTES = npy(np.zeros(3, np.float32)).replace(b"(3,), }" + b" " * 9, b"(9999999999,), }")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: {}, "has no header.json"),
        (set_member("header.json", b"{"), "is not JSON"),
        (set_member("header.json", b"[" * 100_000), "is too deep"),
        (set_member("header.json", b"[]"), "doesn't say 'rnn_pkg checkpoint'"),
        (set_member(BIAS, b"hello"), "decoder.bias.npy' is not an array"),
        (set_member(BIAS, npy(np.array([{}]), allow_pickle=True)), "have the size it claims"),
        (set_member(BIAS, npy(np.zeros(3), version=(2, 0))), r"version \(2, 0\)"),
        (set_member(BIAS, GIGABYTES), "doesn't have the size it claims"),
        (set_member(BIAS, npy(np.full(3, np.nan, "f4"))), "values that are not numbers"),
        (set_member(BIAS, npy(np.zeros(3))), r"is float64 \(3,\), but its settings need float32"),
        (set_member("more.npy", npy(np.zeros(3))), "unknown arrays more"),
        (lambda m: m.pop(BIAS) and None, "lacks the array 'parameters/decoder.bias'"),
        (lambda m: m.pop("text.npy") and None, "header is incomplete .*'text'"),
        (set_member("text.npy", npy(np.full(30, 255, "u1"))), "text is not UTF-8"),
        (set_member("text.npy", npy(np.full(9, 65, "u1"))), "at least 20 are needed"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        load(rewritten(saved(make()), change))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "of version 2, but this program reads version 1"),
        ({"format": "other"}, "doesn't say 'rnn_pkg checkpoint'"),
        ({"config": {"cell": "tcn"}}, "cell must be one of"),
        ({"config": {"hidden_size": 1024}}, "but its settings need"),
        ({"config": {"magic": 1}}, "unknown setting magic"),
        ({"config": None}, "header is incomplete"),
        ({"dtype": "object"}, "dtype is 'object'"),
        ({"position": -1}, "position is -1"),
        ({"position": 10**9}, "position is 1000000000"),
        ({"position": 1.5}, "position is 1.5"),
        ({"optimizer_steps": "many"}, "optimizer_steps is 'many'"),
        ({"random_generator": {"bit_generator": "MT19937"}}, "random generator"),
        ({"random_generator": 3}, "header is incomplete"),
        ({"curve": {"span": 0}}, "loss curve"),
        ({"metrics": {"step": 1}}, "header is incomplete"),
    ],
)
def test_a_header_that_is_not_as_it_should_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        load(with_header(saved(make()), **changes))


def test_metrics_must_be_numbers():
    trainer = make()
    trainer.step()
    data = saved(trainer)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        metrics = json.loads(archive.read("header.json"))["metrics"]
    for name in metrics:
        bad = with_header(data, metrics=metrics | {name: "x"})
        with pytest.raises(ValueError, match=f"its {name} is 'x'"):
            load(bad)


def test_a_compressed_file_is_refused_before_it_unfolds():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.npy", bytes(10_000_000))
    assert len(file.getvalue()) < 20_000
    with pytest.raises(ValueError, match=r"'bomb\.npy' is compressed"):
        load(file.getvalue())
