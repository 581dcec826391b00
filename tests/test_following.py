import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.following import complete
from index.previous import Previous
from index.terms import words

MEET = "How often does the group meet?"


@pytest.mark.parametrize(
    ("question", "previous", "whole"),
    [
        ("and where?", MEET, "where does the group meet?"),
        ("why?", MEET, "why does the group meet?"),
        ("And since when", MEET, "since when does the group meet?"),
        ("what about the Americans?", MEET, "How often does the Americans meet?"),
        ("and the experts?", MEET, "How often does the experts meet?"),
        ("how many of them?", MEET, "how many of the group?"),
        ("Who leads it?", MEET, "Who leads the group?"),
        ("so who leads it", MEET, "who leads the group"),
        ("AND WHERE", MEET, "WHERE does the group meet?"),
        ("and then where?", MEET, "where does the group meet?"),
        ("but why exactly?", MEET, "why exactly does the group meet?"),
        ("how about in China", MEET, "How often does the group meet (in China)?"),
        ("or the Chinese?", MEET, "How often does the Chinese meet?"),
        ("how long does that take?", MEET, "how long does that take (the group meet)?"),
        ("Who works there?", MEET, "Who works there (the group meet)?"),
        ("When did he join Harvard?", MEET, "When did he join Harvard (the group meet)?"),
        ("in 2019?", MEET, "How often does the group meet in 2019?"),
        ("and what about 2020?", "Who met in 2019?", "Who met in 2020?"),
        ("and in Osland?", "How many ships were built in Norland?",
         "How many ships were built in Osland?"),
        ("who won?", "When was the Battle of Tarn?", "who won (the Battle of Tarn)?"),
        ("which ones?", "What companies joined the group?", "which companies joined the group?"),
        ("in which year?", MEET, "in which year does the group meet?"),
        ("since when?", "Who is the US Secretary of State?",
         "since when is the US Secretary of State?"),
        ("where?", "In what year was Harvard founded?", "where was Harvard founded?"),
        ("why?", "Is the group new?", "why is the group new?"),
        ("who leads it?", "the group", "who leads the group?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_made_whole(question: str, previous: str, whole: str) -> None:
    assert complete(question, Previous(previous)) == whole


@pytest.mark.parametrize(
    ("question", "previous"),
    [
        ("Who is the chair?", MEET),
        ("How many companies belong to the association?", MEET),
        ("and where?", None),
        ("and where?", "  "),
        ("and where?", "?!"),
        ("", MEET),
        ("?", MEET),
        ("ok", MEET),
        ("and?", MEET),
        ("What about", MEET),
        ("How many judges are there?", MEET),
        ("How many people live in one house?", MEET),
        ("What did Harvard do with its endowment?", MEET),
        ("Who said that the group meets?", MEET),
        ("who leads it?", "Where?"),
    ],
)
def test_a_whole_question_stays(question: str, previous: str | None) -> None:
    assert complete(question, said(previous)) == question


WORDS = st.sampled_from(
    [
        "and",
        "but",
        "how",
        "often",
        "what",
        "about",
        "where",
        "it",
        "they",
        "is",
        "there?!",
        "(",
        "A",
    ]
)
QUESTIONS = st.lists(WORDS).map(" ".join) | st.text(max_size=80)


TURNS = st.builds(Previous, QUESTIONS, QUESTIONS, QUESTIONS)


def said(question: str | None) -> Previous | None:
    return None if question is None else Previous(question)


@given(QUESTIONS, st.none() | TURNS)
def test_nothing_is_made_up(question: str, previous: Previous | None) -> None:
    whole = complete(question, previous)
    if previous is None:
        assert whole == question
        return
    told = " ".join([question, previous.question, previous.answer, previous.quote])
    known = {*words(told), "in", "what", "about", "the", "s"}
    assert set(words(whole)) <= known


def test_no_question_grows_longer_than_one_may_be() -> None:
    long = Previous(f"How often does the group meet {'again ' * 320}?")
    assert complete("and where?", long) == f"where {long.question.removeprefix('How often ')}"
    assert complete(f"and {'the old ' * 10}committee?", long) == f"and {'the old ' * 10}committee?"
    assert complete("and where? " * 1000, Previous(MEET)) == "and where? " * 1000
