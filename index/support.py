"""Whether quotes say what a sentence says, as far as words tell.

Nothing is understood here: a sentence is refused for what it has and the quotes have not. It errs
on the side of refusing. What it cannot see is said in ``objection``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import permutations
from typing import Final

from index.terms import terms, words

LONGEST: Final = 400
"""Characters of a sentence."""
NEW_TERMS: Final = 0.34
"""The share of a sentence's terms that the quotes need not have: the words of a paraphrase."""

_OPENERS: Final = (
    "the a an this that these those it its they their he his she her there here in on at by for"
    " from to of with as and but if when while after before since during both some many under over"
    " between through until because although though however also according you"
)
_NUMBER_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred hundreds thousand thousands million millions billion billions trillion trillions"
    " dozen dozens half halves quarter quarters twice thrice double triple first second third"
    " fourth fifth sixth seventh eighth ninth tenth once several"
)
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

_WORD: Final = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")
_POSSESSIVE: Final = re.compile(r"['’]s$")
_NUMBER: Final = re.compile(r"(?:(?<!\w)[-−+])?[$€£¥]?\w+(?:[.,:/]\d\w*)*(?:\s?[%‰°])?")
_COUNTED: Final = re.compile(r"[\s-]+([^\W\d_]+)")
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
    numbers = [_numbers(quote) for quote in quotes]
    yield from _out_of_order(_numbers(sentence), numbers)
    yield from _misnamed(sentence, quotes)
    yield from _miscounted(sentence, said)
    if _denials(sentence) != _denials(said):
        yield "it denies something else"
    yield from _bounds(frozenset(words(sentence)), frozenset(words(said)))
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
    for found in _WORD.finditer(sentence):
        if any(unicodedata.category(char) == "Lo" for char in found[0]) and found[0] not in said:
            yield found[0]


def _numbers(text: str) -> list[str]:
    """Numbers as they are written, with sign, currency and percent; words for numbers too."""
    return [
        found
        for match in _NUMBER.finditer(text)
        for found in _number(match[0])
        if any(map(str.isnumeric, found)) or found in _set(_NUMBER_WORDS)
    ]


def _number(token: str) -> tuple[str, ...]:
    bare = "".join(token.split())
    return (bare,) if any(map(str.isnumeric, bare)) else tuple(words(bare))


def _out_of_order(own: Sequence[str], theirs: Sequence[Sequence[str]]) -> Iterator[str]:
    """Numbers that are in no quote, or follow one another otherwise."""
    there = {number for numbers in theirs for number in numbers}
    yield from (f"{number} is not in the quotes" for number in own if number not in there)
    once = list(dict.fromkeys(own))
    orders = permutations(theirs)
    if not any(_follow(once, [n for numbers in order for n in numbers]) for order in orders):
        yield "its numbers stand in another order"


def _follow(few: Iterable[str], many: Iterable[str]) -> bool:
    """Whether ``many`` has the few, in their order."""
    rest = iter(many)
    return all(one in rest for one in few)


def _misnamed(sentence: str, quotes: Sequence[str]) -> Iterator[str]:
    """Names that are in no quote, or follow one another otherwise."""
    names = list(dict.fromkeys(_names(sentence, frozenset(terms(" ".join(quotes))))))
    for name in names:
        if not any(_at(name, quote) for quote in quotes):
            yield f"{name} is not in the quotes"
    for order in permutations(quotes):
        if _follow_in(names, "\n".join(order)):
            return
    yield "its names stand in another order"


def _names(sentence: str, known: frozenset[str]) -> Iterator[str]:
    """Runs of words with a capital; not the first word, if it opens any sentence or is known."""
    run: list[str] = []
    end = -1
    for found in _WORD.finditer(sentence):
        word = _POSSESSIVE.sub("", found[0])
        is_name = word != word.lower() and not (
            found.start() == _first_letter(sentence) and _is_common(word, known)
        )
        if run and (not is_name or sentence[end : found.start()] != " "):
            yield " ".join(run)
            run = []
        if is_name:
            run.append(word)
            end = found.start() + len(word)
    if run:
        yield " ".join(run)


def _first_letter(sentence: str) -> int:
    return next((at for at, char in enumerate(sentence) if char.isalpha()), 0)


def _is_common(word: str, known: frozenset[str]) -> bool:
    """Whether a first word is one that is written without a capital elsewhere."""
    if word[1:] != word[1:].lower():
        return False
    return word.lower() in _set(_OPENERS) or (
        bool(found := terms(word)) and known.issuperset(found)
    )


def _at(name: str, text: str, start: int = 0) -> re.Match[str] | None:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(text, start)


def _follow_in(names: Iterable[str], text: str) -> bool:
    at = 0
    for name in names:
        found = _at(name, text, at)
        if found is None:
            return False
        at = found.end()
    return True


def _miscounted(sentence: str, said: str) -> Iterator[str]:
    """What another number counts in the quotes, or what a number does not count there."""
    theirs, known = _counts(said), frozenset(terms(said))
    for number, counted in _counts(sentence) - theirs:
        others = any(what == counted for _, what in theirs)
        elsewhere = counted in known and any(one == number for one, _ in theirs)
        if others or elsewhere:
            yield f"{number} {counted} is not what the quotes count"


def _counts(text: str) -> set[tuple[str, str]]:
    """Each number with the stem of the word behind it."""
    return {
        (number, stem)
        for match in _NUMBER.finditer(text)
        if (behind := _COUNTED.match(text, match.end()))
        for number in _numbers(match[0])
        for stem in terms(behind[1])
    }


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
