"""Whether two sentences speak of the same thing: each difference is reason to doubt it."""

import pytest

from index.likeness import Telling, alike
from index.quantities import VALUED
from index.questions import Question, read_question
from index.records import Span
from index.subjects import Place, are_apart
from tests.corpora import document

# A question and two sentences, the values between bars.
ALIKE = [
    (
        "How many members does the club have?",
        "The club has |30| members.",
        "The club has |40| members.",
    ),
    ("When was the mill built?", "The mill was built in |1864|.", "In |1870| the mill was built."),
    (
        "When was the mill built?",
        "The mill was built in |1864|.",
        "Built in |1870|, the mill burnt down.",
    ),
    (
        "How long is the path?",
        "The path is |5 km| long.",
        "Today, the path is |8 km| long, and dry.",
    ),
    (
        "Who owns the inn?",
        "The inn is owned by |Ada Winter|.",
        "The inn is owned by |Paul Moreau|.",
    ),
    ("how often do we meet?", "We meet |daily|.", "We meet |every week|, by the way."),
]
UNLIKE = [
    (
        "How many members does the club have?",
        "The club has |30| members.",
        "|40| members there are.",
    ),
    (
        "How many members does the club have?",
        "The club has |30| members.",
        "The choir has |40| members.",
    ),
    (
        "How many members does the club have?",
        "The club has |30| members.",
        "The club has |40| members, 12 of them abroad.",
    ),
    ("How many bikes were sold?", "|300| bikes were sold to Denmark.", "|500| bikes were sold."),
    ("How many medals did they win?", "We won |3| gold medals.", "We won |10| medals."),
    ("How much is the fee?", "The fee is |30 euros|.", "The fee was |20 euros|."),
    ("How much is the fee?", "The fee is |30 euros|.", "The fee will be |40 euros|."),
    ("How much is the fee?", "The fee is |30 euros|.", "The fee is to be |40 euros|."),
    ("How much is the fee?", "The fee is |30 euros|.", "The old fee is |20 euros|."),
    ("How much is the fee?", "The fee is |30 euros|.", "The fee is |20 euros| with a card."),
    ("How much is the fee?", "The fee is |30 euros|.", "The fee is not |20 euros|."),
    ("When does the hall open?", "The hall opens in |2024|.", "The hall opened in |2020|."),
    (
        "How long is the trip?",
        "The trip is |two hours| by train.",
        "The trip is |four hours| by bus.",
    ),
    ("How many books are there?", "There are |30| books.", "There are |50| books and maps."),
    ("How many books are there?", "There are |30| books.", "There are |50| maps."),
    ("How tall is the church?", "The church is |40 m| tall.", "The church's tower is |60 m| tall."),
    ("When was the hall built?", "It was built in |1900|.", "It was built in |1950|."),
    (
        "What is the deadline?",
        "The deadline is |1 March 2023|.",
        "The deadline is |15 March 2023|, whatever wind, post and weather do.",
    ),
]


def telling(asked: Question, laid: str) -> Telling:
    before, value, behind = laid.split("|")
    span = Span(len(before), len(before) + len(value))
    return Telling(asked, before + value + behind, span, "Hall", before + value + behind)


def both_ways(question: str, one: str, other: str) -> set[bool]:
    asked = read_question(question)
    a, b = telling(asked, one), telling(asked, other)
    closely = asked.kind not in VALUED
    return {alike(a, b, closely=closely), alike(b, a, closely=closely)}


@pytest.mark.parametrize(("question", "one", "other"), ALIKE)
def test_sentences_that_differ_in_their_value_only_are_alike(
    question: str, one: str, other: str
) -> None:
    assert both_ways(question, one, other) == {True}


@pytest.mark.parametrize(("question", "one", "other"), UNLIKE)
def test_sentences_that_differ_in_more_than_their_value_are_not(
    question: str, one: str, other: str
) -> None:
    assert both_ways(question, one, other) == {False}
    assert both_ways(question, one, one) == ({False} if one.startswith("It ") else {True})


def place(title: str, sentence: str, *, section: str = "", id: str = "") -> Place:
    return Place(document(f"{title}\n\n{sentence}", id or f"{title}.txt"), section, sentence)


CAPTAIN = "Who is the captain?"
CLUB = "The club meets weekly. Chess is played."


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            CAPTAIN,
            place("Team Rovers", "The captain is X."),
            place("Team Foxes", "The captain is Y."),
        ),
        (
            "how often does it meet?",
            place("Chess club", CLUB),
            place("Book club", "The book club."),
        ),
        ("how heavy is it?", place("Model 200", "12 kg."), place("Model 300", "9 kg.")),
        ("how heavy is it?", place("Type A", "12 kg."), place("Type B", "9 kg.")),
        ("How many came?", place("Report 2018", "90 came."), place("Report 2019", "70 came.")),
        (
            "When was the race?",
            place("News", "It was on 3 May 2020."),
            place("Past", "It was on 3 May 2021."),
        ),
        (
            "When is the next meeting?",
            place("Minutes of 3 April 2021", "It is on 7 May."),
            place("Minutes of 7 May 2021", "It is on 4 June."),
        ),
        (
            "When was it built?",
            place("Halls", "It was built in 1900.", section="North"),
            place("Halls", "It was built in 1900.", section="South"),
        ),
    ],
)
def test_places_about_different_things_are_apart(question: str, one: Place, other: Place) -> None:
    asked = read_question(question)
    assert are_apart(asked, one, other)
    assert are_apart(asked, other, one)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (CAPTAIN, place("Rules", "The captain is X."), place("Team Foxes", "The captain is Y.")),
        ("how often does it meet?", place("Staff Handbook", CLUB), place("Annual Report", "x.")),
        (
            "How much is it?",
            place("Prices 2018", "It is 9 euros."),
            place("Prices 2019", "It is 8."),
        ),
        (
            "When is the meeting?",
            place("Agenda of 3 April 2021", "It is on 7 May."),
            place("Minutes of 5 April 2021", "It is on 8 May."),
        ),
        (
            "When was it built?",
            place("Halls", "It was built in 1900.", section="North"),
            place("Halls", "It was built in 1950.", section="North"),
        ),
        (
            "When was the Brennan bridge built?",
            place("Brennan bridge", "The Brennan bridge was built in 1900. Brennan is a town."),
            place("Bridges of Ostra", "In Ostra is the Brennan bridge. It was built in 1950."),
        ),
    ],
)
def test_other_places_are_not(question: str, one: Place, other: Place) -> None:
    asked = read_question(question)
    assert not are_apart(asked, one, other)
    assert not are_apart(asked, other, one)
