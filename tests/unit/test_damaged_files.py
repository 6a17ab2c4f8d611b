"""Model files damaged at random: each is refused with the reason, or a run that can go on."""

import copy
import faulthandler
import io
import json
import math
import struct
import tracemalloc
import warnings
import zipfile
from collections import Counter
from dataclasses import asdict
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

import rnn_pkg
from rnn_pkg.training.trainer import TrainingError

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.native

MUTATIONS = 500
"""Of each kind of damage some fifty; each run of the tests draws others."""

MEMORY = 8
"""Loading takes at most so many times the file's size, and what Python needs for so small a run."""
SPARE = 1_000_000

HANG_SECONDS = 120
"""Whoever takes so long for a file of some ten thousand bytes will never end."""

TEXT = "Über den Wolken\n💡 一二三 \ud800\x00 one two three four five\n" * 6
RUNS = [("gru", "adam", "float32"), ("lstm", "rmsprop", "float32"), ("rnn", "sgd", "float64")]
HOSTILE = [
    *(None, True, False, -1, 0, 1, 2, 1.5, -0.0, 1e308, 5e-324, 2**31, 2**53, 2**63, 2**64),
    *(-(2**63), 2**128, 10**400, math.nan, math.inf, -math.inf, "", "x", "1", "\ud800", [], {}),
    *([[]], [0, 0.01], [[0, 0.01]], ["a"], {"a": 1}, [None] * 20, "y" * 5000, [[[[0]]]]),
]  # fmt: skip


class ModelFile(NamedTuple):
    """A damaged file, and what was done to it."""

    damage: str
    data: bytes

    def __repr__(self):
        return f"a file of {len(self.data)} bytes: {self.damage[:300]}"


def saved(trainer):
    file = io.BytesIO()
    trainer.save(file)
    return file.getvalue()


@cache
def model_file(cell, optimizer, dtype):
    """The file of a small run that has trained, been measured, and had its rate changed."""
    options = {"layers": 2, "dropout": 0.1, "evaluate_every": 2}
    config = rnn_pkg.Config.for_text(
        TEXT, cell=cell, optimizer=optimizer, hidden_size=16, **options
    )
    earlier = rnn_pkg.Trainer(TEXT[::-1], config, dtype)
    trainer = rnn_pkg.Trainer(TEXT, config, dtype, start_from=earlier)
    trainer.train(steps=3)
    trainer.set_learning_rate(0.004)
    trainer.train(steps=2)
    return saved(trainer)


def members_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def packed(members):
    """The members as a file whose checksums and sizes are right; two may have one name."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # about two of one name
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def changed_bytes(draw, data):
    """Some bytes flipped, overwritten, inserted or cut out."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(changed) - 1)))
        end = place + draw(st.sampled_from([1, 1, 2, 4, 100]))
        new = draw(st.sampled_from(["flip", "random", "zeros", "ones", "cut", "insert", "end"]))
        if new == "flip" and changed:
            changed[place] ^= 1 << draw(st.integers(0, 7))
        elif new == "random":
            changed[place:end] = draw(st.binary(min_size=end - place, max_size=end - place))
        elif new == "zeros":
            changed[place:end] = bytes(end - place)
        elif new == "ones":
            changed[place:end] = b"\xff" * (end - place)
        elif new == "cut":
            del changed[place:end]
        elif new == "insert":
            changed[place:place] = draw(st.binary(min_size=1, max_size=50))
        elif new == "end":
            del changed[place:]
    return bytes(changed)


def raw_bytes(draw, data):
    """Bytes of the file itself: mostly its checksums tell."""
    return changed_bytes(draw, data)


def directory_bytes(draw, data):
    """Bytes of the zip archive's directory: sizes, places, flags, names, counts."""
    start = data.index(b"PK\x01\x02")
    return data[:start] + changed_bytes(draw, data[start:])


