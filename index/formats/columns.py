"""Pieces of text on a page into rows, and these into the order in which they are read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias

_SAME_ROW = 0.35  # of the letters' size: what baselines of one row differ by at most
_FEWEST_LINES = 3  # on either side of what parts two columns
_FEWEST_WORDS = 3.5  # to a line of a column; cells of a table have fewer
_GAP = 2.2  # of the letters' size, between rows
_EDGES = 12  # left edges that columns are looked for at; the most common ones


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line with no wide gap in it; the page's lower left corner is (0, 0)."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool = False


Row: TypeAlias = Sequence[Piece]


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces by their baselines, from top to bottom and from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (-one.baseline, one.left)):
        near = _SAME_ROW * piece.size
        if rows and rows[-1][0].baseline - piece.baseline <= near:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def read_order(pieces: Sequence[Piece]) -> list[list[Row]]:
    """Columns of rows, in the order of reading; none is empty.

    What stands across columns parts them into what is above and what is below. A table is no
    columns: its lines hold too few words each.
    """
    rows = rows_of(pieces)
    edge = max(_edges(pieces), key=lambda one: _worth(rows, one), default=None)
    if edge is None or not _worth(rows, edge):
        return [rows] if rows else []
    return [column for band in _bands(rows, edge) for column in _columns(band, edge)]


def _columns(rows: list[Row], edge: float) -> list[list[Row]]:
    if not _parted(rows, edge):
        return [rows]
    left, right = _sides(rows, edge)
    return [*read_order(left), *read_order(right)]


def _bands(rows: Sequence[Row], edge: float) -> Iterator[list[Row]]:
    """Rows into those that cross an edge and those that do not, from top to bottom.

    Columns may have a gap in them; what is no columns below one is a band of its own.
    """
    for across, found in groupby(rows, key=lambda row: _crosses(row, edge)):
        band = list(found)
        pieces = _at_gaps(band)
        if across or all(_parted(one, edge) for one in pieces):
            yield band
        else:
            yield from pieces


def _at_gaps(rows: Sequence[Row]) -> list[list[Row]]:
    found = [[rows[0]]]
    for above, row in pairwise(rows):
        if above[0].baseline - row[0].baseline > _GAP * row[0].size:
            found.append([])
        found[-1].append(row)
    return found


def _edges(pieces: Sequence[Piece]) -> list[float]:
    lefts = Counter(round(piece.left) for piece in pieces)
    return [left - 0.5 for left, _ in lefts.most_common(_EDGES)]


def _crosses(row: Row, edge: float) -> bool:
    return any(piece.left < edge < piece.right for piece in row)


def _worth(rows: Sequence[Row], edge: float) -> int:
    """How many pieces stand in columns, if columns are parted there."""
    return sum(sum(map(len, band)) for band in _bands(rows, edge) if _parted(band, edge))


def _parted(rows: Sequence[Row], edge: float) -> bool:
    """Whether text runs on both sides of an edge, and none across."""
    crossed = any(_crosses(row, edge) for row in rows)
    return not crossed and all(map(_is_prose, _sides(rows, edge)))


def _sides(rows: Sequence[Row], edge: float) -> tuple[list[Piece], list[Piece]]:
    pieces = [piece for row in rows for piece in row]
    return (
        [piece for piece in pieces if piece.left < edge],
        [piece for piece in pieces if piece.left >= edge],
    )


def _is_prose(pieces: Sequence[Piece]) -> bool:
    words = sum(len(piece.text.split()) for piece in pieces)
    return len(pieces) >= _FEWEST_LINES and words >= _FEWEST_WORDS * len(pieces)
