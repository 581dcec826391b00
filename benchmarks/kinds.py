"""Which kind of index to search: ``python -m benchmarks.kinds DATA --work DIR [--own FILE]``.

An exact search of floats, one of codes, ours, which looks at signs first where there are many, and
two of faiss's kinds that look at a part only, on vectors that lie in clusters as a model's do (see
``stand_in``), or on those of FILE, float32 [n, d] as numpy saves them, asked by the model's own
vectors of questions. Tells the latency of one search, how many of the ten nearest it finds, seconds
of making it, and bytes a vector. All on one thread.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import Work
from benchmarks.machine import describe
from benchmarks.verdicts import markdown, percentile, shown
from index.codes import coded_query, quantised
from index.faiss_codes import FaissCodes, serialized
from index.vectors import VectorIndex

_NOISE = 0.35  # as in ``stand_in``
_TEN = 10
_TRAINED_ON = 100_000  # vectors
_HNSW_MOST = 200_000  # vectors; more take hours to make

Vectors = NDArray[np.float32]
Search = Callable[[Vectors], NDArray[np.int64]]


def clustered(seeds: Vectors, count: int) -> Vectors:
    """So many unit vectors around those of ``seeds``: float32 [count, d]."""
    chance = np.random.default_rng(1)
    rows = chance.integers(0, len(seeds), count)
    made = np.empty((count, seeds.shape[1]), np.float32)
    for first in range(0, count, 10_000):
        part = seeds[rows[first : first + 10_000]]
        made[first : first + 10_000] = part + chance.standard_normal(part.shape, np.float32) * (
            _NOISE / seeds.shape[1] ** 0.5
        )
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def kinds(vectors: Vectors) -> Iterator[tuple[str, Callable[[], tuple[Search, int]]]]:
    """Each kind's name, and what makes it: a search, and bytes."""
    count, dimension = vectors.shape

    def codes() -> tuple[Search, int]:
        data = serialized(quantised(vectors))
        index = FaissCodes(data)
        return (lambda query: index.search(coded_query(query).numbers, _TEN, None)[1]), len(data)

    def ours() -> tuple[Search, int]:
        index = VectorIndex.build(vectors)
        return (lambda query: index.search(query, _TEN)[0]), len(index.to_bytes())

    def made(index: Any, probes: int | None = None) -> tuple[Search, int]:
        if not index.ntotal:
            index.train(vectors[:: max(1, count // _TRAINED_ON)])
            index.add(vectors)
        if probes:
            index.nprobe = probes
        size = len(faiss.serialize_index(index))
        return (lambda query: index.search(query[np.newaxis], _TEN)[1][0]), size

    inner = faiss.METRIC_INNER_PRODUCT
    yield "exact, floats", lambda: made(faiss.IndexFlatIP(dimension))
    yield "exact, codes", codes
    yield "ours", ours
    lists = 4 * round(count**0.5)
    ivf = faiss.index_factory(dimension, f"IVF{lists},SQ8", inner)
    for probes in (16, 32, 64, 128):  # made once
        yield f"IVF, {lists} lists, {probes} looked at, codes", partial(made, ivf, probes)
    if count <= _HNSW_MOST:
        yield "HNSW 32, codes", lambda: made(faiss.index_factory(dimension, "HNSW32,SQ8", inner))


def rows_of(vectors: Vectors, questions: Vectors) -> Iterator[tuple[str, ...]]:
    """A line of the table for each kind."""
    exact: list[set[int]] = []
    for name, make in kinds(vectors):
        began = time.process_time()
        search, size = make()
        made = time.process_time() - began
        found, seconds = [], []
        for query in questions:
            began = time.perf_counter()
            found.append(set(search(query).tolist()))
            seconds.append(time.perf_counter() - began)
        exact = exact or found
        recall = sum(len(a & b) for a, b in zip(found, exact, strict=True)) / _TEN / len(found)
        times = (shown(percentile(seconds, at) * 1000) for at in (0.5, 0.99))
        yield (
            f"{len(vectors):,}", name, *times, f"{recall:.3f}", shown(made),
            shown(size / len(vectors)),
        )  # fmt: skip
        print(name, file=sys.stderr, flush=True)


def main() -> None:
    """Measure each kind at each size, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--own", type=Path)
    options.add_argument("--vectors", type=int, nargs="*", default=[100_000, 1_000_000])
    options.add_argument("--questions", type=int, default=200)
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    known = Work(chosen.data.resolve(), chosen.work.resolve()).encoded()
    faiss.omp_set_num_threads(1)
    lines: list[tuple[str, ...]] = []
    given = [np.load(chosen.own)] if chosen.own else []
    for vectors in chain(given, (clustered(known[0].vectors, one) for one in chosen.vectors)):
        lines += rows_of(vectors, known[1].vectors[: chosen.questions])
    heading = ["vectors", "kind", "p50, ms", "p99, ms", "recall@10", "made, CPU s", "bytes each"]
    print(describe(), markdown(heading, lines), sep="\n\n")


if __name__ == "__main__":
    main()
