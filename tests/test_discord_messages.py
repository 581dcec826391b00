"""Messages over a real socket: mentions, direct messages, replies, ask channels, forum posts."""

import asyncio
import logging

import pytest

from bot.corpus import Corpus
from bot.gateway.hearing import HOW, UNREADABLE, WELCOME
from index.library import Library
from index.records import RefreshReport
from tests.bots import Town, actions, bot, plant, press_of
from tests.discord_server import Channel, DiscordServer, Message
from tests.places import ASKED, OPEN_TEXTS, Place

SAYS = ("**every six months**", "`talks.txt`", "line 3")


def assert_answers(message: Message) -> None:
    for part in SAYS:
        assert part in message.text


def sent(discord: DiscordServer, channel: Channel) -> list[Message]:
    return [one for one in discord.messages(channel) if one.author is discord.bot]


async def quiet(discord: DiscordServer, town: Town, channel: Channel) -> None:
    """Wait until whatever was said before has been dealt with: a later question is answered."""
    there = await town.ask(ASKED, channel=town.guild.add_channel("aside"))
    assert_answers(there)
    await asyncio.sleep(0.05)


def assert_nothing_pings(discord: DiscordServer) -> None:
    """Every message that was sent or edited says that it mentions nobody."""
    bodies = [one.json for one in discord.requests if isinstance(one.json, dict)]
    spoken = [
        part
        for body in bodies
        for part in (body, body.get("data"))
        if isinstance(part, dict) and ("components" in part or "content" in part)
    ]
    assert spoken
    assert all(one["allowed_mentions"]["parse"] == [] for one in spoken)
    assert all(not one["allowed_mentions"].get("replied_user") for one in spoken)


