"""How much of a question's words sentences hold, many sentences at once."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.lexical import QueryTerms
from index.ragged import Ragged, ranges
from index.snapshot import Snapshot

_K1: Final = 1.2
_B: Final = 0.5  # sentences vary less in length for the wrong reasons than passages do

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Covering:
    """Which of a question's terms stand in the sentences of some passages, and how often.

    Attributes:
        asked: the terms.
        rows: int64 [n], the sentences' rows, ascending.
        owners: int64 [n], to which of the passages each belongs.
        terms: of each sentence.
        counts: int64 [n, t], how often each sentence holds each term.
        headings: bool [p, t], which terms stand in the title or section of each passage.
        mean_length: how many terms a sentence of the corpus has on average.
    """

    asked: QueryTerms
    rows: NDArray[np.int64]
    owners: NDArray[np.int64]
    terms: Ragged
    counts: NDArray[np.int64]
    headings: NDArray[np.bool_]
    mean_length: float

    @classmethod
    def of(cls, snapshot: Snapshot, asked: QueryTerms, passages: NDArray[np.int64]) -> "Covering":
        """Of the sentences of ``passages``, int64 [p], which ascend."""
        found, lexicon = snapshot.passages[passages], snapshot.lexicon
        rows = ranges(found["first"], found["last"])
        terms = asked.settled(lexicon.sentence_texts.take(rows))
        contexts = asked.settled(lexicon.context_texts.take(passages))
        return cls(
            asked=asked,
            rows=rows,
            owners=np.repeat(np.arange(len(passages)), found["last"] - found["first"]),
            terms=terms,
            counts=_counted(terms, asked),
            headings=_counted(contexts, asked) > 0,
            mean_length=lexicon.mean_length,
        )

    def places(self, sentences: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where rows of sentences stand in ``rows``: int64 [m]."""
        return np.searchsorted(self.rows, sentences)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many terms each sentence has: int64 [n]."""
        return self.terms.lengths

    @property
    def by_sentence(self) -> Column:
        """The weight of the terms that each sentence holds: float64 [n]."""
        return self._weight(self.counts > 0)

    @property
    def by_window(self) -> Column:
        """The weight of those that it or a neighbour within its passage holds: float64 [n]."""
        there = self.counts > 0
        around = there.copy()
        is_neighbour = (self.owners[1:] == self.owners[:-1])[:, np.newaxis]
        around[1:] |= there[:-1] & is_neighbour
        around[:-1] |= there[1:] & is_neighbour
        return self._weight(around)

    @property
    def by_passage(self) -> Column:
        """The weight of those that its passage holds, or what that stands under: float64 [n]."""
        held = self.headings.copy()
        np.logical_or.at(held, self.owners, self.counts > 0)
        return self._weight(held)[self.owners]

    @property
    def bm25(self) -> Column:
        """BM25 of each sentence, in Lucene's form, with the passages' idf: float64 [n]."""
        length = (self.lengths / (self.mean_length or 1.0))[:, np.newaxis]
        saturation = self.counts / (self.counts + _K1 * (1 - _B + _B * length))
        return self._weight(saturation)

    def phrases(self, question: tuple[str, ...]) -> Column:
        """The share of the question's neighbouring terms that are neighbours too: float64 [n].

        ``question``: its terms in its order, each as often as it occurs.
        """
        weights = dict(zip(self.asked.terms, self.asked.weights.tolist(), strict=True))
        rows = dict(zip(self.asked.terms, self.asked.rows.tolist(), strict=True))
        # A term that another one stands for is not there.
        known = (term for term in question if term in weights)
        pairs = {(rows[a], rows[b]): weights[a] + weights[b] for a, b in pairwise(known)}
        owners = np.repeat(np.arange(len(self.rows)), self.lengths)
        one, other = self.terms.values[:-1], self.terms.values[1:]
        together = owners[:-1] == owners[1:]
        found = np.zeros(len(self.rows), np.float64)
        for (a, b), weight in pairs.items():
            held = owners[:-1][together & (one == a) & (other == b)]
            if len(held):
                found[np.unique(held)] += weight
        return found / (sum(pairs.values()) or 1.0)

    def _weight(self, there: NDArray[np.bool_] | Column) -> Column:
        """Row by row, so that equal rows weigh the same wherever they stand."""
        found: Column = (there * self.asked.weights).sum(axis=1)
        return found


def _counted(texts: Ragged, asked: QueryTerms) -> NDArray[np.int64]:
    """How often each text holds each term of a question: int64 [n, t]."""
    count, order = len(asked.rows), np.argsort(asked.rows)
    if not count:
        return np.zeros((len(texts), 0), np.int64)
    rows = asked.rows[order]
    at = np.minimum(np.searchsorted(rows, texts.values), count - 1)
    is_asked = rows[at] == texts.values
    owners = np.repeat(np.arange(len(texts)), texts.lengths)
    found = owners[is_asked] * count + order[at[is_asked]]
    return np.bincount(found, minlength=len(texts) * count).reshape(len(texts), count)
