"""Whether two sentences that tell a value tell it of the same thing, and of the same time.

Words alone decide, so it errs on the side of no: a name, a number or a qualification that only one
of them has may make it another thing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from index.expressions import iter_words
from index.questions import AnswerType, Question
from index.records import Span
from index.terms import terms

_PLANNED: Final = (
    "will shall should would could might plan planned plans propose proposed proposal expect"
    " expected schedule scheduled intend intended aim aims target goal forecast projected draft"
    " future upcoming"
)
_LIMITED: Final = (
    "formerly former previously previous originally original initially initial until till before"
    " after afterwards later used longer earlier early first second third fourth fifth last"
    " final next new old older newer reformed temporary temporarily provisional provisionally"
    " another additional total average maximum minimum mean median only half almost"
    " if when during while unless except excluding including alone together combined each per"
    " men women boys girls children adults seniors winter summer spring autumn weekend weekends"
    " sunday saturday holidays north south east west northern southern eastern western upper lower"
    " not never no without"
)
_MARKS: Final = frozenset(f"{_PLANNED} {_LIMITED}".split())
_PAST: Final = frozenset(("was", "were", "had", "did"))
_PRESENT: Final = frozenset(("is", "are", "has", "have", "does", "do"))
_OF_NOW: Final = frozenset(terms("today now currently there here exactly approximately around"))
_NUMBER: Final = re.compile(
    r"\d[\d.,:]*\d|\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?)\b",
    re.IGNORECASE,
)
_ARTICLE: Final = r"(?:(?:the|a|an|its|their|his|her|our|all|this|these)\s+)"
_FOLLOWING: Final = re.compile(
    r"\s+(?:for|of|in|within|among|amongst|at|from|with|to|on|under|over|between|without|behind)"
    rf"\s+{_ARTICLE}?([^\W\d_][\w’'-]*)"
)
_PRECEDING: Final = re.compile(r"([^\W\d_][\w’'-]*)[ ]+$")
_ENDING: Final = re.compile(r"[’']s$")
_TO_BE: Final = re.compile(r"\b(?:was|were|is|are) (?:\w+ )?to\b", re.IGNORECASE)
_CLAUSE_END: Final = re.compile(r"[,;:.(](?:\s|$)")
_LIMITING: Final = re.compile(
    r"\b(?:with|without|for|in|at|on|if|when|during|as|under|over|plus|including|within)\s+"
    rf"{_ARTICLE}?((?:[^\W\d_][\w’'-]*\s*){{1,2}})"
)
_ADDING: Final = re.compile(rf"\b(?:and|or)\s+{_ARTICLE}?([^\W\d_][\w’'-]*)")
_BY_MEANS: Final = re.compile(r"\bby\s+([^\W\d_][\w’'-]*)")
_BACK: Final = re.compile(r"(?:He|She|It|They|This|These|That|Those|His|Her|Its|Their)\b")
_COUNTED: Final = 3  # words behind a number that may tell what it counts
_NEARLY: Final = 2  # terms that only one of two sentences has


@dataclass(frozen=True)
class Telling:
    """A sentence that tells a value, where it stands, and what it says beside its value.

    That is read when it is first asked for: most sentences differ at the first look.

    Attributes:
        question: what was asked.
        sentence: its text.
        value: the stretch of it that tells the value.
        headings: the title and section above it.
        around: its passage, which may name what the sentence does not.
    """

    question: Question
    sentence: str
    value: Span
    headings: str
    around: str

    @cached_property
    def rest(self) -> str:
        """The sentence without its value.

        The value's place is kept, so that nothing becomes a neighbour that is none.
        """
        gap = "_" * (self.value.end - self.value.start)
        return f"{self.before}{gap}{self.behind}"

    @property
    def before(self) -> str:
        """What stands before the value."""
        return self.sentence[: self.value.start]

    @property
    def behind(self) -> str:
        """What stands behind the value."""
        return self.sentence[self.value.end :]

    @property
    def clause(self) -> str:
        """The rest of the value's own clause."""
        return _CLAUSE_END.split(self.behind, maxsplit=1)[0]

    @property
    def asked(self) -> frozenset[str]:
        """The terms of the question that an answer's surroundings should hold."""
        return frozenset(self.question.content)

    @cached_property
    def lowered(self) -> list[str]:
        """Its words, in lower case."""
        return [self.rest[w.start : w.end].lower() for w in iter_words(self.rest)]

    @cached_property
    def said(self) -> frozenset[str]:
        """Its terms."""
        return frozenset(terms(self.rest))

    @cached_property
    def known(self) -> frozenset[str]:
        """Its terms and those of the question."""
        return self.said | frozenset(self.question.terms) | _OF_NOW

    @cached_property
    def covered(self) -> frozenset[str]:
        """Which of the question's terms it or its headings hold."""
        return self.asked & (self.said | frozenset(terms(self.headings)))

    @cached_property
    def refers_back(self) -> bool:
        """Whether what it speaks of was named before it."""
        return bool(_BACK.match(self.rest)) and not self.asked <= self.said

    @cached_property
    def marks(self) -> frozenset[str]:
        """Words that limit what it says to a time or a part."""
        return (frozenset(self.lowered) & _MARKS) - _folded(self.question.text)

    @cached_property
    def is_planned(self) -> bool:
        """Whether something is, or was, to be."""
        return _TO_BE.search(self.rest) is not None

    @cached_property
    def is_past(self) -> bool:
        """Whether it speaks of what was, and not of what is."""
        return not _PAST.isdisjoint(self.lowered) and _PRESENT.isdisjoint(self.lowered)

    @cached_property
    def is_present(self) -> bool:
        """Whether it speaks of what is, and not of what was."""
        return not _PRESENT.isdisjoint(self.lowered) and _PAST.isdisjoint(self.lowered)

    @cached_property
    def ended(self) -> frozenset[str]:
        """Which of the question's terms it has in the past."""
        return frozenset(terms(" ".join(w for w in self.lowered if w.endswith("ed")))) & self.asked

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its numbers, other than the value's and the question's."""
        return frozenset(_NUMBER.findall(self.rest.lower())) - _folded(self.question.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names, other than the value's and the question's."""
        return frozenset(terms(" ".join(_names(self.rest)))) - frozenset(self.question.terms)

    @cached_property
    def qualified(self) -> frozenset[tuple[str, str]]:
        """What stands right beside words of the question."""
        return _qualified(self.rest, frozenset(self.question.terms))

    @cached_property
    def leading(self) -> frozenset[str]:
        """Its terms before the value."""
        return frozenset(terms(self.before))

    @cached_property
    def limits(self) -> frozenset[str]:
        """What stands behind the value and limits it: "with a student card", "by train"."""
        return _found(_LIMITING, self.clause) | _found(_BY_MEANS, self.clause)

    @cached_property
    def counted(self) -> frozenset[str]:
        """What follows the value."""
        return frozenset(terms(" ".join(self.clause.split()[:_COUNTED])))

    @cached_property
    def added(self) -> frozenset[str]:
        """What is counted with it."""
        return _found(_ADDING, self.clause)


