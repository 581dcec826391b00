"""Bytes become a Document: the suffix chooses a parser.

A parser is any callable of type ``Parser``. Text is read here; to read another format, add a module
to ``index.formats``, which is read in a workshop.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from index.dating import own_date
from index.decoding import decoded
from index.errors import EmptyDocument, OversizedDocument, UnsupportedFormat
from index.formats import NAMES
from index.languages import language_of
from index.naming import clean, is_visible, printable, title_of
from index.parsed import Parsed, Parser
from index.records import Document
from index.workshop import Workshop

MAX_BYTES = 50 * 1024 * 1024

LONGEST_LINE = 1_000_000
"""Characters; a novel has as many."""


def parse(content: bytes, *, id: str, workshop: Workshop | None = None) -> Document:
    """Read one file's bytes; the suffix of ``id``, in any case, tells their format.

    What is no text is read in ``workshop``, or in one for this file alone.

    Raises:
        UnsupportedFormat: there is no parser for the suffix.
        OversizedDocument: ``content`` is longer than ``MAX_BYTES``, or a line than
            ``LONGEST_LINE``.
        UndecodableDocument: it is no text in an encoding that can be told.
        UnreadableDocument: it is locked, damaged, or not read within the limits.
        EmptyDocument: there is nothing in it that could be seen.
    """
    parser = parser_for(id)
    check_size(len(content))
    suffix = _suffix(id)
    if workshop is not None and suffix in NAMES:
        parsed = workshop.read(suffix, content)
    else:
        parsed = parser(content)
    if not _has_words(parsed.text):
        raise EmptyDocument("There is no text in it. Write some, or remove the file.")
    _check_lines(parsed.text)
    return Document(
        id=id,
        title=clean(parsed.title or "") or title_of(_titled(parsed), id),
        text=parsed.text,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        page_starts=parsed.page_starts,
        dated=own_date(parsed.text, id, parsed.dated),
        language=language_of(parsed.text, told=parsed.language),
    )


def parser_for(name: str) -> Parser:
    """The parser for a file of that name; UnsupportedFormat if there is none."""
    suffix = _suffix(name)
    if suffix in PARSERS:
        return PARSERS[suffix]
    known = ", ".join(PARSERS)
    if suffix:
        raise UnsupportedFormat(
            "Files ending in {suffix} are not read. Save it as one of: {known}.",
            suffix=printable(suffix),
            known=known,
        )
    raise UnsupportedFormat(
        "Files without an ending are not read. Save it as one of: {known}.", known=known
    )


def check_size(size: int) -> None:
    """Raise OversizedDocument for a file of more than ``MAX_BYTES`` bytes."""
    if size > MAX_BYTES:
        raise OversizedDocument(
            "It is {size} MB; {most} MB is the most that is read. Split it into smaller files.",
            size=f"{size / 1024**2:,.1f}",
            most=MAX_BYTES // 1024**2,
        )


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _titled(parsed: Parsed) -> str:
    """Where a title may be found: nowhere in a text that says it has none."""
    return "" if parsed.title == "" else parsed.text


def _has_words(text: str) -> bool:
    """Whether anything in it could be seen; quick to tell of megabytes of white space too."""
    return any(map(is_visible, text[:1000])) or any(map(is_visible, set(text)))


def _check_lines(text: str) -> None:
    """Raise OversizedDocument for a line such as only a machine writes."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise OversizedDocument(
                "Line {line} has {count} characters; {most} is the most that is read. "
                "Break it into paragraphs.",
                line=number,
                count=f"{len(line):,}",
                most=f"{LONGEST_LINE:,}",
            )


def _plain(content: bytes) -> Parsed:
    """Text as it is, but for a byte order mark."""
    return Parsed(decoded(content))


def _apart(suffix: str, content: bytes) -> Parsed:
    """A file of another format, in a workshop of its own."""
    with Workshop() as workshop:
        return workshop.read(suffix, content)


PARSERS: Mapping[str, Parser] = MappingProxyType(
    dict.fromkeys((".txt", ".text", ".md", ".markdown"), _plain)
    | {suffix: partial(_apart, suffix) for suffix in NAMES}
)
