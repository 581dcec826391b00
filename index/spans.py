"""The shortest stretch of a sentence that answers, where that is sure.

A wrong short answer is worse than none: the sentence is quoted anyway. So a stretch is offered only
when it is of the kind asked for, and either the only one or the one that the question's own words
stand next to.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from index.expressions import dates, durations, frequencies, iter_words, names, numbers, places
from index.questions import AnswerType, Question
from index.records import Span
from index.terms import terms

_FINDERS: Mapping[AnswerType, Callable[[str], list[Span]]] = MappingProxyType(
    {
        AnswerType.FREQUENCY: frequencies,
        AnswerType.DURATION: durations,
        AnswerType.DATE: dates,
        AnswerType.NUMBER: numbers,
        AnswerType.PERSON: names,
        AnswerType.PLACE: places,
    }
)
_COUNTED = re.compile(r"\bhow (?:many|much)\s+(.+)", re.IGNORECASE)
_NEAR = 3  # words between a number and what it counts
_MOST_FOUND = 50  # stretches of a kind in a sentence; among more of them none is sure
_REACH = 300  # characters around a stretch that are looked at, so that long texts take no longer
_PLACE_REACH = 8  # words before a place in which the question's words count as being about it
_ROLE_FIT = 0.3
_ROLE_LEAD = 0.2
_DEED = re.compile(r"\bwho\s+(?:first\s+|originally\s+)?([^\W\d_]+)", re.IGNORECASE)
_PLACING = re.compile(r"\b(?:in|at|near)\s+(?:the\s+)?$", re.IGNORECASE)
_COUNTRY = re.compile(r"\b(?:which|what) (?:country|nation|state|region|province)", re.IGNORECASE)
_CLEAR_LEAD = 2  # words that the nearest stretch must be nearer than the next
_STANDS_FOR = re.compile(
    r"\bwhat do(?:es)? (?:the )?(?:abbreviation )?(\S+?)['\"]? (?:stand for|mean)", re.IGNORECASE
)


def find_span(question: Question, sentence: str) -> Span | None:
    """The stretch of ``sentence`` that answers ``question``, in its characters, or None.

    None where the question asks for nothing that has a regular form, the sentence holds nothing of
    the kind, or more than one such thing with nothing to tell them apart.
    """
    if question.kind not in _FINDERS:
        return _expansion(question, sentence)
    found = list(_of_kind(question.kind, sentence))
    if len(found) > _MOST_FOUND:
        return None
    found = [span for span in found if not _repeats(question, sentence, span)]
    if question.kind is AnswerType.NUMBER:
        return _counted(question, sentence, found)
    if question.kind is AnswerType.PERSON:
        return _person(question, sentence, found)
    if question.kind is AnswerType.PLACE:
        return _place(question, sentence, found)
    return _only(found) or _nearest(question, sentence, found)


def has_kind(question: Question, sentence: str) -> bool | None:
    """Whether ``sentence`` holds what could answer; None if the question asks for no such kind."""
    if question.kind not in _FINDERS:
        return None
    found = _of_kind(question.kind, sentence)
    return any(not _repeats(question, sentence, span) for span in found)


@lru_cache(maxsize=20_000)
def _of_kind(kind: AnswerType, sentence: str) -> tuple[Span, ...]:
    """Kept, because the same sentences are candidates again and again."""
    return tuple(_FINDERS[kind](sentence))


def _repeats(question: Question, sentence: str, span: Span) -> bool:
    """Whether the stretch only says again what the question says."""
    found = terms(sentence[span.start : span.end])
    return bool(found) and set(found) <= set(question.terms)


def _only(found: Sequence[Span]) -> Span | None:
    return found[0] if len(found) == 1 else None


def _counted(question: Question, sentence: str, found: list[Span]) -> Span | None:
    """The number that stands before what the question counts, else the only number."""
    match = _COUNTED.search(question.text)
    if match is None:
        return _only(found)
    counted = terms(match[1])[:_NEAR]
    for most in range(1, len(counted) + 1):
        before = [s for s in found if set(counted[:most]) & set(_terms_behind(sentence, s))]
        if before:
            return _only(before)
    return _only(found)


def _terms_behind(sentence: str, span: Span) -> list[str]:
    following = re.split(r"[,;:.]\s", _behind(sentence, span), maxsplit=1)[0]
    return terms(" ".join(following.split()[:_NEAR]))


def _person(question: Question, sentence: str, found: list[Span]) -> Span | None:
    """The name that bears the role asked for, or did the deed asked for."""
    asked = set(question.terms)
    people = [
        name
        for span in found
        if (name := _without_asked(sentence, span, asked)) and _looks_like_person(sentence, name)
    ]
    scored = sorted(((_role_fit(asked, sentence, name), name) for name in people), key=_first)
    if scored and scored[-1][0] >= _ROLE_FIT:
        if not set(question.content) <= set(terms(sentence)):
            return None  # "the foreign minister of Japan" is none of the others
        clear = len(scored) == 1 or scored[-1][0] - scored[-2][0] >= _ROLE_LEAD
        return scored[-1][1] if clear else None
    return _agent(question, sentence, people)


def _first(scored: tuple[float, Span]) -> float:
    return scored[0]


def _role_fit(asked: set[str], sentence: str, name: Span) -> float:
    """How well the words beside a name are those of the question: Jaccard's index, the better side.

    One word in common tells too little, unless the question has no other.
    """
    sides = (set(_terms_before(sentence, name)), set(_terms_in_apposition(sentence, name)))
    fits = [
        len(asked & side) / len(asked | side)
        for side in sides
        if len(asked & side) >= min(2, len(asked)) > 0
    ]
    return max(fits, default=0.0)


def _agent(question: Question, sentence: str, people: list[Span]) -> Span | None:
    """The name right before the question's verb, or right behind it with "by"."""
    match = _DEED.search(question.text)
    verb = terms(match[1]) if match else []
    if len(verb) != 1:
        return None
    doers = [
        name
        for name in people
        if _terms_first(_behind(sentence, name)) == verb
        or _done_by(_before(sentence, name), verb[0])
    ]
    return _only(doers)


