"""Nothing of one server is seen in another, and nothing by who may not see it, on any surface.

Each document says the same with a canary of its own. Whatever the bot says, to whomever, is held
against what they may see there: never a canary more, and wherever something is asked, the own ones.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bot.gateway.backend import Backend
from bot.gateway.digests import digest_key
from bot.history.store import History
from bot.history.stored import ServerSettings
from tests.bots import actions, bot, plant, press_of
from tests.cities import ASKED, PUBLIC, City, Watch, canaries, found, link, write
from tests.discord_server import Call, Channel, DiscordServer, Message, User
from tests.discord_server.messages import walk
from tests.places import Place
from tests.readiness import hurry

CITIES = 50
AT_ONCE = 6

Surface = Callable[["Visit"], Awaitable[None]]


class Visit:
    """A person in a channel of a city, using everything there is."""

    def __init__(self, discord: DiscordServer, city: City, person: User, channel: Channel) -> None:
        self.discord = discord
        self.city = city
        self.person = person
        self.channel = channel

    @property
    def manages(self) -> bool:
        return self.person is self.city.admin

    @property
    def own(self) -> frozenset[str]:
        """The canaries in documents that the person may see."""
        seen = self.city.scope(self.person, self.channel)
        return seen - {self.city.canary("gap"), self.city.canary("secret")}

    async def slash(self, name: str, **options: object) -> Call:
        call = await self.discord.slash(self.person, self.channel, name, options)
        await call.answered()
        return call

    async def press(self, message: Message, action: str) -> Call:
        return await self.discord.click(self.person, message, press_of(message, action))

    async def choices(self, command: str, focused: str, **options: object) -> frozenset[str]:
        found = await self.discord.autocomplete(
            self.person, self.channel, command, options, focused
        )
        return canaries(found)


async def mention(visit: Visit) -> None:
    discord, channel = visit.discord, visit.channel
    text = f"<@{discord.bot.id}> {ASKED}"
    asked = await discord.say(visit.person, channel, text)
    answer = await discord.next_message(channel, after=asked)
    while answer.reply_to is not asked:
        answer = await discord.next_message(channel, after=answer)
    assert canaries(answer.text) & visit.city.audience(channel)
    context = await (await visit.press(answer, "context")).answered()
    assert canaries(context.text)
    if visit.own - visit.city.audience(channel):
        await (await visit.press(answer, "private")).answered()


async def ask_in_public(visit: Visit) -> None:
    call = await visit.slash("ask", question=ASKED)
    assert canaries((await call.answered()).text) & visit.city.audience(visit.channel)


async def ask_in_private_and_share(visit: Visit) -> None:
    call = await visit.slash("ask", question=ASKED, private=True)
    answer = await call.answered()
    assert canaries(answer.text) <= visit.own
    await (await visit.press(answer, "context")).answered()
    row = press_of(answer, "context").split(":")[2]
    decoy = plant(visit.discord, visit.channel, f"fn:share:{row}")
    share = await visit.discord.click(visit.person, decoy, f"fn:share:{row}")
    shared = await share.answered()
    offered = "share" in actions(answer)
    assert offered == (canaries(answer.text) <= visit.city.audience(visit.channel))
    assert offered != shared.ephemeral


async def answer_from_the_menu(visit: Visit) -> None:
    asked = await visit.discord.say(visit.person, visit.channel, ASKED)
    call = await visit.discord.message_command(visit.person, asked, "Answer this")
    assert canaries((await call.answered()).text)


async def search(visit: Visit) -> None:
    call = await visit.slash("search", query="password of the orchard")
    assert canaries((await call.answered()).text) == visit.own


async def list_documents(visit: Visit) -> None:
    call = await visit.slash("documents")
    assert canaries((await call.answered()).text) == visit.own


async def show(visit: Visit) -> None:
    """Every document of the city and of the next, by its id."""
    for kind in ("own", "role", "room", "bare"):
        call = await visit.slash("show", document=visit.city.document(kind))
        seen = canaries((await call.answered()).text)
        canary = visit.city.canary(kind)
        assert seen == ({canary} if canary in visit.own else set())


async def count(visit: Visit) -> None:
    call = await visit.slash("status")
    assert f"**Documents** {len(visit.own)} " in (await call.answered()).text


async def complete(visit: Visit) -> None:
    assert await visit.choices("ask", "document", document="", question="x") == visit.own
    assert await visit.choices("show", "document", document="orchard") == visit.own
    assert await visit.choices("show", "document", document="kanari") == visit.own
    await visit.choices("ask", "question", question="")


async def ask_in_vain(visit: Visit) -> None:
    await visit.slash("ask", question=visit.city.gap)
    if visit.person is visit.city.member:
        await visit.slash("ask", question=visit.city.secret, private=True)


async def look_after_oneself(visit: Visit) -> None:
    account = await (await visit.slash("privacy")).answered()
    export = await (await visit.press(account, "export")).answered()
    assert export.attachments
    await visit.slash("servers")
    await visit.slash("help")


async def manage(visit: Visit) -> None:
    if not visit.manages:
        return
    await visit.slash("reindex")
    await visit.slash("settings")
    gaps = await (await visit.slash("gaps")).answered()
    assert canaries(gaps.text) == {visit.city.canary("gap")}
    table = await (await visit.press(gaps, "gapsfile")).answered()
    (file,) = table.attachments
    assert canaries(file.data.decode()) == {visit.city.canary("gap")}
    await visit.slash("collection list")
    own = {visit.city.canary("own")}
    assert await visit.choices("remove", "document", document="") == own
    for sub in ("link", "unlink"):
        offered = await visit.discord.autocomplete(
            visit.person, visit.channel, f"collection {sub}", {"collection": ""}, "collection"
        )
        names = {one["value"] for one in offered}
        assert names == {visit.city.folder(kind) for kind in ("team", "room", "role")}


SURFACES: tuple[Surface, ...] = (
    mention,
    ask_in_public,
    ask_in_private_and_share,
    answer_from_the_menu,
    search,
    list_documents,
    show,
    count,
    complete,
    ask_in_vain,
    look_after_oneself,
    manage,
)


async def use_everything(discord: DiscordServer, cities: list[City], watch: Watch) -> None:
    """Everybody uses everything, in both channels, a few cities at once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def visit(city: City) -> None:
        async with turn:
            for channel in (city.general, city.room):
                for person in city.people:
                    for surface in SURFACES:
                        await surface(Visit(discord, city, person, channel))

    await asyncio.gather(*map(visit, cities))
    watch.look()


