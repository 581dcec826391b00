"""Blocks into sections: which short lines are headings, which furniture, and which content.

A heading is context for what stands beneath it and is never quoted. Furniture (share bars, links to
other articles, menus) is no part of the story and is never quoted either. They are told apart by
structure alone, with one exception: a short line in the middle of the text that has nothing to do
with it is furniture too, and only its meaning shows that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.blocks import Block, Kind, is_title_case, reads_as_prose
from index.records import Span
from index.relatedness import FEWEST_TELLING_TERMS, Relatedness

_MOST_FURNITURE = 0.5  # of the letters of the paragraphs; articles have a tenth of that
_MENU = 3  # lines; in a pile of so many even a short one must have to do with the text


@dataclass(frozen=True, slots=True)
class Section:
    """Neighbouring paragraphs, at least one, under a heading, if any.

    Furniture between paragraphs parts sections; both have the same heading then.
    """

    heading: Span | None
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's sections and its furniture, each in reading order."""

    sections: tuple[Section, ...]
    furniture: tuple[Span, ...]


def outline(text: str, blocks: Sequence[Block]) -> Outline:
    """Group the blocks of ``text`` into sections.

    A short line with a paragraph beneath it is that paragraph's heading, unless it has nothing to
    do with the text: then it is furniture, and the paragraph belongs to the heading before. Marked
    headings and questions are believed. A line with nothing beneath, at the end or followed by
    another, is furniture. The first line is the title and never furniture.

    But where nothing of a document is prose, or too much of it would be lost that way, short lines
    are how it is written, and they are its paragraphs; so are those that a sentence ending in a
    colon introduces. Every document with a letter in it has a paragraph, unless all is chrome.
    """
    blocks = _without_foreign(text, _with_content(text, blocks))
    bare = _bare_lines(blocks) - _title(blocks)
    furniture = [
        block.span for at, block in enumerate(blocks) if at in bare or block.kind is Kind.CHROME
    ]
    return Outline(tuple(_sections(blocks, bare)), tuple(furniture))


def _title(blocks: Sequence[Block]) -> set[int]:
    """The position of the first block that is part of the story, if there is one."""
    return {next((at for at, block in enumerate(blocks) if block.kind is not Kind.CHROME), 0)}


def _with_content(text: str, blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks, with those short lines made paragraphs that are content."""
    paragraphs = [block.span for block in blocks if block.kind is Kind.TEXT]
    if not any(reads_as_prose(text[span.start : span.end]) for span in paragraphs):
        return _written_in_lines(text, blocks)
    bare = _bare_lines(blocks) - _title(blocks)
    lost = sum(_length(blocks[at].span) for at in bare)
    if lost > _MOST_FURNITURE * sum(map(_length, paragraphs)):
        return _as(Kind.TEXT, blocks, bare)
    return _as(Kind.TEXT, blocks, bare & _introduced(text, blocks))


def _written_in_lines(text: str, blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of a document without prose: lines are paragraphs, but a question heads one."""
    title = _title(blocks)
    lines = {at for at, block in enumerate(blocks) if block.kind is Kind.LINE} - title
    questions = {at for at in lines if text[blocks[at].span.end - 1] in "?？"}
    blocks = _as(Kind.TEXT, blocks, lines - questions)
    blocks = _as(Kind.TEXT, blocks, _bare_lines(blocks) - title)
    quotable = any(block.kind is Kind.TEXT for block in blocks)
    return blocks if quotable else _as(Kind.TEXT, blocks, _bare_lines(blocks))


def _as(kind: Kind, blocks: Sequence[Block], positions: set[int]) -> list[Block]:
    return [
        replace(block, kind=kind, level=0) if at in positions else block
        for at, block in enumerate(blocks)
    ]


def _length(span: Span) -> int:
    return span.end - span.start


def _introduced(text: str, blocks: Sequence[Block]) -> set[int]:
    """Positions of short lines in a pile right beneath a sentence that ends in a colon."""
    found: set[int] = set()
    for at, block in enumerate(blocks[1:], start=1):
        above = blocks[at - 1]
        colon = above.kind is Kind.TEXT and text[above.span.end - 1] in ":："
        announced = colon and reads_as_prose(text[above.span.start : above.span.end])
        if block.kind is Kind.LINE and (announced or at - 1 in found):
            found.add(at)
    return found


def _without_foreign(text: str, blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks, with short lines that would be headings but have to do with nothing as chrome."""
    related = Relatedness(text, (block.span for block in blocks if block.kind is Kind.TEXT))
    foreign: set[int] = set()
    for pile in _piles(blocks):
        fewest = 1 if len(pile) >= _MENU else FEWEST_TELLING_TERMS
        for at in reversed(pile):  # what stands over a foreign line may be the heading
            line = blocks[at].span
            if _asks(text, line) or not related.is_foreign(line, fewest=fewest):
                break
            foreign.add(at)
    return _as(Kind.CHROME, blocks, foreign)


def _asks(text: str, line: Span) -> bool:
    """Whether a line is a question as people write them, whose answer need not repeat its words."""
    written = text[line.start : line.end]
    return written.endswith(("?", "？")) and not is_title_case(written.split())


def _piles(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Positions of neighbouring short lines right above a paragraph, but for the title."""
    pile: list[int] = []
    title = _title(blocks)
    for at, block in enumerate(blocks):
        if block.kind is Kind.LINE and at not in title:
            pile.append(at)
            continue
        if pile and block.kind is Kind.TEXT:
            yield pile
        pile = []


def _bare_lines(blocks: Sequence[Block]) -> set[int]:
    """Positions of headings and short lines with no paragraph directly beneath them.

    A marked heading followed by a deeper one has its subsection beneath it and is not bare.
    """
    bare = set()
    below: Block | None = None
    for at in reversed(range(len(blocks))):
        block = blocks[at]
        if block.kind in (Kind.HEADING, Kind.LINE) and not _stands_over(block, below):
            bare.add(at)
        if block.kind is not Kind.CHROME:
            below = block
    return bare


def _stands_over(block: Block, below: Block | None) -> bool:
    return below is not None and (below.kind is Kind.TEXT or below.level > block.level > 0)


def _sections(blocks: Sequence[Block], bare: set[int]) -> Iterator[Section]:
    heading: Span | None = None
    paragraphs: list[Span] = []
    for at, block in enumerate(blocks):
        if block.kind is Kind.TEXT:
            paragraphs.append(block.span)
            continue
        if paragraphs:
            yield Section(heading, tuple(paragraphs))
            paragraphs = []
        if block.kind is not Kind.CHROME and at not in bare:
            heading = block.span
    if paragraphs:
        yield Section(heading, tuple(paragraphs))
