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


def server_id(message: discord.Message) -> int | None:
    """The server that a message was written in; None in direct messages.

    Also where the bot has not been told of that server yet, as in an outage of Discord's.
    """
    if message.guild is not None:
        return message.guild.id
    return getattr(message.channel, "guild_id", None)
