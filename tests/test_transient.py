"""What is held in memory only: found as if it were kept, bounded, and for a day at most."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history.stored import Posted, Request
from bot.transient import LONGEST, MOST, Transient
from tests.test_history import ADA, BOB, GUILD, posted, request


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Held:
    """Rows, and a clock that can be turned on."""

    clock: Clock = field(default_factory=Clock)
    rows: Transient = field(init=False)

    def __post_init__(self) -> None:
        self.rows = Transient(self.clock)


@pytest.fixture
def held() -> Held:
    return Held()


def test_an_answer_is_found_by_its_row_and_by_its_message(held: Held) -> None:
    one, other = posted("when?"), posted("where?")
    for each in (one, other):
        held.rows.keep(each)
    assert held.rows.posted(one.id) == one
    assert held.rows.posted_as(7) is None
    held.rows.placed(one.id, 7)
    found = held.rows.posted_as(7)
    assert found is not None
    assert (found.id, found.message) == (one.id, 7)
    assert held.rows.posted(one.id) == found
    assert held.rows.posted(other.id) == other


def test_of_two_answers_in_one_message_the_newer_is_found(held: Held) -> None:
    for each in (posted(id="old"), posted(id="new")):
        held.rows.keep(each)
        held.rows.placed(each.id, 7)
    found = held.rows.posted_as(7)
    assert found is not None
    assert found.id == "new"


def test_a_row_takes_the_place_of_what_had_its_id(held: Held) -> None:
    held.rows.keep(posted("first", id="x"))
    held.rows.keep(posted("second", id="x"))
    found = held.rows.posted("x")
    assert found is not None
    assert found.question == "second"
    assert len(held.rows.asked_by(ADA)) == 1


def test_a_request_is_given_as_often_as_asked_and_withdrawn_once(held: Held) -> None:
    one = request()
    held.rows.file(one)
    assert held.rows.request(one.id) == held.rows.request(one.id) == one
    assert held.rows.withdraw(one.id) == one
    assert held.rows.withdraw(one.id) is None
    assert held.rows.request(one.id) is None


def test_an_answer_is_no_request_and_a_request_no_answer(held: Held) -> None:
    answer, filed = posted(), request()
    held.rows.keep(answer)
    held.rows.file(filed)
    assert held.rows.request(answer.id) is None
    assert held.rows.withdraw(answer.id) is None
    assert held.rows.posted(filed.id) is None
    held.rows.placed(filed.id, 7)
    assert held.rows.posted_as(7) is None
    assert held.rows.posted(answer.id) == answer
    assert held.rows.request(filed.id) == filed


def test_what_nobody_holds_is_found_nowhere_and_can_be_discarded(held: Held) -> None:
    for act in (held.rows.discard, held.rows.posted, held.rows.request, held.rows.withdraw):
        assert act("nothing") is None
    held.rows.placed("nothing", 7)
    held.rows.discard_message(7)
    assert held.rows.posted_as(7) is None


def test_what_is_taken_away_is_held_no_longer(held: Held) -> None:
    first, second, third = posted(), posted(message=7), posted(message=8)
    for each in (first, second, third):
        held.rows.keep(each)
    held.rows.discard(first.id)
    held.rows.discard_message(7)
    assert [held.rows.posted(one.id) for one in (first, second, third)] == [None, None, third]


@pytest.mark.parametrize(
    ("forget", "left"),
    [
        (lambda rows: rows.forget_guild(GUILD), ["bob elsewhere", "ada directly"]),
        (lambda rows: rows.forget_person(ADA), ["bob here", "bob elsewhere"]),
        (
            lambda rows: rows.forget_guild(0),
            ["ada here", "bob here", "bob elsewhere", "ada directly"],
        ),
    ],
)
def test_a_server_and_a_person_are_forgotten_alone(
    held: Held, forget: Callable[[Transient], None], left: list[str]
) -> None:
    rows: dict[str, tuple[int, int | None]] = {
        "ada here": (ADA, GUILD),
        "bob here": (BOB, GUILD),
        "bob elsewhere": (BOB, GUILD + 1),
        "ada directly": (ADA, None),
    }
    for id, (person, guild) in rows.items():
        held.rows.keep(posted(id=id, asker=person, guild=guild))
        held.rows.file(request(id=f"request of {id}", person=person, guild=guild))
    forget(held.rows)
    assert [id for id in rows if held.rows.posted(id)] == left
    assert [id for id in rows if held.rows.request(f"request of {id}")] == left


def test_answers_are_counted_by_who_asked(held: Held) -> None:
    for person in (ADA, ADA, BOB):
        held.rows.keep(posted(asker=person))
    held.rows.file(request(person=ADA))
    assert (
        len(held.rows.asked_by(ADA)),
        len(held.rows.asked_by(BOB)),
        len(held.rows.asked_by(99)),
    ) == (2, 1, 0)


@pytest.mark.parametrize(("seconds", "there"), [(0, True), (LONGEST, True), (LONGEST + 1, False)])
def test_rows_are_held_for_a_day(held: Held, seconds: float, there: bool) -> None:
    answer, filed = posted(message=7), request()
    held.rows.keep(answer)
    held.rows.file(filed)
    held.clock.now += seconds
    assert (held.rows.posted(answer.id) is not None) is there
    assert (held.rows.posted_as(7) is not None) is there
    assert (held.rows.request(filed.id) is not None) is there
    assert bool(len(held.rows.asked_by(ADA))) is there
    held.rows.placed(answer.id, 9)  # which makes it no younger
    held.clock.now += 1
    assert (held.rows.posted(answer.id) is not None) is (there and seconds < LONGEST)


def test_the_oldest_make_room(held: Held) -> None:
    for number in range(MOST):
        held.rows.keep(posted(id=f"row {number}"))
    held.rows.keep(posted(id="row 0"))  # anew, and so the newest
    held.rows.file(request(id="one more"))
    assert held.rows.posted("row 1") is None
    assert held.rows.posted("row 0") is not None
    assert held.rows.posted("row 2") is not None
    assert held.rows.request("one more") is not None
    assert len(held.rows.asked_by(ADA)) == MOST - 1


IDS = ("a", "b", "c")
acts = st.lists(
    st.tuples(
        st.sampled_from(["keep", "file", "discard", "withdraw", "wait"]), st.sampled_from(IDS)
    ),
    max_size=30,
)


@given(acts)
def test_whatever_is_done_rows_are_those_put_last_and_not_taken_since(
    done: list[tuple[str, str]],
) -> None:
    held, there = Held(), dict[str, tuple[float, Posted | Request]]()
    for act, id in done:
        match act:
            case "keep":
                there[id] = (held.clock.now, posted(id=id))
                held.rows.keep(posted(id=id))
            case "file":
                there[id] = (held.clock.now, request(id=id))
                held.rows.file(request(id=id))
            case "discard":
                there.pop(id, None)
                held.rows.discard(id)
            case "withdraw":
                if isinstance(there.get(id, (0, None))[1], Request):
                    del there[id]
                held.rows.withdraw(id)
            case _:
                held.clock.now += LONGEST / 3
        there = {one: row for one, row in there.items() if row[0] >= held.clock.now - LONGEST}
        for one in IDS:
            expected = there.get(one, (0, None))[1]
            assert (held.rows.posted(one) is not None) == isinstance(expected, Posted)
            assert (held.rows.request(one) is not None) == isinstance(expected, Request)
