"""Candidate sentences for a question: dense and lexical retrieval together.

Passages come from three sides (nearest vectors, passages of the nearest sentences, BM25), are
scored as one list, and the sentences of the best become candidates.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.lexical import QueryTerms
from index.meaning import Meaning
from index.ragged import ranges
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
        sentences: int64 [c], ascending rows of candidate sentences; all stand in ``passages``.
        meaning: what vectors tell of ``passages``, in the order of their rows.
    """

    query: NDArray[np.float32]
    terms: QueryTerms
    passages: NDArray[np.int64]
    scores: NDArray[np.float64]
    sentences: NDArray[np.int64]
    meaning: Meaning


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
    meaning = Meaning.of(snapshot, query, pool)
    scores = _score(meaning, lexical)
    order = np.lexsort((pool, -scores))
    pool, scores = pool[order], scores[order]
    best = snapshot.passages[pool[:passages]]
    chosen = ranges(best["first"], best["last"])
    rows = np.unique(np.concatenate([near_sentences[:_SENTENCES], chosen])).astype(np.int64)
    return Candidates(query, terms, pool, scores, rows, meaning)


def _best(lexical: NDArray[np.float32], allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """The rows of the best passages by BM25, those without any term in common left out."""
    scores = lexical if allowed is None else np.where(allowed, lexical, 0)
    most = min(_POOL, len(scores))
    rows = np.argpartition(-scores, most - 1)[:most] if most else np.empty(0, np.int64)
    return rows[scores[rows] > 0].astype(np.int64)


def _score(meaning: Meaning, lexical: NDArray[np.float32]) -> NDArray[np.float64]:
    """Dense and lexical evidence for each passage of ``meaning``: float64 [p].

    ``.6 · mean(cosine of the passage, of its best window of three sentences, of its best sentence)
    + .4 · BM25 / the best BM25``.
    """
    found = lexical[meaning.passages]
    best = float(found.max(initial=0)) or 1.0
    score: NDArray[np.float64] = (
        _DENSE_SHARE * meaning.dense + (1 - _DENSE_SHARE) * found.astype(np.float64) / best
    )
    return score
