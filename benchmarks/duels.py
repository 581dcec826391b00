"""Footnote and the reference measured in turns on one number of cores: A B, A B, A B."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from benchmarks.commands import footnote, worker
from benchmarks.contestants.worker import paragraphs_of
from benchmarks.corpora import Work
from benchmarks.growing import varied
from benchmarks.processes import Cost, Runner, Worker
from benchmarks.verdicts import Bar, Row, percentile

_MIB = 2**20
_ASKERS = 32
_UNSEEN = 10**6  # seeds from here on give documents that the corpus does not hold

Given = TypeVar("Given")
Measured = Mapping[str, float]
"""What one round gave, by figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure is called, in which unit, and what bar is set for its ratio."""

    name: str
    unit: str
    bar: Bar | None = None


@dataclass(frozen=True)
class Duel:
    """Both systems on ``cores`` cores.

    Attributes:
        rounds: how often they take turns.
        block: how many questions each is asked in a turn; they are never asked twice.
        say: is told what is being measured.
    """

    work: Work
    cores: int
    rounds: int
    block: int
    say: Callable[[str], None]

    @property
    def _runner(self) -> Runner:
        return Runner(self.work.folder, self.cores)

    def start(self) -> list[Row]:
        """What the command line costs that answers nothing."""
        self.say("--help")
        help_ = [*footnote("ask", self.work.folder)[:3], "--help"]
        costs = [self._runner.run(help_) for _ in range(self.rounds + 1)][1:]
        bar = Bar(0.3)
        seconds = tuple(one.cpu for one in costs)
        return [Row("`footnote --help`, CPU (bar in seconds)", "s", self._on, seconds, bar=bar)]

    def cold(self, small: Path) -> list[Row]:
        """A new process that answers one question."""
        self.say("cold ask")
        questions = islice(self.work.questions(), self.rounds + 1)
        found = []
        for question in questions:
            ours = self._runner.run(footnote("ask", small, question))
            limit = worker("limit", small / "limit", threads=self.cores, ask=question)
            found.append((_cost(ours), _cost(self._runner.run(limit))))
        figures = {
            "cpu": Figure("cold `ask` to answer, CPU", "s", Bar(0.15)),
            "wall": Figure("cold `ask` to answer, wall", "s"),
            "memory": Figure("memory at its highest, cold `ask`", "MiB", Bar(0.5)),
        }
        return self._rows(figures, found[1:])  # the first read the files from the disk

    def building(self) -> list[Row]:
        """The articles indexed anew by processes that have loaded the model."""
        count = len(paragraphs_of(self.work.documents))
        found = []
        for n in range(self.rounds):
            self.say(f"building, round {n + 1}")
            found.append((self._build("footnote", count), self._build("limit", count)))
        figures = {
            "cpu": Figure("building, CPU per paragraph, all stages", "ms", Bar(1.15)),
            "wall": Figure("building, wall per paragraph", "ms"),
        }
        once = tuple(ours["load"] for ours, _ in found)
        first = Row("meeting the model for the first time, CPU, once", "s", self._on, once)
        return [*self._rows(figures, found), first]

    def _build(self, name: str, count: int) -> Measured:
        with (
            tempfile.TemporaryDirectory(dir=self.work.folder) as folder,
            self._runner.worker(worker(name, Path(folder), threads=self.cores)) as system,
        ):
            load = system.do("timed", "load")
            took = system.do("timed", "build", str(self.work.documents))
        share = 1000 / count
        return {"cpu": took["cpu"] * share, "wall": took["wall"] * share, "load": load["cpu"]}

    def warm(self, folder: Path, corpus: str, *, p50: Bar, p99: Bar, crowd: bool) -> list[Row]:
        """Processes that are up, asked by one and, if wanted, by a crowd."""
        figures = {
            "cpu": Figure(f"warm question, {corpus}, CPU", "ms"),
            "p50": Figure(f"warm question to finished answer, {corpus}, p50", "ms", p50),
            "p95": Figure(f"the same, {corpus}, p95", "ms"),
            "p99": Figure(f"the same, {corpus}, p99", "ms", p99),
        }
        with self._both(folder) as both:
            self.say(f"warm questions, {corpus}")
            deck = iter(self.work.questions()[1:])
            blocks = [self._block(deck) for _ in range(self.rounds)]
            rows = self._rows(figures, [_turn(both, _asked, block) for block in blocks])
            memory = {"memory": Figure(f"memory, warm, {corpus}", "MiB", Bar(0.5))}
            rows += self._rows(memory, [_turn(both, _memory, None)])
            if crowd:
                self.say(f"{_ASKERS} askers, {corpus}")
                blocks = [self._block(deck) for _ in range(self.rounds)]
                rates = {
                    "rate": Figure(f"questions/s, {_ASKERS} askers", "1/s", Bar(1.8, True)),
                    "cpu": Figure(f"{_ASKERS} askers, CPU per question", "ms"),
                }
                rows += self._rows(rates, [_turn(both, _crowd, block) for block in blocks])
        return rows

    def growing(self, folder: Path) -> list[Row]:
        """The large corpus looked at again, unchanged and with one document more."""
        self.say("nothing changed, one document more")
        same, more = [], []
        with self._both(folder) as (ours, limit):
            ours.do("timed", "refresh")
            paragraphs = paragraphs_of(self.work.documents)
            for n in range(self.rounds):
                looked = ours.do("timed", "refresh")
                same.append((looked, limit.do("timed", "hash_files", str(folder / "seeds"))))
                texts = list(varied(paragraphs, _UNSEEN + n))
                with _document_more(folder / "seeds", texts):
                    grown = ours.do("timed", "refresh")
                encoded = limit.do("timed", "encode_only", texts)
                more.append((grown, {key: 1.1 * encoded[key] + 0.5 for key in encoded}))
                ours.do("timed", "refresh")  # without it again
        return [
            *self._rows(_both_times("nothing changed, against hashing the files", 2.0), same),
            *self._rows(
                _both_times("one document more, against 1.1 × encoding it + 0.5 s", 1.0), more
            ),
        ]

    @contextmanager
    def _both(self, folder: Path) -> Iterator[tuple[Worker, Worker]]:
        """Both systems, open and warm."""
        with ExitStack() as stack:
            places = (("footnote", folder), ("limit", folder / "limit"))
            ours, limit = (
                stack.enter_context(self._runner.worker(worker(name, at, threads=self.cores)))
                for name, at in places
            )
            ours.do("open")
            limit.do("open")
            yield ours, limit

    def _block(self, deck: Iterator[str]) -> list[str]:
        block = list(islice(deck, self.block))
        if len(block) < self.block:
            raise SystemExit("There are not enough questions for so many rounds of such blocks.")
        return block

    def _rows(
        self, figures: Mapping[str, Figure], rounds: Sequence[tuple[Measured, Measured]]
    ) -> list[Row]:
        return [
            Row(
                figure.name,
                figure.unit,
                self._on,
                tuple(ours[key] for ours, _ in rounds),
                tuple(limit[key] for _, limit in rounds),
                figure.bar,
            )
            for key, figure in figures.items()
        ]

    @property
    def _on(self) -> str:
        return str(self.cores)


def _both_times(name: str, bar: float) -> dict[str, Figure]:
    return {
        "cpu": Figure(f"{name}, CPU", "s", Bar(bar)),
        "wall": Figure(f"{name}, wall", "s", Bar(bar)),
    }


def _turn(
    both: tuple[Worker, Worker], measure: Callable[[Worker, Given], Measured], given: Given
) -> tuple[Measured, Measured]:
    ours, limit = both
    return measure(ours, given), measure(limit, given)


def _asked(system: Worker, questions: list[str]) -> Measured:
    took = system.do("ask", questions)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    latencies = {key: percentile(took["seconds"], at) * 1000 for key, at in shares.items()}
    return {**latencies, "cpu": took["cpu"] * 1000 / len(questions)}


def _crowd(system: Worker, questions: list[str]) -> Measured:
    took = system.do("crowd", questions, _ASKERS)
    return {
        "rate": len(questions) / took["wall"],
        "cpu": took["cpu"] * 1000 / len(questions),
    }


def _memory(system: Worker, _: None) -> Measured:
    return {"memory": system.do("memory") / _MIB}


def _cost(cost: Cost) -> Measured:
    return {"cpu": cost.cpu, "wall": cost.wall, "memory": cost.memory / _MIB}


@contextmanager
def _document_more(seeds: Path, texts: list[str]) -> Iterator[None]:
    path = seeds / "one-more.txt"
    path.write_text("\n\n".join(["One more", *texts]), "utf-8")
    try:
        yield
    finally:
        path.unlink()


def prepare_small(work: Work) -> Path:
    """The articles, indexed by both as their code is now: ``seeds``, ``data``, ``limit``."""
    folder = work.folder / "small"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "seeds").mkdir(parents=True)
    for path in work.documents.glob("*.txt"):
        shutil.copy(path, folder / "seeds")
    runner = Runner(work.folder, cores=2)
    runner.run(footnote("index", folder)[:-1])
    with runner.worker(worker("limit", folder / "limit", threads=2)) as limit:
        limit.do("load")
        limit.do("timed", "build", str(work.documents))
    return folder
