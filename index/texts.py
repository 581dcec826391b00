"""Texts that stay where they are stored, in UTF-8; a stretch is decoded when it is asked for.

Stretches are told in characters, and a character is one byte to four. Where all are one, as in most
texts in English nearly, nothing has to be looked for. Else a text learns, when it is first asked,
how many characters begin before each of its blocks, and only those of a stretch are decoded.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np

from index.errors import DamagedGeneration
from index.records import Document, Text

_BLOCK: Final = 1024  # bytes
_RECENT: Final = 8  # texts; whoever reads one whole often does so several times
_CONTINUES: Final = 0b10  # the highest bits of a byte that begins no character


class Texts:
    """Texts one behind the other, in memory. The last few that were read whole are kept.

    Those of a mapped file are copied, so that no quote changes with what becomes of the file. Any
    number of threads.
    """

    def __init__(self, data: memoryview) -> None:
        self._data = data if isinstance(data.obj, bytes) else memoryview(bytes(data))
        self._whole = lru_cache(maxsize=_RECENT)(partial(_stretch, self._data))

    def text(self, start: int, end: int, length: int) -> "StoredText":
        """The text in the bytes ``start``-``end``, which has ``length`` characters.

        Raises:
            ValueError: that many cannot be in there.
        """
        if not 0 <= length <= end - start <= 4 * length:
            raise ValueError(f"{end - start} bytes are not {length} characters")
        return StoredText(self._data[start:end], length, partial(self._whole, start, end))


class StoredText:
    """One text: cut like the ``str`` that it stands for, but for steps; ``str()`` gives it whole.

    Raises, whenever it is read:
        DamagedGeneration: it is not UTF-8, or has another length than was said.
    """

    __slots__ = ("_edges", "_length", "_whole", "data")

    def __init__(self, data: memoryview, length: int, whole: Callable[[], str]) -> None:
        self.data = data
        self._length = length
        self._whole = whole
        self._edges: list[int] = []

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        text = self._whole()
        if len(text) != self._length:
            raise _damaged()
        return text

    def __getitem__(self, at: slice, /) -> str:
        start, end, _ = at.indices(self._length)
        if start >= end:
            return ""
        if self._is_plain:
            return _decoded(self.data[start:end])
        edges = self._known_edges()
        first, last = bisect_right(edges, start) - 1, bisect_left(edges, end)
        found = _decoded(self.data[self._begin(first) : self._begin(last)])
        return found[start - edges[first] : end - edges[first]]

    def count(self, sub: str, start: int, end: int, /) -> int:
        """How often ``sub`` stands in a stretch."""
        start, end, _ = slice(start, end).indices(self._length)
        return bytes(self.data[self._byte(start) : self._byte(end)]).count(sub.encode())

    @property
    def _is_plain(self) -> bool:
        """Whether each character is a byte."""
        return self._length == len(self.data)

    def _byte(self, at: int) -> int:
        """Where a character begins."""
        if self._is_plain:
            return at
        edges = self._known_edges()
        block = bisect_right(edges, at) - 1
        begin = self._begin(block)
        found = _decoded(self.data[begin : self._begin(block + 1)])
        return begin + len(found[: at - edges[block]].encode("utf-8", "surrogatepass"))

    def _begin(self, block: int) -> int:
        """Where the first character begins that begins in a block or behind it."""
        at = min(block * _BLOCK, len(self.data))
        while at < len(self.data) and self.data[at] >> 6 == _CONTINUES:
            at += 1
        return at

    def _known_edges(self) -> list[int]:
        """How many characters begin before each block, and in all."""
        if not self._edges:
            begins = np.frombuffer(self.data, np.uint8) >> 6 != _CONTINUES
            blocks = np.add.reduceat(begins, np.arange(0, len(begins), _BLOCK), dtype=np.int64)
            edges = [0, *np.cumsum(blocks).tolist()]
            if edges[-1] != self._length:
                raise _damaged()
            self._edges = edges
        return self._edges


class StoredDocument(Document):
    """A document whose text stays where it is stored. Equal to one that has the same in memory."""

    __slots__ = ("_held",)

    _held: str | StoredText

    @property
    def text(self) -> str:
        """The whole text, decoded; it is not kept for long."""
        return str(self._held)

    @text.setter
    def text(self, held: "str | StoredText") -> None:
        # The constructor's, as it assigns what it is given: nobody else may, a document is frozen.
        object.__setattr__(self, "_held", held)

    @property
    def body(self) -> Text:
        """The text, to take stretches of: no more than that is decoded."""
        return self._held

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return all(getattr(self, one.name) == getattr(other, one.name) for one in fields(self))

    def __hash__(self) -> int:
        return Document.__hash__(self)


def encoded(document: Document) -> bytes | memoryview:
    """A document's text as ``Texts`` reads it."""
    body: Any = document.body
    if isinstance(body, StoredText):
        return body.data
    return document.text.encode("utf-8", "surrogatepass")


def _stretch(data: memoryview, start: int, end: int) -> str:
    return _decoded(data[start:end])


def _decoded(data: memoryview) -> str:
    try:
        return str(data, "utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise _damaged() from error


def _damaged() -> DamagedGeneration:
    return DamagedGeneration("The texts are not as they were written. Index again to mend them.")
