"""Users, roles, and users as members of a guild."""

from dataclasses import dataclass, field

from tests.discord_server.json_types import Json
from tests.discord_server.permissions import Permission


@dataclass(eq=False)
class User:
    """A person, or a bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        """What stands in a message for this user."""
        return f"<@{self.id}>"

    @property
    def json(self) -> Json:
        """As Discord sends a user."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0000" if self.bot else "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    """A role of a guild; ``bot_id`` is the bot's whose own role it is."""

    id: int
    name: str
    permissions: int = 0
    position: int = 0
    managed: bool = False
    mentionable: bool = True
    bot_id: int = 0

    @property
    def mention(self) -> str:
        """What stands in a message for this role."""
        return f"<@&{self.id}>"

    @property
    def json(self) -> Json:
        """As Discord sends a role."""
        colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        tags: Json = {"tags": {"bot_id": str(self.bot_id)}} if self.bot_id else {}
        return tags | {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": colours,
            "hoist": False,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """A user in a guild, with the roles they have beside @everyone."""

    user: User
    joined_at: str
    roles: list[Role] = field(default_factory=list)

    @property
    def json(self) -> Json:
        """As Discord sends a member, with the user."""
        return self.partial | {"user": self.user.json}

    @property
    def partial(self) -> Json:
        """As messages carry a member: without the user."""
        return {
            "roles": [str(role.id) for role in self.roles],
            "joined_at": self.joined_at,
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }

    def has(self, bits: int) -> int:
        """``bits`` of @everyone together with those of the roles."""
        for role in self.roles:
            bits |= role.permissions
        return int(Permission.ALL) if bits & Permission.ADMINISTRATOR else int(bits)
