"""Stretches of English text that say when, how often, how long, how many, who or where.

Patterns only: each finds a closed, regular way of writing such a thing. What is written otherwise
is not found, and then no short answer is offered.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.records import Span

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_ERA = r"(?: ?(?:BCE|BC|AD|CE))"
_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen)"
)
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_DIGITS = r"\d{1,15}(?:[,.]\d{1,15}){0,5}"  # bounded, or endless digits take endless time
_COUNT = (
    rf"(?:(?:{_DIGITS}|(?:an?|half a|several|{_TENS}(?:[- ]{_SMALL})?|{_SMALL}))"
    rf"(?:[- ]{_SCALE})+|{_DIGITS}|{_TENS}(?:[- ]{_SMALL})?|{_SMALL})"
)
_PERIOD = (
    r"(?:second|minute|hour|day|night|weekday|week|fortnight|month|quarter|year|decade|century)"
)
_PERIODS = rf"(?:{_PERIOD}s?|centuries|weekends?|semesters?|seasons?)"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?:\.(?=[A-Z]))?(?:[A-Z]\.)*"
_NAME_WORD = rf"(?:(?:[A-Z]\.)+|{_CAPITAL})"
_PARTICLES = r"(?:(?:of|the|de|la|van|von|der|bin|al)[ ]+){0,2}"
_NAME = rf"{_NAME_WORD}(?:[ ]+{_PARTICLES}{_NAME_WORD})*"

_FREQUENCY = re.compile(
    rf"\b(?:(?:about|roughly|nearly|almost|at least|only)\s+)?(?:"
    rf"every\s+(?:(?:other|second|third|few|{_COUNT})\s+)?{_PERIODS}\b"
    rf"|every\s+(?:other\s+)?(?:{_WEEKDAY}|{_MONTH})\b"
    rf"|each\s+(?:{_PERIOD}|{_WEEKDAY})\b"
    rf"|(?:once|twice|{_COUNT}(?:\s+or\s+{_COUNT})?\s+times)\s+(?:an?|per|each|every|in)\s+"
    rf"(?:{_COUNT}\s+)?{_PERIODS}\b"
    rf"|(?:hourly|daily|nightly|weekly|biweekly|fortnightly|monthly|bimonthly|quarterly"
    rf"|half-yearly|semiannually|biannually|yearly|annually|biennially|bi-weekly|bi-monthly)\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(?:(?:about|around|roughly|nearly|almost|at least|up to|over|more than|less than)\s+)?"
    rf"(?:{_COUNT}(?:\s*(?:to|or|–|-)\s*{_COUNT})?|an?|several|many|a few)[\s-]+{_PERIODS}\b"
    r"(?!-old)",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY},?\s+)?{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?\b(?!\s*(?:%|percent))"
    rf"|\b(?:{_WEEKDAY},?\s+)?(?:the\s+)?{_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR})?\b"
    rf"|\b{_MONTH}(?:,|\s+of)?\s+{_YEAR}\b|\b{_YEAR}-[01][0-9]-[0-3][0-9]\b"
    rf"|\b(?:the\s+)?(?:early\s+|mid-?\s?|late\s+)?(?:{_YEAR}s|(?:\d{{1,2}}(?:st|nd|rd|th)"
    rf"|\w+teenth|twelfth|eleventh|tenth|ninth|twentieth|twenty-first)[\s-]centur(?:y|ies){_ERA}?)"
    rf"|\b\d{{1,4}}{_ERA}\b|\b{_YEAR}(?:\s*[–-]\s*(?:{_YEAR}|\d\d))?\b(?![,.]\d|\s*(?:%|percent))"
    rf"|\b(?:next|last|this)\s+(?:{_PERIOD}|{_WEEKDAY}|spring|summer|autumn|fall|winter)\b"
    rf"|\b{_WEEKDAY}s?(?:\s+(?:and|to|through|until)\s+{_WEEKDAY}s?)?\b"
    rf"|\b(?:1[0-2]|0?[1-9])(?::[0-5]\d)?\s*[ap]\.?m\b\.?|\b(?:[01]?\d|2[0-3]):[0-5]\d\b",
)
_UNIT = (
    r"(?:%|per ?cent|percent|°[CF]?|degrees?|(?:kilo|centi|milli|nano)?met(?:er|re)s?|km|cm|mm"
    r"|miles?|feet|foot|ft|inch(?:es)?|(?:kilo)?grams?|kg|tons?|tonnes?|pounds?|lbs?|(?:square|cubic)\s+\w+"
    r"|dollars?|euros?|yuan|yen|acres?|hectares?|litres?|liters?|(?:kilo|mega|giga)bytes?|[KMG]B)"
)
_NUMBER = re.compile(
    rf"(?:(?:US)?[$€£¥]\s*)?(?<![\w.,-]){_COUNT}(?:\s+and a half)?(?:\s*{_UNIT}(?![\w]))?(?![\w])"
    rf"|(?:US)?[$€£¥]\s*{_DIGITS}(?:\s+{_SCALE})?",
    re.IGNORECASE,
)
_PERSON = re.compile(rf"(?<![\w.]){_NAME}")
_PLACE = re.compile(rf"\b(?:in|at|near|outside|on|from|to|into)\s+(?:the\s+)?({_NAME})")
_NAMED_TIME = re.compile(rf"{_MONTH}|{_WEEKDAY}s?")
_BASED = re.compile(r"\b([A-ZÀ-ÖØ-Þ]\w+(?: [A-ZÀ-ÖØ-Þ]\w+){,4})-based\b")


# What each kind is not written without, looked for first: that takes a hundredth of the time.
_OFTEN = re.findall(
    r"\w+",
    "every each once twice times hourly daily nightly weekly monthly quarterly yearly annually"
    " biennially",
)
_LENGTHS = re.findall(
    r"\w+", "second minute hour day night week month quarter year decade centur semester season"
)
_COUNTING = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve teen twenty thirty forty fifty"
    " hundred thousand million billion trillion dozen",
)
_WHEN = ("day", "centur", "next", "last", "this")  # as they are written: dates heed capitals
_DIGIT = re.compile(r"\d")
_LIKE_ASCII = str.maketrans("İıſ", "iis")


def frequencies(text: str) -> list[Span]:
    """Such as "every six months", "twice a year", "daily"."""
    return [*_spans(_FREQUENCY, text)] if _holds(_folded(text), _OFTEN) else []


def durations(text: str) -> list[Span]:
    """Such as "six months", "about 20 minutes"; not what is said to recur."""
    found = _spans(_DURATION, text) if _holds(_folded(text), _LENGTHS) else ()
    return _apart(found, frequencies(text), text) if found else []


def dates(text: str) -> list[Span]:
    """Such as "Thursday, March 11", "1636", "the 19th century", "next week", "9:30 am"."""
    return [*_spans(_DATE, text)] if _DIGIT.search(text) or _holds(text, _WHEN) else []


def numbers(text: str) -> list[Span]:
    """Such as "774", "a dozen", "$3.5 million", "12 %"; none that belongs to a date."""
    may_be = _DIGIT.search(text) or _holds(_folded(text), _COUNTING)
    matched = _spans(_NUMBER, text) if may_be else ()
    found = [span for span in matched if text[span.start : span.end].lower() != "one"]
    return _apart(found, [*dates(text), *frequencies(text)], text) if found else []


def names(text: str) -> list[Span]:
    """Runs of capitalised words, "Secretary of State Antony Blinken", in reading order."""
    return [*_spans(_PERSON, text)]


def places(text: str) -> list[Span]:
    """Capitalised names where a preposition of place stands before, or "-based" behind."""
    matches = [*_PLACE.finditer(text), *_BASED.finditer(text)]
    found = sorted((Span(*match.span(1)) for match in matches), key=lambda span: span.start)
    found = [span for span in found if not _is_time(text, span)]
    return _apart(found, dates(text), text) if found else []


def _folded(text: str) -> str:
    """In lower case as patterns that ignore case see it: to them a long s is an s."""
    return (text if text.isascii() else text.translate(_LIKE_ASCII)).lower()


def _holds(text: str, some: Sequence[str]) -> bool:
    return any(one in text for one in some)


def _is_time(text: str, span: Span) -> bool:
    return _NAMED_TIME.fullmatch(text, span.start, span.end) is not None


# A sentence's dates are looked for among its numbers, again among its places, and so on.
@lru_cache(maxsize=1_000)
def _spans(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in pattern.finditer(text))


def _apart(found: Sequence[Span], others: Sequence[Span], text: str) -> list[Span]:
    """Those of ``found`` that share no character with any of ``others``."""
    taken = bytearray(len(text))
    for span in others:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return [span for span in found if not any(taken[span.start : span.end])]


def iter_words(text: str) -> Iterator[Span]:
    """The words of a text as spans."""
    return (Span(*match.span()) for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text))
