"""A model's network out of torch and into the format of ONNX."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import torch

_OPSET: Final = 17
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


def traced(
    model: Any,
    sample: "Mapping[str, torch.Tensor]",
    *,
    outputs: Mapping[str, Sequence[str]],
    forward: "Callable[[dict[str, torch.Tensor]], Any]",
    attending: Any,
) -> bytes:
    """What ``forward`` does with tensors of these names, for any number of texts and tokens.

    ``model`` is what it does that with, and ``attending`` the transformers model within.
    ``outputs`` names what ``forward`` gives, each with those of its axes, from the first, that are
    as long as there are ``texts`` or ``tokens``.
    """
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> Any:
            return forward(dict(zip(sample, tensors, strict=True)))

    written: Any = BytesIO()  # which its types forbid, and it takes
    axes = dict.fromkeys(sample, ("texts", "tokens")) | dict(outputs)
    # What is not told to evaluate is left learning afterwards, the model within too.
    with _plain_attention(attending), warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole().eval(), tuple(sample.values()), written, opset_version=_OPSET,
            input_names=list(sample), output_names=list(outputs),
            dynamic_axes={name: dict(enumerate(ones)) for name, ones in axes.items()},
            dynamo=False,  # the newer way took 7 s for 1, and its networks a quarter more time
        )  # fmt: skip
    network: bytes = written.getvalue()
    return network


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


@contextmanager
def _plain_attention(part: Any) -> Iterator[None]:
    """Attention step by step, which the other runtime puts together again better."""
    before = part.config._attn_implementation
    part.set_attn_implementation("eager")
    try:
        yield
    finally:
        part.set_attn_implementation(before)
