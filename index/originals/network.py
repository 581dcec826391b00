"""Models for another runtime: a network in the format of ONNX, and its weights beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_SMALL: Final = 1024  # bytes of weights that stay in the network
_PAGE: Final = 4096  # bytes; where a file may be mapped from


class Unexportable(Exception):
    """The model is of a kind that has no export; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A model for another runtime, in memory; as ``Export`` says, once it has been written."""

    network: bytes = field(repr=False)
    weights: bytes = field(repr=False)
    tokenizer: str = field(repr=False)
    traits: Mapping[str, Any]


def without_weights(network: bytes, *, name: str) -> tuple[bytes, bytes]:
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
