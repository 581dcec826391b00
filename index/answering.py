"""Candidates into an answer with citations, or an abstention."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from index.confidence import confidence, signs
from index.constraints import Surroundings, Unmet
from index.disagreeing import Told, disagreeing
from index.languages import ENGLISH
from index.lists import with_list
from index.predecessors import with_predecessor
from index.questions import Question
from index.ranking import Ranking, rank
from index.reading import Reading
from index.records import Abstained, Answer, Citation, Claim, Document, Span
from index.retrieving import Candidates
from index.shared_reading import NO_CLOSER_LOOK, CloserLook
from index.snapshot import Snapshot
from index.spans import find_span
from index.weights import Weights

MOST_CITATIONS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a question found: quotes, best first, and how sure it is that the first answers.

    Where documents disagree, the quotes that do come first, newest first, and ``claims`` tells of
    them. ``missing`` is what the question names and the place of the first quote does not hold.
    """

    citations: tuple[Citation, ...]
    confidence: float
    claims: tuple[Claim, ...] = ()
    missing: tuple[str, ...] = ()

    def outcome(
        self, question: str, *, threshold: float, generation: str, seconds: float
    ) -> Answer | Abstained:
        """An answer where it is as sure as ``threshold``, else an abstention."""
        if not self.citations or self.confidence < threshold:
            return Abstained(
                question, self.confidence, self.citations, generation, seconds, self.missing
            )
        return Answer(
            question=question,
            answer=self.citations[0].answer,
            confidence=self.confidence,
            citations=self.citations,
            generation=generation,
            seconds=seconds,
            claims=self.claims,
            missing=self.missing,
        )


