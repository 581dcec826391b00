"""Search among unit vectors, exact as they are kept; where there are many, among the likely ones.

What faiss does is not enough alone: it pads short results with row -1, keeps any of the rows that
tie for the last place, its rounding depends on where a row lies, and it knows of one length of
steps. So it proposes candidates, and their cosines are computed here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.codes import (
    UNIT_TOLERANCE,
    CodedQuery,
    Codes,
    checked_unit,
    coded_query,
    quantised,
    steps_of,
)
from index.faiss_codes import FaissCodes, agreeing, room_for, serialized
from index.signbits import SignBits

_ROUNDING: Final = 1e-5  # more than faiss's float32 sums are off by, for any dimension in use
_SURE: Final = 8
_FEW: Final = 1_000  # rows; their cosines are worked out in less than a millisecond
_MORE: Final = 8  # times as many are proposed as wanted, or as were proposed before
_MANY: Final = 20_000  # rows; from here on the likely ones are told by signs first
_DIMENSIONS: Final = 256  # numbers; signs of fewer tell too little
_LIKELY: Final = 500  # rows at least that are likely
_LIKELY_TIMES: Final = 10  # as many as wanted
_LIKELY_SHARE: Final = 200  # of which one is likely

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows whose steps are equally long, to be searched among ``size`` rows.

    These are ``among`` or all. What is found of others is to be dropped.
    """

    doublings: int
    size: int
    among: Mask | None


