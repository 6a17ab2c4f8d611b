"""The equations of the docstrings as mathematics: ASCII in, MathML out.

What the docstrings write, and what it becomes:

    h_{t-1}, W_hh, Wxh      a letter with an index
    a b                     a product
    a * b                   the same, element by element
    dL/dh_t                 a partial derivative
    1/2, 1/(a b)            a fraction
    Whh^T, h_t^2            a superscript
    sum_t                   a sum over t
    softmax(y_t)[target_t]  a function, and one number of what it gives
    |y_t|                   a length

What stands behind two spaces is words. A symbol is anything that has a name: h_t, and also the
whole term Whh^T dL/da_{t+1}. The derivative dL/dh_t is called dh_t for short, as in the source.
"""

import re
from collections.abc import Collection

from rnn_pkg.page.lessons.answers import MathNode

NAME = r"[A-Za-z]+(?:_(?:\{[^}]*\}|[A-Za-z0-9]+))?"
TOKEN = re.compile(rf"\s\s.*|d{NAME}/d{NAME}|{NAME}|\d+|\+=|<-|\S")
LETTER_AND_INDEX = re.compile(r"(d?[Wb])([xhy]{1,2})$")
"""How the tutorial writes W_xh and b_h."""

FUNCTIONS = ("exp", "log", "max", "sigmoid", "softmax", "tanh")
SIGNS = {
    "+": "+",
    "-": "\N{MINUS SIGN}",
    "*": "\N{CIRCLED DOT OPERATOR}",
    "=": "=",
    "+=": "+=",
    "<-": "\N{LEFTWARDS ARROW}",
    ",": ",",
    ">": ">",
}
"""What stands between the terms of an equation."""

APPLY = "\N{FUNCTION APPLICATION}"
GAP = "\N{THIN SPACE}"
"""Between the factors of a product."""


def node(tag: str, *inside: MathNode | str) -> MathNode:
    """Return an element of MathML, with a text or with children."""
    children = [each for each in inside if not isinstance(each, str)]
    text = "".join(each for each in inside if isinstance(each, str))
    return {"tag": tag, "text": text, "symbol": None, "children": children}


def math_of(text: str, symbols: Collection[str] = ()) -> MathNode:
    """Return an equation, or a part of one, as MathML.

    Args:
        text: as a docstring writes it.
        symbols: names of what shall be found in it.

    Raises:
        ValueError: it can't be read.
    """
    return node("math", _Reader(text, symbols).row())


def symbols_in(math: MathNode) -> list[str]:
    """Return the names of the symbols in an equation, in the order in which they begin."""
    own = [math["symbol"]] if math["symbol"] else []
    below = [name for child in math["children"] for name in symbols_in(child)]
    return list(dict.fromkeys(own + below))


def at_step(name: str, t: int) -> str:
    """Return what a symbol is called at a time step: h_{t-1} is h_1 where t is 2."""
    name = re.sub(r"_\{t([+-]\d)\}", lambda found: _index(t + int(found[1])), name)
    return re.sub(r"_t\b", _index(t), name)


def _index(t: int) -> str:
    return f"_{t}" if t >= 0 else f"_{{{t}}}"


