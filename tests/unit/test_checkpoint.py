"""Model files: an exact continuation, nothing lost, and every bad file refused with the reason."""

import copy
import io
import json
import math
import zipfile
from dataclasses import asdict

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg import Config, Trainer
from rnn_pkg.engine.cells import CELLS
from rnn_pkg.training import checkpoint
from rnn_pkg.training.origin import Stay
from tests.unit.tab import in_a_tab_only

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


@pytest.mark.parametrize(
    ("cell", "optimizer"),
    in_a_tab_only(
        ("gru", "adam"),
        [*((cell, "adam") for cell in CELLS), ("gru", "sgd"), ("gru", "rmsprop")],
    ),
)
@pytest.mark.parametrize("before", in_a_tab_only(10, [0, 10]))
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
    monkeypatch.setattr(trainer, "arrays", lambda: {"bad": np.array([object()])})
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


def filled(name, value):
    """The member's numbers all replaced by one."""
    return lambda members: members.update(
        {name: npy(np.full_like(np.load(io.BytesIO(members[name])), value))}
    )


def with_npy_header(text):
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


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
        (set_member(BIAS, npy(np.array([{}]), allow_pickle=True)), "decoder.bias.npy' is not an"),
        (set_member(BIAS, npy(np.zeros(3), version=(2, 0))), "decoder.bias.npy' is not an"),
        (set_member(BIAS, npy(np.asfortranarray(np.eye(3)))), "decoder.bias.npy' is not an"),
        (set_member(BIAS, with_npy_header("-" * 9900 + "1")), "decoder.bias.npy' is not an"),
        (set_member(BIAS, GIGABYTES), "doesn't have the size it claims"),
        (set_member(BIAS, npy(np.full(3, np.nan, "f4"))), "values that are not numbers"),
        (set_member(BIAS, npy(np.zeros(3))), r"is float64 \(3,\), but its settings need float32"),
        (set_member("more.npy", npy(np.zeros(3))), "unknown arrays more"),
        (lambda m: m.pop(BIAS) and None, "lacks the array 'parameters/decoder.bias'"),
        (lambda m: m.pop("text.npy") and None, "header is incomplete .*'text'"),
        (set_member("text.npy", npy(np.full(30, 255, "u1"))), "text is not UTF-8"),
        (set_member("text.npy", npy(np.zeros((30, 1), "u1"))), "text is not bytes"),
        (set_member("text.npy", npy(np.zeros(30))), "text is not bytes"),
        (set_member("text", b""), "member 'text' is not an array"),
        (filled("optimizer/square/decoder.bias.npy", -1e-9), "optimizer can't have come to"),
        (filled("optimizer/mean/decoder.bias.npy", 1e-3), "optimizer can't have come to"),
        (filled(BIAS, 1e26), "decoder.bias' has values beyond 1e\\+25"),
        (set_member("text.npy", npy(np.full(9, 65, "u1"))), "at least 20 are needed"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        load(rewritten(saved(make()), change))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "of version 2, but this program reads versions 3 to 8: .* an older one"),
        ({"version": 9}, "of version 9, but this program reads versions 3 to 8: .* a newer one"),
        ({"version": "3"}, "of version '3', but this program reads versions 3 to 8"),
        ({"version": True}, "of version True, but this program reads"),
        ({"format": "other"}, "doesn't say 'rnn_pkg checkpoint'"),
        ({"config": {"cell": "tcn"}}, "cell must be one of"),
        ({"config": {"hidden_size": 1024}}, "but its settings need"),
        ({"config": {"magic": 1}}, "unknown setting 'magic'"),
        ({"config": None}, "header is incomplete"),
        ({"dtype": "object"}, "dtype is 'object'"),
        ({"position": -1}, "position is -1"),
        ({"position": 10**9}, "position is 1000000000"),
        ({"position": 1.5}, "position is 1.5"),
        ({"optimizer_steps": "many"}, "optimizer_steps is 'many'"),
        ({"random_generators": [{"bit_generator": "MT19937"}]}, "random generator"),
        ({"random_generators": [3]}, "header is incomplete"),
        ({"random_generators": []}, "a random generator for each worker"),
        ({"random_generators": 3}, "header is incomplete"),
        ({"curve": {"span": 0}}, "loss curve"),
        ({"metrics": {"step": 1}}, "header is incomplete"),
        ({"rates": []}, "learning rates are not those of a run"),
        ({"rates": [[1, 0.01]]}, "learning rates are not those of a run"),
        ({"rates": [[0, 0.01], [0, 0.01]]}, "learning rates are not those of a run"),
        ({"rates": [[0, 0.5], [9, 0.01]]}, "learning rates are not those of a run"),
        ({"rates": [[0, 0.5]]}, "learning rates are not those of a run"),
        ({"rates": [[0, 99]]}, "learning_rate must be"),
        ({"rates": 3}, "learning rates are not those of a run"),
        ({"rates": [3]}, "header is incomplete"),
        ({"rates": [[0, 0.01, 1]]}, "learning rates are not those of a run"),
        ({"batch_sizes": []}, "batch sizes are not those of a run"),
        ({"batch_sizes": [[0, 3], [2, 5]]}, "batch sizes are not those of a run"),
        ({"batch_sizes": [[0, 2.5]]}, "batch_size must be"),
        ({"batch_sizes": None}, "batch sizes are not those of a run"),
        ({"optimizer_steps": 3}, "optimizer_steps is 3, but 0 after 0 steps"),
        ({"position": 32}, "position is 32, but 0 after 0 steps"),
        ({"format": "x" * 1000}, "doesn't say"),
    ],
)
def test_a_header_that_is_not_as_it_should_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        load(with_header(saved(make()), **changes))


