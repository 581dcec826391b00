"""Word pieces as networks are fed with them: padded, in batches of similar lengths."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
"""What a network may read: int64 [texts, tokens] each."""

TOKENS_AT_ONCE: Final = 320  # of a batch; larger ones outgrow the processor's cache


class Tokens(Protocol):
    """One text in word pieces, those that the model wants around it too."""

    @property
    def ids(self) -> Sequence[int]:
        """Which word pieces, in reading order."""
        ...

    @property
    def type_ids(self) -> Sequence[int]:
        """To which of its parts each belongs."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """Word pieces that were put together here."""

    ids: Sequence[int]
    type_ids: Sequence[int]


class Network(Protocol):
    """A network that can be run, by whatever runs it."""

    def run(self, fed: Mapping[str, NDArray[np.int64]]) -> Mapping[str, NDArray[np.float32]]:
        """What it gives for a batch, by name; ``fed`` may hold more than it reads."""
        ...


def padded(texts: Sequence[Tokens], *, padding: int) -> dict[str, NDArray[np.int64]]:
    """The ``INPUTS`` of one batch, filled up to its longest with the word piece ``padding``."""
    shape = (len(texts), max(len(one.ids) for one in texts))
    fed = {name: np.zeros(shape, np.int64) for name in INPUTS}
    fed["input_ids"] += padding
    for row, one in enumerate(texts):
        there = slice(len(one.ids))
        fed["input_ids"][row, there] = one.ids
        fed["attention_mask"][row, there] = 1
        fed["token_type_ids"][row, there] = one.type_ids
    return fed


def in_batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places in ``lengths``, neighbours in length together, so that little is padding.

    Each comes once; padded to the longest, a batch of several has at most ``TOKENS_AT_ONCE``.
    """
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batch and (len(batch) + 1) * lengths[at] > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch
