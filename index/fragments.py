"""Questions that are only a piece of one: "and where?", "what about the Americans?", "in 2019?".

The piece takes the place of the like piece of the question before it.
"""

import re

from index.antecedents import names_of, subject_of
from index.records import Span
from index.referring import with_topic
from index.wording import (
    ASKING,
    AUXILIARIES,
    HEAD,
    PREPOSITIONS,
    YEAR,
    compiled,
    is_article,
    topic_of,
    without_head,
)

_ONLY_ASKING = compiled(
    rf"^(?:{PREPOSITIONS} )?{ASKING}(?: (?:else|exactly|though|not|precisely))?\s*[?!.]*$"
)
_ONLY_COUNTING = compiled(
    rf"^(?:{PREPOSITIONS} )?(?:how (?:many|much)|which|what|whose)"
    rf"(?: (?!(?:of|if|about|else|{AUXILIARIES})\b)[\w'’-]+){{1,2}}\s*\?+$"
)
_ONLY_DOING = compiled(rf"^(?:who|what|how many|when|where|why) (?!{AUXILIARIES}\b)\w+\s*\?*$")
_VERB = compiled(r"(?:ed|en|won|lost|fell|went|came|began|left|led|did|happens?|said|works?)\W*$")
_ABOUT = compiled(r"^(?:what|how) about\s+")
_IN_A_YEAR = compiled(rf"^((?:in|during|since|by|before|after|until|around) )?({YEAR})$")
_YEAR_SAID = compiled(rf"\b(?:(?:in|during|since|by|before|after|until|around) )?{YEAR}")
_COUNTED = compiled(rf"^((?:how many|which|what) )((?:[\w-]+ ){{1,2}}?)(?={AUXILIARIES}\b|\w+ed\b)")
_PLACED = re.compile(r"\b(?:in|at|on|near|from) (?:the )?[A-ZÀ-ÖØ-Þ][\w'’-]*")
_UNNAMED = compiled(r"(?<=\s)(?:they|them|he|him|she|it)(?=\s[^()]*\(|\s*\?)")
_ONE = compiled(r"^(?:an?|the)\s+(\w+(?: \w+)?) ones?$")
_BEGINS_WHOLE = compiled(rf"^(?:(?:{PREPOSITIONS} )?{ASKING}\b|{AUXILIARIES}\s)")
_PHRASE = compiled(rf"^{PREPOSITIONS}\s+\S+(?:\s+\S+){{0,3}}$")


def question_alone(asked: str, before: str) -> str | None:
    """A bare question word with what the question before asked: "where does the group meet?".

    None where it asks more than that.
    """
    if _ONLY_ASKING.match(asked):
        return f"{asked.rstrip(' ?!.')} {without_head(before)}"
    if _ONLY_DOING.match(asked) and _VERB.search(asked):
        return with_topic(asked, topic_of(before))
    if _ONLY_COUNTING.match(asked) and not _VERB.search(asked):
        return f"{re.sub(r'( ones?)?[ ?!.]*$', '', asked)} {without_head(before)}"
    return None


def piece_of(asked: str, *, opened: bool) -> str | None:
    """The piece in "what about PIECE?" or, ``opened`` with "and", PIECE; None if it is neither.

    A short phrase such as "in 2019?" needs no opening.
    """
    text = asked.rstrip("?!. ")
    if _ABOUT.match(asked):
        return _ABOUT.sub("", text) or None
    bare = asked.rstrip().endswith("?") and _PHRASE.match(text)
    return text if (opened or bare) and not _BEGINS_WHOLE.match(asked) else None


def put_in(piece: str, before: str) -> str:
    """The question before with ``piece`` in the place of the piece that is like it.

    Where none is, in brackets behind it.
    """
    found = _instead_of_year(piece, before) or _instead_of_name(piece, before)
    found = found or _instead_of_counted(piece, before) or _instead_of_subject(piece, before)
    return found or with_topic(before, piece)


def _instead_of_year(piece: str, before: str) -> str | None:
    year = _IN_A_YEAR.match(piece)
    if year is None:
        return None
    said = piece if year[1] else f"in {piece}"
    if _YEAR_SAID.search(before):
        return _YEAR_SAID.sub(lambda _: said, before, count=1)
    return f"{before.rstrip('?!. ')} {said}?"


def _instead_of_name(piece: str, before: str) -> str | None:
    """For "the Americans" the only "the Chinese", for "Bern" the only "Paris"."""
    text = re.sub(r"\s+ones?$", "", piece)
    unnamed = _UNNAMED.search(before)
    if unnamed and re.match(r"(?:the )?[A-ZÀ-ÖØ-Þ]", text):
        return before[: unnamed.start()] + text + before[unnamed.end() :]
    if re.match(rf"{PREPOSITIONS}\s", text, re.IGNORECASE):
        found = [Span(*match.span()) for match in _PLACED.finditer(before)]
        the = re.match(r"(\w+) (?:the )?([A-ZÀ-ÖØ-Þ][\w'’-]*)$", text)
        if not the or len(found) != 1:
            return None
    elif not re.match(r"(?:the )?[A-ZÀ-ÖØ-Þ]", text):
        return None
    else:
        article = text.startswith("the ")
        found = [one for one in names_of(before) if _has_article(before, one) == article]
        text = text.removeprefix("the ")
    if len(found) != 1:
        return None
    one = found[0]
    owned = re.search(r"['’]s?$", before[one.start : one.end])
    return before[: one.start] + text + (owned[0] if owned else "") + before[one.end :]


def _has_article(text: str, one: Span) -> bool:
    return text[: one.start].lower().endswith("the ")


def _instead_of_counted(piece: str, before: str) -> str | None:
    """For "students" the professors of "how many professors are there?"."""
    counted = _COUNTED.match(before)
    if counted is None or is_article(piece.split()[0]) or piece[0].isupper():
        return None
    if not piece.endswith("s") or len(piece.split()) > 3 or re.match(PREPOSITIONS, piece):
        return None
    return f"{counted[1]}{piece} {before[counted.end() :]}"


def _instead_of_subject(piece: str, before: str) -> str | None:
    """For "the school" the campus of "where is the campus of Harvard?"; names are kept."""
    subject = subject_of(before)
    if not subject or not is_article(piece.split()[0]):
        return None
    head, one = HEAD.match(before), _ONE.match(piece)
    if one:  # "a new one": another of that kind
        first, _, rest = subject.partition(" ")
        piece = f"{piece.split()[0]} {one[1]} {rest if is_article(first) else subject}"
    kept = [before[one.start : one.end] for one in names_of(before)]
    lost = [name for name in kept if name in subject and name not in piece]
    start = before.rfind(subject)
    if start < (head.end() if head else 0):
        return None
    whole = before[:start] + piece + before[start + len(subject) :]
    return with_topic(whole, ", ".join(lost)) if lost else whole
