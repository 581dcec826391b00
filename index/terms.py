"""Text into terms: what the lexical side of retrieval counts.

Words are folded to lower case without accents, split at hyphens, and reduced to Snowball stems;
"U.S." and "US" are one term, and a possessive is its noun. Words that carry no content are dropped.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import Stemmer

# English words that carry no content: they are in every text, whatever it is about.
_PRONOUNS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
    her hers herself it its itself they them their theirs themselves
    this that these those what which who whom
"""
_PARTICLES = """
    a an the and but or nor if because as while so than then of at by for with about against between
    into through during before after above below to from up down in out on off over under until
    again further once here there when where why how all any both each few more most other some such
    no not only own same too very just now
"""
_VERBS = "am is are was were be been being have has had having do does did doing will can should"
_DENIED = """
    ain aren couldn didn doesn don hadn hasn haven isn mightn mustn needn shan shouldn wasn weren
    won wouldn
"""
_ENDINGS = "d ll m ma o re s t ve y"  # what is left of words that were taken apart at an apostrophe
_SHORTENED = "it's she's that'll should've you'd you'll you're you've"
# Words that a question asks with, as people type them; they say nothing about the document.
_ASKING = """
    whats what's whos who's wheres where's hows how's whens when's whys im i'm ive i've dont cant
    can't cannot would could may might must shall many much often tell please pls plz anyone
    somebody someone hey hi hello ok okay thanks
"""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# What is before the dot or comma is looked at only where there is one: it is found far sooner.
_ACRONYM_DOT = re.compile(r"\.(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b|\s|$)")
_ACCENT = re.compile("[\u0300-\u036f]")  # of Latin, Greek and Cyrillic letters; others need theirs
# Soft hyphens, joiners and marks of direction: there, but no part of how a word is spelt.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NUMBER_COMMA = re.compile(r",(?<=\d,)(?=\d{3}\b)")


def words(text: str) -> list[str]:
    """The words of a text as typed, folded to lower case, in reading order."""
    return _split(text.lower() if text.isascii() else fold(text), _WORD)


def typed_words(text: str, *, marks: str) -> list[str]:
    """The words of a text with their accents, and with those ``marks`` (for a class) in them."""
    seen = _INVISIBLE.sub("", text)
    return _split(unicodedata.normalize("NFKC", seen.lower()), _marked_word(marks))


def fold(text: str) -> str:
    """In lower case, without accents and what is not seen; in ASCII there is neither."""
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).lower()
    return unicodedata.normalize("NFKC", _ACCENT.sub("", decomposed))


def _split(folded: str, word: re.Pattern[str]) -> list[str]:
    if "." in folded:
        folded = _ACRONYM_DOT.sub("", folded)
    if "," in folded:
        folded = _NUMBER_COMMA.sub("", folded)
    found: list[str] = word.findall(folded)
    if "'" in folded or "’" in folded:
        return [one.replace("’", "'").removesuffix("'s") for one in found]
    return found


@lru_cache(maxsize=1)
def _marked_word(marks: str) -> re.Pattern[str]:
    part = rf"[^\W_](?:[^\W_]|[{marks}])*"
    return re.compile(rf"{part}(?:['’]{part})*")


def terms(text: str) -> list[str]:
    """The terms of a text, in reading order, repeated as often as they occur.

    >>> terms("The U.S. restrictions' supply-chain")
    ['us', 'restrict', 'suppli', 'chain']
    """
    return stems(words(text))


def stems(folded: Sequence[str]) -> list[str]:
    """The terms that words are counted as which are folded already."""
    dropped = stopwords()
    return [_stem(word) for word in folded if word not in dropped]


# The same words come again and again, in questions and in what may answer them.
@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stemmed: str = Stemmer.Stemmer("english").stemWord(word)
    return stemmed


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """English words that carry no content, folded."""
    denied = _DENIED.split()
    shortened = {*_SHORTENED.split(), *(f"{word}'t" for word in denied if word != "ain")}
    typed = {word.replace("'", "") for word in shortened}
    others = (_PRONOUNS, _PARTICLES, _VERBS, _ENDINGS, _ASKING)
    return frozenset(" ".join(others).split()) | {*denied, *shortened} | typed
