"""The library over real folders, with an encoder that counts words."""

import errno
import gc
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import (
    CorpusError,
    DocumentError,
    EncoderError,
    IndexMissing,
    LockHeld,
    PublishError,
    QuestionError,
    UnknownDocument,
)
from index.generation import GenerationStore
from index.library import Library, Progress
from index.locking import writer_lock
from index.records import Abstained, Answer, RefreshReport
from index.serving import SharedEncoder
from tests.corpora import corpora, ids, questions, texts, word_weights, write_seeds
from tests.words import WordEncoder, WordSource

ROOT = Path(__file__).parents[1]
TALKS = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace."
BREAD = "Bread\n\nBread is baked daily. It keeps for a week."
TEXTS = {"bread.txt": BREAD, "news/talks.txt": TALKS}
ASKED = "how often does the group meet?"

unhurried = settings(deadline=None, max_examples=10)


@dataclass(frozen=True)
class Place:
    """A seeds folder, a data folder, and the one model that all libraries there share."""

    root: Path
    source: WordSource = field(default_factory=WordSource)

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def library(self, *, min_confidence: float | None = None) -> Library:
        """A library as a new process opens it."""
        return Library(
            seeds=self.seeds,
            data=self.data,
            source=self.source,
            weights=word_weights(),
            min_confidence=min_confidence,
        )

    def write(self, texts: Mapping[str, str | bytes]) -> None:
        write_seeds(self.seeds, texts)

    def index(self, texts: Mapping[str, str | bytes]) -> RefreshReport:
        self.write(texts)
        return self.library().refresh()

    def embedded(self) -> list[str]:
        """What was embedded since this was last asked."""
        found = list(self.source.encoder.embedded)
        self.source.encoder.embedded.clear()
        return found

    def generations(self) -> list[str]:
        return sorted(path.name for path in (self.data / "generations").iterdir())

    def files(self) -> dict[str, bytes]:
        """The current generation's files, but for the one that tells when it was made."""
        current = GenerationStore(self.data).load()
        assert current is not None
        return {
            name: bytes(data) for name, data in current.files.items() if name != "documents.jsonl"
        }


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def indexed(place: Place) -> Place:
    place.index(TEXTS)
    place.embedded()
    return place


def answered(outcome: Answer | Abstained) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def shown(outcome: Answer | Abstained) -> str:
    """All that a person could be shown of an outcome, but for the own question."""
    return repr(replace(outcome, question=""))


# Asking


def test_what_the_documents_say_is_answered_with_a_citation(indexed: Place) -> None:
    answer = answered(indexed.library().ask(ASKED))
    assert answer.question == ASKED
    assert answer.answer == answer.citations[0].answer == "every six months"
    assert answer.citations[0].document == "news/talks.txt"
    assert answer.citations[0].quote == "The group meets every six months."
    assert answer.generation == "000001"
    assert 0.5 <= answer.confidence <= 1
    assert 0 < answer.seconds < 10


def test_what_the_documents_do_not_say_is_not_answered(indexed: Place) -> None:
    outcome = indexed.library().ask("where do rockets land?")
    assert isinstance(outcome, Abstained)
    assert outcome.confidence < 0.5
    assert 1 <= len(outcome.nearest) <= 3
    assert [one.n for one in outcome.nearest] == [1, 2, 3][: len(outcome.nearest)]


def test_an_answer_can_be_forced_and_be_forbidden(indexed: Place) -> None:
    library = indexed.library()
    assert isinstance(library.ask("where do rockets land?", min_confidence=0), Answer)
    assert isinstance(library.ask(ASKED, min_confidence=1), Abstained)


def test_the_threshold_is_the_weights_or_the_librarys_own(indexed: Place) -> None:
    assert indexed.library().threshold == word_weights().threshold
    strict = indexed.library(min_confidence=1.0)
    assert strict.threshold == 1
    assert isinstance(strict.ask(ASKED), Abstained)
    assert isinstance(strict.ask(ASKED, min_confidence=0.5), Answer)
    lax = indexed.library(min_confidence=0.0)
    assert isinstance(lax.ask("where do rockets land?"), Answer)


