"""Whether an export does what its original does: asked with texts of every kind."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from index.feeding import Tokens
from index.network_reading import Logits, NetworkReader, NetworkReranker, Scored
from index.pairing import Laid
from index.reading import Extract
from index.records import Span

LEAST_COSINE: Final = 0.99999
"""Of an export's vector with the original's. Rounding alone leaves .999999."""

MOST_APART: Final = 1e-3
"""Of an export's logit from the original's, in shares of the larger one, or of 1. Rounding alone
leaves 1e-5."""

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
    @property
    def tells_parts(self) -> bool: ...
    def pieces(self, text: str) -> Sequence[tuple[int, int]]: ...
    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
    def embed_query(self, text: str) -> NDArray[np.float32]: ...


def difference(original: _Encoder, export: _Encoder) -> str | None:
    """What the export does otherwise than the original; None: nothing."""
    traits = [(one.dimension, one.most_pieces, one.tells_parts) for one in (original, export)]
    if traits[0] != traits[1]:
        return f"its numbers and pieces are {traits[1]} instead of {traits[0]}"
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
    if original.tells_parts:
        halves = [_halves(text) for text in short]
        ours += [*chain(*export.embed_parts(short, halves))]
        theirs += [*chain(*original.embed_parts(short, halves))]
    return [float(np.dot(a.astype(np.float64), b)) for a, b in zip(ours, theirs, strict=True)]


def _halves(text: str) -> list[Span]:
    return [Span(0, len(text) // 2), Span(len(text) // 2, len(text))]


def difference_in_reading(original: NetworkReader, export: NetworkReader) -> str | None:
    """What a reader's export does otherwise than its original; None: nothing."""
    for (context, question), sentence in zip(_asked(), _told(), strict=True):
        extracts = [Extract(context, sentence), Extract("", sentence)]
        theirs, ours = original.lay(question, extracts), export.lay(question, extracts)
        if any(_laid_otherwise(a, b) for a, b in zip(theirs, ours, strict=True)):
            return f"it takes {sentence[:40]!r} apart otherwise"
        alone = [original.scored([one])[0] for one in theirs]  # together there is padding
        for a, b in zip(alone, export.scored(ours), strict=True):
            if why := _apart(_numbers(a), _numbers(b)):
                return why
    return None


def difference_in_scores(original: NetworkReranker, export: NetworkReranker) -> str | None:
    """What a reranker's export does otherwise than its original; None: nothing."""
    for (other, question), text in zip(_asked(), _told(), strict=True):
        texts = [text, other]
        theirs, ours = original.lay(question, texts), export.lay(question, texts)
        if any(_rowed_otherwise(a, b) for a, b in zip(theirs, ours, strict=True)):
            return f"it takes {text[:40]!r} apart otherwise"
        alone = np.concatenate([original.scored([one]) for one in theirs])
        if why := _apart(alone, export.scored(ours)):
            return why
    return None


def _asked() -> Iterator[tuple[str, str]]:
    """Contexts and questions: each probe is each of them once."""
    return pairwise((*PROBES[-2:], *PROBES[:-1]))


def _told() -> Sequence[str]:
    return PROBES


def _laid_otherwise(original: Laid, export: Laid) -> bool:
    return (
        _rowed_otherwise(original.tokens, export.tokens)
        or original.none_at != export.none_at
        or not np.array_equal(original.places, export.places)
    )


def _rowed_otherwise(original: Tokens, export: Tokens) -> bool:
    return (list(original.ids), list(original.type_ids)) != (
        list(export.ids),
        list(export.type_ids),
    )


def _numbers(scored: Scored) -> Logits:
    """All logits of an extract in one row."""
    relevance = [] if scored.relevance is None else [scored.relevance]
    return np.concatenate([scored.starts, scored.ends, np.asarray(relevance, np.float32)])


def _apart(original: Logits, export: Logits) -> str | None:
    apart = np.abs(original - export) / np.maximum(np.abs(original), 1)
    far = float(apart.max()) if original.shape == export.shape else np.inf
    return None if far <= MOST_APART else f"a logit is {far:.6f} away from the original's"
