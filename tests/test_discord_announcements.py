"""Announcements over a real socket: each channel is told of what all its readers may see."""

import asyncio
import logging

import pytest

from bot.history.stored import Link, ServerSettings
from tests.bots import Running, Town, bot, settle
from tests.choosing import choose
from tests.discord_server import Channel, Message, Permission
from tests.places import BREAD, OPEN_TEXTS, TALKS, Place
from tests.readiness import hurry, online
from tests.test_discord_messages import assert_nothing_pings, sent


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


async def wants(running: Running, town: Town, channel: Channel) -> None:
    settings = ServerSettings(town.guild.id, announcements=channel.id)
    assert await running.backend.servers.change(settings)


async def refreshed(running: Running) -> None:
    await online(running)
    await running.backend.service.refresh()
    await asyncio.sleep(0.2)  # for what should not be told


def only(messages: list[Message]) -> str:
    (message,) = messages
    return message.text


async def test_new_changed_and_removed_documents_are_announced_once(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        panel = await town.slash("settings", town.admin)
        await (await choose(town, panel, "setnews", town.channel)).answered()
        public.write({"bread.txt": f"{BREAD} It is good.", "@everyone.txt": "Rye\n\nRye is dark."})
        (public.seeds / "talks.txt").unlink(missing_ok=True)
        await refreshed(running)
        told = only(sent(town.discord, town.channel))
        assert "`@everyone.txt`" in told
        for kind, name in (
            ("New", "everyone.txt"),
            ("Changed", "bread.txt"),
            ("Removed", "talks.txt"),
        ):
            assert name in told.split(f"**{kind}**")[1].split("**")[0]
        await refreshed(running)  # of nothing new
        assert len(sent(town.discord, town.channel)) == 1
        public.write({"bread.txt": BREAD, "@everyone.txt": "Rye\n\nRye is dark."})
        await refreshed(running)
        _, again = sent(town.discord, town.channel)
        assert "everyone" not in again.text
        assert "bread.txt" in again.text
    assert_nothing_pings(town.discord)


async def test_each_channel_is_told_only_of_what_all_its_readers_may_see(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    room, staff = town.guild.add_channel("room"), town.guild.add_role("staff")
    async with bot(town.discord, public) as running:
        servers = running.backend.servers
        for link in (
            Link("team", town.guild.id, "server", town.guild.id),
            Link("room", town.guild.id, "channel", room.id),
            Link("staff", town.guild.id, "role", staff.id),
            Link("theirs", other.guild.id, "server", other.guild.id),
        ):
            assert await servers.link(link)
        await wants(running, town, town.channel)
        await wants(running, other, other.channel)
        folders = ["team", "room", "staff", "theirs", "bare"]
        folders += [f"server-{one.guild.id}" for one in (town, other)]
        public.write(
            OPEN_TEXTS | {f"{one}/new.txt": TALKS for one in folders} | {"open.txt": TALKS}
        )
        await refreshed(running)
        here, there = (only(sent(one.discord, one.channel)) for one in (town, other))
        for folder in folders:
            own = f"server-{town.guild.id}"
            assert (f"`{folder}/new.txt`" in here) == (folder in ("team", own)), folder
            own = f"server-{other.guild.id}"
            assert (f"`{folder}/new.txt`" in there) == (folder in ("theirs", own)), folder
        assert "open.txt" in here
        assert "open.txt" in there
        await wants(running, town, room)
        public.write(OPEN_TEXTS | {"room/more.txt": TALKS, "staff/more.txt": TALKS})
        (public.seeds / "open.txt").unlink(missing_ok=True)
        await refreshed(running)
        told = only(sent(town.discord, room))
        assert "room/more.txt" in told
        assert "team/new.txt" in told  # which is gone
        assert "staff" not in told


async def test_where_nothing_that_may_be_seen_is_different_nothing_is_told(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await wants(running, town, town.channel)
        await wants(running, other, other.channel)
        public.write(
            OPEN_TEXTS | {f"server-{other.guild.id}/theirs.txt": TALKS, "bare/x.txt": BREAD}
        )
        await refreshed(running)
        assert "theirs.txt" in only(sent(other.discord, other.channel))
        assert sent(town.discord, town.channel) == []


async def test_the_first_index_of_all_is_not_announced(town: Town, place: Place) -> None:
    place.seeds.mkdir()
    async with bot(town.discord, place) as running:
        await wants(running, town, town.channel)
    async with bot(town.discord, place) as running:
        await refreshed(running)
        assert sent(town.discord, town.channel) == []


async def test_what_changed_while_the_bot_was_down_is_announced_once_it_is_back(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        await wants(running, town, town.channel)
    public.write(OPEN_TEXTS | {"new.txt": TALKS})
    for _ in range(2):
        async with bot(town.discord, public) as running:
            await refreshed(running)
            assert "new.txt" in only(sent(town.discord, town.channel))


async def test_servers_that_want_no_announcements_get_none(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await wants(running, town, town.channel)
        await running.backend.servers.change(ServerSettings(other.guild.id, language="de"))
        public.write(OPEN_TEXTS | {"new.txt": TALKS})
        await refreshed(running)
        assert "new.txt" in only(sent(town.discord, town.channel))
        assert sent(other.discord, other.channel) == []


@pytest.mark.parametrize("how", ["gone", "closed to the bot", "the bot is removed"])
async def test_where_a_channel_cannot_be_told_others_are_told_all_the_same(
    town: Town, public: Place, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    others = [settle(town.discord, f"Other {n}") for n in range(2)]
    async with bot(town.discord, public) as running:
        for one in (others[0], town, others[1]):
            await wants(running, one, one.channel)
        if how == "gone":
            town.guild.remove_channel(town.channel)
        elif how == "closed to the bot":
            town.guild.deny(town.channel, Permission.SEND_MESSAGES)
        else:
            town.discord.remove_guild(town.guild)
        await asyncio.sleep(0.1)
        for name in ("one.txt", "two.txt"):
            public.write(OPEN_TEXTS | {name: TALKS})
            await refreshed(running)
            for one in others:
                assert name in sent(one.discord, one.channel)[-1].text
        assert sent(town.discord, town.channel) == []
    assert ("could not be told" in caplog.text) == (how == "closed to the bot")
