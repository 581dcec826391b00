"""Bytes become a Document: the suffix chooses a parser.

A parser is any callable of type ``Parser``. To read another format, give its suffix one in
``PARSERS``.
"""

import codecs
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from index.errors import (
    EmptyDocument,
    OversizedDocument,
    UndecodableDocument,
    UnsupportedFormat,
)
from index.naming import clean, is_visible, printable, title_of
from index.records import Document

MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser found: the text, the title the file gives itself, where its pages begin."""

    text: str
    title: str | None = None
    page_starts: tuple[int, ...] = ()


Parser = Callable[[bytes], Parsed]


def parse(content: bytes, *, id: str) -> Document:
    """Read one file's bytes; the suffix of ``id``, in any case, tells their format.

    Raises:
        UnsupportedFormat: there is no parser for the suffix.
        OversizedDocument: ``content`` is longer than ``MAX_BYTES``.
        UndecodableDocument: it is not what its suffix says; for text, not UTF-8.
        EmptyDocument: there is nothing in it that could be seen.
    """
    parser = parser_for(id)
    check_size(len(content))
    parsed = parser(content)
    if not _has_words(parsed.text):
        raise EmptyDocument("There is no text in it. Write some, or remove the file.")
    return Document(
        id=id,
        title=clean(parsed.title or "") or title_of(parsed.text, id),
        text=parsed.text,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        page_starts=parsed.page_starts,
    )


def parser_for(name: str) -> Parser:
    """The parser for a file of that name; UnsupportedFormat if there is none."""
    suffix = PurePosixPath(name).suffix.lower()
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


def _has_words(text: str) -> bool:
    """Whether anything in it could be seen; quick to tell of megabytes of white space too."""
    return any(map(is_visible, text[:1000])) or any(map(is_visible, set(text)))


def _plain(content: bytes) -> Parsed:
    """UTF-8 text, as it is but for a byte order mark."""
    body = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(body, error.start) from None
    if "\0" in text:
        raise _not_utf8(body, body.index(0))
    return Parsed(text)


PARSERS: Mapping[str, Parser] = MappingProxyType(
    {".txt": _plain, ".text": _plain, ".md": _plain, ".markdown": _plain}
)


def _not_utf8(body: bytes, at: int) -> UndecodableDocument:
    """What ``body`` is instead; ``at`` is its first byte that does not fit."""
    if _looks_like_utf16(body):
        return UndecodableDocument("It looks like UTF-16 text. Save it as UTF-8.")
    if 0 in body:
        return UndecodableDocument(
            "It is not text but a binary file: it holds zero bytes. Save its text as UTF-8."
        )
    line, column = body.count(b"\n", 0, at) + 1, at - body.rfind(b"\n", 0, at)
    return UndecodableDocument(
        "It is not UTF-8 text: byte 0x{byte} at line {line}, byte {column} of the line. "
        "Save it as UTF-8.",
        byte=f"{body[at]:02X}",
        line=line,
        column=column,
    )


def _looks_like_utf16(body: bytes) -> bool:
    """A byte order mark, or zero bytes in every other place only, as Western text has them."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    sample = body[:4096]
    fewer, more = sorted((sample[0::2].count(0), sample[1::2].count(0)))
    return fewer == 0 and more * 20 > len(sample)
