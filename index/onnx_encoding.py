"""An encoder's export: the same vectors as the original's, by ONNX Runtime."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.embedding import checked, of_parts, refuse_long
from index.feeding import Tokens, in_batches, padded
from index.models import ModelIdentity
from index.onnx_session import Export, OnnxNetwork, read_tokenizer
from index.pairing import Pieces
from index.records import Span

_MOST_THREADS: Final = 4


@dataclass(frozen=True, slots=True)
class Traits:
    """What encoding needs beside the network and the tokenizer.

    Attributes:
        dimension: how many numbers a vector has.
        most_pieces: how many word pieces of a text to be found are read.
        query_prompt: what is put before a question.
        document_prompt: what is put before a text to be found.
        tells_parts: whether a text's vector is the mean of its word pieces, which the network
            gives too.
    """

    dimension: int
    most_pieces: int
    query_prompt: str
    document_prompt: str
    tells_parts: bool


class OnnxEncoder:
    """An opened export. Safe to use from several threads at once."""

    is_shareable: Final = True

    def __init__(self, export: Export, identity: ModelIdentity) -> None:
        """Open the export of the model of that identity."""
        self._network = OnnxNetwork(export.network, export.words)
        self._written = export.tokenizer
        self._tokenizer = read_tokenizer(export.tokenizer)
        self._most_tokens = int((self._tokenizer.truncation or {})["max_length"])
        self._padding = int((self._tokenizer.padding or {})["pad_id"])
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._traits = traits = Traits(**export.traits)
        self.identity = identity
        self.dimension = traits.dimension
        self.most_pieces = traits.most_pieces
        """How many word pieces of a text are read; what goes beyond would be cut silently."""
        self.tells_parts = traits.tells_parts
        """Whether a text's vector is the mean of its word pieces, so that parts have one too."""

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """Where each word piece of ``text`` stands, half-open, in reading order."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def is_one_piece(self, word: str) -> bool:
        """Whether ``word`` stands whole in the model's vocabulary, as common words do."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found: float32 [n, d], unit rows, in the order given.

        Raises:
            ValueError: a text is longer than the model reads.
            EncoderError: the model answers something else than unit vectors.
        """
        refuse_long(texts, pieces=self.pieces, most=self.most_pieces)
        return self._embedded([self._traits.document_prompt + text for text in texts])

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same rows, and those of the parts of each text, one behind the other.

        Only of a model that tells them. Raises as ``embed_passages``.
        """
        refuse_long(texts, pieces=self.pieces, most=self.most_pieces)
        prompt = self._traits.document_prompt
        encodings = [self._encoding(prompt + text) for text in texts]
        rows = np.empty((len(texts), self.dimension), np.float32)
        found: list[NDArray[np.float32]] = [np.empty((0, self.dimension), np.float32)] * len(texts)

        def fill(batch: Sequence[int]) -> None:
            given = padded([encodings[at] for at in batch], padding=self._padding)
            told = self._network.run(given, outputs=("vectors", "tokens"))
            rows[batch] = _unit(told["vectors"])
            for at, tokens in zip(batch, told["tokens"], strict=True):
                moved = [Span(len(prompt) + p.start, len(prompt) + p.end) for p in parts[at]]
                places = encodings[at].offsets
                found[at] = of_parts(tokens[: len(places)], places, moved, rows[at])

        _side_by_side(fill, _batches(encodings), threads=_MOST_THREADS)
        both = (rows, np.concatenate(found) if found else rows)
        whole, pieces = (
            checked(one, dimension=self.dimension, identity=self.identity) for one in both
        )
        return whole, pieces

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: float32 [d], unit. What the model does not read is left out.

        Raises:
            EncoderError: as ``embed_passages``.
        """
        vector: NDArray[np.float32] = self.embed_queries([text])[0]
        return vector

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions, as ``embed_query``: float32 [n, d], on this thread alone.

        Those of a batch differ from those of one question alone by the last bits.

        Raises:
            EncoderError: as ``embed_passages``.
        """
        return self._embedded([self._traits.query_prompt + text for text in texts], threads=1)

    def _embedded(
        self, texts: Sequence[str], *, threads: int = _MOST_THREADS
    ) -> NDArray[np.float32]:
        encodings = [self._encoding(text) for text in texts]
        rows = np.empty((len(texts), self.dimension), np.float32)

        def fill(batch: Sequence[int]) -> None:
            rows[batch] = self._run([encodings[at] for at in batch])

        _side_by_side(fill, _batches(encodings), threads=threads)
        return checked(rows, dimension=self.dimension, identity=self.identity)

    def _encoding(self, text: str) -> Pieces:
        whole = self._tokenizer.encode(text)
        return whole if len(whole.ids) <= self._most_tokens else self._cut(text)

    @cached_property
    def _cut(self) -> Callable[[str], Pieces]:
        """Encodes long texts, which few questions are: it takes memory."""
        tokenizer = read_tokenizer(self._written)
        tokenizer.no_padding()
        return tokenizer.encode

    def _run(self, encodings: Sequence[Tokens]) -> NDArray[np.float32]:
        """Unit rows of one batch."""
        given = padded(encodings, padding=self._padding)
        return _unit(self._network.run(given, outputs=("vectors",))["vectors"])


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
    return unit


def _batches(encodings: Sequence[Tokens]) -> list[list[int]]:
    return list(in_batches([len(one.ids) for one in encodings]))


def _side_by_side(
    fill: Callable[[Sequence[int]], None], batches: Sequence[Sequence[int]], *, threads: int
) -> None:
    """Whole batches on a thread each: threads within a batch would wait for each other.

    One processor is left to who asks meanwhile.
    """
    threads = min(threads, processors() - 1, len(batches))
    if threads <= 1:
        for batch in batches:
            fill(batch)
        return
    from concurrent.futures import ThreadPoolExecutor  # 15 ms, which no question needs

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, batches))


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
