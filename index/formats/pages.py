"""What is written where on pages, into a document's text: columns, paragraphs, headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from index.formats.columns import Piece, Row, read_order
from index.formats.running import without_running
from index.laid_out import CELL

_LARGER = 1.12  # times the size of most letters: a heading
_LONGEST_HEADING = 200  # characters
_FAR = 1.4  # times the usual distance of lines
_INDENT = 0.7  # of the letters' size
_SHORT = 0.2  # of the column's width: what a paragraph's last line leaves free
_LINES_APART = (0.5, 3.5)  # times the letters' size; what is nearer or farther tells nothing
_ITEM = re.compile(r"[-•‣◦▪●·–]\s|\(?(?:\d{1,3}|[a-z])[.)]\s")
_MARK = re.compile(r"[^\w]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z])[.):]?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENS = ("-", "\u2010", "\u00ad")


@dataclass(frozen=True, slots=True)
class Laid:
    """A document's text, the headline that opens it, and where its pages begin."""

    text: str
    title: str
    page_starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int
    column: int  # counted through the document
    left: float
    right: float
    width: tuple[float, float]  # from where to where the column goes
    baseline: float
    size: float
    bold: bool
    is_row: bool


@dataclass
class _Paragraph:
    lines: list[_Line]
    tight: bool = False
    level: int = field(default=0)


def text_of(pages: Sequence[Sequence[Piece]]) -> Laid:
    """The pages' text in the order of reading, without running headers and footers.

    Lines stay lines; a word that was parted at a line's end is whole on the first. Paragraphs go on
    over columns and pages. A row of a table is a line with its cells in order.
    """
    bare = without_running(pages)
    lines = [line for line in _lines(bare) if line.text]
    paragraphs = _with_levels(_paragraphs(lines))
    words = {word.lower() for line in lines for word in _WORD.findall(line.text)}
    return _written(paragraphs, pages=len(pages), words=words)


def _lines(pages: Sequence[Sequence[Piece]]) -> Iterator[_Line]:
    column = 0
    for number, pieces in enumerate(pages):
        for rows in read_order(pieces):
            column += 1
            width = (min(row[0].left for row in rows), max(row[-1].right for row in rows))
            for row in rows:
                yield _line(row, page=number, column=column, width=width)


def _line(row: Row, *, page: int, column: int, width: tuple[float, float]) -> _Line:
    is_marked = len(row) > 1 and _MARK.fullmatch(row[0].text) is not None
    cells = (
        [f"{row[0].text} {row[1].text}", *(one.text for one in row[2:])]
        if is_marked
        else [one.text for one in row]
    )
    largest = max(row, key=lambda piece: len(piece.text))
    return _Line(
        text=CELL.join(cells),
        page=page,
        column=column,
        left=row[0].left,
        right=row[-1].right,
        width=width,
        baseline=row[0].baseline,
        size=largest.size,
        bold=all(piece.bold for piece in row),
        is_row=len(cells) > 1,
    )


def _paragraphs(lines: Sequence[_Line]) -> list[_Paragraph]:
    apart = _usual_distance(lines)
    found = [_Paragraph([line]) for line in lines[:1]]
    for before, line in pairwise(lines):
        if before.is_row and line.is_row and before.column == line.column:
            found.append(_Paragraph([line], tight=True))
        elif before.is_row or line.is_row or not _goes_on(before, line, apart):
            found.append(_Paragraph([line]))
        else:
            found[-1].lines.append(line)
    return found


def _usual_distance(lines: Sequence[_Line]) -> float:
    """How far apart the lines of a paragraph are, in sizes of their letters."""
    least, most = _LINES_APART
    distances = [
        (one.baseline - other.baseline) / one.size
        for one, other in pairwise(lines)
        if one.column == other.column and one.size == other.size and one.size
    ]
    return median([each for each in distances if least < each < most] or [most])


