"""Bringing an index up to date, and what cannot be served from."""

import errno
import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError, EncoderError, IndexMissing, LockHeld, PublishError
from index.generation import GenerationStore
from index.locking import writer_lock
from index.progress import Progress
from index.records import Abstained, Answer
from tests.corpora import corpora, questions
from tests.places import ASKED, BREAD, TALKS, TEXTS, Place, answered
from tests.words import WordEncoder, WordSource

# Bringing up to date


def test_a_first_refresh_adds_all_and_a_second_finds_nothing_to_do(place: Place) -> None:
    report = place.index(TEXTS)
    assert (report.generation, report.passages) == ("000001", 2)
    assert (report.added, report.unchanged) == (tuple(sorted(TEXTS)), ())
    before = {path: path.stat().st_mtime_ns for path in place.data.rglob("*") if path.is_file()}
    place.source.loads = 0
    again = place.library().refresh()
    assert (again.generation, again.passages) == ("000001", 2)
    assert (again.added, again.changed, again.removed) == ((), (), ())
    assert again.unchanged == tuple(sorted(TEXTS))
    assert place.source.loads == 0
    after = {path: path.stat().st_mtime_ns for path in place.data.rglob("*") if path.is_file()}
    after[place.data / "lock"] = before[place.data / "lock"]
    assert after == before


def test_each_change_is_told_for_what_it_is(indexed: Place) -> None:
    report = indexed.index({"bread.txt": f"{BREAD} It is cheap.", "new.txt": "Some news."})
    assert report.added == ("new.txt",)
    assert report.changed == ("bread.txt",)
    assert report.removed == ("news/talks.txt",)
    assert report.unchanged == ()
    assert report.generation == "000002"
    assert "news/talks.txt" not in repr(indexed.library().ask(ASKED, min_confidence=0))


def test_a_changed_document_embeds_what_changed_in_it(indexed: Place) -> None:
    indexed.index(TEXTS | {"news/talks.txt": TALKS.replace("Ada", "Eve")})
    passage = "Talks: The group meets every six months. Its chair is Eve Lovelace."
    assert sorted(indexed.embedded()) == ["Talks: Its chair is Eve Lovelace.", passage]


@pytest.mark.parametrize(
    "texts", [{"bread.txt": BREAD}, {}, {"new/name.txt": BREAD, "news/talks.txt": TALKS}]
)
def test_removing_and_renaming_embed_nothing(indexed: Place, texts: dict[str, str]) -> None:
    indexed.index(texts)
    assert indexed.embedded() == []
    assert [one.id for one in indexed.library().documents()] == sorted(texts)


class Tomorrow(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=1)


