"""What a question asks for, read from its words alone."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import Enum

from index.errors import QuestionError
from index.records import Span
from index.stemming import ENGLISH_ONLY, AskedTerm, asked_in, asked_terms
from index.terms import stopwords, terms, words

LONGEST_QUESTION = 2_000
"""Characters; a Discord message's limit. Beyond it a question is a document."""


class AnswerType(Enum):
    """What kind of answer a question asks for."""

    FREQUENCY = "how often"
    DURATION = "how long"
    NUMBER = "how many"
    DATE = "when"
    PERSON = "who"
    PLACE = "where"
    REASON = "why"
    DEFINITION = "what is"
    OTHER = "what"


_TIME_NOUN = r"(?:year|date|day|month|century|decade|time|week|weekday|season)s?"
_PLACE_NOUN = (
    r"(?:city|country|state|town|place|location|region|province|continent|village|street|building"
    r"|county|river|island|nation)"
)
_NUMBER_NOUN = r"(?:number|percent|percentage|proportion|amount|population|price|cost|size|share)"

# The one that stands first in the question decides; of two at the same place, the first here.
_PATTERNS: tuple[tuple[AnswerType, str], ...] = (
    (
        AnswerType.FREQUENCY,
        r"\bhow\s+(?:often|frequently|regularly)\b|\bhow many times (?:a|per)\b",
    ),
    (
        AnswerType.DURATION,
        r"\bhow long\b(?! (?:is|are) the\b)|\b(?:for|in) how (?:long|many years)\b",
    ),
    (AnswerType.NUMBER, r"\bhow (?:many|much|old|tall|far|large|big|deep|high|fast|heavy|wide)\b"),
    (
        AnswerType.NUMBER,
        rf"\bwhat(?:'?s| is| was| are| were)? (?:the |a )?(?:total )?{_NUMBER_NOUN}\b",
    ),
    (
        AnswerType.DATE,
        rf"\bwhen(?:'?s)?\b|\b(?:what|which) (?:exact )?{_TIME_NOUN}\b"
        r"|\bwhat(?:'?s| is| was) the (?:exact )?(?:date|day|month|year)\b",
    ),
    (AnswerType.PERSON, r"\bwho(?:'?s|m|se)?\b"),
    (AnswerType.PLACE, rf"\bwhere(?:'?s)?\b|\b(?:what|which) {_PLACE_NOUN}\b"),
    (AnswerType.REASON, r"\bwhy\b|\bhow come\b|\bwhat (?:is|was) the reason\b|\bfor what reason\b"),
    (AnswerType.DEFINITION, r"^(?:so )?what(?:'?s| is| are| was| were) (?!the\b)|\bdefine\b"),
    (AnswerType.DEFINITION, r"\bwhat do(?:es)? .* (?:mean|stand for)\b|\bmeaning of\b"),
    # "What happens when it rains?" asks for no date.
    (AnswerType.OTHER, r"\b(?:what|which|how)\b(?=.*\bwhen\b)"),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_DEFINING = re.compile(r"\b(?:define|definition of|meaning of|mean|stands? for)\b", re.IGNORECASE)
# They only carry the noun that carries the content: "take place", "hold a post".
_LIGHT_VERBS = frozenset(
    terms(
        "take took taken hold held get got give gave given make made go went gone come came put"
        " happen happened"
    )
)
# The document itself, which does not call itself so.
_THE_DOCUMENT = re.compile(
    r"\b(?:(?:quoted|mentioned|described|named|discussed|cited) )?(?:in|by|from|according to) "
    r"(?:the|this) (?:article|document|text|page|file|story|passage)\b",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"\d[\d,.]*\d|\d")
_ALSO_NAMES = frozenset({"may", "will"})
_NAME = re.compile(
    r"(?<!^)(?<![?!:] )(?<![’'])"
    r"(?:(?<!\. )|(?<=\b[A-Z]\. )|(?<=\b[A-Z][a-z]\. )|(?<=\b[A-Z][a-z]{2}\. ))"
    r"\b(?:(?:[A-Z]\.){2,}|[A-ZÀ-ÖØ-Þ][\w’'-]*)"
)
"""A word with a capital that begins no sentence; "U.S." and "Mr." end none."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    Attributes:
        asked: as it was typed.
        text: trimmed, with spelling mended where that was sure; what is encoded and matched.
        kind: the kind of answer it asks for.
        terms: its terms, in order.
        content: those that an answer's surroundings should hold: not what only says what kind of
            answer is asked for ("which city") or where to look ("in the article"), nor light
            verbs. All terms where nothing is left.
        numerals: the numbers and years it names, as digits without separators.
        names: its words with a capital, folded, other than the first; none if it shouts.
        forms: what the word of each term is counted as in documents in other languages than
            English; of no term where there are none.
    """

    asked: str
    text: str
    kind: AnswerType
    terms: tuple[str, ...]
    content: tuple[str, ...]
    numerals: frozenset[str]
    names: frozenset[str]
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)


