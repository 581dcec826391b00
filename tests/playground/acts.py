"""What a person does in the page, done in the little world."""

from collections.abc import Iterable
from typing import Any

from tests.discord_server import (
    Attachment,
    Call,
    Channel,
    DiscordServer,
    Guild,
    Message,
    NotOffered,
    User,
)
from tests.discord_server.json_types import Json
from tests.discord_server.messages import walk
from tests.discord_server.options import descend
from tests.playground.shown import history, sees

PATIENCE = 3.0
INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = 4, 5, 6, 7, 8, 9, 10, 11
USERS, ROLES, EITHER, CHANNELS, UPLOAD = 5, 6, 7, 8, 19
LANGUAGES = ("en-US", "de", "fr", "es-ES", "zh-CN")


class Acts:
    """The acts of one person, from the page's JSON. What cannot be is NotOffered."""

    def __init__(self, discord: DiscordServer, person: User) -> None:
        self._discord = discord
        self._person = person

    async def say(self, given: Json) -> Json:
        """Write a message, perhaps as a reply and with files."""
        channel, reply_to = self._channel(given), None
        if given.get("reply"):
            reply_to = self._message(channel, given["reply"])
        files = [self._file(id) for id in given.get("files") or ()]
        text, ping = str(given.get("text", "")), bool(given.get("ping", True))
        more: Json = {"reply_to": reply_to, "ping": ping, "attachments": files}
        message = await self._discord.say(self._person, channel, text, **more)
        return {"id": str(message.id)}

    async def edit(self, given: Json) -> Json:
        """Change one's own message."""
        await self._discord.edit(self._own(given), str(given["text"]))
        return {}

    async def delete(self, given: Json) -> Json:
        """Take one's own message away."""
        await self._discord.delete(self._own(given))
        return {}

    async def slash(self, given: Json) -> Json:
        """Use a slash command."""
        channel, name = self._channel(given), str(given["name"])
        options = self._options(channel, name, given.get("options") or {})
        call = await self._discord.slash(self._person, channel, name, options)
        return await _outcome(call)

    async def complete(self, given: Json) -> Json:
        """Get the choices for an option that is being typed."""
        channel, name = self._channel(given), str(given["name"])
        options = self._options(channel, name, given.get("options") or {})
        focused = str(given["focused"])
        options.setdefault(focused, "")
        try:
            choices = await self._discord.autocomplete(
                self._person, channel, name, options, focused
            )
        except TimeoutError:
            return {"choices": [], "failed": True}
        return {"choices": choices}

    async def menu(self, given: Json) -> Json:
        """Use a command in the menu of a message."""
        message = self._message(self._channel(given), given["message"])
        call = await self._discord.message_command(self._person, message, str(given["name"]))
        return await _outcome(call)

    async def click(self, given: Json) -> Json:
        """Press a button, or choose in a list."""
        message = self._message(self._channel(given), given["message"])
        id = str(given["custom_id"])
        part = message.component(id) or {}
        values = self._chosen(message.channel.guild, part, given.get("values") or ())
        return await _outcome(await self._discord.click(self._person, message, id, values))

    async def submit(self, given: Json) -> Json:
        """Send a modal, filled in."""
        call = self._discord.calls.find(int(given["call"]))
        if call is None or call.user is not self._person or call.modal is None:
            raise NotOffered("no such modal was shown")
        inputs = {p["custom_id"]: p for p in walk(call.modal["components"]) if "custom_id" in p}
        filled: Json = {}
        for name, value in (given.get("values") or {}).items():
            is_list = isinstance(value, list)
            part = inputs.get(name, {})
            filled[name] = self._chosen(call.channel.guild, part, value) if is_list else value
        return await _outcome(await self._discord.submit(self._person, call, filled))

    async def speak(self, given: Json) -> Json:
        """Set one's language."""
        if given["locale"] not in LANGUAGES:
            raise NotOffered("that language is not offered")
        self._person.locale = given["locale"]
        return {}

    async def dismiss(self, given: Json) -> Json:
        """Put away a message that only oneself can see."""
        message = self._message(self._channel(given), given["message"])
        if not message.ephemeral:
            raise NotOffered("only what nobody else sees can be dismissed")
        self._discord.world.delete(message)
        return {}

    def _channel(self, given: Json) -> Channel:
        channel = self._discord.world.channel(int(given["channel"]))
        if channel is None or not sees(self._discord, self._person, channel):
            raise NotOffered("there is no such channel")
        return channel

    def _message(self, channel: Channel, id: object) -> Message:
        for message in history(self._discord, self._person, channel):
            if str(message.id) == str(id):
                return message
        raise NotOffered("there is no such message")

    def _own(self, given: Json) -> Message:
        message = self._message(self._channel(given), given["message"])
        if message.author is not self._person:
            raise NotOffered("that message is not yours")
        return message

    def _file(self, id: object) -> Attachment:
        file = self._discord.world.files.find(int(str(id)))
        if file is None:
            raise NotOffered("there is no such file")
        return file

    def _options(self, channel: Channel, name: str, given: Json) -> Json:
        first, *names = name.split(" ")
        command = self._discord.registry.find(first, 1, channel.guild_id)
        inner, _ = descend(command, names)
        kinds = {option["name"]: option["type"] for option in inner.get("options") or ()}
        wanted = ((key, value) for key, value in given.items() if key in kinds)
        return {key: self._value(channel.guild, kinds[key], value) for key, value in wanted}

    def _value(self, guild: Guild | None, kind: int, value: Any) -> Any:
        match kind:
            case n if n == INTEGER:
                return int(value)
            case n if n == NUMBER:
                return float(value)
            case n if n == BOOLEAN:
                return value in (True, "true")
            case n if n in (USER, CHANNEL, ROLE, MENTIONABLE):
                return self._thing(guild, value)
            case n if n == FILE:
                return self._file(value)
            case _:
                return str(value)

    def _chosen(self, guild: Guild | None, part: Json, values: Iterable[Any]) -> list[Any]:
        kind = part.get("type")
        if kind in (USERS, ROLES, EITHER, CHANNELS):
            return [self._thing(guild, value) for value in values]
        return [self._file(value) if kind == UPLOAD else str(value) for value in values]

    def _thing(self, guild: Guild | None, id: object) -> Any:
        """The person, role or channel with an id, if it is there to be named."""
        number = int(str(id))
        if guild is None:
            people = {one.id: one for one in (self._person, self._discord.bot)}
            things: dict[int, Any] = dict(people)
        else:
            things = {id: member.user for id, member in guild.members.items()}
            things |= guild.roles | guild.channels
        if number not in things:
            raise NotOffered("there is nobody and nothing with that id")
        return things[number]


async def _outcome(call: Call) -> Json:
    """What became of an interaction within the time that Discord gives."""
    try:
        await call.acknowledged(PATIENCE)
    except TimeoutError:
        return {"failed": True}
    return {"call": str(call.id), "modal": call.modal}
