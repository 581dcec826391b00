"""In which language a document is: as it says itself, else as its text looks.

It decides how sentences are split and words stemmed, never what a text or an offset is. What is
unsure counts as English. py3langid, which tells languages apart, is loaded when it is first needed.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from index.naming import front_matter
from index.terms import stopwords, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH: Final = "en"

_SAMPLE = 20_000
"""Characters; more of a text tell no more of its language."""

_FEWEST = 60
"""Bytes of letters in UTF-8, as of 60 Latin or 20 Chinese ones; fewer tell too little."""

_SURE = 0.6
"""Of sentences in eighteen languages all are told at this from sixty letters on, but for a Spanish
one; lists of names, of goods and code stay at a half or below."""

_ENGLISH_SHARE = 0.3
"""The share of English function words from which on a text is English at a glance: of English
articles .38 and more, of texts in other languages .17 and less."""

_HEAD = 16_384
_FRONT = re.compile(r"^lang(?:uage)?[ \t]*:[ \t]*[\"']?([\w-]+)", re.MULTILINE | re.IGNORECASE)
# Kinds of a language that are written, split and stemmed as it is.
_KIND_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("wuu", "yue", "cmn"), "zh"),
        **dict.fromkeys(("nn", "nb"), "no"),
        **dict.fromkeys(("bs", "sr"), "hr"),
        **dict.fromkeys(("arz", "ary"), "ar"),
    }
)
_ISO_639_1: Final = """
    aa ab af am an ar as av ay az ba be bg bi bm bn bo br ca ce ch co cs cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy ia id ie ig ii ik io
    is it iu ja jv ka kg ki kj kk kl km kn ko ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk
    ml mn mr ms mt my na nd ne ng nl no nr nv ny oc oj om or os pa pl ps pt qu rm rn ro ru rw sa sc
    sd se sg si sk sl sm sn so sq ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur
    uz ve vi vo wa wo xh yi yo za zh zu
"""
_CODES: Final = frozenset(_ISO_639_1.split())


def language_of(text: str, *, told: str = "") -> str:
    """The language of a document, in ISO 639-1; English where its text is short or unsure.

    It is that of the front matter, else the one that its format has ``told``, else as it looks.

    >>> language_of("Die Brücke ist neu."), language_of("Die Brücke ist neu.", told="de-AT")
    ('en', 'de')
    """
    front = _FRONT.search(front_matter(text[:_HEAD]))
    return iso_code(front[1] if front else "") or iso_code(told) or _detected(text[:_SAMPLE])


def iso_code(tag: str) -> str:
    """The ISO 639-1 code of a language tag; empty where it has none.

    >>> iso_code("de-AT"), iso_code("zh_Hans"), iso_code("nb"), iso_code("x-default")
    ('de', 'zh', 'no', '')
    """
    code = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    code = _KIND_OF.get(code, code)
    return code if code in _CODES else ""


def _detected(text: str) -> str:
    letters = "".join(filter(str.isalpha, text)).encode("utf-8", "replace")
    if len(letters) < _FEWEST or _is_plainly_english(text):
        return ENGLISH
    shares: Counter[str] = Counter()
    for code, share in _identifier().rank(text):
        shares[_KIND_OF.get(code, code)] += share
    ((found, sureness),) = shares.most_common(1)
    return found if sureness >= _SURE and found in _CODES else ENGLISH


# Loading takes most of a second, and keeps some 70 MB: only where a text is not plainly English.
@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _is_plainly_english(text: str) -> bool:
    found, english = words(text), stopwords()
    return sum(word in english for word in found) >= _ENGLISH_SHARE * len(found) > 0
