"""Numbers as people write them, in digits or words, as intervals as wide as they are vague."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: Mapping[str, int] = MappingProxyType(
    {word: at for at, word in enumerate(_UNITS.split())}
    | {word: 10 * at for at, word in enumerate(_TENS.split(), start=2)}
    | {"a": 1, "an": 1}
)
_SCALES: Mapping[str, float] = MappingProxyType(
    {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12}
)
_DIGITS = re.compile(r"\d[\d,.]*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_VAGUE = 0.1  # of a number said in words like "a hundred"
_CERTAIN_ZEROS = 2  # so many zeros at the end may come of rounding


class Range(NamedTuple):
    """From ``low`` to ``high``, both included; infinite at an open end."""

    low: float
    high: float

    def meets(self, other: "Range") -> bool:
        """Whether they have a number in common."""
        return self.low <= other.high and other.low <= self.high

    def times(self, factor: float) -> "Range":
        """Both ends multiplied."""
        return Range(self.low * factor, self.high * factor)

    def widened(self, share: float) -> "Range":
        """Both ends further out by a share of themselves."""
        return Range(self.low - share * abs(self.low), self.high + share * abs(self.high))


Readings = Mapping[str, tuple[Range, ...]]
"""A value by unit: one interval, or several where it may mean several things."""


def read_number(text: str) -> tuple[Range, ...]:
    """What a number may mean: nothing where it is none, two things for "1.200".

    It is as wide as what was left out by rounding: "1.2 million" holds 1,234,567.

    >>> read_number("twenty-seven"), read_number("300")
    ((Range(low=27.0, high=27.0),), (Range(low=295.0, high=305.0),))
    """
    parts = re.findall(r"\d[\d,.]*\d|\d|[a-z]+", text.lower())
    half = parts[-3:] == ["and", "a", "half"]
    parts = parts[:-3] if half else parts
    scale = math.prod(_SCALES[part] for part in parts if part in _SCALES)
    counted = [part for part in parts if part not in _SCALES]
    if not counted:
        return ()
    if counted[:2] == ["half", "a"] and not half:
        return (Range(scale / 2, scale / 2).widened(_VAGUE),)
    if _DIGITS.fullmatch(counted[0]):
        found = _read_digits(counted[0]) if len(counted) == 1 else ()
        return tuple(_scaled(one, scale, half) for one in found)
    return _read_words(counted, scale, half)


def _read_words(words: list[str], scale: float, half: bool) -> tuple[Range, ...]:
    if not all(word in _WORDS for word in words):
        return ()
    said = sum(_WORDS[word] for word in words)
    exact = Range((said + half / 2) * scale, (said + half / 2) * scale)
    return (exact.widened(_VAGUE) if scale > 1 and not half else exact,)


def _read_digits(digits: str) -> tuple[Range, ...]:
    found = []
    if _GROUPED.fullmatch(digits) or _PLAIN.fullmatch(digits):
        found.append(_rounded(digits.replace(",", "")))
    if _POINTED.fullmatch(digits):
        found.append(_rounded(digits.replace(".", "")))
    return tuple(found)


def _rounded(digits: str) -> Range:
    """The number, and as much about it as its last digits leave open."""
    value = float(digits)
    whole, point, fraction = digits.partition(".")
    if point:
        slack = 0.5 * 10.0 ** -len(fraction)
    else:
        zeros = len(whole) - len(whole.rstrip("0"))
        slack = 0.5 * 10.0 ** (zeros - 1) if zeros >= _CERTAIN_ZEROS else 0.0
    return Range(value - slack, value + slack)


def _scaled(found: Range, scale: float, half: bool) -> Range:
    middle = (found.low + found.high) / 2 + half / 2
    slack = max((found.high - found.low) / 2, 0.5 if scale > 1 else 0.0)
    if scale > 1 and middle != round(middle):
        slack = (found.high - found.low) / 2
    return Range(middle - slack, middle + slack).times(scale)
