"""How often and how long, as intervals that can be held against each other."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from index.numerals import Range, Readings, read_number

UNLIKE = 0.05
"""How far a value may be off where it is held against one of another unit: weeks in a month."""

_SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "night": 86_400, "week": 604_800,
        "fortnight": 1_209_600, "month": 2_629_746, "quarter": 7_889_238, "year": 31_556_952,
        "decade": 315_569_520, "centuries": 3_155_695_200, "century": 3_155_695_200,
        "weekend": 604_800, "weekday": 120_960,
    }
)  # fmt: skip
_YEAR = _SECONDS["year"]
_ADVERBS: Mapping[str, tuple[float, ...]] = MappingProxyType(  # times a year; some mean two things
    {
        "hourly": (8766,), "daily": (365.25,), "nightly": (365.25,), "semiweekly": (104.4,),
        "weekly": (52.18,), "biweekly": (26.09, 104.4), "fortnightly": (26.09,),
        "semimonthly": (24,), "monthly": (12,), "bimonthly": (6, 24), "quarterly": (4,),
        "triannually": (3, 1 / 3), "halfyearly": (2,), "semiannually": (2,),
        "biannually": (2, 0.5), "biyearly": (2, 0.5), "yearly": (1,), "annually": (1,),
        "biennially": (0.5,), "triennially": (1 / 3,),
    }
)  # fmt: skip
_EVERY = re.compile(r"(?:every|each) (?:(.+?) )?([a-z]+)")
_TIMES = re.compile(
    r"(?:(once|twice)|(.+?)(?: or (.+?))? times) (?:an?|per|each|every|in) (?:(.+?) )?([a-z]+)"
)
_LENGTH = re.compile(r"(.+?)(?: ?(?:to|or|–|-) ?(.+?))?[ -]([a-z]+)")
_SKIPPED: Mapping[str, int] = MappingProxyType({"": 1, "other": 2, "second": 2, "third": 3})
_SIMPLE: Mapping[str, int] = MappingProxyType({"once": 1, "twice": 2})
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_MONTH = re.compile(
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
)


def read_frequency(said: str) -> Readings:
    """How often: "every six months", "twice a year", "daily"; nothing for "every few days".

    Each is read as it is said and as times a year; "biweekly" may mean two things.
    """
    line = _one_line(said)
    adverb = line.replace("-", "")
    if adverb in _ADVERBS:
        return {"a year": tuple(Range(one, one).widened(UNLIKE) for one in _ADVERBS[adverb])}
    if every := _EVERY.fullmatch(line):
        return _every(every[1] or "", every[2])
    times = _TIMES.fullmatch(line)
    return _times(times) if times else {}


def read_duration(said: str) -> Readings:
    """How long: "six months", "20 to 30 minutes"; nothing for "several days".

    Each is read as it is said and in seconds.
    """
    match = _LENGTH.fullmatch(_one_line(said))
    seconds = _seconds(match[3]) if match else None
    if match is None or seconds is None:
        return {}
    least = read_number(match[1])
    most = read_number(match[2]) if match[2] else least
    if not least or not most:
        return {}
    length = Range(least[0].low, most[0].high)
    return {f"{seconds:g} s": (length,), "s": (length.times(seconds).widened(UNLIKE),)}


def _every(count: str, period: str) -> Readings:
    skipped = _SKIPPED.get(count)
    counts = (Range(skipped, skipped),) if skipped else read_number(count)
    seconds = _seconds(period)
    if not counts or seconds is None:
        return {}
    in_a_year = _YEAR / seconds
    often = tuple(Range(in_a_year / one.high, in_a_year / one.low) for one in counts if one.low > 0)
    return {f"every {seconds:g} s": counts, "a year": tuple(o.widened(UNLIKE) for o in often)}


def _times(match: re.Match[str]) -> Readings:
    simple = _SIMPLE.get(match[1] or "")
    least = (Range(simple, simple),) if simple else read_number(match[2] or "")
    most = read_number(match[3]) if match[3] else least
    counts = read_number(match[4]) if match[4] else (Range(1, 1),)
    seconds = _seconds(match[5])
    if not (least and most and counts and seconds):
        return {}
    often = Range(least[0].low, most[0].high)
    length = seconds * counts[0].high
    in_a_year = often.times(_YEAR / length).widened(UNLIKE)
    return {f"times in {length:g} s": (often,), "a year": (in_a_year,)}


def _seconds(period: str) -> float | None:
    """How long a period is; a named day recurs by the week, a named month by the year."""
    if _WEEKDAY.fullmatch(period):
        return _SECONDS["week"]
    if _MONTH.fullmatch(period):
        return _YEAR
    return _SECONDS.get(period) or _SECONDS.get(period.removesuffix("s"))


def _one_line(text: str) -> str:
    return " ".join(text.lower().split())
