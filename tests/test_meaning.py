"""Cosines of sentences and of their neighbourhoods, against vectors that are really summed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.meaning import Sentences
from index.snapshot import Snapshot
from tests.corpora import corpora, snapshot_of
from tests.test_retrieving import EAST, made
from tests.words import WordEncoder

NEAR = 1e-5  # sums of 256 products in float32 are off by some millionths

unhurried = settings(deadline=None, max_examples=60)


def near(snapshot: Snapshot, query: NDArray[np.float32]) -> Sentences:
    return Sentences.of(snapshot, query, np.arange(len(snapshot.passages)))


def cosine(total: NDArray[np.float64], query: NDArray[np.float32]) -> float:
    length = float(np.linalg.norm(total))
    return float(total @ query) / length if length > 1e-3 else 0.0


@unhurried
@given(corpora, st.sampled_from(["group meets", "bread every year", "Alaska 2019"]))
def test_sums_of_vectors_are_what_they_stand_for(texts: dict[str, str], asked: str) -> None:
    snapshot, query = snapshot_of(texts), WordEncoder().embed_query(asked)
    found = near(snapshot, query)
    rows = np.arange(len(snapshot.sentences))
    vectors = snapshot.sentence_vectors.decoded(rows).astype(np.float64)
    windows, pairs = [], []
    for passage in snapshot.passages:
        own = vectors[passage["first"] : passage["last"]]
        for at, vector in enumerate(own):
            windows.append(cosine(own[max(0, at - 1) : at + 2].sum(axis=0), query))
            pairs.append(cosine(vector + 0.6 * own[at - 1] if at else vector, query))
    assert found.rows.tolist() == list(range(len(vectors)))
    assert found.alone.tolist() == pytest.approx((vectors @ query).tolist(), abs=NEAR)
    assert found.windows.tolist() == pytest.approx(windows, abs=NEAR)
    assert found.pairs.tolist() == pytest.approx(pairs, abs=NEAR)


def test_vectors_that_cancel_out_are_like_nothing() -> None:
    found = near(made((0, [("One.", 0), ("Two.", 180)])), EAST)
    assert found.windows.tolist() == [0, 0]
    assert found.alone.tolist() == pytest.approx([1, -1])


def test_neighbours_of_another_passage_count_for_nothing() -> None:
    snapshot = made((0, [("One.", 0)]), (0, [("Two.", 90)]), (0, [("Three.", 0), ("Four.", 90)]))
    found = near(snapshot, EAST)
    half = 1 / np.sqrt(2)
    assert found.windows.tolist() == pytest.approx([1, 0, half, half], abs=NEAR)
    assert found.best(found.windows).tolist() == pytest.approx([1, 0, half], abs=NEAR)


def test_some_passages_are_looked_at_in_the_order_asked_for() -> None:
    snapshot = made((0, [("One.", 0)]), (0, [("Two.", 90)]), (0, [("Three.", 60)]))
    found = Sentences.of(snapshot, EAST, np.array([2, 0]))
    assert found.rows.tolist() == [2, 0]
    assert found.best(found.alone).tolist() == pytest.approx([0.5, 1], abs=NEAR)
    none = Sentences.of(snapshot, EAST, np.array([], np.int64))
    assert none.best(none.windows).tolist() == []
