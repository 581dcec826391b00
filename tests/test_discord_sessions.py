"""Sessions over a real socket: dropped, resumed, refused, and the process from start to end."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot import advice, vault
from bot.advice import FatalError
from bot.corpus import Corpus
from bot.gateway import client, running
from bot.gateway.checking import check_with_discord
from bot.gateway.client import MANY_SESSIONS, identify_pause
from bot.history.errors import HistoryError
from bot.history.store import History
from bot.history.stored import ServerSettings
from bot.memory import Memory
from bot.secret import Secret
from index.library import Library
from index.records import Abstained, Answer
from tests.bots import TOKEN, Town, actions, bot, settle
from tests.discord_server import DiscordServer
from tests.places import ASKED, OPEN_TEXTS, Place
from tests.test_discord_messages import assert_answers, quiet, sent

ROOT = Path(__file__).parent.parent
SEED = "000_8be179ed4e282a42.txt"


# Dropped and resumed


@pytest.mark.parametrize("how", ["close 4000", "close 1000", "op 7", "op 9 resumable"])
async def test_a_dropped_session_is_resumed_and_no_question_answered_twice(
    town: Town, public: Place, how: str
) -> None:
    async with bot(town.discord, public):
        first = await town.ask(ASKED)
        if how.startswith("close"):
            await town.discord.close_gateway(int(how.split()[1]))
        elif how == "op 7":
            await town.discord.send_op7()
        else:
            await town.discord.send_op9(resumable=True)
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        second = await town.discord.next_message(town.channel, after=asked, timeout=20)
        assert_answers(second)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [first, second]
        assert len(town.discord.resumes) == 1
        assert len(town.discord.identifies) == 1


async def test_a_session_that_is_gone_is_begun_anew_at_the_same_gateway(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        await town.discord.send_op9(resumable=False)
        await town.discord.until(lambda: len(town.discord.identifies) == 2, 20)
        await town.discord.ready()
        assert_answers(await town.ask(ASKED))


async def test_a_message_that_comes_twice_is_answered_once(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        answer = await town.discord.next_message(town.channel, after=asked)
        town.discord.world.publish(asked)
        await quiet(town.discord, town, town.channel)
        assert sent(town.discord, town.channel) == [answer]


# Refused


async def ends(discord: DiscordServer, place: Place, *, reads_messages: bool = False) -> str:
    """What a bot says that ends by itself."""

    async def run() -> None:
        async with bot(discord, place, reads_messages=reads_messages, wait=False) as begun:
            await asyncio.wait_for(begun.ended.wait(), 20)

    with pytest.raises(FatalError) as caught:
        await run()
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "advised"),
    [(4004, advice.WRONG_TOKEN), (4014, advice.NO_MESSAGE_CONTENT), (4013, "intents")],
)
async def test_a_fatal_refusal_ends_the_bot_and_says_what_to_do(
    town: Town, public: Place, code: int, advised: str
) -> None:
    town.discord.refuse_identify = code
    assert advised in await ends(town.discord, public)
    assert len(town.discord.identifies) == 1


async def test_a_token_that_discord_does_not_know_is_told(public: Place) -> None:
    async with DiscordServer(token="another") as discord:
        assert await ends(discord, public) == advice.WRONG_TOKEN


async def test_message_content_that_is_not_granted_is_told_from_which_switch(
    public: Place,
) -> None:
    async with DiscordServer(token=TOKEN, intents_granted=0) as discord:
        discord.add_guild("Rockets")
        assert "Message Content Intent" in await ends(discord, public, reads_messages=True)


async def test_trouble_at_the_start_is_overcome(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_FIRST_PAUSE", 0.05)
    town.discord.faults.fail("GET", r"/users/@me$", status=503, times=2)
    async with bot(town.discord, public) as begun:
        assert any("No connection" in line for line in begun.told)
        assert_answers(await town.ask(ASKED))


async def test_many_sessions_in_an_hour_slow_the_next_one_down(tmp_path: Path) -> None:
    memory = await Memory.open(tmp_path / "history.sqlite")
    assert await identify_pause(memory) == 0
    for _ in range(MANY_SESSIONS):
        await memory.identified()
    pause = await identify_pause(memory)
    assert MANY_SESSIONS + 24 * 3600 / pause < 1000
    await memory.close()


# Checked


async def check(discord: DiscordServer, token: str = TOKEN, **how: bool) -> tuple[bool, str]:
    reads = how.get("reads_messages", False)
    found = await asyncio.to_thread(
        check_with_discord, Secret(token), api_url=discord.api_url, reads_messages=reads
    )
    return found.ok, f"{found.detail} {found.fix}"


async def test_a_check_tells_what_discord_knows() -> None:
    async with DiscordServer(token=TOKEN, intents_granted=0) as discord:
        ok, told = await check(discord)
        assert ok
        assert f"client_id={discord.application_id}" in told
        ok, told = await check(discord, reads_messages=True)
        assert not ok
        assert advice.NO_MESSAGE_CONTENT in told
        ok, told = await check(discord, token="x.y.z")
        assert not ok
        assert advice.WRONG_TOKEN in told
    async with DiscordServer(token=TOKEN) as discord:
        assert (await check(discord, reads_messages=True))[0]
    ok, told = await check(discord)  # it is gone by now
    assert ok
    assert "could not be reached" in told


# The whole program


@asynccontextmanager
async def program(
    folder: Path, **environ: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.Task[tuple[bytes, bytes]]]]:
    """``footnote run`` as a process of its own, over the bundled model."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "--json",
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    reading = asyncio.create_task(process.communicate())  # or a full pipe would stop it
    try:
        yield process, reading
    finally:
        if process.returncode is None:
            process.kill()
        await reading


