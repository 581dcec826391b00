"""A document's text into blocks: headings, paragraphs, and short lines standing alone.

Only the shape of the text is read here, never its meaning. What becomes of a short line (heading,
furniture or content) is decided in ``outline``, which sees what stands beneath it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from types import MappingProxyType

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

LONGEST_HEADING = 100
"""Characters; the longest headline that style guides allow is about 80."""

_MOST_HEADING_WORDS = 14
_MOST_LABELLED_WORDS = 5  # "Author: Ada Lovelace"; a title with a colon is longer
_NARROWEST_WRAP, _WIDEST_WRAP = 30, 120  # columns; other lines were not wrapped by hand
_SURE_WRAP = 60  # columns; two lines so wide are one paragraph however the second begins
_FEWEST_PROSE_WORDS = 6
_SHORTEST_HEADED = 40  # characters of a line that may have its heading right above it
_BULLET = re.compile(r"\s*(?:[-*+•‣◦▪●·–]|\(?(?:\d{1,3}|[a-z])[.)])\s+")
_LABELLED = re.compile(r".{1,40}?:\s+\S")
_ADDRESS = re.compile(r"\S@\S|://")
_AMOUNT = re.compile(r"\d[:.,/–-]\d")
_SENTENCE_END = re.compile(r"(?<!\.\.)[.。।۔]$|[!！,;:]$")
_INNER_END = re.compile(r"[.!?][\"”’)]*\s")
_CLOSING = "\"'”’)]»"
_SMALL_WORD = re.compile(r"(?:a|an|and|as|at|by|for|from|in|into|of|on|or|s|the|to|via|vs|with)\b")
_UNDERLINES: Mapping[str, int] = MappingProxyType({"=": 1, "*": 1, "-": 2, "~": 2})
_SHORTEST_UNDERLINE = 3


def plain_blocks(text: str) -> list[Block]:
    """Blocks of plain text, where blank lines and line lengths are all there is to go by.

    Blocks are in reading order, do not overlap, begin and end with no white space, and each holds
    a letter or digit; together they hold all of the text's.
    """
    return [block for run, level in _runs(text) for block in _run_blocks(text, run, level)]


def looks_like_heading(line: str) -> bool:
    """Whether a line that stands alone has the shape of a heading.

    Short, and without the punctuation that a sentence ends with, unless it is one question or in
    title case ("Join Us!"). List items, labelled values ("Opens: at nine"), addresses and lines of
    numbers are content, not headings.
    """
    line = line.strip()
    words = line.split()
    if not _is_short(line) or _is_value(line, words) or not any(map(str.isalpha, line)):
        return False
    unquoted = line.rstrip(_CLOSING)
    if unquoted[-1] in "?？!！":
        asks = unquoted[-1] in "?？" and not _INNER_END.search(line)
        return unquoted == line and (asks or is_title_case(words))
    return not _ends_sentence(line)


def is_title_case(words: Sequence[str]) -> bool:
    """Whether all but small words begin with a capital or digit, and there are at least two."""
    large = [word.lstrip("\"'“‘([") for word in words if not _SMALL_WORD.match(word)]
    return len(large) > 1 and all(word[:1].isupper() or word[:1].isdigit() for word in large)


def unwrapped(text: str, span: Span) -> list[Span]:
    """The paragraphs of a run of lines, ``text[span.start:span.end]``, as spans of ``text``.

    Lines that were wrapped are joined, however narrow; one of its own ("Name: Ada") stands alone.
    Lines behind ``>`` are one paragraph.
    """
    lines = [line for line in _lines(text, span) if _has_words(text, line)]
    if any(text[line.start] == ">" for line in lines[1:]):
        return [Span(lines[0].start, lines[-1].end)]
    joined = _paragraphs(text, lines, narrowest=0)
    return [Span(found[0].start, found[-1].end) for found in joined]


def reads_as_prose(paragraph: str) -> bool:
    """Whether a paragraph is more than a line: long, or a sentence of more than a few words."""
    return len(paragraph) > LONGEST_HEADING or (
        len(paragraph.split()) >= _FEWEST_PROSE_WORDS and _ends_sentence(paragraph)
    )


def _is_short(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and len(line.split()) <= _MOST_HEADING_WORDS


def _is_value(line: str, words: Sequence[str]) -> bool:
    """Whether a line tells something by itself: an item, "Label: value", an address, numbers."""
    if _BULLET.match(line) or _ADDRESS.search(line):
        return True
    if _LABELLED.match(line):
        return not is_title_case(words) or len(words) <= _MOST_LABELLED_WORDS
    telling = [word for word in words if not _SMALL_WORD.match(word)]
    numbers = sum(any(map(str.isdigit, word)) for word in telling)
    label = len(telling) == 2 and not _AMOUNT.search(line)  # "Chapter 1", but not "Monday 9:30"
    return 2 * numbers > len(telling) - (not label)


def _ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence or clause does. An ellipsis ends a teaser as well."""
    return _SENTENCE_END.search(line.rstrip(_CLOSING)) is not None


