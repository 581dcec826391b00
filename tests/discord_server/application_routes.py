"""The routes about the bot itself: who it is, its commands, where its gateway is."""

from collections.abc import Callable
from typing import Any

from tests.discord_server.commands import Commands
from tests.discord_server.errors import refusal
from tests.discord_server.intents import application_flags
from tests.discord_server.json_types import Json
from tests.discord_server.people import User
from tests.discord_server.recording import Asked
from tests.discord_server.rest import Rest
from tests.discord_server.world import World


class ApplicationRoutes:
    """``/users/@me``, ``/applications`` and ``/gateway``."""

    def __init__(
        self, world: World, commands: Commands, gateway_url: Callable[[], str], shards: int
    ) -> None:
        self._world = world
        self._commands = commands
        self._gateway_url = gateway_url
        self._shards = shards

    def serve(self, rest: Rest) -> None:
        """Add the routes."""
        rest.route("GET", "/users/@me", lambda _: self._world.me)
        rest.route("GET", "/users/{user}", self.user)
        rest.route("GET", "/oauth2/applications/@me", lambda _: self.application)
        rest.route("GET", "/applications/@me", lambda _: self.application)
        rest.route("GET", "/gateway", lambda _: {"url": self._gateway_url()}, is_open=True)
        rest.route("GET", "/gateway/bot", lambda _: self.gateway)
        for path in ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"):
            rest.route("GET", path, self.commands)
            rest.route("PUT", path, self.register)

    @property
    def application(self) -> Json:
        """The application, with the flags of the privileged intents it was granted."""
        return {
            "id": str(self._world.application_id),
            "name": self._world.bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "hook": True,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": application_flags(self._world.granted),
            "owner": self._world.maker.json,
            "team": self._team,
            "bot": self._world.bot.json,
            "approximate_guild_count": len(self._world.guilds),
        }

    @property
    def _team(self) -> Json | None:
        """The team that has the application, if it is a team's."""
        members = self._world.team
        if not members:
            return None
        id = str(self._world.application_id)
        listed = [_of_team(user, id, role) for user, role in members.items()]
        owner = str(next(iter(members)).id)
        return {"id": id, "icon": None, "name": "Makers", "owner_user_id": owner} | {
            "members": listed
        }

    @property
    def gateway(self) -> Json:
        """Where to connect, with how many shards, and how often."""
        left = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return {"url": self._gateway_url(), "shards": self._shards, "session_start_limit": left}

    def user(self, asked: Asked) -> Json:
        """Any user."""
        user = self._world.users.get(asked.id("user"))
        if user is None:
            raise refusal(10013)
        return user.json

    def commands(self, asked: Asked) -> list[Json]:
        """The registered commands."""
        guild = self._scope(asked)
        return self._commands.of_guilds.get(guild, []) if guild else self._commands.everywhere

    def register(self, asked: Asked) -> Any:
        """Replace the registered commands."""
        return self._commands.overwrite(asked.recorded.json, self._scope(asked))

    def _scope(self, asked: Asked) -> int:
        if asked.id("app") != self._world.application_id:
            raise refusal(50001)
        if "guild" not in asked.parts:
            return 0
        if asked.id("guild") not in self._world.guilds:
            raise refusal(50001)
        return asked.id("guild")


def _of_team(user: User, team: str, role: str) -> Json:
    place = {"membership_state": 2, "team_id": team, "role": role, "permissions": ["*"]}
    return place | {"user": user.json}
