"""Tables as text: each row a line that names its columns, so that it can be quoted by itself."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import islice

from index.decoding import decoded
from index.errors import UnreadableDocument
from index.laid_out import row
from index.parsed import Parsed
from index.tables import HEADER

_DELIMITERS = ",;\t|"
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 50  # rows that tell what parts the cells
_LONGEST_CELL = 1_000_000  # characters


def read(content: bytes) -> Parsed:
    """A line a row, so that lines are numbered as a spreadsheet numbers its rows.

    The first row holds the names of the columns where it looks like that: no cell is empty, a
    number, or there twice. The delimiter is the one that parts most rows alike.

    Raises:
        UnreadableDocument: a cell is too long.
        UndecodableDocument: it is no text.
    """
    hint, text = _hinted(decoded(content))
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(_rows(text, hint or _delimiter(text)))
    except csv.Error:
        raise UnreadableDocument(
            "A cell holds more than {most} characters, or a quotation mark is never closed. "
            "Mend it, or split the table.",
            most=f"{_LONGEST_CELL:,}",
        ) from None
    names = rows[0] if rows and _are_names(rows[0]) else []
    lines = [row(values, names) for values in rows[bool(names) :]]
    head = [HEADER + row(names)] if names else []
    return Parsed("\n".join([*head, *lines]), title="")


def _hinted(text: str) -> tuple[str, str]:
    """The delimiter that a first line names for spreadsheets, which show none of it; the rest."""
    hint = _HINT.match(text)
    return (hint[1], text[hint.end() :]) if hint else ("", text)


def _rows(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """What parts the cells: with it, most rows have as many as the first, and most cells."""
    return max(_DELIMITERS, key=lambda one: _evenness(text, one))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in islice(_rows(text, delimiter), _SAMPLE) if cells]
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] < 2:
        return (0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])


def _are_names(cells: Sequence[str]) -> bool:
    named = [cell.strip() for cell in cells]
    while named and not named[-1]:  # a delimiter at the end of the line
        named.pop()
    is_set = len(set(named)) == len(named) > 0 and all(named)
    return is_set and not any(map(_is_number, named))


def _is_number(cell: str) -> bool:
    letters = sum(map(str.isalpha, cell))
    return letters == 0 or sum(map(str.isdigit, cell)) > letters
