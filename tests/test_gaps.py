"""What the documents did not answer: which questions, in what order, as a message and a file."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gaps import (
    COLUMNS,
    FILE,
    Group,
    Week,
    digest_reply,
    file_reply,
    gaps_file,
    gaps_reply,
    groups_of,
    link,
)
from bot.history.gaps import Gap, GapStore
from bot.history.store import History
from bot.layout import (
    MOST_COMPONENTS,
    MOST_ID,
    MOST_TEXT,
    Attached,
    Press,
    Reply,
    count_components,
    count_text,
    read_press,
)
from bot.words import ENGLISH, Words
from tests.bots import LANGUAGES as TONGUES
from tests.test_history import ABSTAINED, ANSWER, BOB, CHANNEL, GUILD, posted

CARL = 55

ids = st.integers(1, 2**63 - 1)
gaps = st.builds(
    Gap,
    question=st.text(min_size=1, max_size=2500),
    channel=ids,
    message=st.none() | ids,
    wrong=st.booleans(),
    created=st.floats(0, 4e9),
    down=st.integers(0, 10**6),
    wishes=st.integers(0, 10**6),
    expected=st.lists(st.text(max_size=1000), max_size=3).map(tuple),
)
groups = st.lists(
    st.lists(gaps, min_size=1, max_size=3).map(lambda some: Group(tuple(some))), max_size=12
)


def gap(question: str, created: float = 0.0, **more: object) -> Gap:
    return replace(Gap(question, CHANNEL, 9, False, created), **more)  # type: ignore[arg-type]


# What is kept of it


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    kept = await History.open(tmp_path / "history.sqlite")
    yield kept
    await kept.close()


async def keep(history: History, question: str, *, at: float = 100.0, **more: object) -> str:
    """An abstention in the guild, unless said otherwise; its id."""
    result = more.pop("result", ABSTAINED)
    one = posted(question, **{"result": result, "created": at, **more})
    await history.keep(one)
    return one.id


async def listed(history: History, *, guild: int = GUILD, since: float = 0.0) -> list[str]:
    return [one.question for one in await GapStore(history.database).gaps(guild, since=since)]


async def test_gaps_are_what_was_not_answered_or_found_wrong_newest_first(
    history: History,
) -> None:
    await keep(history, "unanswered", at=1.0)
    await keep(history, "answered", result=ANSWER, at=2.0)
    wrong = await keep(history, "wrong", result=ANSWER, at=3.0)
    right = await keep(history, "right", result=ANSWER, at=4.0)
    await history.vote(wrong, BOB, up=False, expected="The other one", at=5.0)
    await history.vote(wrong, CARL, up=False, expected=None, at=5.0)
    await history.vote(right, BOB, up=True, expected=None, at=5.0)
    wished = await keep(history, "wished", at=6.0, message=77)
    for person in (BOB, CARL):
        await history.wish(wished, person, at=7.0)
    assert await GapStore(history.database).gaps(GUILD, since=0.0) == [
        Gap("wished", CHANNEL, 77, wrong=False, created=6.0, wishes=2),
        Gap("wrong", CHANNEL, None, wrong=True, created=3.0, down=2, expected=("The other one",)),
        Gap("unanswered", CHANNEL, None, wrong=False, created=1.0),
    ]


async def test_what_is_private_old_or_of_another_place_is_no_gap(history: History) -> None:
    await keep(history, "here")
    await keep(history, "only the asker sees it", private=True)
    await keep(history, "in another server", guild=GUILD + 1)
    await keep(history, "in direct messages", guild=None)
    await keep(history, "long ago", at=10.0)
    assert await listed(history, since=50.0) == ["here"]
    assert await listed(history) == ["here", "long ago"]


@pytest.mark.parametrize(
    ("later", "remains"),
    [
        ({}, False),
        ({"question": "  WHEN  do they Meet?"}, False),
        ({"question": "when do they eat?"}, True),
        ({"at": 50.0}, True),
        ({"result": ABSTAINED}, True),
        ({"private": True}, True),
        ({"guild": GUILD + 1}, True),
        ({"guild": None}, True),
    ],
)
async def test_what_was_answered_when_asked_again_there_is_no_gap_any_more(
    history: History, later: dict[str, object], remains: bool
) -> None:
    await keep(history, "when do they meet?", at=100.0)
    again = {"question": "when do they meet?", "result": ANSWER, "at": 200.0} | later
    await keep(history, **again)  # type: ignore[arg-type]
    assert ("when do they meet?" in await listed(history)) is remains


async def test_an_answer_found_wrong_stays_a_gap_though_it_was_answered_again(
    history: History,
) -> None:
    wrong = await keep(history, "when?", result=ANSWER, at=1.0)
    await history.vote(wrong, BOB, up=False, expected=None, at=2.0)
    await keep(history, "when?", result=ANSWER, at=3.0)
    assert await listed(history) == ["when?"]


async def test_questions_are_counted_by_channel(history: History) -> None:
    for channel, result, count in ((1, ANSWER, 3), (1, ABSTAINED, 2), (2, ABSTAINED, 1)):
        for _ in range(count):
            await keep(history, "when?", channel=channel, result=result)
    await keep(history, "when?", channel=1, private=True)
    await keep(history, "when?", channel=1, guild=None)
    await keep(history, "when?", channel=1, at=10.0)
    counts = await GapStore(history.database).counts(GUILD, since=50.0)
    assert counts == {1: (3, 2), 2: (0, 1)}


# As groups


def test_groups_come_with_the_largest_first_and_the_newest_of_equals() -> None:
    newest_first = [gap(f"q{n}", 100.0 - n) for n in range(6)]
    found = groups_of(newest_first, [[0], [2, 1], [3, 5], [4]])
    assert [[one.question for one in group.gaps] for group in found] == [
        ["q1", "q2"],
        ["q3", "q5"],
        ["q0"],
        ["q4"],
    ]


def test_a_group_adds_up_and_shows_its_newest_wording() -> None:
    group = Group(
        (
            gap("newest", 2.0, down=1, wishes=2, expected=("a",)),
            gap("oldest", 1.0, down=2, wishes=3, expected=("b", "c")),
        )
    )
    assert (group.newest.question, group.down, group.wishes) == ("newest", 3, 5)
    assert group.expected == ["a", "b", "c"]


def shown(groups: Sequence[Group], page: int = 0, *, days: int = 30) -> Reply:
    return gaps_reply(groups, page, guild=GUILD, days=days, words=ENGLISH)


def text(reply: Reply) -> str:
    return "\n".join(reply.texts())


def test_a_row_tells_how_often_who_was_wrong_and_where() -> None:
    rows = [gap("when?", 2.0, down=2, wishes=3, expected=("At *noon*",)), gap("When?", 1.0)]
    said = text(shown([Group(tuple(rows))]))
    assert "**1.** when?" in said
    assert "asked 2 times · 👎 2 · 🔔 3" in said
    assert f"(<https://discord.com/channels/{GUILD}/{CHANNEL}/9>)" in said
    assert r"Expected: At \*noon\*" in said


def test_a_row_that_no_message_shows_has_no_link() -> None:
    nowhere = gap("when?", message=None)
    assert link(GUILD, nowhere) == ""
    said = text(shown([Group((nowhere,))]))
    assert "asked 1 time" in said
    assert "discord.com" not in said
    assert "👎" not in said


def test_what_people_typed_is_harmless_in_the_message() -> None:
    hostile = "@everyone [x](https://evil.example) <@1> **b**\n# big"
    said = text(shown([Group((gap(hostile, expected=(hostile,)),))]))
    for live in ("@everyone", "](https://evil", "<@1>", "**b**", "\n# big"):
        assert live not in said.replace("\\" + live[0], "")


@pytest.mark.parametrize(
    ("count", "page", "first", "buttons"),
    [
        (0, 0, None, []),
        (5, 0, "**1.**", ["gapsfile"]),
        (6, 0, "**1.**", ["gaps", "gaps", "gapsfile"]),
        (6, 1, "**6.**", ["gaps", "gaps", "gapsfile"]),
        (6, 99, "**6.**", ["gaps", "gaps", "gapsfile"]),
        (6, -99, "**1.**", ["gaps", "gaps", "gapsfile"]),
    ],
)
def test_gaps_are_paged_by_five(
    count: int, page: int, first: str | None, buttons: list[str]
) -> None:
    reply = shown([Group((gap(f"q{n}"),)) for n in range(count)], page)
    assert [one.press.action for one in reply.buttons()] == buttons
    if first is None:
        assert "all was answered" in text(reply)
    else:
        assert list(reply.texts())[1].startswith(first)


def test_the_pages_lead_to_one_another_for_the_same_days() -> None:
    groups = [Group((gap(f"q{n}"),)) for n in range(11)]
    before, behind, as_file = shown(groups, 1, days=7).buttons()
    assert (before.press, before.disabled) == (Press("gaps", "-", (0, 7)), False)
    assert (behind.press, behind.disabled) == (Press("gaps", "-", (2, 7)), False)
    assert as_file.press == Press("gapsfile", "-", (7,))
    before, behind, _ = shown(groups, 2).buttons()
    assert (before.disabled, behind.disabled) == (False, True)


@given(groups, st.integers(-3, 5), st.integers(1, 365), st.sampled_from([*TONGUES.spoken.values()]))
def test_every_page_is_within_what_discord_takes(
    found: list[Group], page: int, days: int, words: Words
) -> None:
    replies = [
        gaps_reply(found, page, guild=GUILD, days=days, words=words),
        file_reply(words),
        digest_reply(Week(days, page + 3, found), guild=GUILD, words=words),
    ]
    for reply in replies:
        assert count_components(reply) <= MOST_COMPONENTS
        assert count_text(reply) <= MOST_TEXT
        for button in reply.buttons():
            assert len(button.press.id) <= MOST_ID
            assert read_press(button.press.id) == button.press


def test_the_file_stands_in_the_message_that_brings_it() -> None:
    assert Attached(FILE) in file_reply(ENGLISH).blocks


# As a file


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")  # by which spreadsheets know UTF-8
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_has_a_row_for_each_question() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
    found = [
        Group((gap("Café?", noon, wishes=2), gap("café?", noon - 60, message=None))),
        Group((gap("wrong", noon, wrong=True, down=2, expected=("a", "b, c")),)),
    ]
    data = rows(gaps_file(found, guild=GUILD))
    assert [tuple(one) for one in data] == [COLUMNS] * 3
    assert [one["group"] for one in data] == ["1", "1", "2"]
    assert [one["question"] for one in data] == ["Café?", "café?", "wrong"]
    assert data[0]["asked_at"] == "2026-03-01T12:00:00+00:00"
    assert [one["outcome"] for one in data] == ["unanswered", "unanswered", "wrong"]
    assert (data[0]["wishes"], data[2]["votes_down"], data[2]["expected"]) == ("2", "2", "a / b, c")
    assert data[0]["link"] == f"https://discord.com/channels/{GUILD}/{CHANNEL}/9"
    assert data[1]["link"] == ""


@given(groups)
def test_no_cell_of_the_file_is_a_formula(found: list[Group]) -> None:
    data = rows(gaps_file(found, guild=GUILD))
    assert len(data) == sum(len(group.gaps) for group in found)
    for one in data:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in one.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_would_be_a_formula_is_a_text_in_the_file(start: str) -> None:
    evil = f'{start}HYPERLINK("https://evil.example")'
    (one,) = rows(gaps_file([Group((gap(evil, expected=(evil,)),))], guild=GUILD))
    assert one["question"] == one["expected"] == f"'{evil}"


# As a digest


def test_a_digest_counts_the_week_and_names_what_was_asked_most() -> None:
    found = [Group((gap(f"question {n}"),)) for n in range(7)]
    said = text(digest_reply(Week(5, 7, found), guild=GUILD, words=ENGLISH))
    assert "12 asked, 5 answered" in said
    assert "question 4" in said
    assert "question 5" not in said
    assert "`/gaps`" in said


def test_a_week_in_which_all_was_answered_is_told_in_a_line() -> None:
    reply = digest_reply(Week(3, 0, []), guild=GUILD, words=ENGLISH)
    assert list(reply.texts()) == ["**This week** · 3 asked, 3 answered"]
