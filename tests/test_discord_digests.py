"""The weekly digest over a real socket: once a week, and of what everybody there can read."""

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pytest

from bot.gateway.digests import WEEK, digest_key
from bot.history.stored import ServerSettings, new_id
from index.records import Abstained, Answer
from tests.bots import Running, Town, bot, settle
from tests.choosing import choose, selects
from tests.discord_server import Channel, Permission, Role, User
from tests.places import Place
from tests.readiness import PACE, hurry, online
from tests.test_discord_messages import assert_nothing_pings, sent
from tests.test_history import ABSTAINED, ANSWER, posted

DAY = 86_400.0


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


async def wait_for_looks(running: Running) -> None:
    """Long enough for many looks at the calendar."""
    await online(running)
    await asyncio.sleep(10 * PACE)


async def keep(
    running: Running,
    channel: Channel,
    question: str,
    *,
    result: Answer | Abstained = ABSTAINED,
    ago: float = DAY,
    private: bool = False,
) -> None:
    """A question, as if it had been asked there."""
    one = posted(
        question,
        id=new_id(),
        guild=channel.guild_id or None,
        channel=channel.id,
        private=private,
        result=replace(result, question=question),
        created=time.time() - ago,
    )
    assert await running.backend.vault.done(lambda history: history.keep(one))


async def last_was(running: Running, town: Town, ago: float) -> None:
    """Let the last digest be so many seconds old."""
    await running.backend.memory.remember(digest_key(town.guild.id), str(time.time() - ago))


async def since_last(running: Running, town: Town) -> float:
    kept = await running.backend.memory.recall(digest_key(town.guild.id))
    assert kept is not None
    return time.time() - float(kept)


async def wants(
    running: Running, town: Town, channel: Channel | None, *, history: bool = True
) -> None:
    settings = ServerSettings(
        town.guild.id, digest=channel.id if channel else None, history=history
    )
    await running.backend.servers.change(settings)


def tries(town: Town, channel: Channel) -> int:
    """How many messages were sent there; Discord shows no second one of the same nonce."""
    return len(town.discord.requested("POST", rf"/channels/{channel.id}/messages$"))


async def given(running: Running, town: Town, channel: Channel) -> str:
    """The digest that comes now that a week has gone by."""
    await last_was(running, town, WEEK + 1)
    await wants(running, town, channel)
    return (await town.discord.next_message(channel)).text


async def test_once_a_week_it_is_told_what_was_asked_and_not_answered(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, "where is the @everyone raven?")
        await keep(running, town.channel, "Where is the @everyone raven", ago=2 * DAY)
        await keep(running, town.channel, "when is bread baked?", result=ANSWER)
        await keep(running, town.channel, "long ago?", ago=8 * DAY)
        told = await given(running, town, town.channel)
        assert "3 asked, 1 answered" in told
        assert r"**1.** where is the \@everyone raven?" in told
        assert "asked 2 times" in told
        assert "long ago" not in told
        assert "bread" not in told
        await wait_for_looks(running)
        assert tries(town, town.channel) == 1
        assert await since_last(running, town) < 60
    async with bot(town.discord, public) as running:
        await wait_for_looks(running)
        assert tries(town, town.channel) == 1  # nor after a restart
    assert_nothing_pings(town.discord)


