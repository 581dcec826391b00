"""What happens, passed on to the pages that are open, each as its person may see it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from tests.discord_server import Channel, DiscordServer, Message, User
from tests.discord_server.json_types import Json
from tests.playground.shown import message_json, sees, sees_message

TICK = 0.2


class Feeds:
    """The open pages."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        self._open: list[tuple[User, asyncio.Queue[Json]]] = []
        self._typed: dict[int, float | None] = {}
        discord.world.watch(self._tell)
        discord.world.nature.events.listen(lambda event: self._changed(event.name))

    @contextmanager
    def joined(self, person: User) -> Iterator[asyncio.Queue[Json]]:
        """What somebody's page is to be told, from now on."""
        entry = (person, asyncio.Queue[Json]())
        self._open.append(entry)
        try:
            yield entry[1]
        finally:
            self._open.remove(entry)

    async def watch(self) -> None:
        """Tell what no event tells: that the bot is typing, that it comes or goes."""
        online = None
        while True:
            if online is not (online := self._discord.gateway.is_ready):
                self._changed("CHANNEL_UPDATE")
            for channel in self._discord.world.channels():
                self._tell_typing(channel)
            await asyncio.sleep(TICK)

    def _tell_typing(self, channel: Channel) -> None:
        if channel.typed == self._typed.get(channel.id):
            return
        self._typed[channel.id] = channel.typed
        for person, queue in self._open:
            if sees(self._discord, person, channel):
                queue.put_nowait({"typing": str(channel.id)})

    def _tell(self, message: Message) -> None:
        if message.author is self._discord.bot:
            self._typed[message.channel.id] = message.channel.typed  # it has said it by now
        place = {"channel": str(message.channel.id), "id": str(message.id)}
        shown: Json = {"gone": place}
        if not message.deleted:
            shown = {"message": message_json(self._discord, message)}
        for person, queue in self._open:
            if sees_message(self._discord, person, message):
                queue.put_nowait(shown)

    def _changed(self, name: str) -> None:
        if name.startswith(("CHANNEL_", "GUILD_", "THREAD_")):
            for _, queue in self._open:
                queue.put_nowait({"world": True})


async def drained(queue: asyncio.Queue[Json], pause: float) -> AsyncIterator[Json | None]:
    """What comes, one after the other; None whenever nothing came for a while."""
    while True:
        try:
            yield await asyncio.wait_for(queue.get(), pause)
        except TimeoutError:
            yield None
