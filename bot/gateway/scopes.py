"""What may be seen by whom, where: worked out from Discord's own word, at each step anew.

Who somebody is, and which roles they have, is told by Discord with each message and interaction,
and asked where it is not; what was so a moment ago counts for nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

import aiohttp
import discord

from bot.gateway.backend import Backend
from bot.visibility import ALL_MAY_SEE, Scope, audience, scope

_log = logging.getLogger(__name__)

_STALE = timedelta(seconds=30)  # after which the roles that came with it are asked for anew
_PATIENCE = 2.0  # seconds; suggestions must be there within three

Find: TypeAlias = Callable[[discord.Guild, int], Awaitable[discord.Member | None]]
"""Finds a person in a server."""

Place: TypeAlias = "discord.abc.GuildChannel | discord.Thread | discord.abc.Messageable | object"
"""Where something is said: a channel or thread as discord.py knows it."""


async def scope_of(interaction: discord.Interaction, backend: Backend) -> Scope:
    """What the person behind an interaction may see there and now.

    In a server that the bot is no member of, and where others read along in direct messages: what
    all may see.
    """
    guild, person = _guild_of(interaction), interaction.user
    if guild is not None and isinstance(person, discord.Member):
        if discord.utils.utcnow() - interaction.created_at > _STALE:
            member = await member_of(guild, person.id)  # who has which roles by now
            return scope_of_member(backend, member, interaction.channel) if member else ALL_MAY_SEE
        return scope_of_member(backend, person, interaction.channel)
    if interaction.guild_id is None and interaction.context.dm_channel:
        return await direct_scope(interaction.client, backend, person.id)
    return ALL_MAY_SEE


class Scopes:
    """What may be seen of an interaction, each time as things stand."""

    def __init__(self, interaction: discord.Interaction, backend: Backend) -> None:
        self._interaction = interaction
        self._backend = backend

    async def own(self) -> Scope:
        """By the person behind it."""
        return await scope_of(self._interaction, self._backend)

    async def everyones(self) -> Scope:
        """By all who read its channel."""
        return audience_of_interaction(self._interaction, self._backend)


async def scope_in_time(interaction: discord.Interaction, backend: Backend) -> Scope:
    """The same, or what all may see, where Discord takes too long to say who somebody is."""
    try:
        return await asyncio.wait_for(scope_of(interaction, backend), _PATIENCE)
    except TimeoutError:
        return ALL_MAY_SEE


def audience_of(backend: Backend, channel: Place) -> Scope:
    """What all who read a channel may see, given a server that the bot is a member of."""
    guild = getattr(channel, "guild", None)
    if not isinstance(guild, discord.Guild):
        return ALL_MAY_SEE
    return audience(guild.id, places_of(channel), backend.servers.links(guild.id))


def audience_of_interaction(interaction: discord.Interaction, backend: Backend) -> Scope:
    """What all who read the channel of an interaction may see."""
    guild = _guild_of(interaction)
    return ALL_MAY_SEE if guild is None else audience_of(backend, interaction.channel)


def scope_of_member(backend: Backend, member: discord.Member, channel: Place) -> Scope:
    """What a member of a server may see in a channel of it."""
    guild = member.guild
    return scope(
        guild.id,
        places_of(channel),
        roles=[role.id for role in member.roles],
        links=backend.servers.links(guild.id),
    )


async def direct_scope(
    client: discord.Client, backend: Backend, person: int, *, find: Find | None = None
) -> Scope:
    """What somebody may see in direct messages: also of the servers they chose and still are in."""
    chosen = backend.servers.chosen(person)
    members = await shared_servers(client, person, chosen, find=find)
    scopes = (scope_of_member(backend, member, None) for member in members)
    return ALL_MAY_SEE.union(*scopes)


async def shared_servers(
    client: discord.Client, person: int, guilds: Sequence[int], *, find: Find | None = None
) -> list[discord.Member]:
    """The person as a member of those servers that they and the bot are in.

    ``find`` finds them there; by default ``member_of``.
    """
    known = [guild for one in guilds if (guild := client.get_guild(one)) is not None]
    found = await asyncio.gather(*((find or member_of)(guild, person) for guild in known))
    return [member for member in found if member is not None]


async def sure_member_of(guild: discord.Guild, person: int) -> discord.Member | None:
    """The person as a member; None where they are none. Raises where Discord does not say."""
    try:
        return await guild.fetch_member(person)
    except discord.NotFound:
        return None


async def member_of(guild: discord.Guild, person: int) -> discord.Member | None:
    """The person as a member; None where they are none, or Discord does not say."""
    try:
        return await sure_member_of(guild, person)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.info("Discord does not say whether somebody is a member: %s", error)
        return None


def places_of(channel: Place) -> list[int]:
    """The channel, and what it is in: the channel of a thread, and the category."""
    ids = [getattr(channel, "id", None)]
    if isinstance(channel, discord.Thread):
        ids.append(channel.parent_id)
        channel = channel.parent  # None where the bot does not know it
    ids.append(getattr(channel, "category_id", None))
    return [one for one in ids if one is not None]


def _guild_of(interaction: discord.Interaction) -> discord.Guild | None:
    """The server of an interaction, if the bot is a member of it."""
    if interaction.guild_id is None:
        return None
    return interaction.client.get_guild(interaction.guild_id)
