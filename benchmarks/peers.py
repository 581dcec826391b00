"""Footnote, the reference and the peers: ``python -m benchmarks.peers DATA --work DIR``.

Each peer does what the reference does, retrieval only, from a virtual environment of its own; one
that cannot be installed or fails here stands in the table with its error. All take turns.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpora import Work
from benchmarks.machine import describe
from benchmarks.racing import FIGURES, Race, System
from benchmarks.venvs import PEERS, NotInstalled, installed
from benchmarks.verdicts import markdown

NOTES = """\
On {cores} core(s): medians of {rounds} rounds in turns, {block} questions a block, none asked
twice; in brackets the ratio to the reference. Footnote finishes an answer, the others retrieve ten
paragraphs. A row that failed holds what was measured before.
"""


def systems(work: Work) -> Iterator[System]:
    """All that take part; the reference is the second."""
    folder = work.folder / "race"
    yield System("Footnote", "footnote", folder / "footnote")
    yield System("reference", "limit", folder / "limit")
    for peer in PEERS:
        say(f"{peer.name}: installing")
        versions = ", ".join(one.replace("==", " ") for one in peer.packages)
        system = System(f"{peer.name} ({versions})", peer.module, folder / peer.module)
        try:
            system.python = installed(peer, work.folder)
        except NotInstalled as error:
            system.failed["installing"] = str(error)
        yield system


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure all, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--work", type=Path, required=True, help="kept: the next run is shorter")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--block", type=int, default=100, help="questions in a turn")
    options.add_argument("--cores", type=int, default=1)
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    work = Work(chosen.data.resolve(), chosen.work.resolve())
    told = describe()
    all_ = list(systems(work))
    Race(work, all_, chosen.cores, chosen.rounds, chosen.block, say).run()
    print(told, NOTES.format(**vars(chosen)), sep="\n\n")
    heading = ("system", *FIGURES.values(), "failed")
    print(markdown(heading, [one.row(all_[1]) for one in all_]))


if __name__ == "__main__":
    main()
