"""``/gaps`` over a real socket: of this server only, and of what its admin can read."""

import csv
import io
import time
from dataclasses import replace

import pytest

from bot.gateway.gaps import NO_HISTORY
from bot.history.stored import Posted, ServerSettings, new_id
from tests.bots import Running, Town, actions, bot, press_of, settle
from tests.choosing import forge, told
from tests.discord_server import Channel, Message, NotOffered, Permission
from tests.places import ASKED, OPEN_TEXTS, Place
from tests.test_discord_messages import assert_answers, assert_nothing_pings
from tests.test_history import ABSTAINED, posted

ROCKET = "what does a rocket cost in Alaska?"
WHALE = "which whale sings in the desert?"


async def listed(town: Town, **options: object) -> Message:
    return await town.slash("gaps", town.admin, **options)


async def file(town: Town, message: Message) -> list[dict[str, str]]:
    """The rows of the file that comes when it is asked for."""
    answer = await (await town.press(message, "gapsfile", town.admin)).answered()
    assert answer.ephemeral
    (attached,) = answer.attachments
    assert attached.name == "gaps.csv"
    assert attached.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(attached.data.decode("utf-8-sig"), newline="")))


async def keep(running: Running, channel: Channel, question: str, *, ago: float = 60.0) -> str:
    """An abstention, as if somebody had asked that there."""
    result = replace(ABSTAINED, question=question)
    one: Posted = posted(
        question,
        id=new_id(),
        guild=channel.guild_id or None,
        channel=channel.id,
        result=result,
        created=time.time() - ago,
    )
    kept = running.backend.vault
    assert await kept.done(lambda history: history.keep(one))
    return one.id


