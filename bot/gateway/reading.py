"""Who can read what was said where."""

import asyncio
from collections.abc import Iterable

import aiohttp
import discord

Readable = discord.abc.GuildChannel | discord.Thread

_MOST_ASKED = 25  # channels that Discord is asked for at once


def can_read(channel: Readable | None, who: discord.Member | discord.Role) -> bool:
    """Whether a member, or all with a role, can read what was said in a channel.

    Of a private thread only those who are in it can, whom the bot does not know.
    """
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    try:
        granted = channel.permissions_for(who)
    except discord.ClientException:  # the channel of a thread is not known
        return False
    return granted.view_channel and granted.read_message_history


async def find_channels(guild: discord.Guild, ids: Iterable[int]) -> dict[int, Readable]:
    """The channels and threads of those ids; Discord is asked for those that are not known."""
    wanted = list(dict.fromkeys(ids))
    known = {one: guild.get_channel_or_thread(one) for one in wanted}
    unknown = [one for one, channel in known.items() if channel is None][:_MOST_ASKED]
    asked = await asyncio.gather(*(_fetched(guild, one) for one in unknown))
    found = known | dict(zip(unknown, asked, strict=True))
    return {one: channel for one, channel in found.items() if channel is not None}


async def _fetched(guild: discord.Guild, id: int) -> Readable | None:
    try:
        return await guild.fetch_channel(id)
    except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError):
        return None
