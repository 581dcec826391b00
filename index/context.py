"""The words a passage or sentence is encoded with: what the document and its section are called.

"It meets every six months" says little by itself; "The working group: it meets …" can be found.
"""

from collections.abc import Sequence
from typing import Protocol

from index.records import Document, Passage, Span

MOST_CONTEXT = 30
"""Word pieces at most that context may take of what the encoder reads."""

_ROOM = 128
_SEPARATOR = ": "


class Pieces(Protocol):
    """Where an encoder's word pieces stand in a text, in reading order."""

    def __call__(self, text: str, /) -> Sequence[tuple[int, int]]:
        """Half-open spans in characters of ``text``."""
        ...


def passage_limit(most_pieces: int) -> int:
    """How many word pieces of text fit beside a context; at least one."""
    return max(1, most_pieces - MOST_CONTEXT - 2)


def passage_room(most_pieces: int) -> int:
    """How many word pieces neighbouring paragraphs may fill together."""
    return max(1, min(_ROOM, passage_limit(most_pieces)))


def context_of(document: Document, passage: Passage, pieces: Pieces) -> str:
    """The title, and the section if it is another, cut to ``MOST_CONTEXT`` word pieces."""
    section = passage.section or Span(0, 0)
    parts = [document.title, document.text[section.start : section.end]]
    names = dict.fromkeys(" ".join(part.split()) for part in parts)
    line = _SEPARATOR.join(filter(None, names))
    found = pieces(line)
    return line if len(found) <= MOST_CONTEXT else line[: found[MOST_CONTEXT][0]].rstrip()


def in_context(context: str, document: Document, span: Span) -> str:
    """What is given to the encoder for ``span``: one line, context first."""
    text = " ".join(document.text[span.start : span.end].split())
    return f"{context}{_SEPARATOR}{text}" if context else text


def parts_in_context(
    context: str, document: Document, span: Span, parts: Sequence[Span]
) -> tuple[Span, ...]:
    """Where parts of ``span``, which begin and end with no space, stand in ``in_context`` of it."""
    shift = len(in_context(context, document, Span(span.start, span.start)))
    found = []
    for part in parts:
        before = document.text[span.start : part.start]
        words = " ".join(before.split())
        start = shift + len(words) + (1 if words and before[-1].isspace() else 0)
        text = " ".join(document.text[part.start : part.end].split())
        found.append(Span(start, start + len(text)))
    return tuple(found)
