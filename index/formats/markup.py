"""The elements of HTML, XHTML, or what trafilatura makes of it, into parts of a document."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from lxml import etree

from index.laid_out import ITEM, Part, row

Element: TypeAlias = Any
"""An element of lxml, which tells no types."""

FURNITURE = frozenset(("head", "nav", "aside", "footer", "form"))
"""What is no part of the story in a page whose story cannot be told otherwise."""

_LEVELS: Mapping[str, int] = MappingProxyType({f"h{level}": level for level in range(1, 7)})
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big br cite code data del dfn em font hi i ins kbd label lb mark"
        " q ref rt ruby s samp small span strike strong sub sup time tt u var wbr",
    )
)
_UNSEEN = frozenset(
    re.findall(
        r"\w+",
        "script style noscript template svg math iframe object select button textarea rp graphic",
    )
)
BREAK = "\u2424"  # which stands for this, and for nothing that people write


class _Kind(Enum):
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    CODE = "code"


def parts_of(root: Element, *, without: frozenset[str] = frozenset()) -> Iterator[Part]:
    """The parts of an element, in reading order.

    A row of a table names its columns where the first row holds nothing but their names. Elements
    named in ``without`` are left out, like scripts and all else that nobody sees.
    """
    reader = _Reader()
    unseen = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = _name(node)
        is_left_out = name in _UNSEEN or name in without
        if event == "start":
            unseen += is_left_out
            if not unseen:
                yield from reader.opened(node, name)
            continue
        if event == "end":
            if not unseen:
                yield from reader.closed(name)
            unseen -= is_left_out
        if not unseen and node is not root:
            reader.add(node.tail)
    yield from reader.flushed()


class _Reader:
    """Gathers words until something begins or ends that they are all of."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._level = 0
        self._kind = _Kind.TEXT
        self._verbatim = 0
        self._last = _Kind.TEXT
        self._cells: list[str] | None = None
        self._are_names = True
        self._names: list[str] = []
        self._untold = False  # the names, as no row has told them yet

    def opened(self, node: Element, name: str) -> Iterator[Part]:
        """An element begins."""
        if name not in _INLINE:
            yield from self.flushed()
            self._enter(node, name)
        elif name in ("br", "lb"):
            self.add(BREAK)
        self.add(node.text)

    def closed(self, name: str) -> Iterator[Part]:
        """An element ends."""
        if name in _INLINE:
            return
        if name in ("td", "th", "cell") and self._cells is not None:
            self._cells.append(self._said())
        elif name in ("tr", "row") and self._cells is not None:
            yield from self._row(self._cells)
            self._cells = None
        else:
            yield from self.flushed()
            yield from self._leave(name)

    def flushed(self) -> Iterator[Part]:
        """What has been gathered; within a row, words go on to be gathered for the cell."""
        if self._cells is not None:
            self.add(" ")
            return
        kind = _Kind.CODE if self._verbatim else self._kind
        said = "".join(self._words) if self._verbatim else self._said()
        self._words = []
        for line in said.replace(BREAK, "\n").splitlines() if self._verbatim else [said]:
            if line.strip():
                yield self._part(line, kind)

    def add(self, text: str | None) -> None:
        """More words."""
        if text:
            self._words.append(text)

    def _enter(self, node: Element, name: str) -> None:
        heading = node.get("rend", "h2") if name == "head" else name
        self._level = _LEVELS.get(heading, self._level)
        if name in ("li", "item", "dd"):
            self._kind = _Kind.ITEM
        elif name == "pre":
            self._verbatim += 1
        elif name in ("tr", "row"):
            self._cells, self._are_names = [], True
        elif name in ("td", "th", "cell"):
            self._are_names &= name == "th" or node.get("role") == "head"
        elif name in ("table", "ul", "ol", "list", "dl"):
            self._names, self._cells, self._last = [], None, _Kind.TEXT

    def _leave(self, name: str) -> Iterator[Part]:
        if name == "head" or name in _LEVELS:
            self._level = 0
        elif name == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        elif name in ("li", "item", "dd"):
            self._kind = _Kind.TEXT
        elif name == "table" and self._untold:
            self._untold = False
            yield self._part(row(self._names), _Kind.ROW)

    def _said(self) -> str:
        """The words as a reader sees them, with a line for each that was broken off."""
        said, self._words = "".join(self._words), []
        return "\n".join(" ".join(line.split()) for line in said.split(BREAK)).strip("\n")

    def _part(self, line: str, kind: _Kind) -> Part:
        if self._level:
            self._last = _Kind.TEXT
            return Part(line, level=self._level)
        tight = kind is self._last is not _Kind.TEXT
        self._last = kind
        if kind is _Kind.ITEM:
            self._kind = _Kind.TEXT  # what follows in the same item is a paragraph of it
            return Part(ITEM + line, tight=tight)
        return Part(line, tight=tight)

    def _row(self, cells: list[str]) -> Iterator[Part]:
        if self._are_names and not self._names and len(cells) > 1:
            self._names, self._untold = cells, True
            return
        self._untold = False
        if line := row(cells, self._names):
            yield self._part(line, _Kind.ROW)


def _name(node: Element) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""
