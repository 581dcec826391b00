"""Search among unit vectors, exact as they are kept. The only module that imports faiss.

None of faiss gets out, and it alone is not enough: it pads short results with row -1, keeps any of
the rows that tie for the last place, its rounding depends on where a row lies, and it knows of one
length of steps. So it proposes candidates, and their cosines are computed here.

It is imported when the first index is made or opened, since it takes a fifth of a second.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

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
from index.errors import DamagedGeneration

_ROUNDING: Final = 1e-5  # more than faiss's float32 sums are off by, for any dimension in use
_SURE: Final = 8
_FEW: Final = 1_000  # rows; their cosines are worked out in less than a millisecond
_MORE: Final = 8  # times as many are proposed as wanted, or as were proposed before
_ALIGNMENT: Final = 64
_ROWS: Final = slice(8, 16)  # where faiss's head says how many rows there are
_SIZE: Final = slice(-8, None)  # and how many bytes of codes follow

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

    __slots__ = ("_codes", "_data", "_doubled", "_index", "_steps")

    def __init__(self, data: memoryview) -> None:
        self._data = data.toreadonly()
        self._index, self._codes = _opened(self._data)
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
        return cls(_serialized(codes))

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
        # Each row by itself: equal rows then have equal cosines, wherever they lie.
        vectors = self._codes.decoded(rows)
        cosines: NDArray[np.float32] = np.einsum("ij,j->i", vectors, query)
        return cosines

    def _candidates(
        self, query: NDArray[np.float32], limit: int, among: Mask | None
    ) -> NDArray[np.int64]:
        """The ``limit`` best rows, and some that may be as good as the last, in any order."""
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
        scores, rows = self._search(query.numbers, min(count, len(self)), group.among)
        scores *= np.float32(np.ldexp(query.step / self._steps, group.doublings))
        rest = -np.inf if count >= group.size else float(scores[-1])
        own = (rows >= 0) & (self._codes.doublings[rows] == group.doublings)
        return scores[own], rows[own], rest

    def _search(
        self, query: NDArray[np.float32], count: int, among: Mask | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """What faiss finds: products of whole numbers, and rows, best first, then -1."""
        import faiss

        # Threads wake each other for longer than a search takes (9 ms for 2), and would fight for
        # cores. The setting is of the thread that sets it, so each search has to.
        faiss.omp_set_num_threads(1)
        if among is None:
            scores, rows = self._index.search(query[np.newaxis], count)
        else:
            bits = np.packbits(among, bitorder="little")  # must outlive the search
            selector = faiss.IDSelectorBitmap(len(among), faiss.swig_ptr(bits))
            chosen = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # stubs lack it
            scores, rows = self._index.search(query[np.newaxis], count, params=chosen)
        return scores[0], np.asarray(rows[0], dtype=np.int64)

    def _check_query(self, query: NDArray[np.float32]) -> None:
        if query.shape != (self.dimension,):
            raise ValueError(
                f"The query has shape {list(query.shape)}; this index holds vectors of "
                f"{self.dimension} numbers. Was it made by another model?"
            )
        checked_unit(query[np.newaxis])


def _serialized(codes: Codes) -> memoryview:
    """What faiss writes, after blanks that align the codes; the first byte counts the blanks.

    Behind it comes how often each row's step is doubled.
    """
    head = _head(len(codes), codes.dimension)
    blanks = _ALIGNMENT - len(head) % _ALIGNMENT
    parts = (np.zeros(blanks, np.uint8), head, codes.values.reshape(-1), codes.doublings)
    whole = np.concatenate(parts)
    whole[0] = blanks
    return whole.data


def _head(count: int, dimension: int) -> NDArray[np.uint8]:
    """What faiss writes before the codes of so many rows.

    Taken from an index of none, with the two counts put in: faiss would copy all codes four times
    on their way into an index and out of it.
    """
    import faiss

    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    none = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    head: NDArray[np.uint8] = faiss.serialize_index(none)
    head[_ROWS] = np.frombuffer(np.int64(count).tobytes(), np.uint8)
    head[_SIZE] = np.frombuffer(np.int64(count * dimension).tobytes(), np.uint8)
    return head


def _opened(data: memoryview) -> tuple[Any, Codes]:
    """A faiss index that reads its codes from ``data``, and the same codes as arrays."""
    import faiss

    try:
        form = np.frombuffer(data, dtype=np.uint8, offset=data[0])
        reader = faiss.ZeroCopyIOReader(  # type: ignore[attr-defined]  # not in faiss's stubs
            faiss.swig_ptr(form), form.size
        )
        index = faiss.read_index(reader)
        if not isinstance(index, faiss.IndexScalarQuantizer) or not _is_ours(index):
            raise ValueError(f"{type(index).__name__} is not an index of codes")
        return index, _codes(index, form)
    except (IndexError, ValueError, RuntimeError, MemoryError) as error:
        raise DamagedGeneration(
            "The vectors are not as they were written. Index again to mend them."
        ) from error


def _is_ours(index: Any) -> bool:
    import faiss

    kind, metric = faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    return bool(index.sq.qtype == kind and index.metric_type == metric)


def _codes(index: Any, form: NDArray[np.uint8]) -> Codes:
    """The codes, and the doublings at the very end, where they lie."""
    count, dimension = int(index.ntotal), int(index.d)
    ends = len(form) - count
    values = form[ends - count * dimension : ends].reshape(count, dimension)
    if count and int(index.codes.data()) != values.ctypes.data:
        raise ValueError("the codes do not end where the doublings begin")
    return Codes(values, form[ends:])
