"""Whether a sentence's names and numbers are those of its quotes, letter by letter."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import permutations
from typing import Final

from index.terms import terms, words

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
WORD: Final = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")
"""A word of letters, perhaps with digits, hyphens and apostrophes in it."""

_POSSESSIVE: Final = re.compile(r"['’]s$")
_NUMBER: Final = re.compile(r"(?:(?<!\w)[-−+])?[$€£¥]?\w+(?:[.,:/]\d\w*)*(?:\s?[%‰°])?")
_COUNTED: Final = re.compile(r"[\s-]+([^\W\d_]+)")


def misquoted(sentence: str, quotes: Sequence[str]) -> Iterator[str]:
    """What is wrong with a sentence's names and numbers; nothing where all are quoted.

    They must stand in the quotes as they are written in the sentence, names with several words as a
    whole, and follow one another as they do there, in whatever order the quotes are read. What a
    number counts must be what it counts there.
    """
    yield from _out_of_order(_numbers(sentence), [_numbers(quote) for quote in quotes])
    yield from _misnamed(sentence, quotes)
    yield from _miscounted(sentence, "\n".join(quotes))


@cache
def _openers() -> frozenset[str]:
    return frozenset(_OPENERS.split())


@cache
def _number_words() -> frozenset[str]:
    return frozenset(_NUMBER_WORDS.split())


def _numbers(text: str) -> list[str]:
    """Numbers as they are written, with sign, currency and percent; words for numbers too."""
    return [
        found
        for match in _NUMBER.finditer(text)
        for found in _number(match[0])
        if any(map(str.isnumeric, found)) or found in _number_words()
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
    for found in WORD.finditer(sentence):
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
    return word.lower() in _openers() or (bool(found := terms(word)) and known.issuperset(found))


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
