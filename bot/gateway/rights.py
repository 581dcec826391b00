"""Who may do what: checked in code, since Discord only hints at it."""

import discord

from bot.gateway.desk import Refused


def may_manage(interaction: discord.Interaction) -> bool:
    """Whether this is a server that the bot is a member of, and the person may manage it."""
    return (
        interaction.guild_id is not None
        and interaction.is_guild_integration()
        and _may(interaction, "manage_guild")
    )


def server_of(interaction: discord.Interaction) -> int:
    """The server whose admin this is; the payload names it, never an option.

    Raises:
        Refused: it is no server, the bot is no member there, or the person may not manage it.
    """
    if interaction.guild_id is None or not interaction.is_guild_integration():
        raise Refused("This can only be done in a server that I am a member of.")
    if not _may(interaction, "manage_guild"):
        raise Refused("Only those who may manage this server can do that.")
    return interaction.guild_id


def runs_the_bot(interaction: discord.Interaction) -> bool:
    """Whether a person owns the application at Discord, or is in the team that does."""
    application = interaction.client.application
    if application is None:
        return False
    team = application.team
    if team is None:
        return interaction.user.id == application.owner.id
    trusted = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)
    accepted = discord.TeamMembershipState.accepted
    members = (one for one in team.members if one.membership_state is accepted)
    owners = {one.id for one in members if one.role in trusted}
    return interaction.user.id in owners | {team.owner_id}


def may_take_away(interaction: discord.Interaction, asker: int) -> bool:
    """Whether a person may take an answer away: the asker, and moderators."""
    return interaction.user.id == asker or (
        interaction.guild_id is not None and _may(interaction, "manage_messages")
    )


def _may(interaction: discord.Interaction, permission: str) -> bool:
    granted = interaction.permissions
    return granted.administrator or bool(getattr(granted, permission))
