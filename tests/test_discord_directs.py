"""``/servers`` over a real socket: what is chosen is asked in direct messages, by members alone."""

import pytest

from bot.history.stored import Link
from bot.servers import MOST_CHOSEN
from tests.bots import Running, Town, bot, settle
from tests.choosing import choose, chosen, forge, selects, told
from tests.discord_server import Channel, Message, User
from tests.places import OPEN_TEXTS, Place
from tests.test_discord_messages import assert_nothing_pings

MOON = "which colour has the moon of Zorg?"
PURPLE = "Moons\n\nThe moon of Zorg has a purple colour."
GREEN = "Moons\n\nThe moon of Zorg has a green colour."


@pytest.fixture
def other(town: Town) -> Town:
    """A second server, in which Ada is too."""
    other = settle(town.discord, "*Other*")
    other.guild.join(town.ada)
    return other


@pytest.fixture
def place(place: Place, town: Town, other: Town) -> Place:
    """Each server has documents of its own."""
    own, theirs = (f"server-{one.guild.id}/moons.txt" for one in (town, other))
    place.index(OPEN_TEXTS | {own: PURPLE, theirs: GREEN})
    place.embedded()
    return place


async def shown(town: Town, who: User | None = None, channel: Channel | None = None) -> Message:
    who = who or town.ada
    call = await town.discord.slash(who, channel or town.discord.dm(who), "servers")
    message = await call.answered()
    assert message.ephemeral
    return message


async def asked(town: Town, who: User | None = None) -> str:
    """What is answered in direct messages."""
    who = who or town.ada
    channel = town.discord.dm(who)
    said = await town.discord.say(who, channel, MOON)
    return (await town.discord.next_message(channel, after=said)).text


async def chose(town: Town, message: Message, *values: str, who: User | None = None) -> Message:
    return await told(await choose(town, message, "direct", *values, who=who or town.ada))


async def test_in_direct_messages_the_servers_chosen_are_asked_and_no_others(
    town: Town, other: Town, place: Place
) -> None:
    async with bot(town.discord, place) as running:
        message = await shown(town)
        labels = {one["label"] for one in selects(message)["direct"]["options"]}
        assert labels == {"Rockets", "*Other*"}
        assert chosen(message, "direct") == []
        answer = await asked(town)
        assert "purple" not in answer
        assert "green" not in answer
        said = await chose(town, message, str(town.guild.id))
        assert "Rockets" in said.text
        answer = await asked(town)
        assert "purple" in answer
        assert "green" not in answer
        both = await chose(town, message, str(town.guild.id), str(other.guild.id))
        assert r"\*Other\*" in both.text
        assert running.backend.servers.chosen(town.ada.id) == tuple(
            sorted([town.guild.id, other.guild.id])
        )
        assert sorted(chosen(await shown(town), "direct")) == sorted(
            [str(town.guild.id), str(other.guild.id)]
        )
        none = await chose(town, message)
        assert "only the documents that are for all" in none.text
        assert "purple" not in await asked(town)
        assert running.backend.servers.chosen(town.ada.id) == ()
    assert_nothing_pings(town.discord)


async def test_a_choice_outlives_a_restart_and_a_list_can_be_used_after_it(
    town: Town, other: Town, place: Place
) -> None:
    async with bot(town.discord, place):
        message = await shown(town)
        await chose(town, message, str(town.guild.id))
    async with bot(town.discord, place):
        assert "purple" in await asked(town)
        await chose(town, message, str(other.guild.id))
        answer = await asked(town)
        assert "green" in answer
        assert "purple" not in answer


async def test_a_choice_is_of_one_person_and_changes_nothing_in_servers(
    town: Town, other: Town, place: Place
) -> None:
    other.guild.join(town.admin)
    async with bot(town.discord, place):
        await chose(town, await shown(town), str(other.guild.id))
        assert "green" not in await asked(town, town.admin)
        assert "green" not in (await town.ask(MOON)).text
        assert "green" not in (await town.slash("ask", question=MOON, private=True)).text


async def test_who_left_a_server_sees_nothing_of_it_any_more(
    town: Town, other: Town, place: Place
) -> None:
    async with bot(town.discord, place):
        message = await shown(town)
        await chose(town, message, str(town.guild.id))
        assert "purple" in await asked(town)
        town.guild.leave(town.ada)
        assert "purple" not in await asked(town)
        labels = [one["label"] for one in selects(await shown(town))["direct"]["options"]]
        assert labels == ["*Other*"]
        refusal = await chose(town, message, str(town.guild.id))
        assert "not, or no longer, a member" in refusal.text
        assert other.guild.members