def _runs(text: str) -> Iterator[tuple[list[Span], int]]:
    """Runs of neighbouring lines with words in them, and the level of a last line underlined."""
    run: list[Span] = []
    for line in _lines(text, Span(0, len(text))):
        if _has_words(text, line):
            run.append(line)
        elif run:
            yield run, _underline_level(text[line.start : line.end])
            run = []
    if run:
        yield run, 0


def _lines(text: str, span: Span) -> Iterator[Span]:
    """Lines without white space around them; blank ones are empty."""
    start = span.start
    for line in text[span.start : span.end].splitlines(keepends=True):
        stripped = line.strip()
        first = start + line.index(stripped)
        yield Span(first, first + len(stripped))
        start += len(line)


def _has_words(text: str, line: Span) -> bool:
    return any(map(str.isalnum, text[line.start : line.end]))


def _underline_level(line: str) -> int:
    """The level of the heading above, if a line is an underline, else 0."""
    is_underline = len(line) >= _SHORTEST_UNDERLINE and len(set(line)) == 1
    return _UNDERLINES.get(line[0], 0) if is_underline else 0


def _run_blocks(text: str, run: list[Span], level: int) -> list[Block]:
    if level and _may_be_underlined(text[run[-1].start : run[-1].end]):
        return [*_run_blocks(text, run[:-1], 0), Block(Kind.HEADING, run[-1], level)]
    paragraphs = _paragraphs(text, run)
    spans = [Span(lines[0].start, lines[-1].end) for lines in paragraphs]
    below = [*spans[1:], None][: len(spans)]
    stands_out = [
        len(lines) == 1 and _stands_out(text, run, span, following)
        for lines, span, following in zip(paragraphs, spans, below, strict=True)
    ]
    return [
        Block(Kind.LINE if out else Kind.TEXT, span)
        for out, span in zip(stands_out, spans, strict=True)
    ]


def _may_be_underlined(line: str) -> bool:
    """Whether a line above an underline is a heading; a paragraph's end above a rule is not."""
    return _is_short(line) and not _ends_sentence(line) and not line[0].islower()


def _stands_out(text: str, run: list[Span], line: Span, below: Span | None) -> bool:
    """Whether a line looks like a heading, and stands alone or right above its paragraph."""
    if not looks_like_heading(text[line.start : line.end]):
        return False
    return len(run) == 1 or (below is not None and _heads(text, line, below))


def _heads(text: str, line: Span, below: Span) -> bool:
    """Whether a line is the heading of the one right below: that is far longer, and no going on."""
    longer = max(_SHORTEST_HEADED, 2 * (line.end - line.start))
    return below.end - below.start > longer and not text[below.start].islower()


def _paragraphs(
    text: str, run: list[Span], *, narrowest: int = _NARROWEST_WRAP
) -> list[list[Span]]:
    """Lines of a run into paragraphs: lines that were wrapped are joined, others stand alone."""
    width = max((line.end - line.start for line in run), default=0)
    if width < narrowest or not run:
        return [[line] for line in run]
    wrapped_at = width if _is_wrapped(text, run, width) else None
    paragraphs = [[run[0]]]
    for line, following in pairwise(run):
        if _goes_on(text, line, following, wrapped_at):
            paragraphs[-1].append(following)
        else:
            paragraphs.append([following])
    return paragraphs


def _is_wrapped(text: str, run: list[Span], width: int) -> bool:
    """Whether a run looks wrapped by hand, and not like a list or verse, a line for each.

    Items and verses begin with a capital, or a label each; a line that was wrapped begins with
    whatever word came next.
    """
    labelled = sum(bool(_LABELLED.match(text, line.start, line.end)) for line in run)
    if width > _WIDEST_WRAP or 2 * labelled > len(run):
        return False
    starts = [text[line.start] for line in run[1:]]
    if any(start.isalpha() and not start.isupper() for start in starts):
        return True
    goes_on = len(run) == 2 and not _ends_sentence(text[run[0].start : run[0].end])
    return goes_on and width >= _SURE_WRAP


def _goes_on(text: str, line: Span, following: Span, wrapped_at: int | None) -> bool:
    """Whether the next line goes on with the paragraph.

    It does when it begins in lower case, or when its first word would not have fitted on this
    line, which is how a paragraph wrapped at ``wrapped_at`` columns looks.
    """
    below = text[following.start : following.end]
    if _BULLET.match(below):
        return False
    first_word = below.split(maxsplit=1)[0]
    if wrapped_at is not None and line.end - line.start + 1 + len(first_word) > wrapped_at:
        return True
    return below[0].islower() and not _ends_sentence(text[line.start : line.end])
