"""Candidate sentences for a question: dense and lexical retrieval together.

Passages come from three sides (nearest vectors, passages of the nearest sentences, BM25), are
scored as one list, and the sentences of the best become candidates.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.lexical import QueryTerms
from index.snapshot import Snapshot

_POOL: Final = 50  # from each side; the gold passage is among them in over 99 % of dev questions
PASSAGES: Final = 10  # whose sentences become candidates
_SENTENCES: Final = 10
_DENSE_SHARE: Final = 0.6  # of a passage's score; the rest is BM25


@dataclass(frozen=True)
class Candidates:
    """What a question is to be answered from, and how it was found.

    Attributes:
        query: float32 [d], the question's vector.
        terms: its terms as the index knows them.
        passages: int64 [p], rows of passages, best first; ``scores``: float64 [p].
        sentences: int64 [c], ascending rows of candidate sentences.
    """

    query: NDArray[np.float32]
    terms: QueryTerms
    passages: NDArray[np.int64]
    scores: NDArray[np.float64]
    sentences: NDArray[np.int64]


def retrieve(
    snapshot: Snapshot,
    query: NDArray[np.float32],
    terms: QueryTerms,
    *,
    allowed: NDArray[np.bool_] | None = None,
    passages: int = PASSAGES,
) -> Candidates:
    """Find candidates for a question among the ``allowed`` documents, bool [documents].

    Nothing outside ``allowed`` is ranked or returned. The sentences of the ``passages`` best become
    candidates.
    """
    lexical = snapshot.lexicon.score_passages(terms)
    among = None if allowed is None else allowed[snapshot.passages["document"]]
    sentences = None if allowed is None else allowed[snapshot.sentence_documents]
    near, _ = snapshot.passage_vectors.search(query, _POOL, among=among)
    near_sentences, _ = snapshot.sentence_vectors.search(query, _POOL, among=sentences)
    pool = np.unique(
        np.concatenate([near, snapshot.sentences["passage"][near_sentences], _best(lexical, among)])
    )
    scores = _score(snapshot, query, pool, lexical)
    order = np.lexsort((pool, -scores))
    pool, scores = pool[order], scores[order]
    chosen = [np.arange(*sentence_range(snapshot, row)) for row in pool[:passages]]
    rows = np.unique(np.concatenate([near_sentences[:_SENTENCES], *chosen])).astype(np.int64)
    return Candidates(query, terms, pool, scores, rows)


def _best(lexical: NDArray[np.float32], allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """The rows of the best passages by BM25, those without any term in common left out."""
    scores = lexical if allowed is None else np.where(allowed, lexical, 0)
    most = min(_POOL, len(scores))
    rows = np.argpartition(-scores, most - 1)[:most] if most else np.empty(0, np.int64)
    return rows[scores[rows] > 0].astype(np.int64)


def _score(
    snapshot: Snapshot,
    query: NDArray[np.float32],
    passages: NDArray[np.int64],
    lexical: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Dense and lexical evidence for each of ``passages``: float64 [p].

    ``.6 · mean(cosine of the passage, of its best window of three sentences, of its best sentence)
    + .4 · BM25 / the best BM25``.
    """
    dense = dense_scores(snapshot, query, passages)
    best = float(lexical[passages].max(initial=0)) or 1.0
    score: NDArray[np.float64] = (
        _DENSE_SHARE * dense + (1 - _DENSE_SHARE) * lexical[passages].astype(np.float64) / best
    )
    return score


def dense_scores(
    snapshot: Snapshot, query: NDArray[np.float32], passages: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The mean of three cosines of each passage (whole, best window, best sentence): float64."""
    whole = snapshot.passage_vectors.cosines(query, passages)
    best = [_best_within(snapshot, query, int(row)) for row in passages]
    parts = np.array(best, np.float64).reshape(len(passages), 2)
    mean: NDArray[np.float64] = (whole.astype(np.float64) + parts.sum(axis=1)) / 3
    return mean


def _best_within(
    snapshot: Snapshot, query: NDArray[np.float32], passage: int
) -> tuple[float, float]:
    """The cosines of a passage's best window of three sentences, and of its best sentence."""
    vectors = snapshot.sentence_vectors.vectors[slice(*sentence_range(snapshot, passage))]
    return float(np.max(windows(vectors) @ query)), float(np.max(vectors @ query))


def windows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors of each sentence together with its neighbours: float32 [n, d] of the same.

    The sum of their vectors stands for the encoding of the three together, which costs as much as
    encoding the document once more and ranked no better.
    """
    total = vectors.copy()
    total[1:] += vectors[:-1]
    total[:-1] += vectors[1:]
    return unit(total)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def sentence_range(snapshot: Snapshot, passage: int) -> tuple[int, int]:
    """The rows of a passage's sentences, half-open."""
    row = snapshot.passages[passage]
    return int(row["first"]), int(row["last"])