@unhurried
@given(corpora, st.lists(questions, min_size=3, max_size=6))
def test_a_forced_answer_is_given_wherever_there_is_a_sentence(
    texts: dict[str, str], asked: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.index(texts)
        library = place.library()
        sentences = sum(entry.passages for entry in library.documents())
        for question in asked:
            outcome = library.ask(question, min_confidence=0)
            assert isinstance(outcome, Answer) == bool(sentences)
            if isinstance(outcome, Answer):
                assert outcome.answer == outcome.citations[0].answer
                for one in outcome.citations:
                    assert library.document(one.document).text[one.start : one.end] == one.quote


@pytest.mark.parametrize("question", ["", " \n", "?!", "\u200b", "x" * 2001])
def test_what_is_no_question_is_refused_before_a_model_is_loaded(
    indexed: Place, question: str
) -> None:
    indexed.source.loads = 0
    with pytest.raises(QuestionError):
        indexed.library().ask(question)
    with pytest.raises(QuestionError):
        indexed.library().search(question)
    assert indexed.source.loads == 0


def test_a_slip_of_the_pen_is_mended_and_the_question_told_as_it_was_asked(indexed: Place) -> None:
    asked = "how offten does the grroup meet"
    answer = answered(indexed.library().ask(asked))
    assert answer.answer == "every six months"
    assert answer.question == asked


def test_twins_are_both_cited(place: Place) -> None:
    place.index({"a.txt": BREAD, "b.txt": BREAD})
    answer = answered(place.library().ask("bread is baked daily"))
    assert {one.document for one in answer.citations[:2]} == {"a.txt", "b.txt"}


def test_the_same_library_answers_the_same_question_the_same_way(indexed: Place) -> None:
    first, second = indexed.library(), indexed.library()
    outcomes = [first.ask(ASKED), first.ask(ASKED), second.ask(ASKED)]
    assert len({repr(replace(one, seconds=0.0)) for one in outcomes}) == 1


def test_two_thousand_questions_leave_no_trace_in_memory(indexed: Place) -> None:
    library = indexed.library()

    def ask(count: int) -> None:
        for n in range(count):
            library.ask(f"how often does group {n} meet in place {n}?")

    ask(1000)
    gc.collect()
    before = sys.getallocatedblocks()
    ask(1000)
    gc.collect()
    assert sys.getallocatedblocks() - before < 200  # not one object for five questions


# Searching


def test_a_search_finds_whole_passages_best_first(indexed: Place) -> None:
    hits = indexed.library().search("bread is baked daily")
    assert [hit.citation.document for hit in hits] == ["bread.txt", "news/talks.txt"]
    assert hits[0].citation.quote == "Bread is baked daily. It keeps for a week."
    assert hits[0].score > hits[1].score
    assert [hit.citation.n for hit in hits] == [1, 2]
    assert all(hit.citation.is_whole for hit in hits)


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (1, 1), (2, 2), (50, 2)])
def test_a_search_finds_as_many_as_there_are_and_no_more_than_asked_for(
    indexed: Place, limit: int, count: int
) -> None:
    assert len(indexed.library().search("bread", limit=limit)) == count


# Who may see what


@st.composite
def marked(draw: st.DrawFn) -> dict[str, str]:
    """Documents that each hold a word of their own, which no other holds."""
    found = draw(st.dictionaries(ids, texts, min_size=1, max_size=5))
    return {
        id: f"Canary{n} talks\n\nThe canary{n} group meets every six months.\n\n{text}"
        for n, (id, text) in enumerate(sorted(found.items()))
    }


@unhurried
@given(
    marked(),
    st.frozensets(st.sampled_from(["", "news", "press", "none"])),
    st.lists(questions, max_size=3),
    st.integers(0, 4),
)
def test_nothing_of_a_document_that_may_not_be_seen_shows(
    texts: dict[str, str], collections: frozenset[str], asked: list[str], about: int
) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.index(texts)
        library = place.library()
        everything = {entry.id: entry for entry in library.documents()}
        seen = {id for id, entry in everything.items() if entry.collection in collections}
        secrets = [
            secret
            for n, id in enumerate(sorted(texts))
            if id not in seen
            for secret in (f"canary{n}", f"Canary{n}", id)
        ]

        def assert_hidden(told: object) -> None:
            text = shown(told) if isinstance(told, Answer | Abstained) else repr(told)
            assert not [secret for secret in secrets if secret in text]

        for question in [*asked, f"how often does the canary{about} group meet?"]:
            outcome = library.ask(question, collections=collections, min_confidence=0)
            assert isinstance(outcome, Answer) == bool(seen)
            assert_hidden(outcome)
            assert_hidden(library.ask(question, collections=collections, min_confidence=1))
            assert_hidden(library.search(question, collections=collections, limit=50))
        entries = library.documents(collections=collections)
        assert {entry.id for entry in entries} == seen
        assert_hidden(entries)
        for id in texts:
            if id in seen:
                one = library.ask("meets", collections=collections, document=id, min_confidence=0)
                assert {cited.document for cited in answered(one).citations} == {id}
            else:
                with pytest.raises(UnknownDocument) as caught:
                    library.ask("meets", collections=collections, document=id)
                assert_hidden(str(caught.value).replace(f"no document {id}", ""))


