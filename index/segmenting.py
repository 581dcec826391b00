"""A document into passages of whole sentences, and furniture.

The way of the text: blocks (by shape) → outline (sections, furniture) → sentences → passages that
the encoder can read whole.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from index.blocks import Blocks, plain_blocks
from index.context import Pieces
from index.formats import NAMES
from index.laid_out import laid_out_blocks, split_laid_out
from index.markdown import markdown_blocks
from index.outline import Outline, Section, outline
from index.records import Document, Passage, Segmented, Span
from index.sentences import split_sentences
from index.tables import table_outline

CHUNKING = "paragraphs-4"
"""Names the rule by which documents are taken apart and their parts embedded; an index made by
another rule is made anew."""

_BLOCKS: Mapping[str, Blocks] = MappingProxyType(
    dict.fromkeys((".md", ".markdown"), markdown_blocks)
    | dict.fromkeys((".pdf", ".docx", ".html", ".htm", ".xhtml", ".epub"), laid_out_blocks)
)
_TABLES = frozenset((".csv", ".tsv"))
Split = Callable[[str, Span], list[Span]]
"""A paragraph of a text into its sentences."""

_WORD = re.compile(r"[^\W_]")


def segment(document: Document, *, pieces: Pieces, most: int, room: int) -> Segmented:
    r"""Take a document apart.

    Passages are in reading order and share no sentence. ``document.text[start:end]`` of a passage
    holds at most ``most`` word pieces, of which neighbouring paragraphs of a section share one
    passage while both fit into ``room``. A sentence longer than ``most`` is cut at white space
    where there is any, else between pieces. A document without letters or digits gives no passages.

    >>> text = "The Group\n\nIt meets in spring. It also meets in autumn.\n\nShare this"
    >>> document = Document(id="a.txt", title="The Group", text=text, sha256="", size=59)
    >>> words = lambda text: [match.span() for match in re.finditer(r"\w+", text)]
    >>> found = segment(document, pieces=words, most=8, room=8)
    >>> [text[passage.start : passage.end] for passage in found.passages]
    ['It meets in spring.', 'It also meets in autumn.']
    >>> [text[furniture.start : furniture.end] for furniture in found.furniture]
    ['Share this']

    Raises:
        ValueError: ``most`` or ``room`` is not positive.
    """
    if most < 1 or room < 1:
        raise ValueError(f"passages need room for a word piece, not most={most}, room={room}")
    text = document.text
    suffix = PurePosixPath(document.id).suffix.lower()
    found = _outline(text, suffix)
    split = partial(
        split_laid_out if suffix in NAMES else split_sentences, language=document.language
    )
    passages = [
        passage
        for section in found.sections
        for passage in _section_passages(text, section, split, pieces, most, room)
    ]
    return Segmented(document, tuple(passages), found.furniture)


def _outline(text: str, suffix: str) -> Outline:
    if suffix in _TABLES:
        return table_outline(text)
    return outline(text, _BLOCKS.get(suffix, plain_blocks)(text))


def _section_passages(
    text: str, section: Section, split: Split, pieces: Pieces, most: int, room: int
) -> Iterator[Passage]:
    """Fill passages with sentences; start a new one where the next paragraph no longer fits."""
    waiting: list[Span] = []
    used = 0
    for paragraph in section.paragraphs:
        sized = _sized_sentences(text, split(text, paragraph), pieces, most)
        if waiting and used + sum(size for _, size in sized) > room:
            yield _passage(waiting, section)
            waiting, used = [], 0
        for sentence, size in sized:
            gap = _gap(text, waiting[-1], sentence, pieces) if waiting else 0
            if waiting and used + gap + size > most:
                yield _passage(waiting, section)
                waiting, used, gap = [], 0, 0
            waiting.append(sentence)
            used += gap + size
    if waiting:
        yield _passage(waiting, section)


def _passage(sentences: list[Span], section: Section) -> Passage:
    return Passage(sentences[0].start, sentences[-1].end, tuple(sentences), section.heading)


def _gap(text: str, before: Span, after: Span, pieces: Pieces) -> int:
    """How many word pieces stand between two sentences, such as the mark of a list item."""
    between = text[before.end : after.start].strip()
    return len(pieces(between)) if between else 0


def _sized_sentences(
    text: str, sentences: Sequence[Span], pieces: Pieces, most: int
) -> list[tuple[Span, int]]:
    """A paragraph's sentences, each with its number of word pieces, none over ``most``."""
    return [
        sized
        for sentence in sentences
        for sized in _cut(text, sentence, pieces, most)
        if _WORD.search(text, sized[0].start, sized[0].end)  # some parts may be marks alone
    ]


def _cut(text: str, sentence: Span, pieces: Pieces, most: int) -> Iterator[tuple[Span, int]]:
    """The sentence whole if it fits; else parts of at most ``most`` pieces, cut at white space."""
    found = pieces(text[sentence.start : sentence.end])
    if len(found) <= most:
        yield sentence, len(found)
        return
    starts = [sentence.start + start for start, _ in found]
    edges = [sentence.start, *starts[1:], sentence.end]
    first = 0
    while first < len(starts):
        last = _last_gap(text, starts, first, first + most)
        part, size = _measured(text, edges[first], edges[last], pieces)
        # What is left of a word cut in two may be read in more pieces than it was in the word.
        while size > most and last > first + 1:
            last -= 1
            part, size = _measured(text, edges[first], edges[last], pieces)
        yield part, size
        first = last


def _last_gap(text: str, starts: Sequence[int], first: int, limit: int) -> int:
    """The last piece in ``(first, limit]`` that white space stands before; else ``limit``."""
    if limit >= len(starts):
        return len(starts)
    for at in range(limit, first, -1):
        if text[starts[at] - 1].isspace():
            return at
    return limit


def _measured(text: str, start: int, end: int, pieces: Pieces) -> tuple[Span, int]:
    """The span without white space around it, and its number of word pieces."""
    piece = text[start:end].strip()
    first = text.index(piece, start)
    return Span(first, first + len(piece)), len(pieces(piece))
