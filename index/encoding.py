"""Sentence encoders as their makers built them: what loads a model, and what exports it.

The only module that imports sentence_transformers and torch, and only when a model is loaded:
that takes seconds and half a gigabyte, which asking should not cost.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.embedding import checked, refuse_long, unfit
from index.errors import EncoderError
from index.models import ModelFiles, ModelIdentity
from index.onnx_encoding import INPUTS, Traits

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_BATCH: Final = 8  # of similar lengths; larger ones spend their time on padding
_FEWEST_PIECES: Final = 64  # a sentence and what it is about; less would cut most sentences
_DOCUMENT_PROMPTS: Final = ("document", "passage", "corpus")
_QUERY_PROMPTS: Final = ("query",)
_OPSET: Final = 17
_SMALL: Final = 1024  # bytes of weights that stay in the network
_PAGE: Final = 4096  # bytes; where a file may be mapped from
_SAMPLE: Final = ("a", "a text of some more words")  # of two lengths, so that there is padding


class Unexportable(Exception):
    """The model is of a kind that has no export; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A model for another runtime, in memory; as ``Export`` says, once it has been written."""

    network: bytes = field(repr=False)
    weights: bytes = field(repr=False)
    tokenizer: str = field(repr=False)
    traits: Traits


class SentenceEncoder:
    """A loaded model. Not safe to use from several threads at once."""

    is_shareable: Final = False

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        """Wrap a model.

        Raises:
            EncoderError: its tokenizer is missing, or it reads too little of a text.
        """
        self._model = model
        self._tokenizer: Any = model.tokenizer
        self._prompt = _prompt(model, _DOCUMENT_PROMPTS)
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
        refuse_long(texts, pieces=self.pieces, most=self.most_pieces)
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

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same of several questions: float32 [n, d]."""
        rows = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            rows[row] = self.embed_query(text)
        return rows

    def export(self, *, weights: str) -> Exported:
        """The model for another runtime; whether it does the same there is to be seen.

        ``weights`` is the name of the file beside the network that will hold the weights.

        Raises:
            Unexportable: it has parts or a tokenizer of another kind than is understood here.
            Exception: whatever torch makes of a model that it cannot export.
        """
        sample = _exportable_sample(self._model)
        tokenizer: str = self._tokenizer.backend_tokenizer.to_str()
        traits = Traits(
            dimension=self.dimension,
            most_pieces=self.most_pieces,
            query_prompt=_prompt(self._model, _QUERY_PROMPTS),
            document_prompt=self._prompt,
        )
        network, apart = _without_weights(_network(self._model, sample), name=weights)
        return Exported(network, apart, tokenizer, traits)

    def _check(self) -> None:
        if len(self._tokenizer) <= len(self._tokenizer.all_special_tokens):
            raise unfit(
                self.identity, "has no tokenizer"
            )  # one is made up then, that knows no word
        if self.most_pieces < _FEWEST_PIECES:
            raise unfit(
                self.identity,
                f"reads {self.most_pieces} word pieces of a text; {_FEWEST_PIECES} are needed",
            )

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return checked(vectors, dimension=self.dimension, identity=self.identity)


def load_original(files: ModelFiles) -> SentenceEncoder:
    """Load a model as its makers built it; takes seconds.

    Raises:
        EncoderError: it is damaged, or no model of the kind.
    """
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


def _prompt(model: "SentenceTransformer", names: Sequence[str]) -> str:
    """What the model's makers want put before a text of a kind; it takes room too."""
    named = [name for name in names if name in model.prompts]
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


def _exportable_sample(model: "SentenceTransformer") -> "dict[str, torch.Tensor]":
    """What the network is given for a few texts, if it is of a kind that can be exported."""
    import torch

    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or {*kinds[2:]} - {"Dense", "Normalize"}:
        raise Unexportable(f"it is made of {', '.join(kinds)}")
    made = model.preprocess(list(_SAMPLE))
    sample = {name: one for name, one in made.items() if isinstance(one, torch.Tensor)}
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None or not sample.keys() <= {*INPUTS}:
        raise Unexportable(f"it reads {', '.join(sorted(sample))}")
    if not tokenizer.truncation or tokenizer.truncation["direction"] != "right":
        raise Unexportable("it does not cut long texts at their end")
    if not tokenizer.padding or tokenizer.padding["direction"] != "right":
        raise Unexportable("it does not pad short texts at their end")
    return {name: sample[name] for name in INPUTS if name in sample}


def _network(model: "SentenceTransformer", sample: "dict[str, torch.Tensor]") -> bytes:
    """From tokens to vectors, for any number of texts and tokens, in the format of ONNX."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = model(dict(zip(sample, tensors, strict=True)))[
                "sentence_embedding"
            ]
            return found

    written: Any = BytesIO()  # which its types forbid, and it takes
    axes = {name: {0: "texts", 1: "tokens"} for name in sample} | {"vectors": {0: "texts"}}
    with _plain_attention(model), warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole(), tuple(sample.values()), written, opset_version=_OPSET,
            input_names=list(sample), output_names=["vectors"], dynamic_axes=axes,
            dynamo=False,  # the newer way took 7 s for 1, and its networks a quarter more time
        )  # fmt: skip
    network: bytes = written.getvalue()
    return network


def _without_weights(network: bytes, *, name: str) -> tuple[bytes, bytes]:
    """The network, and its weights as they will stand in the file ``name`` beside it."""
    import onnx

    model = onnx.load_model_from_string(network)
    weights = bytearray()
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= _SMALL:
            weights += bytes(-len(weights) % _PAGE)
            onnx.external_data_helper.set_external_data(
                tensor, location=name, offset=len(weights), length=len(tensor.raw_data)
            )
            weights += tensor.raw_data
            tensor.ClearField("raw_data")
    return model.SerializeToString(), bytes(weights)


@contextmanager
def _plain_attention(model: "SentenceTransformer") -> Iterator[None]:
    """Attention step by step, which the other runtime puts together again better."""
    network: Any = model[0].model
    before = network.config._attn_implementation
    network.set_attn_implementation("eager")
    try:
        yield
    finally:
        network.set_attn_implementation(before)
