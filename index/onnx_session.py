"""Exports of models, opened by ONNX Runtime.

The only module that imports onnxruntime and tokenizers, and only when an export is opened. Neither
brings torch along: opening takes a tenth of the time and a third of the memory.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.word_vectors import WordTable, WordVectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


WORDS: Final = "words"
"""What a network reads in place of ``input_ids`` if it has not the vectors of words: float32
[texts, tokens, d]."""


@dataclass(frozen=True, slots=True)
class Export:
    """A model's export on this disk.

    Attributes:
        network: a file in the format of ONNX, with its weights in another beside it. It reads
            ``feeding.INPUTS``, or some of them.
        tokenizer: in the JSON of tokenizers.
        traits: what else is needed to use it, as plain values; whose, its kind of model tells.
        words: where the vectors are that the network wants as ``WORDS``, in a file beside it or, as
            it is seen from there, in the model's folder; None: it has them itself.
    """

    network: Path
    tokenizer: str = field(repr=False)
    traits: Mapping[str, Any]
    words: WordTable | None = None

    def of(self, model: Path) -> "Export":
        """The same, of the model in that folder."""
        return replace(self, words=self.words.within(model)) if self.words else self


class OnnxNetwork:
    """An opened network. Safe to use from several threads at once."""

    def __init__(self, network: Path, words: WordTable | None = None) -> None:
        """Open the file; its weights are mapped, not read. ``words``: as ``Export`` says.

        Raises:
            EncoderError: ``words`` cannot be opened.
        """
        self._words = None if words is None else WordVectors(words)
        self._session = _opened(network)
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._outputs = [one.name for one in self._session.get_outputs()]

    def run(
        self, fed: Mapping[str, NDArray[Any]], *, outputs: Sequence[str] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """What it gives for a batch, by name, on this thread alone; all, or what is asked for."""
        names = self._outputs if outputs is None else list(outputs)
        if self._words is not None:
            fed = {**fed, WORDS: self._words.of(fed["input_ids"])}
        found = self._session.run(names, {name: fed[name] for name in self._inputs})
        return {name: np.asarray(one, np.float32) for name, one in zip(names, found, strict=True)}


def runtimes() -> dict[str, str]:
    """The versions of what runs exports, by name."""
    import tokenizers

    return {one.__name__: str(one.__version__) for one in (_onnxruntime(), tokenizers)}


def read_tokenizer(written: str) -> "Tokenizer":
    """A tokenizer from its JSON."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(written)


def read_whole_tokenizer(written: str) -> "Tokenizer":
    """The same, which neither cuts nor pads; safe to use from several threads at once."""
    tokenizer = read_tokenizer(written)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _onnxruntime() -> Any:
    # Newer versions than ours tell their maker of each process and model unless this is set; it is
    # for the library, so it goes where a library in C looks, and not into os.environ.
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # the same for Windows
    return onnxruntime


def _opened(network: Path) -> "InferenceSession":
    onnxruntime = _onnxruntime()
    options = onnxruntime.SessionOptions()
    # One thread a batch: on a busy machine several wait for each other, and spin meanwhile.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors, which are raised too
    # By its path, so that the weights beside it are mapped, and copied only where it packs them.
    session: InferenceSession = onnxruntime.InferenceSession(
        str(network), options, providers=["CPUExecutionProvider"]
    )
    return session