def nation(discord: DiscordServer, place: Place, cities: int) -> tuple[list[City], Watch]:
    """Cities whose documents are written and indexed."""
    there = found(cities, discord)
    write(place, there)
    place.library().refresh()
    return there, Watch(discord, {one.guild.id: one for one in there})


async def test_nobody_sees_what_they_may_not_before_and_after_a_restart_and_a_reindex(
    discord: DiscordServer, place: Place
) -> None:
    cities, watch = nation(discord, place, CITIES)
    async with bot(discord, place) as running:
        await link(running.backend, cities)
        await use_everything(discord, cities, watch)
        assert watch.leaks == []
    async with bot(discord, place):
        await use_everything(discord, cities, watch)
        for city in cities:
            path = place.seeds / city.document("team")
            path.write_text(path.read_text() + "\nThe orchard has a gate.\n")
        admin = cities[0].admin
        preview = await (await discord.slash(admin, cities[0].general, "reindex", {})).answered()
        assert "1 changed" in preview.text
        press = await discord.click(admin, preview, press_of(preview, "reindex"))
        await press.answered()
        await use_everything(discord, cities, watch)
    assert watch.leaks == []
    for city in cities:  # and what may be seen was
        kinds = ("own", "team", "room", "role", "gap", "secret")
        assert watch.shown_in(city) == {PUBLIC, *map(city.canary, kinds)}


