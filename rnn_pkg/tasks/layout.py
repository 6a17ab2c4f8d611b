"""The layout of a table: what stands between its cells, its names of columns, and its rows."""

from typing import NamedTuple

from rnn_pkg.tasks import columns, grid
from rnn_pkg.tasks.questions import Choices, Findings
from rnn_pkg.tasks.textfiles import plural

NEEDED = "paste or open a column of numbers, one in each line"


class Layout(NamedTuple):
    """A text as rows of equally many cells.

    Attributes:
        rows: without the names of the columns.
        names: of the columns; None if there are none.
        delimiter: what stands between the cells; "none": each line is one.
    """

    rows: list[grid.Row]
    names: list[str] | None
    delimiter: str


def layout(text: str, choices: Choices, findings: Findings) -> Layout:
    """Return a text's rows.

    Raises:
        ValueError: there are none, or they are uneven.
    """
    delimiter = choices.delimiter or _delimiter(text, findings)
    found = list(grid.rows(text, delimiter))
    if not found:
        raise ValueError(f"there is nothing but comments: {NEEDED}")
    comments = sum(map(grid.is_comment, text.split("\n")))
    if comments:
        findings.notes.append(f"{plural(comments, 'line')} beginning with # left out.")
    between = text.split("\n")[found[0].line - 1 : found[-1].line]
    blank = sum(not line.strip(f' "{delimiter if len(delimiter) == 1 else ""}') for line in between)
    if blank:
        it = "it" if blank == 1 else "them"
        findings.notes.append(f"{plural(blank, 'line')} with nothing in {it} left out.")
    if len(found) == 1 and len(found[0].cells) >= grid.MANY:
        (line, cells), found = found[0], []
        found = [grid.Row(line, [cell]) for cell in grid.trimmed(cells)]
        findings.notes.append(f"The {plural(len(found), 'cell')} of the only line are the column.")
    header, below = _header(found, choices)
    if not below:
        raise ValueError(f"there are only names of columns, and no row below them: {NEEDED}")
    below = grid.even(below, delimiter)
    if (count := columns.joined(below, delimiter)) > 1:
        below = [_with_joined(row, count) for row in below]
        if header and len(header) == len(below[0].cells) + count - 1:
            header = _with_joined(grid.Row(0, header), count).cells
        findings.notes.append(f"The first {count} cells of each line are read as one date.")
    return Layout(below, _names(header, below, delimiter, findings), delimiter)


def _delimiter(text: str, findings: Findings) -> str:
    """Return what stands between the cells; that may be asked."""
    found = grid.delimiters(text)
    if len(found) == 1:
        return found[0]
    sentence = "What stands between the cells of a line can be read in several ways."
    return str(findings.ask("delimiter", sentence, grid.options(text, found)))


def _header(found: list[grid.Row], choices: Choices) -> tuple[list[str] | None, list[grid.Row]]:
    """Return the names of the columns, if the first row is that, and the other rows."""
    first = grid.trimmed(found[0].cells)
    has_header = choices.header
    if has_header is None and len(found) > 1:
        if len(first) == grid.width_of(found[1:]):
            width = len(first)
            padded = [row for row in found if len(row.cells) >= width]
            has_header = columns.has_header(padded)
        else:
            has_header = not any(columns.like_value(cell) for cell in first)
    return (first, found[1:]) if has_header else (None, found)


def _names(
    header: list[str] | None, below: list[grid.Row], delimiter: str, findings: Findings
) -> list[str] | None:
    """Return the names of the columns, if there is one for each."""
    width = len(below[0].cells)
    if header is None or len(header) == width:
        return header
    if delimiter == " ":  # names may have blanks in them
        findings.notes.append(f"The names in the first line are not {width}: not used.")
        return None
    if len(header) < width and all(not row.cells[len(header)] for row in below):
        return header + [""] * (width - len(header))
    raise ValueError(
        f"the first line names {plural(len(header), 'column')}, but line {below[0].line} has "
        f"{plural(width, 'cell')}: give each column a name, or delete the lines above the table"
        + ("; a number with a comma in it needs quotation marks" * (delimiter == ","))
    )


def _with_joined(row: grid.Row, count: int) -> grid.Row:
    """Return a row whose first cells are one."""
    line, cells = row
    return grid.Row(line, [" ".join(filter(None, cells[:count])), *cells[count:]])