def test_an_unchanged_document_keeps_the_time_it_was_indexed(
    indexed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {one.id: one.indexed_at for one in indexed.library().documents()}
    monkeypatch.setattr("index.refreshing.datetime", Tomorrow)
    indexed.index(TEXTS | {"news/talks.txt": "Talks\n\nThere are none."})
    after = {one.id: one.indexed_at for one in indexed.library().documents()}
    assert after["bread.txt"] == before["bread.txt"]
    assert after["news/talks.txt"] > before["news/talks.txt"]
    told = datetime.fromisoformat(after["news/talks.txt"])
    assert told.utcoffset() == timedelta(0)


@settings(deadline=None, max_examples=6)
@given(st.lists(corpora, min_size=1, max_size=3), st.lists(questions, min_size=2, max_size=4))
def test_step_by_step_gives_the_index_that_a_rebuild_gives(
    states: list[dict[str, str]], asked: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for texts in states:
            place.index(texts)
        grown, library = place.files(), place.library()
        outcomes = [library.ask(question) for question in asked]
        report = library.refresh(rebuild=True)
        assert place.files() == grown
        assert report.unchanged == tuple(sorted(states[-1]))
        again = [library.ask(question) for question in asked]
        assert {one.generation for one in again} == {report.generation}
        assert list(map(without_time, again)) == list(map(without_time, outcomes))


def without_time(outcome: Answer | Abstained) -> Answer | Abstained:
    return replace(outcome, generation="", seconds=0.0)


def test_a_rebuild_embeds_all_anew(indexed: Place) -> None:
    report = indexed.library().refresh(rebuild=True)
    assert report.generation == "000002"
    assert report.unchanged == tuple(sorted(TEXTS))
    assert len(indexed.embedded()) == 6


def test_bad_files_are_named_and_the_others_indexed(place: Place) -> None:
    report = place.index(
        TEXTS | {"a.bin": b"\0", "b.txt": b"\xff\xfe", "c.txt": "", "d/e.pdf": b"%PDF"}
    )
    assert report.added == tuple(sorted(TEXTS))
    assert [one.document for one in report.skipped] == ["a.bin", "b.txt", "c.txt", "d/e.pdf"]
    assert all(one.reason for one in report.skipped)
    again = place.library().refresh()
    assert again.generation == "000001"
    assert again.skipped == report.skipped


def test_a_document_gone_bad_leaves_the_index_and_is_named(indexed: Place) -> None:
    report = indexed.index(TEXTS | {"bread.txt": b"\xff\xfe"})
    assert report.removed == ("bread.txt",)
    assert [one.document for one in report.skipped] == ["bread.txt"]


def test_an_empty_folder_gives_an_index_that_abstains(place: Place) -> None:
    report = place.index({})
    assert (report.generation, report.passages) == ("000001", 0)
    library = place.library()
    outcome = library.ask(ASKED, min_confidence=0)
    assert isinstance(outcome, Abstained)
    assert (outcome.confidence, outcome.nearest) == (0.0, ())
    assert library.documents() == []
    assert library.search(ASKED) == []
    assert library.refresh().generation == "000001"


def test_a_missing_folder_is_told_and_takes_nothing_away(indexed: Place) -> None:
    shutil.rmtree(indexed.seeds)
    with pytest.raises(CorpusError, match="seeds folder"):
        indexed.library().refresh()
    assert answered(indexed.library().ask(ASKED)).generation == "000001"


def test_progress_goes_through_each_stage_to_its_end(place: Place) -> None:
    told: list[Progress] = []
    place.write(TEXTS)
    place.library().refresh(progress=told.append)
    assert list(dict.fromkeys(one.stage for one in told)) == ["reading", "splitting", "embedding"]
    last = {one.stage: one for one in told}
    assert all(one.done == one.total > 0 for one in last.values())
    assert all(0 <= one.done <= one.total for one in told)


# What cannot be served


def test_nothing_indexed_is_told_with_what_to_do(place: Place) -> None:
    place.write(TEXTS)
    library = place.library()
    assert library.generation is None
    for call in (lambda: library.ask(ASKED), lambda: library.search(ASKED), library.documents):
        with pytest.raises(IndexMissing, match="Run: footnote index"):
            call()
    library.refresh()
    assert library.generation == "000001"
    assert isinstance(library.ask(ASKED), Answer)


def test_an_index_of_another_model_is_not_asked_and_is_made_anew(indexed: Place) -> None:
    other = Place(indexed.root, WordSource("other words"))
    with pytest.raises(IndexMissing, match=r"another model or version\. Run: footnote index"):
        other.library().ask(ASKED)
    assert len(other.library().documents()) == 2
    report = other.library().refresh()
    assert report.generation == "000002"
    assert report.unchanged == tuple(sorted(TEXTS))
    assert len(other.embedded()) == 6
    assert isinstance(other.library().ask(ASKED), Answer)
    with pytest.raises(IndexMissing):
        indexed.library().ask(ASKED)


@pytest.mark.parametrize("rule", ["CHUNKING", "LAYOUT"])
def test_an_index_by_another_rule_is_not_asked_and_is_made_anew(
    indexed: Place, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = indexed.library()
    assert isinstance(served.ask(ASKED), Answer)
    monkeypatch.setattr(f"index.manifests.{rule}", "another")
    if rule == "LAYOUT":
        monkeypatch.setattr("index.serving.LAYOUT", "another")
    with pytest.raises(IndexMissing, match="Run: footnote index"):
        indexed.library().ask(ASKED)
    assert indexed.library().refresh().generation == "000002"
    assert len(indexed.embedded()) == 6
    assert answered(indexed.library().ask(ASKED)).generation == "000002"
    assert answered(served.ask(ASKED)).generation == "000002"


def test_an_index_of_another_layout_is_not_listed_but_its_files_are_read(
    indexed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.serving.LAYOUT", "another")
    with pytest.raises(IndexMissing):
        indexed.library().documents()
    assert indexed.library().document("bread.txt").text == BREAD


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name", ["passages.faiss", "documents.jsonl", "manifest.json", "manifest.sha256"]
)
def test_a_damaged_generation_is_replaced_by_the_one_before_and_then_made_anew(
    indexed: Place, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    newer = TEXTS | {"new.txt": "News\n\nRockets land in Alaska."}
    indexed.index(newer)
    flip(indexed.data / "generations" / "000002" / name)
    library = indexed.library()
    assert answered(library.ask(ASKED)).generation == "000001"
    assert "serves instead" in caplog.text
    assert [one.id for one in library.documents()] == sorted(TEXTS)
    report = library.refresh()
    assert report.generation == "000003"
    assert report.added == ("new.txt",)
    assert answered(library.ask(ASKED)).generation == "000003"
    caplog.clear()
    assert answered(indexed.library().ask("where do rockets land?")).generation == "000003"
    assert indexed.library().refresh().generation == "000003"
    assert not caplog.records


def test_where_no_generation_is_whole_all_is_made_anew(indexed: Place) -> None:
    flip(indexed.data / "generations" / "000001" / "sentences.faiss")
    with pytest.raises(IndexMissing):
        indexed.library().ask(ASKED)
    report = indexed.library().refresh()
    assert report.added == tuple(sorted(TEXTS))
    assert answered(indexed.library().ask(ASKED)).generation == report.generation == "000002"


@pytest.mark.parametrize(
    "pointer", [b"garbage\n", b"", b"\xff\xfe", b"999999\n", b"../../etc\n", None]
)
def test_a_damaged_pointer_leaves_the_newest_whole_generation_and_is_mended(
    indexed: Place, pointer: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    current = indexed.data / "CURRENT"
    if pointer is None:
        current.unlink()
    else:
        current.write_bytes(pointer)
    library = indexed.library()
    assert answered(library.ask(ASKED)).generation == "000001"
    assert len(library.documents()) == 2
    report = library.refresh()
    assert current.read_text() == f"{report.generation}\n"
    assert indexed.embedded() == []
    assert answered(library.ask(ASKED)).generation == report.generation
    caplog.clear()
    assert indexed.library().refresh().generation == report.generation
    assert not caplog.records


def test_files_that_do_not_belong_together_are_told_and_made_anew(
    indexed: Place, caplog: pytest.LogCaptureFixture
) -> None:
    store = GenerationStore(indexed.data)
    current = store.load()
    assert current is not None
    files = {name: bytes(data) for name, data in current.files.items()}
    manifest = {key: current.manifest[key] for key in current.manifest.keys() - {"files", "format"}}
    store.publish(files | {"sentences.bin": b""}, manifest=manifest)
    with pytest.raises(CorpusError, match="footnote index --rebuild"):
        indexed.library().ask(ASKED)
    indexed.index({"bread.txt": BREAD})
    assert "made anew" in caplog.text
    assert isinstance(indexed.library().ask("bread is baked daily"), Answer)


def test_a_second_writer_is_told_who_holds_the_lock(indexed: Place) -> None:
    with writer_lock(indexed.data):
        with pytest.raises(LockHeld, match=f"process {os.getpid()} on"):
            indexed.library().refresh()
        assert isinstance(indexed.library().ask(ASKED), Answer)
    assert indexed.library().refresh().generation == "000001"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_cannot_be_written_leaves_the_old_index_serving(
    indexed: Place, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    library = indexed.library()
    indexed.write({"bread.txt": BREAD})
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(PublishError, match="the disk is full"):
            library.refresh()
    assert answered(library.ask(ASKED)).generation == "000001"
    assert answered(indexed.library().ask(ASKED)).generation == "000001"
    report = library.refresh()
    assert report.removed == ("news/talks.txt",)
    assert [one.id for one in indexed.library().documents()] == ["bread.txt"]


class Unloadable(WordSource):
    def load(self) -> WordEncoder:
        raise EncoderError("The model is missing.")


def test_without_its_model_nothing_is_asked_and_nothing_lost(indexed: Place) -> None:
    broken = Place(indexed.root, Unloadable())
    with pytest.raises(EncoderError):
        broken.library().ask(ASKED)
    indexed.write({**TEXTS, "new.txt": "New\n\nNothing of this was seen before."})
    with pytest.raises(EncoderError):
        broken.library().refresh()
    assert indexed.generations() == ["000001"]
    assert len(broken.library().documents()) == 2


def test_no_model_is_needed_to_take_documents_out(indexed: Place) -> None:
    indexed.write({"bread.txt": BREAD})
    assert Place(indexed.root, Unloadable()).library().refresh().removed == ("news/talks.txt",)
    assert [one.id for one in indexed.library().documents()] == ["bread.txt"]
