"""Whether other sentences contradict the best answer: another value of the same thing.

Better to miss a contradiction than to cry one where there is none: a value must be sure, the
sentence must answer by itself, and both must speak of the same thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.expressions import dates, durations, frequencies, numbers
from index.features import Features
from index.likeness import Telling, alike
from index.quantities import VALUED, Value, agree, differ, read_value
from index.questions import AnswerType, Question
from index.records import Span
from index.snapshot import Snapshot
from index.spans import find_span
from index.subjects import Place, are_apart

LOOKED_AT: Final = 12
"""How many of the best candidates are looked at."""

NEAR: Final = 0.4
"""The least cosine of two sentences that tell of the same thing."""

MOST: Final = 3
"""How many different values are told at most."""

_OPEN: Final = frozenset((AnswerType.OTHER, AnswerType.DEFINITION))
_FINDERS: Mapping[AnswerType, Callable[[str], list[Span]]] = MappingProxyType(
    {
        AnswerType.FREQUENCY: frequencies,
        AnswerType.DATE: dates,
        AnswerType.DURATION: durations,
        AnswerType.NUMBER: numbers,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate that tells a value.

    Attributes:
        at: its place among the candidates.
        row: its sentence.
        span: the value, in the sentence's characters.
    """

    at: int
    row: int
    span: Span
    value: Value
    telling: Telling
    place: Place


def disagreeing(
    snapshot: Snapshot,
    question: Question,
    features: Features,
    scores: NDArray[np.float64],
    *,
    is_sure: Callable[[int], bool],
) -> list[Told]:
    """The candidates that tell different values of what the best one tells, newest first.

    Of those that tell the same value the newest is given; each value once, three at most, the best
    candidate's always. Empty where nothing contradicts it. ``is_sure`` tells whether the
    candidate at a place would be an answer by itself.
    """
    order = [int(at) for at in np.argsort(-scores, kind="stable")[:LOOKED_AT]]
    best = _told(snapshot, question, features, order[0]) if order else None
    if best is None or not is_sure(best.at):
        return []
    others = [_told(snapshot, question, features, at) for at in _near(snapshot, features, order)]
    told = [one for one in others if one]
    if not any(_contradicts(question, best, one) for one in told):
        return []
    groups = [[best]]
    for one in told:
        if _is_alike(question, best, one):
            _sort_in(groups, one)
    groups = [sure for group in groups if (sure := [one for one in group if is_sure(one.at)])]
    if len(groups) < 2:
        return []
    newest = (max(group, key=_date) for group in groups[:MOST])
    return sorted(newest, key=_date, reverse=True)


def _date(one: Told) -> str:
    return one.place.document.date


def _near(snapshot: Snapshot, features: Features, order: Sequence[int]) -> list[int]:
    """Of the places in ``order`` those whose sentence is near the first one's."""
    vectors = snapshot.sentence_vectors.decoded(features.sentences[list(order)])
    cosines = (vectors @ vectors[0]).tolist()
    return [at for at, cosine in zip(order[1:], cosines[1:], strict=True) if cosine >= NEAR]


def _told(snapshot: Snapshot, question: Question, features: Features, at: int) -> Told | None:
    """The candidate at a place, if it tells a value."""
    row = int(features.sentences[at])
    place = _place(snapshot, row)
    kind, span = _asked_for(question, place.sentence)
    value = read_value(kind, place.sentence, span) if span else None
    if not span or not value:
        return None
    return Told(at, row, span, value, _telling(snapshot, question, place, row, span), place)


def _asked_for(question: Question, sentence: str) -> tuple[AnswerType, Span | None]:
    """The value that answers; where the question asks for no kind of value, the only one."""
    if question.kind in VALUED:
        return question.kind, find_span(question, sentence)
    if question.kind not in _OPEN:
        return question.kind, None
    found: list[tuple[AnswerType, Span]] = []
    for kind, finder in _FINDERS.items():
        found += [
            (kind, span)
            for span in finder(sentence)
            if not any(span.start < other.end and other.start < span.end for _, other in found)
        ]
        if len(found) > 1:
            break
    return found[0] if len(found) == 1 else (question.kind, None)


def _telling(snapshot: Snapshot, question: Question, place: Place, row: int, span: Span) -> Telling:
    passage = snapshot.passages[int(snapshot.sentences["passage"][row])]
    return Telling(
        question=question,
        sentence=place.sentence,
        value=span,
        headings=place.headings,
        around=place.document.body[passage["start"] : passage["end"]],
    )


def _place(snapshot: Snapshot, row: int) -> Place:
    section = snapshot.section_of(int(snapshot.sentences["passage"][row]))
    return Place(snapshot.document_of(row), section or "", snapshot.sentence_text(row))


def _contradicts(question: Question, best: Told, one: Told) -> bool:
    """Whether another value is told of the same thing."""
    return differ(best.value, one.value) and _is_alike(question, best, one)


def _is_alike(question: Question, best: Told, one: Told) -> bool:
    """Whether both speak of the same thing, as far as their words tell."""
    can_be_compared = agree(best.value, one.value) or differ(best.value, one.value)
    return (
        can_be_compared
        and alike(best.telling, one.telling, closely=question.kind not in VALUED)
        and not are_apart(question, best.place, one.place)
    )


def _sort_in(groups: list[list[Told]], one: Told) -> None:
    """Put a candidate to those that tell the same value, or by itself if it differs from all."""
    for group in groups:
        if all(agree(one.value, other.value) for other in group):
            group.append(one)
            return
    if all(differ(one.value, other.value) for group in groups for other in group):
        groups.append([one])
