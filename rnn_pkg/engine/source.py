"""The source of a cell that somebody writes: compiled and run, with no more than it may use.

It imports nothing: NumPy's functions for numbers and the engine's own are there. So it is kept from
files and from whatever else can be reached by name; but Python has no walls: source of other people
is to be read before it is run.
"""

import ast
import dis
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import CodeType, SimpleNamespace
from typing import Any

from rnn_pkg.engine.linalg import Array, affine, dot
from rnn_pkg.engine.recurrence import sigmoid, tanh

FILE = "<cell>"
"""What the source is called in tracebacks."""

LONGEST = 50_000
"""Most characters of a source."""

FUNCTIONS: dict[str, Callable[..., Array]] = {
    "dot": dot,
    "affine": affine,
    "sigmoid": sigmoid,
    "tanh": tanh,
}
"""What a source may call beside NumPy's functions: the engine's own, which are fast on the page."""

NUMPY_NAMES = """
    abs absolute add amax amin arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh
    argmax argmin array array_split asarray broadcast_to cbrt ceil clip concatenate copy cos
    cosh cumsum diag divide dot e einsum equal exp exp2 expand_dims expm1 eye float32 float64
    floor full full_like greater greater_equal hsplit hstack inf inner isfinite isnan less
    less_equal linspace log log10 log1p log2 logaddexp logical_and logical_not logical_or matmul max
    maximum mean min minimum moveaxis multiply nan ndarray negative newaxis not_equal ones
    ones_like outer pi power prod ravel reciprocal repeat reshape round roll shape sign sin sinc
    sinh sort split sqrt square squeeze stack std subtract sum swapaxes tan tanh tensordot tile
    transpose tril triu true_divide var vstack where zeros zeros_like
"""
"""What a source finds in np."""

NUMPY = tuple(NUMPY_NAMES.split())

BUILTINS = {
    each.__name__: each
    for each in (
        *(abs, all, any, bool, dict, divmod, enumerate, filter, float, int, isinstance, iter, len),
        *(list, map, max, min, next, pow, print, range, repr, reversed, round, set, slice, sorted),
        *(str, sum, tuple, zip),
        *(ArithmeticError, AssertionError, Exception, KeyError, TypeError, ValueError),
    )
}
"""What a source finds of Python's own functions."""

BARRED = re.compile(
    r"_|(gi|cr|ag|tb|f|co)_|(tofile|tolist|dumps?|setflags|flags|base|ctypes|data|getfield)$"
)
"""Attributes that would lead out of a cell, or change what it must leave as it is."""

NAMES = ("np", *FUNCTIONS)

MOST_TURNS = 1_000_000
"""So many turns of its loops, and calls of its functions, a source may take at once: more would
hardly ever end."""

TURN = "__turn__"
"""What is called at each, by a name that no source can use."""


