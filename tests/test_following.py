import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.following import complete

MEET = "How often does the group meet?"


@pytest.mark.parametrize(
    ("question", "previous", "whole"),
    [
        ("and where?", MEET, "where does the group meet?"),
        ("why?", MEET, "why does the group meet?"),
        ("And since when", MEET, "since when does the group meet?"),
        ("what about the Americans?", MEET, "How often does the group meet (the Americans)?"),
        ("and the experts?", MEET, "How often does the group meet (the experts)?"),
        ("how many of them?", MEET, "how many of them (the group meet)?"),
        ("Who leads it?", MEET, "Who leads it (the group meet)?"),
    ],
)
def test_a_follow_up_is_made_whole(question: str, previous: str, whole: str) -> None:
    assert complete(question, previous) == whole


@pytest.mark.parametrize(
    ("question", "previous"),
    [
        ("Who is the chair?", MEET),
        ("How many companies belong to the association?", MEET),
        ("and where?", None),
        ("and where?", "  "),
        ("", MEET),
    ],
)
def test_a_whole_question_stays(question: str, previous: str | None) -> None:
    assert complete(question, previous) == question


@given(st.text(max_size=80), st.none() | st.text(max_size=80))
def test_nothing_is_made_up(question: str, previous: str | None) -> None:
    whole = complete(question, previous)
    assert len(whole) <= len(question) + len(previous or "") + 5
    if previous is None:
        assert whole == question