async def test_the_next_does_not_come_before_a_week_is_over(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await last_was(running, town, WEEK - 60)
        await wants(running, town, town.channel)
        await wait_for_looks(running)
        assert tries(town, town.channel) == 0
        await last_was(running, town, WEEK + 60)
        await town.discord.next_message(town.channel)


async def test_a_history_that_cannot_be_written_makes_no_second_digest(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot(town.discord, public) as running:
        await last_was(running, town, WEEK + 60)
        monkeypatch.setattr(running.backend.vault, "_rest", 0.01)
        with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
            database.execute(
                "CREATE TRIGGER full BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        await wants(running, town, town.channel)
        await town.discord.next_message(town.channel)
        await wait_for_looks(running)
        assert tries(town, town.channel) == 1
        assert await since_last(running, town) > WEEK


async def test_the_first_comes_a_week_after_it_was_chosen(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await last_was(running, town, 3 * WEEK)  # from when it was chosen long ago
        panel = await town.slash("settings", town.admin)
        await (await choose(town, panel, "setdigest", town.channel)).answered()
        assert selects(panel)["setdigest"]["default_values"]
        await wait_for_looks(running)
        assert sent(town.discord, town.channel) == []
        assert await since_last(running, town) < 60


async def test_a_week_that_nobody_noted_begins_now(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await wants(running, town, town.channel)
        await wait_for_looks(running)
        assert sent(town.discord, town.channel) == []
        assert await since_last(running, town) < 60


@pytest.mark.parametrize("noted", ["in a year", "soon", ""])
async def test_a_clock_that_went_back_makes_no_second_digest(
    town: Town, public: Place, noted: str
) -> None:
    value = str(time.time() + 365 * DAY) if noted == "in a year" else noted
    async with bot(town.discord, public) as running:
        await running.backend.memory.remember(digest_key(town.guild.id), value)
        await wants(running, town, town.channel)
        await wait_for_looks(running)
        assert sent(town.discord, town.channel) == []
        assert abs(await since_last(running, town)) < 60


async def test_only_what_everybody_can_read_is_told(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    everyone = town.guild.everyone
    secret = town.guild.add_channel("secret", [(everyone, 0, Permission.VIEW_CHANNEL)])
    unread = town.guild.add_channel("unread", [(everyone, 0, Permission.READ_MESSAGE_HISTORY)])
    side, gone = town.guild.add_channel("side"), town.guild.add_channel("gone")
    open_thread = side.add_thread("open", town.ada)
    shut_thread = side.add_thread("shut", town.ada, private=True)
    shut_thread.recipients.append(town.discord.bot)
    beneath = secret.add_thread("beneath", town.ada)
    async with bot(town.discord, public) as running:
        for channel, question in (
            (town.channel, "is there a hippo here?"),
            (side, "is there a hippo2 there?"),
            (open_thread, "is there a hippo3 there?"),
            (secret, "is there a secret1 here?"),
            (unread, "is there a secret2 here?"),
            (shut_thread, "is there a secret3 here?"),
            (beneath, "is there a secret4 here?"),
            (gone, "is there a secret5 here?"),
            (other.channel, "is there a secret6 here?"),
            (town.discord.dm(town.admin), "is there a secret7 here?"),
        ):
            await keep(running, channel, question)
            await keep(running, channel, f"{question} 99", result=ANSWER)
        await keep(running, town.channel, "is there a secret8 here?", private=True)
        town.guild.remove_channel(gone)
        told = await given(running, town, town.channel)
        assert "6 asked, 3 answered" in told
        for name in ("hippo here", "hippo2", "hippo3"):
            assert name in told
        assert "secret" not in told


async def test_those_who_read_a_closed_channel_are_told_what_was_asked_there(
    town: Town, public: Place
) -> None:
    everyone, bot_user = town.guild.everyone, town.discord.bot
    staff = town.guild.add_role("staff")
    view = Permission.VIEW_CHANNEL
    closed: list[tuple[User | Role, int, int]] = [
        (everyone, 0, view),
        (staff, view, 0),
        (bot_user, view, 0),
    ]
    room = town.guild.add_channel("room", closed)
    other_room = town.guild.add_channel("other room", closed)
    async with bot(town.discord, public) as running:
        await keep(running, room, "is there a hippo here?")
        await keep(running, other_room, "is there a secret here?")
        await keep(running, town.channel, "is there a heron here?")
        told = await given(running, town, room)
        assert "hippo" in told
        assert "heron" in told
        assert "secret" not in told


async def test_each_server_is_told_in_its_own_channel(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, "is there a hippo here?")
        await keep(running, other.channel, "is there a heron here?")
        assert "hippo" in await given(running, town, town.channel)
        told = await given(running, other, other.channel)
        assert "heron" in told
        assert "hippo" not in told


@pytest.mark.parametrize("history", [True, False])
async def test_a_server_without_a_history_has_no_digest(
    town: Town, public: Place, history: bool
) -> None:
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, "is there a hippo here?")
        await last_was(running, town, WEEK + 1)
        await wants(running, town, town.channel, history=history)
        await wait_for_looks(running)
        assert bool(sent(town.discord, town.channel)) is history


async def test_who_wants_none_any_more_is_told_nothing(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await last_was(running, town, WEEK + 1)
        await wants(running, town, None)
        await wait_for_looks(running)
        assert sent(town.discord, town.channel) == []


@pytest.mark.parametrize("how", ["gone", "closed to the bot"])
async def test_a_channel_that_cannot_be_told_is_tried_again_in_a_week(
    town: Town, public: Place, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    channel = town.guild.add_channel("digest")
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, "is there a hippo here?")
        if how == "gone":
            town.guild.remove_channel(channel)
        else:
            town.guild.deny(channel, Permission.SEND_MESSAGES)
        await last_was(running, town, WEEK + 1)
        await wants(running, town, channel)
        await wait_for_looks(running)
        assert tries(town, channel) == (0 if how == "gone" else 1)
        assert await since_last(running, town) < 60
        other = settle(town.discord, "Other")  # others are told all the same
        await asyncio.sleep(0.05)
        await keep(running, other.channel, "is there a heron here?")
        assert "heron" in await given(running, other, other.channel)
    assert caplog.text.count("not given its digest") == (how == "closed to the bot")