def test_asking_all_collections_is_asking_without_any(indexed: Place) -> None:
    library = indexed.library()
    everything = frozenset(["", "news"])
    assert shown(replace(library.ask(ASKED), seconds=0.0)) == shown(
        replace(library.ask(ASKED, collections=everything), seconds=0.0)
    )
    assert library.documents() == library.documents(collections=everything)


def test_nothing_is_seen_where_nothing_is_allowed(indexed: Place) -> None:
    library = indexed.library()
    nothing = frozenset[str]()
    outcome = library.ask(ASKED, collections=nothing, min_confidence=0)
    assert isinstance(outcome, Abstained)
    assert (outcome.nearest, outcome.confidence) == ((), 0)
    assert library.search(ASKED, collections=nothing) == []
    assert library.documents(collections=nothing) == []


def test_one_document_can_be_asked(indexed: Place) -> None:
    library = indexed.library()
    assert answered(library.ask(ASKED, document="news/talks.txt")).answer == "every six months"
    outcome = library.ask(ASKED, document="bread.txt", min_confidence=0)
    assert {one.document for one in answered(outcome).citations} == {"bread.txt"}


def test_an_unknown_document_is_told_with_the_nearest_names(indexed: Place) -> None:
    library = indexed.library()
    with pytest.raises(UnknownDocument, match=r"Did you mean news/talks\.txt"):
        library.ask(ASKED, document="news/talk.txt")
    with pytest.raises(UnknownDocument, match=r"Did you mean news/talks\.txt"):
        library.document("news/talk.txt")
    with pytest.raises(UnknownDocument, match=r"no document xyzzy\. List them with"):
        library.ask(ASKED, document="xyzzy")


# Documents


def test_documents_are_listed_and_read_without_a_model(indexed: Place) -> None:
    indexed.source.loads = 0
    library = indexed.library()
    entries = library.documents()
    assert [(one.id, one.title, one.collection) for one in entries] == [
        ("bread.txt", "Bread", ""),
        ("news/talks.txt", "Talks", "news"),
    ]
    assert [one.passages for one in entries] == [1, 1]
    assert entries[0].size == len(BREAD)
    assert library.document("news/talks.txt").text == TALKS
    assert indexed.source.loads == 0


def test_a_document_reads_as_it_was_indexed_whatever_became_of_its_file(indexed: Place) -> None:
    indexed.write({"bread.txt": "Changed.", "new.txt": "New."})
    library = indexed.library()
    assert library.document("bread.txt").text == BREAD
    assert library.document("news/talks.txt").text == TALKS
    shutil.rmtree(indexed.seeds)
    assert library.document("bread.txt").text == BREAD


def test_a_document_not_indexed_yet_is_read_from_its_folder(place: Place) -> None:
    place.write({"new.txt": "New.", "bad.txt": b"\xff"})
    assert place.library().document("new.txt").text == "New."
    with pytest.raises(DocumentError, match="not UTF-8"):
        place.library().document("bad.txt")
    with pytest.raises(UnknownDocument):
        place.library().document("../secret.txt")


def test_a_document_without_sentences_is_listed_beside_others(place: Place) -> None:
    report = place.index({"bread.txt": BREAD, "marks.txt": "*** ? ***"})
    assert report.added == ("bread.txt", "marks.txt")
    library = place.library()
    assert {one.id: one.passages for one in library.documents()} == {"bread.txt": 1, "marks.txt": 0}
    assert answered(library.ask("bread is baked daily")).citations
    outcome = library.ask("bread is baked", document="marks.txt", min_confidence=0)
    assert isinstance(outcome, Abstained)
    assert not outcome.nearest
    assert library.document("marks.txt").text == "*** ? ***"
    assert library.refresh().unchanged == ("bread.txt", "marks.txt")


def test_listing_documents_imports_no_heavy_library(indexed: Place) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.library import Library\n"
        "imported = set(sys.modules)\n"
        f"library = Library.open(seeds=Path({str(indexed.seeds)!r}),"
        f" data=Path({str(indexed.data)!r}))\n"
        "assert [one.id for one in library.documents()] == ['bread.txt', 'news/talks.txt']\n"
        "assert library.document('bread.txt').title == 'Bread'\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'scipy', 'sklearn', 'faiss',\n"
        "         'matplotlib', 'huggingface_hub', 'bm25s'}\n"
        "print(sorted(heavy & imported), sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"


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
    monkeypatch.setattr(f"index.refreshing.{rule}", "another")
    monkeypatch.setattr("index.serving.LAYOUT", "another" if rule == "LAYOUT" else "tables-1")
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
    indexed.write({"bread.txt": BREAD})
    with pytest.raises(EncoderError):
        broken.library().refresh()
    assert indexed.generations() == ["000001"]
    assert len(broken.library().documents()) == 2


# Several threads


