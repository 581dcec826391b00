"""What a question names and a place lacks, in the question's own words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.constraints import Surroundings, Unmet
from index.questions import read_question
from tests.corpora import corpora, questions, snapshot_of

REPORT = (
    "Trade talks\n\nThe group of China and Japan met in 2019. It has 1,200 members. "
    "It was never larger, said Australia."
)


def unmet(question: str, sentence: int = 0) -> Unmet:
    snapshot = snapshot_of({"a.txt": REPORT})
    return Unmet.of(read_question(question), Surroundings.of(snapshot, sentence))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("When did the group meet in 2018?", ("2018",)),
        ("Did the group meet in 2019?", ()),
        ("Does the group have 1200 members?", ()),
        ("Does the group have 1,300 members in 2018?", ("1,300", "2018")),
        ("What did Ada Lovelace say in 2018?", ("Ada", "Lovelace", "2018")),
        ("What do the Japanese want?", ()),  # the people of a country that is named
        ("What do the Chinese and the French want?", ("French",)),
        ("What do Austria and Japan want?", ("Austria",)),  # Australia is another
        ("What do the Italians want?", ("Italians",)),
        ("Who joined the Talks?", ()),  # the title counts
        ("what did the group say?", ()),
        ("when must I meet, and what do I have to say?", ()),
    ],
)
def test_what_is_missing_is_told_as_typed(question: str, missing: tuple[str, ...]) -> None:
    read = read_question(question)
    assert unmet(question).as_typed(read) == missing


@pytest.mark.parametrize(
    ("question", "sentence", "is_denied"),
    [
        ("When did the group not meet?", 0, True),
        ("Who didn't join?", 0, True),
        ("When was it not larger?", 2, False),  # the sentence denies something too
        ("When did the group meet?", 0, False),
        ("When did the group meet?", 2, False),
    ],
)
def test_a_denial_is_met_by_a_denial(question: str, sentence: int, is_denied: bool) -> None:
    assert unmet(question, sentence).is_denied is is_denied


@settings(deadline=None, max_examples=50)
@given(corpora, questions, st.data())
def test_what_is_missing_stands_in_the_question_and_not_in_the_place(
    texts: dict[str, str], asked: str, data: st.DataObject
) -> None:
    snapshot = snapshot_of(texts)
    if not len(snapshot.sentences):
        return
    row = data.draw(st.integers(0, len(snapshot.sentences) - 1))
    question = read_question(asked)
    sentence = snapshot.sentence_text(row)
    for word in Unmet.of(question, Surroundings.of(snapshot, row)).as_typed(question):
        assert word in question.text
        assert f" {word} " not in f" {sentence} "
