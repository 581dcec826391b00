"""Text into terms: what the lexical side of retrieval counts.

Words are folded to lower case without accents, split at hyphens, and reduced to Snowball stems;
"U.S." and "US" are one term, and a possessive is its noun. Words that carry no content are dropped.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

# Words that a question asks with, as people type them; they say nothing about the document.
_ASKING = """
    whats what's whos who's wheres where's hows how's whens when's whys im i'm ive i've dont cant
    can't cannot would could may might must shall many much often tell please pls plz anyone
    somebody someone hey hi hello ok okay thanks
"""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ACRONYM_DOT = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b|\s|$)")
_ACCENT = re.compile("[\u0300-\u036f]")  # of Latin, Greek and Cyrillic letters; others need theirs
# Soft hyphens, joiners and marks of direction: there, but no part of how a word is spelt.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_POSSESSIVE = re.compile(r"['’]s$")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}\b)")


def words(text: str) -> list[str]:
    """The words of a text as typed, folded to lower case, in reading order."""
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).lower()
    folded = unicodedata.normalize("NFKC", _ACCENT.sub("", decomposed))
    folded = _NUMBER_COMMA.sub("", _ACRONYM_DOT.sub("", folded))
    return [_POSSESSIVE.sub("", word).replace("’", "'") for word in _WORD.findall(folded)]


def terms(text: str) -> list[str]:
    """The terms of a text, in reading order, repeated as often as they occur.

    >>> terms("The U.S. restrictions' supply-chain")
    ['us', 'restrict', 'suppli', 'chain']
    """
    kept = [word for word in words(text) if word not in _stopwords()]
    stemmed: list[str] = Stemmer.Stemmer("english").stemWords(kept)
    return stemmed


@lru_cache(maxsize=1)
def _stopwords() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS  # brings scipy along; not for a mere import

    typed = {word.replace("'", "") for word in STOPWORDS_EN_PLUS if "'" in word}
    return frozenset(STOPWORDS_EN_PLUS) | typed | frozenset(_ASKING.split())
