"""Documents that disagree, over a real socket: both are told, wherever a question is answered."""

import pytest

from bot.history.stored import Link
from tests.bots import Town, bot, press_of
from tests.discord_server import Message
from tests.discord_server.events import until
from tests.places import ASKED, Place
from tests.readiness import hurry, online
from tests.test_discord_messages import assert_nothing_pings, listen, sent

HALF_YEARLY = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace."
YEARLY = "Rules\n\nPublished: 11 March 2021\n\nThe group meets every year."
BOTH: dict[str, str | bytes] = {"talks.txt": HALF_YEARLY, "rules.txt": YEARLY}
HIDDEN: dict[str, str | bytes] = {"talks.txt": HALF_YEARLY, "board/rules.txt": YEARLY}
TOLD = (
    "**The documents disagree:**\n"
    "1 · **every year** · dated March 11, 2021\n"
    "2 · **every six months** · file of September 13, 2020"
)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def assert_tells(message: Message) -> None:
    assert TOLD in message.text
    assert message.text.index("`rules.txt`") < message.text.index("`talks.txt`")
    assert "Confidence:" in message.text


def assert_tells_one(message: Message) -> None:
    assert "disagree" not in message.text
    assert "every year" not in message.text
    assert "rules.txt" not in message.text
    assert "**every six months**" in message.text


async def test_a_disagreement_is_told_by_every_way_of_asking(town: Town, place: Place) -> None:
    place.index(BOTH)
    discord = town.discord
    async with bot(discord, place, reads_messages=True):
        mentioned = await town.ask(ASKED)
        assert_tells(mentioned)
        assert_tells(await town.slash("ask", question=ASKED))
        alone = await town.slash("ask", question=ASKED, private=True)
        assert_tells(alone)
        direct = discord.dm(town.ada)
        asked = await discord.say(town.ada, direct, ASKED)
        assert_tells(await discord.next_message(direct, after=asked))
        room = town.guild.add_channel("questions")
        await listen(town, room)
        asked = await discord.say(town.ada, room, ASKED)
        assert_tells(await discord.next_message(room, after=asked))
    assert_nothing_pings(discord)


async def test_a_disagreement_shared_after_a_restart_is_still_one(town: Town, place: Place) -> None:
    place.index(BOTH)
    async with bot(town.discord, place):
        alone = await town.slash("ask", question=ASKED, private=True)
    async with bot(town.discord, place):
        before = len(sent(town.discord, town.channel))
        await town.press(alone, "share")
        await until(lambda: len(sent(town.discord, town.channel)) > before, 10)
        assert_tells(sent(town.discord, town.channel)[-1])
        second = await town.discord.click(
            town.ada, alone, press_of(alone, "context").replace(":0:0", ":1:0")
        )
        assert "**The group meets every six months.**" in (await second.answered()).text


async def test_nothing_is_told_of_a_document_that_not_all_readers_may_see(
    town: Town, place: Place
) -> None:
    place.index(HIDDEN)
    staff = town.guild.add_role("Staff")
    insider = town.discord.add_user("insider")
    town.guild.join(insider, roles=[staff])
    async with bot(town.discord, place) as running:
        link = Link("board", town.guild.id, "role", staff.id)
        assert await running.backend.servers.link(link)
        asked = await town.discord.say(insider, town.channel, f"{town.mention} {ASKED}")
        public = await town.discord.next_message(town.channel, after=asked)
        assert_tells_one(public)
        shown = await (await town.press(public, "private", insider)).answered()
        assert TOLD in shown.text
        assert shown.ephemeral
        assert_tells_one(await (await town.press(public, "private", town.ada)).answered())
        assert_tells_one(await town.slash("ask", question=ASKED, private=True))


async def test_a_notice_tells_that_the_documents_disagree(town: Town, place: Place) -> None:
    place.index({"bread.txt": "Bread\n\nBread is baked daily."})
    async with bot(town.discord, place) as running:
        await online(running)
        unanswered = await town.ask(ASKED)
        await (await town.press(unanswered, "wish")).answered()
        place.write(BOTH)
        await running.backend.service.refresh()
        assert_tells(await town.discord.next_message(town.channel, after=unanswered))


async def test_what_is_changed_to_agree_is_told_as_one_answer(town: Town, place: Place) -> None:
    place.index(BOTH)
    async with bot(town.discord, place) as running:
        assert_tells(await town.ask(ASKED))
        place.write(BOTH | {"rules.txt": YEARLY.replace("every year", "twice a year")})
        await running.backend.service.refresh()
        assert "disagree" not in (await town.ask(ASKED)).text


async def test_a_disagreement_is_told_in_the_reader_s_language(town: Town, place: Place) -> None:
    place.index(BOTH)
    town.ada.locale = town.guild.locale = "de"
    async with bot(town.discord, place):
        told = (await town.slash("ask", question=ASKED, private=True)).text
    assert "**Die Dokumente widersprechen sich:**" in told
    assert "Datum: 11. März 2021" in told
