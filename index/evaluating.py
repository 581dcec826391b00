"""How good the answers are: a question set is asked and scored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from statistics import fmean

from index.errors import QuestionError, UnknownDocument
from index.judging import Outcome, judge
from index.questionset import ANSWER_TYPES, EvalQuestion, QuestionSetError, load_questions
from index.records import Abstained, Answer, Document

__all__ = [
    "EvalQuestion",
    "Evaluation",
    "Outcome",
    "QuestionSetError",
    "Scores",
    "evaluate",
    "load_questions",
]

_BINS = 10
_HEADING = (
    "type", "n", "hit@1", "hit@3", "bold", "bold right", "bold F1", "answered", "right", "false",
    "AURC", "ECE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a set of questions; shares lie in 0..1 and are None where they are of nothing.

    Attributes:
        hit_at_1, hit_at_3: of the answerable, those with an answer in the first quote, or in one
            of the first three.
        bold: of the answerable, those where a stretch of the first quote was set in bold.
        exact, f1, bold_right: means over those (see ``Outcome``).
        answered: of the answerable, those answered at the threshold.
        right: of those, those with an answer in the first quote.
        false_answers: of the unanswerable, those answered at the threshold.
        aurc: area under the risk-coverage curve (see ``Evaluation.curve``): the mean of its risks.
            Smaller is better.
        ece: expected calibration error: questions are sorted by confidence into ten bins of the
            same size (to within one); the mean over questions of how far their bin's mean
            confidence is from its share of right first quotes. The unanswerable have none.
        verbatim: of all, those whose quotes all stand in their documents as cited.
    """

    questions: int
    answerable: int
    hit_at_1: float | None
    hit_at_3: float | None
    bold: float | None
    exact: float | None
    f1: float | None
    bold_right: float | None
    answered: float | None
    right: float | None
    false_answers: float | None
    aurc: float | None
    ece: float | None
    verbatim: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a question set: of all of it, and by type of answer asked for.

    ``missing`` names the documents that questions refer to and the index does not have.
    """

    threshold: float
    scores: Scores
    by_type: tuple[tuple[str, Scores], ...]
    outcomes: tuple[Outcome, ...]
    missing: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, ...]]:
        """A table for people: the heading, a row for each type of answer, a row for all."""
        return [
            _HEADING,
            *(_row(name, scores) for name, scores in (*self.by_type, ("all", self.scores))),
        ]

    def as_json(self) -> dict[str, object]:
        """The same and more, for machines."""
        by_type = {name: asdict(scores) for name, scores in self.by_type}
        return {
            "threshold": self.threshold,
            **asdict(self.scores),
            "by_type": by_type,
            "missing": list(self.missing),
        }

    def curve(self) -> tuple[list[float], list[float]]:
        """Coverages ``k/n`` and their risks, ``k`` = 1..n, for n questions.

        The risk at ``k/n`` is the share of errors among the ``k`` most confident; an error is a
        first quote without an answer, for the unanswerable always (Geifman and El-Yaniv 2017).
        Where confidences tie, it is the mean over all orders of the tied.
        """
        return _curve(self.outcomes)

    def reliability(self) -> list[tuple[float, float]]:
        """Mean confidence and share right of the bins that ``Scores.ece`` is of, ascending.

        Of fewer questions than bins, a bin for each.
        """
        bins = [
            (fmean(c for c, _ in one), 1 - fmean(e for _, e in one)) for one in _bins(self.outcomes)
        ]
        return bins[::-1]


def evaluate(
    questions: Sequence[EvalQuestion],
    *,
    ask: Callable[[str], Answer | Abstained],
    threshold: float,
    document: Callable[[str], Document],
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask every question and score the replies.

    Args:
        questions: the question set.
        ask: forced to answer, so that citations and confidence are those of its best guess; a
            question that it refuses (QuestionError) counts as abstained from with confidence 0.
        threshold: the least confidence at which an answer would be shown.
        document: reads a document, to check quotes against; raises UnknownDocument.
        progress: called after each question with how many are done, and of how many.
    """
    read = _reader(document)
    outcomes = []
    for done, question in enumerate(questions, 1):
        reply = _reply(question, ask)
        outcomes.append(judge(question, reply, threshold=threshold, document=read))
        if progress:
            progress(done, len(questions))
    named = {question.document for question in questions if question.document is not None}
    return Evaluation(
        threshold=threshold,
        scores=_scores(outcomes),
        by_type=_by_type(outcomes),
        outcomes=tuple(outcomes),
        missing=tuple(sorted(name for name in named if read(name) is None)),
    )


