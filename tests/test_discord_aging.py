"""Answers that know they aged, over a real socket: what is posted follows the documents."""

import asyncio
import sqlite3
import time
from contextlib import closing

import discord
import pytest

from bot.gateway import client
from bot.gateway.aging import Aging, Pace
from bot.gateway.backend import Backend
from bot.history.personal import PersonalStore
from bot.history.stored import Link, ServerSettings
from bot.rendering import AMBER, GREY
from tests.bots import Running, Town, actions, bot, press_of
from tests.discord_server import Channel, Message, Permission
from tests.discord_server.events import until
from tests.places import ASKED, BREAD, TALKS, Place
from tests.readiness import hurry, online
from tests.test_discord_messages import assert_nothing_pings

BIG = "### **every six months**"
STRUCK = "> ~~The group meets **every six months**.~~"
LOWER = f"Talks\n\nSomething new.\n\n{TALKS[7:]}"
YEARLY = TALKS.replace("every six months", "every year")
NEVER = "Talks\n\nIts chair is Ada Lovelace."
QUICK = Pace(look=0.02, again=0.1, edit=0.01, breath=0.0, rest=0.05)
HALTING = Pace(look=0.02, again=0.1, edit=3600.0, breath=0.0, rest=0.05)

watching: list[Aging] = []


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    at(monkeypatch, QUICK)


def at(patch: pytest.MonkeyPatch, pace: Pace) -> None:
    """Let bots that are started from now on edit at this pace, and be watched at it."""
    watching.clear()

    def begin(client: discord.Client, backend: Backend) -> Aging:
        watching.append(Aging(client, backend, pace=pace))
        return watching[-1]

    patch.setattr(client, "Aging", begin)


def talks(text: str | None) -> dict[str, str | bytes]:
    """The open documents with another text of the talks, or without it."""
    texts: dict[str, str | bytes] = {"bread.txt": BREAD}
    return texts if text is None else texts | {"talks.txt": text}


async def settled(running: Running) -> None:
    """Wait until all answers have been looked through, and a while for what should not be done."""
    await online(running)
    await until(lambda: any(told.startswith("Ready") for told in running.told), 10)
    generation = await running.backend.service.published()
    await until(lambda: watching[-1].looked_through == generation, 10)
    await asyncio.sleep(0.15)


async def becomes(running: Running, place: Place, texts: dict[str, str | bytes]) -> None:
    """Let the documents be these, and all answers be looked through."""
    place.write(texts)
    await running.backend.service.refresh()
    await settled(running)


def edits(town: Town) -> list[int]:
    """The messages that were edited, or tried to be, once for each time."""
    found = town.discord.requested("PATCH", r"/channels/\d+/messages/\d+$")
    return [int(one.path.rsplit("/", 1)[1]) for one in found]


def colour(message: Message) -> int:
    return int(message.components[0]["accent_color"])


def lower(text: str) -> str:
    """What an answer reads once the talks' text stands two lines lower."""
    return text.replace("`talks.txt` · line 3", "`talks.txt` · line 5")


# What becomes of an answer


