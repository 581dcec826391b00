"""The index keeps track of the documents: what changes is found within seconds."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import tracking
from bot.service import Service
from bot.tracking import track
from index.locking import writer_lock
from index.records import Answer
from tests.bots import Town, bot
from tests.places import ASKED, TALKS, Place

WITHIN = 10.0
SCOPE = frozenset({""})
ASKS = "where does the rocket start on Friday?"
PLANS = "Plans\n\nThe rocket starts in Kourou on Friday."


@asynccontextmanager
async def tracked(place: Place) -> AsyncIterator[Service]:
    service = Service(place.library())
    await service.start()
    task = asyncio.create_task(track(service, place.seeds, quiet=0.1))
    await asyncio.sleep(0.5)  # until it watches
    try:
        yield service
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await service.stop()


async def answer(service: Service, question: str) -> str:
    found = await service.ask(question, person=1, scope=SCOPE)
    return found.answer if isinstance(found, Answer) else ""


async def comes(service: Service, question: str, word: str) -> bool:
    """Whether the answer comes to hold a word."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        if word in await answer(service, question):
            return True
        await asyncio.sleep(0.1)
    return False


async def goes(service: Service, question: str, word: str) -> bool:
    """Whether the answer comes to hold a word no more."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        if word not in await answer(service, question):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_what_is_added_changed_and_removed_is_found_within_seconds(public: Place) -> None:
    async with tracked(public) as service:
        plans = public.seeds / "plans.txt"
        plans.write_text(PLANS)
        assert await comes(service, ASKS, "Kourou")
        plans.write_text(PLANS.replace("Kourou", "Nairobi"))
        assert await comes(service, ASKS, "Nairobi")
        plans.unlink()
        assert await goes(service, ASKS, "Nairobi")
        assert await answer(service, ASKED) == "every six months"


async def test_a_renamed_document_is_cited_by_its_new_name_and_nothing_is_embedded_again(
    public: Place,
) -> None:
    async with tracked(public) as service:
        public.embedded()
        (public.seeds / "talks.txt").rename(public.seeds / "meetings.txt")
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            found = await service.ask(ASKED, person=1, scope=SCOPE)
            if isinstance(found, Answer) and found.citations[0].document == "meetings.txt":
                break
            await asyncio.sleep(0.1)
        assert isinstance(found, Answer)
        assert found.citations[0].document == "meetings.txt"
        assert public.embedded() == []


async def test_a_thousand_touches_make_few_generations(public: Place) -> None:
    async with tracked(public) as service:
        for n in range(1_000):
            (public.seeds / f"note-{n % 20}.txt").write_text(f"Note\n\nNumber {n} is a number.")
        (public.seeds / "plans.txt").write_text(PLANS)
        assert await comes(service, ASKS, "Kourou")
        assert int(service.generation or 0) <= 6


async def test_a_bad_file_stops_nothing(public: Place) -> None:
    async with tracked(public) as service:
        (public.seeds / "bad.txt").write_bytes(b"\xff\xfe\x00bad")
        (public.seeds / "plans.txt").write_text(PLANS)
        assert await comes(service, ASKS, "Kourou")


async def test_what_cannot_be_indexed_now_is_indexed_later(
    public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "_AGAIN", 0.2)
    async with tracked(public) as service:
        with writer_lock(public.data):  # another program is at it
            (public.seeds / "plans.txt").write_text(PLANS)
            await asyncio.sleep(1.5)
            assert await answer(service, ASKS) == ""
            assert await answer(service, ASKED) == "every six months"
        assert await comes(service, ASKS, "Kourou")


async def test_the_bot_answers_from_a_document_that_was_just_put_there(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, watch=True):
        assert "Kourou" not in (await town.ask(ASKS)).text
        (public.seeds / "plans.txt").write_text(PLANS)
        until = time.monotonic() + WITHIN
        while "Kourou" not in (told := (await town.ask(ASKS)).text) and time.monotonic() < until:
            await asyncio.sleep(0.2)
        assert "Kourou" in told


async def test_who_wishes_is_told_once_when_a_document_is_put_there(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public, watch=True):
        asked = await town.ask(ASKS)
        await (await town.press(asked, "wish")).answered()
        (public.seeds / "plans.txt").write_text(PLANS)
        told = await town.discord.next_message(town.channel, after=asked, timeout=15)
        assert "Kourou" in told.text
        (public.seeds / "more.txt").write_text(TALKS)
        await asyncio.sleep(3.0)
        about = [one for one in town.discord.messages(town.channel) if "🔔" in one.text]
        assert about == [told]
