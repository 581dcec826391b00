"""The words that questions are built of, as patterns that several modules read questions with."""

import re

OPENINGS = r"(?:(?:and|but|or|also|so|then|now|well|ok(?:ay)?)\b[\s,]*)+"
PREPOSITIONS = (
    r"(?:in|at|on|near|by|for|from|to|with|without|since|until|till|before|after|during|of|under"
    r"|against|about|through)"
)
ASKING = (
    r"(?:how (?:often|long|many|much|old|far|big|large|frequently|come)|how|when|where|why"
    r"|who(?:m|se)?|which|what)"
)
AUXILIARIES = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)"
)
SHOWING = r"(?:this|that|these|those)"
YEAR = r"(?:1[0-9]{3}|20[0-9]{2})(?:s\b)?"

_ARTICLES = frozenset(("a", "an", "the", "its", "his", "her", "their"))


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that takes capitals and small letters as the same."""
    return re.compile(pattern, re.IGNORECASE)


OPENING = compiled(rf"^{OPENINGS}")
HEAD = compiled(
    rf"^(?:{OPENINGS})?(?:{PREPOSITIONS}\s+)?{ASKING}\b\s*(?:(?:else|exactly|precisely)\b\s*)?"
)
AUXILIARY = compiled(rf"^{AUXILIARIES}\s+")
_TO_AUXILIARY = compiled(rf"^((?:[\w'’-]+\s+){{1,3}}?)(?={AUXILIARIES}\s)")
_COUNTED = compiled(rf"^how (?:many|much) ((?:[\w'’-]+ ){{1,3}}?)(?={AUXILIARIES}\s)")
_UNNAMED = compiled(r"\b(?:it|its|he|his|him|she|her|they|them|their|this|that|there)\b")
_KIND_ASKED = compiled(
    r"^(?:year|date|day|month|time|city|country|place|person|people|number)\b\s*"
)


def has_words(text: str) -> bool:
    """Whether there is anything in it but signs."""
    return any(map(str.isalnum, text))


def is_article(word: str) -> bool:
    """Whether a thing or person begins with this word."""
    return word.lower() in _ARTICLES


def without_brackets(question: str) -> str:
    """A question without what is told in brackets."""
    return re.sub(r"\s*\([^()]*\)", "", question.strip())


def without_head(question: str) -> str:
    """A question without what it asks with.

    >>> without_head("How many people does the group need?")
    'does the group need?'
    """
    head = HEAD.match(question.strip())
    rest = question.strip()[head.end() if head else 0 :]
    if head and (kind := _TO_AUXILIARY.match(rest)) and _takes_noun(head[0]):
        rest = rest[kind.end() :]
    elif head:
        rest = _KIND_ASKED.sub("", rest)
    return rest[0].lower() + rest[1:] if AUXILIARY.match(rest) else rest


def _takes_noun(head: str) -> bool:
    return head.split()[-1].lower() in ("many", "much", "which", "what", "whose")


def topic_of(question: str) -> str:
    """What a question is about, as far as leaving out its first words tells.

    >>> topic_of("How many people does the group need (Bern)?")
    'people the group need'
    """
    asked = without_brackets(question).rstrip("?!. ")
    told = re.search(r"\(([^()]*)\)", question)
    if told and _UNNAMED.search(asked):
        return told[1]
    counted = _COUNTED.match(asked)
    rest = without_head(asked)
    return f"{counted[1] if counted else ''}{AUXILIARY.sub('', rest)}".strip()
