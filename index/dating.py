"""From when a document is, as far as it says so itself.

What it says may be wrong, as its file's date may be. Either only tells which of two documents is
the newer, and is shown.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from index.moments import MONTHS
from index.naming import front_matter

_BEGINNING = 12  # lines, and these of a text's head
_END = 8
_HEAD = 6_000  # characters
_TAIL = 2_000
_LONGEST_LINE = 160
_YEARS = range(1450, 2101)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = r"(?:1[4-9]\d\d|20\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_FULL = (
    rf"{_WEEKDAY}(?:{_DAY}\.? +(?:of +)?{_MONTH},? +{_YEAR}|{_MONTH} +{_DAY},? +{_YEAR}"
    rf"|{_YEAR}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.{_YEAR})"
)
_ANY = rf"(?:{_FULL}|{_MONTH},? +{_YEAR}|{_YEAR}-\d\d)"
_CLOCK = r"(?:,? +(?:at +)?\d{1,2}[:.]\d\d.{,12})?"
_LABELLED = re.compile(
    r"\W*(?:first |originally |last )?(?:published|posted|released|issued|updated?|modified|changed"
    r"|revised|revision|reviewed|date of (?:issue|publication)|publication date|release date|dated?"
    r"|version \S+|as of|as at|status)"
    rf"(?: on| at)?\W{{,5}}(?P<date>{_ANY})(?!\w)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\W*(?P<date>{_FULL}){_CLOCK}\W*", re.IGNORECASE)
_BYLINE = re.compile(rf"[^.?!]{{1,80}}[|·•,–—-] *(?P<date>{_FULL}){_CLOCK}\W*", re.IGNORECASE)
_DATELINE = re.compile(
    rf"(?:[^.?!\n]{{,40}}?,? *\(?)(?P<date>{_FULL})\)? *(?:[–—:]|-{{1,2}} |\(\w+\))", re.IGNORECASE
)
_MINUTES = re.compile(
    r"#* *(?:[^.?!]*\b)?(?:minutes|agenda|newsletter|bulletin|report|notes|memo|edition|issue"
    rf"|press release|statement|notice|record)\b[^.?!]*?\b(?P<date>{_ANY})\W*",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"^(?:date|updated?|last[-_ ]?(?:mod(?:ified)?|updated?)|modified|published|created|pubdate)"
    r"[ \t]*:[ \t]*[\"']?(\S.*)",
    re.MULTILINE | re.IGNORECASE,
)
_IN_NAME = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<y>(?:19|20)\d\d)(?:(?P<s>[-_.]?)(?P<m>0[1-9]|1[0-2])(?:(?P=s)(?P<d>[0-3]\d))?)?"
    r"|(?P<d2>[0-3]?\d)[-_.](?P<m2>[01]?\d)[-_.](?P<y2>(?:19|20)\d\d))(?![^\W_])"
)
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def own_date(text: str, name: str, told: str = "") -> str:
    r"""The date that a document bears, in ISO 8601, as exact as it is told; empty if it bears none.

    In this order: the front matter of Markdown; a line near the beginning or the end that says
    when it was published or changed, the latest of them; a dateline near the beginning; what the
    format tells beside the text, which is ``told``; the file's name.

    >>> own_date("Minutes\n\n11 March 2021\n\nAll were there.", "minutes.txt")
    '2021-03-11'
    >>> own_date("All were there.", "2021-03_minutes.txt")
    '2021-03'
    """
    sources = (_in_front, _labelled, _dateline)
    found = (source(text) for source in sources)
    return next(filter(None, found), "") or iso_date(told) or _in_name(name)


def iso_date(told: str) -> str:
    """The date that a text in ISO 8601 begins with, without the time; empty if it is none."""
    match = _ISO.match(told.strip())
    return _written(*(match.groups() if match else (None, None, None)))


def day_of(nanoseconds: int) -> str:
    """The day of a file's time, in UTC; empty where there is no such day."""
    with suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC).date().isoformat()
    return ""


def _in_front(text: str) -> str:
    return _latest(_FRONT.findall(front_matter(text[:_HEAD])))


def _labelled(text: str) -> str:
    lines = [*_lines(text[:_HEAD])[:_BEGINNING], *_lines(text[-_TAIL:])[-_END:]]
    return _latest(match["date"] for line in lines if (match := _LABELLED.match(line)))


def _dateline(text: str) -> str:
    for line in _lines(text[:_HEAD])[:_BEGINNING]:
        for form in (_ALONE, _BYLINE, _MINUTES):
            if len(line) <= _LONGEST_LINE and (match := form.fullmatch(line)):
                return _read(match["date"])
        if match := _DATELINE.match(line):
            return _read(match["date"])
    return ""


def _in_name(name: str) -> str:
    path = PurePosixPath(name)
    match = _IN_NAME.search(path.name.removesuffix(path.suffix))
    if match is None:
        return ""
    return _written(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _latest(found: Iterable[str]) -> str:
    return max(map(_read, found), default="")


def _read(said: str) -> str:
    """A date as people write it."""
    if match := _DAY_FIRST.search(said):
        return _written(match[3], match[2], match[1])
    if (match := _ISO.search(said)) and match[2]:
        return _written(*match.groups())
    months = [
        MONTHS[word[:3]] for word in re.findall(r"[a-z]+", said.lower()) if word[:3] in MONTHS
    ]
    years = re.findall(_YEAR, said)
    days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", said)
    if not months or not years:
        return ""
    return _written(years[0], str(months[0]), days[0] if days else None)


def _written(year: str | None, month: str | None, day: str | None) -> str:
    """In ISO 8601; empty where there is no such date."""
    if year is None or int(year) not in _YEARS:
        return ""
    try:
        found = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return found if day else found[:7] if month else found[:4]
