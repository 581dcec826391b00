"""Dates and times as intervals that can be held against each other, however exact they are."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from index.numerals import Range, Readings

MONTHS: Mapping[str, int] = MappingProxyType(
    {
        name: at
        for at, name in enumerate(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
            start=1,
        )
    }
)
_DAYS: Mapping[str, int] = MappingProxyType(
    {name: at for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
)
_ORDINALS: Mapping[str, int] = MappingProxyType(
    {"ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20, "twenty-first": 21}
    | {
        f"{word}teenth": at
        for at, word in enumerate(("thir", "four", "fif", "six", "seven", "eigh", "nine"), start=13)
    }
)
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>1\d{3}|20\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? +)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WEEKDAY}{_MONTH} +{_DAY}(?:,? +{_YEAR})?",
        rf"{_WEEKDAY}(?:the +)?{_DAY}(?: +of)? +{_MONTH}(?:,? +{_YEAR})?",
        rf"{_MONTH}(?:,| +of)? +{_YEAR}",
        rf"{_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)",
    )
)
_YEARS = re.compile(r"(\d{1,4})(?: *[–-] *(\d{2,4}))?( ?(?:bce?|ad|ce))?")
_DECADE = re.compile(r"(?:the +)?(?:early +|mid-? ?|late +)?(1\d{3}|20\d\d)s")
_CENTURY = re.compile(
    r"(?:the +)?(?:early +|mid-? ?|late +)?(?:(\d{1,2})(?:st|nd|rd|th)|([a-z-]+?))"
    r"[ -]centur(?:y|ies)(?: ?(bce?|ad|ce))?"
)
_WEEKDAYS = re.compile(
    r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*day?s?"
    r"(?: +(to|through|until) +(mon|tue|wed|thu|fri|sat|sun)[a-z]*)?"
)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))? *(?:([ap])\.?m\.?)?")

A_YEAR = 372
"""Days, as if each month had 31: they are only compared, never counted."""


def read_moment(text: str) -> Readings:
    """What a date or time may mean, by unit; nothing for "next week", which needs a today.

    A day of a year is also one in any year, so that it can be held against "March 11".
    """
    said = " ".join(text.lower().split())
    for read in (_date, _years, _weekday, _clock):
        if found := read(said):
            return found
    return {}


def _date(said: str) -> Readings:
    match = next(filter(None, (form.fullmatch(said) for form in _FORMS)), None)
    if match is None:
        return {}
    parts = match.groupdict()
    month = MONTHS.get(match["month"][:3]) or int(match["month"])
    day = int(parts["day"]) if parts.get("day") else None
    first = (month - 1) * 31 + (day or 1) - 1
    within = Range(first, first if day else first + 30)
    if match["year"] is None:
        return {"day of the year": (within,)}
    start = int(match["year"]) * A_YEAR
    return {
        "day": (Range(start + within.low, start + within.high),),
        "day of the year": (within,),
    }


def _years(said: str) -> Readings:
    for first, last in (*_plain_years(said), *_decades(said), *_centuries(said)):
        return {"day": (Range(first * A_YEAR, last * A_YEAR + A_YEAR - 1),)}
    return {}


def _plain_years(said: str) -> Iterator[tuple[int, int]]:
    match = _YEARS.fullmatch(said)
    if match is None or not (match[3] or len(match[1]) == 4):
        return
    first = int(match[1])
    last = int(match[1][: max(0, 4 - len(match[2]))] + match[2]) if match[2] else first
    yield (-first, -first) if "b" in (match[3] or "") else (first, max(first, last))


def _decades(said: str) -> Iterator[tuple[int, int]]:
    if match := _DECADE.fullmatch(said):
        first = int(match[1])
        yield first, first + (99 if first % 100 == 0 else 9)


def _centuries(said: str) -> Iterator[tuple[int, int]]:
    match = _CENTURY.fullmatch(said)
    if match is None:
        return
    found = int(match[1]) if match[1] else _ORDINALS.get(match[2])
    if found:
        first, last = 100 * (found - 1), 100 * found
        yield (-last, -first) if "b" in (match[3] or "") else (first, last)


def _weekday(said: str) -> Readings:
    match = _WEEKDAYS.fullmatch(said)
    if match is None:
        return {}
    first = _DAYS[match[1]]
    last = _DAYS[match[3]] if match[3] else first
    return {"weekday": (Range(first, max(first, last)),)} if last >= first else {}


def _clock(said: str) -> Readings:
    match = _CLOCK.fullmatch(said)
    if match is None or not (match[2] or match[3]):
        return {}
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    at = [60 * hour + minute]
    if not match[3] and 1 <= hour <= 11:
        at.append(at[0] + 720)  # which half of the day is not said
    return {"minute of the day": tuple(Range(one, one) for one in at)}
