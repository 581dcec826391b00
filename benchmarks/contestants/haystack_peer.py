"""Haystack: its document store in memory, saved as JSON, with its sentence-transformers parts."""

from pathlib import Path

from haystack import Document
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.contestants.worker import paragraphs_of

_CPU = ComponentDevice.from_str("cpu")


class Haystack:
    """One document store in a file."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        self._file = str(folder / "store.json")
        self._model = str(model)

    def load(self) -> None:
        """Load the model."""
        self._documents = SentenceTransformersDocumentEmbedder(
            model=self._model, device=_CPU, normalize_embeddings=True, progress_bar=False
        )
        self._documents.warm_up()

    def build(self, documents: Path) -> None:
        """Index the paragraphs and save them."""
        texts = [Document(content=text) for text in paragraphs_of(Path(documents))]
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.write_documents(self._documents.run(documents=texts)["documents"])
        store.save_to_disk(self._file)

    def open(self) -> None:
        """Load the store."""
        self._store = InMemoryDocumentStore.load_from_disk(self._file)
        self._question = SentenceTransformersTextEmbedder(
            model=self._model, device=_CPU, normalize_embeddings=True, progress_bar=False
        )
        self._question.warm_up()

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        vector = self._question.run(text=question)["embedding"]
        return str(self._store.embedding_retrieval(vector, top_k=10)[0].content)


make = Haystack
