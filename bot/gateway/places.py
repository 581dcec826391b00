"""Where an interaction or a message comes from."""

import discord

from bot.gateway.desk import Refused


def channel_of(interaction: discord.Interaction) -> int:
    """The channel's id. Raises ``Refused`` where Discord names none."""
    if interaction.channel_id is None:
        raise Refused("Discord did not say where this was asked; please try again.")
    return interaction.channel_id


def has_others(interaction: discord.Interaction) -> bool:
    """Whether others read what is posted there: everywhere but in direct messages with the bot."""
    return interaction.guild_id is not None or interaction.context.private_channel


def channel_and_parent(channel: object) -> tuple[int, ...]:
    """The ids of a channel and, for a thread, of the channel it hangs from."""
    if isinstance(channel, discord.Thread):
        return channel.id, channel.parent_id
    return (channel.id,) if isinstance(channel, discord.abc.Snowflake) else ()
