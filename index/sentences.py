"""A paragraph's text into sentences, with exact offsets.

The boundaries come from sentencex (rule-based, some 300 languages). It keeps a quotation of several
sentences whole, reads an ellipsis as never ending a sentence, and starts a sentence with the
footnote mark of the one before; those three are mended here.
"""

import re
from itertools import pairwise

import sentencex

from index.records import Span

# A new sentence after an ellipsis: white space, then a capital (perhaps behind an opening quote).
_AFTER_ELLIPSIS = re.compile(r"(?:…|\.\.\.)[”\"’')\]]*\s+(?=[“\"‘'(\[]?[^\W\d_a-zß-öø-ÿ])")
_QUOTATION = re.compile(r"[“„«]([^“”„«»]+)[”“»]|\"([^\"]+)\"")
# What an encyclopedia leaves behind a full stop: "[citation needed]", "[12]", ":19-1", ":4-5:24".
_NOTE_MARK = re.compile(r"(?:\[[^\]\n]{1,30}\]|(?::\d[\d–-]*)+)(?=\s|$|\[)\s*")


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
    starts = {_after_note_marks(paragraph, start) for start in starts}
    edges = [0, *sorted(starts - {0, len(paragraph)}), len(paragraph)]
    pieces = [_trim(paragraph, *edge) for edge in pairwise(edges)]
    return [
        Span(span.start + piece.start, span.start + piece.end)
        for piece in _attach_wordless(paragraph, pieces)
    ]


def _boundaries(paragraph: str, language: str) -> set[int]:
    """Where sentences begin, those inside quotations too."""
    starts = _library_boundaries(paragraph, language)
    for match in _QUOTATION.finditer(paragraph):
        inner = match.lastindex or 1
        offset = match.start(inner)
        starts.update(offset + at for at in _library_boundaries(match[inner], language) if at)
    return starts


def _library_boundaries(paragraph: str, language: str) -> set[int]:
    found = sentencex.get_sentence_boundaries(language, paragraph)
    return {int(boundary["start_index"]) for boundary in found}


def _after_note_marks(paragraph: str, start: int) -> int:
    """The same boundary, moved behind marks that belong to the sentence before."""
    while start and (mark := _NOTE_MARK.match(paragraph, start)):
        start = mark.end()
    return start


def _trim(paragraph: str, start: int, end: int) -> Span:
    piece = paragraph[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _attach_wordless(paragraph: str, pieces: list[Span]) -> list[Span]:
    """Let a piece without a letter or digit (a lone quote mark, dots) join its neighbour."""
    sentences: list[Span] = []
    waiting: int | None = None
    for piece in pieces:
        if not any(map(str.isalnum, paragraph[piece.start : piece.end])):
            if sentences and waiting is None:
                sentences[-1] = Span(sentences[-1].start, max(piece.end, sentences[-1].end))
            elif piece.start < piece.end and waiting is None:
                waiting = piece.start
            continue
        sentences.append(Span(piece.start if waiting is None else waiting, piece.end))
        waiting = None
    return sentences
