"""Values that a text tells: how often, how long, how many, how much, when, who.

So that two can be held against each other, a value is an interval, as wide as it is vague. What
cannot be read for sure is none, and then nothing is said to differ: "every few weeks",
"30 or 40", "another 12", "two years later".
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.measures import read_measure
from index.moments import A_YEAR, read_moment
from index.numerals import Range, Readings
from index.periods import read_duration, read_frequency
from index.questions import AnswerType
from index.records import Span
from index.terms import words

_REACH = 40  # characters on either side in which something may be said of a value
_ABOUT = 0.1  # how far off "about" may be
_ABOUT_YEARS = 3

_NUMBER_WORD = r"(?:\d[\w,.]*|\w+ty|\w+teen|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
_NUMBER_WORD += r"|twelve|once|twice|hundred|thousand|million|billion|dozen)"
_LEADING = re.compile(
    r"(?:about|around|roughly|nearly|almost|at least|only|up to|over|more than|less than)\s+",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"\b(semi|bi|half|tri)[- ]?$", re.IGNORECASE)
_ABOUT_BEFORE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|ca\.?|c\."
    r"|close to|estimated(?: at)?|just (?:over|under)|slightly (?:more|less) than"
    r"|well over|virtually)|[~≈])\s*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|(?<!no )(?<!not )more than|over|above|minimum(?: of)?|(?:longer|larger) than"
    r"|(?:no|not) (?:less|fewer) than|upwards of|exceed(?:s|ed|ing)?|as (?:many|much) as)\s*$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:at most|up to|(?<!no )(?<!not )(?:less|fewer) than|under|below|maximum(?: of)?"
    r"|(?:no|not) (?:more|longer) than|within|as (?:few|little) as)\s*$",
    re.IGNORECASE,
)
_UNSURE_BEFORE = re.compile(
    rf"(?:\b(?:not|never|rarely|hardly|no longer|rather than|instead of|another|additional|further"
    rf"|extra|by|per|each|other|versus|vs\.?|ratio of|times|aged?|between|out of"
    rf"|of (?:the|its|their|these|those)|{_NUMBER_WORD} (?:\w+ )?(?:or|to|and))|n['’]t"
    rf"|(?<=\w)[-–/×+])$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"\w$")
_UNSURE_BEHIND = re.compile(
    rf"\s*(?:(?:more|fewer|less|additional|further|extra|others?|longer|earlier|later|ago|older"
    rf"|younger|thirds|quarters|fifths|tenths|higher|lower|taller|before|after"
    rf"|out of|of (?:the|its|their|these|those|them)"
    rf"|(?:or|to|and) (?:an?\b|{_NUMBER_WORD})|times)\b|[-–/×+]\s?\w|:\d)",
    re.IGNORECASE,
)
_ABOUT_BEHIND = re.compile(r"\s*(?:or so|or thereabouts|on average)\b", re.IGNORECASE)
_OR_MORE = re.compile(r"\s*(?:\+|(?:or (?:more|over|older|longer)|and (?:over|more))\b)", re.I)
_OR_LESS = re.compile(r"\s*(?:or (?:less|fewer|under|shorter)|at most)\b", re.IGNORECASE)
_RATE = re.compile(
    r"\s*(?:[a-z]+\s+){0,2}?(?:per|an?|each|every)\s+"
    r"(second|minute|hour|day|night|week|month|quarter|semester|year|season|person|head|capita"
    r"|unit|piece|page|kilo\w*|km|mile|lit(?:re|er)|household|student|member|pupil|family)\b"
    r"|\s*/\s*(\w+)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?:%|per ?cent)$", re.IGNORECASE)
_SHARE_OF = re.compile(r"\s*of\b")
_ROLE = re.compile(r"\b(since|from|until|till|by|before|after|through|to)\s+(?:the\s+)?$", re.I)
_UNSURE_DATE = re.compile(r"(?:\b(?:not|never|or|and|between|rather than)|n['’]t|[-–/])\s*$", re.I)
_MORE_DATES = re.compile(r"\s*(?:(?:or|and|to|until|through)\s+(?:\d|[A-Z])|[-–/]\s?\w|,? BCE?\b)")
_ONE_OF_TWO = re.compile(r"(?:\b(?:and|or|not|with)|&|n['’]t)\s*$|[A-Z][\w’'-]*,\s*$", re.I)
_TWO_NAMES = re.compile(r"\s*(?:,?\s*\b(?:and|or|with)\b|,\s+[A-Z]|&|[’']s?\b)")
_TITLES = frozenset(
    re.findall(
        r"\w+", "mr mrs ms miss dr prof professor sir dame lord lady president minister secretary"
    )
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a text tells, by unit; the unit that it was told in comes first.

    ``role`` is what else is said of it, such as "since" or "per hour": only values of the same
    role can be compared. A person has ``names`` and no readings.
    """

    readings: Readings
    role: str = ""
    names: frozenset[str] = frozenset()


