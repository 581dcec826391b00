"""How sure it is that the best candidate answers the question: signs, weighed by a logistic model.

The signs are few and meant to be readable. What the quote lacks of the question counts as much as
how well it matches.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.covering import Covering
from index.features import Features
from index.lexical import QueryTerms
from index.questions import Question
from index.snapshot import Snapshot
from index.terms import words

SIGNS: Final = (
    "score",
    "lead",
    "cosine_sentence",
    "cosine_pair",
    "cosine_passage",
    "coverage_sentence",
    "coverage_window",
    "coverage_passage",
    "kind_missing",
    "unknown_terms",
    "numerals_missing",
    "years_missing",
    "names_missing",
    "corpus_size",
)
"""What is looked at: the ranker's score and its lead over the next, features of the best candidate,
shares of the question that the corpus, the quote's passage or its window lacks, and the logarithm
of how many sentences there were to choose from: among many, one looks alike by chance."""

_YEAR = re.compile(r"1\d{3}|20\d\d")
_NUMERAL = re.compile(r"\d[\d,.]*\d|\d")


def signs(
    snapshot: Snapshot,
    question: Question,
    features: Features,
    scores: NDArray[np.float64],
    rank: int = 0,
) -> dict[str, float]:
    """The signs of the best candidate, by name.

    Or those of the candidate of that ``rank``, from 0, as if those before it were not there.
    ``scores``: float64 [candidates], the ranker's, in the order of ``features``; at least one.
    """
    order = np.argsort(-scores, kind="stable")[rank:]
    best = int(order[0])
    sentence = int(features.sentences[best])
    near = _Surroundings(snapshot, sentence)
    return {
        **{name: float(features.column(name)[best]) for name in _COPIED},
        **_coverage(snapshot, question, sentence),
        "score": float(scores[best]),
        "lead": float(scores[best] - scores[order[1]]) if len(order) > 1 else 0.0,
        "numerals_missing": _missing(question.numerals, near.numerals),
        "years_missing": _missing(_years(question.numerals), near.numerals),
        "names_missing": _missing(question.names, near.passage_words),
        "corpus_size": math.log(len(snapshot.sentences)),
    }


_COPIED: Final = tuple(name for name in SIGNS if name.startswith(("cosine_", "kind_")))


def _coverage(snapshot: Snapshot, question: Question, sentence: int) -> dict[str, float]:
    """What the quote, its window and its passage cover of the question's content."""
    asked = snapshot.lexicon.query(question.content, question.forms)
    passage = snapshot.sentences["passage"][[sentence]]
    covering = Covering.of(snapshot, asked, passage)
    at, total = int(covering.places(np.array([sentence]))[0]), asked.total or 1.0
    return {
        "coverage_sentence": float(covering.by_sentence[at]) / total,
        "coverage_window": float(covering.by_window[at]) / total,
        "coverage_passage": float(covering.by_passage[at]) / total,
        "unknown_terms": _unknown(asked),
    }


def confidence(found: Mapping[str, float], weights: Mapping[str, float], bias: float) -> float:
    """The probability, 0..1, that the best candidate answers: logistic in the signs."""
    total = bias + sum(weights[name] * found[name] for name in SIGNS)
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


class _Surroundings:
    """The words around a sentence that a question's constraints may be met by."""

    def __init__(self, snapshot: Snapshot, sentence: int) -> None:
        at = int(snapshot.sentences["passage"][sentence])
        passage = snapshot.passages[at]
        document = snapshot.document_of(sentence)
        first, last = (
            max(int(passage["first"]), sentence - 1),
            min(int(passage["last"]), sentence + 2),
        )
        window = document.text[
            int(snapshot.sentences["start"][first]) : int(snapshot.sentences["end"][last - 1])
        ]
        headings = f"{document.title} {snapshot.section_of(at) or ''}"
        whole = f"{headings} {document.text[passage['start'] : passage['end']]}"
        self.numerals = set(map(_bare, _NUMERAL.findall(f"{headings} {window}")))
        self.passage_words = set(words(whole))


def _bare(numeral: str) -> str:
    return re.sub(r"[,.](?=\d{3}\b)", "", numeral)


def _missing(asked: frozenset[str], there: set[str]) -> float:
    """The share of what was asked that is not there; 0 if nothing was."""
    return len(asked - there) / len(asked) if asked else 0.0


def _unknown(asked: QueryTerms) -> float:
    """The share of the question's weight that the corpus lacks; all of it if it has no weight."""
    return float(asked.weights[asked.rows < 0].sum()) / asked.total if asked.total else 1.0


def _years(numerals: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in numerals if _YEAR.fullmatch(one))
