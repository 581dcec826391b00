"""Lists to choose from in the bot's messages: as they stand, used, and forged."""

from collections.abc import Sequence
from typing import Any

from tests.bots import Town
from tests.discord_server import Call, Channel, Message, User
from tests.discord_server.events import until
from tests.discord_server.json_types import Json
from tests.discord_server.messages import walk

STRING, CHANNEL = 3, 8


def selects(message: Message) -> dict[str, Json]:
    """The lists in a message, by action."""
    found = [part for part in walk(message.components) if part["type"] in (STRING, CHANNEL)]
    return {part["custom_id"].split(":")[1]: part for part in found}


def chosen(message: Message, action: str) -> list[str]:
    """What is chosen in a list, as it stands."""
    part = selects(message)[action]
    listed = [str(one["id"]) for one in part.get("default_values") or ()]
    return listed + [one["value"] for one in part.get("options") or () if one.get("default")]


async def choose(
    town: Town, message: Message, action: str, *values: Channel | str, who: User | None = None
) -> Call:
    """Somebody (the admin) chooses in the list of an action."""
    id = selects(message)[action]["custom_id"]
    return await town.discord.click(who or town.admin, message, id, values)


async def forge(
    town: Town,
    custom_id: str,
    values: Sequence[Any] = (),
    *,
    who: User | None = None,
    channel: Channel | None = None,
) -> Call:
    """Somebody (the admin) chooses in a list that the bot never made."""
    decoy = town.discord.world.compose(town.discord.bot, channel or town.channel, "Choose")
    part = {
        "type": STRING,
        "id": 2,
        "custom_id": custom_id,
        "min_values": 0,
        "max_values": len(values),
    }
    decoy.components = [{"type": 1, "id": 1, "components": [part]}]
    town.discord.world.publish(decoy)
    return await town.discord.click(who or town.admin, decoy, custom_id, values)


async def told(call: Call) -> Message:
    """What a person is told whose press changes nothing: they alone see it."""
    await until(lambda: call.answers, 10)
    assert call.answers[-1].ephemeral
    return call.answers[-1]
