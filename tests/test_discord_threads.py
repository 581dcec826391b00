"""Answers in threads of their own, where a server wants that."""

import asyncio
from dataclasses import replace

from tests.bots import Running, Town, actions, bot
from tests.discord_server import Channel, Message, Permission
from tests.places import ASKED, Place
from tests.test_discord_messages import assert_answers, listen, sent


async def want_threads(running: Running, town: Town) -> None:
    servers = running.backend.servers
    await servers.change(replace(servers.settings(town.guild.id), answers="thread"))


def threads(town: Town) -> list[Channel]:
    return [one for one in town.guild.channels.values() if one.is_thread]


async def answer_in(town: Town, asked: Message) -> Message:
    """The answer in the thread of a message."""
    await town.discord.until(lambda: asked.thread)
    assert asked.thread
    return await town.discord.next_message(asked.thread)


async def mention(town: Town, text: str = ASKED) -> Message:
    return await town.discord.say(town.ada, town.channel, f"{town.mention} {text}")


async def test_a_mention_is_answered_in_a_thread_that_is_named_by_the_question(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        asked = await mention(town)
        assert_answers(await answer_in(town, asked))
        assert asked.thread
        assert asked.thread.name == ASKED
        assert sent(town.discord, town.channel) == []


async def test_the_buttons_of_an_answer_in_a_thread_work_there(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        answer = await answer_in(town, await mention(town))
        for action in ("context", "good"):
            told = await (await town.press(answer, action)).answered()
            assert "no longer kept" not in told.text
        assert "dismiss" in actions(answer)


async def test_in_a_thread_a_mention_is_answered_right_there(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        first = await answer_in(town, await mention(town))
        again = await town.discord.say(town.ada, first.channel, f"{town.mention} {ASKED}")
        assert_answers(await town.discord.next_message(first.channel, after=again))
        assert threads(town) == [first.channel]


async def test_where_no_thread_may_be_made_the_answer_is_a_reply(town: Town, public: Place) -> None:
    town.guild.deny(town.channel, Permission.CREATE_PUBLIC_THREADS)
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        asked = await mention(town)
        answer = await town.discord.next_message(town.channel, after=asked)
        assert_answers(answer)
        assert answer.reply_to is asked
        assert threads(town) == []


async def test_one_thread_and_one_answer_whatever_the_network_does(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        for fail in ("fail", "reset"):
            for path in (r"/messages/\d+/threads$", r"/channels/\d+/messages$"):
                before = len(threads(town))
                getattr(town.discord.faults, fail)("POST", path, after_accepting=True)
                asked = await mention(town)
                assert_answers(await answer_in(town, asked))
                await asyncio.sleep(0.2)
                assert asked.thread
                assert len(sent(town.discord, asked.thread)) == 1
                assert len(threads(town)) == before + 1
                assert len(sent(town.discord, town.channel)) == 0


async def test_what_is_overheard_gets_a_thread_only_if_it_is_answered(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True) as running:
        await listen(town, town.channel)
        await want_threads(running, town)
        chat = await town.discord.say(town.ada, town.channel, "what does a rocket cost in Alaska?")
        asked = await town.discord.say(town.ada, town.channel, ASKED)
        assert_answers(await answer_in(town, asked))
        assert chat.thread is None


async def test_direct_messages_are_answered_as_ever(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await want_threads(running, town)
        channel = town.discord.dm(town.ada)
        asked = await town.discord.say(town.ada, channel, ASKED)
        assert_answers(await town.discord.next_message(channel, after=asked))
