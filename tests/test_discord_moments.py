"""What happens at the wrong moment: while an answer is under way, while nothing can be read."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.corpus import Corpus
from bot.history.personal import PersonalStore
from bot.history.stored import Link, ServerSettings
from bot.memory import Memory
from bot.servers import Servers
from bot.vault import Vault
from bot.worker import BusyError
from index.records import Abstained, Answer
from tests.bots import Running, Town, bot, plant, press_of
from tests.cities import ASKED as ORCHARD
from tests.cities import canaries, found, link, write
from tests.discord_server import DiscordServer, Message, Permission
from tests.places import ASKED, BREAD, OPEN_TEXTS, TALKS, Place

WREN = "what does the wren-canary cost?"
FINCH = "how heavy is the finch-canary?"


class Interrupted:
    """A library before whose answers something happens."""

    def __init__(self, place: Place) -> None:
        self._library = place.library()
        self.before: Callable[[str], None] = lambda question: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def ask(self, question: str, **how: Any) -> Answer | Abstained:
        self.before(question)
        return self._library.ask(question, **how)


class Gate:
    """Holds the answer to a question of a word until it is opened."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._reached = threading.Event()
        self._open = threading.Event()

    def __call__(self, question: str) -> None:
        if self._word in question:
            self._reached.set()
            self._open.wait(20)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 10)

    def open(self) -> None:
        self._open.set()


@asynccontextmanager
async def held(town: Town, place: Place) -> AsyncIterator[tuple[Running, Gate]]:
    """A bot whose answer about the wren is held."""
    gate = Gate("wren")
    corpus = Interrupted(place)
    corpus.before = gate
    kept: Corpus = corpus
    async with bot(town.discord, place, corpus=kept) as running:
        try:
            yield running, gate
        finally:
            gate.open()


def stored(place: Place, words: bytes) -> bool:
    return words in (place.data / "history.sqlite").read_bytes()


async def erase(town: Town) -> None:
    account = await town.slash("privacy")
    asking = await (await town.press(account, "erase")).answered()
    done = await (await town.press(asking, "erased")).answered()
    assert "deleted" in done.text


# Deleting


async def test_what_was_asked_before_the_deletion_is_not_kept_after_it(
    town: Town, public: Place
) -> None:
    async with held(town, public) as (_, gate):
        await town.ask(ASKED)
        call = await town.discord.slash(town.ada, town.channel, "ask", {"question": WREN})
        await gate.reached()
        await erase(town)
        gate.open()
        await call.answered()
        await asyncio.sleep(0.2)
        assert not stored(public, b"wren-canary")
        assert not (await call.answered()).buttons
        await town.slash("ask", question=FINCH)
        assert stored(public, b"finch-canary")  # what is asked from then on is


async def test_what_was_asked_where_the_bot_was_removed_meanwhile_is_not_kept(
    town: Town, public: Place
) -> None:
    async with held(town, public) as (running, gate):
        await running.backend.servers.change(ServerSettings(town.guild.id, history=False))
        await town.discord.say(town.ada, town.channel, f"{town.mention} {WREN}")
        await gate.reached()
        town.discord.remove_guild(town.guild)
        await town.discord.until(lambda: running.backend.servers.settings(town.guild.id).history)
        gate.open()
        await asyncio.sleep(0.5)
    assert not stored(public, b"wren-canary")


async def test_sharing_brings_back_nothing_that_was_deleted(tmp_path: Path, public: Place) -> None:
    memory = await Memory.open(tmp_path / "history.sqlite")
    how: dict[str, Any] = {"guild": 1, "channel": 2, "asker": 3, "document": None}
    row = await memory.keep(public.library().ask(ASKED), private=True, surface="ask", **how)
    posted = await memory.posted(row)
    assert posted
    assert await memory.vault.done(lambda kept: PersonalStore(kept.database).delete(3))
    await memory.mark_shared(posted)
    assert await memory.posted(row) is None
    await memory.close()


