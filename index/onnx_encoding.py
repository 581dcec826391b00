"""A model's export: the same vectors as the original's, by ONNX Runtime.

The only module that imports onnxruntime and tokenizers, and only when an export is opened. Neither
brings torch along: opening takes a tenth of the time and a third of the memory.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.embedding import checked, refuse_long
from index.models import ModelIdentity

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

TOKENS_AT_ONCE: Final = 320  # of a batch; larger ones outgrow the processor's cache
_MOST_THREADS: Final = 4

INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
"""What a network may read: int64 [texts, tokens] each."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What encoding needs beside the network and the tokenizer.

    Attributes:
        dimension: how many numbers a vector has.
        most_pieces: how many word pieces of a text to be found are read.
        query_prompt: what is put before a question.
        document_prompt: what is put before a text to be found.
    """

    dimension: int
    most_pieces: int
    query_prompt: str
    document_prompt: str


@dataclass(frozen=True, slots=True)
class Export:
    """A model's export on this disk.

    Attributes:
        network: a file in the format of ONNX, with its weights in another beside it. Of
            ``INPUTS``, or some of them, it gives vectors [texts, dimension].
        tokenizer: in the JSON of tokenizers, with the truncation and padding that the model wants.
        traits: of the model.
    """

    network: Path
    tokenizer: str = field(repr=False)
    traits: Traits


class OnnxEncoder:
    """An opened export. Safe to use from several threads at once."""

    is_shareable: Final = True

    def __init__(self, export: Export, identity: ModelIdentity) -> None:
        """Open the export of the model of that identity."""
        self._session = _opened(export.network)
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._written = export.tokenizer
        self._tokenizer = _tokenizer(export.tokenizer)
        self._most_tokens = int((self._tokenizer.truncation or {})["max_length"])
        self._padding = int((self._tokenizer.padding or {})["pad_id"])
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._traits = traits = export.traits
        self.identity = identity
        self.dimension = traits.dimension
        self.most_pieces = traits.most_pieces
        """How many word pieces of a text are read; what goes beyond would be cut silently."""

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
        batches = list(in_batches([len(one.ids) for one in encodings]))
        rows = np.empty((len(texts), self.dimension), np.float32)

        def fill(batch: Sequence[int]) -> None:
            rows[batch] = self._run([encodings[at] for at in batch])

        _side_by_side(fill, batches, threads=threads)
        return checked(rows, dimension=self.dimension, identity=self.identity)

    def _encoding(self, text: str) -> "Encoding":
        whole = self._tokenizer.encode(text)
        return whole if len(whole.ids) <= self._most_tokens else self._cutting.encode(text)

    @cached_property
    def _cutting(self) -> "Tokenizer":
        """One that cuts long texts, which few questions are: it takes memory."""
        tokenizer = _tokenizer(self._written)
        tokenizer.no_padding()
        return tokenizer

    def _run(self, encodings: "Sequence[Encoding]") -> NDArray[np.float32]:
        """Unit rows of one batch."""
        shape = (len(encodings), max(len(one.ids) for one in encodings))
        fed = {name: np.zeros(shape, np.int64) for name in INPUTS}
        fed["input_ids"] += self._padding
        for row, one in enumerate(encodings):
            there = slice(len(one.ids))
            fed["input_ids"][row, there] = one.ids
            fed["attention_mask"][row, there] = one.attention_mask
            fed["token_type_ids"][row, there] = one.type_ids
        (found,) = self._session.run(None, {name: fed[name] for name in self._inputs})
        vectors = np.asarray(found, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
        return unit


def in_batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places in ``lengths``, neighbours in length together, so that little is padding.

    Each comes once; padded to the longest, a batch of several has at most ``TOKENS_AT_ONCE``.
    """
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batch and (len(batch) + 1) * lengths[at] > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


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


def _tokenizer(written: str) -> "Tokenizer":
    from tokenizers import Tokenizer

    return Tokenizer.from_str(written)


def _opened(network: Path) -> "InferenceSession":
    # Newer versions than ours tell their maker of each process and model unless this is set; it is
    # for the library, so it goes where a library in C looks, and not into os.environ.
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # the same for Windows
    options = onnxruntime.SessionOptions()
    # One thread a batch: on a busy machine several wait for each other, and spin meanwhile.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors, which are raised too
    # By its path, so that the weights beside it are mapped: half of them are of words nobody says.
    return onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
