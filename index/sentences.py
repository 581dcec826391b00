"""A paragraph's text into sentences, with exact offsets.

The boundaries come from sentencex (rule-based, some 300 languages). It keeps a quotation of several
sentences whole, reads an ellipsis as never ending a sentence, takes a list's "2." for a sentence,
and begins a sentence with what belongs to the end of the one before (a closing mark, a footnote
mark); those are mended here.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from index.records import Span

# sentencex's time grows with the square of what it is given; 4,000 characters take it 10 ms.
_WINDOW = 4_000
# A new sentence after an ellipsis: white space, then a capital (perhaps behind an opening quote).
_AFTER_ELLIPSIS = re.compile(r"(?:…|\.\.\.)[”\"’')\]]*\s+(?=[“\"‘'(\[]?[^\W\d_a-zß-öø-ÿ])")
_QUOTATION = re.compile(r"[“„«]([^“”„«»]+)[”“»]|\"([^\"]+)\"")
# What ends a sentence behind its full stop, as in "(… left.) She", "*… left.* She".
_CLOSING_MARKS = re.compile(r"(?<=\S)[^\w\s]{1,5}(?:\s+|$)")
# What an encyclopedia leaves behind a full stop: "[citation needed]", "[12]", ":19-1", ":4-5:24".
# "[He] was there." is no such mark but begins a sentence.
_NOTE_MARK = re.compile(
    r"(?:\[(?![A-ZÀ-ÖØ-Þ][^\]\n]{,30}\]\s+[a-zß-öø-ÿ])[^\]\n]{1,30}\]|(?::\d[\d–-]*)+)(?=\s|$|\[)\s*"
)
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")


def split_sentences(text: str, span: Span, *, language: str = "en") -> list[Span]:
    """Split ``text[span.start:span.end]``, one paragraph, into sentences.

    Spans are in characters of ``text``, in reading order, without overlap or surrounding white
    space. Every letter and digit of the paragraph is in exactly one of them; line breaks within
    count as spaces. A paragraph without a letter or digit gives ``[]``.

    >>> split_sentences("He left. Why?", Span(0, 13))
    [Span(start=0, end=8), Span(start=9, end=13)]
    """
    paragraph = re.sub(r"\s", " ", text[span.start : span.end])
    starts = _boundaries(paragraph, language)
    starts.update(match.end() for match in _AFTER_ELLIPSIS.finditer(paragraph))
    starts = {_after_endings(paragraph, start) for start in starts}
    edges = [0, *sorted(starts - {0, len(paragraph)}), len(paragraph)]
    pieces = [_trim(paragraph, *edge) for edge in pairwise(edges)]
    return [
        Span(span.start + piece.start, span.start + piece.end)
        for piece in _join_wordless(paragraph, pieces)
    ]


def _boundaries(paragraph: str, language: str) -> set[int]:
    """Where sentences begin, those inside quotations too."""
    starts = set(_library_boundaries(paragraph, language))
    for match in _QUOTATION.finditer(paragraph):
        inner = match.lastindex or 1
        offset = match.start(inner)
        starts.update(offset + at for at in _library_boundaries(match[inner], language))
    return starts


def _library_boundaries(paragraph: str, language: str) -> Iterator[int]:
    """Where sentences begin but for the first, read a window at a time."""
    first = 0
    while first < len(paragraph):
        window = paragraph[first : first + _WINDOW]
        found = sentencex.get_sentence_boundaries(language, window)
        starts = [int(boundary["start_index"]) for boundary in found if boundary["start_index"]]
        yield from (first + start for start in starts)
        # The window's last sentence may go on; it is read again whole, unless it is very long.
        goes_on = max(starts, default=0) if first + _WINDOW < len(paragraph) else 0
        first += goes_on if goes_on > _WINDOW // 2 else _WINDOW


def _after_endings(paragraph: str, start: int) -> int:
    """The same boundary, moved behind marks that belong to the sentence before."""
    if start and (closing := _CLOSING_MARKS.match(paragraph, start)):
        start = closing.end()
    while start and (mark := _NOTE_MARK.match(paragraph, start)):
        start = mark.end()
    return start


def _trim(paragraph: str, start: int, end: int) -> Span:
    piece = paragraph[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _join_wordless(paragraph: str, pieces: list[Span]) -> list[Span]:
    """Let a piece that says nothing by itself join a neighbour.

    Marks alone (dots, a quote mark) belong to the sentence before, or to the first; a list's number
    belongs to what it numbers.
    """
    sentences: list[Span] = []
    waiting: int | None = None
    for piece in pieces:
        written = paragraph[piece.start : piece.end]
        worded = any(map(str.isalnum, written))
        if written and not worded and sentences and waiting is None:
            sentences[-1] = Span(sentences[-1].start, piece.end)
        elif worded and not _LIST_NUMBER.fullmatch(written):
            sentences.append(Span(piece.start if waiting is None else waiting, piece.end))
            waiting = None
        elif written and waiting is None:
            waiting = piece.start
    if waiting is not None and any(map(str.isalnum, paragraph[waiting:])):
        sentences.append(Span(waiting, len(paragraph.rstrip())))
    return sentences
