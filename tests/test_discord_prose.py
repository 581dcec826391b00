"""A language model's words on Discord, over real sockets: an edit above an answer that stands."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.endpoint import Endpoint
from bot.history.stored import ServerSettings
from tests.bots import Town, actions, bot
from tests.discord_server import Message
from tests.llm_server import MODEL, LlmServer, llm_server
from tests.places import ASKED, BREAD, TALKS, Place
from tests.test_discord_messages import assert_answers, assert_nothing_pings, sent
from tests.test_discord_threads import answer_in

PROSE = "The group meets every six months [1]. Bob Smith founded it @everyone [1]."
ABOVE = "✨ A language model's words, held against the quotes below:\nThe group meets every six "
MONTHS = "months. \\[1\\]"
BIG = "### **every six months**"


@pytest.fixture
def llm() -> Iterator[LlmServer]:
    with llm_server() as server:
        server.says(PROSE)
        yield server


def endpoint(llm: LlmServer) -> Endpoint:
    return Endpoint(llm.url, MODEL)


def edits(town: Town) -> int:
    """How often a message was edited that was there before."""
    return len(town.discord.requested("PATCH", r"/channels/\d+/messages/\d+$"))


async def with_prose(town: Town, message: Message) -> None:
    """Wait for the prose, and see that nothing else has changed."""
    await town.discord.until(lambda: "✨" in message.text)
    assert ABOVE + MONTHS in message.text
    assert "Bob" not in message.text
    assert_answers(message)
    assert message.text.index(MONTHS) < message.text.index(BIG)


async def test_a_mention_is_answered_at_once_and_edited_once(
    town: Town, public: Place, llm: LlmServer
) -> None:
    llm.pause = 0.02
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        answer = await town.ask(ASKED)
        assert "✨" not in answer.text  # it does not wait for the model
        assert_answers(answer)
        before = actions(answer)
        await with_prose(town, answer)
        assert actions(answer) == before
        assert (edits(town), len(llm.asked())) == (1, 1)
        assert sent(town.discord, town.channel) == [answer]
    assert_nothing_pings(town.discord)


@pytest.mark.parametrize("private", [False, True])
async def test_a_command_is_answered_so_too(
    town: Town, public: Place, llm: LlmServer, private: bool
) -> None:
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        answer = await town.slash("ask", question=ASKED, private=private)
        await with_prose(town, answer)
        assert answer.ephemeral == private
        assert answer.text.index(ASKED) < answer.text.index("✨")


async def test_a_direct_message_and_a_thread_are_answered_so_too(
    town: Town, public: Place, llm: LlmServer
) -> None:
    async with bot(town.discord, public, endpoint=endpoint(llm)) as running:
        there = town.discord.dm(town.ada)
        asked = await town.discord.say(town.ada, there, ASKED)
        await with_prose(town, await town.discord.next_message(there, after=asked))
        await running.backend.servers.change(ServerSettings(town.guild.id, answers="thread"))
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        await with_prose(town, await answer_in(town, asked))


async def test_nothing_is_sent_and_nothing_edited_where_no_model_is_set(
    town: Town, public: Place, llm: LlmServer
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
        await asyncio.sleep(0.2)
        assert_answers(answer)
        assert (edits(town), llm.requests) == (0, [])


async def test_nothing_is_sent_of_what_the_documents_do_not_say(
    town: Town, public: Place, llm: LlmServer
) -> None:
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        await town.ask("what does a rocket cost in Alaska?")
        await asyncio.sleep(0.2)
        assert (edits(town), llm.requests) == (0, [])


@pytest.mark.parametrize("trouble", ["status", "evil", "cut"])
async def test_the_answer_stays_as_it_is_where_no_prose_can_be_shown(
    town: Town, public: Place, llm: LlmServer, trouble: str
) -> None:
    match trouble:
        case "status":
            llm.status = 500
        case "evil":
            llm.says("Bob Smith founded the group in 1999 [1]. See https://evil.example [1].")
        case "cut":
            llm.chunks, llm.cut = llm.chunks[:3], True
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        answer = await town.ask(ASKED)
        await town.discord.until(llm.asked)
        await asyncio.sleep(0.3)
        assert_answers(answer)
        assert (edits(town), len(llm.asked())) == (0, 1)


async def test_an_answer_that_was_dismissed_meanwhile_stays_away(
    town: Town, public: Place, llm: LlmServer
) -> None:
    llm.pause = 0.05
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        answer = await town.ask(ASKED)
        await town.press(answer, "dismiss")
        await town.discord.until(lambda: not sent(town.discord, town.channel))
        await town.discord.until(lambda: edits(town))
        again = await town.ask(ASKED)  # and nothing has come to harm
        await with_prose(town, again)
        assert sent(town.discord, town.channel) == [again]


async def test_an_answer_whose_documents_changed_meanwhile_is_left_alone(
    town: Town, public: Place, llm: LlmServer
) -> None:
    llm.pause = 0.06
    async with bot(town.discord, public, endpoint=endpoint(llm)) as running:
        answer = await town.ask(ASKED)
        public.write({"bread.txt": BREAD, "talks.txt": TALKS.replace("six", "two")})
        await running.backend.service.refresh()
        await asyncio.sleep(1.5)
        assert len(llm.asked()) == 1
        assert "✨" not in answer.text


async def test_the_bot_ends_although_a_model_hangs(
    town: Town, public: Place, llm: LlmServer
) -> None:
    llm.pause = 60.0
    async with bot(town.discord, public, endpoint=endpoint(llm)):
        answer = await town.ask(ASKED)
        await town.discord.until(llm.asked)
        assert_answers(answer)
    assert not [task for task in asyncio.all_tasks() if "Prose" in repr(task)]
    assert_answers(answer)
