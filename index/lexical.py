"""The lexical side of an index: the terms of every sentence, and BM25 over passages.

BM25 (Robertson & Zaragoza 2009, in Lucene's form) comes from bm25s. The terms of each sentence are
kept beside it, so that a question's coverage by a candidate sentence can be told exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bm25s import BM25

K1 = 1.2
B = 0.75
FLOOR = 0.5
"""Added to every weight: in a corpus of a few passages the idf of what they are about is near zero,
and any other word of the question would decide alone. Measured: docs/answers.md."""

Arrays = Mapping[str, NDArray[np.generic]]

ARRAYS: Final[Mapping[str, np.dtype[Any]]] = MappingProxyType(
    {
        "terms": np.dtype("<i4"),  # of all sentences, one behind the other
        "offsets": np.dtype("<i8"),  # where each sentence's begin, and where the last one's end
        "counts": np.dtype("<i8"),  # how many passages hold each term
        "bm25_data": np.dtype("<f4"),  # bm25s's scores: a sparse matrix, terms by passages
        "bm25_indices": np.dtype("<i4"),
        "bm25_indptr": np.dtype("<i8"),
        "bm25_passages": np.dtype("<i8"),  # how many passages there are
    }
)
"""The one-dimensional arrays that make a lexicon, beside its vocabulary."""


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The distinct terms of a question as the index knows them.

    Attributes:
        terms: in the question's order.
        rows: int32 [t], each term's row in the vocabulary, -1 where the corpus lacks it.
        weights: float64 [t], ``FLOOR`` and the idf of each, that of an unseen term where the corpus
            lacks it.
    """

    terms: tuple[str, ...]
    rows: NDArray[np.int32]
    weights: NDArray[np.float64]

    @property
    def total(self) -> float:
        """The weight of the whole question; 0 if it has no terms."""
        return float(self.weights.sum())


