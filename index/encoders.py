"""Models by what they are for: which are meant, and what they are once they are loaded."""

from pathlib import Path
from typing import TypeAlias

from index.families import ENCODERS, READERS, RERANKERS
from index.models import NO_PREFIXES, Prefixes
from index.onnx_encoding import OnnxEncoder
from index.onnx_reading import OnnxReader, OnnxReranker
from index.originals.encoder import SentenceEncoder
from index.originals.pairs import OriginalReader, OriginalReranker
from index.sources import Source

LoadedEncoder: TypeAlias = OnnxEncoder | SentenceEncoder
LoadedReader: TypeAlias = OnnxReader | OriginalReader
LoadedReranker: TypeAlias = OnnxReranker | OriginalReranker


class ModelSource(Source[SentenceEncoder, OnnxEncoder]):
    """An encoder; None is the bundled one. ``prefixes`` go before what its makers did not say."""

    def __init__(
        self,
        model: str | None = None,
        *,
        exports: Path | None = None,
        prefixes: Prefixes = NO_PREFIXES,
    ) -> None:
        super().__init__(ENCODERS, model, exports=exports, prefixes=prefixes)


class ReaderSource(Source[OriginalReader, OnnxReader]):
    """A reader: any model for extractive question answering."""

    def __init__(self, model: str, *, exports: Path | None = None) -> None:
        super().__init__(READERS, model, exports=exports)


class RerankerSource(Source[OriginalReranker, OnnxReranker]):
    """A reranker: a cross-encoder with one score."""

    def __init__(self, model: str, *, exports: Path | None = None) -> None:
        super().__init__(RERANKERS, model, exports=exports)
