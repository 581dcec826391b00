"""LangChain: its vector store over faiss, with embeddings of Hugging Face."""

from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.contestants.worker import paragraphs_of


class LangChain:
    """One vector store in a folder."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        self._folder = str(folder)
        self._model = str(model)

    def load(self) -> None:
        """Load the model."""
        self._embeddings = HuggingFaceEmbeddings(
            model_name=self._model,
            model_kwargs={"device": "cpu"},
            encode_kwargs={"normalize_embeddings": True},
        )

    def build(self, documents: Path) -> None:
        """Index the paragraphs and save them."""
        store = FAISS.from_texts(paragraphs_of(Path(documents)), self._embeddings)
        store.save_local(self._folder)

    def open(self) -> None:
        """Load the store, whose texts are a pickle of its own."""
        self.load()
        self._store = FAISS.load_local(
            self._folder, self._embeddings, allow_dangerous_deserialization=True
        )

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        return str(self._store.similarity_search(question, k=10)[0].page_content)


make = LangChain
