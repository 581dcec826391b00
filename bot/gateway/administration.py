"""``/settings``: what admins choose for their server, shown and changed in one message."""

import time
from dataclasses import replace
from typing import Any, Literal

import discord
from discord import app_commands

from bot.gateway import sending
from bot.gateway.asking import Tree
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler, chosen
from bot.gateway.desk import Refused
from bot.gateway.digests import digest_key
from bot.gateway.privacy import NOT_NOW
from bot.gateway.rights import server_of
from bot.history.stored import ServerSettings
from bot.layout import MOST_OPTIONS, Press
from bot.settings_panel import Panel, offered_confidence, offered_language, panel_reply
from bot.words import Words

Askable = discord.TextChannel | discord.ForumChannel


def add_administration(tree: Tree, backend: Backend) -> dict[str, Handler]:
    """Add ``/settings``; returns the handlers of its lists and buttons, by action."""
    found = Administration(backend)

    @tree.command(name="settings", description="Show and change the settings of this server")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(interaction: discord.Interaction) -> None:
        server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        await found.show(interaction)

    return {
        "settings": found.look_again,
        "setask": found.choose_ask_channels,
        "setanswers": found.choose_answers,
        "setsure": found.choose_confidence,
        "setnews": found.choose_announcements,
        "setdigest": found.choose_digest,
        "setkeep": found.choose_history,
        "setlanguage": found.choose_language,
        "forget": found.keep_nothing,
    }


