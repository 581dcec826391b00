import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import LockHeld, PublishError
from index.locking import writer_lock

ROOT = Path(__file__).parents[1]

HOLDS = """
import sys, time
from pathlib import Path
from index.locking import writer_lock

with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""

HOLDS_AND_HAS_A_CHILD = """
import os, sys, time
from pathlib import Path
from index.locking import writer_lock

with writer_lock(Path(sys.argv[1])):
    child = os.fork()
    if child:
        print(child, flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def process(code: str, data: Path, *, seconds: float = 60) -> Iterator[tuple[int, str]]:
    """A process that holds the lock; its id, and the line that it printed when it had it."""
    command = [sys.executable, "-c", code, str(data), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child.pid, child.stdout.readline().strip()
        finally:
            child.kill()


def test_the_lock_makes_its_folder_and_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(3):
        with writer_lock(tmp_path / "deep" / "data"):
            assert (tmp_path / "deep" / "data" / "lock").exists()


def test_the_loser_is_told_who_holds_the_lock_since_when_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"left by a holder with a longer name" * 9)
    with process(HOLDS, tmp_path) as (holder, _):
        for _ in range(2):  # a loser takes nothing away from the next one's message
            with pytest.raises(LockHeld) as caught, writer_lock(tmp_path):
                pass
            assert f"process {holder} on {socket.gethostname()}, since 20" in str(caught.value)
            assert "try again" in str(caught.value)


def test_a_killed_holder_does_not_block_the_next_writer(tmp_path: Path) -> None:
    with process(HOLDS, tmp_path) as (holder, said):
        assert said == "held"
        os.kill(holder, signal.SIGKILL)
        with writer_lock(tmp_path, timeout=10):
            pass


def test_a_child_that_outlives_a_killed_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    with process(HOLDS_AND_HAS_A_CHILD, tmp_path) as (holder, child):
        os.kill(holder, signal.SIGKILL)
        with writer_lock(tmp_path, timeout=10):
            os.kill(int(child), signal.SIGKILL)  # which fails if it is gone


def test_a_writer_that_may_wait_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    with process(HOLDS, tmp_path, seconds=0.2) as (_, said):
        assert said == "held"
        with writer_lock(tmp_path, timeout=10):
            pass


def test_a_second_writer_in_the_same_process_loses(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        with pytest.raises(LockHeld, match=f"process {os.getpid()} "), writer_lock(tmp_path):
            pass
        with pytest.raises(LockHeld), writer_lock(tmp_path, timeout=0.01):
            pass


def test_a_file_system_without_locks_is_reported_and_no_other_lock_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(PublishError, match="Function not implemented"), writer_lock(tmp_path):
        pass


def test_an_error_under_the_lock_passes_and_frees_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="mine"), writer_lock(tmp_path):
        raise KeyError("mine")
    with writer_lock(tmp_path):
        pass


@pytest.mark.parametrize(
    "content", [b"", b" ", b" {", b" []", b" 7", b" \xff\xff", b' {"pid": 7}', b" {" * 9999]
)
def test_a_holder_that_left_no_readable_name_is_still_a_holder(
    content: bytes, tmp_path: Path
) -> None:
    with writer_lock(tmp_path):
        (tmp_path / "lock").write_bytes(content)
        with pytest.raises(LockHeld, match="written by another process"), writer_lock(tmp_path):
            pass


def test_a_data_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(PublishError, match="could not be written"), writer_lock(tmp_path / "data"):
        pass
    assert (tmp_path / "data").read_text() == "mine"
