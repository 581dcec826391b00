"""A server that wants no history: nothing is written, and buttons work until a restart."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.gateway.lookups import STALE
from bot.gateway.presses import GONE
from bot.history.stored import ServerSettings
from tests.bots import Running, Town, actions, bot, press_of, settle
from tests.choosing import choose, chosen, forge, told
from tests.discord_server import Message
from tests.places import ASKED, OPEN_TEXTS, Place
from tests.test_discord_messages import assert_answers, assert_nothing_pings, sent

UNKNOWN = "what does the kanari-question cost in Alaska?"
QUERY = "kanari-query bread"
KEPT = "what does the wren-question cost in Alaska?"


def stored(place: Place, *texts: str) -> list[str]:
    """Which of the texts stand in any file of the data folder's top."""
    files = [file for file in place.data.iterdir() if file.is_file()]
    data = b"".join(file.read_bytes() for file in files)
    return [one for one in texts if one.encode() in data]


async def off(running: Running, town: Town) -> None:
    settings = ServerSettings(town.guild.id, history=False)
    assert await running.backend.servers.change(settings)


async def suggested(town: Town, typed: str) -> list[str]:
    """The questions asked before that are offered to whoever types that."""
    choices = await town.discord.autocomplete(
        town.ada, town.channel, "ask", {"question": typed}, focused="question"
    )
    return [one["name"] for one in choices]


async def switched_off(town: Town) -> Message:
    """The panel, after the admin turned the history off and confirmed it."""
    panel = await town.slash("settings", town.admin)
    await (await choose(town, panel, "setkeep", "off")).answered()
    await (await town.press(panel, "forget", town.admin)).answered()
    return panel


async def test_nothing_of_what_is_asked_there_is_written(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public, reads_messages=True) as running:
        await off(running, town)
        await running.backend.servers.set_ask_channels(town.guild.id, [town.channel.id])
        await town.ask(UNKNOWN)
        await town.slash("ask", question=UNKNOWN)
        await town.slash("ask", question=UNKNOWN, private=True)
        await town.slash("search", query=QUERY)
        message = await town.discord.say(town.admin, town.channel, UNKNOWN)
        await (await town.discord.message_command(town.ada, message, "Answer this")).answered()
        await other.ask(KEPT)
        await asyncio.sleep(0.1)
        assert stored(public, "kanari", "wren") == ["wren"]
        with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
            assert database.execute("SELECT guild FROM posted").fetchall() == [(other.guild.id,)]
            assert database.execute("SELECT * FROM requests").fetchall() == []
    assert stored(public, "kanari", "wren") == ["wren"]