class Lexicon:
    """Immutable terms and BM25 scores of one corpus. Safe to read from several threads."""

    def __init__(self, vocabulary: Sequence[str], arrays: Arrays) -> None:
        """Wrap what ``vocabulary`` and ``arrays`` of another lexicon gave.

        Raises:
            ValueError: they do not belong together.
        """
        _check(vocabulary, arrays)
        self.vocabulary = tuple(vocabulary)
        self.arrays = arrays
        self._rows = {term: row for row, term in enumerate(self.vocabulary)}
        self._terms = np.asarray(arrays["terms"], np.int32)
        self._offsets = np.asarray(arrays["offsets"], np.int64)
        self._counts = np.asarray(arrays["counts"], np.int64)
        self._bm25 = _opened_bm25(arrays)

    @classmethod
    def build(
        cls, sentences: Sequence[Sequence[str]], passages: Sequence[tuple[int, int, Sequence[str]]]
    ) -> "Lexicon":
        """A lexicon over ``sentences``, each as its terms in reading order.

        A passage is a half-open range of sentences and the terms of its title and headings, which
        count for BM25 as if they stood in it.
        """
        rows: dict[str, int] = {}
        numbered = [[rows.setdefault(term, len(rows)) for term in found] for found in sentences]
        texts = [
            [row for sentence in numbered[first:last] for row in sentence]
            + [rows.setdefault(term, len(rows)) for term in context]
            for first, last, context in passages
        ]
        counted = [row for text in texts for row in set(text)]
        arrays = {
            "terms": [row for found in numbered for row in found],
            "offsets": np.cumsum([0, *map(len, numbered)]),
            "counts": np.bincount(np.array(counted, np.int64), minlength=len(rows)),
            **_bm25_arrays(texts, len(rows)),
        }
        return cls(list(rows), {name: np.asarray(arrays[name], of) for name, of in ARRAYS.items()})

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._bm25.scores["num_docs"])

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return len(self._offsets) - 1

    def query(self, terms: Sequence[str]) -> QueryTerms:
        """The distinct ones of ``terms``, with their rows and weights."""
        distinct = tuple(dict.fromkeys(terms))
        rows = np.array([self._rows.get(term, -1) for term in distinct], np.int32)
        counts = np.where(rows >= 0, self._counts[rows] if len(self._counts) else 0, 0)
        weights = FLOOR + np.log1p((self.passages - counts + 0.5) / (counts + 0.5))
        return QueryTerms(distinct, rows, weights)

    def occurs(self, term: str, among: NDArray[np.bool_]) -> bool:
        """Whether a term stands in one of the passages of ``among``, bool [passages]."""
        row = self._rows.get(term)
        if row is None:
            return False
        first, last = (int(one) for one in self.arrays["bm25_indptr"][row : row + 2])
        return bool(among[self.arrays["bm25_indices"][first:last]].any())

    def score_passages(self, query: QueryTerms) -> NDArray[np.float32]:
        """BM25 of every passage over the weight of the whole question: float32 [n], in 0..1.

        The whole question counts, terms the corpus lacks included, so that scores of different
        questions compare.
        """
        known = query.rows[query.rows >= 0]
        if not len(known) or not self.passages:
            return np.zeros(self.passages, np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores_from_ids(known)
        return scores / np.float32(query.total)

    def sentence_terms(self, row: int) -> NDArray[np.int32]:
        """The terms of one sentence, as rows of the vocabulary, in reading order."""
        return self._terms[self._offsets[row] : self._offsets[row + 1]]

    @property
    def mean_length(self) -> float:
        """How many terms a sentence has on average."""
        return len(self._terms) / max(1, self.sentences)


def _check(vocabulary: Sequence[str], arrays: Arrays) -> None:
    """Raise ValueError unless all that looks into another array finds something there."""
    terms, passages = len(set(vocabulary)), np.asarray(arrays["bm25_passages"], np.int64)
    if not (
        terms == len(vocabulary) == len(arrays["counts"]) == len(arrays["bm25_indptr"]) - 1
        and len(passages) == 1
        and passages[0] >= 0
        and len(arrays["bm25_data"]) == len(arrays["bm25_indices"])
        and _are_scores(arrays["bm25_data"])
        and _are_edges(arrays["offsets"], len(arrays["terms"]))
        and _are_edges(arrays["bm25_indptr"], len(arrays["bm25_data"]))
        and _are_rows(arrays["terms"], terms)
        and _are_rows(arrays["bm25_indices"], passages[0])
        and _are_rows(arrays["counts"], passages[0] + 1)
    ):
        raise ValueError("terms of another lexicon")


def _are_edges(array: NDArray[np.generic], end: int) -> bool:
    edges = np.asarray(array, np.int64)
    return bool(len(edges) and edges[0] == 0 and edges[-1] == end and (np.diff(edges) >= 0).all())


def _are_rows(array: NDArray[np.generic], count: int) -> bool:
    rows = np.asarray(array, np.int64)
    return bool(((rows >= 0) & (rows < count)).all())


def _are_scores(array: NDArray[np.generic]) -> bool:
    """Whether all are such as BM25 gives: above zero by far more than whole numbers misread are."""
    return bool((np.asarray(array, np.float32) >= np.finfo(np.float32).tiny).all())


def _bm25_arrays(texts: Sequence[Sequence[int]], terms: int) -> dict[str, Any]:
    import bm25s  # brings scipy along, which listing documents should not wait for

    empty = not any(texts)
    built = bm25s.BM25(k1=K1, b=B, method="lucene")
    scores = {} if empty else built.build_index_from_ids(range(terms), texts, show_progress=False)
    return {
        "bm25_data": scores.get("data", ()),
        "bm25_indices": scores.get("indices", ()),
        "bm25_indptr": scores.get("indptr", np.zeros(terms + 1)),
        "bm25_passages": [len(texts)],
    }


def _opened_bm25(arrays: Arrays) -> "BM25":
    import bm25s

    opened = bm25s.BM25(k1=K1, b=B, method="lucene")
    opened.nonoccurrence_array = None  # Lucene's form scores only terms that occur
    opened.scores = {
        "data": arrays["bm25_data"],
        "indices": arrays["bm25_indices"],
        "indptr": arrays["bm25_indptr"],
        "num_docs": int(np.asarray(arrays["bm25_passages"], np.int64)[0]),
    }
    return opened