def directory_numbers(draw, data):
    """A number in the directory replaced by a hostile one."""
    entries = [place for place in range(len(data)) if data.startswith(b"PK\x01\x02", place)]
    place = draw(st.sampled_from(entries))
    offset, form = draw(
        st.sampled_from([(8, "<H"), (10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"),
                         (30, "<H"), (32, "<H"), (42, "<I")])
    )  # fmt: skip
    largest = 2 ** (8 * struct.calcsize(form)) - 1
    number = draw(
        st.one_of(st.sampled_from([0, 1, largest, largest // 2]), st.integers(0, largest))
    )
    changed = bytearray(data)
    struct.pack_into(form, changed, place + offset, number)
    return bytes(changed)


def member_bytes(draw, data):
    """Bytes of one member, its checksum put right: the parsers have to tell."""
    members = members_of(data)
    place = draw(st.integers(0, len(members) - 1))
    name, content = members[place]
    members[place] = name, changed_bytes(draw, content)
    return packed(members)


def array_values(draw, data):
    """A few numbers of an array replaced by others of its kind."""
    members = members_of(data)
    place = draw(st.integers(1, len(members) - 1))
    name, content = members[place]
    header_end = 10 + int.from_bytes(content[8:10], "little")
    values = np.load(io.BytesIO(content)).reshape(-1).copy()
    for _ in range(draw(st.integers(1, 5))):
        if values.dtype.kind == "f":
            width = 8 * values.dtype.itemsize
            number = draw(
                st.one_of(
                    st.floats(width=width),
                    st.sampled_from([-1.0, 1e10, 1e24, 3e38, -3e38, 1e-45, math.nan, math.inf]),
                )
            )
        else:
            number = draw(st.integers(0, 255))
        values[draw(st.integers(0, len(values) - 1))] = number
    members[place] = name, content[:header_end] + values.tobytes()
    return packed(members)


def array_headers(draw, data):
    """The shape or dtype that an array claims."""
    members = members_of(data)
    place = draw(st.integers(1, len(members) - 1))
    name, content = members[place]
    end = 10 + int.from_bytes(content[8:10], "little")
    shape = draw(
        st.sampled_from(
            ["()", "(0,)", "(0, 999999999999)", "(999999999999,)", "(999999999999, 0)", "(-1,)",
             "(1, 1, 1)", "(4, 4)", "(16, 48)", "(1,)", "3", "(True,)", "(1e9,)", "(2**40,)"]
        )
    )  # fmt: skip
    dtype = draw(st.sampled_from(["<f4", "<f8", "|u1", "|O", ">f4", "<i8", "|V9", "<U9999999"]))
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    header = content[:8] + len(text).to_bytes(2, "little") + text
    members[place] = name, header + draw(st.sampled_from([content[end:], b""]))
    return packed(members)


def header_values(draw, data):
    """A few values of the JSON header, at any depth, replaced, removed or doubled."""
    members = members_of(data)
    header = json.loads(members[0][1])
    for _ in range(draw(st.integers(1, 2))):
        node = header
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            deeper = isinstance(node[key], dict | list) and draw(st.integers(0, 3))
            if deeper:
                node = node[key]
                continue
            change = draw(
                st.sampled_from(["replace", "replace", "replace", "near", "remove", "more"])
            )
            value = node[key]
            if change == "near" and type(value) in (int, float):
                node[key] = draw(
                    st.sampled_from([value + 1, value - 1, -value, value * 2, str(value)])
                )
            elif change == "remove":
                del node[key]
            elif change == "more" and isinstance(node, list):
                node.append(copy.deepcopy(value))
            elif change == "more":
                node[draw(st.sampled_from(["more", "text", "", "config"]))] = copy.deepcopy(value)
            else:
                node[key] = copy.deepcopy(draw(st.sampled_from(HOSTILE)))
            break
    members[0] = members[0][0], json.dumps(header).encode()
    return packed(members)


def members_moved(draw, data):
    """Members swapped, doubled, renamed, added or lost."""
    members = members_of(data)
    one, other = (draw(st.integers(0, len(members) - 1)) for _ in range(2))
    change = draw(st.sampled_from(["swap", "double", "rename", "add", "lose"]))
    if change == "swap":
        (a, content), (b, swapped) = members[one], members[other]
        members[one], members[other] = (a, swapped), (b, content)
    elif change == "double":
        members.append((members[one][0], members[other][1]))
    elif change == "rename":
        new = draw(
            st.sampled_from(["../text.npy", "text", "", "header.json", "x.npy", "text.npy.npy"])
        )
        members[one] = new, members[one][1]
    elif change == "add":
        members.append((draw(st.sampled_from(["x.npy", "text", "y" * 5000])), members[one][1]))
    else:
        del members[one]
    return packed(members)


DAMAGES = [
    *(raw_bytes, directory_bytes, directory_numbers, member_bytes, members_moved),
    *(array_values, array_values, array_headers, header_values, header_values, header_values),
]


@st.composite
def damaged_files(draw):
    run = draw(st.sampled_from(RUNS))
    damage = draw(st.sampled_from(DAMAGES))
    return ModelFile(f"{' '.join(run)}, {damage.__name__}", damage(draw, model_file(*run)))


def load_within_bounds(data):
    """What `rnn_pkg.load` makes of it, in bounded memory and in less than an eternity."""
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
    tracemalloc.start()
    try:
        return rnn_pkg.load(io.BytesIO(data))
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        faulthandler.cancel_dump_traceback_later()
        assert peak < MEMORY * len(data) + SPARE, f"{peak:,} bytes for a file of {len(data):,}"


def check_refusal(error):
    message = str(error)
    assert "model file" in message
    assert len(message) < 1000, message


def go_on(trainer):
    """Train two steps, and see that the run is whole: it can be saved, loaded, and written with."""
    outcome = "trained"
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(2):
                metrics = asdict(trainer.step())
                assert all(math.isfinite(value) for value in metrics.values() if value is not None)
    except TrainingError:
        outcome = "stopped"
    data = saved(trainer)
    again = rnn_pkg.load(io.BytesIO(data))
    assert saved(again) == data
    assert len(again.text) == len(trainer.text)
    if outcome == "trained":
        with np.errstate(over="ignore"):
            assert set(trainer.sample(length=3)) <= set(trainer.text)
    return outcome


def test_a_damaged_file_is_refused_or_goes_on():
    outcomes = Counter()
    for run in RUNS:
        assert go_on(load_within_bounds(model_file(*run))) == "trained"

    @settings(
        max_examples=MUTATIONS,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged_files())
    def load_and_go_on(file):
        try:
            trainer = load_within_bounds(file.data)
        except ValueError as error:
            check_refusal(error)
            outcomes["refused"] += 1
        else:
            outcomes[go_on(trainer)] += 1

    load_and_go_on()
    print(dict(outcomes))
    assert outcomes.total() >= MUTATIONS
    assert outcomes["refused"] > MUTATIONS / 4
    assert outcomes["trained"] > MUTATIONS / 50, outcomes
