"""The bot, run over a place of documents, on a Discord server of the tests' own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.catalogues import Languages
from bot.corpus import Corpus
from bot.endpoint import Endpoint
from bot.gateway.backend import Backend
from bot.gateway.prose import Prose
from bot.gateway.running import Login, run
from bot.gateway.tongues import Tongues
from bot.memory import Memory
from bot.phrasing import Phraser
from bot.recollecting import Recollection
from bot.secret import Secret
from bot.service import Service
from bot.uploads import Uploads
from tests.discord_server import Call, Channel, DiscordServer, Guild, Message, Permission, User
from tests.places import Place

LANGUAGES = Languages.load()
TOKEN = "MTIzNDU2.canary.secret-token-of-the-tests"


@dataclass
class Running:
    """A bot that runs: what it works with, and what it told whoever watches."""

    backend: Backend
    told: list[str] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


SETTLED = ("Ready to answer", "The index could not be brought up to date")


@asynccontextmanager
async def bot(
    discord: DiscordServer,
    place: Place,
    *,
    reads_messages: bool = False,
    corpus: Corpus | None = None,
    token_life: float = 840.0,
    grace: float = 12.0,
    wait: bool = True,
    watch: bool = False,
    endpoint: Endpoint | None = None,
) -> AsyncIterator[Running]:
    """Start the bot, and stop it as SIGTERM does."""
    memory = await Memory.open(place.data / "history.sqlite")
    corpus = corpus or place.library()
    service = Service(corpus, threads=4)
    backend = Backend(
        service=service,
        memory=memory,
        recollection=Recollection(service, memory),
        uploads=Uploads(place.seeds),
        tongues=Tongues(LANGUAGES, memory.servers),
        reads_messages=reads_messages,
        began=time.monotonic(),
        prose=Prose(Phraser(corpus, endpoint), service.published) if endpoint else Prose(),
        token_life=token_life,
        grace=grace,
    )
    running = Running(backend)
    stopping = asyncio.Event()
    serving = asyncio.create_task(
        run(
            backend,
            Login(Secret(TOKEN), discord.api_url),
            stopping=stopping,
            tell=running.told.append,
            retention_days=30,
            watched=place.seeds if watch else None,
        )
    )
    serving.add_done_callback(lambda _: running.ended.set())
    try:
        if wait:
            await asyncio.wait_for(discord.ready(), 10)
            await asyncio.wait_for(backend.service.until_ready(), 10)
            await _settled(running)
        yield running
    finally:
        stopping.set()
        try:
            await asyncio.wait_for(serving, 15)
        finally:
            await memory.close()


async def _settled(running: Running) -> None:
    """Wait until it has looked at its documents, or what a test writes may come before that.

    Not for long: there are tests that hold it up.
    """
    patient = time.monotonic() + 1.0
    while not any(line.startswith(SETTLED) for line in running.told):
        if time.monotonic() > patient:
            return
        await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Town:
    """A server with a channel, and people in it."""

    discord: DiscordServer
    guild: Guild
    channel: Channel
    ada: User
    admin: User

    @property
    def mention(self) -> str:
        """How the bot is called."""
        return f"<@{self.discord.bot.id}>"

    async def ask(self, text: str, *, channel: Channel | None = None) -> Message:
        """Ada mentions the bot, and gets its answer."""
        channel = channel or self.channel
        asked = await self.discord.say(self.ada, channel, f"{self.mention} {text}")
        return await self.discord.next_message(channel, after=asked)

    async def slash(self, name: str, who: User | None = None, **options: object) -> Message:
        """Somebody (Ada) uses a command, and gets its answer."""
        call = await self.discord.slash(who or self.ada, self.channel, name, options)
        return await call.answered()

    async def press(self, message: Message, action: str, who: User | None = None) -> Call:
        """Somebody (Ada) presses a button of that action."""
        id = press_of(message, action)
        return await self.discord.click(who or self.ada, message, id)


def plant(discord: DiscordServer, channel: Channel, custom_id: str) -> Message:
    """A message of the bot with a button that the bot never made."""
    decoy = discord.world.compose(discord.bot, channel, "Press me")
    button = {"type": 2, "id": 2, "style": 2, "label": "Press", "custom_id": custom_id}
    decoy.components = [{"type": 1, "id": 1, "components": [button]}]
    return discord.world.publish(decoy)


def press_of(message: Message, action: str) -> str:
    """The ``custom_id`` of the first button of an action."""
    found = [one["custom_id"] for one in message.buttons if f"fn:{action}:" in one["custom_id"]]
    return str(found[0])


def actions(message: Message) -> list[str]:
    """What its buttons do, in order."""
    return [one["custom_id"].split(":")[1] for one in message.buttons]


def settle(discord: DiscordServer, guild: str = "Rockets") -> Town:
    """Make a server with a channel and two people, one of whom may manage it."""
    town = discord.add_guild(guild)
    ada, admin = discord.add_user("ada"), discord.add_user("grace")
    town.join(ada)
    town.join(admin, permissions=Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES)
    return Town(discord, town, town.add_channel("general"), ada, admin)
