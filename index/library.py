"""The library: documents in, cited answers out. The one door that faces go through.

Answers come from one immutable state, swapped as a whole when a newer generation is published, so
that asking never waits for indexing and never sees half of it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.answering import cite_passage, find, rank_passages
from index.asking import look
from index.encoders import ModelSource
from index.exports import EXPORTS
from index.generation import GenerationStore
from index.grouping import grouped
from index.holding import Hold
from index.huge_pages import keep_in_huge_pages
from index.locking import writer_lock
from index.looking_up import check_known, find_document, visible_headings, visible_ids
from index.models import NO_PREFIXES, Prefixes
from index.phrasing import supported
from index.progress import Progress
from index.questions import read_question
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
from index.refreshing import bring_up_to_date, pending
from index.refusals import Refusals
from index.retrieving import PASSAGES
from index.rolling_back import pending_rollback, roll_back
from index.serving import State
from index.shared_reading import NO_CLOSER_LOOK, CloserLook, closer_look
from index.sharing import SharedEncoder, Source
from index.shelf import Shelf
from index.snapshot import read_entries
from index.weights import Weights, load_weights


class Library:
    """Documents of one seeds folder, and the index of them in one data folder."""

    def __init__(
        self,
        *,
        seeds: Path,
        data: Path,
        source: Source,
        weights: Weights,
        min_confidence: float | None = None,
        closer: CloserLook = NO_CLOSER_LOOK,
    ) -> None:
        """``min_confidence`` None is the threshold that was fitted with ``weights``."""
        self._seeds = seeds
        self._data = data
        self._refused = data / "refused.json"
        self._store = GenerationStore(data)
        self._encoder = SharedEncoder(source)
        self.closer = closer
        """The reader and the reranker that were asked for, if any."""
        self._state = State(self._store, self._encoder)
        self._weights = weights
        self._threshold = weights.threshold if min_confidence is None else min_confidence

    @classmethod
    def open(
        cls,
        *,
        seeds: Path,
        data: Path,
        model: str | None = None,
        min_confidence: float | None = None,
        prefixes: Prefixes = NO_PREFIXES,
        reader: str | None = None,
        reranker: str | None = None,
    ) -> "Library":
        """A library with real models; cheap, as neither model nor index is read yet.

        ``model`` is a local folder or a hub name, as are ``reader`` and ``reranker``, which may be
        left out; None is the bundled model. ``prefixes`` are the model's.
        """
        exports = data / EXPORTS
        return cls(
            seeds=seeds,
            data=data,
            source=ModelSource(model, exports=exports, prefixes=prefixes),
            weights=load_weights(),
            min_confidence=min_confidence,
            closer=closer_look(reader, reranker, exports=exports),
        )

    @property
    def generation(self) -> str | None:
        """The name of the generation that the next question is answered from, if there is one."""
        return self._state.name

    @property
    def threshold(self) -> float:
        """The confidence from which on an answer is shown, unless a question says otherwise."""
        return self._threshold

    @property
    def model(self) -> str:
        """The name of the sentence encoder."""
        return self._encoder.identify().name

    def warm_up(self) -> None:
        """Load index and models now, for many questions to come. Raises as ``ask`` does."""
        self._state.serve()
        self._encoder.embed_query("ready?")
        self.closer.warm_up()
        keep_in_huge_pages()

    def pending(self) -> Changes:
        """What ``refresh`` would do; nothing is written.

        Raises:
            CorpusError: there is no seeds folder.
        """
        return pending(self._store, self._seeds, refusals=Refusals(self._refused))

    def refresh(
        self,
        *,
        rebuild: bool = False,
        release: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> RefreshReport:
        """Bring the index up to date with the seeds folder. Questions are answered meanwhile.

        Unchanged text keeps its vectors. Where nothing differs, nothing is written. An index made
        by another model or rule, or ``rebuild``, means to start afresh. One that was rolled back
        is left as it is, unless that is to end (``release``). No question waits for the new one.

        Raises:
            IndexHeld: it was rolled back, and the documents differ from it.
            LockHeld: another process is indexing.
            PublishError: the new generation could not be written; the old one serves.
            EncoderError: the model cannot be loaded.
            CorpusError: there is no seeds folder.
        """
        with writer_lock(self._data), self._state.written():
            return bring_up_to_date(
                self._store,
                seeds=self._seeds,
                encoder=self._encoder,
                refusals=Refusals(self._refused, forget=rebuild),
                rebuild=rebuild,
                release=release,
                report=lambda stage, done, total: progress(Progress(stage, done, total)),
            )

    @property
    def held(self) -> Hold | None:
        """Which generation was rolled back to, if that is how it still is."""
        return self._store.hold()

    def pending_rollback(self) -> RollbackPlan:
        """What ``roll_back`` would do; nothing is written. Raises as it does."""
        return pending_rollback(self._store, self._encoder.identify())

    def roll_back(self, *, leaving: str | None = None) -> RefreshReport:
        """Answer from the generation before the current one, and hold it.

        It stays whatever becomes of the documents, until a ``refresh`` that may ``release`` it.
        ``leaving`` is the generation that is expected to serve now, if that matters.

        Raises:
            RollbackError: there is no earlier one that can be asked, or another one serves.
            IndexMissing, LockHeld, PublishError: as ``ask`` and ``refresh``.
        """
        with writer_lock(self._data), self._state.written():
            return roll_back(self._store, self._encoder.identify(), leaving=leaving)

    def ask(
        self,
        question: str,
        *,
        collections: frozenset[str] | None = None,
        document: str | None = None,
        min_confidence: float | None = None,
    ) -> Answer | Abstained:
        """Answer from the documents, or abstain.

        Args:
            question: as a person typed it.
            collections: only documents of these are seen; None for all.
            document: only this one is seen; None for all.
            min_confidence: below it the answer is withheld; 0 forces one. None is the default.

        Raises:
            QuestionError: it cannot be asked as it stands.
            IndexMissing: nothing has been indexed by this model.
            EncoderError: the model cannot be loaded.
            UnknownDocument: there is no such document in ``collections``.
        """
        started = time.monotonic()
        asked = read_question(question)  # refuse what cannot be asked before loading a model
        serving = self._state.serve()
        if document is not None:
            check_known(document, visible_ids(serving.snapshot.documents, collections))
        threshold = self._threshold if min_confidence is None else min_confidence

        def answered() -> Answer | Abstained:
            read = look(serving, self._encoder, asked, collections=collections, document=document)
            found = find(
                serving.snapshot, *read, self._weights, threshold=threshold, closer=self.closer
            )
            return found.outcome(
                question, threshold=threshold, generation=serving.name, seconds=0.0
            )

        outcome = serving.outcomes.recall((question, collections, document, threshold), answered)
        return replace(outcome, seconds=time.monotonic() - started)

    def forget_questions(self) -> None:
        """Keep nothing in memory of any question asked until now, nor of those under way.

        Else the last ones are kept with their outcomes, though not who asked them.
        """
        self._state.forget_questions()
        self._encoder.forget_questions()

    def search(
        self, query: str, *, limit: int = 10, collections: frozenset[str] | None = None
    ) -> list[Hit]:
        """The passages that match best, best first, at most ``limit``.

        A passage is as good as its best sentence. Scores compare within one search.

        Raises:
            QuestionError, IndexMissing: as ``ask``.
        """
        asked = read_question(query)
        serving = self._state.serve()
        asked, candidates = look(
            serving, self._encoder, asked, collections=collections, passages=max(PASSAGES, limit)
        )
        best = rank_passages(serving.snapshot, asked, candidates, self._weights)[:limit]
        return [
            Hit(cite_passage(serving.snapshot, row, n=n), score)
            for n, (row, score) in enumerate(best, start=1)
        ]

    def group(self, texts: Sequence[str]) -> list[list[int]]:
        """Which questions ask the same: their places in ``texts``, in order.

        May be called from a thread of its own: the model is shared a question at a time.

        Raises:
            QuestionError: one of them cannot be asked.
            EncoderError: the model cannot be loaded.
        """
        return grouped([read_question(text) for text in texts], self._encoder.embed_query)

    def supported(self, prose: str, citations: Sequence[Citation]) -> tuple[Phrase, ...]:
        """What quotes support of a model's prose, as ``phrasing.supported``. From any thread."""
        return supported(prose, citations, self._encoder)

    def documents(self, *, collections: frozenset[str] | None = None) -> list[DocumentEntry]:
        """The indexed documents, by id. Loads no model.

        Raises:
            IndexMissing: nothing has been indexed.
        """
        entries = read_entries(self._state.current().files)
        return [one for one in entries if collections is None or one.collection in collections]

    def headings(self, *, collections: frozenset[str] | None = None) -> list[Heading]:
        """The headings that passages stand under, in reading order. Loads no model.

        Raises:
            IndexMissing: nothing has been indexed by this model.
        """
        return visible_headings(self._state.serve().snapshot, collections)

    def shelf(self, *, collections: frozenset[str] | None = None) -> Shelf:
        """The documents as they serve, to hold quotes against. Raises ``IndexMissing``."""
        return Shelf(self._state.serve().snapshot, collections)

    def document(self, id: str) -> Document:
        """A document as it was indexed; one not indexed yet as it is on disk. Loads no model.

        Raises:
            UnknownDocument: there is neither; the message names the nearest ids.
            DocumentError: it is not indexed, and the file cannot be used.
            CorpusError: it is not indexed, and there is no seeds folder.
        """
        return find_document(self._state.find(), self._seeds, id)
