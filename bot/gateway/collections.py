"""``/collection``: which folders of documents are seen in a server, in a channel, or by a role.

A folder is linked by its exact name, and nobody's folder becomes that of the server that links it
first: from then on other servers are told what they are told of folders that do not exist. Only
whoever runs the bot, by Discord's word, sees all names and links any folder anywhere.
"""

import discord
from discord import app_commands

from bot.escaping import units
from bot.gateway import sending
from bot.gateway.asking import Tree, until_ready
from bot.gateway.autocompleting import Choice
from bot.gateway.backend import Backend
from bot.gateway.desk import Refused
from bot.gateway.rights import may_manage, runs_the_bot, server_of
from bot.history.stored import Link
from bot.linking import linked_reply, links_reply, unlinked_reply
from bot.uploads import is_server_folder
from bot.visibility import PUBLIC

LinkedChannel = (
    discord.TextChannel
    | discord.ForumChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.CategoryChannel
    | discord.Thread
)
_MOST_LINKS = 500
_MOST = 25
_LONGEST = 100


def add_collections(tree: Tree, backend: Backend) -> None:
    """Add ``/collection``."""
    group = app_commands.Group(
        name="collection",
        description="Which folders of documents are asked here",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    found = Collections(backend)

    @group.command(name="link", description="Show a folder of documents here")
    @app_commands.describe(
        collection="The folder's exact name",
        channel="Only in this channel, and its threads",
        role="Only to those who have this role",
    )
    async def link(
        interaction: discord.Interaction,
        collection: str,
        channel: LinkedChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        await found.link(interaction, collection, channel, role)

    @link.autocomplete("collection")
    async def linkable(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return _choices(found.linkable(interaction), typed)

    @group.command(name="unlink", description="Show a folder of documents here no more")
    @app_commands.describe(
        collection="The folder's exact name",
        channel="In this channel",
        role="To those who have this role",
    )
    async def unlink(
        interaction: discord.Interaction,
        collection: str,
        channel: LinkedChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        await found.unlink(interaction, collection, channel, role)

    @unlink.autocomplete("collection")
    async def linked(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return _choices(found.linked(interaction), typed)

    @group.command(name="list", description="Show which folders are linked here")
    async def list_(interaction: discord.Interaction) -> None:
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        words = backend.tongues.words_of(interaction)
        await sending.answer(interaction, links_reply(backend.servers.links(guild), words))

    tree.add_command(group)


class Collections:
    """Linking and unlinking."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._servers = backend.servers

    async def link(
        self,
        interaction: discord.Interaction,
        collection: str,
        channel: LinkedChannel | None,
        role: discord.Role | None,
    ) -> None:
        """Show a collection in a place from now on."""
        link = _link(interaction, collection, channel, role)
        await sending.acknowledge(interaction, private=True)
        await until_ready(interaction, self._backend)
        if collection not in await self._known(interaction):
            raise Refused(
                "There is no folder of that name that could be linked here. It must be the exact "
                "name; whoever runs me knows it."
            )
        if len(self._servers.links(link.guild)) >= _MOST_LINKS:
            raise Refused("There are too many links in this server; unlink some first.")
        if not await self._servers.link(link):
            raise Refused("That could not be stored, so nothing was changed. Please try again.")
        await sending.answer(
            interaction, linked_reply(link, self._backend.tongues.words_of(interaction))
        )

    async def unlink(
        self,
        interaction: discord.Interaction,
        collection: str,
        channel: LinkedChannel | None,
        role: discord.Role | None,
    ) -> None:
        """Show it there no more."""
        link = _link(interaction, collection, channel, role)
        await sending.acknowledge(interaction, private=True)
        was = link in self._servers.links(link.guild)
        lasting = await self._servers.unlink(link)
        await sending.answer(
            interaction,
            unlinked_reply(
                link, self._backend.tongues.words_of(interaction), was=was, lasting=lasting
            ),
        )

    def linkable(self, interaction: discord.Interaction) -> list[str]:
        """What is offered: what this server linked before; everything to who runs the bot."""
        if not may_manage(interaction):
            return []
        guild = server_of(interaction)
        there = _folders(self._backend)
        if runs_the_bot(interaction):
            return sorted(there)
        return sorted(one for one in there if self._servers.has_claim(one, guild))

    def linked(self, interaction: discord.Interaction) -> list[str]:
        """What is linked in a server."""
        if not may_manage(interaction):
            return []
        guild = server_of(interaction)
        return sorted({one.collection for one in self._servers.links(guild)})

    async def _known(self, interaction: discord.Interaction) -> frozenset[str]:
        """The folders that may be linked here."""
        await self._backend.service.fresh_catalog(person=interaction.user.id)
        there = _folders(self._backend)
        if runs_the_bot(interaction):
            return there
        guild = server_of(interaction)
        return frozenset(one for one in there if self._servers.may_link(one, guild))


def _folders(backend: Backend) -> frozenset[str]:
    """The folders that can be linked at all: no server's own, which is never another's."""
    found = {entry.collection for entry in backend.service.catalog.entries}
    return frozenset(one for one in found if one != PUBLIC and not is_server_folder(one))


def _link(
    interaction: discord.Interaction,
    collection: str,
    channel: LinkedChannel | None,
    role: discord.Role | None,
) -> Link:
    """The link that is meant. The server is the one that Discord names, and the place is in it."""
    guild = server_of(interaction)
    if channel is not None and role is not None:
        raise Refused("Give a channel or a role, not both.")
    here = interaction.guild
    if channel is not None:
        if channel.guild.id != guild or here is None or not _has_channel(here, channel):
            raise Refused("That channel is not in this server.")
        return Link(collection, guild, "channel", channel.id)
    if role is not None:
        if here is None or here.get_role(role.id) is None:
            raise Refused("That role is not in this server.")
        return Link(collection, guild, "role", role.id)
    return Link(collection, guild, "server", guild)


def _has_channel(guild: discord.Guild, channel: LinkedChannel) -> bool:
    parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return guild.get_channel(parent) is not None


def _choices(names: list[str], typed: str) -> list[Choice]:
    wanted = typed.casefold().strip()
    fitting = (one for one in names if wanted in one.casefold() and units(one) <= _LONGEST)
    return [Choice(name=one, value=one) for one in fitting][:_MOST]
