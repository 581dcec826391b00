"""Bytes into text, in the encoding that they are in."""

import codecs
import re

from index.errors import UndecodableDocument

_SAMPLE = 65_536  # bytes that tell an encoding; more only take time
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Written in Latin letters, a text has few others, and within its words only letters.
_MOST_ACCENTED = 0.3
_BROKEN_WORD = re.compile(
    r"[a-zA-Z][\x80-¶¸-¿×÷˜†‡•‰‹™›€‚ƒ„…ˆ][a-zA-Z]|[a-zA-ZÀ-ÿ][¿¡]|[¹²³][a-zA-ZÀ-ÿ]"
)
_MOSTLY = 0.7
_FEWEST = 6  # bytes beyond ASCII; fewer tell nothing of an encoding
_WESTERN = ("cp1252", "cp1254", "cp1258", "iso8859_9", "iso8859_15", "latin_1")
_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
           (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


def decoded(content: bytes) -> str:
    """The text of ``content``, without its byte order mark; line endings as they are.

    UTF-8, or UTF-16 with a mark or in Latin letters; what is neither, in Windows' or ISO's Latin-1
    where that reads as words, or else in the encoding that its bytes are likely to be in.

    Raises:
        UndecodableDocument: it is no text, or in an encoding that cannot be told.
    """
    encoding, body = _marked(content)
    try:
        text = body.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise _broken(encoding, error.start) from None
        if _is_damaged_utf8(body):
            raise _unknown(body, error.start) from None
        text = _detected(body, error.start)
    if "\0" in text:
        raise _binary()
    return text


def _marked(content: bytes) -> tuple[str | None, bytes]:
    """The encoding that is sure, if any, and the bytes without a mark."""
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return encoding, content.removeprefix(mark)
    return _utf16(content), content


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: in Latin letters, every other byte of it is zero."""
    sample = body[:4096]
    for encoding, zeros, letters in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        latin = sum(0 < byte < 0x80 for byte in letters)
        if len(body) % 2 == 0 and min(zeros.count(0), latin) > _MOSTLY * len(letters):
            return encoding
    return None


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether it holds at least as many characters of UTF-8 as bytes that are none."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - sum(map(str.isascii, text)) >= 2 * broken


def _detected(body: bytes, at: int) -> str:
    """Text that is not UTF-8; ``at`` is its first byte that does not fit."""
    if 0 in body:
        raise _binary()
    western = _western(body)
    if western is not None:
        return western
    encoding = _likely(body[max(0, at - _SAMPLE // 2) :][:_SAMPLE])
    try:
        text = body.decode(encoding or "utf-8")
    except (UnicodeDecodeError, LookupError):
        raise _unknown(body, at) from None
    if _CONTROL.search(text):
        raise _binary()
    return text


def _western(body: bytes) -> str | None:
    """The text, if it is one of Latin letters in Windows' Latin-1, a superset of ISO's."""
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return None
    letters = sum(map(str.isalpha, text[:_SAMPLE]))
    accented = sum(char.isalpha() and char > "\x7f" for char in text[:_SAMPLE])
    if _CONTROL.search(text) or _BROKEN_WORD.search(text) or accented > _MOST_ACCENTED * letters:
        return None
    return text


def _likely(sample: bytes) -> str | None:
    if sum(byte > 0x7F for byte in sample) < _FEWEST:
        return None
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample, cp_exclusion=list(_WESTERN)).best()
    return best.encoding if best else None


def _binary() -> UndecodableDocument:
    return UndecodableDocument(
        "It is not text but a binary file: it holds zero or control bytes. Save its text as UTF-8."
    )


def _broken(encoding: str, at: int) -> UndecodableDocument:
    return UndecodableDocument(
        "It says that it is {encoding}, but byte {at} does not fit. Save it again as UTF-8.",
        encoding=encoding.upper(),
        at=at,
    )


def _unknown(body: bytes, at: int) -> UndecodableDocument:
    return UndecodableDocument(
        "It is not UTF-8 text, nor in another encoding that can be told: byte 0x{byte} at line "
        "{line}, byte {column} of the line. Save it as UTF-8.",
        byte=f"{body[at]:02X}",
        line=body.count(b"\n", 0, at) + 1,
        column=at - body.rfind(b"\n", 0, at),
    )
