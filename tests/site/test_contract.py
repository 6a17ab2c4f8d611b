"""What Python and the page say to each other is said once, in Python."""

from __future__ import annotations

import re
from pathlib import Path

from rnn_pkg.page import facts
from tests.site.contract import TYPES
from web.tools.steps import PYTHON, WEB, run


def test_the_types_of_the_page_are_those_of_python(tmp_path: Path) -> None:
    anew = tmp_path / TYPES.name
    run([PYTHON, "-m", "tests.site.contract", str(anew)], "Making the types anew")
    command = "the types are stale: run python3 build.py types"
    assert TYPES.read_text("utf-8") == anew.read_text("utf-8"), command


def test_the_page_does_not_repeat_pythons_limits() -> None:
    numbers = facts.about()["numbers"]
    for number in (numbers["text"], numbers["prompt"]):
        repeated = re.compile(rf"= ({number}|{number:_})\b")
        for path in (*WEB.glob("*.js"), *WEB.glob("[!n]*/**/*.js")):
            assert not repeated.search(path.read_text("utf-8")), path
