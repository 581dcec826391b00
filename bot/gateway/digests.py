"""Once a week, where a server wants it: what was asked there, and what was not answered.

Only of what was asked where everybody can read, or in the very channel that is told.
"""

import asyncio
import logging
import time

import discord

from bot.gaps import Week, digest_reply
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.gaps import gaps_since, grouped
from bot.gateway.reading import can_read, find_channels
from bot.history.gaps import GapStore
from bot.worker import ServiceError
from index.errors import CorpusError

WEEK = 7 * 86_400.0

_PACE = 600.0  # seconds between two looks at the calendar

_log = logging.getLogger(__name__)


def digest_key(guild: int) -> str:
    """Under which it is remembered when a server's last digest was given, or was to begin."""
    return f"digest of {guild}"


class Digests:
    """Gives the weekly digests."""

    def __init__(self, client: discord.Client, backend: Backend, *, pace: float = _PACE) -> None:
        self._client = client
        self._backend = backend
        self._pace = pace
        self._given: dict[int, float] = {}  # when; should the history not be able to note it

    async def run(self) -> None:
        """Go on until cancelled."""
        await self._backend.service.until_ready()
        while True:
            if self._client.is_ready():
                for guild in self._backend.servers.all_guilds():
                    await self._look(guild)
            await asyncio.sleep(self._pace)

    async def _look(self, guild: int) -> None:
        """Give a server its digest, if it is time."""
        try:
            if await self._is_due(guild):
                await self.give(guild)
        except (*sending.LOST, discord.HTTPException, ServiceError, CorpusError) as error:
            _log.info("The digest of a server could not be given: %s", error)
        except Exception:
            _log.exception("The digest of a server could not be given.")

    async def _is_due(self, guild: int) -> bool:
        """Whether a week has gone by; the first begins when this is asked first."""
        settings = self._backend.servers.settings(guild)
        if settings.digest is None or not settings.history or not self._backend.vault.available:
            return False
        memory, now = self._backend.memory, time.time()
        last = _number(await memory.recall(digest_key(guild)))
        if last is None or last > now + 3600.0:  # never, or the clock went back
            await memory.remember(digest_key(guild), str(now))
            return False
        return now - max(last, self._given.get(guild, last)) >= WEEK

    async def give(self, guild_id: int) -> None:
        """Give it now."""
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return  # until Discord has it again
        channel_id = self._backend.servers.settings(guild_id).digest
        channel = guild.get_channel(channel_id) if channel_id else None
        now = time.time()
        if isinstance(channel, discord.TextChannel):
            week = await self._week(guild, channel, now - WEEK)
            if week is None:
                return
            words = self._backend.tongues.words_in(guild)
            reply = digest_reply(week, guild=guild_id, words=words)
            nonce = f"{guild_id}-{int(now // WEEK) % 1000}"
            try:
                await sending.persist(lambda: sending.send_to(channel, reply, nonce=nonce))
            except (discord.Forbidden, discord.NotFound) as error:  # it would be so again
                _log.warning("A channel is not given its digest this week: %s", error)
        self._given[guild_id] = now
        await self._backend.memory.remember(digest_key(guild_id), str(now))

    async def _week(
        self, guild: discord.Guild, told: discord.TextChannel, since: float
    ) -> Week | None:
        """What was asked where all who read ``told`` can read; None where that cannot be known."""
        nothing: dict[int, tuple[int, int]] | None = None
        counts = await self._backend.vault.tried(
            lambda kept: GapStore(kept.database).counts(guild.id, since=since), nothing
        )
        gaps = await gaps_since(self._backend, guild.id, since)
        if counts is None or gaps is None:
            return None
        channels = await find_channels(guild, counts)
        everyone = guild.default_role
        open_to_all = {
            one
            for one, channel in channels.items()
            if one == told.id or can_read(channel, everyone)
        }
        return Week(
            answered=sum(counts[one][0] for one in open_to_all),
            unanswered=sum(counts[one][1] for one in open_to_all),
            groups=await grouped(
                self._backend, [one for one in gaps if one.channel in open_to_all]
            ),
        )


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
