"""Candidates put in order: by their features first, then by reading the few best.

Reading is what costs, so only those are read that the features put first; the others stay behind
them, in the order of their features.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.features import NAMES, Features, describe
from index.questions import Question
from index.reading import Extract, Reader, Reading
from index.reranking import Reranker
from index.retrieving import Candidates
from index.snapshot import Snapshot
from index.weights import Weights

READ: Final = 6
"""How many candidates are read at most. Each costs 2 to 3 ms of a core."""

READ_ALWAYS: Final = 2
"""How many are read at least: how far the second is behind tells how sure the first is."""

BEHIND: Final = 6.0
"""How far behind the best, in the ranker's scores, a candidate is read at most."""

TERMS: Final = 100
"""How many terms the sentences have together that are read, beyond ``READ_ALWAYS``: what reading
takes at most is told by that."""

_SEPARATOR: Final = ": "


@dataclass
class Readings:
    """What a reader makes of candidates: each is read when it is first asked for, once.

    Where there is a reranker, what it says of a candidate takes the place of the relevance.
    """

    snapshot: Snapshot
    question: Question
    rows: NDArray[np.int64]
    reader: Reader | None
    reranker: Reranker | None = None
    _found: dict[int, Reading] = field(default_factory=dict)

    def of(self, places: Sequence[int]) -> list[Reading | None]:
        """The readings of the candidates at ``places``, in that order; None without a reader."""
        if self.reader is None:
            return [None] * len(places)
        new = [at for at in dict.fromkeys(places) if at not in self._found]
        if new:
            extracts = [extract(self.snapshot, int(self.rows[at])) for at in new]
            found = self._read(self.reader, extracts)
            self._found.update(zip(new, found, strict=True))
        return [self._found[at] for at in places]

    def known(self, places: Sequence[int]) -> list[Reading | None]:
        """The readings of those that were read before; None for the others."""
        return [self._found.get(at) for at in places]

    def _read(self, reader: Reader, extracts: Sequence[Extract]) -> list[Reading]:
        asked = self.question.text
        found = reader.read(asked, extracts)
        if self.reranker is None:
            return found
        scores = self.reranker.score(asked, [f"{one.context} {one.sentence}" for one in extracts])
        told = zip(found, scores.tolist(), strict=True)
        return [replace(one, relevance=score) for one, score in told]


@dataclass(frozen=True)
class Ranking:
    """Candidates in order.

    Attributes:
        features: of each candidate.
        scores: float64 [candidates], larger is better, in the order of ``features``.
        order: their places in ``features``, best first.
        readings: of whichever are asked for.
    """

    features: Features
    scores: NDArray[np.float64]
    order: tuple[int, ...]
    readings: Readings


def rank(
    snapshot: Snapshot,
    question: Question,
    candidates: Candidates,
    weights: Weights,
    *,
    reader: Reader | None = None,
    reranker: Reranker | None = None,
) -> Ranking:
    """Rank the candidates by their features, and the best again by reading them."""
    features = describe(snapshot, question, candidates)
    readings = Readings(snapshot, question, features.sentences, reader, reranker)
    return ranked(features, readings, weights)


def ranked(features: Features, readings: Readings, weights: Weights) -> Ranking:
    """The same of candidates that are described already."""
    scores = features.matrix @ weights.rank_vector(NAMES)
    places = worth_reading(scores, np.expm1(features.column("length")))
    scores = reranked(scores, _read(places, readings, weights))
    order = np.argsort(-scores, kind="stable").tolist()
    return Ranking(features, scores, tuple(order), readings)


def _read(places: Sequence[int], readings: Readings, weights: Weights) -> dict[int, float]:
    """What reading adds to the scores at ``places``, by place; nothing without a reader."""
    found = zip(places, readings.of(places), strict=True)
    return {at: weights.of_reading(reading) for at, reading in found if reading}


def worth_reading(scores: NDArray[np.float64], terms: NDArray[np.float64]) -> list[int]:
    """The places of the few best, less those too far behind and too long to read; best first.

    ``terms`` is how many each has.
    """
    best = np.argsort(-scores, kind="stable")[:READ]
    near = scores[best] >= scores[best[:1]] - BEHIND
    held = np.cumsum(terms[best]) <= TERMS
    held[:READ_ALWAYS] = True
    places: list[int] = best[near & held].tolist()
    return places


def reranked(scores: NDArray[np.float64], added: Mapping[int, float]) -> NDArray[np.float64]:
    """The scores with what was read added; those not read lose what the worst of the read has.

    So whoever was read stays before whoever was not only if it is better by what both have.
    """
    if not added:
        return scores
    found = scores + min(added.values())
    for at, more in added.items():
        found[at] = scores[at] + more
    return found


def extract(snapshot: Snapshot, sentence: int) -> Extract:
    """What is read of a sentence: its title and section, the sentence before it, and itself."""
    document = snapshot.document_of(sentence)
    section = snapshot.section_of(int(snapshot.sentences["passage"][sentence]))
    owners = snapshot.sentence_documents
    follows = sentence > 0 and owners[sentence - 1] == owners[sentence]
    before = snapshot.sentence_text(sentence - 1) if follows else ""
    parts = dict.fromkeys(" ".join(part.split()) for part in (document.title, section or ""))
    context = _SEPARATOR.join(filter(None, (*parts, " ".join(before.split()))))
    return Extract(context, snapshot.sentence_text(sentence))
