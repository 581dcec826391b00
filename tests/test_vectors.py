import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from index.errors import DamagedGeneration
from index.vectors import VectorIndex

ROOT = Path(__file__).parents[1]

Rows = NDArray[np.float32]


def unit(rows: object) -> Rows:
    array = np.asarray(rows, dtype=np.float64)
    scaled: Rows = (array / np.linalg.norm(array, axis=-1, keepdims=True)).astype(np.float32)
    return scaled


def random_unit(seed: int, *shape: int) -> Rows:
    return unit(np.random.default_rng(seed).standard_normal(shape))


def halves(count: int) -> st.SearchStrategy[Rows]:
    """Rows of four times a half, with either sign: their cosines are exact and often tie."""
    return arrays(np.float32, (count, 4), elements=st.sampled_from([-0.5, 0.5]))


def kept(index: VectorIndex) -> Rows:
    """All vectors as the index keeps them."""
    return index.decoded(np.arange(len(index)))


HAND_MADE = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, -1, 0]], dtype=np.float32)


def test_hand_made_vectors_have_the_cosines_that_they_must() -> None:
    index = VectorIndex.build(HAND_MADE)
    rows, cosines = index.search(np.array([0.8, 0.6, 0], dtype=np.float32), 3)
    assert rows.tolist() == [1, 0, 2]
    assert cosines.tolist() == pytest.approx([0.96, 0.8, -0.6], abs=0.01)
    assert rows.dtype == np.int64
    assert cosines.dtype == np.float32
    assert (len(index), index.dimension) == (3, 3)


def test_an_axis_meets_itself_its_opposite_and_its_normal() -> None:
    axes = np.vstack([np.eye(3), -np.eye(3)]).astype(np.float32)
    rows, cosines = VectorIndex.build(axes).search(axes[0], 6)
    assert rows.tolist() == [0, 1, 2, 4, 5, 3]
    assert cosines.tolist() == [1, 0, 0, 0, 0, -1]


@given(vectors=st.integers(1, 40).flatmap(halves), query=halves(1), limit=st.integers(0, 45))
def test_a_search_is_a_stable_sort_by_cosine(vectors: Rows, query: Rows, limit: int) -> None:
    rows, cosines = VectorIndex.build(vectors).search(query[0], limit)
    exact = vectors @ query[0]
    assert rows.tolist() == np.argsort(-exact, kind="stable")[:limit].tolist()
    assert cosines.tolist() == exact[rows].tolist()


@pytest.mark.parametrize("limit", [1, 3, 100, 999, 1000, 5000])
def test_a_search_among_many_equals_brute_force(limit: int) -> None:
    vectors, query = random_unit(1, 1000, 384), random_unit(2, 384)
    index = VectorIndex.build(vectors)
    rows, cosines = index.search(query, limit)
    exact = kept(index).astype(np.float64) @ query.astype(np.float64)
    np.testing.assert_allclose(exact, vectors @ query, rtol=0, atol=0.003)
    assert rows.tolist() == np.argsort(-exact)[:limit].tolist()
    np.testing.assert_allclose(cosines, exact[rows], rtol=0, atol=3e-7)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_rows_that_are_equal_come_in_order_wherever_they_lie(limit: int) -> None:
    vectors = random_unit(3, 2003, 384)
    twins = np.arange(5, 2003, 7)
    vectors[twins] = random_unit(4, 384)
    rows, cosines = VectorIndex.build(vectors).search(vectors[5], limit)
    assert rows.tolist() == twins[:limit].tolist()
    assert len(set(cosines.tolist())) == 1