STAY = Stay(1, 4, "PyTorch 2", "cpu", 2, 3.5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{"last": 6}], "stays elsewhere are not those of a run"),
        ([{"last": 1}], "stays elsewhere are not those of a run"),
        ([{}, {}], "stays elsewhere are not those of a run"),
        ([{"first": 3}, {"first": 2, "last": 3}], "stays elsewhere are not those of a run"),
        ([{"first": -1}], "stays is -1"),
        ([{"last": "4"}], "stays is '4'"),
        ([{"processes": 1.5}], "processes is 1.5"),
        ([{"processes": 0}], "processes are none"),
        ([{"seconds": -1.0}], "seconds are -1.0"),
        ([{"seconds": None}], "seconds are None"),
        ([{"by": "x" * 1000}], "by is 'x"),
        ([{"device": "a\nb"}], "device is 'a"),
        ([{"more": 1}], "header is incomplete"),
    ],
)
def test_stays_that_can_not_be_are_refused(changes, message):
    trainer = make()
    trainer.train(steps=5)
    stays = [asdict(STAY) | change for change in changes]
    with pytest.raises(ValueError, match=message):
        load(with_header(saved(trainer), stays=stays))


def test_stays_elsewhere_are_kept_and_told():
    trainer = make()
    trainer.train(steps=5)
    trainer.stays = [STAY, Stay(4, 5, "PyTorch 2", "cpu", 1, 61.4)]
    again = load(saved(trainer))
    assert again.stays == trainer.stays
    assert [stay.words() for stay in again.stays] == [
        "Steps 2 to 4 were taken by PyTorch 2 in 2 processes (cpu), in 3.5 s.",
        "Step 5 was taken by PyTorch 2 in 1 process (cpu), in 61 seconds.",
    ]


def test_a_batch_size_may_change_on_the_way():
    trainer = make(batch_size=3)
    kept = {0: trainer.snapshot()}
    trainer.train(steps=4)
    kept[4] = trainer.snapshot()
    trainer.set_batch_size(5)
    trainer.set_batch_size(5)  # as it is
    assert trainer.state[0][0].shape[0] == 5
    assert not trainer.state[0][0].any()
    trainer.train(steps=2)
    assert trainer.batch_sizes == [(0, 3), (4, 5)]
    again = load(saved(trainer))
    assert again.chars_seen == (4 * 3 + 2 * 5) * trainer.config.sequence_length
    again.train(steps=3)
    trainer.train(steps=3)
    assert saved(again) == saved(trainer)
    kept[9] = trainer.snapshot()
    with pytest.raises(ValueError, match="batch_size must be"):
        trainer.set_batch_size(0)
    for step in (0, 4, 9):
        trainer.restore(kept[step])
        assert trainer.steps == step
        again = load(saved(trainer))
        trainer.train(steps=2)
        again.train(steps=2)
        assert saved(again) == saved(trainer)
    trainer.restore(kept[9])
    header = {"batch_sizes": [[0, 3], [5, 5]]}
    with pytest.raises(ValueError, match="chars_seen is"):
        load(with_header(saved(trainer), **header))