async def test_a_mention_is_answered_once_below_the_question(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        answer = await town.discord.next_message(town.channel, after=asked)
        assert_answers(answer)
        assert answer.reply_to is asked
        assert ASKED not in answer.text  # it stands right above
        assert actions(answer)[0] == "context"
        assert actions(answer)[-3:] == ["good", "bad", "dismiss"]
        assert any(one.path.endswith("/typing") for one in town.discord.requests)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [answer]
    assert_nothing_pings(town.discord)


async def test_a_mention_is_answered_in_a_thread_too(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        thread = town.channel.add_thread("talks", town.ada)
        assert_answers(await town.ask(ASKED, channel=thread))


async def test_a_direct_message_needs_no_mention(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        channel = town.discord.dm(town.ada)
        asked = await town.discord.say(town.ada, channel, ASKED)
        assert_answers(await town.discord.next_message(channel, after=asked))


async def test_in_direct_messages_the_question_before_is_followed_up(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        channel = town.discord.dm(town.ada)
        asked = await town.discord.say(town.ada, channel, "when does the group meet?")
        first = await town.discord.next_message(channel, after=asked)
        asked = await town.discord.say(town.ada, channel, "and how often?")
        second = await town.discord.next_message(channel, after=first)
        assert "Understood as: how often does the group meet?" in second.text
        assert_answers(second)


async def test_a_reply_to_an_answer_is_understood_from_it(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        first = await town.ask("when does the group meet?")
    async with bot(town.discord, public):  # it is known after a restart as well
        asked = await town.discord.say(
            town.ada, town.channel, "and how often?", reply_to=first, ping=True
        )
        second = await town.discord.next_message(town.channel, after=asked)
        assert "Understood as: how often does the group meet?" in second.text
        assert_answers(second)
        asked = await town.discord.say(town.ada, town.channel, "and who?", reply_to=second)
        third = await town.discord.next_message(town.channel, after=asked)
        assert "Understood as: who does the group meet" in third.text


async def test_thanks_in_reply_need_no_answer(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        first = await town.ask(ASKED)
        await town.discord.say(town.ada, town.channel, "thanks!", reply_to=first)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [first]


@pytest.mark.parametrize(("text", "told"), [("", HOW), ("thank you!", WELCOME)])
async def test_a_mention_without_a_question_is_answered_kindly(
    town: Town, public: Place, text: str, told: str
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(text)
        assert answer.text == told


async def test_a_bare_mention_below_a_question_answers_that(town: Town, public: Place) -> None:
    town.discord.add_user("bob")
    async with bot(town.discord, public, reads_messages=True):
        question = await town.discord.say(town.admin, town.channel, ASKED)
        asked = await town.discord.say(town.ada, town.channel, town.mention, reply_to=question)
        assert_answers(await town.discord.next_message(town.channel, after=asked))


async def test_the_role_of_the_bot_is_taken_for_the_bot(town: Town, public: Place) -> None:
    role = next(one for one in town.guild.roles.values() if "tags" in one.json)
    async with bot(town.discord, public, reads_messages=True):
        asked = await town.discord.say(town.ada, town.channel, f"<@&{role.id}> {ASKED}")
        assert_answers(await town.discord.next_message(town.channel, after=asked))


async def test_nobody_else_is_answered(town: Town, public: Place) -> None:
    """Not bots, not @everyone, not people who talk to each other, not other people's names."""
    robot = town.discord.add_user("robot", bot=True)
    town.guild.join(robot)
    bob = town.discord.add_user("bob")
    town.guild.join(bob)
    async with bot(town.discord, public, reads_messages=True):
        await town.discord.say(robot, town.channel, f"{town.mention} {ASKED}")
        await town.discord.say(town.admin, town.channel, f"@everyone {ASKED}")
        await town.discord.say(town.ada, town.channel, ASKED)
        await town.discord.say(town.ada, town.channel, f"<@{bob.id}> {ASKED}")
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == []


async def test_what_the_documents_do_not_say_is_told_with_what_is_nearest(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask("what does a rocket cost in Alaska?")
        assert "The documents don't say." in answer.text
        assert actions(answer)[-2:] == ["wish", "dismiss"]


@pytest.mark.parametrize(
    "text", ["?" * 50, "😀", "*" * 1900, "@everyone", "\u202e\u200b", "a" * 1900]
)
async def test_whatever_is_said_to_the_bot_is_answered_and_pings_nobody(
    town: Town, public: Place, text: str
) -> None:
    async with bot(town.discord, public):
        assert (await town.ask(text)).text
    assert_nothing_pings(town.discord)


async def listen(town: Town, *channels: Channel) -> Message:
    """An admin chooses the channels in which every question is answered."""
    panel = await town.slash("settings", town.admin)
    call = await town.discord.click(town.admin, panel, "fn:setask:-", channels)
    return await call.answered()


async def test_every_question_in_an_ask_channel_is_answered_and_nothing_else(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True):
        await listen(town, town.channel)
    async with bot(town.discord, public, reads_messages=True):  # kept over a restart
        asked = await town.discord.say(town.ada, town.channel, ASKED)
        answer = await town.discord.next_message(town.channel, after=asked)
        assert_answers(answer)
        for chatter in ("nice weather", "lol what?", "what does a rocket cost in Alaska?"):
            await town.discord.say(town.ada, town.channel, chatter)
        other = town.guild.add_channel("other")
        await town.discord.say(town.ada, other, ASKED)
        await quiet(town.discord, town, other)
        assert sent(town.discord, town.channel) == [answer]
        assert sent(town.discord, other) == []
        await listen(town)
        await town.discord.say(town.ada, town.channel, ASKED)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [answer]


async def test_a_forum_post_is_answered_but_not_what_follows_in_it(
    town: Town, public: Place
) -> None:
    forum = town.guild.add_forum("help")
    async with bot(town.discord, public, reads_messages=True):
        await listen(town, forum)
        thread, first = await town.discord.post(town.ada, forum, ASKED, "I could not find it.")
        answer = await town.discord.next_message(thread, after=first)
        assert_answers(answer)
        assert answer.reply_to is first
        await town.discord.say(town.ada, thread, "how often does the group meet, really?")
        chat, _ = await town.discord.post(town.ada, forum, "Introductions", "Hi, I am Ada.")
        await quiet(town.discord, town, chat)
        assert sent(town.discord, thread) == [answer]
        assert sent(town.discord, chat) == []


async def test_an_ask_channel_without_the_intent_is_told_what_is_missing(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        assert "FOOTNOTE_MESSAGE_CONTENT=on" in (await listen(town, town.channel)).text


async def test_a_hundred_mentions_at_once_get_a_hundred_answers(town: Town, public: Place) -> None:
    people = [town.discord.add_user(f"p{n}") for n in range(10)]
    for person in people:
        town.guild.join(person)
    async with bot(town.discord, public):
        asked = [
            await town.discord.say(people[n % 10], town.channel, f"{town.mention} {ASKED}")
            for n in range(100)
        ]
        await town.discord.until(lambda: len(sent(town.discord, town.channel)) >= 100, 30)
        await quiet(town.discord, town, town.channel)
        answers = sent(town.discord, town.channel)
        assert {one.reply_to for one in answers} == {*asked}
        assert len(answers) == 100
        for answer in answers:
            assert_answers(answer)
    assert_nothing_pings(town.discord)


class Slow:
    """A library whose first indexing waits until it is let go."""

    def __init__(self, library: Library, gate: asyncio.Event) -> None:
        self._library = library
        self._gate = gate
        self._loop = asyncio.get_running_loop()

    def __getattr__(self, name: str) -> object:
        return getattr(self._library, name)

    def refresh(self, **how: object) -> RefreshReport:
        asyncio.run_coroutine_threadsafe(self._gate.wait(), self._loop).result(20)
        return self._library.refresh(**how)  # type: ignore[arg-type]


async def test_who_asks_before_the_index_is_ready_is_told_to_wait_and_then_answered(
    town: Town, place: Place
) -> None:
    place.write(OPEN_TEXTS)
    gate = asyncio.Event()
    slow: Corpus = Slow(place.library(), gate)  # type: ignore[assignment]
    async with bot(town.discord, place, corpus=slow, grace=0.0, wait=False):
        await town.discord.ready()
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        told = await town.discord.next_message(town.channel, after=asked)
        call = await town.discord.slash(town.ada, town.channel, "ask", {"question": ASKED})
        waiting = await call.answered()
        assert "still reading" in told.text
        assert "still reading" in waiting.text
        gate.set()
        await town.discord.until(lambda: "six months" in told.text and "six" in waiting.text)
        assert_answers(told)
        assert_answers(waiting)
        assert sent(town.discord, town.channel) == [told, waiting]


async def test_who_asks_shortly_before_the_index_is_ready_gets_one_message(
    town: Town, place: Place
) -> None:
    place.write(OPEN_TEXTS)
    gate = asyncio.Event()
    slow: Corpus = Slow(place.library(), gate)  # type: ignore[assignment]
    async with bot(town.discord, place, corpus=slow, wait=False):
        await town.discord.ready()
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        await town.discord.until(
            lambda: any(one.path.endswith("/typing") for one in town.discord.requests)
        )
        gate.set()
        answer = await town.discord.next_message(town.channel, after=asked)
        assert_answers(answer)
        assert answer.history == []


async def test_without_documents_it_is_said_how_to_add_some(town: Town, place: Place) -> None:
    place.write({})
    async with bot(town.discord, place):
        assert (
            "/upload" in (await town.ask(ASKED)).text or "don't say" in (await town.ask(ASKED)).text
        )


@pytest.mark.parametrize("after_accepting", [False, True])
async def test_a_lost_connection_costs_no_answer_and_doubles_none(
    town: Town, public: Place, after_accepting: bool
) -> None:
    async with bot(town.discord, public):
        town.discord.faults.reset("POST", r"/messages$", after_accepting=after_accepting)
        assert_answers(await town.ask(ASKED))
        await asyncio.sleep(1.0)
        await quiet(town.discord, town, town.channel)
        assert len(sent(town.discord, town.channel)) == 1


async def test_discords_own_failures_and_limits_delay_an_answer_only(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        town.discord.faults.fail("POST", r"/messages$", status=503)
        assert_answers(await town.ask(ASKED))
        town.discord.limit("POST", r"/messages$", 1, 0.4)
        for _ in range(3):
            await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        await town.discord.until(lambda: len(sent(town.discord, town.channel)) == 4)


async def test_a_channel_in_which_it_may_not_write_is_noted_in_the_log_once(
    town: Town, public: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot(town.discord, public):
        town.discord.faults.fail(
            "POST", r"/messages$", status=403, json={"code": 50013, "message": "No."}
        )
        with caplog.at_level(logging.WARNING):
            await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
            await town.discord.until(lambda: "could not be answered" in caplog.text)
        posts = [one for one in town.discord.requests if one.path.endswith("/messages")]
        assert len(posts) == 1
        assert_answers(await town.ask(ASKED))


async def test_a_deleted_question_is_answered_nevertheless(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        await town.discord.delete(asked)
        assert_answers(await town.discord.next_message(town.channel))


async def test_what_a_document_holds_is_shown_inert(town: Town, place: Place) -> None:
    evil = "The group meets @everyone every <@1> [six](https://evil.example) ||months||.\n"
    place.index({"evil.txt": f"Evil\n\n{evil}"})
    async with bot(town.discord, place):
        answer = await town.ask("how often does the group meet every six months?")
        assert r"\@everyone every \<\@1\> \[six\](https\://evil.example) \|\|months\|\|" in (
            answer.text.replace("**", "")
        )
    assert_nothing_pings(town.discord)


async def test_the_fewest_intents_are_asked_for(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        (identify,) = town.discord.identifies
        assert identify["intents"] == 1 << 0 | 1 << 9 | 1 << 12
    async with bot(town.discord, public, reads_messages=True):
        assert town.discord.identifies[-1]["intents"] == 1 << 0 | 1 << 9 | 1 << 12 | 1 << 15


@pytest.mark.parametrize(
    "extra",
    ["<@123456789012345678>", "<:pepe:112233445566778899>", "<#112233445566778899>",
     "<t:1700000000:R>", "https://example.org/123", "</ask:112233445566778899>"],
)  # fmt: skip
async def test_what_discord_writes_with_numbers_is_no_part_of_a_question(
    town: Town, public: Place, extra: str
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(f"how often does the group meet {extra} ?")
        assert_answers(answer)
        assert "Understood as" not in answer.text
        assert_answers(await town.slash("ask", question=f"{extra} {ASKED}"))
        assert (await town.ask(extra)).text in (HOW, WELCOME)  # an emoji is a friendly word
    assert_nothing_pings(town.discord)


async def test_every_reply_that_pings_the_bot_is_answered(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        help_text = await town.ask("")
        asked = await town.discord.say(town.ada, town.channel, ASKED, reply_to=help_text)
        assert_answers(await town.discord.next_message(town.channel, after=asked))


async def test_without_a_history_a_reply_is_a_question_of_its_own(
    town: Town, public: Place
) -> None:
    (public.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, public):
        first = await town.ask(ASKED)
        asked = await town.discord.say(town.ada, town.channel, ASKED, reply_to=first)
        assert_answers(await town.discord.next_message(town.channel, after=asked))


async def test_a_message_that_it_may_not_read_is_said_to_be_unreadable(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        question = await town.discord.say(town.admin, town.channel, ASKED)
        asked = await town.discord.say(town.ada, town.channel, town.mention, reply_to=question)
        told = await town.discord.next_message(town.channel, after=asked)
        assert told.text == UNREADABLE


async def test_without_the_right_to_read_the_history_it_answers_beside_the_question(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        refusal = {"code": 160002, "message": "Cannot reply without permission to read history"}
        town.discord.faults.fail("POST", r"/messages$", status=400, json=refusal)
        answer = await town.ask(ASKED)
        assert_answers(answer)
        assert answer.reply_to is None


async def test_another_persons_private_answer_cannot_be_followed_up(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        private = await town.slash("ask", town.admin, question="when does it meet?", private=True)
        row = press_of(private, "context").split(":")[2]
        decoy = plant(town.discord, town.channel, "fn:x:y")
        await running.backend.memory.placed(row, decoy.id)
        asked = await town.discord.say(town.ada, town.channel, "and how often?", reply_to=decoy)
        answer = await town.discord.next_message(town.channel, after=asked)
        assert "Understood as" not in answer.text


async def test_a_reply_to_somebody_else_is_left_alone_in_an_ask_channel(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True):
        await listen(town, town.channel)
        said = await town.discord.say(town.admin, town.channel, "nice weather")
        await town.discord.say(town.ada, town.channel, ASKED, reply_to=said)
        statement = "the group meets every six months."
        await town.discord.say(town.ada, town.channel, statement)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == []


async def test_a_reply_without_a_ping_is_answered_only_if_it_asks(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True):
        first = await town.ask(ASKED)
        said = "i told you so, grace"
        await town.discord.say(town.ada, town.channel, said, reply_to=first, ping=False)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [first]
        await town.discord.say(town.ada, town.channel, ASKED, reply_to=first, ping=False)
        assert_answers(await town.discord.next_message(town.channel, after=first))


async def test_a_mention_with_a_mere_sign_below_a_question_answers_that(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True):
        question = await town.discord.say(town.admin, town.channel, ASKED)
        asked = await town.discord.say(
            town.ada, town.channel, f"{town.mention} ^", reply_to=question
        )
        assert_answers(await town.discord.next_message(town.channel, after=asked))


async def test_a_reply_to_somebody_whose_question_was_not_answered_is_left_alone(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, reads_messages=True):
        await listen(town, town.channel)
        asked = await town.discord.say(town.ada, town.channel, "what does a rocket cost in Alaska?")
        await quiet(town.discord, town, town.guild.add_channel("other"))
        await town.discord.say(town.admin, town.channel, ASKED, reply_to=asked)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == []
