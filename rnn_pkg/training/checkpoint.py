"""A file that holds a JSON header and named arrays: a .npz, never pickle, read with suspicion.

The file is a zip archive of uncompressed members: `header.json`, and an `.npy` for each array, so
that `numpy.load` opens it too. Nothing in it is executed, and whatever it claims about itself,
reading it takes no more memory than its own size, and some of MOST_HEADER for what JSON becomes.
"""

import io
import json
import math
import os
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rnn_pkg.checks import shortened, shown
from rnn_pkg.engine.linalg import Array

FORMAT = "rnn_pkg checkpoint"
VERSION = 8
OLDEST = 3
"""Files from this version on can be read."""

HEADER = "header.json"
MOST_HEADER = 20_000_000
"""Most bytes of the header, of which Python makes many times as many; a day's training needs one
or two millions, for the losses that the curve's next point will be the mean of."""

MOST_DEPTH = 20
"""How many lists and objects of the header may be inside each other; ours are three."""

JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]')
"""A string, which may lack its end, or a bracket."""

NPY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(?P<dtype><f4|<f8|\|u1)', 'fortran_order': False, "
    rb"'shape': \((?P<shape>(\d{1,12},( \d{1,12})?)?)\), \} *\n",
    re.DOTALL,
)
"""The beginning of an .npy of version 1.0 with up to two axes: magic, length of the header, header.
"""

ZIP_ERRORS = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError),
    *(EOFError, OSError, OverflowError, ValueError, struct.error),
)
"""What zipfile raises for files that are none, or damaged."""

FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same run gives the same bytes

File = str | os.PathLike[str] | BinaryIO


def write(file: File, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write header and arrays; a path is replaced only once the new file is complete."""
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        partial = partial_path(path)
        try:
            with partial.open("wb") as stream:
                _write_members(stream, header, arrays)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    else:
        _write_members(file, header, arrays)


def partial_path(path: Path) -> Path:
    """Return where a file is written before it replaces the one at `path`."""
    return path.with_name(path.name + ".part")


def _write_members(
    stream: BinaryIO, header: Mapping[str, Any], arrays: Mapping[str, Array]
) -> None:
    full_header = {"format": FORMAT, "version": VERSION, **header}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        text = json.dumps(full_header, indent=1, allow_nan=False)
        archive.writestr(zipfile.ZipInfo(HEADER, FIXED_DATE), text)
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", FIXED_DATE), member.getvalue())


def read(file: File) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the header and the arrays, read-only, of a file.

    Raises:
        ValueError: it is not such a file, is damaged, or of another version.
        OSError: it can't be read at all.
    """
    members = _members_of(file)
    header = _parse_header(members.pop(HEADER, None))
    for name in members:
        if not name.endswith(".npy"):
            raise ValueError(f"a damaged model file: its member {shown(name)} is not an array")
    arrays = {name.removesuffix(".npy"): _parse_array(name, members[name]) for name in members}
    return header, arrays


def read_header(file: File) -> dict[str, Any]:
    """Return the header alone; otherwise as `read` does."""
    return _parse_header(_members_of(file, HEADER).get(HEADER))


def _members_of(file: File, only: str | None = None) -> dict[str, bytes]:
    """Return the members of a model file: see `_members`."""
    if isinstance(file, (str, os.PathLike)):
        with Path(file).open("rb") as stream:
            return _members_of(stream, only)
    if not hasattr(file, "seek"):
        raise ValueError(f"a model file must be a path or an open file, not {file!r}")
    if not zipfile.is_zipfile(file):
        raise ValueError(
            "not a model file, or a damaged one: it is no .npz archive, as saving a run makes it"
        )
    try:
        return _members(file, only)
    except ZIP_ERRORS as error:
        raise ValueError(
            f"not a model file, or a damaged one: {shortened(str(error), 200)}"
        ) from error


def _members(stream: BinaryIO, only: str | None) -> dict[str, bytes]:
    """Return the members of the archive, or one alone: together they are no larger than the
    file."""
    file_size = stream.seek(0, os.SEEK_END)
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        for info in infos:
            if info.compress_type != zipfile.ZIP_STORED:
                raise zipfile.BadZipFile(f"its member {shown(info.filename)} is compressed")
        if len({info.filename for info in infos}) < len(infos):
            raise zipfile.BadZipFile("two of its members have one name")
        if sum(info.file_size for info in infos) > file_size:
            raise zipfile.BadZipFile("its members claim more than the file holds")
        return {
            info.filename: archive.read(info)
            for info in infos
            if only is None or info.filename == only
        }


def _parse_header(data: bytes | None) -> dict[str, Any]:
    if data is None:
        raise ValueError(f"not a model file: it has no {HEADER}")
    if len(data) > MOST_HEADER:
        raise ValueError(f"a damaged model file: its {HEADER} has {len(data):,} bytes")
    try:
        text = data.decode("utf-8")
        _check_depth(text)
        header = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f"a damaged model file: its {HEADER} is not JSON as it should be "
            f"({shortened(str(error), 200)})"
        ) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError(f"not a model file: its {HEADER} doesn't say {FORMAT!r}")
    version = header.get("version")
    if type(version) is not int or not OLDEST <= version <= VERSION:
        older = isinstance(version, int) and version < OLDEST
        raise ValueError(
            f"a model file of version {shown(version)}, but this program reads versions {OLDEST} "
            f"to {VERSION}: it was saved by {'an older' if older else 'a newer'} one"
        )
    return header


