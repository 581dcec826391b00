"""Documents that contradict each other on what is asked: told, and only where they do."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pairs import AGREEMENTS, CONFLICTS, HARD, LAST_AGREEMENTS, LAST_CONFLICTS
from index.answering import MOST_CITATIONS, Finding, find
from index.disagreeing import disagreeing
from index.encoders import ModelSource
from index.features import NAMES, describe
from index.indexing import build, prepare
from index.library import Library
from index.models import ModelIdentity
from index.originals.encoder import SentenceEncoder
from index.questions import read_question
from index.retrieving import retrieve
from index.weights import load_weights
from tests.corpora import (
    candidates_of,
    corpora,
    document,
    found_in,
    questions,
    snapshot_of,
    word_weights,
    write_seeds,
)
from tests.places import answered

ASKED = "How often does the steering committee meet?"
HALF_YEARLY = "Statutes\n\nThe steering committee meets every six months.\n"
YEARLY = "Guide\n\nUpdated: 5 May 2021\n\nThe steering committee meets once a year.\n"
MONTHLY = "Talk\n\nPublished: 3 March 2019\n\nThe steering committee meets monthly.\n"
DAYS = {"2019": 1_560_000_000, "2020": 1_600_000_000}


class Bundled:
    """The bundled model, which is loaded already."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    def identify(self) -> ModelIdentity:
        return ModelSource().identify()

    def load(self) -> SentenceEncoder:
        return self._encoder


@pytest.fixture
def library(tmp_path: Path, bundled: SentenceEncoder) -> Library:
    return Library(
        seeds=tmp_path / "seeds",
        data=tmp_path / "data",
        source=Bundled(bundled),
        weights=load_weights(),
    )


def index(library: Library, folder: Path, texts: Mapping[str, str]) -> None:
    write_seeds(folder / "seeds", texts)
    library.refresh()


def pair_found(encoder: SentenceEncoder, question: str, texts: Sequence[str]) -> Finding:
    """What two documents are found to say; the title stands before the bar."""
    laid = [text.replace(" | ", "\n\n") for text in texts]
    documents = [document(text, f"{at}.txt") for at, text in enumerate(laid)]
    prepared = [prepare(one, encoder=encoder, now="") for one in documents]
    snapshot = build(prepared, encoder=encoder)
    asked = read_question(question)
    vector = encoder.embed_query(asked.text)
    candidates = retrieve(snapshot, vector, snapshot.lexicon.query(asked.terms))
    return find(snapshot, asked, candidates, load_weights())


@pytest.mark.parametrize(("question", "one", "other"), [*AGREEMENTS, *HARD, *LAST_AGREEMENTS])
def test_no_alarm_is_given_where_both_may_be_true(
    bundled: SentenceEncoder, question: str, one: str, other: str
) -> None:
    assert pair_found(bundled, question, [one, other]).claims == ()


def test_most_contradictions_are_noticed(bundled: SentenceEncoder) -> None:
    pairs = [*CONFLICTS, *LAST_CONFLICTS]
    told = [pair_found(bundled, question, texts).claims for question, *texts in pairs]
    assert sum(map(bool, told)) >= 50
    assert {len(one) for one in told} == {0, 2}


def test_both_are_shown_the_newest_first_with_their_dates(library: Library, tmp_path: Path) -> None:
    index(library, tmp_path, {"a/statutes.txt": HALF_YEARLY, "b/guide.txt": YEARLY})
    found = answered(library.ask(ASKED))
    assert found.answer == "once a year"
    assert [(one.n, one.date, one.is_own) for one in found.claims] == [
        (1, "2021-05-05", True),
        (2, "2020-09-13", False),
    ]
    assert [one.document for one in found.citations[:2]] == ["b/guide.txt", "a/statutes.txt"]
    assert [cited.answer for _, cited in found.told()] == ["once a year", "every six months"]
    for cited in found.citations:
        assert library.document(cited.document).text[cited.start : cited.end] == cited.quote


def test_what_is_newer_comes_first_whichever_matches_better(
    library: Library, tmp_path: Path
) -> None:
    older = YEARLY.replace("2021", "2012")
    for guide, first in ((YEARLY, "once a year"), (older, "every six months")):
        index(library, tmp_path, {"statutes.txt": HALF_YEARLY, "guide.txt": guide})
        assert answered(library.ask(ASKED)).answer == first


def test_each_value_is_shown_once_by_its_newest_document(library: Library, tmp_path: Path) -> None:
    texts = {
        "guide.txt": YEARLY,
        "statutes.txt": HALF_YEARLY,
        "talk.txt": MONTHLY,
        "twice.txt": "Leaflet\n\nDate: 1 July 2022\n\nThe steering committee meets twice a year.\n",
    }
    index(library, tmp_path, texts)
    found = answered(library.ask(ASKED))
    assert [cited.answer for _, cited in found.told()] == ["twice a year", "once a year", "monthly"]
    assert len(found.citations) == MOST_CITATIONS