def _terms_first(text: str) -> list[str]:
    """The term of a text's first word, auxiliaries passed over."""
    match = re.match(r"\s+(?:(?:had|has|have|also|then|first|later|who)\s+)?([^\W\d_]+)", text)
    return terms(match[1]) if match else []


def _done_by(text: str, verb: str) -> bool:
    match = re.search(r"([^\W\d_]+)\s+by(?:\s+the)?\s+$", text)
    return match is not None and terms(match[1]) == [verb]


def _without_asked(sentence: str, span: Span, asked: set[str]) -> Span | None:
    """The name without words of the question before it ("Foreign Minister Wang Yi")."""
    parts = [m.span() for m in re.finditer(r"\S+", sentence[span.start : span.end])]
    while (
        parts and set(terms(sentence[span.start + parts[0][0] : span.start + parts[0][1]])) <= asked
    ):
        parts.pop(0)
    return Span(span.start + parts[0][0], span.end) if parts else None


def _looks_like_person(sentence: str, name: Span) -> bool:
    """Two or three capitalised words, as most names of people are, and not where something is."""
    if _PLACING.search(_before(sentence, name)):
        return False
    parts = sentence[name.start : name.end].split()
    return len(parts) in (2, 3) and all(part[0].isupper() for part in parts)


def _terms_before(sentence: str, name: Span) -> list[str]:
    clauses = re.split(
        r"[,;:(]|\b(?:and|after|before|by|with|when|while)\b", _before(sentence, name)
    )
    clause = clauses[-1]
    return terms(" ".join(clause.split()[-6:]))


def _terms_in_apposition(sentence: str, name: Span) -> list[str]:
    match = re.match(r",\s+(?:the|an?|who|its|their|then)\s+([^,;:]+)", _behind(sentence, name))
    return terms(match[1]) if match else []


def _before(sentence: str, span: Span) -> str:
    """What stands shortly before a stretch."""
    return sentence[max(0, span.start - _REACH) : span.start]


def _behind(sentence: str, span: Span) -> str:
    """What stands shortly behind a stretch."""
    return sentence[span.end : span.end + _REACH]


def _place(question: Question, sentence: str, found: list[Span]) -> Span | None:
    """The only place told, if it stands shortly behind the question's words."""
    if _COUNTRY.search(question.text):
        return None
    place = _only(_joined(sentence, found))
    if place is None:
        return None
    behind = sentence[place.end :].startswith("-based")
    clause = sentence[: place.start].split()[-_PLACE_REACH:]
    asked = set(question.terms)
    return place if behind or asked & set(terms(" ".join(clause))) else None


def _joined(sentence: str, found: list[Span]) -> list[Span]:
    """Places told one within the other ("UBS in Hong Kong") as one stretch."""
    joined: list[Span] = []
    for span in found:
        if joined and re.fullmatch(r",? ?(?:in|at|near)? ?", sentence[joined[-1].end : span.start]):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _nearest(question: Question, sentence: str, found: Sequence[Span]) -> Span | None:
    """The stretch nearest to the question's words, if it is clearly nearer than the next."""
    if not found:
        return None
    asked = set(question.terms)
    spans = list(iter_words(sentence))
    matched = [at for at, w in enumerate(spans) if set(terms(sentence[w.start : w.end])) & asked]
    if not matched:
        return None
    distances = sorted((_distance(spans, span, matched), span.start, span) for span in found)
    if len(distances) > 1 and distances[1][0] - distances[0][0] < _CLEAR_LEAD:
        return None
    return distances[0][2]


def _distance(spans: Sequence[Span], span: Span, matched: Sequence[int]) -> float:
    """Mean distance in words to the question's words in the sentence."""
    inside = [at for at, w in enumerate(spans) if span.start <= w.start < span.end]
    return (
        sum(min(abs(at - other) for at in inside) for other in matched) / len(matched)
        if inside
        else 1e9
    )


def _expansion(question: Question, sentence: str) -> Span | None:
    """What an abbreviation stands for, where the text says so: "Full Name (FN)"."""
    match = _STANDS_FOR.search(question.text)
    if match is None or not match[1].isalnum():
        return None
    short = match[1].upper()
    at = sentence.find(f"({short})")
    initials = list(iter_words(sentence[: max(at, 0)]))[-len(short) :]
    written = "".join(sentence[w.start] for w in initials).upper()
    return Span(initials[0].start, initials[-1].end) if at > 0 and written == short else None
