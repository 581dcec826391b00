"""The trained network as what the bundled reader runs: ONNX, its products in eight bits.

Attention and the sums before normalisation are written as onnxruntime's own operators, which
take three quarters of the time that the same takes in ONNX's. Rows are read one at a time: there is
no padding then, hence no mask, and what is read of a sentence cannot depend on what is read beside
it, as it would if activations were quantised by the batch.
"""

import warnings
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional

from benchmarks.training.network import FAR, ReaderNetwork
from index.bundled_reader import MOST_TOKENS
from index.pairing import CONTEXT, SENTENCE

_OPSET: Final = 17
_OF_ONNXRUNTIME: Final = "com.microsoft"
_INPUTS: Final = ("words", "token_type_ids")
_OUTPUTS: Final = ("start_logits", "end_logits", "relevance")


class _Attention(torch.autograd.Function):
    """Attention of each token to all, by heads."""

    @staticmethod
    def forward(ctx: Any, query: Any, key: Any, value: Any, heads: int) -> torch.Tensor:
        parted = (one.unflatten(-1, (heads, -1)).transpose(1, 2) for one in (query, key, value))
        return functional.scaled_dot_product_attention(*parted).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(g: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        name = f"{_OF_ONNXRUNTIME}::MultiHeadAttention"
        return g.op(name, query, key, value, num_heads_i=heads).setType(query.type())


class _Normalised(torch.autograd.Function):
    """Two tensors and a bias added, and their sum normalised."""

    @staticmethod
    def forward(
        ctx: Any, one: Any, other: Any, weight: Any, shift: Any, bias: Any, least: float
    ) -> torch.Tensor:
        return functional.layer_norm(one + other + bias, one.shape[-1:], weight, shift, least)

    @staticmethod
    def symbolic(
        g: Any, one: Any, other: Any, weight: Any, shift: Any, bias: Any, least: float
    ) -> Any:
        name = f"{_OF_ONNXRUNTIME}::SkipLayerNormalization"
        found = g.op(name, one, other, weight, shift, bias, epsilon_f=least)
        return found.setType(one.type())


class _FromVectors(nn.Module):
    """The network from the vectors of words on, which are not its own but the encoder's.

    The context is left out behind the layers that read it, and of the last layer nothing is worked
    out but the tokens that are asked for: the first, and those of the sentence. The logits of the
    others are ``FAR``.
    """

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, words: torch.Tensor, parts: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        bert = self.network.bert
        given = bert.embeddings
        places = given.position_embeddings.weight[:MOST_TOKENS]
        placed = words + places[: words.shape[1]][None]
        norm = given.LayerNorm
        of_types = given.token_type_embeddings.weight[(parts == SENTENCE).long()]
        hidden = _normalised(placed, of_types, norm, torch.zeros_like(norm.bias))
        layers, reading = bert.encoder.layer, self.network.context_layers
        there = parts[0]
        for at, layer in enumerate(layers):
            if at == reading:
                (kept,) = (there != CONTEXT).nonzero(as_tuple=True)
                hidden, there = hidden[:, kept], there[kept]
            asking = hidden[:, _told(there)] if at == len(layers) - 1 else hidden
            hidden = _layer(layer, asking, hidden)
        spans = self.network.spans(hidden)[0]
        nothing = torch.full_like(words[0, :, :2], FAR)
        spans = nothing.index_put((_told(parts[0]),), spans)[None]
        return spans[..., 0], spans[..., 1], self.network.relevance(hidden[:, 0])[:, 0]


def _told(parts: torch.Tensor) -> torch.Tensor:
    """Where the first token is, and those of the sentence."""
    return torch.cat([torch.zeros_like(parts[:1]), (parts == SENTENCE).nonzero()[:, 0]])


def _layer(layer: Any, asking: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
    """What a layer makes of the tokens that are ``asking`` among all of ``hidden``."""
    attention, after = layer.attention.self, layer.attention.output
    found = _Attention.apply(  # type: ignore[no-untyped-call]
        attention.query(asking),
        attention.key(hidden),
        attention.value(hidden),
        attention.num_attention_heads,
    )
    asking = _with_residue(after, found, asking)
    return _with_residue(layer.output, functional.gelu(layer.intermediate.dense(asking)), asking)


def _with_residue(part: Any, found: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
    made = functional.linear(found, part.dense.weight)
    return _normalised(made, hidden, part.LayerNorm, part.dense.bias)


def _normalised(one: torch.Tensor, other: torch.Tensor, norm: Any, bias: Any) -> torch.Tensor:
    found: torch.Tensor = _Normalised.apply(one, other, norm.weight, norm.bias, bias, norm.eps)  # type: ignore[no-untyped-call]
    return found


def exported(network: ReaderNetwork) -> bytes:
    """The network in ONNX, in floats: of one row at a time, of any length."""
    words = torch.randn(1, 8, network.bert.config.hidden_size)
    written: Any = BytesIO()
    network.eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _FromVectors(network),
            (words, torch.zeros(1, 8, dtype=torch.long)),
            written,
            opset_version=_OPSET,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes={name: {1: "tokens"} for name in (*_INPUTS, *_OUTPUTS[:2])},
            custom_opsets={_OF_ONNXRUNTIME: 1},
            dynamo=False,
        )
    found: bytes = written.getvalue()
    return found


def in_eight_bits(network: bytes, *, reduced: bool = True) -> bytes:
    """Products of weights and activations in whole numbers, a step for each column of weights.

    ``reduced`` leaves the weights seven bits: processors without VNNI add pairs of products in
    sixteen bits, which eight would overflow.
    """
    with TemporaryDirectory() as folder:
        given, made = Path(folder) / "floats.onnx", Path(folder) / "whole.onnx"
        given.write_bytes(network)
        quantize_dynamic(
            given,
            made,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduced,
            # What onnxruntime's own operators give cannot be inferred: floats.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        model = onnx.load(made)
    del model.metadata_props[:]
    model.doc_string = ""
    found: bytes = model.SerializeToString()
    return found
