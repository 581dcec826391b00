"""Introductions and their lists: "These are members:" says nothing without what stands below."""

import re
from collections.abc import Iterable
from typing import Final

from index.records import Span, Text

MOST_CHARACTERS: Final = 1_000
"""Of an introduction and the items that are quoted with it."""

_MARK: Final = r"[ \t>]*(?:[-*+•‣◦▪–—·]|\(?(?:\d{1,3}|[A-Za-z])[.)])[ \t]+"
_ITEM: Final = re.compile(rf"\s*\n{_MARK}")
_BEFORE_ITEM: Final = re.compile(rf"\n(?={_MARK})")
_IS_ITEM: Final = re.compile(_MARK)
_ENDED: Final = re.compile(r"[.!?…。！？][\W_]*$")
_INTRODUCES: Final = re.compile(r"[:：][\W_]*$")
_APART: Final = re.compile(r"\n\s*\n")
_WORD: Final = re.compile(r"[^\W_]")


def with_list(text: Text, sentence: Span, following: Iterable[Span]) -> Span:
    r"""The sentence's span, to the end of the list that it introduces, if it does.

    ``following`` are the sentences behind it, in reading order, as few as are asked for. Of a list
    that is too long the first items are kept.

    >>> text = "These are members:\n\n- the bakers\n- the rowers\n\nNobody else is."
    >>> parts = [Span(*found.span()) for found in re.finditer(r"[^\n]+", text)]
    >>> found = with_list(text, parts[0], parts[1:])
    >>> text[found.start : found.end]
    'These are members:\n\n- the bakers\n- the rowers'
    """
    said = text[sentence.start : sentence.end]
    above = text[max(0, sentence.start - MOST_CHARACTERS) : sentence.start]
    if not _may_introduce(said, above):
        return sentence
    whole, read = sentence.end, sentence
    for one in following:
        then, start = text[read.end : one.end], one.start - read.end
        item = _ITEM.match(then)
        between = then[item.end() if item else 0 : start]
        goes_on = bool(item) or (read is not sentence and not _APART.search(between))
        if not goes_on or _WORD.search(between):
            break
        if item:
            whole = read.end
        if one.end - sentence.start > MOST_CHARACTERS:
            return Span(sentence.start, whole)
        read = one
    return Span(sentence.start, read.end)


def _may_introduce(said: str, above: str) -> bool:
    *_, paragraph = _APART.split(above)
    line = paragraph.rpartition("\n")[2]
    if _IS_ITEM.match(line + said):
        return False
    among_items = _ITEM.search(f"\n{paragraph}")
    return bool(_INTRODUCES.search(said)) or not (_ENDED.search(said) or among_items)


def lines_of(quote: str) -> list[str]:
    r"""A quote as people read it: its introduction, and each item on a line of its own.

    Other line ends are where a text was wrapped, and stay within. Nothing but white space is lost.

    >>> lines_of("These are members:\n\n- the bakers\n- the\nrowers")
    ['These are members:', '- the bakers', '- the\nrowers']
    """
    return [line.rstrip() for line in _BEFORE_ITEM.split(quote)]
