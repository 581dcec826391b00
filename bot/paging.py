"""Long lists as pages of one message, with buttons to turn them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.escaping import units
from bot.layout import Block, Button, Buttons, Press
from bot.words import Words

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which page of how many; pages count from 0."""

    number: int
    count: int

    def said(self, words: Words) -> str:
        """Which page of how many, for a person."""
        return words("Page {number} of {count}", number=self.number + 1, count=self.count)


def sheet(items: Sequence[Item], number: int, *, size: int) -> tuple[Sequence[Item], Sheet]:
    """The items of one page; a number past either end is the page at that end."""
    count = max(-(-len(items) // size), 1)
    number = min(max(number, 0), count - 1)
    return items[number * size : (number + 1) * size], Sheet(number, count)


def packed(texts: Sequence[str], *, room: int) -> list[list[str]]:
    """Texts in order, as many to a page as have room in it; one at least."""
    pages: list[list[str]] = []
    left = 0
    for text in texts:
        size = units(text) + 1
        if pages and size <= left:
            pages[-1].append(text)
            left -= size
        else:
            pages.append([text])
            left = room - size
    return pages or [[]]


def turning(action: str, row: str, at: Sheet, words: Words) -> list[Block]:
    """The buttons that turn the pages; none where there is one page.

    ``row`` is what they are pages of; ``-`` where that need not be kept, and empty where it could
    not be: then there are no buttons.
    """
    if at.count == 1 or not row:
        return []
    before, behind = (Press(action, row, (at.number + step,)) for step in (-1, 1))
    return [turns(before, behind, words, first=at.number == 0, last=at.number == at.count - 1)]


def turns(before: Press, behind: Press, words: Words, *, first: bool, last: bool) -> Buttons:
    """The two buttons, of which one that leads nowhere cannot be pressed."""
    return Buttons(
        (
            Button(before, words("Earlier"), "◀️", disabled=first),
            Button(behind, words("Later"), "▶️", disabled=last),
        )
    )
