"""Two snapshots into one: what stays of an index, and what is new, in the order of documents.

Whole tables are moved, and no document is looked at, so that an index grows by a document at the
cost of that document, and of copying the rest.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from index.codes import Codes
from index.lexical import Lexicon
from index.ragged import edges_of, ranges
from index.records import Document
from index.snapshot import Keys, Rows, Snapshot
from index.terms import words
from index.vectors import VectorIndex


def merged(before: Snapshot, fresh: Snapshot, *, kept: Set[str]) -> Snapshot:
    """The snapshot of the documents of ``before`` that are ``kept``, and of all ``fresh`` ones.

    It is the one that building it from all these documents gives.

    Raises:
        ValueError: a document is kept and fresh.
    """
    order = _order_of(before, fresh, kept)
    moved = _moved(before, fresh, order)
    rows = order.tolist()
    documents = (*before.documents, *fresh.documents)
    indexed_at = (*before.indexed_at, *fresh.indexed_at)
    return Snapshot(
        documents=tuple(documents[row] for row in rows),
        indexed_at=tuple(indexed_at[row] for row in rows),
        passages=moved.passages,
        sentences=moved.sentences,
        passage_keys=_keys(before.passage_keys, fresh.passage_keys, moved.from_passages),
        sentence_keys=_keys(before.sentence_keys, fresh.sentence_keys, moved.from_sentences),
        passage_vectors=_vectors(
            before.passage_vectors, fresh.passage_vectors, moved.from_passages
        ),
        sentence_vectors=_vectors(
            before.sentence_vectors, fresh.sentence_vectors, moved.from_sentences
        ),
        lexicon=Lexicon.merged(
            before.lexicon,
            fresh.lexicon,
            sentences=moved.from_sentences,
            passages=moved.from_passages,
            firsts=moved.passages["first"],
        ),
        words=_words(before, fresh, kept),
    )


def _order_of(before: Snapshot, fresh: Snapshot, kept: Set[str]) -> NDArray[np.int64]:
    """Rows of the documents of both, those of ``fresh`` counted on, sorted by id: int64 [n]."""
    rows = {one.id: row for row, one in enumerate(before.documents) if one.id in kept}
    if twice := rows.keys() & fresh.rows_by_id.keys():
        raise ValueError(f"{min(twice)} is kept, and fresh")
    rows |= {id: row + len(before.documents) for id, row in fresh.rows_by_id.items()}
    return np.array([rows[id] for id in sorted(rows)], np.int64)


@dataclass(frozen=True)
class _Moved:
    """New tables, and from which rows of the two old ones each row comes: int64."""

    passages: Rows
    sentences: Rows
    from_passages: NDArray[np.int64]
    from_sentences: NDArray[np.int64]


def _moved(before: Snapshot, fresh: Snapshot, order: NDArray[np.int64]) -> _Moved:
    passages = np.concatenate([before.passages, fresh.passages])
    added = slice(len(before.passages), None)
    passages["document"][added] += len(before.documents)
    passages["first"][added] += len(before.sentences)
    passages["last"][added] += len(before.sentences)
    firsts = np.searchsorted(passages["document"], order)
    lasts = np.searchsorted(passages["document"], order, side="right")
    from_passages = ranges(firsts, lasts)
    taken = passages[from_passages]
    from_sentences = ranges(taken["first"], taken["last"])
    counts = taken["last"] - taken["first"]
    edges = edges_of(counts)
    taken["document"] = np.repeat(np.arange(len(order)), lasts - firsts)
    taken["first"], taken["last"] = edges[:-1], edges[1:]
    sentences = np.concatenate([before.sentences, fresh.sentences])[from_sentences]
    sentences["passage"] = np.repeat(np.arange(len(taken)), counts)
    return _Moved(taken, sentences, from_passages, from_sentences)


def _keys(before: Keys, fresh: Keys, rows: NDArray[np.int64]) -> Keys:
    return np.concatenate([before, fresh])[rows]


def _vectors(before: VectorIndex, fresh: VectorIndex, rows: NDArray[np.int64]) -> VectorIndex:
    """Copied once, in stretches of neighbours: they are most of an index."""
    crosses = (rows[:-1] < len(before)) & (rows[1:] >= len(before))
    breaks = np.flatnonzero((np.diff(rows) != 1) | crosses) + 1

    def fill(taken: Codes) -> None:
        for first, last in pairwise([0, *breaks.tolist(), len(rows)]):
            if first < last:
                row = int(rows[first])
                side, row = (before, row) if row < len(before) else (fresh, row - len(before))
                there = slice(row, row + last - first)
                taken.values[first:last] = side.codes.values[there]
                taken.doublings[first:last] = side.codes.doublings[there]

    return VectorIndex.filled(len(rows), before.dimension, fill)


def _words(before: Snapshot, fresh: Snapshot, kept: Set[str]) -> Mapping[str, int]:
    """How often each word stands there now."""
    counts = Counter(before.words)
    counts.update(fresh.words)
    counts.subtract(chain.from_iterable(words(one.text) for one in _gone(before, kept)))
    return {word: count for word, count in counts.items() if count}


def _gone(before: Snapshot, kept: Set[str]) -> Iterator[Document]:
    return (one for one in before.documents if one.id not in kept)
