import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.expressions import dates, durations, frequencies, names, numbers, places
from index.questions import read_question
from index.records import Span
from index.spans import find_span, has_kind

Finder = Callable[[str], list[Span]]

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
        (frequencies, "Every other Monday", ["Every other Monday"]),
        (frequencies, "every person is welcome", []),
        (durations, "It took about 20 minutes.", ["about 20 minutes"]),
        (durations, "every six months", []),
        (durations, "a twelve-year-old", []),
        (dates, "said Thursday, March 11, that", ["Thursday, March 11"]),
        (dates, "from 1636 to the 19th century", ["1636", "the 19th century"]),
        (dates, "a meeting next week at 9:30 am", ["next week", "9:30 am"]),
        (dates, "12 May 2020 or 2020-05-12", ["12 May 2020", "2020-05-12"]),
        (dates, "1500 % more", []),
        (numbers, "774 firms paid $3.5 million", ["774", "$3.5 million"]),
        (numbers, "A dozen experts, half a million books", ["A dozen", "half a million"]),
        (numbers, "on March 11 every six months", []),
        (numbers, "X.25 and section 3.1-a", ["3.1"]),
        (numbers, "one of them", []),
        (places, "an analyst at UBS in Hong Kong", ["UBS", "Hong Kong"]),
        (places, "its Washington-based counterpart", ["Washington"]),
        (places, "in March and in general", []),
    ],
)
def test_expressions_are_found_as_they_are_written(
    finder: Finder, text: str, expected: list[str]
) -> None:
    assert found(finder, text) == expected


@pytest.mark.parametrize(
    ("finder", "texts"),
    [
        (
            frequencies,
            "every year|each day|once a week|twice a day|two times an hour|hourly|daily|nightly"
            "|weekly|biweekly|fortnightly|monthly|bimonthly|quarterly|half-yearly|semiannually"
            "|biannually|yearly|annually|biennially|bi-weekly|DAILY|twıce a day|ſix timeſ a day",
        ),
        (
            durations,
            "a second|two minutes|an hour|ten days|a night|two weekdays|a week|a fortnight"
            "|three months|a quarter|a year|a decade|a century|two centuries|three weekends"
            "|two semesters|three seasons|TEN DAYS|two dayſ",
        ),
        (
            dates,
            "12 May|Monday|Fridays|the 19th century|the seventeenth century|twelfth century"
            "|300 BC|next week|last summer|this year|9 am|1990s",
        ),
        (
            numbers,
            "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty"
            "|thirty|forty|fifty|sixty|seventy|eighty|ninety|one hundred|a thousand|a million"
            "|half a billion|several trillion|a dozen|A DOZEN|ſix|fıve|774|$3",
        ),
    ],
)
def test_no_way_of_writing_it_is_passed_over(finder: Finder, texts: str) -> None:
    for text in texts.split("|"):
        assert found(finder, f"It is {text}, so.") == [text]


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


@given(asking=st.sampled_from(ASKING), about=st.text(max_size=40), sentence=st.text(max_size=200))
def test_a_stretch_lies_within_its_sentence(asking: str, about: str, sentence: str) -> None:
    span = find_span(read_question(f"{asking} {about}"), sentence)
    assert span is None or 0 <= span.start < span.end <= len(sentence)


HOSTILE = [
    "Aa " * 5000,
    "1,1" * 5000,
    "a" * 20_000,
    "A." * 8000,
    "in the " * 3000,
    "twenty-" * 3000,
]


@pytest.mark.parametrize("finder", [frequencies, durations, dates, numbers, names, places])
@pytest.mark.parametrize("text", HOSTILE, ids=[text[:6] for text in HOSTILE])
def test_no_text_keeps_a_finder_busy(finder: Finder, text: str) -> None:
    began = time.perf_counter()
    finder(text)
    assert time.perf_counter() - began < 3
