"""LlamaIndex: its own vector store, with embeddings of Hugging Face."""

from pathlib import Path

from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.contestants.worker import paragraphs_of


class LlamaIndex:
    """One index in a folder."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        self._folder = str(folder)
        self._model = str(model)

    def load(self) -> None:
        """Load the model."""
        self._embedding = HuggingFaceEmbedding(model_name=self._model, device="cpu")

    def build(self, documents: Path) -> None:
        """Index the paragraphs and persist them."""
        nodes = [TextNode(text=text) for text in paragraphs_of(Path(documents))]
        index = VectorStoreIndex(nodes, embed_model=self._embedding)
        index.storage_context.persist(persist_dir=self._folder)

    def open(self) -> None:
        """Load the index."""
        self.load()
        storage = StorageContext.from_defaults(persist_dir=self._folder)
        index = load_index_from_storage(storage, embed_model=self._embedding)
        self._retriever = index.as_retriever(similarity_top_k=10)

    def ask(self, question: str) -> str:
        """The nearest paragraph of ten."""
        return str(self._retriever.retrieve(question)[0].node.get_content())


make = LlamaIndex
