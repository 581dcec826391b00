"""Unit vectors in one bit a number: its sign. Among many, a first look that reads an eighth.

Vectors that are near agree in most signs (Charikar 2002, "Similarity Estimation Techniques from
Rounding Algorithms"), so that the nearest are among those that agree in most, if these are many
enough. Signs are counted from the mean of some vectors: of a model all of whose vectors point one
way, zero would tell nothing.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.codes import ZERO, Codes, steps_of

_AT_ONCE: Final = 8_192  # rows: what is worked out of them stays in the processor's cache
_WORD: Final = 8  # bytes; rows are filled up to whole words


class SignBits:
    """The signs of vectors' numbers. Immutable; the same of the same vectors in the same order."""

    def __init__(self, codes: Codes) -> None:
        """Of vectors as they are kept; some 10 ms for 100,000 of 384 numbers."""
        some = codes.values[:: 1 + len(codes) // _AT_ONCE]
        self._middle = some.mean(axis=0, dtype=np.float32)  # of codes; longer steps do not matter
        self._steps = steps_of(codes.dimension)
        least = np.ceil(self._middle).astype(np.uint8)  # of the codes that are not below
        self.rows = np.empty((len(codes), _bytes(codes.dimension)), np.uint8)
        """uint8 [n, b], eight to a byte."""
        for first in range(0, len(codes), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            self.rows[part] = _packed(codes.values[part] >= least)

    def of(self, query: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Those of a unit vector, float32 [d]: uint8 [b]."""
        (bits,) = _packed((query * self._steps + ZERO >= self._middle)[np.newaxis])
        return np.asarray(bits, np.uint8)


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint8]:
    packed = np.packbits(bits, axis=1)
    return np.pad(packed, ((0, 0), (0, _bytes(bits.shape[1]) - packed.shape[1])))


def _bytes(dimension: int) -> int:
    return -(-dimension // (8 * _WORD)) * _WORD
