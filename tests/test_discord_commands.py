"""Commands over a real socket: asking, looking up, completing what is typed."""

import asyncio
from dataclasses import replace

import pytest

from tests.bots import Town, actions, bot, press_of, settle
from tests.discord_server import DiscordServer, NotOffered, Overwrite, Permission, User
from tests.places import ASKED, BREAD, OPEN_TEXTS, TALKS, Place
from tests.test_discord_messages import SAYS, assert_answers, assert_nothing_pings, sent

COMMANDS = {
    "ask",
    "search",
    "documents",
    "show",
    "status",
    "help",
    "reindex",
    "rollback",
    "upload",
    "remove",
    "settings",
    "collection",
    "gaps",
    "privacy",
    "servers",
    "Answer this",
}
MANUAL = "# Guide\n\nStart here.\n\n## Ovens\n\nOvens are hot.\n\n## Sieves\n\nSieves are fine.\n"


async def test_all_commands_are_registered_once_and_again_only_when_they_differ(
    town: Town, public: Place
) -> None:
    for _ in range(2):
        async with bot(town.discord, public):
            assert {one["name"] for one in town.discord.commands} == COMMANDS
    puts = [one for one in town.discord.requests if one.method == "PUT"]
    assert len(puts) == 1


async def test_asking_by_command_is_acknowledged_at_once_and_answered_for_all(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        call = await town.discord.slash(town.ada, town.channel, "ask", {"question": ASKED})
        assert await call.acknowledged() == 5
        assert call.acknowledged_after is not None
        assert call.acknowledged_after < 1
        answer = await call.answered()
        assert not answer.ephemeral
        assert_answers(answer)
        assert ASKED in answer.text
        assert actions(answer)[-3:] == ["good", "bad", "dismiss"]
    assert_nothing_pings(town.discord)


async def test_a_private_answer_is_for_the_asker_and_can_be_shared(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        answer = await town.slash("ask", question=ASKED, private=True)
        assert answer.ephemeral
        assert_answers(answer)
        assert actions(answer)[-1] == "share"
        assert sent(town.discord, town.channel) == []
        shared = await (await town.press(answer, "share")).answered()
        assert not shared.ephemeral
        assert_answers(shared)
        assert actions(shared)[-1] == "dismiss"
        await town.discord.until(lambda: "share" not in actions(answer))


async def test_one_document_alone_can_be_asked(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        for name in ("talks.txt", "talks.txt", "Talks"):
            assert_answers(await town.slash("ask", question=ASKED, document=name))
        answer = await town.slash("ask", question=ASKED, document="bread.txt")
        assert "every six months" not in answer.text
        refused = await town.slash("ask", question=ASKED, document="nothing.txt")
        assert "/documents" in refused.text


async def test_a_message_can_be_answered_from_its_menu(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        message = await town.discord.say(town.admin, town.channel, ASKED)
        call = await town.discord.message_command(town.ada, message, "Answer this")
        answer = await call.answered()
        assert answer.ephemeral
        assert_answers(answer)
        assert actions(answer)[-1] == "share"
        call = await town.discord.message_command(town.ada, answer, "Answer this")
        assert "no words" in (await call.answered()).text


async def test_a_person_who_installed_it_asks_anywhere(town: Town, public: Place) -> None:
    elsewhere = town.discord.add_guild("Elsewhere", with_bot=False)
    elsewhere.join(town.ada)
    bob = town.discord.add_user("bob")
    places = [
        town.discord.dm(town.ada),
        town.discord.group_dm(town.ada, bob),
        elsewhere.add_channel("general"),
    ]
    async with bot(town.discord, public):
        for channel in places:
            call = await town.discord.slash(
                town.ada, channel, "ask", {"question": ASKED}, installed_for="user"
            )
            assert_answers(await call.answered())
            for admins_own in ("reindex", "upload", "settings", "gaps", "collection list"):
                with pytest.raises(NotOffered):
                    await town.discord.slash(town.ada, channel, admins_own, installed_for="user")


@pytest.mark.parametrize("question", ["", " ", "?!", "x" * 5000, "*" * 6000, "\u200b"])
async def test_what_cannot_be_asked_is_refused_kindly(
    town: Town, public: Place, question: str
) -> None:
    async with bot(town.discord, public):
        told = (await town.slash("ask", question=question)).text
        assert "ask" in told.lower() or "don't say" in told
        assert "error" not in told
    assert_nothing_pings(town.discord)


# Looking up


async def test_passages_are_searched_page_by_page_after_a_restart_too(
    town: Town, place: Place
) -> None:
    place.index({f"t{n:02}.txt": f"Talk {n}\n\nThe group meets in hall {n}." for n in range(12)})
    async with bot(town.discord, place):
        first = await town.slash("search", query="where does the group meet?")
        assert first.ephemeral
        assert "Page 1 of 3" in first.text
        assert first.text.count("group meets") == 5
    shown = first.text
    async with bot(town.discord, place):
        later = press_of(first, "hits").replace(":-1", ":1")
        call = await town.discord.click(town.ada, first, later)
        await town.discord.until(lambda: "Page 2 of 3" in first.text)
        assert not set(shown.splitlines()[1:-1]) & set(first.text.splitlines()[1:-1])
        assert call.callback_type == 6


async def test_a_search_without_a_match_says_so(town: Town, place: Place) -> None:
    place.write({})
    place.seeds.mkdir(exist_ok=True)
    async with bot(town.discord, place):
        told = (await town.slash("search", query="rockets")).text
        assert "Nothing matches" in told or "no documents" in told


async def test_documents_are_listed_page_by_page(town: Town, place: Place) -> None:
    place.index({f"t{n:02}.txt": f"Talk {n}\n\nThe group meets." for n in range(11)})
    async with bot(town.discord, place):
        listed = await town.slash("documents")
        assert "**11 documents**" in listed.text
        assert "**Talk 0** · `t00.txt`" in listed.text
        assert "1 passage · indexed 20" in listed.text
        later = [one["custom_id"] for one in listed.buttons][-1]
        await town.discord.click(town.ada, listed, later)
        await town.discord.until(lambda: "Page 2 of 2" in listed.text)
        assert "`t10.txt`" in listed.text


async def test_a_document_is_shown_with_its_line_numbers(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        whole = await town.slash("show", document="talks.txt")
        assert "`1` Talks" in whole.text
        assert "`3` The group meets every six months." in whole.text
        one = await town.slash("show", document="talks.txt", lines="3")
        assert "`1`" not in one.text
        assert (
            "no range of lines" in (await town.slash("show", document="talks.txt", lines="x")).text
        )
        assert "/documents" in (await town.slash("show", document="none.txt")).text


async def test_a_long_document_is_paged(town: Town, place: Place) -> None:
    place.index({"long.txt": "\n".join(f"This is line {n} of a long story." for n in range(300))})
    async with bot(town.discord, place):
        shown = await town.slash("show", document="long.txt")
        numbers: list[str] = []
        while True:
            numbers += [line.split("`")[1] for line in shown.text.splitlines() if line[:1] == "`"]
            later = shown.buttons[-1]
            if later.get("disabled"):
                break
            before = shown.text
            await town.discord.click(town.ada, shown, later["custom_id"])
            await town.discord.until(lambda before=before: shown.text != before)  # type: ignore[misc]
        assert numbers == [str(n) for n in range(1, 301)]


async def test_the_status_tells_what_is_served(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.slash("ask", question=ASKED)
        told = (await town.slash("status")).text
        for part in ("000001", "2 with 2 passages", "words", " ms", "shard 1 of 1"):
            assert part in told


async def test_help_names_every_command(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        told = (await town.slash("help")).text
        for name in COMMANDS - {"collection", "Answer this"}:
            assert f"`/{name}`" in told
        assert "`/collection link`" in told
        assert "**Answer this**" in told


# Completing what is typed


async def test_documents_and_headings_are_offered_and_lead_to_them(
    town: Town, place: Place
) -> None:
    place.index({"guide.md": MANUAL, "bread.txt": BREAD})
    async with bot(town.discord, place):

        async def offered(typed: str) -> dict[str, str]:
            found = await town.discord.autocomplete(
                town.ada, town.channel, "show", {"document": typed}, "document"
            )
            return {one["name"]: one["value"] for one in found}

        assert set(await offered("")) >= {"Guide", "Bread"}
        assert "Bread" in await offered("bread.t")
        found = await offered("sieve")
        assert list(found) == ["Guide › Sieves"]
        shown = await town.slash("show", document=found["Guide › Sieves"])
        assert "Sieves are fine" in shown.text
        assert "Ovens" not in shown.text
        assert await offered("zzz") == {}


async def test_answered_questions_are_offered_and_answered_again(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        await town.ask(ASKED)
        await town.slash("ask", question="what does a rocket cost in Alaska?")

        async def offered(who: str, typed: str = "group") -> list[str]:
            person = town.ada if who == "ada" else town.admin
            found = await town.discord.autocomplete(
                person, town.channel, "ask", {"question": typed}, "question"
            )
            return [one["value"] for one in found]

        assert await offered("ada") == [ASKED]
        assert await offered("admin") == [ASKED]
        assert await offered("ada", "rocket") == []
        assert_answers(await town.slash("ask", question=(await offered("ada"))[0]))
        # What a newer index still answers is offered again, once that is known.
        public.index({**OPEN_TEXTS, "new.txt": "News are new."})
        await town.slash("ask", question="who bakes bread daily?")
        for _ in range(50):
            if ASKED in await offered("ada"):
                break
            await asyncio.sleep(0.02)
        assert ASKED in await offered("ada")
        # Once the documents say something else, it is offered no more.
        public.index({"bread.txt": BREAD})
        await town.slash("ask", question="who bakes bread daily?")
        for _ in range(10):
            assert ASKED not in await offered("ada")
            await asyncio.sleep(0.02)


async def test_nobody_is_offered_what_was_asked_where_they_cannot_read(
    town: Town, public: Place
) -> None:
    seeing = Permission.VIEW_CHANNEL
    staff = town.guild.add_channel(
        "staff",
        overwrites=[
            Overwrite(town.guild.everyone, deny=seeing),
            Overwrite(town.admin, allow=seeing),
        ],
    )
    other = settle(town.discord, "Other")
    async with bot(town.discord, public):
        own = "when does the group meet?"
        await town.slash("ask", question=own, private=True)
        await other.slash("ask", question="how often does the group meet here?")
        await replace(town, ada=town.admin, channel=staff).slash("ask", question=ASKED)

        async def offered(who: User) -> list[str]:
            found = await town.discord.autocomplete(
                who, town.channel, "ask", {"question": "group"}, "question"
            )
            return [one["value"] for one in found]

        assert await offered(town.ada) == [own]
        assert await offered(town.admin) == [ASKED]


async def test_completing_is_quick_while_documents_are_indexed(
    town: Town, public: Place, discord: DiscordServer
) -> None:
    async with bot(town.discord, public) as running:
        public.write({f"t{n:03}.txt": f"Talk {n}\n\n{TALKS}" for n in range(150)})
        indexing = asyncio.create_task(running.backend.service.refresh())
        while not indexing.done():
            found = await town.discord.autocomplete(
                town.ada, town.channel, "show", {"document": "t"}, "document"
            )
            assert found
            await asyncio.sleep(0.02)
        await indexing
    assert SAYS
