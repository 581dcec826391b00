"""A document into passages of whole sentences, and furniture.

The way of the text: blocks (by shape) → outline (sections, furniture) → sentences → passages that
the encoder can read whole.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from index.blocks import Blocks, plain_blocks
from index.context import Pieces
from index.markdown import markdown_blocks
from index.outline import Section, drop_unrelated, outline
from index.records import Document, Passage, Segmented, Span
from index.sentences import split_sentences
from index.terms import terms

CHUNKING = "paragraphs-1"
"""Names the rule; an index made by another rule is made anew."""

_MARKDOWN = frozenset((".md", ".markdown"))
_FEWEST_TELLING_TERMS = 4
_RELATED_SHARE = 0.25


def segment(document: Document, *, pieces: Pieces, most: int, room: int) -> Segmented:
    """Take a document apart.

    Passages are in reading order and share no sentence. ``document.text[start:end]`` of a passage
    holds at most ``most`` word pieces, of which neighbouring paragraphs of a section share one
    passage while both fit into ``room``. A sentence longer than ``most`` is cut at white space
    where there is any. A document of blank text gives no passages.

    Raises:
        ValueError: ``most`` or ``room`` is not positive.
    """
    if most < 1 or room < 1:
        raise ValueError(f"passages need room for a word piece, not most={most}, room={room}")
    found = drop_unrelated(
        outline(_block_reader(document.id)(document.text)),
        lambda sections: _unrelated(document.text, sections),
    )
    passages = [
        passage
        for section in found.sections
        for passage in _section_passages(document.text, section, pieces, most, room)
    ]
    return Segmented(document, tuple(passages), found.furniture)


def _block_reader(document_id: str) -> Blocks:
    suffix = PurePosixPath(document_id).suffix.lower()
    return markdown_blocks if suffix in _MARKDOWN else plain_blocks


def _section_passages(
    text: str, section: Section, pieces: Pieces, most: int, room: int
) -> Iterator[Passage]:
    """Fill passages with sentences; start a new one where the next paragraph no longer fits."""
    waiting: list[Span] = []
    used = 0
    for paragraph in section.paragraphs:
        sized = _sized_sentences(text, paragraph, pieces, most)
        if waiting and used + sum(size for _, size in sized) > room:
            yield _passage(waiting, section)
            waiting, used = [], 0
        for sentence, size in sized:
            if waiting and used + size > most:
                yield _passage(waiting, section)
                waiting, used = [], 0
            waiting.append(sentence)
            used += size
    if waiting:
        yield _passage(waiting, section)


def _passage(sentences: list[Span], section: Section) -> Passage:
    return Passage(sentences[0].start, sentences[-1].end, tuple(sentences), section.heading)


def _sized_sentences(
    text: str, paragraph: Span, pieces: Pieces, most: int
) -> list[tuple[Span, int]]:
    """A paragraph's sentences, each with its number of word pieces, none over ``most``."""
    return [
        sized
        for sentence in split_sentences(text, paragraph)
        for sized in _cut(text, sentence, pieces, most)
    ]


def _cut(text: str, sentence: Span, pieces: Pieces, most: int) -> Iterator[tuple[Span, int]]:
    """The sentence whole if it fits; else parts of at most ``most`` pieces, cut at white space."""
    found = pieces(text[sentence.start : sentence.end])
    first = 0
    while len(found) - first > most:
        cut = _last_gap(found, first, first + most)
        yield (
            Span(sentence.start + found[first][0], sentence.start + found[cut - 1][1]),
            cut - first,
        )
        first = cut
    start = sentence.start + found[first][0] if first else sentence.start
    yield Span(start, sentence.end), len(found) - first


def _last_gap(found: Sequence[tuple[int, int]], first: int, limit: int) -> int:
    """The last piece in ``(first, limit]`` that starts behind a gap; ``limit`` if none does."""
    for at in range(limit, first + 1, -1):
        if found[at][0] > found[at - 1][1]:
            return at
    return limit


def _unrelated(text: str, sections: Sequence[Section]) -> list[bool]:
    """Whether each heading is a headline about something else.

    That is so when its terms, weighted by how telling they are in this document (the idf of BM25
    over its paragraphs), hardly occur in the document's paragraphs at all. A short label
    ("Installation") or a dated one tells too little to be judged, and is believed.
    """
    if not sections:
        return []
    paragraphs = [set(terms(text[p.start : p.end])) for s in sections for p in s.paragraphs]
    counts = Counter(term for paragraph in paragraphs for term in paragraph)
    weigh = _weigher(counts, len(paragraphs))
    return [_is_foreign(_heading_terms(text, section), counts, weigh) for section in sections]


def _heading_terms(text: str, section: Section) -> set[str]:
    return (
        set(terms(text[section.heading.start : section.heading.end])) if section.heading else set()
    )


def _weigher(counts: Counter[str], total: int) -> Callable[[str], float]:
    def weigh(term: str) -> float:
        return math.log1p((total - counts[term] + 0.5) / (counts[term] + 0.5))

    return weigh


def _is_foreign(found: set[str], counts: Counter[str], weigh: Callable[[str], float]) -> bool:
    dated = any(character.isdigit() for term in found for character in term)
    if dated or len(found) < _FEWEST_TELLING_TERMS:
        return False
    known = sum(weigh(term) for term in found if counts[term])
    return known < _RELATED_SHARE * sum(map(weigh, found))
