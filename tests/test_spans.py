import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.expressions import dates, durations, frequencies, names, numbers, places
from index.questions import read_question
from index.records import Span
from index.spans import find_span, has_kind
from index.terms import terms

Finder = Callable[[str], list[Span]]
FINDERS: list[Finder] = [frequencies, durations, dates, numbers, names, places]

ANNOUNCED = (
    "An announcement made just hours after U.S. Secretary of State Antony Blinken and White House "
    "National Security Advisor Jake Sullivan announced a meeting next week in Alaska with China’s "
    "top foreign policy official Yang Jiechi, and Foreign Minister Wang Yi."
)
COMPANIES = (
    "The China Semiconductor Industry Association (CSIA), a state-supported association of 774 "
    "Chinese chip companies, said Thursday, March 11, that a working group has been set up."
)


def found(finder: Finder, text: str) -> list[str]:
    return [text[span.start : span.end] for span in finder(text)]


@pytest.mark.parametrize(
    ("finder", "text", "expected"),
    [
        (frequencies, "They meet every six months.", ["every six months"]),
        (frequencies, "Cleaned daily, and twice a year in full.", ["daily", "twice a year"]),
        (frequencies, "Every other Monday, each March", ["Every other Monday"]),
        (frequencies, "every 2 weeks or bi-weekly", ["every 2 weeks", "bi-weekly"]),
        (frequencies, "four or five times per month", ["four or five times per month"]),
        (frequencies, "once every two years", ["once every two years"]),
        (frequencies, "every person is welcome", []),
        (frequencies, "every now and then, once in a lifetime", []),
        (frequencies, "Everyday things of the year", []),
        (durations, "It took about 20 minutes.", ["about 20 minutes"]),
        (durations, "a two-year contract, over a decade", ["two-year", "over a decade"]),
        (durations, "half an hour, an hour and a half", ["half an hour", "an hour and a half"]),
        (durations, "5 to 6 weeks, between 5 and 6 days", ["5 to 6 weeks", "between 5 and 6 days"]),
        (durations, "in 2010 and two years later", ["two years"]),
        (durations, "every six months", []),
        (durations, "a twelve-year-old for years", []),
        (dates, "said Thursday, March 11, that", ["Thursday, March 11"]),
        (dates, "from 1636 to the 19th century", ["1636", "the 19th century"]),
        (dates, "a meeting next week at 9:30 am", ["next week", "9:30 am"]),
        (dates, "12 May 2020 or 2020-05-12", ["12 May 2020", "2020-05-12"]),
        (dates, "31/12/2020, 12.05.2021", ["31/12/2020", "12.05.2021"]),
        (dates, "10–12 May and June 3-5, 2021", ["10–12 May", "June 3-5, 2021"]),
        (dates, "in March, spring of 1329, since May", ["March", "spring of 1329", "May"]),
        (dates, "Mondays and Fridays, 18:30, 44 BC", ["Mondays and Fridays", "18:30", "44 BC"]),
        (dates, "the 1990s and 1914–18", ["the 1990s", "1914–18"]),
        (dates, "1500 % more, 1,999 of them", []),
        (dates, "1500 employees and 2000 people", []),
        (dates, "In 1500 printers came; by 2000 people left", ["1500", "2000"]),
        (dates, "They may march in order.", []),
        (numbers, "774 firms paid $3.5 million", ["774", "$3.5 million"]),
        (numbers, "A dozen experts, half a million books", ["A dozen", "half a million"]),
        (numbers, "twenty-one men, a hundred and fifty", ["twenty-one", "a hundred and fifty"]),
        (numbers, "two-thirds of 12 %", ["two-thirds", "12 %"]),
        (numbers, "20-30 people, 3.5 km, US$5", ["20-30", "3.5 km", "US$5"]),
        (numbers, "1500 employees", ["1500"]),
        (numbers, "on March 11 every six months", []),
        (numbers, "X.25 and section 3.1-a", ["3.1"]),
        (numbers, "one of them, COVID-19, 5th place, 10k, in 1990", []),
        (names, "J. R. R. Tolkien met Ludwig van Beethoven",
         ["J. R. R. Tolkien", "Ludwig van Beethoven"]),
        (names, "the U.S. Secretary of State Antony Blinken",
         ["U.S. Secretary of State Antony Blinken"]),
        (names, "Dr. Jane Smith, Jean-Luc O’Neill", ["Dr. Jane Smith", "Jean-Luc O’Neill"]),
        (names, "Čapek, Łukasz, Émile, Пётр", ["Čapek", "Łukasz", "Émile", "Пётр"]),
        (names, "nobody in particular, 東京", []),
        (places, "an analyst at UBS in Hong Kong", ["UBS", "Hong Kong"]),
        (places, "its Washington-based counterpart", ["Washington"]),
        (places, "New York City-based, near St. Petersburg", ["New York City", "St. Petersburg"]),
        (places, "in March and in general on Monday in 1999", []),
    ],
)  # fmt: skip
def test_expressions_are_found_as_they_are_written(
    finder: Finder, text: str, expected: list[str]
) -> None:
    assert found(finder, text) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("how often do they meet", "This group will meet every six months.", "every six months"),
        ("How long does the course take?", "The course takes three years.", "three years"),
        ("When was it said?", COMPANIES, "Thursday, March 11"),
        ("How many Chinese chip companies belong to it?", COMPANIES, "774"),
        ("What does CSIA stand for?", COMPANIES, "China Semiconductor Industry Association"),
        ("Who is the US Secretary of State?", ANNOUNCED, "Antony Blinken"),
        ("Who is the White House National Security Advisor?", ANNOUNCED, "Jake Sullivan"),
        ("who is the foreign minister", ANNOUNCED, "Wang Yi"),
        ("Where will Blinken meet the officials?", ANNOUNCED, "Alaska"),
        ("who founded the club", "The club was founded by Ada Byron in York.", "Ada Byron"),
        ("who founded the club", "Ada Byron founded the club.", "Ada Byron"),
        ("Who is the analyst at UBS?", "William Deng, an analyst at UBS in Hong Kong, said so.",
         "William Deng"),
        ("how many judges are there", "There is one judge each, 28 judges in all.", "28"),
        ("how many people work there", "In 1990, 2000 people worked here.", "2000"),
        ("how many people came", "There came 20-30 people in 5 cars.", "20-30"),
        ("How much of it is left?", "Two-thirds of it are left.", "Two-thirds"),
        ("When does it open?", "It opens in March.", "March"),
        ("How long is it open?", "It is open for half an hour.", "half an hour"),
        ("Where does he live?", "He lives near St. Petersburg.", "St. Petersburg"),
        ("HOW OFTEN DO THEY MEET", "This group will meet every six months.", "every six months"),
    ],
)  # fmt: skip
def test_a_sure_stretch_is_offered(question: str, sentence: str, expected: str) -> None:
    span = find_span(read_question(question), sentence)
    assert span is not None
    assert sentence[span.start : span.end] == expected


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the president of the association?", ANNOUNCED),
        ("Who is the CEO of the company?", ANNOUNCED),
        ("Who is the Secretary of the Treasury?", ANNOUNCED),
        ("Who is the prime minister of Japan?", ANNOUNCED),
        ("Who is the foreign minister of Germany's neighbour Denmark?", ANNOUNCED),
        ("Who is Antony Blinken?", ANNOUNCED),
        ("Who wrote it?", COMPANIES),
        ("Why do they meet?", "They meet every six months to talk."),
        ("What is the group for?", "The group meets every six months."),
        ("How many people came?", "Between 20 and 30 cars and 5 buses stood there."),
        ("When was it?", "It was in 1901, 1911 or 1921."),
        ("How often do they meet?", "They meet now and then."),
        ("Which country won?", "It was played in Wales."),
        ("Did they meet every six months?", "They meet every six months."),
    ],
)
def test_nothing_is_bold_where_the_stretch_is_not_sure(question: str, sentence: str) -> None:
    assert find_span(read_question(question), sentence) is None


