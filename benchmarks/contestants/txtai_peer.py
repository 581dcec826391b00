"""txtai: its embeddings database, with the texts in it."""

from pathlib import Path

from txtai import Embeddings

from benchmarks.contestants.worker import paragraphs_of


class Txtai:
    """One database in a folder."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        self._folder = str(folder)
        self._model = str(model)

    def load(self) -> None:
        """Load the model."""
        self._database = Embeddings(
            path=self._model, method="sentence-transformers", content=True, backend="faiss",
            gpu=False,
        )  # fmt: skip
        self._database.batchtransform(["ready?"])

    def build(self, documents: Path) -> None:
        """Index the paragraphs and save them."""
        self._database.index(paragraphs_of(Path(documents)))
        self._database.save(self._folder)

    def open(self) -> None:
        """Load the database."""
        self._database = Embeddings()
        self._database.load(self._folder)

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        return str(self._database.search(question, 10)[0]["text"])


make = Txtai