def test_learners_change_their_batch_together():
    trainer = make(workers=2, batch_size=2)
    trainer.train(steps=5)
    with pytest.raises(ValueError, match="only be changed after a round: 5 of 16 steps"):
        trainer.set_batch_size(3)
    trainer.train(steps=11)
    trainer.set_batch_size(3)
    trainer.train(steps=7)
    again = load(saved(trainer))
    again.train(steps=10)
    trainer.train(steps=10)
    assert saved(again) == saved(trainer)


def test_numbers_that_would_break_the_run_later_are_refused():
    trainer = make()
    trainer.step()
    data = saved(trainer)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        header = json.loads(archive.read("header.json"))
    for changes, message in (
        ({"metrics": header["metrics"] | {"smooth_loss": math.nan}}, "smooth_loss is nan"),
        ({"metrics": header["metrics"] | {"step": 10**400}}, "step is 1000"),
        ({"metrics": header["metrics"] | {"step": -5}}, "step is -5"),
        ({"optimizer_steps": 10**400}, "optimizer_steps is 1000"),
        ({"curve": header["curve"] | {"train": [math.inf]}}, "loss curve"),
        ({"curve": header["curve"] | {"pending_validation": {"a": 1}}}, "loss curve"),
    ):
        with pytest.raises(ValueError, match=message):
            load(with_header(data, **changes))


@pytest.mark.parametrize("rate", [1, np.float64(5e-3), np.float32(0.01), np.int64(2)])
def test_a_learning_rate_of_any_numeric_type_is_kept(rate):
    whole, first = make(optimizer="sgd"), make(optimizer="sgd")
    for trainer in (whole, first):
        trainer.set_learning_rate(rate)
        trainer.step()
    second = load(saved(first))
    assert second.step() == whole.step()
    assert saved(second) == saved(whole)


def test_nothing_large_is_made_for_a_small_file(monkeypatch):
    data = with_header(saved(make()), config={"hidden_size": 1024, "layers": 8})

    def never(*_):
        raise AssertionError("a Trainer was made before the shapes were checked")

    monkeypatch.setattr(Trainer, "__init__", never)
    with pytest.raises(ValueError, match="but its settings need"):
        load(data)


def test_two_members_of_one_name_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.npy", b"two")
    with pytest.raises(ValueError, match="two of its members have one name"):
        load(file.getvalue())


def rewritten_header(data, change):
    """The file with the bytes of its header changed."""

    def change_member(members):
        members["header.json"] = change(members["header.json"])

    return rewritten(data, change_member)


def with_extra(data, extra):
    """The file with one more entry in its header, of which nobody takes notice."""
    return rewritten_header(data, lambda header: b'{"extra": ' + extra + b", " + header[1:])


@pytest.mark.native
def test_a_run_whose_rate_was_changed_a_thousand_times_continues():
    settings = {"hidden_size": 2, "batch_size": 2, "sequence_length": 8, "evaluate_every": 1000}
    whole, first = make(**settings), make(**settings)
    for trainer in (whole, first):
        for step in range(1000):
            trainer.set_learning_rate(0.001 + step * 1e-6)
            trainer.step()
    second = load(saved(first))
    assert len(second.rates) == 1000
    assert second.rates == whole.rates
    assert second.step() == whole.step()
    assert saved(second) == saved(whole)


MOST_LISTS = checkpoint.MOST_DEPTH - 1  # the header itself is an object


