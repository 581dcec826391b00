"""Sentence encoders as their makers built them: what loads one, and what exports it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.embedding import checked, of_parts, refuse_long, unfit
from index.errors import EncoderError
from index.feeding import INPUTS
from index.models import ModelFiles, ModelIdentity, Prefixes
from index.onnx_encoding import Traits
from index.originals.network import Exported, Unexportable, exported
from index.originals.runtime import load_sentence_model, not_loaded, tensors, traced
from index.records import Span

if TYPE_CHECKING:
    from index.originals.runtime import SentenceModel, Tensor

_BATCH: Final = 8  # of similar lengths; larger ones spend their time on padding
_FEWEST_PIECES: Final = 64  # a sentence and what it is about; less would cut most sentences
_DOCUMENT_PROMPTS: Final = ("document", "passage", "corpus")
_QUERY_PROMPTS: Final = ("query",)
_SAMPLE: Final = ("a", "a text of some more words")  # of two lengths, so that there is padding


class SentenceEncoder:
    """A loaded model. Not safe to use from several threads at once."""

    is_shareable: Final = False

    def __init__(self, model: "SentenceModel", identity: ModelIdentity) -> None:
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
        self.tells_parts = _is_mean(model)
        """Whether a text's vector is the mean of its word pieces, so that parts have one too."""
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

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same rows, and those of the parts of each text, one behind the other.

        Only of a model that tells them. Raises as ``embed_passages``.
        """
        rows = self.embed_passages(texts)
        tokens = self._model.encode_document(
            list(texts), prompt=self._prompt, batch_size=_BATCH, show_progress_bar=False,
            output_value="token_embeddings",
        ) if texts else []  # fmt: skip
        found = [np.empty((0, self.dimension), np.float32)]
        for text, row, own, told in zip(texts, rows, parts, tokens, strict=True):
            before = len(self._prompt)
            moved = [Span(before + one.start, before + one.end) for one in own]
            places = self._places(self._prompt + text)
            found.append(of_parts(np.asarray(told, np.float32), places, moved, row))
        return rows, self._checked(np.concatenate(found))

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where each of its tokens stands, those put around it too."""
        found = self._tokenizer(text, return_offsets_mapping=True, truncation=False, verbose=False)
        return [(int(start), int(end)) for start, end in found["offset_mapping"]]

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
            tells_parts=self.tells_parts,
        )
        whole = _network(self._model, sample, with_tokens=self.tells_parts)
        return exported(whole, weights=weights, tokenizer=tokenizer, traits=asdict(traits))

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


def load_encoder(files: ModelFiles) -> SentenceEncoder:
    """Load a model as its makers built it; takes seconds.

    Raises:
        EncoderError: it is damaged, or no model of the kind.
    """
    try:
        return SentenceEncoder(_load(files.folder, files.prefixes), files.identity)
    except EncoderError:
        raise
    except Exception as error:  # a damaged model makes the libraries stumble anywhere
        raise not_loaded(files, error) from error


def _prompt(model: "SentenceModel", names: Sequence[str]) -> str:
    """What the model's makers want put before a text of a kind; it takes room too."""
    named = [name for name in names if name in model.prompts]
    name = named[0] if named else model.default_prompt_name
    return (model.prompts.get(name) if name else None) or ""


def _load(folder: Path, prefixes: Prefixes) -> "SentenceModel":
    model = load_sentence_model(folder)
    given = {_QUERY_PROMPTS[0]: prefixes.query, _DOCUMENT_PROMPTS[0]: prefixes.passage}
    model.prompts |= {name: prefix for name, prefix in given.items() if prefix is not None}
    return model


def _exportable_sample(model: "SentenceModel") -> "dict[str, Tensor]":
    """What the network is given for a few texts, if it is of a kind that can be exported."""
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or {*kinds[2:]} - {"Dense", "Normalize"}:
        raise Unexportable(f"it is made of {', '.join(kinds)}")
    made = model.preprocess(list(_SAMPLE))
    sample = tensors(made)
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None or not sample.keys() <= {*INPUTS}:
        raise Unexportable(f"it reads {', '.join(sorted(sample))}")
    if not tokenizer.truncation or tokenizer.truncation["direction"] != "right":
        raise Unexportable("it does not cut long texts at their end")
    if not tokenizer.padding or tokenizer.padding["direction"] != "right":
        raise Unexportable("it does not pad short texts at their end")
    return {name: sample[name] for name in INPUTS if name in sample}


def _is_mean(model: "SentenceModel") -> bool:
    """Whether its vectors are the mean of its word pieces, all of them, and nothing comes after.

    Of one that pads short texts in front, word pieces would have to be looked for behind padding.
    """
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or {*kinds[2:]} - {"Normalize"}:
        return False
    if model.tokenizer.padding_side != "right":
        return False
    return model[1].pooling_mode == "mean" and bool(model[1].include_prompt)


def _network(model: "SentenceModel", sample: "dict[str, Tensor]", *, with_tokens: bool) -> bytes:
    """From tokens to vectors, for any number of texts and tokens, in the format of ONNX."""
    outputs = {"vectors": ["texts"]} | ({"tokens": ["texts", "tokens"]} if with_tokens else {})

    def forward(fed: "dict[str, Tensor]") -> Any:
        found = model(fed)
        vectors = found["sentence_embedding"]
        return (vectors, found["token_embeddings"]) if with_tokens else vectors

    return traced(model, sample, outputs=outputs, forward=forward, attending=model[0].model)
