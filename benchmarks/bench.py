"""Footnote against the reference: ``python -m benchmarks.bench DATA --work DIR``.

The reference is sentence-transformers with an exact faiss index, doing less: it encodes and
searches. Both run in processes of their own with the same model, cores and threads, in turns.
Prints a Markdown table with a row for each bar.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.commands import worker
from benchmarks.contestants.worker import paragraphs_of
from benchmarks.corpora import Work
from benchmarks.duels import Duel, prepare_small
from benchmarks.machine import describe
from benchmarks.processes import ProgramFailed, Runner
from benchmarks.verdicts import HEADING, Bar, Row, markdown, missing, shown

BEFORE = {"hit@1": 0.7386, "hit@3": 0.9033}
"""On SQuAD's and the natural questions with the original encoder and second stage (answer forced),
before either was made faster, and before there was a reader."""

_SAME = 0.002  # what hit@1 may lose
_FP32 = 4  # bytes
_READ = Bar(2.0)  # of a warm question, whose best sentences are read

Cells = tuple[str, ...]


def say(*text: str) -> None:
    """Tell how far it is."""
    print(*text, file=sys.stderr, flush=True)


def measured(work: Work, chosen: argparse.Namespace) -> Iterator[Cells]:
    """The rows, one number of cores after the other; then those that no number of cores changes."""
    small = prepare_small(work)
    for cores in chosen.cores:
        tell = partial(say, f"on {cores}:")
        duel = Duel(work, cores, chosen.rounds, chosen.block, tell)
        for name, step in steps(duel, small, chosen.paragraphs).items():
            yield from attempted(name, str(cores), step)
    with Runner(work.folder, cores=2).worker(worker("footnote", small, threads=2)) as system:
        say("answers")
        yield from sizes(small, system.do("call", "counts"))
        yield from unchanged(system.do("call", "score", str(work.data)))


def steps(duel: Duel, small: Path, paragraphs: int) -> dict[str, Callable[[], list[Row]]]:
    """All that the two are measured in, by name."""
    few = f"{len(paragraphs_of(duel.work.documents))} paragraphs"
    many, large = f"{paragraphs:,} paragraphs", duel.work.large(paragraphs)
    return {
        "starting": duel.start,
        "cold `ask`": partial(duel.cold, small),
        "building": duel.building,
        few: partial(duel.warm, small, few, p50=_READ, p99=_READ, crowd=True),
        many: partial(duel.warm, large, many, p50=_READ, p99=_READ, crowd=False),
        "growing": partial(duel.growing, large),
    }


def attempted(name: str, cores: str, step: Callable[[], list[Row]]) -> Iterator[Cells]:
    """A step's rows; where it fails, one that says why, and the rest goes on."""
    try:
        yield from (row.cells() for row in step())
    except ProgramFailed as error:
        yield missing(name, cores, str(error))


def sizes(folder: Path, counts: Mapping[str, int]) -> Iterator[Cells]:
    """The generation on disk against vectors of four bytes a number: all of them, and fewer."""
    name = (folder / "data" / "CURRENT").read_text().strip()
    ours = _bytes(folder / "data" / "generations" / name)
    sides = {
        "its vectors in fp32": (counts["passages"] + counts["sentences"], Bar(1.6)),
        "the vectors of its passages alone in fp32": (counts["passages"], None),
    }
    for against, (vectors, bar) in sides.items():
        floats = vectors * counts["dimension"] * _FP32
        row = Row(f"size on disk / {against}", "MB", "—", (ours / 1e6,), (floats / 1e6,), bar)
        yield row.cells()
    limit = _bytes(folder / "limit")
    yield Row("size on disk / the reference's", "MB", "—", (ours / 1e6,), (limit / 1e6,)).cells()


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def unchanged(scores: Mapping[str, float]) -> Iterator[Cells]:
    """That answers are no worse than they were before all this."""
    for name, before in BEFORE.items():
        now = scores[name]
        kept = "reached" if now >= before - _SAME else "**missed**"
        bar = f"≥ {before - _SAME:.4f}"
        cells = (f"{now:.4f}", f"{before:.4f} before", shown(now / before), "—", bar, kept)
        yield (f"{name}, answer forced", "share", "—", *cells)


def main() -> None:
    """Measure everything, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--work", type=Path, required=True, help="kept: the next run is shorter")
    options.add_argument("--paragraphs", type=int, default=20_000, help="of the large corpus")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--block", type=int, default=200, help="questions in a turn")
    options.add_argument("--cores", type=int, nargs="+", default=[1])
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    work = Work(chosen.data.resolve(), chosen.work.resolve())
    told = describe()
    say("the large corpus")
    making = [sys.executable, "-m", "benchmarks.corpora", str(work.data), str(work.folder)]
    subprocess.run([*making, "--paragraphs", str(chosen.paragraphs)], check=True)
    rows = []
    for row in measured(work, chosen):
        say(*row)
        rows.append(row)
    print(told, NOTES.format(rounds=chosen.rounds, block=chosen.block), sep="\n\n")
    print(markdown(HEADING, rows))


NOTES = """\
Medians of {rounds} rounds in turns, {block} questions a block, none asked twice; the ratio is the
median of the rounds' ratios, the spread their smallest and largest. The large corpus is made of
shuffled paragraphs; its vectors are a stand-in's, in clusters around real ones, those of questions
and of the document more are the model's. Passages of the reference are paragraphs.
"""


if __name__ == "__main__":
    main()
