"""An encoder whose similarity means something and needs no model: overlap in words."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.models import ModelIdentity
from index.records import Span

DIMENSION = 256


class WordEncoder:
    """Texts that share words are near; each word is a word piece."""

    dimension = DIMENSION
    most_pieces = 64
    is_shareable = False
    tells_parts = False

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def pieces(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def is_one_piece(self, word: str) -> bool:
        return word in {"bread", "rocket", "break", "group"}

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        assert all(len(self.pieces(text)) <= self.most_pieces for text in texts)
        self.embedded += texts
        return np.array([_vector(text) for text in texts], np.float32).reshape(-1, DIMENSION)

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        own = zip(texts, parts, strict=True)
        told = [_vector(text[one.start : one.end]) for text, spans in own for one in spans]
        return self.embed_passages(texts), np.array(told, np.float32).reshape(-1, DIMENSION)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return _vector(text)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self.embed_query(text) for text in texts], np.float32)


class WordSource:
    """The word encoder under a name, as a library takes it."""

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.encoder = WordEncoder()
        self.loads = 0

    def identify(self) -> ModelIdentity:
        return ModelIdentity(self.name, "0")

    def load(self) -> WordEncoder:
        self.loads += 1
        return self.encoder


def _vector(text: str) -> NDArray[np.float32]:
    found = np.full(DIMENSION, 1e-3, np.float32)
    for word in re.findall(r"\w+", text.lower()):
        found[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % DIMENSION] += 1
    return (found / np.linalg.norm(found)).astype(np.float32)
