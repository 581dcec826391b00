"""Whether one reply is right: its quotes and its bold stretch against acceptable answers."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.questionset import EvalQuestion
from index.records import Abstained, Answer, Citation, Document

_SHOWN = 3
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        answered: whether it was answered with enough confidence.
        rank: the place, from 1, of the first quote shown that holds an answer; None if none does.
        bold: whether a stretch shorter than the first quote was given as the answer.
        exact, f1: how that stretch agrees with the nearest acceptable answer; 0 where not bold.
        bold_right: whether one of the two contains the other, as whole words.
        verbatim: whether every quote stands in its document as cited.
    """

    question: EvalQuestion
    confidence: float
    answered: bool
    rank: int | None = None
    bold: bool = False
    exact: bool = False
    f1: float = 0.0
    bold_right: bool = False
    verbatim: bool = True

    @property
    def right(self) -> bool:
        """Whether the first quote holds an answer; never, where there is none to find."""
        return self.rank == 1


def judge(
    question: EvalQuestion,
    reply: Answer | Abstained,
    *,
    threshold: float,
    document: Callable[[str], Document | None],
) -> Outcome:
    """What became of a question, by its reply.

    A quote is a hit when it is from the question's document and, where ``answer_at`` is known,
    holds one of those offsets; elsewhere when it contains an acceptable answer, as whole words of
    the ``normalised`` texts. An answer counts as given from confidence ``threshold`` on.
    ``document`` finds the document to check a quote against.
    """
    shown = (reply.citations if isinstance(reply, Answer) else reply.nearest)[:_SHOWN]
    hits = (n for n, citation in enumerate(shown, 1) if _is_hit(question, citation))
    bold = shown[0].answer if question.answerable and shown and not shown[0].is_whole else None
    exact, f1, bold_right = agreement(bold or "", question.answers)
    return Outcome(
        question=question,
        confidence=reply.confidence,
        answered=isinstance(reply, Answer) and reply.confidence >= threshold,
        rank=next(hits, None),
        bold=bold is not None,
        exact=exact,
        f1=f1,
        bold_right=bold_right,
        verbatim=all(_is_verbatim(citation, document) for citation in shown),
    )


def normalised(text: str) -> str:
    """Lower case, no punctuation, no English articles, single spaces, as SQuAD compares answers.

    Beyond SQuAD, punctuation outside ASCII goes too; a long dash leaves a space.

    >>> normalised("The “U.S.”—and  an ally")
    'us and ally'
    """
    plain = "".join(map(_without_punctuation, text.lower()))
    return " ".join(_ARTICLES.sub(" ", plain).split())


def _without_punctuation(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Pd" and char != "-":
        return " "
    return "" if kind[0] in "PS" else char


def _contains(text: str, part: str) -> bool:
    """Whether normalised ``part`` stands in normalised ``text``, as whole words."""
    return bool(part) and f" {part} " in f" {text} "


def _is_hit(question: EvalQuestion, citation: Citation) -> bool:
    if question.document not in (None, citation.document):
        return False
    if question.answer_at:
        return any(citation.start <= offset < citation.end for offset in question.answer_at)
    quote = normalised(citation.quote)
    return any(_contains(quote, normalised(answer)) for answer in question.answers)


def agreement(bold: str, answers: Iterable[str]) -> tuple[bool, float, bool]:
    """Whether ``bold`` is one of the answers, its best F1 with one, whether one holds the other."""
    given = normalised(bold)
    wanted = [normalised(answer) for answer in answers]
    return (
        bool(given) and given in wanted,
        max((_f1(given, answer) for answer in wanted), default=0.0),
        any(_contains(given, answer) or _contains(answer, given) for answer in wanted),
    )


def _f1(given: str, wanted: str) -> float:
    """The harmonic mean of precision and recall of words, as SQuAD counts them."""
    shared = (Counter(given.split()) & Counter(wanted.split())).total()
    return 2 * shared / (len(given.split()) + len(wanted.split())) if shared else 0.0


def _is_verbatim(citation: Citation, document: Callable[[str], Document | None]) -> bool:
    found = document(citation.document)
    return found is not None and found.body[citation.start : citation.end] == citation.quote
