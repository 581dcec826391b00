"""Rolling the index back over a real socket: for whoever runs the bot, and held until it ends."""

import asyncio

from index.library import Library
from tests.bots import Town, actions, bot, plant
from tests.discord_server import Message, Permission, User
from tests.places import ASKED, OPEN_TEXTS, TALKS, Place
from tests.test_discord_documents import ended, reindex

YEARLY = {**OPEN_TEXTS, "talks.txt": TALKS.replace("every six months", "every year")}


def owner_of(town: Town) -> User:
    """Whoever runs the bot, as an admin of the town."""
    owner = town.discord.owner
    if owner.id not in town.guild.members:
        town.guild.join(owner, permissions=Permission.MANAGE_GUILD)
    return owner


async def roll_back(town: Town) -> Message:
    owner = owner_of(town)
    preview = await town.slash("rollback", owner)
    call = await town.press(preview, "rollback", owner)
    return await call.answered()


async def test_rolling_back_is_previewed_confirmed_and_told(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        public.index(YEARLY)
        assert "every year" in (await town.ask(ASKED)).text
        preview = await town.slash("rollback", owner_of(town))
        assert preview.ephemeral
        assert "Generation 000001 would answer in the place of 000002" in preview.text
        assert "**~1 changed**: `talks.txt`" in preview.text
        assert actions(preview) == ["rollback", "cancel"]
        assert "every year" in (await town.ask(ASKED)).text
        call = await town.press(preview, "rollback", owner_of(town))
        assert await call.acknowledged() == 6
        told = await call.answered()
        assert "**The index is rolled back.**" in told.text
        assert "Generation 000001" in told.text
        assert actions(told) == []
        assert "every six months" in (await town.ask(ASKED)).text
        assert "000001, rolled back to" in (await town.slash("status")).text


async def test_it_holds_while_documents_change_and_over_a_restart(
    town: Town, public: Place
) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public, watch=True):
        await roll_back(town)
        (public.seeds / "new.txt").write_text("New\n\nThe rocket starts in Kourou on Friday.")
        await asyncio.sleep(2)  # until it would have been indexed
        assert "Kourou" not in (await town.ask("where does the rocket start on Friday?")).text
    async with bot(town.discord, public, watch=True) as running:
        assert "every six months" in (await town.ask(ASKED)).text
        assert any("held at generation 000001" in line for line in running.told)
        assert "⚠️" not in (await town.slash("status")).text


async def test_another_admin_is_told_and_only_who_runs_the_bot_ends_it(
    town: Town, public: Place
) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public):
        await roll_back(town)
        told = await town.slash("reindex", town.admin)
        assert "rolled back, and is held there" in told.text
        assert actions(told) == []
        assert "every six months" in (await town.ask(ASKED)).text
        preview = await town.slash("reindex", owner_of(town))
        assert "this ends it" in preview.text
        call = await town.press(preview, "reindex", owner_of(town))
        assert "Generation 000003" in (await ended(town, call)).text
        assert "every year" in (await town.ask(ASKED)).text
        assert "Generation 000003" in (await reindex(town)).text


async def test_a_confirmation_from_before_does_not_end_it(town: Town, public: Place) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public):
        public.write(OPEN_TEXTS)
        preview = await town.slash("reindex", town.admin)
        await roll_back(town)
        public.write(YEARLY)
        call = await town.press(preview, "reindex", town.admin)
        assert "is held there" in (await ended(town, call)).text
        assert "every six months" in (await town.ask(ASKED)).text


async def test_what_is_uploaded_meanwhile_is_kept_and_found_later(
    town: Town, public: Place
) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public):
        await roll_back(town)
        file = town.discord.attach("plans.txt", b"Plans\n\nIt starts in Kourou.\n")
        call = await town.discord.slash(town.admin, town.channel, "upload", {"file": file})
        told = await ended(town, call)
        assert "**Added**" in told.text
        assert "rolled back" in told.text
        assert (public.seeds / f"server-{town.guild.id}" / "plans.txt").exists()


async def test_nobody_else_rolls_back(town: Town, public: Place) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public):
        told = await town.slash("rollback", town.admin)
        assert "Only whoever runs me" in told.text
        assert actions(told) == []
        planted = plant(town.discord, town.channel, "fn:rollback:-:2")
        for who in (town.admin, town.ada):
            call = await town.press(planted, "rollback", who)
            assert (await call.answered()).ephemeral
        assert "every year" in (await town.ask(ASKED)).text


async def test_an_old_button_and_one_of_nothing_do_nothing(town: Town, public: Place) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public):
        preview = await town.slash("rollback", owner_of(town))
        public.index(OPEN_TEXTS)
        public.index(YEARLY)
        call = await town.press(preview, "rollback", owner_of(town))
        await town.discord.until(lambda: call.followups)
        assert "at generation 000004 by now" in call.followups[0].text
        planted = plant(town.discord, town.channel, "fn:rollback:-")
        bare = await town.press(planted, "rollback", owner_of(town))
        await town.discord.until(lambda: bare.followups)
        assert "by now" in bare.followups[0].text
        assert "every year" in (await town.ask(ASKED)).text


async def test_without_an_earlier_index_that_is_said(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        told = await town.slash("rollback", owner_of(town))
        assert "no generation before 000001" in told.text


async def test_who_listens_is_told_of_a_rollback_too(town: Town, public: Place) -> None:
    public.index(YEARLY)
    async with bot(town.discord, public) as running:
        told: list[tuple[str, ...]] = []
        running.backend.service.on_refreshed(lambda report: told.append(report.changed))
        await roll_back(town)
        assert told == [("talks.txt",)]


async def test_an_index_rolled_back_by_another_program_is_answered_from(
    town: Town, public: Place
) -> None:
    public.index(YEARLY)
    library: Library = public.library()
    async with bot(town.discord, public):
        assert "every year" in (await town.ask(ASKED)).text
        library.roll_back()
        assert "every six months" in (await town.ask(ASKED)).text