def _reader(document: Callable[[str], Document]) -> Callable[[str], Document | None]:
    """``document``, but None for what is unknown, and remembering the last few."""

    @lru_cache(maxsize=64)
    def read(name: str) -> Document | None:
        try:
            return document(name)
        except UnknownDocument:
            return None

    return read


def _reply(question: EvalQuestion, ask: Callable[[str], Answer | Abstained]) -> Answer | Abstained:
    try:
        return ask(question.question)
    except QuestionError:
        return Abstained(question.question, 0.0, nearest=(), generation="", seconds=0.0)


def _by_type(outcomes: Sequence[Outcome]) -> tuple[tuple[str, Scores], ...]:
    groups = (
        (kind, [outcome for outcome in outcomes if outcome.question.answer_type == kind])
        for kind in ANSWER_TYPES
    )
    return tuple((kind, _scores(group)) for kind, group in groups if group)


def _scores(outcomes: Sequence[Outcome]) -> Scores:
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    bold = [outcome for outcome in answerable if outcome.bold]
    answered = [outcome for outcome in answerable if outcome.answered]
    return Scores(
        questions=len(outcomes),
        answerable=len(answerable),
        hit_at_1=_mean(outcome.right for outcome in answerable),
        hit_at_3=_mean(outcome.rank is not None for outcome in answerable),
        bold=_mean(outcome.bold for outcome in answerable),
        exact=_mean(outcome.exact for outcome in bold),
        f1=_mean(outcome.f1 for outcome in bold),
        bold_right=_mean(outcome.bold_right for outcome in bold),
        answered=_mean(outcome.answered for outcome in answerable),
        right=_mean(outcome.right for outcome in answered),
        false_answers=_mean(o.answered for o in outcomes if not o.question.answerable),
        aurc=_mean(_curve(outcomes)[1]),
        ece=_calibration_error(outcomes),
        verbatim=_mean(outcome.verbatim for outcome in outcomes),
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fmean(found) if found else None


def _ranked(outcomes: Iterable[Outcome]) -> list[tuple[float, float]]:
    """Confidence and error of each, most confident first; the tied share their errors equally."""
    ranked: list[tuple[float, float]] = []
    ordered = sorted(outcomes, key=lambda outcome: outcome.confidence, reverse=True)
    for confidence, tied in groupby(ordered, key=lambda outcome: outcome.confidence):
        errors = [not outcome.right for outcome in tied]
        ranked += [(confidence, fmean(errors))] * len(errors)
    return ranked


def _curve(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    errors = accumulate(error for _, error in _ranked(outcomes))
    risks = [error / most for most, error in enumerate(errors, 1)]
    return [most / len(outcomes) for most in range(1, len(outcomes) + 1)], risks


def _calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    gaps = (abs(sum(sure - (1 - error) for sure, error in one)) for one in _bins(outcomes))
    return sum(gaps) / len(outcomes) if outcomes else None


def _bins(outcomes: Sequence[Outcome]) -> list[list[tuple[float, float]]]:
    """Confidence and error of each, most confident first, in ten bins; none is empty."""
    ranked = _ranked(outcomes)
    edges = [len(ranked) * edge // _BINS for edge in range(_BINS + 1)]
    return [ranked[start:end] for start, end in pairwise(edges) if end > start]


def _row(name: str, scores: Scores) -> tuple[str, ...]:
    shares = (scores.hit_at_1, scores.hit_at_3, scores.bold, scores.bold_right, scores.f1)
    shown = (scores.answered, scores.right, scores.false_answers, scores.aurc, scores.ece)
    figures = ("–" if share is None else f"{share:.3f}" for share in shares + shown)
    return (name, str(scores.questions), *figures)
