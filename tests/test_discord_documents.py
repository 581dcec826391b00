"""Changing the documents over a real socket: re-indexing, uploading, removing."""

import asyncio
import os

import pytest

from bot.corpus import Corpus
from index.library import Library
from index.locking import writer_lock
from index.records import Abstained, Answer, RefreshReport
from tests.bots import Town, actions, bot, plant, press_of, settle
from tests.discord_server import Call, Message, NotOffered, Permission
from tests.places import ASKED, BREAD, OPEN_TEXTS, TALKS, Place
from tests.test_discord_messages import assert_answers, assert_nothing_pings

SECRET = b"Plans\n\nThe rocket starts in Kourou on Friday.\n"
WHERE = "where does the rocket start on Friday?"


def folder(town: Town) -> str:
    return f"server-{town.guild.id}"


async def upload(town: Town, name: str, content: bytes) -> Message:
    """An admin uploads a file, and waits for what came of it."""
    call = await town.discord.slash(
        town.admin, town.channel, "upload", {"file": town.discord.attach(name, content)}
    )
    return await ended(town, call)


async def ended(town: Town, call: Call) -> Message:
    """The result of what takes a while: no progress bar any more."""
    answer = await call.answered()
    await town.discord.until(lambda: "Re-indexing" not in answer.text and answer.text)
    return answer


async def reindex(town: Town) -> Message:
    preview = await town.slash("reindex", town.admin)
    call = await town.press(preview, "reindex", town.admin)
    return await ended(town, call)


# Re-indexing


