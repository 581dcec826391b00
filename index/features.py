"""What is known of each candidate sentence, as numbers that a linear model can weigh.

Each is meant to be readable: a cosine, a share of the question's weight, or a yes or no.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.lexical import Lexicon, QueryTerms
from index.questions import AnswerType, Question
from index.retrieving import Candidates, dense_scores, sentence_range, unit
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

_K1: Final = 1.2
_B: Final = 0.5  # sentences vary less in length for the wrong reasons than passages do
_SHORT: Final = 5  # terms
_PREDECESSOR: Final = 0.6  # weight of the sentence before in the vector of a pair
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
    columns: dict[str, Column] = {}
    rows = found.sentences
    columns |= _dense(snapshot, found)
    columns |= _lexical(snapshot, found)
    texts = [snapshot.sentence_text(int(row)) for row in rows]
    columns |= _wording(question, texts)
    columns["phrase"] = _phrase(snapshot.lexicon, found, question.terms)
    columns["defines"] = _defines(question, texts, found.terms)
    columns["length"] = np.log1p(_term_counts(snapshot.lexicon, rows))
    columns["short"] = (_term_counts(snapshot.lexicon, rows) < _SHORT).astype(np.float64)
    columns |= _unseen(columns)
    matrix = np.array([columns[name] for name in NAMES], np.float64).T
    return Features(matrix.reshape(len(rows), len(NAMES)), rows)


def _dense(snapshot: Snapshot, found: Candidates) -> dict[str, Column]:
    rows, query = found.sentences, found.query
    passages = snapshot.sentences["passage"][rows]
    distinct, where = np.unique(passages, return_inverse=True)
    pairs = _pair_cosines(snapshot, query, distinct)
    return {
        "cosine_sentence": snapshot.sentence_vectors.cosines(query, rows).astype(np.float64),
        "cosine_pair": np.array([pairs[int(row)] for row in rows], np.float64),
        "cosine_passage": snapshot.passage_vectors.cosines(query, passages).astype(np.float64),
        "dense_passage": dense_scores(snapshot, query, distinct)[where],
    }


def _pair_cosines(
    snapshot: Snapshot, query: NDArray[np.float32], passages: NDArray[np.int64]
) -> dict[int, float]:
    """The cosine of each sentence of ``passages`` together with the one before it."""
    found: dict[int, float] = {}
    for first, last in (sentence_range(snapshot, int(passage)) for passage in passages):
        vectors = snapshot.sentence_vectors.vectors[first:last]
        before = np.vstack([vectors[:1], vectors[:-1]])
        pairs = unit(vectors + np.float32(_PREDECESSOR) * before)
        found.update(zip(range(first, last), (pairs @ query).tolist(), strict=True))
    return found


def _lexical(snapshot: Snapshot, found: Candidates) -> dict[str, Column]:
    """BM25 and idf-weighted coverage; shares of the weight of the whole question."""
    counts = Counts(snapshot.lexicon, found.terms)
    shares = [coverage(snapshot, counts, int(row)) for row in found.sentences]
    table = np.array(shares, np.float64).reshape(len(shares), 4) / (found.terms.total or 1.0)
    names = ("coverage_sentence", "coverage_window", "coverage_passage", "bm25_sentence")
    return {name: table[:, at] for at, name in enumerate(names)}


def coverage(snapshot: Snapshot, counts: "Counts", row: int) -> tuple[float, ...]:
    """What a sentence, its window, and its passage under its headings cover; its BM25."""
    at = int(snapshot.sentences["passage"][row])
    first, last = sentence_range(snapshot, at)
    window = range(max(first, row - 1), min(last, row + 2))
    headings = terms(f"{snapshot.document_of(row).title} {snapshot.section_of(at) or ''}")
    return (
        counts.covered([row]),
        counts.covered(window),
        counts.covered(range(first, last), beside=headings),
        counts.bm25(row),
    )


class Counts:
    """How often each sentence holds each of the question's terms; counted once."""

    def __init__(self, lexicon: Lexicon, terms: QueryTerms) -> None:
        self._lexicon = lexicon
        self._terms = terms
        self._counted: dict[int, NDArray[np.int64]] = {}

    def of(self, sentence: int) -> NDArray[np.int64]:
        """int64 [question's terms]."""
        if sentence not in self._counted:
            found = self._lexicon.sentence_terms(sentence)
            known = self._terms.rows[:, np.newaxis]
            self._counted[sentence] = (found == known).sum(axis=1)
        return self._counted[sentence]

    def covered(self, sentences: Sequence[int], *, beside: Sequence[str] = ()) -> float:
        """The weight of the question's terms that occur in ``sentences`` or ``beside`` them."""
        present = np.array([term in beside for term in self._terms.terms], np.bool_)
        for sentence in sentences:
            present |= self.of(sentence) > 0
        return float(self._terms.weights[present].sum())

    def bm25(self, sentence: int) -> float:
        """BM25 of a sentence, in Lucene's form, with the passages' idf."""
        counts = self.of(sentence)
        length = len(self._lexicon.sentence_terms(sentence)) / (self._lexicon.mean_length or 1.0)
        saturation = counts / (counts + _K1 * (1 - _B + _B * length))
        return float((self._terms.weights * saturation).sum())


def _term_counts(lexicon: Lexicon, rows: NDArray[np.int64]) -> Column:
    return np.array([len(lexicon.sentence_terms(int(row))) for row in rows], np.float64)


def _wording(question: Question, texts: Sequence[str]) -> dict[str, Column]:
    kinds = [has_kind(question, text) for text in texts]
    return {
        "kind_missing": np.array([kind is False for kind in kinds], np.float64),
        "refers_back": np.array([bool(_BACK.match(text)) for text in texts], np.float64),
    }


def _phrase(lexicon: Lexicon, found: Candidates, asked: Sequence[str]) -> Column:
    """The share of the question's neighbouring terms that are neighbours in the sentence too."""
    weight = dict(zip(found.terms.terms, found.terms.weights.tolist(), strict=True))
    row = dict(zip(found.terms.terms, found.terms.rows.tolist(), strict=True))
    pairs = {(row[a], row[b]): weight[a] + weight[b] for a, b in pairwise(asked)}
    total = sum(pairs.values()) or 1.0
    return np.array(
        [
            sum(pairs.get(pair, 0.0) for pair in set(pairwise(found_terms.tolist()))) / total
            for found_terms in map(lexicon.sentence_terms, map(int, found.sentences))
        ],
        np.float64,
    )


def _defines(question: Question, texts: Sequence[str], asked: QueryTerms) -> Column:
    """For "what is X": the share of X that stands before "is", "means" … at the sentence's head."""
    asks = question.kind in (AnswerType.DEFINITION, AnswerType.PERSON)
    weights = dict(zip(asked.terms, asked.weights.tolist(), strict=True))
    return np.array([_defined(text, weights) if asks else 0.0 for text in texts], np.float64)


def _defined(text: str, weights: Mapping[str, float]) -> float:
    head = words(text)[:_DEFINITION_HEAD]
    verb = next((at for at, word in enumerate(head) if word in _COPULA), 0)
    subject = set(terms(" ".join(head[:verb])))
    return sum(weights.get(term, 0.0) for term in subject) / (sum(weights.values()) or 1.0)


def _unseen(columns: Mapping[str, Column]) -> dict[str, Column]:
    covered = columns["coverage_sentence"]
    unseen = 1.0 - float(covered.max(initial=0.0))
    names = [name for name in NAMES if name.startswith("unseen_")]
    return {name: unseen * columns[name.removeprefix("unseen_")] for name in names}
