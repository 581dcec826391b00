"""What is offered while somebody types. All of it may be seen by that person, there and now."""

import discord
from discord import app_commands

from bot.catalog import Suggestion
from bot.escaping import clipped, units
from bot.gateway.backend import Backend
from bot.gateway.reading import can_read
from bot.gateway.scopes import scope_in_time
from bot.history.stored import Past
from bot.inert import flat
from bot.uploads import server_folder

MOST = 25
_LONGEST = 100

Choice = app_commands.Choice[str]


async def suggest_documents(
    backend: Backend, typed: str, interaction: discord.Interaction, *, headings: bool
) -> list[Choice]:
    """Documents, and where wanted their headings, that have what is typed."""
    scope = await scope_in_time(interaction, backend)
    found = backend.service.catalog.suggest(typed, scope, most=MOST, headings=headings)
    return choices(found)


def suggest_own_documents(backend: Backend, typed: str, guild: int | None) -> list[Choice]:
    """The documents that a server uploaded and that have what is typed."""
    if guild is None:
        return []
    own = frozenset({server_folder(guild)})
    return choices(backend.service.catalog.suggest(typed, own, most=MOST, headings=False))


def choices(found: list[Suggestion]) -> list[Choice]:
    """Suggestions as Discord takes them."""
    return [Choice(name=_name(one), value=one.value) for one in found]


def _name(one: Suggestion) -> str:
    """What is shown of a suggestion, as long as Discord allows."""
    name = flat(one.name)
    shown = clipped(name, _LONGEST)
    return (shown if units(shown) <= _LONGEST else clipped(name, _LONGEST // 2)) or one.value


async def suggest_questions(
    backend: Backend, typed: str, interaction: discord.Interaction
) -> list[Choice]:
    """Questions answered before, as today's index still answers them, with what is typed.

    Those asked where the person can read, and the person's own.
    """
    wanted = flat(typed).casefold().strip()
    scope = await scope_in_time(interaction, backend)
    past = await backend.recollection.answered(interaction.guild_id)
    known = {
        one.folded: flat(one.question)  # of each question the newest that the person may know of
        for one in reversed(past)
        if wanted in one.folded and one.collections <= scope and may_know(interaction, one)
    }
    fitting = [one for one in reversed(known.values()) if 0 < units(one) <= _LONGEST]
    return [Choice(name=one, value=one) for one in fitting][:MOST]


def may_know(interaction: discord.Interaction, past: Past) -> bool:
    """Whether the person could have seen a question: their own, or where they can read now."""
    if past.asker == interaction.user.id:
        return True
    if past.private or interaction.guild is None:
        return False
    if past.channel == interaction.channel_id:
        return True
    person = interaction.user
    channel = interaction.guild.get_channel_or_thread(past.channel)
    return isinstance(person, discord.Member) and can_read(channel, person)
