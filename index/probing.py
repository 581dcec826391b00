"""Whether an export does what its original does: asked with texts of every kind."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

LEAST_COSINE: Final = 0.99999
"""Of an export's vector with the original's. Rounding alone leaves .999999."""

_WORDS: Final = (
    "The working group, which meets every six months, wants to ease the shortage of chips; in 2019 "
    "its 774 members spoke of little else. "
)
PROBES: Final = (
    "",
    " ",
    ".",
    "a",
    "?!…",
    "\n\t \n",
    "how often does the group meet?",
    "HOW OFTEN DOES THE GROUP MEET",
    "Who is the U.S. Secretary of State?",
    "bread",
    "Café, naïve, Ångström, Straße, İstanbul; cafe\u0301 and n\u0303",
    "東京の天気は？ 北京时间下午三点。",
    "Ελληνικά, русский язык, עברית, العربية, हिन्दी, ไทย",
    "👍👍🏽 👨‍👩‍👧 ☃ ™ ½ ﬁ",
    "a\u200bb\u00adc\u2060d\ufeffe\u00a0f\u202eg",
    "null \x00, bell \x07, replacement \ufffd",
    "[CLS] is [SEP] not [PAD] a [MASK] token [UNK], nor is <s> </s> <pad> <mask>",
    "https://example.org/a/very-long_path?with=numbers&and=12345678901234567890#end",
    "1 2 3 3.14159 1,000,000 -17 % 1e-9 12:30 2026-11-28 $4.50 §12(3)",
    "def f(x): return {k: v ** 2 for k, v in x.items()}  # comment",
    "| City | People |\n|---|---|\n| Bern | 134,591 |",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "x" * 300,
    "ab " * 100,
    _WORDS,
    _WORDS * 3,
    _WORDS * 6,
    _WORDS * 60,
    "word " * 2000,
    " ".join(map(str, range(3000))),
)


class _Encoder(Protocol):
    @property
    def dimension(self) -> int: ...
    @property
    def most_pieces(self) -> int: ...
    def pieces(self, text: str) -> Sequence[tuple[int, int]]: ...
    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def embed_query(self, text: str) -> NDArray[np.float32]: ...


def difference(original: _Encoder, export: _Encoder) -> str | None:
    """What the export does otherwise than the original; None: nothing."""
    sizes = [(one.dimension, one.most_pieces) for one in (original, export)]
    if sizes[0] != sizes[1]:
        return f"its numbers and pieces are {sizes[1]} instead of {sizes[0]}"
    for text in PROBES:
        if list(original.pieces(text)) != list(export.pieces(text)):
            return f"it takes {text[:40]!r} apart otherwise"
    for cosine in _cosines(original, export):
        if not cosine >= LEAST_COSINE:  # as it is not where it is no number
            return f"a vector's cosine with the original's is {cosine:.6f}"
    return None


def _cosines(original: _Encoder, export: _Encoder) -> list[float]:
    short = [text for text in PROBES if len(original.pieces(text)) <= original.most_pieces]
    ours = [*map(export.embed_query, PROBES), *export.embed_passages(short)]
    theirs = [*map(original.embed_query, PROBES), *original.embed_passages(short)]
    return [float(np.dot(a.astype(np.float64), b)) for a, b in zip(ours, theirs, strict=True)]
