"""The page's way to the package: plain values in, plain values out, and no exception passes.

The page asks by place and name, `session.call("text", "train", 40)`, and gets `{"value": ...}`, or
`{"error": ...}` with a message to show. Text being written and training advance in small slices, so
that the page can do both at once and stop either at any moment.
"""

import io
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from rnn_pkg.engine.cells import source_hash
from rnn_pkg.page import answers, facts, team
from rnn_pkg.page.desk import Desk
from rnn_pkg.page.instruments import offered
from rnn_pkg.page.machine import Machine
from rnn_pkg.page.textdesk import TextDesk
from rnn_pkg.training.restoring import cell_source, task_in

if TYPE_CHECKING:
    from rnn_pkg.page.celldesk import CellDesk
    from rnn_pkg.page.lessons.desk import LessonDesk

    AnyDesk = Desk[Any] | LessonDesk | CellDesk

PLACES = ("text", "numbers", "lessons", "cells")
"""The places of the page: the first two have a run each, the lessons have none, nor has the bench
where cells are judged and raced."""


class Session:
    """What the page can ask: a desk at each place, which is made when it is first used."""

    def __init__(self, *machine: Any) -> None:
        """Begin without a run, on a machine of which the browser tells this: see `Machine`."""
        self._machine = Machine(*machine)
        self._desks: dict[str, AnyDesk] = {}

    def call(self, place: str, method: str, *arguments: Any) -> dict[str, Any]:
        """Run a method at a place, and wrap what comes of it.

        Returns:
            {"value": what it returned}, or {"error": {"kind": kind, "message": str}} where kind is
            "input" if the person can put it right and "internal" if only a programmer can.
        """
        try:
            return {"value": self._method(self._desk(place), method)(*arguments)}
        except ValueError as error:
            return {"error": {"kind": "input", "message": str(error)}}
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return {"error": {"kind": "internal", "message": f"{type(error).__name__}: {error}"}}

    def _desk(self, place: str) -> "AnyDesk":
        if place not in PLACES:
            raise TypeError(f"no place {place!r}; there are {', '.join(PLACES)}")
        if place not in self._desks:
            self._desks[place] = self._new_desk(place)
        return self._desks[place]

    def _new_desk(self, place: str) -> "AnyDesk":
        if place == "text":
            return TextDesk(self._machine)
        # To read tables and judge forecasts takes many modules, and so do the lessons: a page that
        # learns a text can do without.
        if place == "lessons":
            from rnn_pkg.page.lessons.desk import LessonDesk

            return LessonDesk(self._text_desk)
        if place == "cells":
            from rnn_pkg.page.celldesk import CellDesk

            return CellDesk(self._running_desk)
        from rnn_pkg.page.numbersdesk import NumbersDesk

        return NumbersDesk(self._machine)

    def _method(self, at: "AnyDesk", name: str) -> Callable[..., Any]:
        """Return a method of this session, of a desk, or of those who train its run or look at
        it."""
        owners: list[tuple[Sequence[str], Callable[[], Any]]] = [
            (METHODS, lambda: self),
            (at.offers, lambda: at),
        ]
        if isinstance(at, Desk):
            owners += [(team.METHODS, lambda: at.team), (at.looks, lambda: at.instruments)]
        for names, owner in owners:
            if name in names:
                method: Callable[..., Any] = getattr(owner(), name)
                return method
        known = ", ".join(name for names, _ in owners for name in names)
        raise TypeError(f"no method {name!r}; there are {known}")

    def _running_desk(self, place: str) -> Desk[Any]:
        """Return the desk of the texts, or that of the series."""
        found = self._desk(place)
        if not isinstance(found, Desk):
            raise TypeError(f"nothing is learned at the place {place!r}")
        return found

    def _text_desk(self) -> TextDesk | None:
        """Return the desk of the texts, if it has been used."""
        found = self._desks.get("text")
        return found if isinstance(found, TextDesk) else None

    def about(self) -> answers.About:
        """Return what runs here, and numbers that the page needs too."""
        return facts.about()

    def task_in(self, data: bytes) -> Literal["text", "numbers"]:
        """Tell at which place a model file belongs, by its header alone."""
        return task_in(io.BytesIO(data))

    def cell_source(self, data: bytes) -> str | None:
        """Return the source of the cell that a model file carries, which is not run; None if its
        cell is one of the package's."""
        return cell_source(io.BytesIO(data))

    def source_hash(self, source: str) -> str:
        """Return the hash by which one knows the source of a cell again, which is not run."""
        return source_hash(source)


METHODS = tuple(name for name in offered(Session) if name != "call")
"""What the page may ask at any place."""
