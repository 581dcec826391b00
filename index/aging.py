"""What became of a quote: it stands, it moved, something else is said in its place, or it is gone.

A quote is always judged as it was given first, whatever was found of it in between; so one that
comes back stands again.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from index.answering import citation_of
from index.fates import GONE, KEPT, Changed, Fate, Judged, Moved
from index.predecessors import refers_back
from index.records import Citation, Document, Span
from index.shelf import Shelf
from index.terms import words

SAME_SECTION: Final = 0.60
"""How alike a sentence of the same section must be to be what a quote was changed into."""
ELSEWHERE: Final = 0.75
"""The same of a sentence that stands under another heading. Both as measured, see decisions.md."""

_LETTERS = 40  # of 100; sentences less alike by letters are not by words either
_LEAST_WORDS = 3  # of a quote that is looked for where it was not quoted from, or changed
_WHITE = re.compile(r"\s+")
_WRITTEN_APART = 0x2E80  # from here on scripts put no space between words


def judge(
    citation: Citation,
    shelf: Shelf,
    *,
    since: str = "",
    beside: Collection[str] = (),
    before: Fate = KEPT,
) -> Judged:
    """What became of a quote, as far as the documents on ``shelf`` tell.

    The citation of the fate has the number of the one judged, and
    ``document.text[start:end] == quote``.

    Args:
        citation: as it was given first.
        shelf: the documents, and only those, that whoever is told of it may see.
        since: when it was given (ISO 8601, UTC); only a document indexed from then on can be the
            cited one under another name, unless it has the same bytes.
        beside: other quotes from the same time; none of them is what this one was changed into.
        before: what was found last time; kept where it is still so.
    """
    document = shelf.document(citation.document)
    if document and (stands := locate(document.text, citation.quote, citation.start)):
        return _standing(citation, document, stands, shelf)
    if (found := _where_it_was(citation, shelf, before)) is not None:
        return found
    if document and (found := _successor(citation, document, shelf, beside)) is not None:
        return found
    for other in _elsewhere(citation, shelf, since):
        if stands := locate(other.text, citation.quote, citation.start):
            return _standing(citation, other, stands, shelf)
    return Judged(citation.document, document.sha256 if document else "", GONE)


def judge_all(
    citations: Sequence[Citation], shelf: Shelf, *, since: str = "", before: Sequence[Fate] = ()
) -> list[Judged]:
    """What became of the quotes of one answer, in their order. As ``judge``."""
    quotes = {one.quote for one in citations}
    known = [*before, *[KEPT] * len(citations)]
    return [
        judge(one, shelf, since=since, beside=quotes - {one.quote}, before=fate)
        for one, fate in zip(citations, known, strict=False)
    ]


def locate(text: str, quote: str, start: int) -> Span | None:
    r"""Where ``quote`` stands in ``text``: at ``start`` as before, or else nearest to it.

    White space may be another: a paragraph whose lines were broken anew says what it said. A quote
    that would begin or end within a word does not stand there.

    >>> locate("One. Two\nthree.", "Two three.", 0)
    Span(start=5, end=15)
    """
    found = _nearest(text, _verbatim(text, quote), start)
    if found is not None or not (parts := quote.split()):
        return found
    if parts[0] not in text:
        return None
    loose = re.compile(r"\s+".join(map(re.escape, parts)))
    return _nearest(text, (Span(*one.span()) for one in loose.finditer(text)), start)


def likeness(one: str, other: str) -> float:
    """How alike two sentences are, 0 to 1: by the words they share in order, and by letters."""
    first, second = words(one), words(other)
    by_words = Indel.normalized_similarity(first, second)
    return (by_words + fuzz.ratio(" ".join(first), " ".join(second)) / 100) / 2


def _verbatim(text: str, quote: str) -> Iterator[Span]:
    at = text.find(quote) if quote else -1
    while at >= 0:
        yield Span(at, at + len(quote))
        at = text.find(quote, at + 1)


def _nearest(text: str, places: Iterator[Span], start: int) -> Span | None:
    whole = (one for one in places if not (_cuts(text, one.start) or _cuts(text, one.end)))
    return min(whole, key=lambda one: abs(one.start - start), default=None)


def _cuts(text: str, at: int) -> bool:
    """Whether a place lies within a word."""
    if not 0 < at < len(text):
        return False
    around = text[at - 1 : at + 1]
    return all(char.isalnum() and ord(char) < _WRITTEN_APART for char in around)


def _standing(citation: Citation, document: Document, at: Span, shelf: Shelf) -> Judged:
    now = _cited(citation, document, at, shelf)
    fate = KEPT if replace(now, sha256=citation.sha256) == citation else Moved(now)
    return Judged(document.id, document.sha256, fate)


def _cited(citation: Citation, document: Document, at: Span, shelf: Shelf) -> Citation:
    """The same quote, cited from where it stands now."""
    section = shelf.section_at(document.id, at.start) or citation.section
    answer = _answer(citation, document.body[at.start : at.end])
    answer = Span(at.start + answer.start, at.start + answer.end)
    return citation_of(document, at, n=citation.n, section=section, answer=answer)


def _answer(citation: Citation, quote: str) -> Span:
    """Where the answer stands in the quote, whose white space may be another now."""
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    before, length = _signs(citation.quote[:start]), _signs(citation.answer)
    if quote == citation.quote:
        return Span(start, end)
    if citation.is_whole or not length:
        return Span(0, len(quote))
    return Span(_at_sign(quote, before), _at_sign(quote, before + length - 1) + 1)


def _signs(text: str) -> int:
    """How many characters there are beside white space."""
    return len(_WHITE.sub("", text))


def _at_sign(text: str, number: int) -> int:
    """Where the ``number``-th character stands that is no white space, from 0."""
    places = (at for at, char in enumerate(text) if not char.isspace())
    return next((at for n, at in enumerate(places) if n == number), len(text))


def _where_it_was(citation: Citation, shelf: Shelf, before: Fate) -> Judged | None:
    """What was found last time, if that is so still; its place may be another."""
    if not isinstance(before, Moved | Changed):
        return None
    document = shelf.document(before.citation.document)
    if document is None:
        return None
    at = locate(document.text, before.citation.quote, before.citation.start)
    if at is None:
        return None
    if isinstance(before, Moved):
        return _standing(citation, document, at, shelf)
    return _changed(citation, document, at, shelf.section_at(document.id, at.start))


def _successor(
    citation: Citation, document: Document, shelf: Shelf, beside: Collection[str]
) -> Judged | None:
    """The quote that this one was evidently changed into, if there is one."""
    if len(words(citation.quote)) < _LEAST_WORDS:
        return None
    best: tuple[float, Span, str | None] | None = None
    for at, section in shelf.quotes(document.id):
        text = document.body[at.start : at.end]
        needed = SAME_SECTION if section == citation.section else ELSEWHERE
        if text in beside or _is_what_led_up(text, citation.quote):
            continue
        if fuzz.ratio(citation.quote, text) < _LETTERS:
            continue
        alike = likeness(citation.quote, text)
        if alike >= needed and (best is None or alike > best[0]):
            best = (alike, at, section)
    return _changed(citation, document, *best[1:]) if best else None


def _is_what_led_up(text: str, quote: str) -> bool:
    """Whether ``text`` is the sentence that a quote begins with, as what it quotes refers to it.

    Where that alone is left, what was quoted is gone, not changed.
    """
    return quote.startswith(text) and refers_back(quote[len(text) :])


def _changed(citation: Citation, document: Document, at: Span, section: str | None) -> Judged:
    now = citation_of(document, at, n=citation.n, section=section, answer=at)
    return Judged(document.id, document.sha256, Changed(now))


def _elsewhere(citation: Citation, shelf: Shelf, since: str) -> list[Document]:
    """Documents that may be the cited one under another name, the likeliest first."""
    if len(words(citation.quote)) < _LEAST_WORDS:
        since = "~"  # later than any time: what is so short stands in many documents
    name = citation.document.rpartition("/")[2]
    found = [
        (one.sha256 != citation.sha256, one.id.rpartition("/")[2] != name, one.id, one)
        for one, at in shelf.others(citation.document)
        if at >= since or one.sha256 == citation.sha256
    ]
    return [one for *_, one in sorted(found, key=lambda item: item[:3])]
