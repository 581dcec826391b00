"""``/servers``: which servers' documents somebody wants to ask in direct messages."""

import discord

from bot.directs import SharedServer, chosen_reply, servers_reply
from bot.escaping import escaped_within
from bot.gateway import sending
from bot.gateway.asking import Tree
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler, chosen
from bot.gateway.desk import Refused
from bot.gateway.scopes import shared_servers
from bot.layout import Press
from bot.servers import MOST_CHOSEN

_MOST_LOOKED_INTO = 100
"""Servers of the bot, up to which each is asked whether somebody is a member."""
_NAME = 100


def add_directs(tree: Tree, backend: Backend) -> dict[str, Handler]:
    """Add ``/servers``; returns the handler of its list."""
    found = Directs(backend)

    @tree.command(
        name="servers", description="Choose servers whose documents I ask in direct messages"
    )
    async def servers(interaction: discord.Interaction) -> None:
        await sending.acknowledge(interaction, private=True)
        await found.show(interaction)

    return {"direct": found.choose}


class Directs:
    """Showing and choosing. Only servers that the person is in are named, or can be chosen."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def show(self, interaction: discord.Interaction) -> None:
        """Show what there is to choose from."""
        client, person = interaction.client, interaction.user
        there = set(self._backend.servers.chosen(person.id))
        if interaction.guild_id is not None:
            there.add(interaction.guild_id)
        if len(client.guilds) <= _MOST_LOOKED_INTO:
            there |= {guild.id for guild in client.guilds}
        members = await shared_servers(client, person.id, sorted(there))
        shared = [SharedServer(one.guild.id, one.guild.name) for one in members]
        mine = self._backend.servers.chosen(person.id)
        reply = servers_reply(
            shared, mine, most=MOST_CHOSEN, words=self._backend.tongues.words_of(interaction)
        )
        await sending.answer(interaction, reply)

    async def choose(self, interaction: discord.Interaction, press: Press) -> None:
        """Ask the documents of these servers from now on; whoever chooses is a member now."""
        await sending.acknowledge(interaction, private=True)
        values = chosen(interaction)
        if len(values) > MOST_CHOSEN:
            raise Refused("You are not, or no longer, a member of one of these servers.")
        wanted = [int(one) for one in values if one.isascii() and one.isdecimal() and len(one) < 20]
        members = await shared_servers(interaction.client, interaction.user.id, wanted)
        if len(members) != len(values):
            raise Refused("You are not, or no longer, a member of one of these servers.")
        guilds = [member.guild for member in members]
        lasting = await self._backend.servers.choose(
            interaction.user.id, [guild.id for guild in guilds]
        )
        names = [escaped_within(guild.name, _NAME) for guild in guilds]
        await sending.answer(
            interaction,
            chosen_reply(names, lasting=lasting, words=self._backend.tongues.words_of(interaction)),
        )
