"""What the faces need of the library, and nothing more."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.holding import Hold
from index.models import Prefixes
from index.records import (
    Abstained,
    Answer,
    Changes,
    Citation,
    Document,
    DocumentEntry,
    Heading,
    Hit,
    Phrase,
    RefreshReport,
    RollbackPlan,
)

if TYPE_CHECKING:  # it brings the index along, which `--help` does without
    from index.shelf import Shelf


class Progress(Protocol):
    """How far indexing is: ``done`` of ``total`` steps of the stage."""

    @property
    def stage(self) -> str:
        """What is being done, in a word or two."""

    @property
    def done(self) -> int:
        """Steps done."""

    @property
    def total(self) -> int:
        """Steps in all."""


class Corpus(Protocol):
    """Documents that can be asked. Each method raises a ``CorpusError`` for what it cannot do."""

    @property
    def generation(self) -> str | None:
        """The name of the index that answers, or None before there is one."""

    @property
    def threshold(self) -> float:
        """The confidence from which on an answer is shown, unless a question says otherwise."""

    @property
    def model(self) -> str:
        """The name of the sentence encoder."""

    def warm_up(self) -> None:
        """Load index and model now, so that the first question need not wait for them."""

    def pending(self) -> Changes:
        """What bringing the index up to date would do."""

    def refresh(
        self, *, rebuild: bool, release: bool, progress: Callable[[Progress], None]
    ) -> RefreshReport:
        """Bring the index up to date with the seeds folder.

        One that is held is left as it is, unless it is to be released.
        """

    @property
    def held(self) -> Hold | None:
        """Which generation was rolled back to, if that is how it still is."""

    def pending_rollback(self) -> RollbackPlan:
        """What ``roll_back`` would do."""

    def roll_back(self, *, leaving: str | None = None) -> RefreshReport:
        """Answer from the generation before the current one, and hold it.

        ``leaving`` is the one that is expected to serve now.
        """

    def ask(
        self,
        question: str,
        *,
        collections: frozenset[str] | None = None,
        document: str | None = None,
        min_confidence: float | None = None,
    ) -> Answer | Abstained:
        """Answer one question; a ``min_confidence`` of 0 forces an answer.

        Only ``document`` and documents of ``collections`` are seen; None means all.
        """

    def forget_questions(self) -> None:
        """Keep nothing in memory of questions asked until now. From any thread."""

    def search(
        self, query: str, *, limit: int = 10, collections: frozenset[str] | None = None
    ) -> list[Hit]:
        """The best passages, best first."""

    def group(self, texts: Sequence[str]) -> list[list[int]]:
        """Which questions ask the same: their places in ``texts``, in order. From any thread."""

    def supported(self, prose: str, citations: Sequence[Citation]) -> tuple[Phrase, ...]:
        """The sentences of a language model's prose that quotes support. From any thread."""

    def documents(self, *, collections: frozenset[str] | None = None) -> list[DocumentEntry]:
        """What is indexed."""

    def headings(self, *, collections: frozenset[str] | None = None) -> list[Heading]:
        """The headings of what is indexed, in reading order."""

    def shelf(self, *, collections: frozenset[str] | None = None) -> "Shelf":
        """The documents, to hold quotes against. From any thread."""

    def document(self, id: str) -> Document:
        """One document's text."""


class OpenCorpus(Protocol):
    """Opens a library; cheap, since nothing is read before it is needed."""

    def __call__(
        self,
        *,
        seeds: Path,
        data: Path,
        model: str | None,
        min_confidence: float | None,
        prefixes: Prefixes,
        reader: str | None,
        reranker: str | None,
    ) -> Corpus:
        """Open the library over these folders; None is the library's own default."""