def test_two_places_of_one_document_may_disagree(library: Library, tmp_path: Path) -> None:
    text = f"{HALF_YEARLY}\nIt has nine members, and its chair is elected in spring.\n\n" + (
        "The steering committee meets once a year.\n"
    )
    index(library, tmp_path, {"statutes.txt": text})
    found = answered(library.ask(ASKED))
    assert sorted(cited.answer for _, cited in found.told()) == ["every six months", "once a year"]


def test_nothing_of_a_document_that_may_not_be_seen_is_told(
    library: Library, tmp_path: Path
) -> None:
    index(library, tmp_path, {"statutes.txt": HALF_YEARLY, "board/guide.txt": YEARLY})
    alone = answered(library.ask(ASKED, collections=frozenset({""})))
    assert alone.claims == ()
    assert alone.answer == "every six months"
    assert {one.document for one in alone.citations} == {"statutes.txt"}
    assert answered(library.ask(ASKED, collections=frozenset({"", "board"}))).claims
    assert answered(library.ask(ASKED, document="statutes.txt")).claims == ()


def test_only_what_is_sure_by_itself_contradicts_and_three_values_are_told_at_most() -> None:
    often = ("every six months", "every year", "daily", "every week")
    snapshot = snapshot_of({f"{one}.txt": f"Talks\n\nThe group meets {one}." for one in often})
    question, candidates = candidates_of(snapshot, "how often does the group meet?")
    features = describe(snapshot, question, candidates)
    scores = features.matrix @ word_weights().rank_vector(NAMES)
    first, second, *_ = np.argsort(-scores, kind="stable").tolist()

    def told(sure: set[int]) -> set[int]:
        found = disagreeing(snapshot, question, features, scores, is_sure=lambda at: at in sure)
        return {one.at for one in found}

    assert len(told({*range(4)})) == 3
    assert first in told({*range(4)})
    assert told({first, second}) == {first, second}
    assert told({first}) == set()
    assert told({*range(4)} - {first}) == set()


@pytest.mark.parametrize(("asked", "count"), [(0.0, 0), (0.5, 0), (0.9, 0), (None, 2)])
def test_a_threshold_keeps_out_what_is_less_sure(asked: float | None, count: int) -> None:
    texts = {
        "a.txt": "Talks\n\nThe group of bakers meets every six months.",
        "b.txt": "Talks\n\nThe group of bakers meets every year.",
    }
    snapshot = snapshot_of(texts)
    question, candidates = candidates_of(snapshot, "how often does the group of bakers meet?")
    # With weights that need more than any candidate has, nothing is sure enough.
    least = 1.0 if asked is not None else 0.5
    found = find(snapshot, question, candidates, word_weights(least), threshold=asked or 0.0)
    assert len(found.claims) == count
    strict = find(snapshot, question, candidates, word_weights(), threshold=1.0)
    assert strict.claims == ()


def test_what_has_only_one_value_is_told_where_the_question_names_no_kind(
    library: Library, tmp_path: Path
) -> None:
    told = "The deadline for the spring grants is {}.\n"
    texts = {
        "grants.txt": "Spring grants\n\n" + told.format("1 March 2023"),
        "news.txt": "Funding\n\n" + told.format("15 March 2023"),
    }
    index(library, tmp_path, texts)
    found = answered(library.ask("What is the deadline for the spring grants?"))
    assert {cited.answer for _, cited in found.told()} == {"1 March 2023", "15 March 2023"}
    assert found.answer == found.citations[0].answer


def test_documents_of_one_date_keep_their_rank(library: Library, tmp_path: Path) -> None:
    index(library, tmp_path, {"a.txt": HALF_YEARLY, "b.txt": YEARLY.replace("Updated: 5 May", "5")})
    found = answered(library.ask(ASKED))
    assert [claim.date for claim in found.claims] == ["2020-09-13"] * 2


@given(corpora, questions)
def test_claims_are_the_first_citations_and_newest_first(
    texts: dict[str, str], question: str
) -> None:
    found = found_in(snapshot_of(texts), question)
    assert [one.n for one in found.claims] == list(range(1, len(found.claims) + 1))
    assert len(found.claims) in (0, 2, 3)
    assert len(found.claims) <= len(found.citations)
    dates = [one.date for one in found.claims]
    assert dates == sorted(dates, reverse=True)


@given(st.permutations(["every six months", "every year", "daily"]))
def test_claims_are_found_without_a_model_too(often: list[str]) -> None:
    texts = {f"{at}.txt": f"Talks\n\nThe group meets {one}." for at, one in enumerate(often)}
    found = found_in(snapshot_of(texts), "how often does the group meet?")
    assert {one.answer for one in found.citations} == {*often}
    assert len(found.claims) == 3


def test_a_file_s_day_is_used_where_it_bears_no_date(library: Library, tmp_path: Path) -> None:
    texts = {"a.txt": HALF_YEARLY, "b.txt": HALF_YEARLY.replace("every six months", "once a year")}
    write_seeds(tmp_path / "seeds", texts)
    os.utime(tmp_path / "seeds" / "a.txt", (DAYS["2019"], DAYS["2019"]))
    library.refresh()
    found = answered(library.ask(ASKED))
    assert [(one.date, one.is_own) for one in found.claims] == [
        ("2020-09-13", False),
        ("2019-06-08", False),
    ]