async def test_without_a_token_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    async with program(tmp_path) as (process, ended):
        out, err = await ended
    assert process.returncode == 1
    assert out == b""
    for part in ("DISCORD_TOKEN", advice.PORTAL, "oauth2/authorize?client_id="):
        assert part in err.decode()


async def test_the_program_answers_the_story_and_leaves_on_sigterm(
    discord: DiscordServer, tmp_path: Path
) -> None:
    town = settle(discord)
    (tmp_path / "seeds").mkdir()
    shutil.copy(ROOT / "seeds" / SEED, tmp_path / "seeds" / SEED)
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": discord.api_url}
    async with program(tmp_path, FOOTNOTE_LOG_LEVEL="DEBUG", **environ) as (process, ended):
        await discord.ready(60)
        asked = await discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        answer = await discord.next_message(town.channel, after=asked, timeout=120)
        await discord.until(lambda: "six months" in answer.text, 30)
        for shown in (answer, await town.slash("ask", question=ASKED)):
            for part in ("**every six months**", f"`{SEED}`", "line 3"):
                assert part in shown.text
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(ended, 10)
    assert process.returncode == 0
    events = [json.loads(line)["event"] for line in out.splitlines()]
    assert any("Ready to answer from 1 document." in event for event in events)
    assert any(f"client_id={discord.application_id}" in event for event in events)
    assert TOKEN not in out.decode() + err.decode()
    assert b"Traceback" not in err


async def test_whoever_waits_when_the_bot_is_stopped_is_told_so(town: Town, public: Place) -> None:
    gate = threading.Event()
    corpus: Corpus = Held(public.library(), gate)  # type: ignore[assignment]
    async with bot(town.discord, public, corpus=corpus):
        calls = [
            await town.discord.slash(town.ada, town.channel, "ask", {"question": ASKED})
            for _ in range(5)
        ]
        for _ in range(5):
            await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        for call in calls:
            await call.acknowledged()
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().call_later(0.5, gate.set)
    shown = sent(town.discord, town.channel)  # answers to commands stand in the channel too
    assert len(shown) == 10
    told = [one for one in shown if "being restarted" in one.text]
    assert len(told) == 9
    assert all("six months" in one.text for one in shown if one not in told)


class Held:
    """A library that answers nothing until it is let go."""

    def __init__(self, library: Library, gate: threading.Event) -> None:
        self._library = library
        self._gate = gate

    def __getattr__(self, name: str) -> object:
        return getattr(self._library, name)

    def ask(self, question: str, **how: object) -> Answer | Abstained:
        self._gate.wait(20)
        return self._library.ask(question, **how)  # type: ignore[arg-type]


