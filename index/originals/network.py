"""Models for another runtime: a network in the format of ONNX, and its weights beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.onnx_session import WORDS
from index.word_vectors import WordTable, tables_of

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
        words: where the vectors of words are that the network wants to be given: at the end of
            ``weights``, or in a file of the model's, told as it is seen from its folder; offset,
            how many, and how many numbers each. None: it has them itself.
    """

    network: bytes = field(repr=False)
    weights: bytes = field(repr=False)
    tokenizer: str = field(repr=False)
    traits: Mapping[str, Any]
    words: tuple[str | None, int, int, int] | None = None


def exported(
    network: bytes, *, weights: str, tokenizer: str, traits: Mapping[str, Any]
) -> Exported:
    """The same network with its weights apart; ``weights`` names the file that will hold them.

    The vectors of words come last in it, and out of the network, if nothing but the look at them
    needs them: then only those that are said have to be read.
    """
    import onnx

    model = onnx.load_model_from_string(network)
    apart = bytearray()
    table = _without_words(model.graph)
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= _SMALL:
            apart += bytes(-len(apart) % _PAGE)
            onnx.external_data_helper.set_external_data(
                tensor, location=weights, offset=len(apart), length=len(tensor.raw_data)
            )
            apart += tensor.raw_data
            tensor.ClearField("raw_data")
    if table is None:
        return Exported(model.SerializeToString(), bytes(apart), tokenizer, traits)
    pieces, dimension = map(int, table.dims)
    words = (None, len(apart), pieces, dimension)
    apart += table.raw_data
    return Exported(model.SerializeToString(), bytes(apart), tokenizer, traits, words)


def borrowed(made: Exported, folder: Path) -> Exported:
    """The same without the vectors of words, if the model's own folder holds these already.

    What is loaded from there is known by its digest, which an export is found by.
    """
    if made.words is None:
        return made
    _, offset, *shape = made.words
    rows = made.weights[offset:]
    for file in sorted(folder.rglob("*.safetensors")):
        for table in tables_of(file).values():
            if [table.pieces, table.dimension] == shape and _lies_at(table, rows):
                own = file.relative_to(folder).as_posix()
                words = (own, table.offset, table.pieces, table.dimension)
                return replace(made, weights=made.weights[:offset], words=words)
    return made


def _lies_at(table: WordTable, rows: bytes) -> bool:
    with table.file.open("rb") as file:
        file.seek(table.offset)
        return file.read(len(rows)) == rows


def _without_words(graph: "GraphProto") -> "TensorProto | None":
    """Take the vectors of words out, and let the network be given what it looked up there."""
    from onnx import helper

    found = _look_up(graph)
    if found is None:
        return None
    look, table = found
    dimension = table.dims[1]
    for node in graph.node:
        node.input[:] = [WORDS if name == look.output[0] else name for name in node.input]
    graph.input.append(
        helper.make_tensor_value_info(WORDS, table.data_type, ["texts", "tokens", dimension])
    )
    graph.node.remove(look)
    taken = type(table)()
    taken.CopyFrom(table)
    graph.initializer.remove(table)
    return taken


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
