"""``/rollback``: the index as it was before, for whoever runs the bot: all servers share it."""

import discord
from discord import app_commands

from bot.gateway import sending
from bot.gateway.asking import Tree, until_ready
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.rights import runs_the_bot, server_of
from bot.gateway.scopes import scope_of
from bot.layout import Press
from bot.reindexing import report_reply, rollback_reply


def add_rollback(tree: Tree, backend: Backend) -> dict[str, Handler]:
    """Add the command; returns its button's handler, by action."""
    found = RollingBack(backend)

    @tree.command(name="rollback", description="Answer from the index as it was before")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rollback(interaction: discord.Interaction) -> None:
        await found.preview(interaction)

    return {"rollback": found.confirm}


class RollingBack:
    """The steps of rolling back."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def preview(self, interaction: discord.Interaction) -> None:
        """Tell what rolling back would do."""
        _check_right(interaction)
        await sending.acknowledge(interaction, private=True)
        await until_ready(interaction, self._backend)
        plan = await self._backend.service.pending_rollback(person=interaction.user.id)
        scope = await scope_of(interaction, self._backend)
        words = self._backend.tongues.words_of(interaction)
        await sending.answer(interaction, rollback_reply(plan, scope, words=words))

    async def confirm(self, interaction: discord.Interaction, press: Press) -> None:
        """Roll back, unless the index is another by now than was told."""
        _check_right(interaction)
        await sending.acknowledge_press(interaction)
        leaving = f"{press.numbers[0]:06d}" if press.numbers else ""
        report = await self._backend.service.roll_back(leaving=leaving)
        scope = await scope_of(interaction, self._backend)
        words = self._backend.tongues.words_of(interaction)
        first = words("**The index is rolled back.** It stays so until somebody re-indexes.")
        await sending.answer(interaction, report_reply(report, scope, first=first, words=words))


def _check_right(interaction: discord.Interaction) -> None:
    """Raise Refused unless this is a server, and somebody who runs the bot."""
    server_of(interaction)
    if not runs_the_bot(interaction):
        raise Refused("Only whoever runs me can roll the index back: it is that of all servers.")
