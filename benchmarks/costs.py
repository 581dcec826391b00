"""What size costs: ``python -m benchmarks.costs DATA --work DIR --out PICTURE``.

For corpora of about 1,000 to 1,000,000 sentences: building without encoding, starting, answering
without encoding, and memory. Each is built by one process and asked by another. Vectors are those
of ``stand_in``, so everything but the model is measured. Prints a table, and draws it.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.contestants.worker import cpu_seconds, memory_now, paragraphs_of, seconds_of
from benchmarks.corpora import Work, write_documents
from benchmarks.machine import describe
from benchmarks.stand_in import StandIn
from benchmarks.verdicts import markdown, percentile, shown
from index.library import Library
from index.weights import load_weights

_SENTENCES = 5.4  # of a paragraph, about
_QUESTIONS = 200

Found = Mapping[str, float]

PANELS = {
    "Answering, without encoding": ("ms", {"p50": "p50", "p99": "p99"}),
    "Building, without encoding": ("s", {"build": "CPU", "start": "starting, wall"}),
    "Memory": ("MiB", {"building": "building, at its highest", "asking": "asking"}),
}


class Steps:
    """What is measured of one corpus; each step in a process of its own."""

    def __init__(self, work: Work, sentences: int) -> None:
        self._work = work
        self._folder = work.folder / f"size-{sentences}"
        self._paragraphs = max(20, round(sentences / _SENTENCES))
        self._stand_in = work.stand_in()

    def build(self) -> Found:
        """Index documents anew."""
        shutil.rmtree(self._folder, ignore_errors=True)
        texts = paragraphs_of(self._work.documents)
        write_documents(self._folder / "seeds", texts, self._paragraphs)
        library = _library(self._folder, self._stand_in)
        cpu = cpu_seconds()
        library.refresh()
        return {
            "build": cpu_seconds() - cpu - self._stand_in.seconds,
            "building": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _maxrss_per_mib(),
        }

    def ask(self) -> Found:
        """Open what was built, ask, and delete it."""
        library = _library(self._folder, self._stand_in)
        began = time.perf_counter()
        library.warm_up()
        start = time.perf_counter() - began
        questions = self._work.questions()[: _QUESTIONS + 1]
        seconds = [seconds_of(library.ask, one) for one in questions][1:]
        snapshot = library._state.serve().snapshot
        shutil.rmtree(self._folder)
        return {
            "passages": len(snapshot.passages),
            "sentences": len(snapshot.sentences),
            "start": start,
            "p50": percentile(seconds, 0.5) * 1000,
            "p99": percentile(seconds, 0.99) * 1000,
            "asking": memory_now() / 2**20,
        }


def _library(folder: Path, stand_in: StandIn) -> Library:
    return Library(
        seeds=folder / "seeds", data=folder / "data", source=stand_in, weights=load_weights()
    )


def _maxrss_per_mib() -> float:
    return 2**20 if sys.platform == "darwin" else 2**10


def table(rows: Sequence[Found]) -> str:
    """The figures, a line for each size."""
    labels = {
        key: f"{title.partition(',')[0].lower()}: {label}, {unit}"
        for title, (unit, lines) in PANELS.items()
        for key, label in lines.items()
    }
    heading = ["sentences", "passages", *labels.values()]
    lines = [
        [f"{row['sentences']:,}", f"{row['passages']:,}", *(shown(row[key]) for key in labels)]
        for row in rows
    ]
    return markdown(heading, lines)


def _in_own_process(step: str, sentences: int, chosen: argparse.Namespace) -> Found:
    print(f"{sentences:,} sentences: {step}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.costs", str(chosen.data), "--work"]
    command += [str(chosen.work), "--step", step, "--sentences", str(sentences)]
    found: Found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def main() -> None:
    """Measure every size, print, and draw; or carry out one step of one size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--out", type=Path)
    sizes = [1_000, 10_000, 100_000, 1_000_000]
    options.add_argument("--sentences", type=int, nargs="+", default=sizes)
    options.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    if chosen.step:
        steps = Steps(Work(chosen.data.resolve(), chosen.work.resolve()), chosen.sentences[0])
        print(json.dumps(getattr(steps, chosen.step)()))
        return
    told = describe()
    rows: list[Found] = []
    for many in chosen.sentences:
        try:
            built = _in_own_process("build", many, chosen)
            rows.append({**built, **_in_own_process("ask", many, chosen)})
        except subprocess.CalledProcessError as error:
            print(f"{many:,} sentences: not measured, it ended with {error.returncode}")
    print(told, table(rows), sep="\n\n")
    if chosen.out:
        from benchmarks.drawing import draw  # not in the processes whose memory is measured

        draw(rows, PANELS, chosen.out)


if __name__ == "__main__":
    main()
