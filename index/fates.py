"""What may become of a quote after it was given."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from index.records import Citation


@dataclass(frozen=True, slots=True)
class Kept:
    """It stands where it stood."""


@dataclass(frozen=True, slots=True)
class Moved:
    """It stands, word for word, where ``citation`` says."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Changed:
    """It stands no more; ``citation`` is the sentence, or list, that evidently took its place."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Gone:
    """It is no longer in the documents that may be seen."""


Fate: TypeAlias = Kept | Moved | Changed | Gone

KEPT: Final = Kept()
GONE: Final = Gone()


@dataclass(frozen=True, slots=True)
class Judged:
    """A quote's fate, and the document that it was held against.

    ``sha256`` is that document's digest; empty where there was none to be seen.
    """

    document: str
    sha256: str
    fate: Fate
