"""Whether quotes say what a sentence says, as far as words tell.

Nothing is understood here: a sentence is refused for what it has and the quotes have not. It errs
on the side of refusing. What it cannot see is said in ``objection``.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from index.terms import terms, words
from index.verbatim import WORD, misquoted

LONGEST: Final = 400
"""Characters of a sentence."""
NEW_TERMS: Final = 0.34
"""The share of a sentence's terms that the quotes need not have: the words of a paraphrase."""

_DENYING: Final = (
    "not no never none nobody nothing nowhere neither nor cannot without hardly scarcely barely"
    " rarely seldom"
)
_SHORT_NOT: Final = re.compile(r"n['’]t$|^(?:cant|dont|wont|isnt|arent|wasnt|doesnt|didnt)$")
# What makes a statement wider, narrower or less sure; added, it is another statement.
_BOUNDING: Final = (
    "all every each always only any most must may might could would should will shall likely"
    " probably perhaps possibly about around nearly almost approximately roughly exactly more less"
    " fewer least than over under above below before after until since except unless if best worst"
    " largest smallest highest lowest entirely completely solely mainly usually often sometimes"
    " together both minimum maximum"
)
# Left out, what was uncertain or wished for is told as a fact.
_HEDGES: Final = (
    "may might could would should likely probably perhaps possibly reportedly allegedly proposed"
    " planned unless almost nearly only"
)
_OPPOSITES: Final = (
    "increase decrease,rise fall,rose fell,grow shrink,grew shrank,gain loss,win lose,won lost,"
    "allow forbid,allow prohibit,permit ban,accept reject,approve reject,accept refuse,"
    "open close,buy sell,bought sold,begin end,start stop,start end,include exclude,"
    "support oppose,agree disagree,enter leave,arrive depart,succeed fail,raise lower,"
    "add remove,create destroy,free paid,legal illegal,public private,early late,high low,"
    "higher lower,north south,east west,northern southern,eastern western,"
    "strengthen weaken,import export,hot cold,safe dangerous,remember forget,borrow lend,"
    "male female,men women,old new,large small,longer shorter,better worse"
)
_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non", "mis")

_END: Final = re.compile(r"[.!。][”\"’')\]]*$")
_ACTIVE: Final = re.compile(
    r"\w+://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b\S*|\w+:\w\S*|@\S*|<\S*|\S*>|\]\(\S*"
    r"|[`|~\\{}\[\]*_]+|(?<!\w)#\S+",
    re.IGNORECASE,
)
_PLAIN: Final = ("L", "N", "P", "Sc", "Sm")  # Unicode's kinds of characters that anybody may write


@cache
def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    """Each word with its opposite, both ways round."""
    pairs = [(one, other) for one, _, other in (p.partition(" ") for p in _OPPOSITES.split(","))]
    return (*pairs, *((other, one) for one, other in pairs))


def objection(sentence: str, quotes: Sequence[str]) -> str | None:
    """Why a sentence must not be shown above these quotes; None where nothing speaks against it.

    Every name, number and year must stand in the quotes letter by letter and in their order, and
    what is counted must be counted by the same number; negation, words that bound ("all", "may"),
    and opposites must be the quotes' own; a third of its other words may be new, but a link, a
    mention, markup, and a character that is not plain text, never.

    It does not see a wrong statement made of the quotes' own words in another order, where no
    names or numbers change places ("the dog bit the postman").

    >>> objection("It meets every 6 months.", ["The group meets every six months."])
    '6 is not in the quotes'
    """
    flat = [" ".join(quote.split()) for quote in quotes]
    return next(_objections(sentence, flat, " \n ".join(flat)), None)


def _objections(sentence: str, quotes: Sequence[str], said: str) -> Iterator[str]:
    if not _END.search(sentence) or len(sentence) > LONGEST:
        yield "it is no whole sentence, or a very long one"
    yield from (f"{found!a} is not in the quotes" for found in _strange(sentence, said))
    yield from misquoted(sentence, quotes)
    if _denials(sentence) != _denials(said):
        yield "it denies something else"
    yield from _bounds(frozenset(words(sentence)), frozenset(words(said)))
    yield from _chosen(sentence, said)
    yield from _reversed(sentence, said)
    own, theirs = frozenset(terms(sentence)), frozenset(terms(said))
    if not own or len(own - theirs) > NEW_TERMS * len(own):
        yield "too few of its words are in the quotes"


def _strange(sentence: str, said: str) -> Iterator[str]:
    """What might act or hide, and is not quoted: links, markup, odd characters, other scripts."""
    yield from (found[0] for found in _ACTIVE.finditer(sentence) if found[0] not in said)
    for char in sentence:
        is_plain = char == " " or unicodedata.category(char).startswith(_PLAIN)
        if not is_plain and char not in said:
            yield char
    # Without capitals no name can be told from other words.
    for found in WORD.finditer(sentence):
        if any(unicodedata.category(char) == "Lo" for char in found[0]) and found[0] not in said:
            yield found[0]


def _denials(text: str) -> list[str]:
    """What each negation denies: the term behind it, in alphabetical order."""
    found = words(text)
    return sorted(
        next(iter(terms(" ".join(found[at + 1 : at + 6]))), "")
        for at, word in enumerate(found)
        if word in _set(_DENYING) or _SHORT_NOT.search(word)
    )


def _bounds(own: frozenset[str], theirs: frozenset[str]) -> Iterator[str]:
    if (own - theirs) & _set(_BOUNDING):
        yield "it says more, or less, than the quotes"
    if (theirs - own) & _set(_HEDGES):
        yield "it is surer than the quotes"


def _chosen(sentence: str, said: str) -> Iterator[str]:
    """One of two alternatives, where the quotes leave open which."""
    own = frozenset(terms(sentence))
    before, *rest = re.split(r"\b(?:or|nor)\b", said)
    for behind in rest:
        pair = frozenset(terms(before)[-1:] + terms(behind)[:1])
        if len(pair) == 2 and len(pair & own) == 1:
            yield f"{min(pair & own)} is one of two"
        before = behind


# The opposites are the same each time.
@lru_cache(maxsize=256)
def _forms(text: str) -> frozenset[str]:
    """The words of a text, and their stems."""
    return frozenset(words(text)) | frozenset(terms(text))


def _reversed(sentence: str, said: str) -> Iterator[str]:
    """Words whose opposites are in the quotes."""
    own, theirs = _forms(sentence), _forms(said)
    for here, there in _opposites():
        if _forms(here) & own and _forms(there) & theirs and not _forms(here) & theirs:
            yield f"it says {here}, the quotes {there}"
    mine, others = frozenset(words(sentence)), frozenset(words(said))
    for prefix in _PREFIXES:
        turned = {f"{prefix}{word}" for word in mine - others} & others
        turned |= {w for w in mine - others if w.startswith(prefix) and w[len(prefix) :] in others}
        if turned:
            yield f"{min(turned)} is turned round"
