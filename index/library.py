"""The library: documents in, cited answers out. The one door that faces go through.

Answers come from one immutable state, swapped as a whole when a newer generation is published, so
that asking never waits for indexing and never sees half of it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from index.answering import allowed_documents, cite_passage, find, rank_passages
from index.encoders import ModelSource
from index.errors import UnknownDocument
from index.exports import EXPORTS
from index.generation import GenerationStore
from index.grouping import grouped
from index.locking import writer_lock
from index.naming import printable
from index.parsing import parse
from index.questions import Question, read_question
from index.records import (
    Abstained,
    Answer,
    Changes,
    Document,
    DocumentEntry,
    Heading,
    Hit,
    RefreshReport,
)
from index.refreshing import bring_up_to_date, pending
from index.refusals import Refusals
from index.retrieving import PASSAGES, Candidates, retrieve
from index.serving import Serving, SharedEncoder, Source, State, mend
from index.snapshot import read_documents, read_entries
from index.walking import read, walk
from index.weights import Weights, load_weights


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come: ``done`` of ``total`` in a stage that a person understands."""

    stage: str
    done: int
    total: int


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
    ) -> None:
        """``min_confidence`` None is the threshold that was fitted with ``weights``."""
        self._seeds = seeds
        self._data = data
        self._refused = data / "refused.json"
        self._store = GenerationStore(data)
        self._encoder = SharedEncoder(source)
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
    ) -> "Library":
        """A library with a real model; cheap, as neither model nor index is read yet.

        ``model`` is a local folder or a hub name; None is the bundled model.
        """
        return cls(
            seeds=seeds,
            data=data,
            source=ModelSource(model, exports=data / EXPORTS),
            weights=load_weights(),
            min_confidence=min_confidence,
        )

    @property
    def generation(self) -> str | None:
        """The name of the current generation, if there is one."""
        return self._store.current_name()

    @property
    def threshold(self) -> float:
        """The confidence from which on an answer is shown, unless a question says otherwise."""
        return self._threshold

    @property
    def model(self) -> str:
        """The name of the sentence encoder."""
        return self._encoder.identify().name

    def warm_up(self) -> None:
        """Load the index and the model now, so that the first question need not wait for them.

        Raises:
            IndexMissing: nothing has been indexed by this model.
            EncoderError: the model cannot be loaded.
        """
        self._state.serve()
        self._encoder.embed_query("ready?")

    def pending(self) -> Changes:
        """What ``refresh`` would do; nothing is written.

        Raises:
            CorpusError: there is no seeds folder.
        """
        return pending(self._store, self._seeds, refusals=Refusals(self._refused))

    def refresh(
        self, *, rebuild: bool = False, progress: Callable[[Progress], None] = lambda _: None
    ) -> RefreshReport:
        """Bring the index up to date with the seeds folder. Questions are answered meanwhile.

        Unchanged text keeps its vectors. Where nothing differs, nothing is written. An index made
        by another model or rule, or ``rebuild``, means to start afresh.

        Raises:
            LockHeld: another process is indexing.
            PublishError: the new generation could not be written; the old one serves.
            EncoderError: the model cannot be loaded.
            CorpusError: there is no seeds folder.
        """
        with writer_lock(self._data):
            return bring_up_to_date(
                self._store,
                seeds=self._seeds,
                encoder=self._encoder,
                refusals=Refusals(self._refused, forget=rebuild),
                rebuild=rebuild,
                report=lambda stage, done, total: progress(Progress(stage, done, total)),
            )

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
            UnknownDocument: there is no such document in ``collections``.
        """
        started = time.monotonic()
        asked = read_question(question)  # refuse what cannot be asked before loading a model
        serving = self._state.serve()
        if document is not None:
            _check_known(document, _ids(serving.snapshot.documents, collections))
        asked, candidates = self._candidates(
            serving, asked, collections=collections, document=document
        )
        found = find(serving.snapshot, asked, candidates, self._weights)
        threshold = self._threshold if min_confidence is None else min_confidence
        seconds = time.monotonic() - started
        if not found.citations or found.confidence < threshold:
            return Abstained(question, found.confidence, found.citations, serving.name, seconds)
        return Answer(
            question=question,
            answer=found.citations[0].answer,
            confidence=found.confidence,
            citations=found.citations,
            generation=serving.name,
            seconds=seconds,
        )

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
        asked, candidates = self._candidates(
            serving, asked, collections=collections, passages=max(PASSAGES, limit)
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
        found = self._state.serve().snapshot.headings()
        return [
            one
            for document, one in found
            if collections is None or document.collection in collections
        ]

    def document(self, id: str) -> Document:
        """A document as it was indexed; one not indexed yet as it is on disk. Loads no model.

        Raises:
            UnknownDocument: there is neither; the message names the nearest ids.
            DocumentError: it is not indexed, and the file cannot be used.
            CorpusError: it is not indexed, and there is no seeds folder.
        """
        generation = self._state.find()
        indexed = {one.id: one for one in read_documents(generation.files)} if generation else {}
        if id in indexed:
            return indexed[id]
        files = {file.id: file for file in walk(self._seeds).files}
        _check_known(id, [*indexed, *files])
        return parse(read(files[id]), id=id)

    def _candidates(
        self,
        serving: Serving,
        asked: Question,
        *,
        collections: frozenset[str] | None,
        document: str | None = None,
        passages: int = PASSAGES,
    ) -> tuple[Question, Candidates]:
        """The question with its spelling mended, and what may answer it."""
        snapshot = serving.snapshot
        allowed = allowed_documents(snapshot, collections=collections, document=document)
        mended = read_question(asked.asked, mended=mend(serving, asked.text, allowed=allowed))
        vector = self._encoder.embed_query(mended.text)
        terms = snapshot.lexicon.query(mended.terms)
        found = retrieve(snapshot, vector, terms, allowed=allowed, passages=passages)
        return mended, found


def _ids(documents: Iterable[Document], collections: frozenset[str] | None) -> list[str]:
    return [one.id for one in documents if collections is None or one.collection in collections]


def _check_known(id: str, ids: list[str]) -> None:
    """Raise UnknownDocument, naming the nearest of ``ids``, unless ``id`` is one of them."""
    if id not in ids:
        near = get_close_matches(id, ids, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(map(printable, near))}?" if near else ""
        raise UnknownDocument(
            f"There is no document {printable(id)}.{hint} List them with: footnote documents"
        )
