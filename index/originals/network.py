"""Models for another runtime: a network in the format of ONNX, and its weights beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from index.onnx_session import WORDS

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto, TensorProto

_SMALL: Final = 1024  # bytes of weights that stay in the network
_PAGE: Final = 4096  # bytes; where a file may be mapped from


class Unexportable(Exception):
    """The model is of a kind that has no export; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A model for another runtime, in memory; as ``Export`` says, once it has been written.

    Attributes:
        words: where in ``weights`` the vectors of words are that the network wants to be given:
            offset, how many, and how many numbers each; None: it has them itself.
    """

    network: bytes = field(repr=False)
    weights: bytes = field(repr=False)
    tokenizer: str = field(repr=False)
    traits: Mapping[str, Any]
    words: tuple[int, int, int] | None = None


def exported(
    network: bytes, *, weights: str, tokenizer: str, traits: Mapping[str, Any]
) -> Exported:
    """The same network with its weights apart; ``weights`` names the file that will hold them.

    The vectors of words come first in it, and out of the network, if nothing but the look at them
    needs them: then only those that are said have to be read.
    """
    import onnx

    model = onnx.load_model_from_string(network)
    apart = bytearray()
    words = _without_words(model.graph, apart)
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= _SMALL:
            apart += bytes(-len(apart) % _PAGE)
            onnx.external_data_helper.set_external_data(
                tensor, location=weights, offset=len(apart), length=len(tensor.raw_data)
            )
            apart += tensor.raw_data
            tensor.ClearField("raw_data")
    return Exported(model.SerializeToString(), bytes(apart), tokenizer, traits, words)


def _without_words(graph: "GraphProto", apart: bytearray) -> tuple[int, int, int] | None:
    """Put the vectors of words ``apart``, and let the network be given what it looked up there."""
    from onnx import helper

    found = _look_up(graph)
    if found is None:
        return None
    look, table = found
    offset, (pieces, dimension) = len(apart), table.dims
    apart += table.raw_data
    for node in graph.node:
        node.input[:] = [WORDS if name == look.output[0] else name for name in node.input]
    graph.input.append(
        helper.make_tensor_value_info(WORDS, table.data_type, ["texts", "tokens", dimension])
    )
    graph.node.remove(look)
    graph.initializer.remove(table)
    return offset, int(pieces), int(dimension)


def _look_up(graph: "GraphProto") -> "tuple[NodeProto, TensorProto] | None":
    """The one node that looks a word piece's vector up, and where; None if there is none such."""
    from onnx import TensorProto

    tables = {one.name: one for one in graph.initializer}
    looks = [one for one in graph.node if one.op_type == "Gather" and one.input[1] == "input_ids"]
    if len(looks) != 1 or looks[0].input[0] not in tables:
        return None
    (look,), table = looks, tables[looks[0].input[0]]
    users = sum(table.name in node.input for node in graph.node)
    axis = next((one.i for one in look.attribute if one.name == "axis"), 0)
    fit = len(table.dims) == 2 and table.data_type == TensorProto.FLOAT and bool(table.raw_data)
    given = {one.name for one in graph.output}
    if axis or users != 1 or not fit or given & {look.output[0], table.name}:
        return None
    return look, table
