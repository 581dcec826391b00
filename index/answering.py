"""Candidates into an answer with citations, or an abstention."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.confidence import confidence, signs
from index.features import NAMES, describe
from index.questions import Question
from index.records import Citation, Document, Span
from index.retrieving import Candidates
from index.snapshot import Snapshot
from index.spans import find_span
from index.weights import Weights

MOST_CITATIONS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a question found: quotes, best first, and how sure it is that the first answers."""

    citations: tuple[Citation, ...]
    confidence: float


def find(
    snapshot: Snapshot, question: Question, candidates: Candidates, weights: Weights
) -> Finding:
    """Rank the candidate sentences and cite the best.

    Nothing to cite gives no citations and a confidence of 0.
    """
    features = describe(snapshot, question, candidates)
    if not len(features.sentences):
        return Finding((), 0.0)
    scores = features.matrix @ weights.rank_vector(NAMES)
    found = signs(snapshot, question, features, scores)
    best = features.sentences[np.argsort(-scores, kind="stable")[:MOST_CITATIONS]]
    return Finding(
        citations=tuple(
            cite(snapshot, int(row), n=n, question=question) for n, row in enumerate(best, start=1)
        ),
        confidence=confidence(found, weights.confidence, weights.bias),
    )


def rank_passages(
    snapshot: Snapshot, question: Question, candidates: Candidates, weights: Weights
) -> list[tuple[int, float]]:
    """The candidates' passages, each with the score of its best sentence, best first."""
    features = describe(snapshot, question, candidates)
    scores = (features.matrix @ weights.rank_vector(NAMES)).tolist()
    passages = snapshot.sentences["passage"][features.sentences].tolist()
    best: dict[int, float] = {}
    for passage, score in zip(passages, scores, strict=True):
        best[passage] = max(score, best.get(passage, score))
    return sorted(best.items(), key=lambda found: (-found[1], found[0]))


def cite(snapshot: Snapshot, sentence: int, *, n: int, question: Question) -> Citation:
    """A sentence as a citation, with the stretch that answers, where that is sure."""
    document = snapshot.document_of(sentence)
    row = snapshot.sentences[sentence]
    span = Span(int(row["start"]), int(row["end"]))
    section = snapshot.section_of(int(row["passage"]))
    return citation_of(
        document, span, n=n, section=section, answer=_answer(document, span, question)
    )


def cite_passage(snapshot: Snapshot, passage: int, *, n: int) -> Citation:
    """A whole passage as a citation."""
    row = snapshot.passages[passage]
    span = Span(int(row["start"]), int(row["end"]))
    document = snapshot.documents[row["document"]]
    return citation_of(document, span, n=n, section=snapshot.section_of(passage), answer=span)


def citation_of(
    document: Document, span: Span, *, n: int, section: str | None, answer: Span
) -> Citation:
    """The citation of a span; its quote is the document's own text, by construction and check.

    Raises:
        ValueError: the spans are not within the document, or within one another.
    """
    if not 0 <= span.start <= answer.start < answer.end <= span.end <= len(document.text):
        raise ValueError(f"{span} with {answer} cannot be cited from {document.id}")
    return Citation(
        n=n,
        document=document.id,
        title=document.title,
        start=span.start,
        end=span.end,
        lines=document.lines(span.start, span.end),
        page=document.page(span.start),
        quote=document.text[span.start : span.end],
        answer_start=answer.start,
        answer_end=answer.end,
        section=section,
        sha256=document.sha256,
    )


def _answer(document: Document, sentence: Span, question: Question) -> Span:
    """The answering stretch in the document's characters; the sentence where none is sure."""
    found = find_span(question, document.text[sentence.start : sentence.end])
    if found is None:
        return sentence
    return Span(sentence.start + found.start, sentence.start + found.end)


def allowed_documents(
    snapshot: Snapshot, *, collections: frozenset[str] | None, document: str | None
) -> NDArray[np.bool_] | None:
    """Which documents may be seen, bool [documents]; None where all may."""
    if collections is None and document is None:
        return None
    return np.array(
        [
            (collections is None or one.collection in collections)
            and (document is None or one.id == document)
            for one in snapshot.documents
        ],
        np.bool_,
    )
