"""The page's modules that need no browser, tested by Node.js's own test runner."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.tools.steps import ROOT, BuildError, node

FOLDER = ROOT / "tests" / "web"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.test.mjs")), ids=lambda path: path.name)
def test_of_a_module(path: Path) -> None:
    node(f"The test {path.name}", "--test", "--test-reporter=spec", str(path))


def test_a_test_that_fails_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "wrong.test.mjs"
    path.write_text('import { test } from "node:test";\ntest("wrong", () => { throw 1; });\n')
    with pytest.raises(BuildError, match="The test wrong"):
        node("The test wrong", "--test", "--test-reporter=spec", str(path))