def read_question(
    asked: str, *, mended: str | None = None, languages: Set[str] = ENGLISH_ONLY
) -> Question:
    """Read a question; ``mended`` is its text with the spelling put right.

    ``languages`` are those of the documents, which tell in which the question may be.

    Raises:
        QuestionError: there is nothing in it to look for, or it is too long.
    """
    typed = _clean(asked)
    text = typed if mended is None else _clean(mended)
    if not any(map(str.isalnum, typed)):
        raise QuestionError("Please ask a question in words.")
    if len(typed) > LONGEST_QUESTION:
        raise QuestionError(
            "This question has {characters} characters; please ask in at most {most}.",
            characters=f"{len(typed):,}",
            most=f"{LONGEST_QUESTION:,}",
        )
    numerals = {re.sub(r"[,.](?=\d{3}\b)", "", found) for found in _NUMERAL.findall(text)}
    language = asked_in(text, languages=languages)
    told = asked_terms(text, language, languages=languages)
    found = tuple(one.term for one in told)
    return Question(
        asked=asked,
        text=text,
        kind=answer_type(text),
        terms=found,
        content=tuple(_content(text, language, languages)) or found,
        numerals=frozenset(numerals),
        names=frozenset() if text.isupper() else _names(text),
        forms=_forms(told),
    )


def answer_type(question: str) -> AnswerType:
    """The kind of answer that a question's wording asks for.

    >>> answer_type("how often does the group meet?").value
    'how often'
    """
    kind, _ = _asking(question)
    return kind


def _asking(question: str) -> tuple[AnswerType, Span]:
    """The kind of answer asked for, and the wording that asks for it."""
    typed = question.replace("’", "'")
    found = [(kind, match) for kind, pattern in _COMPILED if (match := pattern.search(typed))]
    if not found:
        return AnswerType.OTHER, Span(0, 0)
    kind, first = min(found, key=lambda one: one[1].start())
    return kind, Span(*first.span())


def _forms(told: Iterable[AskedTerm]) -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for one in told:
        if one.forms:
            forms[one.term] = tuple(dict.fromkeys((*forms.get(one.term, ()), *one.forms)))
    return forms


def _content(text: str, language: str, languages: Set[str]) -> list[str]:
    """The terms of the question without the words that an answer need not repeat."""
    rest = _THE_DOCUMENT.sub(" ", text)
    kind, asking = _asking(rest)
    if kind is AnswerType.DEFINITION:
        rest = _DEFINING.sub(" ", rest)
    else:
        rest = f"{rest[: asking.start]} {rest[asking.end :]}"
    told = asked_terms(rest, language, languages=languages)
    return [one.term for one in told if one.term not in _LIGHT_VERBS]


def _clean(text: str) -> str:
    """One line, composed, without control or invisible characters."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return " ".join(composed.split())
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    shown = "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    return " ".join(shown.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(
        word for name in _NAME.findall(text) if not _is_small(name) for word in words(name)
    )


def _is_small(word: str) -> bool:
    """Whether it is "I" or, in a question written like a title, a word such as "The"."""
    folded = words(word)
    if len(word) > 1 and word.isupper():
        return False  # the WHO, or somebody's IT
    return all(one == "i" or one.startswith("i'") or _says_nothing(one) for one in folded)


def _says_nothing(word: str) -> bool:
    return len(word) > 1 and word in stopwords() and word not in _ALSO_NAMES