class CellFault(ValueError):
    """Something is wrong with the source of a cell.

    Attributes:
        stage: of judging, at which it was found.
        message: what is wrong, and what would be right.
        line: in which line, counted from 1; None if it isn't in a single one.
    """

    def __init__(self, stage: str, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.stage, self.message, self.line = stage, message, line

    def __reduce__(self) -> tuple[type, tuple[str, str, int | None]]:
        """So that it can come from another process."""
        return CellFault, (self.stage, self.message, self.line)


class NoSuchWeight(KeyError):
    """W has no weight of this name."""


class W(Mapping[str, Any]):
    """The weights by their names, as a source has them: it can't change them. What Python says of
    it names it as the source does."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._weights = weights

    def __getitem__(self, name: str) -> Any:
        try:
            return self._weights[name]
        except (KeyError, TypeError):
            near = like(name, self) if isinstance(name, str) else ""
            own = "" if near else ": weights of your own are named in parameters"
            there = f"W has {', '.join(self)}, not {shown(name)}"
            raise NoSuchWeight(f"{there}{near or own}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._weights)

    def __len__(self) -> int:
        return len(self._weights)


class Endless(BaseException):
    """A source takes too many turns; no Exception, or it could be caught by the source itself."""


class Turns:
    """Counts what would go on for ever, such as `while True`, and ends it."""

    def __init__(self) -> None:
        self.left = MOST_TURNS

    def begin(self) -> None:
        """Begin to count anew: a source is about to be called."""
        self.left = MOST_TURNS

    def take(self) -> bool:
        """Count one more; raise Endless if there have been too many."""
        self.left -= 1
        if self.left < 0:
            raise Endless
        return True


TURNS = Turns()
"""Of the source that is running: there is one at a time."""


def compiled(source: str) -> CodeType:
    """Return the code of a source.

    Raises:
        CellFault: it isn't Python, or names something that isn't there.
    """
    if not isinstance(source, str):
        raise CellFault("syntax", f"the source must be a str, not {type(source).__name__}")
    if len(source) > LONGEST:
        raise CellFault(
            "syntax", f"the source must have up to {LONGEST:,} characters, not {len(source):,}"
        )
    try:
        tree = _WithoutNumpy().visit(ast.parse(source, FILE))
        _check_syntax(tree)
        counting = ast.fix_missing_locations(_Counting().visit(tree))
        code = compile(counting, FILE, "exec", dont_inherit=True)
    except CellFault:
        raise
    except SyntaxError as error:
        raise CellFault("syntax", f"this is not Python: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:
        why = str(error) or "it is nested too deep"
        raise CellFault("syntax", f"this is not Python: {why}") from error
    _check_names(code)
    return code


class _WithoutNumpy(ast.NodeTransformer):
    """Leaves out `import numpy as np`, with which many would begin: np is there already."""

    def visit_Import(self, node: ast.Import) -> ast.AST:
        given = [(alias.name, alias.asname) for alias in node.names]
        return ast.copy_location(ast.Pass(), node) if given == [("numpy", "np")] else node


class _Counting(ast.NodeTransformer):
    """Has each turn of a loop counted, and each call of a function."""

    def _turn(self, node: ast.AST) -> ast.expr:
        call = ast.Call(ast.Name(TURN, ast.Load()), [], [])
        for part in ast.walk(call):
            ast.copy_location(part, node)
        return call

    def _begin_body(self, node: Any) -> Any:
        self.generic_visit(node)
        documented = isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None
        turn = ast.copy_location(ast.Expr(self._turn(node)), node)
        node.body.insert(1 if documented else 0, turn)
        return node

    visit_For = visit_While = visit_FunctionDef = _begin_body

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.generic_visit(node)
        never = ast.Constant(None)  # a turn is always true
        node.body = ast.copy_location(ast.IfExp(self._turn(node), node.body, never), node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.ifs.insert(0, self._turn(node.iter))
        return node


def _check_syntax(tree: ast.Module) -> None:
    """Raise CellFault for what no cell needs, and what would lead out of it."""
    for node in sorted(ast.walk(tree), key=lambda node: getattr(node, "lineno", 0)):
        line = getattr(node, "lineno", None)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            there = ", ".join(NAMES)
            raise CellFault("names", f"a cell imports nothing: {there} are there already", line)
        if isinstance(node, (ast.Global, ast.ClassDef, ast.Match)):
            words = "a cell has no classes, no match and no global: functions and if will do"
            raise CellFault("names", words, line)
        if isinstance(node, ast.Attribute) and BARRED.match(node.attr):
            raise CellFault("names", f"there is no .{node.attr} here", line)
        for field in ("id", "arg", "name"):  # of what is used, and of what gets a name
            name = getattr(node, field, None)
            if isinstance(name, str) and name.startswith("__"):
                raise CellFault("names", f"a name can't begin with __: {name}", line)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "np"
            and node.attr not in NUMPY
        ):
            raise CellFault(
                "names", f"there is no np.{node.attr} here{like(node.attr, NUMPY)}", line
            )


def _check_names(code: CodeType) -> None:
    """Raise CellFault if a global name is used that is nowhere given."""
    known = {*NAMES, *BUILTINS, TURN}
    for part in _parts(code):
        stored = ("STORE_NAME", "STORE_GLOBAL")
        known |= {each.argval for each in dis.get_instructions(part) if each.opname in stored}
    for part in _parts(code):
        line = part.co_firstlineno
        for each in dis.get_instructions(part):
            if each.positions and each.positions.lineno:
                line = each.positions.lineno
            if each.opname in ("LOAD_GLOBAL", "LOAD_NAME") and each.argval not in known:
                near = like(each.argval, [*known, *part.co_varnames])
                raise CellFault("names", f"there is no {each.argval}{near}", line)


def _parts(code: CodeType) -> Iterator[CodeType]:
    """Go through a code and all those of the functions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def shown(value: Any) -> str:
    """Write a value that a source has given, so that a message can quote it."""
    return repr(value)[:60]


def like(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence: what may have been meant by a name."""
    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def numpy_of(module: Any) -> SimpleNamespace:
    """Return the part of NumPy, or of autograd's NumPy, that a source may use."""
    return SimpleNamespace(**{name: getattr(module, name) for name in NUMPY})


def run(code: CodeType, names: Mapping[str, Any]) -> dict[str, Any]:
    """Run a source, and return the names that it gives.

    Raises:
        CellFault: it ends with an error.
    """
    namespace = {"__builtins__": {**BUILTINS, "__import__": _numpy_alone}, TURN: TURNS.take}
    namespace |= names
    called("names", exec, code, namespace)
    return namespace


def called(stage: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function of a source returns.

    Raises:
        CellFault: it ends with an error, or takes too many turns.
    """
    TURNS.begin()
    try:
        return function(*arguments)
    except (Exception, Endless) as error:
        raise fault_of(stage, error) from error


def _numpy_alone(name: str, *others: Any) -> Any:
    """Import a part of NumPy: some of its functions do so when they are first called."""
    if name.split(".")[0] != "numpy":
        raise ImportError(f"a cell imports nothing, and not {name}")
    return __import__(name, *others)


IN_PLACE = re.compile(
    r"read-only|not support item assignment|'W' object .* '(update|pop|popitem|clear|setdefault)'"
)
"""What Python and NumPy say of what is changed though it must not be."""


def fault_of(stage: str, error: BaseException) -> CellFault:
    """Return what is known of an error that a source has ended with."""
    if isinstance(error, CellFault):
        return error
    line, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    if isinstance(error, Endless):
        words = f"this doesn't end: more than {MOST_TURNS:,} turns of a loop, or calls"
        return CellFault(stage, words, line)
    words = str(error).strip()
    if IN_PLACE.search(words):
        words = (
            "this changes x, state or W in place, which a step must leave as they are: h = h * a "
            "makes a new array, h *= a does not"
        )
        return CellFault("purity", words, line)
    if "'W' object" in words:
        return CellFault("names", 'W has weights by their names: write W["weight_hh"]', line)
    if "'tuple' object" in words:
        words += "; state is a tuple: to have its only array, write (h,) = state"
    if isinstance(error, NoSuchWeight):
        return CellFault("names", str(error.args[0]), line)
    return CellFault(stage, f"{type(error).__name__}: {words}", line)
