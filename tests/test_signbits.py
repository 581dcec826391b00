from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from index.codes import quantised
from index.faiss_codes import agreeing
from index.signbits import SignBits
from index.vectors import VectorIndex

MANY: Final = 60_000
DIMENSION: Final = 384
ASKED: Final = 40

Rows = NDArray[np.float32]


def unit(rows: NDArray[np.float64]) -> Rows:
    scaled: Rows = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return scaled


@given(
    count=st.integers(1, 40),
    dimension=st.sampled_from([8, 60, 64, 100, 384]),
    seed=st.integers(0, 2**32 - 1),
    towards=st.sampled_from([0.0, 3.0]),
)
def test_a_vector_as_it_is_kept_has_the_signs_that_are_kept_of_it(
    count: int, dimension: int, seed: int, towards: float
) -> None:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)) + towards
    codes = quantised(unit(rows))
    signs = SignBits(codes)
    assert signs.rows.shape[0] == count
    assert signs.rows.shape[1] * 8 >= dimension
    for row in np.flatnonzero(codes.doublings == 0):
        (kept,) = codes.decoded(np.array([row]))
        assert np.array_equal(signs.of(kept), signs.rows[row])


@given(
    bits=st.integers(1, 60).flatmap(
        lambda n: arrays(np.uint8, (n, 8), elements=st.sampled_from([0, 1, 3, 255]))
    ),
    asked=arrays(np.uint8, 8, elements=st.sampled_from([0, 1, 255])),
    count=st.integers(1, 70),
)
def test_those_that_agree_most_come_first_and_equal_ones_in_order(
    bits: NDArray[np.uint8], asked: NDArray[np.uint8], count: int
) -> None:
    apart = np.bitwise_count(bits ^ asked).sum(axis=1, dtype=np.int64)
    assert agreeing(bits, asked, count).tolist() == apart.argsort(kind="stable")[:count].tolist()


class Corpus:
    """Vectors in clusters, as a model's are: ``towards`` tells how much all point one way."""

    def __init__(self, towards: float) -> None:
        chance = np.random.default_rng(7)
        middles = chance.standard_normal((2_000, DIMENSION)) / DIMENSION**0.5
        way = unit(chance.standard_normal(DIMENSION)) * towards

        def near(count: int, noise: float) -> Rows:
            own = middles[chance.integers(0, len(middles), count)]
            around = chance.standard_normal((count, DIMENSION)) * (noise / DIMENSION**0.5)
            return unit(own + around + way)

        self.index = VectorIndex.build(near(MANY, 0.6))
        self.queries = near(ASKED, 0.8)
        kept = self.index.decoded(np.arange(MANY))
        self.cosines: Rows = self.queries @ kept.T


@pytest.fixture(scope="module", params=[0.0, 1.5])
def corpus(request: pytest.FixtureRequest) -> Corpus:
    return Corpus(request.param)


@pytest.mark.parametrize("share", [None, 0.9, 0.1])
def test_nearly_all_of_the_nearest_are_found_among_many(
    corpus: Corpus, share: float | None
) -> None:
    """The tenth is few enough rows to look at all of them."""
    among = None if share is None else np.random.default_rng(5).random(MANY) < share
    found = 0
    for query, cosines in zip(corpus.queries, corpus.cosines, strict=True):
        rows, told = corpus.index.search(query, 10, among=among)
        assert np.allclose(told, cosines[rows], atol=1e-6)
        assert (np.diff(told) <= 0).all()
        assert among is None or among[rows].all()
        seen = cosines if among is None else np.where(among, cosines, -2)
        found += len({*rows.tolist()} & {*np.argsort(-seen)[:10].tolist()})
    assert found >= (1 if share == 0.1 else 0.98) * 10 * ASKED


def test_equal_vectors_come_in_order_among_many(corpus: Corpus) -> None:
    codes = corpus.index.codes
    twins = np.arange(3, MANY, 53)  # more than are looked at
    values = codes.values.copy()
    values[twins] = values[3]
    index = VectorIndex.of(type(codes)(values, np.zeros_like(codes.doublings)))
    (query,) = index.decoded(np.array([3]))
    rows, cosines = index.search(unit(query.astype(np.float64)), 20)
    assert rows.tolist() == twins[:20].tolist()
    assert len({*cosines.tolist()}) == 1


def test_an_index_finds_the_same_when_it_is_opened_again(corpus: Corpus) -> None:
    again = VectorIndex.from_bytes(corpus.index.to_bytes())
    for query in corpus.queries[:5]:
        assert again.search(query, 50)[0].tolist() == corpus.index.search(query, 50)[0].tolist()
