"""Words of a question that stand for something said before it: "he", "it", "there", "then".

A question that names what it means itself is whole: in "What did Harvard do with its money?" the
word "its" is explained by what stands before it. So such a word counts only near the beginning,
with no name and no other thing before it.
"""

import re
from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType

from index import antecedents
from index.previous import Previous
from index.wording import (
    AUXILIARIES,
    HEAD,
    PREPOSITIONS,
    SHOWING,
    compiled,
    has_words,
    is_article,
    topic_of,
)

_KINDS: Mapping[str, Callable[[Previous], str]] = MappingProxyType(
    {
        **dict.fromkeys(("he", "she", "him", "his", "her", "hers"), antecedents.person),
        **dict.fromkeys(("they", "them", "their", "theirs"), antecedents.group),
        **dict.fromkeys(("it", "its"), antecedents.thing),
        "there": antecedents.place,
        "then": antecedents.time,
    }
)
_MOST = 4  # such words in a question; it is no question that has more
_OWNING = frozenset(("his", "its", "their"))
_WORD = compiled(r"[^\W_]+(?:['’][^\W_]+)*")
_REFERRING = compiled(
    rf"\b(?:(?P<one>it|its|they|them|their|theirs|he|him|his|she|hers?|there)"
    rf"|(?P<when>then|(?:in |at )?that (?:year|time|day|month|date|century))(?=\W*$)"
    rf"|(?P<this>(?<=\s){SHOWING}(?=\W*$)|(?:(?<=^is )|(?<=\swas )|(?<=\sis )"
    rf"|(?<=\sare )|(?<=\swere )|(?<=\sdid )|(?<=\sdoes )|(?<=\sdo ))(?:this|that)))\b"
)
# "Is it legal to …", "how long does it take to …": it stands for what comes after.
_EXPLAINED = compiled(
    r"^it(?:'s)?\s+(?:\w+\s+){0,3}?(?:to|that|if|for|when|called)\s+\w|^it\s+(?:rain|snow)"
)
_THERE_IS = compiled(rf"(?:^|\s)(?:{AUXILIARIES}|not|n't)\s+$")
_EXISTS = compiled(r"^there\s+(?:be|been|is|are|was|were|need|exist|an?y?|no|some)\b")
_ENDS = compiled(r"^[\w'’]+\W*$")
_KIND = compiled(r"^(?:how (?:many|much)|which|what|whose)$")
_LIGHT = frozenset(
    ("also", "ever", "first", "last", "long", "then", "still", "exactly", "once", "else", "not")
)


def resolved(asked: str, said: Previous) -> str | None:
    """The question with what its words stand for put in their place; None if it is whole.

    What cannot be named is told by what the question before was about, in brackets.
    """
    referring = (one for one in _REFERRING.finditer(asked) if _refers(asked, one))
    found = list(islice(referring, _MOST))
    if not found or not _is_open(asked, found[0].start()):
        return None
    text, vague, end = "", False, 0
    for one in found:
        named = _named(one, said, asked)
        vague = vague or not named
        text += asked[end : one.start()] + (named or one[0])
        end = one.end()
    whole = text + asked[end:]
    return with_topic(whole, topic_of(said.question)) if vague else whole


def with_topic(question: str, topic: str) -> str:
    """The question, with what it is about in brackets."""
    asked, topic = question.rstrip("?!. "), topic.rstrip("?!. ")
    return f"{asked} ({topic})?" if has_words(asked) and has_words(topic) else question


def _named(one: re.Match[str], said: Previous, asked: str) -> str:
    """What a word stands for, as it can be put in its place; empty where that is not known."""
    word = one[0].lower()
    if one["this"]:
        return ""
    name = _KINDS["then" if one["when"] else word](said)
    if not name:
        return ""
    if one["when"]:
        return f"in {name}"
    if word == "there":
        return name if _behind_preposition(asked, one.start()) else f"in {name}"
    owning = word in _OWNING or (word == "her" and one.end() < len(asked.rstrip(" ?!.")))
    return f"{name}'s" if owning and not name.endswith("'s") else name


def _behind_preposition(asked: str, at: int) -> bool:
    return bool(re.search(rf"\b{PREPOSITIONS}\s+$", asked[:at], re.IGNORECASE))


def _refers(asked: str, one: re.Match[str]) -> bool:
    """Whether the word stands for anything at all, and not for what comes after it."""
    word, before, rest = one[0].lower(), asked[: one.start()], asked[one.start() :]
    if word == "there":
        return not (_THERE_IS.search(before) or _EXISTS.match(rest))
    return not (word == "it" and _EXPLAINED.match(rest))


def _is_open(asked: str, at: int) -> bool:
    """Whether nothing before that place could be what is meant."""
    head = HEAD.match(asked)
    before = asked[head.end() if head else 0 : at]
    if re.search(r"[,;:(\"“]", before):
        return False
    words = _WORD.findall(before)
    if any(word[0].isupper() or is_article(word) for word in words):
        return False
    auxiliaries = [n for n, word in enumerate(words) if _is_auxiliary(word)]
    if head and _KIND.match(" ".join(head[0].split())) and auxiliaries:
        words = words[auxiliaries[0] :]  # "how many soldiers did": that asks for soldiers
    # "Who leads it", "who took command after him".
    ends = words and compiled(rf"^{PREPOSITIONS}$").match(words[-1]) and _ENDS.match(asked[at:])
    return sum(map(_tells, words)) <= (2 if ends else 1)


def _is_auxiliary(word: str) -> bool:
    return compiled(rf"^{AUXILIARIES}(?:n['’]t)?$").match(word) is not None


def _tells(word: str) -> bool:
    """Whether the word says something: a verb, or a thing."""
    small = word.lower()
    preposition = compiled(rf"^{PREPOSITIONS}$").match(small)
    return not (_is_auxiliary(word) or preposition or small in _LIGHT)
