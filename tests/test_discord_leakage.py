"""Nothing of one server is seen in another, and nothing by who may not see it, on any surface.

Each document says the same with a canary of its own. Whatever the bot says, to whomever, is held
against what they may see there: never a canary more, and wherever something is asked, the own ones.
"""

import asyncio
from collections.abc import Awaitable, Callable

from tests.bots import actions, bot, plant, press_of
from tests.cities import ASKED, PUBLIC, City, Watch, canaries, found, link, write
from tests.discord_server import Call, Channel, DiscordServer, Message, User
from tests.places import Place

CITIES = 3
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
        return self.city.scope(self.person, self.channel)

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


async def manage(visit: Visit) -> None:
    if not visit.manages:
        return
    await visit.slash("reindex")
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
        await use_everything(discord, cities[::5], watch)
        for city in cities:
            path = place.seeds / city.document("team")
            path.write_text(path.read_text() + "\nThe orchard has a gate.\n")
        admin = cities[0].admin
        preview = await (await discord.slash(admin, cities[0].general, "reindex", {})).answered()
        assert "1 changed" in preview.text
        press = await discord.click(admin, preview, press_of(preview, "reindex"))
        await press.answered()
        await use_everything(discord, cities[1::5], watch)
    assert watch.leaks == []
    for city in cities:  # and what may be seen was
        kinds = ("own", "team", "room", "role")
        assert watch.shown_in(city) == {PUBLIC, *map(city.canary, kinds)}
