"""How long questions wait while the index is rebuilt.

``python -m benchmarks.asking_while_rebuilding FOLDER``, a folder of text files.

Asks through the service as the bot does, first idle and then during so many rebuilds. Before each,
one document is rewritten in all its paragraphs, so that every rebuild reads, splits, embeds, writes
and loads. The bar: the slowest takes no longer than three times the idle median and 200 ms.
"""

import argparse
import asyncio
import gc
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from types import FrameType

from bot.service import Service
from index.errors import CorpusError
from index.library import Library
from index.questions import read_question

ROOT = Path(__file__).parent.parent
IDLE = 300
"""Questions asked before the first rebuild."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: when it was asked and answered, in seconds of the monotonic clock."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


@dataclass
class Sampler:
    """Looks all the time at what the service's threads are doing."""

    seen: list[tuple[float, str]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._look, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def during(self, asked: Asked, *, most: int = 6) -> str:
        """What was going on meanwhile, what was met most often first."""
        met = Counter(what for at, what in self.seen if asked.began <= at <= asked.ended)
        total = max(met.total(), 1)
        return "; ".join(f"{what} {n / total:.0%}" for what, n in met.most_common(most))

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            now, frames = time.monotonic(), sys._current_frames()
            names = {one.ident: one.name for one in threading.enumerate()}
            told = [
                f"{names[ident]}: {where}"
                for ident, frame in frames.items()
                if names.get(ident) in ("answers", "indexing") and (where := _where(frame))
            ]
            self.seen.append((now, " + ".join(sorted(told)) or "nothing"))


def _where(frame: FrameType | None) -> str:
    """The innermost two functions of the project in a thread's stack."""
    found: list[str] = []
    while frame is not None and len(found) < 2:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            found.append(f"{path.stem}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found)


def questions_of(library: Library) -> list[str]:
    """A question about each document and heading."""
    subjects = [one.title for one in library.documents()]
    subjects += [f"{one.text} in {Path(one.document).stem}" for one in library.headings()]
    asked = [f"what is known about {subject.replace('_', ' ')}?" for subject in subjects]
    return [one for one in asked if _can_be_asked(one)]


def _can_be_asked(question: str) -> bool:
    try:
        read_question(question)
    except CorpusError:
        return False
    return True


def rewrite(path: Path, original: str, n: int) -> None:
    """The document with a word more in each paragraph, which no version before had."""
    path.write_text(
        "\n\n".join(
            f"{one} This is edition {n}." if one.strip().endswith(".") else one
            for one in original.split("\n\n")
        )
    )


async def ask(
    service: Service, questions: Iterator[str], done: asyncio.Event, pause: float
) -> list[Asked]:
    """Ask one question after the other until done."""
    found: list[Asked] = []
    while not done.is_set() and (question := next(questions, None)) is not None:
        service.forget_questions()  # or one that comes again would not be looked for
        began = time.monotonic()
        await service.ask(question, person=len(found), scope=frozenset({""}))
        found.append(Asked(began, time.monotonic()))
        await asyncio.sleep(pause)
    return found


async def measure(
    documents: Path, *, rebuilds: int, askers: int, pause: float
) -> tuple[list[Asked], list[Asked], list[float], Sampler]:
    """Ask, idle and during the rebuilds; returns both, and how long each rebuild took."""
    sampler, took = Sampler(), []
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(shutil.copytree(documents, Path(folder) / "seeds"))
        library = Library.open(seeds=seeds, data=Path(folder) / "data")
        service = Service(library)
        await service.start()
        gc.freeze()  # as the bot does
        texts = {path: path.read_text("utf-8") for path in sorted(seeds.rglob("*.txt"))}
        questions = questions_of(library)
        passages = sum(one.passages for one in library.documents())
        _tell(f"{len(texts)} documents, {passages} passages, {len(questions)} questions")
        never, done = asyncio.Event(), asyncio.Event()
        idle = await _together(service, questions, never, askers, pause, count=IDLE)
        sampler.start()
        asking = asyncio.create_task(_together(service, questions, done, askers, pause))
        for n, (path, text) in enumerate(islice(cycle(texts.items()), rebuilds)):
            rewrite(path, text, n)
            began = time.monotonic()
            report = await service.refresh()
            took.append(time.monotonic() - began)
            _tell(f"{report.generation}: {took[-1]:.1f} s")
        done.set()
        busy = await asking
        sampler.stop()
        await service.stop()
    return idle, busy, took, sampler


async def _together(
    service: Service,
    questions: Sequence[str],
    done: asyncio.Event,
    askers: int,
    pause: float,
    *,
    count: int | None = None,
) -> list[Asked]:
    shared = islice(cycle(questions), count)
    found = await asyncio.gather(*(ask(service, shared, done, pause) for _ in range(askers)))
    return [one for of_one in found for one in of_one]


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def quantile(asked: Sequence[Asked], share: float) -> float:
    """In milliseconds."""
    return sorted(one.seconds for one in asked)[round(share * (len(asked) - 1))] * 1000


def main() -> None:
    """Print the table, whether the bar is held, and what the slowest questions waited for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, help="a folder of text files")
    parser.add_argument("--rebuilds", type=int, default=50)
    parser.add_argument("--askers", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two questions")
    given = parser.parse_args()
    idle, busy, took, sampler = asyncio.run(
        measure(given.documents, rebuilds=given.rebuilds, askers=given.askers, pause=given.pause)
    )
    print("| | questions | median ms | p99 ms | slowest ms |\n|---|---|---|---|---|")
    for name, asked in (("idle", idle), (f"during {len(took)} rebuilds", busy)):
        figures = " | ".join(f"{quantile(asked, share):.0f}" for share in (0.5, 0.99, 1.0))
        print(f"| {name} | {len(asked)} | {figures} |")
    median, slowest = quantile(idle, 0.5), quantile(busy, 1.0)
    bar = 3 * median + 200
    print(f"\nA rebuild took {sorted(took)[len(took) // 2]:.1f} s (median).")
    print(f"The slowest is {slowest / median:.1f} times the idle median; it took {slowest:.0f} ms,"
          f" and {bar:.0f} ms is the bar: {'held' if slowest <= bar else 'MISSED'}.")  # fmt: skip
    over = sorted(busy, key=lambda one: one.seconds, reverse=True)
    print(f"{sum(one.seconds * 1000 > bar for one in over)} took longer than the bar.")
    for one in over[:5]:
        print(f"- {one.seconds * 1000:.0f} ms: {sampler.during(one)}")


if __name__ == "__main__":
    main()
