"""The reader that is shipped, as it is shipped."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import bundled_reader
from index.bundled_reader import BundledReader, BundledReaderSource, word_table
from index.errors import EncoderError
from index.models import BUNDLED_WEIGHTS, bundled_folder
from index.reading import Extract
from index.word_vectors import WordVectors

MEETS = "The working group meets every six months in Anchorage, where Ada Lovelace chairs it."
FOUNDED = "It was founded by Grace Hopper in 1952 because nobody else kept the harbour clean."
BREAD = "Bread is baked daily from flour and water."


@pytest.fixture(scope="module")
def reader() -> BundledReader:
    return BundledReaderSource().load()


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How often does the group meet?", MEETS, "every six months"),
        ("where does the group meet", MEETS, "Anchorage"),
        ("who chairs the group", MEETS, "Ada Lovelace"),
        ("Who founded the club?", FOUNDED, "Grace Hopper"),
        ("when was the club founded", FOUNDED, "1952"),
        ("What is bread made of?", BREAD, "flour and water"),
    ],
)
def test_the_stretch_that_answers_is_found(
    reader: BundledReader, question: str, sentence: str, answer: str
) -> None:
    (found,) = reader.read(question, [Extract("The club", sentence)])
    assert sentence[found.start : found.end] == answer


def test_a_sentence_that_answers_is_told_from_those_that_do_not(reader: BundledReader) -> None:
    extracts = [Extract("Things", one) for one in (BREAD, MEETS, FOUNDED)]
    found = reader.read("How often does the working group meet?", extracts)
    assert max(range(3), key=lambda at: found[at].relevance) == 1
    assert max(range(3), key=lambda at: found[at].margin) == 1
    assert found[0].margin < 0


words = st.lists(st.sampled_from([*MEETS.split(), *BREAD.split(), "😀", "ſ", "\n"]), max_size=40)


@settings(deadline=None, max_examples=30)
@given(st.lists(words.map(" ".join), min_size=1, max_size=6), st.text(max_size=40))
def test_every_stretch_lies_within_its_sentence(
    reader: BundledReader, sentences: list[str], question: str
) -> None:
    found = reader.read(question, [Extract(" ".join(sentences), one) for one in sentences])
    assert len(found) == len(sentences)
    for sentence, one in zip(sentences, found, strict=True):
        assert 0 <= one.start <= one.end <= len(sentence)
        assert np.isfinite([one.margin, one.relevance]).all()


def test_words_have_the_vectors_that_the_encoder_gives_them() -> None:
    from safetensors.numpy import load_file

    weights = bundled_folder() / BUNDLED_WEIGHTS
    whole = load_file(weights)["embeddings.word_embeddings.weight"]
    found = WordVectors(word_table(weights)).of(np.arange(len(whole)))
    assert np.array_equal(found, whole)


def test_a_file_without_words_is_refused(tmp_path: Path) -> None:
    for number, data in enumerate((b"", b"\xff" * 20, (2).to_bytes(8, "little") + b"{}")):
        path = tmp_path / str(number)
        path.write_bytes(data)
        with pytest.raises(EncoderError, match=r"cannot be read|no vectors of words"):
            word_table(path)


def test_a_damaged_reader_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_reader, "DIGEST", "0" * 64)
    with pytest.raises(EncoderError, match=r"damaged.*Install Footnote again"):
        BundledReaderSource().load()
