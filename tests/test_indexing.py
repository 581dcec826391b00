from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.indexing import build, prepare
from index.merging import merged
from index.records import Document
from index.snapshot import Snapshot, to_files
from index.vectors import VectorIndex
from tests.corpora import corpora, document, snapshot_of
from tests.words import DIMENSION, WordEncoder

unhurried = settings(deadline=None, max_examples=40)

THEN, NOW = "2020-01-01T00:00:00+00:00", "2021-01-01T00:00:00+00:00"
TALKS = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace."
BREAD = "Bread\n\nBread is baked daily. It keeps for a week."


def documents(texts: Mapping[str, str]) -> list[Document]:
    return [document(text, id) for id, text in sorted(texts.items())]


def advance(before: Snapshot, texts: Mapping[str, str]) -> tuple[Snapshot, list[str]]:
    """The snapshot of ``texts`` made from the one before, and what was embedded for it."""
    encoder = WordEncoder()
    known = {one.id: one.sha256 for one in before.documents}
    kept = {one.id for one in documents(texts) if known.get(one.id) == one.sha256}
    prepared = [
        prepare(one, encoder=encoder, now=NOW) for one in documents(texts) if one.id not in kept
    ]
    fresh = build(prepared, encoder=encoder, before=before)
    return merged(before, fresh, kept=kept), encoder.embedded


def tables(snapshot: Snapshot) -> dict[str, bytes]:
    """All files but the one that tells when each document was indexed."""
    files = {name: bytes(data) for name, data in to_files(snapshot).items()}
    del files["documents.jsonl"]
    return files


@unhurried
@given(corpora)
def test_each_vector_is_of_its_own_text_in_context(texts: dict[str, str]) -> None:
    encoder = WordEncoder()
    prepared = [prepare(one, encoder=encoder, now=NOW) for one in documents(texts)]
    snapshot = build(prepared, encoder=encoder)
    sides = [
        (snapshot.passages, snapshot.passage_vectors, [one.passage_texts for one in prepared]),
        (snapshot.sentences, snapshot.sentence_vectors, [one.sentence_texts for one in prepared]),
    ]
    for rows, vectors, nested in sides:
        flat = [(at, text) for at, group in enumerate(nested) for text in group]
        assert len(flat) == len(rows) == len(vectors)
        kept = vectors.decoded(np.arange(len(vectors)))
        for row, vector, (at, text) in zip(rows, kept, flat, strict=True):
            own = snapshot.documents[at].text[row["start"] : row["end"]]
            assert text.endswith(" ".join(own.split()))
            alone = VectorIndex.build(encoder.embed_query(text)[np.newaxis])
            assert vector.tolist() == alone.decoded(np.arange(1))[0].tolist()


def test_context_is_the_title_and_the_section() -> None:
    text = "# Rules\n\nThey hold.\n\n## Meetings\n\nThe group meets.\n\nIt talks."
    one = prepare(document(text, "a.md"), encoder=WordEncoder(), now=NOW)
    assert one.passage_texts == ("Rules: They hold.", "Rules: Meetings: The group meets. It talks.")
    assert one.sentence_texts == (
        "Rules: They hold.",
        "Rules: Meetings: The group meets.",
        "Rules: Meetings: It talks.",
    )


@unhurried
@given(st.lists(corpora, min_size=1, max_size=4))
def test_step_by_step_gives_what_making_it_anew_gives(states: list[dict[str, str]]) -> None:
    snapshot = snapshot_of({})
    for texts in states:
        snapshot, _ = advance(snapshot, texts)
        assert snapshot.documents == tuple(documents(texts))
        assert tables(snapshot) == tables(snapshot_of(texts))


@unhurried
@given(corpora, corpora)
def test_only_texts_never_seen_are_embedded_and_each_once(
    old: dict[str, str], new: dict[str, str]
) -> None:
    before = snapshot_of(old)
    known = {*before.passage_keys.tolist(), *before.sentence_keys.tolist()}
    after, embedded = advance(before, new)
    wanted = {*after.passage_keys.tolist(), *after.sentence_keys.tolist()}
    assert len(embedded) == len(set(embedded)) == len(wanted - known)


@given(corpora)
def test_the_same_documents_again_embed_nothing(texts: dict[str, str]) -> None:
    assert advance(snapshot_of(texts), texts)[1] == []


