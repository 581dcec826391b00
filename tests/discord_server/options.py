"""The options a person fills in, as Discord's client checks and sends them."""

from collections.abc import Mapping
from typing import Any

from tests.discord_server.channels import Channel
from tests.discord_server.files import Attachment
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message
from tests.discord_server.people import Role, User

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(3, 12)


class Resolved:
    """The objects that ids in an interaction stand for."""

    def __init__(self, channel: Channel) -> None:
        self._here = channel
        self.json: Json = {}

    def add(self, thing: User | Role | Channel | Attachment | Message) -> str:
        """Take note of an object; its id."""
        match thing:
            case User():
                self._put("users", thing.id, thing.json)
                self._member(thing)
            case Role():
                self._put("roles", thing.id, thing.json)
            case Channel():
                bits = self._bits(thing)
                self._put("channels", thing.id, thing.json | {"permissions": str(bits)})
            case Attachment():
                self._put("attachments", thing.id, thing.json)
            case Message():
                self._put("messages", thing.id, _whole(thing))
        return str(thing.id)

    def _put(self, kind: str, id: int, data: Json) -> None:
        self.json.setdefault(kind, {})[str(id)] = data

    def _member(self, user: User) -> None:
        guild = self._here.guild
        member = guild and guild.members.get(user.id)
        if guild and member:
            bits = str(guild.allowed(user, self._here))
            partial = {k: v for k, v in member.partial.items() if k not in ("deaf", "mute")}
            self._put("members", user.id, partial | {"permissions": bits})

    def _bits(self, channel: Channel) -> int:
        return channel.guild.allowed(channel.guild.owner, channel) if channel.guild else 0


def _whole(message: Message) -> Json:
    return message.json(-1, message.author)


def descend(command: Json, names: list[str]) -> tuple[Json, list[Json]]:
    """The innermost subcommand that ``names`` lead to, and the way there."""
    way: list[Json] = []
    for name in names:
        inner = [o for o in command.get("options", ()) if o["type"] in (SUBCOMMAND, GROUP)]
        found = next((option for option in inner if option["name"] == name), None)
        if found is None:
            raise KeyError(f"no subcommand {name!r} of {command['name']!r}")
        way.append(found)
        command = found
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in command.get("options", ())):
        raise KeyError(f"{command['name']!r} needs a subcommand")
    return command, way


def fill(
    command: Json,
    values: Mapping[str, Any],
    resolved: Resolved,
    focused: str | None = None,
) -> list[Json]:
    """The options of a (sub)command with these values; ValueError where a value cannot be."""
    offered = {option["name"]: option for option in command.get("options", ())}
    if unknown := values.keys() - offered.keys():
        raise KeyError(f"{command['name']!r} has no options {sorted(unknown)}")
    if focused is None:
        missing = [n for n, o in offered.items() if o.get("required") and n not in values]
        if missing:
            raise ValueError(f"{command['name']!r} needs {missing}")
    filled = []
    for name, value in values.items():
        kind = offered[name]["type"]
        if focused is None:
            check(offered[name], value)
        plain = (
            resolved.add(value) if isinstance(value, User | Role | Channel | Attachment) else value
        )
        option = {"name": name, "type": kind, "value": plain}
        filled.append(option | ({"focused": True} if name == focused else {}))
    return filled


def check(option: Json, value: object) -> None:
    """Raise ValueError when a person could not give this value."""
    expected: dict[int, tuple[type, ...]] = {
        STRING: (str,),
        INTEGER: (int,),
        BOOLEAN: (bool,),
        USER: (User,),
        CHANNEL: (Channel,),
        ROLE: (Role,),
        MENTIONABLE: (User, Role),
        NUMBER: (int, float),
        FILE: (Attachment,),
    }
    kinds = expected[option["type"]]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError(f"{option['name']} cannot be {value!r}")
    choices = [choice["value"] for choice in option.get("choices", ())]
    if choices and value not in choices:
        raise ValueError(f"{option['name']} is one of {choices}")
    if isinstance(value, str):
        _check_range(
            option, len(value), option.get("min_length", 0), option.get("max_length", 6000)
        )
    elif isinstance(value, int | float):
        low, high = option.get("min_value", value), option.get("max_value", value)
        _check_range(option, value, low, high)
    elif isinstance(value, Channel):
        kinds_of_channel = option.get("channel_types") or [value.kind]
        if value.kind not in kinds_of_channel:
            raise ValueError(f"{option['name']} is a channel of types {kinds_of_channel}")


def _check_range(option: Json, size: float, low: float, high: float) -> None:
    if not low <= size <= high:
        raise ValueError(f"{option['name']} must be {low} to {high}, not {size}")


def wrapped(way: list[Json], options: list[Json]) -> list[Json]:
    """The options inside their subcommand and its group."""
    for step in reversed(way):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options
