"""Buttons and selects that outlive the process: known by their ``custom_id`` alone."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import ui

from bot.gateway import desk
from bot.gateway.tongues import Tongues
from bot.gateway.underway import Underway
from bot.layout import Press, read_press

Handler = Callable[[discord.Interaction, Press], Awaitable[None]]
AnyItem = ui.Item[ui.LayoutView]


def buttons(
    handlers: Mapping[str, Handler], underway: Underway, tongues: Tongues
) -> "type[ui.DynamicItem[ui.Button[ui.LayoutView]]]":
    """The one kind of button or select that all of ours are; each action has its handler."""

    class FootnoteButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"fn:.*"):
        """A button of ours, pressed, or something chosen in a select of ours."""

        @classmethod
        async def from_custom_id(
            cls,
            interaction: discord.Interaction,
            item: ui.Item[ui.LayoutView],
            match: re.Match[str],
        ) -> "FootnoteButton":
            return cls(ui.Button(custom_id=match[0]))

        async def callback(self, interaction: discord.Interaction) -> None:
            """Hand the press to its handler; trouble is told to the person who pressed."""
            with underway.work(interaction.id):
                await pressed(interaction, self.custom_id, handlers, tongues)

    return FootnoteButton


def chosen(interaction: discord.Interaction) -> tuple[str, ...]:
    """What was chosen in a select: as a client sends it, so nothing is to be taken on trust."""
    data: Any = interaction.data or {}
    return tuple(map(str, data.get("values") or ()))


async def pressed(
    interaction: discord.Interaction,
    custom_id: str,
    handlers: Mapping[str, Handler],
    tongues: Tongues,
) -> None:
    """Handle one press of a button, or one choice."""
    press = read_press(custom_id)
    handle = handlers.get(press.action) if press else None
    try:
        if press is None or handle is None:
            raise desk.Refused("I do not know this button any more. Please ask again.")
        await handle(interaction, press)
    except Exception as error:
        await desk.report(interaction, error, tongues.words_of(interaction))
