"""A document's text into blocks: headings, paragraphs, and short lines standing alone.

Only the shape of the text is read here, never its meaning. What becomes of a short line (heading or
furniture) is decided in ``segmenting``, which sees what stands beneath it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from index.records import Span


class Kind(Enum):
    """What a block is by its shape.

    HEADING is marked as one (``# …``, underlined). LINE is short, stands alone and looks like a
    heading. TEXT may be quoted. CHROME is known to be none of the story (a menu made of links).
    """

    HEADING = "heading"
    LINE = "line"
    TEXT = "text"
    CHROME = "chrome"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text of one kind; ``level`` is a marked heading's depth, from 1, else 0."""

    kind: Kind
    span: Span
    level: int = 0


Blocks = Callable[[str], list[Block]]

_LONGEST_HEADING = 100  # characters; the longest headline style guides allow is about 80
_MOST_HEADING_WORDS = 14
_WIDEST_WRAP = 120  # columns; a longer line was not wrapped by hand
_BULLET = re.compile(r"\s*(?:[-*+•‣–]|\(?(?:\d{1,3}|[a-z])[.)])\s+")
_LABELLED = re.compile(r"[^:]{1,40}:\s+\S")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,}|\*{3,})\s*")
_SENTENCE_END = re.compile(r"[.!。！][\"'”’)\]]*$|[,;:]$")
_SMALL_WORD = re.compile(r"(?:a|an|and|as|at|by|for|from|in|into|of|on|or|s|the|to|via|vs|with)\b")


def plain_blocks(text: str) -> list[Block]:
    """Blocks of plain text, where blank lines and line lengths are all there is to go by.

    Blocks are in reading order and do not overlap; together they hold every letter of the text.
    """
    return [block for run in _runs(text) for block in _run_blocks(text, run)]


def looks_like_heading(line: str) -> bool:
    """Whether a line that stands alone has the shape of a heading.

    Short, and either without the punctuation a sentence ends with or in title case ("How Does It
    Work?"). List items and labelled values ("Opens: at nine") are content, not headings.
    """
    line = line.strip()
    words = line.split()
    if not line or len(line) > _LONGEST_HEADING or len(words) > _MOST_HEADING_WORDS:
        return False
    if _BULLET.match(line) or _LABELLED.match(line) or not any(map(str.isalpha, line)):
        return False
    if line.endswith("?"):
        return is_title_case(words)
    return not _SENTENCE_END.search(line)


def is_title_case(words: Sequence[str]) -> bool:
    """Whether all but small words begin with a capital or digit, and there are at least two."""
    large = [word.lstrip("\"'“‘([") for word in words if not _SMALL_WORD.match(word)]
    return len(large) > 1 and all(word[:1].isupper() or word[:1].isdigit() for word in large)


def _runs(text: str) -> Iterator[list[Span]]:
    """Runs of neighbouring lines that are not blank, without their line ends."""
    run: list[Span] = []
    for line in _lines(text):
        if text[line.start : line.end].strip():
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Span(start, start + len(line.rstrip()) if line.strip() else start)
        start += len(line)


def _run_blocks(text: str, run: list[Span]) -> list[Block]:
    first = text[run[0].start : run[0].end]
    if len(run) > 1 and _UNDERLINE.fullmatch(text[run[1].start : run[1].end]):
        return [Block(Kind.HEADING, run[0], level=1), *_paragraphs(text, run[2:])]
    if len(run) == 1:
        kind = Kind.LINE if looks_like_heading(first) else Kind.TEXT
        return [Block(kind, run[0])]
    if _heads_its_run(text, run):
        return [Block(Kind.LINE, run[0]), *_paragraphs(text, run[1:])]
    return _paragraphs(text, run)


def _heads_its_run(text: str, run: list[Span]) -> bool:
    """A heading with no blank line beneath: title case, and far shorter than what follows."""
    first, second = (text[line.start : line.end].strip() for line in run[:2])
    titled = is_title_case(first.split()) or first.isupper()
    return titled and looks_like_heading(first) and len(second) > max(40, 2 * len(first))


def _paragraphs(text: str, run: list[Span]) -> list[Block]:
    """Lines of a run into paragraphs: lines that were wrapped are joined, others stand alone."""
    if not run:
        return []
    width = max(line.end - line.start for line in run)
    starts = [run[0]]
    ends: list[Span] = []
    for line, following in pairwise(run):
        if not _goes_on(text, line, following, width):
            ends.append(line)
            starts.append(following)
    ends.append(run[-1])
    return [
        Block(Kind.TEXT, Span(first.start, last.end))
        for first, last in zip(starts, ends, strict=True)
    ]


def _goes_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the next line goes on with the paragraph.

    It does when it begins in lower case, or when its first word would not have fitted on this
    line, which is how a paragraph wrapped at ``width`` columns looks.
    """
    below = text[following.start : following.end]
    if _BULLET.match(below):
        return False
    words = below.split(maxsplit=1)
    if width <= _WIDEST_WRAP and line.end - line.start + 1 + len(words[0]) > width:
        return True
    return words[0][0].islower() and not _SENTENCE_END.search(text[line.start : line.end])
