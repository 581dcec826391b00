"""Channels that want it are told when documents are new, have changed or are gone."""

import asyncio
import logging

import discord

from bot.announcing import announcement
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.scopes import audience_of
from index.records import RefreshReport

_log = logging.getLogger(__name__)


class Announcements:
    """Tells each server's channel of what all who read it may see."""

    def __init__(self, client: discord.Client, backend: Backend) -> None:
        """Listens from now on: what changed while the bot was down is told once it is there."""
        self._client = client
        self._backend = backend
        self._reports: asyncio.Queue[RefreshReport] = asyncio.Queue()
        self._backend.service.on_refreshed(self._reports.put_nowait)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            report = await self._reports.get()
            await self._client.wait_until_ready()
            for guild in self._backend.servers.all_guilds():
                try:
                    await self._tell(guild, report)
                except Exception:  # and others are told nevertheless
                    _log.exception("A channel could not be told of changed documents.")

    def close(self) -> None:
        """Listen no more."""
        self._backend.service.off_refreshed(self._reports.put_nowait)

    async def _tell(self, guild_id: int, report: RefreshReport) -> None:
        """Tell a server, if it wants to be told and anything that it may see is different."""
        channel_id = self._backend.servers.settings(guild_id).announcements
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel(channel_id) if guild and channel_id else None
        if not isinstance(channel, discord.TextChannel):
            return
        titles = {one.id: one.title for one in self._backend.service.catalog.entries}
        words = self._backend.tongues.words_in(guild)
        reply = announcement(report, audience_of(self._backend, channel), titles, words)
        if reply is None:
            return
        nonce = f"{channel.id}-{report.generation[-4:]}"
        try:
            await sending.persist(lambda: sending.send_to(channel, reply, nonce=nonce))
        except (discord.HTTPException, *sending.LOST) as error:
            _log.warning("A channel could not be told of changed documents: %s", error)
