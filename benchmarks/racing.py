"""Several systems measured in turns on the same work."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.commands import footnote, worker
from benchmarks.contestants.worker import paragraphs_of
from benchmarks.corpora import Work
from benchmarks.processes import ProgramFailed, Runner, Worker
from benchmarks.verdicts import percentile, shown

_ASKERS = 32
_CROWD = 160  # questions
_TOGETHER = f"{_ASKERS} askers"
FIGURES = {
    "cold": "cold CPU s",
    "build": "build, CPU ms a paragraph",
    "cpu": "warm CPU ms",
    "p50": "p50 ms",
    "p99": "p99 ms",
    "cold memory": "memory cold MiB",
    "memory": "memory warm MiB",
    "rate": f"questions/s, {_TOGETHER}",
    "disk": "on disk MB",
}


@dataclass
class System:
    """One system, what was measured of it, and why it was not, if so."""

    name: str
    module: str
    folder: Path
    python: Path | None = None
    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, str] = field(default_factory=dict)

    def command(self, cores: int, *, ask: str | None = None) -> list[str]:
        """What runs it; Footnote answers one question as people ask it."""
        if ask is not None and self.module == "footnote":
            return footnote("ask", self.folder, ask)
        return worker(self.module, self.folder, threads=cores, python=self.python, ask=ask)

    def attempt(self, stage: str, act: Callable[[], None]) -> None:
        """Do it, unless it or what it needs failed before (nothing needs a crowd); note failure."""
        if stage in self.failed or self.failed.keys() - {_TOGETHER}:
            return
        try:
            act()
        except ProgramFailed as error:
            self.failed[stage] = str(error)

    def row(self, reference: "System | None") -> list[str]:
        """Its medians, each with its ratio to the reference's, and what failed."""
        cells = [self._cell(figure, reference) for figure in FIGURES]
        why = "; ".join(f"{stage} failed: {said[:200]}" for stage, said in self.failed.items())
        return [self.name, *cells, why or "—"]

    def _cell(self, figure: str, reference: "System | None") -> str:
        if not self.found.get(figure):
            return "—"
        value = median(self.found[figure])
        theirs = reference.found.get(figure) if reference and reference is not self else None
        return f"{shown(value)} ({shown(value / median(theirs))})" if theirs else shown(value)


@dataclass(frozen=True)
class Race:
    """All systems on ``cores`` cores.

    Attributes:
        rounds: how often they take turns; each is asked ``block`` questions then.
        say: is told what is being measured.
    """

    work: Work
    systems: Sequence[System]
    cores: int
    rounds: int
    block: int
    say: Callable[[str], None]

    def run(self) -> None:
        """Build, then cold questions, then warm ones; what fails is noted and goes no further."""
        for system in self.systems:
            self.say(f"{system.name}: building")
            system.attempt("building", partial(self._build, system))
        questions = self.work.questions()
        for n in range(self.rounds + 1):
            self.say(f"cold, round {n}")
            for system in self.systems:
                system.attempt("asking", partial(self._cold, system, questions[n], n))
        with ExitStack() as stack:
            self._warm(stack, iter(questions[self.rounds + 1 :]))

    @property
    def _runner(self) -> Runner:
        return Runner(self.work.folder, self.cores)

    def _build(self, system: System) -> None:
        shutil.rmtree(system.folder, ignore_errors=True)
        system.folder.mkdir(parents=True)
        with self._runner.worker(system.command(self.cores)) as program:
            program.do("load")
            took = program.do("timed", "build", str(self.work.documents))
        count = len(paragraphs_of(self.work.documents))
        system.found["build"].append(took["cpu"] * 1000 / count)
        system.found["disk"].append(_stored(system.folder) / 1e6)

    def _cold(self, system: System, question: str, n: int) -> None:
        cost = self._runner.run(system.command(self.cores, ask=question))
        if n:  # the first read the files from the disk
            system.found["cold"].append(cost.cpu)
            system.found["cold memory"].append(cost.memory / 2**20)

    def _warm(self, stack: ExitStack, questions: Iterator[str]) -> None:
        up: dict[str, Worker] = {}
        for system in self.systems:
            system.attempt("opening", partial(self._open, system, stack, up))
        for n in range(self.rounds):
            self.say(f"warm, round {n + 1}")
            alone, together = (list(islice(questions, many)) for many in (self.block, _CROWD))
            for system in self.systems:
                system.attempt("asking", partial(_ask, system, up, alone))
            for system in self.systems:
                system.attempt(_TOGETHER, partial(_crowd, system, up, together))

    def _open(self, system: System, stack: ExitStack, up: dict[str, Worker]) -> None:
        program = stack.enter_context(self._runner.worker(system.command(self.cores)))
        program.do("open")
        up[system.name] = program


def _ask(system: System, up: dict[str, Worker], questions: Sequence[str]) -> None:
    took = up[system.name].do("ask", questions)
    system.found["cpu"].append(took["cpu"] * 1000 / len(questions))
    system.found["p50"].append(percentile(took["seconds"], 0.5) * 1000)
    system.found["p99"].append(percentile(took["seconds"], 0.99) * 1000)
    system.found["memory"].append(up[system.name].do("memory") / 2**20)


def _crowd(system: System, up: dict[str, Worker], questions: Sequence[str]) -> None:
    took = up[system.name].do("crowd", questions, _ASKERS)
    system.found["rate"].append(len(questions) / took["wall"])


def _stored(folder: Path) -> int:
    """Bytes of an index; not those of copies of the documents, nor of the model."""
    apart = {"seeds", "exports"}
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if not apart & set(path.parts))