async def test_an_answer_whose_quote_moved_names_its_new_line_and_nothing_else_changes(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        before, buttons = answer.text, answer.buttons
        assert "line 3" in before
        await becomes(running, public, talks(LOWER))
        assert answer.text == lower(before)
        assert answer.buttons == buttons
        assert edits(town) == [answer.id]
    assert_nothing_pings(town.discord)


async def test_an_answer_whose_quote_was_changed_shows_what_was_said_and_what_is(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        buttons = answer.buttons
        await becomes(running, public, talks(YEARLY))
        lines = answer.text.split("\n")
        assert "### ~~**every six months**~~" in lines
        at = lines.index("-# The document said:")
        assert lines[at + 1 : at + 5] == [
            STRUCK,
            "-# It says now:",
            "> The group meets every year.",
            "-# 1 · Talks · `talks.txt` · line 3",
        ]
        assert "Confidence" not in answer.text
        assert "Ask again" in answer.text
        assert colour(answer) == AMBER
        assert answer.buttons == buttons
        assert edits(town) == [answer.id]
    assert_nothing_pings(town.discord)


@pytest.mark.parametrize("text", [NEVER, None], ids=["the sentence", "the document"])
async def test_an_answer_whose_quote_is_gone_is_struck_and_says_so(
    town: Town, public: Place, text: str | None
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        await becomes(running, public, talks(text))
        assert STRUCK in answer.text
        assert "`talks.txt` · no longer in the documents" in answer.text
        assert BIG not in answer.text
        assert "Confidence" not in answer.text
        assert colour(answer) == GREY
        assert edits(town) == [answer.id]


async def test_a_quote_that_comes_back_is_shown_as_it_was(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        before, was = answer.text, colour(answer)
        for text in (YEARLY, NEVER, None, LOWER, YEARLY, TALKS):
            await becomes(running, public, talks(text))
            assert answer.text != before or text == TALKS
        assert (answer.text, colour(answer)) == (before, was)
        assert edits(town) == [answer.id] * 6


async def test_a_renamed_document_is_named_anew_also_if_it_was_edited(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        before = answer.text
        await becomes(running, public, {"bread.txt": BREAD, "meetings.txt": TALKS})
        assert answer.text == before.replace("talks.txt", "meetings.txt")
        await becomes(running, public, {"bread.txt": BREAD, "again.txt": LOWER})
        assert answer.text == lower(before).replace("talks.txt", "again.txt")
        await becomes(running, public, {"bread.txt": BREAD, "again.txt": YEARLY})
        assert STRUCK in answer.text


async def test_what_is_gone_is_found_again_in_a_document_that_comes_later(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        await becomes(running, public, talks(None))
        assert STRUCK in answer.text
        await becomes(running, public, {"bread.txt": BREAD, "later.txt": LOWER})
        assert "`later.txt` · line 5" in answer.text
        assert BIG in answer.text


async def test_an_answer_that_did_not_age_is_not_edited(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await town.ask(ASKED)
        await becomes(running, public, talks(TALKS) | {"more.txt": "More\n\nSomething else."})
        await becomes(running, public, talks(f"{TALKS} And it likes tea."))
        await becomes(running, public, talks(f"{TALKS} And it likes tea."))
        assert edits(town) == []


async def test_what_comes_nearest_ages_too(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask("what does the group pay for a rocket in Alaska?")
        assert "What comes nearest:" in answer.text
        buttons = answer.buttons
        await becomes(running, public, talks(NEVER))
        assert "> ~~The group meets every six months.~~" in answer.text
        assert "no longer in the documents" in answer.text
        assert answer.buttons == buttons


# While the bot is down, and again


async def test_what_changed_while_the_bot_was_down_is_shown_once_it_is_back(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
    public.write(talks(YEARLY))
    for _ in range(2):
        async with bot(town.discord, public) as running:
            await settled(running)
            assert STRUCK in answer.text
            assert edits(town) == [answer.id]


async def test_an_answer_kept_by_the_version_before_is_judged_by_its_text(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
        same = await town.ask("who is the chair of the group?")
    with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
        database.execute("UPDATE quotes SET sha256 = ''")
        database.execute("UPDATE posted SET frame = NULL")
        database.commit()
    public.write(talks(YEARLY))
    async with bot(town.discord, public) as running:
        await settled(running)
        assert STRUCK in answer.text
        assert answer.id in edits(town)
        assert "~~Its chair" not in same.text


async def test_an_edit_that_was_not_noted_is_made_once_while_the_bot_is_up(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        judgements = running.backend.memory.judgements
        refused = 0

        async def refuse(row: str, judged: object) -> bool:
            nonlocal refused
            refused += 1
            return False

        judgements.note = refuse  # type: ignore[method-assign]
        public.write(talks(YEARLY))
        await running.backend.service.refresh()
        await until(lambda: refused > 3, 10)
        assert edits(town) == [answer.id]
        del judgements.note
        await settled(running)
        assert edits(town) == [answer.id]


# What cannot be edited, and what need not be


@pytest.mark.parametrize("how", ["message", "channel", "rights"])
async def test_what_cannot_be_edited_is_tried_once_and_left_alone_for_good(
    town: Town, public: Place, how: str
) -> None:
    other = town.guild.add_channel("other")
    async with bot(town.discord, public):
        answer = await town.ask(ASKED, channel=other)
    if how == "message":
        town.discord.world.delete(answer)
    elif how == "channel":
        town.guild.remove_channel(other)
    else:
        town.guild.deny(other, Permission.VIEW_CHANNEL)
    for text in (YEARLY, NEVER):
        public.write(talks(text))
        async with bot(town.discord, public) as running:
            await settled(running)
            below = await town.ask("how often is bread baked?")
            assert "daily" in below.text
    asked = town.discord.requested("GET", rf"/channels/{other.id}$")
    assert edits(town).count(answer.id) + len(asked) == 1


async def test_an_edit_that_discord_failed_at_is_made_later(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        town.discord.faults.reset("PATCH", r"/messages/", times=1)
        town.discord.limit("PATCH", r"/messages/", limit=1, per=0.3)
        await becomes(running, public, talks(YEARLY))
        assert STRUCK in answer.text
        await becomes(running, public, talks(NEVER))
        assert "no longer in the documents" in answer.text


async def test_many_answers_are_edited_one_at_a_time_the_newest_first(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot(town.discord, public):
        answers = [await town.ask(ASKED) for _ in range(5)]
    public.write(talks(YEARLY))
    at(monkeypatch, HALTING)
    async with bot(town.discord, public) as running:
        await online(running)
        await until(lambda: edits(town), 10)
        assert "every year" in (await town.ask(ASKED)).text  # questions do not wait for it
        assert edits(town) == [answers[-1].id]
    at(monkeypatch, QUICK)
    async with bot(town.discord, public) as running:
        await settled(running)
        assert edits(town) == [one.id for one in reversed(answers)]


async def test_what_is_older_than_it_is_kept_is_not_edited(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        old, new = await town.ask(ASKED), await town.ask(ASKED)
        with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
            created = time.time() - 31 * 86_400
            database.execute("UPDATE posted SET created = ? WHERE message = ?", (created, old.id))
            database.commit()
        await becomes(running, public, talks(YEARLY))
        assert edits(town) == [new.id]


async def test_what_is_deleted_while_it_waits_is_not_edited(
    town: Town, public: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, HALTING)
    async with bot(town.discord, public) as running:
        answers = [await town.ask(ASKED) for _ in range(2)]
        public.write(talks(YEARLY))
        await running.backend.service.refresh()
        await until(lambda: edits(town), 10)
        await running.backend.vault.tried(
            lambda kept: PersonalStore(kept.database).delete(town.ada.id), None
        )
    at(monkeypatch, QUICK)
    async with bot(town.discord, public) as running:
        await settled(running)
        assert edits(town) == [answers[-1].id]
    with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
        assert database.execute("SELECT * FROM quotes").fetchall() == []


# Who may see


async def test_where_a_document_may_be_seen_no_more_nothing_new_of_it_is_shown(
    town: Town, place: Place
) -> None:
    place.index({"bread.txt": BREAD, "team/talks.txt": TALKS})
    link = Link("team", town.guild.id, "server", town.guild.id)
    async with bot(town.discord, place) as running:
        servers = running.backend.servers
        assert await servers.link(link)
        answer = await town.ask(ASKED)
        assert "team/talks.txt" in answer.text
        await servers.unlink(link)
        await becomes(running, place, {"bread.txt": BREAD, "team/talks.txt": YEARLY})
        assert "no longer in the documents" in answer.text
        assert "every year" not in answer.text
        await becomes(running, place, {"bread.txt": BREAD, "hidden/talks.txt": TALKS})
        assert "hidden" not in answer.text
        assert len(edits(town)) == 1
        assert await servers.link(link)
        await becomes(running, place, {"bread.txt": BREAD, "team/talks.txt": YEARLY})
        assert "every year" in answer.text


async def test_what_one_place_may_see_is_shown_there_and_not_in_another(
    town: Town, place: Place
) -> None:
    texts: dict[str, str | bytes] = {"talks.txt": TALKS, "bread.txt": BREAD}
    place.index(texts)
    room = town.guild.add_channel("room")
    async with bot(town.discord, place) as running:
        link = Link("room", town.guild.id, "channel", room.id)
        assert await running.backend.servers.link(link)
        here, there = await town.ask(ASKED), await town.ask(ASKED, channel=room)
        await becomes(running, place, {"bread.txt": BREAD, "room/talks.txt": TALKS})
        assert "no longer in the documents" in here.text
        assert "room" not in here.text
        assert "`room/talks.txt` · line 3" in there.text


async def direct(town: Town, channel: Channel) -> Message:
    asked = await town.discord.say(town.ada, channel, ASKED)
    return await town.discord.next_message(channel, after=asked)


async def test_answers_in_direct_messages_follow_what_that_person_may_see(
    town: Town, place: Place
) -> None:
    own = f"server-{town.guild.id}/talks.txt"
    place.index({"bread.txt": BREAD, own: TALKS})
    async with bot(town.discord, place) as running:
        assert await running.backend.servers.choose(town.ada.id, [town.guild.id])
        answer = await direct(town, town.discord.dm(town.ada))
        assert own in answer.text
        await becomes(running, place, {"bread.txt": BREAD, own: YEARLY})
        assert "> The group meets every year." in answer.text
        assert await running.backend.servers.choose(town.ada.id, [])
        await becomes(running, place, {"bread.txt": BREAD, own: LOWER})
        assert "no longer in the documents" in answer.text
        assert "line 5" not in answer.text


# Ways to ask, and places


async def test_answers_to_commands_keep_their_question_and_their_buttons(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.slash("ask", question=ASKED)
        buttons = answer.buttons
        await becomes(running, public, talks(YEARLY))
        assert answer.text.startswith(f"-# {ASKED}\n### ~~")
        assert answer.buttons == buttons
        private = await town.slash("ask", question=ASKED, private=True)
        shared = await (await town.press(private, "share")).answered()
        await becomes(running, public, talks(TALKS))
        assert "> ~~The group meets **every year**.~~" in shared.text
        assert "> The group meets every six months." in shared.text
        assert edits(town).count(shared.id) == 1


async def test_a_notice_ages_without_naming_anybody_again(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask("where does the rocket start on Friday?")
        await town.press(answer, "wish")
        rocket = "Plans\n\nThe rocket starts in Kourou on Friday."
        public.write(talks(TALKS) | {"plans.txt": rocket})
        await running.backend.service.refresh()
        notice = await town.discord.next_message(town.channel, after=answer, timeout=10)
        assert notice.text.startswith("🔔 <@")
        lower = rocket.replace("The rocket", "A plan.\n\nThe rocket")
        await becomes(running, public, talks(TALKS) | {"plans.txt": lower})
        await until(lambda: "line 5" in notice.text, 10)
        assert notice.text.startswith("🔔 The documents answer this now.")
        await becomes(running, public, talks(TALKS))
        assert notice.text.startswith("-# where does the rocket")
        assert "no longer in the documents" in notice.text


async def test_a_server_without_a_history_is_followed_in_memory(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await running.backend.servers.change(ServerSettings(town.guild.id, history=False))
        answer = await town.ask(ASKED)
        buttons = answer.buttons
        await becomes(running, public, talks(YEARLY))
        assert STRUCK in answer.text
        assert answer.buttons == buttons
        await becomes(running, public, talks(TALKS))
        assert BIG in answer.text
        assert len(edits(town)) == 2
    with closing(sqlite3.connect(public.data / "history.sqlite")) as database:
        assert database.execute("SELECT * FROM quotes").fetchall() == []


async def test_what_was_only_overheard_is_never_edited(town: Town, public: Place) -> None:
    async with bot(town.discord, public, reads_messages=True) as running:
        await running.backend.servers.set_ask_channels(town.guild.id, [town.channel.id])
        await town.discord.say(town.ada, town.channel, "what does the group cost in Alaska?")
        answered = await town.discord.say(town.ada, town.channel, ASKED)
        answer = await town.discord.next_message(town.channel, after=answered)
        await becomes(running, public, talks(NEVER))
        assert edits(town) == [answer.id]


# What only one person sees


async def test_a_private_answer_shows_its_age_when_a_button_of_it_is_pressed(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        private = await town.slash("ask", question=ASKED, private=True)
        before = private.text
        await becomes(running, public, talks(YEARLY))
        assert private.text == before  # there is no way to reach it
        call = await town.press(private, "context")
        await until(lambda: call.answers, 10)
        assert "**The group meets every year.**" in call.answers[-1].text
        assert "this is what it says now" in call.answers[-1].text
        await until(lambda: STRUCK in private.text, 10)
        assert "share" in actions(private)
        await becomes(running, public, talks(LOWER))
        await town.press(private, "context")
        await until(lambda: private.text == lower(before), 10)
        assert edits(town) == []


async def test_a_private_answer_that_aged_is_not_shared_but_shown_as_it_is(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        private = await town.slash("ask", question=ASKED, private=True)
        await becomes(running, public, talks(YEARLY))
        call = await town.press(private, "share")
        await until(lambda: call.answers, 10)
        assert "changed since" in call.answers[-1].text
        await until(lambda: STRUCK in private.text, 10)
        await becomes(running, public, talks(LOWER))
        shared = await (await town.press(private, "share")).answered()
        assert "`talks.txt` · line 5" in shared.text
        assert not shared.ephemeral


async def test_the_context_of_a_renamed_document_is_shown(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        await becomes(running, public, {"bread.txt": BREAD, "meetings.txt": TALKS})
        call = await town.press(answer, "context")
        await until(lambda: call.answers, 10)
        assert "`meetings.txt`" in call.answers[-1].text
        assert "**The group meets every six months.**" in call.answers[-1].text
        assert press_of(answer, "context")
