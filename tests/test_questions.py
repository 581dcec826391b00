import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.questions import LONGEST_QUESTION, AnswerType, answer_type, read_question

K = AnswerType


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How often does the group meet?", K.FREQUENCY),
        ("how frequently is it cleaned", K.FREQUENCY),
        ("How many times a week is it open?", K.FREQUENCY),
        ("how long does the trial last", K.DURATION),
        ("For how many years was he king?", K.DURATION),
        ("HOW MANY PEOPLE WORK THERE", K.NUMBER),
        ("how much does a ticket cost?", K.NUMBER),
        ("What is the population of Rome?", K.NUMBER),
        ("whats the price of bread", K.NUMBER),
        ("When was it founded?", K.DATE),
        ("in what year did she leave", K.DATE),
        ("Which day is the market on?", K.DATE),
        ("who runs the shop", K.PERSON),
        ("whos the boss", K.PERSON),
        ("Who’s the boss?", K.PERSON),
        ("Where is the key?", K.PLACE),
        ("wheres the key", K.PLACE),
        ("In which city does he live?", K.PLACE),
        ("Why is the sky blue?", K.REASON),
        ("how come it is late", K.REASON),
        ("What is a reduction?", K.DEFINITION),
        ("what does CSIA stand for", K.DEFINITION),
        ("What subjects are covered?", K.OTHER),
        ("is it open", K.OTHER),
        ("", K.OTHER),
    ],
)
def test_a_question_asks_for_a_kind_of_answer(question: str, kind: AnswerType) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize("asked", ["", "   ", "?!", "👍", "​‏", "\x00\x1b", "…", "\n\t"])
def test_what_has_no_words_is_refused(asked: str) -> None:
    with pytest.raises(QuestionError, match="words"):
        read_question(asked)


def test_a_document_is_no_question() -> None:
    with pytest.raises(QuestionError, match="2,001"):
        read_question("a" * (LONGEST_QUESTION + 1))
    assert read_question("a" * LONGEST_QUESTION).text


def test_control_and_invisible_characters_are_gone_from_the_text() -> None:
    found = read_question(" who\x00 is​ \u202eit\n? ")
    assert found.text == "who is it ?"
    assert found.asked == " who\x00 is​ \u202eit\n? "


@pytest.mark.parametrize(
    ("asked", "numerals", "names"),
    [
        ("How often did the group meet in 2019?", {"2019"}, set()),
        ("Did 1,500 Japanese firms join Intel?", {"1500"}, {"japanese", "intel"}),
        ("HOW MANY JAPANESE FIRMS?", set(), set()),
        ("Who leads the Semiconductor Industry Association?", set(),
         {"semiconductor", "industry", "association"}),
        ("Really? Who knows", set(), set()),
    ],
)  # fmt: skip
def test_numbers_and_names_constrain_an_answer(
    asked: str, numerals: set[str], names: set[str]
) -> None:
    found = read_question(asked)
    assert found.numerals == frozenset(numerals)
    assert found.names == frozenset(names)


@pytest.mark.parametrize(
    ("asked", "content"),
    [
        ("In which city is the analyst based?", ("analyst", "base")),
        ("Who is the analyst quoted in the article?", ("analyst",)),
        ("What does CSIA stand for?", ("csia",)),
        ("What job does Sullivan hold?", ("job", "sullivan")),
        ("When does the meeting take place?", ("meet", "place")),
        ("what year?", ("year",)),
    ],
)
def test_words_that_an_answer_need_not_repeat_are_no_content(
    asked: str, content: tuple[str, ...]
) -> None:
    assert read_question(asked).content == content


@given(st.text(max_size=300))
def test_content_is_made_of_terms_and_empty_only_with_them(asked: str) -> None:
    try:
        found = read_question(asked)
    except QuestionError:
        return
    assert set(found.content) <= set(found.terms)
    assert bool(found.content) == bool(found.terms)


@given(st.text(max_size=300))
def test_a_question_read_twice_reads_the_same(asked: str) -> None:
    try:
        once = read_question(asked)
    except QuestionError:
        return
    again = read_question(once.text)
    assert (again.text, again.kind, again.terms) == (once.text, once.kind, once.terms)
