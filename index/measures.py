"""Numbers of things, money, shares and measures, to be held against each other."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from index.numerals import Range, Readings, read_number

COUNT = "count"
"""The unit of a number that counts things and measures nothing."""

_CONVERTED = 0.02  # how far a value in one unit may be off in another
_UNITS: tuple[tuple[str, str, float], ...] = (  # how it is written, what it measures, how much
    (r"%|per ?cent|percent", "share", 1),
    (r"kilomet(?:er|re)s?|km", "m", 1000),
    (r"centimet(?:er|re)s?|cm", "m", 0.01),
    (r"millimet(?:er|re)s?|mm", "m", 0.001),
    (r"nanomet(?:er|re)s?", "m", 1e-9),
    (r"met(?:er|re)s?|m", "m", 1),
    (r"miles?", "m", 1609.344),
    (r"feet|foot|ft", "m", 0.3048),
    (r"inch(?:es)?", "m", 0.0254),
    (r"kilograms?|kg", "kg", 1),
    (r"grams?", "kg", 0.001),
    (r"tonnes?", "kg", 1000),
    (r"lbs?", "kg", 0.4536),
    (r"acres?", "m²", 4046.86),
    (r"hectares?", "m²", 10_000),
    (r"square kilomet(?:er|re)s?", "m²", 1e6),
    (r"square met(?:er|re)s?", "m²", 1),
    (r"square miles?", "m²", 2.59e6),
    (r"square f(?:ee|oo)t", "m²", 0.0929),
    (r"litres?|liters?", "l", 1),
    (r"kilobytes?|kb", "B", 1e3),
    (r"megabytes?|mb", "B", 1e6),
    (r"gigabytes?|gb", "B", 1e9),
    (r"°c|degrees? celsius", "°C", 1),
    (r"°f|degrees? fahrenheit", "°F", 1),
    (r"degrees?|°", "degrees", 1),
    (r"dollars?|\$", "$", 1),
    (r"euros?|€", "€", 1),
    (r"pounds?", "pounds", 1),
    (r"yuan", "yuan", 1),
    (r"yen", "yen", 1),
)
_MEASURES = tuple(
    (re.compile(rf"(?<=[\d.]) ?(?:{written})|(?<=[a-z]) (?:{written})|(?<=\d)(?:{written})"), u, s)
    for written, u, s in _UNITS
)
_MAY_BE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"pounds": ("pounds", "£"), "£": ("£", "pounds"), "¥": ("yuan", "yen")}
)
_SIGN = re.compile(r"(?:us)?([$€£¥]) ?")
_METRES = re.compile(r"\s*(?:m|metres?|meters?)\b")
_TONS = re.compile(r"(?:\b| )tons?$|square \w+$|cubic \w+$")
_EXACT = frozenset(("share", "$", "€", "pounds", "£", "yuan", "yen", "degrees", "°C", "°F", "l"))


def read_measure(said: str, behind: str) -> Readings:
    """How many, how much: "774", "$3.5 million", "12 %", "5 km"; nothing for "several".

    ``behind`` is what follows, which may begin with the unit. A measure is read in its own unit
    and in the one that all of its kind are converted to.
    """
    line = " ".join(said.lower().split())
    sign = _SIGN.match(line)
    if sign:
        return _in(sign[1], 1, read_number(line[sign.end() :]))
    for pattern, unit, size in _MEASURES:
        if (found := pattern.search(line)) and found.end() == len(line):
            return _in(unit, size, read_number(line[: found.start()]))
    if _TONS.search(line):  # long, short, or of a size not known here
        return {}
    metres = _METRES.match(behind)
    return _in("m", 1, read_number(line)) if metres else _in(COUNT, 1, read_number(line))


def _in(unit: str, size: float, found: tuple[Range, ...]) -> Readings:
    if not found:
        return {}
    if unit == "share":  # people round it
        found = tuple(_half_around(one) for one in found)
    if unit in (COUNT, *_EXACT, *_MAY_BE):
        return dict.fromkeys(_MAY_BE.get(unit, (unit,)), found)
    converted = tuple(one.times(size).widened(_CONVERTED) for one in found)
    return {f"{size:g} {unit}": found, unit: converted}


def _half_around(share: Range) -> Range:
    """A share as wide as one in whole percent is vague."""
    return share if share.low < share.high else Range(share.low - 0.5, share.high + 0.5)
