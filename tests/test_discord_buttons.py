"""Every button over a real socket: before a restart, after it, and in the wrong hands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.gateway.presses import GONE
from bot.history.stored import Posted
from tests.bots import Running, Town, actions, bot, plant, press_of, settle
from tests.discord_server import Call, Channel, Message, User
from tests.discord_server.events import until
from tests.places import ASKED, BREAD, OPEN_TEXTS, TALKS, Place
from tests.test_discord_messages import assert_answers, assert_nothing_pings

UNKNOWN = "what does a rocket cost in Alaska?"
LONG = "\n\n".join(
    [
        "Story",
        *(f"Before, part {n}. {'It goes on and on. ' * 12}" for n in range(12)),
        "The group meets every six months.",
        *(f"Behind, part {n}. {'It goes on and on. ' * 12}" for n in range(12)),
    ]
)


@pytest.fixture(params=["before a restart", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "after a restart")


@asynccontextmanager
async def asked(
    town: Town, place: Place, question: str, *, restarts: bool, private: bool = False
) -> AsyncIterator[tuple[Message, Running]]:
    """An answer, and a bot whose buttons below it are pressed."""
    async with bot(town.discord, place) as running:
        if private:
            answer = await town.slash("ask", question=question, private=True)
        else:
            answer = await town.ask(question)
        await placed(running, answer)
        if not restarts:
            yield answer, running
            return
    async with bot(town.discord, place) as running:
        yield answer, running


async def placed(running: Running, answer: Message) -> Posted:
    """The stored row of an answer."""
    row = press_of(answer, "context" if "context" in actions(answer) else "wish").split(":")[2]
    posted = await running.backend.memory.posted(row)
    assert posted is not None
    return posted


async def told(call: Call) -> Message:
    """What the person who pressed is told; only they see it."""
    await until(lambda: call.answers, 10)
    assert call.answers[-1].ephemeral
    return call.answers[-1]


async def test_the_context_of_a_quote_is_shown_with_the_quote_marked(
    town: Town, public: Place, restarts: bool
) -> None:
    async with asked(town, public, ASKED, restarts=restarts) as (answer, _):
        shown = await told(await town.press(answer, "context", town.admin))
        assert "**The group meets every six months.** Its chair is Ada" in shown.text
        assert "`talks.txt` · lines 1-3" in shown.text
        assert actions(shown) == []
    assert_nothing_pings(town.discord)


async def test_the_context_is_paged_to_both_ends(town: Town, place: Place, restarts: bool) -> None:
    place.index({"story.txt": LONG})
    async with asked(town, place, ASKED, restarts=restarts) as (answer, _):
        shown = await told(await town.press(answer, "context"))
        assert "**The group meets every six months.**" in shown.text
        seen = shown.text
        for direction in (0, 1):
            while not shown.buttons[direction].get("disabled"):
                before = shown.text
                await town.discord.click(town.ada, shown, shown.buttons[direction]["custom_id"])
                await town.discord.until(lambda before=before: shown.text != before)  # type: ignore[misc]
                seen += shown.text
        for n in range(12):
            assert f"Before, part {n}." in seen
            assert f"Behind, part {n}." in seen


async def test_a_thumb_up_is_counted_once_a_person(
    town: Town, public: Place, restarts: bool
) -> None:
    async with asked(town, public, ASKED, restarts=restarts) as (answer, running):
        row = (await placed(running, answer)).id
        for _ in range(2):
            assert "noted" in (await told(await town.press(answer, "good"))).text
        await told(await town.press(answer, "good", town.admin))
        assert await running.backend.memory.votes(row) == (2, 0)


async def test_a_thumb_down_asks_what_was_expected(
    town: Town, public: Place, restarts: bool
) -> None:
    async with asked(town, public, ASKED, restarts=restarts) as (answer, running):
        row = (await placed(running, answer)).id
        call = await town.press(answer, "bad")
        assert await call.acknowledged() == 9
        assert call.modal
        assert call.modal["title"] == "What did you expect?"
        field = call.modal["components"][0]["component"]["custom_id"]
        sent = await town.discord.submit(town.ada, call, {field: "every year"})
        assert "noted" in (await told(sent)).text
        assert await running.backend.memory.votes(row) == (0, 1)


async def test_a_private_answer_is_shared_once(town: Town, public: Place, restarts: bool) -> None:
    async with asked(town, public, ASKED, restarts=restarts, private=True) as (answer, _):
        share = press_of(answer, "share")
        shared = await (await town.discord.click(town.ada, answer, share)).answered()
        assert_answers(shared)
        assert not shared.ephemeral
        # The buttons of what was shared are everyone's.
        shown = await told(await town.press(shared, "context", town.admin))
        assert "every six months" in shown.text
        await town.discord.until(lambda: "share" not in actions(answer))


@pytest.mark.parametrize("person", ["asker", "moderator"])
async def test_an_answer_is_taken_away_by_who_may(
    town: Town, public: Place, restarts: bool, person: str
) -> None:
    bob = town.discord.add_user("bob")
    town.guild.join(bob)
    async with asked(town, public, ASKED, restarts=restarts) as (answer, _):
        refused = await told(await town.press(answer, "dismiss", bob))
        assert "Only whoever asked" in refused.text
        assert not answer.deleted
        await town.press(answer, "dismiss", town.ada if person == "asker" else town.admin)
        await town.discord.until(lambda: answer.deleted)


async def test_who_wants_to_be_told_is_put_on_the_list_once(
    town: Town, public: Place, restarts: bool
) -> None:
    async with asked(town, public, UNKNOWN, restarts=restarts) as (answer, _):
        assert "I will tell you" in (await told(await town.press(answer, "wish"))).text
        assert "already" in (await told(await town.press(answer, "wish"))).text
        assert "I will tell you" in (await told(await town.press(answer, "wish", town.admin))).text


# Documents that change


async def test_a_quote_that_moved_is_found_where_it_is_now(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
    public.index(OPEN_TEXTS | {"talks.txt": f"Talks\n\nSomething new.\n\n{TALKS[7:]}"})
    async with bot(town.discord, public):
        shown = await told(await town.press(answer, "context"))
        assert "Something new.\n\n**The group meets every six months.**" in shown.text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (OPEN_TEXTS | {"talks.txt": "Talks\n\nIt never meets."}, "has changed"),
        ({"bread.txt": BREAD}, "no longer among"),
    ],
)
async def test_a_quote_that_is_gone_is_said_to_be(
    town: Town, public: Place, texts: dict[str, str | bytes], said: str
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
    public.index(texts)
    async with bot(town.discord, public):
        assert said in (await told(await town.press(answer, "context"))).text


# In the wrong hands


async def forged(town: Town, who: User, channel: Channel, custom_id: str) -> Message:
    """What somebody is told who presses a button that they made up."""
    decoy = plant(town.discord, channel, custom_id)
    return await told(await town.discord.click(who, decoy, custom_id))


async def test_guessed_and_foreign_rows_are_refused(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    side = town.guild.add_channel("side")
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        private = await town.slash("ask", question=ASKED, private=True)
        await town.discord.until(lambda: True)
        for action in ("context", "good", "bad", "dismiss", "wish", "share", "around"):
            real = (await placed(running, answer)).id
            secret = (await placed(running, private)).id
            assert (
                GONE
                in (await forged(other, other.admin, other.channel, f"fn:{action}:{real}")).text
            )
            assert GONE in (await forged(town, town.admin, side, f"fn:{action}:{real}")).text
            assert (
                GONE in (await forged(town, town.admin, town.channel, f"fn:{action}:{secret}")).text
            )
            assert (
                GONE in (await forged(town, town.ada, town.channel, f"fn:{action}:AAAAAAAA")).text
            )
        assert not answer.deleted
        assert await running.backend.memory.votes(real) == (0, 0)


@pytest.mark.parametrize(
    "custom_id",
    [
        "fn:context",
        "fn:nothing:x",
        "fn:hits:AAAA:1",
        "fn:lines:AAAA",
        "fn:remove:AAAA",
        "fn:",
        "fn:x\u0000",
    ],
)
async def test_a_button_that_means_nothing_is_answered_kindly(
    town: Town, public: Place, custom_id: str
) -> None:
    async with bot(town.discord, public):
        shown = await forged(town, town.admin, town.channel, custom_id)
        assert "again" in shown.text
        assert "error" not in shown.text


async def test_a_citation_that_is_not_there_is_refused(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        row = (await placed(running, answer)).id
        shown = await forged(town, town.ada, town.channel, f"fn:context:{row}:99:0")
        assert GONE in shown.text


async def test_another_persons_search_cannot_be_paged(town: Town, place: Place) -> None:
    place.index({f"t{n:02}.txt": f"Talk {n}\n\nThe group meets in hall {n}." for n in range(12)})
    async with bot(town.discord, place):
        first = await town.slash("search", query="where does the group meet?")
        later = first.buttons[-1]["custom_id"]
        shown = await forged(town, town.admin, town.channel, later)
        assert "no longer kept" in shown.text


async def test_without_a_history_answers_come_without_buttons(town: Town, public: Place) -> None:
    (public.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
        assert_answers(answer)
        assert answer.buttons == []


async def test_the_context_of_a_file_of_windows_shows_no_marks(town: Town, place: Place) -> None:
    place.index({"talks.txt": TALKS.replace("\n", "\r\n")})
    async with bot(town.discord, place):
        shown = await told(await town.press(await town.ask(ASKED), "context"))
        assert "Talks\n\n**The group meets every six months.**" in shown.text


# What is no longer there is no longer kept


@pytest.mark.parametrize("how", ["dismissed", "deleted", "the bot is removed"])
async def test_what_is_taken_away_is_kept_no_longer(town: Town, public: Place, how: str) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        row = (await placed(running, answer)).id
        if how == "dismissed":
            await town.press(answer, "dismiss")
        elif how == "deleted":
            await town.discord.delete(answer)
        else:
            town.discord.remove_guild(town.guild)
        for _ in range(100):
            if await running.backend.memory.posted(row) is None:
                break
            await asyncio.sleep(0.02)
        assert await running.backend.memory.posted(row) is None


async def test_two_presses_at_once_share_once(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        private = await town.slash("ask", question=ASKED, private=True)
        calls = [await town.press(private, "share") for _ in range(3)]
        await town.discord.until(lambda: all(call.answers for call in calls))
        await asyncio.sleep(0.2)
        shown = [one for one in town.discord.messages(town.channel) if not one.ephemeral]
        assert len(shown) == 1
    async with bot(town.discord, public):  # and none again later, from a view that was kept
        share = f"fn:share:{press_of(private, 'context').split(':')[2]}"
        again = await forged(town, town.ada, town.channel, share)
        assert "shared already" in again.text


async def test_a_thumb_down_counts_though_nothing_is_said(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        row = (await placed(running, answer)).id
        await (await town.press(answer, "bad")).acknowledged()
        for _ in range(100):
            if await running.backend.memory.votes(row) == (0, 1):
                break
            await asyncio.sleep(0.02)
        assert await running.backend.memory.votes(row) == (0, 1)


async def test_a_list_is_turned_only_where_it_was_asked_for(town: Town, place: Place) -> None:
    place.index({f"t{n:02}.txt": f"Talk {n}\n\nThe group meets in hall {n}." for n in range(12)})
    side = town.guild.add_channel("side")
    async with bot(town.discord, place):
        first = await town.slash("search", query="where does the group meet?")
        later = first.buttons[-1]["custom_id"]
        assert "no longer kept" in (await forged(town, town.ada, side, later)).text
