"""Which turn somebody may follow up, and what of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.history.store import History
from bot.history.stored import Frame
from bot.last_turns import LONGEST, MOST, Before, LastTurns
from index.previous import Previous
from index.records import Abstained, Answer, Citation
from tests.test_history import GUILD, posted

ADA, BEN = 1, 2
HERE, THERE = 10, 20
PLANS = frozenset({"plans"})
ALL = frozenset({""})


def answered(document: str = "plans/rocket.txt", answer: str = "Kourou") -> Answer:
    quote = "The rocket starts in Kourou."
    start = quote.index(answer)
    cited = Citation(
        n=1,
        document=document,
        title="Plans",
        start=0,
        end=len(quote),
        lines=(1, 1),
        page=None,
        quote=quote,
        answer_start=start,
        answer_end=start + len(answer),
    )
    return Answer("where does it start?", answer, 0.9, (cited,), "000001", 0.1)


ABSTAINED = Abstained("why?", 0.1, (), "000001", 0.1)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> LastTurns:
    return LastTurns(clock)


FIRST, SECOND = Before(answered()), Before(ABSTAINED)


def test_the_last_turn_there_of_that_person_is_followed_up(turns: LastTurns) -> None:
    turns.note(HERE, ADA, FIRST)
    assert turns.last(HERE, ADA) == FIRST
    assert turns.last(HERE, BEN) is None
    assert turns.last(THERE, ADA) is None
    turns.note(HERE, ADA, SECOND)
    assert turns.last(HERE, ADA) == SECOND


def test_what_only_the_asker_saw_is_followed_up_where_only_they_see(turns: LastTurns) -> None:
    turns.note(HERE, ADA, FIRST)
    turns.note(HERE, ADA, SECOND, private=True)
    assert turns.last(HERE, ADA) == FIRST
    assert turns.last(HERE, ADA, private=True) == SECOND


def test_what_all_saw_is_followed_up_in_private_too(turns: LastTurns) -> None:
    turns.note(HERE, ADA, SECOND, private=True)
    turns.note(HERE, ADA, FIRST)
    assert turns.last(HERE, ADA, private=True) == FIRST


def test_a_turn_is_held_for_a_while_only(turns: LastTurns, clock: Clock) -> None:
    turns.note(HERE, ADA, FIRST)
    clock.now = LONGEST - 1
    assert turns.last(HERE, ADA) == FIRST
    clock.now = LONGEST
    assert turns.last(HERE, ADA) is None


def test_what_is_too_old_makes_room(turns: LastTurns, clock: Clock) -> None:
    turns.note(HERE, ADA, FIRST)
    clock.now = LONGEST
    turns.note(HERE, BEN, SECOND)
    clock.now = LONGEST - 1  # as if it were held still
    assert turns.last(HERE, ADA) is None
    assert turns.last(HERE, BEN) == SECOND


def test_no_more_than_so_many_are_held(turns: LastTurns) -> None:
    for person in range(MOST):
        turns.note(HERE, person, FIRST)
    assert turns.last(HERE, 0) is None
    assert turns.last(HERE, MOST - 1) == FIRST


def test_nothing_is_left_to_follow_up_when_all_is_forgotten(turns: LastTurns) -> None:
    turns.note(HERE, ADA, FIRST)
    turns.forget()
    assert turns.last(HERE, ADA) is None


@pytest.mark.parametrize(
    ("before", "scope", "seen"),
    [
        (FIRST, PLANS, Previous("where does it start?", "Kourou", "The rocket starts in Kourou.")),
        (FIRST, ALL, Previous("where does it start?")),
        (replace(FIRST, drawn=PLANS), ALL, None),
        (replace(SECOND, drawn=PLANS), ALL, None),
        (replace(SECOND, drawn=PLANS), PLANS, Previous("why?")),
        (SECOND, ALL, Previous("why?")),
    ],
)
def test_of_what_is_seen_no_more_nothing_is_taken_up(
    before: Before, scope: frozenset[str], seen: Previous | None
) -> None:
    assert before.seen_by(scope) == seen


@pytest.mark.parametrize(
    ("before", "scope", "drawn"),
    [
        (FIRST, PLANS, PLANS),
        (FIRST, ALL, frozenset()),
        (replace(SECOND, drawn=PLANS), ALL, PLANS),
        (Before(answered("open.txt")), ALL, frozenset()),
    ],
)
def test_it_is_known_whose_words_a_question_may_hold(
    before: Before, scope: frozenset[str], drawn: frozenset[str]
) -> None:
    assert before.drawn_within(scope) == drawn


async def test_a_kept_question_is_of_the_collections_whose_words_it_holds(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite")
    one = posted(result=answered("open.txt"), frame=Frame(drawn=("plans",)))
    await history.keep(one)
    assert await history.posted(one.id) == one
    (past,) = await history.answered(GUILD, limit=5)
    assert past.collections == ALL | PLANS
    assert Before.of(one).drawn == PLANS
    await history.close()
