"""Texts to be embedded, each with the parts whose vectors the same run gives.

A sentence's vector is the mean of its word pieces where they stand, in its passage: the encoder
reads it with what is around it, and reads every text once. Of encoders that do not tell their word
pieces, each sentence is read by itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.codes import Codes, checked_unit, quantised
from index.records import Span
from index.snapshot import Keys, Snapshot
from index.vectors import VectorIndex

_AT_ONCE: Final = 16  # texts; a question that comes meanwhile waits for so many
_OF_TEXT: Final = b"\1"
_OF_PART: Final = b"\2"  # a document may hold any characters, and must not pass for another's part

Report: TypeAlias = Callable[[int, int], None]
Vector: TypeAlias = tuple[Codes, int]
"""A row of some codes."""


class Encoder(Protocol):
    """What embedding needs of an encoder."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def tells_parts(self) -> bool:
        """Whether a text's vector is the mean of its word pieces, so that parts have one too."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32 [n, d], of texts of at most ``most_pieces`` word pieces."""
        ...

    def embed_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same rows, and those of the parts of each, one behind the other; unit too."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is to be embedded, and ``parts`` of it, in its characters."""

    text: str
    parts: tuple[Span, ...] = ()

    @property
    def key(self) -> bytes:
        """Stands for the text's vector."""
        return _key(self.text)

    @property
    def part_keys(self) -> tuple[bytes, ...]:
        """Each stands for a part's vector, which depends on the whole text."""
        own = f"{self.text}\0"
        return tuple(_key(f"{own}{one.start}:{one.end}", last=_OF_PART) for one in self.parts)


def embedded(
    wanted: Sequence[Wanted], *, encoder: Encoder, before: Snapshot | None, report: Report
) -> Mapping[bytes, Vector]:
    """Vectors of texts and their parts, by key; those that ``before`` holds are not made again.

    ``report`` is told how many of how many characters have been embedded: short texts come first,
    so that their number would promise too much.
    """
    keys = {one: (one.key, *one.part_keys) for one in dict.fromkeys(wanted)}
    known = _known_vectors(before, set(chain(*keys.values())))
    missing = [one for one, own in keys.items() if not known.keys() >= set(own)]
    # Neighbours in length share a batch, so that little of it is padding.
    missing.sort(key=lambda one: (len(one.text), keys[one]))
    fresh: dict[bytes, Vector] = {}
    done, total = 0, sum(len(one.text) for one in missing)
    for batch in _batches(missing):
        report(done, total)
        codes = quantised(checked_unit(_rows(batch, encoder)))
        own = chain((keys[one][0] for one in batch), *(keys[one][1:] for one in batch))
        fresh |= {key: (codes, row) for row, key in enumerate(own)}
        done += sum(len(one.text) for one in batch)
    if missing:
        report(total, total)
    return {**fresh, **known}


def keys_of(keys: Iterable[bytes]) -> Keys:
    """Keys as a table has them."""
    return np.array(list(keys), "S16")


def vectors_of(keys: Sequence[bytes], found: Mapping[bytes, Vector], dimension: int) -> VectorIndex:
    """An index over the vectors that these keys stand for."""
    taken = Codes.empty(len(keys), dimension)
    for at, key in enumerate(keys):
        codes, row = found[key]
        taken.values[at], taken.doublings[at] = codes.values[row], codes.doublings[row]
    return VectorIndex.of(taken)


def _rows(batch: Sequence[Wanted], encoder: Encoder) -> NDArray[np.float32]:
    """Those of the texts, then those of the parts."""
    texts = [one.text for one in batch]
    if not any(one.parts for one in batch):
        return encoder.embed_passages(texts)
    return np.concatenate(encoder.embed_parts(texts, [one.parts for one in batch]))


def _key(text: str, *, last: bytes = _OF_TEXT) -> bytes:
    """Sixteen bytes that stand for a text; never ending in zero, which ``S16`` would drop."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return digest + last


def _known_vectors(before: Snapshot | None, wanted: Set[bytes]) -> dict[bytes, Vector]:
    if before is None:
        return {}
    sides = (
        (before.passage_keys, before.passage_vectors.codes),
        (before.sentence_keys, before.sentence_vectors.codes),
    )
    return {
        key: (codes, row)
        for keys, codes in sides
        for row, key in enumerate(keys.tolist())
        if key in wanted
    }


def _batches(texts: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    return (texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE))
