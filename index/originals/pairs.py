"""Readers and rerankers as their makers built them: what loads one, and what exports it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.embedding import unfit
from index.errors import EncoderError
from index.feeding import INPUTS
from index.models import ModelFiles, ModelIdentity
from index.network_reading import NetworkReader, NetworkReranker
from index.onnx_reading import PairTraits, layout_of
from index.originals.network import Exported, exported
from index.originals.runtime import (
    calm_down,
    load_model,
    load_tokenizer,
    not_loaded,
    run,
    traced,
)
from index.pairing import Pieces

if TYPE_CHECKING:
    from index.originals.runtime import Tensor

_MOST_TOKENS: Final = 384
"""Of a row. Models for this were made with so many; a sentence and its context have far fewer."""
_FEWEST_TOKENS: Final = 96  # a question and most sentences; less would cut too many

_READER_OUTPUTS: Final = ("start_logits", "end_logits")
_RERANKER_OUTPUTS: Final = ("logits",)


class _Pair:
    """What reads pairs: a network of torch and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any, outputs: Sequence[str]) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.inputs = [name for name in INPUTS if name in tokenizer.model_input_names]
        self.outputs = outputs
        most = min(_MOST_TOKENS, tokenizer.model_max_length, _most_positions(model.config))
        self.traits = PairTraits(
            most_tokens=most, padding=tokenizer.pad_token_id or 0, first=tokenizer.cls_token_id
        )

    def run(self, fed: Mapping[str, NDArray[np.int64]]) -> dict[str, NDArray[np.float32]]:
        return run(self.model, {name: fed[name] for name in self.inputs}, self.outputs)

    def encode(
        self, sequence: str, pair: str | None = None, *, add_special_tokens: bool = True
    ) -> Pieces:
        """As ``pairing.Tokenizer``: asked as the makers ask it, so that its export can be held."""
        found = self.tokenizer(
            [sequence],
            None if pair is None else [pair],  # alone, one that is empty would be taken for none
            add_special_tokens=add_special_tokens,
            truncation=False,
            padding=False,
            verbose=False,
        )
        pieces: Pieces = found.encodings[0]
        return pieces

    def export(self, *, weights: str, axes: Sequence[str]) -> Exported:
        network = traced(
            self.model,
            self._sample(),
            outputs=dict.fromkeys(self.outputs, axes),
            forward=lambda fed: tuple(self.model(**fed)[name] for name in self.outputs),
            attending=self.model,
        )
        written: str = self.tokenizer.backend_tokenizer.to_str()
        return exported(network, weights=weights, tokenizer=written, traits=asdict(self.traits))

    def _sample(self) -> "dict[str, Tensor]":
        """Two pairs of two lengths, so that there is padding."""
        made: Any = self.tokenizer(
            ["a", "a text"], ["b", "of some more words"], padding=True, return_tensors="pt"
        )
        return {name: made[name] for name in self.inputs}


def _most_positions(config: Any) -> int:
    """How many word pieces the network has places for; some count from behind the padding's."""
    return int(getattr(config, "max_position_embeddings", None) or _MOST_TOKENS + 2) - 2


class OriginalReader(NetworkReader):
    """A loaded reader. Not safe to use from several threads at once."""

    is_shareable: Final = False

    def __init__(self, model: Any, tokenizer: Any, identity: ModelIdentity) -> None:
        """Wrap a transformers model for question answering, and its tokenizer."""
        self._pair = _Pair(model, tokenizer, _READER_OUTPUTS)
        traits = self._pair.traits
        layout = layout_of(self._pair, traits)
        super().__init__(self._pair, layout, padding=traits.padding, identity=identity)

    def export(self, *, weights: str) -> Exported:
        """The model for another runtime; whether it does the same there is to be seen.

        Raises:
            Exception: whatever torch makes of a model that it cannot export.
        """
        return self._pair.export(weights=weights, axes=("texts", "tokens"))


class OriginalReranker(NetworkReranker):
    """A loaded reranker. Not safe to use from several threads at once."""

    is_shareable: Final = False

    def __init__(self, model: Any, tokenizer: Any, identity: ModelIdentity) -> None:
        """Wrap a transformers model that classifies, and its tokenizer."""
        self._pair = _Pair(model, tokenizer, _RERANKER_OUTPUTS)
        traits = self._pair.traits
        most, padding = traits.most_tokens, traits.padding
        super().__init__(
            self._pair, self._pair, most_tokens=most, padding=padding, identity=identity
        )

    def export(self, *, weights: str) -> Exported:
        """As that of ``OriginalReader``."""
        return self._pair.export(weights=weights, axes=("texts",))


def load_reader(files: ModelFiles) -> OriginalReader:
    """Load a reader as its makers built it; takes seconds.

    Raises:
        EncoderError: it is damaged, or no model of the kind.
    """
    model, tokenizer = _loaded("AutoModelForQuestionAnswering", files)
    return OriginalReader(model, tokenizer, files.identity)


def load_reranker(files: ModelFiles) -> OriginalReranker:
    """Load a reranker as its makers built it; takes seconds.

    Raises:
        EncoderError: it is damaged, or no model of the kind.
    """
    model, tokenizer = _loaded("AutoModelForSequenceClassification", files)
    if model.config.num_labels != 1:
        why = f"gives {model.config.num_labels} numbers for a text instead of one"
        raise unfit(files.identity, why, setting=files.role.setting)
    return OriginalReranker(model, tokenizer, files.identity)


def _loaded(kind: str, files: ModelFiles) -> tuple[Any, Any]:
    calm_down()
    try:
        model, tokenizer = load_model(kind, files), load_tokenizer(files)
    except EncoderError:
        raise
    except Exception as error:  # a damaged model makes the libraries stumble anywhere
        raise not_loaded(files, error) from error
    most = min(tokenizer.model_max_length, _most_positions(model.config))
    if most < _FEWEST_TOKENS:
        why = f"reads {most} word pieces at once; {_FEWEST_TOKENS} are needed"
        raise unfit(files.identity, why, setting=files.role.setting)
    unknown = {*tokenizer.model_input_names} - {*INPUTS}
    if unknown:
        why = f"reads {', '.join(sorted(unknown))}, which nothing here gives"
        raise unfit(files.identity, why, setting=files.role.setting)
    return model, tokenizer
