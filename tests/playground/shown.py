"""The world as one person sees it, as JSON for the page."""

from typing import Any

from tests.discord_server import Channel, DiscordServer, Guild, Kind, Message, Permission, User
from tests.discord_server.calls import Call
from tests.discord_server.files import Attachment
from tests.discord_server.json_types import Json
from tests.playground.scene import Scene

USER_COMMAND, MENU_COMMAND, REPLY = 20, 23, 19


def name_of(user: User) -> str:
    """What stands above somebody's messages."""
    return str(user.json["global_name"] or user.name.title())


def sees(discord: DiscordServer, person: User, channel: Channel) -> bool:
    """Whether somebody can open a channel."""
    if channel.is_private:
        return person in channel.recipients
    return bool(discord.world.allowed(person, channel) & Permission.VIEW_CHANNEL)


def sees_message(discord: DiscordServer, person: User, message: Message) -> bool:
    """Whether somebody can read a message: what is ephemeral, only who asked for it."""
    if message.ephemeral and asker_of(message) != str(person.id):
        return False
    return sees(discord, person, message.channel)


def asker_of(message: Message) -> str:
    """The id of the person whose interaction a message answers, or nothing."""
    asked = message.extra.get("interaction_metadata") or {}
    return str((asked.get("user") or {}).get("id", ""))


def history(discord: DiscordServer, person: User, channel: Channel) -> list[Message]:
    """What somebody can read in a channel, in order; also what only they can."""
    own = (message for call in discord.calls for message in _responses(call))
    private = {m.id: m for m in own if m.ephemeral and m.channel is channel and not m.deleted}
    there = private | channel.messages | _start(channel)
    readable = (m for m in there.values() if sees_message(discord, person, m))
    return sorted(readable, key=lambda message: message.id)


def _start(thread: Channel) -> dict[int, Message]:
    """The message that a thread was started from, which is shown at its top."""
    first = thread.parent and thread.parent.messages.get(thread.id)
    return {first.id: first} if first else {}


def _responses(call: Call) -> list[Message]:
    return [message for message in (call.message, *call.followups) if message]


def world_json(scene: Scene, person: User, *, online: bool) -> Json:
    """Servers, channels and people, for somebody."""
    discord = scene.discord
    return {
        "me": str(person.id),
        "people": [_user(one) | {"locale": one.locale} for one in scene.people],
        "bot": _user(discord.bot),
        "online": online,
        "direct": str(discord.dm(person).id),
        "guilds": [_guild(scene, guild, person) for guild in scene.guilds],
    }


def _guild(scene: Scene, guild: Guild, person: User) -> Json:
    seen = [one for one in guild.channels.values() if sees(scene.discord, person, one)]
    members = [_user(m.user) | _roles(m.roles) for m in guild.members.values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "channels": [_channel(one) for one in seen],
        "roles": [{"id": str(role.id), "name": role.name} for role in guild.roles.values()],
        "members": members,
    }


def _roles(roles: list[Any]) -> Json:
    return {"roles": [str(role.id) for role in roles]}


def _channel(channel: Channel) -> Json:
    parent = str(channel.parent.id) if channel.parent else None
    kind = int(channel.kind)
    forum = kind in (Kind.FORUM, Kind.MEDIA)
    return {"id": str(channel.id), "name": channel.name, "type": kind} | {
        "parent": parent,
        "forum": forum,
        "closed": any(one.deny & Permission.VIEW_CHANNEL for one in channel.overwrites),
    }


def _user(user: User) -> Json:
    return {"id": str(user.id), "name": name_of(user), "username": user.name, "bot": user.bot}


def message_json(discord: DiscordServer, message: Message) -> Json:
    """A message, for whoever sees it."""
    thread = message.thread
    return {
        "id": str(message.id),
        "channel": str(message.channel.id),
        "author": _user(message.author),
        "time": message.created,
        "edited": message.edited is not None and not message.extra,
        "content": message.content,
        "embeds": message.embeds,
        "components": _local(message.components, discord.base_url),
        "attachments": [_file(file) for file in message.attachments],
        "ephemeral": message.ephemeral,
        "loading": message.loading,
        "reply": _reply(message),
        "used": _used(discord, message),
        "reactions": [emoji for _, emoji in message.reactions],
        "pings": [str(user.id) for user in message.mentions.users],
        "thread": thread and {"id": str(thread.id), "name": thread.name},
    }


def _file(file: Attachment) -> Json:
    address = file.path.removeprefix("/")
    about = file.json
    return {"id": str(file.id), "name": file.name, "size": len(file.data), "url": address} | {
        "kind": about["content_type"]
    }


def _local(part: Any, base: str) -> Any:
    """The same with the files' addresses as the page has them."""
    if isinstance(part, dict):
        return {key: _local(value, base) for key, value in part.items()}
    if isinstance(part, list):
        return [_local(one, base) for one in part]
    return part.removeprefix(f"{base}/") if isinstance(part, str) else part


def _reply(message: Message) -> Json | None:
    if message.reference is None:
        return None
    there = message.reply_to
    if there is None or there.deleted:
        return {"author": "", "text": ""}
    return {"id": str(there.id), "author": name_of(there.author), "text": there.text[:200]}


def _used(discord: DiscordServer, message: Message) -> Json | None:
    """Who used which command, where a message answers one."""
    if message.kind not in (USER_COMMAND, MENU_COMMAND):
        return None
    call = discord.calls.find(int(message.extra["interaction_metadata"]["id"]))
    if call is None:
        return None
    data = call.payload["data"]
    slash = "/" if message.kind == USER_COMMAND else ""
    return {"person": name_of(call.user), "command": slash + _whole_name(data)}


def _whole_name(data: Json) -> str:
    inner = next((o for o in data.get("options") or () if o["type"] in (1, 2)), None)
    return f"{data['name']} {_whole_name(inner)}" if inner else str(data["name"])
