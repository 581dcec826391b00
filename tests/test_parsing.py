"""Bytes and a name become a Document, or a reason why not."""

import codecs
import hashlib
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import (
    DocumentError,
    EmptyDocument,
    OversizedDocument,
    UndecodableDocument,
    UnsupportedFormat,
)
from index.naming import is_visible
from index.parsing import MAX_BYTES, PARSERS, check_size, parse, parser_for

SEED = Path(__file__).parent.parent / "seeds" / "000_8be179ed4e282a42.txt"


def test_the_seed_document_is_read_as_it_is() -> None:
    content = SEED.read_bytes()
    document = parse(content, id=SEED.name)
    assert document.text.encode("utf-8") == content
    assert document.title == "The United States and China will Work Together"
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.id, document.size) == (SEED.name, len(content))
    assert document.page_starts == ()


@given(
    st.text().filter(lambda text: "\0" not in text and any(map(is_visible, text))), st.booleans()
)
def test_every_utf8_text_comes_back_character_for_character(text: str, marked: bool) -> None:
    content = (codecs.BOM_UTF8 if marked else b"") + text.encode("utf-8")
    if not marked:
        text = text.removeprefix("\ufeff")
    document = parse(content, id="a.txt")
    assert document.text == text
    assert document.size == len(content)


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_give_a_document_or_a_reason(content: bytes, name: str) -> None:
    with suppress(DocumentError):
        document = parse(content, id=name)
        assert document.title
        assert document.text in content.decode("utf-8")


def test_line_endings_stay_as_they_are() -> None:
    assert parse(b"one\r\ntwo\rthree\n", id="a.txt").text == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize("name", ["a.txt", "b/c.TXT", "d.text", "e.md", "f.Md", "g.markdown"])
def test_the_suffix_tells_the_format_in_any_case(name: str) -> None:
    assert parse(b"words", id=name).text == "words"


@pytest.mark.parametrize("name", ["a.docx", "notes", ".txt", "a.txt.exe", "a.\u202etxt", "a.txt/b"])
def test_a_name_without_a_known_suffix_is_refused(name: str) -> None:
    with pytest.raises(
        UnsupportedFormat, match=r"are not read\. Save it as one of: \.txt"
    ) as caught:
        parse(b"words", id=name)
    assert str(caught.value).isprintable()


UNDECODABLE = [
    ("caf\xe9".encode("latin-1"), "byte 0xE9 at line 1, byte 4 of the line. Save it as UTF-8."),
    (b"one\r\ntwo\ncaf\xe9 bar", "byte 0xE9 at line 3, byte 4 of the line"),
    (codecs.BOM_UTF8 + b"caf\xe9", "byte 0xE9 at line 1, byte 4 of the line"),
    ("cut short: é".encode()[:-1], "byte 0xC3 at line 1, byte 12 of the line"),
    (b"\xed\xa0\x80", "byte 0xED at line 1, byte 1"),
    ("They meet.".encode("utf-16"), "looks like UTF-16"),
    ("They meet.".encode("utf-16-le"), "looks like UTF-16"),
    ("They meet.".encode("utf-16-be"), "looks like UTF-16"),
    ("\ufeff会议".encode("utf-16-be"), "looks like UTF-16"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0", "binary file"),
    (b"a line with one zero byte\0 in the middle of it", "binary file"),
]


@pytest.mark.parametrize(("content", "reason"), UNDECODABLE)
def test_what_is_not_utf8_is_refused_with_where_and_why(content: bytes, reason: str) -> None:
    with pytest.raises(UndecodableDocument) as caught:
        parse(content, id="a.txt")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", " \r\n\t", "\ufeff", "\u200b\u200d\n", "\u2800\u3164\xa0", "\x07"]
)
def test_a_file_with_nothing_to_see_in_it_is_empty(text: str) -> None:
    with pytest.raises(EmptyDocument, match="no text in it"):
        parse(text.encode(), id="a.txt")


def test_megabytes_of_nothing_are_told_quickly() -> None:
    started = time.process_time()
    with pytest.raises(EmptyDocument):
        parse(b" " * MAX_BYTES, id="a.txt")
    assert time.process_time() - started < 5
    assert parse(b"\n" * 5_000 + b"word", id="a.txt").title == "word"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    content = b"x" * MAX_BYTES
    assert parse(content, id="a.md").size == MAX_BYTES == 50 * 1024 * 1024
    with pytest.raises(OversizedDocument, match=r"50\.0 MB; 50 MB is the most"):
        parse(content + b"x", id="a.md")
    with pytest.raises(OversizedDocument, match=r"It is 1,024\.0 MB"):
        check_size(1024**3)


def test_the_table_of_parsers_names_small_suffixes() -> None:
    assert set(PARSERS) == {".txt", ".text", ".md", ".markdown"}
    assert all(parser_for(f"a{suffix.upper()}") is parser for suffix, parser in PARSERS.items())
