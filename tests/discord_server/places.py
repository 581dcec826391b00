"""Finding the channel and message that a request is about, and whether the bot may."""

from tests.discord_server.channels import Channel
from tests.discord_server.errors import refusal
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message
from tests.discord_server.permissions import Permission
from tests.discord_server.recording import Asked
from tests.discord_server.world import World


class Places:
    """What the routes of channels and threads share."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _channel(self, asked: Asked) -> Channel:
        channel = self._world.channel(asked.id("channel"))
        if channel is None:
            raise refusal(10003)
        if not self._world.hears(channel):
            raise refusal(50001)
        return channel

    def _message(self, asked: Asked) -> Message:
        message = self._channel(asked).messages.get(asked.id("message"))
        if message is None:
            raise refusal(10008)
        return message

    def _bits(self, channel: Channel) -> int:
        return self._world.allowed(self._world.bot, channel)

    def _speaking(self, channel: Channel) -> int:
        in_thread = Permission.SEND_MESSAGES_IN_THREADS
        return in_thread if channel.is_thread else Permission.SEND_MESSAGES

    def _may(self, channel: Channel, needed: int) -> None:
        if not self._bits(channel) & needed:
            raise refusal(50013)

    def _json(self, message: Message) -> Json:
        return message.json(self._world.granted, self._world.bot)
