"""The reference's files: vectors in an exact faiss index, and their paragraphs."""

import json
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


def write(folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Store paragraphs with their vectors."""
    folder.mkdir(parents=True, exist_ok=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "texts.json").write_text(json.dumps(list(texts)), "utf-8")
