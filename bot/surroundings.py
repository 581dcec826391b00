"""The paragraphs around a quote, page by page."""

import re
from dataclasses import dataclass

from bot.escaping import escaped_lines, units
from index.records import Span

PAGE = 1600
"""Units of Discord's markup that a page shows, about."""

_PIECE = 400  # a longer paragraph is cut, at white space where there is some
_PARAGRAPH = re.compile(r"[^\n]*\n?(?:[^\S\n]*\n)*|[^\n]+")
_BREAK = re.compile(r"\s\S*\Z")


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a text, as markup.

    Attributes:
        span: where it stands in the text.
        markup: what Discord shows, the quote bold.
        earlier, later: whether there is more before and behind it.
    """

    span: Span
    markup: str
    earlier: bool
    later: bool


def page_around(text: str, quote: Span, number: int) -> Page:
    """One page of ``text``: 0 is the one with the quote, -1 the one before, 1 the one behind it.

    Pages are whole paragraphs, share nothing, and leave nothing out. A number past either end is
    the page at that end.
    """
    pieces = _pieces(text)
    first, last = _middle(text, pieces, quote)
    span = Span(pieces[first].start, pieces[last].end)
    if number < 0:
        span = _page(text, pieces[:first][::-1], -number) or span
    elif number > 0:
        span = _page(text, pieces[last + 1 :], number) or span
    return Page(span, _marked(text, span, quote), span.start > 0, span.end < len(text))


def _pieces(text: str) -> list[Span]:
    """Paragraphs with the blank lines behind them, long ones cut; together the whole text."""
    found: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        while end - start > _PIECE:
            cut = _BREAK.search(text, start + _PIECE // 2, start + _PIECE)
            at = cut.start() + 1 if cut else start + _PIECE
            found.append(Span(start, at))
            start = at
        if end > start:
            found.append(Span(start, end))
    return found or [Span(0, len(text))]


def _middle(text: str, pieces: list[Span], quote: Span) -> tuple[int, int]:
    """The first and last piece of the page with the quote, or with as much of it as fits."""
    first = last = max(at for at, one in enumerate(pieces) if one.start <= quote.start)
    room = PAGE - _size(text, pieces[first])
    while last + 1 < len(pieces) and pieces[last + 1].start < quote.end:
        room -= _size(text, pieces[last + 1])
        if room < 0:
            return first, last
        last += 1
    return _grown(text, pieces, first, last)


def _grown(text: str, pieces: list[Span], first: int, last: int) -> tuple[int, int]:
    """The piece before and behind added in turn, while a page has room for them."""
    room = PAGE - sum(_size(text, one) for one in pieces[first : last + 1])
    for step in range(len(pieces)):
        at = first - 1 if step % 2 == 0 else last + 1
        if not 0 <= at < len(pieces):
            continue
        room -= _size(text, pieces[at])
        if room < 0:
            break
        first, last = min(first, at), max(last, at)
    return first, last


def _page(text: str, pieces: list[Span], number: int) -> Span | None:
    """The ``number``-th page of neighbouring pieces, in either direction; the last if fewer."""
    page: Span | None = None
    room = 0
    for piece in pieces:
        size = _size(text, piece)
        if page and size <= room:
            page = Span(min(page.start, piece.start), max(page.end, piece.end))
            room -= size
        elif number == 0:
            break
        else:
            page, room, number = piece, PAGE - size, number - 1
    return page


def _size(text: str, piece: Span) -> int:
    """The markup's units, each line counted as if it were bold."""
    markup = escaped_lines(text[piece.start : piece.end])
    return units(markup) + 4 * (1 + markup.count("\n"))


def _marked(text: str, span: Span, quote: Span) -> str:
    """The stretch as markup, each line of the quote in it bold."""
    start = min(max(quote.start, span.start), span.end)
    end = min(max(quote.end, start), span.end)
    inside = escaped_lines(text[start:end])
    bold = "\n".join(f"**{line}**" if line.strip() else line for line in inside.split("\n"))
    before = escaped_lines(text[span.start : start]).lstrip("\n")
    return f"{before}{bold}{escaped_lines(text[end : span.end])}".rstrip()