class VectorIndex:
    """An immutable index over unit rows, kept as ``Codes``. Safe to search from several threads.

    It is a view of its serialized form, so that loading a mapped file copies nothing.
    """

    __slots__ = ("_codes", "_data", "_doubled", "_index", "_signs", "_steps")

    def __init__(self, data: memoryview) -> None:
        self._data = data.toreadonly()
        self._index = FaissCodes(self._data)
        self._codes = self._index.codes
        self._signs: SignBits | None = None  # made by the first search that needs them
        self._steps = steps_of(self.dimension)
        self._doubled = np.flatnonzero(self._codes.doublings)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> "VectorIndex":
        """An index over the rows of ``vectors``, float32 [n, d].

        Raises:
            ValueError: ``vectors`` is not [n, d] with d > 0, or a row is not of length 1 within
                1e-3; one that holds NaN is not.
        """
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise ValueError(f"Vectors must come as [n, d] with d > 0, not {list(vectors.shape)}.")
        return cls.of(quantised(checked_unit(np.ascontiguousarray(vectors, dtype=np.float32))))

    @classmethod
    def of(cls, codes: Codes) -> "VectorIndex":
        """An index over vectors that have been quantised, which are copied."""
        return cls(serialized(codes))

    @classmethod
    def filled(cls, count: int, dimension: int, fill: Callable[[Codes], None]) -> "VectorIndex":
        """An index over so many rows of codes, which ``fill`` writes where they will lie."""
        data, room = room_for(count, dimension)
        fill(room)
        return cls(data)

    @classmethod
    def from_bytes(cls, data: memoryview) -> "VectorIndex":
        """The index that ``to_bytes`` gave, without copying: ``data`` must never change.

        Raises:
            DamagedGeneration: these bytes are no such index.
        """
        return cls(data)

    def to_bytes(self) -> memoryview:
        """The index, serialized; read-only, not copied."""
        return self._data

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._codes.dimension

    @property
    def codes(self) -> Codes:
        """The rows as they are kept, read-only, not copied. They outlive the index."""
        return self._codes

    def decoded(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of ``rows``, int64 [m]: float32 [m, d]; see ``Codes``."""
        return self._codes.decoded(rows)

    def search(
        self,
        query: NDArray[np.float32],
        limit: int,
        *,
        among: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The nearest rows and their cosines, best first; where these are equal, by row.

        Among ``_MANY`` rows or more, of the nearest of those that agree with the query in most
        signs (see ``SignBits``); which may leave out one in some hundreds.

        Args:
            query: float32 [d], unit.
            limit: how many at most; all rows come where there are fewer.
            among: bool [n], the rows that may be found; None for all. No other is looked at.

        Raises:
            ValueError: ``query`` is of another dimension or not unit, ``among`` of another length,
                or ``limit`` is negative.
        """
        self._check_query(query)
        if limit < 0:
            raise ValueError(f"A search cannot return {limit} rows.")
        if among is not None and among.shape != (len(self),):
            raise ValueError(f"{list(among.shape)} does not tell which of {len(self)} rows.")
        rows = self._candidates(query, limit, among)
        cosines = self.cosines(query, rows)
        order = np.lexsort((rows, -cosines))[:limit]
        return rows[order], cosines[order]

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of ``query``, float32 [d], unit, with each of ``rows``, int64 [m]: [m].

        Not clipped: where a vector meets itself, rounding may give a little more than 1.

        Raises:
            ValueError: ``query`` is of another dimension or not unit, or there is no such row.
        """
        self._check_query(query)
        if rows.size and (rows.min() < 0 or rows.max() >= len(self)):
            raise ValueError(f"Rows must lie between 0 and {len(self) - 1}.")
        return self._codes.products(rows, query)

    def _candidates(
        self, query: NDArray[np.float32], limit: int, among: Mask | None
    ) -> NDArray[np.int64]:
        """The ``limit`` best rows, and some that may be as good as the last, in any order."""
        if self.dimension >= _DIMENSIONS and len(self) >= _MANY:
            there = len(self) if among is None else int(among.sum())
            if there >= _MANY:
                likely = max(_LIKELY, _LIKELY_TIMES * limit, there // _LIKELY_SHARE)
                return self._likely(query, likely, among)
        coded, groups = coded_query(query), self._groups(among)
        slack = self._slack(coded)
        limit = min(limit, sum(group.size for group in groups))
        asked = _MORE * limit
        while limit:
            found = [self._propose(coded, asked, group) for group in groups]
            scores = np.concatenate([scores for scores, _, _ in found])
            best = np.sort(scores)[::-1]
            least = best[limit - 1] - slack if len(best) >= limit else -np.inf
            if all(rest <= least for _, _, rest in found):
                rows = np.concatenate([rows for _, rows, _ in found])[scores >= least]
                return np.concatenate([rows, self._few(among)])
            asked *= _MORE
        return self._few(among)

    def _likely(
        self, query: NDArray[np.float32], count: int, among: Mask | None
    ) -> NDArray[np.int64]:
        """So many of the rows of ``among`` that agree with the query in most signs."""
        if self._signs is None:  # two threads may make the same ones
            self._signs = SignBits(self._codes)
        bits, asked = self._signs.rows, self._signs.of(query)
        if among is None:
            return agreeing(bits, asked, count)
        there = np.flatnonzero(among)
        return there[agreeing(bits[there], asked, count)]

    def _slack(self, query: CodedQuery) -> float:
        """How far apart two cosines may be whose scores are equal, as Cauchy and Schwarz allow.

        But what rounding loses has nothing to do with a row, so ``_SURE`` deviates are enough.
        """
        step = math.ldexp(1 / self._steps, int(self._codes.doublings.max(initial=0)))
        longest = 1 + UNIT_TOLERANCE + step * math.sqrt(self.dimension) / 2  # of decoded vectors
        share = min(2.0, _SURE * math.sqrt(2 / self.dimension))
        return share * query.lost * longest + _ROUNDING

    def _few(self, among: Mask | None) -> NDArray[np.int64]:
        """The rows of longer steps where they are few: no search is worth it to leave some out."""
        if len(self._doubled) > _FEW:
            return np.empty(0, np.int64)
        return self._doubled if among is None else self._doubled[among[self._doubled]]

    def _groups(self, among: Mask | None) -> list[_Group]:
        """What is to be searched: the rows of ``among`` by the length of their steps."""
        if len(self._doubled) <= _FEW:
            return [_Group(0, len(self) if among is None else int(among.sum()), among)]
        doublings = self._codes.doublings
        chosen = np.ones(len(self), np.bool_) if among is None else among
        parts = [(one, chosen & (doublings == one)) for one in np.unique(doublings).tolist()]
        return [_Group(one, int(own.sum()), own) for one, own in parts]

    def _propose(
        self, query: CodedQuery, count: int, group: _Group
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], float]:
        """The best of a group: scores, rows, and what no other row of it is better than."""
        scores, rows = self._index.search(query.numbers, min(count, len(self)), group.among)
        scores *= np.float32(np.ldexp(query.step / self._steps, group.doublings))
        rest = -np.inf if count >= group.size else float(scores[-1])
        own = (rows >= 0) & (self._codes.doublings[rows] == group.doublings)
        return scores[own], rows[own], rest

    def _check_query(self, query: NDArray[np.float32]) -> None:
        if query.shape != (self.dimension,):
            raise ValueError(
                f"The query has shape {list(query.shape)}; this index holds vectors of "
                f"{self.dimension} numbers. Was it made by another model?"
            )
        checked_unit(query[np.newaxis])