async def test_what_was_not_answered_is_listed_with_counts_and_a_link(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        assert_answers(await town.ask(ASKED))
        first = await town.ask(ROCKET)
        await (await town.press(first, "wish")).answered()
        whale = await town.ask(WHALE)
        again = await town.ask(ROCKET.upper().replace("WHAT", "What"))
        shown = await listed(town)
        assert shown.ephemeral
        assert "last 30 days" in shown.text
        rows = [line for line in shown.text.splitlines() if line.startswith("**")][1:]
        assert rows[0].casefold() == f"**1.** {ROCKET}".casefold()
        assert rows[1] == f"**2.** {WHALE}"
        assert len(rows) == 2
        assert "asked 2 times · 🔔 1" in shown.text
        place = f"https://discord.com/channels/{town.guild.id}/{town.channel.id}"
        for message in (again, whale):
            assert f"{place}/{message.id}" in shown.text
        assert f"{place}/{first.id}" not in shown.text  # the newest of a group is linked
    assert_nothing_pings(town.discord)


async def test_an_answer_found_wrong_is_listed_with_what_was_expected(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.ask(ASKED)
        call = await town.press(answer, "bad")
        await call.acknowledged()
        assert call.modal
        name = call.modal["components"][0]["component"]["custom_id"]
        await (await town.discord.submit(town.ada, call, {name: "=Every *week*"})).answered()
        shown = await listed(town)
        assert ASKED in shown.text
        assert "asked 1 time · 👎 1" in shown.text
        assert r"Expected: =Every \*week\*" in shown.text
        (only,) = await file(town, shown)
        assert only["outcome"] == "wrong"
        assert only["expected"] == "'=Every *week*"  # no formula
        assert str(town.ada.id) not in str(only)


async def test_the_file_holds_all_pages_and_every_question_of_a_group(
    town: Town, public: Place
) -> None:
    names = ["zebra", "yacht", "violin", "umbrella", "tulip", "saddle", "raven"]
    async with bot(town.discord, public) as running:
        for at, name in enumerate(names):
            await keep(running, town.channel, f"where is the {name} of Ohio{at}?", ago=100 + at)
        await keep(running, town.channel, "where is the raven of Ohio6?", ago=50)
        shown = await listed(town)
        assert "raven" in shown.text.split("**2.**")[0]
        assert "Page 1 of 2" in shown.text
        data = await file(town, shown)
        assert [one["group"] for one in data] == ["1", "1", "2", "3", "4", "5", "6", "7"]
        assert [one["question"].split()[3] for one in data][:3] == ["raven", "raven", "zebra"]
        later = [one for one in shown.buttons if one["custom_id"].startswith("fn:gaps:")][-1]
        await (await town.discord.click(town.admin, shown, later["custom_id"])).answered()
        assert "Page 2 of 2" in shown.text
        assert "**6.**" in shown.text


async def test_pages_are_turned_after_a_restart(town: Town, public: Place) -> None:
    names = ["zebra", "yacht", "violin", "umbrella", "tulip", "saddle"]
    async with bot(town.discord, public) as running:
        for name in names:
            await keep(running, town.channel, f"where is the {name}?")
        shown = await listed(town, days=7)
    async with bot(town.discord, public):
        later = [one for one in shown.buttons if one["custom_id"].startswith("fn:gaps:")][-1]
        await (await town.discord.click(town.admin, shown, later["custom_id"])).answered()
        assert "last 7 days" in shown.text
        assert "**6.**" in shown.text
        assert len(await file(town, shown)) == 6


async def test_only_so_many_days_are_looked_back(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, WHALE, ago=3 * 86_400.0)
        await keep(running, town.channel, ROCKET, ago=60.0)
        assert WHALE in (await listed(town)).text
        shown = await listed(town, days=2)
        assert WHALE not in shown.text
        assert ROCKET in shown.text
        assert len(await file(town, shown)) == 1


async def test_what_is_not_the_admins_to_read_is_not_listed(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    secret = town.guild.add_channel("secret")
    silent = town.guild.add_channel("silent")
    room = town.channel.add_thread("private", town.ada, private=True)
    room.recipients.append(town.discord.bot)
    town.guild.deny(secret, Permission.VIEW_CHANNEL, town.admin)
    town.guild.deny(silent, Permission.READ_MESSAGE_HISTORY, town.admin)
    gone = town.guild.add_channel("gone")
    async with bot(town.discord, public) as running:
        await keep(running, town.channel, "is there a hippo here?")
        await keep(running, secret, "is there a secret1 here?")
        await keep(running, silent, "is there a secret2 here?")
        await keep(running, room, "is there a secret3 here?")
        await keep(running, other.channel, "is there a secret4 here?")
        await keep(running, town.discord.dm(town.admin), "is there a secret5 here?")
        await keep(running, gone, "is there a secret6 here?")
        town.guild.remove_channel(gone)
        await town.slash("ask", question="is there a secret7 here?", private=True)
        shown = await listed(town)
        assert "hippo" in shown.text
        assert "secret" not in shown.text
        assert ["hippo" in one["question"] for one in await file(town, shown)] == [True]
        owner = await town.slash("gaps", town.guild.owner)
        for number in (1, 2):
            assert f"secret{number}" in owner.text
        for number in (4, 5, 6, 7):
            assert f"secret{number}" not in owner.text
        there = await other.slash("gaps", other.admin)
        assert "secret4" in there.text
        assert "hippo" not in there.text


async def test_what_is_asked_in_a_thread_is_listed_for_who_reads_its_channel(
    town: Town, public: Place
) -> None:
    thread = town.channel.add_thread("whales", town.ada)
    archived = town.channel.add_thread("rockets", town.ada)
    async with bot(town.discord, public):
        await town.ask(WHALE, channel=thread)
        await town.ask(ROCKET, channel=archived)
        town.guild.archive(archived)
    async with bot(town.discord, public):  # which is told of no archived threads
        shown = await listed(town)
        assert WHALE in shown.text
        assert ROCKET in shown.text


async def test_a_channel_that_was_closed_to_the_admin_is_gone_from_the_next_page(
    town: Town, public: Place
) -> None:
    side = town.guild.add_channel("side")
    async with bot(town.discord, public) as running:
        for name in ("zebra", "yacht", "violin", "umbrella", "tulip", "saddle"):
            await keep(running, side, f"where is the {name}?")
        shown = await listed(town)
        assert "Page 1 of 2" in shown.text
        town.guild.deny(side, Permission.VIEW_CHANNEL, town.admin)
        await town.ask(WHALE)  # by then the bot knows
        later = [one for one in shown.buttons if one["custom_id"].startswith("fn:gaps:")][-1]
        await (await town.discord.click(town.admin, shown, later["custom_id"])).answered()
        assert "where is the" not in shown.text
        assert WHALE in shown.text


async def test_what_was_answered_since_is_no_gap_any_more(town: Town, place: Place) -> None:
    place.index({"bread.txt": OPEN_TEXTS["bread.txt"]})
    async with bot(town.discord, place):
        assert "wish" in actions(await town.ask(ASKED))
        assert ASKED in (await listed(town)).text
    place.index(OPEN_TEXTS)
    async with bot(town.discord, place):
        assert ASKED in (await listed(town)).text  # nobody asked since
        assert_answers(await town.ask(ASKED))
        shown = await listed(town)
        assert ASKED not in shown.text
        assert "all was answered" in shown.text
        assert actions(shown) == []


async def test_without_a_history_it_says_how_to_have_one(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        await town.ask(ROCKET)
        shown = await listed(town)
        await running.backend.servers.change(ServerSettings(town.guild.id, history=False))
        for answer in (
            await listed(town),
            await told(await town.press(shown, "gapsfile", town.admin)),
        ):
            assert answer.text.replace("\\", "") == NO_HISTORY


async def test_while_the_history_cannot_be_read_that_is_said(town: Town, public: Place) -> None:
    (public.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, public):
        assert "try again" in (await listed(town)).text


# In the wrong hands


async def test_only_those_who_manage_the_server_see_gaps(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask(ROCKET)
        with pytest.raises(NotOffered):
            await town.slash("gaps")
        call = await town.discord.slash(town.ada, town.channel, "gaps", override=True)
        refusal = await call.answered()
        assert refusal.ephemeral
        assert "Only those who may manage" in refusal.text
        assert ROCKET not in refusal.text


@pytest.mark.parametrize("custom_id", ["fn:gaps:-:0:30", "fn:gapsfile:-:30"])
async def test_a_forged_press_shows_nothing(town: Town, public: Place, custom_id: str) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public):
        await town.ask(ROCKET)
        for who, channel in (
            (town.ada, town.channel),
            (town.admin, town.discord.dm(town.admin)),
        ):
            refusal = await told(await forge(town, custom_id, who=who, channel=channel))
            assert "Only those" in refusal.text or "in a server" in refusal.text
            assert refusal.attachments == []
            assert ROCKET not in refusal.text
        there = await other.slash("gaps", other.admin)
        assert "all was answered" in there.text


@pytest.mark.parametrize(
    "custom_id",
    ["fn:gapsfile:-", "fn:gapsfile:-:999999999", "fn:gapsfile:-:-5", "fn:gapsfile:other:30:1:2"],
)
async def test_numbers_that_were_never_offered_do_no_harm(
    town: Town, public: Place, custom_id: str
) -> None:
    async with bot(town.discord, public):
        await town.ask(ROCKET)
        answer = await told(await forge(town, custom_id))
        assert "error" not in answer.text
        (attached,) = answer.attachments
        assert ROCKET in attached.data.decode("utf-8-sig")


async def test_a_page_that_was_never_there_is_the_nearest(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        for name in ("zebra", "yacht", "violin", "umbrella", "tulip", "saddle"):
            await keep(running, town.channel, f"where is the {name}?")
        shown = await listed(town)
        later = [one for one in shown.buttons if one["custom_id"].startswith("fn:gaps:")][-1]
        later["custom_id"] = "fn:gaps:-:-7:30"
        await (await town.discord.click(town.admin, shown, "fn:gaps:-:-7:30")).answered()
        assert "Page 1 of 2" in shown.text
        assert press_of(shown, "gapsfile")
