"""The history on a real disk: what is kept, what is forgotten, and what it survives."""

import asyncio
import contextlib
import dataclasses
import json
import resource
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.history.database import Database
from bot.history.errors import HistoryError
from bot.history.personal import PersonalStore
from bot.history.rows import posted_values
from bot.history.schema import MIGRATIONS, VERSION, migration
from bot.history.store import History
from bot.history.stored import Past, Posted, Request, new_id
from bot.visibility import collections_of
from index.records import Abstained, Answer, Citation, Claim

pytestmark = pytest.mark.asyncio

GUILD, CHANNEL, ADA, BOB = 11, 22, 33, 44
CITATION = Citation(1, "a.txt", "A", 0, 9, (1, 1), None, "They meet", 5, 9)
ANSWER = Answer("when?", "meet", 0.9, (CITATION,), "000001", 0.02)
ABSTAINED = Abstained("when?", 0.1, (CITATION,), "000001", 0.02)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**63 - 1)
floats = st.floats(allow_nan=False)
offsets = st.integers(0, 10**9)
citations = st.builds(
    Citation,
    n=offsets,
    document=texts,
    title=texts,
    start=offsets,
    end=offsets,
    lines=st.tuples(offsets, offsets),
    page=st.none() | offsets,
    quote=st.text(max_size=40),
    answer_start=offsets,
    answer_end=offsets,
    section=st.none() | texts,
)
quotes = st.lists(citations, max_size=3).map(tuple)
claims = st.lists(st.builds(Claim, offsets, texts, st.booleans()), max_size=3).map(tuple)
results = st.builds(
    Answer,
    st.text(),
    texts,
    floats,
    citations=quotes,
    generation=texts,
    seconds=floats,
    claims=claims,
) | st.builds(Abstained, st.text(), floats, nearest=quotes, generation=texts, seconds=floats)
shown = st.builds(
    Posted,
    id=texts,
    guild=st.none() | numbers,
    channel=numbers,
    message=st.none() | numbers,
    asker=numbers,
    question=texts,
    document=st.none() | texts,
    private=st.booleans(),
    surface=st.sampled_from(["mention", "dm", "reply", "channel", "forum", "ask", "menu"]),
    result=results,
    created=floats,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | floats | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
requests = st.builds(
    Request,
    id=texts,
    kind=texts,
    guild=st.none() | numbers,
    channel=st.none() | numbers,
    person=numbers,
    argument=st.dictionaries(st.text(), json_values, max_size=3),
    created=floats,
)


def posted(question: str = "when?", **changes: object) -> Posted:
    """An answer of its own id that Ada asked for in the guild; ``changes`` as in ``replace``."""
    plain = Posted(
        id=new_id(),
        guild=GUILD,
        channel=CHANNEL,
        message=None,
        asker=ADA,
        question=question,
        document=None,
        private=False,
        surface="mention",
        result=ANSWER,
        created=100.0,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def request(**changes: object) -> Request:
    plain = Request(new_id(), "page", GUILD, CHANNEL, ADA, {"query": "bread", "at": 3}, 100.0)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[History]:
    history = await History.open(path, patience=0.05)
    try:
        yield history
    finally:
        await history.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest_asyncio.fixture
async def history(path: Path) -> AsyncIterator[History]:
    async with opened(path) as history:
        yield history


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program keeps the file to itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """What a full disk does: nothing beyond ``size`` bytes can be written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def forget_person(history: History, person: int) -> None:
    await PersonalStore(history.database).delete(person)


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as other:
        return int(other.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# What is kept


@settings(max_examples=60)
@given(shown, requests, results)
async def test_what_was_kept_is_read_back_equal(
    answer: Posted, filed: Request, later: Answer | Abstained
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder) / "history.sqlite") as history:
            await history.keep(answer)
            await history.file(filed)
            assert await history.posted(answer.id) == answer
            assert await history.request(filed.id) == filed
            await history.restamp(answer.id, later)
            assert await history.posted(answer.id) == dataclasses.replace(answer, result=later)


async def test_reopening_keeps_all(path: Path) -> None:
    answer, filed = posted(), request()
    async with opened(path) as history:
        await history.keep(answer)
        await history.vote(answer.id, ADA, True, None, 1.0)
        await history.wish(answer.id, BOB, 1.0)
        await history.file(filed)
        await history.remember("commands", "f00")
        await history.identified(5.0)
    async with opened(path) as history:
        assert await history.posted(answer.id) == answer
        assert await history.votes(answer.id) == (1, 0)
        assert not await history.wish(answer.id, BOB, 2.0)
        assert await history.request(filed.id) == filed
        assert await history.recall("commands") == "f00"
        assert await history.identified_since(5.0) == 1


async def test_a_row_of_before_documents_could_disagree_is_read(
    path: Path, history: History
) -> None:
    answer = posted()
    await history.keep(answer)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE posted SET result = json_remove(result, '$.claims')")
    assert await history.posted(answer.id) == answer


async def test_ids_are_short_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(id) <= 16 and id.replace("-", "").replace("_", "").isalnum() for id in ids)


async def test_what_is_not_there_is_none(history: History) -> None:
    assert await history.posted("no") is None
    assert await history.posted_as(1) is None
    assert await history.request("no") is None
    assert await history.withdraw("no") is None
    assert await history.recall("no") is None
    assert await history.votes("no") == (0, 0)
    await history.discard("no")
    await history.placed("no", 1)
    await history.restamp("no", ANSWER)


async def test_an_answer_is_found_by_its_message_once_it_is_placed(history: History) -> None:
    answer = posted()
    await history.keep(answer)
    assert await history.posted_as(99) is None
    await history.placed(answer.id, 99)
    assert await history.posted_as(99) == dataclasses.replace(answer, message=99)


async def test_what_is_kept_again_keeps_its_votes_and_wishes(history: History) -> None:
    answer = posted()
    await history.keep(answer)
    await history.vote(answer.id, BOB, False, "in May", 1.0)
    await history.wish(answer.id, BOB, 1.0)
    again = dataclasses.replace(answer, result=ABSTAINED)
    await history.keep(again)
    assert await history.posted(answer.id) == again
    assert await history.votes(answer.id) == (0, 1)
    assert not await history.wish(answer.id, BOB, 2.0)


async def test_what_is_discarded_is_gone_with_its_votes(path: Path, history: History) -> None:
    answer = posted()
    await history.keep(answer)
    await history.vote(answer.id, BOB, True, None, 1.0)
    await history.discard(answer.id)
    assert await history.posted(answer.id) is None
    assert count(path, "votes") == 0


async def test_each_person_has_one_vote_and_the_later_counts(history: History) -> None:
    answer = posted()
    await history.keep(answer)
    for person, up in [(ADA, True), (BOB, True), (BOB, False), (BOB, False)]:
        assert await history.vote(answer.id, person, up, None, 1.0)
    assert await history.votes(answer.id) == (1, 1)


async def test_nobody_votes_on_or_wishes_for_what_is_not_kept(history: History) -> None:
    assert not await history.vote("guessed", ADA, True, None, 1.0)
    assert not await history.wish("guessed", ADA, 1.0)
    assert await history.votes("guessed") == (0, 0)


async def test_a_person_wishes_once_for_each(history: History) -> None:
    one, other = posted(), posted()
    await history.keep(one)
    await history.keep(other)
    asked = [(one, ADA), (one, ADA), (one, BOB), (other, ADA)]
    new = [await history.wish(each.id, person, 1.0) for each, person in asked]
    assert new == [True, False, True, True]


async def test_the_answered_questions_of_a_place_newest_first(history: History) -> None:
    kept = [
        posted("When do they meet?", created=1.0),
        posted("who  chairs?", created=2.0),
        posted("when DO they\nmeet?", created=3.0),
        posted("unanswered?", created=4.0, result=ABSTAINED),
        posted("confined?", created=5.0, document="a.txt"),
        posted("elsewhere?", created=6.0, guild=12),
        posted("in a DM?", created=7.0, guild=None, surface="dm"),
    ]
    for each in kept:
        await history.keep(each)

    async def listed(guild: int | None, limit: int = 10) -> list[str]:
        return [one.id for one in await history.answered(guild, limit=limit)]

    assert await listed(GUILD) == [kept[2].id, kept[1].id, kept[0].id]
    assert await listed(GUILD, limit=1) == [kept[2].id]
    assert await listed(None) == [kept[6].id]
    assert await listed(99) == []
    (newest, *_) = await history.answered(GUILD, limit=1)
    assert newest == Past(
        id=kept[2].id,
        guild=GUILD,
        channel=kept[2].channel,
        asker=kept[2].asker,
        question=kept[2].question,
        folded="when do they meet?",
        private=kept[2].private,
        generation=kept[2].result.generation,
        collections=collections_of(kept[2].result),
    )


async def test_of_what_was_asked_at_one_moment_the_last_kept_comes_first(history: History) -> None:
    first, last = posted(), posted()
    await history.keep(first)
    await history.keep(last)
    assert [one.id for one in await history.answered(GUILD, limit=10)] == [last.id, first.id]


async def test_a_fact_is_replaced_by_the_next(history: History) -> None:
    await history.remember("commands", "f00")
    await history.remember("commands", "ba5")
    assert await history.recall("commands") == "ba5"


async def test_logins_are_counted_from_a_moment_on(history: History) -> None:
    for at in (1.0, 2.0, 3.0):
        await history.identified(at)
    assert [await history.identified_since(at) for at in (0.0, 2.0, 4.0)] == [3, 2, 0]


async def test_a_request_that_json_cannot_hold_is_a_mistake_of_the_caller(history: History) -> None:
    with pytest.raises(TypeError):
        await history.file(request(argument={"path": Path()}))


# What is forgotten


async def test_purging_deletes_what_is_older(path: Path, history: History) -> None:
    old, new = posted(created=10.0), posted(created=20.0)
    stale, fresh = request(created=10.0), request(created=20.0)
    for each in (old, new):
        await history.keep(each)
        await history.vote(each.id, BOB, True, None, 30.0)
        await history.wish(each.id, BOB, 30.0)
    for one in (stale, fresh):
        await history.file(one)
        await history.identified(one.created)
    assert await history.purge(20.0) == 1
    assert [await history.posted(each.id) for each in (old, new)] == [None, new]
    assert [await history.request(one.id) for one in (stale, fresh)] == [None, fresh]
    assert await history.identified_since(0.0) == 1
    assert (count(path, "votes"), count(path, "wishes")) == (1, 1)


async def test_forgetting_a_server_leaves_the_others(path: Path, history: History) -> None:
    for guild in (GUILD, 12):
        answer = posted(guild=guild)
        await history.keep(answer)
        await history.vote(answer.id, BOB, True, None, 1.0)
        await history.file(request(guild=guild))
    assert await history.forget_guild(GUILD) == 1
    assert await history.answered(GUILD, limit=9) == []
    assert len(await history.answered(12, limit=9)) == 1
    assert [count(path, table) for table in ("posted", "votes", "requests")] == [1, 1, 1]


async def test_forgetting_a_person_leaves_the_others(path: Path, history: History) -> None:
    mine, hers = posted(asker=BOB), posted(asker=ADA)
    for each in (mine, hers):
        await history.keep(each)
        for person in (ADA, BOB):
            await history.vote(each.id, person, True, None, 1.0)
            await history.wish(each.id, person, 1.0)
    await history.file(request(person=ADA))
    await history.file(request(person=BOB))
    await forget_person(history, ADA)
    assert await history.posted(hers.id) is None
    assert await history.posted(mine.id) == mine
    assert await history.votes(mine.id) == (1, 0)
    assert [count(path, table) for table in ("votes", "wishes", "requests")] == [1, 1, 1]


async def test_what_a_person_wrote_is_nowhere_in_the_file_once_forgotten(
    path: Path, history: History
) -> None:
    for n, size in enumerate([10, 100, 1_000, 6_000] * 15):
        asker, word = (ADA, "xyzzy") if n % 2 else (BOB, "bread")
        question = f"{word} {n} " * (size // 8)
        result = Abstained(question, 0.1, (), "000001", 0.02)
        answer = posted(question, asker=asker, result=result, message=n)
        await history.keep(answer)
        await history.restamp(answer.id, dataclasses.replace(result, confidence=0.25))
        await history.vote(answer.id, ADA, False, "xyzzy", 1.0)
        await history.file(request(person=ADA, argument={"query": "xyzzy"}))
    assert b"xyzzy" in path.read_bytes()
    await forget_person(history, ADA)
    assert b"xyzzy" not in path.read_bytes()
    assert b"bread" in path.read_bytes()
    assert {each.name for each in path.parent.iterdir()} <= {path.name, f"{path.name}-journal"}
    assert path.with_name(f"{path.name}-journal").stat().st_size == 0


# Many at once


async def test_a_request_is_withdrawn_by_one_of_twenty(history: History) -> None:
    filed = request()
    await history.file(filed)
    taken = await asyncio.gather(*(history.withdraw(filed.id) for _ in range(20)))
    assert sorted(taken, key=repr) == [*[None] * 19, filed]


async def test_many_write_and_forget_at_once(history: History) -> None:
    kept = [posted(str(n), asker=BOB) for n in range(40)]
    works = [history.keep(each) for each in kept]
    await asyncio.gather(*works, *(forget_person(history, ADA) for _ in range(10)))
    assert len(await history.answered(GUILD, limit=100)) == 40


async def test_who_is_cancelled_leaves_nothing_half_done(history: History) -> None:
    for n in range(30):
        await history.keep(posted(str(n)))
        forgetting = asyncio.create_task(forget_person(history, ADA))
        for _ in range(n):
            await asyncio.sleep(0)
        forgetting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await forgetting
        await history.remember("n", str(n))
        assert await history.recall("n") == str(n)


async def test_a_transaction_that_fails_is_undone(path: Path, history: History) -> None:
    database = await Database.open(path, patience=0.05)
    try:
        with pytest.raises(HistoryError, match="no such table"):
            await database.run(
                ("INSERT INTO facts VALUES ('a', 'b')", {}), ("DELETE FROM nowhere", {})
            )
    finally:
        await database.close()
    assert await history.recall("a") is None


# What it survives


def tables(path: Path) -> Mapping[str, str]:
    with closing(sqlite3.connect(path)) as other:
        return dict(other.execute("SELECT name, sql FROM sqlite_master"))


async def test_answers_of_the_first_version_are_kept_with_the_collections_they_quote(
    path: Path,
) -> None:
    quoted = [
        dataclasses.replace(CITATION, document=id)
        for id in ("loose.txt", "minutes/2024/a.md", "minutes/b.md")
    ]
    kept = [
        posted(result=dataclasses.replace(ANSWER, citations=tuple(quoted))),
        posted(result=dataclasses.replace(ANSWER, citations=(quoted[0],))),
        posted(result=dataclasses.replace(ABSTAINED, nearest=(quoted[2],))),
        posted(result=dataclasses.replace(ABSTAINED, nearest=())),
    ]
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(migration(1))
        for each in kept:
            new = ("collections", "authors", "frame")
            values = {name: v for name, v in posted_values(each).items() if name not in new}
            names = ", ".join(values)
            old.execute(f"INSERT INTO posted ({names}) VALUES (:{', :'.join(values)})", values)
        old.commit()
    async with opened(path) as history:
        for each in kept:
            assert await history.posted(each.id) == each
        rows = await history.database.run(("SELECT id, collections FROM posted", {}))
    found = {row["id"]: json.loads(row["collections"]) for row in rows}
    assert [sorted(found[each.id]) for each in kept] == [["", "minutes"], [""], ["minutes"], []]


@pytest.mark.parametrize("version", range(VERSION + 1))
async def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    path, fresh = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for earlier in range(1, version + 1):
            old.executescript(migration(earlier))
    async with opened(path) as history, opened(fresh):
        await history.keep(posted())
    assert tables(path) == tables(fresh)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    async with opened(path) as history:
        await history.remember("a", "b")
    with closing(sqlite3.connect(path, isolation_level=None)) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(HistoryError, match=r"knows versions to \d+\. Use the program that wrote"):
        await History.open(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def spoil_head(content: bytes) -> bytes:
    return b"not a database, " * 64 + content


def spoil_a_page(content: bytes) -> bytes:
    return content[:4096] + b"\xa5" * 4096 + content[8192:]


def tear(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("spoil", [spoil_head, spoil_a_page, tear])
async def test_a_damaged_file_is_moved_aside_with_a_warning(
    path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[bytes], bytes]
) -> None:
    for n in (1, 2):
        async with opened(path) as history:
            assert await history.recall("a") is None
            await history.remember("a", "b")
        spoilt = spoil(path.read_bytes())
        path.write_bytes(spoilt)
        journal = path.with_name(f"{path.name}-journal")
        journal.write_bytes(b"of the damaged one")
        async with opened(path) as history:
            assert await history.recall("a") is None
        assert path.with_name(f"{path.name}.damaged-{n}").read_bytes() == spoilt
        assert not journal.exists() or journal.stat().st_size == 0
        assert f"was moved to history.sqlite.damaged-{n}" in caplog.text


async def test_a_locked_database_is_told_and_works_again_after(
    path: Path, history: History
) -> None:
    with held(path):
        for call in (history.keep(posted()), history.posted("a"), history.forget_guild(GUILD)):
            with pytest.raises(HistoryError, match="another program holds it locked"):
                await call
        with pytest.raises(HistoryError, match="another program holds it locked"):
            await History.open(path, patience=0.05)
    await history.keep(posted())
    assert len(await history.answered(GUILD, limit=9)) == 1
    assert [*path.parent.glob("*.damaged*")] == []


async def test_who_waits_too_long_for_others_is_told(path: Path, history: History) -> None:
    database = await Database.open(path, patience=0.3, queue=0.1)
    try:
        with held(path):
            calls = [database.run(("DELETE FROM facts", {})) for _ in range(3)]
            told = await asyncio.gather(*calls, return_exceptions=True)
        assert ["locked" in str(error) for error in told] == [True, False, False]
        assert ["too slow" in str(error) for error in told] == [False, True, True]
        assert await database.run(("DELETE FROM facts", {})) == []
    finally:
        await database.close()


async def test_a_full_disk_is_told_and_harms_nothing(path: Path, history: History) -> None:
    first = posted()
    await history.keep(first)
    too_long = posted("long " * 20_000)
    with no_file_longer_than(path.stat().st_size), pytest.raises(HistoryError):
        await history.keep(too_long)
    assert await history.posted(too_long.id) is None
    assert await history.posted(first.id) == first
    await history.keep(too_long)
    assert await history.posted(too_long.id) == too_long


async def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="cannot be opened"):
        await History.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="could not be used"):
        await History.open(tmp_path / "file" / "history.sqlite")


async def test_a_row_that_cannot_be_read_is_told(path: Path, history: History) -> None:
    answer = posted()
    await history.keep(answer)
    for result in ("{", "[]", "{}", '{"citations": [1]}'):
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("UPDATE posted SET result = ?", (result,))
        with pytest.raises(HistoryError, match=r"row of the history in .* cannot be read"):
            await history.posted(answer.id)


@pytest.mark.parametrize("answer", [posted(asker=2**63), posted("\ud800")])
async def test_what_sqlite_cannot_hold_is_told(history: History, answer: Posted) -> None:
    with pytest.raises(HistoryError):
        await history.keep(answer)
    await history.keep(posted())


async def test_a_closed_history_is_told(path: Path) -> None:
    async with opened(path) as history:
        pass
    with pytest.raises(HistoryError):
        await history.recall("a")
    await history.close()


async def test_a_damaged_history_that_was_set_aside_is_kept_no_longer_than_any_other(
    path: Path,
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but somebody's questions" * 100)
    async with opened(path) as history:
        (aside,) = path.parent.glob("*.damaged-*")
        written = aside.stat().st_mtime
        await history.purge(written - 60.0)
        assert aside.exists()
        await history.purge(written + 60.0)
        assert not aside.exists()
        assert path.exists()