async def test_a_role_taken_away_closes_what_was_open_before(
    discord: DiscordServer, place: Place
) -> None:
    cities, watch = nation(discord, place, 3)
    async with bot(discord, place) as running:
        await link(running.backend, cities)
        for city in cities:
            visit = Visit(discord, city, city.insider, city.general)
            answers = [
                await (await visit.slash("ask", question=ASKED, private=True)).answered(),
                await (await visit.slash("search", query="password of the orchard")).answered(),
                await (await visit.slash("show", document=city.document("role"))).answered(),
            ]
            watch.look()
            city.guild.take(city.insider, city.staff)
            for answer in answers:
                for button in answer.buttons:
                    await discord.click(city.insider, answer, button["custom_id"])
            for surface in SURFACES:
                await surface(visit)
        watch.look()
    assert watch.leaks == []


async def test_rows_of_another_server_are_refused_to_whoever_guesses_them(
    discord: DiscordServer, place: Place
) -> None:
    """Each button of each city, and each action there is, pressed in the next city."""
    cities, watch = nation(discord, place, 3)
    async with bot(discord, place) as running:
        await link(running.backend, cities)
        rows: set[str] = set()
        nothing: frozenset[str] = frozenset()
        for city in cities:
            for person in city.people:
                visit = Visit(discord, city, person, city.general)
                for name, options in (
                    ("ask", {"question": ASKED}),
                    ("ask", {"question": ASKED, "private": True}),
                    ("ask", {"question": city.gap}),
                    ("search", {"query": "password of the orchard"}),
                    ("show", {"document": city.document("own")}),
                ):
                    answer = await (await visit.slash(name, **options)).answered()
                    rows |= {one["custom_id"].split(":")[2] for one in answer.buttons}
        kept = await running.backend.vault.tried(_rows, nothing)
        rows = {*rows, *kept} - {"-"}
        assert len(rows) >= len(cities) * 9
        watch.look()
        actions_there = (
            *("context", "around", "good", "bad", "share", "dismiss", "wish", "private"),
            *("hits", "lines", "remove"),
        )
        for city in cities:
            others = [row for row in rows if await _guild_of(running.backend, row) != city.guild.id]
            assert others
            for action in actions_there:
                for row in others[:12]:
                    decoy = plant(discord, city.general, f"fn:{action}:{row}:0:0")
                    for person in (city.member, city.admin):
                        call = await discord.click(person, decoy, f"fn:{action}:{row}:0:0")
                        await call.acknowledged()
        await discord.until(lambda: all(call.callback_type for call in discord.calls))
        watch.look()
        assert watch.leaks == []
        assert await running.backend.vault.tried(_rows, nothing) == kept  # nothing is gone


async def _rows(history: History) -> frozenset[str]:
    found = await history.database.run(("SELECT id FROM posted UNION SELECT id FROM requests", {}))
    return frozenset(row["id"] for row in found)


async def _guild_of(backend: Backend, row: str) -> int | None:
    posted = await backend.memory.posted(row)
    request = None if posted else await backend.memory.request(row)
    return posted.guild if posted else request.guild if request else None