async def test_reindexing_is_previewed_confirmed_and_told(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        public.write(
            {
                "bread.txt": f"{BREAD} It is cheap.",
                "new.txt": "News\n\nIt rains.",
                "bad.txt": b"\xff",
            }
        )
        preview = await town.slash("reindex", town.admin)
        assert preview.ephemeral
        for part in (
            "**+1 added**: `new.txt`",
            "**~1 changed**: `bread.txt`",
            "**−1 removed**: `talks.txt`",
            "1 file left out",
            "`bad.txt`: ",
        ):
            assert part in preview.text
        assert actions(preview) == ["reindex", "cancel"]
        call = await town.press(preview, "reindex", town.admin)
        assert await call.acknowledged() == 6
        told = await ended(town, call)
        for part in ("`new.txt`", "`bad.txt`: ", "Generation 000002"):
            assert part in told.text
        assert actions(told) == []
        assert "rains" in (await town.ask("does it rain? it rains")).text
    assert_nothing_pings(town.discord)


async def test_reindexing_can_be_left(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        public.write({"new.txt": "News\n\nIt rains."})
        preview = await town.slash("reindex", town.admin)
        await town.press(preview, "cancel", town.admin)
        await town.discord.until(lambda: "Nothing was changed" in preview.text)
        assert_answers(await town.ask(ASKED))


async def test_the_preview_can_be_confirmed_after_a_restart(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        preview = await town.slash("reindex", town.admin)
    async with bot(town.discord, public):
        call = await town.press(preview, "reindex", town.admin)
        assert "Nothing differs" in (await ended(town, call)).text


class Gated:
    """A library whose indexing stops after its first step until it is let go on."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._loop = asyncio.get_running_loop()
        self.gate = asyncio.Event()
        self.gate.set()

    def __getattr__(self, name: str) -> object:
        return getattr(self._library, name)

    def refresh(self, **how: object) -> RefreshReport:
        asyncio.run_coroutine_threadsafe(self.gate.wait(), self._loop).result(20)
        return self._library.refresh(**how)  # type: ignore[arg-type]

    def ask(self, question: str, **how: object) -> Answer | Abstained:
        return self._library.ask(question, **how)  # type: ignore[arg-type]


async def test_questions_are_answered_all_the_while_from_the_old_and_then_the_new(
    town: Town, public: Place
) -> None:
    gated = Gated(public.library())
    corpus: Corpus = gated  # type: ignore[assignment]
    async with bot(town.discord, public, corpus=corpus) as running:
        await town.discord.until(lambda: any("Ready" in line for line in running.told))
        changed = TALKS.replace("six months", "seven weeks")
        public.write(OPEN_TEXTS | {"talks.txt": changed})
        preview = await town.slash("reindex", town.admin)
        gated.gate.clear()
        call = await town.press(preview, "reindex", town.admin)
        await town.discord.until(lambda: "Re-indexing" in preview.text)
        second = await town.slash("reindex", town.admin)
        then = await town.press(second, "reindex", town.admin)
        for _ in range(5):
            assert_answers(await town.ask(ASKED))
        gated.gate.set()
        assert "~1 changed" in (await ended(town, call)).text
        assert "Nothing differs" in (await ended(town, then)).text  # it waited for its turn
        assert "**every seven weeks**" in (await town.ask(ASKED)).text


async def test_past_the_life_of_an_interaction_the_result_goes_to_the_channel(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, token_life=0.0):
        preview = await town.slash("reindex", town.admin)
        await town.press(preview, "reindex", town.admin)
        told = await town.discord.next_message(town.channel)
        assert "The documents are indexed" in told.text
        assert not told.ephemeral
        assert "Generation" not in preview.text


@pytest.mark.parametrize(
    "name", ["reindex", "upload", "remove", "settings", "gaps", "collection list"]
)
async def test_only_who_may_manage_the_server_may_change_the_index(
    town: Town, public: Place, name: str
) -> None:
    options = {"remove": {"document": "bread.txt"}}.get(name, {})
    async with bot(town.discord, public):
        with pytest.raises(NotOffered):
            await town.discord.slash(town.ada, town.channel, name, options)
        # An admin may have opened the command to all: the rights are checked in code as well.
        call = await town.discord.slash(town.ada, town.channel, name, options, override=True)
        told = await call.answered()
        assert "Only those who may manage this server" in told.text
        assert told.ephemeral


async def test_who_lost_the_right_cannot_confirm(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        preview = await town.slash("reindex", town.admin)
        member = town.guild.members[town.admin.id]
        for role in list(member.roles):
            town.guild.take(town.admin, role)
        call = await town.press(preview, "reindex", town.admin)
        told = await call.answered()
        assert "Only those who may manage this server" in told.text


# Uploading


async def test_an_upload_is_answered_in_its_server_alone(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public):
        told = await upload(town, "plans.txt", SECRET)
        assert f"`{folder(town)}/plans.txt`" in told.text
        assert "1 file left out" not in told.text
        assert "**+1 added**" in told.text
        answer = await town.ask(WHERE)
        assert "Kourou" in answer.text
        dm = town.discord.dm(town.ada)
        asked = await town.discord.say(town.ada, dm, WHERE)
        surfaces = [
            await other.ask(WHERE),
            await other.slash("ask", question=WHERE),
            await other.slash("search", query="rocket starts Friday"),
            await other.slash("documents"),
            await other.slash("show", document=f"{folder(town)}/plans.txt"),
            await other.slash("ask", question=WHERE, document="plans.txt"),
            await other.slash("reindex", other.admin),
            await other.slash("remove", other.admin, document=f"{folder(town)}/plans.txt"),
            await town.discord.next_message(dm, after=asked),
        ]
        for shown in surfaces:
            assert "Kourou" not in shown.text
            assert "Plans" not in shown.text
        offered = await town.discord.autocomplete(
            other.ada, other.channel, "show", {"document": "plan"}, "document"
        )
        assert offered == []
        assert "**2 documents**" in (await other.slash("documents")).text
        assert "2 with 2 passages" in (await other.slash("status")).text
        assert "3 with 3 passages" in (await town.slash("status")).text
    async with bot(town.discord, public):
        assert "Kourou" in (await town.ask(WHERE)).text
        assert "Kourou" not in (await other.ask(WHERE)).text


async def test_another_servers_changes_are_neither_named_nor_counted(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public):
        path = public.seeds / folder(town)
        path.mkdir()
        (path / "plans.txt").write_bytes(SECRET)
        (path / "bad.txt").write_bytes(b"\xff\x00")
        for shown in (await other.slash("reindex", other.admin), await reindex(other)):
            for word in ("plans", "bad.txt", "left out", "added"):
                assert word not in shown.text
        assert "Kourou" in (await town.ask(WHERE)).text


async def test_a_file_is_asked_for_where_none_is_given(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        call = await town.discord.slash(town.admin, town.channel, "upload")
        assert await call.acknowledged() == 9
        assert call.modal
        field = call.modal["components"][0]["component"]["custom_id"]
        sent = await town.discord.submit(
            town.admin, call, {field: [town.discord.attach("plans.txt", SECRET)]}
        )
        await ended(town, sent)
        assert "Kourou" in (await town.ask(WHERE)).text


async def test_a_file_of_the_same_name_is_replaced(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        told = await upload(town, "PLANS.txt", SECRET.replace(b"Kourou", b"Baikonur"))
        assert "**Replaced**" in told.text
        assert "Baikonur" in (await town.ask(WHERE)).text
        assert "Kourou" not in (await town.ask(WHERE)).text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tool.exe", b"MZ", "read"),
        ("empty.txt", b"  ", "no text"),
        ("binary.txt", b"caf\xe9\0 au lait", "UTF-8"),
        (".txt", b"hello there", "ending"),
    ],
)
async def test_what_cannot_be_used_is_refused_and_not_stored(
    town: Town, public: Place, name: str, content: bytes, said: str
) -> None:
    async with bot(town.discord, public):
        told = await upload(town, name, content)
        assert said in told.text
        assert "error" not in told.text
    assert not (public.seeds / folder(town)).exists() or not os.listdir(public.seeds / folder(town))


async def test_an_upload_stays_below_the_folder_of_its_server(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        told = await upload(town, "..\\..\\evil.txt", SECRET)
        assert f"`{folder(town)}/evil.txt`" in told.text
        assert (public.seeds / folder(town) / "evil.txt").read_bytes() == SECRET


# Removing


async def test_an_uploaded_document_is_removed_when_that_is_confirmed(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        offered = await town.discord.autocomplete(
            town.admin, town.channel, "remove", {"document": ""}, "document"
        )
        assert [one["name"] for one in offered] == ["Plans"]
        asked = await town.slash("remove", town.admin, document=offered[0]["value"])
        assert "Remove Plans?" in asked.text
        assert "Kourou" in (await town.ask(WHERE)).text
        told = await ended(town, await town.press(asked, "remove", town.admin))
        assert "**Removed**" in told.text
        assert "Kourou" not in (await town.ask(WHERE)).text
        assert not (public.seeds / folder(town) / "plans.txt").exists()


async def test_a_removal_that_is_left_removes_nothing(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        asked = await town.slash("remove", town.admin, document="plans.txt")
        await town.press(asked, "cancel", town.admin)
        await town.discord.until(lambda: "Nothing was changed" in asked.text)
        assert "Kourou" in (await town.ask(WHERE)).text


async def test_what_was_not_uploaded_there_is_not_removed(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        told = await town.slash("remove", town.admin, document="bread.txt")
        assert "uploaded in this server" in told.text
    assert (public.seeds / "bread.txt").exists()


async def test_a_confirmation_is_used_once_and_by_who_asked(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        asked = await town.slash("remove", town.admin, document="plans.txt")
        id = press_of(asked, "remove")
        decoy = plant(town.discord, other.channel, id)
        call = await town.discord.click(other.admin, decoy, id)
        await town.discord.until(lambda: call.followups)
        assert "no longer kept" in call.followups[0].text
        await ended(town, await town.press(asked, "remove", town.admin))
        decoy = plant(town.discord, town.channel, id)
        call = await town.discord.click(town.admin, decoy, id)
        await town.discord.until(lambda: call.followups)
        assert "no longer kept" in call.followups[0].text


async def test_an_upload_while_another_program_indexes_is_stored_and_said_to_be(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        with writer_lock(public.data):
            told = await upload(town, "plans.txt", SECRET)
        assert f"**Added** `{folder(town)}/plans.txt`" in told.text
        assert "by another program" in told.text
        assert str(public.data) not in told.text
        assert "Kourou" in (await reindexed(town)).text


async def reindexed(town: Town) -> Message:
    await reindex(town)
    return await town.ask(WHERE)


async def test_a_file_that_is_too_large_is_refused_unread(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        town.discord.asking.attachment_size_limit = 10
        told = await upload(town, "plans.txt", SECRET)
        assert "too large" in told.text
        assert not any("/cdn/" in one.path for one in town.discord.requests)


async def test_another_admin_does_not_confirm_a_removal(town: Town, public: Place) -> None:
    boss = town.discord.add_user("boss")
    town.guild.join(boss, permissions=Permission.MANAGE_GUILD)
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        asked = await town.slash("remove", town.admin, document="plans.txt")
        id = press_of(asked, "remove")
        decoy = plant(town.discord, town.channel, id)
        call = await town.discord.click(boss, decoy, id)
        await town.discord.until(lambda: call.answers)
        assert "no longer kept" in call.answers[-1].text
        for role in list(town.guild.members[town.admin.id].roles):
            town.guild.take(town.admin, role)
        call = await town.press(asked, "remove", town.admin)
        await town.discord.until(lambda: call.answers)
        assert "Only those who may manage" in call.answers[-1].text
        assert "Kourou" in (await town.ask(WHERE)).text


async def test_an_upload_is_found_by_every_way_of_asking_in_its_server(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        await upload(town, "plans.txt", SECRET)
        assert "Kourou" in (await town.slash("search", query="rocket Friday")).text
        assert "Kourou" in (await town.slash("ask", question=WHERE, document="plans.txt")).text
        assert "Kourou" in (await town.slash("show", document="plans.txt")).text
