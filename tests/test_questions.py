import time
import unicodedata

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
        ("how long?", K.DURATION),
        ("how long is the bridge", K.OTHER),
        ("HOW MANY PEOPLE WORK THERE", K.NUMBER),
        ("how old is he", K.NUMBER),
        ("how much does a ticket cost?", K.NUMBER),
        ("What is the population of Rome?", K.NUMBER),
        ("whats the price of bread", K.NUMBER),
        ("What’s the total number of seats?", K.NUMBER),
        ("When was it founded?", K.DATE),
        ("in what year did she leave", K.DATE),
        ("Which day is the market on?", K.DATE),
        ("whens the meeting", K.DATE),
        ("WHEN’S THE MEETING", K.DATE),
        ("what's the date of the meeting", K.DATE),
        ("since when do they meet", K.DATE),
        ("who runs the shop", K.PERSON),
        ("whos the boss", K.PERSON),
        ("Who’s the boss?", K.PERSON),
        ("WHOSE IDEA WAS IT", K.PERSON),
        ("to whom was it given", K.PERSON),
        # the wording that stands first tells
        ("Who was president when the war began?", K.PERSON),
        ("Why did the man who came leave when it rained?", K.REASON),
        ("Where were they when it rained?", K.PLACE),
        ("What happens when it rains?", K.OTHER),
        ("Which measure is taken when it rains?", K.OTHER),
        ("How did he feel when it rained?", K.OTHER),
        ("What was the name of the man who left?", K.PERSON),
        ("Where is the key?", K.PLACE),
        ("wheres the key", K.PLACE),
        ("In which city does he live?", K.PLACE),
        ("Why is the sky blue?", K.REASON),
        ("how come it is late", K.REASON),
        ("What is a reduction?", K.DEFINITION),
        ("what does CSIA stand for", K.DEFINITION),
        ("whats a reduction", K.DEFINITION),
        ("what’s a reduction", K.DEFINITION),
        ("what is the CSIA", K.OTHER),
        ("İ İ İ when was it", K.DATE),
        ("What subjects are covered?", K.OTHER),
        ("is it open", K.OTHER),
        ("", K.OTHER),
    ],
)
def test_a_question_asks_for_a_kind_of_answer(question: str, kind: AnswerType) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "   ",
        "?!",
        "👍",
        "👍🏽👨‍👩‍👧",
        "\u200b\u200f",
        "\u202e",
        "\x00\x1b",
        "…",
        "\n\t",
        "**",
        "_",
    ],
)
def test_what_has_no_words_is_refused(asked: str) -> None:
    with pytest.raises(QuestionError, match="words"):
        read_question(asked)


def test_a_document_is_no_question() -> None:
    with pytest.raises(QuestionError, match="2,001"):
        read_question("a" * (LONGEST_QUESTION + 1))
    assert read_question("a" * LONGEST_QUESTION).text


def test_neither_padding_nor_mending_makes_a_question_too_long() -> None:
    padded = " ".join(["who"] * 400) + " " * 5_000
    assert len(read_question(padded).text) < LONGEST_QUESTION
    assert read_question("who?", mended="who " * 600).text.startswith("who who")


@given(st.text(max_size=300))
def test_a_question_is_read_or_refused_and_its_text_is_one_visible_line(asked: str) -> None:
    try:
        found = read_question(asked)
    except QuestionError:
        return
    categories = {unicodedata.category(char) for char in found.text}
    assert not categories & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert found.text == " ".join(found.text.split())
    assert found.asked == asked


@pytest.mark.parametrize(
    "unit",
    ["what does ", "what ", "when ", "how many ", "in by ", "A.", "1,", "Mr. ", "Aa", "e\u0301"],
)
def test_no_question_takes_long_to_read(unit: str) -> None:
    began = time.process_time()
    read_question((unit * LONGEST_QUESTION)[:LONGEST_QUESTION])
    assert time.process_time() - began < 1


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
        ("Who is the U.S. Secretary of State?", set(), {"us", "secretary", "state"}),
        ("What did Mr. Costa of St. Petersburg say?", set(), {"mr", "costa", "st", "petersburg"}),
        ("Did it rise by 3.5 % or 12,000.75?", {"3.5", "12000.75"}, set()),
        ("did O’Neill visit l'Été, al-Hamra?", set(), {"o'neill", "hamra"}),
        ("Where is Müller’s house?", set(), {"muller"}),
        ("what do I need, and what may I bring if I'm late or I’ve no boat?", set(), set()),
        ("What Does The Group Do In May?", set(), {"group", "may"}),
        ("did Will ask IT or the WHO for a Model T?", set(), {"will", "it", "who", "model", "t"}),
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
        ("Which one do they co-own?", ("one", "co")),
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
