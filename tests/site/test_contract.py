"""What Python and the page say to each other is said once, in Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rnn_pkg.page import facts
from tests.site.contract import TYPES, Function, joined
from web.tools.steps import PYTHON, WEB, run


def test_the_types_of_the_page_are_those_of_python(tmp_path: Path) -> None:
    anew = tmp_path / TYPES.name
    run([PYTHON, "-m", "tests.site.contract", str(anew)], "Making the types anew")
    command = "the types are stale: run python3 build.py types"
    assert TYPES.read_text("utf-8") == anew.read_text("utf-8"), command


def test_two_methods_of_one_name_are_refused() -> None:
    class One:
        def ask(self, t: int) -> int:
            raise NotImplementedError

    class Another:
        def ask(self, t: int | None) -> int:
            raise NotImplementedError

    tables: list[dict[str, Function]] = [{"ask": One.ask}, {"ask": Another.ask}]
    with pytest.raises(ValueError, match=r"Another\.ask is not as .*One\.ask"):
        joined(*tables)
    assert joined(tables[0], tables[0]) == tables[0]


def test_the_page_does_not_repeat_pythons_limits() -> None:
    numbers = facts.about()["numbers"]
    for number in (numbers["text"], numbers["prompt"]):
        repeated = re.compile(rf"= ({number}|{number:_})\b")
        for path in (*WEB.glob("*.js"), *WEB.glob("[!n]*/**/*.js")):
            assert not repeated.search(path.read_text("utf-8")), path