def upgraded(header: dict[str, Any]) -> dict[str, Any]:
    """Return the header as this version has it.

    Before version 8 all weights learned at one rate, which is as Config has it by default. Before
    version 7 the batch size never changed, and all was learned here. Before version 6 there were no
    series. Before version 5 one network learned at a time, with one random generator; and the
    weights of the best step were not kept: from here on, the best is that of the steps to come.
    Before version 4 there were neither a best step nor origins, and that a text could be learned by
    its lines was not known, which is as Config has it by default.

    Raises:
        KeyError, TypeError: it is damaged.
    """
    if header["version"] < 7:
        batch_size = header["config"]["batch_size"]
        header = {"series": None, "batch_sizes": [[0, batch_size]], "stays": [], **header}
    if header["version"] >= 5:
        return header
    metrics = header["metrics"]
    if metrics is not None:
        metrics = {**metrics, "best_step": None, "best_loss": None}
    generators = [header["random_generator"]]
    return {"origins": [], **header, "metrics": metrics, "random_generators": generators}


def _check_depth(text: str) -> None:
    """Raise ValueError if JSON is so deep that reading it might overflow the stack.

    That would end Python in WebAssembly. What isn't JSON may be taken for deeper or shallower than
    it is, but only after the place where it ceases to be JSON, so that no reader gets there.
    """
    depth = 0
    for token in JSON_TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > MOST_DEPTH:
            raise ValueError(f"it is too deep: more than {MOST_DEPTH} lists and objects nested")


def _parse_array(name: str, data: bytes) -> Array:
    # NumPy would evaluate the header as a Python expression; only the form it writes is taken.
    found = NPY_HEADER.match(data)
    if found is None or found.end() != 10 + int.from_bytes(data[8:10], "little"):
        raise ValueError(f"a damaged model file: {shown(name)} is not an array")
    dtype = np.dtype(found["dtype"].decode())
    shape = tuple(int(size) for size in found["shape"].split(b",") if size.strip())
    if math.prod(shape) * dtype.itemsize != len(data) - found.end():
        raise ValueError(f"a damaged model file: {shown(name)} doesn't have the size it claims")
    try:
        array = np.frombuffer(data, dtype, offset=found.end()).reshape(shape)
    except ValueError as error:  # nothing at all can be said to have a length beyond all numbers
        raise ValueError(f"a damaged model file: {shown(name)} has no such shape") from error
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"a damaged model file: {shown(name)} holds values that are not numbers")
    return array