class SlowEncoder(WordEncoder):
    """Takes its time, and is upset when two threads use it at once."""

    def __init__(self) -> None:
        super().__init__()
        self.delay = 0.0
        self._busy = threading.Lock()

    def _alone(self, delay: float) -> None:
        assert self._busy.acquire(blocking=False), "used by two threads at once"
        time.sleep(delay)
        self._busy.release()

    def pieces(self, text: str) -> list[tuple[int, int]]:
        self._alone(0)
        return super().pieces(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = super().embed_passages(texts)
        self._alone(self.delay)
        return found

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self._alone(0)
        return super().embed_query(text)


class SlowSource(WordSource):
    def __init__(self, delay: float = 0.0) -> None:
        super().__init__()
        self.encoder: SlowEncoder = SlowEncoder()
        self.delay = delay

    def load(self) -> SlowEncoder:
        self.loads += 1
        time.sleep(0.02)
        self.encoder.delay = self.delay
        return self.encoder


MANY = "Facts\n\n" + "\n\n".join(f"Fact {n} is about number {n}. It is true." for n in range(150))


def test_questions_asked_while_indexing_are_answered_from_one_whole_generation(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, SlowSource(delay=0.01))
    place.index(TEXTS)
    library = place.library()
    place.write({"facts.txt": MANY, "talks.txt": TALKS.replace("six", "nine")})
    expected = {"000001": "every six months", "000002": "every nine months"}
    refreshing = threading.Thread(target=library.refresh)
    outcomes = [answered(library.ask(ASKED))]
    refreshing.start()
    while refreshing.is_alive():
        outcomes.append(answered(library.ask(ASKED)))
    refreshing.join()
    outcomes.append(answered(library.ask(ASKED)))
    told = [one.generation for one in outcomes]
    assert told == sorted(told)
    assert told[0] == "000001"
    assert told[-1] == "000002"
    assert told.count("000001") > 3
    assert all(one.answer == expected[one.generation] for one in outcomes)


def test_many_threads_that_ask_at_once_load_the_model_once_and_agree(tmp_path: Path) -> None:
    place = Place(tmp_path, SlowSource())
    place.index(TEXTS)
    place.source.loads = 0
    library = place.library()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(library.ask, [ASKED] * 40))
    assert place.source.loads == 1
    assert len({repr(replace(one, seconds=0.0)) for one in outcomes}) == 1


def test_threads_that_ask_while_generations_come_and_go_get_whole_answers(tmp_path: Path) -> None:
    place, writer = Place(tmp_path, SlowSource()), Place(tmp_path)
    words = ["one", "two", "three", "four", "five"]
    place.index({"talks.txt": TALKS.replace("six", words[0])})
    library, said = place.library(), {f"{n:06}": words[(n - 1) % 5] for n in range(1, 30)}
    done = threading.Event()

    def ask() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while not done.is_set():
            outcome = answered(library.ask(ASKED, min_confidence=0))
            found.append((outcome.generation, outcome.citations[0].quote))
        return found

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for n in range(2, 9):
                place.write({"talks.txt": TALKS.replace("six", said[f"{n:06}"])})
                assert writer.library().refresh().generation == f"{n:06}"
        finally:
            done.set()
        found = [one for future in asking for one in future.result()]
    assert all(said[name] in quote for name, quote in found)
    assert answered(library.ask(ASKED)).generation == "000008"


class PatientEncoder(WordEncoder):
    """Waits to be told before it embeds the first texts; notes who used it in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.used: list[str] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.used += texts
        self.begun.set()
        assert self.go_on.wait(10)
        return super().embed_passages(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.used.append(text)
        return super().embed_query(text)


class PatientSource(WordSource):
    def __init__(self) -> None:
        super().__init__()
        self.encoder: PatientEncoder = PatientEncoder()

    def load(self) -> PatientEncoder:
        return self.encoder


def test_who_has_just_used_the_model_comes_after_who_waits_for_it() -> None:
    source = PatientSource()
    encoder = SharedEncoder(source)

    def index() -> None:
        for batch in ("first", "second", "third"):
            encoder.embed_passages([batch])

    with ThreadPoolExecutor(2) as pool:
        pool.submit(index)
        assert source.encoder.begun.wait(10)
        asking = pool.submit(encoder.embed_query, "question")
        time.sleep(0.1)  # so that it waits by now
        source.encoder.go_on.set()
        asking.result()
    assert source.encoder.used == ["first", "question", "second", "third"]


def test_a_model_that_could_not_be_loaded_is_tried_again() -> None:
    class Flaky(WordSource):
        def load(self) -> WordEncoder:
            if self.loads == 0:
                self.loads += 1
                raise EncoderError("Not yet.")
            return super().load()

    encoder = SharedEncoder(Flaky())
    with pytest.raises(EncoderError):
        encoder.embed_query("bread")
    assert encoder.embed_query("bread").shape == (encoder.dimension,)
