"""Some lines of a document. A line ends at its line feed, as everywhere in the library."""

import re
from dataclasses import dataclass
from typing import Any

from bot.words import ENGLISH, Told, Words
from index.records import Document

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_RANGE = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Whole lines of a document.

    Attributes:
        document: its id.
        title: its title.
        lines: the first line and the last, from 1; (1, 0) where the document has no line.
        text: those lines exactly, line ends included.
        clamped: says so where other lines were asked for than there are; else empty.
    """

    document: str
    title: str
    lines: tuple[int, int]
    text: str
    clamped: str = ""

    def split(self) -> list[str]:
        """The lines, each with its line end."""
        return _LINE.findall(self.text)

    def record(self) -> dict[str, Any]:
        """The excerpt as ``show --json`` prints it."""
        return {
            "document": self.document,
            "title": self.title,
            "lines": self.lines,
            "text": self.text,
        }


class NoLines(Told, ValueError):
    """What was given is no range of lines."""


def parse_lines(given: str) -> tuple[int, int]:
    """The first and last line of "3-5" or "3".

    Raises:
        NoLines: it is neither, or runs backwards, or begins before line 1.
    """
    found = _RANGE.fullmatch(given.strip())
    first = int(found[1]) if found else 0
    last = int(found[2] or first) if found else 0
    if not 1 <= first <= last:
        raise NoLines(
            "{given} is no range of lines; write 3-5, or 3 for line 3 alone.", given=repr(given)
        )
    return first, last


def excerpt(
    document: Document, wanted: tuple[int, int] | None = None, *, words: Words = ENGLISH
) -> Excerpt:
    """The wanted lines, or the nearest there are; None wants them all."""
    lines = _LINE.findall(document.text)
    count = len(lines)
    first, last = wanted or (1, count)
    within = (min(first, max(count, 1)), min(last, count))
    return Excerpt(
        document=document.id,
        title=document.title,
        lines=within,
        text="".join(lines[within[0] - 1 : within[1]]),
        clamped="" if within == (first, last) else _clamped(document.id, count, within, words),
    )


def _clamped(document: str, count: int, within: tuple[int, int], words: Words) -> str:
    return words.plural(
        "{document} has {count} line; showing {first}-{last}.",
        "{document} has {count} lines; showing {first}-{last}.",
        count,
        document=document,
        first=within[0],
        last=within[1],
    )
