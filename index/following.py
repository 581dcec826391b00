"""Follow-up questions made whole from the question before, by rules.

"And where?" after "How often does the group meet?" asks "where does the group meet?".
"""

import re

_OPENING = re.compile(r"^(?:and|but|or|also|so|then|ok(?:ay)?)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_ASKING = (
    r"(?:how (?:often|long|many|much|old|far|big|large|frequently|come)|how|when|where|why"
    r"|who(?:m|se)?|which|what)"
)
_ONLY_ASKING = re.compile(
    rf"^(?:(?:since|until|from|to|by|in|at|for) )?{_ASKING}(?: else)?\s*\??$", re.IGNORECASE
)
_HEAD = re.compile(
    rf"^(?:{_OPENING.pattern[1:]})?{_ASKING}\b"
    r"(?:\s+(?:year|date|day|month|time|city|country|place|person|people|person|number))?",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|one)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)\s+", re.IGNORECASE
)


def complete(question: str, previous: str | None) -> str:
    """``question`` as it reads without ``previous``, the question before it; itself if whole.

    >>> complete("and where?", "How often does the group meet?")
    'where does the group meet?'
    """
    if previous is None or not previous.strip():
        return question
    asked = _OPENING.sub("", question.strip())
    opened = asked != question.strip()
    if _ONLY_ASKING.match(asked):
        return f"{asked.rstrip(' ?')} {_without_head(previous)}"
    if _ABOUT.match(asked):
        return _with_topic(previous, _ABOUT.sub("", asked))
    if (
        opened
        and not re.match(rf"{_ASKING}\b", asked, re.IGNORECASE)
        and not _AUXILIARY.match(asked)
    ):
        return _with_topic(previous, asked)
    if _BACK.search(asked):
        return _with_topic(asked, _topic(previous))
    return question


def _without_head(previous: str) -> str:
    """The question without what it asks with: "does the group meet?"."""
    return _HEAD.sub("", previous.strip()).strip()


def _topic(previous: str) -> str:
    """What the question before was about: "the group meet"."""
    return _AUXILIARY.sub("", _without_head(previous)).rstrip("?!. ")


def _with_topic(question: str, topic: str) -> str:
    return f"{question.rstrip('?!. ')} ({topic.rstrip('?!. ')})?"
