"""What goes to PyPI: one version, told once; all that the unit tests need beside the wheel."""

from __future__ import annotations

import re
import tarfile
import zipfile

import pytest

import rnn_pkg
from tests import package
from web.tools.steps import ROOT, BuildError


def test_a_tag_is_that_of_the_version_whose_changes_are_told() -> None:
    package.check_tag(f"v{rnn_pkg.__version__}")
    for wrong in (rnn_pkg.__version__, "v99.0", "latest"):
        with pytest.raises(BuildError, match=f"the tag {wrong} is not that of rnn_pkg "):
            package.check_tag(wrong)


def test_a_version_whose_changes_are_not_told_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnn_pkg, "__version__", "99.0.0")
    with pytest.raises(BuildError, match=r"CHANGELOG.md has no section 99.0.0"):
        package.check_tag("v99.0.0")


def test_the_version_stands_in_one_place() -> None:
    sources = (ROOT / "pyproject.toml", ROOT / "build.py", ROOT / "README.md")
    for path in sources:
        found = re.search(
            rf"(rnn[_-]pkg|version).*{re.escape(rnn_pkg.__version__)}", path.read_text()
        )
        assert not found, path


def test_the_wheel_holds_the_package_and_the_source_its_tests() -> None:
    wheel, source = package.make()
    assert wheel.name == f"rnn_pkg-{rnn_pkg.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(f"rnn_pkg-{rnn_pkg.__version__}.dist-info/METADATA").decode()
    assert "rnn_pkg/pytorch/__main__.py" in names
    assert all(name.startswith("rnn_pkg") for name in names)
    for extra in ("torch", "cells", "export", "progress"):
        assert f"Provides-Extra: {extra}\n" in metadata
    assert (ROOT / "docs/rnn_pkg.md").read_text("utf-8").strip() in metadata
    with tarfile.open(source) as tar:
        files = {name.split("/", 1)[1] for name in tar.getnames() if "/" in name}
    wanted = ("tests/unit/test_network.py", "tests/unit/golden/networks.npz", "CHANGELOG.md")
    assert files.issuperset((*wanted, "web/examples/series/airline.csv"))
