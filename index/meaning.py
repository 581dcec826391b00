"""Cosines of a question with sentences, alone and together with their neighbours, many at once.

The sum of vectors stands for the encoding of sentences together, which would cost as much as
encoding the document once more and ranked no better. Its cosine with a question needs no vector of
its own: it is a sum of the sentences' products with the question, over the length of the sum, which
is made of their products with one another.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.ragged import edges_of, ranges
from index.snapshot import Snapshot

_PREDECESSOR: Final = 0.6  # weight of the sentence before in the vector of a pair
_NOTHING: Final = 1e-6  # squared length of a sum of unit vectors that cancel out

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Sentences:
    """The sentences of some passages, and the products of their vectors.

    Attributes:
        rows: int64 [n], the sentences' rows, passage after passage.
        edges: int64 [p + 1], where in ``rows`` each passage begins, and the last one ends.
        products: float64 [n], of each sentence with the question.
        squares: float64 [n], of each with itself.
        with_next: float64 [n], of each with the next of its passage; 0 where there is none.
        with_second: float64 [n], of each with the next but one, likewise.
    """

    rows: NDArray[np.int64]
    edges: NDArray[np.int64]
    products: Column
    squares: Column
    with_next: Column
    with_second: Column

    @classmethod
    def of(
        cls, snapshot: Snapshot, query: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> "Sentences":
        """The sentences of ``passages``, int64 [p], against ``query``, float32 [d], unit."""
        found = snapshot.passages[passages]
        rows = ranges(found["first"], found["last"])
        edges = edges_of(found["last"] - found["first"])
        vectors = snapshot.sentence_vectors.decoded(rows)
        owner = np.repeat(np.arange(len(passages)), np.diff(edges))
        return cls(
            rows=rows,
            edges=edges,
            products=_products(vectors, np.broadcast_to(query, vectors.shape)),
            squares=_products(vectors, vectors),
            with_next=_neighbours(vectors, owner, 1),
            with_second=_neighbours(vectors, owner, 2),
        )

    @property
    def alone(self) -> Column:
        """The cosine of each sentence: float64 [n]."""
        return self.products

    @property
    def windows(self) -> Column:
        """The cosine of each sentence together with those before and behind it: float64 [n].

        With as many as its passage has; 0 where they cancel out.
        """
        before, behind = _before(self.products), _behind(self.products)
        is_first, is_last = self._ends()
        before[is_first], behind[is_last] = 0, 0
        squares_before, squares_behind = _before(self.squares), _behind(self.squares)
        squares_before[is_first], squares_behind[is_last] = 0, 0
        linked = _before(self.with_next)
        around = _before(self.with_second)
        linked[is_first], around[is_first] = 0, 0
        square = self.squares + squares_before + squares_behind
        square = square + 2 * (linked + self.with_next + around)
        return _over(self.products + before + behind, square)

    @property
    def pairs(self) -> Column:
        """The cosine of each sentence together with the one before it: float64 [n].

        The first of a passage stands alone.
        """
        is_first, _ = self._ends()
        weight = np.where(is_first, 0.0, _PREDECESSOR)
        product = self.products + weight * _before(self.products)
        square = self.squares + weight**2 * _before(self.squares)
        return _over(product, square + 2 * weight * _before(self.with_next))

    def best(self, column: Column) -> Column:
        """The largest value of each passage: float64 [p]."""
        if not len(self.rows):
            return np.empty(0, np.float64)
        found: Column = np.maximum.reduceat(column, self.edges[:-1])
        return found

    def _ends(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which sentences are the first, and the last, of their passages."""
        is_first, is_last = np.zeros((2, len(self.rows)), np.bool_)
        is_first[self.edges[:-1]] = True
        is_last[self.edges[1:] - 1] = True
        return is_first, is_last


@dataclass(frozen=True)
class Meaning:
    """What vectors tell of some passages and their sentences, against a question.

    Attributes:
        passages: int64 [p], ascending rows.
        whole: float64 [p], the cosine of each passage's own vector.
        sentences: theirs, passage after passage, and so with ascending rows too.
    """

    passages: NDArray[np.int64]
    whole: Column
    sentences: Sentences

    @classmethod
    def of(
        cls, snapshot: Snapshot, query: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> "Meaning":
        """Of ``passages``, int64 [p], ascending, against ``query``, float32 [d], unit."""
        whole = snapshot.passage_vectors.cosines(query, passages).astype(np.float64)
        return cls(passages, whole, Sentences.of(snapshot, query, passages))

    @cached_property
    def dense(self) -> Column:
        """The mean of three cosines of each passage (whole, best window, best sentence)."""
        near = self.sentences
        mean: Column = (self.whole + near.best(near.windows) + near.best(near.alone)) / 3
        return mean

    def places(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where ``passages``, which are among them, stand in the columns of passages."""
        return np.searchsorted(self.passages, passages)


def _products(one: NDArray[np.float32], other: NDArray[np.float32]) -> Column:
    """Each row by itself, so that equal rows have equal products wherever they stand."""
    products: Column = np.einsum("ij,ij->i", one, other).astype(np.float64)
    return products


def _neighbours(vectors: NDArray[np.float32], owner: NDArray[np.int64], apart: int) -> Column:
    found = np.zeros(len(vectors), np.float64)
    if len(vectors) > apart:
        products = _products(vectors[:-apart], vectors[apart:])
        found[:-apart] = np.where(owner[:-apart] == owner[apart:], products, 0)
    return found


def _before(column: Column) -> Column:
    """Each value moved one place back."""
    moved = np.zeros_like(column)
    moved[1:] = column[:-1]
    return moved


def _behind(column: Column) -> Column:
    moved = np.zeros_like(column)
    moved[:-1] = column[1:]
    return moved


def _over(product: Column, square: Column) -> Column:
    """A product over a length, given squared; 0 where that is next to nothing."""
    is_there = square > _NOTHING
    found: Column = np.where(is_there, product / np.sqrt(np.where(is_there, square, 1)), 0)
    return found