async def test_a_session_that_ends_by_an_error_leaves_no_question_unanswered(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_FIRST_PAUSE", 0.05)
    gate = threading.Event()
    held: Corpus = Held(public.library(), gate)  # type: ignore[assignment]
    async with bot(town.discord, public, corpus=held):
        for _ in range(3):
            await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        call = await town.discord.slash(town.ada, town.channel, "ask", {"question": ASKED})
        await call.acknowledged()
        await asyncio.sleep(0.1)
        for session in town.discord.sessions:
            session.dispatch("MESSAGE_CREATE", {"id": "torn"})
        asyncio.get_running_loop().call_later(0.3, gate.set)
        assert_answers(await call.answered())
        await town.discord.until(lambda: len(sent(town.discord, town.channel)) == 4)
        await town.discord.until(lambda: len(town.discord.identifies) == 2)
        await town.discord.ready()
        assert_answers(await town.ask(ASKED))


async def test_sessions_that_are_refused_again_and_again_are_begun_more_slowly(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSE_OF_MANY", 1.0)
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noting(seconds: float) -> None:
        waits.append(seconds)
        await sleep(seconds)

    async with bot(town.discord, public) as begun:
        for _ in range(MANY_SESSIONS):
            await begun.backend.memory.identified()
        monkeypatch.setattr(asyncio, "sleep", noting)
        await town.discord.send_op9(resumable=False)
        await town.discord.until(lambda: len(town.discord.identifies) == 2, 20)
        monkeypatch.undo()
        await town.discord.ready()
        assert 1.0 in waits


@pytest.mark.parametrize("how", ["callback", "edit"])
async def test_an_error_reaches_the_person_though_the_connection_breaks(
    town: Town, public: Place, how: str
) -> None:
    async with bot(town.discord, public):
        if how == "callback":
            town.discord.faults.reset("POST", r"/callback", after_accepting=True)
        else:
            town.discord.faults.reset("PATCH", r"/webhooks/")
        assert "no such document" in (await town.slash("show", document="nothing.txt")).text


@pytest.mark.parametrize("after_accepting", [False, True])
async def test_an_answer_is_shared_once_whatever_the_network_does(
    town: Town, public: Place, after_accepting: bool
) -> None:
    async with bot(town.discord, public):
        for fail in ("fail", "reset"):
            before = len(sent(town.discord, town.channel))
            private = await town.slash("ask", question=ASKED, private=True)
            getattr(town.discord.faults, fail)(
                "PATCH", r"/webhooks/", after_accepting=after_accepting
            )
            shared = await (await town.press(private, "share")).answered(20)
            assert_answers(shared)
            await town.discord.until(lambda private=private: "share" not in actions(private))  # type: ignore[misc]
            assert len(sent(town.discord, town.channel)) == before + 1


async def test_a_slow_progress_bar_does_not_outlive_the_result(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        preview = await town.slash("reindex", town.admin)
        town.discord.faults.slow("PATCH", r"/webhooks/", 1.0)
        await town.press(preview, "reindex", town.admin)
        await town.discord.until(lambda: "Nothing differs" in preview.text)
        await asyncio.sleep(1.2)
        assert "Nothing differs" in preview.text


async def test_a_locked_history_delays_one_person_and_is_told_for_what_it_is(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
        with closing(sqlite3.connect(public.data / "history.sqlite")) as other:
            other.execute("BEGIN EXCLUSIVE")
            for _ in range(4):
                call = await town.press(answer, "good")
                await town.discord.until(lambda call=call: call.answers)  # type: ignore[misc]
                assert "try again in a minute" in call.answers[-1].text
            assert_answers(await town.ask(ASKED))


# Wishes


async def test_who_wished_to_be_told_is_told_once_where_it_was_asked(
    town: Town, public: Place
) -> None:
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public):
        answer = await town.ask(question)
        for who in (town.ada, town.admin):
            call = await town.press(answer, "wish", who)
            assert "I will tell you" in (await call.answered()).text
        before = len(sent(town.discord, town.channel))
        public.index(OPEN_TEXTS | {"new.txt": "News are new."})
        await town.slash("reindex", town.admin)
        await asyncio.sleep(2.5)
        assert len(sent(town.discord, town.channel)) == before  # not answered yet
    public.write(OPEN_TEXTS | {"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
    for _ in range(2):
        async with bot(town.discord, public):
            await town.discord.until(lambda: len(sent(town.discord, town.channel)) > before)
            await asyncio.sleep(2.5)
    notice = sent(town.discord, town.channel)[before:]
    assert len(notice) == 1
    assert "Kourou" in notice[0].text
    assert f"<@{town.ada.id}> <@{town.admin.id}>" in notice[0].text
    reached = notice[0].payload["allowed_mentions"]
    assert (reached["parse"], len(reached["users"])) == ([], 2)


async def test_nobody_is_told_what_another_server_uploaded(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public) as begun:
        call = await other.press(await other.ask(question), "wish")
        await call.answered()
        before = len(sent(town.discord, other.channel))
        folder = public.seeds / f"server-{town.guild.id}"
        folder.mkdir()
        (folder / "plans.txt").write_text("Plans\n\nThe rocket starts in Kourou on Friday.")
        await begun.backend.service.refresh()
        assert "Kourou" in (await town.ask(question)).text
        await asyncio.sleep(2.5)
        assert len(sent(town.discord, other.channel)) == before


async def test_a_wish_that_was_private_is_told_in_a_direct_message(
    town: Town, public: Place
) -> None:
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public) as begun:
        private = await town.slash("ask", question=question, private=True)
        told = await (await town.press(private, "wish")).answered()
        assert "in a direct message" in told.text
        folder = public.seeds / f"server-{town.guild.id}"
        folder.mkdir()
        (folder / "plans.txt").write_text("Plans\n\nThe rocket starts in Kourou on Friday.")
        await begun.backend.service.refresh()
        notice = await town.discord.next_message(town.discord.dm(town.ada))
        assert "Kourou" in notice.text
        assert sent(town.discord, town.channel) == []


async def test_who_has_left_the_server_is_told_nothing_of_it(town: Town, public: Place) -> None:
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public) as begun:
        private = await town.slash("ask", question=question, private=True)
        await (await town.press(private, "wish")).answered()
        town.guild.leave(town.ada)
        public.write(OPEN_TEXTS | {"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
        await begun.backend.service.refresh()
        row = private.buttons[0]["custom_id"].split(":")[2]
        for _ in range(200):
            if not await begun.backend.memory.wishers(row):
                break
            await asyncio.sleep(0.05)
        assert not await begun.backend.memory.wishers(row)
        assert sent(town.discord, town.discord.dm(town.ada)) == []


async def test_one_wish_that_cannot_be_asked_any_more_stops_no_other(
    town: Town, public: Place
) -> None:
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public):
        gone = await town.slash("ask", question=question, document="bread.txt")
        await (await town.press(gone, "wish")).answered()
        asked = await town.ask(question)
        await (await town.press(asked, "wish")).answered()
        # Another process publishes, and nobody asks anything.
        public.index({"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
        notice = await town.discord.next_message(town.channel, after=asked, timeout=15)
        assert "Kourou" in notice.text


async def test_a_history_that_is_locked_at_the_start_is_opened_later(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_REOPEN", 0.0)
    async with bot(town.discord, public):
        pass
    path = public.data / "history.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = await Memory.open(path)
        assert not found.available
        assert await found.recall("k") is None
    found.vault._rest = found.vault._resting_until = 0.0
    await found.remember("k", "v")
    assert await found.recall("k") == "v"
    await found.close()


async def test_where_the_bot_is_no_member_each_is_told_in_a_direct_message(
    town: Town, public: Place
) -> None:
    bob = town.discord.add_user("bob")
    group = town.discord.group_dm(town.ada, bob)
    question = "where does the rocket start on Friday?"
    async with bot(town.discord, public) as begun:
        call = await town.discord.slash(
            town.ada, group, "ask", {"question": question}, installed_for="user"
        )
        answer = await call.answered()
        for person in (town.ada, bob):
            await (await town.press(answer, "wish", person)).answered()
        bob.accepts_dms = False
        public.write(OPEN_TEXTS | {"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
        await begun.backend.service.refresh()
        notice = await town.discord.next_message(town.discord.dm(town.ada))
        assert "Kourou" in notice.text
        assert sent(town.discord, town.discord.dm(bob)) == []


async def test_a_notice_comes_once_though_the_history_cannot_note_it(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def forgetful(self: History, id: str, *how: object) -> None:
        nonlocal tries
        tries += 1
        raise HistoryError("No.")

    async with bot(town.discord, public) as begun:
        monkeypatch.setattr(begun.backend.vault, "_rest", 0.0)
        answer = await town.ask("where does the rocket start on Friday?")
        await (await town.press(answer, "wish")).answered()
        monkeypatch.setattr(History, "grant", forgetful)
        monkeypatch.setattr(History, "checked", forgetful)
        public.write(OPEN_TEXTS | {"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
        await begun.backend.service.refresh()
        await town.discord.until(lambda: tries >= 4, 20)
        posts = [
            one
            for one in town.discord.requests
            if one.method == "POST" and isinstance(one.json, dict) and "wish-" in str(one.json)
        ]
        assert len(posts) == 1


async def test_what_changed_while_the_bot_was_down_is_announced_once_it_is_back(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        await running.backend.servers.change(
            ServerSettings(town.guild.id, announcements=town.channel.id)
        )
    public.write(OPEN_TEXTS | {"plans.txt": "Plans\n\nThe rocket starts in Kourou on Friday."})
    async with bot(town.discord, public):
        told = await town.discord.next_message(town.channel, timeout=15)
        assert "plans.txt" in told.text
        assert "bread.txt" not in told.text


async def test_a_server_that_removed_the_bot_while_it_was_down_is_forgotten(
    town: Town, public: Place
) -> None:
    second = settle(town.discord, "Second")
    async with bot(town.discord, public) as running:
        for one in (town, second):
            await one.slash("ask", question=ASKED)
            await running.backend.servers.change(ServerSettings(one.guild.id, language="de"))
        await town.discord.until(lambda: any("Logged in" in told for told in running.told), 10)
        await asyncio.sleep(0.2)
    town.discord.remove_guild(second.guild)
    async with bot(town.discord, public) as running:
        for _ in range(200):
            if running.backend.servers.all_guilds() == {town.guild.id}:
                break
            await asyncio.sleep(0.05)
        assert running.backend.servers.all_guilds() == {town.guild.id}
        memory = running.backend.memory
        assert await memory.answered(second.guild.id, limit=9) == []
        assert len(await memory.answered(town.guild.id, limit=9)) == 1
