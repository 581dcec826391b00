"""Running headers and footers: the same line at the edge of most pages, but for the page's number.

Where they name the chapter they are not the same on most pages; then the page's number tells them.
Other numbers do count, or rows of a table would be taken for headers.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from index.formats.columns import Piece, Row, rows_of

_DEEP = 3  # rows from either edge that may be running ones
_SHARE = 0.5  # of the pages
_ALTERNATING = 0.4  # of the pages, as left and right ones may have their own
_FEWEST = 3  # pages where that is enough, or where numbers are trusted alone
_NUMBER = re.compile(r"(?<![\w.,])\d{1,5}(?![\w,]|\.\d)")

_Key: TypeAlias = tuple[str, int | None]
"""A row's text and, if the page's number was taken out of it, how far that is ahead of the page."""


def without_running(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The pages without the rows that run along on more than half of them, at least two.

    A row counts only at the edge itself, or next to one that runs along; so does one that begins
    or ends with the number of the page, if most pages have theirs there. No page is emptied.
    """
    rows = [rows_of(pieces) for pieces in pages]
    headless = _without_heads(rows)
    bare = _without_heads([page[::-1] for page in headless])
    kept = (page[::-1] or whole for page, whole in zip(bare, rows, strict=True))
    return [[piece for row in page for piece in row] for page in kept]


def _without_heads(pages: Sequence[Sequence[Row]]) -> list[Sequence[Row]]:
    """The pages, each given from its edge on, without what runs along there."""
    running = _running(pages)
    ahead = _numbering(pages)
    return [_cut(page, at, running, ahead) for at, page in enumerate(pages)]


def _running(pages: Sequence[Sequence[Row]]) -> set[_Key]:
    counts = Counter(
        key
        for at, page in enumerate(pages)
        for key in {key for row in page[:_DEEP] for key in _keys(row, at)}
    )
    written = sum(map(bool, pages))
    most = max(2, int(_SHARE * written) + 1)
    fewest = min(most, max(_FEWEST, int(_ALTERNATING * written)))
    return {key for key, count in counts.items() if count >= fewest}


def _numbering(pages: Sequence[Sequence[Row]]) -> int | None:
    """How far numbers at the edge are ahead of the pages', if most pages have theirs there."""
    counts = Counter(
        ahead for at, page in enumerate(pages) if page for ahead in _at_ends(page[0], at)
    )
    ahead, count = max(counts.items(), key=lambda one: one[1], default=(0, 0))
    return ahead if count >= _FEWEST and count > _SHARE * len(pages) else None


def _cut(rows: Sequence[Row], page: int, running: set[_Key], ahead: int | None) -> Sequence[Row]:
    """The rows without those at the beginning that run along."""
    for at, row in enumerate(rows[:_DEEP]):
        is_numbered = at == 0 and ahead in _at_ends(row, page)
        if not is_numbered and running.isdisjoint(_keys(row, page)):
            return rows[at:]
    return rows[_DEEP:]


def _keys(row: Row, page: int) -> Iterator[_Key]:
    """What a row is known by: its text, and that without each number that may be the page's."""
    text = " ".join(piece.text for piece in row).casefold()
    yield text, None
    for found in _NUMBER.finditer(text):
        yield f"{text[: found.start()]}#{text[found.end() :]}", int(found[0]) - page


def _at_ends(row: Row, page: int) -> set[int]:
    """How far the numbers that a row begins or ends with are ahead of the page's."""
    text = " ".join(piece.text for piece in row)
    found = (one for one in _NUMBER.finditer(text) if one.start() == 0 or one.end() == len(text))
    return {int(one[0]) - page for one in found}
