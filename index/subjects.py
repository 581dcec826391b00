"""Whether two places are about different things, as their titles, sections and dates tell.

"The club meets weekly" is said of another club where the one title is "Chess club" and the other
"Book club". "41,000 visitors came" is said of another year where the one is a report on 2018.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from index.expressions import dates
from index.questions import AnswerType, Question
from index.records import Document
from index.terms import terms, words

_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_PAST: Final = frozenset(
    re.findall(
        r"\w+",
        "was were had did came went took got won lost sold spent made paid rose fell grew met held"
        " left wrote ran stood gave earned produced received visited attended died",
    )
)
_RECURRING: Final = frozenset(
    terms(
        "election meeting conference congress festival fair tournament championship season edition"
        " race final exhibition census games cup session summit workshop seminar concert parade"
        " market course exam deadline holiday vote match show party camp lecture event review audit"
    )
)
_KINDS_OF_TEXT: Final = frozenset(
    re.findall(
        r"\w+",
        "about agenda annual answers april august brochure bulletin calendar catalogue"
        " chapter charter chronicle contact december diary document draft facts faq february"
        " figures flyer form guide handbook help hours index info information instructions"
        " introduction invitation january july june leaflet manual march may memo minutes"
        " news newsletter note notes notice november october overview plan plans policy press"
        " privacy procedure program programme protocol questions register regulations release"
        " report results rules schedule september statement statutes summary survey syllabus"
        " terms timetable update version website welcome",
    )
)
_A_MONTH: Final = 31  # days
_NAMED = re.compile(r"\w*\d\w*|[A-ZÀ-ÖØ-Þ]\w*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: its document, the section in it, and the sentence itself."""

    document: Document
    section: str
    sentence: str

    @property
    def headings(self) -> str:
        """All that stands above it."""
        return f"{self.document.title} {self.section}"


def are_apart(question: Question, one: Place, other: Place) -> bool:
    """Whether two places are about different things, or times, though they sound alike."""
    if one.document.id == other.document.id:
        return one.section != other.section
    return (
        _are_of_other_years(question, one, other)
        or _are_numbered(one, other)
        or _are_occasions(question, one, other)
        or _are_of_others(question, one.document, other.document)
    )


def _are_of_other_years(question: Question, one: Place, other: Place) -> bool:
    """Whether each tells what happened in a year of its own."""
    a, b = (frozenset(_YEAR.findall(place.headings)) for place in (one, other))
    said = frozenset(words(f"{question.text} {one.sentence} {other.sentence}"))
    return bool(a and b) and not a & b and bool(said & _PAST)


def _are_numbered(one: Place, other: Place) -> bool:
    """Whether each has a number of its own above it, "Model 200", which is no year."""
    a, b = (
        frozenset(
            word
            for word in words(_without_dates(place.headings))
            if (any(map(str.isdigit, word)) or len(word) == 1) and not _YEAR.fullmatch(word)
        )
        for place in (one, other)
    )
    return bool(a - b and b - a)


def _without_dates(text: str) -> str:
    edges = [0, *(edge for span in dates(text) for edge in (span.start, span.end)), len(text)]
    return " ".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _are_occasions(question: Question, one: Place, other: Place) -> bool:
    """Whether each may tell the date of another time of what happens again and again."""
    if question.kind is not AnswerType.DATE and "deadlin" not in question.terms:
        return False
    if not _RECURRING & set(question.terms):
        return False
    years = [frozenset(_YEAR.findall(place.sentence)) for place in (one, other)]
    dated = [_as_date(place.document.dated) for place in (one, other)]
    known = [found for found in dated if found]
    apart = len(known) == 2 and abs((known[0] - known[1]).days) >= _A_MONTH
    return apart or (all(years) and not years[0] & years[1])


def _as_date(day: str) -> date | None:
    return date.fromisoformat(f"{day}-01-01"[:10]) if day else None


def _are_of_others(question: Question, one: Document, other: Document) -> bool:
    """Whether each is about something that the other never mentions.

    A name that the question gives, and both hold, tells that they are about the same all the same.
    """
    in_one, in_other = (_said(document).keys() | words(document.title) for document in (one, other))
    if question.names and question.names <= in_one and question.names <= in_other:
        return False
    return bool(_subjects(one) - in_other and _subjects(other) - in_one)


def _subjects(document: Document) -> frozenset[str]:
    """The words of a title that look like a name, or that the text says again."""
    written = document.title.split()
    title = [word for word in words(document.title) if terms(word) and not word.isdigit()]
    said = _said(document)
    heads = Counter(title) if document.text.lstrip("# ").startswith(document.title) else Counter()
    named = frozenset(words(" ".join(word for word in written[1:] if _NAMED.fullmatch(word))))
    found = frozenset(word for word in title if said[word] > heads[word] or word in named)
    return found - _KINDS_OF_TEXT


# A document that disagrees with another does so for more than one question.
@lru_cache(maxsize=32)
def _said(document: Document) -> Counter[str]:
    """How often a document's text holds each word."""
    return Counter(words(document.text))
