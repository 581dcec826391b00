"""Terms of texts in any language, and of questions to documents in several.

An English text has the terms of ``index.terms``. Those of another language are named for it
("de:vertrag"), so that stems of two languages are never taken for one another; what a question's
word is in each of the languages are its forms. Languages without spaces between words are counted
in pairs of neighbouring characters.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import Stemmer

from index.function_words import function_words
from index.languages import ENGLISH
from index.terms import fold, stems, stopwords, terms, typed_words, words

ENGLISH_ONLY: Final = frozenset((ENGLISH,))
_STEMMERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
        "el": "greek", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
        "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
        "hr": "serbian", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
        "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
        "pt": "portuguese", "ro": "romanian", "ru": "russian", "st": "sesotho", "sv": "swedish",
        "ta": "tamil", "tr": "turkish", "yi": "yiddish",
    }
)  # fmt: skip
# Korean has spaces, but its words end in particles of many kinds, which pairs do without.
_UNSPACED: Final = frozenset(("zh", "ja", "ko", "th", "lo", "km", "my"))
_ELIDING: Final = frozenset(("fr", "it", "ca"))
_ELIDED = re.compile(
    r"\A(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|(?:d?a|de|ne|su)ll|un|quest)'(?=\w)"
)
_UNSPACED_LETTERS = (
    r"\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_RUNS = re.compile(rf"[{_UNSPACED_LETTERS}]+|[^{_UNSPACED_LETTERS}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED_LETTERS}]+")


@dataclass(frozen=True, slots=True)
class AskedTerm:
    """A word of a question: its English term, and what it is counted as in other languages."""

    term: str
    forms: tuple[str, ...] = ()


def terms_in(text: str, language: str) -> list[str]:
    """The terms of a text in a language, in reading order, repeated as often as they occur.

    >>> terms_in("Die Verträge des Hauses", "de"), terms_in("北京大学", "zh")
    (['de:vertrag', 'de:haus'], ['zh:北京', 'zh:京大', 'zh:大学'])
    """
    if language == ENGLISH:
        return terms(text)
    found = (_term(piece, language) for piece in _pieces(text, language in _UNSPACED))
    return [f"{language}:{term}" for term in found if term]


def asked_in(text: str, *, languages: Set[str]) -> str:
    """In which of some languages a question is: that with the most function words in it.

    Where two have as many, it is English, or else the first by its code.
    """
    if languages == ENGLISH_ONLY:
        return ENGLISH
    found = [fold(piece) for piece in _pieces(text, not languages.isdisjoint(_UNSPACED))]

    def rank(language: str) -> tuple[int, bool, str]:
        known = _dropped(language)
        return -sum(word in known for word in found), language != ENGLISH, language

    return min(languages | ENGLISH_ONLY, key=rank)


def asked_terms(text: str, language: str, *, languages: Set[str]) -> list[AskedTerm]:
    """The words of a question in ``language``, but for its function words, in reading order.

    ``languages`` are those of the documents. In documents in English alone the terms are those of
    the text, and have no other form.
    """
    others = sorted(languages - ENGLISH_ONLY)
    if not others:
        return [AskedTerm(term) for term in terms(text)]
    dropped = _dropped(language)
    return [
        AskedTerm(_english(piece), tuple(_forms(piece, others)))
        for piece in _pieces(text, not languages.isdisjoint(_UNSPACED))
        if fold(_unelided(piece, language)) not in dropped
    ]


def is_unspaced(word: str) -> bool:
    """Whether a word may be several, which are written without spaces.

    >>> is_unspaced("北京大学"), is_unspaced("bridge")
    (True, False)
    """
    return _UNSPACED_RUN.search(word) is not None


def _forms(piece: str, languages: list[str]) -> Iterator[str]:
    for language in languages:
        if term := _term(piece, language):
            yield f"{language}:{term}"


def _dropped(language: str) -> frozenset[str]:
    return stopwords() if language == ENGLISH else function_words(language)


def _pieces(text: str, in_pairs: bool) -> Iterator[str]:
    """The words as typed, or instead pairs of the characters that stand without spaces."""
    for word in typed_words(text, marks=_marks()):
        if not in_pairs or not _UNSPACED_RUN.search(word):
            yield word
            continue
        for run in _RUNS.findall(word):
            if len(run) > 1 and _UNSPACED_RUN.match(run):
                yield from (run[at : at + 2] for at in range(len(run) - 1))
            else:
                yield run


# As in ``index.terms``: the same words come again and again.
@lru_cache(maxsize=20_000)
def _term(piece: str, language: str) -> str:
    """What a word is counted as in a language; empty for its function words."""
    word = _unelided(piece, language)
    folded = fold(word)
    if folded in function_words(language):
        return ""
    name = _STEMMERS.get(language)
    return fold(Stemmer.Stemmer(name).stemWord(word)) if name else folded


def _unelided(word: str, language: str) -> str:
    return _ELIDED.sub("", word, count=1) if language in _ELIDING else word


def _english(piece: str) -> str:
    """The term that an English text would count a word as, be it a function word or not."""
    folded = words(piece)
    if len(folded) != 1 or folded[0] in stopwords():
        return "".join(folded)
    return stems(folded)[0]


@lru_cache(maxsize=1)
def _marks() -> str:
    """The marks that words of Hindi and others are spelt with, for a class of characters."""
    points = range(0x300, sys.maxunicode + 1)
    found = (chr(point) for point in points if unicodedata.category(chr(point))[0] == "M")
    return re.escape("".join(found))
