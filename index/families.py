"""The kinds of models, each with how its original is loaded, its export opened, and both held."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

from index import probing
from index.models import ModelFiles, ModelIdentity
from index.onnx_encoding import OnnxEncoder
from index.onnx_reading import OnnxReader, OnnxReranker
from index.onnx_session import Export
from index.originals.encoder import SentenceEncoder, load_encoder
from index.originals.network import Exported
from index.originals.pairs import OriginalReader, OriginalReranker, load_reader, load_reranker
from index.roles import ENCODER, READER, RERANKER, Role


class Original(Protocol):
    """A model as its makers built it."""

    def export(self, *, weights: str) -> Exported:
        """The model for another runtime."""
        ...


OriginalT = TypeVar("OriginalT", bound=Original)
ExportT = TypeVar("ExportT")


@dataclass(frozen=True, slots=True)
class Family(Generic[OriginalT, ExportT]):
    """How models of one kind are handled.

    Attributes:
        role: what they are for.
        load: the original; takes seconds, and half a gigabyte.
        open: an export.
        difference: what an export does otherwise than its original; None: nothing.
    """

    role: Role
    load: Callable[[ModelFiles], OriginalT]
    open: Callable[[Export, ModelIdentity], ExportT]
    difference: Callable[[OriginalT, ExportT], str | None]


ENCODERS: Final[Family[SentenceEncoder, OnnxEncoder]] = Family(
    ENCODER, lambda files: load_encoder(files), OnnxEncoder, probing.difference
)
READERS: Final[Family[OriginalReader, OnnxReader]] = Family(
    READER, lambda files: load_reader(files), OnnxReader, probing.difference_in_reading
)
RERANKERS: Final[Family[OriginalReranker, OnnxReranker]] = Family(
    RERANKER, lambda files: load_reranker(files), OnnxReranker, probing.difference_in_scores
)
FAMILIES: Final[Mapping[str, Family[Any, Any]]] = MappingProxyType(
    {family.role.kind: family for family in (ENCODERS, READERS, RERANKERS)}
)
