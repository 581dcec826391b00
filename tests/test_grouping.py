"""Questions that ask the same, in other words; and those that only look so."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import QuestionError
from index.grouping import ALIKE, group, grouped, may_be_one
from index.originals.encoder import SentenceEncoder
from index.questions import Question, read_question
from tests.places import Place
from tests.words import WordEncoder

SAME = [
    ("how often does the group meet?", "How often does the group meet"),
    ("How often does the group meet?", "how often do the groups meet??"),
    ("when was the bridge built?", "When was the bridge built"),
    ("who is the chair of the group?", "who is the group's chair?"),
    ("how many people live in Graz?", "how many people are living in Graz?"),
]
OTHER = [
    ("how many people lived in Graz in 2019?", "how many people lived in Graz in 2020?"),
    ("how long is chapter 3?", "how long is chapter 4?"),
    ("who paid 1,000 for it?", "who paid 10,000 for it?"),
    ("when did Ada Lovelace die?", "when did Grace Hopper die?"),
    ("when was the tower built?", "where was the tower built?"),
    ("how long does bread keep?", "how often does bread keep?"),
    ("may I bring a dog?", "may I not bring a dog?"),
    ("who was the first chair?", "who was the last chair?"),
    ("what happened before the war?", "what happened after the war?"),
]

words = st.sampled_from(["bread", "group", "meet", "rocket", "1999", "2000", "not", "when", "Ada"])
questions = st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), max_size=25)


def read(*texts: str) -> list[Question]:
    return [read_question(text) for text in texts]


def rows(*cosines: float) -> NDArray[np.float32]:
    """A first vector, and others that have these cosines to it and are as far apart as can be."""
    found = np.zeros((len(cosines) + 1, len(cosines) + 1), np.float32)
    found[0, 0] = 1.0
    for at, cosine in enumerate(cosines, start=1):
        found[at, 0], found[at, at] = cosine, np.sqrt(1 - cosine**2)
    return found


def by_words(texts: list[str]) -> list[list[int]]:
    return grouped(read(*texts), WordEncoder().embed_query)


@pytest.mark.parametrize(
    ("cosine", "found"),
    [(1.0, [[0, 1]]), (ALIKE + 0.001, [[0, 1]]), (ALIKE - 0.001, [[0], [1]]), (0.0, [[0], [1]])],
)
def test_questions_are_one_from_a_cosine_on(cosine: float, found: list[list[int]]) -> None:
    assert group(rows(cosine), read("when do they meet?", "When do they meet")) == found


def test_a_question_joins_the_nearest_of_the_first() -> None:
    asked = read("when do they meet?", "when do they meet now?", "so when do they meet?")
    vectors = np.array([[1, 0], [0, 1], [0.4, np.sqrt(1 - 0.16)]], np.float32)
    assert group(vectors, asked) == [[0], [1, 2]]


def test_the_nearest_that_asks_something_else_leaves_room_for_the_next() -> None:
    asked = read("who came in 2019?", "who came in 2020?", "Who came in 2019?")
    vectors = np.array([[1, 0], [0.95, 0.3122], [0.96, 0.28]], np.float32)
    assert group(vectors, asked) == [[0, 2], [1]]


def test_the_same_words_stay_together_though_another_first_is_nearer_by_then() -> None:
    asked = read("who is it?", "who is it then?", "so who is it then?", "who is it then?")
    turned = np.radians([0, 30, 35, 30])  # the third is too far from the first
    vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    assert group(vectors, asked) == [[0, 1, 3], [2]]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_other_words_may_be_one(one: str, other: str) -> None:
    first, second = read(one, other)
    assert may_be_one(first, second)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_numbers_names_kinds_and_contrasts_are_other_questions(one: str, other: str) -> None:
    first, second = read(one, other)
    assert not may_be_one(first, second)
    assert group(rows(1.0), [first, second]) == [[0], [1]]


def test_the_model_finds_what_is_asked_in_other_words(bundled: SentenceEncoder) -> None:
    texts = [text for pair in SAME[1:] for text in pair] + [text for pair in OTHER for text in pair]
    found = grouped(read(*texts), bundled.embed_query)
    pairs = [[at, at + 1] for at in range(0, 2 * len(SAME[1:]), 2)]
    together = [[texts[at] for at in one] for one in found if len(one) > 1]
    assert together == [[texts[at] for at in one] for one in pairs]


@given(questions)
def test_every_question_is_in_one_group_and_all_are_in_order(texts: list[str]) -> None:
    found = by_words(texts)
    assert sorted(at for one in found for at in one) == list(range(len(texts)))
    assert all(one == sorted(one) for one in found)
    assert [one[0] for one in found] == sorted(one[0] for one in found)


@given(questions)
def test_grouping_is_the_same_each_time_and_twins_are_together(texts: list[str]) -> None:
    found = by_words(texts)
    assert by_words(texts) == found
    groups = {at: number for number, one in enumerate(found) for at in one}
    first = {text: at for at, text in reversed([*enumerate(texts)])}
    for at, text in enumerate(texts):
        assert groups[at] == groups[first[text]]


@given(questions)
def test_a_group_holds_only_what_may_be_one_with_its_first(texts: list[str]) -> None:
    asked = read(*texts)
    for one in by_words(texts):
        assert all(may_be_one(asked[one[0]], asked[at]) for at in one)


def test_two_thousand_questions_are_grouped_in_a_moment() -> None:
    asked = read(*(f"how often does the group meet in place number {n}?" for n in range(2000)))
    vectors = np.random.default_rng(7).normal(size=(2000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    began = time.perf_counter()
    found = group(vectors, asked)
    assert time.perf_counter() - began < 10  # about a second; leave room for a busy machine
    assert len(found) == 2000


def test_a_library_groups_by_its_model(place: Place) -> None:
    library = place.library()
    texts = ["how often does it meet?", "what is bread?", "How often does it meet"]
    assert library.group(texts) == [[0, 2], [1]]
    assert library.group([]) == []


def test_what_cannot_be_asked_cannot_be_grouped(place: Place) -> None:
    with pytest.raises(QuestionError):
        place.library().group(["how often does it meet?", "?!"])
