"""Where files of other formats are read: a process apart, with limits on its time and memory.

Whatever a file does to the libraries that read it, it does it there: they may crash, hang, or fill
what memory they are given, and the next file is read all the same.
"""

import json
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from index import errors
from index.errors import DocumentError, UnreadableDocument
from index.parsed import Parsed

SECONDS: Final = 60.0
"""How long the reading of one file may take."""

MEMORY: Final = 1024**3
"""Bytes of memory that the process may have, where the system can be told."""

LENGTH: Final = struct.Struct(">Q")
"""How the length of what follows is written, between the two processes."""

_LONGEST_REPLY = 200_000_000  # bytes; more than the text that may come
_PACKAGE = Path(__file__).parent.parent
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from index.workbench import main; main()"


class Workshop:
    """Reads files in a process of its own, which is begun with the first and serves them all.

    After a file has broken it, the next is read in a new one. To be closed, or used in ``with``;
    by one thread at a time.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def process(self) -> int | None:
        """The process's id, if one has been begun."""
        return self._process.pid if self._process else None

    def read(self, suffix: str, content: bytes) -> Parsed:
        """The text of a file of that suffix, one of ``index.formats.NAMES``.

        Raises:
            DocumentError: it cannot be read, or not within the limits.
        """
        process = self._process or self._begun()
        began = time.monotonic()
        limit = threading.Timer(self._seconds, process.kill)
        limit.daemon = True
        limit.start()
        reply: dict[str, Any] | None = None
        try:
            reply = _asked(process, suffix, content)
        finally:
            limit.cancel()
            if reply is None or reply.get("last"):
                self.close()
        if reply is None:
            raise _failed(time.monotonic() - began >= self._seconds, self._seconds)
        return _parsed(reply)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _begun(self) -> subprocess.Popen[bytes]:
        limits = (str(self._memory), str(round(self._seconds)))
        self._process = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-c", _PROGRAM, str(_PACKAGE), *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # A file that took the process over would find no secret in it.
            env=None if sys.platform == "win32" else {},
        )
        return self._process


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write parts, each behind its length."""
    for part in parts:
        stream.write(LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def received(stream: IO[bytes], most: int | None = None) -> bytes:
    """The next part.

    Raises:
        EOFError: there is none, or not all of it, or it is longer than ``most``.
    """
    head = stream.read(LENGTH.size)
    length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else None
    if length is None or (most is not None and length > most):
        raise EOFError
    part = stream.read(length)
    if len(part) < length:
        raise EOFError
    return part


def _asked(process: subprocess.Popen[bytes], suffix: str, content: bytes) -> dict[str, Any] | None:
    """What the process replies; None if it does not, or makes no sense."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        send(process.stdin, suffix.encode(), content)
        reply = json.loads(received(process.stdout, _LONGEST_REPLY))
    except (OSError, EOFError, ValueError):
        return None
    return reply if isinstance(reply, dict) else None


def _parsed(reply: dict[str, Any]) -> Parsed:
    if "error" in reply:
        kind = getattr(errors, str(reply["error"]), DocumentError)
        raise kind(str(reply["text"]), **reply["values"])
    starts = tuple(reply["page_starts"])
    return Parsed(reply["text"], reply["title"], starts, reply["dated"], reply["language"])


def _failed(is_late: bool, seconds: float) -> UnreadableDocument:
    if is_late:
        return UnreadableDocument(
            "It could not be read within {seconds} seconds. Split it, or save it anew.",
            seconds=f"{seconds:g}",
        )
    return UnreadableDocument(
        "Reading it failed: it is damaged, or takes too much memory. Split it, or save it anew."
    )