def differ(one: Value, other: Value) -> bool:
    """Whether not both can be true of the same thing; False where they cannot be compared."""
    return _meet(one, other) is False


def agree(one: Value, other: Value) -> bool:
    """Whether both can be true of the same thing; False where they cannot be compared."""
    return _meet(one, other) is True


def _meet(one: Value, other: Value) -> bool | None:
    """Whether they have anything in common; None where they cannot be compared."""
    if one.names and other.names:
        return bool(one.names & other.names)
    if one.role != other.role:
        return None
    for unit, ranges in one.readings.items():
        if unit in other.readings:
            return any(a.meets(b) for a in ranges for b in other.readings[unit])
    return None


def read_value(kind: AnswerType, text: str, span: Span) -> Value | None:
    """The value that ``text[span]`` tells where it stands; None where that is not sure.

    ``kind`` is the kind of answer that the stretch was found as.
    """
    reader = _READERS.get(kind)
    if reader is None:
        return None
    leading = _LEADING.match(text, span.start, span.end)
    start = leading.end() if leading else span.start
    before, behind = text[max(0, start - _REACH) : start], text[span.end : span.end + _REACH]
    found = reader(text[start : span.end], before, behind)
    return found if found and (found.readings or found.names) else None


def _frequency(said: str, before: str, behind: str) -> Value | None:
    if prefix := _PREFIX.search(before):
        said, before = prefix[1] + said, before[: prefix.start()]
    if _is_unsure(before, behind):
        return None
    return Value(_bounded(read_frequency(said), before, behind))


def _duration(said: str, before: str, behind: str) -> Value | None:
    if _is_unsure(before, behind):
        return None
    return Value(_bounded(read_duration(said), before, behind))


def _number(said: str, before: str, behind: str) -> Value | None:
    part = _SHARE_OF.match(behind) if _SHARE.search(said) else None
    if _is_unsure(before, behind[part.end() :] if part else behind):
        return None
    rate = _RATE.match(behind)
    per = (rate[1] or rate[2]).lower() if rate else ""
    return Value(_bounded(read_measure(said, behind), before, behind), f"per {per}" if per else "")


def _date(said: str, before: str, behind: str) -> Value | None:
    if _UNSURE_DATE.search(before) or _MORE_DATES.match(behind):
        return None
    readings = read_moment(said)
    if _ABOUT_BEFORE.search(before) and "day" in readings:
        slack = _ABOUT_YEARS * A_YEAR
        wide = tuple(Range(one.low - slack, one.high + slack) for one in readings["day"])
        readings = {"day": wide}
    role = _ROLE.search(before)
    return Value(readings, role[1].lower() if role else "")


def _person(said: str, before: str, behind: str) -> Value | None:
    if _ONE_OF_TWO.search(before) or _TWO_NAMES.match(behind):
        return None
    parts = [word for word in words(said) if len(word) > 1 and word not in _TITLES]
    return Value({}, names=frozenset(parts))


def _is_unsure(before: str, behind: str) -> bool:
    """Whether the words on either side make something else of a value, or one of several."""
    bounded = _AT_LEAST.search(before) or _AT_MOST.search(before)
    rest = before[: bounded.start()] if bounded else before.rstrip()
    is_part = not bounded and _WORD_BEFORE.search(before)
    return bool(is_part or _UNSURE_BEFORE.search(rest) or _UNSURE_BEHIND.match(behind))


def _bounded(readings: Readings, before: str, behind: str) -> Readings:
    """The readings, as wide as the words on either side make them."""
    if _ABOUT_BEFORE.search(before) or _ABOUT_BEHIND.match(behind):
        return _each(readings, lambda one: one.widened(_ABOUT))
    if _AT_LEAST.search(before) or _OR_MORE.match(behind):
        return _each(readings, lambda one: Range(one.low, math.inf))
    if _AT_MOST.search(before) or _OR_LESS.match(behind):
        return _each(readings, lambda one: Range(-math.inf, one.high))
    return readings


def _each(readings: Readings, change: Callable[[Range], Range]) -> Readings:
    return {unit: tuple(map(change, ranges)) for unit, ranges in readings.items()}


_READERS: Mapping[AnswerType, Callable[[str, str, str], Value | None]] = MappingProxyType(
    {
        AnswerType.FREQUENCY: _frequency,
        AnswerType.DURATION: _duration,
        AnswerType.NUMBER: _number,
        AnswerType.DATE: _date,
        AnswerType.PERSON: _person,
    }
)
VALUED = frozenset(_READERS)
"""The kinds of answers that are values."""