async def test_in_direct_messages_only_what_was_chosen_is_seen_and_while_it_may_be(
    discord: DiscordServer, place: Place
) -> None:
    cities, watch = nation(discord, place, 4)
    for city in cities:  # each insider is also a member of the next city
        following = cities[city.number % len(cities)]
        following.guild.join(city.insider)
    async with bot(discord, place) as running:
        await link(running.backend, cities)
        for city in cities:
            following = cities[city.number % len(cities)]
            channel = discord.dm(city.insider)
            assert await _asked(discord, city.insider) == {PUBLIC}
            panel = await (await discord.slash(city.insider, channel, "servers", {})).answered()
            (select,) = [one for one in walk(panel.components) if one["type"] == 3]
            offered = {one["value"] for one in select["options"]}
            assert offered == {str(city.guild.id), str(following.guild.id)}
            call = await discord.click(city.insider, panel, "fn:direct:-", [str(city.guild.id)])
            assert city.guild.name in (await call.answered()).text
            seen = {PUBLIC, city.canary("own"), city.canary("team"), city.canary("role")}
            watch.direct[city.insider.id] = frozenset(seen)
            assert await _asked(discord, city.insider) <= seen
            visit = Visit(discord, city, city.insider, channel)
            found = await (await visit.slash("search", query="password of the orchard")).answered()
            assert canaries(found.text) == seen
            listed = await (await visit.slash("documents")).answered()
            assert canaries(listed.text) == seen
            assert await visit.choices("show", "document", document="") == seen
            watch.look()
            city.guild.take(city.insider, city.staff)
            seen.discard(city.canary("role"))
            found = await (await visit.slash("search", query="password of the orchard")).answered()
            assert canaries(found.text) == seen
            city.guild.leave(city.insider)
            assert await _asked(discord, city.insider) == {PUBLIC}
            watch.direct[city.insider.id] = frozenset(seen)
        watch.look()
        assert watch.leaks == []


async def _asked(discord: DiscordServer, person: User) -> frozenset[str]:
    """The canaries in the answer to a direct message."""
    channel = discord.dm(person)
    asked = await discord.say(person, channel, ASKED)
    return canaries((await discord.next_message(channel, after=asked)).text)


async def test_what_comes_by_itself_goes_to_those_it_is_for(
    discord: DiscordServer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notices to those who wished, announcements and digests, after other servers' documents."""
    hurry(monkeypatch)
    cities, watch = nation(discord, place, 4)
    question = "where is the lantern of the harbour kept?"
    async with bot(discord, place) as running:
        servers = running.backend.servers
        await link(running.backend, cities)
        wished: dict[int, list[Message]] = {}
        for city in cities:
            await servers.change(
                ServerSettings(city.guild.id, announcements=city.room.id, digest=city.general.id)
            )
            public = Visit(discord, city, city.member, city.general)
            private = Visit(discord, city, city.insider, city.general)
            wished[city.number] = [
                await (await public.slash("ask", question=question)).answered(),
                await (await private.slash("ask", question=question, private=True)).answered(),
            ]
            for visit, answer in zip((public, private), wished[city.number], strict=True):
                await (await visit.press(answer, "wish")).answered()
            await public.slash("ask", question=city.gap)
        first, second, *_ = cities
        # Only the staff of the first city and all of the second may see that it is answered now.
        write(
            place,
            cities,
            {
                f"{first.folder('role')}/lantern.txt": _lantern(first.canary("role")),
                f"{second.folder('own')}/lantern.txt": _lantern(second.canary("own")),
            },
        )
        await running.backend.service.refresh()
        told = await discord.next_message(second.general, after=wished[2][0], timeout=15)
        assert second.canary("own") in told.text
        for city, canary in ((first, first.canary("role")), (second, second.canary("own"))):
            channel = discord.dm(city.insider)
            message = await discord.next_message(channel, timeout=15)
            assert canary in message.text
            watch.direct[city.insider.id] = city.scope(city.insider, city.general)
        announced = await discord.next_message(second.room, timeout=15)
        assert "lantern.txt" in announced.text
        for city in cities:
            await running.backend.memory.remember(digest_key(city.guild.id), "0")
        for city in cities:
            await discord.until(partial(_digest, discord, city))
            digest = _digest(discord, city)
            assert digest
            assert canaries(digest.text) == {city.canary("gap")}
        watch.look()
        for city in (first, *cities[2:]):
            shown = [one for one in discord.messages(city.room) if one.author is discord.bot]
            assert shown == []
            assert not any("lantern.txt" in one.text for one in discord.messages(city.general))
    assert watch.leaks == []


def _digest(discord: DiscordServer, city: City) -> Message | None:
    told = (one for one in discord.messages(city.general) if "This week" in one.text)
    return next(told, None)


def _lantern(canary: str) -> str:
    return f"Lantern\n\nThe lantern of the harbour is kept in {canary}.\n"
