"""What a library answers, finds and shows, and to whom."""

import gc
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import (
    DocumentError,
    IndexMissing,
    QuestionError,
    UnknownDocument,
)
from index.records import Abstained, Answer
from tests.corpora import corpora, ids, questions, texts, word_weights
from tests.places import ASKED, BREAD, TALKS, Place, answered

ROOT = Path(__file__).parents[1]

unhurried = settings(deadline=None, max_examples=10)


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


def test_an_answer_is_shown_from_the_threshold_on(indexed: Place) -> None:
    library = indexed.library()
    confidence = library.ask(ASKED).confidence
    assert isinstance(library.ask(ASKED, min_confidence=confidence), Answer)
    above = math.nextafter(confidence, 2)
    assert isinstance(library.ask(ASKED, min_confidence=above), Abstained)


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

    def grown_by(count: int) -> int:
        """How many objects more there are after so many questions."""
        gc.collect()
        before = sys.getallocatedblocks()
        for n in range(count):
            library.ask(f"how often does group {n} meet in place {n}?")
        gc.collect()
        return sys.getallocatedblocks() - before

    grown_by(500)
    # What is left behind is left each time; other threads of this process come and go.
    assert min(grown_by(500) for _ in range(3)) < 100  # not one object for five questions


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


def test_pending_tells_what_a_refresh_would_do_and_writes_nothing(indexed: Place) -> None:
    indexed.write(
        {"bread.txt": "Bread is stale.", "new.txt": "News are new.", "bad.txt": b"\xff\0"}
    )
    before = indexed.generations()
    found = indexed.library().pending()
    assert (found.added, found.changed, found.removed) == (
        ("new.txt",),
        ("bread.txt",),
        ("news/talks.txt",),
    )
    assert [one.document for one in found.skipped] == ["bad.txt"]
    assert not found.is_empty
    assert indexed.generations() == before
    indexed.library().refresh()
    assert indexed.library().pending().is_empty


def test_headings_are_listed_with_their_lines_and_seen_by_collection(place: Place) -> None:
    text = "# Talks\n\nThe group meets.\n\n## Chair\n\nAda is the chair.\nShe leads it."
    place.index({"talks.md": text, "x/more.md": text})
    found = place.library().headings(collections=frozenset({"x"}))
    assert [(one.document, one.text, one.line) for one in found] == [
        ("x/more.md", "Talks", 1),
        ("x/more.md", "Chair", 5),
    ]
    assert len(place.library().headings()) == 4


def test_a_warm_library_loads_its_model_no_more(indexed: Place) -> None:
    library = indexed.library()
    library.warm_up()
    loads = indexed.source.loads
    library.ask(ASKED)
    assert indexed.source.loads == loads


def test_an_empty_place_cannot_be_warmed_up(place: Place) -> None:
    with pytest.raises(IndexMissing):
        place.library().warm_up()
