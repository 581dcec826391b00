"""What is kept of one person: counted, given out, and deleted so that no trace of it is left."""

import json
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history.personal import Account, PersonalStore
from bot.history.servers import ServerStore
from bot.history.store import History
from bot.history.stored import ServerSettings
from bot.layout import (
    MOST_COMPONENTS,
    MOST_TEXT,
    Attached,
    Reply,
    count_components,
    count_text,
    read_press,
)
from bot.privacy import (
    FILE,
    account_reply,
    erased_reply,
    erasure_reply,
    export_file,
    export_reply,
)
from bot.words import ENGLISH, Words
from index.records import Abstained, Answer, Citation
from tests.bots import LANGUAGES as TONGUES
from tests.test_history import posted, request

EVE = 0x1B1B_2C2C_3D3D_4E4E  # ids of Discord take eight bytes
ADA, BOB, GUILD = EVE + 1, EVE + 2, EVE + 3
CANARIES = ("kanari-question", "kanari-quote", "kanari-expected", "kanari-query", "kanari-result")
OTHERS = ("wren-question", "wren-expected")

FILLER = """
INSERT INTO facts WITH RECURSIVE some(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some LIMIT 4000)
SELECT 'filler ' || n, hex(randomblob(1000)) FROM some
"""

counts = st.integers(0, 10**9)
accounts = st.builds(Account, counts, counts, counts, counts, counts, st.none() | st.floats(0, 4e9))


def traces(path: Path, person: int, texts: tuple[str, ...] = CANARIES) -> list[str]:
    """Where a person's id, as digits or as SQLite stores it, or one of the texts stands."""
    needles = {"digits": str(person).encode(), "number": person.to_bytes(8, "big")}
    needles |= {text: text.encode() for text in texts}
    files = [file for file in path.parent.iterdir() if file.is_file()]
    return [
        f"{what} in {file.name}"
        for file in files
        for what, needle in needles.items()
        if needle in file.read_bytes()
    ]


def quoted(text: str) -> Answer:
    citation = Citation(1, "a.txt", "A", 0, len(text), (1, 1), None, text, 0, 5)
    return Answer("kanari-result", text, 0.9, (citation,), "000001", 0.02)


async def fill(history: History) -> dict[str, str]:
    """What Eve did among others; the ids of some rows."""
    eves = posted(
        "kanari-question?", asker=EVE, guild=GUILD, result=quoted("kanari-quote"), created=50.0
    )
    second = posted("kanari-question again", asker=EVE, guild=None, result=quoted("kanari-quote"))
    adas = posted("wren-question?", asker=ADA, guild=GUILD)
    bobs = posted(
        "wren-question again", asker=BOB, guild=GUILD, result=Abstained("?", 0.1, (), "1", 0.0)
    )
    for one in (eves, second, adas, bobs):
        await history.keep(one)
    await history.vote(eves.id, ADA, up=False, expected="kanari-expected of mine", at=3.0)
    await history.vote(adas.id, EVE, up=False, expected="kanari-expected", at=3.0)
    await history.vote(adas.id, BOB, up=False, expected="wren-expected", at=3.0)
    for person in (EVE, ADA):
        await history.wish(bobs.id, person, at=4.0)
    for person, query in ((EVE, "kanari-query"), (BOB, "wren-question")):
        await history.file(
            request(kind="hits", person=person, argument={"query": query}, guild=GUILD)
        )
    store = ServerStore(history.database)
    for person in (EVE, ADA):
        await store.choose(person, [GUILD, GUILD + 1])
    await store.change(ServerSettings(GUILD, language="de"))
    return {"eves": eves.id, "second": second.id, "adas": adas.id, "bobs": bobs.id}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[History]:
    kept = await History.open(path)
    try:
        yield kept
    finally:
        await kept.close()


@pytest.fixture
async def history(path: Path) -> AsyncIterator[History]:
    async with opened(path) as kept:
        yield kept


# Counted and given out


