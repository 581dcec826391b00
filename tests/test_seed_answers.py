"""What a person gets who tries the seed document first: the real model on the real text."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import QuestionError
from index.library import Library
from index.records import Abstained, Answer

SEEDS = Path(__file__).parents[1] / "seeds"
DOCUMENT = "000_8be179ed4e282a42.txt"

SAID = [
    ("how often does the group meet?", "every six months"),
    ("HOW OFTEN DOES THE GROUP MEET?", "every six months"),
    ("How often will the group be meeting", "every six months"),
    ("how many chinese chip companies are in the CSIA", "774"),
    ("Who is the Secretary of State of the US?", "Antony Blinken"),
    ("who is the chinese foreign minister", "Wang Yi"),
    ("Where will Sullivan meet the Chinese officials?", "Alaska"),
    ("What could Joe Biden ease?", "some trade restrictions against Chinese companies"),
    ("what do Washington and Beijing want to ease", "the tensions"),
]
NOT_SAID = [
    "How does a web server work?",
    "What does Thierry Breton say about Elon Musk?",
    "Where can I share this on social media?",
    "Who won the world cup in 2018?",
    "how do you make sourdough bread",
    "What is the capital of Australia?",
    "how tall is the eiffel tower",
    "How often did the group meet in 2019?",
    "When did the group meet in 1998?",
    "hello there",
    "asdf",
    "lol ok",
    "good morning everyone!",
    "tell me a joke",
    "東京の天気は？",
]
NO_QUESTION = ["", "   ", "?", "?!…", "👍👍", "​‏"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    found = Library.open(seeds=SEEDS, data=tmp_path_factory.mktemp("data"))
    found.refresh()
    return found


@pytest.mark.parametrize(("question", "expected"), SAID)
def test_what_the_document_says_is_answered_with_its_sentence(
    library: Library, question: str, expected: str
) -> None:
    outcome = library.ask(question)
    assert isinstance(outcome, Answer), outcome
    assert expected in outcome.citations[0].quote
    assert outcome.citations[0].document == DOCUMENT


@pytest.mark.parametrize("question", NOT_SAID)
def test_what_the_document_does_not_say_is_not_answered(library: Library, question: str) -> None:
    outcome = library.ask(question)
    assert isinstance(outcome, Abstained), outcome


@pytest.mark.parametrize("question", NO_QUESTION)
def test_what_is_no_question_is_refused_kindly(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="question"):
        library.ask(question)


def test_the_group_meets_every_six_months_on_line_3_or_15(library: Library) -> None:
    outcome = library.ask("how often does the group meet?")
    assert isinstance(outcome, Answer)
    assert outcome.answer == "every six months"
    assert outcome.citations[0].lines in ((3, 3), (15, 15))


def test_nobody_else_is_made_secretary_of_state(library: Library) -> None:
    outcome = library.ask("Who is the US Secretary of State?", min_confidence=0)
    assert isinstance(outcome, Answer)
    assert outcome.answer == "Antony Blinken" or outcome.citations[0].is_whole


def test_a_badly_typed_question_finds_the_same_sentence(library: Library) -> None:
    outcome = library.ask("how ofen do the expertts meet", min_confidence=0)
    assert isinstance(outcome, Answer)
    assert outcome.answer == "every six months"


@pytest.mark.parametrize("question", [*(question for question, _ in SAID), *NOT_SAID])
def test_furniture_and_headings_are_never_quoted(library: Library, question: str) -> None:
    outcome = library.ask(question, min_confidence=0)
    assert isinstance(outcome, Answer)
    lines = {line for cited in outcome.citations for line in cited.lines}
    assert lines <= {3, 7, 11, 15, 17, 19}  # the paragraphs


def test_the_related_headline_is_nobodys_section(library: Library) -> None:
    outcome = library.ask("What could Joe Biden ease?", min_confidence=0)
    assert isinstance(outcome, Answer)
    assert outcome.citations[0].lines == (11, 11)
    assert outcome.citations[0].section == (
        "A working group to mitigate the shortage of semiconductors"
    )


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    question=st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(["who", "when", "how", "many", "group", "Biden", "2019", "@everyone"]),
            min_size=1,
            max_size=9,
        ).map(" ".join),
    )
)
def test_every_quote_stands_in_its_document_at_its_place(library: Library, question: str) -> None:
    text = (SEEDS / DOCUMENT).read_bytes().decode()
    try:
        outcome = library.ask(question, min_confidence=0)
    except QuestionError:
        return
    assert isinstance(outcome, Answer)
    for cited in outcome.citations:
        assert text[cited.start : cited.end] == cited.quote
        assert cited.start <= cited.answer_start < cited.answer_end <= cited.end
        first, last = cited.lines
        assert cited.quote in "\n".join(text.split("\n")[first - 1 : last])
    assert text[outcome.citations[0].answer_start :].startswith(outcome.answer)
