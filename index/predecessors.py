"""Sentences that say nothing without the one before, as "In 1990 he left it to the city".

By rules, for English: a document in another language is quoted sentence by sentence.
"""

import re
from typing import Final

from index.records import Span, Text
from index.terms import stopwords
from index.wording import compiled

MOST_CHARACTERS: Final = 600
"""Of two sentences that are quoted together."""

_MOST_WORDS: Final = 6  # within which a sentence that refers back has done so
_WORD: Final = re.compile(r"[^\W_]+")
_REFERRING: Final = frozenset(
    _WORD.findall("he she they it him them his her their its this these those such")
)
_LEADING: Final = frozenset(
    _WORD.findall(
        "hence however instead later likewise meanwhile moreover nevertheless nonetheless now often"
        " result since soon sometimes still then therefore thus today together while yet"
        " january february march april may june july august september october november december"
        " spring summer autumn fall winter year years month months day days century"
    )
)
_NOT_BACK: Final = compiled(
    r"(?:those\s+(?:who|whose|whom|that|which|with|without|of|in|on|from|wishing)"
    r"|such\s+(?:as|that)"
    r"|it\s+(?:(?:is|was|has\s+been|had\s+been|will\s+be|would\s+be|may\s+be|can\s+be)\s+"
    r"(?:(?:not|also|often|now|widely|generally|commonly|very|more|most|sometimes)\s+)*"
    r"(?:agreed|allowed|alleged|argued|asked|assumed|believed|better|best|claimed|clear|common"
    r"|conceivable|customary|decided|difficult|easy|easier|essential|estimated|evident|expected"
    r"|forbidden|good|hard|harder|held|hoped|illegal|important|impossible|known|likely|necessary"
    r"|noted|obvious|possible|proposed|recommended|reported|required|said|shown|suggested|thought"
    r"|true|uncertain|unclear|understood|unknown|unlikely|unusual|up\s+to|usual|useful|worth)"
    r"|seems|seemed|appears|appeared|follows|takes|took|turns\s+out|turned\s+out))\b"
)


def refers_back(sentence: str) -> bool:
    """Whether a sentence begins with a word that stands for what was said before it.

    Only words that name nothing may stand before that word.

    >>> refers_back("In 1990 he left it to the city.")
    True
    >>> refers_back("When the group meets, it votes."), refers_back("It is known that bread rises.")
    (False, False)
    """
    for number, found in enumerate(_WORD.finditer(sentence)):
        word = found[0].lower()
        if word in _REFERRING:
            return not _NOT_BACK.match(sentence, found.start())
        names_nothing = word.isdigit() or word in _LEADING or word in stopwords()
        if number + 1 == _MOST_WORDS or not (names_nothing or word.endswith("ly")):
            return False
    return False


def with_predecessor(text: Text, before: Span | None, sentence: Span) -> Span:
    """The span of a sentence, from the beginning of the one before it where it refers to that.

    ``before`` is that one, if there is one. It is left out where a paragraph or an item of a list
    begins between them, and where both together are too long.
    """
    if before is None or sentence.end - before.start > MOST_CHARACTERS:
        return sentence
    between = text[before.end : sentence.start]
    is_one_paragraph = not between.strip() and between.count("\n") < 2
    if is_one_paragraph and refers_back(text[sentence.start : sentence.end]):
        return Span(before.start, sentence.end)
    return sentence