async def test_answers_come_without_the_buttons_that_need_a_history(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await off(running, town)
        for answer in (await town.ask(ASKED), await town.slash("ask", question=ASKED)):
            assert_answers(answer)
            assert set(actions(answer)) == {"context", "dismiss"}
        private = await town.slash("ask", question=ASKED, private=True)
        assert {"context", "share"} <= {*actions(private)} <= {"context", "share", "dismiss"}
        assert not {"wish", "good", "bad"} & {*actions(await town.ask(UNKNOWN))}
        assert {"good", "bad"} <= {*actions(await other.ask(ASKED))}
        assert "wish" in actions(await other.ask(UNKNOWN))


async def test_buttons_work_until_a_restart_and_say_so_after_it(town: Town, place: Place) -> None:
    texts = {f"t{n}.txt": f"Talk {n}\n\nThe group meets in room {n}." for n in range(12)}
    place.index(OPEN_TEXTS | texts)
    async with bot(town.discord, place) as running:
        await off(running, town)
        answer = await town.ask(ASKED)
        shown = await told(await town.press(answer, "context", town.admin))
        assert "**" in shown.text
        private = await town.slash("ask", question=ASKED, private=True)
        public = await (await town.press(private, "share")).answered()
        assert not public.ephemeral
        assert not {"good", "bad"} & {*actions(public)}
        assert "context" in actions(public)
        again = await town.slash("ask", question=ASKED, private=True)
        found = await town.slash("search", query="group meets room")
        before = found.text
        later = found.buttons[-1]["custom_id"]
        await (await town.discord.click(town.ada, found, later)).answered()
        assert found.text != before
        gone = await town.ask(ASKED)
        await town.press(gone, "dismiss")
        await town.discord.until(lambda: gone.deleted)
        row = press_of(gone, "context")
        assert (await told(await forge(town, row, who=town.ada))).text == GONE
        assert stored(place, "room", "months") == []
    async with bot(town.discord, place):
        for message, action in ((answer, "context"), (public, "context"), (again, "share")):
            refusal = await told(await town.press(message, action))
            assert "no longer kept" in refusal.text
            assert refusal.text == GONE
        earlier = found.buttons[-2]["custom_id"]
        assert (await told(await town.discord.click(town.ada, found, earlier))).text == STALE
        await told(await town.press(answer, "dismiss"))
        assert not answer.deleted
    assert_nothing_pings(town.discord)


async def test_a_private_answer_is_shared_once_there_too(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await off(running, town)
        private = await town.slash("ask", question=ASKED, private=True)
        share = press_of(private, "share")
        await (await town.press(private, "share")).answered()
        await town.discord.until(lambda: "share" not in actions(private))
        again = await told(await forge(town, share, who=town.ada))
        assert "shared already" in again.text
        assert len([m for m in sent(town.discord, town.channel) if "months" in m.text]) == 1


async def test_another_person_cannot_use_what_is_held(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await off(running, town)
        private = await town.slash("ask", question=ASKED, private=True)
        context, share = press_of(private, "context"), press_of(private, "share")
        for custom_id in (context, share):
            refusal = await told(await forge(town, custom_id, who=town.admin))
            assert refusal.text == GONE
            there = await told(await forge(other, custom_id, who=other.admin))
            assert there.text == GONE


@pytest.mark.parametrize("action", ["good", "wish"])
async def test_a_forged_vote_or_wish_on_what_is_not_kept_is_not_counted(
    town: Town, public: Place, action: str
) -> None:
    async with bot(town.discord, public) as running:
        await off(running, town)
        row = press_of(await town.ask(ASKED), "context").split(":")[2]
        refusal = await told(await forge(town, f"fn:{action}:{row}", who=town.ada))
        assert "error" not in refusal.text
        assert "noted" not in refusal.text
        assert "I will tell you" not in refusal.text
        assert await running.backend.memory.votes(row) == (0, 0)
        assert await running.backend.memory.wishers(row) == []


# Turned off, and on again


async def test_turning_it_off_deletes_what_was_kept_once_that_is_confirmed(
    town: Town, public: Place
) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        answer = await town.ask(UNKNOWN)
        await (await town.press(answer, "wish")).answered()
        await town.slash("search", query=QUERY)
        await other.ask(KEPT)
        await town.ask(ASKED)
        assert await suggested(town, "how") == [ASKED]
        assert stored(public, "kanari-question", "kanari-query") == [
            "kanari-question",
            "kanari-query",
        ]
        panel = await town.slash("settings", town.admin)
        await (await choose(town, panel, "setkeep", "off")).answered()
        assert "will be deleted" in panel.text
        assert chosen(panel, "setkeep") == ["on"]  # not before it is confirmed
        assert running.backend.memory.keeps(town.guild.id)
        assert stored(public, "kanari-question")
        await (await town.press(panel, "forget", town.admin)).answered()
        assert "are deleted" in panel.text
        assert chosen(panel, "setkeep") == ["off"]
        assert actions(panel) == []
        assert stored(public, "kanari", "wren") == ["wren"]
        assert (await told(await town.press(answer, "wish"))).text == GONE
        assert running.backend.memory.keeps(other.guild.id)
        assert await suggested(town, "how") == []
    assert stored(public, "kanari", "wren") == ["wren"]
    async with bot(town.discord, public) as running:
        assert not running.backend.memory.keeps(town.guild.id)
        await town.ask(UNKNOWN)
    assert stored(public, "kanari") == []


async def test_who_goes_on_keeping_them_loses_nothing(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await town.ask(UNKNOWN)
        panel = await town.slash("settings", town.admin)
        await (await choose(town, panel, "setkeep", "off")).answered()
        await (await town.press(panel, "settings", town.admin)).answered()
        assert "will be deleted" not in panel.text
        assert running.backend.memory.keeps(town.guild.id)
        assert stored(public, "kanari") == ["kanari"]


async def test_turned_on_again_questions_are_kept_from_then_on(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        panel = await switched_off(town)
        await town.ask(UNKNOWN)
        await (await choose(town, panel, "setkeep", "on")).answered()
        assert running.backend.memory.keeps(town.guild.id)
        answer = await town.ask(KEPT)
        assert "wish" in actions(answer)
        assert stored(public, "kanari", "wren") == ["wren"]


async def test_chosen_again_though_it_is_off_already_nothing_is_asked(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        panel = await switched_off(town)
        await (await choose(town, panel, "setkeep", "off")).answered()
        assert actions(panel) == []
        assert chosen(panel, "setkeep") == ["off"]


async def test_what_could_not_be_deleted_is_not_said_to_be(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot(town.discord, public) as running:
        await town.ask(UNKNOWN)
        panel = await town.slash("settings", town.admin)
        await (await choose(town, panel, "setkeep", "off")).answered()
        with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
            database.execute(
                "CREATE TRIGGER full BEFORE DELETE ON posted BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        refusal = await told(await town.press(panel, "forget", town.admin))
        assert "try again" in refusal.text
        assert stored(public, "kanari") == ["kanari"]
        assert "are deleted" not in panel.text
        with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
            database.execute("DROP TRIGGER full")
        monkeypatch.setattr(running.backend.vault, "_resting_until", 0.0)
        await (await town.press(panel, "forget", town.admin)).answered()
        assert stored(public, "kanari") == []
        assert "are deleted" in panel.text


def test_the_files_that_are_searched_are_those_of_the_history(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.data.mkdir()
    (place.data / "history.sqlite-journal").write_bytes(b"xx kanari")
    assert stored(place, "kanari", "wren") == ["kanari"]
