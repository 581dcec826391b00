"""Readers' and rerankers' exports, run by ONNX Runtime."""

from dataclasses import dataclass
from typing import Final

from index.models import ModelIdentity
from index.network_reading import NetworkReader, NetworkReranker
from index.onnx_session import Export, OnnxNetwork, read_whole_tokenizer
from index.pairing import Layout, ThreeParts, Tokenizer, TwoParts


@dataclass(frozen=True, slots=True)
class PairTraits:
    """What reading pairs needs beside the network and the tokenizer.

    Attributes:
        most_tokens: word pieces of a row, all in all.
        padding: the word piece that rows are filled up with.
        first: the word piece that stands for "no answer here", and begins a row of three parts;
            None: whatever comes first.
        between: the word piece between three parts, which our own reader wants; None: rows are of
            two parts, as the tokenizer makes them.
    """

    most_tokens: int
    padding: int
    first: int | None
    between: int | None = None


class OnnxReader(NetworkReader):
    """An opened export of a reader. Safe to use from several threads at once.

    Its network gives ``start_logits`` and ``end_logits``, each [rows, tokens], and perhaps
    ``relevance`` [rows].
    """

    is_shareable: Final = True

    def __init__(self, export: Export, identity: ModelIdentity) -> None:
        """Open the export, with ``PairTraits``, of the model of that identity."""
        traits = PairTraits(**export.traits)
        layout = layout_of(read_whole_tokenizer(export.tokenizer), traits)
        network = OnnxNetwork(export.network, export.words)
        super().__init__(network, layout, padding=traits.padding, identity=identity)


class OnnxReranker(NetworkReranker):
    """An opened export of a reranker. Safe to use from several threads at once.

    Its network gives ``logits`` [rows, 1].
    """

    is_shareable: Final = True

    def __init__(self, export: Export, identity: ModelIdentity) -> None:
        """Open the export, with ``PairTraits``, of the model of that identity."""
        traits = PairTraits(**export.traits)
        super().__init__(
            OnnxNetwork(export.network, export.words),
            read_whole_tokenizer(export.tokenizer),
            most_tokens=traits.most_tokens,
            padding=traits.padding,
            identity=identity,
        )


def layout_of(tokenizer: Tokenizer, traits: PairTraits) -> Layout:
    """How a reader of these traits wants to be given what it reads."""
    most, first, between = traits.most_tokens, traits.first, traits.between
    if first is None or between is None:
        return TwoParts(tokenizer, most_tokens=most, first=first)
    return ThreeParts(tokenizer, most_tokens=most, first=first, between=between)
