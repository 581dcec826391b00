"""What admins chose: kept over restarts, closed where it cannot be read, each server's own."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.history.store import History
from bot.history.stored import Link, ServerSettings
from bot.servers import MOST_CHOSEN, Servers
from bot.vault import Vault

HERE, ELSEWHERE, CHANNEL, STAFF, ADA = 1_000_001, 1_000_002, 10, 20, 33
LINKS = (
    Link("minutes", HERE, "server", HERE),
    Link("minutes", HERE, "role", STAFF),
    Link("plans", HERE, "channel", CHANNEL),
)
CHANGED = ServerSettings(HERE, "thread", 0.4, 5, 6, False, "de")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Servers]:
    """As a new process opens it; a locked file is given up soon."""
    vault = Vault(await History.open(path, patience=0.05), rest=0.0)
    try:
        yield await Servers.open(vault)
    finally:
        await vault.close()


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with closing(sqlite3.connect(path)) as other:
        tables = other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: other.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}


async def test_what_is_chosen_is_there_after_a_restart(path: Path) -> None:
    async with opened(path) as servers:
        assert await servers.change(CHANGED)
        assert await servers.set_ask_channels(HERE, [7, 8])
        for link in LINKS:
            assert await servers.link(link)
        assert await servers.choose(ADA, [ELSEWHERE, HERE, HERE])
        await servers.joined(99, [HERE, ELSEWHERE])
    async with opened(path) as servers:
        assert servers.settings(HERE) == CHANGED
        assert servers.settings(ELSEWHERE) == ServerSettings(ELSEWHERE)
        assert servers.all_guilds() == {HERE}
        assert servers.ask_channels(HERE) == [7, 8]
        assert servers.is_ask_channel(HERE, 7)
        assert not servers.is_ask_channel(ELSEWHERE, 7)
        assert {*servers.links(HERE)} == {*LINKS}
        assert servers.links(ELSEWHERE) == ()
        assert servers.chosen(ADA) == (HERE, ELSEWHERE)
        assert await servers.memberships(99) == {HERE, ELSEWHERE}
        assert await servers.memberships(98) == frozenset()  # another bot, over the same data


async def test_each_setting_changes_alone(path: Path) -> None:
    async with opened(path) as servers:
        await servers.change(CHANGED)
        await servers.change(replace(servers.settings(HERE), language=None))
    async with opened(path) as servers:
        assert servers.settings(HERE) == replace(CHANGED, language=None)


async def test_ask_channels_are_replaced_and_those_of_others_stay(path: Path) -> None:
    async with opened(path) as servers:
        await servers.set_ask_channels(HERE, [7, 8])
        await servers.set_ask_channels(ELSEWHERE, [9])
        await servers.set_ask_channels(HERE, [8])
    async with opened(path) as servers:
        assert (servers.ask_channels(HERE), servers.ask_channels(ELSEWHERE)) == ([8], [9])


async def test_what_is_unlinked_is_not_there_after_a_restart(path: Path) -> None:
    async with opened(path) as servers:
        for link in LINKS:
            await servers.link(link)
        assert await servers.unlink(LINKS[0])
        assert {*servers.links(HERE)} == {*LINKS[1:]}
    async with opened(path) as servers:
        assert {*servers.links(HERE)} == {*LINKS[1:]}


async def test_a_folder_is_linked_by_the_server_that_was_first_and_by_no_other(path: Path) -> None:
    async with opened(path) as servers:
        assert servers.may_link("minutes", HERE)
        assert servers.may_link("minutes", ELSEWHERE)
        assert not servers.has_claim("minutes", HERE)
        await servers.link(LINKS[0])
        await servers.unlink(LINKS[0])
    async with opened(path) as servers:  # also after it was unlinked, and a restart
        assert servers.may_link("minutes", HERE)
        assert servers.has_claim("minutes", HERE)
        assert not servers.may_link("minutes", ELSEWHERE)
        assert servers.may_link("other", ELSEWHERE)
        await servers.link(Link("minutes", ELSEWHERE, "server", ELSEWHERE))  # who runs the bot may
        assert servers.may_link("minutes", ELSEWHERE)


@pytest.mark.parametrize("guild", [HERE, ELSEWHERE])
async def test_a_servers_own_folder_cannot_be_linked(path: Path, guild: int) -> None:
    async with opened(path) as servers:
        assert not servers.may_link(f"server-{HERE}", guild)


async def test_a_link_that_cannot_be_stored_is_none(path: Path) -> None:
    async with opened(path) as servers:
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert not await servers.link(LINKS[0])
        assert servers.links(HERE) == ()
        assert servers.may_link("minutes", ELSEWHERE)  # and nobody's claim
        assert await servers.link(LINKS[0])


async def test_an_unlinking_holds_at_once_though_it_cannot_be_stored(path: Path) -> None:
    async with opened(path) as servers:
        await servers.link(LINKS[0])
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert not await servers.unlink(LINKS[0])
        assert servers.links(HERE) == ()


async def test_settings_hold_for_now_though_they_cannot_be_stored(path: Path) -> None:
    async with opened(path) as servers:
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert not await servers.change(CHANGED)
            assert not await servers.set_ask_channels(HERE, [7])
            assert not await servers.choose(ADA, [HERE])
        assert servers.settings(HERE) == CHANGED
        assert servers.ask_channels(HERE) == [7]
        assert servers.chosen(ADA) == (HERE,)


async def test_without_a_history_nothing_is_linked() -> None:
    vault = Vault(None)
    servers = await Servers.open(vault)
    assert servers.links(HERE) == ()
    assert not await servers.link(LINKS[0])
    assert servers.links(HERE) == ()
    assert servers.settings(None) == ServerSettings(0)


async def test_a_person_chooses_a_few_servers_at_most(path: Path) -> None:
    async with opened(path) as servers:
        await servers.choose(ADA, range(1, 50))
        assert len(servers.chosen(ADA)) == MOST_CHOSEN
        await servers.choose(ADA, [])
        assert servers.chosen(ADA) == ()
    async with opened(path) as servers:
        assert servers.chosen(ADA) == ()


async def test_a_server_that_is_forgotten_leaves_no_trace_but_that_its_folders_are_taken(
    path: Path,
) -> None:
    async with opened(path) as servers:
        for guild in (HERE, ELSEWHERE):
            await servers.change(replace(CHANGED, guild=guild))
            await servers.set_ask_channels(guild, [guild + 5])
            await servers.link(Link(f"of {guild}", guild, "server", guild))
        await servers.choose(ADA, [HERE, ELSEWHERE])
        await servers.joined(99, [HERE, ELSEWHERE])
        assert str(HERE) in repr(rows(path))
        await servers.forget_guild(HERE)
        assert servers.links(HERE) == ()
        assert servers.ask_channels(HERE) == []
        assert servers.settings(HERE) == ServerSettings(HERE)
        assert servers.chosen(ADA) == (ELSEWHERE,)
    kept = rows(path)
    numbers = {cell for table in kept.values() for row in table for cell in row}
    assert not numbers & {HERE, HERE + 5, str(HERE)}
    assert ELSEWHERE in numbers
    async with opened(path) as servers:
        assert not servers.may_link(f"of {HERE}", ELSEWHERE)
        assert not servers.may_link(f"of {HERE}", HERE)  # whoever runs the bot gives it back
        assert servers.may_link(f"of {ELSEWHERE}", ELSEWHERE)
        assert servers.chosen(ADA) == (ELSEWHERE,)
