"""One writer at a time: an operating system's lock on ``data/lock``.

The lock is the kernel's, not the file's: it ends with its process, however that ends. What the file
holds only tells others who has it.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.durable import make_folder, publish_error
from index.errors import LockHeld


@contextmanager
def writer_lock(data: Path, *, timeout: float = 0) -> Iterator[None]:
    """Holds the writer lock of a data folder, which is made if it is missing.

    Args:
        data: the data folder.
        timeout: how many seconds to wait for another writer; 0 tries once.

    Raises:
        LockHeld: another writer, in this process or another, has it; says which.
        PublishError: the folder cannot be written to, or its file system has no locks.
    """
    path = data / "lock"
    lock = FileLock(
        path,
        timeout=timeout,
        fallback_to_soft=False,  # a soft lock would outlive a killed holder
        on_acquired=_sign,
    )
    try:
        make_folder(data)
        lock.acquire()
    except Timeout:
        raise LockHeld(
            f"The index in {data} is being written by {_holder(path)}. "
            "Wait until that is done, or stop it, and try again."
        ) from None
    except OSError as error:
        raise publish_error(error, data) from error
    try:
        yield
    finally:
        lock.release()


def _sign(descriptor: int) -> None:
    since = datetime.now(UTC).isoformat(" ", "seconds")
    record = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
    # The first byte is left blank: on Windows nobody can read the byte that is locked.
    with suppress(OSError):  # who cannot sign, on a full disk, holds the lock all the same
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b" " + json.dumps(record).encode() + b"\n")


def _holder(path: Path) -> str:
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(1)
            record = json.loads(file.read(4096))
        return f"process {record['pid']} on {record['host']}, since {record['since']}"
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"
