"""Values that a text tells, read and held against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.expressions import dates, durations, frequencies, names, numbers
from index.measures import read_measure
from index.moments import read_moment
from index.numerals import Range, read_number
from index.periods import read_duration, read_frequency
from index.quantities import Value, agree, differ, read_value
from index.questions import AnswerType
from index.records import Span

FREQUENCY, DURATION, NUMBER, DATE, PERSON = (
    AnswerType.FREQUENCY,
    AnswerType.DURATION,
    AnswerType.NUMBER,
    AnswerType.DATE,
    AnswerType.PERSON,
)
FINDERS = {
    FREQUENCY: frequencies,
    DURATION: durations,
    NUMBER: numbers,
    DATE: dates,
    PERSON: names,
}


def value(kind: AnswerType, text: str) -> Value | None:
    """The value of the first stretch of the kind in a text."""
    found = FINDERS[kind](text)
    assert found, text
    return read_value(kind, text, found[0])


def known(kind: AnswerType, text: str) -> Value:
    found = value(kind, text)
    assert found is not None, text
    return found


SAME = [
    (FREQUENCY, "twice a year", "every six months"),
    (FREQUENCY, "semi-annually", "twice a year"),
    (FREQUENCY, "half-yearly", "every six months"),
    (FREQUENCY, "biannually", "every six months"),
    (FREQUENCY, "biannually", "every two years"),
    (FREQUENCY, "biweekly", "every other week"),
    (FREQUENCY, "biweekly", "twice a week"),
    (FREQUENCY, "quarterly", "every three months"),
    (FREQUENCY, "weekly", "every Wednesday"),
    (FREQUENCY, "yearly", "every January"),
    (FREQUENCY, "every four weeks", "monthly"),
    (FREQUENCY, "at least once a year", "every six months"),
    (FREQUENCY, "two or three times a day", "three times a day"),
    (FREQUENCY, "every ten minutes", "six times an hour"),
    (DURATION, "a year", "12 months"),
    (DURATION, "two weeks", "14 days"),
    (DURATION, "four weeks", "a month"),
    (DURATION, "72 hours", "three days"),
    (DURATION, "up to two weeks", "ten days"),
    (DURATION, "two to three years", "30 months"),
    (DURATION, "about 20 minutes", "21 minutes"),
    (NUMBER, "27 islands", "twenty-seven islands"),
    (NUMBER, "$1.2 billion", "1,200 million dollars"),
    (NUMBER, "US$ 3.5 million", "$3,500,000"),
    (NUMBER, "about 300", "298"),
    (NUMBER, "300", "298"),
    (NUMBER, "1.2 million people", "1,234,567 people"),
    (NUMBER, "1.200 people", "1,200 people"),
    (NUMBER, "5 km", "3.1 miles"),
    (NUMBER, "2.5 tonnes", "2,500 kilograms"),
    (NUMBER, "120 m tall", "394 feet"),
    (NUMBER, "48.6%", "49 percent"),
    (NUMBER, "200 pounds", "£200"),
    (NUMBER, "a hundred pages", "104 pages"),
    (NUMBER, "a dozen", "12"),
    (NUMBER, "more than 5,000 copies", "5,200 copies"),
    (NUMBER, "at most 60", "45"),
    (NUMBER, "60 or more", "75"),
    (DATE, "in March 2021", "on 3 March 2021"),
    (DATE, "in 1864", "June 7, 1864"),
    (DATE, "May 9", "9 May 2022"),
    (DATE, "Thursday, March 11", "2021-03-11"),
    (DATE, "the 12th century", "1163"),
    (DATE, "the twelfth century", "1163"),
    (DATE, "the 1920s", "1924"),
    (DATE, "1754–1763", "1760"),
    (DATE, "1914–18", "1916"),
    (DATE, "around 1120", "1118"),
    (DATE, "44 BC", "the 1st century BC"),
    (DATE, "6 pm", "18:00"),
    (DATE, "9:30", "9:30 p.m."),
    (DATE, "Monday to Friday", "Tuesday"),
    (PERSON, "Ada Winter", "Ada M. Winter"),
]

OTHER = [
    (FREQUENCY, "every six months", "every year"),
    (FREQUENCY, "semi-annually", "annually"),
    (FREQUENCY, "every ten years", "every eleven years"),
    (FREQUENCY, "weekly", "daily"),
    (FREQUENCY, "biweekly", "monthly"),
    (FREQUENCY, "three times a day", "twice a day"),
    (DURATION, "two years", "36 months"),
    (DURATION, "about 45 minutes", "two hours"),
    (DURATION, "eleven days", "twelve days"),
    (DURATION, "up to a week", "ten days"),
    (NUMBER, "30 members", "31 members"),
    (NUMBER, "about 300", "350"),
    (NUMBER, "$1.2 billion", "$900 million"),
    (NUMBER, "5 km", "8 kilometres"),
    (NUMBER, "14 tonnes", "9,000 kg"),
    (NUMBER, "62%", "71 percent"),
    (NUMBER, "25 MB", "10 MB"),
    (NUMBER, "more than 5,000", "4,200"),
    (NUMBER, "seventeen species", "23 species"),
    (DATE, "1932", "1935"),
    (DATE, "15 May 2024", "31 May 2024"),
    (DATE, "March 11", "18 March 2021"),
    (DATE, "March 2011", "October 2012"),
    (DATE, "the 19th century", "1750"),
    (DATE, "9:30 am", "8 am"),
    (DATE, "Tuesdays", "Fridays"),
    (DATE, "44 BC", "44 AD"),
    (PERSON, "Ada Winter", "Paul Moreau"),
]

INCOMPARABLE = [
    (NUMBER, "30 euros", "40 dollars"),
    (NUMBER, "30 members", "40 %"),
    (NUMBER, "2 euros per hour", "15 euros a day"),
    (NUMBER, "30 metres", "40 kg"),
    (DATE, "Tuesdays", "1932"),
    (DATE, "March 11", "1932"),
    (DATE, "9 am", "March 11"),
    (DATE, "since 1990", "until 1980"),
]

UNSURE = [
    (FREQUENCY, "once or twice a year"),
    (FREQUENCY, "not every year"),
    (FREQUENCY, "every few weeks"),
    (FREQUENCY, "every year or two years"),
    (DURATION, "several days"),
    (DURATION, "two years later"),
    (DURATION, "six months ago"),
    (DURATION, "between two years and more"),
    (NUMBER, "another 9 people"),
    (NUMBER, "grew by 12,000"),
    (NUMBER, "40 of the houses"),
    (NUMBER, "20 or 30 cars"),
    (NUMBER, "12 more"),
    (NUMBER, "two thirds of it"),
    (NUMBER, "several hundred"),
    (DATE, "next week"),
    (DATE, "between 1914 and 1918"),
    (DATE, "not 1932"),
    (DATE, "Wednesdays and Saturdays"),
    (PERSON, "Edward Lacey and Thomas Reid"),
]


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_what_may_be_the_same_agrees_and_does_not_differ(
    kind: AnswerType, one: str, other: str
) -> None:
    a, b = known(kind, one), known(kind, other)
    assert agree(a, b)
    assert not differ(a, b)


@pytest.mark.parametrize(("kind", "one", "other"), OTHER)
def test_what_cannot_be_the_same_differs(kind: AnswerType, one: str, other: str) -> None:
    a, b = known(kind, one), known(kind, other)
    assert differ(a, b)
    assert not agree(a, b)


@pytest.mark.parametrize(("kind", "one", "other"), INCOMPARABLE)
def test_what_cannot_be_compared_neither_agrees_nor_differs(
    kind: AnswerType, one: str, other: str
) -> None:
    a, b = known(kind, one), known(kind, other)
    assert not agree(a, b)
    assert not differ(a, b)


@pytest.mark.parametrize(("kind", "text"), UNSURE)
def test_what_is_not_sure_is_no_value(kind: AnswerType, text: str) -> None:
    assert value(kind, text) is None


@pytest.mark.parametrize("kind", [AnswerType.PLACE, AnswerType.REASON, AnswerType.OTHER])
def test_other_kinds_of_answers_are_no_values(kind: AnswerType) -> None:
    assert read_value(kind, "in Paris", Span(3, 8)) is None


kinds = st.sampled_from([*FINDERS])
said = st.one_of(
    *(st.sampled_from([text for k, *texts in SAME + OTHER for text in texts if k is kind])
      for kind in FINDERS)
)  # fmt: skip


@given(kinds, said, said)
def test_agreeing_and_differing_know_no_order_and_exclude_each_other(
    kind: AnswerType, one: str, other: str
) -> None:
    found = [read_value(kind, text, span) for text in (one, other) for span in FINDERS[kind](text)]
    values = [one for one in found if one]
    for a in values:
        assert agree(a, a)
        for b in values:
            assert differ(a, b) == differ(b, a)
            assert agree(a, b) == agree(b, a)
            assert not (agree(a, b) and differ(a, b))


@given(kinds, st.text(max_size=60), st.data())
def test_any_stretch_of_any_text_can_be_read(
    kind: AnswerType, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    read_value(kind, text, Span(start, end))


@given(st.text(st.sampled_from("0123456789,. abcdefghilnorstuvwxyz-%$€"), max_size=30))
def test_whatever_is_written_is_read_as_ranges_from_low_to_high_or_not_at_all(text: str) -> None:
    readings = [read_measure(text, ""), read_moment(text), read_duration(text)]
    readings += [read_frequency(text), {"": read_number(text)}]
    for ranges in (one for reading in readings for one in reading.values()):
        assert all(one.low <= one.high for one in ranges)


@given(st.integers(0, 10**9))
def test_a_number_in_digits_holds_itself(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        assert any(one.low <= number <= one.high for one in read_number(written))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("27", (Range(27, 27),)),
        ("forty-two", (Range(42, 42),)),
        ("three thousand", (Range(2700, 3300),)),
        ("2.5 million", (Range(2_450_000, 2_550_000),)),
        ("3 million", (Range(2_500_000, 3_500_000),)),
        ("3 and a half", (Range(3.5, 3.5),)),
        ("several", ()),
        ("12,34", ()),
        ("", ()),
    ],
)
def test_numbers_are_as_wide_as_they_are_rounded(text: str, found: tuple[Range, ...]) -> None:
    assert [*map(pytest.approx, found)] == [*read_number(text)]


@pytest.mark.parametrize(
    "text", ["31 February", "99 March 2021", "the 0th century", "25:00", "13 pm", "in 12"]
)
def test_odd_dates_are_read_without_an_error(text: str) -> None:
    read_moment(text)
