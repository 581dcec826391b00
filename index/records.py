"""The nouns of the library: immutable values that the rest passes along.

All spans are half-open, in characters (code points) of ``Document.text``; lines count from 1.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text: ``text[start:end]``."""

    start: int
    end: int


class Text(Protocol):
    """What stretches can be taken of, as of a ``str``."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: slice, /) -> str: ...

    def count(self, sub: str, start: int, end: int, /) -> int:
        """How often ``sub`` stands in ``start``-``end``."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    Attributes:
        id: path below the seeds folder, with ``/``.
        title: what a person would call it; never empty.
        text: the document text that all offsets refer to.
        sha256: digest of the file's bytes, hexadecimal.
        size: the file's size in bytes.
        page_starts: where each page begins, ascending from 0; empty where the format has no pages.
        dated: the date that it bears, in ISO 8601, down to the year or month where no more is
            told; empty where it bears none.
        filed: the day on which its file was last changed, as its bytes were first indexed; empty
            where it was not read from a file.
        language: ISO 639-1; English where that is unsure.
    """

    id: str
    title: str
    text: str = field(repr=False, hash=False)
    sha256: str
    size: int
    page_starts: tuple[int, ...] = ()
    dated: str = ""
    filed: str = ""
    language: str = "en"

    @property
    def body(self) -> Text:
        """The text, to take stretches of: of one that is stored, no more than that is decoded."""
        return self.text

    @property
    def date(self) -> str:
        """From when it is: the date that it bears, else its file's."""
        return self.dated or self.filed

    @property
    def collection(self) -> str:
        """The first folder of the id, or ``""`` for a file directly in the seeds folder."""
        folder, slash, _ = self.id.partition("/")
        return folder if slash else ""

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """First and last line of ``text[start:end]``; a line ends at its line feed."""
        first = self.body.count("\n", 0, start) + 1
        return first, first + self.body.count("\n", start, max(start, end - 1))

    def page(self, start: int) -> int | None:
        """The page that holds offset ``start``, from 1, or None where there are no pages."""
        return bisect_right(self.page_starts, start) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and retrieved: whole neighbouring sentences, in reading order.

    Passages of a document share no sentence; ``sentences`` is never empty and lies within
    ``start``-``end``. ``section`` is the span of the heading it stands under, if any.
    """

    start: int
    end: int
    sentences: tuple[Span, ...]
    section: Span | None = None


@dataclass(frozen=True, slots=True)
class Segmented:
    """A document taken apart: what may be quoted, and what is furniture."""

    document: Document
    passages: tuple[Passage, ...]
    furniture: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``document.text[start:end] == quote``.

    ``answer_start``-``answer_end`` is the stretch within the quote that answers; the whole quote
    where no shorter one is sure. ``sha256`` is the digest of the document's bytes; empty where it
    was cited before that was kept.
    """

    n: int
    document: str
    title: str
    start: int
    end: int
    lines: tuple[int, int]
    page: int | None
    quote: str
    answer_start: int
    answer_end: int
    section: str | None = None
    sha256: str = ""

    @property
    def answer(self) -> str:
        """The answering stretch of the quote."""
        return self.quote[self.answer_start - self.start : self.answer_end - self.start]

    @property
    def is_whole(self) -> bool:
        """Whether no stretch shorter than the quote was found."""
        return (self.answer_start, self.answer_end) == (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Claim:
    """A citation that says other than another does of the same thing, and from when it is.

    Attributes:
        n: the citation's.
        date: ISO 8601, down to the year or month where no more is told; empty if it is unknown.
        is_own: whether the document bears that date, or else its file does.
    """

    n: int
    date: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents say: the first citation answers, the others support or add.

    Where documents disagree, ``claims`` are the citations that contradict each other, newest first;
    else there are none. ``missing`` are the numbers and names of the question, as typed, that the
    place of the first quote does not hold: reasons to doubt.
    """

    question: str
    answer: str
    confidence: float
    citations: tuple[Citation, ...]
    generation: str
    seconds: float
    claims: tuple[Claim, ...] = ()
    missing: tuple[str, ...] = ()

    def told(self) -> Iterator[tuple[Claim, Citation]]:
        """Each claim with its citation."""
        cited = {citation.n: citation for citation in self.citations}
        return ((claim, cited[claim.n]) for claim in self.claims if claim.n in cited)


@dataclass(frozen=True, slots=True)
class Abstained:
    """The documents do not say; ``nearest`` comes closest, best first; ``missing`` as above."""

    question: str
    confidence: float
    nearest: tuple[Citation, ...]
    generation: str
    seconds: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that a language model wrote, and that citations support.

    Attributes:
        text: the sentence without its marks.
        marks: the ``n`` of these citations; never empty.
    """

    text: str
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result: a passage, and how well it matches; larger is better."""

    citation: Citation
    score: float


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One line of the list of documents. ``indexed_at`` is ISO 8601, UTC.

    ``sha256`` is the digest of the file's bytes.
    """

    id: str
    title: str
    collection: str
    size: int
    passages: int
    indexed_at: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file left out of the index, and why, in words for a person."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that passages stand under, and the line where it stands, from 1."""

    document: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Changes:
    """How the seeds folder differs from the index. The four lists hold document ids, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """What rolling back would do: which generation would follow which, and how they differ."""

    current: str
    before: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What bringing the index up to date did. The four lists hold document ids, sorted."""

    generation: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    passages: int
    seconds: float

    @classmethod
    def of(
        cls, generation: str, changes: Changes, passages: int, seconds: float
    ) -> "RefreshReport":
        """The report of changes that were made."""
        return cls(
            generation=generation,
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
            unchanged=changes.unchanged,
            skipped=changes.skipped,
            passages=passages,
            seconds=seconds,
        )
