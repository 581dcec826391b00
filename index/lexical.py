"""The lexical side of an index: the terms of every sentence, and BM25 over passages.

BM25 (Robertson & Zaragoza 2009, in Lucene's form) comes from bm25s. The terms of each sentence are
kept beside it, so that a question's coverage by a candidate sentence can be told exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        """Wrap what ``vocabulary`` and ``arrays`` gave."""
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
        offsets = np.cumsum([0, *map(len, numbered)], dtype=np.int64)
        flat = np.fromiter((row for found in numbered for row in found), np.int32, offsets[-1])
        counted = np.fromiter((row for text in texts for row in set(text)), np.int64)
        arrays: dict[str, NDArray[np.generic]] = {
            "terms": flat,
            "offsets": offsets,
            "counts": np.bincount(counted, minlength=len(rows)).astype(np.int64),
            **_bm25_arrays(texts, len(rows)),
        }
        return cls(list(rows), arrays)

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._bm25.scores["num_docs"])

    def query(self, terms: Sequence[str]) -> QueryTerms:
        """The distinct ones of ``terms``, with their rows and weights."""
        distinct = tuple(dict.fromkeys(terms))
        rows = np.array([self._rows.get(term, -1) for term in distinct], np.int32)
        counts = np.where(rows >= 0, self._counts[rows] if len(self._counts) else 0, 0)
        weights = FLOOR + np.log1p((self.passages - counts + 0.5) / (counts + 0.5))
        return QueryTerms(distinct, rows, weights)

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
        return len(self._terms) / max(1, len(self._offsets) - 1)


def _bm25_arrays(texts: list[list[int]], terms: int) -> dict[str, NDArray[np.generic]]:
    import bm25s  # brings scipy along, which listing documents should not wait for

    empty = not any(texts)
    built = bm25s.BM25(k1=K1, b=B, method="lucene")
    scores = {} if empty else built.build_index_from_ids(range(terms), texts, show_progress=False)
    return {
        "bm25_data": np.asarray(scores.get("data", ()), np.float32),
        "bm25_indices": np.asarray(scores.get("indices", ()), np.int32),
        "bm25_indptr": np.asarray(scores.get("indptr", np.zeros(terms + 1)), np.int64),
        "bm25_passages": np.array([len(texts)], np.int64),
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
