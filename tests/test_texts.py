"""Stored texts: cut like the strings that they stand for, reading no more than is asked for."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedGeneration
from index.records import Document
from index.texts import StoredDocument, StoredText, Texts, encoded

unhurried = settings(deadline=None, max_examples=100)

PIECES = ["a" * 700, "é" * 300, "日本" * 200, "😀" * 100, "\n", "x\ny", "", "\ud800", "ß"]
long_texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
some_texts = st.one_of(long_texts, st.text(max_size=40))


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def stored(text: str, *, before: str = "", behind: str = "") -> StoredText:
    """The text, with others around it."""
    start, data = len(utf8(before)), utf8(before + text + behind)
    return Texts(memoryview(data)).text(start, start + len(utf8(text)), len(text))


def bare(text: str) -> Document:
    return Document("news/a.txt", "A", text, sha256="0", size=5, page_starts=(0, 3), filed="2020")


def shelved(text: str) -> StoredDocument:
    one = bare("")
    held: object = stored(text, before="é")
    return StoredDocument(
        one.id,
        one.title,
        held,  # type: ignore[arg-type]  # what no other constructor takes
        sha256=one.sha256,
        size=one.size,
        page_starts=one.page_starts,
        filed=one.filed,
    )


@unhurried
@given(some_texts, some_texts, st.data())
def test_a_stored_text_is_cut_like_a_string(text: str, other: str, data: st.DataObject) -> None:
    held = stored(text, before=other, behind=other)
    assert len(held) == len(text)
    assert str(held) == text
    assert held[:] == text
    places = st.integers(-3, len(text) + 3)
    for _ in range(8):
        start, end = data.draw(places), data.draw(places)
        assert held[start:end] == text[start:end]
        assert held.count("\n", start, end) == text.count("\n", start, end)


@pytest.mark.parametrize("piece", ["a", "é", "日", "😀", "a😀", "aé日"])
def test_every_place_of_a_text_of_many_blocks_is_found(piece: str) -> None:
    text = piece * (5000 // len(piece))
    held = stored(text)
    assert all(held[at : at + 2] == text[at : at + 2] for at in range(len(text)))


@unhurried
@given(some_texts, st.data())
def test_a_stored_document_is_the_value_that_it_stands_for(text: str, data: st.DataObject) -> None:
    here, there = bare(text), shelved(text)
    assert here == there == shelved(text)
    assert there == here
    assert hash(here) == hash(there)
    assert there.text == text
    assert repr(there).removeprefix("Stored") == repr(here)
    assert bytes(encoded(there)) == encoded(here) == utf8(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert there.lines(start, end) == here.lines(start, end)
    assert there.body[start:end] == here.body[start:end] == text[start:end]


def test_a_stored_document_differs_in_whatever_a_document_differs_in() -> None:
    there = shelved("One. Two.")
    assert there != bare("One. Too.")
    assert bare("One. Too.") != there
    assert there != replace(bare("One. Two."), title="B")
    assert there != "One. Two."
    assert replace(there, title="B") == replace(bare("One. Two."), title="B")
    assert replace(there, text="Else.") == bare("Else.")


def test_a_stored_document_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        shelved("One.").text = "Two."


def test_a_stretch_is_read_though_the_rest_cannot_be() -> None:
    text = "é" * 3000
    data = bytearray(utf8(text))
    data[3001] = data[3000]  # in the middle: two characters begin where one did
    data[3003] = 0xBF
    data[3002] = 0xBF
    held = Texts(memoryview(bytes(data))).text(0, len(data), len(text))
    assert held[10:20] == text[10:20]
    assert held[-20:-10] == text[-20:-10]
    with pytest.raises(DamagedGeneration, match="Index again"):
        held[1490:1510]
    with pytest.raises(DamagedGeneration, match="Index again"):
        str(held)


def test_a_text_that_is_read_again_is_not_decoded_again_if_that_was_of_late() -> None:
    data = utf8("One. Two.é")
    texts = Texts(memoryview(data))
    first = texts.text(0, 4, 4)
    held = str(first)
    assert str(first) is held
    for start in range(1, 8):
        str(texts.text(start, 9, 9 - start))
    assert str(first) is held
    for start in range(1, 9):
        str(texts.text(start, 9, 9 - start))
    assert str(first) is not held


def test_what_becomes_of_the_bytes_later_changes_no_text() -> None:
    data = bytearray(b"One. Two.")
    held = Texts(memoryview(data)).text(0, 9, 9)
    data[:] = b"Tre. Quad"
    assert held[:4] == "One."


@pytest.mark.parametrize(("data", "length"), [(b"abc", 4), (b"abcde", 1), (b"abc", -1)])
def test_a_length_that_cannot_be_is_refused(data: bytes, length: int) -> None:
    with pytest.raises(ValueError, match="bytes are not"):
        Texts(memoryview(data)).text(0, len(data), length)


@pytest.mark.parametrize("length", [3, 5, 6])
def test_a_text_of_another_length_than_was_said_is_damage(length: int) -> None:
    data = utf8("ééab")  # four characters, six bytes
    held = Texts(memoryview(data)).text(0, len(data), length)
    with pytest.raises(DamagedGeneration, match="Index again"):
        str(held)
    with pytest.raises(DamagedGeneration, match="Index again"):
        held[0:1]
