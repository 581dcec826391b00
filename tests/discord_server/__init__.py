"""A Discord server for tests: REST and gateway on loopback, with state, strict as Discord is.

async with DiscordServer(token="token") as discord:
    guild = discord.add_guild("Rockets")
    channel = guild.add_channel("general")
    ada = discord.add_user("ada")
    guild.join(ada)
    ...  # log in a client, with discord.api_url and discord.gateway_url in place
    await discord.ready()
    call = await discord.slash(ada, channel, "ask", {"question": "Why?"})
    assert "Because" in (await call.answered()).text
"""

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
