"""The one reader and the one reranker of a process, for all of its threads."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index import reading, reranking
from index.bundled_reader import BundledReaderSource
from index.encoders import ReaderSource, RerankerSource
from index.models import ModelIdentity
from index.reading import Extract, Reading


class Shareable(Protocol):
    """A loaded model."""

    @property
    def is_shareable(self) -> bool:
        """Whether several threads may use it at once."""
        ...


class Reader(reading.Reader, Shareable, Protocol):
    """A loaded reader."""


class Reranker(reranking.Reranker, Shareable, Protocol):
    """A loaded reranker."""


ModelT_co = TypeVar("ModelT_co", bound=Shareable, covariant=True)
ModelT = TypeVar("ModelT", bound=Shareable)


class Source(Protocol[ModelT_co]):
    """A model that is known before it is loaded."""

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        ...

    def load(self) -> ModelT_co:
        """Load it; may take seconds."""
        ...


class _Shared(Generic[ModelT]):
    """A source's model, loaded once, when it is first needed. Safe to use from several threads.

    One that several threads may not use at once is used in turns. A model that could not be loaded
    is tried again at the next use.
    """

    def __init__(self, source: Source[ModelT]) -> None:
        self._source = source
        self._model: ModelT | None = None
        self._loading = threading.Lock()
        self._use = threading.Lock()

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is; not loaded for that.

        Raises:
            EncoderError: it is missing or damaged, or cannot be fetched.
        """
        return self._source.identify()

    def warm_up(self) -> None:
        """Load it now.

        Raises:
            EncoderError: it cannot be.
        """
        self._loaded()

    def _loaded(self) -> ModelT:
        if self._model is None:
            with self._loading:
                self._model = self._model or self._source.load()
        return self._model

    @contextmanager
    def _held(self) -> Iterator[ModelT]:
        model = self._loaded()
        if model.is_shareable:
            yield model
            return
        with self._use:
            yield model


class SharedReader(_Shared[Reader]):
    """A reader for all threads."""

    def read(self, question: str, extracts: Sequence[Extract]) -> list[Reading]:
        """As ``Reader`` promises; it is loaded for the first. Raises EncoderError as that does."""
        with self._held() as reader:
            return reader.read(question, extracts)


class SharedReranker(_Shared[Reranker]):
    """A reranker for all threads."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """As ``Reranker`` promises; it is loaded for the first. Raises EncoderError likewise."""
        with self._held() as reranker:
            return reranker.score(question, texts)


@dataclass(frozen=True, slots=True)
class CloserLook:
    """The models that may look closer at the best candidates; None: there is none."""

    reader: reading.Reader | None = None
    reranker: reranking.Reranker | None = None

    def warm_up(self) -> None:
        """Load them now. Raises EncoderError where one cannot be."""
        for model in (self.reader, self.reranker):
            if isinstance(model, _Shared):
                model.warm_up()


NO_CLOSER_LOOK: Final = CloserLook()


def closer_look(reader: str | None, reranker: str | None, *, exports: Path) -> CloserLook:
    """These models, each a local folder or a hub name; not loaded yet. None is our own reader."""
    return CloserLook(
        reader=SharedReader(
            ReaderSource(reader, exports=exports) if reader else BundledReaderSource()
        ),
        reranker=SharedReranker(RerankerSource(reranker, exports=exports)) if reranker else None,
    )
