"""Running headers and footers: the same line, but for its numbers, at the edge of most pages."""

import re
from collections import Counter
from collections.abc import Sequence

from index.formats.columns import Piece, Row, rows_of

_DEEP = 3  # rows from either edge that may be running ones
_SHARE = 0.5  # of the pages
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)


def without_running(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The pages without the rows that run along on more than half of them, at least two.

    A row counts only at the edge itself, or next to one that runs along.
    """
    rows = [rows_of(pieces) for pieces in pages]
    heads = _running([page[:_DEEP] for page in rows])
    feet = _running([page[::-1][:_DEEP] for page in rows])
    return [
        [piece for row in _cut(_cut(page, heads)[::-1], feet)[::-1] for piece in row]
        for page in rows
    ]


def _running(edges: Sequence[Sequence[Row]]) -> set[str]:
    written = [edge for edge in edges if edge]
    counts = Counter(key for edge in written for key in {_key(row) for row in edge})
    fewest = max(2, int(_SHARE * len(written)) + 1)
    alternating = max(3, int(0.4 * len(written)))  # left and right pages have their own
    least = min(fewest, alternating)
    return {key for key, count in counts.items() if count >= least}


def _cut(rows: Sequence[Row], running: set[str]) -> list[Row]:
    """The rows without those at the beginning that run along."""
    for at, row in enumerate(rows[:_DEEP]):
        if _key(row) not in running:
            return list(rows[at:])
    return list(rows[_DEEP:])


def _key(row: Row) -> str:
    return _NUMBER.sub("#", " ".join(piece.text for piece in row)).casefold()
