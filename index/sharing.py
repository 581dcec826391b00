"""The one model of a process, for all of its threads."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import indexing
from index.batching import Batching, few_at_a_time
from index.models import ModelIdentity
from index.onnx_encoding import processors
from index.records import Span
from index.remembered import Remembered

_REMEMBERED = 1_024
"""Questions whose vectors are kept: a megabyte and a half."""


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

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same of several questions at once: unit rows, float32 [n, d]."""
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

    An encoder that several threads may use at once is used so; questions that come at once are
    encoded together. With any other, each call waits for the one before; a question asked while
    documents are being embedded waits for a few texts.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._encoder: Encoder | None = None
        self._batching: Batching | None = None
        self._turn = threading.Lock()
        self._use = threading.Lock()
        self._user: int | None = None
        self._vectors: Remembered[str, NDArray[np.float32]] = Remembered(_REMEMBERED)

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
            found = self._source.load()
            if found.is_shareable:
                # One processor is left to who searches meanwhile.
                leaders = max(1, processors() - 1)
                self._batching = Batching(found.embed_queries, leaders=leaders)
            self._encoder = found
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

    @property
    def tells_parts(self) -> bool:
        """Whether parts of a text have vectors from the same run."""
        with self._held() as encoder:
            return encoder.tells_parts

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
        found = [self._embed_few(few) for few in few_at_a_time(texts)]
        return np.concatenate(found) if found else self._embed_few(())

    def _embed_few(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._held() as encoder:
            return encoder.embed_passages(texts)

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same rows, and those of the parts of each text. Questions come in between."""
        if self._shared is not None:
            return self._shared.embed_parts(texts, parts)
        rows: list[NDArray[np.float32]] = []
        found: list[NDArray[np.float32]] = []
        for text, own in zip(texts, parts, strict=True):
            with self._held() as encoder:
                row, told = encoder.embed_parts([text], [own])
            rows.append(row)
            found.append(told)
        none = np.empty((0, self.dimension), np.float32)
        return np.concatenate([none, *rows]), np.concatenate([none, *found])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A unit vector, float32 [d], not to be written to.

        A question encoded with others may get another vector than alone, by the last bits: some
        1e-7 in each number. Vectors of the last questions are kept.
        """
        return self._vectors.recall(text, lambda: self._embedded(text))

    def forget_questions(self) -> None:
        """Keep no vector, and so no text, of any question that was asked until now."""
        self._vectors.forget()

    def _embedded(self, text: str) -> NDArray[np.float32]:
        if self._batching is not None:
            found = self._batching.embed(text).copy()  # a row would keep its whole batch
        else:
            with self._held() as encoder:
                found = encoder.embed_query(text)
        found.setflags(write=False)
        return found