@given(
    seed=st.integers(0, 2**32 - 1),
    limit=st.integers(0, 120),
    shares=st.sampled_from([1.0, 0.5, 0.02, 0.0]),
    peaks=st.integers(0, 100),
    few=st.sampled_from([0, 1_000]),
)
def test_vectors_with_longer_steps_are_found_among_the_others(
    seed: int, limit: int, shares: float, peaks: int, few: int
) -> None:
    chance = np.random.default_rng(seed)
    raw, query = chance.standard_normal((100, 384)), unit(chance.standard_normal(384))
    raw[:peaks] += 40 * np.eye(384)[chance.integers(0, 384, peaks)]
    index = VectorIndex.build(unit(raw)[chance.permutation(100)])
    assert (index.codes.doublings > 0).sum() >= peaks
    among = None if shares == 1.0 else chance.random(100) < shares
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.vectors._FEW", few)
        rows, cosines = index.search(query, limit, among=among)
    there = np.arange(100) if among is None else np.flatnonzero(among)
    exact = (index.decoded(there).astype(np.float64) @ query).astype(np.float32)
    best = np.argsort(-exact, kind="stable")[:limit]
    np.testing.assert_allclose(cosines, exact[best], rtol=0, atol=1e-6)
    assert set(rows.tolist()) <= set(there.tolist())
    assert len(set(rows.tolist())) == min(limit, len(there))


def test_the_cosines_of_chosen_rows_are_those_of_the_search() -> None:
    index, query = VectorIndex.build(random_unit(5, 300, 384)), random_unit(6, 384)
    rows, cosines = index.search(query, 300)
    assert index.cosines(query, rows).tolist() == cosines.tolist()
    assert [index.cosines(query, rows[n : n + 1])[0] for n in range(300)] == cosines.tolist()
    assert (
        index.cosines(query, np.array([7, 7])).tolist()
        == 2 * index.cosines(query, np.array([7])).tolist()
    )
    assert index.cosines(query, np.empty(0, dtype=np.int64)).shape == (0,)


@given(vectors=st.integers(0, 20).flatmap(halves))
def test_an_index_survives_its_bytes(vectors: Rows) -> None:
    data = bytes(VectorIndex.build(vectors).to_bytes())
    index = VectorIndex.from_bytes(memoryview(data))
    assert (len(index), index.dimension) == vectors.shape
    assert kept(index).tolist() == vectors.tolist()
    assert bytes(index.to_bytes()) == data
    query = np.full(4, 0.5, dtype=np.float32)
    found, expected = (each.search(query, 9) for each in (index, VectorIndex.build(vectors)))
    np.testing.assert_array_equal(found, expected)


def test_an_index_is_read_where_it_lies_and_its_codes_are_aligned() -> None:
    vectors = random_unit(7, 10, 384)
    data = VectorIndex.build(vectors).to_bytes()
    index = VectorIndex.from_bytes(data)
    values = index.codes.values
    assert np.shares_memory(values, np.frombuffer(data, dtype=np.uint8))
    assert (values.ctypes.data - np.frombuffer(data, np.uint8).ctypes.data) % 64 == 0


def test_the_codes_outlive_the_index_and_cannot_be_written() -> None:
    original = random_unit(8, 50, 384)
    index = VectorIndex.build(original)
    codes, before = index.codes, kept(index)
    del index
    gc.collect()
    assert codes.decoded(np.arange(50)).tolist() == before.tolist()
    for array in (codes.values, codes.doublings):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_an_index_does_not_see_what_becomes_of_the_array_it_was_built_from() -> None:
    vectors = HAND_MADE.copy()
    index = VectorIndex.build(vectors)
    vectors[:] = 0
    assert kept(index).tolist() == kept(VectorIndex.build(HAND_MADE)).tolist()


