"""The seeds folder, watched: one call for a bout of changes, none for what is no document."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.watching import Watcher

LONGEST = 10.0
SOON = 1.5  # seconds in which a call that is not to come would have come


class Calls:
    """Counts calls, and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._came = threading.Condition()

    def __call__(self) -> None:
        with self._came:
            self.count += 1
            self._came.notify_all()

    def wait(self, count: int) -> bool:
        with self._came:
            return self._came.wait_for(lambda: self.count >= count, LONGEST)


@contextmanager
def watched(seeds: Path) -> Iterator[Calls]:
    calls = Calls()
    watcher = Watcher(seeds, calls, quiet=0.2, longest=3.0)
    watcher.start()
    try:
        # Nothing tells that watching has begun but a change that is noticed.
        until = time.monotonic() + LONGEST
        while seeds.is_dir() and not calls.count and time.monotonic() < until:
            (seeds / "begin.txt").write_text(str(time.monotonic()))
            time.sleep(0.3)
        time.sleep(0.5)
        calls.count = 0
        yield calls
    finally:
        watcher.stop()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "minutes").mkdir(parents=True)
    (folder / "old.txt").write_text("Old.")
    return folder


def write(seeds: Path) -> None:
    (seeds / "new.txt").write_text("New.")


def change(seeds: Path) -> None:
    (seeds / "old.txt").write_text("Older.")


def rename(seeds: Path) -> None:
    (seeds / "old.txt").rename(seeds / "minutes" / "renamed.txt")


def remove(seeds: Path) -> None:
    (seeds / "old.txt").unlink()


def make_folder(seeds: Path) -> None:
    (seeds / "plans" / "2026").mkdir(parents=True)
    (seeds / "plans" / "2026" / "a.txt").write_text("Deep.")


@pytest.mark.parametrize("act", [write, change, rename, remove, make_folder])
def test_whatever_happens_to_a_file_is_told(seeds: Path, act: object) -> None:
    with watched(seeds) as calls:
        assert callable(act)
        act(seeds)
        assert calls.wait(1)


def test_a_bout_of_changes_is_told_few_times(seeds: Path) -> None:
    with watched(seeds) as calls:
        for n in range(2_000):
            (seeds / f"{n % 50}.txt").write_text(f"{n}")
        assert calls.wait(1)
        time.sleep(SOON)
        assert calls.count <= 3


def test_a_file_that_is_being_written_is_told_of_when_it_is_finished(seeds: Path) -> None:
    with watched(seeds) as calls, (seeds / "slow.txt").open("w") as file:
        for _ in range(8):
            file.write("word " * 100)
            file.flush()
            time.sleep(0.1)
        assert calls.count == 0
        assert calls.wait(1)


@pytest.mark.parametrize("name", [".hidden.txt", ".upload", "minutes/.swap"])
def test_hidden_files_are_told_of_by_nobody(seeds: Path, name: str) -> None:
    with watched(seeds) as calls:
        (seeds / name).write_text("Hidden.")
        time.sleep(SOON)
        assert calls.count == 0


def test_a_folder_that_goes_and_comes_again_is_told_and_watched_on(seeds: Path) -> None:
    with watched(seeds) as calls:
        shutil.rmtree(seeds)
        assert calls.wait(1)
        time.sleep(1.0)
        before = calls.count
        seeds.mkdir()
        assert calls.wait(before + 1)
        time.sleep(1.0)
        before = calls.count
        write(seeds)
        assert calls.wait(before + 1)


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    seeds = tmp_path / "later"
    with watched(seeds) as calls:
        assert calls.count == 0
        seeds.mkdir()
        assert calls.wait(1)


def test_who_stopped_is_told_nothing_more(seeds: Path) -> None:
    with watched(seeds) as calls:
        pass
    time.sleep(1.0)
    write(seeds)
    time.sleep(SOON)
    assert calls.count == 0
