"""The reference: sentence-transformers as it is installed, and an exact faiss index of vectors."""

import json
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.contestants.flat import write
from benchmarks.contestants.worker import paragraphs_of


class Limit:
    """Encodes, and searches; no more."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        faiss.omp_set_num_threads(threads)
        self._folder = folder
        self._files = model

    def load(self) -> None:
        """Load the model."""
        self._model = SentenceTransformer(str(self._files), device="cpu", local_files_only=True)

    def build(self, documents: Path) -> None:
        """Encode the paragraphs and write them."""
        texts = paragraphs_of(Path(documents))
        write(self._folder, texts, self.encode(texts))

    def open(self) -> None:
        """Load the model and what was written."""
        self.load()
        self._index = faiss.read_index(str(self._folder / "index.faiss"))
        self._texts = json.loads((self._folder / "texts.json").read_text("utf-8"))

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        _, rows = self._index.search(self.encode([question]), 10)
        return str(self._texts[rows[0][0]])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32 [n, d]."""
        return self._model.encode(
            list(texts),
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )

    def encode_into(self, texts: Sequence[str], out: str) -> None:
        """Encode texts, and keep their vectors in a file."""
        np.save(out, self.encode(texts))

    def encode_only(self, texts: Sequence[str]) -> None:
        """Encode texts, for the time that takes."""
        self.encode(texts)


make = Limit
