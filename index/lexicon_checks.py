"""Whether the vocabulary and the arrays of a lexicon belong together."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = Mapping[str, NDArray[np.generic]]


def check(vocabulary: Sequence[str], arrays: Arrays) -> None:
    """Raise ValueError unless all that looks into another array finds something there."""
    terms, passages = len(set(vocabulary)), len(arrays["context_offsets"]) - 1
    frequencies = arrays["frequencies"]
    counted = len(arrays["terms"]) + len(arrays["context_terms"])
    if not (
        terms == len(vocabulary) == len(arrays["posting_offsets"]) - 1
        and len(arrays["postings"]) == len(frequencies)
        and bool((np.asarray(frequencies, np.int32) > 0).all())
        and np.asarray(frequencies, np.int32).sum(dtype=np.int64) == counted
        and _are_edges(arrays["offsets"], len(arrays["terms"]))
        and _are_edges(arrays["context_offsets"], len(arrays["context_terms"]))
        and _are_edges(arrays["posting_offsets"], len(arrays["postings"]))
        and _are_rows(arrays["terms"], terms)
        and _are_rows(arrays["context_terms"], terms)
        and _are_rows(arrays["postings"], passages)
        and _ascend(arrays["postings"], arrays["posting_offsets"])
    ):
        raise ValueError("terms of another lexicon")


def _are_edges(array: NDArray[np.generic], end: int) -> bool:
    edges = np.asarray(array, np.int64)
    return bool(len(edges) and edges[0] == 0 and edges[-1] == end and (np.diff(edges) >= 0).all())


def _are_rows(array: NDArray[np.generic], count: int) -> bool:
    rows = np.asarray(array, np.int32)  # as it is: a copy of it would stay with the process
    return not len(rows) or bool(rows.min() >= 0 and rows.max() < count)


def _ascend(array: NDArray[np.generic], edges: NDArray[np.generic]) -> bool:
    """Whether each list between two edges is strictly ascending."""
    rows = np.asarray(array, np.int32)
    steps = rows[1:] > rows[:-1]
    firsts = np.asarray(edges, np.int64)
    steps[firsts[(firsts > 0) & (firsts < len(array))] - 1] = True
    return bool(steps.all())