def find(
    snapshot: Snapshot,
    question: Question,
    candidates: Candidates,
    weights: Weights,
    *,
    threshold: float = 0.0,
    closer: CloserLook = NO_CLOSER_LOOK,
) -> Finding:
    """Rank the candidate sentences and cite the best.

    Nothing to cite gives no citations and a confidence of 0. To contradict the best, another must
    be as sure as ``threshold``, and never less than that of ``weights``. Without a reader to look
    closer, candidates are ranked by their features alone, and stretches found by their form alone.
    """
    ranking = rank(
        snapshot, question, candidates, weights, reader=closer.reader, reranker=closer.reranker
    )
    if not ranking.order:
        return Finding((), 0.0)

    @cache
    def sureness(at: int) -> float:
        found = signs(snapshot, question, ranking, ranking.order.index(at))
        return confidence(found, weights.confidence, weights.bias)

    least = max(threshold, weights.threshold)
    told = disagreeing(
        snapshot,
        question,
        ranking.features,
        ranking.scores,
        is_sure=lambda at: sureness(at) >= least,
    )
    spans = {one.at: one.span for one in told}
    shown = _shown(snapshot, ranking, told=spans)
    readings = ranking.readings.known([one.at for one in shown])
    found = zip(shown, readings, strict=True)
    return Finding(
        citations=tuple(
            cite(
                snapshot,
                one.row,
                n=n,
                quote=one.quote,
                answer=_placed(one, spans.get(one.at) or _stretch(question, one, reading, weights)),
            )
            for n, (one, reading) in enumerate(found, start=1)
        ),
        confidence=sureness(shown[0].at),
        claims=tuple(_claim(snapshot, one, n) for n, one in enumerate(told, start=1)),
        missing=Unmet.of(question, Surroundings.of(snapshot, shown[0].row)).as_typed(question),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A candidate that is cited: its place among them, its sentence, and its quote.

    Attributes:
        place: where the sentence stands in its document; the quote holds it.
    """

    at: int
    row: int
    sentence: str
    place: Span
    quote: Span

    @property
    def is_list(self) -> bool:
        """Whether what is quoted goes on behind the sentence."""
        return self.quote.end > self.place.end


def _shown(snapshot: Snapshot, ranking: Ranking, *, told: Collection[int]) -> list[_Shown]:
    """Those that are ``told`` to disagree, then the best that stand in no quote before them."""
    shown: list[_Shown] = []
    for at in dict.fromkeys([*told, *ranking.order]):
        row = int(ranking.features.sentences[at])
        if at in told or not any(_holds(snapshot, one, row) for one in shown):
            shown.append(_as_quoted(snapshot, at, row, shown))
        if len(shown) == MOST_CITATIONS:
            break
    return shown


def _as_quoted(snapshot: Snapshot, at: int, row: int, shown: Sequence[_Shown]) -> _Shown:
    """A candidate with its quote, which begins with the sentence where that before it is shown."""
    place, quote = _span(snapshot, row), quote_of(snapshot, row)
    if quote.start < place.start and any(_holds(snapshot, one, row - 1) for one in shown):
        quote = Span(place.start, quote.end)
    return _Shown(at, row, snapshot.sentence_text(row), place, quote)


def _holds(snapshot: Snapshot, shown: _Shown, row: int) -> bool:
    owners, start = snapshot.sentence_documents, int(snapshot.sentences["start"][row])
    return owners[shown.row] == owners[row] and shown.quote.start <= start < shown.quote.end


def quotes_of(snapshot: Snapshot, sentence: int) -> tuple[Span, ...]:
    """What may be quoted of a sentence: as ``quote_of``, and without what comes before it."""
    quote, start = quote_of(snapshot, sentence), int(snapshot.sentences["start"][sentence])
    return (quote, Span(start, quote.end)) if quote.start < start else (quote,)


def quote_of(snapshot: Snapshot, sentence: int) -> Span:
    """What is quoted of a sentence: itself, with what it says nothing without.

    That is the list that it introduces, or the sentence before, which it refers to.
    """
    document, owners = snapshot.document_of(sentence), snapshot.sentence_documents
    rows = takewhile(lambda row: owners[row] == owners[sentence], range(sentence, len(owners)))
    spans = (_span(snapshot, row) for row in rows)
    place = next(spans)
    quote = with_list(document.body, place, spans)
    if quote != place or document.language != ENGLISH:
        return quote
    follows = sentence > 0 and owners[sentence - 1] == owners[sentence]
    before = _span(snapshot, sentence - 1) if follows else None
    return with_predecessor(document.body, before, place)


def _span(snapshot: Snapshot, sentence: int) -> Span:
    row = snapshot.sentences[sentence]
    return Span(int(row["start"]), int(row["end"]))


def _claim(snapshot: Snapshot, told: Told, n: int) -> Claim:
    document = snapshot.document_of(told.row)
    return Claim(n=n, date=document.date, is_own=bool(document.dated))


def rank_passages(
    snapshot: Snapshot, question: Question, candidates: Candidates, weights: Weights
) -> list[tuple[int, float]]:
    """The candidates' passages, each with the score of its best sentence, best first."""
    ranking = rank(snapshot, question, candidates, weights)
    passages = snapshot.sentences["passage"][ranking.features.sentences].tolist()
    best: dict[int, float] = {}
    for passage, score in zip(passages, ranking.scores.tolist(), strict=True):
        best[passage] = max(score, best.get(passage, score))
    return sorted(best.items(), key=lambda found: (-found[1], found[0]))


def cite(
    snapshot: Snapshot, sentence: int, *, n: int, quote: Span, answer: Span | None
) -> Citation:
    """A sentence's quote, with the stretch of the document that answers, where that is sure."""
    section = snapshot.section_of(int(snapshot.sentences["passage"][sentence]))
    document = snapshot.document_of(sentence)
    return citation_of(document, quote, n=n, section=section, answer=answer or quote)


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


def _placed(shown: _Shown, stretch: Span | None) -> Span | None:
    """A stretch of the sentence, in its document."""
    start = shown.place.start
    return Span(start + stretch.start, start + stretch.end) if stretch else None


def _stretch(
    question: Question, shown: _Shown, reading: Reading | None, weights: Weights
) -> Span | None:
    """The stretch that answers: as read, where that is sure, else by its form.

    One told by its form that holds what was read is whole: "every six months", not "six months".
    What was read of an introduction is no answer: the list is.
    """
    formed = find_span(question, shown.sentence)
    if (
        shown.is_list
        or not reading
        or reading.margin < weights.bold
        or reading.start >= reading.end
    ):
        return formed
    if formed and formed.start <= reading.start and reading.end <= formed.end:
        return formed
    return Span(reading.start, reading.end)


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
