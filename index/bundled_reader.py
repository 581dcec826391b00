"""The reader that is shipped: a small network beside this module, and the encoder's word vectors.

How it was trained is told in docs/reader.md. Half of such a model are the vectors of words, which
training left as they are in the bundled encoder: they are taken from there.
"""

import hashlib
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from index.errors import EncoderError
from index.models import BUNDLED_WEIGHTS, ModelIdentity, bundled_folder
from index.network_reading import NetworkReader
from index.onnx_session import OnnxNetwork, read_whole_tokenizer
from index.pairing import ThreeParts
from index.word_vectors import WordTable, tables_of

FILE: Final = "reader.onnx"
DIGEST: Final = "d6a6ffea09f9f6b952d58b1c0bbfef916e5c43de14cb6cd2d7b665802c6ef1d3"
"""SHA-256 of the network."""

NAME: Final = "footnote-reader"
MOST_TOKENS: Final = 192
"""Word pieces of a question, a context and a sentence together."""

_WORDS: Final = "embeddings.word_embeddings.weight"
_CLS: Final = "[CLS]"
_SEP: Final = "[SEP]"


class BundledReader(NetworkReader):
    """Our own reader, opened. Safe to use from several threads at once."""

    is_shareable: Final = True


class BundledReaderSource:
    """The bundled reader, known before it is loaded."""

    def identify(self) -> ModelIdentity:
        """Which it is."""
        return ModelIdentity(NAME, DIGEST)

    def load(self) -> BundledReader:
        """Open it; takes some 20 ms.

        Raises:
            EncoderError: its file is missing or damaged, or the bundled encoder is not installed.
        """
        verify_bundled_reader()
        with as_file(files("index").joinpath(FILE)) as path:
            return opened(path, self.identify())


def opened(network: Path, identity: ModelIdentity) -> BundledReader:
    """The reader whose network is in that file."""
    words = word_table(bundled_folder() / BUNDLED_WEIGHTS)
    return BundledReader(
        OnnxNetwork(network, words), bundled_layout(), padding=0, identity=identity, alone=True
    )


def bundled_layout() -> ThreeParts:
    """How the bundled reader is given what it reads.

    Raises:
        EncoderError: the bundled encoder, whose word pieces they are, is not as it was.
    """
    tokenizer = read_whole_tokenizer((bundled_folder() / "tokenizer.json").read_text("utf-8"))
    cls, sep = (_piece(tokenizer.token_to_id(one), one) for one in (_CLS, _SEP))
    return ThreeParts(tokenizer, most_tokens=MOST_TOKENS, first=cls, between=sep)


def word_table(weights: Path) -> WordTable:
    """Where the vectors of word pieces lie in a file of safetensors.

    Raises:
        EncoderError: it is no such file, or has none.
    """
    table = tables_of(weights).get(_WORDS)
    if table is None:
        raise EncoderError(f"{weights.name} holds no vectors of words.")
    return table


def _piece(number: int | None, piece: str) -> int:
    if number is None:
        raise EncoderError(f"The bundled model's tokenizer has no {piece}.")
    return number


def verify_bundled_reader() -> str:
    """The SHA-256 of the reader's file, held against ``DIGEST``.

    Raises:
        EncoderError: it is missing or damaged.
    """
    try:
        digest = hashlib.sha256(files("index").joinpath(FILE).read_bytes()).hexdigest()
    except OSError as error:
        raise EncoderError(f"The bundled reader cannot be read: {error.strerror}.") from error
    if digest != DIGEST:
        raise EncoderError(
            f"The bundled reader is damaged: it has SHA-256 {digest}, not {DIGEST}. "
            "Install Footnote again."
        )
    return digest
