"""How sure it is that the best candidate answers the question: signs, weighed by a logistic model.

The signs are few and meant to be readable. What the quote lacks of the question counts as much as
how well it matches.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from index.constraints import Surroundings, Unmet, years
from index.covering import Covering
from index.lexical import QueryTerms
from index.questions import Question
from index.ranking import Ranking
from index.snapshot import Snapshot

SIGNS: Final = (
    "score",
    "lead",
    "margin",
    "relevance",
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
    "denied",
    "corpus_size",
)
"""What is looked at: the score and its lead over the next, what the reader makes of the best
candidate (nothing without a reader), its features, shares of the question that the corpus, the
quote's passage or its window lacks, whether the question denies something and the quote nothing,
and the logarithm of how many sentences there were to choose from: among many, one looks alike by
chance."""


def signs(
    snapshot: Snapshot, question: Question, ranking: Ranking, place: int = 0
) -> dict[str, float]:
    """The signs of the best candidate, by name; there is at least one.

    Or those of the one at that ``place`` in the order, from 0, as if those before it were
    not there.
    """
    best, *others = ranking.order[place:]
    features, scores = ranking.features, ranking.scores
    sentence = int(features.sentences[best])
    (reading,) = ranking.readings.of([best])
    margin, relevance = reading.evidence if reading else (0.0, 0.0)
    unmet = Unmet.of(question, Surroundings.of(snapshot, sentence))
    return {
        **{name: float(features.column(name)[best]) for name in _COPIED},
        **_coverage(snapshot, question, sentence),
        "score": float(scores[best]),
        "lead": float(scores[best] - scores[others[0]]) if others else 0.0,
        "margin": margin,
        "relevance": relevance,
        "numerals_missing": _share(unmet.numerals, question.numerals),
        "years_missing": _share(unmet.years, years(question.numerals)),
        "names_missing": _share(unmet.names, question.names),
        "denied": float(unmet.is_denied),
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


def _share(unmet: frozenset[str], asked: frozenset[str]) -> float:
    """The share of what was asked that is not there; 0 if nothing was."""
    return len(unmet) / len(asked) if asked else 0.0


def _unknown(asked: QueryTerms) -> float:
    """The share of the question's weight that the corpus lacks; all of it if it has no weight."""
    return float(asked.weights[asked.rows < 0].sum()) / asked.total if asked.total else 1.0
