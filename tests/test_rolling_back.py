"""Answering from the generation before, and staying there."""

import os
import signal
from pathlib import Path

import pytest

from index import durable
from index.errors import IndexHeld, IndexMissing, LockHeld, PublishError, RollbackError
from index.generation import GenerationStore
from index.library import Library
from index.locking import writer_lock
from tests.places import ASKED, TALKS, TEXTS, Place, answered
from tests.words import WordSource

YEARLY = {**TEXTS, "news/talks.txt": TALKS.replace("every six months", "every year")}


@pytest.fixture
def twice(indexed: Place) -> Place:
    """A place with two generations: what changed is the answer."""
    assert indexed.index(YEARLY).generation == "000002"
    return indexed


def answer(library: Library) -> str:
    return answered(library.ask(ASKED)).answer


def test_rolling_back_answers_as_before_and_tells_what_differs(twice: Place) -> None:
    running = twice.library()
    assert answer(running) == "every year"
    plan = running.pending_rollback()
    assert (plan.current, plan.before) == ("000002", "000001")
    assert plan.changes.changed == ("news/talks.txt",)
    assert answer(running) == "every year"
    report = running.roll_back()
    assert (report.generation, report.changed) == ("000001", ("news/talks.txt",))
    assert report.passages == 2
    assert answer(running) == "every six months"
    assert answer(twice.library()) == "every six months"


def test_it_stays_rolled_back_whatever_changes_until_it_is_released(twice: Place) -> None:
    twice.library().roll_back()
    for texts in (YEARLY, {**YEARLY, "new.txt": "New\n\nIt rains."}):
        twice.write(texts)
        with pytest.raises(IndexHeld, match="held at generation 000001, rolled back from 000002"):
            twice.library().refresh()
        assert answer(twice.library()) == "every six months"
    hold = twice.library().held
    assert hold is not None
    assert (hold.generation, hold.instead_of) == ("000001", "000002")
    report = twice.library().refresh(release=True)
    assert (report.generation, report.added) == ("000003", ("new.txt",))
    assert answer(twice.library()) == "every year"
    assert twice.library().held is None
    twice.index(TEXTS)
    assert answer(twice.library()) == "every six months"


def test_documents_as_they_were_need_no_release(twice: Place) -> None:
    twice.library().roll_back()
    twice.write(TEXTS)
    assert twice.library().refresh().generation == "000001"
    assert twice.library().held
    assert twice.library().refresh(release=True).generation == "000001"
    assert twice.library().held is None


def test_a_rebuild_may_not_end_it_either(twice: Place) -> None:
    twice.library().roll_back()
    with pytest.raises(IndexHeld):
        twice.library().refresh(rebuild=True)
    assert twice.library().refresh(rebuild=True, release=True).generation == "000003"


def test_what_served_before_a_release_is_kept_and_can_be_rolled_back_to(twice: Place) -> None:
    twice.library().roll_back()
    twice.library().refresh(release=True)
    assert twice.generations() == ["000001", "000003"]
    assert twice.library().roll_back().generation == "000001"


def test_there_must_be_something_before(place: Place) -> None:
    with pytest.raises(IndexMissing):
        place.library().roll_back()
    place.index(TEXTS)
    with pytest.raises(RollbackError, match="no generation before 000001"):
        place.library().pending_rollback()
    place.index(YEARLY)
    place.library().roll_back()
    with pytest.raises(RollbackError, match="no generation before 000001"):
        place.library().roll_back()
    assert answer(place.library()) == "every six months"


def test_it_is_refused_where_another_serves_than_was_thought(twice: Place) -> None:
    twice.index(TEXTS)
    with pytest.raises(RollbackError, match="at generation 000003 by now"):
        twice.library().roll_back(leaving="000002")
    assert twice.library().roll_back(leaving="000003").generation == "000002"


def test_a_damaged_one_is_not_rolled_back_to_and_can_be_left(twice: Place) -> None:
    older, newer = (twice.data / "generations" / name for name in twice.generations())
    _flip(newer / "manifest.json")
    assert twice.library().roll_back().generation == "000001"
    twice.library().refresh(release=True)
    _flip(older / "sentences.bin")
    with pytest.raises(RollbackError):
        twice.library().roll_back()


def test_one_of_another_model_is_not_rolled_back_to(twice: Place) -> None:
    other = Place(twice.root, WordSource("other"))
    assert other.library().refresh().generation == "000003"
    with pytest.raises(RollbackError):
        other.library().roll_back()


def test_a_held_one_that_is_damaged_is_held_no_more(twice: Place) -> None:
    twice.library().roll_back()
    _flip(twice.data / "generations" / "000001" / "passages.bin")
    assert answer(twice.library()) == "every year"  # the other one serves
    assert twice.library().refresh().generation == "000003"
    assert twice.library().held is None


def test_one_that_another_model_made_is_held_no_more(twice: Place) -> None:
    twice.library().roll_back()
    other = Place(twice.root, WordSource("other"))
    assert other.library().refresh().generation == "000003"
    assert answer(other.library()) == "every year"


def test_rolling_back_waits_for_no_writer(twice: Place) -> None:
    with writer_lock(twice.data), pytest.raises(LockHeld, match="being written by process"):
        twice.library().roll_back()
    assert answer(twice.library()) == "every year"


@pytest.mark.parametrize("step", ["_write_file", "sync_folder"])
def test_a_disk_that_fails_leaves_what_served(
    twice: Place, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(durable, step, fail)
        with pytest.raises(PublishError, match="the disk is full"):
            twice.library().roll_back()
    assert answer(twice.library()) == "every year"
    assert twice.library().held is None
    assert twice.library().refresh().generation == "000002"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a child that was forked")
@pytest.mark.parametrize("calls", range(8))
def test_killed_at_any_step_it_serves_one_or_the_other(
    twice: Place, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = os.fork()
    if not child:
        _die_after(calls, monkeypatch)
        twice.library().roll_back()
        os._exit(0)
    os.waitpid(child, 0)
    store = GenerationStore(twice.data)
    held = store.hold()
    assert (store.current_name(), held and held.generation) in [
        ("000002", None),
        ("000001", "000001"),
    ]
    assert answer(twice.library()) == ("every six months" if held else "every year")
    twice.library().refresh(release=True)
    assert answer(twice.library()) == "every year"


def _die_after(calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the process is killed before the call of that number that touches the disk."""
    left = iter(range(calls, -1, -1))
    for name in ("fsync", "replace", "open"):
        real = getattr(os, name)

        def step(*given: object, real: object = real, **named: object) -> object:
            if next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            assert callable(real)
            return real(*given, **named)

        monkeypatch.setattr(os, name, step)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"generation": "000001"}', b'{"generation": 1}']
)
def test_a_damaged_note_of_it_holds_nothing(twice: Place, content: bytes) -> None:
    twice.library().roll_back()
    (twice.data / "held.json").write_bytes(content)
    assert twice.library().held is None
    assert twice.library().refresh().generation == "000003"


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
