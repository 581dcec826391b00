"""The client: the fewest intents, and every event handed on."""

import asyncio
import logging
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.gateway import desk
from bot.gateway.administration import add_administration
from bot.gateway.aging import Aging
from bot.gateway.announcements import Announcements
from bot.gateway.asking import add_asking
from bot.gateway.backend import Backend
from bot.gateway.buttons import buttons
from bot.gateway.collections import add_collections
from bot.gateway.digests import Digests
from bot.gateway.directs import add_directs
from bot.gateway.gaps import add_gaps
from bot.gateway.lookups import add_lookups
from bot.gateway.messages import Messages
from bot.gateway.notices import Notices
from bot.gateway.presses import AnswerPresses
from bot.gateway.privacy import add_privacy
from bot.gateway.reindexing import add_reindexing
from bot.gateway.rolling_back import add_rollback
from bot.gateway.syncing import sync
from bot.gateway.tongues import Tongues
from bot.gateway.translating import CatalogueTranslator
from bot.gateway.underway import Underway
from bot.memory import Memory

_log = logging.getLogger(__name__)


MANY_SESSIONS = 20
"""Sessions begun in an hour, from which on each waits ``PAUSE_OF_MANY`` seconds."""
PAUSE_OF_MANY = 90.0

_LEAVING = 4.0  # seconds that answers under way have to be given


class FootnoteTree(app_commands.CommandTree[discord.AutoShardedClient]):
    """The commands; what goes wrong in one is told to the person who used it."""

    def __init__(
        self, client: discord.AutoShardedClient, underway: Underway, tongues: Tongues
    ) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self._underway = underway
        self._tongues = tongues

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Note that a command begins; each decides for itself whether it may be used."""
        if interaction.type is discord.InteractionType.application_command:
            self._underway.begin(interaction.id)
        return True

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Deal with an error."""
        try:
            await desk.report(interaction, error, self._tongues.words_of(interaction))
        finally:
            self._underway.end(interaction.id)


class FootnoteClient(discord.AutoShardedClient):
    """A session with Discord."""

    def __init__(self, backend: Backend, *, api_url: str | None = None) -> None:
        """``api_url`` is another REST base than Discord's own; the gateway is the one it names.

        discord.py keeps both for the whole process.
        """
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        super().__init__(
            intents=intents(reads_messages=backend.reads_messages),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self._backend = backend
        self._elsewhere = api_url is not None
        if api_url is not None:
            Route.BASE = api_url
        self.logged_in = asyncio.Event()
        self._messages = Messages(self, backend)
        self.underway = Underway()
        self._announcements = Announcements(self, backend)
        self._aside: list[asyncio.Task[None]] = []
        self.tree = FootnoteTree(self, self.underway, backend.tongues)
        self._add_commands()

    def _add_commands(self) -> None:
        add_asking(self.tree, self._backend)
        handlers = {
            **AnswerPresses(self._backend, self.underway).handlers(),
            **add_lookups(self.tree, self._backend),
            **add_reindexing(self.tree, self._backend, self.underway),
            **add_rollback(self.tree, self._backend),
            **add_administration(self.tree, self._backend),
            **add_directs(self.tree, self._backend),
            **add_gaps(self.tree, self._backend),
            **add_privacy(self.tree, self._backend, self._messages.forget),
        }
        add_collections(self.tree, self._backend)
        self.add_dynamic_items(buttons(handlers, self.underway, self._backend.tongues))

    async def setup_hook(self) -> None:
        """Find the gateway, and register the commands if they are others than last time."""
        if self._elsewhere:
            # Every later session begins at this address, whatever the first began at.
            _, url, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.logged_in.set()
        by_itself = (
            Notices(self, self._backend),
            self._announcements,
            Digests(self, self._backend),
            Aging(self, self._backend),
        )
        self._aside += [asyncio.create_task(one.run()) for one in by_itself]
        application = self.application_id or 0
        await self.tree.set_translator(CatalogueTranslator(self._backend.tongues.languages))
        await sync(self.tree, self._backend.memory, application=application, api=Route.BASE)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Count each session begun; Discord allows a thousand a day."""
        pause = await identify_pause(self._backend.memory)
        if pause:
            _log.warning("Many sessions were begun of late; the next begins in %.0f s.", pause)
            await asyncio.sleep(pause)
        await self._backend.memory.identified()
        await super().before_identify_hook(shard_id, initial=initial)

    async def close(self) -> None:
        """End the session, whatever the reason, once the answers under way are given."""
        self._announcements.close()
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self.underway.until_done(_LEAVING)
        await super().close()

    async def on_ready(self) -> None:
        """Say that the bot is there; Discord may say so many times."""
        _log.info("Logged in as %s, in %d servers.", self.user, len(self.guilds))
        if self.is_closed():
            return
        there = frozenset(guild.id for guild in self.guilds)
        application = self.application_id or 0
        for guild in await self._backend.servers.memberships(application) - there:
            await self._forget(guild)  # which it was removed from while it was down
        await self._backend.servers.joined(application, there)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message if it asks something."""
        if self.user is not None:
            with self.underway.work(message.id):
                await self._messages.handle(message, self.user)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Keep no longer what was taken away."""
        await self._backend.memory.discard_message(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Keep no longer what was taken away with much else."""
        for message in payload.message_ids:
            await self._backend.memory.discard_message(message)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Keep no longer what was shown in a channel that is gone."""
        await self._backend.memory.discard_channel(channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Nor what was shown in a thread."""
        await self._backend.memory.discard_channel(payload.thread_id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep nothing of a server that the bot was removed from, but for its documents."""
        await self._forget(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note the server, so that leaving it is noticed though it happen while the bot is down."""
        await self._backend.servers.joined(self.application_id or 0, [guild.id])

    async def _forget(self, guild: int) -> None:
        await self._backend.memory.forget_guild(guild)
        await self._backend.servers.forget_guild(guild)
        self._backend.recollection.forget()
        self._backend.turns.forget()

    async def on_app_command_completion(
        self, interaction: discord.Interaction, command: object
    ) -> None:
        """Note that a command is done."""
        self.underway.end(interaction.id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what went wrong in an event; the session goes on."""
        _log.exception("An error in %s.", event_method)


async def identify_pause(memory: Memory) -> float:
    """Seconds to wait before a session, so that no loop begins a thousand of them a day."""
    recent = await memory.identified_within(3600.0)
    return PAUSE_OF_MANY if recent >= MANY_SESSIONS else 0.0


def intents(*, reads_messages: bool) -> discord.Intents:
    """What Discord is asked to tell: servers, and messages; their content only where wanted."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = reads_messages
    return wanted
