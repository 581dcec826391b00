"""The routes of guilds: to look around, and to leave."""

from tests.discord_server.errors import refusal
from tests.discord_server.guilds import Guild
from tests.discord_server.intents import Intent
from tests.discord_server.json_types import Json
from tests.discord_server.recording import Asked
from tests.discord_server.rest import Rest
from tests.discord_server.world import World


class GuildRoutes:
    """``/guilds`` and ``/users/@me/guilds``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def serve(self, rest: Rest) -> None:
        """Add the routes."""
        one = "/guilds/{guild}"
        rest.route("GET", one, self.read)
        rest.route("GET", one + "/channels", self.channels)
        rest.route("GET", one + "/roles", self.roles)
        rest.route("GET", one + "/members", self.members)
        rest.route("GET", one + "/members/{user}", self.member)
        rest.route("GET", one + "/threads/active", self.threads)
        rest.route("DELETE", "/users/@me/guilds/{guild}", self.leave)

    def read(self, asked: Asked) -> Json:
        """A guild, without what only GUILD_CREATE tells."""
        told = self._guild(asked).json(0)
        only_there = ("channels", "threads", "members", "presences", "voice_states", "joined_at")
        return {key: value for key, value in told.items() if key not in only_there}

    def channels(self, asked: Asked) -> list[Json]:
        """The channels, without threads."""
        return [c.json for c in self._guild(asked).channels.values() if not c.is_thread]

    def roles(self, asked: Asked) -> list[Json]:
        """The roles."""
        return [role.json for role in self._guild(asked).roles.values()]

    def members(self, asked: Asked) -> list[Json]:
        """The members, for those who were granted the intent."""
        if not self._world.granted & Intent.GUILD_MEMBERS:
            raise refusal(50001)
        after, limit = (
            int(asked.recorded.query.get(k, d)) for k, d in (("after", 0), ("limit", 1))
        )
        members = self._guild(asked).members
        return [members[id].json for id in sorted(members) if id > after][:limit]

    def member(self, asked: Asked) -> Json:
        """One member."""
        member = self._guild(asked).members.get(asked.id("user"))
        if member is None:
            raise refusal(10007)
        return member.json

    def threads(self, asked: Asked) -> Json:
        """The threads that are not archived."""
        channels = self._guild(asked).channels.values()
        seen = [c.json for c in channels if c.is_thread and not c.archived and self._world.hears(c)]
        return {"threads": seen, "members": []}

    def leave(self, asked: Asked) -> None:
        """The bot leaves the guild."""
        guild = self._guild(asked)
        guild.tell("GUILD_DELETE", {"id": str(guild.id)})
        del guild.members[self._world.bot.id]

    def _guild(self, asked: Asked) -> Guild:
        guild = self._world.guilds.get(asked.id("guild"))
        if guild is None or not guild.has_bot:
            raise refusal(10004)
        return guild
