"""Settings by command: the channels in which every question is answered."""

import discord
from discord import app_commands

from bot.gateway import sending
from bot.gateway.asking import Tree
from bot.gateway.backend import Backend
from bot.gateway.rights import server_of
from bot.rendering import AMBER, GREEN, notice

AskChannel = discord.TextChannel | discord.ForumChannel

DEAF = (
    "\n⚠️ I cannot read messages there yet. Whoever runs me must turn on **Message Content Intent** "
    "in Discord's developer portal (page Bot) and set `FOOTNOTE_MESSAGE_CONTENT=on`."
)


def add_administration(tree: Tree, backend: Backend) -> None:
    """Add ``/settings``."""
    settings = app_commands.Group(
        name="settings",
        description="Settings of this server",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    channels = app_commands.Group(
        name="ask-channel",
        description="Channels in which every question is answered",
        parent=settings,
    )

    @channels.command(name="add", description="Answer every question in a channel or forum")
    @app_commands.describe(channel="Which channel or forum")
    async def add(interaction: discord.Interaction, channel: AskChannel) -> None:
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        lasting = await backend.memory.add_ask_channel(guild, channel.id)
        told = f"From now on I answer every question in {channel.mention} that I am sure of."
        if not lasting:
            told += "\n⚠️ That could not be stored: after a restart I shall not know it any more."
        deaf = not backend.reads_messages
        reply = notice(told + DEAF if deaf else told, colour=AMBER if deaf else GREEN)
        await sending.answer(interaction, reply)

    @channels.command(name="remove", description="Answer there only when asked to")
    @app_commands.describe(channel="Which channel or forum")
    async def remove(interaction: discord.Interaction, channel: AskChannel) -> None:
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        was = await backend.memory.remove_ask_channel(guild, channel.id)
        told = "From now on I answer only when asked to" if was else "I was not listening"
        await sending.answer(interaction, notice(f"{told} in {channel.mention}."))

    @channels.command(name="list", description="Show the channels in which I listen")
    async def list_(interaction: discord.Interaction) -> None:
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        listed = ", ".join(f"<#{one}>" for one in backend.memory.ask_channels(guild))
        told = f"I answer every question in {listed}." if listed else "I listen in no channel yet."
        await sending.answer(interaction, notice(told))

    tree.add_command(settings)
