"""Exact search among unit vectors. The only module that imports faiss, and none of it gets out.

faiss alone is not enough for exact results: it pads short ones with row -1, keeps any of the rows
that tie for the last place, and its rounding depends on where a row lies. So it proposes
candidates, and their cosines are computed here.

It is imported when the first index is made or opened, since it takes a fifth of a second.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedGeneration

_UNIT_TOLERANCE: Final = 1e-3
_ROUNDING: Final = 1e-5  # more than faiss's float32 sums are off by, for any dimension in use
_ALIGNMENT: Final = 64


class VectorIndex:
    """An immutable index over unit rows. Safe to search from several threads at once.

    It is a view of its serialized form, so that loading a mapped file copies nothing.
    """

    __slots__ = ("_data", "_index", "_vectors")

    def __init__(self, data: memoryview) -> None:
        self._data = data.toreadonly()
        self._index, self._vectors = _opened(self._data)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> "VectorIndex":
        """An index over the rows of ``vectors``, float32 [n, d], which are copied.

        Raises:
            ValueError: ``vectors`` is not [n, d] with d > 0, or a row is not of length 1 within
                1e-3; one that holds NaN is not.
        """
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise ValueError(f"Vectors must come as [n, d] with d > 0, not {list(vectors.shape)}.")
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        _check_unit(rows)
        return cls(_serialized(rows))

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
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._vectors.shape[1])

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The rows, float32 [n, d], read-only, not copied. Outlives the index."""
        return self._vectors

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
        # In float64, and each row by itself: equal rows then have equal cosines, wherever they lie.
        products = self._vectors[rows].astype(np.float64) * query
        cosines: NDArray[np.float32] = products.sum(axis=1).astype(np.float32)
        return cosines

    def _candidates(
        self, query: NDArray[np.float32], limit: int, among: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """The ``limit`` best rows, and all that may tie with the last of them, in any order."""
        there = len(self) if among is None else int(np.count_nonzero(among))
        limit = min(limit, there)
        if not limit:
            return np.empty(0, dtype=np.int64)
        asked = limit
        while True:
            asked = min(2 * asked, there)
            scores, rows = self._propose(query, asked, among)
            if asked == there or scores[-1] < scores[limit - 1] - _ROUNDING:
                return rows

    def _propose(
        self, query: NDArray[np.float32], count: int, among: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """What faiss finds: scores and rows. ``count`` is never more than there are."""
        import faiss

        # faiss answers one query on one thread, so parallel searches do not fight for cores.
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
        _check_unit(query[np.newaxis])


def _check_unit(rows: NDArray[np.float32]) -> None:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= _UNIT_TOLERANCE))  # NaN compares false
    if wrong.size:
        raise ValueError(
            f"Vectors must be of length 1; number {wrong[0]} is of length {lengths[wrong[0]]:.6g}."
        )


def _serialized(rows: NDArray[np.float32]) -> memoryview:
    """What faiss writes, after blanks that align the floats; the first byte counts the blanks."""
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    form = faiss.serialize_index(index)
    blanks = _ALIGNMENT - (form.nbytes - rows.nbytes) % _ALIGNMENT
    padded = np.empty(blanks + form.nbytes, dtype=np.uint8)
    padded[:blanks], padded[blanks:] = 0, form
    padded[0] = blanks
    return padded.data


def _opened(data: memoryview) -> tuple[Any, NDArray[np.float32]]:
    """A faiss index that reads its vectors from ``data``, and the same vectors as an array."""
    import faiss

    try:
        form = np.frombuffer(data, dtype=np.uint8, offset=data[0])
        reader = faiss.ZeroCopyIOReader(  # type: ignore[attr-defined]  # not in faiss's stubs
            faiss.swig_ptr(form), form.size
        )
        index = faiss.read_index(reader)
        if not isinstance(index, faiss.IndexFlatIP):
            raise ValueError(f"{type(index).__name__} is not an exact inner-product index")
        return index, _floats(index, form)
    except (IndexError, ValueError, RuntimeError, MemoryError) as error:
        raise DamagedGeneration(
            "The vectors are not as they were written. Index again to mend them."
        ) from error


def _floats(index: Any, form: NDArray[np.uint8]) -> NDArray[np.float32]:
    shape = (index.ntotal, index.d)
    if not index.ntotal:
        return np.empty(shape, dtype=np.float32)
    offset = int(index.get_xb()) - form.ctypes.data
    count = index.ntotal * index.d
    return np.frombuffer(form, dtype=np.float32, count=count, offset=offset).reshape(shape)
