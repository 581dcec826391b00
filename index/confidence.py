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

from index.features import Features
from index.lexical import QueryTerms
from index.questions import Question
from index.snapshot import Snapshot
from index.terms import terms, words

SIGNS: Final = (
    "score",
    "lead",
    "cosine_sentence",
    "cosine_pair",
    "cosine_passage",
    "coverage_sentence",
    "coverage_window",
    "coverage_passage",
    "phrase",
    "kind_missing",
    "unknown_terms",
    "heaviest_missing",
    "numerals_missing",
    "names_missing",
)
"""What is looked at: the ranker's score and its lead over the next, features of the best candidate,
and shares of the question that the corpus, the quote's passage or its window lacks."""

_NUMERAL = re.compile(r"\d[\d,.]*\d|\d")


def signs(
    snapshot: Snapshot,
    question: Question,
    asked: QueryTerms,
    features: Features,
    scores: NDArray[np.float64],
) -> dict[str, float]:
    """The signs of the best candidate, by name.

    ``scores``: float64 [candidates], the ranker's, in the order of ``features``; at least one.
    """
    order = np.argsort(-scores, kind="stable")
    best = int(order[0])
    near = _Surroundings(snapshot, int(features.sentences[best]))
    lead = float(scores[best] - scores[order[1]]) if len(order) > 1 else 0.0
    copied: dict[str, float] = {
        name: float(features.column(name)[best]) for name in SIGNS if name in _COPIED
    }
    return {
        **copied,
        "score": float(scores[best]),
        "lead": lead,
        "unknown_terms": _share(asked, asked.rows < 0),
        "heaviest_missing": _heaviest_missing(asked, near.passage_terms),
        "numerals_missing": _missing(question.numerals, near.numerals),
        "names_missing": _missing(question.names, near.passage_words),
    }


_COPIED: Final = frozenset(
    name for name in SIGNS if name.startswith(("cosine_", "coverage_", "kind_", "phrase"))
)


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
        self.passage_terms = set(terms(whole))


def _bare(numeral: str) -> str:
    return re.sub(r"[,.](?=\d{3}\b)", "", numeral)


def _missing(asked: frozenset[str], there: set[str]) -> float:
    """The share of what was asked that is not there; 0 if nothing was."""
    return len(asked - there) / len(asked) if asked else 0.0


def _share(asked: QueryTerms, which: NDArray[np.bool_]) -> float:
    return float(asked.weights[which].sum()) / (asked.total or 1.0) if len(which) else 1.0


def _heaviest_missing(asked: QueryTerms, there: set[str]) -> float:
    """Whether the most telling term of the question is lacking; yes if it has none."""
    if not asked.terms:
        return 1.0
    return float(asked.terms[int(np.argmax(asked.weights))] not in there)