class _Reader:
    """Reads an equation from left to right, a token at a time."""

    def __init__(self, text: str, symbols: Collection[str]) -> None:
        self._text = text
        self._symbols = symbols
        self._tokens = list(TOKEN.finditer(text))
        self._place = 0

    @property
    def _token(self) -> str:
        """The next token, or "" at the end."""
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        """Go on behind the next token, and return it."""
        token = self._token
        if not token or (expected and token != expected):
            what = f"{expected!r} is missing" if expected else "something is missing at the end"
            raise ValueError(f"{what} in the equation {self._text!r}")
        self._place += 1
        return token

    def _named(self, found: MathNode, first: int) -> MathNode:
        """Return what was read since the first token; it is a symbol if that has a name."""
        start, end = self._tokens[first].start(), self._tokens[self._place - 1].end()
        name = self._text[start:end]
        for known in (name, name.replace("dL/d", "d")):
            if known in self._symbols:
                return {**found, "symbol": known}
        return found

    def row(self, closing: str = "") -> MathNode:
        """Read terms and the signs between them, up to a closing sign or the end."""
        nodes = []
        while self._token and self._token != closing:
            if self._token in SIGNS:
                nodes.append(node("mo", SIGNS[self._take()]))
            elif self._token.startswith("  "):
                nodes.append(node("mtext", GAP + self._take().strip()))
            else:
                nodes.append(self._term(closing))
        return node("mrow", *nodes)

    def _term(self, closing: str) -> MathNode:
        """Read a product."""
        first = self._place
        nodes = [self._factor()]
        while self._token and self._token != closing and not self._ends_a_term():
            nodes += [node("mtext", GAP), self._factor()]
        return self._named(node("mrow", *nodes), first) if nodes[1:] else nodes[0]

    def _ends_a_term(self) -> bool:
        return self._token in SIGNS or self._token.startswith("  ")

    def _factor(self) -> MathNode:
        """Read a factor: an atom with its superscripts, an index in brackets, a denominator."""
        first = self._place
        found = self._atom()
        while self._token and self._token in "^[/":
            sign = self._take()
            if sign == "[":
                found = node("msub", found, self.row("]"))
                self._take("]")
            elif sign == "/":
                found = node("mfrac", found, _bare(self._atom()))
            else:
                found = node("msup", found, self._atom())
            found = self._named(found, first)
        return found

    def _atom(self) -> MathNode:
        """Read a number, a name, a function of something, or something in parentheses."""
        first, opening = self._place, self._token
        found = self._named(self._nameless(), first)
        return _alone(found) if opening == "|" and found["symbol"] else found

    def _nameless(self) -> MathNode:
        token = self._take()
        if token == "(":
            return self._enclosed("(", ")")
        if token == "|":
            return self._enclosed("|", "|")
        if token.isdigit():
            return node("mn", token)
        if "/" in token:
            above, below = (_identifier(each[1:]) for each in token.split("/"))
            partial = node("mo", "\N{PARTIAL DIFFERENTIAL}")
            return node("mfrac", node("mrow", partial, above), node("mrow", partial, below))
        if token in FUNCTIONS and self._token == "(":
            self._take()
            return node("mrow", node("mi", token), node("mo", APPLY), self._enclosed("(", ")"))
        if not token[0].isalpha():
            raise ValueError(f"{token!r} is out of place in the equation {self._text!r}")
        return _identifier(token)

    def _enclosed(self, opening: str, closing: str) -> MathNode:
        inside = self.row(closing)["children"]
        self._take(closing)
        return node("mrow", node("mo", opening), *inside, node("mo", closing))


def _alone(found: MathNode) -> MathNode:
    """Return a symbol in which no part is another one: the frame around g would hide that |g| is
    its length."""
    children = [_alone({**child, "symbol": None}) for child in found["children"]]
    return {**found, "children": children}


def _bare(found: MathNode) -> MathNode:
    """Return what stands in parentheses without them: a fraction's line says what is below it."""
    inside = found["children"]
    if inside and inside[0]["text"] == "(":
        return node("mrow", *inside[1:-1])
    return found


def _identifier(name: str) -> MathNode:
    """Return a name as a letter, with its index if it has one."""
    found = LETTER_AND_INDEX.match(name)
    letter, index = found.groups() if found else [*name.split("_", 1), ""][:2]
    base = node("mo", "\N{N-ARY SUMMATION}") if letter == "sum" else node("mi", letter)
    return node("msub", base, _subscript(index.strip("{}"))) if index else base


def _subscript(index: str) -> MathNode:
    """Return an index: t, hh, or a sum such as t-1."""
    parts = re.findall(r"[A-Za-z]+|\d+|[+-]", index)
    nodes = [
        node("mo", SIGNS[part]) if part in SIGNS else node("mn" if part.isdigit() else "mi", part)
        for part in parts
    ]
    return node("mrow", *nodes) if nodes[1:] else nodes[0]
