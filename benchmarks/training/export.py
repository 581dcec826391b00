"""The trained network as what the bundled reader runs: ONNX, its products in eight bits."""

import warnings
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from benchmarks.training.network import ReaderNetwork

_OPSET: Final = 17
_INPUTS: Final = ("words", "attention_mask", "token_type_ids")
_OUTPUTS: Final = ("start_logits", "end_logits", "relevance")


class _FromVectors(nn.Module):
    """The network from the vectors of words on, which are not its own but the encoder's."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, words: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        found = self.network.bert(inputs_embeds=words, attention_mask=mask, token_type_ids=types)
        hidden = found.last_hidden_state
        spans = self.network.spans(hidden)
        return spans[..., 0], spans[..., 1], self.network.relevance(hidden[:, 0])[:, 0]


def exported(network: ReaderNetwork) -> bytes:
    """The network in ONNX, in floats."""
    width = network.bert.config.hidden_size
    words, mask = torch.randn(2, 8, width), torch.ones(2, 8, dtype=torch.long)
    axes = {name: {0: "extracts", 1: "tokens"} for name in (*_INPUTS, *_OUTPUTS[:2])}
    written: Any = BytesIO()
    network.eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _FromVectors(network),
            (words, mask, torch.zeros_like(mask)),
            written,
            opset_version=_OPSET,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes=axes | {"relevance": {0: "extracts"}},
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
            given, made, weight_type=QuantType.QInt8, per_channel=True, reduce_range=reduced
        )
        model = onnx.load(made)
    del model.metadata_props[:]
    model.doc_string = ""
    found: bytes = model.SerializeToString()
    return found
