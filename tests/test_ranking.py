"""Candidates put in order by reading them, with readers that are told what to find."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import features
from index.answering import find
from index.models import ModelIdentity
from index.ranking import (
    BEHIND,
    READ,
    TERMS,
    extract,
    rank,
    reranked,
    worth_reading,
)
from index.reading import Extract, Reading
from index.shared_reading import CloserLook
from tests.corpora import candidates_of, corpora, questions, snapshot_of, word_weights

unhurried = settings(deadline=None, max_examples=50)

NAMES = [
    "chess",
    "tea",
    "bread",
    "rowing",
    "poker",
    "knitting",
    "film",
    "garden",
    "running",
    "cooking",
]
COUNTED = "Clubs\n\n" + " ".join(f"The {name} club meets indoors." for name in NAMES)
SURE = replace(word_weights(), reading={"margin": 1.0, "relevance": 1.0}, bold=1.0, threshold=0.0)


@dataclass
class PickyReader:
    """Finds ``wanted`` wherever it stands, and is as sure of that as ``margin``."""

    wanted: str
    margin: float = 9.0
    read_so_far: list[str] = field(default_factory=list)

    @property
    def identity(self) -> ModelIdentity:
        return ModelIdentity("picky", "")

    def read(self, question: str, extracts: Sequence[Extract]) -> list[Reading]:
        self.read_so_far += [one.sentence for one in extracts]
        return [self._reading(one.sentence) for one in extracts]

    def _reading(self, sentence: str) -> Reading:
        start = sentence.find(self.wanted)
        if start < 0:
            return Reading(0, 0, -self.margin, -self.margin)
        return Reading(start, start + len(self.wanted), self.margin, self.margin)


def test_what_is_read_to_answer_comes_first() -> None:
    snapshot = snapshot_of({"a.txt": "The club meets in May. The club meets in room five."})
    question, candidates = candidates_of(snapshot, "when does the club meet in room?")
    plain = find(snapshot, question, candidates, SURE)
    assert plain.citations[0].quote == "The club meets in room five."
    read = find(snapshot, question, candidates, SURE, closer=CloserLook(PickyReader("May")))
    assert read.citations[0].quote == "The club meets in May."
    assert read.citations[0].answer == "May"


def test_a_stretch_that_is_not_sure_is_not_set_in_bold() -> None:
    snapshot = snapshot_of({"a.txt": "The club meets in the green room."})
    question, candidates = candidates_of(snapshot, "what does the club do?")
    for margin, answer in ((9.0, "green"), (0.5, "The club meets in the green room.")):
        reader = PickyReader("green", margin)
        found = find(snapshot, question, candidates, SURE, closer=CloserLook(reader))
        assert found.citations[0].answer == answer


def test_a_stretch_is_as_whole_as_its_form() -> None:
    snapshot = snapshot_of({"a.txt": "The club meets every six months in the hall."})
    question, candidates = candidates_of(snapshot, "how often does the club meet?")
    for read, answer in (("six months", "every six months"), ("in the hall", "in the hall")):
        found = find(snapshot, question, candidates, SURE, closer=CloserLook(PickyReader(read)))
        assert found.citations[0].answer == answer


def test_only_the_best_are_read_and_each_once() -> None:
    snapshot = snapshot_of({"a.txt": COUNTED})
    question, candidates = candidates_of(snapshot, "where does the club meet?")
    reader = PickyReader("nowhere", margin=0.0)  # of which none is good enough to end it
    found = rank(snapshot, question, candidates, SURE, reader=reader)
    assert len(found.order) > READ == len(reader.read_so_far)
    assert found.readings.known(list(found.order)).count(None) == len(found.order) - READ
    found.readings.of(list(found.order))
    found.readings.of(list(found.order))
    assert sorted(reader.read_so_far) == sorted(
        snapshot.sentence_text(int(row)) for row in found.features.sentences
    )


def test_all_that_are_worth_it_are_read_however_sure_the_first_is() -> None:
    snapshot = snapshot_of({"a.txt": COUNTED})
    question, candidates = candidates_of(snapshot, "where does the club meet?")
    reader = PickyReader("club")  # as sure as can be, and so of the first
    found = rank(snapshot, question, candidates, SURE, reader=reader)
    assert len(reader.read_so_far) == READ
    assert None not in found.readings.known(list(found.order)[:READ])


class MoodyReader(PickyReader):
    """Is as sure of a sentence as that begets, between -8 and 8."""

    def _reading(self, sentence: str) -> Reading:
        mood = crc32(f"{self.wanted}{sentence}".encode()) % 17 - 8.0
        return Reading(0, len(sentence), mood, mood)


@unhurried
@given(corpora, questions, st.text(max_size=3))
def test_the_order_is_that_of_scores_with_what_was_read(
    texts: dict[str, str], question: str, mood: str
) -> None:
    snapshot = snapshot_of(texts)
    asked, candidates = candidates_of(snapshot, question)
    reader = MoodyReader(mood)
    found = rank(snapshot, asked, candidates, SURE, reader=reader)
    scores = found.features.matrix @ SURE.rank_vector(features.NAMES)
    places = worth_reading(scores, np.expm1(found.features.column("length")))
    assert len(reader.read_so_far) == len(places)
    readings = zip(places, found.readings.of(places), strict=True)
    added = {at: SURE.of_reading(one) for at, one in readings if one}
    assert found.order == tuple(np.argsort(-reranked(scores, added), kind="stable"))


def test_those_far_behind_are_not_read() -> None:
    def places(scores: NDArray[np.float64]) -> list[int]:
        return worth_reading(scores, np.ones(len(scores)))

    assert places(np.array([1.0, 9.0, 8.0, 9.0 - BEHIND, 2.0, 9.0])) == [1, 5, 2, 3]
    assert places(np.arange(20.0) / 100) == [19, 18, 17, 16, 15, 14]
    assert places(np.empty(0)) == []


@pytest.mark.parametrize(
    ("terms", "places"),
    [
        ([TERMS / 4] * 6, [0, 1, 2, 3]),
        ([TERMS, TERMS, 1, 1, 1, 1], [0, 1]),  # two always
        ([1, 1, TERMS, 1, 1, 1], [0, 1]),  # who comes later is not read instead
        ([1, 1, 1, 1, 1, TERMS], [0, 1, 2, 3, 4]),
    ],
)
def test_long_sentences_are_fewer(terms: list[float], places: list[int]) -> None:
    assert worth_reading(-np.arange(6.0) / 10, np.array(terms)) == places


def test_without_a_reader_nothing_is_read() -> None:
    snapshot = snapshot_of({"a.txt": COUNTED})
    found = rank(snapshot, *candidates_of(snapshot, "where does the tea club meet?"), SURE)
    assert found.readings.of([0, 1]) == [None, None]


@pytest.mark.parametrize(
    ("read", "order"),
    [
        ({0: 0.0, 1: 0.0}, [0, 1, 2, 3]),  # all alike: as before
        ({0: -5.0, 1: 1.0}, [1, 0, 2, 3]),  # who was not read stays behind
        ({0: 1.0, 1: 1.5}, [1, 0, 2, 3]),
    ],
)
def test_those_not_read_stay_behind_those_that_were_better(
    read: dict[int, float], order: list[int]
) -> None:
    scores = np.array([4.0, 3.9, 3.0, 2.0])
    found = reranked(scores, read)
    assert np.argsort(-found, kind="stable").tolist() == order


def test_what_is_read_comes_with_its_title_section_and_the_sentence_before() -> None:
    text = "# Clubs\n\nIt began.\n\n## The chess club\n\nIt meets\nin May. It is small."
    snapshot = snapshot_of({"a.md": text, "b.txt": "Other things stand here. Last."})
    found = [extract(snapshot, row) for row in range(len(snapshot.sentences))]
    assert found[0] == Extract("Clubs", "It began.")
    assert found[1] == Extract("Clubs: The chess club: It began.", "It meets\nin May.")
    assert found[2] == Extract("Clubs: The chess club: It meets in May.", "It is small.")
    assert "small" not in found[3].context


@unhurried
@given(corpora, questions, st.sampled_from(["the", "a", "e", "zzz"]), st.floats(-20, 20))
def test_whatever_a_reader_finds_every_quote_is_verbatim(
    texts: dict[str, str], question: str, wanted: str, margin: float
) -> None:
    snapshot = snapshot_of(texts)
    reader = PickyReader(wanted, margin)
    found = find(snapshot, *candidates_of(snapshot, question), SURE, closer=CloserLook(reader))
    documents = {one.id: one.text for one in snapshot.documents}
    for citation in found.citations:
        text = documents[citation.document]
        assert text[citation.start : citation.end] == citation.quote
        assert text[citation.answer_start : citation.answer_end] == citation.answer
        assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
    assert math.isfinite(found.confidence)
