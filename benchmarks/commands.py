"""How the programs that are measured are started."""

import sys
from pathlib import Path

from index.models import bundled_folder


def worker(
    name: str, folder: Path, *, threads: int, python: Path | None = None, ask: str | None = None
) -> list[str]:
    """One of ``contestants``, in this Python or another; to serve, or to answer one question."""
    question = [] if ask is None else [f"--ask={ask}"]
    return [
        str(python or sys.executable), "-m", "benchmarks.contestants.worker", name, str(folder),
        "--model", str(bundled_folder()), "--threads", str(threads), *question,
    ]  # fmt: skip


def footnote(command: str, folder: Path, *arguments: str) -> list[str]:
    """Footnote's own command line over ``seeds`` and ``data`` in a folder."""
    places = ["--seeds", str(folder / "seeds"), "--data", str(folder / "data")]
    return [sys.executable, "-m", "bot", command, *places, "--", *arguments]
