"""``/privacy`` over a real socket: shown, given out and deleted, by the person alone."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.presses import GONE
from bot.history.stored import ServerSettings
from tests.bots import Running, Town, actions, bot, press_of, settle
from tests.choosing import forge, told
from tests.discord_server import Call, Message, User
from tests.places import ASKED, Place
from tests.test_discord_buttons import placed
from tests.test_discord_messages import assert_answers, assert_nothing_pings
from tests.test_privacy import traces

CANARY = "what does the kanari-question cost in Alaska?"
EXPECTED = "kanari-expected is the right answer"
QUERY = "kanari-query bread"
CANARIES = ("kanari-question", "kanari-expected", "kanari-query")
WREN = "what does the wren-question cost in Ohio?"


async def shown(town: Town, who: User | None = None) -> Message:
    message = await town.slash("privacy", who)
    assert message.ephemeral
    return message


async def exported(town: Town, message: Message, who: User | None = None) -> dict[str, Any]:
    """The file that comes when it is asked for."""
    answer = await (await town.press(message, "export", who)).answered()
    assert answer.ephemeral
    (attached,) = answer.attachments
    assert attached.name == "footnote-data.json"
    data: dict[str, Any] = json.loads(attached.data)
    return data


async def erased(town: Town, message: Message, who: User | None = None) -> Message:
    """Delete everything, and confirm it."""
    asking = await (await town.press(message, "erase", who)).answered()
    assert asking.ephemeral
    assert actions(asking) == ["erased", "cancel"]
    await (await town.press(asking, "erased", who)).answered()
    return asking


async def disapprove(town: Town, answer: Message, who: User, words: str) -> None:
    call: Call = await town.press(answer, "bad", who)
    await call.acknowledged()
    assert call.modal
    name = call.modal["components"][0]["component"]["custom_id"]
    await (await town.discord.submit(who, call, {name: words})).answered()


async def fill(town: Town, other: Town, running: Running) -> Message:
    """What Ada does in two servers and in direct messages, and others do; an answer of hers."""
    grace = town.admin
    answer = await town.ask(ASKED)
    await town.ask(CANARY)
    other.guild.join(town.ada)
    mention = await town.discord.say(town.ada, other.channel, f"{town.mention} {CANARY}")
    await town.discord.next_message(other.channel, after=mention)
    direct = town.discord.dm(town.ada)
    said = await town.discord.say(town.ada, direct, CANARY)
    await town.discord.next_message(direct, after=said)
    await town.slash("ask", question=CANARY, private=True)
    await town.slash("search", query=QUERY)
    graces = await town.slash("ask", grace, question=ASKED)
    await disapprove(town, graces, town.ada, EXPECTED)
    await disapprove(town, answer, grace, "wren-expected")
    unknown = await town.slash("ask", grace, question=WREN)
    for who in (town.ada, grace):
        await (await town.press(unknown, "wish", who)).answered()
    await (await town.press(answer, "good")).answered()
    for who in (town.ada, grace):
        assert await running.backend.servers.choose(who.id, [town.guild.id])
    return answer


def texts(path: Path, *needles: str) -> list[str]:
    data = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    return [one for one in needles if one.encode() in data]


async def test_deleting_leaves_no_trace_of_a_person_on_the_disk(town: Town, public: Place) -> None:
    other, path = settle(town.discord, "Other"), public.data / "history.sqlite"
    async with bot(town.discord, public) as running:
        answer = await fill(town, other, running)
        assert town.ada.id >= 2**47  # which SQLite stores in eight bytes
        found = traces(path, town.ada.id, CANARIES)
        assert {f"{what} in history.sqlite" for what in ("number", *CANARIES)} <= {*found}
        before = await shown(town)
        assert "5 questions with answers" in before.text
        assert "2 votes" in before.text
        assert "1 wish to be told" in before.text
        assert "1 list that you paged in" in before.text
        assert "1 server chosen" in before.text
        graces = (await shown(town, town.admin)).text
        last = await erased(town, before)
        assert "✅" in last.text
        assert actions(last) == []
        assert traces(path, town.ada.id, CANARIES) == []  # while the bot runs
        assert running.backend.servers.chosen(town.ada.id) == ()
        assert "Nothing." in (await shown(town)).text
        assert (await told(await town.press(answer, "context", town.admin))).text == GONE
        # Of others all is there, but for a vote on an answer of hers.
        assert texts(path, "wren-question") == ["wren-question"]
        assert "2 questions with answers" in (await shown(town, town.admin)).text
        assert graces.replace("- 1 vote\n", "") == (await shown(town, town.admin)).text
        assert running.backend.servers.chosen(town.admin.id) == (town.guild.id,)
    assert traces(path, town.ada.id, CANARIES) == []
    async with bot(town.discord, public):
        assert "Nothing." in (await shown(town)).text


async def test_deleting_leaves_no_trace_of_a_question_in_memory(town: Town, public: Place) -> None:
    library = public.library()
    async with bot(town.discord, public, corpus=library):
        assert_answers(await town.ask(ASKED))
        kept = library._state.serve().outcomes
        assert len(kept) == 1
        await erased(town, await shown(town))
        assert len(kept) == len(library._encoder._vectors) == 0


async def test_what_was_asked_before_is_nothing_to_follow_up_any_more(
    town: Town, public: Place
) -> None:
    direct = town.discord.dm(town.ada)
    async with bot(town.discord, public) as running:
        said = await town.discord.say(town.ada, direct, ASKED)
        assert_answers(await town.discord.next_message(direct, after=said))
        typed: dict[str, object] = {"question": "how"}
        choices = await town.discord.autocomplete(town.ada, direct, "ask", typed, "question")
        assert [one["name"] for one in choices] == [ASKED]
        call = await town.discord.slash(town.ada, direct, "privacy")
        await erased(town, await call.answered())
        assert await town.discord.autocomplete(town.ada, direct, "ask", typed, "question") == []
        said = await town.discord.say(town.ada, direct, "and where?")
        answer = await town.discord.next_message(direct, after=said)
        kept = await placed(running, answer)
        assert kept.question == "and where?"


async def test_the_download_holds_what_is_kept_and_of_nobody_else(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await fill(town, other, running)
        message = await shown(town)
        kept = await exported(town, message)
        assert [one["guild"] for one in kept["questions"]] == [
            str(town.guild.id),
            str(town.guild.id),
            str(other.guild.id),
            None,
            str(town.guild.id),
        ]
        assert all(ASKED in str(one) or CANARY in str(one) for one in kept["questions"])
        assert [one["expected"] for one in kept["votes"]] == [EXPECTED, None]
        assert len(kept["wishes"]) == 1
        assert kept["lists"][0]["argument"] == {"query": QUERY}
        assert kept["servers_in_direct_messages"] == [{"guild": str(town.guild.id)}]
        whole = json.dumps(kept)
        assert "wren" not in whole
        assert str(town.admin.id) not in whole


async def test_nothing_is_deleted_before_it_is_confirmed(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask(ASKED)
        message = await shown(town)
        asking = await (await town.press(message, "erase")).answered()
        assert "Delete everything" in asking.text
        assert "1 question" in (await shown(town)).text
        await (await town.press(asking, "cancel")).answered()
        assert actions(asking) == []
        assert "1 question" in (await shown(town)).text


async def test_the_buttons_work_after_a_restart(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask(ASKED)
        message = await shown(town)
        asking = await (await town.press(message, "erase")).answered()
    async with bot(town.discord, public):
        assert len((await exported(town, message))["questions"]) == 1
        await (await town.press(asking, "erased")).answered()
        assert "Nothing." in (await shown(town)).text
    assert_nothing_pings(town.discord)


@pytest.mark.parametrize(
    "where", ["in direct messages", "in a group", "in a server without the bot"]
)
async def test_it_is_there_wherever_the_bot_can_be_asked(
    town: Town, public: Place, where: str
) -> None:
    elsewhere = town.discord.add_guild("Elsewhere", with_bot=False)
    elsewhere.join(town.ada)
    channel = {
        "in direct messages": town.discord.dm(town.ada),
        "in a group": town.discord.group_dm(town.ada, town.admin),
        "in a server without the bot": elsewhere.add_channel("general"),
    }[where]
    async with bot(town.discord, public):
        await town.ask(ASKED)
        call = await town.discord.slash(town.ada, channel, "privacy", installed_for="user")
        message = await call.answered()
        assert message.ephemeral
        assert "1 question" in message.text
        await erased(town, message)
        assert "Nothing." in (await shown(town)).text


async def test_a_person_nobody_knows_is_told_so(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask(ASKED)
        message = await shown(town, town.admin)
        assert "Nothing." in message.text
        assert actions(message) == []


# In the wrong hands


@pytest.mark.parametrize("action", ["export", "erase", "erased"])
async def test_a_forged_press_is_about_whoever_presses(
    town: Town, public: Place, action: str
) -> None:
    async with bot(town.discord, public):
        await town.ask(CANARY)
        before = (await shown(town)).text
        forged_id = f"fn:{action}:{town.ada.id}:1"
        call = await forge(town, forged_id, who=town.admin)
        await town.discord.until(lambda: call.answers or call.acknowledged_after is not None)
        await asyncio.sleep(0.1)
        for answer in call.answers:
            assert "kanari" not in answer.text
            assert all(b"kanari" not in file.data for file in answer.attachments)
        assert (await shown(town)).text == before


@pytest.mark.parametrize("custom_id", ["fn:erased", "fn:erase-:-", "fn:ERASED:-", "fn:erased:x:y"])
async def test_a_button_of_unknown_make_deletes_nothing(
    town: Town, public: Place, custom_id: str
) -> None:
    async with bot(town.discord, public):
        await town.ask(ASKED)
        assert "again" in (await told(await forge(town, custom_id, who=town.ada))).text
        assert "1 question" in (await shown(town)).text


# Where it cannot be done


async def test_without_a_history_it_says_to_try_again(town: Town, public: Place) -> None:
    (public.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, public):
        assert "try again" in (await shown(town)).text


async def test_what_is_only_held_in_memory_is_told_and_forgotten(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await running.backend.servers.change(ServerSettings(town.guild.id, history=False))
        answer = await town.ask(ASKED)
        message = await shown(town)
        assert "1 answer is held in memory" in message.text
        await erased(town, message)
        assert "Nothing." in (await shown(town)).text
        assert press_of(answer, "context")
        assert (await told(await town.press(answer, "context"))).text == GONE
