"""Which cases of a test run in a tab, too: natively all of them do."""

from collections.abc import Iterable
from typing import Any

import pytest


def in_a_tab_only(chosen: Any, cases: Iterable[Any]) -> list[Any]:
    """The cases, of which a tab tries one: what is right of the others there is right of it.

    Args:
        chosen: the case that a tab tries.
        cases: with the chosen one.
    """
    cases = list(cases)
    assert chosen in cases
    return [
        case
        if case == chosen
        else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.native)
        for case in cases
    ]
