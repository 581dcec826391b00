"""Bytes and a name become a Document, or a reason why not."""

import codecs
import hashlib
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import decoded
from index.errors import (
    DocumentError,
    EmptyDocument,
    OversizedDocument,
    UndecodableDocument,
    UnsupportedFormat,
)
from index.naming import is_visible
from index.parsing import LONGEST_LINE, MAX_BYTES, PARSERS, check_size, parse, parser_for

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
        assert "\0" not in document.text


def test_line_endings_stay_as_they_are() -> None:
    assert parse(b"one\r\ntwo\rthree\n", id="a.txt").text == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize("name", ["a.txt", "b/c.TXT", "d.text", "e.md", "f.Md", "g.markdown"])
def test_the_suffix_tells_the_format_in_any_case(name: str) -> None:
    assert parse(b"words", id=name).text == "words"


@pytest.mark.parametrize("name", ["a.doc", "notes", ".txt", "a.txt.exe", "a.\u202etxt", "a.txt/b"])
def test_a_name_without_a_known_suffix_is_refused(name: str) -> None:
    with pytest.raises(
        UnsupportedFormat, match=r"are not read\. Save it as one of: \.txt"
    ) as caught:
        parse(b"words", id=name)
    assert str(caught.value).isprintable()


POLISH = "Grupa spotyka się co sześć miesięcy, również w łódce. Przewodniczy jej Ada."
DECODED = [
    ("They meet.".encode("utf-16"), "They meet."),
    ("They meet.\r\n".encode("utf-16-le"), "They meet.\r\n"),
    ("They meet.".encode("utf-16-be"), "They meet."),
    ("\ufeff会议".encode("utf-16-be"), "会议"),
    ("caf\xe9".encode("latin-1"), "café"),
    ("£5 for a naïve façade\n".encode("latin-1"), "£5 for a naïve façade\n"),
    ("El niño comió “mañana” – ¿sí?".encode("cp1252"), "El niño comió “mañana” – ¿sí?"),
    ("Sie saßen im Café, 5 °C, 3 m³ Öl.".encode("cp1252"), "Sie saßen im Café, 5 °C, 3 m³ Öl."),
    (POLISH.encode("cp1250"), POLISH),
    ("Группа собирается каждые полгода.".encode("cp1251"), "Группа собирается каждые полгода."),
    ("グループは半年ごとに集まります。".encode("shift-jis"), "グループは半年ごとに集まります。"),
    (
        "这个小组每六个月开一次会，在伯尔尼。".encode("gb18030"),
        "这个小组每六个月开一次会，在伯尔尼。",
    ),
]


@pytest.mark.parametrize(("content", "text"), DECODED)
def test_text_in_another_encoding_is_read_as_what_it_says(content: bytes, text: str) -> None:
    assert parse(content, id="a.txt").text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf16_with_its_mark_comes_back_character_for_character(text: str) -> None:
    for encoding, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        assert decoded(mark + text.encode(encoding)) == text


UNDECODABLE = [
    (codecs.BOM_UTF8 + b"caf\xe9", "It says that it is UTF-8, but byte 3 does not fit"),
    (codecs.BOM_UTF16_LE + b"a\0b", "It says that it is UTF-16-LE, but byte 2 does not fit"),
    ("one café\r\ncut short: é".encode()[:-1], "byte 0xC3 at line 2, byte 12 of the line"),
    ("Zürich, Köln, M\udcfcnchen".encode("utf-8", "surrogateescape"), "byte 0xFC at line 1"),
    (b"\xed\xa0\x80", "byte 0xED at line 1, byte 1"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0", "binary file"),
    (b"a line with one zero byte\0 in the middle of it", "binary file"),
    (bytes(range(1, 256)) * 4, "Save it"),
]


@pytest.mark.parametrize(("content", "reason"), UNDECODABLE)
def test_what_is_no_text_is_refused_with_where_and_why(content: bytes, reason: str) -> None:
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
    content = (b"x" * 99 + b"\n") * (MAX_BYTES // 100)
    content += b"x" * (MAX_BYTES - len(content))
    assert parse(content, id="a.md").size == MAX_BYTES == 50 * 1024 * 1024
    with pytest.raises(OversizedDocument, match=r"50\.0 MB; 50 MB is the most"):
        parse(content + b"x", id="a.md")
    with pytest.raises(OversizedDocument, match=r"It is 1,024\.0 MB"):
        check_size(1024**3)


def test_a_line_longer_than_a_novel_is_refused() -> None:
    assert parse(b"x" * LONGEST_LINE, id="a.txt").size == LONGEST_LINE
    with pytest.raises(OversizedDocument, match=r"Line 2 has 50,000,000 characters; 1,000,000 is"):
        parse(b"one\n" + b"x" * 50_000_000, id="a.txt")


def test_the_table_of_parsers_names_small_suffixes() -> None:
    assert set(PARSERS) == {
        ".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".html", ".htm", ".xhtml", ".epub",
        ".csv", ".tsv",
    }  # fmt: skip
    assert all(parser_for(f"a{suffix.upper()}") is parser for suffix, parser in PARSERS.items())