def test_what_the_question_says_itself_is_no_answer() -> None:
    question = read_question("When in 1901 was it opened?")
    sentence = "It was opened in 1901."
    assert find_span(question, sentence) is None
    assert has_kind(question, sentence) is False


def test_a_question_for_no_regular_kind_is_not_told_that_one_is_missing() -> None:
    assert has_kind(read_question("What is a reduction?"), "Anything") is None


ASKING = ["how often", "how long is", "how many", "when is", "who is", "where is", "what does"]
SAID = (
    "every six months|two weeks|774|a dozen|$3 million|March 11|1636|next week|Monday|Ada Byron|"
    "Wang Yi|U.S.|the Foreign Minister|in Hong Kong|at UBS|Paris-based|CSIA|(CSIA)|,|by|founded|"
    "stand for|companies|and|an|is|China Semiconductor Industry Association"
)
PHRASES = st.lists(st.sampled_from([*SAID.split("|")]), max_size=12).map(" ".join)
TEXTS = PHRASES | st.text(max_size=100)


@given(asking=st.sampled_from(ASKING), about=TEXTS, sentence=TEXTS)
def test_a_stretch_lies_within_its_sentence_and_says_more_than_the_question(
    asking: str, about: str, sentence: str
) -> None:
    question = read_question(f"{asking} {about}")
    span = find_span(question, sentence)
    if span is not None:
        assert 0 <= span.start < span.end <= len(sentence)
        said = set(terms(sentence[span.start : span.end]))
        assert not said or not said <= set(question.terms)


@given(text=TEXTS)
def test_what_is_found_is_in_order_and_apart(text: str) -> None:
    for finder in FINDERS:
        edges = [at for span in finder(text) for at in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(span.start < span.end for span in finder(text))


HOSTILE = [
    *["Aa ", "1,1", "a", "A.", "A A-based", "in the ", "at A ", "twenty-", "twenty hundred and "],
    *["1 to ", "between 1 and ", "half an ", "1-", "March 1, ", "Monday, ", "10-12 ", "1/1/"],
    *["9:30 ", "every two ", "two or three times ", "1%", "$", "Mr. A ", "A of the ", "19", " "],
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_keeps_a_finder_busy(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    for finder in FINDERS:
        began = time.process_time()
        finder(text)
        assert time.process_time() - began < 1


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("unit", ["A a ", "1% ", "March 1, ", "in A ", "A, the a by "])
def test_no_sentence_keeps_a_question_busy(asking: str, unit: str) -> None:
    question = read_question(f"{asking} a chip of March 2")
    began = time.process_time()
    find_span(question, (unit * 20_000)[:20_000])
    assert time.process_time() - began < 2
