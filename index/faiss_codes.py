"""What faiss does with codes: it keeps them, and looks through them. Imported nowhere else.

It is imported when the first index is made or opened, since it takes a fifth of a second.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.codes import Codes
from index.errors import DamagedGeneration

_ALIGNMENT: Final = 64
_ROWS: Final = slice(8, 16)  # where faiss's head says how many rows there are
_SIZE: Final = slice(-8, None)  # and how many bytes of codes follow


class FaissCodes:
    """An index of codes that reads them where they lie. Safe to search from several threads."""

    __slots__ = ("_index", "codes")

    def __init__(self, data: memoryview) -> None:
        """Of what ``serialized`` made, which must never change.

        Raises:
            DamagedGeneration: these bytes are nothing of the kind.
        """
        self._index, self.codes = _opened(data)

    def search(
        self, query: NDArray[np.float32], count: int, among: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Products of whole numbers, and rows, best first, then -1."""
        import faiss

        _alone()
        if among is None:
            scores, rows = self._index.search(query[np.newaxis], count)
        else:
            bits = np.packbits(among, bitorder="little")  # must outlive the search
            selector = faiss.IDSelectorBitmap(len(among), faiss.swig_ptr(bits))
            chosen = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # stubs lack it
            scores, rows = self._index.search(query[np.newaxis], count, params=chosen)
        return scores[0], np.asarray(rows[0], dtype=np.int64)


def agreeing(bits: NDArray[np.uint8], asked: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    """The rows of ``bits``, uint8 [n, b], that differ from ``asked``, uint8 [b], in the fewest.

    ``count`` of them, the best first, and where two are as good the one that comes first.
    """
    import faiss

    _alone()
    _, rows = faiss.knn_hamming(asked[np.newaxis], bits, min(count, len(bits)), variant="mc")
    return np.asarray(rows[0], dtype=np.int64)


def _alone() -> None:
    """Search on this thread only.

    Threads wake each other for longer than a search takes (9 ms for 2), and would fight for cores.
    The setting is of the thread that sets it, so each search has to.
    """
    import faiss

    faiss.omp_set_num_threads(1)


def room_for(count: int, dimension: int) -> tuple[memoryview, Codes]:
    """What faiss writes of so many codes, and these, which lie in it and are yet to be filled in.

    It comes after blanks that align the codes; the first byte counts the blanks. Behind it comes
    how often each row's step is doubled.
    """
    head = _head(count, dimension)
    blanks = _ALIGNMENT - len(head) % _ALIGNMENT
    begins, ends = blanks + len(head), blanks + len(head) + count * dimension
    whole = np.empty(ends + count, np.uint8)
    whole[:blanks] = 0
    whole[0] = blanks
    whole[blanks:begins] = head
    return whole.data, Codes(whole[begins:ends].reshape(count, dimension), whole[ends:])


def serialized(codes: Codes) -> memoryview:
    """What faiss writes of them, as ``room_for``."""
    data, room = room_for(len(codes), codes.dimension)
    room.values[:], room.doublings[:] = codes.values, codes.doublings
    return data


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