@pytest.mark.parametrize(
    "extra",
    [
        b'"' + b"[{" * 1000 + b'"',
        b'"\\"' + b"[{" * 1000 + b'"',
        b'"\\\\", "more": "' + b"[" * 1000 + b'\\""',
        b'"' + "[\u2200\u225b".encode() * 1000 + b'"',
        b"[" * MOST_LISTS + b"]" * MOST_LISTS,
        b'{"a":' * MOST_LISTS + b"0" + b"}" * MOST_LISTS,
        b"[" + b"[{}]," * 1000 + b"[]]",
    ],
)
def test_brackets_that_are_not_deep_are_taken(extra):
    assert load(with_extra(saved(make()), extra)).step().step == 1


@pytest.mark.parametrize(
    "extra",
    [
        b"[" * (MOST_LISTS + 1) + b"]" * (MOST_LISTS + 1),
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"0" + b"}" * 100_000,
        b'[{"a":' * 100_000 + b"0" + b"}]" * 100_000,
        b"[" * 100_000,
        b"[[]," * 100_000,
        b'["]",' * 100_000,
        b'["\\"]",' * 100_000,
        b'"\\\\", "more": ' + b"[" * 100_000,
    ],
)
def test_a_deep_header_is_refused_before_it_is_read(extra, monkeypatch):
    data = with_extra(saved(make()), extra)

    def never(_):
        raise AssertionError("a deep header was given to json")

    monkeypatch.setattr(json, "loads", never)
    with pytest.raises(ValueError, match="is too deep: more than 20 lists and objects"):
        load(data)


@pytest.mark.parametrize(
    "header",
    [b"]" * 9 + b"[" * 100, b"[}" * 100, b"{]" * 100, b'"' + b"[" * 100, b'"[' * 99, b'"\\"' * 99],
)
def test_brackets_that_do_not_match_are_refused(header):
    with pytest.raises(ValueError, match="is not JSON as it should be"):
        load(rewritten_header(saved(make()), lambda _: header))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_a_header_in_another_encoding_is_refused(encoding):
    """In UTF-16, what looks like a quote may be half a character, which would hide brackets."""
    text = '{"a": "\u2200", "b": ' + "[" * 100_000
    with pytest.raises(ValueError, match=r"is not JSON as it should be|is too deep"):
        load(rewritten_header(saved(make()), lambda _: text.encode(encoding)))
    with pytest.raises(ValueError, match="is not JSON as it should be"):
        load(rewritten_header(saved(make()), lambda header: header.decode().encode(encoding)))


@pytest.mark.parametrize("part", ['\\"', '"', "\\", '"\\', "[]", '"[]', "1, "])
def test_the_depth_of_a_large_header_is_found_in_time(part):
    """Were the time quadratic, each of these would take hours."""
    checkpoint._check_depth('"' + part * 300_000)


def test_a_header_that_json_would_blow_up_is_refused(monkeypatch):
    monkeypatch.setattr(checkpoint, "MOST_HEADER", 100)
    with pytest.raises(ValueError, match=r"its header\.json has [\d,]+ bytes"):
        load(saved(make()))


def test_members_that_claim_more_than_the_file_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", bytes(1000))
        (member,) = archive.filelist
        for place in range(50):  # fifty names for the same bytes
            archive.filelist.append(copy.copy(member))
            archive.filelist[-1].filename = f"{place}.npy"
    with pytest.raises(ValueError, match="claim more than the file holds"):
        load(file.getvalue())


@pytest.mark.native
def test_mutated_members_are_refused_or_loaded():
    trainer = make(hidden_size=2)
    trainer.train(steps=4)
    data = saved(trainer)
    rng = np.random.default_rng(0)
    refused = 0

    def mutate(members):
        name = list(members)[rng.integers(len(members))]
        if rng.random() < 0.5:
            name = "header.json"
        content = bytearray(members[name])
        for _ in range(rng.integers(1, 4)):
            content[rng.integers(len(content))] = rng.integers(256)
        members[name] = bytes(content)

    for _ in range(300):
        try:
            again = load(rewritten(data, mutate))
        except ValueError:
            refused += 1
            continue
        load(saved(again))
    assert 100 < refused < 300


@pytest.mark.parametrize("file", [None, b"bytes", 3])
def test_what_is_no_file_is_refused(file):
    with pytest.raises(ValueError, match="must be a path or an open file"):
        rnn_pkg.load(file)


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
