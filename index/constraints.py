"""What a question names that the place of a quote does not: reasons to doubt that it answers.

"How often did the group meet in 2019?" is not answered by a place that knows no 2019, however well
the rest of it matches.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from index.questions import Question
from index.records import Span
from index.snapshot import Snapshot
from index.terms import words

_YEAR: Final = re.compile(r"1\d{3}|20\d\d")
_NUMERAL: Final = re.compile(r"\d[\d,.]*\d|\d")
_TYPED: Final = re.compile(r"[^\W_][^\s_]*[^\W_]|[^\W_]")
_NEGATION: Final = re.compile(
    r"\b(?:not|never|neither|nor|without|cannot|none|nobody|nothing)\b|n['’]t\b", re.IGNORECASE
)
_ROOT: Final = 4
"""Letters that a country and its people have in common at least: Japan, Japanese."""
_ENDINGS: Final = frozenset(
    ["", "a", "y", "e", "s", "n", "ns", "an", "ans", "ian", "ians", "en", "ey", "ese", "ish", "i"]
)
"""What may follow that in either: China, Chinese; Italy, Italian. Not Austria, Australia."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a quote stands.

    Attributes:
        sentence: the quote.
        numerals: of it, its neighbours, title and section, as digits without separators.
        words: of its passage, title and section, folded.
    """

    sentence: str
    numerals: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, snapshot: Snapshot, sentence: int) -> "Surroundings":
        """The place of a sentence, by its row."""
        at = int(snapshot.sentences["passage"][sentence])
        passage, document = snapshot.passages[at], snapshot.document_of(sentence)
        first = max(int(passage["first"]), sentence - 1)
        last = min(int(passage["last"]), sentence + 2) - 1
        starts, ends = snapshot.sentences["start"], snapshot.sentences["end"]
        window = document.body[int(starts[first]) : int(ends[last])]
        headings = f"{document.title} {snapshot.section_of(at) or ''}"
        whole = f"{headings} {document.body[passage['start'] : passage['end']]}"
        return cls(
            sentence=snapshot.sentence_text(sentence),
            numerals=frozenset(map(_bare, _NUMERAL.findall(f"{headings} {window}"))),
            words=frozenset(words(whole)),
        )


@dataclass(frozen=True, slots=True)
class Unmet:
    """What of a question a place does not meet.

    Attributes:
        numerals: its numbers, ``years`` among them, that are not there.
        names: its names that are not there, folded.
        is_denied: whether the question denies something and the quote denies nothing.
    """

    numerals: frozenset[str]
    years: frozenset[str]
    names: frozenset[str]
    is_denied: bool

    @classmethod
    def of(cls, question: Question, place: Surroundings) -> "Unmet":
        """What ``place`` does not meet of ``question``."""
        numerals = question.numerals - place.numerals
        return cls(
            numerals=numerals,
            years=years(numerals),
            names=frozenset(name for name in question.names if not _is_named(name, place.words)),
            is_denied=bool(_NEGATION.search(question.text))
            and not _NEGATION.search(place.sentence),
        )

    def as_typed(self, question: Question) -> tuple[str, ...]:
        """The numbers and names that are not there as the question has them, in its order."""
        found = (question.text[span.start : span.end] for span in _typed(question.text))
        return tuple(dict.fromkeys(word for word in found if self._holds(word)))

    def _holds(self, word: str) -> bool:
        folded = words(word)
        return _bare(word) in self.numerals or (bool(folded) and set(folded) <= self.names)


def years(numerals: Iterable[str]) -> frozenset[str]:
    """Those that are years."""
    return frozenset(one for one in numerals if _YEAR.fullmatch(one))


def _typed(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _TYPED.finditer(text)]


def _bare(numeral: str) -> str:
    return re.sub(r"[,.](?=\d{3}\b)", "", numeral)


def _is_named(name: str, there: frozenset[str]) -> bool:
    """Whether a name is there, or the people or country of it."""
    return name in there or any(_is_people(name, word) for word in there)


def _is_people(name: str, word: str) -> bool:
    shared = _alike(name, word)
    return shared >= _ROOT and {name[shared:], word[shared:]} <= _ENDINGS


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(takewhile(bool, (a == b for a, b in zip(one, other, strict=False))))
