"""Which commands Discord's client offers to whom, where."""

from tests.discord_server.channels import Channel, Kind
from tests.discord_server.errors import NotOffered
from tests.discord_server.json_types import Json
from tests.discord_server.people import User
from tests.discord_server.permissions import Permission
from tests.discord_server.world import World

GUILD, BOT_DM, PRIVATE = 0, 1, 2


def context_of(channel: Channel) -> int:
    """Discord's number for where an interaction happens."""
    if channel.guild:
        return GUILD
    return BOT_DM if channel.kind == Kind.DM else PRIVATE


def contexts_of(command: Json) -> list[int]:
    """Where a command may be used; without a word, wherever its installs reach."""
    if command.get("contexts") is not None:
        return list(command["contexts"])
    direct = [BOT_DM] if command.get("dm_permission") is not False else []
    return [GUILD, *direct, *([PRIVATE] if 1 in command["integration_types"] else [])]


def check_place(command: Json, channel: Channel) -> None:
    """Raise NotOffered where the command may not be used in such a channel."""
    if context_of(channel) not in contexts_of(command):
        raise NotOffered(f"{command['name']} is not offered in context {context_of(channel)}")


def choose_install(command: Json, channel: Channel, wished: str | None) -> str:
    """Whose installation of the app is used: "guild" or "user"."""
    kinds = ["guild" if kind == 0 else "user" for kind in command["integration_types"]]
    guild = channel.guild
    absent = guild is not None and not guild.has_bot
    if absent or context_of(channel) == PRIVATE:
        kinds = [kind for kind in kinds if kind != "guild"]
    if wished not in (None, *kinds) or not kinds:
        raise NotOffered(f"{command['name']} is not installed for {wished or 'this place'}")
    return wished or kinds[0]


def check_person(world: World, command: Json, user: User, channel: Channel) -> None:
    """Raise NotOffered to someone who may not use the command here."""
    bits = world.allowed(user, channel)
    if not bits & Permission.VIEW_CHANNEL:
        raise NotOffered(f"{user.name} does not see this channel")
    if not bits & Permission.USE_APPLICATION_COMMANDS:
        raise NotOffered(f"{user.name} may not use commands here")
    needed = command.get("default_member_permissions")
    if channel.guild and needed is not None and not _has(bits, int(needed)):
        raise NotOffered(f"{command['name']} is not offered to {user.name}")


def _has(bits: int, needed: int) -> bool:
    if bits & Permission.ADMINISTRATOR:
        return True
    return needed != 0 and bits & needed == needed
