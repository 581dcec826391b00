"""The documents of one state as somebody may see them: what quotes are held against later."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.answering import quotes_of
from index.records import Document, Span
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of ``collections``, or of all where that is None. Any number of threads."""

    snapshot: Snapshot
    collections: frozenset[str] | None = None

    def document(self, id: str) -> Document | None:
        """The document of that id, if it is there to be seen."""
        row = self.snapshot.rows_by_id.get(id)
        found = None if row is None else self.snapshot.documents[row]
        return found if found and self._shows(found) else None

    def others(self, id: str) -> Iterator[tuple[Document, str]]:
        """All documents but one, each with when it was indexed: ISO 8601, UTC."""
        for one, at in zip(self.snapshot.documents, self.snapshot.indexed_at, strict=True):
            if one.id != id and self._shows(one):
                yield one, at

    def quotes(self, id: str) -> Iterator[tuple[Span, str | None]]:
        """What may be quoted of a document that is there, with its section, in reading order."""
        first, last = self._passages(id)
        for passage in range(first, last):
            section = self.snapshot.section_of(passage)
            row = self.snapshot.passages[passage]
            for sentence in range(int(row["first"]), int(row["last"])):
                for quote in quotes_of(self.snapshot, sentence):
                    yield quote, section

    def section_at(self, id: str, start: int) -> str | None:
        """The heading that a place in a document that is there stands under, as far as known."""
        first, last = self._passages(id)
        starts = self.snapshot.passages["start"][first:last]
        at = first + int(np.searchsorted(starts, start, side="right")) - 1
        if at < first or start >= self.snapshot.passages[at]["end"]:
            return None
        return self.snapshot.section_of(at)

    def _passages(self, id: str) -> tuple[int, int]:
        """The rows of a document's passages, half-open."""
        row = self.snapshot.rows_by_id[id]
        owners = self.snapshot.passages["document"]
        first, last = np.searchsorted(owners, [row, row + 1])
        return int(first), int(last)

    def _shows(self, document: Document) -> bool:
        return self.collections is None or document.collection in self.collections
