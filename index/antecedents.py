"""What a pronoun may stand for, of what was said last: a person, a group, a thing, a place, a time.

By rules over capital letters and the order of words. Where they are not sure, nothing is named.
"""

import re
from collections.abc import Iterator, Sequence

from index.expressions import dates, names, places
from index.previous import Previous
from index.questions import AnswerType, answer_type
from index.records import Span
from index.terms import terms
from index.wording import (
    AUXILIARIES,
    AUXILIARY,
    HEAD,
    PREPOSITIONS,
    YEAR,
    compiled,
    is_article,
    without_brackets,
    without_head,
)

_MOST_WORDS = 6  # of a name; a longer stretch is none
_PLACING = compiled(r"\b(?:in|at|near|from|to)\s+(?:the\s+)?$")
_THINGS = compiled(
    r"\b(?:Universit|College|School|Law|Act|Treat|Empire|Dynasty|Union|Court|Council"
    r"|Commission|Parliament|Corporation|Company|Association|Institut|Laborator|Society|Agency"
    r"|Foundation|Department|Ministry|Bank|River|Lake|Fort|Bay|Valley|Island|States|Kingdom"
    r"|Republic|Network|System|Theor|Inc\b|Ltd\b|Center|Centre|Museum|Library|Hall|Church|City"
    r"|Proclamation|Group|Team|Party|Committee|Airport|Station|Street|Bridge)"
)
_EVENTS = compiled(r"\b(?:War|Battle|Siege|Treaty|Act|Conference|Revolution|Summit|Election)\b")
_TIMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?$"
)
_NOBODY = frozenset(("Many", "Nobody", "None", "Several", "Some"))
_MANY = compiled(r"(?:s|ese|ish|ch|men|people|children)$")
_BEGINS = compiled(rf"^(?:{PREPOSITIONS}|{AUXILIARIES})\s")
_OWNED = compiled(r"['’]s?$")
_DONE = compiled(
    r"^(?:\w+ed|built|made|held|set|known|called|born|begun|written|given|taken|chosen|found|won"
    r"|lost|sold|bought|sent|kept|left|led|first|last|originally|usually|now|still|not|based)$"
)
_COUNTED = compiled(rf"^how many ((?:[\w-]+ ){{1,3}}?)(?={AUXILIARIES}\b|\w+ed\b|live)")
_IDENTITY = compiled(rf"^(?:what|which)\b.*\b{AUXILIARIES}\b")
_ROLE_ASKED = compiled(r"^(?:who|what|which|where)\b(?! time).*?\b(?:is|are|was|were)\b")
_PERSONAL = re.compile(r"^[A-ZÀ-ÖØ-Þ][\w'’.-]*(?: [A-ZÀ-ÖØ-Þ][\w'’.-]*){1,2}$")
_IN_A_YEAR = compiled(rf"\s+(?:{PREPOSITIONS}\s+)?{YEAR}$")


def person(said: Previous) -> str:
    """Who "he" or "she" is."""
    asked = _people(_names(said.question), said.question)
    if answer_type(said.question) is not AnswerType.PERSON:
        return _first(asked)
    known = set(terms(said.question))
    found = [*_people(_names(said.answer), said.answer), *_people(_names(said.quote), said.quote)]
    new = [name for name in dict.fromkeys(found) if not set(terms(name)) <= known]
    new = [name for name in new if " " in name or not _only_begins(said.quote, name)]
    if new and (new[0] in said.answer or said.quote.startswith(new[0])):
        return new[0]
    whole = [name for name in new if " " in name]
    return _first(whole or (new if len(new) == 1 else asked))


def group(said: Previous) -> str:
    """Who or what "they" are."""
    if said.answer and answer_type(said.question) in (AnswerType.PERSON, AnswerType.OTHER):
        return _name_alone(said.answer)
    counted = _COUNTED.match(said.question)
    if counted:
        return counted[1].strip()
    subject = subject_of(said.question)
    is_group = _THINGS.search(subject) and not _EVENTS.search(subject)
    return subject if is_group or _is_many(subject) else ""


def thing(said: Previous) -> str:
    """What "it" is."""
    if _IDENTITY.match(said.question):
        named = _name_alone(said.answer) or _named_first(said)
        if named and not set(terms(named)) <= set(terms(said.question)):
            return named
    asked = [said.question[one.start : one.end] for one in names_of(said.question)]
    only = [name for name in asked if not _TIMES.search(name)]
    found = _of_what(said.question) or (only[0] if len(only) == 1 else "")
    return "" if _PERSONAL.match(found) and not _is_no_person(found) else found


def _of_what(question: str) -> str:
    """What a question is about; of a role or part of it that is asked for, that whole."""
    subject = subject_of(question)
    if not _ROLE_ASKED.match(question):
        return subject
    owner = re.match(r"(.+?)['’]s? [\w ]+$", subject)
    whole = re.match(r"the \w+(?: \w+)? of ((?:the )?[A-ZÀ-ÖØ-Þ].*)$", subject)
    is_role = answer_type(question) is AnswerType.PERSON
    return owner[1] if owner else whole[1] if whole and is_role else subject


def place(said: Previous) -> str:
    """Where "there" is."""
    if answer_type(said.question) is AnswerType.PLACE:
        for text in (said.answer, said.quote):
            if text:
                found = [text[one.start : one.end] for one in places(text)]
                return _first(found) or _name_alone(text)
    asked = [said.question[one.start : one.end] for one in places(said.question)]
    return _first(asked)


