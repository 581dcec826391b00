"""What questions are answered from: one generation in memory, and one model.

Both are loaded when they are first needed. The generation is swapped as a whole when a newer one
is published; the model is used by one thread at a time.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import indexing
from index.errors import IndexMissing
from index.generation import Generation, GenerationStore
from index.manifests import LAYOUT, follows_rule
from index.models import ModelIdentity
from index.snapshot import Snapshot, from_files
from index.spelling import Speller
from index.terms import terms


class Encoder(indexing.Encoder, Protocol):
    """A loaded model."""

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

    Neither a model nor its tokenizer may be used by two threads at once, so each call waits for
    the one before; a question asked while documents are being embedded waits for one batch.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._encoder: Encoder | None = None
        self._turn = threading.Lock()
        self._use = threading.Lock()

    def identify(self) -> ModelIdentity:
        """Which model it is; not loaded for that."""
        return self._source.identify()

    @contextmanager
    def _held(self) -> Iterator[Encoder]:
        with self._turn:  # kept while waiting, so that who has just had the model comes after
            self._use.acquire()
        try:
            if self._encoder is None:
                self._encoder = self._source.load()
            yield self._encoder
        finally:
            self._use.release()

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
        """Unit rows, float32 [n, d]."""
        with self._held() as encoder:
            return encoder.embed_passages(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A unit vector, float32 [d]."""
        with self._held() as encoder:
            return encoder.embed_query(text)


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


class State:
    """The current generation of a store, loaded when it is first asked for."""

    def __init__(self, store: GenerationStore, encoder: SharedEncoder) -> None:
        self._store = store
        self._encoder = encoder
        self._loading = threading.Lock()
        self._serving: Serving | None = None
        self._pointer: str | None = None

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
        if found is None:
            raise IndexMissing("Nothing has been indexed yet. Run: footnote index")
        return found

    def serve(self) -> Serving:
        """The current generation, loaded; the one loaded before if that is still current.

        Raises:
            IndexMissing: nothing has been indexed by this version and model.
            DamagedGeneration: it was written wrongly.
        """
        with self._loading:
            # Read before the generation is: if that is newer by then, it is loaded once more.
            pointer = self._store.current_name()
            if self._serving is None or self._pointer != pointer:
                self._serving = self._load(self.current())
                self._pointer = pointer
            return self._serving

    def _load(self, generation: Generation) -> Serving:
        if not follows_rule(generation.manifest, self._encoder.identify()):
            raise IndexMissing(
                "The index was made by another model or version. Run: footnote index"
            )
        snapshot = from_files(generation.files)
        speller = Speller(snapshot.words, is_word=self._encoder.is_one_piece)
        return Serving(generation.name, snapshot, speller)
