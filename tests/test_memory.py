"""The history as a face uses it: kept on a real disk, and done without where that fails."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.history.store import History
from bot.history.stored import Posted
from bot.memory import Memory
from bot.servers import Servers
from bot.vault import Vault
from index.records import Abstained, Answer, Citation

GUILD, OTHER, CHANNEL, ADA, BOB = 11, 12, 22, 33, 44
CITATION = Citation(1, "a.txt", "A", 0, 9, (1, 1), None, "They meet", 5, 9)
ANSWER = Answer("when?", "meet", 0.9, (CITATION,), "000001", 0.02)
ABSTAINED = Abstained("where?", 0.1, (CITATION,), "000001", 0.02)


async def keep(memory: Memory, result: Answer | Abstained = ANSWER) -> str:
    return await memory.keep(
        result,
        guild=GUILD,
        channel=CHANNEL,
        asker=ADA,
        document=None,
        private=False,
        surface="ask",
    )


async def file(memory: Memory, kind: str = "hits") -> str:
    return await memory.file(kind, {"query": "x"}, guild=GUILD, channel=CHANNEL, person=ADA)


POSTED = Posted(
    id="p",
    guild=GUILD,
    channel=CHANNEL,
    message=None,
    asker=ADA,
    question="when?",
    document=None,
    private=True,
    surface="ask",
    result=ANSWER,
    created=1.0,
)

UNTRIED = {
    *("open", "close", "available", "keeps", "held", "held_questions", "forget_person"),
    "is_forgotten",
}
"""What does without the history."""

CALLS: dict[str, tuple[Callable[[Memory], Awaitable[object]], object]] = {
    "keep": (keep, ""),
    "placed": (lambda memory: memory.placed("r", 5), None),
    "posted": (lambda memory: memory.posted("r"), None),
    "posted_as": (lambda memory: memory.posted_as(5), None),
    "answered": (lambda memory: memory.answered(GUILD, limit=9), []),
    "vote": (lambda memory: memory.vote("r", ADA, up=True), False),
    "votes": (lambda memory: memory.votes("r"), (0, 0)),
    "wish": (lambda memory: memory.wish("r", ADA), None),
    "wished": (lambda memory: memory.wished("000002", limit=9), []),
    "checked": (lambda memory: memory.checked("r", "000002"), None),
    "wishers": (lambda memory: memory.wishers("r"), []),
    "grant": (lambda memory: memory.grant("r", [ADA]), False),
    "discard": (lambda memory: memory.discard("r"), None),
    "discard_message": (lambda memory: memory.discard_message(5), None),
    "discard_channel": (lambda memory: memory.discard_channel(CHANNEL), None),
    "forget_guild": (lambda memory: memory.forget_guild(OTHER), False),
    "mark_shared": (lambda memory: memory.mark_shared(POSTED), None),
    "file": (file, ""),
    "request": (lambda memory: memory.request("r"), None),
    "withdraw": (lambda memory: memory.withdraw("r"), None),
    "recall": (lambda memory: memory.recall("k"), None),
    "remember": (lambda memory: memory.remember("k", "v"), None),
    "identified_within": (lambda memory: memory.identified_within(60), 0),
    "identified": (lambda memory: memory.identified(), None),
    "purge": (lambda memory: memory.purge(30), None),
}
"""Each call with what it returns where there is no history."""


@asynccontextmanager
async def memory_in(path: Path, *, patience: float = 0.05) -> AsyncIterator[Memory]:
    """A memory that gives up on a locked file soon."""
    vault = Vault(await History.open(path, patience=patience), rest=0.0)
    memory = Memory(vault, await Servers.open(vault))
    try:
        yield memory
    finally:
        await memory.close()


def without() -> Memory:
    """A memory without a history."""
    vault = Vault(None)
    return Memory(vault, Servers(vault))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


def test_each_call_is_tried_here() -> None:
    public = {name for name, one in vars(Memory).items() if not name.startswith("_")}
    assert public - UNTRIED == CALLS.keys()


# With a history


async def test_what_is_shown_is_kept_and_found_by_its_row_and_by_its_message(path: Path) -> None:
    async with memory_in(path) as memory:
        row = await keep(memory)
        await memory.placed(row, 77)
        posted = await memory.posted(row)
        assert posted is not None
        assert (posted.result, posted.question, posted.asker) == (ANSWER, "when?", ADA)
        assert (posted.message, posted.guild, posted.private) == (77, GUILD, False)
        assert await memory.posted_as(77) == posted
        assert await memory.posted_as(78) is None
        assert await memory.posted("other") is None


async def test_rows_are_never_the_same(path: Path) -> None:
    async with memory_in(path) as memory:
        rows = [await keep(memory) for _ in range(5)] + [await file(memory) for _ in range(5)]
        assert len({*rows}) == 10
        assert all(0 < len(row) <= 40 for row in rows)


async def test_answers_are_listed_and_abstentions_not(path: Path) -> None:
    async with memory_in(path) as memory:
        row = await keep(memory)
        await keep(memory, ABSTAINED)
        assert [one.id for one in await memory.answered(GUILD, limit=9)] == [row]
        assert await memory.answered(OTHER, limit=9) == []
        await memory.discard(row)
        assert await memory.answered(GUILD, limit=9) == []


async def test_votes_and_wishes_count_once_for_each_person(path: Path) -> None:
    async with memory_in(path) as memory:
        row = await keep(memory)
        assert await memory.vote(row, ADA, up=True)
        assert await memory.vote(row, ADA, up=False, expected="never")
        assert await memory.vote(row, BOB, up=True)
        assert await memory.votes(row) == (1, 1)
        assert [await memory.wish(row, ADA) for _ in range(2)] == [True, False]
        assert not await memory.vote("other", ADA, up=True)
        assert not await memory.wish("other", ADA)


async def test_a_request_is_read_often_and_given_once(path: Path) -> None:
    async with memory_in(path) as memory:
        row = await file(memory)
        request = await memory.request(row)
        assert request is not None
        assert (request.kind, request.argument, request.person) == ("hits", {"query": "x"}, ADA)
        assert await memory.request(row) == request
        assert await memory.withdraw(row) == request
        assert await memory.withdraw(row) is None
        assert await memory.request(row) is None


async def test_facts_and_logins_are_remembered(path: Path) -> None:
    async with memory_in(path) as memory:
        assert await memory.recall("k") is None
        await memory.remember("k", "v")
        await memory.identified()
        assert await memory.recall("k") == "v"
        assert await memory.identified_within(60) == 1
        assert await memory.identified_within(-60) == 0


async def test_a_purge_keeps_what_is_young(path: Path) -> None:
    async with memory_in(path) as memory:
        row = await keep(memory)
        await memory.purge(1)
        assert await memory.posted(row)
        await memory.purge(-1)
        assert await memory.posted(row) is None


async def test_what_was_kept_is_there_when_it_is_opened_again(path: Path) -> None:
    memory = await Memory.open(path)
    row = await keep(memory)
    await memory.close()
    again = await Memory.open(path)
    assert await again.posted(row)
    await again.close()


# Without one


@pytest.mark.parametrize("name", CALLS)
async def test_without_a_history_each_call_does_nothing_and_says_nothing(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    call, otherwise = CALLS[name]
    assert await call(without()) == otherwise
    assert warnings(caplog) == []


async def test_a_history_that_cannot_be_opened_is_gone_without_and_that_is_said_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.mkdir()
    memory = await Memory.open(path)
    for call, otherwise in CALLS.values():
        assert await call(memory) == otherwise
    await memory.close()
    (told,) = warnings(caplog)
    assert "without a history" in told
    assert str(path) in told


# When it begins to fail


@pytest.mark.parametrize("name", CALLS)
async def test_a_locked_history_makes_no_call_fail(path: Path, name: str) -> None:
    call, otherwise = CALLS[name]
    async with memory_in(path) as memory:
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert await call(memory) == otherwise


async def test_a_failure_is_said_once_until_it_goes_well_again(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with memory_in(path) as memory:
        for times in (1, 2):
            with closing(sqlite3.connect(path)) as other:
                other.execute("BEGIN EXCLUSIVE")
                for _ in range(3):
                    assert await keep(memory) == ""
            assert len(warnings(caplog)) == times
            assert await keep(memory) != ""
        assert all("locks it" in one or "locked" in one for one in warnings(caplog))


async def test_a_history_whose_file_is_gone_makes_nothing_fail(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with memory_in(path) as memory:
        await keep(memory)
        path.unlink()
        path.mkdir()
        assert [await keep(memory) for _ in range(3)] == [""] * 3
        assert len(warnings(caplog)) == 1


async def test_a_closed_memory_returns_what_one_without_a_history_does(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with memory_in(path) as memory:
        pass
    for call, otherwise in CALLS.values():
        assert await call(memory) == otherwise
    assert len(warnings(caplog)) == 1


@pytest.mark.parametrize(
    "odd", [Answer("\ud800", "x", 0.5, (), "1", 0.1), Answer("\0", "\ud800", 0.5, (), "1", 0.1)]
)
async def test_a_question_that_no_database_holds_is_answered_all_the_same(
    path: Path, odd: Answer
) -> None:
    async with memory_in(path) as memory:
        row = await keep(memory, odd)
        posted = await memory.posted(row)
        assert posted is None or posted.result == odd
        assert await keep(memory)
