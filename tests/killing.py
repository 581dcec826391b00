"""A process that indexes in children that it kills: ``python -m tests.killing FOLDER``.

It imports all there is to import once, and then forks a child for each order it reads, a line of
JSON: ``{"after": seconds}`` kills it then, ``{"at": step}`` before that step of writing, ``{}``
never. It answers with a line: how many seconds that took, and whether the child was killed.
"""

import itertools
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.places import TEXTS, Place

ROOT = Path(__file__).parents[1]
CHANGES_NAMES: Final = frozenset(
    {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate"}
)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Killer:
    """The process that kills, from outside."""

    process: subprocess.Popen[str]

    def index(self, **order: float) -> tuple[float, bool]:
        """Index in a child; how long that took, and whether it was killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        seconds, killed = json.loads(self.process.stdout.readline())
        return float(seconds), bool(killed)


@contextmanager
def killer(folder: Path) -> Iterator[Killer]:
    """One for the seeds and the data below ``folder``."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.killing", str(folder)],
        cwd=ROOT, env={**os.environ, **_ONE_THREAD}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield Killer(process)
        finally:
            process.kill()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:  # imports what is imported late
        warm = Place(Path(folder))
        for text in ("one", "two"):
            warm.index(TEXTS | {"new.txt": f"News\n\nThere is {text}."})
    for line in sys.stdin:
        order, began = json.loads(line), time.monotonic()
        child = os.fork()
        if not child:
            _index(order.get("at"))
        if (after := order.get("after")) is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL), status
        print(json.dumps([time.monotonic() - began, status != 0]), flush=True)


def _index(fatal: int | None) -> None:
    try:
        if fatal is not None:
            _die_at(fatal)
        Place(Path(sys.argv[1])).library().refresh()
        os._exit(0)
    finally:
        os._exit(1)


def _die_at(fatal: int) -> None:
    """Be killed before that step; what is being written is torn at one, and whole at the next."""
    steps, fsync = itertools.count(1), os.fsync

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def step(event: str, arguments: tuple[Any, ...]) -> None:
        is_step = event in CHANGES_NAMES or (event == "open" and _writes(arguments))
        if is_step and next(steps) == fatal:
            die()

    def sync(descriptor: int) -> None:
        about = os.fstat(descriptor)
        if stat.S_ISREG(about.st_mode) and next(steps) == fatal:
            os.ftruncate(descriptor, about.st_size // 2)
            die()
        if next(steps) == fatal:
            die()
        fsync(descriptor)

    sys.addaudithook(step)
    os.fsync = sync  # type: ignore[assignment]  # takes no files, which nobody hands over


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


if __name__ == "__main__":
    main()
