import json
import pickle
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedGeneration
from index.snapshot import (
    KEY,
    PASSAGE,
    Snapshot,
    from_files,
    read_documents,
    read_entries,
    to_files,
)
from tests.corpora import corpora, snapshot_of

unhurried = settings(deadline=None, max_examples=50)

NEWS = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace.\n\nIt met in Alaska."
BREAD = "# Bread\n\nBread is baked daily.\n\n## Rye\n\nRye takes a day. It keeps for a week."


def views(snapshot: Snapshot) -> dict[str, memoryview]:
    return {name: memoryview(bytes(data)) for name, data in to_files(snapshot).items()}


FILES = views(snapshot_of({"news/talks.txt": NEWS, "bread.md": BREAD}))


def content(snapshot: Snapshot) -> dict[str, object]:
    """All of it, in a form that compares."""
    return {
        "documents": (snapshot.documents, snapshot.indexed_at),
        "passages": snapshot.passages.tolist(),
        "sentences": snapshot.sentences.tolist(),
        "keys": (snapshot.passage_keys.tolist(), snapshot.sentence_keys.tolist()),
        "passage vectors": bytes(snapshot.passage_vectors.to_bytes()),
        "sentence vectors": bytes(snapshot.sentence_vectors.to_bytes()),
        "lexicon": {name: array.tolist() for name, array in snapshot.lexicon.arrays.items()},
        "vocabulary": snapshot.lexicon.vocabulary,
        "words": dict(snapshot.words),
    }


@unhurried
@given(corpora)
def test_a_snapshot_comes_back_from_its_files(texts: dict[str, str]) -> None:
    snapshot = snapshot_of(texts)
    assert content(from_files(views(snapshot))) == content(snapshot)


@unhurried
@given(corpora)
def test_the_same_documents_give_the_same_files(texts: dict[str, str]) -> None:
    assert views(snapshot_of(texts)) == views(snapshot_of(texts))


def test_what_comes_from_files_cannot_be_changed_and_copies_no_vectors() -> None:
    snapshot = from_files(FILES)
    tables = [snapshot.passages, snapshot.sentences, snapshot.passage_keys]
    vectors = [snapshot.passage_vectors.codes.values, snapshot.sentence_vectors.codes.values]
    assert not any(array.flags.writeable for array in [*tables, *vectors])
    assert np.shares_memory(vectors[0], np.frombuffer(FILES["passages.faiss"], np.uint8))


@unhurried
@given(corpora)
def test_tables_point_at_the_text_they_are_of(texts: dict[str, str]) -> None:
    snapshot = snapshot_of(texts)
    for row, sentence in enumerate(snapshot.sentences):
        passage = snapshot.passages[sentence["passage"]]
        document = snapshot.document_of(row)
        assert snapshot.sentence_text(row) in document.text[passage["start"] : passage["end"]]
        assert passage["first"] <= row < passage["last"]
        section = snapshot.section_of(int(sentence["passage"]))
        assert section is None or section in document.text
    assert list(snapshot.rows_by_id) == sorted(texts)


@pytest.mark.parametrize("lines", ["\u2028", "\x85", "\r", "\x0b\x0c", "\x1c", "\U0001f600", "ß"])
def test_no_character_of_a_document_breaks_its_file(lines: str) -> None:
    text = f"One{lines}two sat down.{lines}"
    (document,) = read_documents(views(snapshot_of({"a.txt": text})))
    assert document.text == text


def test_the_list_of_documents_counts_passages_and_names_collections() -> None:
    texts = {"b.txt": BREAD, "news/a.txt": NEWS, "news/c.txt": "Share\n\nFollow"}
    snapshot = snapshot_of(texts)
    entries = read_entries(views(snapshot))
    counts = np.bincount(snapshot.passages["document"], minlength=3).tolist()
    assert [(one.id, one.collection, one.passages) for one in entries] == [
        ("b.txt", "", counts[0]),
        ("news/a.txt", "news", counts[1]),
        ("news/c.txt", "news", counts[2]),
    ]
    assert entries[0].size == len(BREAD)
    assert entries[0].indexed_at == "2021-03-11T00:00:00+00:00"


def test_an_empty_index_has_files_too() -> None:
    snapshot = from_files(views(snapshot_of({})))
    assert content(snapshot) == content(snapshot_of({}))
    assert read_entries(views(snapshot)) == []
    assert read_documents(views(snapshot)) == ()


def assert_refused(files: Mapping[str, memoryview]) -> None:
    with pytest.raises(DamagedGeneration, match=r"footnote index --rebuild|Index again"):
        from_files(files)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_damage(name: str) -> None:
    assert_refused({other: data for other, data in FILES.items() if other != name})


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_file_cut_short_is_damage(name: str, kept: float) -> None:
    assert_refused(FILES | {name: FILES[name][: int(kept * len(FILES[name]))]})


@pytest.mark.parametrize(("name", "other"), [*permutations(FILES, 2)])
def test_a_file_in_the_place_of_another_is_damage(name: str, other: str) -> None:
    assert_refused(FILES | {name: FILES[other]})


@pytest.mark.parametrize("name", FILES)
def test_nothing_in_a_file_is_run(name: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return open, (str(trace), "w")

    array = np.array([Trap()], object)
    assert_refused(FILES | {name: memoryview(pickle.dumps(array))})
    np.save(tmp_path / "trap.npy", array, allow_pickle=True)
    assert_refused(FILES | {name: memoryview((tmp_path / "trap.npy").read_bytes())})
    assert not trace.exists()


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_flipped_byte_is_damage_or_can_be_loaded(name: str, data: st.DataObject) -> None:
    changed = bytearray(FILES[name])
    at = data.draw(st.integers(0, len(changed) - 1))
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        snapshot = from_files(FILES | {name: memoryview(bytes(changed))})
    except DamagedGeneration:
        return
    assert len(snapshot.sentences) == len(FILES["sentence_keys.bin"]) // KEY.itemsize


@pytest.mark.parametrize(
    ("field", "row", "value"),
    [
        ("document", 0, 1),
        ("document", 0, -1),
        ("document", -1, 2),
        ("start", 0, -1),
        ("start", 1, 10**9),
        ("end", -1, 10**9),
        ("first", 0, 1),
        ("first", 1, 0),
        ("first", 1, 1 << 60),
        ("last", -1, 0),
        ("last", 0, 10**9),
        ("section_start", -1, 10**9),
        ("section_end", -1, 10**9),
        ("section_end", -1, 0),
    ],
)
def test_a_passage_that_fits_nothing_is_damage(field: str, row: int, value: int) -> None:
    passages = np.frombuffer(FILES["passages.bin"], PASSAGE).copy()
    assert passages[-1]["section_start"] >= 0
    passages[field][row] = value
    assert_refused(FILES | {"passages.bin": memoryview(passages.tobytes())})


@pytest.mark.parametrize(
    "lines",
    [
        b"[]\n",
        b"{}\n",
        b"5\n",
        b"\xff\n",
        b"null\n",
        json.dumps({"id": "a", "indexed_at": "", "page_starts": None}).encode(),
        b"[" * 5000,
    ],
)
def test_a_list_of_documents_that_is_none_is_damage(lines: bytes) -> None:
    files = FILES | {"documents.jsonl": memoryview(lines)}
    assert_refused(files)
    with pytest.raises(DamagedGeneration):
        read_documents(files)
    with pytest.raises(DamagedGeneration):
        read_entries(files)
