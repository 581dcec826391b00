"""Programs run for what they cost: CPU seconds, wall seconds, and memory at its highest.

On Linux a program is held to so many cores; elsewhere only its threads are limited.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parent.parent
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_QUIET = {
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "PYTHONDONTWRITEBYTECODE": "",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}


class ProgramFailed(Exception):
    """A program failed; ``str(error)`` is the last that it said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a program took, the processes that it started included; memory in bytes."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs programs in ``folder`` with so many cores and threads."""

    folder: Path
    cores: int

    def run(self, command: Sequence[str | Path]) -> Cost:
        """Run a program to its end.

        Raises:
            ProgramFailed: it ended with something else than 0.
        """
        with tempfile.TemporaryFile() as said:
            began = time.perf_counter()
            process = self._start(command, stdout=said, stdin=subprocess.DEVNULL, stderr=said)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise ProgramFailed(_last_words(said))
        scale = 1 if sys.platform == "darwin" else 1024
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * scale)

    def worker(self, command: Sequence[str | Path]) -> "Worker":
        """A program that takes orders, one line of JSON each, and answers each with one."""
        said = tempfile.TemporaryFile()  # noqa: SIM115  # the worker's, which closes it
        process = self._start(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, stderr=said)
        return Worker(process, said)

    def _start(self, command: Sequence[str | Path], **streams: Any) -> "subprocess.Popen[bytes]":
        with _on_cores(self.cores):
            return subprocess.Popen(
                [str(part) for part in command],
                cwd=self.folder,
                env=environment(os.environ, threads=self.cores),
                **streams,
            )


class Worker:
    """A program that is up and waits for orders."""

    def __init__(self, process: "subprocess.Popen[bytes]", said: IO[bytes]) -> None:
        self._process = process
        self._said = said

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind:
            self._process.kill()
        self._process.communicate()
        self._said.close()

    def do(self, order: str, *arguments: object) -> Any:
        """Have one order carried out, and wait for it.

        Raises:
            ProgramFailed: it could not be, or the program is gone.
        """
        sent, answers = self._process.stdin, self._process.stdout
        if sent is None or answers is None:
            raise TypeError("A worker is spoken to through pipes.")
        try:
            sent.write(json.dumps([order, *arguments], default=str).encode() + b"\n")
            sent.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            code = self._process.wait()
            raise ProgramFailed(f"it ended with {code}; its last words: {_last_words(self._said)}")
        answer = json.loads(line)
        if "error" in answer:
            raise ProgramFailed(answer["error"])
        return answer["done"]


def environment(given: Mapping[str, str], *, threads: int) -> dict[str, str]:
    """The environment of a program: nobody's settings, this code, so many threads."""
    kept = {name: value for name, value in given.items() if not name.startswith("FOOTNOTE_")}
    counts = dict.fromkeys(_THREADS, str(threads))
    return {**kept, **counts, **_QUIET, "PYTHONPATH": str(ROOT)}


@contextmanager
def _on_cores(count: int) -> Iterator[None]:
    """Programs that are started within this have the last ``count`` cores of those there are."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[-count:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").replace("\r", "\n").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