def test_a_changed_sentence_embeds_itself_and_its_passage() -> None:
    before = snapshot_of({"a.txt": TALKS, "b.txt": BREAD})
    _, embedded = advance(before, {"a.txt": TALKS.replace("Ada", "Eve"), "b.txt": BREAD})
    passage = "Talks: The group meets every six months. Its chair is Eve Lovelace."
    assert sorted(embedded) == ["Talks: Its chair is Eve Lovelace.", passage]


def test_a_new_name_and_a_removed_document_embed_nothing() -> None:
    before = snapshot_of({"a.txt": TALKS, "b.txt": BREAD})
    assert advance(before, {"renamed.txt": TALKS, "b.txt": BREAD})[1] == []
    assert advance(before, {"b.txt": BREAD})[1] == []
    assert advance(before, {})[1] == []


def test_another_title_embeds_all_that_it_stands_before() -> None:
    before = snapshot_of({"a.txt": TALKS})
    _, embedded = advance(before, {"a.txt": TALKS.replace("Talks", "Meetings")})
    assert len(embedded) == 3
    assert all(text.startswith("Meetings: ") for text in embedded)


def test_an_unchanged_document_keeps_its_time() -> None:
    encoder = WordEncoder()
    made = [prepare(one, encoder=encoder, now=THEN) for one in documents({"a.txt": TALKS})]
    after, _ = advance(build(made, encoder=encoder), {"a.txt": TALKS, "b.txt": BREAD})
    assert after.indexed_at == (THEN, NOW)


def test_twins_share_vectors_and_stay_two() -> None:
    encoder = WordEncoder()
    snapshot, embedded = advance(snapshot_of({}), {"a.txt": TALKS, "b.txt": TALKS})
    assert len(embedded) == len(snapshot.sentences) // 2 + len(snapshot.passages) // 2
    assert len(set(embedded)) == len(embedded)
    query = encoder.embed_query("Talks: The group meets every six months.")
    rows, cosines = snapshot.sentence_vectors.search(query, 2)
    assert [snapshot.document_of(int(row)).id for row in rows] == ["a.txt", "b.txt"]
    assert cosines[0] == cosines[1] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "texts", [{}, {"a.txt": "?!"}, {"a.txt": "Share"}, {"a.txt": "Share\n\nFollow\n\nPrint"}]
)
def test_next_to_nothing_can_be_indexed(texts: dict[str, str]) -> None:
    snapshot = snapshot_of(texts)
    assert len(snapshot.documents) == len(texts)
    assert len(snapshot.passage_vectors) == len(snapshot.passages)
    assert snapshot.passage_vectors.dimension == DIMENSION
    rows, _ = snapshot.passage_vectors.search(WordEncoder().embed_query("x"), 3)
    assert len(rows) == min(3, len(snapshot.passages))


def test_a_long_word_salad_is_cut_into_texts_that_are_read_whole() -> None:
    salad = " ".join(f"word{n}" for n in range(500))
    snapshot = snapshot_of({"a.txt": f"Salad\n\n{salad}."})  # the encoder refuses what is too long
    said = " ".join(snapshot.sentence_text(row) for row in range(len(snapshot.sentences)))
    assert said.split() == f"{salad}.".split()


def test_progress_goes_up_to_all_that_is_embedded() -> None:
    encoder, told = WordEncoder(), list[tuple[int, int]]()
    many = "\n\n".join(f"Fact {n} is about number {n}. It is one of many." for n in range(50))
    prepared = [prepare(document(many), encoder=encoder, now=NOW)]
    build(prepared, encoder=encoder, report=lambda done, total: told.append((done, total)))
    assert told[0][0] == 0
    characters = sum(map(len, encoder.embedded))
    assert told[-1] == (characters, characters)
    assert all(one[0] < two[0] and one[1] == two[1] for one, two in pairwise(told))
    assert len(told) > 4


def test_no_key_ends_in_a_zero_that_its_table_would_drop() -> None:
    snapshot = snapshot_of({"a.txt": "\n\n".join(f"Fact {n} is true." for n in range(600))})
    keys = [*snapshot.passage_keys.tolist(), *snapshot.sentence_keys.tolist()]
    assert {len(key) for key in keys} == {16}
