"""Unit vectors in eight bits a number: a quarter of the room, and of what a search has to read.

A number becomes its nearest multiple of a step that depends on the dimension alone, so that a
vector's code never changes with its neighbours: codes are moved from one index to the next, and
never made again. A vector with a number too large for that has steps twice as long, or four times.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ZERO: Final = 128
"""The code of zero: codes are unsigned, as faiss keeps them."""

UNIT_TOLERANCE: Final = 1e-3
"""How far from 1 the length of a unit vector may be."""

_LARGEST: Final = 127
_DEVIATIONS: Final = 4.8
"""Standard deviations that fit into the steps: of n unit vectors' numbers in d dimensions one is
1 / √d. Fewer make shorter steps, and more vectors that need longer ones."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Vectors as they are kept.

    Attributes:
        values: uint8 [n, d]; a step more than ``ZERO`` is 129.
        doublings: uint8 [n], how often the step of each vector was doubled.
    """

    values: NDArray[np.uint8]
    doublings: NDArray[np.uint8]

    @classmethod
    def empty(cls, count: int, dimension: int) -> "Codes":
        """Room for so many, to be filled."""
        return cls(np.empty((count, dimension), np.uint8), np.empty(count, np.uint8))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.values.shape[1])

    def decoded(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of ``rows``, int64 [m]: float32 [m, d], their numbers off by half a step."""
        numbers = self._counted(rows)
        numbers *= self._steps(rows)[:, np.newaxis]
        return numbers

    def products(self, rows: NDArray[np.int64], query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Those of the vectors of ``rows``, int64 [m], with ``query``, float32 [d]: float32 [m].

        Each row by itself: equal rows then have equal products, wherever they lie. Steps are powers
        of two, so that it does not matter when they are multiplied.
        """
        found: NDArray[np.float32] = np.einsum("ij,j->i", self._counted(rows), query)
        found *= self._steps(rows)
        return found

    def _counted(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """How many steps each number has."""
        numbers: NDArray[np.float32] = self.values[rows].astype(np.float32)
        numbers -= ZERO
        return numbers

    def _steps(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """How long these are."""
        steps: NDArray[np.float32] = np.ldexp(
            np.float32(1 / steps_of(self.dimension)), self.doublings[rows]
        )
        return steps


def steps_of(dimension: int) -> int:
    """How many steps a length of 1 has: a power of two, so that sums of steps are exact.

    >>> steps_of(384)
    512
    """
    most = _LARGEST * math.sqrt(dimension) / _DEVIATIONS
    return max(_LARGEST + 1, 1 << math.floor(math.log2(most)))


@dataclass(frozen=True, slots=True)
class CodedQuery:
    """A question's vector as faiss multiplies it with codes: it takes whole numbers only.

    ``numbers``, float32 [d], times ``step`` is the vector but for a difference of length ``lost``.
    """

    numbers: NDArray[np.float32]
    step: float
    lost: float


def coded_query(query: NDArray[np.float32]) -> CodedQuery:
    """Of a unit vector, float32 [d]."""
    codes = quantised(query[np.newaxis])
    step = math.ldexp(1 / steps_of(len(query)), int(codes.doublings[0]))
    numbers = codes.values[0].astype(np.float32) - ZERO
    return CodedQuery(numbers, step, float(np.linalg.norm(query - numbers * step)))


def checked_unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows, float32 [n, d]; raises ValueError unless each is of length 1 within 1e-3."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT_TOLERANCE))  # NaN compares false
    if wrong.size:
        raise ValueError(
            f"Vectors must be of length 1; number {wrong[0]} is of length {lengths[wrong[0]]:.6g}."
        )
    return rows


def quantised(vectors: NDArray[np.float32]) -> Codes:
    """The codes of unit rows, float32 [n, d].

    A cosine of a unit vector with a decoded row is off by a normal deviate of .29 steps: .0006 in
    384 dimensions.
    """
    steps = steps_of(vectors.shape[1])
    largest = np.abs(vectors).max(axis=1, initial=0) * steps / (_LARGEST + 0.5)
    _, doublings = np.frexp(largest)  # largest is in [.5, 1) times 2 ** doublings
    doublings = np.maximum(doublings, 0)
    scaled = vectors * np.ldexp(np.float32(steps), -doublings)[:, np.newaxis]
    rounded = np.clip(np.rint(scaled, out=scaled), -_LARGEST, _LARGEST, out=scaled)
    rounded += ZERO
    return Codes(rounded.astype(np.uint8), doublings.astype(np.uint8))
