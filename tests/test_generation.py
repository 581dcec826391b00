import errno
import inspect
import logging
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from index.errors import GenerationError, PublishError
from index.generation import Generation, GenerationStore

ROOT = Path(__file__).parents[1]


def publish(store: GenerationStore, state: str) -> str:
    content = state.encode()
    files = {"text.json": content, "vectors.bin": content * 2, "nothing.bin": b""}
    return store.publish(files, manifest={"state": state})


def state_of(generation: Generation | None) -> str:
    """The state that was published, once all parts are seen to agree on it."""
    assert generation is not None
    state: str = generation.manifest["state"]
    assert {name: bytes(file) for name, file in generation.files.items()} == {
        "text.json": state.encode(),
        "vectors.bin": state.encode() * 2,
        "nothing.bin": b"",
    }
    return state


def folders(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "generations").iterdir())


def assert_untouched(data: Path) -> None:
    store = GenerationStore(data)
    assert store.current_name() == "000002"
    assert state_of(store.load()) == "current"
    assert folders(data) == ["000001", "000002"]
    assert sorted(path.name for path in data.iterdir()) == ["CURRENT", "generations"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where two generations, "before" and "current", were published."""
    store = GenerationStore(tmp_path / "data")
    publish(store, "before")
    publish(store, "current")
    return tmp_path / "data"


def test_what_was_published_is_loaded(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path / "deep" / "data")
    assert publish(store, "one") == store.current_name() == "000001"
    generation = store.load()
    assert state_of(generation) == "one"
    assert generation is not None
    assert generation.name == "000001"
    assert (tmp_path / "deep" / "data" / "CURRENT").read_bytes() == b"000001\n"


def test_an_empty_store_holds_nothing_and_warns_of_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = GenerationStore(tmp_path)
    assert store.load() is None
    assert store.current_name() is None
    assert not caplog.records
    assert not list(tmp_path.iterdir())


def test_only_the_current_generation_and_the_one_before_are_kept(data: Path) -> None:
    for state in "abc":
        publish(GenerationStore(data), state)
    assert folders(data) == ["000004", "000005"]


def test_the_generation_kept_beside_the_current_one_is_whole(data: Path) -> None:
    (data / "generations" / "000002" / "text.json").write_bytes(b"currenT")
    publish(GenerationStore(data), "next")
    assert folders(data) == ["000001", "000003"]


def test_a_loaded_generation_outlives_its_folder(data: Path) -> None:
    generation = GenerationStore(data).load()
    for state in "ab":
        publish(GenerationStore(data), state)
    assert "000002" not in folders(data)
    assert state_of(generation) == "current"


def test_readers_see_only_whole_generations_in_order_while_a_writer_publishes(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def write() -> None:
        for n in range(40):
            publish(GenerationStore(data), f"state {n:03}")

    writer, seen = threading.Thread(target=write), []
    writer.start()
    while writer.is_alive():
        seen.append(state_of(GenerationStore(data).load()))
    writer.join()
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert not caplog.records


def test_a_generation_that_is_swept_away_while_it_is_read_gives_way_to_the_current_one(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def publish_meanwhile(manifest: Mapping[str, Any]) -> None:
        if manifest["state"] == "current":
            publish(GenerationStore(data), "later")
            publish(GenerationStore(data), "last")

    assert state_of(GenerationStore(data).load(accepts=publish_meanwhile)) == "last"
    assert not caplog.records


# Damage


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [flip_a_bit, truncate, grow, Path.unlink, make_folder])
@pytest.mark.parametrize("name", ["manifest.json", "manifest.sha256", "text.json", "vectors.bin"])
def test_a_damaged_generation_is_replaced_by_the_one_before(
    harm: Callable[[Path], None], name: str, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    harm(data / "generations" / "000002" / name)
    assert state_of(GenerationStore(data).load()) == "before"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "Generation 000002 is damaged" in record.getMessage()
    assert "Generation 000001 serves instead" in record.getMessage()


def test_where_no_generation_is_whole_none_is_loaded_and_the_next_one_serves(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in folders(data):
        (data / "generations" / name / "text.json").unlink()
    store = GenerationStore(data)
    assert store.load() is None
    assert "No other generation can be used" in caplog.text
    assert publish(store, "rebuilt") == "000003"
    assert state_of(store.load()) == "rebuilt"
    assert folders(data) == ["000003"]


@pytest.mark.parametrize(
    ("content", "next_name"),
    [
        (None, "000003"),
        (b"", "000003"),
        (b"\n", "000003"),
        (b"7", "000003"),
        (b"000002\n000001\n", "000003"),
        (b"../000001", "000003"),
        (b"\xff\xfe\0\0", "000003"),
        (b"9" * 5000, "000003"),
        (b"000009\n", "000010"),  # some reader may think that it knows 000009
    ],
)
def test_without_a_usable_pointer_the_newest_whole_generation_serves(
    content: bytes | None, next_name: str, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "CURRENT").unlink()
    if content is not None:
        (data / "CURRENT").write_bytes(content)
    store = GenerationStore(data)
    assert state_of(store.load()) == "current"
    assert "Generation 000002 serves instead" in caplog.text
    assert publish(store, "mended") == next_name
    assert state_of(store.load()) == "mended"


def refusing(*states: str) -> Callable[[Mapping[str, Any]], None]:
    def accepts(manifest: Mapping[str, Any]) -> None:
        if manifest["state"] in states:
            raise GenerationError("Made by another model.")

    return accepts


def test_a_generation_that_the_caller_refuses_is_not_loaded(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = GenerationStore(data)
    assert state_of(store.load(accepts=refusing())) == "current"
    assert not caplog.records
    assert state_of(store.load(accepts=refusing("current"))) == "before"
    assert store.load(accepts=refusing("before", "current")) is None
    assert "Made by another model." in caplog.text


# Publications that fail


def failing_fsync(error: BaseException, *, at: int, lasting: bool = False) -> Callable[[int], None]:
    """An os.fsync that raises at one call, counted from 1, or also at all that follow."""
    real, calls = os.fsync, iter(range(1, sys.maxsize))

    def fsync(descriptor: int) -> None:
        call = next(calls)
        if call == at or (lasting and call > at):
            raise error
        real(descriptor)

    return fsync


@pytest.mark.parametrize("lasting", [False, True])
def test_a_failed_fsync_abandons_the_generation(
    lasting: bool, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed, store = OSError(errno.EIO, "I/O error"), GenerationStore(data)
    for call in range(1, 10):  # five files, their folder, its parent, CURRENT and its folder
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing_fsync(failed, at=call, lasting=lasting))
            with pytest.raises(PublishError, match="I/O error"):
                publish(store, "lost")
        assert_untouched(data)
    assert not caplog.records
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing_fsync(failed, at=10))
        publish(store, "next")
    assert state_of(store.load()) == "next"


def test_a_first_publication_that_fails_leaves_an_empty_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, store = OSError(errno.EIO, "I/O error"), GenerationStore(tmp_path)
    for call in range(1, 10):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing_fsync(failed, at=call))
            with pytest.raises(PublishError):
                publish(store, "lost")
        assert store.current_name() is None
        assert store.load() is None
    assert publish(store, "first") == "000001"


@pytest.mark.parametrize("name", ["rename", "replace"])
def test_a_failed_rename_abandons_the_generation(
    name: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(PublishError, match="I/O error"):
            publish(GenerationStore(data), "lost")
    assert_untouched(data)


def test_an_interrupted_publication_leaves_no_trace(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing_fsync(KeyboardInterrupt(), at=3))
        with pytest.raises(KeyboardInterrupt):
            publish(GenerationStore(data), "lost")
    assert_untouched(data)


def test_what_cannot_be_a_generation_leaves_no_trace(data: Path) -> None:
    with pytest.raises(ValueError, match="escape"):
        GenerationStore(data).publish({"../escape": b""}, manifest={})
    assert_untouched(data)


def test_a_disk_that_keeps_something_else_is_found_out(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rot(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == len("vanished" * 2):
            os.pwrite(descriptor, b"X", 3)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", rot)
        with pytest.raises(PublishError, match="reads back otherwise"):
            publish(GenerationStore(data), "vanished")
    assert_untouched(data)


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(PublishError, match=r"File exists: .*data"):
        publish(GenerationStore(tmp_path / "data"), "lost")
    assert (tmp_path / "data").read_text() == "mine"


def run_child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A small process that knows ``publish`` and runs ``code``."""
    knows = "from pathlib import Path\nfrom index.generation import GenerationStore\n"
    source = knows + inspect.getsource(publish) + code
    command = [sys.executable, "-c", source, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


OUTGROWS_ITS_LIMIT = """
import resource, sys
from index.errors import PublishError

resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    publish(GenerationStore(Path(sys.argv[1])), "large" * 20_000)
except PublishError as error:
    print(error)
"""


def test_a_file_that_outgrows_the_limit_harms_nothing_that_was_there(data: Path) -> None:
    output, _ = run_child(OUTGROWS_ITS_LIMIT, data).communicate(timeout=20)
    assert "ulimit -f" in output
    assert_untouched(data)


# Leftovers


def test_leftovers_are_swept_and_what_is_not_ours_stays(data: Path) -> None:
    unreadable = data / "generations" / "000003.unfinished"
    unreadable.mkdir()
    (unreadable / "text.json").write_text("half")
    unreadable.chmod(0)
    (data / "CURRENT.unfinished").write_text("0000")
    (data / "generations" / "notes.txt").write_text("mine")
    publish(GenerationStore(data), "next")
    assert folders(data) == ["000002", "000003", "notes.txt"]
    assert sorted(path.name for path in data.iterdir()) == ["CURRENT", "generations"]


def test_a_leftover_that_cannot_be_removed_stands_in_nobodys_way(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "generations" / "000003.unfinished").write_text("a file where folders are made")
    assert publish(GenerationStore(data), "next") == "000004"
    assert "remove it by hand" in caplog.text


def test_a_generation_that_never_became_current_gives_up_its_number(data: Path) -> None:
    shutil.copytree(data / "generations" / "000002", data / "generations" / "000003")
    store = GenerationStore(data)
    assert store.current_name() == "000002"
    assert publish(store, "next") == "000004"
    assert folders(data) == ["000002", "000004"]  # it never served


# Killed writers

KILLED_AT_EACH_STEP = """
import itertools, os, signal, sys

def die_at(fatal):
    steps = itertools.count(1)
    def step(event, arguments):
        if (event == "open" or event.startswith("os.")) and next(steps) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    fsync = os.fsync
    os.fsync = lambda descriptor: (sys.audit("os.fsync"), fsync(descriptor))
    sys.addaudithook(step)

for fatal in itertools.count(1):
    store = GenerationStore(Path(sys.argv[1], str(fatal)))
    for state in ("before the last", "before", "current"):
        publish(store, state)
    child = os.fork()
    if not child:
        die_at(fatal)
        publish(store, "next")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def test_a_writer_killed_at_any_step_leaves_the_old_or_the_new_generation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with run_child(KILLED_AT_EACH_STEP, tmp_path) as child:
        assert child.wait(timeout=60) == 0
    states = []
    for step in range(1, len(list(tmp_path.iterdir())) + 1):
        data = tmp_path / str(step)
        states.append(state_of(GenerationStore(data).load()))
        publish(GenerationStore(data), "after")
        assert state_of(GenerationStore(data).load()) == "after"
        assert len(folders(data)) == 2
    assert len(states) > 30
    assert states == sorted(states)  # "current" up to the one step that makes it "next"
    assert set(states) == {"current", "next"}
    assert not caplog.records


PUBLISHES_FOR_EVER = """
import itertools, sys

for n in itertools.count(int(sys.argv[2])):
    publish(GenerationStore(Path(sys.argv[1])), f"{n:09}")
    print(n, flush=True)
"""


def test_a_writer_killed_at_random_moments_loses_nothing_that_it_published(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    moments, serving = random.Random(7), 0
    for _ in range(20):
        writer = run_child(PUBLISHES_FOR_EVER, tmp_path, serving + 1)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(moments.uniform(0, 0.03))
        writer.kill()
        said = (first + writer.communicate(timeout=20)[0]).splitlines()
        serving = int(state_of(GenerationStore(tmp_path).load()))
        assert serving - 1 <= int(said[-1]) <= serving
    assert not caplog.records
