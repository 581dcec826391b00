"""The text of a document that was made of another format's, and its blocks.

Headings are marked with ``#``; blank lines part paragraphs; a list's items begin with ``-``; a
table's row is one line, with `` | `` between its cells. Parsers write it, and it is read again here
when the document is taken apart: only the text is kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.blocks import Block, Kind, looks_like_heading
from index.records import Span
from index.sentences import split_sentences

CELL = " | "
"""Stands between the cells of a row."""

ITEM = "- "
"""Begins an item of a list."""

_HEADING = re.compile(r"(#{1,6}) (?=\S)")
_ITEM = re.compile(r"[-•‣◦▪●·] ")
_LONGEST_ROW = 600  # characters; a longer row is quoted by the cell


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document: a heading if it has a ``level`` from 1, else a paragraph.

    A ``tight`` one stands right beneath the one before: an item of a list, a row, a line of code.
    """

    text: str
    level: int = 0
    tight: bool = False


def lay_out(parts: Iterable[Part]) -> str:
    """The text of a document; parts without a letter or digit are left out."""
    written: list[str] = []
    for part in parts:
        text = _headline(part) if part.level else _paragraph(part.text)
        if any(map(str.isalnum, text)):
            if written:
                written.append("\n" if part.tight else "\n\n")
            written.append(text)
    return "".join(written)


def row(values: Sequence[str], names: Sequence[str] = ()) -> str:
    """A row's line: its cells that hold anything, each behind the name of its column, if any.

    >>> row(["Bern", "", "134,591"], ["City", "Founded", "People"])
    'City: Bern | People: 134,591'
    """
    named = [*names[: len(values)], *[""] * (len(values) - len(names))]
    cells = [(_one_line(name), _one_line(value)) for name, value in zip(named, values, strict=True)]
    return CELL.join(f"{name}: {value}" if name else value for name, value in cells if value)


def laid_out_blocks(text: str) -> list[Block]:
    """Blocks of such a text, in reading order, without overlap; each holds a letter or digit."""
    return [block for run in _runs(text) for block in _run_blocks(text, run)]


def split_laid_out(text: str, span: Span, *, language: str = "en") -> list[Span]:
    """A paragraph's sentences; a row is one, or each cell of a long one is."""
    if CELL not in text[span.start : span.end]:
        return split_sentences(text, span, language=language)
    if span.end - span.start <= _LONGEST_ROW:
        return [span]
    edges = [match.span() for match in re.finditer(re.escape(CELL), text[span.start : span.end])]
    starts = [span.start, *(span.start + end for _, end in edges)]
    ends = [*(span.start + start for start, _ in edges), span.end]
    cells = [Span(start, end) for start, end in zip(starts, ends, strict=True)]
    return [
        sentence for cell in cells for sentence in split_sentences(text, cell, language=language)
    ]


def _headline(part: Part) -> str:
    return f"{'#' * min(part.level, 6)} {_one_line(part.text)}"


def _paragraph(text: str) -> str:
    lines = "\n".join(filter(None, map(str.rstrip, text.splitlines()))).lstrip("\n")
    # "# of seats" begins with no mark.
    return lines[0] + "\u00a0" + lines[2:] if lines.startswith("# ") else lines


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _runs(text: str) -> Iterator[list[Span]]:
    """Runs of neighbouring lines that hold anything."""
    run: list[Span] = []
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            first = start + line.index(stripped)
            run.append(Span(first, first + len(stripped)))
        elif run:
            yield run
            run = []
        start += len(line) + 1
    if run:
        yield run


def _run_blocks(text: str, run: Sequence[Span]) -> Iterator[Block]:
    mark = _HEADING.match(text, run[0].start, run[0].end)
    if mark and len(run) == 1:
        yield from _worded(text, Block(Kind.HEADING, Span(mark.end(), run[0].end), len(mark[1])))
        return
    for span in _joined(text, run):
        line = text[span.start : span.end]
        stands_out = [span] == run and CELL not in line and looks_like_heading(line)
        yield from _worded(text, Block(Kind.LINE if stands_out else Kind.TEXT, span))


def _joined(text: str, run: Sequence[Span]) -> list[Span]:
    """The paragraphs of a run: its lines together, but for items and rows."""
    spans: list[Span] = []
    apart = True
    for line in run:
        is_row = CELL in text[line.start : line.end]
        if apart or is_row or _ITEM.match(text, line.start):
            spans.append(line)
        else:
            spans[-1] = Span(spans[-1].start, line.end)
        apart = is_row
    return spans


def _worded(text: str, block: Block) -> list[Block]:
    return [block] if any(map(str.isalnum, text[block.span.start : block.span.end])) else []
