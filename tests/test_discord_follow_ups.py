"""Follow-ups over a real socket: of whom they are understood, and what is never taken up."""

import pytest

from tests.bots import Town, bot
from tests.discord_server import Message, User
from tests.places import Place

ASKS = "who leads the rocket project of Zorg?"
BORN = "when was she born?"
NAMED = "when was Mara Quill born?"
TEXTS = {
    "bread.txt": "Bread\n\nBread is baked daily.",
    "plans/rocket.txt": "Plans\n\nMara Quill leads the rocket project of Zorg.",
}
UNDERSTOOD = "Understood as: "


@pytest.fixture
def shelved(place: Place) -> Place:
    """A place with a folder that nobody sees yet."""
    place.index(TEXTS)
    return place


async def mention(town: Town, who: User, text: str) -> Message:
    said = await town.discord.say(who, town.channel, f"{town.mention} {text}")
    return await town.discord.next_message(town.channel, after=said)


async def test_a_mention_follows_up_the_same_persons_and_nobody_elses(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        await town.ask("when does the group meet?")
        other = await mention(town, town.admin, "and how often?")
        assert UNDERSTOOD not in other.text
        own = await town.ask("and how often?")
        assert f"{UNDERSTOOD}how often does the group meet?" in own.text


async def test_a_whole_question_is_left_as_it_is(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask("when does the group meet?")
        assert UNDERSTOOD not in (await town.ask("how often does the group meet?")).text


async def test_what_was_asked_in_private_is_followed_up_in_private_only(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        await town.slash("ask", question="when does the group meet?", private=True)
        assert UNDERSTOOD not in (await town.ask("and how often?")).text
        await town.slash("ask", question="when does the group meet?", private=True)
        own = await town.slash("ask", question="and how often?", private=True)
        assert f"{UNDERSTOOD}how often does the group meet?" in own.text


async def test_a_name_in_the_answer_is_taken_up_while_it_may_be_seen(
    town: Town, shelved: Place
) -> None:
    async with bot(town.discord, shelved):
        await town.slash("collection link", town.admin, collection="plans")
        assert "Mara Quill" in (await town.ask(ASKS)).text
        assert f"{UNDERSTOOD}{NAMED}" in (await town.ask(BORN)).text
        replied = await town.ask(ASKS)
        await town.slash("collection unlink", town.admin, collection="plans")
        for reply_to in (None, replied):
            said = await town.discord.say(
                town.ada, town.channel, f"{town.mention} {BORN}", reply_to=reply_to
            )
            told = await town.discord.next_message(town.channel, after=said)
            assert "Quill" not in told.text


async def test_a_question_that_holds_such_a_name_is_not_taken_up_either(
    town: Town, shelved: Place
) -> None:
    async with bot(town.discord, shelved):
        await town.slash("collection link", town.admin, collection="plans")
        await town.ask(ASKS)
        replied = await town.ask(BORN)
        assert NAMED in replied.text
        await town.slash("collection unlink", town.admin, collection="plans")
        for reply_to in (None, replied):
            said = await town.discord.say(
                town.ada, town.channel, f"{town.mention} and where?", reply_to=reply_to
            )
            told = await town.discord.next_message(town.channel, after=said)
            assert "Quill" not in told.text
