"""Chroma: a persistent collection."""

from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

from benchmarks.contestants.worker import paragraphs_of


class Chroma:
    """One collection in a folder."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        self._folder = str(folder)
        self._model = str(model)

    def load(self) -> None:
        """Load the model, and make or open the collection."""
        encode = SentenceTransformerEmbeddingFunction(
            model_name=self._model, device="cpu", normalize_embeddings=True
        )
        client = chromadb.PersistentClient(path=self._folder)
        self._collection = client.get_or_create_collection(
            "paragraphs", embedding_function=encode, metadata={"hnsw:space": "ip"}
        )

    def build(self, documents: Path) -> None:
        """Add the paragraphs, which stores them."""
        texts = paragraphs_of(Path(documents))
        self._collection.add(documents=texts, ids=[str(n) for n in range(len(texts))])

    def open(self) -> None:
        """Open the collection."""
        self.load()

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        found = self._collection.query(query_texts=[question], n_results=10)
        return str(found["documents"][0][0])


make = Chroma
