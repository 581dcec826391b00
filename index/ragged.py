"""Lists of different lengths in two flat arrays, so that many can be taken at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers, one behind the other.

    Attributes:
        values: int32, of all lists.
        offsets: int64 [n + 1], where each list begins, and where the last one ends.
    """

    values: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How long each list is: int64 [n]."""
        return np.diff(self.offsets)

    def take(self, rows: NDArray[np.int64]) -> "Ragged":
        """The lists of ``rows``, int64 [m], in that order."""
        firsts, lasts = self.offsets[rows], self.offsets[rows + 1]
        return Ragged(self.values[ranges(firsts, lasts)], edges_of(lasts - firsts))

    def followed_by(self, other: "Ragged") -> "Ragged":
        """These lists, and then those of ``other``."""
        return Ragged(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.offsets, other.offsets[1:] + len(self.values)]),
        )


def edges_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where lists of these lengths begin, and where the last one ends: int64 [n + 1]."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def ranges(firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers of half-open ranges, one range after the other.

    >>> ranges(np.array([4, 0]), np.array([6, 3])).tolist()
    [4, 5, 0, 1, 2]
    """
    lengths = lasts - firsts
    edges = edges_of(lengths)
    return np.arange(edges[-1]) + np.repeat(firsts - edges[:-1], lengths)
