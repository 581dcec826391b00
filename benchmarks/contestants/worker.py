"""Runs one system: ``python -m benchmarks.contestants.worker NAME FOLDER --model DIR``.

With ``--ask`` it answers one question, as a new process has to, and ends. Otherwise it takes
orders on stdin, one line of JSON each, and tells what each took. Needs nothing but the system.
"""

import argparse
import hashlib
import importlib
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TextIO


class Contestant(Protocol):
    """A system; made of its folder, the model's folder, and how many threads it may use."""

    def load(self) -> None:
        """Load the model, and what takes long to import."""
        ...

    def build(self, documents: Path) -> None:
        """Index the texts in a folder, and store that."""
        ...

    def open(self) -> None:
        """Load what ``build`` stored, and the model."""
        ...

    def ask(self, question: str) -> str:
        """The best text for a question."""
        ...


class Orders:
    """What a worker can be told to do; each gives what is told back."""

    def __init__(self, contestant: Contestant) -> None:
        self._contestant = contestant

    def load(self) -> None:
        """Load the model."""
        self._contestant.load()

    def open(self) -> None:
        """Load what was stored, and answer once, so that all is warm."""
        self._contestant.open()
        self._contestant.ask("Is it ready?")

    def timed(self, act: str, *arguments: Any) -> dict[str, float]:
        """CPU and wall seconds of what the contestant, or ``hash_files``, does."""
        own = {"hash_files": hash_files}.get(act) or getattr(self._contestant, act)
        cpu, wall = cpu_seconds(), time.perf_counter()
        own(*arguments)
        return {"cpu": cpu_seconds() - cpu, "wall": time.perf_counter() - wall}

    def call(self, act: str, *arguments: Any) -> Any:
        """What the contestant gives."""
        return getattr(self._contestant, act)(*arguments)

    def ask(self, questions: Sequence[str]) -> dict[str, Any]:
        """Wall seconds of each question, one after the other, and CPU seconds of all."""
        cpu = cpu_seconds()
        seconds = [seconds_of(self._contestant.ask, one) for one in questions]
        return {"seconds": seconds, "cpu": cpu_seconds() - cpu}

    def crowd(self, questions: Sequence[str], askers: int) -> dict[str, float]:
        """Wall and CPU seconds until so many askers, a thread each, have asked all questions."""
        queue: SimpleQueue[str] = SimpleQueue()
        for one in questions:
            queue.put(one)
        failed: list[Exception] = []
        threads = [
            threading.Thread(target=_ask_on, args=(self._contestant.ask, queue, failed))
            for _ in range(askers)
        ]
        cpu, wall = cpu_seconds(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return {"cpu": cpu_seconds() - cpu, "wall": time.perf_counter() - wall}

    def memory(self) -> int:
        """How many bytes of memory the process holds now."""
        return memory_now()


def _ask_on(ask: Callable[[str], str], queue: "SimpleQueue[str]", failed: list[Exception]) -> None:
    while not failed:
        try:
            ask(queue.get_nowait())
        except Empty:
            return
        except Exception as error:  # told once all threads have ended
            failed.append(error)


def seconds_of(act: Callable[[str], object], argument: str) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    act(argument)
    return time.perf_counter() - began


def cpu_seconds() -> float:
    """What this process, and those that it started and that have ended, have used."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, both))


def memory_now() -> int:
    """How many bytes of memory this process holds; its most where that is not told."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = (one for one in status.splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def hash_files(folder: str) -> None:
    """Read and hash every file."""
    for path in sorted(Path(folder).iterdir()):
        hashlib.sha256(path.read_bytes()).hexdigest()


def paragraphs_of(documents: Path) -> list[str]:
    """The paragraphs of all texts in a folder; headings are left out."""
    texts = [path.read_text("utf-8") for path in sorted(documents.glob("*.txt"))]
    return [part for text in texts for part in text.split("\n\n") if len(part) > 100]


def own_stdout() -> TextIO:
    """What stdout was; what libraries print goes to stderr from now on."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def serve(orders: Orders, answers: TextIO) -> None:
    """Carry out orders until there are no more."""
    for line in sys.stdin:
        order, *arguments = json.loads(line)
        try:
            answer = {"done": getattr(orders, order)(*arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


def main() -> None:
    """Make the system, and answer or serve."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name")
    options.add_argument("folder", type=Path)
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--ask")
    chosen = options.parse_args()
    answers = own_stdout()
    system = importlib.import_module(f"benchmarks.contestants.{chosen.name}")
    contestant: Contestant = system.make(chosen.folder, chosen.model, chosen.threads)
    if chosen.ask is None:
        serve(Orders(contestant), answers)
    else:
        contestant.open()
        print(contestant.ask(chosen.ask), file=answers)


if __name__ == "__main__":
    main()
