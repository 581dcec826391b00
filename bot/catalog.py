"""What can be chosen from: the documents of one generation, and finding them by what is typed."""

import heapq
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from bot.corpus import Corpus
from bot.escaping import clipped, clipped_middle
from bot.visibility import Scope
from index.records import DocumentEntry, Heading

LONGEST_VALUE = 100
"""Code points; Discord takes no longer value for a choice."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One choice: the document it leads to, what is shown of it, and the line to begin at."""

    entry: DocumentEntry
    name: str
    line: int | None = None

    @property
    def value(self) -> str:
        """What names it to ``Catalog.resolve``, at most ``LONGEST_VALUE`` code points."""
        reference = key_of(self.entry.id)
        return reference if self.line is None else f"{reference}#{self.line}"

    def told_apart(self) -> "Suggestion":
        """The same, under a name that no other has."""
        where = clipped_middle(self.entry.id, 50)
        line = "" if self.line is None else f", line {self.line}"
        return replace(self, name=f"{clipped(self.name, 30)} · {where}{line}")


@dataclass(frozen=True, slots=True)
class _Choice:
    """A suggestion, and the names it is found by, without regard to case."""

    suggestion: Suggestion
    names: tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """The documents of one generation and their headings, in order."""

    generation: str | None
    entries: tuple[DocumentEntry, ...] = ()
    headings: tuple[Heading, ...] = ()

    def visible_entries(self, scope: Scope) -> list[DocumentEntry]:
        """The documents in ``scope``."""
        return [one for one in self.entries if one.collection in scope]

    def suggest(
        self, typed: str, scope: Scope, *, most: int = 25, headings: bool = True
    ) -> list[Suggestion]:
        """Documents whose title, name or, if wanted, a heading has what is typed, best first.

        Where a word begins with it comes before where it stands within one.
        """
        wanted = typed.casefold().strip()
        word = re.compile(rf"(?<!\w){re.escape(wanted)}")
        ranked = (
            (_rank(one, wanted, word), at, one.suggestion)
            for at, one in enumerate(self._choices)
            if one.suggestion.entry.collection in scope
            and (headings or one.suggestion.line is None)
            and any(wanted in name for name in one.names)
        )
        best = [one for _, _, one in heapq.nsmallest(most, ranked, key=lambda item: item[:2])]
        names = Counter(one.name for one in best)
        return [one if names[one.name] == 1 else one.told_apart() for one in best]

    def resolve(self, reference: str, scope: Scope) -> tuple[DocumentEntry, int | None] | None:
        """The document that a suggestion's value, an id, a file name or a title stands for.

        With the line to begin at, where the reference has one. None where there is no such
        document in ``scope``, or several.
        """
        seen = self.visible_entries(scope)
        if found := _with_id(reference, seen):
            return found, None
        bare, _, line = reference.rpartition("#")
        is_line = line.isascii() and line.isdecimal() and len(line) < 10
        if is_line and (found := _with_id(bare, seen)):
            return found, max(int(line), 1)
        if found := _called(reference, seen):
            return found, None
        found = _called(bare, seen) if is_line else None
        return (found, max(int(line), 1)) if found else None

    def prepared(self) -> "Catalog":
        """The same, once what suggestions are made from has been worked out."""
        len(self._choices)
        return self

    @cached_property
    def _choices(self) -> list["_Choice"]:
        """All that can be suggested, documents first, with the names they are found by."""
        documents = [Suggestion(one, one.title) for one in self.entries]
        headings = [
            Suggestion(one, f"{one.title} › {heading.text}", heading.line)
            for one in self.entries
            for heading in self._headings_of.get(one.id, ())
            if heading.text != one.title
        ]
        return [
            *(_Choice(one, (one.name.casefold(), one.entry.id.casefold())) for one in documents),
            *(_Choice(one, (one.name.casefold(),)) for one in dict.fromkeys(headings)),
        ]

    @cached_property
    def _headings_of(self) -> dict[str, list[Heading]]:
        found: dict[str, list[Heading]] = {}
        for heading in self.headings:
            found.setdefault(heading.document, []).append(heading)
        return found


def read_catalog(corpus: Corpus) -> Catalog:
    """The catalog of what is served now. Raises a ``CorpusError`` where nothing is."""
    name = corpus.generation
    return Catalog(name, tuple(corpus.documents()), tuple(corpus.headings())).prepared()


class CurrentCatalog:
    """The catalog of what is served. Safe to use from several threads."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._is_publishing = False
        self.last = Catalog(None)
        """As it was last read; empty before."""

    def fresh(self) -> Catalog:
        """Read anew if another generation is served than last time. Raises as ``read_catalog``."""
        if self.last.generation is None or not self._is_publishing:
            self._read_if_stale()
        return self.last

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Around publishing: this thread reads the new one at the end, and no question does."""
        self._is_publishing = True
        try:
            yield
            self._read_if_stale()
        finally:
            self._is_publishing = False

    def _read_if_stale(self) -> None:
        if self.last.generation is None or self.last.generation != self._corpus.generation:
            self.last = read_catalog(self._corpus)


def key_of(document: str) -> str:
    """The document's id, or where that is too long for a choice with a line, a digest of it."""
    if len(document) <= LONGEST_VALUE - 10:
        return document
    return f"sha256-{sha256(document.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _rank(one: _Choice, wanted: str, word: re.Pattern[str]) -> int:
    """0 is best. Documents come before headings."""
    best = min(_fit(name, wanted, word) for name in one.names)
    return 2 * best + (one.suggestion.line is not None)


def _fit(name: str, wanted: str, word: re.Pattern[str]) -> int:
    """0 where the name begins so, 1 where a word of it does, 2 within a word, 3 not at all."""
    if name.startswith(wanted):
        return 0
    if wanted not in name:
        return 3
    return 1 if word.search(name) else 2


def _with_id(reference: str, entries: list[DocumentEntry]) -> DocumentEntry | None:
    return next((one for one in entries if reference in (one.id, key_of(one.id))), None)


def _called(reference: str, entries: list[DocumentEntry]) -> DocumentEntry | None:
    """The one that has that file name or title, if only one has."""
    wanted = reference.casefold().strip()
    called = [
        one
        for one in entries
        if wanted in (one.title.casefold(), one.id.rpartition("/")[2].casefold())
    ]
    return called[0] if len(called) == 1 else None