def test_an_array_in_any_layout_is_indexed_by_its_rows() -> None:
    vectors = random_unit(9, 20, 8)
    index = VectorIndex.build(np.asfortranarray(vectors)[::2])
    assert kept(index).tolist() == kept(VectorIndex.build(vectors[::2].copy())).tolist()


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.build(np.empty((0, 384), dtype=np.float32))
    rows, cosines = index.search(random_unit(10, 384), 5)
    assert (rows.shape, cosines.shape) == ((0,), (0,))
    assert rows.dtype == np.int64
    assert cosines.dtype == np.float32
    assert (len(index), index.dimension, kept(index).shape) == (0, 384, (0, 384))


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([1, 0], r"\[n, d\]"),
        ([[[1, 0]]], r"\[n, d\]"),
        (np.empty((3, 0)), r"\[n, d\]"),
        ([[1, 0], [3, 4]], "number 1 is of length 5"),
        ([[1, 0], [0, 0]], "number 1 is of length 0"),
        ([[1, 0], [0.998, 0]], "number 1 is of length 0.998"),
        ([[np.nan, 0], [1, 0]], "number 0 is of length nan"),
        ([[1, 0], [np.inf, 0]], "number 1 is of length inf"),
    ],
)
def test_vectors_that_are_not_unit_rows_are_refused(vectors: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VectorIndex.build(np.asarray(vectors, dtype=np.float32))


def test_lengths_within_a_thousandth_of_one_are_unit() -> None:
    assert len(VectorIndex.build(np.array([[1.0009, 0], [0.9991, 0]], dtype=np.float32))) == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ([1, 0], r"shape \[2\].*3 numbers.*another model"),
        ([[1, 0, 0]], r"shape \[1, 3\]"),
        (1, r"shape \[\]"),
        ([np.nan, 0, 0], "length nan"),
        ([0, 0, 0], "length 0"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(query: object, message: str) -> None:
    index, vector = VectorIndex.build(HAND_MADE), np.asarray(query, dtype=np.float32)
    with pytest.raises(ValueError, match=message):
        index.search(vector, 1)
    with pytest.raises(ValueError, match=message):
        index.cosines(vector, np.array([0]))


def test_rows_and_limits_that_cannot_be_are_refused() -> None:
    index = VectorIndex.build(HAND_MADE)
    for row in (-1, 3):
        with pytest.raises(ValueError, match="between 0 and 2"):
            index.cosines(HAND_MADE[0], np.array([0, row]))
    with pytest.raises(ValueError, match="-1 rows"):
        index.search(HAND_MADE[0], -1)


def test_bytes_that_are_no_index_are_called_damaged() -> None:
    whole = bytes(VectorIndex.build(HAND_MADE).to_bytes())
    pieces = [whole[:size] for size in range(len(whole))]
    other_kind = whole.replace(b"IxSQ", b"IxF2")
    for data in (*pieces, b"\xff" * 999, b"\0" * 999, b"\1abcd", other_kind):
        with pytest.raises(DamagedGeneration, match="Index again"):
            VectorIndex.from_bytes(memoryview(data))


def test_many_threads_get_the_answers_that_one_gets() -> None:
    index, queries = VectorIndex.build(random_unit(11, 2000, 64)), random_unit(12, 64, 64)

    def search(query: Rows) -> list[int]:
        rows: list[int] = index.search(query, 10)[0].tolist()
        return rows

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search, queries)) == [search(query) for query in queries]


def test_the_module_can_be_imported_without_faiss() -> None:
    code = "import sys, index.vectors; sys.exit('faiss' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@given(
    vectors=st.integers(1, 40).flatmap(halves),
    query=halves(1),
    limit=st.integers(0, 45),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_search_among_some_rows_is_a_search_of_those_rows_alone(
    vectors: Rows, query: Rows, limit: int, seed: int
) -> None:
    among = np.random.default_rng(seed).random(len(vectors)) < 0.5
    rows, cosines = VectorIndex.build(vectors).search(query[0], limit, among=among)
    exact = (vectors @ query[0])[among]
    best = np.argsort(-exact, kind="stable")[:limit]
    assert rows.tolist() == np.flatnonzero(among)[best].tolist()
    assert cosines.tolist() == exact[best].tolist()


def test_a_choice_of_rows_of_another_length_is_refused() -> None:
    index = VectorIndex.build(HAND_MADE)
    with pytest.raises(ValueError, match="which of 3 rows"):
        index.search(HAND_MADE[0], 1, among=np.ones(2, np.bool_))