def time(said: Previous) -> str:
    """When "then" is."""
    for text in (said.answer, said.question, said.quote):
        if found := dates(text):
            return text[found[0].start : found[0].end]
    return ""


def subject_of(question: str) -> str:
    """Whom or what a question is about; empty where its words do not tell.

    >>> subject_of("How often does the working group meet?")
    'the working group'
    """
    rest = _IN_A_YEAR.sub("", without_head(without_brackets(question)).rstrip("?!. "))
    auxiliary = AUXILIARY.match(rest)
    words = rest[auxiliary.end() if auxiliary else 0 :].split()
    if auxiliary and auxiliary[0].split()[0].lower() in ("is", "are", "was", "were"):
        return _thing_in(_until_done(words))
    while not auxiliary and words and words[0].lower() in ("first", "originally", "once"):
        words = words[1:]
    if auxiliary:
        return _thing_in(_actor(words))
    return _thing_in(words[1:] if HEAD.match(question) else words)


def _until_done(words: Sequence[str]) -> Sequence[str]:
    """The words before what was done with it: "Harvard", of "Harvard founded"."""
    ends = (at for at, word in enumerate(words) if at and _DONE.match(word))
    return words[: next(ends, len(words))]


def _actor(words: Sequence[str]) -> Sequence[str]:
    """The words before what it does: "the group", of "the group meet"."""
    start = 1 if words and is_article(words[0]) else 0
    capitals = start
    while capitals < len(words) and _is_name_word(words, capitals, start):
        capitals += 1
    if capitals > start:  # "Harvard's endowment", "the Yuan dynasty" of "the Yuan dynasty last"
        owns = _OWNED.search(words[capitals - 1]) and not words[capitals - 1].endswith("s’")
        return words[: capitals + bool(owns or (start and len(words) == capitals + 2))]
    behind = [at for at, word in enumerate(words) if at and _BEGINS.match(f"{word} ")]
    end = min(behind, default=len(words)) - 1
    return words[:end] if 0 < end <= start + 3 else ()


def _is_name_word(words: Sequence[str], at: int, start: int) -> bool:
    """Whether a word is part of a name that begins at ``start``: "French and Indian War"."""
    if words[at][0].isupper() or (words[at][0].isdigit() and at > start):
        return True
    joins = words[at] in ("and", "of", "the") and at > start
    return joins and any(word[0].isupper() for word in words[at + 1 : at + 3])


def _thing_in(words: Sequence[str]) -> str:
    """The words, if they can be a thing."""
    while words and words[0].lower() in ("not", "n't", "there", "by"):
        words = words[1:]
    text = " ".join(words)
    is_one = 0 < len(words) <= 2 * _MOST_WORDS and not _BEGINS.match(f"{text} ")
    return text if is_one and terms(text) else ""


def names_of(question: str) -> list[Span]:
    """The names in a question, without the words that it asks with."""
    head = HEAD.match(question)
    start = head.end() if head else 0
    found = [Span(one.start + start, one.end + start) for one in names(question[start:])]
    kept = [one for one in found if terms(question[one.start : one.end])]
    numbers = [re.match(r" \d{1,3}\b", question[one.end :]) for one in kept]
    pairs = zip(kept, numbers, strict=True)
    return [Span(one.start, one.end + (number.end() if number else 0)) for one, number in pairs]


def _names(text: str) -> Iterator[Span]:
    """The names in a text, without small words that begin a sentence."""
    for one in names_of(text):
        first, _, rest = text[one.start : one.end].partition(" ")
        if terms(first):
            yield one
        elif rest:
            yield Span(one.end - len(rest), one.end)


def _people(found: Iterator[Span], text: str) -> list[str]:
    """Those of the names that can be a person's."""
    some = []
    for one in found:
        name = _OWNED.sub("", text[one.start : one.end])
        placed = _PLACING.search(text[: one.start]) or text[: one.start].lower().endswith("the ")
        if not placed and not _is_no_person(name):
            some.append(name)
    return some


def _is_no_person(name: str) -> bool:
    other = _THINGS.search(name) or _EVENTS.search(name) or _TIMES.search(name)
    return bool(other) or name in _NOBODY or any(map(str.isdigit, name))


def _only_begins(quote: str, name: str) -> bool:
    """Whether a word has a capital as it begins the sentence: it is not said to do anything."""
    begins = quote.startswith(name) and quote.count(name) == 1
    return begins and not re.match(rf"(?:{AUXILIARIES}|\w+ed)\b", quote[len(name) :].lstrip())


def _named_first(said: Previous) -> str:
    """The name that the quote says something of, first of all."""
    found = re.match(rf"^(The )?(.{{1,60}}?) {AUXILIARIES}\b", said.quote)
    name = _name_alone(found[2]) if found else ""
    return f"the {name}" if found and found[1] and name else name


def _name_alone(text: str) -> str:
    """The text, if it is a name and nothing else."""
    words = [word for word in text.split() if word not in ("of", "the", "The", "and", "for")]
    is_name = 0 < len(words) <= _MOST_WORDS and all(word[0].isupper() for word in words)
    return text if is_name and terms(text) else ""


def _is_many(name: str) -> bool:
    return bool(name) and bool(_MANY.search(name)) and not name.lower().startswith(("a ", "an "))


def _first(some: Sequence[str]) -> str:
    return some[0] if some else ""
