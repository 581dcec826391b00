"""Folders of documents that are linked: who is answered from them, where, and from when on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

import pytest

from tests.bots import Running, Town, actions, bot, plant, press_of
from tests.discord_server import Channel, DiscordServer, Kind, Message, Permission, Role, User
from tests.places import Place

ASKS = "where does the rocket start on Friday?"
SECRET = "Plans\n\nThe rocket starts in Kourou on Friday."
TEXTS = {"bread.txt": "Bread\n\nBread is baked daily.", "plans/rocket.txt": SECRET}
NO_FOLDER = "There is no folder of that name"


@pytest.fixture
def shelved(place: Place) -> Place:
    """A place with a folder that nobody sees yet."""
    place.index(TEXTS)
    return place


@dataclass(frozen=True)
class Camp:
    """A town with a role, somebody who has it, and a second server with an admin of its own."""

    town: Town
    running: Running
    staff: Role
    insider: User
    other: Channel
    rival: User

    async def link(self, name: str = "link", who: User | None = None, **options: object) -> str:
        """An admin links the folder; what is told."""
        told = await self.town.slash(f"collection {name}", who or self.town.admin, **options)
        assert told.ephemeral
        return told.text

    async def asked(self, who: User, channel: Channel) -> str:
        """What somebody is answered who asks by mention."""
        return (await self.mention(who, channel)).text

    async def mention(self, who: User, channel: Channel) -> Message:
        discord = self.town.discord
        asked = await discord.say(who, channel, f"{self.town.mention} {ASKS}")
        return await discord.next_message(channel, after=asked)

    async def looked_up(self, who: User, channel: Channel) -> set[str]:
        """By which ways of looking up somebody finds the secret."""
        discord = self.town.discord
        calls: dict[str, dict[str, object]] = {
            "ask": {"question": ASKS, "private": True},
            "search": {"query": "rocket Friday"},
            "show": {"document": "plans/rocket.txt"},
            "documents": {},
        }
        found = set()
        for name, options in calls.items():
            call = await discord.slash(who, channel, name, options)
            told = (await call.answered()).text
            if "Kourou" in told or "plans/rocket.txt" in told:
                found.add(name)
        for command in ("ask", "show"):
            options = (
                {"document": "rocket", "question": "x"} if command == "ask" else {"document": ""}
            )
            if await discord.autocomplete(who, channel, command, options, "document"):
                offered = await discord.autocomplete(who, channel, command, options, "document")
                if any("rocket" in str(one) for one in offered):
                    found.add(f"{command} completed")
        return found


EVERYWHERE = {"ask", "search", "show", "documents", "ask completed", "show completed"}


@asynccontextmanager
async def camp(town: Town, place: Place) -> AsyncIterator[Camp]:
    staff = town.guild.add_role("Staff")
    insider, rival = town.discord.add_user("insider"), town.discord.add_user("rival")
    town.guild.join(insider, roles=[staff])
    second = town.discord.add_guild("Second")
    second.join(rival, permissions=Permission.MANAGE_GUILD)
    second.join(town.ada)
    async with bot(town.discord, place) as running:
        yield Camp(town, running, staff, insider, second.add_channel("general"), rival)


async def test_a_folder_is_seen_nowhere_until_it_is_linked(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        for who in (town.ada, town.admin, here.insider):
            assert "Kourou" not in await here.asked(who, town.channel)
            assert await here.looked_up(who, town.channel) == set()
        assert await here.looked_up(town.ada, town.discord.dm(town.ada)) == set()


async def test_linked_in_a_server_all_its_members_are_answered_and_nobody_else(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        assert "this whole server" in await here.link(collection="plans")
        assert "Kourou" in await here.asked(town.ada, town.channel)
        assert await here.looked_up(town.ada, town.channel) == EVERYWHERE
        assert "Kourou" not in await here.asked(town.ada, here.other)
        assert await here.looked_up(town.ada, here.other) == set()
        assert await here.looked_up(town.ada, town.discord.dm(town.ada)) == set()
        assert "`plans`" in await here.link("list")


async def test_linked_in_a_channel_it_is_asked_there_and_in_its_threads(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        room = town.guild.add_channel("room")
        thread = room.add_thread("talk", town.ada)
        await here.link(collection="plans", channel=room)
        for channel, seen in ((room, True), (thread, True), (town.channel, False)):
            assert ("Kourou" in await here.asked(town.ada, channel)) == seen
            assert await here.looked_up(town.ada, channel) == (EVERYWHERE if seen else set())


async def test_linked_in_a_category_it_is_asked_in_its_channels(town: Town, shelved: Place) -> None:
    category = town.guild.add_channel("projects", kind=Kind.CATEGORY)
    room = town.guild.add_channel("room")
    room.category = category
    async with camp(town, shelved) as here:
        await here.link(collection="plans", channel=category)
        assert "Kourou" in await here.asked(town.ada, room)
        assert "Kourou" not in await here.asked(town.ada, town.channel)


async def test_linked_to_a_role_those_who_have_it_are_answered_and_only_they_see_it(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        assert await here.looked_up(here.insider, town.channel) == EVERYWHERE
        assert await here.looked_up(town.ada, town.channel) == set()
        assert "Kourou" not in await here.asked(here.insider, town.channel)  # all can read that


async def test_below_an_answer_for_all_each_is_shown_privately_what_they_may_see(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        assert "private" not in actions(await here.mention(town.ada, town.channel))
        answer = await here.mention(here.insider, town.channel)
        assert "private" in actions(answer)
        for who, seen in ((here.insider, True), (town.ada, False)):
            shown = await (await town.press(answer, "private", who)).answered()
            assert shown.ephemeral
            assert ("Kourou" in shown.text) == seen
            assert "share" not in actions(shown) or not seen


async def test_asked_in_public_the_asker_gets_what_only_they_may_see_beside_the_answer(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        call = await town.discord.slash(here.insider, town.channel, "ask", {"question": ASKS})
        answer = await call.answered()
        assert not answer.ephemeral
        assert "Kourou" not in answer.text
        await town.discord.until(lambda: call.followups)
        (beside,) = call.followups
        assert beside.ephemeral
        assert "Kourou" in beside.text


async def test_asked_of_a_document_that_not_all_may_see_the_answer_is_private(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        for who, told in ((here.insider, "Kourou"), (town.ada, "no document")):
            answer = await town.slash("ask", who, question=ASKS, document="plans/rocket.txt")
            assert answer.ephemeral
            assert told in answer.text
        open_to_all = await town.slash("ask", question="bread?", document="bread.txt")
        assert not open_to_all.ephemeral


async def test_a_role_taken_away_counts_from_that_moment_on(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        answer = await town.slash("ask", here.insider, question=ASKS, private=True)
        found = await town.slash("search", here.insider, query="rocket Friday")
        assert "Kourou" in answer.text + found.text
        town.guild.take(here.insider, here.staff)
        told = await (await town.press(answer, "context", here.insider)).answered()
        assert "no longer among the documents" in told.text
        assert await here.looked_up(here.insider, town.channel) == set()


async def test_what_not_all_may_see_cannot_be_shared(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans", role=here.staff)
        answer = await town.slash("ask", here.insider, question=ASKS, private=True)
        assert "share" not in actions(answer)
        row = press_of(answer, "context").split(":")[2]
        forged = plant(town.discord, town.channel, f"fn:share:{row}")
        told = await (await town.discord.click(here.insider, forged, f"fn:share:{row}")).answered()
        assert told.ephemeral
        assert "Not all here may see" in told.text


async def test_what_could_be_shared_cannot_once_it_is_unlinked(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans")
        answer = await town.slash("ask", question=ASKS, private=True)
        assert "share" in actions(answer)
        await here.link("unlink", collection="plans")
        told = await (await town.press(answer, "share")).answered()
        assert "Not all here may see" in told.text


async def test_unlinking_closes_every_way_at_once(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans")
        answer = await here.mention(town.ada, town.channel)
        offered = await town.discord.autocomplete(
            town.ada, town.channel, "ask", {"question": "rocket"}, "question"
        )
        assert offered
        assert "no longer asked" in await here.link("unlink", collection="plans")
        assert "Kourou" not in await here.asked(town.ada, town.channel)
        assert await here.looked_up(town.ada, town.channel) == set()
        told = await (await town.press(answer, "context")).answered()
        assert "Kourou" not in told.text
        assert not await town.discord.autocomplete(
            town.ada, town.channel, "ask", {"question": "rocket"}, "question"
        )
        assert "was not linked" in await here.link("unlink", collection="plans")


async def test_links_are_there_after_a_restart(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans")
    async with bot(town.discord, shelved):
        assert "Kourou" in (await town.ask(ASKS)).text


async def test_the_first_server_keeps_a_folder_and_others_are_told_it_is_not_there(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans")

        async def rival(name: str) -> str:
            call = await town.discord.slash(
                here.rival, here.other, "collection link", {"collection": name}
            )
            return (await call.answered()).text

        assert await rival("plans") == await rival("nothing")
        assert NO_FOLDER in await rival("plans")
        assert NO_FOLDER in await rival(f"server-{town.guild.id}")
        assert NO_FOLDER in await rival("")
        await here.link("unlink", collection="plans")
        assert NO_FOLDER in await rival("plans")
        town.discord.remove_guild(town.guild)
        assert NO_FOLDER in await rival("plans")
        assert "Kourou" not in await here.asked(town.ada, here.other)


async def test_who_runs_the_bot_links_any_folder_anywhere(town: Town, shelved: Place) -> None:
    owner = town.discord.owner
    async with camp(town, shelved) as here:
        for guild in (town.guild, here.other.guild):
            assert guild
            if owner.id not in guild.members:
                guild.join(owner, permissions=Permission.MANAGE_GUILD)
        await here.link(collection="plans")
        offered = await town.discord.autocomplete(
            owner, here.other, "collection link", {"collection": "pl"}, "collection"
        )
        assert [one["value"] for one in offered] == ["plans"]
        call = await town.discord.slash(
            owner, here.other, "collection link", {"collection": "plans"}
        )
        assert "is now asked" in (await call.answered()).text
        assert "Kourou" in await here.asked(town.ada, here.other)


async def test_names_are_offered_to_those_whose_folders_they_are(
    town: Town, shelved: Place
) -> None:
    async def offered(who: User, channel: Channel, name: str) -> list[str]:
        found = await town.discord.autocomplete(
            who, channel, f"collection {name}", {"collection": ""}, "collection"
        )
        return [one["value"] for one in found]

    async with camp(town, shelved) as here:
        for name in ("link", "unlink"):
            assert await offered(town.admin, town.channel, name) == []
        await here.link(collection="plans")
        for name in ("link", "unlink"):
            assert await offered(town.admin, town.channel, name) == ["plans"]
            assert await offered(here.rival, here.other, name) == []
        await here.link("unlink", collection="plans")
        assert await offered(town.admin, town.channel, "link") == ["plans"]
        assert await offered(town.admin, town.channel, "unlink") == []


async def test_only_who_may_manage_the_server_links(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        for name, options in (
            ("link", {"collection": "plans"}),
            ("unlink", {"collection": "plans"}),
            ("list", {}),
        ):
            call = await town.discord.slash(
                town.ada, town.channel, f"collection {name}", options, override=True
            )
            assert "Only those who may manage" in (await call.answered()).text
        assert here.running.backend.servers.links(town.guild.id) == ()


@pytest.mark.parametrize("kind", ["channel", "role"])
async def test_a_place_in_another_server_is_refused(town: Town, shelved: Place, kind: str) -> None:
    async with camp(town, shelved) as here:
        guild = here.other.guild
        assert guild
        place = here.other if kind == "channel" else guild.add_role("Theirs")
        told = await forged_link(town, {"collection": "plans", kind: place})
        assert "not in this server" in told or "not know that command in this form" in told
        assert here.running.backend.servers.links(town.guild.id) == ()
        assert here.running.backend.servers.links(guild.id) == ()


async def test_a_channel_and_a_role_at_once_are_refused(town: Town, shelved: Place) -> None:
    async with camp(town, shelved) as here:
        told = await here.link(collection="plans", channel=town.channel, role=here.staff)
        assert "not both" in told


async def test_without_a_history_nothing_is_linked_and_that_is_said(
    town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        with closing(sqlite3.connect(shelved.data / "history.sqlite")) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert "could not be stored" in await here.link(collection="plans")
        assert "Kourou" not in await here.asked(town.ada, town.channel)


async def forged_link(town: Town, options: dict[str, object]) -> str:
    """What a client is told that sends an option which Discord would never have offered."""
    call = await town.discord.slash(town.admin, town.channel, "collection link", options)
    return (await call.answered()).text


async def test_where_the_bot_is_no_member_only_what_is_for_all_is_seen(
    discord: DiscordServer, town: Town, shelved: Place
) -> None:
    async with camp(town, shelved) as here:
        await here.link(collection="plans")
        # For direct messages with the bot alone, which these are not.
        assert await here.running.backend.servers.choose(town.ada.id, [town.guild.id])
        abroad = discord.add_guild("Abroad", with_bot=False)
        abroad.join(town.ada)
        channel = abroad.add_channel("general")
        group = discord.group_dm(town.ada, here.insider)
        for where in (channel, group):
            call = await discord.slash(
                town.ada, where, "ask", {"question": ASKS, "private": True}, installed_for="user"
            )
            assert "Kourou" not in (await call.answered()).text
