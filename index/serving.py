"""What questions are answered from: one generation in memory, and one model.

Both are loaded when they are first needed. The generation is swapped as a whole when a newer one
is published; the model is used by one thread at a time, unless it may be by several.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import indexing
from index.errors import CorpusError, IndexMissing
from index.generation import Generation, GenerationStore
from index.manifests import LAYOUT, follows_rule
from index.models import ModelIdentity
from index.snapshot import Snapshot, from_files
from index.spelling import Speller
from index.terms import terms

_AT_A_TIME = 1_000
"""Characters that are embedded, padding included, before who asks meanwhile has the model."""

_log = logging.getLogger(__name__)


class Encoder(indexing.Encoder, Protocol):
    """A loaded model."""

    @property
    def is_shareable(self) -> bool:
        """Whether several threads may use it at once."""
        ...

    def is_one_piece(self, word: str) -> bool:
        """Whether a word is common enough to be a single word piece."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A unit vector, float32 [d]."""
        ...


class Source(Protocol):
    """A model that is known before it is loaded."""

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        ...

    def load(self) -> Encoder:
        """Load it; may take seconds."""
        ...


class SharedEncoder:
    """A source's model, loaded when it is first needed. Safe to use from several threads.

    An encoder that several threads may use at once is used so, and nobody waits. With any other,
    each call waits for the one before; a question asked while documents are being embedded waits
    for a few texts.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._encoder: Encoder | None = None
        self._turn = threading.Lock()
        self._use = threading.Lock()
        self._user: int | None = None

    def identify(self) -> ModelIdentity:
        """Which model it is; not loaded for that."""
        return self._source.identify()

    @contextmanager
    def one_turn(self) -> Iterator[None]:
        """Whatever a thread has the model do within this, it waits for the model once."""
        with self._held():
            yield

    @contextmanager
    def _held(self) -> Iterator[Encoder]:
        if self._shared is not None:
            yield self._shared
            return
        if self._user == threading.get_ident():
            yield self._loaded()
            return
        with self._turn:  # kept while waiting, so that who has just had the model comes after
            self._use.acquire()
        self._user = threading.get_ident()
        try:
            yield self._loaded()
        finally:
            self._user = None
            self._use.release()

    @property
    def _shared(self) -> Encoder | None:
        """The encoder, if it is loaded and may be used by several threads at once."""
        return self._encoder if self._encoder and self._encoder.is_shareable else None

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._source.load()
        return self._encoder

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        with self._held() as encoder:
            return encoder.dimension

    @property
    def most_pieces(self) -> int:
        """How many word pieces of a text are read."""
        with self._held() as encoder:
            return encoder.most_pieces

    def pieces(self, text: str) -> Sequence[tuple[int, int]]:
        """Where the word pieces of a text stand."""
        with self._held() as encoder:
            return encoder.pieces(text)

    def is_one_piece(self, word: str) -> bool:
        """Whether a word is common enough to be a single word piece."""
        with self._held() as encoder:
            return encoder.is_one_piece(word)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32 [n, d]. Questions come in between."""
        if self._shared is not None:
            return self._shared.embed_passages(texts)
        found = [self._embed_few(few) for few in _few_at_a_time(texts)]
        return np.concatenate(found) if found else self._embed_few(())

    def _embed_few(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._held() as encoder:
            return encoder.embed_passages(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A unit vector, float32 [d]."""
        with self._held() as encoder:
            return encoder.embed_query(text)


def _few_at_a_time(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Neighbours that together take the model no longer than one long text does."""
    first, longest = 0, 0
    for at, text in enumerate(texts):
        longest = max(longest, len(text))
        if at > first and longest * (at + 1 - first) > _AT_A_TIME:
            yield texts[first:at]
            first, longest = at, len(text)
    if texts:
        yield texts[first:]


@dataclass(frozen=True, slots=True)
class Serving:
    """One generation, ready to be asked."""

    name: str
    snapshot: Snapshot
    speller: Speller


def mend(serving: Serving, question: str, *, allowed: NDArray[np.bool_] | None) -> str:
    """The question with its spelling mended by the words of documents that may be seen.

    ``allowed`` tells which these are, bool [documents]; None: all. A word is seen where its stems
    are, so that no question tells whether a word stands in a document that may not be.
    """
    if allowed is None:
        return serving.speller.mend(question)
    lexicon = serving.snapshot.lexicon
    among = allowed[serving.snapshot.passages["document"]]

    def is_seen(word: str) -> bool:
        return all(lexicon.occurs(term, among) for term in terms(word))

    return serving.speller.mend(question, is_seen=is_seen)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is served, and what CURRENT named when it was loaded."""

    pointer: str | None
    serving: Serving


class State:
    """The current generation of a store, loaded when it is first asked for.

    Once one is loaded, no question waits for another: until that is there, the one before answers.
    """

    def __init__(self, store: GenerationStore, encoder: SharedEncoder) -> None:
        self._store = store
        self._encoder = encoder
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._is_writing = False

    @property
    def name(self) -> str | None:
        """The name of what the next question is answered from, unverified; None for nothing."""
        loaded = self._loaded
        return loaded.pointer if loaded and self._is_writing else self._store.current_name()

    def find(self) -> Generation | None:
        """The current generation, verified; None if nothing has been indexed by this version."""
        found = self._store.load()
        return found if found and found.manifest.get("layout") == LAYOUT else None

    def current(self) -> Generation:
        """The current generation, verified.

        Raises:
            IndexMissing: nothing has been indexed by this version.
        """
        found = self.find()
        if found is None and self._store.current_name() is not None:
            raise IndexMissing(
                "The index is damaged, or was made by another version. Run: footnote index"
            )
        if found is None:
            raise IndexMissing("Nothing has been indexed yet. Run: footnote index")
        return found

    def serve(self) -> Serving:
        """The current generation, loaded; the one loaded before while a newer one is not yet.

        Raises:
            IndexMissing: nothing has been indexed by this version and model.
            DamagedGeneration: it was written wrongly.
        """
        loaded = self._loaded
        if loaded is None:
            with self._loading:
                return self._newest()
        if self._is_writing or loaded.pointer == self._store.current_name():
            return loaded.serving
        if not self._loading.acquire(blocking=False):
            return loaded.serving  # another thread is loading the newer one
        try:
            return self._newest()
        finally:
            self._loading.release()

    @contextmanager
    def written(self) -> Iterator[None]:
        """Around the writing of a generation, by the one writer: questions go on as before.

        If any were answered, the new one is loaded before it answers, by the thread that wrote it.
        """
        self._is_writing = True
        try:
            yield
            if self._loaded is not None:
                with self._loading:
                    self._newest()
        finally:
            self._is_writing = False

    def _newest(self) -> Serving:
        """What CURRENT names, loaded if it is not yet. The caller holds the lock."""
        # Read before the generation is: if that is newer by then, it is loaded once more.
        pointer, loaded = self._store.current_name(), self._loaded
        if loaded is None or loaded.pointer != pointer:
            loaded = self._loaded = _Loaded(pointer, self._load_or_keep(loaded))
        return loaded.serving

    def _load_or_keep(self, loaded: _Loaded | None) -> Serving:
        try:
            return self._load(self.current())
        except CorpusError as error:
            if loaded is None:
                raise
            name = loaded.serving.name
            _log.warning("Generation %s goes on answering, from memory. %s", name, error)
            return loaded.serving

    def _load(self, generation: Generation) -> Serving:
        if not follows_rule(generation.manifest, self._encoder.identify()):
            raise IndexMissing(
                "The index was made by another model or version. Run: footnote index"
            )
        snapshot = from_files(generation.files)
        speller = Speller(snapshot.words, is_word=self._encoder.is_one_piece)
        return Serving(generation.name, snapshot, speller)
