"""Follow-up questions made whole from the question before, by rules.

"And where?" after "How often does the group meet?" asks "where does the group meet?".
"""

import re

_OPENINGS = r"(?:(?:and|but|or|also|so|then|ok(?:ay)?)\b[\s,]*)+"
_ASKING = (
    r"(?:how (?:often|long|many|much|old|far|big|large|frequently|come)|how|when|where|why"
    r"|who(?:m|se)?|which|what)"
)
_PREPOSITION = r"(?:(?:since|until|from|to|by|in|at|on|for) )?"
_AUXILIARIES = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_OPENING = _compiled(f"^{_OPENINGS}")
_ABOUT = _compiled(r"^(?:what|how) about\s+")
_ONLY_ASKING = _compiled(rf"^{_PREPOSITION}{_ASKING}(?: (?:else|exactly|though))?\s*\??$")
_HEAD = _compiled(
    rf"^(?:{_OPENINGS})?{_PREPOSITION}{_ASKING}\b"
    r"(?:\s+(?:year|date|day|month|time|city|country|place|person|people|number))?"
)
_BEGINS_WHOLE = _compiled(rf"^(?:{_ASKING}\b|{_AUXILIARIES}\s)")
_AUXILIARY = _compiled(rf"^{_AUXILIARIES}\s+")
_SHOWING = r"(?:this|that|these|those)"
# Words that stand for something said before; not "how many are there", "said that the group …".
_BACK = _compiled(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|(?<!is )(?<!are )(?<!was )"
    rf"(?<!were )there|{_AUXILIARIES}\s+{_SHOWING}|{_SHOWING}(?=\W*$|\s+{_AUXILIARIES}\b))\b"
)
_NAME = re.compile(r"\s[A-ZÀ-ÖØ-Þ]")


def complete(question: str, previous: str | None) -> str:
    """``question`` as it reads without ``previous``, the question before it; itself if whole.

    Never longer than both together by more than four characters.

    >>> complete("and where?", "How often does the group meet?")
    'where does the group meet?'
    """
    asked = _OPENING.sub("", question.strip())
    if previous is None or not _has_words(previous) or not _has_words(asked):
        return question
    if _ONLY_ASKING.match(asked):
        return f"{asked.rstrip(' ?')} {_without_head(previous)}"
    if _ABOUT.match(asked):
        return _with_topic(previous, _ABOUT.sub("", asked))
    if asked != question.strip() and not _BEGINS_WHOLE.match(asked):
        return _with_topic(previous, asked)
    if _refers_back(asked):
        return _with_topic(asked, _topic(previous))
    return question


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _refers_back(asked: str) -> bool:
    """Whether a word stands for something that the question has not named before it."""
    back = _BACK.search(asked)
    return back is not None and not _NAME.search(asked, 0, back.start())


def _without_head(previous: str) -> str:
    """The question without what it asks with: "does the group meet?"."""
    rest = _HEAD.sub("", previous.strip()).strip()
    return rest[0].lower() + rest[1:] if _AUXILIARY.match(rest) else rest


def _topic(previous: str) -> str:
    """What the question before was about: "the group meet"."""
    return _AUXILIARY.sub("", _without_head(previous)).rstrip("?!. ")


def _with_topic(question: str, topic: str) -> str:
    asked, topic = question.rstrip("?!. "), topic.rstrip("?!. ")
    return f"{asked} ({topic})?" if asked and topic else question