async def test_all_that_is_kept_of_a_person_is_counted(history: History) -> None:
    await fill(history)
    store = PersonalStore(history.database)
    assert await store.count(EVE) == Account(2, 1, 1, 1, 2, since=50.0)
    assert await store.count(BOB) == Account(1, 1, 0, 1, 0, since=100.0)
    assert await store.count(GUILD) == Account()
    assert (await store.count(GUILD)).is_empty


@given(accounts)
def test_an_account_is_empty_when_nothing_is_kept(account: Account) -> None:
    numbers = (account.questions, account.votes, account.wishes, account.requests, account.choices)
    assert account.is_empty == (not any(numbers))


async def test_the_export_holds_all_of_a_person_and_nobody_elses(history: History) -> None:
    ids = await fill(history)
    shown = {"document": "secret/kanari-path.txt"}
    await history.file(request(kind="lines", person=EVE, argument=shown, created=200.0))
    data = export_file(await PersonalStore(history.database).export(EVE))
    kept = json.loads(data)
    assert list(kept) == ["questions", "votes", "wishes", "lists", "servers_in_direct_messages"]
    assert [one["question"] for one in kept["questions"]] == [
        "kanari-question?",
        "kanari-question again",
    ]
    assert [one["guild"] for one in kept["questions"]] == [str(GUILD), None]  # no digits are lost
    for said in (
        "kanari-quote",
        "kanari-result",
        "kanari-path",
    ):  # by documents, which may be seen no more
        assert said.encode() not in data
    assert kept["votes"] == [
        {"posted": ids["adas"], "up": 0, "expected": "kanari-expected", "at": 3.0}
    ]
    assert kept["wishes"] == [{"posted": ids["bobs"], "at": 4.0}]
    assert [one["argument"] for one in kept["lists"]] == [{"query": "kanari-query"}, None]
    assert [one["guild"] for one in kept["servers_in_direct_messages"]] == [
        str(GUILD),
        str(GUILD + 1),
    ]
    for foreign in (*OTHERS, str(ADA), str(BOB), "kanari-expected of mine"):
        assert foreign.encode() not in data


async def test_the_export_of_somebody_unknown_is_empty(history: History) -> None:
    await fill(history)
    kept = await PersonalStore(history.database).export(999)
    assert all(rows == [] for rows in kept.values())
    assert json.loads(export_file(kept)) == kept


async def test_every_table_about_people_is_counted_exported_and_deleted(history: History) -> None:
    """A table that is added must not be forgotten where somebody wants to be."""
    await fill(history)
    tables = await history.database.run(("SELECT name FROM sqlite_master WHERE type = 'table'", {}))
    about = {}
    for (table,) in tables:
        columns = await history.database.run((f"SELECT name FROM pragma_table_info('{table}')", {}))
        for (column,) in columns:
            if column in ("person", "asker"):
                about[table] = column
    assert set(about) == {"posted", "votes", "wishes", "requests", "choices"}
    await PersonalStore(history.database).delete(EVE)
    for table, column in about.items():
        sql = f"SELECT count(*) FROM {table} WHERE {column} = :person"
        ((left,),) = await history.database.run((sql, {"person": EVE}))
        ((others,),) = await history.database.run((f"SELECT count(*) FROM {table}", {}))
        assert left == 0, table
        assert others > 0, table


# Deleted


async def test_deleting_leaves_no_trace_of_a_person_in_any_file(path: Path) -> None:
    async with opened(path) as history:
        ids = await fill(history)
        found = traces(path, EVE)
        for what in (
            "number",
            *CANARIES,
        ):  # digits are in no table; they are looked for all the same
            assert f"{what} in history.sqlite" in found
        await PersonalStore(history.database).delete(EVE)
        assert traces(path, EVE) == []  # while the file is open
        assert (await PersonalStore(history.database).count(EVE)).is_empty
        assert await history.posted(ids["eves"]) is None
    assert traces(path, EVE) == []


