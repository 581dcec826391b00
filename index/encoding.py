"""Sentence encoders: text into unit vectors.

The only module that imports sentence_transformers and torch, and only when a model is loaded:
that takes seconds and half a gigabyte, which listing documents should not cost.
"""

import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.models import BUNDLED, ModelFiles, ModelIdentity, identify, model_files

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ("BUNDLED", "ModelIdentity", "ModelSource", "SentenceEncoder", "identify")

_BATCH: Final = 8  # of similar lengths; larger ones spend their time on padding
_FEWEST_PIECES: Final = 64  # a sentence and what it is about; less would cut most sentences
_DOCUMENT_PROMPTS: Final = ("document", "passage", "corpus")


class ModelSource:
    """Where a model comes from: known cheaply, loaded only when it is needed.

    ``model`` is a local folder or the name of a model on the hub; None is the bundled model. What
    is on this disk is loaded without a look at the network.
    """

    def __init__(self, model: str | None = None) -> None:
        self._model = model

    def identify(self) -> ModelIdentity:
        """Which model it is, its weights verified if it is the bundled one; not loaded.

        A model on the hub is fetched the first time.

        Raises:
            EncoderError: it is missing or damaged, or cannot be fetched.
        """
        return self._files.identity

    def load(self) -> "SentenceEncoder":
        """Load the model; takes seconds.

        Raises:
            EncoderError: it is missing or damaged, cannot be fetched, or is no model of the kind.
        """
        files = self._files
        try:
            return SentenceEncoder(_load(files.folder), files.identity)
        except EncoderError:
            raise
        except Exception as error:  # a damaged model makes the libraries stumble anywhere
            reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
            raise EncoderError(
                f"The model {files.identity.name} cannot be loaded: {reason}. "
                "FOOTNOTE_MODEL must be a folder with a sentence-transformers model, or the name "
                "of one on the model hub."
            ) from error

    @cached_property
    def _files(self) -> ModelFiles:
        return model_files(self._model)


class SentenceEncoder:
    """A loaded model. Not safe to use from several threads at once."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        """Wrap a model.

        Raises:
            EncoderError: its tokenizer is missing, or it reads too little of a text.
        """
        self._model = model
        self._tokenizer: Any = model.tokenizer
        self._prompt = _document_prompt(model)
        self.identity = identity
        self.dimension = int(model.get_embedding_dimension() or 0)
        special = self._tokenizer.num_special_tokens_to_add(pair=False)
        taken = special + len(self.pieces(self._prompt))
        self.most_pieces = int(model.max_seq_length or 512) - taken
        """How many word pieces of a text are read; what goes beyond would be cut silently."""
        self._check()

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
            list(texts), prompt=self._prompt, batch_size=_BATCH, convert_to_numpy=True,
            normalize_embeddings=True, show_progress_bar=False,
        )  # fmt: skip
        return self._checked(np.asarray(found, np.float32))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: float32 [d], unit. What the model does not read is left out.

        Raises:
            EncoderError: as ``embed_passages``.
        """
        found = self._model.encode_query(
            text, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        vector: NDArray[np.float32] = self._checked(np.asarray(found, np.float32)[np.newaxis])[0]
        return vector

    def _check(self) -> None:
        if len(self._tokenizer) <= len(self._tokenizer.all_special_tokens):
            raise self._unfit("has no tokenizer")  # one is made up then, that knows no word
        if self.most_pieces < _FEWEST_PIECES:
            raise self._unfit(
                f"reads {self.most_pieces} word pieces of a text; {_FEWEST_PIECES} are needed"
            )

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        lengths = np.linalg.norm(vectors, axis=-1)
        if vectors.shape[1:] != (self.dimension,) or not np.allclose(lengths, 1, atol=1e-3):
            raise self._unfit(f"gives something else than unit vectors of {self.dimension} numbers")
        return vectors

    def _unfit(self, why: str) -> EncoderError:
        return EncoderError(
            f"The model {self.identity.name} {why}. Mend it, or choose another FOOTNOTE_MODEL."
        )


def _document_prompt(model: "SentenceTransformer") -> str:
    """What the model's makers want put before a text to be found; it takes room too."""
    named = [name for name in _DOCUMENT_PROMPTS if name in model.prompts]
    name = named[0] if named else model.default_prompt_name
    return (model.prompts.get(name) if name else None) or ""


def _load(folder: Path) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # On a busy machine two threads wait for each other: a question took 300 ms instead of 15.
    torch.set_num_threads(1)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