async def test_a_persons_words_that_others_took_up_are_deleted_too(
    town: Town, public: Place
) -> None:
    discord = town.discord
    async with bot(discord, public, reads_messages=True):
        first = await town.ask(WREN)
        follows = await discord.say(
            town.admin, town.channel, f"{town.mention} and where?", reply_to=first
        )
        second = await discord.next_message(town.channel, after=follows)
        again = await discord.say(
            town.admin, town.channel, f"{town.mention} and when?", reply_to=second
        )
        await discord.next_message(town.channel, after=again)
        said = await discord.say(town.ada, town.channel, FINCH)
        menu = await discord.message_command(town.admin, said, "Answer this")
        await menu.answered()
        below = await discord.say(town.admin, town.channel, town.mention, reply_to=said)
        await discord.next_message(town.channel, after=below)
        crow = await town.ask("what does the crow-canary cost?")
        press = f"fn:private:{crow.buttons[0]['custom_id'].split(':')[2]}"
        there = plant(discord, town.channel, press)  # as it is where somebody may see more
        private = await discord.click(town.admin, there, press)
        await private.answered()
        await town.slash("ask", town.admin, question="what costs the robin-canary?")
        for words in (b"wren-canary", b"finch-canary", b"crow-canary", b"robin-canary"):
            assert stored(public, words)
        await erase(town)
        assert not stored(public, b"wren-canary")
        assert not stored(public, b"finch-canary")
        assert not stored(public, b"crow-canary")
        assert stored(public, b"robin-canary")  # somebody else's own


# Seeing


async def test_a_report_past_its_time_tells_the_channel_what_all_there_may_see(
    discord: DiscordServer, place: Place
) -> None:
    (city,) = cities = found(1, discord)
    write(place, cities)
    place.library().refresh()
    city.guild.give(city.admin, city.staff)
    async with bot(discord, place, token_life=0.0) as running:
        await link(running.backend, cities)
        more: dict[str, str | bytes] = {
            f"{city.folder('role')}/board-secret.txt": "Plan\n\nThe plan is secret.",
            f"{city.folder('role')}/board-bad.txt": b"\xff\xff",
            f"{city.folder('own')}/ours.txt": "Plan\n\nThe plan is ours.",
        }
        write(place, cities, more)
        preview = await (await discord.slash(city.admin, city.general, "reindex", {})).answered()
        assert "board-secret" in preview.text
        await discord.click(city.admin, preview, press_of(preview, "reindex"))
        told = await discord.next_message(city.general)
        assert "ours.txt" in told.text
        assert "board" not in told.text


async def test_the_answer_for_all_stands_though_the_asker_cannot_be_answered_more(
    discord: DiscordServer, place: Place
) -> None:
    (city,) = cities = found(1, discord)
    write(place, cities)
    place.library().refresh()
    corpus, asked = Interrupted(place), []

    def busy_the_second_time(question: str) -> None:
        asked.append(question)
        if len(asked) == 2:
            raise BusyError("Too many questions are waiting; please ask again soon.")

    kept: Corpus = corpus
    async with bot(discord, place, corpus=kept) as running:
        await link(running.backend, cities)
        corpus.before = busy_the_second_time
        call = await discord.slash(city.insider, city.general, "ask", {"question": ORCHARD})
        answer = await call.answered()
        await discord.until(lambda: len(asked) == 2)
        await asyncio.sleep(0.3)
        assert canaries(answer.text)
        assert call.answers == [answer]


