"""What models are for, and what to tell a person about each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of model.

    Attributes:
        kind: its name, on disk and between processes.
        setting: which one is to serve.
        wanted: what that must name, after "a folder with".
        owner: of models on the hub whose name has none; None: such a name is taken as it is.
    """

    kind: str
    setting: str
    wanted: str
    owner: str | None

    @property
    def expected(self) -> str:
        """What the setting must be, as a sentence."""
        return (
            f"{self.setting} must be a folder with {self.wanted}, or the name of one on the "
            "model hub."
        )


ENCODER: Final = Role(
    "encoder", "FOOTNOTE_MODEL", "a sentence-transformers model", "sentence-transformers"
)
READER: Final = Role("reader", "FOOTNOTE_READER", "a model for extractive question answering", None)
RERANKER: Final = Role(
    "reranker", "FOOTNOTE_RERANKER", "a cross-encoder with one score", "cross-encoder"
)
ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {role.kind: role for role in (ENCODER, READER, RERANKER)}
)