async def test_what_a_role_may_see_is_seen_directly_as_long_as_it_is_held(
    town: Town, other: Town, place: Place
) -> None:
    staff = town.guild.add_role("staff")
    place.index(OPEN_TEXTS | {"staff/moons.txt": PURPLE})
    async with bot(town.discord, place) as running:
        assert await running.backend.servers.link(Link("staff", town.guild.id, "role", staff.id))
        await chose(town, await shown(town), str(town.guild.id))
        assert "purple" not in await asked(town)
        town.guild.give(town.ada, staff)
        assert "purple" in await asked(town)
        town.guild.take(town.ada, staff)
        assert "purple" not in await asked(town)
        assert other.guild.id not in running.backend.servers.chosen(town.ada.id)


async def test_a_person_who_shares_no_server_is_told_so(town: Town, place: Place) -> None:
    eve = town.discord.add_user("eve")
    async with bot(town.discord, place):
        message = await shown(town, eve)
        assert "no server that we share" in message.text
        assert selects(message) == {}


async def test_a_choice_that_cannot_be_stored_is_said_to_end_with_the_restart(
    town: Town, place: Place
) -> None:
    (place.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, place):
        said = await chose(town, await shown(town), str(town.guild.id))
        assert "could not be stored" in said.text
        assert "purple" in await asked(town)


# In the wrong hands


async def refused(town: Town, running: Running, who: User, *values: str) -> None:
    before = running.backend.servers.chosen(who.id)
    channel = town.discord.dm(who)
    refusal = await told(await forge(town, "fn:direct:-", values, who=who, channel=channel))
    assert "not, or no longer, a member" in refusal.text
    assert running.backend.servers.chosen(who.id) == before
    answer = await asked(town, who)
    assert "purple" not in answer
    assert "green" not in answer


@pytest.mark.parametrize(
    "value", ["0", "1", "-1", "everything", "", "９９", "9" * 19, "9" * 40, "1 "]
)
async def test_what_is_no_server_cannot_be_chosen(town: Town, place: Place, value: str) -> None:
    async with bot(town.discord, place) as running:
        await refused(town, running, town.ada, value)
        await refused(town, running, town.ada, str(town.guild.id), value)


async def test_a_server_that_somebody_is_not_in_cannot_be_chosen(
    town: Town, other: Town, place: Place
) -> None:
    elsewhere = town.discord.add_guild("Elsewhere", with_bot=False)
    elsewhere.join(town.ada)
    eve = town.discord.add_user("eve")
    async with bot(town.discord, place) as running:
        await refused(town, running, town.ada, str(elsewhere.id))
        await refused(town, running, eve, str(town.guild.id))
        await refused(town, running, town.admin, str(town.guild.id), str(other.guild.id))


async def test_more_servers_than_may_be_chosen_are_refused(
    town: Town, other: Town, place: Place
) -> None:
    guilds = [town.discord.add_guild(f"G{number}") for number in range(MOST_CHOSEN)]
    for guild in guilds:
        guild.join(town.ada)
    async with bot(town.discord, place) as running:
        ids = [str(guild.id) for guild in guilds]
        await refused(town, running, town.ada, *ids, str(other.guild.id))
        said = await told(await forge(town, "fn:direct:-", ids, who=town.ada))
        assert "✅" in said.text
        assert len(running.backend.servers.chosen(town.ada.id)) == MOST_CHOSEN
        await refused_again(town, running, ids, str(other.guild.id))


async def refused_again(town: Town, running: Running, ids: list[str], more: str) -> None:
    """Nothing of what was chosen is lost by a refusal."""
    call = await forge(town, "fn:direct:-", [*ids, more], who=town.ada)
    assert "not, or no longer, a member" in (await told(call)).text
    assert len(running.backend.servers.chosen(town.ada.id)) == MOST_CHOSEN


async def test_the_same_server_twice_is_one(town: Town, place: Place) -> None:
    async with bot(town.discord, place) as running:
        await told(await forge(town, "fn:direct:-", [str(town.guild.id)] * 2, who=town.ada))
        assert running.backend.servers.chosen(town.ada.id) == (town.guild.id,)


async def test_a_server_whose_bot_was_removed_is_chosen_no_more(
    town: Town, other: Town, place: Place
) -> None:
    async with bot(town.discord, place) as running:
        await chose(town, await shown(town), str(town.guild.id), str(other.guild.id))
        town.discord.remove_guild(other.guild)
        await town.discord.until(
            lambda: running.backend.servers.chosen(town.ada.id) == (town.guild.id,)
        )
        answer = await asked(town)
        assert "purple" in answer
        assert "green" not in answer