def alike(a: Telling, b: Telling, *, closely: bool) -> bool:
    """Whether both sentences tell their value of the same thing.

    ``closely``: as the question does not say what kind of value it asks for, they have to be the
    same but for the value, nearly.
    """
    return (
        a.covered == b.covered
        and not (a.refers_back or b.refers_back)
        and _speak_of_one_time(a, b)
        and a.numbers == b.numbers
        and _are_known(a.names, b)
        and _are_known(b.names, a)
        and a.qualified == b.qualified
        and a.leading <= b.known
        and b.leading <= a.known
        and a.limits <= b.known
        and b.limits <= a.known
        and (a.question.kind is not AnswerType.NUMBER or _count_the_same(a, b))
        and (not closely or len(a.said ^ b.said) <= _NEARLY)
    )


def _speak_of_one_time(a: Telling, b: Telling) -> bool:
    """Whether neither tells what was, or is to be, and the other what is."""
    return (
        a.marks == b.marks
        and a.is_planned == b.is_planned
        and a.ended == b.ended
        and not (a.is_past and b.is_present)
        and not (b.is_past and a.is_present)
    )


def _count_the_same(a: Telling, b: Telling) -> bool:
    """Whether the same words follow the numbers, where words follow both."""
    follows = not a.counted or not b.counted or bool(a.counted & b.counted)
    return follows and a.added <= b.said and b.added <= a.said


def _are_known(names: frozenset[str], other: Telling) -> bool:
    """Whether the other tells of all these names too, in its sentence or near it."""
    return not names or names <= frozenset(terms(f"{other.headings} {other.around}"))


def _qualified(text: str, asked: frozenset[str]) -> frozenset[tuple[str, str]]:
    """What stands right before or, behind a preposition, right after a word asked for."""
    found = set()
    for word in iter_words(text):
        written = text[word.start : word.end]
        for term in asked & set(terms(written)):
            before = _PRECEDING.search(text, max(0, word.start - 40), word.start)
            is_name = written[0].isupper() and before and before[1][0].islower()
            behind = _FOLLOWING.match(text, word.end)
            near = [] if is_name or not before else terms(before[1])
            near += terms(behind[1]) if behind else []
            found |= {(term, one) for one in near if one not in asked}
    return frozenset(found)


def _found(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(term for match in pattern.finditer(text) for term in terms(match[1]))


def _names(text: str) -> Sequence[str]:
    """Words with a capital that do not begin the sentence."""
    words = [text[w.start : w.end] for w in iter_words(text)]
    return [_ENDING.sub("", word) for word in words[1:] if word[0].isupper()]


def _folded(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w.,:]*\w", text.lower()))