async def test_what_is_moved_out_of_sight_cannot_be_shared_any_more(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answers = [await town.slash("ask", question=ASKED, private=True) for _ in range(2)]
        public.write({"bread.txt": BREAD, "board/talks.txt": TALKS})
        await running.backend.service.refresh()
        told = await (await town.press(answers[0], "share")).answered()
        assert "six months" not in told.text
        assert "have changed since" in told.text
        public.write({"bread.txt": BREAD, "talks.txt": TALKS.replace("six", "nine")})
        await running.backend.service.refresh()
        told = await (await town.press(answers[1], "share")).answered()
        assert "six months" not in told.text


async def test_a_folder_unlinked_while_a_question_waits_does_not_answer_it(
    town: Town, place: Place
) -> None:
    place.index({"board/talks.txt": TALKS, "bread.txt": BREAD})
    gate = threading.Event()
    corpus = Interrupted(place)
    warm_up = corpus._library.warm_up
    vars(corpus)["warm_up"] = lambda: (gate.wait(20), warm_up())
    memory = await Memory.open(place.data / "history.sqlite")
    board = Link("board", town.guild.id, "server", town.guild.id)
    assert await memory.servers.link(board)
    await memory.close()
    kept: Corpus = corpus
    async with bot(town.discord, place, corpus=kept, wait=False, grace=0.2) as running:
        await town.discord.ready()
        asked = await town.discord.say(town.ada, town.channel, f"{town.mention} {ASKED}")
        answer: Message = await town.discord.next_message(town.channel, after=asked)
        assert "still reading" in answer.text
        assert await running.backend.servers.unlink(board)
        gate.set()
        await town.discord.until(lambda: "still reading" not in answer.text)
        assert "six months" not in answer.text


async def test_lists_show_what_another_program_indexed(town: Town, place: Place) -> None:
    place.index(OPEN_TEXTS | {"merger.txt": "Merger with Acme\n\nThe merger is in May."})

    async def offered() -> bool:
        options = {"document": "mer"}
        found = await town.discord.autocomplete(town.ada, town.channel, "show", options, "document")
        return any("Merger" in one["name"] for one in found)

    async with bot(town.discord, place):
        assert await offered()
        place.write(OPEN_TEXTS | {"board/merger.txt": "Merger with Acme\n\nThe merger is in May."})
        place.library().refresh()  # in a terminal
        for _ in range(100):
            if not await offered():
                break
            await asyncio.sleep(0.1)
        assert not await offered()


async def test_no_question_tells_which_words_stand_where_one_may_not_look(place: Place) -> None:
    falcons = "Zoo\n\nThe keeper of the falcons is Ada."
    scope = frozenset({""})
    question = "who is the keeper of the falcens?"
    place.index({"own.txt": falcons})
    before = place.library().ask(question, collections=scope)
    place.index({"own.txt": falcons, "hidden/x.txt": "Note\n\nThe falcens are late."})
    after = place.library().ask(question, collections=scope)
    assert type(before) is type(after) is Answer
    assert before.confidence == pytest.approx(after.confidence, abs=0.02)
    seen = place.library().ask(question, collections=scope | {"hidden"})
    assert seen.confidence != pytest.approx(after.confidence, abs=0.02)


# Writing


async def test_where_a_thread_could_not_be_written_in_the_answer_is_a_reply(
    town: Town, public: Place
) -> None:
    town.guild.deny(town.channel, Permission.SEND_MESSAGES_IN_THREADS)
    async with bot(town.discord, public) as running:
        servers = running.backend.servers
        await servers.change(replace(servers.settings(town.guild.id), answers="thread"))
        answer = await town.ask(ASKED)
        assert "six months" in answer.text
        assert not [one for one in town.guild.channels.values() if one.is_thread]


async def test_what_was_shown_in_a_channel_that_is_deleted_is_kept_no_longer(
    town: Town, public: Place
) -> None:
    room = town.guild.add_channel("room")
    async with bot(town.discord, public):
        await town.ask(WREN, channel=room)
        assert stored(public, b"wren-canary")
        town.guild.remove_channel(room)
        for _ in range(100):
            if not stored(public, b"wren-canary"):
                break
            await asyncio.sleep(0.05)
        assert not stored(public, b"wren-canary")


# A history that cannot be read at first


async def test_while_it_is_not_known_what_is_linked_nothing_can_be(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    memory = await Memory.open(path)
    assert await memory.servers.link(Link("finance", 1, "server", 1))
    await memory.servers.change(ServerSettings(1, history=False))
    await memory.close()
    vault = await Vault.open(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        servers = await Servers.open(vault)
        assert not servers.may_link("finance", 2)
        assert not await servers.link(Link("finance", 2, "server", 2))
    vault._resting_until = 0.0
    assert not await servers.link(Link("finance", 2, "server", 2))  # even by the call that reads
    await vault.tried(lambda kept: kept.recall("x"), None)
    assert servers.known
    assert not servers.may_link("finance", 2)
    assert not servers.settings(1).history
    await vault.close()
    again = await Memory.open(path)
    assert again.servers.links(2) == ()
    assert len(again.servers.links(1)) == 1
    await again.close()


async def test_a_server_without_a_history_has_none_though_that_is_learnt_late(
    tmp_path: Path, public: Place
) -> None:
    path = tmp_path / "history.sqlite"
    memory = await Memory.open(path)
    await memory.servers.change(ServerSettings(1, history=False))
    await memory.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        memory = await Memory.open(path)
    memory.vault._resting_until = 0.0
    result = replace(public.library().ask(ASKED), question=WREN)
    how: dict[str, Any] = {"channel": 2, "asker": 3, "document": None}
    row = await memory.keep(result, guild=1, private=False, surface="ask", **how)
    assert await memory.posted(row)
    assert b"wren-canary" not in path.read_bytes()
    await memory.close()


async def test_many_who_open_it_at_once_open_it_once(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    await (await Memory.open(path)).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        vault = await Vault.open(path)
    vault._resting_until = 0.0
    before = {*threading.enumerate()}
    await asyncio.gather(*(vault.tried(lambda kept: kept.recall("x"), None) for _ in range(5)))
    new = {*threading.enumerate()} - before
    opened = {one for one in new if not one.name.startswith("asyncio_")}  # which wait for work
    await vault.close()
    assert len(opened) == 1
