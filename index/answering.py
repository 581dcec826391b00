"""Candidates into an answer with citations, or an abstention."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.confidence import confidence, signs
from index.disagreeing import Told, disagreeing
from index.features import NAMES, describe
from index.questions import Question
from index.records import Abstained, Answer, Citation, Claim, Document, Span
from index.retrieving import Candidates
from index.snapshot import Snapshot
from index.spans import find_span
from index.weights import Weights

MOST_CITATIONS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a question found: quotes, best first, and how sure it is that the first answers.

    Where documents disagree, the quotes that do come first, newest first, and ``claims`` tells of
    them.
    """

    citations: tuple[Citation, ...]
    confidence: float
    claims: tuple[Claim, ...] = ()

    def outcome(
        self, question: str, *, threshold: float, generation: str, seconds: float
    ) -> Answer | Abstained:
        """An answer where it is as sure as ``threshold``, else an abstention."""
        if not self.citations or self.confidence < threshold:
            return Abstained(question, self.confidence, self.citations, generation, seconds)
        return Answer(
            question=question,
            answer=self.citations[0].answer,
            confidence=self.confidence,
            citations=self.citations,
            generation=generation,
            seconds=seconds,
            claims=self.claims,
        )


def find(
    snapshot: Snapshot,
    question: Question,
    candidates: Candidates,
    weights: Weights,
    *,
    threshold: float = 0.0,
) -> Finding:
    """Rank the candidate sentences and cite the best.

    Nothing to cite gives no citations and a confidence of 0. To contradict the best, another must
    be as sure as ``threshold``, and never less than that of ``weights``.
    """
    features = describe(snapshot, question, candidates)
    if not len(features.sentences):
        return Finding((), 0.0)
    scores = features.matrix @ weights.rank_vector(NAMES)
    order = np.argsort(-scores, kind="stable").tolist()

    @cache
    def sureness(at: int) -> float:
        found = signs(snapshot, question, features, scores, order.index(at))
        return confidence(found, weights.confidence, weights.bias)

    least = max(threshold, weights.threshold)
    told = disagreeing(
        snapshot, question, features, scores, is_sure=lambda at: sureness(at) >= least
    )
    spans = {one.at: one.span for one in told}
    shown = list(dict.fromkeys([*spans, *order]))[:MOST_CITATIONS]
    return Finding(
        citations=tuple(
            cite(
                snapshot,
                int(features.sentences[at]),
                n=n,
                question=question,
                answer=spans.get(at),
            )
            for n, at in enumerate(shown, start=1)
        ),
        confidence=sureness(shown[0]),
        claims=tuple(_claim(snapshot, one, n) for n, one in enumerate(told, start=1)),
    )


def _claim(snapshot: Snapshot, told: Told, n: int) -> Claim:
    document = snapshot.document_of(told.row)
    return Claim(n=n, date=document.date, is_own=bool(document.dated))


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


def cite(
    snapshot: Snapshot, sentence: int, *, n: int, question: Question, answer: Span | None = None
) -> Citation:
    """A sentence as a citation, with the stretch that answers, where that is sure.

    ``answer`` is that stretch in the sentence's characters, if it is known.
    """
    document = snapshot.document_of(sentence)
    row = snapshot.sentences[sentence]
    span = Span(int(row["start"]), int(row["end"]))
    section = snapshot.section_of(int(row["passage"]))
    found = _answer(document, span, question, answer)
    return citation_of(document, span, n=n, section=section, answer=found)


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
    if not 0 <= span.start <= answer.start < answer.end <= span.end <= len(document.body):
        raise ValueError(f"{span} with {answer} cannot be cited from {document.id}")
    return Citation(
        n=n,
        document=document.id,
        title=document.title,
        start=span.start,
        end=span.end,
        lines=document.lines(span.start, span.end),
        page=document.page(span.start),
        quote=document.body[span.start : span.end],
        answer_start=answer.start,
        answer_end=answer.end,
        section=section,
        sha256=document.sha256,
    )


def _answer(document: Document, sentence: Span, question: Question, known: Span | None) -> Span:
    """The answering stretch in the document's characters; the sentence where none is sure."""
    found = known or find_span(question, document.body[sentence.start : sentence.end])
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
