"""In which language somebody is spoken to.

What only one person sees is in that person's language. What all can read is in the server's: the
one that its admins chose, or else the one that Discord says. In direct messages Discord does not
say it with a message, so the language of that person's last command or press there is remembered.
"""

from collections import OrderedDict

import discord

from bot.catalogues import Languages, language_of
from bot.servers import Servers
from bot.words import ENGLISH, Words

_REMEMBERED = 10_000


class Tongues:
    """Finds the words for who reads them."""

    def __init__(self, languages: Languages, servers: Servers) -> None:
        self.languages = languages
        self._servers = servers
        self._heard: OrderedDict[int, str] = OrderedDict()  # by person; lost when the process ends

    def words_of(self, interaction: discord.Interaction) -> Words:
        """For what only the person behind an interaction sees."""
        self._note(interaction.user.id, language_of(interaction.locale.value))
        return self.languages.words(interaction.locale.value)

    def words_for(self, interaction: discord.Interaction, *, private: bool) -> Words:
        """For the answer to an interaction, which all in its place see unless it is ``private``."""
        own = self.words_of(interaction)
        if private or interaction.guild_id is None:
            return own
        spoken = interaction.guild_locale
        return self._in_server(interaction.guild_id, spoken.value if spoken else None)

    def words_in(self, guild: discord.Guild | None) -> Words:
        """For what all in a server can read; English where there is none."""
        if guild is None:
            return ENGLISH
        return self._in_server(guild.id, guild.preferred_locale.value)

    def words_to(self, person: int) -> Words:
        """For a direct message: as the person last used the bot; English where they never did."""
        return self.languages.words(self._heard.get(person))

    def words_below(self, message: discord.Message) -> Words:
        """For the answer to a message."""
        if message.guild is None:
            return self.words_to(message.author.id)
        return self.words_in(message.guild)

    def forget(self, person: int) -> None:
        """Know no longer what a person speaks."""
        self._heard.pop(person, None)

    def _in_server(self, guild: int, spoken: str | None) -> Words:
        return self.languages.words(self._servers.settings(guild).language or spoken)

    def _note(self, person: int, language: str) -> None:
        self._heard[person] = language
        self._heard.move_to_end(person)
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
