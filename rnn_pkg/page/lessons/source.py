"""The source of a function as it runs here, the symbols of an equation found in it."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from rnn_pkg.page.lessons.answers import Piece, Source

Function = Callable[..., Any]
Fragments = Mapping[str, str]
"""Pieces of source, such as `hidden[t]`, and the symbols that they are, such as h_{t-1}."""


def source_of(function: Function, fragments: Fragments) -> Source:
    """Return the source of a function, without its docstring and its decorators."""
    lines, first = inspect.getsourcelines(function)
    shown = textwrap.dedent("".join(lines))
    hidden = _left_out(shown)
    return {
        "file": f"{function.__module__.replace('.', '/')}.py",
        "function": function.__qualname__,
        "lines": [
            {"number": first + place, "pieces": pieces_of(line, fragments)}
            for place, line in enumerate(shown.splitlines())
            if place not in hidden
        ],
    }


def pieces_of(line: str, fragments: Fragments) -> list[Piece]:
    """Cut a line of source into pieces that are a symbol and pieces that are none.

    Where two fragments begin at the same place, the longer one counts; a name that is part of
    another one doesn't.
    """
    if not fragments:
        return [{"text": line, "symbol": None}]
    longest_first = sorted(fragments, key=len, reverse=True)
    pattern = "|".join(map(_whole, longest_first))
    return [
        {"text": text, "symbol": fragments.get(text)}
        for text in re.split(f"({pattern})", line)
        if text
    ] or [{"text": "", "symbol": None}]


def _whole(fragment: str) -> str:
    """Return a pattern that finds a fragment, but not inside of a longer name."""
    before = r"(?<![\w.])" if re.match(r"\w", fragment) else ""
    after = r"(?!\w)" if re.search(r"\w$", fragment) else ""
    return before + re.escape(fragment) + after


def docstring_of(function: Function) -> str:
    """Return the docstring that stands in the source of a function: on the page, none is loaded."""
    source = textwrap.dedent(inspect.getsource(function))
    return ast.get_docstring(_definition(source)) or ""


def _definition(source: str) -> ast.FunctionDef:
    """Return what the source of a function defines."""
    # Where Python is told to leave out docstrings, as on the page, ast.parse would not see them.
    module = compile(source, "<source>", "exec", ast.PyCF_ONLY_AST, optimize=0)
    definition = next(ast.iter_child_nodes(module))
    if not isinstance(definition, ast.FunctionDef):
        raise ValueError("the source is not that of one function")
    return definition


def _left_out(source: str) -> set[int]:
    """Return which lines of a function's source, counted from 0, are decorators or docstring."""
    definition = _definition(source)
    hidden = set(range(definition.lineno - 1))
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        hidden |= set(range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno))
    return hidden
