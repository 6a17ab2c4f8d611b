"""A file that holds a JSON header and named arrays: a .npz, never pickle, read with suspicion.

The file is a zip archive of uncompressed members: `header.json`, and an `.npy` for each array, so
that `numpy.load` opens it too. Nothing in it is executed, and reading it takes no more memory than
its own size, whatever it claims about itself.
"""

import io
import json
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rnn_pkg.linalg import Array

FORMAT = "rnn_pkg checkpoint"
VERSION = 1
HEADER = "header.json"
MOST_BRACKETS = 100
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same run gives the same bytes

File = str | os.PathLike[str] | BinaryIO


def write(file: File, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write header and arrays; a path is replaced only once the new file is complete."""
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        partial = path.with_name(path.name + ".part")
        with partial.open("wb") as stream:
            _write_members(stream, header, arrays)
        partial.replace(path)
    else:
        _write_members(file, header, arrays)


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
    """Return the header and the arrays of a file.

    Raises:
        ValueError: it is not such a file, is damaged, or of a newer version.
        OSError: it can't be read at all.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = {info.filename: _member(archive, info) for info in archive.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"not a model file, or a damaged one: {error}") from error
    header = _parse_header(members.pop(HEADER, None))
    arrays = {name.removesuffix(".npy"): _parse_array(name, members[name]) for name in members}
    return header, arrays


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # A stored member is as large as it says, so a small file can't unfold into a large one.
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise ValueError(f"not a model file: its member {info.filename!r} is compressed")
    return archive.read(info)


def _parse_header(data: bytes | None) -> dict[str, Any]:
    if data is None:
        raise ValueError(f"not a model file: it has no {HEADER}")
    # Deep nesting overflows the stack of Python in WebAssembly, which ends it; ours is shallow.
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise ValueError(f"a damaged model file: its {HEADER} is too deep")
    try:
        header = json.loads(data)
    except ValueError as error:
        raise ValueError(f"a damaged model file: its {HEADER} is not JSON ({error})") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError(f"not a model file: its {HEADER} doesn't say {FORMAT!r}")
    if header.get("version") != VERSION:
        raise ValueError(
            f"a model file of version {header.get('version')!r}, but this program reads version "
            f"{VERSION}: it was saved by a newer one"
        )
    return header


def _parse_array(name: str, data: bytes) -> Array:
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"unexpected .npy version {version}")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    except (ValueError, SyntaxError, TypeError) as error:
        raise ValueError(f"a damaged model file: {name!r} is not an array ({error})") from error
    body = data[stream.tell() :]
    if dtype.hasobject or dtype.itemsize == 0 or math.prod(shape) * dtype.itemsize != len(body):
        raise ValueError(f"a damaged model file: {name!r} doesn't have the size it claims")
    array = np.frombuffer(body, dtype).reshape(shape)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"a damaged model file: {name!r} holds values that are not numbers")
    return array