class Administration:
    """The steps of changing settings. Each checks anew who chooses: the message is no proof."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._servers = backend.servers

    async def show(
        self, interaction: discord.Interaction, *notes: str, deletes: bool = False
    ) -> None:
        """Show how the settings stand."""
        guild = server_of(interaction)
        panel = Panel(
            settings=self._servers.settings(guild),
            ask_channels=self._servers.ask_channels(guild),
            retention_days=self._backend.retention_days,
            notes=notes,
            deletes=deletes,
        )
        await sending.answer(interaction, panel_reply(panel, self._words(interaction)))

    async def look_again(self, interaction: discord.Interaction, press: Press) -> None:
        """Show them as they are by now."""
        await self._begin(interaction)
        await self.show(interaction)

    async def choose_ask_channels(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer every question in these channels."""
        guild, words = await self._begin(interaction), self._words(interaction)
        channels = _channels(interaction, most=MOST_OPTIONS, forums=True)
        lasting = await self._servers.set_ask_channels(guild, [one.id for one in channels])
        notes = [words("✅ Ask channels changed."), *_lasting(words, lasting)]
        if channels and not self._backend.reads_messages:
            notes.append(
                words(
                    "⚠️ I cannot read messages there yet. Whoever runs me must turn on **Message "
                    "Content Intent** in Discord's developer portal (page Bot) and set "
                    "`FOOTNOTE_MESSAGE_CONTENT=on`."
                )
            )
        await self.show(interaction, *notes, *_mute(words, channels))

    async def choose_answers(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer mentions in the channel, or in threads."""
        await self._begin(interaction)
        value, words = _one(interaction), self._words(interaction)
        if value not in ("reply", "thread"):
            raise Refused("That was not offered; please choose again.")
        answers: Literal["reply", "thread"] = "thread" if value == "thread" else "reply"
        me = interaction.guild.me if interaction.guild else None
        notes = []
        if answers == "thread" and me and not me.guild_permissions.create_public_threads:
            notes.append(words("⚠️ I may not create threads here; I answer in the channel then."))
        await self._change(interaction, words("✅ Mentions changed."), *notes, answers=answers)

    async def choose_confidence(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer from this confidence on."""
        await self._begin(interaction)
        try:
            least = offered_confidence(_one(interaction))
        except ValueError:
            raise Refused("That was not offered; please choose again.") from None
        words = self._words(interaction)
        await self._change(interaction, words("✅ Confidence changed."), min_confidence=least)

    async def choose_announcements(self, interaction: discord.Interaction, press: Press) -> None:
        """Tell this channel of changed documents."""
        words = self._words(interaction)
        await self._choose_channel(interaction, "announcements", words("✅ Announcements changed."))

    async def choose_digest(self, interaction: discord.Interaction, press: Press) -> None:
        """Give this channel the weekly digest, the first in a week."""
        had_none = self._servers.settings(server_of(interaction)).digest is None
        words = self._words(interaction)
        await self._choose_channel(interaction, "digest", words("✅ Weekly digest changed."))
        if had_none:
            key = digest_key(server_of(interaction))
            await self._backend.memory.remember(key, str(time.time()))

    async def _choose_channel(
        self, interaction: discord.Interaction, setting: str, told: str
    ) -> None:
        await self._begin(interaction)
        channels = _channels(interaction, most=1)
        chosen_one = channels[0].id if channels else None
        notes = _mute(self._words(interaction), channels)
        await self._change(interaction, told, *notes, **{setting: chosen_one})

    async def choose_history(self, interaction: discord.Interaction, press: Press) -> None:
        """Keep questions from now on; or ask whether to delete them and keep none."""
        guild, value = await self._begin(interaction), _one(interaction)
        if value not in ("on", "off"):
            raise Refused("That was not offered; please choose again.")
        if value == "off" and self._servers.settings(guild).history:
            await self.show(interaction, deletes=True)
            return
        words = self._words(interaction)
        if value == "on":
            told = words("✅ Questions are kept from now on.")
        else:
            told = words("Questions are not kept.")
        await self._change(interaction, told, history=value == "on")

    async def keep_nothing(self, interaction: discord.Interaction, press: Press) -> None:
        """Delete what is kept of a server's questions, and keep none from now on."""
        guild = await self._begin(interaction)
        words = self._words(interaction)
        told = words("✅ Questions are not kept any more, and those kept so far are deleted.")
        await self._servers.change(replace(self._servers.settings(guild), history=False))
        done = await self._backend.memory.forget_guild(guild)
        self._backend.recollection.forget()
        self._backend.turns.forget()
        if not done:  # the button is still there to be pressed again
            raise Refused(NOT_NOW)
        await self._change(interaction, told, history=False)

    async def choose_language(self, interaction: discord.Interaction, press: Press) -> None:
        """Speak this language where all can read."""
        await self._begin(interaction)
        try:
            language = offered_language(_one(interaction))
        except ValueError:
            raise Refused("That was not offered; please choose again.") from None
        words = self._words(interaction)
        await self._change(interaction, words("✅ Language changed."), language=language)

    async def _begin(self, interaction: discord.Interaction) -> int:
        """The server, once it is known that this person may change its settings."""
        guild = server_of(interaction)
        await sending.acknowledge_press(interaction)
        return guild

    def _words(self, interaction: discord.Interaction) -> Words:
        return self._backend.tongues.words_of(interaction)

    async def _change(self, interaction: discord.Interaction, *notes: str, **changes: Any) -> None:
        """Change some settings, others staying as they are now, and show all."""
        settings: ServerSettings = self._servers.settings(server_of(interaction))
        lasting = await self._servers.change(replace(settings, **changes))
        await self.show(interaction, *notes, *_lasting(self._words(interaction), lasting))


def _one(interaction: discord.Interaction) -> str:
    """The one value that was chosen, or nothing."""
    values = chosen(interaction)
    return values[0] if len(values) == 1 else ""


def _channels(
    interaction: discord.Interaction, *, most: int, forums: bool = False
) -> list[Askable]:
    """The channels that were chosen.

    Raises:
        Refused: one is not in this server, or none that could be chosen.
    """
    values = chosen(interaction)
    there: list[Askable] = []
    for channel in (_channel(interaction, value) for value in values):
        match channel:
            case discord.TextChannel():
                there.append(channel)
            case discord.ForumChannel() if forums:
                there.append(channel)
    if len(there) != len(values) or len(there) > most:
        raise Refused("That channel is not in this server, or cannot be chosen for this.")
    return there


def _channel(interaction: discord.Interaction, value: str) -> discord.abc.GuildChannel | None:
    if interaction.guild is None or not value.isascii() or not value.isdecimal():
        return None
    return interaction.guild.get_channel(int(value[:20]))


def _lasting(words: Words, lasting: bool) -> list[str]:
    if lasting:
        return []
    return [words("⚠️ That could not be stored: after a restart I shall not know it any more.")]


def _mute(words: Words, channels: list[Askable]) -> list[str]:
    """A warning for the channels in which the bot may not write."""
    mute = []
    for channel in channels:
        granted = channel.permissions_for(channel.guild.me)
        if not (granted.view_channel and granted.send_messages):
            mute.append(channel.mention)
    if not mute:
        return []
    return [words("⚠️ I may not write in {channels}.", channels=", ".join(mute))]
