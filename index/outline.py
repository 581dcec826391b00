"""Blocks into sections: which short lines are headings, and which are furniture.

A heading is context for what stands beneath it and is never quoted. Furniture (share bars, links to
other articles, menus) is no part of the story and is never quoted either. Both are told apart by
structure alone, with one exception: a short line in the middle of the text that has nothing to do
with the paragraphs beneath it is furniture too, and only its meaning shows that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.blocks import Block, Kind
from index.records import Span


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a heading, if any; ``marked`` where the format itself says it is one."""

    heading: Span | None
    paragraphs: tuple[Span, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's sections in reading order, and its furniture."""

    sections: tuple[Section, ...]
    furniture: tuple[Span, ...]


Unrelated = Callable[[Sequence[Section]], Sequence[bool]]
"""Tells for each section whether its heading has nothing to do with its paragraphs."""


def outline(blocks: Sequence[Block]) -> Outline:
    """Group blocks into sections by structure.

    A short line with a paragraph beneath it is that paragraph's heading. One with nothing beneath,
    at the end or followed by another, is furniture. Where most of a document would be lost that
    way, short lines are how it is written, and they are its paragraphs.
    """
    bare = _bare_lines(blocks)
    if 2 * len(bare) > sum(block.kind is not Kind.CHROME for block in blocks):
        blocks = [
            replace(block, kind=Kind.TEXT) if at in bare and at else block
            for at, block in enumerate(blocks)
        ]
        bare = _bare_lines(blocks)
    furniture = [
        block.span
        for at, block in enumerate(blocks)
        if (at in bare and at) or block.kind is Kind.CHROME
    ]
    return Outline(tuple(_sections(blocks, bare)), tuple(furniture))


def drop_unrelated(found: Outline, unrelated: Unrelated) -> Outline:
    """The outline without headings that have nothing to do with their section.

    Such a heading becomes furniture, and its paragraphs go on with the section before. Marked
    headings are believed, and so is the first section's.
    """
    verdicts = unrelated(found.sections)
    dropped = {
        at
        for at, (section, verdict) in enumerate(zip(found.sections, verdicts, strict=True))
        if verdict and at and section.heading and not section.marked
    }
    sections: list[Section] = []
    furniture = list(found.furniture)
    for at, section in enumerate(found.sections):
        if at in dropped and section.heading:
            furniture.append(section.heading)
            before = sections.pop()
            section = replace(before, paragraphs=before.paragraphs + section.paragraphs)
        sections.append(section)
    return Outline(tuple(sections), tuple(sorted(furniture, key=lambda span: span.start)))


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


def _sections(blocks: Sequence[Block], bare: set[int]) -> list[Section]:
    sections: list[Section] = []
    heading: Block | None = None
    paragraphs: list[Span] = []

    def close() -> None:
        if paragraphs:
            marked = heading is not None and heading.kind is Kind.HEADING
            sections.append(Section(heading.span if heading else None, tuple(paragraphs), marked))

    for at, block in enumerate(blocks):
        if block.kind is Kind.TEXT:
            paragraphs.append(block.span)
        elif block.kind is not Kind.CHROME and at not in bare:
            close()
            heading, paragraphs = block, []
    close()
    return sections
