"""The seeds folder, whatever lies in it."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorpusError, DocumentError, OversizedDocument
from index.parsing import MAX_BYTES
from index.walking import SeedFile, Walk, read, walk

LONG_AGO = 1_000_000_000 * 10**9
SIZE = 400_000


def put(path: Path, content: bytes = b"They meet.", *, mtime_ns: int = LONG_AGO) -> Path:
    """Write a file as if it had been there for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def seed_file(path: Path) -> SeedFile:
    return SeedFile(id=path.name, path=path, size=0, mtime_ns=0)


def ids(seeds: Path) -> list[str]:
    return [file.id for file in walk(seeds).files]


def reasons(seeds: Path) -> dict[str, str]:
    return {skipped.document: skipped.reason for skipped in walk(seeds).skipped}


def test_files_are_found_in_all_folders_sorted_by_id(tmp_path: Path) -> None:
    for name in ["b.txt", "a/z.md", "a/b/c.TXT", "é.txt", "a b.txt"]:
        put(tmp_path / name, b"12345")
    found = walk(tmp_path)
    assert [file.id for file in found.files] == ["a b.txt", "a/b/c.TXT", "a/z.md", "b.txt", "é.txt"]
    assert {(file.size, file.mtime_ns) for file in found.files} == {(5, LONG_AGO)}
    assert all(file.path == tmp_path / file.id for file in found.files)
    assert found.skipped == ()


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert walk(tmp_path) == Walk(files=(), skipped=())


