"""What is known of each candidate sentence, as numbers that a linear model can weigh.

Each is meant to be readable: a cosine, a share of the question's weight, or a yes or no.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.covering import Covering
from index.lexical import QueryTerms
from index.questions import AnswerType, Question
from index.retrieving import Candidates
from index.snapshot import Snapshot
from index.spans import has_kind
from index.terms import terms, words

Column = NDArray[np.float64]

NAMES: Final = (
    "cosine_sentence",
    "cosine_pair",
    "cosine_passage",
    "dense_passage",
    "bm25_sentence",
    "coverage_sentence",
    "coverage_window",
    "coverage_passage",
    "phrase",
    "defines",
    "kind_missing",
    "refers_back",
    "length",
    "short",
    "unseen_cosine_pair",
    "unseen_cosine_passage",
    "unseen_coverage_sentence",
)
"""In the order of the columns. ``unseen_…`` is the feature times the share of the question that no
candidate covers: where words do not match, meaning has to count for more."""

_SHORT: Final = 5  # terms
_DEFINITION_HEAD: Final = 14  # words within which a definition has named its subject and its verb
_BACK = re.compile(r"(?:He|She|It|They|This|These|That|Those|Such|His|Her|Its|Their)\b")
_COPULA: Final = frozenset(
    re.findall(
        r"\w+",
        "is are was were means mean refers refer describes describe consists consist called"
        " defined became becomes",
    )
)


@dataclass(frozen=True)
class Features:
    """float64 [candidates, NAMES], and the sentences' rows in the same order."""

    matrix: NDArray[np.float64]
    sentences: NDArray[np.int64]

    def column(self, name: str) -> Column:
        """One feature of every candidate."""
        found: Column = self.matrix[:, NAMES.index(name)]
        return found


def describe(snapshot: Snapshot, question: Question, found: Candidates) -> Features:
    """The features of every candidate sentence; no rows where there are no candidates."""
    rows = found.sentences
    passages = np.unique(snapshot.sentences["passage"][rows])
    texts = _texts(snapshot, rows)
    columns = {
        **_dense(snapshot, found),
        **_lexical(snapshot, question, found, passages),
        **_wording(question, texts),
        "defines": _defines(question, texts, found.terms),
    }
    columns |= _unseen(columns)
    matrix = np.array([columns[name] for name in NAMES], np.float64).T
    return Features(matrix.reshape(len(rows), len(NAMES)), rows)


def _texts(snapshot: Snapshot, rows: NDArray[np.int64]) -> list[str]:
    """The sentences, verbatim."""
    found, owners = snapshot.sentences[rows], snapshot.sentence_documents[rows]
    spans = zip(owners.tolist(), found["start"].tolist(), found["end"].tolist(), strict=True)
    return [snapshot.documents[owner].body[start:end] for owner, start, end in spans]


def _dense(snapshot: Snapshot, found: Candidates) -> dict[str, Column]:
    meaning, near = found.meaning, found.meaning.sentences
    at = np.searchsorted(near.rows, found.sentences)
    where = meaning.places(snapshot.sentences["passage"][found.sentences])
    return {
        "cosine_sentence": near.alone[at],
        "cosine_pair": near.pairs[at],
        "cosine_passage": meaning.whole[where],
        "dense_passage": meaning.dense[where],
    }


def _lexical(
    snapshot: Snapshot, question: Question, found: Candidates, passages: NDArray[np.int64]
) -> dict[str, Column]:
    """BM25 and idf-weighted coverage; shares of the weight of the whole question."""
    covering = Covering.of(snapshot, found.terms, passages)
    at, total = covering.places(found.sentences), found.terms.total or 1.0
    lengths = covering.lengths[at]
    return {
        "coverage_sentence": covering.by_sentence[at] / total,
        "coverage_window": covering.by_window[at] / total,
        "coverage_passage": covering.by_passage[at] / total,
        "bm25_sentence": covering.bm25[at] / total,
        "phrase": covering.phrases(question.terms)[at],
        "length": np.log1p(lengths),
        "short": (lengths < _SHORT).astype(np.float64),
    }


def _wording(question: Question, texts: Sequence[str]) -> dict[str, Column]:
    kinds = [has_kind(question, text) for text in texts]
    return {
        "kind_missing": np.array([kind is False for kind in kinds], np.float64),
        "refers_back": np.array([bool(_BACK.match(text)) for text in texts], np.float64),
    }


def _defines(question: Question, texts: Sequence[str], asked: QueryTerms) -> Column:
    """For "what is X": the share of X that stands before "is", "means" … at the sentence's head."""
    if question.kind not in (AnswerType.DEFINITION, AnswerType.PERSON):
        return np.zeros(len(texts), np.float64)
    weights = dict(zip(asked.terms, asked.weights.tolist(), strict=True))
    return np.array([_defined(text, weights) for text in texts], np.float64)


def _defined(text: str, weights: Mapping[str, float]) -> float:
    head = words(text)[:_DEFINITION_HEAD]
    verb = next((at for at, word in enumerate(head) if word in _COPULA), 0)
    subject = dict.fromkeys(terms(" ".join(head[:verb])))  # in order: sums are to be the same
    return sum(weights.get(term, 0.0) for term in subject) / (sum(weights.values()) or 1.0)


def _unseen(columns: Mapping[str, Column]) -> dict[str, Column]:
    covered = columns["coverage_sentence"]
    unseen = 1.0 - float(covered.max(initial=0.0))
    names = [name for name in NAMES if name.startswith("unseen_")]
    return {name: unseen * columns[name.removeprefix("unseen_")] for name in names}
