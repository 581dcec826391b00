"""A cheap stand-in for the model on large corpora, whose encoding would take hours.

A text's vector is that of the text most like it, by common words, among a few thousand that the
model has really encoded, moved by some noise. So vectors lie in clusters as real ones do, and what
is measured on them is everything but encoding. They are no good for finding the right answer.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.contestants.worker import cpu_seconds
from index.models import ModelIdentity, model_files
from index.records import Span

_WORDS: Final = 512  # columns that words are counted in
_NOISE: Final = 0.35  # length of what is added to a unit vector; cosines of siblings are about .9
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Encoded:
    """Texts that the model has encoded: float32 [n, d], unit rows."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]


class StandIn:
    """An encoder, and the source of it. Takes the identity and the tokenizer of the bundled model.

    So what it indexes can be asked with the model itself. ``seconds`` is the CPU time it has used.
    """

    is_shareable = False
    tells_parts = False

    def __init__(self, known: Encoded, questions: Encoded) -> None:
        """Questions among ``questions`` keep the vectors that the model gave them."""
        files = model_files(None)
        self.identity = files.identity
        self.dimension = known.vectors.shape[1]
        self.seconds = 0.0
        self._tokenizer = Tokenizer.from_file(str(files.folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.most_pieces = 256 - self._tokenizer.num_special_tokens_to_add(False)
        self._known = known
        self._counts = _counts(known.texts)
        self._questions = dict(zip(questions.texts, questions.vectors, strict=True))

    def identify(self) -> ModelIdentity:
        """The bundled model's."""
        return self.identity

    def load(self) -> "StandIn":
        """There is nothing to load."""
        return self

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """Where the word pieces of a text stand."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def is_one_piece(self, word: str) -> bool:
        """Whether a word is a single word piece."""
        return len(self.pieces(word)) == 1

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32 [n, d]; the same for the same text each time."""
        began = cpu_seconds()
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        nearest = (_counts(texts) @ self._counts.T).argmax(axis=1)
        noise = np.array([self._noise(text) for text in texts], np.float32)
        vectors: NDArray[np.float32] = _unit(self._known.vectors[nearest] + noise)
        self.seconds += cpu_seconds() - began
        return vectors

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same, and those of the parts as of texts of their own."""
        own = zip(texts, parts, strict=True)
        told = [text[one.start : one.end] for text, spans in own for one in spans]
        return self.embed_passages(texts), self.embed_passages(told)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The model's vector of a question that is known; of another a vector as of a text."""
        known = self._questions.get(text)
        found: NDArray[np.float32] = self.embed_passages([text])[0] if known is None else known
        return found

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same of several questions: float32 [n, d]."""
        return np.array([self.embed_query(text) for text in texts], np.float32)

    def _noise(self, text: str) -> NDArray[np.float64]:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        noise = chance.standard_normal((self.dimension,))
        scaled: NDArray[np.float64] = noise * (_NOISE / self.dimension**0.5)
        return scaled


def sentences_of(paragraphs: Sequence[str]) -> list[str]:
    """Roughly the sentences of paragraphs, each once."""
    return list(dict.fromkeys(one for text in paragraphs for one in _SENTENCE.split(text)))


def load_encoded(texts: Sequence[str], vectors: Path) -> Encoded:
    """Texts with the vectors that a file holds for them."""
    return Encoded(tuple(texts), np.load(vectors).astype(np.float32))


def _counts(texts: Sequence[str]) -> NDArray[np.float32]:
    """How often each text holds the words of each column, as unit rows: float32 [n, columns]."""
    counts = np.zeros((len(texts), _WORDS), np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            counts[row, zlib.crc32(word.encode()) % _WORDS] += 1
    return _unit(counts)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
