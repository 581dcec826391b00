"""A Discord server for tests: REST and gateway on loopback, with state, strict as Discord is."""

from tests.discord_server.calls import Call
from tests.discord_server.channels import Channel, Kind, Overwrite
from tests.discord_server.errors import NotOffered
from tests.discord_server.files import Attachment
from tests.discord_server.guilds import Guild
from tests.discord_server.intents import Intent
from tests.discord_server.messages import Flag, Message
from tests.discord_server.people import Member, Role, User
from tests.discord_server.permissions import Permission
from tests.discord_server.recording import Recorded
from tests.discord_server.server import DiscordServer

__all__ = [
    "Attachment",
    "Call",
    "Channel",
    "DiscordServer",
    "Flag",
    "Guild",
    "Intent",
    "Kind",
    "Member",
    "Message",
    "NotOffered",
    "Overwrite",
    "Permission",
    "Recorded",
    "Role",
    "User",
]