def test_a_folder_that_is_missing_or_a_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone cannot be listed .*Make it and put documents in"):
        walk(tmp_path / "gone")
    with pytest.raises(CorpusError, match="cannot be listed"):
        walk(put(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    "name", [".hidden.txt", ".git/a.txt", "a/.b/c.txt", "a.txt~", "a.txt.SWP", "a.part", "a.tmp"]
)
def test_hidden_files_and_what_editors_leave_are_passed_over(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    assert walk(tmp_path) == Walk(files=(), skipped=())


def test_a_folder_is_read_though_it_is_named_as_editors_name_files(tmp_path: Path) -> None:
    put(tmp_path / "old~" / "a.txt")
    assert ids(tmp_path) == ["old~/a.txt"]


def test_a_file_of_another_format_is_skipped_naming_those_that_are_read(tmp_path: Path) -> None:
    put(tmp_path / "a.doc")
    assert reasons(tmp_path).keys() == {"a.doc"}
    assert ".doc are not read. Save it as one of: .txt" in reasons(tmp_path)["a.doc"]


def test_a_file_over_the_limit_is_skipped_unread(tmp_path: Path) -> None:
    os.truncate(put(tmp_path / "big.txt"), MAX_BYTES + 1)
    os.truncate(put(tmp_path / "full.txt"), MAX_BYTES)
    assert ids(tmp_path) == ["full.txt"]
    assert "50 MB is the most" in reasons(tmp_path)["big.txt"]


def test_links_are_followed_to_files_within_the_folder_only(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    put(seeds / "a" / "real.md")
    put(tmp_path / "secret.txt")
    for name, target in {
        "inside.md": "a/real.md",
        "out.txt": "../secret.txt",
        "absolute.txt": str(tmp_path / "secret.txt"),
        "nowhere.txt": "gone.txt",
        "loop.txt": "loop.txt",
        "a/up": "..",
        "elsewhere": str(tmp_path),
        "chain.md": "inside.md",
    }.items():
        (seeds / name).symlink_to(target)
    found = walk(seeds)
    assert {file.id: file.path for file in found.files} == dict.fromkeys(
        ["a/real.md", "chain.md", "inside.md"], seeds / "a" / "real.md"
    )
    assert {name: reason.split(".")[0] for name, reason in reasons(seeds).items()} == {
        "a/up": "It is a link to a folder",
        "absolute.txt": "It is a link out of the seeds folder",
        "elsewhere": "It is a link out of the seeds folder",
        "loop.txt": "It is a link that leads nowhere",
        "nowhere.txt": "It is a link that leads nowhere",
        "out.txt": "It is a link out of the seeds folder",
    }
    assert all(read(file) == b"They meet." for file in found.files)


def test_the_seeds_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.txt")
    (tmp_path / "seeds").symlink_to("real")
    assert ids(tmp_path / "seeds") == ["a.txt"]


def test_pipes_sockets_and_devices_are_skipped_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.txt"))
        put(tmp_path / "a.txt")
        found = reasons(tmp_path)
    assert found.keys() == {"pipe.txt", "socket.txt", "zero.txt"}
    assert "pipe, socket or device" in found["pipe.txt"]
    assert found["pipe.txt"] == found["socket.txt"]


STRANGE_NAMES = [
    (b"line\nbreak.txt", r"line\nbreak.txt", "line break or control character"),
    (b"es\x1b[31mcape.txt", r"es\x1b[31mcape.txt", "line break or control character"),
    ("two\u2028lines.txt".encode(), r"two\u2028lines.txt", "line break or control character"),
    (b"not\xffutf8.txt", r"not\udcffutf8.txt", "not UTF-8"),
    (b"folder\xff/a.txt", r"folder\udcff", "not UTF-8"),
    ("gpj\u202e.exe".encode(), r"gpj\u202e.exe", "not read"),
]


@pytest.mark.parametrize(("name", "shown", "reason"), STRANGE_NAMES)
def test_a_name_that_cannot_be_an_id_is_skipped_and_shown_safely(
    tmp_path: Path, name: bytes, shown: str, reason: str
) -> None:
    put(tmp_path / os.fsdecode(name))
    put(tmp_path / "a.txt")
    assert ids(tmp_path) == ["a.txt"]
    assert reasons(tmp_path).keys() == {shown}
    assert reason in reasons(tmp_path)[shown]


def test_a_name_with_direction_marks_or_an_accent_apart_is_kept_as_on_disk(tmp_path: Path) -> None:
    names = ["\u202egpj.txt", "e\u0301.txt", "\u200fשלום.txt"]
    for name in names:
        put(tmp_path / name)
    assert ids(tmp_path) == sorted(names)


NAMES = st.text(st.sampled_from("ab.~/ \n\u202eé"), min_size=1, max_size=12)


@given(st.lists(NAMES.filter(lambda name: not {"", ".", ".."} & set(name.split("/")))))
def test_every_file_that_is_not_hidden_is_found_once_or_skipped(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder).resolve()
        for name in names:
            put(seeds / f"{name}.txt")
        found = walk(seeds)
    shown = {name for name in names if not name.startswith(".") and "/." not in name}
    assert [file.id for file in found.files] == sorted(f"{n}.txt" for n in shown if "\n" not in n)
    assert found.skipped or not any("\n" in name for name in shown)


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder owned by an ordinary user, whom this process becomes meanwhile if it is root."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve()
        user = 65_534 if os.geteuid() == 0 else os.geteuid()
        os.chown(path, user, -1)
        before = os.geteuid()
        os.seteuid(user)
        try:
            yield path
        finally:
            os.seteuid(before)


def test_what_may_not_be_read_is_skipped() -> None:
    with unprivileged() as seeds:
        put(seeds / "a.txt")
        locked = put(seeds / "locked.txt")
        locked.chmod(0)
        put(seeds / "vault" / "b.txt")
        (seeds / "vault").chmod(0)
        found, told = ids(seeds), reasons(seeds)
        with pytest.raises(DocumentError, match="no permission to read it"):
            read(seed_file(locked))
        with pytest.raises(CorpusError, match="Permission denied"):
            walk(seeds / "vault")
        (seeds / "vault").chmod(0o700)
    assert found == ["a.txt"]
    assert told.keys() == {"locked.txt", "vault"}
    assert all("no permission" in reason for reason in told.values())


def test_reading_gives_the_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1_000
    put(tmp_path / "a.txt", content)
    assert read(walk(tmp_path).files[0]) == content
    assert read(seed_file(put(tmp_path / "empty.txt", b""))) == b""


def test_a_file_just_written_is_read_once_its_time_can_tell_a_change(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", b"fresh", mtime_ns=time.time_ns())
    assert read(seed_file(path)) == b"fresh"
    assert time.time_ns() - path.stat().st_mtime_ns > 0.05e9


def test_a_file_from_the_future_is_read(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", mtime_ns=time.time_ns() + 3_600 * 10**9)
    assert read(seed_file(path)) == b"They meet."


def test_a_file_that_is_gone_or_became_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="No such file"):
        read(seed_file(tmp_path / "gone.txt"))
    with pytest.raises(DocumentError, match="cannot be read"):
        read(seed_file(tmp_path))
    (tmp_path / "link.txt").symlink_to(put(tmp_path / "a.txt"))
    with pytest.raises(DocumentError, match="cannot be read"):
        read(seed_file(tmp_path / "link.txt"))
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match="pipe, socket or device"):
        read(seed_file(tmp_path / "pipe.txt"))


def test_a_file_that_grew_past_the_limit_is_not_read(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt")
    os.truncate(path, 1024**4)
    with pytest.raises(OversizedDocument):
        read(seed_file(path))


@contextmanager
def rewritten(path: Path, *, pause: float) -> Iterator[None]:
    """Meanwhile ``path`` is overwritten in place, all "a" or all "b", piece by piece."""
    stop = threading.Event()

    def rewrite() -> None:
        with path.open("r+b", buffering=0) as file:
            while not stop.is_set():
                for letter in (b"a", b"b"):
                    for at in range(0, SIZE, SIZE // 8):
                        os.pwrite(file.fileno(), letter * (SIZE // 8), at)
                        time.sleep(0.002)
                    stop.wait(pause)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def test_a_file_that_keeps_changing_is_given_up_after_a_few_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "a.txt", b"a", mtime_ns=time.time_ns())
    waits: list[float] = []

    def written_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        path.write_bytes(b"a" * len(waits))

    monkeypatch.setattr("index.walking._SETTLED", 3600)  # so that a slow machine changes nothing
    monkeypatch.setattr("index.walking.time.sleep", written_meanwhile)
    with pytest.raises(DocumentError, match="kept changing"):
        read(seed_file(path))
    assert 1 <= len(waits) <= 4


def test_a_file_that_changes_meanwhile_is_never_read_half_old_half_new(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", b"a" * SIZE)
    whole = {b"a" * SIZE, b"b" * SIZE}
    seen: set[bytes] = set()
    with rewritten(path, pause=0.15):
        until = time.monotonic() + 20
        while seen != whole and time.monotonic() < until:
            with suppress(DocumentError):  # it kept changing
                seen.add(read(seed_file(path)))
    assert seen == whole


def test_a_pipe_put_in_a_file_s_place_does_not_hang_the_reader(tmp_path: Path) -> None:
    file = put(tmp_path / "a.txt")
    script = (
        "import os, sys; from pathlib import Path; from index.walking import read, walk;"
        "folder = Path(sys.argv[1]); (file,) = walk(folder).files;"
        "file.path.unlink(); os.mkfifo(file.path); read(file)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file.parent)],
        capture_output=True,
        text=True,
        timeout=20,
        cwd=Path(__file__).parent.parent,
    )
    assert "DocumentError: It is a pipe, socket or device" in done.stderr
