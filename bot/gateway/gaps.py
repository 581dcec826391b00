"""``/gaps``: what the documents did not answer in a server, for those who manage it."""

import time

import discord
from discord import app_commands

from bot.gaps import FILE, Group, file_reply, gaps_file, gaps_reply, groups_of
from bot.gateway import sending
from bot.gateway.asking import Tree
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.reading import can_read, find_channels
from bot.gateway.rights import server_of
from bot.history.gaps import Gap, GapStore
from bot.layout import Press
from bot.words import N_

_DAY = 86_400.0
_USUAL = 30

NO_HISTORY = N_(
    "This server keeps no history, so I do not know what was asked. `/settings` turns it on."
)
NOT_NOW = N_("I cannot look into what was asked at the moment; please try again in a minute.")


def add_gaps(tree: Tree, backend: Backend) -> dict[str, Handler]:
    """Add ``/gaps``; returns its buttons' handlers, by action."""
    found = Gaps(backend)

    @tree.command(name="gaps", description="Show what the documents did not answer")
    @app_commands.describe(days="How many days back")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def gaps(
        interaction: discord.Interaction, days: app_commands.Range[int, 1, 365] = _USUAL
    ) -> None:
        server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        await found.show(interaction, page=0, days=days)

    return {"gaps": found.turn, "gapsfile": found.give_file}


class Gaps:
    """Pages of gaps, and all of them as a file. Rights are checked at each step."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def show(self, interaction: discord.Interaction, *, page: int, days: int) -> None:
        """Show one page."""
        guild = server_of(interaction)
        groups = await self._groups(interaction, guild, days)
        reply = gaps_reply(
            groups, page, guild=guild, days=days, words=self._backend.tongues.words_of(interaction)
        )
        await sending.answer(interaction, reply)

    async def turn(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages."""
        server_of(interaction)
        await sending.acknowledge_press(interaction)
        page, days = (*press.numbers, 0, _USUAL)[:2]
        await self.show(interaction, page=page, days=days)

    async def give_file(self, interaction: discord.Interaction, press: Press) -> None:
        """Give all of them as a file."""
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        days = (*press.numbers, _USUAL)[0]
        groups = await self._groups(interaction, guild, days)
        attached = [(FILE, gaps_file(groups, guild=guild))]
        await sending.answer(
            interaction,
            file_reply(self._backend.tongues.words_of(interaction)),
            attachments=attached,
        )

    async def _groups(self, interaction: discord.Interaction, guild: int, days: int) -> list[Group]:
        """What was asked where the person can read.

        Raises:
            Refused: it is not kept, or cannot be read now.
        """
        if not self._backend.memory.keeps(guild):
            raise Refused(NO_HISTORY)
        found = await gaps_since(self._backend, guild, time.time() - min(max(days, 1), 365) * _DAY)
        if found is None:
            raise Refused(NOT_NOW)
        server, person = interaction.guild, interaction.user
        if server is None or not isinstance(person, discord.Member):
            return []
        channels = await find_channels(server, (gap.channel for gap in found))
        readable = {one for one, channel in channels.items() if can_read(channel, person)}
        return await grouped(self._backend, [gap for gap in found if gap.channel in readable])


async def gaps_since(backend: Backend, guild: int, since: float) -> list[Gap] | None:
    """The gaps of a server; None where the history cannot be read now."""
    nothing: list[Gap] | None = None
    return await backend.vault.tried(
        lambda kept: GapStore(kept.database).gaps(guild, since=since), nothing
    )


async def grouped(backend: Backend, gaps: list[Gap]) -> list[Group]:
    """Gaps by what they ask. Raises as ``Service.group``."""
    return groups_of(gaps, await backend.service.group([gap.question for gap in gaps]))
