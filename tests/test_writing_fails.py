"""Indexing that may not, or cannot, write: told why, and what was there answers on."""

import asyncio
import errno
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.service import Service
from index.errors import PublishError
from tests.indexer import footnote
from tests.places import ASKED, BREAD, TALKS, TEXTS, Place, answered

ROOT = Path(__file__).parents[1]
IS_ROOT = os.name == "posix" and os.geteuid() == 0
SCOPE = frozenset({"", "news"})
NEWER = {"bread.txt": BREAD, "news/talks.txt": TALKS.replace("six", "nine")}


@contextmanager
def indexer(place: Place, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs ``footnote index``."""
    command = [sys.executable, "-m", "tests.indexer", str(place.root), "index", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environ}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def appears(path: Path) -> bool:
    until = time.monotonic() + 30
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return path.exists()


def answer(place: Place, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What ``footnote ask`` answers, and says on stderr."""
    assert footnote(place, "ask", ASKED, "--json") == 0
    out, err = capsys.readouterr()
    return json.loads(out)["answer"], err


def assert_failed(place: Place, capsys: pytest.CaptureFixture[str], *why: str) -> None:
    """That ``footnote index`` fails for that reason, changes nothing, and questions are answered
    all the same.
    """
    before = tree(place.data)
    assert footnote(place, "index", "--json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    for one in why:
        assert one in err
    assert tree(place.data) == before
    said, warned = answer(place, capsys)
    assert said == "every six months"
    assert "Answering from the index as it is (000001)" in warned
    assert why[0] in warned


def assert_indexed(place: Place, capsys: pytest.CaptureFixture[str], changed: list[str]) -> None:
    assert footnote(place, "index", "--json") == 0
    assert json.loads(capsys.readouterr().out)["changed"] == changed
    assert answer(place, capsys) == ("every nine months", "")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "filler")
    }


# Two writers


def test_of_two_that_index_one_works_and_the_other_names_it_and_ends_with_1(
    indexed: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    indexed.write(NEWER)
    with indexer(indexed, "--json", WAITS="yes") as first:
        assert appears(indexed.root / "waits")
        assert_failed(indexed, capsys, f"written by process {first.pid} on ", "try again")
        (indexed.root / "go").touch()
        out, err = first.communicate(timeout=30)
        assert (first.returncode, err) == (0, "")
    assert json.loads(out)["changed"] == ["news/talks.txt"]
    assert_indexed(indexed, capsys, changed=[])
    assert indexed.generations() == ["000001", "000002"]


def test_when_the_one_that_indexes_is_killed_the_next_gets_to_work(
    indexed: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    indexed.write(NEWER)
    with indexer(indexed, WAITS="yes") as first:
        assert appears(indexed.root / "waits")
        assert_failed(indexed, capsys, f"written by process {first.pid} on ")
        first.kill()
        first.wait(timeout=30)
    assert_indexed(indexed, capsys, changed=["news/talks.txt"])


# No room


def test_a_limit_on_the_size_of_files_is_told_and_harms_nothing(
    indexed: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    indexed.write(NEWER)
    before = tree(indexed.data)
    with indexer(indexed, LIMIT="1000") as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert "ulimit -f" in err
    assert "Nothing that was there is lost." in err
    assert tree(indexed.data) == before
    assert_indexed(indexed, capsys, changed=["news/talks.txt"])


@pytest.fixture
def small_disk(place: Place) -> Iterator[Place]:
    """A place that is indexed, whose data folder is a disk of its own, of 1 MiB."""
    place.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place.data)]
    if not IS_ROOT or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk")
    try:
        place.index(TEXTS)
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place.data)], check=True)


def fill(place: Place) -> Path:
    """Leave no room on the disk."""
    filler, blocks = place.data / "filler", itertools.repeat(bytes(4096))
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        file.writelines(blocks)
    return filler


def test_a_full_disk_is_told_and_harms_nothing(
    small_disk: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    small_disk.write(NEWER)
    filler = fill(small_disk)
    for _ in range(5):
        assert_failed(small_disk, capsys, "the disk is full", "Free some space there")
        os.truncate(filler, filler.stat().st_size - 8192)  # the next one comes further
    filler.unlink()
    assert_indexed(small_disk, capsys, changed=["news/talks.txt"])


async def test_a_running_service_answers_on_while_the_disk_is_full_and_goes_on_when_it_is_not(
    small_disk: Place,
) -> None:
    service = Service(small_disk.library())
    await service.start()
    small_disk.write(NEWER)
    filler = fill(small_disk)
    for _ in range(3):
        refreshing = asyncio.create_task(service.refresh())
        assert await said(service) == "every six months"
        with pytest.raises(PublishError, match="the disk is full"):
            await refreshing
        assert await said(service) == "every six months"
    filler.unlink()
    assert (await service.refresh()).changed == ("news/talks.txt",)
    assert await said(service) == "every nine months"
    await service.stop()


async def said(service: Service) -> str:
    return answered(await service.ask(ASKED, person=1, scope=SCOPE)).answer


def test_a_disk_that_is_read_only_is_told_and_answered_from(
    small_disk: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    small_disk.write(NEWER)
    remount(small_disk, "ro")
    assert_failed(small_disk, capsys, "read-only", "or make the disk writable")
    remount(small_disk, "rw")
    assert_indexed(small_disk, capsys, changed=["news/talks.txt"])


def remount(place: Place, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place.data)], check=True)


@pytest.mark.skipif(IS_ROOT, reason="nothing is denied to root")
def test_a_folder_that_may_not_be_written_to_is_told_and_answered_from(
    indexed: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    indexed.write(NEWER)
    folders = [indexed.data, indexed.data / "generations"]
    for folder in folders:
        folder.chmod(0o500)
    (indexed.data / "lock").chmod(0o400)
    assert_failed(indexed, capsys, "permission is denied")
    for folder in folders:
        folder.chmod(0o700)
    (indexed.data / "lock").chmod(0o600)
    assert_indexed(indexed, capsys, changed=["news/talks.txt"])


# A disk that fails


@pytest.mark.parametrize("call", ["fsync", "rename", "replace", "mkdir"])
def test_a_disk_that_fails_is_told_and_harms_nothing(
    indexed: Place, call: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed.write(NEWER)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, _fail)
        assert_failed(indexed, capsys, "Input/output error", "Nothing that was there is lost.")
    assert_indexed(indexed, capsys, changed=["news/talks.txt"])


@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
async def test_a_running_service_answers_on_while_the_disk_fails(
    indexed: Place, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(indexed.library())
    await service.start()
    indexed.write(NEWER)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, _fail)
        with pytest.raises(PublishError, match="Input/output error"):
            await service.refresh()
        assert await said(service) == "every six months"
    assert (await service.refresh()).changed == ("news/talks.txt",)
    assert await said(service) == "every nine months"
    await service.stop()


def _fail(*_: object, **__: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))