async def test_deleting_leaves_others_as_they_were(history: History, path: Path) -> None:
    ids = await fill(history)
    before = await PersonalStore(history.database).count(ADA)
    await PersonalStore(history.database).delete(EVE)
    for text in OTHERS:
        assert f"{text} in history.sqlite" in traces(path, ADA, OTHERS)
    assert await history.votes(ids["adas"]) == (0, 1)
    assert await history.wishers(ids["bobs"]) == [ADA]
    after = await PersonalStore(history.database).count(ADA)
    assert (after.questions, after.wishes, after.choices) == (1, 1, 2)
    assert (before.votes, after.votes) == (1, 0)  # that was on an answer of Eve's
    assert len((await ServerStore(history.database).read()).settings) == 1


async def test_the_room_of_what_was_deleted_is_given_back(history: History, path: Path) -> None:
    for number in range(200):
        await history.keep(posted(f"kanari-question {number} {'x' * 2000}", asker=EVE))
    size = path.stat().st_size
    await PersonalStore(history.database).delete(EVE)
    assert path.stat().st_size < size / 5


async def test_deleting_twice_or_nobody_does_no_harm(history: History) -> None:
    store = PersonalStore(history.database)
    await fill(history)
    for person in (EVE, EVE, 999):
        await store.delete(person)
    assert (await store.count(ADA)).questions == 1


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let nothing in this process write beyond ``size``, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_where_the_file_cannot_be_made_anew_all_is_overwritten_all_the_same(
    history: History, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(history)
    await history.database.run((FILLER, {}))
    with no_file_larger_than(path.stat().st_size // 4):  # a copy takes more
        await PersonalStore(history.database).delete(EVE)
    assert "its room is not freed" in caplog.text
    assert str(EVE) not in caplog.text
    assert traces(path, EVE) == []
    assert (await PersonalStore(history.database).count(EVE)).is_empty
    assert (await PersonalStore(history.database).count(ADA)).questions == 1


# Told


def said(reply: Reply) -> str:
    return "\n".join(reply.texts())


def account(kept: Account, *, held: int = 0) -> Reply:
    return account_reply(kept, held=held, retention_days=30, words=ENGLISH)


def test_a_person_is_told_how_much_is_kept_since_when_and_for_how_long() -> None:
    told = said(account(Account(2, 1, 3, 1, 1, since=0.0), held=1))
    for part in (
        "2 questions with answers (since 1970-01-01)",
        "1 vote\n",
        "3 wishes to be told",
        "1 list that you paged in",
        "1 server chosen",
        "1 answer is held in memory",
        "for 30 days at most",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("kept", "held", "buttons"),
    [
        (Account(), 0, []),
        (Account(), 1, ["export", "erase"]),
        (Account(votes=1), 0, ["export", "erase"]),
        (Account(choices=1), 0, ["export", "erase"]),
    ],
)
def test_there_is_something_to_delete_where_something_is_kept(
    kept: Account, held: int, buttons: list[str]
) -> None:
    reply = account(kept, held=held)
    assert [one.press.action for one in reply.buttons()] == buttons
    assert ("Nothing." in said(reply)) == (not buttons)


def test_deleting_is_confirmed_first() -> None:
    erase, cancel = erasure_reply(ENGLISH).buttons()
    assert (erase.press.action, erase.style) == ("erased", "danger")
    assert cancel.press.action == "cancel"
    assert "deleted" in said(erased_reply(ENGLISH))


def test_the_file_stands_in_the_message_that_brings_it() -> None:
    assert Attached(FILE) in export_reply(ENGLISH).blocks


@given(accounts, counts, st.integers(1, 10**6), st.sampled_from([*TONGUES.spoken.values()]))
def test_every_account_is_within_what_discord_takes(
    kept: Account, held: int, days: int, words: Words
) -> None:
    reply = account_reply(kept, held=held, retention_days=days, words=words)
    assert count_components(reply) <= MOST_COMPONENTS
    assert count_text(reply) <= MOST_TEXT
    assert all(read_press(one.press.id) == one.press for one in reply.buttons())


@given(st.dictionaries(st.text(), st.lists(st.dictionaries(st.text(), st.text() | st.integers()))))
def test_the_export_says_whatever_is_in_it(kept: dict[str, list[dict[str, str | int]]]) -> None:
    assert json.loads(export_file(kept)) == kept