def _goes_on(before: _Line, line: _Line, apart: float) -> bool:
    """Whether a line is of the same paragraph as the one before."""
    if abs(before.size - line.size) > 0.08 * before.size or before.bold != line.bold:
        return False
    if _ITEM.match(line.text):
        return False
    ended = before.text.rstrip("\"'”’)»")[-1:] in ".!?:;。！？"
    left, right = before.width
    is_short = before.right < right - _SHORT * (right - left)
    if before.column != line.column:
        is_lower = line.text[0].islower()
        return before.text.endswith(_HYPHENS) or (not ended and (is_lower or not is_short))
    if before.baseline - line.baseline > _FAR * apart * before.size:
        return False
    hangs = _ITEM.match(before.text) is not None  # as the rest of an item does
    if not hangs and line.left > max(before.left, line.width[0]) + _INDENT * line.size:
        return False
    return not (ended and is_short)


def _with_levels(paragraphs: list[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs, with levels for headings: lines in larger letters than most."""
    sizes: dict[float, int] = {}
    for line in (line for one in paragraphs for line in one.lines):
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    larger = {one.lines[0].size for one in paragraphs if _is_heading(one, usual)}
    ranks = {size: rank for rank, size in enumerate(sorted(larger, reverse=True), start=1)}
    return [
        replace(one, level=min(ranks[one.lines[0].size], 6)) if _is_heading(one, usual) else one
        for one in paragraphs
    ]


def _is_heading(paragraph: _Paragraph, usual: float) -> bool:
    lines = paragraph.lines
    length = sum(len(line.text) for line in lines)
    return not lines[0].is_row and length <= _LONGEST_HEADING and lines[0].size >= _LARGER * usual


def _written(paragraphs: Sequence[_Paragraph], *, pages: int, words: set[str]) -> Laid:
    parts: list[str] = []
    length = 0
    starts: dict[int, int] = {}
    for paragraph in paragraphs:
        gap = ("\n" if paragraph.tight else "\n\n") if parts else ""
        lines = list(_joined(paragraph.lines, words))
        mark = "#" * paragraph.level + " " if paragraph.level else ""
        between = " " if paragraph.level else "\n"
        for at, (page, text) in enumerate(lines):
            before = between if at else gap
            starts.setdefault(page, length + len(before))
            parts.append(before + ("" if at else mark) + text)
            length += len(parts[-1])
    first = paragraphs[0] if paragraphs else None
    title = (
        " ".join(text for _, text in _joined(first.lines, words)) if first and first.level else ""
    )
    return Laid("".join(parts), title, _page_starts(starts, pages, length))


def _page_starts(starts: dict[int, int], pages: int, length: int) -> tuple[int, ...]:
    """Where each page begins; an empty one where the next does."""
    found = [starts.get(page, -1) for page in range(pages)]
    following = length
    for page in reversed(range(pages)):
        following = found[page] = found[page] if found[page] >= 0 else following
    return (0, *found[1:]) if found else ()


def _joined(lines: Sequence[_Line], words: set[str]) -> Iterator[tuple[int, str]]:
    """Each line's page and text, with words whole; a line of which nothing is left is left out."""
    carried = [line.text for line in lines]
    for at in range(len(lines) - 1):
        if carried[at].endswith(_HYPHENS):
            carried[at], carried[at + 1] = _mended(carried[at], carried[at + 1], words)
    for line, text in zip(lines, carried, strict=True):
        if text:
            yield line.page, text.replace("\u00ad", "-")


def _mended(line: str, following: str, words: set[str]) -> tuple[str, str]:
    """Two lines, the first of which ends in a hyphen, with the word that it parts on the first.

    The hyphen stays in "Anglo-Saxon", and where the document has the word with one elsewhere.
    """
    rest, _, others = following.partition(" ")
    head = line[:-1]
    start = re.search(r"[^\W\d_]*$", head)
    begun = start[0] if start else ""
    ended = _WORD.match(rest)
    if not begun or not ended:
        return line, following
    whole, hyphened = (f"{begun}{mark}{ended[0]}".lower() for mark in ("", "-"))
    keeps = not rest[0].islower() or (hyphened in words and whole not in words)
    return head + ("-" if keeps else "") + rest, others
