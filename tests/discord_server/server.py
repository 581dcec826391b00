"""The server itself: it listens on loopback, and lets tests act as people do."""

import re
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.discord_server.acting import Acting
from tests.discord_server.application_routes import ApplicationRoutes
from tests.discord_server.asking import Asking
from tests.discord_server.callbacks import Callbacks
from tests.discord_server.calls import Calls
from tests.discord_server.channel_routes import ChannelRoutes
from tests.discord_server.channels import Channel
from tests.discord_server.commands import Commands
from tests.discord_server.errors import refusal
from tests.discord_server.events import until
from tests.discord_server.faults import Faults
from tests.discord_server.files import Attachment
from tests.discord_server.gateway import Gateway
from tests.discord_server.guild_routes import GuildRoutes
from tests.discord_server.guilds import Guild
from tests.discord_server.intents import Intent
from tests.discord_server.json_types import Json
from tests.discord_server.people import User
from tests.discord_server.permissions import ordinary
from tests.discord_server.posting import Posting
from tests.discord_server.recording import Asked, Recorded
from tests.discord_server.rest import Rest
from tests.discord_server.sessions import Session
from tests.discord_server.thread_routes import ThreadRoutes
from tests.discord_server.world import World

Limit = tuple[str, str, int, float]


class DiscordServer(Acting):
    """A little Discord for one bot, strict as the real one. Use it with ``async with``."""

    def __init__(
        self,
        token: str = "token",
        clock: Callable[[], float] = time.monotonic,
        intents_granted: int = Intent.PRIVILEGED,
        limits: Iterable[Limit] | None = None,
        shards: int = 1,
        heartbeat_interval: int = 41_250,
    ) -> None:
        self.token = token
        self._port = 0
        world = World(lambda: self.base_url, clock, int(intents_granted))
        self.rest = Rest(world.nature, token)
        self.gateway = Gateway(world, token, lambda: self.gateway_url)
        self.gateway.heartbeat_interval = heartbeat_interval
        self.registry = Commands(world.nature, world.application_id)
        self.calls = Calls(world)
        super().__init__(world, Asking(world, self.registry, self.calls))
        self._serve(shards)
        for limit in limits or ():
            self.limit(*limit)

    def _serve(self, shards: int) -> None:
        posting = Posting(self.world)
        ApplicationRoutes(self.world, self.registry, lambda: self.gateway_url, shards).serve(
            self.rest
        )
        ChannelRoutes(self.world, posting).serve(self.rest)
        ThreadRoutes(self.world, posting).serve(self.rest)
        GuildRoutes(self.world).serve(self.rest)
        Callbacks(self.world, self.calls, posting).serve(self.rest)
        path = "/attachments/{id}/{name}"
        self.rest.route("GET", path, self._download, is_open=True, root="/cdn")

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(self.rest.routes())
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.gateway.close(1001)
        await self._runner.cleanup()
        crashes = [asked.crash for asked in self.requests if asked.crash]
        if crashes and error is None:
            raise ExceptionGroup("the test server itself failed", crashes)

    def _download(self, asked: Asked) -> Attachment:
        file = self.world.files.find(asked.id("id"))
        if file is None or file.name != asked.parts["name"]:
            raise refusal(0)
        return file

    @property
    def base_url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """For ``discord.http.Route.BASE``."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For ``discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY``."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def application_id(self) -> int:
        """The id of the application, which is not that of its bot."""
        return self.world.application_id

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.world.bot

    @property
    def owner(self) -> User:
        """Who has made the application, unless it is a team's: see ``team``."""
        return self.world.maker

    @property
    def team(self) -> dict[User, str]:
        """The roles in the team that has the application; put in here, the first owns it."""
        return self.world.team

    @property
    def requests(self) -> list[Recorded]:
        """All requests to REST and CDN, in order of arrival."""
        return self.rest.requests

    def requested(self, method: str, path_regex: str) -> list[Recorded]:
        """The requests of a kind, in order of arrival."""
        return [
            asked
            for asked in self.requests
            if asked.method == method and re.search(path_regex, asked.path)
        ]

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.rest.faults

    @property
    def commands(self) -> list[Json]:
        """The registered global commands."""
        return self.registry.everywhere

    @property
    def guild_commands(self) -> dict[int, list[Json]]:
        """The registered commands of guilds."""
        return self.registry.of_guilds

    @property
    def sessions(self) -> list[Session]:
        """The gateway sessions that have an open socket."""
        return self.gateway.sessions

    @property
    def identifies(self) -> list[Json]:
        """All IDENTIFY payloads."""
        return self.gateway.identifies

    @property
    def resumes(self) -> list[Json]:
        """All RESUME payloads."""
        return self.gateway.resumes

    @property
    def silent(self) -> bool:
        """Whether heartbeats are left without an answer."""
        return self.gateway.silent

    @silent.setter
    def silent(self, value: bool) -> None:
        self.gateway.silent = value

    @property
    def refuse_identify(self) -> int | None:
        """The code with which every IDENTIFY is refused, or None."""
        return self.gateway.refuse_identify

    @refuse_identify.setter
    def refuse_identify(self, code: int | None) -> None:
        self.gateway.refuse_identify = code

    async def ready(self, timeout: float = 10) -> None:
        """Wait until every shard of a client has got READY and its guilds."""
        await until(lambda: self.gateway.is_ready, timeout)

    async def until(self, predicate: Callable[[], object], timeout: float = 10) -> None:
        """Wait until something holds."""
        await until(predicate, timeout)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A new user, in no guild yet."""
        return self.world.add_user(name, bot=bot)

    def add_guild(
        self, name: str, *, bot_permissions: int | None = None, with_bot: bool = True
    ) -> Guild:
        """A new guild; the bot is a member unless it is said otherwise."""
        bits = ordinary() if bot_permissions is None else bot_permissions
        return self.world.add_guild(name, bits, with_bot=with_bot)

    def remove_guild(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        self.world.remove_guild(guild)

    def outage(self, guild: Guild) -> None:
        """Make a guild unavailable for a while; the bot has not been removed."""
        self.world.hide(guild)

    def recover(self, guild: Guild) -> None:
        """End the outage of a guild."""
        self.world.welcome(guild)

    def dm(self, person: User) -> Channel:
        """The direct channel of a person with the bot."""
        return self.world.dm(person)

    def group_dm(self, *people: User) -> Channel:
        """A group of people without the bot."""
        return self.world.group_dm(people)

    def limit(self, method: str, path_regex: str, limit: int, per: float) -> None:
        """At most ``limit`` such requests in ``per`` seconds."""
        self.rest.limits.add(method, path_regex, limit, per)

    def limit_globally(self, seconds: float) -> None:
        """Refuse all requests for a while, but for interactions."""
        self.rest.limits.stop_all(seconds)

    async def close_gateway(self, code: int = 4000) -> None:
        """Close all gateway sockets with this code."""
        await self.gateway.close(code)

    async def send_op7(self) -> None:
        """Ask clients to reconnect."""
        self.gateway.ask_reconnect()

    async def send_op9(self, *, resumable: bool = False) -> None:
        """Tell clients that their session is invalid."""
        self.gateway.invalidate(resumable=resumable)
